//! The meaning of a decision as a table: stages and what each rule gives on the left, the decision on the right.

use indexmap::IndexMap;

use super::combine::{Combiner, Evaluated};
use crate::model::{
    Band, Decision, Fen, HitPolicy, Interface, InterfaceId, InterfaceIndex, Limit, Limits, Moment, OnError, Outcome, Reason,
    ReasonId, ReasonIndex, Rule, RuleId, RuleSet, Script, Stage, StageId, StageKind, Status, Timestamp, Verdict, Window, Zone,
};
use crate::text::{LocalText, SourceId};

/// One rule: `name gives`, where `~` before the name makes it a shadow, `!` puts it off and `@` outside its window; `gives` is `-`,
/// `error`, or outcomes joined with `+`: `decline X`, `score 40 X`, `limit single 5`, `route east`.
fn rule(spec: &str) -> (Rule, Evaluated) {
    let (name, gives) = spec.trim().split_once(' ').unwrap();
    let (mark, name) = name.split_at(usize::from(!name.starts_with(char::is_alphabetic)));
    let late = Moment { at: Timestamp::MAX, zone: Zone::default() };
    let rule = Rule {
        id: RuleId::new(name).unwrap(),
        title: LocalText::default(),
        owner: String::new(),
        basis: LocalText::default(),
        status: match mark {
            "~" => Status::Shadow,
            "!" => Status::Off,
            _ => Status::Active,
        },
        window: Window { from: (mark == "@").then_some(late), until: None },
        script: Script { file: String::new(), text: "".into(), source: SourceId(0) },
    };
    let evaluated = match gives {
        "-" => Ok(Vec::new()),
        "error" => Err("boom".to_owned()),
        _ => Ok(gives.split(" + ").map(outcome).collect()),
    };
    (rule, evaluated)
}

fn reason(code: &str) -> ReasonIndex {
    ReasonIndex(u16::from(code.as_bytes()[0] - b'A'))
}

fn outcome(text: &str) -> Outcome {
    let words: Vec<&str> = text.split(' ').collect();
    match words[0] {
        "score" => Outcome::Score(words[1].parse().unwrap(), reason(words[2])),
        "route" => Outcome::Route(InterfaceIndex(u16::from(words[1] == "west"))),
        "limit" => {
            let mut limits = Limits::default();
            let limit = Limit::ALL.into_iter().find(|limit| limit.word() == words[1]).unwrap();
            limits.set(limit, Fen(words[2].parse().unwrap()));
            Outcome::Limit(limits)
        }
        word => Outcome::Verdict(Verdict::ALL.into_iter().find(|verdict| verdict.word() == word).unwrap(), reason(words[1])),
    }
}

/// One stage: `kind: rule; rule`, the kind being `first`, `most`, either with bands as in `most 60=refer 90=decline`, `limit`,
/// `route` or `route east`.
fn stage(spec: &str, at: usize, given: &mut Vec<Evaluated>) -> Stage {
    let (head, rules) = spec.split_once(':').unwrap();
    let words: Vec<&str> = head.split_whitespace().collect();
    let band = |word: &&str| {
        let (at_least, verdict) = word.split_once('=').unwrap();
        let verdict = Verdict::ALL.into_iter().find(|known| known.word() == verdict).unwrap();
        Band { at_least: at_least.parse().unwrap(), verdict }
    };
    let kind = match words[0] {
        "first" => StageKind::Screen { policy: HitPolicy::First, bands: words[1..].iter().map(band).collect() },
        "most" => StageKind::Screen { policy: HitPolicy::MostSevere, bands: words[1..].iter().map(band).collect() },
        "limit" => StageKind::Limit,
        _ => StageKind::Route { default: words.get(1).map(|id| InterfaceId::new(id).unwrap()) },
    };
    let rules = rules.split(';').filter(|text| !text.trim().is_empty());
    let rules = rules
        .map(|text| {
            let (rule, evaluated) = rule(text);
            given.push(evaluated);
            rule
        })
        .collect();
    Stage { id: StageId::new(format!("s{at}")).unwrap(), title: LocalText::default(), kind, rules }
}

fn rule_set(spec: &str, on_error: Verdict) -> (RuleSet, Vec<Evaluated>) {
    let mut given = Vec::new();
    let stages = spec.split(" | ").enumerate().map(|(at, text)| stage(text, at, &mut given)).collect();
    let reason = |code: char| {
        let reason = Reason { text: LocalText::default(), wire: String::new(), iso8583: None };
        (ReasonId::new(code.to_string()).unwrap(), reason)
    };
    let interface =
        |id: &str| (InterfaceId::new(id).unwrap(), Interface { title: LocalText::default(), capacity_per_second: None });
    let rule_set = RuleSet {
        name: String::new(),
        version: String::new(),
        title: LocalText::default(),
        on_error: OnError { verdict: on_error, reason: ReasonId::new("E").unwrap() },
        stages,
        parameters: IndexMap::new(),
        interfaces: ["east", "west"].into_iter().map(interface).collect(),
        reasons: ('A'..='F').map(reason).collect(),
        lists: IndexMap::new(),
        invariants: Vec::new(),
        shared: None,
    };
    (rule_set, given)
}

