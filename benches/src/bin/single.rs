//! One decision at a time on one core: the plan against the interpreter, on the shipped rules and generated requests.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin single [REQUESTS]`
//!
//! Both decide the same requests in turn, several rounds each; the medians of the rounds and their ratio are printed. Every pair of
//! decisions is compared first, so that nothing is measured that is not right.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use countersign_core::engine::Engine;
use countersign_core::model::Request;
use countersign_core::plan::Scratch;
use countersign_core::progress::Progress;
use countersign_requests::sample::{SampleOptions, generate};
use countersign_core::script::Program;
use countersign_workspace::{DiskFiles, load};

const ROUNDS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u64 = std::env::args().nth(1).map_or(Ok(5_000), |text| text.parse())?;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules");
    let definition = load(&DiskFiles, root).map_err(|failed| format!("{:?}", failed.findings))?;
    let program = Program::compile(&definition).program;
    let schema = Arc::new(definition.schema.clone());
    let table = generate(&schema, SampleOptions::new(rows, 1), &Progress::default()).map_err(|error| error.text().en)?;
    let requests: Vec<Request> = (0..table.len()).map(|row| table.request(row)).collect();
    let engine = Engine::new(Arc::new(definition), program);
    let rules = engine.definition().rule_set.rules().count();
    let mut scratch = Scratch::default();
    for (at, request) in requests.iter().enumerate() {
        if engine.decide_with(request, &mut scratch) != engine.interpret(request) {
            return Err(format!("request {at} is decided differently").into());
        }
    }
    let (mut plan, mut fresh, mut interpreter) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plan.push(nanoseconds(&requests, |request| drop(black_box(engine.decide_with(request, &mut scratch)))));
        fresh.push(nanoseconds(&requests, |request| drop(black_box(engine.decide(request)))));
        interpreter.push(nanoseconds(&requests, |request| drop(black_box(engine.interpret(request)))));
    }
    let (plan, fresh, interpreter) = (median(plan), median(fresh), median(interpreter));
    println!("{rules} rules, {} requests, all decisions equal, medians of {ROUNDS} rounds", requests.len());
    println!("interpreter              {interpreter:9.0} ns a decision");
    println!("plan                     {fresh:9.0} ns a decision, {:5.1} times faster", interpreter / fresh);
    println!("plan, room kept          {plan:9.0} ns a decision, {:5.1} times faster", interpreter / plan);
    Ok(())
}

/// How long one request takes, over all of them.
fn nanoseconds(requests: &[Request], mut decide: impl FnMut(&Request)) -> f64 {
    let start = Instant::now();
    for request in requests {
        decide(black_box(request));
    }
    start.elapsed().as_nanos() as f64 / requests.len() as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
