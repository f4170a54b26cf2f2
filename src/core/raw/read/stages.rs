//! Stages with their rules and the rules' scripts.

use indexmap::IndexMap;

use super::common::{SeenIds, id, moment, unknown};
use super::{RawPlace, RawSource};
use crate::check::kinds::{UNKNOWN_INTERFACE, UNSORTED_BANDS};
use crate::diagnostic::Finding;
use crate::model::{Band, Interface, InterfaceId, Rule, RuleId, Stage, StageId, StageKind, Window};
use crate::raw::{RuleFile, StageFile, StageKindFile};
use crate::text::LocalText;

/// The stages that are right; what is wrong with the others is noted.
pub(super) fn convert<S: RawSource>(
    source: &mut S,
    written: &[StageFile<S::Form>],
    at: &impl RawPlace,
    interfaces: &IndexMap<InterfaceId, Interface>,
) -> Vec<Stage> {
    let (mut stage_ids, mut rule_ids) = (SeenIds::default(), SeenIds::default());
    let mut stages = Vec::new();
    for (position, stage) in written.iter().enumerate() {
        let here = at.entry(position, &stage.id);
        let span = here.field("id").span();
        let made = id(source, StageId::new(&stage.id), span);
        stage_ids.note(source, ("stage", "阶段"), &stage.id, span);
        let kind = kind(source, &stage.kind, &here.field("kind"), interfaces);
        let place = here.field("rules");
        let rules = stage.rules.iter().enumerate();
        let rules = rules.filter_map(|(nth, rule)| one_rule(source, rule, &place.entry(nth, &rule.id), &mut rule_ids)).collect();
        if let (Some(id), Some(kind)) = (made, kind) {
            stages.push(Stage { id, title: stage.title.clone(), kind, rules });
        }
    }
    stages
}

fn kind(
    source: &mut impl RawSource,
    written: &StageKindFile,
    at: &impl RawPlace,
    interfaces: &IndexMap<InterfaceId, Interface>,
) -> Option<StageKind> {
    match written {
        StageKindFile::Screen { policy, bands } => {
            check_bands(source, bands, &at.field("bands"));
            Some(StageKind::Screen { policy: *policy, bands: bands.clone() })
        }
        StageKindFile::Limit => Some(StageKind::Limit),
        StageKindFile::Route { default: None } => Some(StageKind::Route { default: None }),
        StageKindFile::Route { default: Some(name) } => {
            let span = at.field("default").span();
            let known = interfaces.keys().map(InterfaceId::as_str);
            if !interfaces.contains_key(name.as_str()) {
                unknown(source, UNKNOWN_INTERFACE, ("interface", "接口"), name, span, known);
                return None;
            }
            Some(StageKind::Route { default: Some(id(source, InterfaceId::new(name), span)?) })
        }
    }
}

/// Bands go up, in score and in severity: a higher sum never means a milder verdict.
fn check_bands(source: &mut impl RawSource, bands: &[Band], at: &impl RawPlace) {
    for (position, pair) in bands.windows(2).enumerate() {
        let [lower, upper] = pair else { continue };
        if upper.at_least <= lower.at_least || upper.verdict < lower.verdict {
            let message = LocalText::new("the score bands do not go up", "评分区间未按从低到高排列");
            let help = LocalText::new(
                "order the bands by `at_least`, each with a verdict at least as severe as the one before",
                "请按 `at_least` 从小到大排列，且结论不得比前一区间更轻",
            );
            source.wrong(
                Finding::new(UNSORTED_BANDS, at.entry(position + 1, &(position + 1).to_string()).span(), message).with_help(help),
            );
        }
    }
}

fn one_rule<S: RawSource>(source: &mut S, written: &RuleFile<S::Form>, at: &impl RawPlace, seen: &mut SeenIds) -> Option<Rule> {
    let span = at.field("id").span();
    let made = id(source, RuleId::new(&written.id), span);
    seen.note(source, ("rule", "规则"), &written.id, span);
    let window = Window {
        from: moment(source, written.from.as_ref(), &at.field("from")),
        until: moment(source, written.until.as_ref(), &at.field("until")),
    };
    let script = source.script(&written.script, &at.field("script"));
    Some(Rule {
        id: made?,
        title: written.title.clone(),
        owner: written.owner.clone(),
        basis: written.basis.clone(),
        status: written.status,
        window,
        script,
    })
}
