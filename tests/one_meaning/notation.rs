//! Rule sets and decisions in a line each, as `docs/decision-semantics.md` writes them.

use std::sync::Arc;

use countersign_core::model::{
    Band, Decision, Definition, FieldName, HitPolicy, InterfaceId, Limit, Moment, OnError, Reason, ReasonId, Request, Rule, RuleId,
    Script, Stage, StageId, StageKind, Status, Timestamp, Value, Verdict, Window, Zone,
};
use countersign_core::text::LocalText;

use crate::one_meaning::random::Random;
use crate::one_meaning::world;

/// Local midnight of 2014-03-24 at +08:00: where the windows `<` and `>` begin and end.
const MIDNIGHT: i64 = 1_395_590_400_000_000;

fn verdict(word: &str) -> Option<Verdict> {
    Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)
}

fn moment(at: Option<Timestamp>) -> Option<Moment> {
    at.map(|at| Moment { at, zone: Zone::default() })
}

/// An outcome as scripts write it.
fn outcome(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["score", points, reason] => format!("score({points}, \"{reason}\")"),
        ["route", interface] => format!("route(\"{interface}\")"),
        ["limit", limit, fen] => format!("limit(#{{ {limit}: fen({fen}) }})"),
        [word, reason] => {
            assert!(verdict(word).is_some(), "{text}");
            format!("{word}(\"{reason}\")")
        }
        _ => panic!("{text}"),
    }
}

/// `-`, `error`, or outcomes joined with `+`, and perhaps ` if ` with a condition.
fn script(gives: &str) -> String {
    let (gives, condition) = gives.split_once(" if ").map_or((gives, None), |(gives, condition)| (gives, Some(condition)));
    let outcomes: Vec<String> = match gives {
        "-" | "error" => Vec::new(),
        _ => gives.split(" + ").map(outcome).collect(),
    };
    let body = match outcomes.as_slice() {
        [] if gives == "error" => "let failing = 1 / (req.i - req.i);".to_owned(),
        [] => "()".to_owned(),
        [one] => one.clone(),
        all => format!("[{}]", all.join(", ")),
    };
    condition.map_or(body.clone(), |condition| format!("if {condition} {{ {body} }}"))
}

/// A rule: its name and what it gives. A mark before the name: `~` a shadow, `!` off, `@` outside its window, `<` only before
/// midnight, `>` only from then on.
fn rule(spec: &str, definition: &mut Definition) -> Rule {
    let (name, gives) = spec.trim().split_once(' ').unwrap();
    let (mark, name) = name.split_at(usize::from(!name.starts_with(char::is_alphabetic)));
    let text: Arc<str> = script(gives).into();
    let file = format!("{name}.rhai");
    let source = definition.sources.add(&file, Arc::clone(&text));
    let from = match mark {
        "@" => Some(Timestamp::MAX),
        ">" => Timestamp::from_micros(MIDNIGHT),
        _ => None,
    };
    let until = Timestamp::from_micros(MIDNIGHT).filter(|_| mark == "<");
    Rule {
        id: RuleId::new(name).unwrap(),
        title: LocalText::default(),
        owner: String::new(),
        basis: LocalText::default(),
        status: match mark {
            "~" => Status::Shadow,
            "!" => Status::Off,
            _ => Status::Active,
        },
        window: Window { from: moment(from), until: moment(until) },
        script: Script { file, text, source },
    }
}

/// A stage: `kind: rule; rule`, the kind being `first` or `most`, either with bands as in `most 60=refer 90=decline`, `limit`, `route` or
/// `route east`.
fn stage(spec: &str, at: usize, definition: &mut Definition) -> Stage {
    let (head, rules) = spec.split_once(':').unwrap();
    let words: Vec<&str> = head.split_whitespace().collect();
    let band = |word: &&str| {
        let (at_least, name) = word.split_once('=').unwrap();
        Band { at_least: at_least.parse().unwrap(), verdict: verdict(name).unwrap() }
    };
    let bands = || words[1..].iter().map(band).collect();
    let kind = match words[0] {
        "first" => StageKind::Screen { policy: HitPolicy::First, bands: bands() },
        "most" => StageKind::Screen { policy: HitPolicy::MostSevere, bands: bands() },
        "limit" => StageKind::Limit,
        "route" => StageKind::Route { default: words.get(1).map(|id| InterfaceId::new(*id).unwrap()) },
        _ => panic!("{head}"),
    };
    let rules = rules.split(';').filter(|text| !text.trim().is_empty()).map(|text| rule(text, definition)).collect();
    Stage { id: StageId::new(format!("s{at}")).unwrap(), title: LocalText::default(), kind, rules }
}

