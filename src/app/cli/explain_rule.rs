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
use countersign_core::diagnostic::RuleCost;
use countersign_core::engine::Costs;
use countersign_core::model::{RuleId, SetAside};
use countersign_core::text::{Language, LocalText, SourceId, Sources, Span};
use countersign_run::{conditions, count_cost};
use countersign_workspace::Files;
use unicode_width::UnicodeWidthStr;

/// A rule's conditions over a file of requests.
#[derive(Debug, Serialize)]
struct RulePage {
    rule: RuleId,
    title: LocalText,
    file: String,
    requests: u64,
    /// Rows that could not be read and are in no count.
    set_aside: Option<SetAside>,
    /// The most that the rule used of its budget for one of the first requests.
    cost: Option<RuleCost>,
    /// Why there are no counts, where there are none.
    not_counted: Option<LocalText>,
    conditions: Vec<ConditionLine>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct ConditionLine {
    /// The file it stands in: the rule's script, or the shared functions.
    file: String,
    /// Its line, from 1.
    line: u32,
    /// Its column, from 1.
    column: u32,
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
    let mut sums: BTreeMap<Span, ConditionLine> = BTreeMap::new();
    let (mut requests, mut costs) = (0, Costs::default());
    let what = LocalText::new("counting", "计数");
    let read = request_file::stream(wanted, &target, files, screen, (&what, BOUNDS), |table, progress| {
        requests += table.len() as u64;
        let table = Arc::new(table);
        count_cost(&engine, index, &table, &mut costs)?;
        let counts = conditions(&engine, index, &table, progress)?;
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
    let mut all: Vec<ConditionLine> = placed.collect();
    all.sort_by_key(|condition| (condition.not_asked.is_none(), condition.line, condition.column, condition.text.len()));
    let page = RulePage {
        rule: held.id.clone(),
        title: held.title.clone(),
        file: held.script.file.clone(),
        requests,
        set_aside: read.sample.set_aside,
        cost: costs.worst(|_| Some(held.id.to_string())),
        not_counted,
        conditions: all,
    };
    match args.format {
        PageFormat::Json => json(&page),
        PageFormat::Human => Ok(page.text(&held.script.text, &target.definition.sources, screen.language)),
    }
}

fn place(sources: &Sources, span: Span, sum: ConditionLine, (own, requests): (SourceId, u64)) -> ConditionLine {
    let Some(source) = sources.get(span.source) else { return sum };
    let at = source.line_column(span.start);
    let asked = sum.holds + sum.fails + sum.errors;
    ConditionLine {
        file: source.name().to_owned(),
        line: at.line,
        column: at.column,
        text: source.slice(span).to_owned(),
        not_asked: (span.source == own).then(|| requests.saturating_sub(asked)),
        ..sum
    }
}

impl RulePage {
    /// The script with the counts under its lines, then the lines of shared functions that it calls.
    fn text(&self, script: &str, sources: &Sources, language: Language) -> String {
        let requests = count(self.requests);
        let mut text = format!("{}  {}  {}\n", self.rule, self.title.get(language), self.file);
        let say = |text: &mut String, en: String, zh: String| {
            text.push_str(LocalText::new(en, zh).get(language));
            text.push('\n');
        };
        say(
            &mut text,
            format!("{requests} requests, whatever the other rules say of them\n"),
            format!("共 {requests} 条请求，不论其他规则如何判定\n"),
        );
        if let Some(aside) = &self.set_aside {
            let said = aside.sentence();
            say(&mut text, said.en, said.zh);
            for line in aside.reason_lines() {
                say(&mut text, format!("  {}", line.en), format!("  {}", line.zh));
            }
            text.push('\n');
        }
        if let Some(cost) = &self.cost {
            let said = cost.of_requests();
            say(&mut text, format!("{}\n", said.en), format!("{}\n", said.zh));
        }
        if let Some(why) = &self.not_counted {
            say(
                &mut text,
                format!("Not counted: the interpreter runs this rule because of {}.\n", why.en),
                format!("未计数：因{}，该规则由解释器执行。\n", why.zh),
            );
        }
        let (own, shared): (Vec<&ConditionLine>, Vec<&ConditionLine>) =
            self.conditions.iter().partition(|one| one.not_asked.is_some());
        for (number, code) in (1..).zip(script.lines()) {
            let here: Vec<&ConditionLine> = own.iter().copied().filter(|condition| condition.line == number).collect();
            list(&mut text, &number.to_string(), code, &here, language);
        }
        if !shared.is_empty() {
            let (en, zh) = ("\nIn shared functions, over all calls of this rule:", "\n共享函数中，按本规则的全部调用计：");
            say(&mut text, en.to_owned(), zh.to_owned());
        }
        for here in shared.chunk_by(|one, next| (&one.file, one.line) == (&next.file, next.line)) {
            let Some(ConditionLine { file, line, .. }) = here.first() else { continue };
            let code = sources.find(file).map_or("", |(_, source)| source.line_text(*line));
            list(&mut text, &format!("{file}:{line}"), code, here, language);
        }
        text
    }
}

/// A line of code, and under it the conditions that begin on it.
fn list(text: &mut String, place: &str, code: &str, conditions: &[&ConditionLine], language: Language) {
    let _ = writeln!(text, "{place:>4} | {code}");
    let gutter = " ".repeat(place.width().max(4));
    for condition in conditions {
        let (own, counts) = (condition.text.split_whitespace().collect::<Vec<_>>().join(" "), condition.counts(language));
        let _ = writeln!(text, "{gutter} |   · {own}\n{gutter} |       {counts}");
    }
}

impl ConditionLine {
    fn counts(&self, language: Language) -> String {
        let words: [&str; 4] = match language {
            Language::En => ["true", "false", "failed", "not asked"],
            Language::Zh => ["成立", "不成立", "出错", "未判断"],
        };
        let counts = [Some(self.holds), Some(self.fails), Some(self.errors).filter(|count| *count > 0), self.not_asked];
        let said = words.iter().zip(counts).filter_map(|(word, number)| Some(format!("{word} {}", count(number?))));
        said.collect::<Vec<_>>().join("   ")
    }
}
