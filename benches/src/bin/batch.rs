//! Many requests at once, on the shipped rules and generated requests: a full dry run on all cores and on one, an edit of one rule,
//! how soon a run stops when it is told to, and the plain interpreter beside them.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin batch [REQUESTS]`
//!
//! Every decision of the batch is compared first: with the single decision for all requests, with the interpreter for the first of them.
//! The interpreter's time is that of a part of the requests, on all cores, scaled up. Medians of the rounds are printed.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use countersign_run::{Comparison, Run};
use countersign_core::engine::Engine;
use countersign_core::model::{Decision, Definition, Request, Value};
use countersign_core::plan::Scratch;
use countersign_core::progress::Progress;
use countersign_requests::Table;
use countersign_requests::sample::{SampleOptions, generate};
use countersign_core::script::Program;
use countersign_workspace::{DiskFiles, load};

const ROUNDS: usize = 7;
/// Requests the interpreter decides.
const INTERPRETED: usize = 20_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn engine(definition: Definition) -> Engine {
    let program = Program::compile(&definition).program;
    Engine::new(Arc::new(definition), program)
}

fn run(engine: &Engine, table: &Arc<Table>, threads: usize) -> Result<Run> {
    let threads = NonZeroUsize::new(threads).ok_or("no thread")?;
    Run::on(threads, engine, table, &Progress::default()).map_err(|refused| format!("{refused:?}").into())
}

fn without_words(mut decision: Decision) -> Decision {
    decision.errors.iter_mut().for_each(|error| error.message.clear());
    decision
}

/// Compares what the batch says with what single decisions say.
fn check(engine: &Engine, backtest: &Run) -> Result<()> {
    let mut scratch = Scratch::default();
    for row in 0..backtest.table().len() {
        let request = backtest.table().request(row);
        let single = without_words(engine.decide_with(&request, &mut scratch));
        if backtest.decisions().decision(row).as_ref() != Some(&single) {
            return Err(format!("row {row} is decided differently").into());
        }
        if row < INTERPRETED && single != without_words(engine.interpret(&request)) {
            return Err(format!("row {row} is interpreted differently").into());
        }
    }
    Ok(())
}

/// The rule set with another value of one parameter, or one rule's script changed.
fn edited(definition: &Definition, parameter: &str) -> Definition {
    let mut edited = definition.clone();
    if let Some(parameter) = edited.rule_set.parameters.get_mut(parameter)
        && let Value::Int(value) = &mut parameter.value
    {
        *value += 1;
    }
    edited
}

fn milliseconds(mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

/// From the wish to stop to the end, in milliseconds: the median and the worst of stops spread evenly over a dry run of that length.
fn cancelled(engine: &Engine, table: &Arc<Table>, lasts: f64) -> (f64, f64) {
    const STOPS: u32 = 25;
    let mut waits: Vec<f64> = (0..STOPS)
        .filter_map(|at| {
            let progress = Progress::default();
            std::thread::scope(|scope| {
                let running =
                    scope.spawn(|| Run::new(engine, table, &progress).map(|_| ()).is_err().then(Instant::now));
                std::thread::sleep(Duration::from_secs_f64(lasts / 1e3 * f64::from(at) / f64::from(STOPS)));
                let wish = Instant::now();
                progress.cancel();
                let end = running.join().ok().flatten()?;
                Some(end.saturating_duration_since(wish).as_secs_f64() * 1e3)
            })
        })
        .collect();
    waits.sort_by(f64::total_cmp);
    (waits.get(waits.len() / 2).copied().unwrap_or_default(), waits.last().copied().unwrap_or_default())
}

/// The interpreter on all cores, for all requests.
fn interpreted(engine: &Engine, table: &Table, cores: usize) -> f64 {
    let rows = table.len().min(INTERPRETED);
    let requests: Vec<Request> = (0..rows).map(|row| table.request(row)).collect();
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    std::hint::black_box(engine.interpret(request));
                }
            });
        }
    });
    start.elapsed().as_secs_f64() * 1e3 * table.len() as f64 / rows.max(1) as f64
}

fn main() -> Result<()> {
    let rows: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let unchecked = std::env::args().nth(2).is_some_and(|word| word == "unchecked");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules");
    let definition = load(&DiskFiles, root).map_err(|failed| format!("{:?}", failed.findings))?;
    let schema = Arc::new(definition.schema.clone());
    let table = generate(&schema, SampleOptions::new(rows, 1), &Progress::default()).map_err(|error| error.text().en)?;
    let table = Arc::new(table);
    let live = engine(definition.clone());
    let cores = std::thread::available_parallelism()?.get();
    let full = run(&live, &table, cores)?;
    if !unchecked {
        check(&live, &full)?;
    }
    let draft = engine(edited(&definition, "max_cards_per_mobile"));
    let after = full.changed(&draft, &Progress::default()).map_err(|refused| format!("{refused:?}"))?;
    let fresh = run(&draft, &table, cores)?;
    let same = |row: usize| after.decisions().decision(row) == fresh.decisions().decision(row);
    if !(0..table.len()).all(same) || after.totals() != fresh.totals() {
        return Err("an edit gives something else than a new run".into());
    }
    let all = milliseconds(|| run(&live, &table, cores).map(drop))?;
    let one = milliseconds(|| run(&live, &table, 1).map(drop))?;
    let edit = milliseconds(|| {
        let next = full.changed(&draft, &Progress::default()).map_err(|refused| format!("{refused:?}"))?;
        std::hint::black_box(Comparison::between(&full, &next).flips().len());
        Ok(())
    })?;
    let compile = milliseconds(|| {
        std::hint::black_box(engine(edited(&definition, "max_cards_per_mobile")));
        Ok(())
    })?;
    let (usual, worst) = cancelled(&live, &table, all);
    let interpreter = interpreted(&live, &table, cores);
    let kinds = full.decisions();
    println!(
        "{} rules, {rows} requests, {cores} cores, {} shapes, {} kinds",
        full.totals().rules.len(),
        kinds.shapes().len(),
        kinds.kinds().len()
    );
    println!("interpreter, all cores   {interpreter:10.1} ms");
    println!("full dry run, all cores  {all:10.1} ms, {:6.1} times faster", interpreter / all);
    println!("full dry run, one core   {one:10.1} ms");
    println!(
        "one parameter, and flips {edit:10.1} ms, {:6.1} times faster than a full dry run; {} flips",
        all / edit,
        Comparison::between(&full, &after).flips().len()
    );
    println!("compiling and lowering   {compile:10.1} ms");
    println!("from a wish to stop      {usual:10.1} ms, {worst:6.1} ms at most");
    Ok(())
}
