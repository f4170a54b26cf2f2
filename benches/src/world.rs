//! The shipped workspace, its generated requests, and the definition of the subset.

use std::error::Error;
use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::model::{Definition, HitPolicy, Rule, RuleId, RuleIndex, Script, Stage, StageKind, Status, Window};
use countersign_core::progress::Progress;
use countersign_requests::Table;
use countersign_requests::sample::{SampleOptions, generate};
use countersign_core::script::Program;
use countersign_workspace::{DiskFiles, load};

use crate::subset;

pub type Failed = Box<dyn Error>;

/// The shipped workspace.
pub fn shipped() -> Result<Definition, Failed> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules");
    load(&DiskFiles, root).map_err(|failed| format!("{:?}", failed.findings).into())
}

/// The shipped workspace with the rules of the subset alone: in one stage where every rule is asked, active, and at any time.
pub fn only_subset() -> Result<Definition, Failed> {
    let mut definition = shipped()?;
    let mut rules = Vec::new();
    for id in subset::IDS {
        let (_, _, rule) = definition.rule_set.find_rule(id).ok_or_else(|| format!("the shipped workspace has no rule `{id}`"))?;
        let mut rule = rule.clone();
        (rule.status, rule.window) = (Status::Active, Window::default());
        rules.push(rule);
    }
    let first = definition.rule_set.stages.first().ok_or("the shipped workspace has no stage")?;
    let kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() };
    definition.rule_set.stages = vec![Stage { id: first.id.clone(), title: first.title.clone(), kind, rules }];
    definition.rule_set.invariants.clear();
    Ok(definition)
}

pub fn engine(definition: Definition) -> Engine {
    let program = Program::compile(&definition).program;
    Engine::new(Arc::new(definition), program)
}

/// Generated requests of the shipped schema.
pub fn table(definition: &Definition, rows: usize) -> Result<Arc<Table>, Failed> {
    let schema = Arc::new(definition.schema.clone());
    let options = SampleOptions::new(u64::try_from(rows)?, 1);
    Ok(Arc::new(generate(&schema, options, &Progress::default()).map_err(|error| error.text().en)?))
}

/// How often each rule of the subset hits, by deciding every row alone.
pub fn counts_alone(engine: &Engine, table: &Table) -> Vec<u64> {
    let mut counts = vec![0; subset::IDS.len()];
    let mut scratch = countersign_core::plan::Scratch::default();
    for row in 0..table.len() {
        for RuleIndex(rule) in engine.decide_with(&table.request(row), &mut scratch).hits {
            if let Some(count) = counts.get_mut(usize::from(rule)) {
                *count += 1;
            }
        }
    }
    counts
}

/// Stops the run where two ways count differently.
pub fn same(name: &str, wanted: &[u64], got: &[u64]) -> Result<(), Failed> {
    for ((id, wanted), got) in subset::IDS.iter().zip(wanted).zip(got) {
        if wanted != got {
            return Err(format!("{name}: `{id}` hits {got} requests, not {wanted}").into());
        }
    }
    if wanted.len() == got.len() { Ok(()) } else { Err(format!("{name}: {} rules, not {}", got.len(), wanted.len()).into()) }
}

/// That many rules of six kinds, each with numbers of its own, so that few expressions are shared.
pub fn generated(count: usize) -> Result<Definition, Failed> {
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
