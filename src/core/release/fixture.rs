//! A small definition for the tests of releases that has one of everything.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{
    Acknowledgement, CaseEvidence, CheckEvidence, Coverage, Digest, Evidence, LiveEvidence, Provenance, SampleEvidence,
    VerdictCounts, rule_set_digest, schema_digest,
};
use crate::model::{
    Band, Definition, EnumType, Fen, Field, FieldName, FieldType, Group, HitPolicy, Interface, Invariant, List, ListEntries,
    ListType, Moment, OnError, Parameter, Range, Reason, Roles, Rule, RuleSet, Schema, Script, Stage, StageKind, Status, Value,
    Verdict, Window, Zone,
};
use crate::text::{LocalText, Places, Sources};

pub fn moment(text: &str) -> Moment {
    Moment::try_from(text.to_owned()).unwrap()
}

fn name(text: &str) -> FieldName {
    FieldName::new(text).unwrap()
}

fn zone() -> Zone {
    Zone::parse("+08:00").unwrap()
}

fn enumeration(values: &[(&str, &str, &str)]) -> FieldType {
    let values = values.iter().map(|(id, en, zh)| ((*id).to_owned(), LocalText::new(*en, *zh)));
    FieldType::Enum(EnumType { values: values.collect() })
}

fn schema() -> Schema {
    let field = |kind, en, zh| Field { text: LocalText::new(en, zh), ..Field::new(kind, false) };
    let request = IndexMap::from([
        ("id".to_owned(), field(FieldType::Text, "message serial", "报文流水号")),
        (
            "operation".to_owned(),
            field(enumeration(&[("SIGN", "sign", "签约"), ("PAY", "pay", "支付")]), "what is asked for", "请求的操作"),
        ),
        ("received_at".to_owned(), field(FieldType::Time, "when it arrived", "到达时间")),
        (
            "interface".to_owned(),
            field(enumeration(&[("zhejiang", "Zhejiang", "浙江"), ("branch_1", "branch 1", "分行一")]), "interface", "接口"),
        ),
    ]);
    let years = Some(LocalText::new("years", "岁"));
    let customer = IndexMap::from([
        ("age".to_owned(), Field { optional: true, unit: years, ..field(FieldType::Int, "age", "年龄") }),
        ("id_hash".to_owned(), Field { personal: true, ..field(FieldType::Text, "identity", "身份标识") }),
        ("score".to_owned(), field(FieldType::Float, "platform's score", "平台评分")),
        ("verified".to_owned(), field(FieldType::Bool, "verified by the bank", "银行已核验")),
    ]);
    let money = IndexMap::from([("amount".to_owned(), Field { optional: true, ..field(FieldType::Money, "amount", "金额") })]);
    let label = IndexMap::from([("fraud".to_owned(), Field { optional: true, ..field(FieldType::Bool, "fraud", "欺诈") })]);
    let group = |en, zh, fields| Group { text: LocalText::new(en, zh), fields };
    Schema {
        name: "signing-request".to_owned(),
        zone: zone(),
        roles: Roles {
            key: name("request.id"),
            time: name("request.received_at"),
            amount: Some(name("money.amount")),
            customer: Some(name("customer.id_hash")),
            interface: Some(name("request.interface")),
            label: Some(name("label.fraud")),
        },
        groups: IndexMap::from([
            ("request".to_owned(), group("request", "请求", request)),
            ("customer".to_owned(), group("customer", "客户", customer)),
            ("money".to_owned(), group("money", "资金", money)),
            ("label".to_owned(), group("known afterwards", "事后标签", label)),
        ]),
    }
}

fn script(sources: &mut Sources, file: &str, text: &str) -> Script {
    let text: Arc<str> = text.into();
    let source = sources.add(file, Arc::clone(&text));
    Script { file: file.to_owned(), text, source }
}

fn rule(sources: &mut Sources, id: &str, title: (&str, &str), text: &str) -> Rule {
    Rule {
        id: id.to_owned().try_into().unwrap(),
        title: LocalText::new(title.0, title.1),
        owner: "risk-control".to_owned(),
        basis: LocalText::new("notice of 24 March 2014", "2014 年 3 月 24 日通知"),
        status: Status::Active,
        window: Window::default(),
        script: script(sources, &format!("risk/{id}.rhai"), text),
    }
}

