//! Random scripts. Without slips they are well typed by construction: each expression is made for a type, from what is known at its
//! place. A slip puts another type, a wrong name, or an unguarded value in its place.

use crate::soundness::world::{OPERATIONS, PLACES, Random};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    Money,
    Float,
    Text,
    Operation,
    Place,
    Time,
}

const KINDS: [Kind; 8] = [Kind::Bool, Kind::Int, Kind::Money, Kind::Float, Kind::Text, Kind::Operation, Kind::Place, Kind::Time];

impl Kind {
    fn field(self) -> &'static str {
        match self {
            Self::Bool => "flag",
            Self::Int => "count",
            Self::Money => "amount",
            Self::Float => "risk",
            Self::Text => "name",
            Self::Operation => "operation",
            Self::Place => "place",
            Self::Time => "at",
        }
    }

    fn ordered(self) -> bool {
        matches!(self, Self::Int | Self::Money | Self::Float | Self::Time)
    }
}

/// A variable, and whether it may be missing.
#[derive(Clone)]
struct Variable {
    name: String,
    kind: Kind,
    optional: bool,
    constant: bool,
}

pub(crate) struct Generator<'a> {
    random: &'a mut Random,
    slips: usize,
    variables: Vec<Variable>,
    /// Optional fields that a guard around this place has found.
    guarded: Vec<Kind>,
    names: usize,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(random: &'a mut Random, slips: usize) -> Self {
        Self { random, slips, variables: Vec::new(), guarded: Vec::new(), names: 0 }
    }

    /// A whole rule.
    pub(crate) fn script(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.random.below(4) {
            text.push_str(&self.statement(3));
            text.push('\n');
        }
        text.push_str(&self.end(3));
        text
    }

    /// A whole rule around one line, and the number of that line; nothing where the line cannot be made at its place.
    pub(crate) fn script_around(&mut self, line: impl FnOnce(&mut Self) -> Option<String>) -> Option<(String, u32)> {
        let mut text = String::new();
        let before = self.random.below(4);
        for _ in 0..before {
            let statement = self.statement(2);
            text.push_str(&statement);
            text.push('\n');
        }
        let planted = line(self)?;
        let number = u32::try_from(text.matches('\n').count() + 1).unwrap();
        text.push_str(&planted);
        text.push('\n');
        for _ in 0..self.random.below(3) {
            let statement = self.statement(2);
            text.push_str(&statement);
            text.push('\n');
        }
        text.push_str(&self.end(2));
        Some((text, number))
    }

    fn kind(&mut self) -> Kind {
        self.random.one_of(&KINDS)
    }

    fn new_name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// A part whose variables and guards are forgotten after it.
    fn inside(&mut self, work: impl FnOnce(&mut Self) -> String) -> String {
        let (variables, guarded) = (self.variables.clone(), self.guarded.clone());
        let text = work(self);
        (self.variables, self.guarded) = (variables, guarded);
        text
    }

    fn statement(&mut self, depth: usize) -> String {
        match self.random.below(9) {
            0 | 1 => self.let_statement(depth),
            2 => self.assignment(depth),
            3 => self.early_return(depth),
            4 => {
                let (condition, inner) = (self.bool(depth), self.inside(|it| it.block(1)));
                format!("if {condition} {{ {inner} }}")
            }
            5 => self.for_loop(depth),
            6 => self.while_loop(depth),
            7 => self.guard_statement(),
            _ => self.let_optional(depth),
        }
    }

    fn block(&mut self, depth: usize) -> String {
        let count = self.random.below(3);
        (0..count).map(|_| self.statement(depth)).collect::<Vec<_>>().join(" ")
    }

    fn let_statement(&mut self, depth: usize) -> String {
        let (kind, name) = (self.kind(), self.new_name());
        let value = self.of(kind, depth);
        let constant = self.random.chance(200);
        self.variables.push(Variable { name: name.clone(), kind, optional: false, constant });
        format!("{} {name} = {value};", if constant { "const" } else { "let" })
    }

    fn let_optional(&mut self, depth: usize) -> String {
        let (kind, name) = (self.kind(), self.new_name());
        let value = if self.random.chance(500) {
            format!("b.{}", kind.field())
        } else {
            format!("if {} {{ {} }}", self.bool(depth.saturating_sub(1)), self.of(kind, 1))
        };
        // A field known to be there gives a variable that is there: only what may be missing is treated as such.
        let optional = !(self.guarded.contains(&kind) && value.starts_with("b."));
        self.variables.push(Variable { name: name.clone(), kind, optional, constant: false });
        format!("let {name} = {value};")
    }

    fn assignment(&mut self, depth: usize) -> String {
        let all: Vec<Variable> =
            self.variables.iter().filter(|variable| !variable.constant && !variable.optional).cloned().collect();
        if all.is_empty() {
            return self.let_statement(depth);
        }
        let variable = self.random.one_of(&all);
        let value = self.of(variable.kind, depth);
        let sums = matches!(variable.kind, Kind::Int | Kind::Money | Kind::Float | Kind::Text);
        let op = if sums && self.random.chance(400) { "+=" } else { "=" };
        format!("{} {op} {value};", variable.name)
    }

    fn early_return(&mut self, depth: usize) -> String {
        let condition = self.bool(depth);
        let value = self.inside(|it| it.outcome(1));
        if self.random.chance(300) {
            format!("if {condition} {{ return; }}")
        } else {
            format!("if {condition} {{ return {value}; }}")
        }
    }

    /// `if b.x == () { return; }`: after it the field is there.
    fn guard_statement(&mut self) -> String {
        let kind = self.kind();
        if self.guarded.contains(&kind) {
            return String::new();
        }
        self.guarded.push(kind);
        format!("if b.{} == () {{ return; }}", kind.field())
    }

    fn for_loop(&mut self, depth: usize) -> String {
        let (kind, name) = (self.kind(), self.new_name());
        let (iterable, kind) = if self.random.chance(500) {
            (format!("0..{}", self.random.below(5)), Kind::Int)
        } else {
            (self.array(kind, depth.min(1)), kind)
        };
        let body = self.inside(|it| {
            it.variables.push(Variable { name: name.clone(), kind, optional: false, constant: true });
            it.loop_body()
        });
        format!("for {name} in {iterable} {{ {body} }}")
    }

    fn loop_body(&mut self) -> String {
        let body = self.block(1);
        if self.random.chance(300) {
            let word = if self.random.chance(500) { "break" } else { "continue" };
            return format!("{body} if {} {{ {word}; }}", self.bool(1));
        }
        body
    }

    fn while_loop(&mut self, depth: usize) -> String {
        let name = self.new_name();
        let limit = self.random.below(4);
        let body = self.inside(|it| {
            it.variables.push(Variable { name: name.clone(), kind: Kind::Int, optional: false, constant: true });
            it.block(1)
        });
        let condition = format!("{name} < {limit} && ({})", self.bool(depth.min(1)));
        if self.random.chance(300) {
            return format!("let {name} = 0; do {{ {name} += 1; {body} }} while {condition};");
        }
        format!("let {name} = 0; while {condition} {{ {name} += 1; {body} }}")
    }

    /// The end of a script: what it decides.
    fn end(&mut self, depth: usize) -> String {
        match self.random.below(6) {
            0 => self.outcome(depth),
            1 => {
                let (condition, then) = (self.bool(depth), self.inside(|it| it.end(depth.saturating_sub(1))));
                let otherwise = self.inside(|it| it.end(depth.saturating_sub(1)));
                format!("if {condition} {{ {then} }} else {{ {otherwise} }}")
            }
            2 => {
                let kind = self.kind();
                let inner = self.inside(|it| {
                    it.guarded.push(kind);
                    it.end(depth.saturating_sub(1))
                });
                if self.guarded.contains(&kind) {
                    return inner;
                }
                format!("if b.{} != () {{ {inner} }}", kind.field())
            }
            3 => self.switch(depth),
            _ => {
                let (condition, then) = (self.bool(depth), self.inside(|it| it.outcome(depth)));
                format!("if {condition} {{ {then} }}")
            }
        }
    }

    fn switch(&mut self, depth: usize) -> String {
        let (subject, values): (String, [String; 2]) = match self.random.below(3) {
            0 => (self.of(Kind::Operation, 1), ["\"SIGN\" | \"PAY\"".to_owned(), "\"AUTH\"".to_owned()]),
            1 => (self.of(Kind::Int, depth.min(2)), ["0 | -1".to_owned(), "1..=20".to_owned()]),
            _ => (self.of(Kind::Place, 1), ["\"zhejiang\"".to_owned(), "\"branch_1\"".to_owned()]),
        };
        let [one, two] = values;
        let (first, second) = (self.inside(|it| it.outcome(1)), self.inside(|it| it.outcome(1)));
        let guard = self.bool(1);
        format!("switch {subject} {{ {one} => {first}, {two} if {guard} => {{ {second} }} _ => () }}")
    }

    fn reason(&mut self) -> &'static str {
        if self.random.chance(self.slips) {
            return "\"NONE\"";
        }
        self.random.one_of(&["\"ONE\"", "\"TWO\""])
    }

    fn outcome(&mut self, depth: usize) -> String {
        let reason = self.reason();
        match self.random.below(9) {
            0 => format!("accept({reason})"),
            1 => format!("step_up({reason})"),
            2 => format!("refer({reason})"),
            3 => format!("say({reason})"),
            4 => format!("score({}, {reason})", self.of(Kind::Int, depth.min(2))),
            5 => format!("limit(#{{ day: {}, single: {} }})", self.of(Kind::Money, depth.min(2)), self.of(Kind::Money, 1)),
            6 => format!("route({})", self.of_place_known()),
            7 => format!("[decline({reason}), score(1, {reason})]"),
            _ => format!("decline({reason})"),
        }
    }

    fn of_place_known(&mut self) -> String {
        match self.random.below(3) {
            0 => "a.place".to_owned(),
            1 => "params.place".to_owned(),
            _ => format!("\"{}\"", self.random.one_of(&PLACES)),
        }
    }

    /// An expression of a type; now and then of another.
    fn of(&mut self, kind: Kind, depth: usize) -> String {
        if self.random.chance(self.slips) {
            return self.slip(kind, depth);
        }
        if depth == 0 || self.random.chance(350) {
            return self.leaf(kind);
        }
        if self.random.chance(120) {
            let condition = self.bool(depth - 1);
            return format!("(if {condition} {{ {} }} else {{ {} }})", self.of(kind, depth - 1), self.of(kind, depth - 1));
        }
        if self.random.chance(120) {
            return format!("(b.{} ?? {})", kind.field(), self.of(kind, depth - 1));
        }
        if self.random.chance(60) {
            return format!("or_else(b.{}, {})", kind.field(), self.of(kind, depth - 1));
        }
        if self.random.chance(60) && kind.ordered() {
            return format!("larger({}, {})", self.of(kind, depth - 1), self.of(kind, depth - 1));
        }
        if self.random.chance(50) && kind != Kind::Operation && kind != Kind::Place {
            return format!("{}[{}]", self.array(kind, depth - 1), self.random.below(2));
        }
        match kind {
            Kind::Bool => self.bool(depth),
            Kind::Int => self.int(depth),
            Kind::Money => self.money(depth),
            Kind::Float if self.random.chance(250) => {
                let kind = if self.random.chance(500) { Kind::Int } else { Kind::Money };
                format!("ratio({}, {})", self.of(kind, depth - 1), self.of(kind, depth - 1))
            }
            Kind::Float => format!("({} {} {})", self.of(Kind::Float, depth - 1), self.sign(), self.number(depth - 1)),
            Kind::Text => self.text(depth),
            Kind::Time => format!("date({})", self.of(Kind::Time, depth - 1)),
            Kind::Operation | Kind::Place => self.leaf(kind),
        }
    }

    fn slip(&mut self, kind: Kind, depth: usize) -> String {
        match self.random.below(7) {
            0 => format!("b.{}", kind.field()),
            1 => format!("a.{}x", kind.field()),
            2 => "nobody".to_owned(),
            3 => "()".to_owned(),
            4 => "label.flag".to_owned(),
            5 => format!("nothing({})", self.leaf(kind)),
            _ => {
                let other = self.kind();
                self.of(other, depth.saturating_sub(1))
            }
        }
    }

    fn sign(&mut self) -> &'static str {
        self.random.one_of(&["+", "-", "*"])
    }

    fn number(&mut self, depth: usize) -> String {
        let kind = if self.random.chance(500) { Kind::Int } else { Kind::Float };
        self.of(kind, depth)
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let variables = self.variables.iter().filter(|variable| variable.kind == kind && !variable.optional);
        let variables: Vec<String> = variables.map(|variable| variable.name.clone()).collect();
        match self.random.below(5) {
            0 if !variables.is_empty() => self.random.one_of(&variables),
            1 => format!("params.{}", kind.field()),
            2 if self.guarded.contains(&kind) => format!("b.{}", kind.field()),
            3 => self.literal(kind),
            _ => format!("a.{}", kind.field()),
        }
    }

    fn literal(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Bool => "a.flag".to_owned(),
            Kind::Int => self.random.one_of(&["0", "1", "7", "-3", "16"]).to_owned(),
            Kind::Money => self.random.one_of(&["yuan(50)", "fen(1)", "yuan(\"0.50\")"]).to_owned(),
            Kind::Float => self.random.one_of(&["0.5", "7.25", "-1.0"]).to_owned(),
            Kind::Text => self.random.one_of(&["\"abc\"", "\"\"", "\"名\""]).to_owned(),
            Kind::Time => "time(\"2014-03-24T00:00:00\")".to_owned(),
            // A literal alone is free text; it becomes an enum's value only beside an enum.
            Kind::Operation => "a.operation".to_owned(),
            Kind::Place => "params.place".to_owned(),
        }
    }

    fn array(&mut self, kind: Kind, depth: usize) -> String {
        format!("[{}, {}]", self.of(kind, depth), self.of(kind, depth))
    }

    fn bool(&mut self, depth: usize) -> String {
        if self.random.chance(self.slips) {
            return self.slip(Kind::Bool, depth);
        }
        if depth == 0 {
            return self.leaf(Kind::Bool);
        }
        // In brackets: `??` binds tighter than comparisons, `in` looser than sums.
        format!("({})", self.bare_bool(depth - 1))
    }

    fn bare_bool(&mut self, less: usize) -> String {
        match self.random.below(14) {
            0 => format!("({} && {})", self.bool(less), self.bool(less)),
            1 => format!("({} || {})", self.bool(less), self.bool(less)),
            2 => format!("!({})", self.bool(less)),
            3 => self.guarded_bool(less),
            4 => format!("{} in lists.names", self.of(Kind::Text, less)),
            5 => format!("{} !in lists.counts", self.of(Kind::Int, less)),
            6 => format!("{} in 1..={}", self.of(Kind::Int, less), self.random.below(30)),
            7 => format!("{} in {}", self.of(Kind::Text, less), self.array(Kind::Text, less)),
            8 => format!("{} in [\"{}\", \"SIGN\"]", self.of(Kind::Operation, less), self.random.one_of(&OPERATIONS)),
            9 => self.text_bool(less),
            10 => format!("is_one_of({}, {})", self.of(Kind::Int, less), self.array(Kind::Int, less)),
            11 => "young(b.count)".to_owned(),
            _ => self.comparison(less),
        }
    }

    /// `x != () && …` and `x == () || …`, for a field or a variable.
    fn guarded_bool(&mut self, depth: usize) -> String {
        let optional: Vec<Variable> = self.variables.iter().filter(|variable| variable.optional).cloned().collect();
        if !optional.is_empty() && self.random.chance(500) {
            let at = self.random.below(optional.len());
            let name = optional[at].name.clone();
            let inner = self.inside(|it| {
                for variable in &mut it.variables {
                    variable.optional &= variable.name != name;
                }
                it.bool(depth)
            });
            return self.guard(&name, &inner);
        }
        let kind = self.kind();
        let inner = self.inside(|it| {
            it.guarded.push(kind);
            it.bool(depth)
        });
        self.guard(&format!("b.{}", kind.field()), &inner)
    }

    fn guard(&mut self, subject: &str, inner: &str) -> String {
        match self.random.below(3) {
            0 => format!("({subject} != () && {inner})"),
            1 => format!("({subject} == () || {inner})"),
            _ => format!("!(() == {subject} || {inner})"),
        }
    }

    fn text_bool(&mut self, depth: usize) -> String {
        let (one, other) = (self.of(Kind::Text, depth), self.of(Kind::Text, depth));
        match self.random.below(4) {
            0 => format!("starts_with({one}, {other})"),
            1 => format!("ends_with({one}, {other})"),
            2 => format!("is_empty({one})"),
            _ => format!("a.name.contains({other})"),
        }
    }

    fn comparison(&mut self, depth: usize) -> String {
        let kind = self.kind();
        // Numbers with a fraction have an order, but are not compared for equality.
        let op = match kind {
            Kind::Float => self.random.one_of(&["<", "<=", ">", ">="]),
            _ if kind.ordered() || kind == Kind::Text => self.random.one_of(&["==", "!=", "<", "<=", ">", ">="]),
            _ => self.random.one_of(&["==", "!="]),
        };
        let left = self.of(kind, depth);
        let right = match kind {
            Kind::Operation if self.random.chance(500) => format!("\"{}\"", self.random.one_of(&OPERATIONS)),
            Kind::Place if self.random.chance(500) => format!("\"{}\"", self.random.one_of(&PLACES)),
            Kind::Int | Kind::Float if !op.contains('=') && self.random.chance(300) => self.number(depth),
            kind => self.of(kind, depth),
        };
        format!("({left}) {op} ({right})")
    }

    fn int(&mut self, depth: usize) -> String {
        let less = depth - 1;
        match self.random.below(10) {
            0..=2 => format!("({} {} {})", self.of(Kind::Int, less), self.sign(), self.of(Kind::Int, less)),
            3 => format!("div({}, {})", self.of(Kind::Money, less), self.of(Kind::Money, less)),
            4 => format!("len({})", self.of(Kind::Text, less)),
            5 => format!(
                "{}({})",
                self.random.one_of(&["hour", "minute", "day", "month", "year", "weekday"]),
                self.of(Kind::Time, less)
            ),
            6 => format!(
                "{}({}, {})",
                self.random.one_of(&["days_between", "minutes_between"]),
                self.of(Kind::Time, less),
                self.of(Kind::Time, less)
            ),
            7 => format!("share({}, \"salt\")", self.of(Kind::Text, less)),
            8 => format!("{}({})", self.random.one_of(&["round", "floor"]), self.of(Kind::Float, less)),
            _ => format!("{}({}, {})", self.random.one_of(&["min", "max"]), self.of(Kind::Int, less), self.of(Kind::Int, less)),
        }
    }

    fn money(&mut self, depth: usize) -> String {
        let less = depth - 1;
        match self.random.below(6) {
            0 => format!("({} + {})", self.of(Kind::Money, less), self.of(Kind::Money, less)),
            1 => format!("({} * {})", self.of(Kind::Money, less), self.of(Kind::Int, less)),
            2 => self.part_of_amount(less),
            3 => format!("abs(-{})", self.leaf(Kind::Money)),
            4 => format!("fen({})", self.of(Kind::Int, less)),
            _ => format!("max({}, {})", self.of(Kind::Money, less), self.of(Kind::Money, less)),
        }
    }

    /// A part of an amount, or one rounded; rates and units may be texts of the request, which are rarely good.
    fn part_of_amount(&mut self, depth: usize) -> String {
        let amount = self.of(Kind::Money, depth);
        let rest = self.random.one_of(&["", ", \"half-up\"", ", \"half-even\""]);
        // Written out, a text that is no rate is refused.
        let text = self.random.one_of(&["a.name", "params.name", "lower(a.name)"]);
        match self.random.below(6) {
            0 => format!("div({amount}, {})", self.of(Kind::Int, depth)),
            1 => format!("percent({amount}, {}{rest})", self.of(Kind::Int, depth)),
            2 => format!("percent({amount}, {text}{rest})"),
            3 => format!("round({amount}, \"1.00\"{rest})"),
            4 => format!("round({amount}, {text}{rest})"),
            _ => format!("percent({amount}, \"15.5\"{rest})"),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let less = depth - 1;
        match self.random.below(5) {
            0 => format!("({} + {})", self.of(Kind::Text, less), self.of(Kind::Text, less)),
            1 => format!("{}({})", self.random.one_of(&["lower", "upper", "trim"]), self.of(Kind::Text, less)),
            2 => format!("left({}, 2)", self.of(Kind::Text, less)),
            3 => format!("(a.operation + {})", self.leaf(Kind::Text)),
            _ => format!("right({}, 3)", self.of(Kind::Text, less)),
        }
    }
}

