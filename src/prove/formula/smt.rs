//! The formula in SMT-LIB 2, so that another solver can answer the same question: `tests/proofs_z3.py`.

use std::fmt::Write;

use batsat::Lit;

use super::{Formula, LinearForm};

fn name(literal: Lit) -> String {
    let name = format!("p{}", literal.var().idx());
    if literal.sign() { name } else { format!("(not {name})") }
}

fn number(value: i128) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}

fn sum(form: &LinearForm) -> String {
    let terms: Vec<String> =
        form.terms.iter().map(|(variable, factor)| format!("(* {} x{})", number(*factor), variable.0)).collect();
    format!("(+ 0 {})", terms.join(" "))
}

impl Formula {
    /// The whole formula, without the clauses that a search has found, and with these literals asserted.
    pub(in super::super) fn smt(&self, assumed: &[Lit]) -> String {
        let mut text = String::from("(set-logic QF_LIA)\n");
        let most = self.clauses.iter().flatten().chain(assumed).map(|literal| literal.var().idx());
        let most = most.chain(self.relations.keys().map(batsat::Var::idx)).max().unwrap_or_default();
        for at in 0..=most {
            let _ = writeln!(text, "(declare-const p{at} Bool)");
        }
        for (at, domain) in self.domains.iter().enumerate() {
            let _ = writeln!(text, "(declare-const x{at} Int)");
            let _ = writeln!(text, "(assert (<= {} x{at} {}))", number(domain.low), number(domain.high));
        }
        for form in &self.forms {
            for (bound, literal) in &form.at_most {
                let _ = writeln!(text, "(assert (= {} (<= {} {})))", name(*literal), sum(form), number(*bound));
            }
        }
        for clause in self.clauses.iter().map(Vec::as_slice).chain(assumed.iter().map(std::slice::from_ref)) {
            let literals: Vec<String> = clause.iter().map(|literal| name(*literal)).collect();
            let _ = writeln!(text, "(assert (or false {}))", literals.join(" "));
        }
        text.push_str("(check-sat)\n");
        text
    }
}
