//! A reading as lines of a nested list, which every screen and page shows alike.

use std::fmt::Write;

use super::statements::inline;
use super::{Clause, Phrase, ReadingArm, RuleReading};
use crate::text::{Language, LocalText, grouped};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingLineKind {
    /// What must hold before any arm.
    Common,
    /// The outcomes of the arm at that position.
    Arm(usize),
    /// How the clauses below it belong together.
    Group,
    /// A statement.
    Statement,
}

/// One line.
#[derive(Clone, Debug)]
pub struct ReadingLine {
    /// What it is.
    pub kind: ReadingLineKind,
    /// How deep it is nested.
    pub depth: usize,
    /// Its words.
    pub text: Phrase,
    /// The clause it shows, by its position in [`RuleReading::clauses`].
    pub clause: Option<usize>,
}

/// How many requests come to a clause, and for how many it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatementCount {
    /// Requests for which it is asked.
    pub reached: u64,
    /// Of those, requests for which it holds.
    pub held: u64,
}

/// A reading counted over requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingTotals {
    /// How many requests there are.
    pub requests: u64,
    /// By the clause's position in [`RuleReading::clauses`].
    pub clauses: Vec<StatementCount>,
    /// How many requests take each arm.
    pub arms: Vec<u64>,
}

impl StatementCount {
    /// For people: "20,000 reached, 106 true".
    #[must_use]
    pub fn text(self) -> LocalText {
        let (reached, held) = (grouped(self.reached), grouped(self.held));
        LocalText::new(format!("{reached} reached, {held} true"), format!("到达 {reached}，成立 {held}"))
    }
}

impl ReadingTotals {
    /// How often a line of the reading was reached and true; of an arm, of all requests those that take it.
    #[must_use]
    pub fn of(&self, kind: ReadingLineKind, clause: Option<usize>) -> Option<StatementCount> {
        match kind {
            ReadingLineKind::Arm(at) => Some(StatementCount { reached: self.requests, held: *self.arms.get(at)? }),
            _ => self.clauses.get(clause?).copied(),
        }
    }

    /// With those of other requests, of the same reading.
    pub fn add(&mut self, more: &Self) {
        self.requests += more.requests;
        self.clauses.resize(more.clauses.len().max(self.clauses.len()), StatementCount::default());
        self.arms.resize(more.arms.len().max(self.arms.len()), 0);
        for (sum, count) in self.clauses.iter_mut().zip(&more.clauses) {
            sum.reached += count.reached;
            sum.held += count.held;
        }
        self.arms.iter_mut().zip(&more.arms).for_each(|(sum, count)| *sum += count);
    }
}

