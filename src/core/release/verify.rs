//! What takes work to know of a release: that its rules pass the check, that its evidence comes out the same, that it is approved.

use super::approved::{self, Requirements};
use super::evidence::{Evidence, EvidenceDifference};
use super::refusal::{self, refuse};
use super::{Profile, Release};
use crate::check::check_compiled;
use crate::diagnostic::{Finding, Help, Operation, Severity};
use crate::script::Program;
use crate::text::LocalText;

/// Everything that speaks against a release: rules that do not pass the check, approvals that do not answer what is required, a release
/// older than the `live` one, and evidence that differs from what was `computed` again (see [`Evidence`]); without it, evidence is not
/// compared. Without `live`, everything counts as changed. Empty when nothing does; notes and warnings may remain.
#[must_use]
pub fn verify(release: &Release, requirements: &Requirements, live: Option<&Release>, computed: Option<&Evidence>) -> Vec<Finding> {
    let (_, mut findings) = verify_rules(release);
    findings.extend(verify_approvals(release, requirements, live));
    if let Some(computed) = computed {
        let differences = release.evidence().differences(computed);
        findings.extend(differences.iter().map(|difference| differs(release, difference)));
    }
    findings
}

/// Whether a release is approved as required, and may take the place of the `live` one.
#[must_use]
pub fn verify_approvals(release: &Release, requirements: &Requirements, live: Option<&Release>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = revoked(release, requirements).into_iter().collect();
    findings.extend(approved::findings(release, requirements, live));
    findings.extend(approved::ended(release));
    findings.extend(left_out(release));
    findings.extend(live.and_then(|live| older(release, live)));
    findings
}

/// That a release was revoked.
#[must_use]
pub fn revoked(release: &Release, requirements: &Requirements) -> Option<Finding> {
    requirements.revocations.as_ref().and_then(|revocations| revocations.of(release))
}

/// What speaks against the signatures under a release that are there, whether or not they are enough.
#[must_use]
pub fn verify_signatures(release: &Release, requirements: &Requirements) -> Vec<Finding> {
    approved::signatures_of(release, requirements)
}

/// Rows in no figure of the evidence that nobody acknowledged, a finding each file: whoever left out the row that flips would otherwise have
/// no flip to acknowledge.
pub fn left_out(release: &Release) -> impl Iterator<Item = Finding> + '_ {
    release.evidence().samples.iter().filter_map(|sample| {
        let aside = sample.set_aside.as_ref().filter(|aside| aside.open() > 0)?;
        let (file, said) = (&sample.file, aside.rows.sentence());
        let message = LocalText::new(
            format!("`{file}`: {}, and nobody acknowledged them", said.en),
            format!("`{file}`：{}，且无人确认", said.zh),
        );
        let help = Help::with_operation(
            LocalText::new(
                "look at the reasons, and make the release again with them acknowledged",
                "请核对原因并确认后重新生成发布",
            ),
            Operation::AcknowledgeRows,
        );
        let place = release.definition().places.find(&format!("evidence.samples.{file}.set_aside.rows"));
        let finding = refuse(refusal::SET_ASIDE, place, message, help);
        Some(aside.rows.reason_lines().fold(finding, |finding, line| finding.with_note(None, line)))
    })
}

/// A release with a lower number than the live one, or made before it: an old file must not come back by copying it.
fn older(release: &Release, live: &Release) -> Option<Finding> {
    if release.lineage().is_some() || live.lineage().is_some() {
        return outnumbered(release, live);
    }
    let (made, live_made) = (release.provenance().created_at, live.provenance().created_at);
    if made.at >= live_made.at {
        return None;
    }
    let (version, live) = (release.version(), live.version());
    let message = LocalText::new(
        format!("release `{version}` was made at {made}, before the live `{live}` of {live_made}"),
        format!("发布 `{version}` 生成于 {made}，早于生效版本 `{live}`（{live_made}）"),
    );
    Some(refuse(refusal::OLDER, release.definition().places.find("provenance.created_at"), message, roll_back_instead()))
}

fn outnumbered(release: &Release, live: &Release) -> Option<Finding> {
    let (number, live_number) = (release.sequence(), live.sequence());
    if number > live_number || release.digest() == live.digest() {
        return None;
    }
    let message = LocalText::new(
        format!("release {number} does not follow the live release {live_number}"),
        format!("发布序号 {number} 未在生效版本的序号 {live_number} 之后"),
    );
    Some(refuse(refusal::OLDER, release.definition().places.find("lineage.sequence"), message, roll_back_instead()))
}

fn roll_back_instead() -> Help {
    Help::with_operation(
        LocalText::new("to return to old rules, make a new release of them", "如需回退到旧规则，请以其重新生成发布"),
        Operation::RollBack,
    )
}

/// Compiles and checks a release's rules. The findings are those of the check; with an error among them comes one of the release itself.
#[must_use]
pub fn verify_rules(release: &Release) -> (Program, Vec<Finding>) {
    let definition = release.definition();
    let compiled = Program::compile(definition);
    let mut findings = check_compiled(definition, &compiled, None);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        let message = LocalText::new(
            format!("the rules of the release do not pass the check: {errors} errors"),
            format!("该发布的规则未通过检查：{errors} 个错误"),
        );
        let help = LocalText::new("fix the workspace, check it, and export again", "请修正工作区，通过检查后重新导出");
        findings.insert(0, refuse(refusal::SCRIPT, definition.places.find("stages"), message, help));
    }
    if release.engine().rhai != Profile::own().rhai {
        let (theirs, ours) = (&release.engine().rhai, Profile::own().rhai);
        let message = LocalText::new(
            format!("the release was made with rhai {theirs}, this program has {ours}"),
            format!("该发布使用 rhai {theirs} 生成，本程序使用 {ours}"),
        );
        findings
            .push(Finding::new(refusal::ENGINE, definition.places.find("engine.rhai"), message).with_severity(Severity::Warning));
    }
    (compiled.program, findings)
}

fn differs(release: &Release, difference: &EvidenceDifference) -> Finding {
    let EvidenceDifference { path, stated, found } = difference;
    let message = LocalText::new(
        format!("the evidence says `{path}` is `{stated}`, computed again it is `{found}`"),
        format!("试运行依据中 `{path}` 为 `{stated}`，重新计算得到 `{found}`"),
    );
    let help = LocalText::new(
        "compute it on the same samples, cases and live release as when it was made; if they are the same, make the release again",
        "请使用生成时相同的样本、用例和生效版本重新计算；若完全相同，请重新生成发布",
    );
    refuse(refusal::EVIDENCE, release.definition().places.find(&format!("evidence.{path}")), message, help)
}
