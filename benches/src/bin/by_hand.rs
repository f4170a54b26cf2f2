//! Many requests: a dry run of the subset against the same rules written by hand, by column and by row, and against the interpreter.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin by_hand [REQUESTS] [ROUNDS]`
//!
//! Before anything is measured, every way must count the same hits for every rule.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;

use countersign_run::Run;
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, Request, RuleIndex};
use countersign_core::progress::Progress;
use countersign_requests::Table;
use countersign_benches::by_column::Columns;
use countersign_benches::by_row::{self, Limits};
use countersign_benches::clock::{Line, argument, measure, print};
use countersign_benches::subset::IDS;
use countersign_benches::world::{Failed, counts_alone, engine, only_subset, same, table};

/// How many requests the slow ways decide.
const FEW: usize = 20_000;

fn main() -> Result<(), Failed> {
    let (rows, rounds) = (argument(1, 1_000_000), argument(2, 7));
    let cores = std::thread::available_parallelism()?;
    println!("{rows} generated requests, {cores} cores, medians of {rounds} rounds");
    let definition = only_subset()?;
    let requests = table(&definition, rows)?;
    let few = table(&definition, rows.min(FEW))?;
    println!("the table takes {:.1} bytes a request", requests.memory_bytes() as f64 / rows as f64);
    by_hand(definition, &requests, &few, rounds, cores)
}

/// Hits per rule of a dry run.
fn hits(engine: &Engine, table: &Arc<Table>) -> Result<Vec<u64>, Failed> {
    let backtest = Run::new(engine, table, &Progress::default()).map_err(|refused| format!("{refused:?}"))?;
    Ok((0..IDS.len()).map(|at| backtest.hits(RuleIndex(at as u16)).count() as u64).collect())
}

fn dry_run(threads: NonZeroUsize, engine: &Engine, table: &Arc<Table>) {
    drop(black_box(Run::on(threads, engine, table, &Progress::default())));
}

/// The subset: ours beside what a programmer would write.
fn by_hand(
    definition: Definition,
    requests: &Arc<Table>,
    few: &Arc<Table>,
    rounds: usize,
    cores: NonZeroUsize,
) -> Result<(), Failed> {
    let limits = Limits::new(&definition);
    let engine = engine(definition);
    let (columns, rows) = (Columns::new(requests, &limits), by_row::rows(requests, &limits));
    let ours = hits(&engine, requests)?;
    same("by hand, by column", &ours, &columns.decide(&limits).counts)?;
    same("by hand, by row", &ours, &counts(&rows, &limits))?;
    same("one at a time", &hits(&engine, few)?, &counts_alone(&engine, few))?;
    let n = requests.len();
    let lines = [
        measure("Countersign, one core, full decisions", rounds, n, || dry_run(NonZeroUsize::MIN, &engine, requests)),
        measure("Countersign, all cores, full decisions", rounds, n, || dry_run(cores, &engine, requests)),
        measure("by hand over columns, one core, verdicts", rounds, n, || drop(black_box(columns.decide(&limits)))),
        measure("by hand over rows, one core, hits", rounds, n, || drop(black_box(counts(&rows, &limits)))),
        interpreted("interpreter, all cores, full decisions", rounds, &engine, few, cores),
    ];
    print(&format!("{} shipped rules, {n} requests: dry run", IDS.len()), &lines);
    Ok(())
}

fn counts(rows: &[by_row::Row], limits: &Limits) -> Vec<u64> {
    let mut counts = vec![0; IDS.len()];
    for row in rows {
        let bits = by_row::decide(row, limits);
        for (at, count) in counts.iter_mut().enumerate() {
            *count += u64::from(bits >> at & 1);
        }
    }
    counts
}

/// The interpreter alone on every core; the requests are prepared beforehand.
fn interpreted(name: &str, rounds: usize, engine: &Engine, table: &Table, cores: NonZeroUsize) -> Line {
    let requests: Vec<Request> = (0..table.len()).map(|row| table.request(row)).collect();
    let part = requests.len().div_ceil(cores.get()).max(1);
    measure(name, rounds.min(3), requests.len(), || {
        std::thread::scope(|scope| {
            for part in requests.chunks(part) {
                scope.spawn(move || {
                    for request in part {
                        drop(black_box(engine.interpret(request)));
                    }
                });
            }
        });
    })
}
