//! Running a script for a request.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use rhai::{AST, Dynamic, Engine, Map, Scope};

use super::SharedSignature;
use super::amounts::Scripts;
use super::compile::UsedNames;
use super::host::work::{self, LargeValues};
use super::host::{ListHandle, TextCache, from_value, type_name};
use super::names::{LISTS, PARAMS, ScriptNames};
use super::placed::PlacedTokens;
use super::run_error::{RunError, RunErrorKind, concealed, read};
use super::tree::{ExprKind, ScriptTree, walk};
use super::{Program, Type, large};
use crate::model::{Definition, FieldIndex, Outcome, Request, Schema, Value, Zone};
use crate::text::LineColumn;

/// How many scopes are kept for the next requests.
const KEPT_SCOPES: usize = 64;

/// One script, compiled.
pub(super) struct Unit {
    pub id: String,
    pub file: String,
    pub tree: Option<ScriptTree>,
    /// None when the script cannot be run.
    pub ast: Option<AST>,
    /// Why it cannot be run, and where that shows.
    pub problem: (String, Option<LineColumn>),
    /// Its tokens, for the places of errors.
    pub placed: Option<Arc<PlacedTokens>>,
    /// Whether it reads a personal field, so that its errors must not show the values.
    pub is_personal: bool,
    /// Its variables that may hold large values; none where it has none.
    pub large: Option<Arc<LargeValues>>,
}

/// A group with what any script uses of it; fields outside of all groups are in one without a name.
#[derive(Default)]
struct FieldGroup {
    fields: Vec<(rhai::Identifier, FieldIndex, TextCache)>,
    groups: IndexMap<String, FieldGroup>,
}

impl FieldGroup {
    /// The group of that path, made where there is none yet.
    fn at(&mut self, path: &str) -> &mut Self {
        path.split('.').filter(|word| !word.is_empty()).fold(self, |group, word| group.groups.entry(word.to_owned()).or_default())
    }

    /// Its values in a request.
    fn map(&self, request: &Request) -> Map {
        let values = self.fields.iter().map(|(name, index, texts)| (name.clone(), from_value(request.get(*index), texts)));
        let groups = self.groups.iter().map(|(name, group)| (name.as_str().into(), Dynamic::from_map(group.map(request))));
        values.chain(groups).collect()
    }
}

/// A program's inside.
pub(super) struct CompiledScripts {
    engine: Engine,
    pub rules: Vec<Unit>,
    pub conditions: Vec<Unit>,
    pub shared: Vec<SharedSignature>,
    /// The fields that scripts name.
    pub named: Vec<FieldIndex>,
    /// Whether a script charges for long texts.
    counts_texts: bool,
    /// Whether a parameter is a long text.
    long_parameter: bool,
    shared_file: String,
    shared_placed: Option<Arc<PlacedTokens>>,
    zone: Zone,
    top: FieldGroup,
    params: Map,
    lists: Map,
    /// Scopes that hold `params` and `lists`, which are the same for every request.
    scopes: Mutex<Vec<Scope<'static>>>,
}

/// One request, prepared for the scripts of one program; made once and used for all its rules, by one thread.
pub struct Row {
    scope: RefCell<Option<Scope<'static>>>,
    program: Arc<CompiledScripts>,
    /// Whether it has a long text, or a parameter is one; only computed where scripts charge for them.
    long: bool,
}

impl Row {
    /// Prepares a request; it must fit the program's schema.
    #[must_use]
    pub fn new(program: &Program, request: &Request) -> Self {
        let inner = Arc::clone(&program.inner);
        let scope = inner.fill(request);
        let long = inner.counts_texts && (inner.long_parameter || inner.named.iter().any(|field| is_long(request.get(*field))));
        Self { scope: RefCell::new(Some(scope)), program: inner, long }
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        if let Some(mut scope) = self.scope.take() {
            scope.rewind(CompiledScripts::FIXED);
            let mut kept = self.program.scopes.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() < KEPT_SCOPES {
                kept.push(scope);
            }
        }
    }
}

