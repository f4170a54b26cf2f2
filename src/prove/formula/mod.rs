//! A growing formula over truth values and whole numbers, and the search for a model under assumptions.
//!
//! Truth values are solved by `batsat`. A relation of a sum to a number is one literal; the relations of one sum are ordered among each
//! other. A model of the truth values whose relations have no solution in whole numbers is excluded by a clause that says why.

mod model;
#[cfg(test)]
mod smt;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use batsat::{Callbacks, Lit, Solver, SolverInterface, SolverOpts, Var, lbool};

use super::budget::{Budget, Meter, UnknownReason};
use super::linear::{Linear, LinearVariable};
use super::simplex::{Because, Found, Simplex, Steps};
use countersign_core::progress::Progress;
pub(super) use model::Model;

/// The most pivots and branches of one look at the whole numbers.
const PIVOTS: u64 = 20_000;
const BRANCHES: u32 = 400;
/// What one clause that excludes whole numbers counts, beside its pivots.
const LEMMA_STEPS: u64 = 20;

/// Stops the search when the steps are used up; asked at every conflict and decision.
struct Stop(Meter);

impl Callbacks for Stop {
    fn stop(&self) -> bool {
        self.0.spend(1)
    }
}

/// A variable with the values it may have.
#[derive(Clone, Copy)]
struct Domain {
    low: i128,
    high: i128,
    /// Where a solution starts looking.
    start: i128,
}

/// A sum with the literals that say it is at most a number.
struct LinearForm {
    terms: Vec<(LinearVariable, i128)>,
    low: i128,
    high: i128,
    at_most: BTreeMap<i128, Lit>,
}

/// A bound, and the literal that says so.
type LiteralBound = Option<(i128, Lit)>;

pub(super) enum Outcome {
    /// The truth values and the numbers of a model.
    Model(Model),
    /// There is none; these assumptions are enough to exclude it.
    None(Vec<Lit>),
    /// The budget does not suffice.
    Unknown(UnknownReason),
}

pub(super) struct Formula {
    sat: Solver<Stop>,
    yes: Lit,
    gates: HashMap<Vec<Lit>, Lit>,
    /// The parts of each gate, all of which it needs.
    parts: HashMap<Var, Vec<Lit>>,
    /// The form that each relation is about.
    relations: HashMap<Var, usize>,
    /// Clauses that say what a variable is, which matter only where the variable does.
    meanings: HashMap<LinearVariable, Vec<Vec<Lit>>>,
    domains: Vec<Domain>,
    forms: Vec<LinearForm>,
    known: HashMap<Vec<(LinearVariable, i128)>, usize>,
    /// What was said, without what a search found.
    #[cfg(test)]
    clauses: Vec<Vec<Lit>>,
    size: usize,
    budget: Budget,
    meter: Meter,
}

impl Formula {
    pub(super) fn new(budget: Budget, progress: Arc<Progress>) -> Self {
        let meter = Meter::new(progress);
        let mut sat = Solver::new(SolverOpts::default(), Stop(meter.clone()));
        let yes = Lit::new(sat.new_var_default(), true);
        sat.add_clause_reuse(&mut vec![yes]);
        Self {
            sat,
            yes,
            gates: HashMap::new(),
            parts: HashMap::new(),
            relations: HashMap::new(),
            meanings: HashMap::new(),
            domains: Vec::new(),
            forms: Vec::new(),
            known: HashMap::new(),
            #[cfg(test)]
            clauses: vec![vec![yes]],
            size: 0,
            budget,
            meter,
        }
    }

    pub(super) fn budget(&self) -> Budget {
        self.budget
    }

    pub(super) fn yes(&self) -> Lit {
        self.yes
    }

    pub(super) fn no(&self) -> Lit {
        !self.yes
    }

    pub(super) fn truth(&self, value: bool) -> Lit {
        if value { self.yes } else { !self.yes }
    }

