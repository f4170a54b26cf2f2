//! A model of the formula, and the part of it that an answer rests on.

use std::collections::{BTreeSet, HashSet};

use batsat::{Lit, Var, lbool};

use super::super::linear::{Linear, LinearVariable};
use super::Formula;

pub(in super::super) struct Model {
    pub(super) truths: Vec<lbool>,
    pub(super) numbers: Vec<i128>,
    /// For each variable, the smallest and largest value that keeps every relation of the variable alone.
    pub(super) ranges: Vec<(i128, i128)>,
    pub(super) needed: Needed,
}

/// The part of a model that makes what was assumed true: the rest may be otherwise.
#[derive(Default)]
pub(super) struct Needed {
    truths: HashSet<Var>,
    numbers: HashSet<LinearVariable>,
    pub(super) forms: BTreeSet<usize>,
}

impl Model {
    pub(in super::super) fn holds(&self, literal: Lit) -> bool {
        let value = self.truths.get(literal.var().idx() as usize).copied().unwrap_or(lbool::UNDEF);
        (value == lbool::TRUE) == literal.sign()
    }

    /// Whether what was assumed rests on the literal's value.
    pub(in super::super) fn needs(&self, literal: Lit) -> bool {
        self.needed.truths.contains(&literal.var())
    }

    /// Whether what was assumed rests on the variable's value.
    pub(in super::super) fn needs_number(&self, variable: LinearVariable) -> bool {
        self.needed.numbers.contains(&variable)
    }

    pub(in super::super) fn number(&self, variable: LinearVariable) -> i128 {
        self.numbers.get(variable.at()).copied().unwrap_or_default()
    }

    pub(in super::super) fn range(&self, variable: LinearVariable) -> (i128, i128) {
        self.ranges.get(variable.at()).copied().unwrap_or_default()
    }

    pub(in super::super) fn value(&self, linear: &Linear) -> Option<i128> {
        linear
            .terms
            .iter()
            .try_fold(linear.constant, |sum, (variable, factor)| sum.checked_add(factor.checked_mul(self.number(*variable))?))
    }
}

impl Formula {
    /// What of a model makes the assumptions true: of a gate that holds every part, of one that does not a part that does not.
    pub(super) fn needed(&self, truths: &[lbool], assumptions: &[Lit]) -> Needed {
        let holds = |literal: Lit| {
            let value = truths.get(literal.var().idx() as usize).copied().unwrap_or(lbool::UNDEF);
            (value == lbool::TRUE) == literal.sign()
        };
        let mut needed = Needed::default();
        let mut open: Vec<Lit> = assumptions.to_vec();
        while let Some(literal) = open.pop() {
            if !needed.truths.insert(literal.var()) {
                continue;
            }
            if let Some(parts) = self.parts.get(&literal.var()) {
                if holds(Lit::new(literal.var(), true)) {
                    open.extend(parts);
                } else {
                    let known = parts.iter().find(|part| !holds(**part) && needed.truths.contains(&part.var()));
                    open.extend(known.or_else(|| parts.iter().find(|part| !holds(**part))));
                }
            }
            let Some((at, form)) = self.relations.get(&literal.var()).and_then(|at| Some((*at, self.forms.get(*at)?))) else {
                continue;
            };
            needed.forms.insert(at);
            for (variable, _) in &form.terms {
                if needed.numbers.insert(*variable) {
                    let clauses = self.meanings.get(variable).into_iter().flatten();
                    open.extend(clauses.filter_map(|clause| clause.iter().find(|literal| holds(**literal))));
                }
            }
        }
        needed
    }
}
