//! Puts an approval into a release: the same content and digest, one signature more.

use super::Release;
use super::approval::Approval;
use super::create::{print, read_back};
use super::format1::from_model;
use super::refusal::{self, refuse};
use crate::diagnostic::Finding;
use crate::text::LocalText;

/// The release with one approval more. Its form is held, its signature not: verify what comes out.
///
/// # Errors
/// The approval has not its form, its principal approved before, or the release was made for another engine.
pub fn approve(release: &Release, approval: Approval) -> Result<Release, Vec<Finding>> {
    let mut approvals = release.approvals().to_vec();
    if approvals.iter().any(|one| one.is_again(&approval)) {
        let who = &approval.principal;
        let message = LocalText::new(format!("`{who}` has approved it already"), format!("`{who}` 已审批该发布"));
        let help = LocalText::new("once is enough: the next approval is somebody else's", "每人只审批一次：后续审批须由其他人完成");
        return Err(vec![refuse(refusal::DUPLICATE, None, message, help)]);
    }
    approvals.push(approval);
    approvals.sort_by(|one, other| one.order().cmp(&other.order()));
    let file = from_model::file(release.engine(), release.provenance(), &approvals, release.evidence(), release.written());
    let name = release.definition().sources.iter().next().map_or("release", |(_, source)| source.name());
    let text = print(file).ok_or_else(|| vec![altered()])?;
    let signed = read_back(name, &text)?;
    // Whatever an approval is put under, its content stays what was signed.
    if signed.digest() == release.digest() { Ok(signed) } else { Err(vec![altered()]) }
}

/// What speaks against somebody's approval before they sign: that they made the release.
#[cfg(feature = "signatures")]
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
