//! What is said of conditions and changes, as a table; and that nothing tells of personal values.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Fate, RuleExplanation, explain};
use crate::engine::Engine;
use crate::model::{
    Definition, EnumType, Fen, Field, FieldName, FieldType, Group, HitPolicy, List, ListEntries, ListId, ListType, OnError,
    Parameter, ParameterId, Reason, ReasonId, Request, Roles, Rule, RuleId, RuleSet, Schema, Script, Stage, StageId, StageKind,
    Status, Value, Verdict, Window, Zone,
};
use crate::script::Program;
use crate::text::{LocalText, Places, Sources};

fn field(kind: FieldType, optional: bool, personal: bool) -> Field {
    Field { personal, ..Field::new(kind, optional) }
}

fn schema() -> Schema {
    let kinds = EnumType {
        values: [("PAY", LocalText::new("Pay", "支付")), ("SIGN", LocalText::new("Sign", "签约"))]
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text))
            .collect(),
    };
    let fields: [(&str, Field); 11] = [
        ("key", field(FieldType::Text, false, false)),
        ("at", field(FieldType::Time, false, false)),
        ("kind", field(FieldType::Enum(kinds), false, false)),
        ("amount", field(FieldType::Money, false, false)),
        ("paid", field(FieldType::Money, false, false)),
        ("age", field(FieldType::Int, true, false)),
        ("ok", field(FieldType::Bool, false, false)),
        ("card", field(FieldType::Text, false, true)),
        ("phone", field(FieldType::Int, false, true)),
        ("risk", field(FieldType::Float, false, false)),
        ("terminal", Field { identifier: true, ..field(FieldType::Int, false, false) }),
    ];
    let fields: IndexMap<String, Field> = fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
    let name = |text| FieldName::new(text).unwrap();
    let roles = Roles { key: name("r.key"), time: name("r.at"), amount: None, customer: None, interface: None, label: None };
    let groups = [("r".to_owned(), Group { text: LocalText::default(), fields })].into_iter().collect();
    Schema { name: "small".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups }
}

fn engine(scripts: &[&str]) -> Engine {
    let mut sources = Sources::default();
    let mut source_of = |file: String, text: &str| {
        let text: Arc<str> = text.into();
        Script { source: sources.add(&file, Arc::clone(&text)), file, text }
    };
    let rules = scripts.iter().enumerate().map(|(at, text)| Rule {
        id: RuleId::new(format!("r{at}")).unwrap(),
        title: LocalText::default(),
        owner: String::new(),
        basis: LocalText::default(),
        status: Status::Active,
        window: Window::default(),
        script: source_of(format!("r{at}.rhai"), text),
    });
    let rules: Vec<Rule> = rules.collect();
    let shared = Some(source_of("shared.rhai".to_owned(), "fn pays(kind) { kind == \"PAY\" }"));
    let stage = Stage {
        id: StageId::new("s").unwrap(),
        title: LocalText::default(),
        kind: StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() },
        rules,
    };
    let most = Parameter {
        kind: FieldType::Money,
        value: Value::Money(Fen(500_000)),
        range: None,
        unit: None,
        text: LocalText::default(),
    };
    let entries: Arc<[Arc<str>]> = vec!["6222-secret".into()].into();
    let blocked = List {
        title: LocalText::new("Blocked cards", "黑名单卡"),
        kind: ListType::Text,
        file: String::new(),
        entries: ListEntries::Text(entries),
    };
    let rule_set = RuleSet {
        name: "small".to_owned(),
        version: "1".to_owned(),
        title: LocalText::default(),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("A").unwrap() },
        stages: vec![stage],
        parameters: [(ParameterId::new("most").unwrap(), most)].into_iter().collect(),
        interfaces: IndexMap::new(),
        reasons: [(ReasonId::new("A").unwrap(), Reason { text: LocalText::default(), wire: "00".to_owned(), iso8583: None })]
            .into_iter()
            .collect(),
        lists: [(ListId::new("blocked").unwrap(), blocked)].into_iter().collect(),
        invariants: Vec::new(),
        shared,
    };
    let definition = Definition { schema: schema(), rule_set, sources, places: Places::default() };
    let program = Program::compile(&definition).program;
    Engine::new(Arc::new(definition), program)
}

