//! Format 1 as the model: every id, time, number and name is read, and whatever does not fit is a finding with its place.
//!
//! What a check of the rules finds (an unknown reason in a script) is not looked for here.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{Invariant, Kind, List, ListKind, Named, Parameter, Plain, Policy, RuleSet, Script, Stage, StageKind, Status, Verdict};
use crate::diagnostic::Finding;
use crate::diagnostic::FindingKind;
use crate::model::{self, FieldType, IdError, ListEntries, Moment, Scalar, Value, Zone};
use crate::release::refusal::{self, export_again, refuse};
use crate::text::{LocalText, Places, Sources};

/// Gathers what does not fit; the path is that of the file: `rule_set.stages.access.rules.r2`.
pub(in crate::release) struct Reading<'a> {
    pub(in crate::release) findings: Vec<Finding>,
    pub(in crate::release) places: &'a Places,
    pub(in crate::release) sources: &'a mut Sources,
}

impl Reading<'_> {
    /// Notes a value that does not fit.
    pub(in crate::release) fn wrong(&mut self, kind: &'static FindingKind, path: &str, message: LocalText) {
        self.findings.push(refuse(kind, self.places.find(path), message, export_again()));
    }

    pub(super) fn not(&mut self, path: &str, text: &str, en: &str, zh: &str) {
        let message = LocalText::new(format!("`{text}` is not {en}"), format!("`{text}` 不是{zh}"));
        self.wrong(refusal::VALUE, path, message);
    }

    fn unknown(&mut self, path: &str, text: &str, en: &str, zh: &str) {
        let message = LocalText::new(format!("{en} `{text}` is not defined"), format!("{zh} `{text}` 未定义"));
        self.wrong(refusal::VALUE, path, message);
    }

    fn id<T>(&mut self, path: &str, text: &str, make: fn(String) -> Result<T, IdError>) -> Option<T> {
        make(text.to_owned()).map_err(|error| self.not(path, text, error.wanted, "合法的标识")).ok()
    }

    pub(super) fn once<T: Hash + Eq>(&mut self, seen: &mut HashSet<T>, value: T, path: &str, text: &str) -> bool {
        let new = seen.insert(value);
        if !new {
            let message = LocalText::new(format!("`{text}` appears twice"), format!("`{text}` 出现了两次"));
            self.wrong(refusal::DUPLICATE, path, message);
        }
        new
    }

    /// A time with its offset.
    pub(in crate::release) fn moment(&mut self, path: &str, text: &str) -> Option<Moment> {
        let read = Moment::try_from(text.to_owned()).ok();
        if read.is_none() {
            self.not(
                path,
                text,
                "a time with an offset such as `2014-03-24T00:00:00+08:00`",
                "带时区的时间，例如 `2014-03-24T00:00:00+08:00`",
            );
        }
        read
    }

    /// A map of things that each have an id; nothing is lost silently.
    pub(super) fn map<K: Hash + Eq + Clone, V, M>(
        &mut self,
        path: &str,
        items: &[M],
        mut read: impl FnMut(&mut Self, &str, &M) -> Option<(K, V)>,
        name: impl Fn(&M) -> &str,
    ) -> IndexMap<K, V> {
        let mut map = IndexMap::with_capacity(items.len());
        let mut seen = HashSet::new();
        for item in items {
            let path = format!("{path}.{}", name(item));
            if let Some((key, value)) = read(self, &path, item)
                && self.once(&mut seen, key.clone(), &path, name(item))
            {
                map.insert(key, value);
            }
        }
        if items.len() > usize::from(u16::MAX) {
            let message = LocalText::new(
                format!("{} are too many, at most 65,535", items.len()),
                format!("{} 项过多，最多 65,535 项", items.len()),
            );
            self.wrong(refusal::VALUE, path, message);
        }
        map
    }

    fn script(&mut self, script: Script) -> model::Script {
        let text: Arc<str> = script.text.into();
        let source = self.sources.add(script.file.clone(), Arc::clone(&text));
        model::Script { file: script.file, text, source }
    }

    /// The rule set; `None` only with findings.
    pub(in crate::release) fn rule_set(&mut self, rules: RuleSet, zone: Zone) -> Option<model::RuleSet> {
        let at = "rule_set";
        let interfaces = self.map(&format!("{at}.interfaces"), &rules.interfaces, Self::interface, |one| &one.id);
        let reasons = self.map(&format!("{at}.reasons"), &rules.reasons, Self::reason, |one| &one.code);
        let parameters = self.map(
            &format!("{at}.parameters"),
            &rules.parameters,
            |reading, path, one| reading.parameter(path, one, zone),
            |one| &one.id,
        );
        let lists = self.map(&format!("{at}.lists"), &rules.lists, Self::list, |one| &one.id);
        let on_error = self.on_error(&rules, &reasons);
        // Sources follow the order of evaluation: shared functions, rules, invariants.
        let shared = rules.shared.map(|shared| self.script(shared));
        let stages = self.stages(rules.stages, &interfaces);
        let invariants = self.invariants(rules.invariants);
        Some(model::RuleSet {
            name: rules.name,
            version: rules.version,
            title: rules.title,
            on_error: on_error?,
            stages: stages?,
            parameters,
            interfaces,
            reasons,
            lists,
            invariants: invariants?,
            shared,
        })
    }

    fn interface(&mut self, path: &str, one: &super::Interface) -> Option<(model::InterfaceId, model::Interface)> {
        let id = self.id(path, &one.id, model::InterfaceId::try_from)?;
        Some((id, model::Interface { title: one.title.clone(), capacity_per_second: one.capacity_per_second }))
    }

    fn reason(&mut self, path: &str, one: &super::Reason) -> Option<(model::ReasonId, model::Reason)> {
        let id = self.id(path, &one.code, model::ReasonId::try_from)?;
        Some((id, model::Reason { text: one.text.clone(), wire: one.wire.clone(), iso8583: one.iso8583.clone() }))
    }

    fn on_error(&mut self, rules: &RuleSet, reasons: &IndexMap<model::ReasonId, model::Reason>) -> Option<model::OnError> {
        let reason = self.id("rule_set.on_error.reason", &rules.on_error.reason, model::ReasonId::try_from)?;
        if !reasons.contains_key(&reason) {
            self.unknown("rule_set.on_error.reason", reason.as_str(), "the reason", "原因码");
        }
        let verdict = verdict(rules.on_error.verdict);
        if verdict < model::Verdict::Refer {
            self.not(
                "rule_set.on_error.verdict",
                verdict.word(),
                "a verdict for errors: they refer or decline",
                "出错时可用的决策：只能转人工审核或拒绝",
            );
        }
        Some(model::OnError { verdict, reason })
    }

    fn stages(
        &mut self,
        stages: Vec<Stage>,
        interfaces: &IndexMap<model::InterfaceId, model::Interface>,
    ) -> Option<Vec<model::Stage>> {
        let (mut seen_stages, mut seen_rules) = (HashSet::new(), HashSet::new());
        let mut read = Vec::with_capacity(stages.len());
        let count = stages.len();
        let mut rules_count = 0;
        for stage in stages {
            let path = format!("rule_set.stages.{}", stage.id);
            let Some(id) = self.id(&path, &stage.id, model::StageId::try_from) else { continue };
            self.once(&mut seen_stages, id.clone(), &path, id.as_str());
            let Some(kind) = self.stage_kind(&path, stage.kind, interfaces) else { continue };
            rules_count += stage.rules.len();
            let mut rules = Vec::with_capacity(stage.rules.len());
            for rule in stage.rules {
                let path = format!("{path}.rules.{}", rule.id);
                if let Some(rule) = self.rule(&path, rule) {
                    self.once(&mut seen_rules, rule.id.clone(), &path, rule.id.as_str());
                    rules.push(rule);
                }
            }
            read.push(model::Stage { id, title: stage.title, kind, rules });
        }
        if rules_count > usize::from(u16::MAX) || count > usize::from(u16::MAX) {
            self.not(
                "rule_set.stages",
                &rules_count.to_string(),
                "a number of rules that can be held, at most 65,535",
                "可容纳的规则数量，最多 65,535 条",
            );
        }
        (read.len() == count).then_some(read)
    }

    fn stage_kind(
        &mut self,
        path: &str,
        kind: StageKind,
        interfaces: &IndexMap<model::InterfaceId, model::Interface>,
    ) -> Option<model::StageKind> {
        Some(match kind {
            StageKind::Screen { policy, bands } => model::StageKind::Screen {
                policy: match policy {
                    Policy::First => model::HitPolicy::First,
                    Policy::MostSevere => model::HitPolicy::MostSevere,
                },
                bands: bands.iter().map(|band| model::Band { at_least: band.at_least, verdict: verdict(band.verdict) }).collect(),
            },
            StageKind::Limit => model::StageKind::Limit,
            StageKind::Route { default: None } => model::StageKind::Route { default: None },
            StageKind::Route { default: Some(text) } => {
                let path = format!("{path}.kind.default");
                let id = self.id(&path, &text, model::InterfaceId::try_from)?;
                if !interfaces.contains_key(&id) {
                    self.unknown(&path, &text, "the interface", "接口");
                }
                model::StageKind::Route { default: Some(id) }
            }
        })
    }

    fn rule(&mut self, path: &str, rule: super::Rule) -> Option<model::Rule> {
        let id = self.id(path, &rule.id, model::RuleId::try_from);
        let from = rule.from.map(|text| self.moment(&format!("{path}.from"), &text));
        let until = rule.until.map(|text| self.moment(&format!("{path}.until"), &text));
        let status = match rule.status {
            Status::Active => model::Status::Active,
            Status::Shadow => model::Status::Shadow,
            Status::Off => model::Status::Off,
        };
        // A window with an end that cannot be read is not open: the rule is not read at all.
        let window = model::Window { from: absent_or_read(from)?, until: absent_or_read(until)? };
        let script = self.script(rule.script);
        Some(model::Rule { id: id?, title: rule.title, owner: rule.owner, basis: rule.basis, status, window, script })
    }

    fn invariants(&mut self, invariants: Vec<Invariant>) -> Option<Vec<model::Invariant>> {
        let mut seen = HashSet::new();
        let count = invariants.len();
        let mut read = Vec::with_capacity(count);
        for invariant in invariants {
            let path = format!("rule_set.invariants.{}", invariant.id);
            let Some(id) = self.id(&path, &invariant.id, model::RuleId::try_from) else { continue };
            self.once(&mut seen, id.clone(), &path, id.as_str());
            let verdicts = invariant.verdicts.iter().map(|one| verdict(*one)).collect();
            read.push(model::Invariant { id, title: invariant.title, when: self.script(invariant.when), verdicts });
        }
        (read.len() == count).then_some(read)
    }

    fn parameter(&mut self, path: &str, one: &Parameter, zone: Zone) -> Option<(model::ParameterId, model::Parameter)> {
        let id = self.id(path, &one.id, model::ParameterId::try_from)?;
        let kind = self.kind(&format!("{path}.kind"), &one.kind);
        let value = self.value(&format!("{path}.value"), &kind, &one.value, zone)?;
        let range = match &one.range {
            Some(range) => Some(model::Range {
                min: self.value(&format!("{path}.range.min"), &kind, &range.min, zone)?,
                max: self.value(&format!("{path}.range.max"), &kind, &range.max, zone)?,
            }),
            None => None,
        };
        let ranged = matches!(kind, FieldType::Int | FieldType::Money | FieldType::Float | FieldType::Time);
        if range.is_some() && !ranged {
            self.not(&format!("{path}.range"), kind.name(), "a type that has a range", "可以设置范围的类型");
        }
        Some((id, model::Parameter { kind, value, range, unit: one.unit.clone(), text: one.text.clone() }))
    }

    fn value(&mut self, path: &str, kind: &FieldType, plain: &Plain, zone: Zone) -> Option<Value> {
        let scalar = match plain {
            Plain::Bool(value) => Scalar::Bool(*value),
            Plain::Int(value) => Scalar::Int(*value),
            Plain::Float(value) => Scalar::Float(*value),
            Plain::Text(text) => Scalar::Text(text.clone()),
        };
        match Value::from_scalar(kind, &scalar, zone) {
            Ok(value) if value != Value::Missing => Some(value),
            _ => {
                self.not(path, &show(plain), kind.looks_like(), &format!(" {} 类型的值", kind.name()));
                None
            }
        }
    }

    /// A field's or parameter's type.
    pub(super) fn kind(&mut self, path: &str, kind: &Kind) -> FieldType {
        match kind {
            Kind::Bool => FieldType::Bool,
            Kind::Int => FieldType::Int,
            Kind::Money => FieldType::Money,
            Kind::Float => FieldType::Float,
            Kind::Text => FieldType::Text,
            Kind::Time => FieldType::Time,
            Kind::Enum(values) => {
                let read = |_: &mut Self, _: &str, one: &Named| Some((one.id.clone(), one.text.clone()));
                FieldType::Enum(model::EnumType { values: self.map(path, values, read, |one| &one.id) })
            }
        }
    }

    fn list(&mut self, path: &str, list: &List) -> Option<(model::ListId, model::List)> {
        let id = self.id(path, &list.id, model::ListId::try_from)?;
        let wrong = |reading: &mut Self, en: &str, zh: &str| {
            let name = &list.id;
            let message = LocalText::new(format!("the entries of `{name}` {en}"), format!("名单 `{name}` 的条目{zh}"));
            reading.wrong(refusal::LIST, &format!("{path}.entries"), message);
        };
        let lines: Vec<&str> = list.entries.split_terminator('\n').collect();
        if !list.entries.is_empty() && !list.entries.ends_with('\n') {
            wrong(self, "do not end with a line break", "末尾缺少换行");
            return None;
        }
        if u64::try_from(lines.len()).ok() != Some(list.count) {
            wrong(
                self,
                &format!("are {}, not {} as stated", lines.len(), list.count),
                &format!("共 {} 条，与声明的 {} 条不符", lines.len(), list.count),
            );
            return None;
        }
        let (kind, entries) = match list.kind {
            ListKind::Text => {
                let ascending = lines.is_sorted_by(|one, next| one < next);
                let entries = ListEntries::Text(lines.into_iter().map(Arc::from).collect());
                (model::ListType::Text, ascending.then_some(entries))
            }
            ListKind::Int => {
                let numbers: Option<Arc<[i64]>> = lines.iter().map(|line| line.parse().ok()).collect();
                let ascending = numbers.filter(|numbers| numbers.is_sorted_by(|one, next| one < next));
                (model::ListType::Int, ascending.map(ListEntries::Int))
            }
        };
        let Some(entries) = entries else {
            wrong(self, "are not of its type, or not sorted, or not unique", "类型不符、未排序或有重复");
            return None;
        };
        Some((id, model::List { title: list.title.clone(), kind, file: list.file.clone(), entries }))
    }
}

fn verdict(verdict: Verdict) -> model::Verdict {
    match verdict {
        Verdict::Accept => model::Verdict::Accept,
        Verdict::StepUp => model::Verdict::StepUp,
        Verdict::Refer => model::Verdict::Refer,
        Verdict::Decline => model::Verdict::Decline,
    }
}

/// What is absent stays absent; what is there must have been read.
#[expect(clippy::option_option, reason = "absent, unreadable and read are three things")]
pub(super) fn absent_or_read<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(None) => None,
        Some(read) => Some(read),
    }
}

fn show(plain: &Plain) -> String {
    match plain {
        Plain::Bool(value) => value.to_string(),
        Plain::Int(value) => value.to_string(),
        Plain::Float(value) => value.to_string(),
        Plain::Text(text) => text.clone(),
    }
}
