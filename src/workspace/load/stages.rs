//! Gives the stages their meaning, with their rules and the rules' scripts.

use indexmap::IndexMap;

use super::common::{Seen, id, moment, unknown};
use super::rule_set::script;
use crate::at::At;
use crate::mirror::{RuleFile, StageFile, StageKindFile};
use crate::read::Reader;
use countersign_core::check::kinds::{UNKNOWN_INTERFACE, UNSORTED_BANDS};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{Band, Interface, InterfaceId, Rule, RuleId, Stage, StageId, StageKind, Window};
use countersign_core::text::LocalText;

/// The stages that are right; what is wrong with the others is noted.
pub(super) fn convert(
    reader: &mut Reader<'_>,
    written: &[StageFile],
    at: At<'_>,
    interfaces: &IndexMap<InterfaceId, Interface>,
) -> Vec<Stage> {
    let (mut stage_ids, mut rule_ids) = (Seen::default(), Seen::default());
    let mut stages = Vec::new();
    for (position, stage) in written.iter().enumerate() {
        let here = at.item(position);
        let span = here.field("id").span();
        let made = id(reader, StageId::new(&stage.id), span);
        stage_ids.note(reader, ("stage", "阶段"), &stage.id, span);
        let kind = kind(reader, &stage.kind, here.field("kind"), interfaces);
        let place = here.field("rules");
        let rules = stage.rules.iter().enumerate().filter_map(|(nth, rule)| one_rule(reader, rule, place.item(nth), &mut rule_ids));
        let rules = rules.collect();
        if let (Some(id), Some(kind)) = (made, kind) {
            stages.push(Stage { id, title: stage.title.clone(), kind, rules });
        }
    }
    stages
}

fn kind(
    reader: &mut Reader<'_>,
    written: &StageKindFile,
    at: At<'_>,
    interfaces: &IndexMap<InterfaceId, Interface>,
) -> Option<StageKind> {
    match written {
        StageKindFile::Screen { policy, bands } => {
            check_bands(reader, bands, at.field("bands"));
            Some(StageKind::Screen { policy: *policy, bands: bands.clone() })
        }
        StageKindFile::Limit => Some(StageKind::Limit),
        StageKindFile::Route { default: None } => Some(StageKind::Route { default: None }),
        StageKindFile::Route { default: Some(name) } => {
            let span = at.field("default").span();
            let known = interfaces.keys().map(InterfaceId::as_str);
            if !interfaces.contains_key(name.as_str()) {
                unknown(reader, UNKNOWN_INTERFACE, ("interface", "接口"), name, span, known);
                return None;
            }
            Some(StageKind::Route { default: Some(id(reader, InterfaceId::new(name), span)?) })
        }
    }
}

/// Bands go up, in score and in severity: a higher sum never means a milder verdict.
fn check_bands(reader: &mut Reader<'_>, bands: &[Band], at: At<'_>) {
    for (position, pair) in bands.windows(2).enumerate() {
        let [lower, upper] = pair else { continue };
        if upper.at_least <= lower.at_least || upper.verdict < lower.verdict {
            let message = LocalText::new("the score bands do not go up", "评分区间未按从低到高排列");
            let help = LocalText::new(
                "order the bands by `at_least`, each with a verdict at least as severe as the one before",
                "请按 `at_least` 从小到大排列，且结论不得比前一区间更轻",
            );
            reader.wrong(Finding::new(UNSORTED_BANDS, at.item(position + 1).span(), message).with_help(help));
        }
    }
}

fn one_rule(reader: &mut Reader<'_>, written: &RuleFile, at: At<'_>, seen: &mut Seen) -> Option<Rule> {
    let span = at.field("id").span();
    let made = id(reader, RuleId::new(&written.id), span);
    seen.note(reader, ("rule", "规则"), &written.id, span);
    let window = Window {
        from: moment(reader, written.from.as_ref(), at.field("from")),
        until: moment(reader, written.until.as_ref(), at.field("until")),
    };
    let script = script(reader, &written.script, at.field("script"));
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
