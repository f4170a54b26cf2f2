//! One rule in plain language, and over a file of requests how many come to each of its statements.

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
use countersign_core::model::{RuleId, SetAside};
use countersign_core::reading::{Clause, Phrase, ReadingTotals, RuleReader, RuleReading};
use countersign_core::text::LocalText;
use countersign_run::reading_totals;
use countersign_workspace::Files;

#[derive(Debug, Serialize)]
struct PlainPage {
    rule: RuleId,
    title: LocalText,
    file: String,
    /// How many requests were counted; none where no file is given.
    requests: Option<u64>,
    /// Rows that could not be read and are in no count.
    set_aside: Option<SetAside>,
    /// Why the rule has no plain form, where it has none; then `script` holds it.
    not_plain: Option<LocalText>,
    script: Option<String>,
    /// What must hold before any arm: all of it.
    common: Vec<PlainClause>,
    /// In order; the first whose conditions hold gives its outcomes.
    arms: Vec<PlainArm>,
}

#[derive(Debug, Serialize)]
struct PlainArm {
    /// Empty where the rule then does not apply.
    outcomes: Vec<LocalText>,
    when: Vec<PlainClause>,
    /// How many requests take it.
    requests: Option<u64>,
}

#[derive(Debug, Serialize)]
struct PlainClause {
    #[serde(flatten)]
    what: PlainClauseKind,
    /// How many requests come to it.
    reached: Option<u64>,
    /// Of those, for how many it holds.
    holds: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum PlainClauseKind {
    All(Vec<PlainClause>),
    Any(Vec<PlainClause>),
    Statement(LocalText),
}

/// Reads a rule and counts it where requests are given.
///
/// # Errors
/// There is no such rule, or the target or the requests cannot be read.
pub fn page(
    rule: &str,
    wanted: Option<&Wanted<'_>>,
    args: &Explain,
    files: &dyn Files,
    screen: &Screen,
) -> Result<String, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    let index = find_rule(&target, rule)?;
    let read = RuleReader::new(&target.definition, engine.plan()).rule(index);
    let mut totals: Option<ReadingTotals> = None;
    let mut set_aside = None;
    if let Some(wanted) = wanted {
        let what = LocalText::new("counting", "计数");
        let mut requests = 0;
        let sample = request_file::stream(wanted, &target, files, screen, (&what, BOUNDS), |table, progress| {
            requests += table.len() as u64;
            let counted = match &read {
                Ok(reading) => reading_totals(&engine, (index, reading), &Arc::new(table), progress)?,
                Err(_) => None,
            };
            totals.get_or_insert_default().add(&counted.unwrap_or_default());
            Ok(())
        })?;
        let totals = totals.get_or_insert_default();
        totals.requests = requests;
        set_aside = sample.sample.set_aside;
    }
    let rules = &target.definition.rule_set;
    let Some(held) = rules.rule(index) else { return Ok(String::new()) };
    match args.format {
        PageFormat::Human => {
            let language = screen.language;
            let mut text = format!("{}  {}  {}\n\n", held.id, held.title.get(language), held.script.file);
            if let Some(totals) = &totals {
                let number = count(totals.requests);
                let said = LocalText::new(
                    format!("{number} requests, whatever the other rules say of them\n\n"),
                    format!("共 {number} 条请求，不论其他规则如何判定\n\n"),
                );
                text.push_str(said.get(language));
            }
            if let Some(aside) = &set_aside {
                let _ = writeln!(text, "{}\n", aside.sentence().get(language));
            }
            match &read {
                Ok(reading) => text.push_str(&reading.page(totals.as_ref(), language)),
                Err(refused) => {
                    let (said, script) = (refused.sentence(), held.script.text.trim_end());
                    let _ = writeln!(text, "{}\n\n{script}", said.get(language));
                }
            }
            Ok(text)
        }
        PageFormat::Json => {
            let (reading, not_plain) = match read {
                Ok(reading) => (reading, None),
                Err(refused) => (RuleReading::default(), Some(refused.why)),
            };
            let script = not_plain.is_some().then(|| held.script.text.to_string());
            let mut clauses = Clauses { totals: totals.as_ref(), at: 0 };
            let common = clauses.all(&reading.common);
            let arms = reading.arms.iter().enumerate();
            let arms = arms.map(|(at, arm)| PlainArm {
                outcomes: arm.outcomes.iter().map(Phrase::text).collect(),
                when: clauses.all(&arm.when),
                requests: totals.as_ref().and_then(|totals| totals.arms.get(at).copied()),
            });
            let arms = arms.collect();
            json(&PlainPage {
                rule: held.id.clone(),
                title: held.title.clone(),
                file: held.script.file.clone(),
                requests: totals.as_ref().map(|totals| totals.requests),
                set_aside,
                not_plain,
                script,
                common,
                arms,
            })
        }
    }
}

/// Clauses with their counts, in the order of the reading.
struct Clauses<'a> {
    totals: Option<&'a ReadingTotals>,
    at: usize,
}

impl Clauses<'_> {
    fn all(&mut self, clauses: &[Clause]) -> Vec<PlainClause> {
        clauses.iter().map(|clause| self.one(clause)).collect()
    }

    fn one(&mut self, clause: &Clause) -> PlainClause {
        let counted = self.totals.and_then(|totals| totals.clauses.get(self.at).copied());
        self.at += 1;
        let what = match clause {
            Clause::All(parts) => PlainClauseKind::All(self.all(parts)),
            Clause::Any(parts) => PlainClauseKind::Any(self.all(parts)),
            Clause::One(statement) => PlainClauseKind::Statement(statement.text.text()),
        };
        PlainClause { what, reached: counted.map(|count| count.reached), holds: counted.map(|count| count.held) }
    }
}
