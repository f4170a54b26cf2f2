//! From the texts of a definition to a program: parses every script, types it, and readies it to run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, ASTNode, Engine, OptimizationLevel, Position, Scope, StmtBlock};

use super::functions;
use super::host;
use super::lower::{self, Shared, SharedFunction};
use super::names::{LISTS, PARAMS, ScriptNames};
use super::placed::PlacedTokens;
use super::run::{CompiledScripts, Unit};
use super::syntax;
use super::tree::{ExprKind, Purpose, ScriptTree, UnknownName, walk};
use super::{Optimiser, SharedSignature};
use crate::diagnostic::Finding;
use crate::model::{Definition, FieldIndex, Script};
use crate::script::kinds::{FORBIDDEN_CONSTRUCT, RESERVED_NAME};
use crate::text::{LineColumn, LocalText, Source, Span};

/// Compiles every script; what cannot be compiled is in the findings.
pub(super) fn compile(definition: &Definition, optimiser: Optimiser) -> (CompiledScripts, Vec<Finding>) {
    let names = Arc::new(ScriptNames::new(definition));
    let mut engine = host::engine(&names);
    let mut compiler = Compiler { names: &names, shared: None, shared_ast: AST::empty(), findings: Vec::new(), optimiser };
    compiler.reserved(definition, &engine);
    // First as the typed tree wants it, where unknown names are reported by name; then strictly, as it is run.
    let shared_file = definition.rule_set.shared.as_ref();
    let signatures = shared_file.map(|script| compiler.read_shared(script, &mut engine)).unwrap_or_default();
    let rules = definition.rule_set.rules().map(|(.., rule)| (rule.id.to_string(), &rule.script)).collect::<Vec<_>>();
    let conditions = definition.rule_set.invariants.iter();
    let conditions = conditions.map(|invariant| (invariant.id.to_string(), &invariant.when)).collect::<Vec<_>>();
    let mut unit = |(id, script): (String, &Script), purpose| compiler.unit(id, script, purpose, &mut engine);
    let rules: Vec<Unit> = rules.into_iter().map(|rule| unit(rule, Purpose::Rule)).collect();
    let conditions: Vec<Unit> = conditions.into_iter().map(|condition| unit(condition, Purpose::Condition)).collect();
    let mut findings = std::mem::take(&mut compiler.findings);
    findings.sort_by_key(|finding| finding.span);
    engine.set_strict_variables(true);
    let used = UsedNames::of(rules.iter().chain(&conditions).filter_map(|unit| unit.tree.as_ref()));
    let shared_file = shared_file.map_or_else(String::new, |script| script.file.clone());
    let shared = (shared_file, signatures, compiler.shared.map(|shared| shared.placed));
    (CompiledScripts::new(engine, definition, &names, (rules, conditions), &used, shared), findings)
}

/// What of a request any script names.
#[derive(Default)]
pub(super) struct UsedNames {
    pub fields: BTreeSet<FieldIndex>,
    /// Groups named with a field they do not have: then it is the field that is missing.
    pub groups: BTreeSet<String>,
}

impl UsedNames {
    fn of<'a>(trees: impl Iterator<Item = &'a ScriptTree>) -> Self {
        let mut used = Self::default();
        for tree in trees {
            walk(tree, &mut |expr| match &expr.kind {
                ExprKind::Field(index) => {
                    used.fields.insert(*index);
                }
                ExprKind::Unknown(UnknownName { group: Some(group), .. }) => {
                    used.groups.insert(group.clone());
                }
                _ => {}
            });
        }
        used
    }
}

struct Compiler<'a> {
    names: &'a ScriptNames,
    shared: Option<Shared>,
    shared_ast: AST,
    findings: Vec<Finding>,
    optimiser: Optimiser,
}

