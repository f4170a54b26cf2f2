//! What changed from one rule set to another, part by part, in words that a reviewer reads and a policy asks about.

use crate::model::{Definition, List, ListEntries, Parameter, Rule, RuleId, RuleSet, Script, Stage, Status, Zone};
use crate::plan::Plan;
use crate::raw::{ReleaseForm, StageFile, from_model};
use crate::reading::RuleReader;
use crate::script::Program;
use crate::text::{LocalText, StaticText};

use super::policy::ChangedPart;
use super::{Digest, rule_set_digest, schema_digest};

/// How a part changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

/// One change (变更).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseChange {
    /// The part, as a policy names it.
    pub part: ChangedPart,
    /// How it changed.
    pub how: ChangeKind,
    /// What changed, for reviewers.
    pub text: LocalText,
    /// The rule that is new, is gone or has another script.
    pub rule: Option<RuleId>,
    /// The rule in plain language, before and now; empty until [`read_changes`] puts it into words.
    pub readings: Vec<LocalText>,
}

/// Puts every rule that is new, is gone or has another script into words, as it was and as it is.
pub fn read_changes(changes: &mut [ReleaseChange], old: Option<&Definition>, new: &Definition) {
    if changes.iter().all(|change| change.rule.is_none()) {
        return;
    }
    let planned = |definition: &Definition| Plan::new(definition, &Program::compile(definition).program);
    let plans = (old.map(planned), planned(new));
    let before = old.zip(plans.0.as_ref()).map(|(old, plan)| (old, RuleReader::new(old, plan)));
    let now = (new, RuleReader::new(new, &plans.1));
    let sentence = |(definition, reader): &(&Definition, RuleReader<'_>), id: &RuleId| {
        definition.rule_set.find_rule(id.as_str()).map(|(rule, ..)| reader.sentence(rule))
    };
    for change in changes {
        let Some(id) = &change.rule else { continue };
        let sentences = (before.as_ref().and_then(|before| sentence(before, id)), sentence(&now, id));
        let named =
            |(en, zh): (&str, &str), said: LocalText| LocalText::new(format!("{en}{}", said.en), format!("{zh}{}", said.zh));
        change.readings = match sentences {
            (Some(before), Some(now)) if before == now => {
                vec![named(("in plain words as before: ", "文字表述不变："), now)]
            }
            (before, now) => {
                let before = before.map(|said| named(("before: ", "变更前："), said));
                before.into_iter().chain(now.map(|said| named(("now: ", "变更后："), said))).collect()
            }
        };
    }
}

/// Everything that changed from `old` to `new`, in the order of the rule set; without `old`, all of `new` is added.
#[must_use]
pub fn changes(old: Option<&std::sync::Arc<Definition>>, new: &Definition) -> Vec<ReleaseChange> {
    let mut found = Changes { list: Vec::new(), old_zone: new.schema.zone, new_zone: new.schema.zone };
    let rules = &new.rule_set;
    let Some(old) = old else {
        found.everything(rules);
        return found.list;
    };
    found.old_zone = old.schema.zone;
    found.stages(&old.rule_set, rules);
    found.parameters(&old.rule_set, rules);
    found.lists(&old.rule_set, rules);
    found.settings(&old.rule_set, rules);
    if schema_digest(&old.schema) != schema_digest(&new.schema) {
        found.add(ChangedPart::Schema, ChangeKind::Changed, "the schema changed", "请求结构（schema）已变更");
    }
    // Whatever has no words of its own must not pass for no change.
    if found.list.is_empty() && rules_digest(old, &rules.version) != rules_digest(new, &rules.version) {
        found.add(ChangedPart::Settings, ChangeKind::Changed, "something in the rule set changed", "规则集内容已变更");
    }
    found.list
}

/// The digest of the rules whatever their version is called.
pub(super) fn without_version(definition: &Definition) -> Digest {
    rules_digest(definition, "")
}

fn rules_digest(definition: &Definition, version: &str) -> Digest {
    let rules = RuleSet { version: version.to_owned(), ..definition.rule_set.clone() };
    rule_set_digest(&rules, definition.schema.zone)
}

