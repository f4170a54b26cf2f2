//! Format 1's schema, evidence, provenance and approvals as the model and this room's own types.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::to_model::Reading;
use super::{Against, Approval, Evidence, Field, Provenance, Roles, Sample, Schema};
use crate::model::{self, FieldName, FieldType, Verdict, Zone};
use crate::release::digest::Digest;
use crate::release::evidence::{
    self, Acknowledgement, CaseEvidence, CheckEvidence, Coverage, LiveEvidence, SampleEvidence, VerdictCounts,
};
use crate::release::{approval, refusal};
use crate::text::LocalText;

impl Reading<'_> {
    /// The schema; `None` only with findings.
    pub(in crate::release) fn schema(&mut self, schema: Schema) -> Option<model::Schema> {
        let zone = Zone::parse(&schema.zone);
        if zone.is_none() {
            self.wrong(refusal::VALUE, "schema.zone", not(&schema.zone, "an offset such as `+08:00`", "时区偏移，例如 `+08:00`"));
        }
        let mut groups = IndexMap::new();
        for group in schema.groups {
            let path = format!("schema.groups.{}", group.id);
            let mut fields = IndexMap::new();
            for field in group.fields {
                let path = format!("{path}.fields.{}", field.id);
                let name = format!("{}.{}", group.id, field.id);
                if FieldName::new(&name).is_err() {
                    self.wrong(refusal::VALUE, &path, not(&name, "a field's name", "合法的字段名"));
                }
                let id = field.id.clone();
                let read = self.field(&path, field);
                if fields.insert(id.clone(), read).is_some() {
                    self.wrong(refusal::DUPLICATE, &path, twice(&id));
                }
            }
            if groups.insert(group.id.clone(), model::Group { text: group.text, fields }).is_some() {
                self.wrong(refusal::DUPLICATE, &path, twice(&group.id));
            }
        }
        let roles = self.roles(&schema.roles);
        let read = model::Schema { name: schema.name, zone: zone?, roles: roles?, groups };
        if read.len() > usize::from(u16::MAX) {
            let message = LocalText::new("there are more than 65,535 fields", "字段超过 65,535 个");
            self.wrong(refusal::VALUE, "schema.groups", message);
        }
        self.check_roles(&read);
        Some(read)
    }

    fn field(&mut self, path: &str, field: Field) -> model::Field {
        let kind = self.kind(&format!("{path}.kind"), &field.kind);
        model::Field { kind, optional: field.optional, text: field.text, unit: field.unit, personal: field.personal }
    }

    fn roles(&mut self, roles: &Roles) -> Option<model::Roles> {
        let mut name = |role: &str, text: &str| {
            let read = FieldName::new(text).ok();
            if read.is_none() {
                self.wrong(refusal::VALUE, &format!("schema.roles.{role}"), not(text, "a field's name", "合法的字段名"));
            }
            read
        };
        let key = name("key", &roles.key);
        let time = name("time", &roles.time);
        let mut other = |role: &str, text: &Option<String>| text.as_ref().map(|text| name(role, text));
        let (amount, customer) = (other("amount", &roles.amount), other("customer", &roles.customer));
        let (interface, label) = (other("interface", &roles.interface), other("label", &roles.label));
        let read = |name: Option<Option<FieldName>>| name.map_or(Some(None), |read| read.map(Some));
        Some(model::Roles {
            key: key?,
            time: time?,
            amount: read(amount)?,
            customer: read(customer)?,
            interface: read(interface)?,
            label: read(label)?,
        })
    }

    /// Every role must name a field of a type that can play it.
    fn check_roles(&mut self, schema: &model::Schema) {
        let roles = &schema.roles;
        let mut check = |role: &str, name: Option<&FieldName>, fits: fn(&model::Field) -> bool| {
            let Some(name) = name else { return };
            let path = format!("schema.roles.{role}");
            match schema.find(name.as_str()) {
                None => {
                    let message = LocalText::new(format!("the field `{name}` is not defined"), format!("字段 `{name}` 未定义"));
                    self.wrong(refusal::VALUE, &path, message);
                }
                Some((_, field)) if !fits(field) => {
                    let message = LocalText::new(
                        format!("the field `{name}` cannot be the schema's {role}"),
                        format!("字段 `{name}` 不能作为 schema 的 {role} 角色"),
                    );
                    self.wrong(refusal::VALUE, &path, message);
                }
                Some(_) => {}
            }
        };
        check("key", Some(&roles.key), |field| !field.optional && matches!(field.kind, FieldType::Text | FieldType::Int));
        check("time", Some(&roles.time), |field| !field.optional && field.kind == FieldType::Time);
        check("amount", roles.amount.as_ref(), |field| field.kind == FieldType::Money);
        check("customer", roles.customer.as_ref(), |_| true);
        check("interface", roles.interface.as_ref(), |_| true);
        check("label", roles.label.as_ref(), |field| field.kind == FieldType::Bool);
    }

    fn digest(&mut self, path: &str, text: &str) -> Option<Digest> {
        let read = Digest::parse(text);
        if read.is_none() {
            self.wrong(refusal::VALUE, path, not(text, "a digest", "合法的摘要"));
        }
        read
    }

    /// The evidence; `None` only with findings.
    pub(in crate::release) fn evidence(&mut self, evidence: &Evidence) -> Option<evidence::Evidence> {
        let rule_set = self.digest("evidence.rule_set", &evidence.rule_set);
        let schema = self.digest("evidence.schema", &evidence.schema);
        let mut cases = None;
        if let Some(stated) = &evidence.cases {
            let digest = self.digest("evidence.cases.digest", &stated.digest)?;
            cases = Some(CaseEvidence { digest, total: stated.total, passed: stated.passed });
        }
        let mut names = HashSet::new();
        let mut samples = Vec::with_capacity(evidence.samples.len());
        for sample in &evidence.samples {
            if !names.insert(&sample.name) {
                self.wrong(refusal::DUPLICATE, "evidence.samples", twice(&sample.name));
            }
            samples.push(self.sample(sample)?);
        }
        let mut against = None;
        if let Some(stated) = &evidence.against {
            against = Some(self.against(stated)?);
        }
        if evidence.check.errors > 0 {
            let message = LocalText::new("the check had errors when the release was made", "生成发布时检查存在错误");
            self.wrong(refusal::EVIDENCE, "evidence.check", message);
        }
        let read = evidence::Evidence {
            rule_set: rule_set?,
            schema: schema?,
            cases,
            samples,
            coverage: Coverage {
                rules: evidence.coverage.rules,
                hit_by_cases: evidence.coverage.hit_by_cases,
                hit_by_samples: evidence.coverage.hit_by_samples,
            },
            against,
            check: CheckEvidence { warnings: evidence.check.warnings, notes: evidence.check.notes },
        };
        if let Err((path, message)) = read.consistent() {
            self.wrong(refusal::EVIDENCE, &path, message);
        }
        Some(read)
    }

    fn against(&mut self, stated: &Against) -> Option<LiveEvidence> {
        let release = self.digest("evidence.against.release", &stated.release)?;
        let mut acknowledged = Vec::with_capacity(stated.acknowledged.len());
        for (at, one) in stated.acknowledged.iter().enumerate() {
            let path = format!("evidence.against.acknowledged.{at}");
            if !approval::is_principal(&one.by) {
                self.wrong(refusal::VALUE, &format!("{path}.by"), not(&one.by, "a person's name", "合法的人员名称"));
            }
            let at = self.moment(&format!("{path}.at"), &one.at)?;
            acknowledged.push(Acknowledgement { by: one.by.clone(), at, flips: one.flips, comment: one.comment.clone() });
        }
        Some(LiveEvidence { release, flips: stated.flips, acknowledged })
    }

    fn sample(&mut self, sample: &Sample) -> Option<SampleEvidence> {
        let digest = self.digest("evidence.samples", &sample.digest)?;
        let counts = &sample.verdicts;
        let mut verdicts = VerdictCounts::default();
        let named = [counts.accept, counts.step_up, counts.refer, counts.decline];
        for (verdict, count) in Verdict::ALL.into_iter().zip(named) {
            verdicts.add(verdict, count);
        }
        let mapping = match &sample.mapping {
            Some(text) => Some(self.digest("evidence.samples", text)?),
            None => None,
        };
        Some(SampleEvidence {
            file: sample.name.clone(),
            digest,
            mapping,
            requests: sample.requests,
            verdicts,
            failed: sample.failed,
        })
    }

    /// Who made it, and when; `None` only with findings.
    pub(in crate::release) fn provenance(&mut self, provenance: &Provenance) -> Option<evidence::Provenance> {
        if !approval::is_principal(&provenance.maker) {
            let message = not(
                &provenance.maker,
                "a person's name without blanks such as `li.na@bank.example`",
                "不含空格的人员名称，例如 `li.na@bank.example`",
            );
            self.wrong(refusal::VALUE, "provenance.maker", message);
        }
        let created_at = self.moment("provenance.created_at", &provenance.created_at)?;
        let rolls_back = match &provenance.rolls_back {
            Some(text) => Some(self.digest("provenance.rolls_back", text)?),
            None => None,
        };
        let (maker, comment) = (provenance.maker.clone(), provenance.comment.clone());
        Some(evidence::Provenance { maker, created_at, comment, rolls_back })
    }

    /// The approvals; one that has not its form is a finding.
    pub(in crate::release) fn approvals(&mut self, approvals: &[Approval]) -> Vec<approval::Approval> {
        let mut read = Vec::with_capacity(approvals.len());
        let mut seen = HashSet::new();
        for (at, approval) in approvals.iter().enumerate() {
            let path = format!("approvals.{at}");
            let Some(time) = self.moment(&format!("{path}.time"), &approval.time) else { continue };
            let one = approval::Approval {
                principal: approval.principal.clone(),
                role: approval.role.clone(),
                time,
                signature: approval.signature.clone(),
            };
            if let Err(part) = one.form() {
                self.malformed(&path, &one.principal, part);
            }
            if !seen.insert(one.principal.clone()) {
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

    fn malformed(&mut self, path: &str, who: &str, part: approval::Malformed) {
        use approval::{Malformed, NAMESPACE};
        let (id, part, en, zh) = match part {
            Malformed::Principal => {
                (refusal::APPROVAL, "principal", "is not a principal's name".to_owned(), "不是合法的审批人名称".to_owned())
            }
            Malformed::Role => (
                refusal::APPROVAL,
                "role",
                "approves in a role that has not the form of one".to_owned(),
                "的角色格式不正确".to_owned(),
            ),
            Malformed::Signature => {
                (refusal::APPROVAL, "signature", "has no armoured SSH signature".to_owned(), "没有合法的 SSH 签名".to_owned())
            }
            Malformed::Namespace => (
                refusal::NAMESPACE,
                "signature",
                format!("signed for another namespace than `{NAMESPACE}`"),
                format!("的签名命名空间不是 `{NAMESPACE}`"),
            ),
        };
        self.wrong(id, &format!("{path}.{part}"), LocalText::new(format!("`{who}` {en}"), format!("`{who}` {zh}")));
    }
}

fn not(text: &str, en: &str, zh: &str) -> LocalText {
    LocalText::new(format!("`{text}` is not {en}"), format!("`{text}` 不是{zh}"))
}

fn twice(text: &str) -> LocalText {
    LocalText::new(format!("`{text}` stands twice"), format!("`{text}` 出现了两次"))
}
