//! What takes work to know of a release: that its rules pass the check, that its evidence comes out the same, that it is approved.

use super::evidence::{Difference, Evidence};
use super::refusal::{self, refuse};
use super::{Profile, Release};
use crate::check::check_compiled;
use crate::diagnostic::{Finding, Severity};
use crate::script::Program;
use crate::text::LocalText;

/// What is asked of a release beyond its form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// How many approvals it must carry. Signatures are not verified yet, so nothing but 0 may be relied on.
    pub approvals: usize,
}

/// Everything that speaks against a release: rules that do not pass the check, too few approvals, and evidence that differs from what
/// was `computed` again (see [`Evidence`]); without it, evidence is not compared. Empty when nothing does; notes and warnings may remain.
#[must_use]
pub fn verify(release: &Release, policy: Policy, computed: Option<&Evidence>) -> Vec<Finding> {
    let (_, mut findings) = verify_rules(release);
    let (given, needed) = (release.approvals().len(), policy.approvals);
    if given < needed {
        let message = LocalText::new(
            format!("the release has {given} approvals and needs {needed}"),
            format!("该发布有 {given} 份审批，需要 {needed} 份"),
        );
        let help = LocalText::new("have it approved first", "请先完成审批");
        findings.push(refuse(refusal::APPROVAL, release.definition().places.find("approvals"), message, help));
    }
    if let Some(computed) = computed {
        let differences = release.evidence().differences(computed);
        findings.extend(differences.iter().map(|difference| differs(release, difference)));
    }
    findings
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
        let help = LocalText::new("mend the workspace, check it, and export again", "请修正工作区，通过检查后重新导出");
        findings.insert(0, refuse(refusal::SCRIPT, definition.places.find("stages"), message, help));
    }
    if release.engine().rhai != Profile::own().rhai {
        let (theirs, ours) = (&release.engine().rhai, Profile::own().rhai);
        let message = LocalText::new(
            format!("the release was made with rhai {theirs}, this program has {ours}"),
            format!("该发布使用 rhai {theirs} 生成，本程序使用 {ours}"),
        );
        findings.push(Finding::warning(refusal::ENGINE, definition.places.find("engine.rhai"), message));
    }
    (compiled.program, findings)
}

fn differs(release: &Release, difference: &Difference) -> Finding {
    let Difference { path, stated, found } = difference;
    let message = LocalText::new(
        format!("the evidence says `{path}` is `{stated}`, computed again it is `{found}`"),
        format!("证据中 `{path}` 为 `{stated}`，重新计算得到 `{found}`"),
    );
    let help = LocalText::new(
        "compute it on the same samples, cases and live release as when it was made; if they are the same, make the release again",
        "请使用生成时相同的样本、用例和现行发布重新计算；若完全相同，请重新生成发布",
    );
    refuse(refusal::EVIDENCE, release.definition().places.find(&format!("evidence.{path}")), message, help)
}