fn request(engine: &Engine) -> Request {
    let schema = &engine.definition().schema;
    let mut request = Request::empty(schema);
    let given = [
        ("r.key", Value::Text("k1".into())),
        ("r.at", Value::Time(schema.zone.parse_time("2014-03-24T09:30:00").unwrap())),
        ("r.kind", Value::Text("PAY".into())),
        ("r.amount", Value::Money(Fen(498_000))),
        ("r.paid", Value::Money(Fen(10_000))),
        ("r.age", Value::Missing),
        ("r.ok", Value::Bool(true)),
        ("r.card", Value::Text("6222-private".into())),
        ("r.phone", Value::Int(13_800_001_234)),
        ("r.risk", Value::Float(0.25)),
        ("r.terminal", Value::Int(7_863)),
    ];
    for (name, value) in given {
        request.set(schema.find(name).unwrap().0, value);
    }
    request
}

fn explained(script: &str) -> RuleExplanation {
    let engine = engine(&[script]);
    let explanation = explain(&engine, &request(&engine));
    let rule = explanation.stages[0].rules[0].clone();
    assert!(rule.followed || rule.fate == Fate::Error, "{script}");
    rule
}

#[test]
fn a_rule_says_why_it_did_not_fire_and_the_smallest_change() {
    let table = [
        (
            "if r.amount > yuan(5_000) { decline(\"A\") }",
            "`r.amount` 4,980.00 is not over 5,000.00: 20.01 more would",
            "`r.amount` 4,980.00 不大于 5,000.00：增加 20.01 即可命中",
        ),
        (
            "if params.most <= r.amount { decline(\"A\") }",
            "`params.most` 5,000.00 is over `r.amount` 4,980.00: `r.amount` 20.00 more would make it fire",
            "`params.most` 5,000.00 大于 `r.amount` 4,980.00：`r.amount` 增加 20.00 即可命中",
        ),
        (
            "let sum = r.paid + r.amount; if sum * 2 > 3 * params.most { decline(\"A\") }",
            "`sum * 2` 10,160.00 is not over `3 * params.most` 15,000.00: `r.amount` 2,420.01 more would make it fire",
            "`sum * 2` 10,160.00 不大于 `3 * params.most` 15,000.00：`r.amount` 增加 2,420.01 即可命中",
        ),
        (
            "if r.kind == \"SIGN\" { decline(\"A\") }",
            "`r.kind` is PAY (Pay), not SIGN (Sign): SIGN (Sign) would",
            "`r.kind` 为 PAY（支付），不是 SIGN（签约）：改为 SIGN（签约）即可命中",
        ),
        ("if r.ok { return; } decline(\"A\")", "`r.ok` is yes: no would", "`r.ok` 为是：改为 否即可命中"),
        ("if r.age != () && r.age < 18 { decline(\"A\") }", "`r.age` is missing: 0 would", "`r.age` 缺失：改为 0 即可命中"),
        (
            "if !pays(r.kind) { decline(\"A\") }",
            "`pays(r.kind)` holds (`r.kind` PAY (Pay)): with `r.kind` set to SIGN (Sign) it would fire",
            "`pays(r.kind)` 成立（`r.kind` PAY（支付））：将 `r.kind` 改为 SIGN（签约）即可命中",
        ),
        (
            "if r.kind == \"SIGN\" && r.amount > params.most { decline(\"A\") }",
            "`r.kind` is PAY (Pay), not SIGN (Sign); `r.amount` 4,980.00 is not over `params.most` 5,000.00: no change of one field was found that would make it fire",
            "`r.kind` 为 PAY（支付），不是 SIGN（签约）；`r.amount` 4,980.00 不大于 `params.most` 5,000.00：未找到只改一个字段即可命中的改法",
        ),
        (
            "if r.card in lists.blocked { decline(\"A\") }",
            "`r.card` ••• is not in `lists.blocked` (Blocked cards): another value would",
            "`r.card` ••• 不在名单 `lists.blocked`（黑名单卡）中：换为其他值即可命中",
        ),
        (
            "if hour(r.at) >= 22 { decline(\"A\") }",
            "`hour(r.at)` 9 is under 22: with `r.at` set to 2014-03-23 23:59:59.999999 it would fire",
            "`hour(r.at)` 9 小于 22：将 `r.at` 改为 2014-03-23 23:59:59.999999 即可命中",
        ),
        (
            "if r.risk > 0.5 { decline(\"A\") }",
            "`r.risk` 0.25 is not over 0.5: 0.5000000000000001 would",
            "`r.risk` 0.25 不大于 0.5：改为 0.5000000000000001 即可命中",
        ),
        (
            "if r.terminal > 7868 { decline(\"A\") }",
            "`r.terminal` 7863 is not over 7868: no change of one field was found that would make it fire",
            "`r.terminal` 7863 不大于 7868：未找到只改一个字段即可命中的改法",
        ),
        (
            "let terminal = r.terminal; if 12345 < terminal { decline(\"A\") }",
            "`terminal` 7863 is not over 12345: no change of one field was found that would make it fire",
            "`terminal` 7863 不大于 12345：未找到只改一个字段即可命中的改法",
        ),
        (
            "if r.terminal == 7868 { decline(\"A\") }",
            "`r.terminal` is 7863, not 7868: 7868 would",
            "`r.terminal` 为 7863，不是 7868：改为 7868 即可命中",
        ),
        (
            "if r.terminal in [1234567, 7868] { decline(\"A\") }",
            "`r.terminal` 7863 is not in `[1234567, 7868]`: 1234567 would",
            "`r.terminal` 7863 不在 `[1234567, 7868]` 中：改为 1234567 即可命中",
        ),
    ];
    for (script, en, zh) in table {
        let rule = explained(script);
        assert_eq!(rule.fate, Fate::DidNotFire, "{script}");
        let why = rule.why.unwrap();
        assert_eq!((why.en.as_str(), why.zh.as_str()), (en, zh), "{script}");
    }
}