impl CompiledScripts {
    /// The variables at the bottom of every scope: `params` and `lists`.
    const FIXED: usize = 2;

    pub(super) fn new(
        mut engine: Engine,
        definition: &Definition,
        names: &ScriptNames,
        (mut rules, mut conditions): (Vec<Unit>, Vec<Unit>),
        used: &UsedNames,
        (shared_file, shared, shared_placed): (String, Vec<SharedSignature>, Option<Arc<PlacedTokens>>),
    ) -> Self {
        let plain = TextCache::default();
        let parameters = definition.rule_set.parameters.iter();
        let params = parameters.map(|(id, parameter)| (id.as_str().into(), from_value(&parameter.value, &plain))).collect();
        let lists = definition.rule_set.lists.iter();
        let lists = lists.map(|(id, list)| (id.as_str().into(), Dynamic::from(ListHandle(list.entries.clone())))).collect();
        let top = top(names, used);
        for unit in rules.iter_mut().chain(&mut conditions) {
            unit.is_personal = unit.tree.as_ref().is_some_and(|tree| reads_personal(tree, &definition.schema));
            unit.large = unit.tree.as_ref().map(large::values).filter(|large| !large.is_empty()).map(Arc::new);
        }
        let large = || rules.iter().chain(&conditions).filter_map(|unit| unit.large.as_ref());
        let counts_texts = large().any(|large| large.texts);
        if large().next().is_some() {
            work::watch(&mut engine);
        }
        let long_parameter = definition.rule_set.parameters.values().any(|parameter| is_long(&parameter.value));
        let fields_named = used.fields.iter().copied().collect();
        let zone = definition.schema.zone;
        let scopes = Mutex::default();
        Self {
            engine,
            rules,
            conditions,
            shared,
            named: fields_named,
            counts_texts,
            long_parameter,
            shared_file,
            shared_placed,
            zone,
            top,
            params,
            lists,
            scopes,
        }
    }

    fn fill(&self, request: &Request) -> Scope<'static> {
        let kept = self.scopes.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scope = kept.unwrap_or_else(|| {
            let mut scope = Scope::new();
            scope.push_constant_dynamic(PARAMS, Dynamic::from_map(self.params.clone()));
            scope.push_constant_dynamic(LISTS, Dynamic::from_map(self.lists.clone()));
            scope
        });
        for (name, index, texts) in &self.top.fields {
            scope.push_constant_dynamic(name.as_str(), from_value(request.get(*index), texts));
        }
        for (name, group) in &self.top.groups {
            scope.push_constant_dynamic(name.as_str(), Dynamic::from_map(group.map(request)));
        }
        scope
    }

    pub(super) fn run(&self, rule: usize, request: &Row) -> Result<Vec<Outcome>, RunError> {
        let Some(unit) = self.rules.get(rule) else { return Err(unknown("rule")) };
        let value = self.evaluate(unit, request)?;
        outcomes(value).map_err(|what| {
            let message = format!("the script gives {what}, which is no outcome");
            RunError { kind: RunErrorKind::Outcome, message, rule: unit.id.clone(), file: unit.file.clone(), place: None }
        })
    }

    pub(super) fn holds(&self, invariant: usize, request: &Row) -> Result<bool, RunError> {
        let Some(unit) = self.conditions.get(invariant) else { return Err(unknown("invariant")) };
        let value = self.evaluate(unit, request)?;
        value.as_bool().map_err(|_| {
            let message = format!("the condition gives {}, not a Bool", type_name(&value));
            RunError { kind: RunErrorKind::Outcome, message, rule: unit.id.clone(), file: unit.file.clone(), place: None }
        })
    }

    fn evaluate(&self, unit: &Unit, request: &Row) -> Result<Dynamic, RunError> {
        work::begin(None, false);
        let error = |kind, message| RunError { kind, message, rule: unit.id.clone(), file: unit.file.clone(), place: None };
        let Some(ast) = &unit.ast else {
            let (message, place) = unit.problem.clone();
            return Err(RunError { place, ..error(RunErrorKind::NotCompiled, message) });
        };
        if !std::ptr::eq(Arc::as_ptr(&request.program), self) {
            return Err(error(RunErrorKind::Other, "the request was prepared for another program".to_owned()));
        }
        let mut held = request.scope.borrow_mut();
        let Some(scope) = held.as_mut() else { return Err(error(RunErrorKind::Other, "the request is in use".to_owned())) };
        let base = scope.len();
        work::begin(unit.large.as_ref(), request.long);
        let result = self.engine.eval_ast_with_scope::<Dynamic>(scope, ast);
        scope.rewind(base);
        result.map_err(|raised| {
            let mut error = read(&raised);
            if let (Some(over), Some(tree), Some(own)) = (error.over, &unit.tree, &unit.placed) {
                let scripts = Scripts { tree, own, shared: self.shared_placed.as_deref(), zone: self.zone };
                error.message = scripts.message(over, &error.path).unwrap_or(error.message);
            }
            let (file, placed) =
                if error.in_shared { (&self.shared_file, &self.shared_placed) } else { (&unit.file, &unit.placed) };
            let file = file.clone();
            // The interpreter may have read another text.
            let place = error.place.map(|place| placed.as_ref().map_or(place, |placed| placed.moved_back(place)));
            let message = if unit.is_personal { concealed(error.kind, &error.message) } else { error.message };
            RunError { kind: error.kind, message, rule: unit.id.clone(), file, place }
        })
    }
}

