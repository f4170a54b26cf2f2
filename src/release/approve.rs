//! Puts an approval into a release: the same content and digest, one signature more.

use super::approval::Approval;
use super::create::print;
use super::format1::from_model;
use super::read::read;
use super::refusal::{self, refuse};
use super::{Profile, Release};
use crate::diagnostic::Finding;
use crate::text::LocalText;

/// The release with one approval more. Its form is held, its signature not: verify what comes out.
///
/// # Errors
/// The approval has not its form, its principal approved before, or the release was made for another engine.
pub fn approve(release: &Release, approval: Approval) -> Result<Release, Vec<Finding>> {
    let mut approvals = release.approvals().to_vec();
    approvals.push(approval);
    approvals.sort_by(|one, other| one.order().cmp(&other.order()));
    with_approvals(release, &approvals)
}

/// The release with nobody's signature under it.
///
/// # Errors
/// As [`approve`].
pub fn without_approvals(release: &Release) -> Result<Release, Vec<Finding>> {
    with_approvals(release, &[])
}

fn with_approvals(release: &Release, approvals: &[Approval]) -> Result<Release, Vec<Finding>> {
    let engine: &Profile = release.engine();
    let file = from_model::file(engine, release.provenance(), approvals, release.evidence(), release.definition());
    let name = release.definition().sources.iter().next().map_or("release", |(_, source)| source.name());
    let text = print(file).ok_or_else(|| vec![altered()])?;
    let signed = read(name, text.as_bytes()).map_err(|refused| {
        let unplaced = |finding: Finding| Finding { span: None, notes: Vec::new(), ..finding };
        refused.findings.into_iter().map(unplaced).collect::<Vec<_>>()
    })?;
    // Whatever an approval is put under, its content stays what was signed.
    if signed.digest() == release.digest() { Ok(signed) } else { Err(vec![altered()]) }
}

/// What speaks against somebody's approval before they sign: that they made the release.
#[cfg(feature = "desk")]
#[must_use]
pub fn own_approval(release: &Release, who: &str) -> Option<Finding> {
    (release.provenance().maker == who).then(|| own(who, None))
}

/// That somebody approves a release of their own making.
#[cfg(feature = "signatures")]
pub(super) fn own(who: &str, place: Option<crate::text::Span>) -> Finding {
    let message =
        LocalText::new(format!("`{who}` approves a release of their own making"), format!("`{who}` 审批了自己经办的发布"));
    refuse(refusal::OWN_APPROVAL, place, message, LocalText::new("somebody else must approve it", "请由其他人审批"))
}

fn altered() -> Finding {
    let message = LocalText::new("the release cannot be written again as it was read", "无法按原样重新写出该发布");
    let help = LocalText::new("use the version of the program that made it", "请使用生成该发布的程序版本");
    refuse(refusal::ALTERED, None, message, help)
}
