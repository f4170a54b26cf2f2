//! Evidence, provenance and approvals of a release's file as this room's own types.

use std::collections::HashSet;

use super::to_model::{ReleaseReading, absent_or_read};
use super::{AgainstFile, ApprovalFile, AsideFile, EvidenceFile, LineageFile, ReleaseFile, SampleEvidenceFile};
use crate::model::{AsideReason, Digest, RowFault, SetAside, Verdict};
use crate::release::evidence::{
    self, Acknowledgement, AsideEvidence, CaseEvidence, CheckEvidence, LiveEvidence, SampleEvidence, VerdictCounts,
};
use crate::release::{approval, lineage, refusal};
use crate::text::LocalText;

impl ReleaseReading<'_> {
    fn digest(&mut self, path: &str, text: &str) -> Option<Digest> {
        let read = Digest::parse(text);
        if read.is_none() {
            self.not(path, text, "a digest", "合法的摘要");
        }
        read
    }

    /// The evidence; `None` only with findings.
    pub(in crate::release) fn evidence(&mut self, evidence: &EvidenceFile) -> Option<evidence::Evidence> {
        let rule_set = self.digest("evidence.rule_set", &evidence.rule_set);
        let schema = self.digest("evidence.schema", &evidence.schema);
        let cases = evidence.cases.as_ref().map(|stated| {
            let digest = self.digest("evidence.cases.digest", &stated.digest)?;
            Some(CaseEvidence { digest, total: stated.total, passed: stated.passed })
        });
        let mut names = HashSet::new();
        let mut samples = Vec::with_capacity(evidence.samples.len());
        for sample in &evidence.samples {
            self.once(&mut names, &sample.name, "evidence.samples", &sample.name);
            samples.push(self.sample(sample)?);
        }
        let against = evidence.against.as_ref().map(|stated| self.against(stated));
        if evidence.check.errors > 0 {
            let message = LocalText::new("the check had errors when the release was made", "生成发布时检查存在错误");
            self.wrong(refusal::EVIDENCE, "evidence.check", message);
        }
        let read = evidence::Evidence {
            rule_set: rule_set?,
            schema: schema?,
            cases: absent_or_read(cases)?,
            samples,
            coverage: evidence.coverage,
            against: absent_or_read(against)?,
            check: CheckEvidence { warnings: evidence.check.warnings, notes: evidence.check.notes },
        };
        if let Err((path, message)) = read.consistent() {
            self.wrong(refusal::EVIDENCE, &path, message);
        }
        Some(read)
    }

    fn against(&mut self, stated: &AgainstFile) -> Option<LiveEvidence> {
        let release = self.digest("evidence.against.release", &stated.release)?;
        let stated_words = stated.acknowledged.iter().enumerate();
        let words = stated_words.map(|(at, one)| {
            let path = format!("evidence.against.acknowledged.{at}");
            self.acknowledgement(&path, (&one.by, &one.at), one.flips, &one.comment)
        });
        Some(LiveEvidence { release, flips: stated.flips, acknowledged: words.collect::<Option<_>>()? })
    }

    fn acknowledgement(&mut self, path: &str, (by, at): (&str, &str), count: u64, comment: &str) -> Option<Acknowledgement> {
        if !approval::is_principal(by) {
            self.not(&format!("{path}.by"), by, "a person's name", "合法的人员名称");
        }
        let at = self.moment(&format!("{path}.at"), at)?;
        Some(Acknowledgement { by: by.to_owned(), at, count, comment: comment.to_owned() })
    }

    fn aside(&mut self, path: &str, stated: &AsideFile, requests: u64) -> Option<AsideEvidence> {
        let digest = self.digest(&format!("{path}.digest"), &stated.digest)?;
        let mut seen = HashSet::new();
        let mut reasons = Vec::with_capacity(stated.reasons.len());
        for (at, reason) in stated.reasons.iter().enumerate() {
            let path = format!("{path}.reasons.{at}");
            let Some(fault) = RowFault::of_word(&reason.fault) else {
                self.not(&format!("{path}.fault"), &reason.fault, "a kind of fault of a row", "已知的记录错误类别");
                return None;
            };
            self.once(&mut seen, (fault, reason.column.clone()), &path, &reason.fault);
            reasons.push(AsideReason { fault, column: reason.column.clone(), rows: reason.rows });
        }
        let words = stated.acknowledged.iter().enumerate().map(|(at, one)| {
            self.acknowledgement(&format!("{path}.acknowledged.{at}"), (&one.by, &one.at), one.rows, &one.comment)
        });
        let acknowledged = words.collect::<Option<_>>()?;
        let rows = SetAside {
            rows: stated.rows,
            of: requests.saturating_add(stated.rows),
            reasons,
            labels: stated.labels,
            amount: stated.amount,
            digest,
        };
        Some(AsideEvidence { rows, acknowledged })
    }

    fn sample(&mut self, sample: &SampleEvidenceFile) -> Option<SampleEvidence> {
        let path = format!("evidence.samples.{}", sample.name);
        let digest = self.digest(&format!("{path}.digest"), &sample.digest)?;
        let counts = &sample.verdicts;
        let mut verdicts = VerdictCounts::default();
        let named = [counts.accept, counts.step_up, counts.refer, counts.decline];
        for (verdict, count) in Verdict::ALL.into_iter().zip(named) {
            verdicts.add(verdict, count);
        }
        let mapping = sample.mapping.as_ref().map(|text| self.digest(&format!("{path}.mapping"), text));
        let set_aside = sample.set_aside.as_ref().map(|aside| self.aside(&format!("{path}.set_aside"), aside, sample.requests));
        Some(SampleEvidence {
            file: sample.name.clone(),
            digest,
            mapping: absent_or_read(mapping)?,
            requests: sample.requests,
            verdicts,
            failed: sample.failed,
            set_aside: absent_or_read(set_aside)?,
        })
    }

    /// Who made it, and when; `None` only with findings.
    pub(in crate::release) fn provenance(&mut self, file: &ReleaseFile) -> Option<evidence::Provenance> {
        let provenance = &file.provenance;
        if !approval::is_principal(&provenance.maker) {
            let (en, zh) =
                ("a person's name without blanks such as `li.na@bank.example`", "不含空格的人员名称，例如 `li.na@bank.example`");
            self.not("provenance.maker", &provenance.maker, en, zh);
        }
        let created_at = self.moment("provenance.created_at", &provenance.created_at)?;
        let rolls_back = provenance.rolls_back.as_ref().map(|text| self.digest("provenance.rolls_back", text));
        let (maker, comment) = (provenance.maker.clone(), provenance.comment.clone());
        let lineage = file.lineage.as_ref().map(|lineage| self.lineage(lineage));
        let (rolls_back, lineage) = (absent_or_read(rolls_back)?, absent_or_read(lineage)?);
        Some(evidence::Provenance { maker, created_at, comment, rolls_back, lineage })
    }

    fn lineage(&mut self, stated: &LineageFile) -> Option<lineage::Lineage> {
        let base = stated.base.as_ref().map(|base| {
            let digest = self.digest("lineage.base.digest", &base.digest)?;
            Some(lineage::Base { sequence: base.sequence, digest })
        });
        let before = stated.base.as_ref().map_or(0, |base| base.sequence);
        if stated.sequence <= before {
            let message = LocalText::new(
                format!("number {} does not follow the base's {before}", stated.sequence),
                format!("序号 {} 未在基准版本的序号 {before} 之后", stated.sequence),
            );
            self.wrong(refusal::VALUE, "lineage.sequence", message);
        }
        let journal = stated.journal.as_ref().map(|text| self.digest("lineage.journal", text));
        let (base, journal) = (absent_or_read(base)?, absent_or_read(journal)?);
        Some(lineage::Lineage { sequence: stated.sequence, base, journal })
    }

    /// The approvals; one that has not its form is a finding. Only where they sign a statement may they say more than who, as what and when.
    pub(in crate::release) fn approvals(&mut self, approvals: &[ApprovalFile], is_stated: bool) -> Vec<approval::Approval> {
        let mut read: Vec<approval::Approval> = Vec::with_capacity(approvals.len());
        for (at, approval) in approvals.iter().enumerate() {
            let path = format!("approvals.{at}");
            let Some(time) = self.moment(&format!("{path}.time"), &approval.time) else { continue };
            let journal = approval.journal.as_ref().map(|text| self.digest(&format!("{path}.journal"), text));
            let Some(journal) = absent_or_read(journal) else { continue };
            let one = approval::Approval {
                principal: approval.principal.clone(),
                role: approval.role.clone(),
                time,
                journal,
                signature: approval.signature.clone(),
            };
            if let Err(part) = one.form() {
                self.malformed(&path, &one.principal, part);
            }
            if !is_stated && (one.ends() || journal.is_some()) {
                let message = LocalText::new(
                    "an approval of format 1 does not sign its role or the journal, so it cannot state this",
                    "格式 1 的审批未对角色和日志签名，不能包含此内容",
                );
                self.wrong(refusal::VALUE, &path, message);
            }
            if read.iter().any(|other| one.is_again(other)) {
                let who = &one.principal;
                let message = LocalText::new(format!("`{who}` approves twice"), format!("`{who}` 重复审批"));
                self.wrong(refusal::DUPLICATE, &path, message);
            }
            read.push(one);
        }
        if !read.is_sorted_by(|one, next| one.order() <= next.order()) {
            let message =
                LocalText::new("the approvals stand in another order than they were given", "审批记录的顺序与作出审批的先后不一致");
            self.wrong(refusal::APPROVAL, "approvals", message);
        }
        read
    }

    fn malformed(&mut self, path: &str, who: &str, part: approval::MalformedPart) {
        use approval::{MalformedPart, NAMESPACE};
        let (id, part, en, zh) = match part {
            MalformedPart::Principal => {
                (refusal::APPROVAL, "principal", "is not a principal's name".to_owned(), "不是合法的审批人名称".to_owned())
            }
            MalformedPart::Role => (
                refusal::APPROVAL,
                "role",
                "approves in a role that has not the form of one".to_owned(),
                "的角色格式不正确".to_owned(),
            ),
            MalformedPart::Signature => {
                (refusal::APPROVAL, "signature", "has no armoured SSH signature".to_owned(), "没有合法的 SSH 签名".to_owned())
            }
            MalformedPart::Namespace => (
                refusal::NAMESPACE,
                "signature",
                format!("signed for another namespace than `{NAMESPACE}`"),
                format!("的签名命名空间不是 `{NAMESPACE}`"),
            ),
        };
        self.wrong(id, &format!("{path}.{part}"), LocalText::new(format!("`{who}` {en}"), format!("`{who}` {zh}")));
    }
}
