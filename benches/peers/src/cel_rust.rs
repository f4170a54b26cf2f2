//! `cel`: each rule compiled once, a context a request.

use cel::{Context, Program, Value};
use countersign_core::model::{Definition, Request};
use countersign_benches::subset::{Cond, Words, write};
use countersign_benches::world::Failed;

const WORDS: Words = Words {
    and: " && ",
    or: " || ",
    not: |inner| format!("(!({inner}))"),
    missing: |field| format!("({field} == null)"),
    flag: |field| format!("({field} == true)"),
    text: |text| format!("\"{text}\""),
    field: str::to_owned,
    within: |field, values| format!("({field} in [{values}])"),
};

pub struct Peer {
    rules: Vec<Program>,
}

impl Peer {
    pub fn new(rules: &[(&'static str, Cond)]) -> Result<Self, Failed> {
        let compiled = rules.iter().map(|(id, cond)| {
            let text = write(cond, &WORDS);
            Program::compile(&text).map_err(|error| format!("{id}: {error} in {text}").into())
        });
        Ok(Self { rules: compiled.collect::<Result<_, Failed>>()? })
    }

    pub fn decide(&self, context: &Context<'_, '_>) -> u32 {
        self.rules.iter().enumerate().fold(0, |bits, (at, rule)| {
            let holds = matches!(rule.execute(context), Ok(Value::Bool(true)));
            bits | u32::from(holds) << at
        })
    }
}

pub fn context(
    definition: &Definition,
    rules: &[(&'static str, Cond)],
    request: &Request,
) -> Result<Context<'static, 'static>, Failed> {
    let mut context = Context::default();
    for (group, fields) in crate::groups(definition, rules, request, true) {
        context.add_variable(group, fields).map_err(|error| error.to_string())?;
    }
    Ok(context)
}
