//! Generates typed scripts over every construct and function that rules have.

use crate::one_meaning::piece::{Piece, Sort};
use crate::one_meaning::random::Random;

/// A script in the making: its variables by type.
pub struct Generate<'r> {
    pub random: &'r mut Random,
    locals: Vec<(String, Sort)>,
    named: usize,
}

fn name_of(sort: Sort) -> &'static str {
    match sort {
        Sort::Bool => "b",
        Sort::Int => "i",
        Sort::Money => "m",
        Sort::Float => "f",
        Sort::Time => "at",
        _ => "t",
    }
}

const PLAIN: [Sort; 6] = [Sort::Bool, Sort::Int, Sort::Money, Sort::Float, Sort::Text, Sort::Time];

impl<'r> Generate<'r> {
    pub fn new(random: &'r mut Random) -> Self {
        Self { random, locals: Vec::new(), named: 0 }
    }

    /// A whole script.
    pub fn script(&mut self) -> Piece {
        let depth = 1 + self.random.below(3);
        self.body(depth, true)
    }

    /// Statements and a value; variables made inside are forgotten after it.
    fn body(&mut self, depth: usize, outer: bool) -> Piece {
        let before = self.locals.len();
        let most = if outer { 4 } else { 2 };
        let mut pieces: Vec<Piece> = (0..self.random.below(most)).map(|_| self.statement(depth)).collect();
        pieces.push(self.outcome(depth));
        self.locals.truncate(before);
        let template = format!("{}@", "@ ".repeat(pieces.len() - 1));
        Piece::of(Sort::Body, &template, pieces)
    }

    fn local(&mut self, sort: Sort) -> Option<String> {
        let all: Vec<String> = self.locals.iter().filter(|(_, of)| *of == sort).map(|(name, _)| name.clone()).collect();
        if all.is_empty() { None } else { Some(all[self.random.below(all.len())].clone()) }
    }

    fn fresh(&mut self) -> String {
        self.named += 1;
        format!("v{}", self.named)
    }

    fn statement(&mut self, depth: usize) -> Piece {
        let statement = |template: &str, pieces| Piece::of(Sort::Statement, template, pieces);
        match self.random.below(9) {
            0 | 1 => {
                let sort = self.random.pick(&PLAIN);
                let value = self.value(sort, depth);
                let name = self.fresh();
                self.locals.push((name.clone(), sort));
                let word = self.random.pick(&["let", "let", "const"]);
                statement(&format!("{word} {name} = @;"), vec![value])
            }
            2 => {
                let sort = self.random.pick(&[Sort::Int, Sort::Money, Sort::Text, Sort::Float]);
                let Some(name) = self.local(sort) else { return self.guarded_return(depth) };
                let op = if sort == Sort::Text { self.random.pick(&["=", "+="]) } else { self.random.pick(&["=", "+=", "-="]) };
                let value = self.value(sort, depth);
                if self.random.one_in(2) {
                    let condition = self.bool(depth);
                    return statement(&format!("if @ {{ {name} {op} @; }}"), vec![condition, value]);
                }
                statement(&format!("{name} {op} @;"), vec![value])
            }
            3 => {
                let Some(name) = self.local(Sort::Int) else { return self.guarded_return(depth) };
                let (subject, one, other) = (self.int(depth), self.int(depth), self.int(depth));
                statement(
                    &format!("switch @ {{ 0 | 1 => {name} = @, 2..9 => {{ {name} += @; }}, _ => () }}"),
                    vec![subject, one, other],
                )
            }
            4 => {
                let sort = self.random.pick(&PLAIN);
                let value = self.value(sort, depth);
                statement("@;", vec![value])
            }
            5 if depth > 0 => {
                let (condition, inner) = (self.bool(depth), self.scoped(depth - 1));
                let other = self.guarded_return(depth - 1);
                statement("if @ { @ } else { @ }", vec![condition, inner, other])
            }
            6 => {
                let outcome = self.one_outcome(depth);
                statement("@;", vec![outcome])
            }
            _ => self.guarded_return(depth),
        }
    }

    /// A statement whose variables end with it.
    fn scoped(&mut self, depth: usize) -> Piece {
        let before = self.locals.len();
        let made = self.statement(depth);
        self.locals.truncate(before);
        made
    }

