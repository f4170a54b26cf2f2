//! Two curves: the cost of a request from 10,000 requests to 10,000,000, and from 10 rules to 1,000. Flat lines mean linear cost.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin curves [MOST REQUESTS] [REQUESTS FOR THE RULES]`

use std::hint::black_box;
use std::sync::Arc;

use countersign::engine::{Engine, dry_run};
use countersign::model::{Definition, HitPolicy, Rule, RuleId, Script, Stage, StageKind, Status, Window};
use countersign::progress::Progress;
use countersign::requests::Table;
use countersign_benches::clock::{argument, median};
use countersign_benches::world::{Failed, engine, shipped, table};

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
    let time = median(rounds, || drop(black_box(dry_run(engine, table, &Progress::default()))));
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

/// That many rules of six kinds, each with numbers of its own, so that few expressions are shared.
fn generated(count: usize) -> Result<Definition, Failed> {
    let mut definition = shipped()?;
    let mut rules = Vec::new();
    for at in 0..count {
        let text = script(at);
        let text: Arc<str> = text.into();
        let file = format!("generated/r{at}.rhai");
        let source = definition.sources.add(&file, text.clone());
        rules.push(Rule {
            id: RuleId::new(format!("r{at}")).map_err(|error| error.to_string())?,
            title: Default::default(),
            owner: String::new(),
            basis: Default::default(),
            status: Status::Active,
            window: Window::default(),
            script: Script { file, text, source },
        });
    }
    let first = definition.rule_set.stages.first().ok_or("the shipped workspace has no stage")?;
    let kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() };
    definition.rule_set.stages = vec![Stage { id: first.id.clone(), title: first.title.clone(), kind, rules }];
    definition.rule_set.invariants.clear();
    Ok(definition)
}

fn script(at: usize) -> String {
    let own = at / 6;
    match at % 6 {
        0 => format!(
            "if request.operation == \"PAY\" && money.amount != () && money.amount > yuan({}) {{ decline(\"SINGLE_AMOUNT\") }}",
            4_000 + 37 * own
        ),
        1 => format!(
            "if is_linking(request.operation) && velocity.ids_by_device > {} && customer.age != () && customer.age < {} {{ refer(\"TOO_MANY_PERSONS\") }}",
            own % 9,
            17 + own % 60
        ),
        2 => format!(
            "if customer.kind == \"new\" && money.amount != () && money.paid_month + money.amount > yuan({}) {{ decline(\"MONTH_AMOUNT\") }}",
            20_000 + 211 * own
        ),
        3 => format!(
            "if platform.risk_score != () && platform.risk_score >= {} && request.interface == \"branch_{}\" {{ step_up(\"UNDER_TRIAL\") }}",
            400 + own % 600,
            1 + own % 4
        ),
        4 => format!(
            "if starts_with(card.bin, \"62{}\") && card.open_days != () && card.open_days < {} {{ step_up(\"FRESH_MOBILE\") }}",
            own % 10,
            1 + own % 400
        ),
        _ => format!(
            "if request.operation != \"UNSIGN\" && velocity.cards_by_mobile + velocity.ids_by_mobile > {} && hour(request.received_at) < {} {{ refer(\"TOO_MANY_CARDS\") }}",
            2 + own % 30,
            1 + own % 23
        ),
    }
}
