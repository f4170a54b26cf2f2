//! A rule in plain language: its outcomes, and the conditions on which it gives each, in words of both languages.
//!
//! Read from the plan, so it is what runs: variables and shared functions are put in where they are used. Each statement names the
//! expressions it stands for, so that it can be counted, and checked against what the plan decides. A step that can only fail is not
//! said. What the interpreter runs has no reading ([`NotPlain`]); its script is shown instead.

mod asked;
mod clauses;
mod edit;
mod lines;
mod operands;
mod outcomes;
mod phrase;
mod statements;
mod table;
mod titles;

pub use edit::as_script;
pub use lines::{ReadingLine, ReadingLineKind, ReadingTotals, StatementCount};
pub use phrase::{PartKind, Phrase, PhrasePart};
pub use table::{StageTable, TableCell, TableRow, WrittenComparison};

use crate::model::{Definition, ListIndex, RuleIndex};
use crate::plan::{CompareOp, Graph, NodeId, Plan, PlanStep, Set};
use crate::script::functions::FunctionId;
use crate::text::LocalText;
use operands::Sort;
use titles::Titles;

/// The most expressions of one rule that are put into words; a longer text is easier to read as a script.
const EXPRESSIONS_MOST: usize = 2_000;

/// A rule in plain language.
#[derive(Clone, Debug, Default)]
pub struct RuleReading {
    /// What must hold before any arm is looked at: all of it.
    pub common: Vec<Clause>,
    /// In order; the first whose conditions hold gives its outcomes. Where none does, the rule does not apply.
    pub arms: Vec<ReadingArm>,
}

/// One way a rule ends.
#[derive(Clone, Debug)]
pub struct ReadingArm {
    /// The position of its step in the plan.
    pub step: usize,
    /// What the rule then gives; empty when it does not apply.
    pub outcomes: Vec<Phrase>,
    /// What must hold, all of it; nothing where the arm is always taken.
    pub when: Vec<Clause>,
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Clause {
    /// All hold; the first that does not ends the search.
    All(Vec<Clause>),
    /// At least one holds; the first that does ends the search.
    Any(Vec<Clause>),
    /// One statement.
    One(PlainStatement),
}

/// One statement about a request.
#[derive(Clone, Debug)]
pub struct PlainStatement {
    /// Expressions that a value is missing: none of them may be true, as the statement says. They come first.
    pub guards: Vec<NodeId>,
    /// The expressions that it prints.
    pub nodes: Vec<NodeId>,
    /// The truth value that it says they have.
    pub holds: bool,
    /// Whether all of them have it; otherwise one is enough. The first that decides ends the search.
    pub is_all: bool,
    /// What it says, apart from `guards`.
    pub says: Says,
    /// The statement in words.
    pub text: Phrase,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub enum Says {
    /// Always the same: whether it holds.
    Always,
    /// A comparison in words.
    Compare(CompareOp, NodeId, NodeId),
    /// An item is one of some constants; none of them where all expressions count.
    OneOf(NodeId, Vec<NodeId>),
    /// An item is in a set of constants.
    InSet(NodeId, Set),
    /// An item is in a list.
    InList(NodeId, ListIndex),
    /// A value is missing.
    Missing(NodeId),
    /// A call of a function that gives a truth value.
    Call(FunctionId, Box<[NodeId]>),
    /// Two truth values are the same, or are not.
    Agree(NodeId, NodeId, bool),
    /// A truth value.
    Truth(NodeId),
}

/// Why a rule has no reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPlain {
    /// For people: "a loop".
    pub why: LocalText,
}

impl NotPlain {
    /// Says that the script is shown instead, and why.
    #[must_use]
    pub fn sentence(&self) -> LocalText {
        LocalText::new(
            format!("Shown as its script: {} has no plain form.", self.why.en),
            format!("以脚本显示：{}无法用文字表述。", self.why.zh),
        )
    }
}

/// Reads the rules of one definition.
pub struct RuleReader<'a> {
    definition: &'a Definition,
    plan: &'a Plan,
    titles: Titles,
    sorts: Vec<Sort<'a>>,
}

impl<'a> RuleReader<'a> {
    /// Reads the rules of the definition that the plan was made of.
    #[must_use]
    pub fn new(definition: &'a Definition, plan: &'a Plan) -> Self {
        Self { definition, plan, titles: Titles::new(definition), sorts: operands::sorts(definition, plan.graph()) }
    }

    /// A rule in one sentence; of one without a plain form, why it has none.
    #[must_use]
    pub fn sentence(&self, rule: RuleIndex) -> LocalText {
        self.rule(rule).map_or_else(|refused| refused.sentence(), |reading| reading.sentence().text())
    }

    /// A rule in plain language.
    ///
    /// # Errors
    /// Why its script is shown instead.
    pub fn rule(&self, rule: RuleIndex) -> Result<RuleReading, NotPlain> {
        let lowered = self.plan.rule(rule).map_err(|refused| NotPlain { why: refused.why.clone() })?;
        let mut reading = Wording { reader: self, left: EXPRESSIONS_MOST };
        let mut arms = Vec::new();
        for (step, what) in lowered.steps.iter().enumerate() {
            let PlanStep::Arm { guard, outcomes } = what else { continue };
            let outcomes = outcomes.iter().map(|outcome| reading.outcome(outcome)).collect::<Worded<_>>()?;
            arms.push((ReadingArm { step, outcomes, when: Vec::new() }, reading.parts(*guard)));
        }
        // The beginning that all guards share is printed once.
        let shared = match arms.split_first() {
            Some(((_, first), rest)) if !rest.is_empty() => {
                let common = |parts: &[NodeId]| first.iter().zip(parts).take_while(|(one, other)| one == other).count();
                rest.iter().map(|(_, parts)| common(parts)).min().unwrap_or_default()
            }
            _ => 0,
        };
        let common = arms.first().and_then(|(_, parts)| parts.get(..shared)).unwrap_or_default().to_vec();
        let common = reading.all(&common)?;
        let mut made = Vec::new();
        for (arm, parts) in arms {
            let when = reading.all(parts.get(shared..).unwrap_or_default())?;
            made.push(ReadingArm { when, ..arm });
        }
        Ok(RuleReading { common, arms: made })
    }
}

type Worded<T> = Result<T, NotPlain>;

/// One rule being read.
struct Wording<'r, 'a> {
    reader: &'r RuleReader<'a>,
    /// How many more expressions may be put into words.
    left: usize,
}

impl<'a> Wording<'_, 'a> {
    fn graph(&self) -> &'a Graph {
        self.reader.plan.graph()
    }

    fn definition(&self) -> &'a Definition {
        self.reader.definition
    }

    fn spend(&mut self) -> Worded<()> {
        self.left = self.left.checked_sub(1).ok_or_else(|| NotPlain {
            why: LocalText::new("a condition of more than 2,000 parts", "超过 2,000 个组成部分的条件"),
        })?;
        Ok(())
    }
}