/// One mistake of a kind, as a line of its own that would otherwise be right.
pub(crate) type Mistake = fn(&mut Generator<'_>) -> Option<String>;

/// Every kind of mistake, by name.
pub(crate) const MISTAKES: [(&str, Mistake); 20] = [
    ("an outcome before other statements", |it| Some(format!("if {} {{ decline(\"ONE\") }}", it.bool(1)))),
    ("an outcome in a variable", |it| Some(format!("let {} = decline(\"ONE\");", it.new_name()))),
    ("an outcome of a branch in a variable", |it| {
        Some(format!("let {} = if {} {{ decline(\"ONE\") }} else {{ () }};", it.new_name(), it.bool(1)))
    }),
    ("outcomes in an array", |it| Some(format!("let {} = [score(1, \"ONE\"), refer(\"TWO\")];", it.new_name()))),
    ("an outcome of a shared function in a variable", |it| Some(format!("let {} = say(\"ONE\");", it.new_name()))),
    ("an outcome that is replaced", |it| {
        let name = it.new_name();
        Some(format!("let {name} = decline(\"ONE\"); {name} = refer(\"TWO\"); if {} {{ return {name}; }}", it.bool(1)))
    }),
    ("a value of another field", |it| Some(it.decides("a.operation == \"zhejiang\""))),
    ("a misspelt value", |it| Some(it.decides("a.operation != \"SIGNN\""))),
    ("a misspelt value in an array", |it| Some(it.decides("a.place in [\"zhejiang\", \"branch1\"]"))),
    ("a misspelt value in a variable", |it| {
        let name = it.new_name();
        let rest = it.decides(&format!("a.operation == {name}"));
        Some(format!("let {name} = \"PYA\"; {rest}"))
    }),
    ("a misspelt default", |it| {
        if it.guarded.contains(&Kind::Operation) { None } else { Some(it.decides("(b.operation ?? \"PYA\") == \"PAY\"")) }
    }),
    ("a misspelt arm", |it| {
        Some(format!("if {} {{ return switch a.operation {{ \"SIGNN\" => decline(\"ONE\"), _ => () }}; }}", it.bool(1)))
    }),
    ("a variable that nothing reads", |it| {
        let kind = it.kind();
        Some(format!("let {} = {};", it.new_name(), it.of(kind, 2)))
    }),
    ("a text against a number", |it| Some(it.decides("a.name > 5"))),
    ("a number against a text", |it| Some(it.decides("a.count == \"5\""))),
    ("an enum in a text", |it| Some(it.decides("a.operation in \"SIGN,PAY\""))),
    ("a text in a text", |it| Some(it.decides("a.name in \"abc,b\""))),
    ("a part of an enum", |it| Some(it.decides("starts_with(a.operation, \"SGI\")"))),
    ("an unknown reason", |it| Some(format!("if {} {{ return decline(\"OEN\"); }}", it.bool(1)))),
    ("a missing guard", |it| {
        let kind = it.kind();
        let field = kind.field();
        if it.guarded.contains(&kind) || kind == Kind::Bool { None } else { Some(it.decides(&format!("b.{field} == a.{field}"))) }
    }),
];

impl Generator<'_> {
    /// A line that decides by a condition, among others.
    fn decides(&mut self, condition: &str) -> String {
        match self.random.below(3) {
            0 => format!("if {condition} {{ return decline(\"ONE\"); }}"),
            1 => format!("if {} && ({condition}) {{ return refer(\"ONE\"); }}", self.bool(1)),
            _ => format!("if !({condition}) || {} {{ return; }}", self.bool(1)),
        }
    }
}