    /// Whether the formula has outgrown its budget, or the run is to stop.
    pub(super) fn exceeded(&self) -> Option<UnknownReason> {
        if self.meter.is_cancelled() {
            return Some(UnknownReason::Cancelled);
        }
        (self.size > self.budget.size).then_some(UnknownReason::Size)
    }

    /// A truth value that nothing says anything about.
    pub(super) fn free(&mut self) -> Lit {
        self.size += 1;
        Lit::new(self.sat.new_var_default(), true)
    }

    pub(super) fn clause(&mut self, literals: &[Lit]) {
        #[cfg(test)]
        self.clauses.push(literals.to_vec());
        self.add(literals);
    }

    fn add(&mut self, literals: &[Lit]) {
        self.size += 1 + literals.len();
        self.sat.add_clause_reuse(&mut literals.to_vec());
    }

    /// A clause that says what these variables are.
    pub(super) fn meaning(&mut self, variables: &[LinearVariable], literals: &[Lit]) {
        self.clause(literals);
        for variable in variables {
            self.meanings.entry(*variable).or_default().push(literals.to_vec());
        }
    }

    pub(super) fn all(&mut self, parts: impl IntoIterator<Item = Lit>) -> Lit {
        let mut parts: Vec<Lit> = parts.into_iter().filter(|part| *part != self.yes).collect();
        parts.sort_unstable();
        parts.dedup();
        // A literal and its opposite are neighbours.
        let opposed = parts.windows(2).any(|pair| matches!(pair, [one, two] if *one == !*two));
        if opposed || parts.contains(&self.no()) {
            return self.no();
        }
        match parts.as_slice() {
            [] => return self.yes,
            [only] => return *only,
            _ => {}
        }
        if let Some(gate) = self.gates.get(&parts) {
            return *gate;
        }
        let gate = self.free();
        for part in &parts {
            self.clause(&[!gate, *part]);
        }
        let mut whole: Vec<Lit> = parts.iter().map(|part| !*part).collect();
        whole.push(gate);
        self.clause(&whole);
        self.parts.insert(gate.var(), parts.clone());
        self.gates.insert(parts, gate);
        gate
    }

    pub(super) fn any(&mut self, parts: impl IntoIterator<Item = Lit>) -> Lit {
        let parts: Vec<Lit> = parts.into_iter().map(|part| !part).collect();
        !self.all(parts)
    }

    pub(super) fn choose(&mut self, condition: Lit, one: Lit, other: Lit) -> Lit {
        if one == other {
            return one;
        }
        let (then, otherwise) = (self.all([condition, one]), self.all([!condition, other]));
        self.any([then, otherwise])
    }

    pub(super) fn same(&mut self, one: Lit, other: Lit) -> Lit {
        self.choose(one, other, !other)
    }

    /// A whole number from `low` to `high`.
    pub(super) fn variable(&mut self, low: i128, high: i128) -> LinearVariable {
        self.size += 1;
        let start = 0.max(low).min(high);
        self.domains.push(Domain { low, high, start });
        LinearVariable(u32::try_from(self.domains.len() - 1).unwrap_or(u32::MAX))
    }

    /// Where solutions start looking: the nearer values are tried first.
    pub(super) fn prefer(&mut self, variable: LinearVariable, value: i128) {
        if let Some(domain) = self.domains.get_mut(variable.at()) {
            domain.start = value.max(domain.low).min(domain.high);
        }
    }

    /// The smallest and largest value of an expression by the domains of its variables; none where they are too large.
    pub(super) fn range(&self, linear: &Linear) -> Option<(i128, i128)> {
        self.span(&linear.terms)
            .and_then(|(low, high)| Some((low.checked_add(linear.constant)?, high.checked_add(linear.constant)?)))
    }

    fn span(&self, terms: &[(LinearVariable, i128)]) -> Option<(i128, i128)> {
        terms.iter().try_fold((0_i128, 0_i128), |(low, high), (variable, factor)| {
            let domain = self.domains.get(variable.at())?;
            let (one, two) = (domain.low.checked_mul(*factor)?, domain.high.checked_mul(*factor)?);
            Some((low.checked_add(one.min(two))?, high.checked_add(one.max(two))?))
        })
    }