/// The decision in words: verdict, reasons with their rules, then what else is not empty.
fn show(decision: &Decision, rule_set: &RuleSet) -> String {
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

fn check(spec: &str, expected: &str) {
    check_with(spec, Verdict::Refer, expected);
}

fn check_with(spec: &str, on_error: Verdict, expected: &str) {
    let (rule_set, given) = rule_set(spec, on_error);
    let time = Timestamp::from_micros(0);
    let decision = Combiner::new(&rule_set).combine(time, |rule| given[rule.at()].clone(), |_| {});
    assert_eq!(show(&decision, &rule_set), expected, "{spec}");
}

#[test]
fn nothing_said_is_accept_without_a_reason() {
    check("first: a -; b -", "accept");
    check("most: a - | limit: b -", "accept");
}

#[test]
fn first_takes_the_first_verdict_and_asks_no_rule_after_it() {
    check("first: a -; b refer B; c decline C", "refer B@b hits=b");
    check("first: a score 10 A; b refer B; c score 50 C", "refer B@b score=10 hits=a,b");
    check("first: a step_up A + decline B; c accept C", "decline B@a hits=a");
    check("first: a accept A; ~b decline B", "accept A@a hits=a shadow=b");
}

#[test]
fn most_severe_asks_every_rule() {
    check("most: a refer A; b decline B; c decline C; d accept D", "decline B@b C@c hits=a,b,c,d");
    check("most: a refer A; b refer A", "refer A@a A@b hits=a,b");
}

#[test]
fn bands_turn_a_sum_into_a_verdict_with_the_scorers_reasons() {
    let bands = "most 60=refer 90=decline";
    check(&format!("{bands}: a score 59 A"), "accept score=59 hits=a");
    check(&format!("{bands}: a score 30 A; b score 30 B; c score -1 C"), "accept score=59 hits=a,b,c");
    check(&format!("{bands}: a score 61 A; b score -1 B"), "refer A@a score=60 hits=a,b");
    check(&format!("{bands}: a score 89 A; b score 1 B"), "decline A@a B@b score=90 hits=a,b");
    check(&format!("{bands}: a score 95 A; b refer B"), "decline A@a score=95 hits=a,b");
    check("first 60=decline: a score 95 A; b step_up B", "step_up B@b score=95 hits=a,b");
    check("most: a score 9223372036854775807 A; b score 5 B", "accept score=9223372036854775807 hits=a,b");
    check("first 0=accept: a score 5 A | first: b decline B", "decline B@b score=5 hits=a,b");
}

#[test]
fn accept_skips_later_screens_and_decline_ends() {
    check("first: a accept A | first: b decline B | limit: c limit day 7 | route east: d -", "accept A@a day=7 to=east/- hits=a,c");
    check("first: a decline A | limit: c limit day 7 | route east: d -", "decline A@a hits=a");
    check("first: a step_up A | first: b accept B | first: c decline C", "step_up A@a hits=a,b");
    check("most: a accept A; b refer B | first: c decline C", "decline C@c hits=a,b,c");
}

#[test]
fn the_smallest_of_each_limit_wins() {
    check("limit: a limit single 5 + limit day 9; b limit single 7; c limit day 2", "accept single=5 day=2 hits=a,b,c");
}

#[test]
fn the_first_route_wins_by_identity() {
    check("route east: a -; b route west; c route west", "accept to=west/b hits=b");
    check("route: a route east; b route west", "accept to=east/a hits=a");
    check("route: ~a route east; b -", "refer E@- shadow=a error=-");
    check("route: a route west + route east", "accept to=west/a hits=a");
}

#[test]
fn an_error_never_lets_a_request_through() {
    check("first: a error; b accept B | first: c decline C", "decline C@c hits=c error=a");
    check("most: a error; b accept B | first: c -", "refer E@a hits=b error=a");
    check("limit: a error; b limit single 5 | route east: c -", "refer E@a single=5 to=east/- hits=b error=a");
    check("route east: a error; b route west", "refer E@a error=a");
    check("first: ~a error; b accept B", "accept B@b hits=b error=~a");
    check_with("limit: a error | route east: b route west", Verdict::Decline, "decline E@a error=a");
    check_with("first: a error; b decline B", Verdict::Decline, "decline E@a error=a");
}

#[test]
fn an_outcome_of_the_wrong_kind_is_an_error() {
    check("first: a route east", "refer E@a error=a");
    check("limit: a decline A", "refer E@a error=a");
    check("route east: a limit single 5", "refer E@a error=a");
    check("most: a score 5 A + limit single 5", "refer E@a error=a");
}

#[test]
fn rules_that_are_off_or_out_of_their_window_say_nothing() {
    check("most: !a decline A; @b decline B; c refer C; ~d decline D", "refer C@c hits=c shadow=d");
}

#[test]
fn a_request_without_a_time_is_never_accepted() {
    let (rule_set, given) = rule_set("first: a accept A", Verdict::Refer);
    let decision = Combiner::new(&rule_set).combine(None, |rule| given[rule.at()].clone(), |_| {});
    assert_eq!(show(&decision, &rule_set), "refer E@- error=-");
}