struct Changes {
    list: Vec<ReleaseChange>,
    old_zone: Zone,
    new_zone: Zone,
}

impl Changes {
    fn add(&mut self, part: ChangedPart, how: ChangeKind, en: impl Into<String>, zh: impl Into<String>) {
        self.list.push(ReleaseChange { part, how, text: LocalText::new(en, zh), rule: None, readings: Vec::new() });
    }

    fn came_or_went(&mut self, part: ChangedPart, how: ChangeKind) {
        let (kind, id) = match &part {
            ChangedPart::Stage(id) => (("stage", "阶段"), id.clone()),
            ChangedPart::Parameter(id) => (("parameter", "参数"), id.clone()),
            ChangedPart::List(id) => (("list", "名单"), id.clone()),
            ChangedPart::Anything | ChangedPart::Schema | ChangedPart::Settings => return,
        };
        self.named(part, how, kind, &id);
    }

    /// Something of a part with a kind and an id that came or went.
    fn named(&mut self, part: ChangedPart, how: ChangeKind, kind: (&str, &str), id: &str) {
        let (en, zh) = match how {
            ChangeKind::Added => ("is new", "为新增"),
            ChangeKind::Removed => ("is gone", "已删除"),
            ChangeKind::Changed => ("changed", "已变更"),
        };
        self.add(part, how, format!("{} `{id}` {en}", kind.0), format!("{} `{id}` {zh}", kind.1));
    }

    /// A rule of a stage that came or went.
    fn rule_came_or_went(&mut self, part: ChangedPart, how: ChangeKind, id: &RuleId) {
        self.named(part, how, ("rule", "规则"), id.as_str());
        self.is_about(id);
    }

    /// Notes the rule that the last change is about.
    fn is_about(&mut self, id: &RuleId) {
        if let Some(last) = self.list.last_mut() {
            last.rule = Some(id.clone());
        }
    }

    fn everything(&mut self, rules: &RuleSet) {
        for stage in &rules.stages {
            self.came_or_went(ChangedPart::Stage(stage.id.to_string()), ChangeKind::Added);
        }
        for id in rules.parameters.keys() {
            self.came_or_went(ChangedPart::Parameter(id.to_string()), ChangeKind::Added);
        }
        for id in rules.lists.keys() {
            self.came_or_went(ChangedPart::List(id.to_string()), ChangeKind::Added);
        }
        self.add(ChangedPart::Settings, ChangeKind::Added, "the settings are new", "基本设置为新增");
        self.add(ChangedPart::Schema, ChangeKind::Added, "the schema is new", "请求结构（schema）为新增");
    }

    fn stages(&mut self, old: &RuleSet, new: &RuleSet) {
        let is_shared_same = same_script(old.shared.as_ref(), new.shared.as_ref());
        for stage in &new.stages {
            let part = || ChangedPart::Stage(stage.id.to_string());
            let Some(before) = old.stages.iter().find(|before| before.id == stage.id) else {
                self.came_or_went(part(), ChangeKind::Added);
                continue;
            };
            self.stage(before, stage);
            if !is_shared_same {
                let (en, zh) = ("the shared functions changed, which", "公共函数已变更，可能影响");
                self.add(
                    part(),
                    ChangeKind::Changed,
                    format!("{en} stage `{}` may call", stage.id),
                    format!("{zh}阶段 `{}`", stage.id),
                );
            }
        }
        for gone in old.stages.iter().filter(|before| !new.stages.iter().any(|stage| stage.id == before.id)) {
            self.came_or_went(ChangedPart::Stage(gone.id.to_string()), ChangeKind::Removed);
        }
        if !same_order(&old.stages, &new.stages, |stage| stage.id.as_str()) {
            for stage in &new.stages {
                let part = ChangedPart::Stage(stage.id.to_string());
                self.add(part, ChangeKind::Changed, "the stages run in another order", "阶段的执行顺序已变更");
            }
        }
    }