    fn form(&mut self, terms: &[(LinearVariable, i128)]) -> Option<usize> {
        if let Some(at) = self.known.get(terms) {
            return Some(*at);
        }
        let (low, high) = self.span(terms)?;
        self.forms.push(LinearForm { terms: terms.to_vec(), low, high, at_most: BTreeMap::new() });
        self.known.insert(terms.to_vec(), self.forms.len() - 1);
        Some(self.forms.len() - 1)
    }

    /// `linear <= 0` as a literal; none where numbers are too large.
    pub(super) fn at_most_zero(&mut self, linear: &Linear) -> Option<Lit> {
        if let Some(constant) = linear.as_constant() {
            return Some(self.truth(constant <= 0));
        }
        let bounded = linear.at_most_zero()?;
        let at = self.form(&bounded.form)?;
        if bounded.from_below {
            return self.threshold(at, bounded.bound.checked_sub(1)?).map(|below| !below);
        }
        self.threshold(at, bounded.bound)
    }

    fn threshold(&mut self, at: usize, bound: i128) -> Option<Lit> {
        let form = self.forms.get(at)?;
        if bound < form.low {
            return Some(self.no());
        }
        if bound >= form.high {
            return Some(self.yes);
        }
        if let Some(literal) = form.at_most.get(&bound) {
            return Some(*literal);
        }
        let below = form.at_most.range(..bound).next_back().map(|(_, literal)| *literal);
        let above = form.at_most.range(bound..).next().map(|(_, literal)| *literal);
        let literal = self.free();
        self.forms.get_mut(at)?.at_most.insert(bound, literal);
        self.relations.insert(literal.var(), at);
        for (smaller, larger) in [(below, Some(literal)), (Some(literal), above)] {
            if let (Some(smaller), Some(larger)) = (smaller, larger) {
                self.clause(&[!smaller, larger]);
            }
        }
        Some(literal)
    }

    /// `one <= other`.
    pub(super) fn at_most(&mut self, one: &Linear, other: &Linear) -> Option<Lit> {
        self.at_most_zero(&one.minus(other)?)
    }

    /// `one == other`.
    pub(super) fn equal(&mut self, one: &Linear, other: &Linear) -> Option<Lit> {
        let difference = one.minus(other)?;
        let (below, above) = (self.at_most_zero(&difference)?, self.at_most_zero(&difference.scaled(-1)?)?);
        // Of a sum that is no multiple of its divisor, one of the two may still hold: never both.
        Some(self.all([below, above]))
    }

    pub(super) fn solve(&mut self, assumptions: &[Lit]) -> Outcome {
        if let Some(reason) = self.exceeded() {
            return Outcome::Unknown(reason);
        }
        loop {
            let answer = self.sat.solve_limited(assumptions);
            if answer == lbool::FALSE {
                // The core holds the opposites of assumptions.
                let core: Vec<Lit> = self.sat.unsat_core().to_vec();
                return Outcome::None(
                    assumptions.iter().copied().filter(|one| core.contains(one) || core.contains(&!*one)).collect(),
                );
            }
            if answer != lbool::TRUE {
                return Outcome::Unknown(self.meter.why());
            }
            let truths = self.sat.get_model().to_vec();
            let needed = self.needed(&truths, assumptions);
            let (found, ranges) = self.numbers(&truths, &needed.forms);
            match found {
                Found::Solution(numbers) => return Outcome::Model(Model { truths, numbers, ranges, needed }),
                Found::GaveUp => return Outcome::Unknown(self.meter.why()),
                Found::None(why) => {
                    let excluded: Vec<Lit> = why.into_iter().map(|literal| !literal).collect();
                    self.add(&excluded);
                }
            }
            if self.meter.spend(LEMMA_STEPS) {
                return Outcome::Unknown(self.meter.why());
            }
            if let Some(reason) = self.exceeded() {
                return Outcome::Unknown(reason);
            }
        }
    }

