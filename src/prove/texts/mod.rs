//! Texts in the formula. A text is a whole number that names it: texts that rules name have numbers of their own, every other number is
//! "another text". What rules ask of a text beside equality is a truth value, settled for every text that has a number.

mod pick;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use batsat::Lit;

use super::formula::{Formula, Model};
use super::linear::{Linear, LinearVariable};
use countersign_core::model::ListEntries;
use countersign_core::plan::semantics::TEXT_BYTES;
use countersign_core::script::share;

/// The largest number that names a text.
const NUMBERS: i128 = 1 << 40;
/// A list or set of at most so many texts is a choice of equalities.
const FEW: usize = 24;

/// A text that is not known before the request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TextVariable(usize);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Text {
    /// The same for every request.
    Known(Arc<str>),
    /// One of the request, or made of one.
    Open(TextVariable),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ask {
    StartsWith(Arc<str>),
    EndsWith(Arc<str>),
    Contains(Arc<str>),
    /// It comes before another in order.
    Before(Arc<str>),
    OneOf(Arc<[Arc<str>]>),
}

impl Ask {
    fn of(&self, text: &str) -> bool {
        match self {
            Self::StartsWith(part) => text.starts_with(part.as_ref()),
            Self::EndsWith(part) => text.ends_with(part.as_ref()),
            Self::Contains(part) => text.contains(part.as_ref()),
            Self::Before(other) => text < other.as_ref(),
            Self::OneOf(texts) => texts.binary_search_by(|one| one.as_ref().cmp(text)).is_ok(),
        }
    }
}

/// How a text is made of another one.
pub(super) type Make = Box<dyn Fn(&str) -> Option<Arc<str>>>;

/// What is known of an open text.
struct Open {
    number: LinearVariable,
    /// The texts it may be, where they are few and known.
    among: Option<Vec<Arc<str>>>,
    /// Texts that it is compared with, each with its literal.
    equal: BTreeMap<Arc<str>, Lit>,
    asked: BTreeMap<Ask, Lit>,
    length: Option<LinearVariable>,
    /// Shares by salt.
    shares: Vec<(Arc<str>, LinearVariable)>,
    compared: Vec<(TextVariable, Lit)>,
    /// Whether requests hold it, and not only the rules make it.
    given: bool,
}

#[derive(Default)]
pub(super) struct Texts {
    numbers: HashMap<Arc<str>, i128>,
    open: Vec<Open>,
    /// Open texts that are made of others.
    made_of: Vec<(TextVariable, TextVariable, Make)>,
}

impl Texts {
    /// The number of a text that rules name.
    fn number(&mut self, text: &Arc<str>) -> i128 {
        let next = i128::try_from(self.numbers.len()).unwrap_or(NUMBERS);
        *self.numbers.entry(Arc::clone(text)).or_insert(next)
    }

    /// A text of the request: one of `among`, or any text that is not empty.
    pub(super) fn given(&mut self, formula: &mut Formula, among: Option<Vec<Arc<str>>>) -> TextVariable {
        let made = self.add(formula, among, true);
        if self.open.get(made.0).is_some_and(|open| open.among.is_none()) {
            let empty = self.equals(formula, made, &Arc::from(""));
            formula.clause(&[!empty]);
        }
        made
    }

    /// A text that rules make of another: exact for every text that has a number.
    pub(super) fn made_of(&mut self, formula: &mut Formula, of: TextVariable, rewrite: Make) -> TextVariable {
        let made = self.add(formula, None, false);
        let known: Vec<Arc<str>> = self.open.get(of.0).map(|open| open.equal.keys().cloned().collect()).unwrap_or_default();
        self.made_of.push((of, made, rewrite));
        for text in known {
            self.follow(formula, of, &text);
        }
        made
    }

