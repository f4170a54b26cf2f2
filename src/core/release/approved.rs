//! Whether a release is approved as a policy asks: every signature good and trusted, the maker's own apart, the roles that its changes need.

use std::sync::Arc;

use super::Release;
use super::approval::{Approval, REJECTED};
use super::lineage;
use super::policy::Policy;
use super::refusal::{self, refuse};
use super::revocations::Revocations;
use super::role_needs::{RoleNeed, role_needs};
use super::switch_off::policy_for;
use super::trust::Trust;
use crate::diagnostic::{Finding, Help, Operation};
use crate::model::{Timestamp, Zone};
use crate::text::{LocalText, counted};

/// What whoever takes a release asks of it: a gateway, a build server, the person who publishes it.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// How many must approve, and in which roles.
    pub policy: Policy,
    /// Whose signatures count; without it a policy that asks for anything refuses every release.
    pub trust: Option<Trust>,
    /// The verifier's clock; without it no time is held against it: for showing a release, never for taking one.
    pub clock: Option<VerifierClock>,
    /// What was revoked: these releases are refused, and signatures by these keys.
    pub revocations: Option<Arc<Revocations>>,
}

/// What the verifier's clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifierClock {
    /// The present.
    pub now: Timestamp,
    /// When the verifier saw the release first, where it keeps record of that; the present otherwise.
    pub seen: Option<Timestamp>,
}

/// How far ahead of the verifier's clock another machine's may be, in microseconds: five minutes.
const TOLERANCE: i64 = 300_000_000;

impl VerifierClock {
    /// A clock that sees the release for the first time.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now, seen: None }
    }

    /// When the release was seen first.
    #[must_use]
    pub fn first_seen(&self) -> Timestamp {
        self.seen.unwrap_or(self.now)
    }

    pub(super) fn is_ahead(&self, time: Timestamp) -> bool {
        time.micros() > self.now.micros().saturating_add(TOLERANCE)
    }
}

impl Requirements {
    /// Takes any release that is whole, approved or not: for trying out, never for a gateway that serves customers.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Asks what the policy says, of signers the file names.
    #[must_use]
    pub fn new(policy: Policy, trust: Trust) -> Self {
        Self { policy, trust: Some(trust), ..Self::default() }
    }

    /// The same, refusing what was revoked. Whether the list is signed as the policy asks, [`Revocations::verify`] says.
    #[must_use]
    pub fn without(self, revocations: Arc<Revocations>) -> Self {
        Self { revocations: Some(revocations), ..self }
    }

    /// The same, with times held against a clock.
    #[must_use]
    pub fn by(self, clock: VerifierClock) -> Self {
        Self { clock: Some(clock), ..self }
    }
}

/// Everything that speaks against a release's approvals. What changed is seen against `live`; without it everything did.
pub(super) fn findings(release: &Release, requirements: &Requirements, live: Option<&Release>) -> Vec<Finding> {
    let policy = &*policy_for(&requirements.policy, release, live);
    let Some(trust) = &requirements.trust else {
        return if policy.asks() { vec![unverifiable(release, policy)] } else { Vec::new() };
    };
    let mut findings = signatures(release, requirements, trust);
    findings.extend(early(release, requirements.clock.as_ref()));
    if policy.asks() {
        findings.extend(unacknowledged(release));
        findings.extend(outdated(release, policy));
        findings.extend(lineage::misplaced(release, live));
    }
    if policy.asks() && !release.approvals().iter().any(Approval::is_submission) {
        let maker = &release.provenance().maker;
        let message = LocalText::new(
            format!("the maker `{maker}` has not submitted the release with a signature"),
            format!("经办人 `{maker}` 尚未签名提交该发布"),
        );
        let help = Help::with_operation(LocalText::new("the maker submits it", "请由经办人提交"), Operation::Submit);
        findings.push(refuse(refusal::SUBMISSION, place(release, "approvals"), message, help));
    }
    let checkers = release.approvals().iter().filter(|approval| approval.counts()).count();
    findings.extend(too_few(release, policy, checkers));
    findings.extend(role_needs(release, policy, live).iter().filter_map(|need| lacking(release, need)));
    findings
}

/// What speaks against single signatures.
pub(super) fn signatures_of(release: &Release, requirements: &Requirements) -> Vec<Finding> {
    match &requirements.trust {
        Some(trust) => signatures(release, requirements, trust),
        None => vec![unverifiable(release, &requirements.policy)],
    }
}

/// That somebody rejected or withdrew the release: no approval makes up for it.
pub(super) fn ended(release: &Release) -> Option<Finding> {
    let (at, approval) = release.approvals().iter().enumerate().find(|(_, approval)| approval.ends())?;
    let (who, time) = (&approval.principal, approval.time);
    let message = if approval.role == REJECTED {
        LocalText::new(format!("`{who}` rejected the release at {time}"), format!("`{who}` 已于 {time} 驳回该发布"))
    } else {
        LocalText::new(format!("`{who}` withdrew the release at {time}"), format!("`{who}` 已于 {time} 撤回该发布"))
    };
    let help = Help::with_operation(LocalText::new("make a new release", "请生成新的发布"), Operation::MakeRelease);
    Some(refuse(refusal::ENDED, place(release, &format!("approvals.{at}.role")), message, help))
}

