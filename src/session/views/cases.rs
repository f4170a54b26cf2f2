//! The regression cases as a list: what each expects, whether it got that, and in what it differs.

use crate::Session;
use crate::views::decided::{DecisionText, limit_text};
use countersign_core::engine::cases::{CaseDifference, CaseOutcome};
use countersign_core::model::{Case, ExpectLimits, Limit, RuleId, Scalar, ValueError, Verdict};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq)]
pub enum CaseRowOutcome {
    /// It has not been run with the draft as it is.
    NotRun,
    Passed(DecisionText),
    Failed(DecisionText, Vec<CaseDifference>),
    /// It has no request to decide; why.
    Unusable(Vec<LocalText>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    pub id: RuleId,
    pub title: LocalText,
    pub file: String,
    /// Its outcome in the last run.
    pub came: CaseRowOutcome,
}

impl CaseRow {
    /// Whether somebody has to look at it.
    pub fn is_wrong(&self) -> bool {
        matches!(self.came, CaseRowOutcome::Failed(..) | CaseRowOutcome::Unusable(_))
    }
}

/// All cases, those that are wrong first, otherwise in their order.
pub fn rows(session: &Session) -> Vec<CaseRow> {
    let mut rows: Vec<CaseRow> = session.document().cases().cases.iter().map(|case| row(session, case)).collect();
    rows.sort_by_key(|row| !row.is_wrong());
    rows
}

/// One case with its outcome.
pub fn row(session: &Session, case: &Case) -> CaseRow {
    let run = session.cases().value;
    let result = run.and_then(|run| run.results.iter().find(|result| result.id == case.id));
    let decided = |decision| DecisionText::new(session.document().definition(), decision);
    let outcome = match result.map(|result| &result.outcome) {
        None => CaseRowOutcome::NotRun,
        Some(CaseOutcome::Passed(decision)) => CaseRowOutcome::Passed(decided(decision)),
        Some(CaseOutcome::Failed(decision, differences)) => CaseRowOutcome::Failed(decided(decision), differences.clone()),
        Some(CaseOutcome::Unusable(findings)) => {
            CaseRowOutcome::Unusable(findings.iter().map(|finding| finding.message.clone()).collect())
        }
    };
    CaseRow { id: case.id.clone(), title: case.title.clone(), file: case.file.clone(), came: outcome }
}

/// What a case expects, part by part; what it leaves open is not named.
pub fn expected(case: &Case) -> Vec<(LocalText, LocalText)> {
    let expect = &case.expect;
    let none = || LocalText::new("none", "无");
    let list = |names: Vec<&str>| if names.is_empty() { none() } else { LocalText::new(names.join(", "), names.join("、")) };
    let rules = |rules: &[RuleId]| list(rules.iter().map(RuleId::as_str).collect());
    let mut parts = Vec::new();
    parts.extend(expect.verdict.map(Verdict::text).map(|text| (LocalText::new("verdict", "结论"), text)));
    if let Some(reasons) = &expect.reasons {
        parts.push((
            LocalText::new("reasons", "原因"),
            list(reasons.iter().map(countersign_core::model::ReasonId::as_str).collect()),
        ));
    }
    if let Some(interface) = &expect.interface {
        let text = interface.as_ref().map_or_else(none, |id| LocalText::same(id.as_str()));
        parts.push((LocalText::new("interface", "接口"), text));
    }
    parts.extend(expect.score.map(|score| (LocalText::new("score", "评分"), LocalText::same(score.to_string()))));
    let named = [
        (&expect.hits, LocalText::new("must hit", "应命中")),
        (&expect.misses, LocalText::new("must not hit", "不应命中")),
        (&expect.shadow_hits, LocalText::new("shadows that hit", "影子规则应命中")),
        (&expect.errors, LocalText::new("must fail", "应出错")),
    ];
    parts.extend(named.into_iter().filter(|(ids, _)| !ids.is_empty()).map(|(ids, name)| (name, rules(ids))));
    parts.extend(limits(&expect.limits));
    parts
}

fn limits(limits: &ExpectLimits) -> Vec<(LocalText, LocalText)> {
    let all = [(Limit::Single, limits.single), (Limit::Day, limits.day), (Limit::Month, limits.month), (Limit::Year, limits.year)];
    let part = |(limit, amount): (Limit, Option<Option<countersign_core::model::Fen>>)| {
        let shown = amount?
            .map_or_else(|| LocalText::new("not set", "未设置"), |fen| LocalText::same(super::figures::yuan(i128::from(fen.0))));
        Some((limit_text(limit), shown))
    };
    all.into_iter().filter_map(part).collect()
}

/// A typed text as the value of a field.
///
/// # Errors
/// Says what does not fit.
pub fn scalar(session: &Session, field: &str, text: &str) -> Result<Scalar, LocalText> {
    let schema = &session.document().definition().schema;
    let (_, known) = schema.find(field).ok_or_else(|| LocalText::new("no such field", "没有该字段"))?;
    let value =
        known.parse(text, schema.zone).and_then(|value| known.accepts(&value).map(|()| value)).map_err(|error| match error {
            ValueError::Missing => LocalText::new("must not be empty", "不能为空"),
            ValueError::NotA(what) => LocalText::new(format!("must be {what}"), format!("格式应为 {what}")),
            ValueError::NotInEnum => LocalText::new("is none of the allowed values", "不是允许的取值"),
        })?;
    Ok(value.to_scalar(schema.zone))
}

/// A value of a case as files write it.
pub fn shown(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Missing(()) => String::new(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float(value) => value.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}
