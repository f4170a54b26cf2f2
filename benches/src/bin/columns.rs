//! For `columns.py`: writes the requests and the rules of the subset for other programs, and says how long Countersign takes on the same.
//!
//! `columns export FOLDER [REQUESTS]` writes `requests.parquet` and `rules.json`; `columns time [REQUESTS] [ROUNDS]` prints JSON.

use std::fs::File;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use countersign_run::Run;
use countersign_core::engine::Engine;
use countersign_core::model::{Outcome, RuleIndex};
use countersign_core::progress::Progress;
use countersign_requests::write::write;
use countersign_requests::{Format, Table};
use countersign_benches::clock::{argument, median};
use countersign_benches::subset::{self, IDS};
use countersign_benches::world::{Failed, engine, only_subset, table};
use serde_json::json;

fn main() -> Result<(), Failed> {
    match std::env::args().nth(1).as_deref() {
        Some("export") => export(&std::env::args().nth(2).ok_or("a folder is missing")?, argument(3, 1_000_000)),
        Some("time") => time(argument(2, 1_000_000), argument(3, 7)),
        _ => Err("`export FOLDER [REQUESTS]` or `time [REQUESTS] [ROUNDS]`".into()),
    }
}

fn export(folder: &str, rows: usize) -> Result<(), Failed> {
    let definition = only_subset()?;
    let rules: Vec<_> = subset::rules(&definition).iter().map(|(id, cond)| json!({"id": id, "when": subset::json(cond)})).collect();
    let requests = table(&definition, rows)?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(Path::new(folder).join("rules.json"), serde_json::to_string_pretty(&rules)?)?;
    let file = File::create(Path::new(folder).join("requests.parquet"))?;
    write(&requests, Format::Parquet, file, &Progress::default()).map_err(|error| format!("{error:?}"))?;
    Ok(())
}

fn time(rows: usize, rounds: usize) -> Result<(), Failed> {
    let engine = engine(only_subset()?);
    let requests = table(engine.definition(), rows)?;
    let cores = std::thread::available_parallelism()?;
    let backtest = Run::new(&engine, &requests, &Progress::default()).map_err(|refused| format!("{refused:?}"))?;
    let hits: Vec<usize> = (0..IDS.len()).map(|at| backtest.hits(RuleIndex(at as u16)).count()).collect();
    let all = median(rounds, || run(cores, &engine, &requests)).as_secs_f64();
    let one = median(rounds, || run(NonZeroUsize::MIN, &engine, &requests)).as_secs_f64();
    let verdicts = (0..IDS.len()).map(|at| verdict(&backtest, RuleIndex(at as u16))).collect::<Vec<_>>();
    let totals = backtest.totals().verdicts.map(|totals| totals.all()).map(|sums| (sums.requests, sums.amount_fen as i64));
    let given = json!({"rules": IDS, "hits": hits, "verdicts": verdicts, "totals": totals});
    println!("{}", json!({"given": given, "all_cores": all, "one_core": one, "cores": cores}));
    Ok(())
}

/// The verdict that a rule gives, the mildest as 0; 0 for a rule that never gives one.
fn verdict(run: &Run, rule: RuleIndex) -> u8 {
    let gives = |row| run.gives(rule, row)?.as_ref().ok()?.first().cloned();
    match run.hits(rule).iter().find_map(gives) {
        Some(Outcome::Verdict(verdict, _)) => verdict as u8,
        _ => 0,
    }
}

fn run(threads: NonZeroUsize, engine: &Engine, table: &Arc<Table>) {
    drop(black_box(Run::on(threads, engine, table, &Progress::default())));
}
