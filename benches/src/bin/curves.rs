//! Two curves: the cost of a request from 10,000 requests to 10,000,000, and from 10 rules to 1,000. Flat lines mean linear cost.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin curves [MOST REQUESTS] [REQUESTS FOR THE RULES]`

use std::hint::black_box;
use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_run::Run;
use countersign_core::progress::Progress;
use countersign_requests::Table;
use countersign_benches::clock::{argument, median};
use countersign_benches::world::{Failed, engine, generated, shipped, table};

fn main() -> Result<(), Failed> {
    let (most, for_rules) = (argument(1, 10_000_000), argument(2, 200_000));
    let full = engine(shipped()?);
    println!(
        "\nAll {} shipped rules, all cores\n\n| requests | ns a request |\n|---:|---:|",
        full.definition().rule_set.rules().count()
    );
    let mut rows = 10_000;
    while rows <= most {
        println!("| {rows} | {:.1} |", per_request(&full, &table(full.definition(), rows)?));
        rows *= 10;
    }
    let requests = table(full.definition(), for_rules)?;
    println!(
        "\nGenerated rules on {for_rules} requests, all cores\n\n| rules | ns a request | ns a request and rule |\n|---:|---:|---:|"
    );
    for count in [10, 30, 100, 300, 1_000] {
        let generated = engine(generated(count)?);
        check(&generated, &requests)?;
        let cost = per_request(&generated, &requests);
        println!("| {count} | {cost:.1} | {:.2} |", cost / count as f64);
    }
    Ok(())
}

fn per_request(engine: &Engine, table: &Arc<Table>) -> f64 {
    let rounds = if table.len() > 2_000_000 { 3 } else { 5 };
    let time = median(rounds, || drop(black_box(Run::new(engine, table, &Progress::default()))));
    time.as_secs_f64() * 1e9 / table.len().max(1) as f64
}

/// A few requests must be decided as the interpreter decides them.
fn check(engine: &Engine, table: &Table) -> Result<(), Failed> {
    for row in (0..table.len()).step_by(table.len().div_ceil(50).max(1)) {
        let request = table.request(row);
        if engine.decide(&request) != engine.interpret(&request) {
            return Err(format!("request {row} is decided differently").into());
        }
    }
    Ok(())
}