impl Compiler<'_> {
    /// Names of the schema and rule set that the language keeps for itself.
    fn reserved(&mut self, definition: &Definition, engine: &Engine) {
        let groups = self.names.groups.iter();
        let fields = groups.clone().flat_map(|(group, fields)| {
            fields.keys().map(move |name| {
                let probe = if group.is_empty() { format!("{name}.x") } else { format!("x.{name}") };
                (format!("schema.{group}.{name}"), name.clone(), probe)
            })
        });
        let words =
            |group: &String| -> Vec<String> { group.split('.').filter(|word| !word.is_empty()).map(str::to_owned).collect() };
        let groups = groups.flat_map(|(group, _)| {
            let place = format!("schema.{group}");
            let probe = |at: usize, word: &str| if at == 0 { format!("{word}.x") } else { format!("x.{word}") };
            words(group).into_iter().enumerate().map(move |(at, word)| (place.clone(), word.clone(), probe(at, &word)))
        });
        let parameters = self.names.parameters.keys().map(|id| (format!("parameters.{id}"), id.clone(), format!("x.{id}")));
        let lists = self.names.lists.keys().map(|id| (format!("lists.{id}"), id.clone(), format!("x.{id}")));
        for (place, name, probe) in groups.chain(fields).chain(parameters).chain(lists) {
            let taken =
                probe.starts_with(&format!("{name}.")) && (name == PARAMS || name == LISTS || functions::find(&name).is_some());
            if !taken && engine.compile(probe).is_ok() {
                continue;
            }
            let message = LocalText::new(
                format!("`{name}` is a word of the script language, so no script could name it"),
                format!("`{name}` 是脚本语言的保留字，脚本无法使用该名称"),
            );
            let help = LocalText::new(format!("choose another name, such as `{name}_`"), format!("请换一个名称，例如 `{name}_`"));
            self.findings.push(Finding::new(RESERVED_NAME, definition.places.find(&place), message).with_help(help));
        }
    }

    /// Splits and parses a script; `None` when that failed, which is then among the findings.
    fn parse(&mut self, script: &Script, functions: bool, engine: &mut Engine) -> Option<(Arc<PlacedTokens>, AST)> {
        let placed = match PlacedTokens::new(script.source, Arc::clone(&script.text)) {
            Ok(placed) => placed,
            Err(finding) => {
                self.findings.push(*finding);
                return None;
            }
        };
        if let Some(finding) = syntax::forbidden(&placed, functions) {
            self.findings.push(finding);
            return None;
        }
        engine.set_strict_variables(false);
        match engine.compile(placed.code()) {
            Ok(ast) => Some((Arc::new(placed), ast)),
            Err(error) => {
                self.findings.push(syntax::finding(&placed, &error));
                None
            }
        }
    }

    fn read_shared(&mut self, script: &Script, engine: &mut Engine) -> Vec<SharedSignature> {
        let Some((placed, ast)) = self.parse(script, true, engine) else { return Vec::new() };
        if let Some(first) = ast.statements().iter().find(|stmt| !stmt.is_noop()) {
            let at = placed.at(first.position()).unwrap_or(0);
            let message = LocalText::new(
                "the shared script holds functions only, and this is a statement",
                "共享脚本只能包含函数，此处为语句",
            );
            let help = LocalText::new("put it into a function `fn name() { … }`", "请放入函数 `fn name() { … }`");
            self.findings.push(Finding::new(FORBIDDEN_CONSTRUCT, placed.token_span(at), message).with_help(help));
            return Vec::new();
        }
        let mut functions = BTreeMap::new();
        for (_, _, name, count, made) in ast.shared_lib().iter_script_fn_info() {
            let parameters: Vec<Arc<str>> = made.params.iter().map(|name| name.as_str().into()).collect();
            let body = body_of(&ast, name, count, (made.body.start_position(), made.body.end_position()));
            functions.insert((name.to_owned(), count), SharedFunction { name: name.into(), parameters, body });
        }
        let signatures: Vec<SharedSignature> = functions.values().map(|function| signature(&placed, function)).collect();
        for signature in &signatures {
            self.shared_name(signature);
        }
        self.shared_ast = ast;
        self.shared = Some(Shared { placed, functions });
        signatures
    }

    fn shared_name(&mut self, signature: &SharedSignature) {
        let name = &signature.name;
        if functions::find(name).is_none() {
            return;
        }
        let message = LocalText::new(
            format!("`{name}` is a function of the language and cannot be defined again"),
            format!("`{name}` 是语言自带的函数，不能重新定义"),
        );
        let help = LocalText::new("choose another name", "请换一个名称");
        self.findings.push(Finding::new(RESERVED_NAME, signature.span, message).with_help(help));
        // Without this the shared function would be called in place of the documented one.
        self.shared_ast = AST::empty();
    }

    fn unit(&mut self, id: String, script: &Script, purpose: Purpose, engine: &mut Engine) -> Unit {
        let problem = ("the script does not parse".to_owned(), None);
        let mut unit =
            Unit { id, file: script.file.clone(), tree: None, ast: None, problem, placed: None, is_personal: false, large: None };
        let before = self.findings.len();
        let Some((placed, ast)) = self.parse(script, false, engine) else {
            unit.problem = self.findings.get(before).map_or(unit.problem, |finding| first_error(finding, script));
            return unit;
        };
        unit.tree = Some(lower::lower(self.names, self.shared.as_ref(), &placed, ast.statements(), purpose));
        unit.placed = Some(Arc::clone(&placed));
        engine.set_strict_variables(true);
        match engine.compile_with_scope(&self.scope(), placed.code()) {
            Ok(ast) => unit.ast = Some(self.optimised(ast.merge(&self.shared_ast), engine)),
            Err(error) => unit.problem = first_error(&syntax::finding(&placed, &error), script),
        }
        unit
    }

    fn optimised(&self, ast: AST, engine: &Engine) -> AST {
        let level = match self.optimiser {
            Optimiser::Off => return ast,
            Optimiser::Simple => OptimizationLevel::Simple,
            Optimiser::Full => OptimizationLevel::Full,
        };
        // Without the scope: while compiling it holds placeholders for names, not values.
        engine.optimize_ast(&Scope::new(), ast, level)
    }

    /// The names without a group in a script.
    fn scope(&self) -> Scope<'static> {
        let mut scope = Scope::new();
        for name in self.names.roots().iter().map(String::as_str).chain([PARAMS, LISTS]) {
            scope.push_constant(name, ());
        }
        scope
    }
}

