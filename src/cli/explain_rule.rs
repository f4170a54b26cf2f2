//! One rule over many requests: its script, and under each line how often the conditions in it are true, false and not asked.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use serde::Serialize;

use super::args::{Explain, PageFormat};
use super::columns::count;
use super::exit::Failure;
use super::explain::{find_rule, json};
use super::request_file::{self, BOUNDS, Wanted};
use super::screen::Screen;
use super::target::Target;
use crate::engine::backtest::conditions;
use crate::model::RuleId;
use crate::text::{Language, LocalText, Source, Sources, Span};
use crate::workspace::Files;

/// A rule's conditions over a file of requests.
#[derive(Debug, Serialize)]
struct Page {
    rule: RuleId,
    title: LocalText,
    file: String,
    /// How many requests there are.
    requests: u64,
    /// Why there are no counts, where there are none.
    not_counted: Option<LocalText>,
    conditions: Vec<Condition>,
}

/// One condition over all requests.
#[derive(Clone, Debug, Default, Serialize)]
struct Condition {
    /// The file it stands in: the rule's script, or the shared functions.
    file: String,
    /// Its line, from 1.
    line: u32,
    /// Its column, from 1.
    column: u32,
    /// Its own text.
    text: String,
    /// How often it is true.
    holds: u64,
    /// How often it is false.
    fails: u64,
    /// How often it, or something in it, fails.
    errors: u64,
    /// How often it is not asked; none of a shared function, which may be called several times.
    not_asked: Option<u64>,
}

/// Counts over the whole file, part by part, and writes it down.
///
/// # Errors
/// There is no such rule, or the target or the requests cannot be read.
pub fn page(rule: &str, wanted: &Wanted<'_>, args: &Explain, files: &dyn Files, screen: &Screen) -> Result<String, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    let index = find_rule(&target, rule)?;
    let mut sums: BTreeMap<Span, Condition> = BTreeMap::new();
    let mut requests = 0;
    let what = LocalText::new("counting", "计数");
    request_file::stream(wanted, &target, files, screen, (&what, BOUNDS), |table, progress| {
        requests += table.len() as u64;
        let counts = conditions(&engine, index, &Arc::new(table), progress)?;
        for more in counts.unwrap_or_default() {
            let sum = sums.entry(more.span).or_default();
            sum.holds += more.holds;
            sum.fails += more.fails;
            sum.errors += more.errors;
        }
        Ok(())
    })?;
    let rules = &target.definition.rule_set;
    let Some(held) = rules.rule(index) else { return Ok(String::new()) };
    let not_counted = engine.plan().rule(index).err().map(|refused| refused.why.clone());
    let placed = sums.into_iter().map(|(span, sum)| place(&target.definition.sources, span, sum, (held.script.source, requests)));
    let mut all: Vec<Condition> = placed.collect();
    all.sort_by_key(|condition| (condition.not_asked.is_none(), condition.line, condition.column, condition.text.len()));
    let page = Page {
        rule: held.id.clone(),
        title: held.title.clone(),
        file: held.script.file.clone(),
        requests,
        not_counted,
        conditions: all,
    };
    match args.format {
        PageFormat::Json => json(&page),
        PageFormat::Human => Ok(page.text(&Source::new("", held.script.text.clone()), screen.language)),
    }
}

fn place(sources: &Sources, span: Span, sum: Condition, (own, requests): (crate::text::SourceId, u64)) -> Condition {
    let Some(source) = sources.get(span.source) else { return sum };
    let at = source.line_column(span.start);
    let asked = sum.holds + sum.fails + sum.errors;
    Condition {
        file: source.name().to_owned(),
        line: at.line,
        column: at.column,
        text: source.slice(span).to_owned(),
        not_asked: (span.source == own).then(|| requests.saturating_sub(asked)),
        ..sum
    }
}

impl Page {
    /// The script with the counts under its lines.
    fn text(&self, script: &Source, language: Language) -> String {
        let say = |en: &'static str, zh: &'static str| if language == Language::En { en } else { zh };
        let mut text = format!("{}  {}  {}\n", self.rule, self.title.get(language), self.file);
        let requests = count(self.requests);
        let _ = match language {
            Language::En => writeln!(text, "{requests} requests, whatever the other rules say of them\n"),
            Language::Zh => writeln!(text, "共 {requests} 条请求，不论其他规则如何判定\n"),
        };
        if let Some(why) = &self.not_counted {
            let _ = match language {
                Language::En => writeln!(text, "Not counted: the interpreter runs this rule because of {}.\n", why.en),
                Language::Zh => writeln!(text, "未计数：因{}，该规则由解释器执行。\n", why.zh),
            };
        }
        let own = || self.conditions.iter().filter(|condition| condition.not_asked.is_some());
        let shared: Vec<&Condition> = self.conditions.iter().filter(|condition| condition.not_asked.is_none()).collect();
        for (number, line) in (1..).zip(script.text().lines()) {
            let _ = writeln!(text, "{number:>4} | {line}");
            for condition in own().filter(|condition| condition.line == number) {
                text.push_str(&condition.row(language));
            }
        }
        if !shared.is_empty() {
            let _ = writeln!(
                text,
                "\n{}",
                say("In shared functions, over all calls of this rule:", "共享函数中，按本规则的全部调用计：")
            );
            for condition in shared {
                let _ = writeln!(text, "{:>4} | {}", condition.line, condition.file);
                text.push_str(&condition.row(language));
            }
        }
        text
    }
}

impl Condition {
    /// What it is and how often.
    fn row(&self, language: Language) -> String {
        let words: [&str; 4] = match language {
            Language::En => ["true", "false", "failed", "not asked"],
            Language::Zh => ["成立", "不成立", "出错", "未判断"],
        };
        let counts = [Some(self.holds), Some(self.fails), Some(self.errors).filter(|count| *count > 0), self.not_asked];
        let said = words.iter().zip(counts).filter_map(|(word, number)| Some(format!("{word} {}", count(number?))));
        let own = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("     |   · {own}\n     |       {}\n", said.collect::<Vec<_>>().join("   "))
    }
}
