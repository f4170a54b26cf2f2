//! Rhai as it comes: the shipped scripts as they are, run by the interpreter and by `grain`, Rhai's own bytecode and virtual machine.
//!
//! The product's build of Rhai has the feature `sync`, so this one has it too: values are counted atomically.

use countersign_core::model::{Definition, ListEntries, Request, Value};
use countersign_benches::world::Failed;
use rhai::grain::{Compiler, Program, Vm};
use rhai::{AST, Array, Dynamic, Engine, Map, Scope};

pub struct Peer {
    engine: Engine,
    rules: Vec<AST>,
    programs: Vec<Program<'static>>,
}

fn dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Missing => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::Money(fen) => fen.0.into(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) => text.as_ref().into(),
        Value::Time(time) => time.micros().into(),
    }
}

impl Peer {
    pub fn new(definition: &Definition) -> Result<Self, Failed> {
        let mut engine = Engine::new();
        engine.set_max_expr_depths(128, 128);
        for name in ["accept", "step_up", "refer", "decline"] {
            engine.register_fn(name, |_reason: rhai::ImmutableString| 1_i64);
        }
        engine.register_fn("yuan", |yuan: i64| yuan * 100);
        let shared = definition.rule_set.shared.as_ref().map_or("", |shared| shared.text.as_ref());
        let mut rules = Vec::new();
        for (_, _, rule) in definition.rule_set.rules() {
            rules.push(engine.compile(format!("{shared}\n{}", rule.script.text))?);
        }
        let programs = rules.iter().map(|ast| Compiler::new().compile(ast).into_owned()).collect();
        Ok(Self { engine, rules, programs })
    }

    /// The groups, parameters and lists that scripts see.
    pub fn scope(&self, definition: &Definition, request: &Request) -> Scope<'static> {
        let mut scope = Scope::new();
        let mut groups = Map::new();
        for (index, name, _) in definition.schema.fields() {
            let Some((group, field)) = name.split_once('.') else { continue };
            let held = groups.entry(group.into()).or_insert_with(|| Dynamic::from(Map::new()));
            if let Some(mut map) = held.write_lock::<Map>() {
                map.insert(field.into(), dynamic(request.get(index)));
            }
        }
        for (group, held) in groups {
            scope.push_constant_dynamic(group.to_string(), held);
        }
        let parameters = definition.rule_set.parameters.iter();
        let parameters: Map = parameters.map(|(id, parameter)| (id.as_str().into(), dynamic(&parameter.value))).collect();
        scope.push_constant_dynamic("params", parameters.into());
        let lists = definition.rule_set.lists.iter().map(|(id, list)| {
            let entries: Array = match &list.entries {
                ListEntries::Text(entries) => entries.iter().map(|entry| entry.as_ref().into()).collect(),
                ListEntries::Int(entries) => entries.iter().map(|entry| (*entry).into()).collect(),
            };
            (id.as_str().into(), entries.into())
        });
        let lists: Map = lists.collect();
        scope.push_constant_dynamic("lists", lists.into());
        scope
    }

    pub fn decide(&self, scope: &mut Scope<'static>) -> u32 {
        let base = scope.len();
        self.rules.iter().enumerate().fold(0, |bits, (at, rule)| {
            let value = self.engine.eval_ast_with_scope::<Dynamic>(scope, rule);
            scope.rewind(base);
            bits | u32::from(value.is_ok_and(|value| !value.is_unit())) << at
        })
    }

    pub fn decide_by_grain(&self, scope: &mut Scope<'static>) -> u32 {
        let base = scope.len();
        let mut machine = Vm::new(&self.engine);
        self.programs.iter().enumerate().fold(0, |bits, (at, program)| {
            let value = machine.eval_with_scope(scope, program);
            scope.rewind(base);
            bits | u32::from(value.is_ok_and(|value| !value.is_unit())) << at
        })
    }

    /// How much of the scripts the virtual machine hands back to the interpreter.
    pub fn residuals(&self) -> usize {
        self.programs.iter().map(Program::residual_count).sum()
    }
}