    fn stage(&mut self, old: &Stage, new: &Stage) {
        let part = || ChangedPart::Stage(new.id.to_string());
        let told = self.list.len();
        let whole = from_model::stage::<ReleaseForm>;
        let heads = |stage: &Stage| StageFile { rules: Vec::new(), ..whole(stage) };
        if heads(old) != heads(new) {
            let (en, zh) = (format!("stage `{}` has other settings", new.id), format!("阶段 `{}` 的设置已变更", new.id));
            self.add(part(), ChangeKind::Changed, en, zh);
        }
        for rule in &new.rules {
            match old.rules.iter().find(|before| before.id == rule.id) {
                None => self.rule_came_or_went(part(), ChangeKind::Added, &rule.id),
                Some(before) => self.rule(&part(), before, rule),
            }
        }
        for gone in old.rules.iter().filter(|before| !new.rules.iter().any(|rule| rule.id == before.id)) {
            self.rule_came_or_went(part(), ChangeKind::Removed, &gone.id);
        }
        let same_order = same_order(&old.rules, &new.rules, |rule| rule.id.as_str());
        let is_told = self.list.iter().skip(told).any(|change| change.part == part());
        if !same_order || !is_told && whole(old) != whole(new) {
            let (en, zh) =
                (format!("the rules of stage `{}` run in another order", new.id), format!("阶段 `{}` 的规则顺序已变更", new.id));
            self.add(part(), ChangeKind::Changed, en, zh);
        }
    }

    fn rule(&mut self, part: &ChangedPart, old: &Rule, new: &Rule) {
        let id = &new.id;
        if old.status != new.status {
            let (from, to) = (status(old.status), status(new.status));
            let (en, zh) = (format!("rule `{id}`: {} → {}", from.en, to.en), format!("规则 `{id}`：{} → {}", from.zh, to.zh));
            self.add(part.clone(), ChangeKind::Changed, en, zh);
        }
        if !same_script(Some(&old.script), Some(&new.script)) {
            let (en, zh) = (format!("rule `{id}` has another script"), format!("规则 `{id}` 的脚本已变更"));
            self.add(part.clone(), ChangeKind::Changed, en, zh);
            self.is_about(id);
        }
        if old.window != new.window {
            let (en, zh) = (format!("rule `{id}` is effective at other times"), format!("规则 `{id}` 的生效时间已变更"));
            self.add(part.clone(), ChangeKind::Changed, en, zh);
        }
        if (&old.title, &old.owner, &old.basis) != (&new.title, &new.owner, &new.basis) {
            let (en, zh) =
                (format!("rule `{id}` has another title, owner or basis"), format!("规则 `{id}` 的名称、负责人或依据已变更"));
            self.add(part.clone(), ChangeKind::Changed, en, zh);
        }
    }

    fn parameters(&mut self, old: &RuleSet, new: &RuleSet) {
        for (id, parameter) in &new.parameters {
            let part = ChangedPart::Parameter(id.to_string());
            match old.parameters.get(id) {
                None => self.came_or_went(part, ChangeKind::Added),
                Some(before) => self.parameter(part, id.as_str(), before, parameter),
            }
        }
        for id in old.parameters.keys().filter(|id| !new.parameters.contains_key(*id)) {
            self.came_or_went(ChangedPart::Parameter(id.to_string()), ChangeKind::Removed);
        }
    }

    fn parameter(&mut self, part: ChangedPart, id: &str, old: &Parameter, new: &Parameter) {
        if old == new && self.old_zone == self.new_zone {
            return;
        }
        let (from, to) = (old.value.show(self.old_zone), new.value.show(self.new_zone));
        if from == to {
            let (en, zh) = (
                format!("parameter `{id}` has another range, type, unit or text"),
                format!("参数 `{id}` 的范围、类型、单位或说明已变更"),
            );
            self.add(part, ChangeKind::Changed, en, zh);
            return;
        }
        let unit = new.unit.clone().unwrap_or_default();
        let (en, zh) = (format!("parameter `{id}`: {from} → {to} {}", unit.en), format!("参数 `{id}`：{from} → {to} {}", unit.zh));
        self.add(part, ChangeKind::Changed, en.trim_end(), zh.trim_end());
    }

