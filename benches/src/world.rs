//! The shipped workspace, its generated requests, and the definition of the subset.

use std::error::Error;
use std::sync::Arc;

use countersign::engine::Engine;
use countersign::model::{Definition, HitPolicy, RuleIndex, Stage, StageKind, Status, Window};
use countersign::progress::Progress;
use countersign::requests::Table;
use countersign::requests::sample::{SampleOptions, generate};
use countersign::script::Program;
use countersign::workspace::{DiskFiles, load};

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
    let mut scratch = countersign::plan::Scratch::default();
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
