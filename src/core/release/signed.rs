//! Every approval of a release by itself: who signed, with which key, in which role, and when.

use std::collections::HashMap;

use super::Release;
use super::approval::{Approval, NAMESPACE};
use super::approve::own;
use super::approved::{Requirements, VerifierClock};
use super::policy::Policy;
use super::refusal::{self, refuse};
use super::revocations::Revocations;
use super::trust::Trust;
use super::trust::signature::{SignatureFault, fingerprint, verify};
use crate::diagnostic::Finding;
use crate::diagnostic::FindingKind;
use crate::text::{LocalText, Span};

/// What speaks against single approvals; each is looked at, good ones give nothing.
pub(super) fn signatures(release: &Release, requirements: &Requirements, trust: &Trust) -> Vec<Finding> {
    let (policy, clock) = (&requirements.policy, requirements.clock.as_ref());
    if release.approvals().is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut keys: HashMap<String, &str> = HashMap::new();
    for (at, approval) in release.approvals().iter().enumerate() {
        let one = One { release, policy, trust, clock, revocations: requirements.revocations.as_deref(), approval, at };
        if let Err(finding) = one.judge(&mut keys) {
            findings.push(*finding);
        }
    }
    findings
}

struct One<'a> {
    release: &'a Release,
    policy: &'a Policy,
    trust: &'a Trust,
    clock: Option<&'a VerifierClock>,
    revocations: Option<&'a Revocations>,
    approval: &'a Approval,
    at: usize,
}

impl<'a> One<'a> {
    fn wrong(&self, kind: &'static FindingKind, part: &str, en: String, zh: String, help: (&str, &str)) -> Box<Finding> {
        Box::new(refuse(kind, self.place(part), LocalText::new(en, zh), LocalText::new(help.0, help.1)))
    }

    fn place(&self, part: &str) -> Option<Span> {
        self.release.definition().places.find(&format!("approvals.{}.{part}", self.at))
    }

    fn judge(&self, keys: &mut HashMap<String, &'a str>) -> Result<(), Box<Finding>> {
        self.maker_apart()?;
        let who = self.approval.principal.as_str();
        let text = self.release.signed_text(self.approval);
        let key = verify(&self.approval.signature, NAMESPACE, text.as_bytes()).map_err(|fault| self.fault(&fault))?;
        self.not_revoked(who, &fingerprint(&key))?;
        self.trust.allows(who, &key, NAMESPACE, self.approval.time.at).map_err(|fault| self.fault(&fault))?;
        // The time of an approval is a claim: a key that ran out before anybody saw the approval could claim an earlier one.
        if let Some(seen) = self.clock.map(VerifierClock::first_seen) {
            self.trust.allows(who, &key, NAMESPACE, seen).map_err(|fault| self.fault(&fault))?;
        }
        if let Some(other) = keys.insert(fingerprint(&key), who).filter(|other| *other != who) {
            return Err(self.wrong(
                refusal::DUPLICATE,
                "signature",
                format!("`{who}` and `{other}` signed with the same key: that is one person"),
                format!("`{who}` 与 `{other}` 使用同一把密钥签名：视为同一人"),
                ("each person signs with a key of their own", "每个人须使用本人的密钥签名"),
            ));
        }
        let maker = &self.release.provenance().maker;
        if self.approval.counts() && self.trust.lines(maker, &key).next().is_some() {
            return Err(self.own(who));
        }
        self.in_time()?;
        self.in_role()
    }

    fn not_revoked(&self, who: &str, print: &str) -> Result<(), Box<Finding>> {
        let Some(key) = self.revocations.and_then(|revocations| revocations.key(print)) else { return Ok(()) };
        Err(self.wrong(
            refusal::REVOKED_KEY,
            "signature",
            format!("the key {print} of `{who}` was revoked at {}: {}", key.time, key.reason),
            format!("`{who}` 的密钥 {print} 已于 {} 撤销：{}", key.time, key.reason),
            ("make the release again, and have it signed with other keys", "请重新生成发布，并使用其他密钥签署"),
        ))
    }

    fn maker_apart(&self) -> Result<(), Box<Finding>> {
        let (who, maker) = (self.approval.principal.as_str(), self.release.provenance().maker.as_str());
        // Anybody who is trusted may end a release, its maker too.
        if self.approval.ends() {
            return Ok(());
        }
        match (self.approval.is_submission(), who == maker) {
            (true, true) | (false, false) => Ok(()),
            (false, true) => Err(self.own(who)),
            (true, false) => Err(self.wrong(
                refusal::SUBMISSION,
                "principal",
                format!("`{who}` submitted a release that `{maker}` made"),
                format!("`{who}` 提交了由 `{maker}` 经办的发布"),
                ("only its maker submits a release", "只有经办人本人可以提交发布"),
            )),
        }
    }

    fn own(&self, who: &str) -> Box<Finding> {
        Box::new(own(who, self.place("principal")))
    }

    fn in_time(&self) -> Result<(), Box<Finding>> {
        let (signed, made) = (self.approval.time, self.release.provenance().created_at);
        if signed.at >= made.at {
            return Ok(());
        }
        Err(self.wrong(
            refusal::APPROVAL,
            "time",
            format!("approved at {signed}, before it was made at {made}"),
            format!("审批时间 {signed} 早于生成时间 {made}"),
            ("check the clocks of both machines, and approve it again", "请检查两台机器的时钟，然后重新审批"),
        ))
    }

    fn in_role(&self) -> Result<(), Box<Finding>> {
        let (who, role) = (self.approval.principal.as_str(), self.approval.role.as_str());
        let is_open = self.policy.roles.is_empty() || self.policy.role(role).is_some_and(|role| role.is_open_to(who));
        if !self.approval.counts() || is_open {
            return Ok(());
        }
        Err(self.wrong(
            refusal::ROLE,
            "role",
            format!("`{who}` may not approve as `{role}`"),
            format!("`{who}` 无权以角色 `{role}` 审批"),
            ("the policy's `roles` say who may act in which", "审批策略的 `roles` 规定了谁可以担任哪个角色"),
        ))
    }

    fn fault(&self, fault: &SignatureFault) -> Box<Finding> {
        let (kind, part, message, help) = fault.told(&self.approval.principal, NAMESPACE, ("this release", "该发布"));
        Box::new(refuse(kind, self.place(part), message, help))
    }
}