    fn lists(&mut self, old: &RuleSet, new: &RuleSet) {
        for (id, list) in &new.lists {
            let part = ChangedPart::List(id.to_string());
            match old.lists.get(id) {
                None => self.came_or_went(part, ChangeKind::Added),
                Some(before) if before == list => {}
                Some(before) => self.list(part, id.as_str(), before, list),
            }
        }
        for id in old.lists.keys().filter(|id| !new.lists.contains_key(*id)) {
            self.came_or_went(ChangedPart::List(id.to_string()), ChangeKind::Removed);
        }
    }

    fn list(&mut self, part: ChangedPart, id: &str, old: &List, new: &List) {
        let (more, fewer) = (only_in(&new.entries, &old.entries), only_in(&old.entries, &new.entries));
        let (en, zh) = if more + fewer == 0 {
            (format!("list `{id}` has another title, type or file"), format!("名单 `{id}` 的名称、类型或文件已变更"))
        } else {
            (format!("list `{id}`: {more} entries more, {fewer} fewer"), format!("名单 `{id}`：新增 {more} 条，删除 {fewer} 条"))
        };
        self.add(part, ChangeKind::Changed, en, zh);
    }

    fn settings(&mut self, old: &RuleSet, new: &RuleSet) {
        let mut settings = |is_same: bool, en: &str, zh: &str| {
            if !is_same {
                self.add(ChangedPart::Settings, ChangeKind::Changed, format!("{en} changed"), format!("{zh}已变更"));
            }
        };
        settings(old.on_error == new.on_error, "what an error means", "出错时的处理");
        settings(old.interfaces.iter().eq(&new.interfaces), "the interfaces", "接口");
        settings(old.reasons.iter().eq(&new.reasons), "the reasons", "原因码");
        let invariant =
            |one: &crate::model::Invariant| (one.id.clone(), one.title.clone(), one.when.text.clone(), one.verdicts.clone());
        settings(old.invariants.iter().map(invariant).eq(new.invariants.iter().map(invariant)), "the invariants", "不变式");
        let order = |rules: &RuleSet| -> Vec<String> {
            rules.parameters.keys().map(ToString::to_string).chain(rules.lists.keys().map(ToString::to_string)).collect()
        };
        let (mut before, mut after) = (order(old), order(new));
        let is_reordered = before != after && {
            before.sort();
            after.sort();
            before == after
        };
        settings(!is_reordered, "the order of parameters or lists", "参数或名单的顺序");
        settings((&old.name, &old.title) == (&new.name, &new.title), "the rule set's name or title", "规则集的名称");
    }
}

fn status(status: Status) -> StaticText {
    match status {
        Status::Active => StaticText::new("active", "启用"),
        Status::Shadow => StaticText::new("shadow", "影子（仅记录）"),
        Status::Off => StaticText::new("off", "停用"),
    }
}

/// Whether the items that both have are in the same order.
fn same_order<T>(old: &[T], new: &[T], id: impl Fn(&T) -> &str) -> bool {
    let kept = |from: &[T], other: &[T]| -> Vec<String> {
        from.iter().map(&id).filter(|one| other.iter().any(|other| id(other) == *one)).map(str::to_owned).collect()
    };
    kept(old, new) == kept(new, old)
}

fn same_script(old: Option<&Script>, new: Option<&Script>) -> bool {
    old.map(|script| (&script.file, &script.text)) == new.map(|script| (&script.file, &script.text))
}

/// How many entries of one list the other lacks.
fn only_in(one: &ListEntries, other: &ListEntries) -> usize {
    match one {
        ListEntries::Text(entries) => entries.iter().filter(|entry| !other.contains_text(entry)).count(),
        ListEntries::Int(entries) => entries.iter().filter(|entry| !other.contains_int(**entry)).count(),
    }
}
