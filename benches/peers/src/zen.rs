//! `zen-expression`: each rule compiled once, one virtual machine for all.

use std::cell::RefCell;

use countersign_core::model::{Definition, Request};
use countersign_benches::subset::{Cond, Words, write};
use countersign_benches::world::Failed;
use serde_json::Value as Json;
use zen_expression::expression::Standard;
use zen_expression::vm::VM;
use zen_expression::{Expression, Variable, compile_expression};

const WORDS: Words = Words {
    and: " and ",
    or: " or ",
    not: |inner| format!("(not ({inner}))"),
    missing: |field| format!("({field} == null)"),
    flag: |field| format!("({field} == true)"),
    text: |text| format!("'{text}'"),
    field: str::to_owned,
    within: |field, values| format!("({field} in [{values}])"),
};

pub struct Peer {
    rules: Vec<Expression<Standard>>,
    machine: RefCell<VM>,
}

impl Peer {
    pub fn new(rules: &[(&'static str, Cond)]) -> Result<Self, Failed> {
        let compiled = rules.iter().map(|(id, cond)| {
            let text = write(cond, &WORDS);
            compile_expression(&text).map_err(|error| format!("{id}: {error:?} in {text}").into())
        });
        Ok(Self { rules: compiled.collect::<Result<_, Failed>>()?, machine: RefCell::new(VM::new()) })
    }

    pub fn decide(&self, context: &Variable) -> u32 {
        let mut machine = self.machine.borrow_mut();
        self.rules.iter().enumerate().fold(0, |bits, (at, rule)| {
            let holds = matches!(rule.evaluate_with(context.clone(), &mut machine), Ok(Variable::Bool(true)));
            bits | u32::from(holds) << at
        })
    }
}

pub fn context(definition: &Definition, rules: &[(&'static str, Cond)], request: &Request) -> Variable {
    Json::Object(crate::groups(definition, rules, request, true)).into()
}
