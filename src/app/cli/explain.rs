//! `countersign explain`: a check, a function of scripts, or one request's way through the stages.

use std::io;

use serde::Serialize;

use super::args::{Explain, PageFormat};
use super::exit::{Exit, Failure};
use super::explain_plain;
use super::explain_rule;
use super::explain_table;
use super::explain_text::{self, Choice};
use super::request_file::{self, Wanted};
use super::screen::Screen;
use super::target::Target;
use crate::cli::kinds::{UNKNOWN_NAME, UNKNOWN_REQUEST};
use countersign_core::diagnostic::{Finding, FindingKind, suggest};
use countersign_core::engine::{self, Explanation};
use countersign_core::model::RuleIndex;
use countersign_core::script::foreign;
use countersign_core::script::functions::{self, FunctionId};
use countersign_core::text::{LocalText, reveal_json};
use countersign_run::history::{Contributions, contributions};
use countersign_workspace::Files;

/// Runs the verb.
///
/// # Errors
/// Nothing has that name, or the target or the requests cannot be read.
pub fn run(args: &Explain, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let text = if let Some(id) = &args.finding {
        finding(id, screen)?
    } else if let Some(name) = &args.function {
        function(name, screen)?
    } else if let Some(stage) = &args.stage {
        explain_table::page(stage, args, files, screen)?
    } else {
        match (Wanted::if_given(&args.file), &args.request, &args.rule) {
            (wanted, None, Some(rule)) if args.plain => explain_plain::page(rule, wanted.as_ref(), args, files, screen)?,
            (Some(wanted), Some(key), _) => request(key, &wanted, args, files, screen)?,
            (Some(wanted), None, Some(rule)) => explain_rule::page(rule, &wanted, args, files, screen)?,
            // The command line asks for more.
            _ => String::new(),
        }
    };
    screen.print(&text)?;
    Ok(Exit::Clean)
}

fn finding(id: &str, screen: &Screen) -> Result<String, Failure> {
    let known = crate::finding_kinds();
    if id == "all" {
        let line =
            |kind: &&FindingKind| format!("{:<28} {:<8} {}\n", kind.id(), kind.severity().word(), kind.title(screen.language));
        return Ok(known.iter().map(line).collect());
    }
    match known.iter().find(|kind| kind.id() == id) {
        Some(kind) => Ok(kind.page(screen.language).to_owned()),
        None => Err(unknown("check", "检查项", id, known.iter().map(|kind| kind.id())).into()),
    }
}

fn function(name: &str, screen: &Screen) -> Result<String, Failure> {
    if name == "all" {
        let line = |function: &FunctionId| format!("{:<44} {}\n", function.signature(), function.doc().get(screen.language));
        return Ok(functions::ALL.iter().map(line).collect());
    }
    let mut pages = Vec::new();
    for function in functions::forms(name) {
        let (script, value) = function.example;
        let doc = function.doc();
        pages.push(format!("{}\n\n{}\n\n  {script}\n  → {value}\n", function.signature(), doc.get(screen.language)));
    }
    if pages.is_empty() {
        let finding = unknown("function", "函数", name, functions::ALL.iter().map(|function| function.name));
        return Err(match foreign::name(name) {
            Some((help, _)) => finding.with_help(help),
            None => finding,
        }
        .into());
    }
    Ok(pages.join("\n"))
}

/// An explanation as JSON.
#[derive(Serialize)]
struct ExplainedRequest<'a> {
    #[serde(flatten)]
    explanation: &'a Explanation,
    /// What the derived fields count.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    history: &'a [Contributions],
}

fn request(key: &str, wanted: &Wanted<'_>, args: &Explain, files: &dyn Files, screen: &Screen) -> Result<String, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    let (table, _) = request_file::load(wanted, &target, files, screen)?;
    let Some(row) = table.find(key) else {
        let file = wanted.asked.name();
        let message = LocalText::new(format!("`{file}` has no request `{key}`"), format!("`{file}` 中没有请求 `{key}`"));
        let help = LocalText::new("give the value of the key field in full", "请给出键字段的完整值");
        return Err(Finding::new(UNKNOWN_REQUEST, None, message).with_help(help).into());
    };
    let history = contributions(&target.definition, &table, row);
    let mut explanation = engine::explain(&engine, &table.request(row));
    if let Some(wanted) = &args.rule {
        find_rule(&target, wanted)?;
        for stage in &mut explanation.stages {
            stage.rules.retain(|rule| rule.id.as_str() == wanted);
        }
    }
    match args.format {
        PageFormat::Human => {
            let choice = Choice { one_rule: args.rule.is_some(), brief: args.brief };
            Ok(explain_text::text(&explanation, &history, choice, screen.language))
        }
        PageFormat::Json => json(&ExplainedRequest { explanation: &explanation, history: &history }),
    }
}

pub(super) fn find_rule(target: &Target, wanted: &str) -> Result<RuleIndex, Failure> {
    let rules = &target.definition.rule_set;
    let found = rules.find_rule(wanted).map(|(index, ..)| index);
    let known: Vec<&str> = rules.rules().map(|(_, _, rule)| rule.id.as_str()).collect();
    Ok(found.ok_or_else(|| unknown("rule", "规则", wanted, known.into_iter()))?)
}

pub(super) fn json(explanation: &impl Serialize) -> Result<String, Failure> {
    Ok(reveal_json(serde_json::to_string_pretty(explanation).map_err(io::Error::from)? + "\n"))
}

pub(super) fn unknown<'a>(en: &str, zh: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Finding {
    let message = LocalText::new(format!("there is no {en} `{name}`"), format!("没有{zh} `{name}`"));
    suggest(Finding::new(UNKNOWN_NAME, None, message), name, known)
}