    /// What texts made of this one are, where it is this text.
    fn follow(&mut self, formula: &mut Formula, one: TextVariable, text: &Arc<str>) {
        let Some(is) = self.open.get(one.0).and_then(|open| open.equal.get(text)).copied() else { return };
        let made: Vec<(TextVariable, Arc<str>)> = self
            .made_of
            .iter()
            .filter(|(of, ..)| *of == one)
            .filter_map(|(_, made, rewrite)| Some((*made, rewrite(text)?)))
            .collect();
        for (made, text) in made {
            let its = self.equals(formula, made, &text);
            formula.clause(&[!is, its]);
        }
    }

    /// A text that rules make, about which nothing is known yet.
    pub(super) fn made(&mut self, formula: &mut Formula) -> TextVariable {
        self.add(formula, None, false)
    }

    fn add(&mut self, formula: &mut Formula, among: Option<Vec<Arc<str>>>, given: bool) -> TextVariable {
        let number = formula.variable(0, NUMBERS);
        formula.prefer(number, NUMBERS);
        self.open.push(Open {
            number,
            among: None,
            equal: BTreeMap::new(),
            asked: BTreeMap::new(),
            length: None,
            shares: Vec::new(),
            compared: Vec::new(),
            given,
        });
        let made = TextVariable(self.open.len() - 1);
        if let Some(among) = among {
            let equal: Vec<Lit> = among.iter().map(|text| self.equals(formula, made, text)).collect();
            formula.clause(&equal);
            if let Some(open) = self.open.get_mut(made.0) {
                open.among = Some(among);
            }
        }
        made
    }

    /// Whether an open text is this one.
    pub(super) fn equals(&mut self, formula: &mut Formula, one: TextVariable, text: &Arc<str>) -> Lit {
        let Some(open) = self.open.get(one.0) else { return formula.no() };
        if let Some(literal) = open.equal.get(text) {
            return *literal;
        }
        if open.among.is_some() {
            return formula.no();
        }
        let variable = Linear::variable(open.number);
        let number = Linear::constant(self.number(text));
        let literal = formula.equal(&variable, &number).unwrap_or_else(|| formula.free());
        let Some(open) = self.open.get_mut(one.0) else { return literal };
        open.equal.insert(Arc::clone(text), literal);
        for (ask, asked) in &open.asked {
            formula.clause(&[!literal, if ask.of(text) { *asked } else { !*asked }]);
        }
        for (salt, variable) in &open.shares {
            let same = formula.equal(&Linear::variable(*variable), &Linear::constant(share(text, salt).into()));
            if let Some(same) = same {
                formula.clause(&[!literal, same]);
            }
        }
        if let Some(length) = open.length {
            Self::tie_length(formula, length, literal, text);
        }
        self.follow(formula, one, text);
        literal
    }

    fn tie_length(formula: &mut Formula, length: LinearVariable, literal: Lit, text: &str) {
        let count = i128::try_from(text.chars().count()).unwrap_or(NUMBERS);
        if let Some(same) = formula.equal(&Linear::variable(length), &Linear::constant(count)) {
            formula.clause(&[!literal, same]);
        }
    }

    /// A question about a text as a literal.
    pub(super) fn ask(&mut self, formula: &mut Formula, text: &Text, ask: &Ask) -> Lit {
        let one = match text {
            Text::Known(text) => return formula.truth(ask.of(text)),
            Text::Open(one) => *one,
        };
        let Some(open) = self.open.get(one.0) else { return formula.no() };
        if let Some(literal) = open.asked.get(ask) {
            return *literal;
        }
        if let Some(among) = &open.among {
            let fitting: Vec<Lit> =
                among.iter().filter(|text| ask.of(text)).filter_map(|text| open.equal.get(text).copied()).collect();
            let literal = formula.any(fitting);
            return self.note(one, ask, literal);
        }
        match ask {
            Ask::OneOf(texts) if texts.len() <= FEW => {
                let equal: Vec<Lit> = texts.iter().map(|text| self.equals(formula, one, text)).collect();
                let literal = formula.any(equal);
                return self.note(one, ask, literal);
            }
            Ask::StartsWith(part) | Ask::EndsWith(part) | Ask::Contains(part) if part.is_empty() => return formula.yes(),
            Ask::Before(other) if other.is_empty() => return formula.no(),
            _ => {}
        }
        let literal = formula.free();
        self.settle(formula, one, ask, literal);
        self.note(one, ask, literal);
        for (other, same) in self.open.get(one.0).map(|open| open.compared.clone()).unwrap_or_default() {
            let its = self.ask(formula, &Text::Open(other), ask);
            Self::agree(formula, same, literal, its);
        }
        literal
    }