fn stages(sources: &mut Sources) -> Vec<Stage> {
    let closed = "// A new customer signs only over the one open interface.\nif request.operation == \"SIGN\" && request.interface != \
                  params.open_interface && is_after_cutover(request.received_at) {\n    decline(\"INTERFACE_CLOSED_FOR_NEW\")\n}\n";
    let mut access = rule(sources, "closed_interface_new", ("closed for new customers", "对新增客户关闭的接口"), closed);
    access.window = Window { from: Some(moment("2014-03-24T00:00:00+08:00")), until: Some(moment("2015-01-01T00:00:00+08:00")) };
    let blocked = "if customer.id_hash in lists.blocked_ids { decline(\"BLOCKED\") }\n";
    let blocked = rule(sources, "blocked", ("blocked identity", "黑名单身份"), blocked);
    let risky = "if customer.score > params.high_score && params.scoring { score(params.points, \"RISKY\") }\n";
    let risky = rule(sources, "risky", ("high score", "高评分"), risky);
    let young = "if (customer.age ?? 99) in lists.young_ages {\n    refer(\"RISKY\")\n}\n";
    let young = Rule { status: Status::Shadow, ..rule(sources, "young", ("young customer", "年轻客户"), young) };
    let single = "limit(#{ single: params.single_limit, month: yuan(50_000) })\n";
    let single = rule(sources, "single_limit", ("single limit", "单笔限额"), single);
    let stage =
        |id: &str, en, zh, kind, rules| Stage { id: id.to_owned().try_into().unwrap(), title: LocalText::new(en, zh), kind, rules };
    let bands = vec![Band { at_least: 60, verdict: Verdict::Refer }, Band { at_least: 90, verdict: Verdict::Decline }];
    let route = "if request.operation == \"PAY\" { route(request.interface) }\n";
    let route = rule(sources, "stay", ("stay where it arrived", "保持到达接口"), route);
    vec![
        stage("access", "access", "准入", StageKind::Screen { policy: HitPolicy::First, bands: Vec::new() }, vec![access, blocked]),
        stage("risk", "risk", "风险", StageKind::Screen { policy: HitPolicy::MostSevere, bands }, vec![risky, young]),
        stage("limits", "limits", "限额", StageKind::Limit, vec![single]),
        stage(
            "routing",
            "routing",
            "路由",
            StageKind::Route { default: Some("zhejiang".to_owned().try_into().unwrap()) },
            vec![route],
        ),
    ]
}

fn parameters() -> IndexMap<crate::model::ParameterId, Parameter> {
    let one = |id: &str, kind, value, range: Option<(Value, Value)>, en: &str, zh: &str| {
        let range = range.map(|(min, max)| Range { min, max });
        (id.to_owned().try_into().unwrap(), Parameter { kind, value, range, unit: None, text: LocalText::new(en, zh) })
    };
    let time = |text: &str| Value::Time(zone().parse_time(text).unwrap());
    let money = |fen| Value::Money(Fen(fen));
    let interfaces = enumeration(&[("zhejiang", "Zhejiang", "浙江"), ("branch_1", "branch 1", "分行一")]);
    let (low, high) = (time("2014-01-01"), time("2016-01-01"));
    IndexMap::from([
        one("cutover", FieldType::Time, time("2014-03-24T00:00:00"), Some((low, high)), "cutover", "切换时间"),
        one("high_score", FieldType::Float, Value::Float(0.85), Some((Value::Float(0.0), Value::Float(1.0))), "score", "评分阈值"),
        one("open_interface", interfaces, Value::Text("zhejiang".into()), None, "the open interface", "开放的接口"),
        one("points", FieldType::Int, Value::Int(70), Some((Value::Int(-1), Value::Int(100))), "points", "分值"),
        one("scoring", FieldType::Bool, Value::Bool(true), None, "whether to score", "是否评分"),
        one("single_limit", FieldType::Money, money(500_000), Some((money(0), money(5_000_000))), "single limit", "单笔限额"),
    ])
}