/// A finding as the error of a rule that is run all the same.
fn first_error(finding: &Finding, script: &Script) -> (String, Option<LineColumn>) {
    let place = finding.span.map(|span| Source::new("", Arc::clone(&script.text)).line_column(span.start));
    (format!("the script cannot be run: {}", finding.message.en), place)
}

/// The statements of one function; the interpreter shows them only to a walk.
fn body_of(ast: &AST, name: &str, count: usize, (from, to): (Position, Position)) -> StmtBlock {
    let mut alone = ast.clone_functions_only();
    alone.retain_functions(|_, _, known, parameters| known == name && parameters == count);
    let mut statements = Vec::new();
    alone.walk(&mut |path| {
        if let [ASTNode::Stmt(stmt)] = path {
            statements.push((*stmt).clone());
        }
        true
    });
    StmtBlock::new(statements, from, to)
}

/// Where a function is made: the word after `fn`.
fn signature(placed: &PlacedTokens, function: &SharedFunction) -> SharedSignature {
    let made = (0..placed.len()).find(|at| placed.word(*at) == function.name.as_ref() && placed.before(*at) == "fn");
    let span = made.map_or(Span::new(placed.source, 0, 0), |at| placed.token_span(at));
    let list = made.map_or(0..0, |at| at + 2..placed.close(at + 1));
    let parameter_spans = list.filter(|at| placed.word(*at) != ",").map(|at| placed.token_span(at)).collect();
    SharedSignature {
        name: function.name.to_string(),
        parameters: function.parameters.iter().map(ToString::to_string).collect(),
        parameter_spans,
        span,
    }
}
