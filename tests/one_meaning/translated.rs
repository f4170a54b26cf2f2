//! Generated rule sets as SQL. `COUNTERSIGN_SQL_OUT` names a folder that the self-checks are written to, for the engines that run them.

use std::fs;
use std::path::Path;

use countersign_run::sql::{Dialect, TranslationTarget, translate};

use super::generate::Generate;
use super::random::Random;
use super::{RULES, engine};

const RULE_SETS: u64 = 12;

#[test]
fn generated_rule_sets_become_the_same_sql_each_time_or_are_refused() {
    let out = std::env::var("COUNTERSIGN_SQL_OUT").ok();
    let mut said = 0;
    for seed in 0..RULE_SETS {
        let mut random = Random::new(seed);
        let scripts: Vec<String> = (0..RULES).map(|_| Generate::new(&mut random).script().render()).collect();
        let engine = engine(&scripts, seed);
        let target = TranslationTarget { dialect: Dialect::DuckDb, table: "requests", digest: "sha256:0", skip: true };
        let made = translate(&engine, target).unwrap();
        assert_eq!(translate(&engine, target).unwrap(), made);
        let strict = translate(&engine, TranslationTarget { skip: false, ..target });
        assert_eq!(strict.is_err(), !made.skipped.is_empty());
        said += RULES - made.skipped.len();
        if let Some(out) = &out {
            fs::create_dir_all(out).unwrap();
            fs::write(Path::new(out).join(format!("generated-{seed}.sql")), &made.self_check).unwrap();
        }
    }
    let most = RULES * usize::try_from(RULE_SETS).unwrap();
    assert!(2 * said > most, "only {said} of {most} generated rules can be said");
}