impl RuleReading {
    /// Every clause: those of all arms first, then those of each arm, each before its parts.
    #[must_use]
    pub fn clauses(&self) -> Vec<&Clause> {
        fn add<'c>(clause: &'c Clause, all: &mut Vec<&'c Clause>) {
            all.push(clause);
            if let Clause::All(parts) | Clause::Any(parts) = clause {
                for part in parts {
                    add(part, all);
                }
            }
        }
        let mut all = Vec::new();
        for clause in self.common.iter().chain(self.arms.iter().flat_map(|arm| &arm.when)) {
            add(clause, &mut all);
        }
        all
    }

    /// The reading as lines.
    #[must_use]
    pub fn lines(&self) -> Vec<ReadingLine> {
        let mut lines = Lines { made: Vec::new(), clauses: 0 };
        if self.arms.is_empty() {
            let text = Phrase::words("This rule never has an outcome.", "该规则始终不给出结果。");
            lines.add(ReadingLineKind::Group, 0, text, None);
        }
        if !self.common.is_empty() {
            let text = match self.common.as_slice() {
                [Clause::One(_)] => Phrase::words("Only when this holds:", "前提条件："),
                _ => Phrase::words("Only when all of these hold:", "前提条件（须同时满足）："),
            };
            lines.add(ReadingLineKind::Common, 0, text, None);
            lines.conditions(&self.common, 1);
        }
        for (at, arm) in self.arms.iter().enumerate() {
            lines.add(ReadingLineKind::Arm(at), 0, arm.head(at > 0, !self.common.is_empty()), None);
            lines.conditions(&arm.when, 1);
        }
        lines.made
    }

    /// The lines as text, each ended by a line break, with their counts where there are some.
    #[must_use]
    pub fn page(&self, totals: Option<&ReadingTotals>, language: Language) -> String {
        let mut page = String::new();
        for line in self.lines() {
            let said = line.text.text();
            let counted = totals.and_then(|totals| totals.of(line.kind, line.clause)).map(StatementCount::text);
            let bullet = if matches!(line.kind, ReadingLineKind::Statement | ReadingLineKind::Group) { "• " } else { "" };
            let indent = "  ".repeat(line.depth);
            let counted = counted.map_or_else(String::new, |counted| format!("  [{}]", counted.get(language)));
            let _ = writeln!(page, "{indent}{bullet}{}{counted}", said.get(language));
        }
        page
    }

    /// The whole reading in one sentence.
    #[must_use]
    pub fn sentence(&self) -> Phrase {
        let when = |clauses: &[Clause]| inline(&Clause::All(clauses.to_vec()), false);
        let mut arms: Vec<Phrase> = Vec::new();
        for (at, arm) in self.arms.iter().enumerate() {
            let outcome = arm.outcome();
            let outcome = if at > 0 { outcome } else { outcome.capitalised() };
            arms.push(match arm.when.as_slice() {
                [] => outcome,
                some => Phrase::of("{0}, when {1}", "当{1}时，{0}", &[&outcome, &when(some)]),
            });
        }
        let arms = Phrase::joined(&arms, "; otherwise ", "；否则，");
        match (self.arms.is_empty(), self.common.as_slice()) {
            (true, _) => Phrase::words("never has an outcome", "始终不给出结果"),
            (_, []) => arms,
            (_, common) => Phrase::of("Only when {1}: {0}", "仅当{1}：{0}", &[&arms, &when(common)]),
        }
    }
}

impl ReadingArm {
    pub(super) fn outcome(&self) -> Phrase {
        match self.outcomes.as_slice() {
            [] => Phrase::words("no outcome", "不命中"),
            outcomes => Phrase::joined(outcomes, "; and ", "；并"),
        }
    }

    /// The line above its conditions.
    fn head(&self, is_later: bool, has_common: bool) -> Phrase {
        let outcome = self.outcome();
        let outcome = if is_later { Phrase::of("Otherwise {0}", "否则，{0}", &[&outcome]) } else { outcome.capitalised() };
        match self.when.as_slice() {
            [] if is_later || has_common => outcome,
            [] => Phrase::of("{0}, for every request", "{0}，适用于所有请求", &[&outcome]),
            [Clause::Any(_)] => Phrase::of("{0}, when at least one of these holds:", "{0}，满足以下任一条件时：", &[&outcome]),
            [_] => Phrase::of("{0}, when", "{0}，条件为：", &[&outcome]),
            _ => Phrase::of("{0}, when all of these hold:", "{0}，须同时满足：", &[&outcome]),
        }
    }
}

struct Lines {
    made: Vec<ReadingLine>,
    /// How many clauses have their place.
    clauses: usize,
}

impl Lines {
    fn add(&mut self, kind: ReadingLineKind, depth: usize, text: Phrase, clause: Option<usize>) {
        self.made.push(ReadingLine { kind, depth, text, clause });
    }

    /// The conditions below a head, which says how they belong together.
    fn conditions(&mut self, clauses: &[Clause], depth: usize) {
        let clauses = match clauses {
            [Clause::Any(parts)] => {
                self.clauses += 1;
                parts.as_slice()
            }
            several => several,
        };
        for clause in clauses {
            self.clause(clause, depth);
        }
    }

    fn clause(&mut self, clause: &Clause, depth: usize) {
        let own = Some(self.clauses);
        self.clauses += 1;
        let (text, parts) = match clause {
            Clause::One(statement) => return self.add(ReadingLineKind::Statement, depth, statement.text.clone(), own),
            Clause::All(parts) => (Phrase::words("all of these:", "以下全部成立："), parts),
            Clause::Any(parts) => (Phrase::words("at least one of these:", "以下至少一项成立："), parts),
        };
        self.add(ReadingLineKind::Group, depth, text, own);
        for part in parts {
            self.clause(part, depth + 1);
        }
    }
}