    fn guarded_return(&mut self, depth: usize) -> Piece {
        let (condition, outcome) = (self.bool(depth), self.outcome(depth.saturating_sub(1)));
        if self.random.one_in(6) {
            return Piece::of(Sort::Statement, "if @ { return; }", vec![condition]);
        }
        Piece::of(Sort::Statement, "if @ { return @; }", vec![condition, outcome])
    }

    fn reason(&mut self) -> &'static str {
        self.random.pick(&["A", "B", "C"])
    }

    fn one_outcome(&mut self, depth: usize) -> Piece {
        let outcome = |template: &str, pieces| Piece::of(Sort::Outcome, template, pieces);
        let reason = self.reason();
        match self.random.below(8) {
            0..=2 => {
                let verdict = self.random.pick(&["accept", "step_up", "refer", "decline"]);
                if self.random.one_in(12) {
                    let code = self.random.pick(&["params.t", "upper(req.t)", "if req.b { \"A\" } else { \"B\" }"]);
                    return outcome(&format!("{verdict}({code})"), vec![]);
                }
                outcome(&format!("{verdict}(\"{reason}\")"), vec![])
            }
            3 | 4 => {
                let points = self.int(depth);
                outcome(&format!("score(@, \"{reason}\")"), vec![points])
            }
            5 => {
                let (one, other) = (self.money(depth), self.money(0));
                let keys = self.random.pick(&["single: @, day: @", "month: @, year: @", "day: @, single: @"]);
                outcome(&format!("limit(#{{ {keys} }})"), vec![one, other])
            }
            6 => outcome(
                &format!("route({})", self.random.pick(&["\"east\"", "\"west\"", "params.e", "req.e", "opt.e ?? \"east\""])),
                vec![],
            ),
            _ => {
                let flag = self.bool(depth);
                outcome("verdict(@)", vec![flag])
            }
        }
    }

    fn outcome(&mut self, depth: usize) -> Piece {
        let outcome = |template: &str, pieces| Piece::of(Sort::Outcome, template, pieces);
        let deeper = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 3 } else { 10 }) {
            0 => outcome("()", vec![]),
            1 | 2 => self.one_outcome(depth),
            3 => {
                let items: Vec<Piece> = (0..self.random.below(3)).map(|_| self.one_outcome(deeper)).collect();
                let template = vec!["@"; items.len()].join(", ");
                outcome(&format!("[{template}]"), items)
            }
            4 | 5 => {
                let (condition, then) = (self.bool(depth), self.body(deeper, false));
                outcome("if @ { @ }", vec![condition, then])
            }
            6 => {
                let condition = self.bool(depth);
                let (then, other) = (self.body(deeper, false), self.body(deeper, false));
                outcome("if @ { @ } else { @ }", vec![condition, then, other])
            }
            // A chain as long as the interpreter does not nest it.
            7 if self.random.one_in(4) => {
                let last = vec![self.bool(deeper.min(1)), self.body(0, false)];
                let mut chain = outcome("if @ { @ }", last);
                for _ in 0..8 + self.random.below(3) {
                    chain = outcome("if @ { @ } else @", vec![self.bool(deeper.min(1)), self.body(0, false), chain]);
                }
                chain
            }
            7 => {
                let (one, two) = (self.bool(depth), self.bool(deeper));
                let (then, next, last) = (self.outcome(deeper), self.body(deeper, false), self.outcome(deeper));
                outcome("if @ { @ } else if @ { @ } else { @ }", vec![one, then, two, next, last])
            }
            _ => self.switch_outcome(depth),
        }
    }

    fn switch_outcome(&mut self, depth: usize) -> Piece {
        let deeper = depth.saturating_sub(1);
        let (one, other, last) = (self.one_outcome(deeper), self.one_outcome(deeper), self.outcome(deeper));
        let outcome = |template: &str, pieces| Piece::of(Sort::Outcome, template, pieces);
        match self.random.below(4) {
            0 => {
                let (subject, guard) = (self.int(depth), self.bool(deeper));
                outcome(
                    "switch @ { 1 | 2 => @, 3 if @ => @, 4..10 => [], -3..=-1 => accept(\"A\"), _ => @ }",
                    vec![subject, one, guard, other, last],
                )
            }
            1 => {
                let subject = self.text(depth);
                let guard = self.bool(deeper);
                outcome("switch @ { \"a\" if @ => @, \"a\" | \"浙江\" => @, \"\" => @ }", vec![subject, guard, one, other, last])
            }
            2 => {
                let subject = self.random.pick(&["req.e", "opt.e", "params.e", "opt.i", "opt.t"]);
                let arms = if subject == "opt.i" {
                    "() => @, 0 | 7 => @, 1..100 => @, _ => ()"
                } else {
                    "() => @, \"east\" | \"a\" => @, _ => @"
                };
                outcome(&format!("switch {subject} {{ {arms} }}"), vec![one, other, last])
            }
            _ => {
                let subject = self.bool(depth);
                outcome("switch @ { true => @, false => @, _ => @ }", vec![subject, one, other, last])
            }
        }
    }

    pub fn value(&mut self, sort: Sort, depth: usize) -> Piece {
        if depth > 0 && self.random.one_in(10) {
            return self.choice(sort, depth);
        }
        match sort {
            Sort::Bool => self.bool(depth),
            Sort::Int => self.int(depth),
            Sort::Money => self.money(depth),
            Sort::Float => self.float(depth),
            Sort::Time => self.time(depth),
            _ => self.text(depth),
        }
    }

    /// A value that depends on a condition.
    fn choice(&mut self, sort: Sort, depth: usize) -> Piece {
        let deeper = depth - 1;
        let (one, other) = (self.value(sort, deeper), self.value(sort, deeper));
        match self.random.below(4) {
            0 => {
                let subject = self.int(deeper);
                Piece::of(sort, "(switch @ { 0..=5 => @, _ => @ })", vec![subject, one, other])
            }
            1 => {
                let (condition, inner) = (self.bool(deeper), self.value(Sort::Int, deeper));
                let name = self.fresh();
                Piece::of(sort, &format!("(if @ {{ let {name} = @; @ }} else {{ @ }})"), vec![condition, inner, one, other])
            }
            2 => {
                let condition = self.bool(deeper);
                Piece::of(sort, "pick(@, @, @)", vec![condition, one, other])
            }
            _ => {
                let condition = self.bool(deeper);
                Piece::of(sort, "(if @ { @ } else { @ })", vec![condition, one, other])
            }
        }
    }

    /// A leaf: a field, a parameter, a variable, or a field that may be missing, guarded or now and then not.
    fn leaf(&mut self, sort: Sort) -> Piece {
        let name = name_of(sort);
        let other = match sort {
            Sort::Int => "j",
            Sort::Text => self.random.pick(&["u", "e"]),
            _ => name,
        };
        match self.random.below(9) {
            0 | 1 => {
                let place = self.random.pick(&["req.", "req.", "deep.er.Down.", "plain"]);
                Piece::text(sort, format!("{place}{name}"))
            }
            2 => Piece::text(sort, format!("req.{other}")),
            3 => Piece::text(sort, format!("params.{other}")),
            4 | 5 => {
                let rest = self.literal(sort);
                Piece::of(sort, &format!("(opt.{name} ?? @)"), vec![rest])
            }
            6 => {
                let rest = self.literal(sort);
                Piece::of(sort, &format!("(opt.{other} ?? opt.{name} ?? @)"), vec![rest])
            }
            7 if self.random.one_in(4) => Piece::text(sort, format!("opt.{name}")),
            _ => match self.local(sort) {
                Some(local) => Piece::text(sort, local),
                None => self.literal(sort),
            },
        }
    }

    fn literal(&mut self, sort: Sort) -> Piece {
        let random = &mut *self.random;
        let text = match sort {
            Sort::Bool => random.pick(&["true", "false"]),
            Sort::Int => {
                random.pick(&["0", "1", "-1", "2", "3", "7", "10", "100", "1_000", "9223372036854775807", "9007199254740993"])
            }
            Sort::Money => random.pick(&["yuan(0)", "yuan(5)", "fen(1)", "yuan(\"0.50\")", "yuan(92233720368547758)", "fen(-3)"]),
            Sort::Float => random.pick(&["0.0", "0.5", "1.0", "-2.25", "3.0", "1.0e15", "0.1"]),
            Sort::Time => random.pick(&["time(\"2014-03-24T00:00:00\")", "time(\"2014-03-23T16:00:00Z\")", "time(\"1970-01-01\")"]),
            _ => random.pick(&["\"\"", "\"a\"", "\"ab\"", "\"浙江\"", "\"ß\"", "\" a \"", "\"622\"", "\"A\"", "\"0.50\""]),
        };
        Piece::text(sort, text)
    }

    pub fn bool(&mut self, depth: usize) -> Piece {
        let of = |template: &str, pieces| Piece::of(Sort::Bool, template, pieces);
        if depth == 0 {
            return if self.random.one_in(3) { self.leaf(Sort::Bool) } else { self.comparison(0) };
        }
        let deeper = depth - 1;
        match self.random.below(13) {
            0 => {
                let parts: Vec<Piece> = (0..2 + self.random.below(2)).map(|_| self.bool(deeper)).collect();
                let word = self.random.pick(&[" && ", " || "]);
                of(&format!("({})", vec!["@"; parts.len()].join(word)), parts)
            }
            1 => {
                let inner = self.bool(deeper);
                of("!(@)", vec![inner])
            }
            2 => self.guard(deeper),
            3 => {
                let container =
                    self.random.pick(&["lists.texts", "[\"a\", \"浙江\", \"\"]", "[opt.t, \"a\"]", "[req.u, opt.u]", "\"abc\""]);
                let item = self.text(deeper);
                of(&format!("(@ {} {container})", self.random.pick(&["in", "!in"])), vec![item])
            }
            4 => {
                let item = self.int(deeper);
                let container = self.random.pick(&["lists.ints", "[1, 2, 7]", "0..10", "-5..=5", "[opt.i, 3]", "[0, req.j, 10]"]);
                of(&format!("(@ {} {container})", self.random.pick(&["in", "!in"])), vec![item])
            }
            5 => {
                let (item, low, high) = (self.int(deeper), self.int(deeper), self.int(deeper));
                of("(@ in @..@)", vec![item, low, high])
            }
            6 => {
                let (text, part) = (self.text(deeper), self.text(deeper));
                let function = self.random.pick(&["starts_with", "ends_with", "contains"]);
                of(&format!("{function}(@, @)"), vec![text, part])
            }
            7 => {
                let text = self.text(deeper);
                of(self.random.pick(&["is_empty(@)", "known(@)", "@.is_empty()"]), vec![text])
            }
            8 => {
                let item = self.random.pick(&[
                    "opt.i in [1, 2, 0]",
                    "opt.t in [\"a\", \"\"]",
                    "opt.e !in [\"east\"]",
                    "opt.f in [0.5, 1]",
                    "opt.i in [1.0, 2.5]",
                ]);
                Piece::text(Sort::Bool, format!("({item})"))
            }
            9 if self.random.one_in(2) => self.leaf(Sort::Bool),
            _ => self.comparison(deeper),
        }
    }

    /// A field that may be missing, asked for before it is used.
    fn guard(&mut self, depth: usize) -> Piece {
        let sort = self.random.pick(&PLAIN);
        let name = name_of(sort);
        let other = self.value(sort, depth);
        let op = if sort == Sort::Bool {
            self.random.pick(&["==", "!="])
        } else {
            self.random.pick(&["<", ">=", "==", "!=", ">", "<="])
        };
        let (ask, join) = self.random.pick(&[("!=", "&&"), ("==", "||"), ("!=", "||")]);
        Piece::of(Sort::Bool, &format!("(opt.{name} {ask} () {join} opt.{name} {op} @)"), vec![other])
    }

    fn comparison(&mut self, depth: usize) -> Piece {
        let op = self.random.pick(&["==", "!=", "<", "<=", ">", ">="]);
        match self.random.below(8) {
            0 => {
                let name = self.random.pick(&["b", "i", "m", "f", "t", "e", "at"]);
                Piece::text(Sort::Bool, format!("opt.{name} {} ()", self.random.pick(&["==", "!="])))
            }
            1 => {
                let side = self.random.pick(&["req.e", "params.e", "opt.e"]);
                let other = self.random.pick(&["\"east\"", "\"north\"", "params.e", "req.e"]);
                Piece::text(Sort::Bool, format!("{side} {} {other}", self.random.pick(&["==", "!="])))
            }
            2 => {
                let (int, float) = (self.int(depth), self.float(depth));
                Piece::of(Sort::Bool, &format!("(@ {op} @)"), vec![int, float])
            }
            3 => {
                let (one, other) = (self.bool(depth), self.bool(depth));
                Piece::of(Sort::Bool, self.random.pick(&["(@ == @)", "(@ != @)"]), vec![one, other])
            }
            _ => {
                let sort = self.random.pick(&PLAIN[1..]);
                let (one, other) = (self.value(sort, depth), self.value(sort, depth));
                Piece::of(Sort::Bool, &format!("(@ {op} @)"), vec![one, other])
            }
        }
    }

    pub fn int(&mut self, depth: usize) -> Piece {
        let of = |template: &str, pieces| Piece::of(Sort::Int, template, pieces);
        if depth == 0 || self.random.one_in(3) {
            return self.leaf(Sort::Int);
        }
        let deeper = depth - 1;
        match self.random.below(13) {
            12 => {
                let sort = self.random.pick(&[Sort::Int, Sort::Money]);
                let (one, other) = (self.value(sort, deeper), self.value(sort, deeper));
                of("div(@, @)", vec![one, other])
            }
            0..=2 => {
                let (one, other) = (self.int(deeper), self.int(deeper));
                let op = self.random.pick(&["+", "-", "*", "/", "%"]);
                of(&format!("(@ {op} @)"), vec![one, other])
            }
            3 => {
                let one = self.int(deeper);
                of(self.random.pick(&["-(@)", "abs(@)", "+(@)", "(@ ** 2)", "grade(@)", "round(@)", "clamp(@, 0, 10)"]), vec![one])
            }
            4 => {
                let (one, other) = (self.int(deeper), self.int(deeper));
                of(self.random.pick(&["min(@, @)", "max(@, @)", "nested(@, @)", "halves(@, @)"]), vec![one, other])
            }
            5 => {
                let text = self.text(deeper);
                of(self.random.pick(&["len(@)", "share(@, \"s\")", "@.len()"]), vec![text])
            }
            6 => {
                let time = self.time(deeper);
                let function = self.random.pick(&["year", "month", "day", "hour", "minute", "weekday"]);
                of(&format!("{function}(@)"), vec![time])
            }
            7 => {
                let (one, other) = (self.time(deeper), self.time(deeper));
                of(self.random.pick(&["days_between(@, @)", "minutes_between(@, @)"]), vec![one, other])
            }
            8 => {
                let float = self.float(deeper);
                of(self.random.pick(&["round(@)", "floor(@)"]), vec![float])
            }
            9 => {
                let (one, other) = (self.money(deeper), self.money(deeper));
                of("(@ / @)", vec![one, other])
            }
            10 => {
                let one = self.int(deeper);
                of("(share(@, \"salt\") + len([1, req.i, 3]))", vec![one])
            }
            _ => self.choice(Sort::Int, depth),
        }
    }

    fn money(&mut self, depth: usize) -> Piece {
        let of = |template: &str, pieces| Piece::of(Sort::Money, template, pieces);
        if depth == 0 || self.random.one_in(3) {
            return self.leaf(Sort::Money);
        }
        let deeper = depth - 1;
        match self.random.below(8) {
            5 | 6 => self.part_of_amount(deeper),
            7 => {
                let (one, other) = (self.money(deeper), self.int(deeper));
                of("div(@, @)", vec![one, other])
            }
            0 => {
                let (one, other) = (self.money(deeper), self.money(deeper));
                of(self.random.pick(&["(@ + @)", "(@ - @)", "(@ % @)", "min(@, @)", "max(@, @)"]), vec![one, other])
            }
            1 => {
                let (one, other) = (self.money(deeper), self.int(deeper));
                of(self.random.pick(&["(@ * @)", "(@ / @)"]), vec![one, other])
            }
            2 => {
                let one = self.int(deeper);
                of(self.random.pick(&["yuan(@)", "fen(@)"]), vec![one])
            }
            3 => {
                let one = self.money(deeper);
                of(self.random.pick(&["abs(@)", "-(@)"]), vec![one])
            }
            _ => self.choice(Sort::Money, depth),
        }
    }

    /// `percent` and `round`: rates and units that are written out, come from fields and parameters, and are none.
    fn part_of_amount(&mut self, depth: usize) -> Piece {
        let amount = self.money(depth);
        let rest = self.random.pick(&["", "", ", \"half-up\"", ", \"half-even\""]);
        if self.random.one_in(2) {
            let unit = self.random.pick(&["\"1.00\"", "\"0.05\"", "\"100\"", "\"0.01\"", "\"0\"", "req.t", "params.t", "\"one\""]);
            return Piece::of(Sort::Money, &format!("round(@, {unit}{rest})"), vec![amount]);
        }
        if self.random.one_in(3) {
            let rate = self.int(depth);
            return Piece::of(Sort::Money, &format!("percent(@, @{rest})"), vec![amount, rate]);
        }
        let rate =
            self.random.pick(&["\"15\"", "\"15.5\"", "\"-0.125\"", "\"33.333333333\"", "\"1e3\"", "req.t", "params.t", "opt.t"]);
        Piece::of(Sort::Money, &format!("percent(@, {rate}{rest})"), vec![amount])
    }

    fn float(&mut self, depth: usize) -> Piece {
        let of = |template: &str, pieces| Piece::of(Sort::Float, template, pieces);
        if depth == 0 || self.random.one_in(3) {
            return self.leaf(Sort::Float);
        }
        let deeper = depth - 1;
        match self.random.below(5) {
            4 => {
                let sort = self.random.pick(&[Sort::Int, Sort::Money]);
                let (one, other) = (self.value(sort, deeper), self.value(sort, deeper));
                of("ratio(@, @)", vec![one, other])
            }
            0 => {
                let (one, other) = (self.float(deeper), self.float(deeper));
                of(
                    self.random.pick(&["(@ + @)", "(@ - @)", "(@ * @)", "(@ / @)", "(@ % @)", "min(@, @)", "max(@, @)"]),
                    vec![one, other],
                )
            }
            1 => {
                let (one, other) = (self.float(deeper), self.int(deeper));
                of(self.random.pick(&["(@ + @)", "(@ * @)", "(@ ** @)"]), vec![one, other])
            }
            2 => {
                let one = self.float(deeper);
                of(self.random.pick(&["abs(@)", "-(@)"]), vec![one])
            }
            _ => self.choice(Sort::Float, depth),
        }
    }

    fn text(&mut self, depth: usize) -> Piece {
        let of = |template: &str, pieces| Piece::of(Sort::Text, template, pieces);
        if depth == 0 || self.random.one_in(2) {
            return self.leaf(Sort::Text);
        }
        let deeper = depth - 1;
        match self.random.below(4) {
            0 => {
                let (one, other) = (self.text(deeper), self.text(deeper));
                of("(@ + @)", vec![one, other])
            }
            1 => {
                let one = self.text(deeper);
                of(self.random.pick(&["lower(@)", "upper(@)", "trim(@)", "@.trim()"]), vec![one])
            }
            2 => {
                let (one, count) = (self.text(deeper), self.int(deeper.min(1)));
                of(self.random.pick(&["left(@, @)", "right(@, @)"]), vec![one, count])
            }
            _ => self.choice(Sort::Text, depth),
        }
    }

    fn time(&mut self, depth: usize) -> Piece {
        let of = |template: &str, pieces| Piece::of(Sort::Time, template, pieces);
        if depth == 0 || self.random.one_in(2) {
            return self.leaf(Sort::Time);
        }
        let deeper = depth - 1;
        match self.random.below(3) {
            0 => {
                let one = self.time(deeper);
                of("date(@)", vec![one])
            }
            1 => {
                let (one, other) = (self.time(deeper), self.time(deeper));
                of(self.random.pick(&["min(@, @)", "max(@, @)"]), vec![one, other])
            }
            _ => self.choice(Sort::Time, depth),
        }
    }
}