/// A rule set: stages joined with ` | `. In front may stand `(no time)`, where the request's time is the field `opt.at`, and
/// `(on_error decline)`.
pub fn definition(spec: &str) -> Definition {
    let mut definition = world::definition(&[], &mut Random::new(1));
    let (timeless, spec) = spec.strip_prefix("(no time) ").map_or((false, spec), |rest| (true, rest));
    let (on_error, spec) = match spec.strip_prefix("(on_error ").and_then(|rest| rest.split_once(") ")) {
        Some((word, rest)) => (verdict(word).unwrap(), rest),
        None => (Verdict::Refer, spec),
    };
    if timeless {
        definition.schema.roles.time = FieldName::new("opt.at").unwrap();
    }
    let reason = |code: char| {
        let reason = Reason { text: LocalText::default(), wire: String::new(), iso8583: None };
        (ReasonId::new(code.to_string()).unwrap(), reason)
    };
    definition.rule_set.reasons = ('A'..='E').map(reason).collect();
    definition.rule_set.on_error = OnError { verdict: on_error, reason: ReasonId::new("E").unwrap() };
    definition.rule_set.stages = spec.split(" | ").enumerate().map(|(at, text)| stage(text, at, &mut definition)).collect();
    definition
}

/// A request of that schema with the plainest values, at midnight, what may be missing left out.
pub fn plain_request(definition: &Definition) -> Request {
    let mut request = Request::empty(&definition.schema);
    for (index, name, field) in definition.schema.fields() {
        let plain = if name == "req.at" { Timestamp::from_micros(MIDNIGHT).map(Value::Time) } else { None };
        let simple = || world::simple(&field.kind, field.optional).into_iter().find(|value| *value != Value::Text("".into()));
        request.set(index, plain.or_else(simple).unwrap());
    }
    request
}

/// A decision in words: verdict, reasons with their rules, then what else is not empty.
pub fn show(decision: &Decision, definition: &Definition) -> String {
    let rule_set = &definition.rule_set;
    let name = |rule: Option<_>| rule.map_or("-", |rule| rule_set.rule(rule).unwrap().id.as_str()).to_owned();
    let mut words = vec![decision.verdict.word().to_owned()];
    for given in &decision.reasons {
        words.push(format!("{}@{}", rule_set.reasons.get_index(given.reason.at()).unwrap().0, name(given.rule)));
    }
    if decision.score != 0 {
        words.push(format!("score={}", decision.score));
    }
    for limit in Limit::ALL {
        words.extend(decision.limits.get(limit).map(|fen| format!("{}={}", limit.word(), fen.0)));
    }
    if let Some(interface) = decision.interface {
        let id = rule_set.interfaces.get_index(interface.at()).unwrap().0;
        words.push(format!("to={id}/{}", name(decision.routed_by)));
    }
    for (label, rules) in [("hits", &decision.hits), ("shadow", &decision.shadow_hits)] {
        if !rules.is_empty() {
            words.push(format!("{label}={}", rules.iter().map(|rule| name(Some(*rule))).collect::<Vec<_>>().join(",")));
        }
    }
    words.extend(decision.errors.iter().map(|error| format!("error={}{}", if error.shadow { "~" } else { "" }, name(error.rule))));
    words.join(" ")
}

/// The examples of a page: the lines of its blocks `decisions`, two for each.
pub fn examples(page: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for block in page.split("```decisions\n").skip(1) {
        let lines: Vec<&str> = block.split("```").next().unwrap().lines().collect();
        for pair in lines.chunks(2) {
            let decision = pair.get(1).and_then(|line| line.strip_prefix("=> ")).unwrap_or_else(|| panic!("{pair:?}"));
            examples.push((pair[0].to_owned(), decision.to_owned()));
        }
    }
    examples
}
