//! Switching off rules of the live release at once (紧急停用): a release of its own kind that changes nothing else, so that a policy may ask for
//! fewer approvals of it.

use std::borrow::Cow;

use super::changes::without_version;
use super::create::create;
use super::policy::{ChangedPart, NeedRule, Policy};
use super::refusal::{self, refuse};
use super::{Evidence, Provenance, Release, rule_set_digest, schema_digest};
use crate::diagnostic::{Finding, nearest};
use crate::model::{Definition, Rule, RuleId, Status};
use crate::text::LocalText;

/// The live release's content with some rules switched off.
#[derive(Clone, Debug)]
pub struct SwitchOff {
    definition: Definition,
    written: Definition,
}

impl SwitchOff {
    /// Switches off rules that are active in the live release.
    ///
    /// # Errors
    /// A rule is not in the release or is not active there.
    pub fn of(live: &Release, rules: &[RuleId]) -> Result<Self, Box<Finding>> {
        let active = || live.definition().rule_set.rules().filter(|(.., rule)| rule.status == Status::Active);
        for id in rules {
            if !active().any(|(.., rule)| rule.id == *id) {
                let nearest = nearest(id.as_str(), active().map(|(.., rule)| rule.id.as_str()));
                return Err(Box::new(not_active(live, id, nearest)));
            }
        }
        let version = next_version(live.version());
        let off = |definition: &Definition| {
            let mut definition = definition.clone();
            definition.rule_set.version.clone_from(&version);
            for rule in definition.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules) {
                if rules.contains(&rule.id) {
                    rule.status = Status::Off;
                }
            }
            definition
        };
        Ok(Self { definition: off(live.definition()), written: off(live.written()) })
    }

    /// What will decide: the content that evidence is counted on.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The release, on evidence `counted` on [`Self::definition`].
    ///
    /// # Errors
    /// The remaining rules do not pass today's check.
    pub fn release(&self, counted: Evidence, provenance: &Provenance) -> Result<Release, Vec<Finding>> {
        let rule_set = rule_set_digest(&self.written.rule_set, self.written.schema.zone);
        let schema = schema_digest(&self.written.schema);
        create(&self.written, &Evidence { rule_set, schema, ..counted }, provenance)
    }
}

/// The version of a release with rules switched off: `8-off-1` after `8`, `8-off-2` after that.
fn next_version(live: &str) -> String {
    let (version, number) = match live.rsplit_once("-off-").and_then(|(version, n)| Some((version, n.parse::<u32>().ok()?))) {
        Some((version, number)) => (version, number.saturating_add(1)),
        None => (live, 1),
    };
    format!("{version}-off-{number}")
}

fn not_active(live: &Release, id: &RuleId, nearest: Option<&str>) -> Finding {
    let version = live.version();
    let message = LocalText::new(
        format!("the live release {version} has no active rule `{id}`"),
        format!("生效版本 {version} 中没有处于启用状态的规则 `{id}`"),
    );
    let help = nearest.map_or_else(
        || LocalText::new("name a rule that is active there", "请指定其中已启用的规则"),
        |nearest| LocalText::new(format!("is it `{nearest}`?"), format!("是否为 `{nearest}`？")),
    );
    refuse(refusal::SWITCH_OFF, None, message, help)
}

/// Whether a release is the live one with at least one rule switched off and nothing else changed.
pub(super) fn is_switch_off(live: &Release, release: &Release) -> bool {
    let (old, new) = (live.definition(), release.definition());
    let is_off = |id: &RuleId| new.rule_set.rules().any(|(.., rule)| rule.id == *id && rule.status == Status::Off);
    let switched = |rule: &Rule| rule.status == Status::Active && is_off(&rule.id);
    let mut expected = Definition::clone(old);
    let mut count = 0;
    for rule in expected.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules).filter(|rule| switched(rule)) {
        rule.status = Status::Off;
        count += 1;
    }
    count > 0 && without_version(&expected) == without_version(new) && schema_digest(&old.schema) == schema_digest(&new.schema)
}

/// What a policy asks of a release: for one that only switches rules off, its rule for these, where it has one.
pub(super) fn policy_for<'a>(policy: &'a Policy, release: &Release, live: Option<&Release>) -> Cow<'a, Policy> {
    let Some((role, approvals)) = policy.switch_off.as_ref().map(|asked| (asked.role.clone(), asked.approvals)) else {
        return Cow::Borrowed(policy);
    };
    if !live.is_some_and(|live| is_switch_off(live, release)) {
        return Cow::Borrowed(policy);
    }
    let need = NeedRule { change: ChangedPart::Anything, role, approvals };
    Cow::Owned(Policy { approvals, needs: vec![need], ..policy.clone() })
}

#[cfg(test)]
mod tests {
    use super::next_version;

    #[test]
    fn versions_count_on() {
        for (live, wanted) in
            [("8", "8-off-1"), ("8-off-1", "8-off-2"), ("8-off-x", "8-off-x-off-1"), ("1.2-off-4294967295", "1.2-off-4294967295")]
        {
            assert_eq!(next_version(live), wanted);
        }
    }
}
