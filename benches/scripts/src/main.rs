//! One request by each script of `tests/one_meaning/hostile.txt`: milliseconds of a processor (the mean of some rounds, since it is counted by its ticks), operations, and nanoseconds for each of them.
//!
//! Ends with code 1 where one takes more than 10 ms.

#![allow(dead_code, reason = "the world of the tests holds more than is measured here")]

#[path = "../../../tests/one_meaning/random.rs"]
mod random;
#[path = "../../../tests/one_meaning/world.rs"]
mod world;

use std::process::ExitCode;

use countersign_core::model::{FieldType, Request, RuleIndex, Value};
use countersign_core::script::{Program, Row};
use random::Random;

const SCRIPTS: &str = include_str!("../../../tests/one_meaning/hostile.txt");
const MOST: f64 = 10.0;

/// A request whose texts have so many bytes.
fn request(bytes: usize) -> Request {
    let schema = world::schema();
    let mut request = world::request(&mut Random::new(3), &schema, 1);
    for (index, name, field) in schema.fields() {
        if field.kind == FieldType::Text && name != "req.key" {
            let end = if name.ends_with('u') { "b" } else { "" };
            request.set(index, Value::Text(format!("{}{end}", "a".repeat(bytes / if end.is_empty() { 1 } else { 2 })).into()));
        }
        if name == "req.at" {
            request.set(index, Value::Time(countersign_core::model::Timestamp::from_micros(1_395_590_400_000_000).unwrap()));
        }
    }
    request
}

/// Nanoseconds that this thread has had of a processor.
fn on_processor() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

fn main() -> ExitCode {
    let rounds: usize = std::env::args().nth(1).map_or(20, |text| text.parse().unwrap());
    let wanted = std::env::args().nth(2).unwrap_or_default();
    let mut slow = 0;
    for (name, script) in SCRIPTS.split("## ").skip(1).filter_map(|part| part.split_once('\n')).filter(|(name, _)| name.contains(&wanted)) {
        let compiled = Program::compile(&world::definition(&[script.to_owned()], &mut Random::new(5)));
        let tree = compiled.program.tree(RuleIndex(0)).unwrap_or_else(|| panic!("{name}: {:?}", compiled.findings));
        let checked = if tree.faults.is_empty() { String::new() } else { format!("{:?}", tree.faults[0].kind) };
        for bytes in [15, 500, 4_000, 60_000] {
            let request = request(bytes);
            let start = on_processor();
            let mut last = None;
            for _ in 0..rounds {
                let row = Row::new(&compiled.program, &request);
                last = Some(compiled.program.run_counted(RuleIndex(0), &row));
            }
            let (given, used) = last.unwrap();
            let said = given.map_or_else(|error| error.message, |_| "ends".to_owned());
            #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
            let (time, used_each) = ((on_processor() - start) as f64 / 1e6 / rounds as f64, used as f64);
            let each = time * 1e6 / used_each;
            println!("{time:8.2} ms {used:7} {each:7.1} ns  {name}, texts of {bytes}: {said} {checked}");
            slow += usize::from(time > MOST);
        }
    }
    println!("{slow} over {MOST} ms");
    if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