#[test]
fn what_tells_of_a_personal_field_is_never_shown() {
    let scripts = [
        "if r.card in lists.blocked { decline(\"A\") }",
        "let head = left(r.card, 6); if head == \"6222-x\" { decline(\"A\") }",
        "if r.card + \"x\" != \"\" { decline(r.card) }",
        "if r.card == \"6222-private\" { decline(\"A\") }",
        "let one = r.card; let two = \"<\" + one; if two == \"\" { decline(\"A\") }",
        "let n = r.phone; n += 1; if n % 100_000 == 0 { decline(\"A\") }",
        "let n = 0; for at in 0..r.phone % 7 { n += at } if n > 90 { decline(\"A\") }",
        "if r.phone > 138_0000_9999 { decline(\"A\") }",
        "let far = r.phone * 1_000_000_000_000; if far > 5 { decline(\"A\") }",
        "if yuan(upper(r.card)) > yuan(1) { decline(\"A\") }",
        "let items = [1, 2]; if items[r.phone % 1_000] > 1 { decline(\"A\") }",
    ];
    let engine = engine(&scripts);
    let explanation = explain(&engine, &request(&engine));
    let said = serde_json::to_string(&explanation).unwrap();
    // What the scripts themselves say is no secret of the request.
    let said = scripts.iter().fold(said, |said, script| said.replace(&serde_json::to_string(script).unwrap()[1..], ""));
    let said = said.replace("r.card == \\\"6222-private\\\"", "").replace("6222-x", "");
    for secret in ["6222-", "13800001234", "13,800,001,234", "13800001235", "01234", "01,23", "01235"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    assert!(said.contains("•••"));
    let rules = &explanation.stages[0].rules;
    let values = |rule: usize| serde_json::to_string(&rules[rule].tree).unwrap();
    assert!(!values(6).contains("\"10\""), "a sum over a range of personal length: {}", values(6));
    for (rule, wanted) in [
        (8, "rule `r8`: `***` is too large for a whole number (r8.rhai:1:19)"),
        (9, "rule `r9`: `***` is not an amount such as `0.50` (r9.rhai:1:4)"),
        (10, "rule `r10`: position *** of an array of *** (r10.rhai:1:38)"),
    ] {
        assert_eq!(rules[rule].error.as_deref(), Some(wanted));
    }
}

#[test]
fn what_a_personal_field_only_decides_is_shown() {
    let engine = engine(&[
        "let listed = r.card in lists.blocked; let points = if listed { 40 } else { 12 }; if points > 41 { decline(\"A\") }",
        "let near = r.amount - r.paid; if near > yuan(1_000_000) { decline(\"A\") }",
    ]);
    let explanation = explain(&engine, &request(&engine));
    let rules = &explanation.stages[0].rules;
    let said = rules.iter().map(|rule| rule.why.clone().unwrap_or_default().en).collect::<Vec<_>>();
    assert!(said[0].starts_with("`points` 12 is not over 41") && said[1].starts_with("`near` 4,880.00 is not over"), "{said:?}");
}
