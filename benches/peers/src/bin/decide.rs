//! One request at a time: Countersign's decision beside other engines and a hand-written function, on the same rules and requests.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin decide [REQUESTS] [ROUNDS]`
//!
//! The input of each engine is built beforehand, and each says for every rule whether it hits; Countersign makes a whole decision with
//! reasons. Nothing is measured before every engine has given the same hits for every request.

use std::hint::black_box;

use countersign_core::model::{Request, RuleIndex};
use countersign_core::plan::Scratch;
use countersign_benches::by_row::{self, Limits};
use countersign_benches::clock::{argument, measure, print};
use countersign_benches::subset::{self, IDS};
use countersign_benches::world::{Failed, engine, only_subset, table};
use countersign_peers::{cedar, cel_rust, plain_rhai, zen};

fn main() -> Result<(), Failed> {
    let (wanted, rounds) = (argument(1, 5_000), argument(2, 7));
    let definition = only_subset()?;
    let table = table(&definition, wanted)?;
    let limits = Limits::new(&definition);
    let rules = subset::rules(&definition);
    let engine = engine(definition);
    let definition = engine.definition();
    let requests: Vec<Request> = (0..table.len()).map(|row| table.request(row)).collect();
    let rows = by_row::rows(&table, &limits);
    let mut scratch = Scratch::default();
    let bits = |hits: &[RuleIndex]| hits.iter().fold(0_u32, |bits, rule| bits | 1 << rule.0);
    let right: Vec<u32> = requests.iter().map(|request| bits(&engine.interpret(request).hits)).collect();

    let rhai = plain_rhai::Peer::new(definition)?;
    let mut scopes: Vec<_> = requests.iter().map(|request| rhai.scope(definition, request)).collect();
    let zen = zen::Peer::new(&rules)?;
    let contexts: Vec<_> = requests.iter().map(|request| zen::context(definition, &rules, request)).collect();
    let cel = cel_rust::Peer::new(&rules)?;
    let variables: Vec<_> =
        requests.iter().map(|request| cel_rust::context(definition, &rules, request)).collect::<Result<_, _>>()?;
    let cedar = cedar::Peer::new(&rules)?;
    let asked: Vec<_> = requests.iter().map(|request| cedar::request(definition, &rules, request)).collect::<Result<_, _>>()?;

    let n = requests.len();
    let agree = |name: &str, got: &mut dyn FnMut(usize) -> u32| -> Result<(), Failed> {
        for (at, right) in right.iter().enumerate() {
            let got = got(at);
            if got != *right {
                let differ: Vec<&str> =
                    IDS.iter().enumerate().filter(|(rule, _)| (got ^ right) >> rule & 1 == 1).map(|(_, id)| *id).collect();
                return Err(format!("{name}: request {at} differs in {differ:?}").into());
            }
        }
        Ok(())
    };
    agree("Countersign", &mut |at| bits(&engine.decide_with(&requests[at], &mut scratch).hits))?;
    agree("by hand", &mut |at| by_row::decide(&rows[at], &limits))?;
    agree("rhai", &mut |at| rhai.decide(&mut scopes[at]))?;
    agree("rhai grain", &mut |at| rhai.decide_by_grain(&mut scopes[at]))?;
    agree("zen", &mut |at| zen.decide(&contexts[at]))?;
    agree("cel", &mut |at| cel.decide(&variables[at]))?;
    agree("cedar", &mut |at| cedar.decide(&asked[at]))?;
    println!("{} shipped rules, {n} requests, all hits equal; medians of {rounds} rounds, one core", IDS.len());
    println!("rhai grain leaves {} fragments of the scripts to the interpreter", rhai.residuals());

    let mut lines = vec![measure("Countersign, whole decision", rounds, n, || {
        for request in &requests {
            drop(black_box(engine.decide_with(request, &mut scratch)));
        }
    })];
    lines.push(measure("Rust by hand, hits", rounds, n, || {
        for row in &rows {
            black_box(by_row::decide(row, &limits));
        }
    }));
    lines.push(measure("Countersign's strict interpreter, whole decision", rounds, n, || {
        for request in &requests {
            drop(black_box(engine.interpret(request)));
        }
    }));
    lines.push(measure("Rhai 1.27 interpreter as it comes, hits", rounds, n, || {
        for scope in &mut scopes {
            black_box(rhai.decide(scope));
        }
    }));
    lines.push(measure("Rhai 1.27 grain VM, hits", rounds, n, || {
        for scope in &mut scopes {
            black_box(rhai.decide_by_grain(scope));
        }
    }));
    lines.push(measure("zen-expression 2.1, compiled, hits", rounds, n, || {
        for context in &contexts {
            black_box(zen.decide(context));
        }
    }));
    lines.push(measure("cel 0.15, compiled, hits", rounds, n, || {
        for context in &variables {
            black_box(cel.decide(context));
        }
    }));
    lines.push(measure("cedar-policy 4.14, hits", rounds, n, || {
        for request in &asked {
            black_box(cedar.decide(request));
        }
    }));
    print("one request at a time", &lines);
    Ok(())
}