    fn note(&mut self, one: TextVariable, ask: &Ask, literal: Lit) -> Lit {
        if let Some(open) = self.open.get_mut(one.0) {
            open.asked.insert(ask.clone(), literal);
        }
        literal
    }

    fn agree(formula: &mut Formula, same: Lit, one: Lit, other: Lit) {
        formula.clause(&[!same, !one, other]);
        formula.clause(&[!same, one, !other]);
    }

    /// What a new question means for texts that are known, and for other questions.
    fn settle(&mut self, formula: &mut Formula, one: TextVariable, ask: &Ask, literal: Lit) {
        let Some(open) = self.open.get(one.0) else { return };
        for (text, equal) in &open.equal {
            formula.clause(&[!*equal, if ask.of(text) { literal } else { !literal }]);
        }
        for (other, its) in &open.asked {
            match (ask, other) {
                (Ask::StartsWith(mine), Ask::StartsWith(theirs)) => {
                    match (mine.starts_with(theirs.as_ref()), theirs.starts_with(mine.as_ref())) {
                        (true, _) => formula.clause(&[!literal, *its]),
                        (_, true) => formula.clause(&[!*its, literal]),
                        _ => formula.clause(&[!literal, !*its]),
                    }
                }
                (Ask::Before(early), Ask::Before(late)) => {
                    let (smaller, larger) = if early < late { (literal, *its) } else { (*its, literal) };
                    formula.clause(&[!smaller, larger]);
                }
                (Ask::OneOf(mine), Ask::OneOf(theirs)) => {
                    let (all_in, any_in) = overlap(mine, theirs);
                    let (all_of_theirs, _) = overlap(theirs, mine);
                    if !any_in {
                        formula.clause(&[!literal, !*its]);
                    }
                    if all_in {
                        formula.clause(&[!literal, *its]);
                    }
                    if all_of_theirs {
                        formula.clause(&[!*its, literal]);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn same(&mut self, formula: &mut Formula, one: &Text, other: &Text) -> Lit {
        match (one, other) {
            (Text::Known(one), Text::Known(other)) => formula.truth(one == other),
            (Text::Known(known), Text::Open(open)) | (Text::Open(open), Text::Known(known)) => self.equals(formula, *open, known),
            (Text::Open(one), Text::Open(other)) if one == other => formula.yes(),
            (Text::Open(one), Text::Open(other)) => self.compare_open(formula, *one, *other),
        }
    }

    fn compare_open(&mut self, formula: &mut Formula, one: TextVariable, other: TextVariable) -> Lit {
        let (Some(mine), Some(its)) = (self.open.get(one.0), self.open.get(other.0)) else { return formula.no() };
        if let Some((_, same)) = mine.compared.iter().find(|(held, _)| *held == other) {
            return *same;
        }
        let asks: Vec<Ask> = mine.asked.keys().chain(its.asked.keys()).cloned().collect();
        let salts: Vec<Arc<str>> = mine.shares.iter().chain(&its.shares).map(|(salt, _)| Arc::clone(salt)).collect();
        let lengths = mine.length.is_some() || its.length.is_some();
        let numbers = (Linear::variable(mine.number), Linear::variable(its.number));
        let same = formula.equal(&numbers.0, &numbers.1).unwrap_or_else(|| formula.free());
        for ask in asks {
            let (one, other) = (self.ask(formula, &Text::Open(one), &ask), self.ask(formula, &Text::Open(other), &ask));
            Self::agree(formula, same, one, other);
        }
        for (one, other) in [(one, other), (other, one)] {
            if let Some(open) = self.open.get_mut(one.0) {
                open.compared.push((other, same));
            }
        }
        for salt in salts {
            let (one, other) = (self.share(formula, one, &salt), self.share(formula, other, &salt));
            Self::equate(formula, same, one, other);
        }
        if lengths {
            let (one, other) = (self.length(formula, one), self.length(formula, other));
            Self::equate(formula, same, one, other);
        }
        same
    }

    fn equate(formula: &mut Formula, same: Lit, one: LinearVariable, other: LinearVariable) {
        if let Some(equal) = formula.equal(&Linear::variable(one), &Linear::variable(other)) {
            formula.meaning(&[one, other], &[!same, equal]);
        }
    }

    /// How many characters an open text has.
    pub(super) fn length(&mut self, formula: &mut Formula, one: TextVariable) -> LinearVariable {
        if let Some(length) = self.open.get(one.0).and_then(|open| open.length) {
            return length;
        }
        let length = formula.variable(0, TEXT_BYTES as i128);
        formula.prefer(length, 12);
        let Some(open) = self.open.get_mut(one.0) else { return length };
        open.length = Some(length);
        for (text, literal) in &open.equal {
            Self::tie_length(formula, length, *literal, text);
        }
        let compared = open.compared.clone();
        let empty = self.equals(formula, one, &Arc::from(""));
        if let Some(none) = formula.at_most(&Linear::variable(length), &Linear::default()) {
            formula.clause(&[!none, empty]);
        }
        for (other, same) in compared {
            let its = self.length(formula, other);
            Self::equate(formula, same, length, its);
        }
        length
    }

    /// The share of an open text under a salt: some number in its range, the same for the same text.
    pub(super) fn share(&mut self, formula: &mut Formula, one: TextVariable, salt: &Arc<str>) -> LinearVariable {
        let held = self.open.get(one.0).and_then(|open| open.shares.iter().find(|(held, _)| held == salt));
        if let Some((_, share)) = held {
            return *share;
        }
        let made = formula.variable(0, 9_999);
        let Some(open) = self.open.get_mut(one.0) else { return made };
        open.shares.push((Arc::clone(salt), made));
        for (text, literal) in &open.equal {
            if let Some(same) = formula.equal(&Linear::variable(made), &Linear::constant(share(text, salt).into())) {
                formula.clause(&[!*literal, same]);
            }
        }
        for (other, same) in open.compared.clone() {
            let its = self.share(formula, other, salt);
            Self::equate(formula, same, made, its);
        }
        made
    }

    /// The texts an open text may be, where they are few.
    pub(super) fn among(&self, one: TextVariable) -> Option<&[Arc<str>]> {
        self.open.get(one.0)?.among.as_deref()
    }

    /// The variable that names an open text.
    pub(super) fn number_of(&self, one: TextVariable) -> LinearVariable {
        self.open.get(one.0).map_or(LinearVariable(0), |open| open.number)
    }

    /// The number that names an open text in a model: texts of one number are the same.
    pub(super) fn name(&self, model: &Model, one: TextVariable) -> i128 {
        self.open.get(one.0).map_or(-1, |open| model.number(open.number))
    }

    /// Whether an open text is compared with another open one.
    pub(super) fn is_compared(&self, one: TextVariable) -> bool {
        self.open.get(one.0).is_some_and(|open| !open.compared.is_empty())
    }
}

/// Whether all, and whether any, of some sorted texts are among others.
fn overlap(some: &[Arc<str>], others: &[Arc<str>]) -> (bool, bool) {
    let mut held = some.iter().map(|text| others.binary_search(text).is_ok());
    let first = held.next();
    let mut result = (first.unwrap_or(true), first.unwrap_or(false));
    for is_in in held {
        result = (result.0 && is_in, result.1 || is_in);
    }
    result
}

pub(super) fn texts_of(entries: &ListEntries) -> Option<Arc<[Arc<str>]>> {
    match entries {
        ListEntries::Text(texts) => Some(Arc::clone(texts)),
        ListEntries::Int(_) => None,
    }
}
