//! Who still must sign a release before it may go live: one list and one number, from the strictest needs of the policy.

use super::Release;
use super::approval::Approval;
use super::approved::Requirements;
use super::changes::ReleaseChange;
use super::refusal;
use super::role_needs::role_needs;
use super::switch_off::policy_for;
use crate::diagnostic::Finding;
use crate::text::LocalText;

/// Every signature that a release needs, and those it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SigningChecklist {
    /// The maker's submission, then a line for each role that the changes call for, then what the policy asks beyond these.
    pub lines: Vec<ChecklistLine>,
}

/// Signatures of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistLine {
    /// Who must sign.
    pub signer: RequiredSigner,
    /// How many principals must sign.
    pub needed: usize,
    /// Who signed; may be more than needed.
    pub given: Vec<String>,
    /// Who may still sign; patterns where `allowed_signers` names nobody in full. Empty once enough signed.
    pub eligible: Vec<String>,
    /// The changes that call for it; none where every release needs it.
    pub changes: Vec<ReleaseChange>,
}

/// Who must sign a line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequiredSigner {
    /// Who made the release, by submitting it.
    Maker,
    /// A role of the policy, with its title.
    Role(String, LocalText),
    /// Anyone who may approve and is not counted in a role above.
    AnyChecker,
}

impl ChecklistLine {
    /// What must be signed, with the number of signatures where more than the maker's may be needed.
    #[must_use]
    pub fn title(&self) -> LocalText {
        let (given, needed) = (self.given.len().min(self.needed), self.needed);
        match &self.signer {
            RequiredSigner::Maker => LocalText::new("Submitted by its maker", "由经办人提交"),
            RequiredSigner::Role(_, role) => {
                LocalText::new(format!("{}: {given} of {needed}", role.en), format!("{}：{given}/{needed}", role.zh))
            }
            RequiredSigner::AnyChecker => {
                LocalText::new(format!("Any other approver: {given} of {needed}"), format!("其他审批人：{given}/{needed}"))
            }
        }
    }

    /// Who may still sign; none once enough signed.
    #[must_use]
    pub fn open_to(&self) -> Option<LocalText> {
        if self.is_met() {
            return None;
        }
        if self.eligible.is_empty() {
            return Some(LocalText::new("nobody is left who may sign", "没有其他可签名的人员"));
        }
        Some(LocalText::new(format!("may sign: {}", self.eligible.join(", ")), format!("可签名：{}", self.eligible.join("、"))))
    }

    /// Whether enough signed.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.given.len() >= self.needed
    }
}

impl SigningChecklist {
    /// The list for a release. What changed is seen against `live`; without it everything did.
    #[must_use]
    pub fn of(release: &Release, requirements: &Requirements, live: Option<&Release>) -> Self {
        let policy = &*policy_for(&requirements.policy, release, live);
        if !policy.asks() {
            return Self::default();
        }
        let maker = &release.provenance().maker;
        let submitted = release.approvals().iter().any(Approval::is_submission);
        let signed = |given: bool| if given { (vec![maker.clone()], Vec::new()) } else { (Vec::new(), vec![maker.clone()]) };
        let (given, eligible) = signed(submitted);
        let mut lines = vec![ChecklistLine { signer: RequiredSigner::Maker, needed: 1, given, eligible, changes: Vec::new() }];
        for need in role_needs(release, policy, live) {
            let same_role =
                |line: &&mut ChecklistLine| matches!(&line.signer, RequiredSigner::Role(id, _) if *id == need.need.role);
            if let Some(line) = lines.iter_mut().find(same_role) {
                line.needed = line.needed.max(need.need.approvals);
                let new = need.changes.into_iter().filter(|change| !line.changes.contains(change)).collect::<Vec<_>>();
                line.changes.extend(new);
            } else {
                let role = RequiredSigner::Role(need.need.role, need.role);
                lines.push(ChecklistLine {
                    signer: role,
                    needed: need.need.approvals,
                    given: need.given,
                    eligible: Vec::new(),
                    changes: need.changes,
                });
            }
        }
        lines.extend(remaining(release, policy.approvals, &lines));
        for line in lines.iter_mut().filter(|line| !line.is_met()) {
            line.eligible = eligible_signers(&line.signer, release, requirements);
        }
        Self { lines }
    }

    /// How many principals besides the maker must sign.
    #[must_use]
    pub fn needed(&self) -> usize {
        self.checkers().map(|line| line.needed).sum()
    }

    /// How many of the needed signatures are there; never more than are needed.
    #[must_use]
    pub fn given(&self) -> usize {
        self.checkers().map(|line| line.given.len().min(line.needed)).sum()
    }

    /// Whether a finding only repeats that a signature of this list is missing.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        !self.lines.is_empty()
            && [&refusal::SUBMISSION, &refusal::TOO_FEW, &refusal::ROLE].iter().any(|kind| kind.id() == finding.id())
    }

    fn checkers(&self) -> impl Iterator<Item = &ChecklistLine> {
        self.lines.iter().filter(|line| line.signer != RequiredSigner::Maker)
    }
}

/// What the policy asks of any release beyond the roles: nobody signs twice, so a signature in a role counts in that line only.
fn remaining(release: &Release, approvals: usize, roles: &[ChecklistLine]) -> Option<ChecklistLine> {
    let in_roles = || roles.iter().filter(|line| line.signer != RequiredSigner::Maker);
    let needed = approvals.saturating_sub(in_roles().map(|line| line.needed).sum());
    let counted: Vec<&String> = in_roles().flat_map(|line| line.given.iter().take(line.needed)).collect();
    let others = release.approvals().iter().filter(|approval| approval.counts() && !counted.contains(&&approval.principal));
    let given = others.map(|approval| approval.principal.clone()).collect();
    (needed > 0).then_some(ChecklistLine {
        signer: RequiredSigner::AnyChecker,
        needed,
        given,
        eligible: Vec::new(),
        changes: Vec::new(),
    })
}

/// Who may sign a line and has not signed anything of the release.
fn eligible_signers(signer: &RequiredSigner, release: &Release, requirements: &Requirements) -> Vec<String> {
    let policy = &requirements.policy;
    let maker = &release.provenance().maker;
    let may_sign = |principal: &String| match signer {
        RequiredSigner::Maker => principal == maker,
        RequiredSigner::Role(id, _) => policy.role(id).is_some_and(|role| role.is_open_to(principal)),
        RequiredSigner::AnyChecker => policy.roles.is_empty() || policy.roles_of(principal).next().is_some(),
    };
    if *signer == RequiredSigner::Maker {
        return vec![maker.clone()];
    }
    let has_signed = |principal: &String| release.approvals().iter().any(|approval| approval.principal == *principal);
    let is_free = |principal: &String| principal != maker && !has_signed(principal);
    let trusted = requirements.trust.as_ref().map(super::Trust::principals).unwrap_or_default();
    let names: Vec<String> = trusted.into_iter().filter(|one| may_sign(one) && is_free(one)).collect();
    if !names.is_empty() {
        return names;
    }
    let of_role = |id: &String| policy.role(id).map(|role| role.principals.clone()).unwrap_or_default();
    let patterns = if let RequiredSigner::Role(id, _) = signer { of_role(id) } else { Vec::new() };
    patterns.into_iter().filter(|pattern| pattern.contains(['*', '?'])).collect()
}