/// One of everything.
pub fn definition() -> Definition {
    let mut sources = Sources::default();
    let reason =
        |en, zh, wire: &str| Reason { text: LocalText::new(en, zh), wire: wire.to_owned(), iso8583: Some("57".to_owned()) };
    let list = |file: &str, kind, entries| List { title: LocalText::new("a list", "名单"), kind, file: file.to_owned(), entries };
    let blocked = ListEntries::Text(Arc::from(["3f5a".into(), "9c01".into(), "黑".into()]));
    let unlinking = "request.operation == \"PAY\"";
    let rule_set = RuleSet {
        name: "quick-payment".to_owned(),
        version: "2014.03.24".to_owned(),
        title: LocalText::new("quick-payment signing", "快捷支付签约"),
        on_error: OnError { verdict: Verdict::Refer, reason: "SYSTEM_ERROR".to_owned().try_into().unwrap() },
        stages: stages(&mut sources),
        parameters: parameters(),
        interfaces: IndexMap::from([
            (
                "zhejiang".to_owned().try_into().unwrap(),
                Interface { title: LocalText::new("Zhejiang", "浙江"), capacity_per_second: Some(400) },
            ),
            (
                "branch_1".to_owned().try_into().unwrap(),
                Interface { title: LocalText::new("branch 1", "分行一"), capacity_per_second: None },
            ),
        ]),
        reasons: IndexMap::from([
            (
                "INTERFACE_CLOSED_FOR_NEW".to_owned().try_into().unwrap(),
                reason("the interface is closed for new customers", "该接口不受理新增客户", "PB511099"),
            ),
            ("BLOCKED".to_owned().try_into().unwrap(), reason("blocked identity", "黑名单身份", "PB511019")),
            ("RISKY".to_owned().try_into().unwrap(), Reason { iso8583: None, ..reason("risky", "存在风险", "PB511098") }),
            ("SYSTEM_ERROR".to_owned().try_into().unwrap(), reason("a rule failed", "规则执行出错", "PB511000")),
        ]),
        lists: IndexMap::from([
            ("blocked_ids".to_owned().try_into().unwrap(), list("lists/blocked_ids.txt", ListType::Text, blocked)),
            (
                "young_ages".to_owned().try_into().unwrap(),
                list("lists/young_ages.txt", ListType::Int, ListEntries::Int(Arc::from([-1, 16, 17]))),
            ),
        ]),
        invariants: vec![Invariant {
            id: "pay_is_not_stepped_up".to_owned().try_into().unwrap(),
            title: LocalText::new("payments are never stepped up", "支付不加强验证"),
            when: script(&mut sources, "ruleset.ron", unlinking),
            verdicts: vec![Verdict::Accept, Verdict::Refer, Verdict::Decline],
        }],
        shared: Some(script(
            &mut sources,
            "shared.rhai",
            "fn is_after_cutover(at) {\n    at >= time(\"2014-03-24T00:00:00\")\n}\n",
        )),
    };
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}

/// Evidence that belongs to a definition.
pub fn evidence(definition: &Definition) -> Evidence {
    Evidence {
        rule_set: rule_set_digest(&definition.rule_set, definition.schema.zone),
        schema: schema_digest(&definition.schema),
        cases: Some(CaseEvidence { digest: Digest::of(b"cases"), total: 80, passed: 80 }),
        samples: vec![SampleEvidence {
            file: "requests.csv".to_owned(),
            digest: Digest::of(b"requests"),
            mapping: Some(Digest::of(b"mapping")),
            requests: 20_000,
            verdicts: VerdictCounts::new([18_000, 1_000, 600, 400]),
            failed: 3,
            set_aside: None,
        }],
        coverage: Coverage { rules: 6, hit_by_cases: 6, hit_by_samples: 5 },
        against: Some(LiveEvidence {
            release: Digest::of(b"live"),
            flips: 17,
            acknowledged: vec![Acknowledgement {
                by: "li.na@bank.example".to_owned(),
                at: moment("2014-03-20T09:29:00+08:00"),
                count: 17,
                comment: "closed interfaces decline, as decided".to_owned(),
            }],
        }),
        check: CheckEvidence { warnings: 1, notes: 2 },
    }
}

/// Who made the releases of the tests.
pub fn provenance() -> Provenance {
    Provenance {
        maker: "li.na@bank.example".to_owned(),
        created_at: moment("2014-03-20T09:30:00+08:00"),
        comment: "phase 1: one access point\nopen nationwide".to_owned(),
        rolls_back: Some(Digest::of(b"old")),
        lineage: None,
    }
}