/// Whether a value is a text that `switch` charges for.
fn is_long(value: &Value) -> bool {
    matches!(value, Value::Text(text) if work::is_long(text))
}

/// Whether a script reads a personal field; of one that is not understood nobody can tell.
fn reads_personal(tree: &ScriptTree, schema: &Schema) -> bool {
    let is_personal = |field: &FieldIndex| schema.field(*field).is_some_and(|field| field.personal);
    let mut found = !tree.faults.is_empty() && schema.fields().any(|(.., field)| field.personal);
    walk(tree, &mut |expr| found |= matches!(&expr.kind, ExprKind::Field(field) if is_personal(field)));
    found
}

/// What scripts use of a request.
fn top(names: &ScriptNames, used: &UsedNames) -> FieldGroup {
    let mut top = FieldGroup::default();
    for (name, fields) in &names.groups {
        let fields = fields.iter().filter(|(_, (index, _))| used.fields.contains(index));
        let fields = fields.map(|(name, (index, ty))| {
            let texts = match ty.present() {
                Type::Enum(values) => TextCache::new(values.names()),
                _ => TextCache::default(),
            };
            (name.as_str().into(), *index, texts)
        });
        let fields: Vec<_> = fields.collect();
        if !fields.is_empty() || used.groups.contains(name) {
            top.at(name).fields = fields;
        }
    }
    // CompiledScripts groups that are named with a field they do not have, and hold none themselves.
    for name in used.groups.iter().filter(|name| names.is_group(name)) {
        top.at(name);
    }
    top
}

/// A script's value as outcomes, or the type of what it gave instead.
fn outcomes(value: Dynamic) -> Result<Vec<Outcome>, &'static str> {
    if value.is_unit() {
        return Ok(Vec::new());
    }
    if !value.is_array() {
        let found = type_name(&value);
        return value.try_cast::<Outcome>().map(|outcome| vec![outcome]).ok_or(found);
    }
    let all = value.into_array().unwrap_or_default();
    all.into_iter()
        .map(|item| {
            let found = type_name(&item);
            item.try_cast::<Outcome>().ok_or(found)
        })
        .collect()
}

fn unknown(what: &str) -> RunError {
    let message = format!("there is no such {what}");
    RunError { kind: RunErrorKind::NotCompiled, message, rule: String::new(), file: String::new(), place: None }
}