    /// Gives a question the steps of the budget.
    pub(super) fn refill(&mut self) {
        self.meter.refill(self.budget.steps);
    }

    /// The bounds that a model's truth values put on a form.
    fn bounds(form: &LinearForm, truths: &[lbool]) -> (LiteralBound, LiteralBound) {
        let (mut low, mut high) = (None, None);
        for (bound, literal) in &form.at_most {
            let value = truths.get(literal.var().idx() as usize).copied().unwrap_or(lbool::UNDEF);
            if value == lbool::UNDEF {
                continue;
            }
            if (value == lbool::TRUE) == literal.sign() {
                high = Some((*bound, *literal));
                break;
            }
            low = Some((*bound + 1, !*literal));
        }
        (low, high)
    }

    /// Whole numbers that fit a model's truth values, as far as those forms are concerned.
    fn numbers(&self, truths: &[lbool], forms: &BTreeSet<usize>) -> (Found<Lit>, Vec<(i128, i128)>) {
        let mut low: Vec<_> = self.domains.iter().map(|domain| (domain.low, Because::Always)).collect();
        let mut high: Vec<_> = self.domains.iter().map(|domain| (domain.high, Because::Always)).collect();
        let mut sums = Vec::new();
        for (at, form) in self.forms.iter().enumerate() {
            let (below, above) = Self::bounds(form, truths);
            if let [(variable, _)] = form.terms.as_slice() {
                let place = (low.get_mut(variable.at()), high.get_mut(variable.at()));
                let (Some(smallest), Some(largest)) = place else { continue };
                if let Some((at, literal)) = below.filter(|(at, _)| *at > smallest.0) {
                    *smallest = (at, Because::Literal(literal));
                }
                if let Some((at, literal)) = above.filter(|(at, _)| *at < largest.0) {
                    *largest = (at, Because::Literal(literal));
                }
            } else if forms.contains(&at) && (below.is_some() || above.is_some()) {
                sums.push((form, below, above));
            }
        }
        let ranges: Vec<(i128, i128)> = low.iter().zip(&high).map(|(low, high)| (low.0, high.0)).collect();
        let starts: Vec<i128> =
            ranges.iter().zip(&self.domains).map(|((low, high), domain)| domain.start.min(*high).max(*low)).collect();
        if sums.is_empty() {
            return (Found::Solution(starts), ranges);
        }
        // Only the variables of sums need the search.
        let mut simplex = Simplex::new();
        let mut columns: BTreeMap<LinearVariable, usize> = BTreeMap::new();
        for (variable, _) in sums.iter().flat_map(|(form, ..)| &form.terms) {
            let (Some(low), Some(high), Some(start)) = (low.get(variable.at()), high.get(variable.at()), starts.get(variable.at()))
            else {
                continue;
            };
            columns.entry(*variable).or_insert_with(|| simplex.variable(*low, *high, *start));
        }
        for (form, below, above) in &sums {
            let terms: Vec<(usize, i128)> =
                form.terms.iter().filter_map(|(variable, factor)| Some((*columns.get(variable)?, *factor))).collect();
            let because = |(at, literal): (i128, Lit)| (at, Because::Literal(literal));
            if simplex.sum(&terms, below.map(because), above.map(because)).is_none() {
                return (Found::GaveUp, ranges);
            }
        }
        let stopped = || self.meter.is_cancelled();
        let mut steps = Steps { pivots: PIVOTS.min(self.meter.left()), branches: BRANCHES, stopped: &stopped };
        let given = steps.pivots;
        let found = simplex.solve(&mut steps);
        self.meter.spend(given - steps.pivots);
        let found = match found {
            Found::Solution(values) => {
                let mut numbers = starts;
                for (variable, column) in columns {
                    if let (Some(place), Some(value)) = (numbers.get_mut(variable.at()), values.get(column)) {
                        *place = *value;
                    }
                }
                Found::Solution(numbers)
            }
            other => other,
        };
        (found, ranges)
    }
}