/// A time later than the verifier's clock: a release dated ahead would lock out everything made until then.
fn early(release: &Release, clock: Option<&VerifierClock>) -> Option<Finding> {
    let clock = clock?;
    let made = ("provenance.created_at".to_owned(), release.provenance().created_at);
    let approvals = release.approvals().iter().enumerate();
    let mut times = std::iter::once(made).chain(approvals.map(|(at, one)| (format!("approvals.{at}.time"), one.time)));
    let (path, time) = times.find(|(_, time)| clock.is_ahead(time.at))?;
    let now = Zone::default().format(clock.now);
    let message = LocalText::new(format!("{time} is later than the present, {now}"), format!("{time} 晚于当前时间 {now}"));
    let help = LocalText::new(
        "set the clocks of both machines, and make or approve the release again",
        "请校准两台机器的时钟，然后重新生成或审批该发布",
    );
    Some(refuse(refusal::CLOCK, place(release, &path), message, help))
}

/// A release of a format that the policy no longer takes.
fn outdated(release: &Release, policy: &Policy) -> Option<Finding> {
    let (format, least) = (release.format(), policy.release_format);
    let message = LocalText::new(
        format!("the release has format {format}, and the policy takes format {least} and later"),
        format!("该发布为格式 {format}，审批策略只接受格式 {least} 及以上"),
    );
    let help = Help::with_operation(LocalText::new("make it again", "请重新生成"), Operation::MakeRelease);
    (format < least).then(|| refuse(refusal::FORMAT, place(release, "format"), message, help))
}

/// Flips against the live release that nobody took on.
fn unacknowledged(release: &Release) -> Option<Finding> {
    let open = release.evidence().against.as_ref()?.open_flips();
    let message = LocalText::new(
        format!("{open} requests are decided differently from the live release, and nobody acknowledged them"),
        format!("有 {open} 个请求的决策与生效版本不同，且无人确认"),
    );
    let help = Help::with_operation(
        LocalText::new("look at them, and make the release again with them acknowledged", "请核对并确认后重新生成发布"),
        Operation::Acknowledge,
    );
    (open > 0).then(|| refuse(refusal::FLIPS, place(release, "evidence.against.flips"), message, help))
}

fn place(release: &Release, path: &str) -> Option<crate::text::Span> {
    release.definition().places.find(path)
}

/// What to do about a build that cannot verify.
pub(super) fn with_feature() -> LocalText {
    LocalText::new("build it with the feature `signatures`", "请启用 `signatures` 特性后重新构建")
}

fn unverifiable(release: &Release, policy: &Policy) -> Finding {
    let count = policy.approvals;
    let (message, help) = if cfg!(feature = "signatures") {
        let message = LocalText::new(
            format!("{count} approvals are asked for, but nobody said whose signatures count"),
            format!("要求 {count} 份审批，但未指定信任哪些签名"),
        );
        let help = LocalText::new("give an `allowed_signers` file", "请提供 `allowed_signers` 文件");
        (message, help)
    } else {
        let message = LocalText::new(
            format!("{count} approvals are asked for, but this program was built without `signatures`"),
            format!("要求 {count} 份审批，但本程序构建时未启用 `signatures`"),
        );
        (message, with_feature())
    };
    refuse(refusal::UNVERIFIABLE, place(release, "approvals"), message, help)
}

fn too_few(release: &Release, policy: &Policy, given: usize) -> Option<Finding> {
    let needed = policy.approvals;
    let message = LocalText::new(
        format!("the release has {} and needs {needed}", counted(given, "approval", "approvals")),
        format!("该发布有 {given} 份审批，需要 {needed} 份"),
    );
    (given < needed).then(|| refuse(refusal::TOO_FEW, place(release, "approvals"), message, approve_first()))
}

fn approve_first() -> Help {
    Help::with_operation(LocalText::new("have it approved", "请完成审批"), Operation::Approve)
}

/// A need that some change calls for and too few approvals of its role answer.
fn lacking(release: &Release, need: &RoleNeed) -> Option<Finding> {
    let cause = need.changes.first().filter(|_| !need.is_met())?;
    let (role, needed, given) = (&need.need.role, need.need.approvals, need.given.len());
    let title = &need.role;
    let message = LocalText::new(
        format!(
            "{}: this needs {} as `{role}` ({}), there are {given}",
            cause.text.en,
            counted(needed, "approval", "approvals"),
            title.en
        ),
        format!("{}：需要角色 `{role}`（{}）的 {needed} 份审批，现有 {given} 份", cause.text.zh, title.zh),
    );
    Some(refuse(refusal::ROLE, place(release, "approvals"), message, approve_first()))
}

#[cfg(not(feature = "signatures"))]
fn signatures(_: &Release, _: &Requirements, _: &Trust) -> Vec<Finding> {
    Vec::new()
}

#[cfg(feature = "signatures")]
use super::signed::signatures;
