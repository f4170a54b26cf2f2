//! The digest of a workspace's cases: what evidence says was tested, whichever files the cases are in.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Digest, digest_of};
use crate::model::{Case, CaseSet, Expect, ExpectLimits, Fen, FieldName, InterfaceId, ReasonId, RuleId, Scalar, Template};
use crate::text::LocalText;

#[derive(Serialize)]
struct DigestedCases<'a> {
    templates: IndexMap<&'a str, IndexMap<&'a str, &'a Scalar>>,
    cases: Vec<OneCase<'a>>,
}

#[derive(Serialize)]
struct OneCase<'a> {
    id: &'a str,
    title: &'a LocalText,
    from: Option<&'a str>,
    set: IndexMap<&'a str, &'a Scalar>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<IndexMap<&'a str, &'a Scalar>>,
    expect: Expected<'a>,
}

#[derive(Serialize)]
struct Expected<'a> {
    verdict: Option<&'static str>,
    reasons: Option<Vec<&'a str>>,
    interface: Option<Vec<&'a str>>,
    score: Option<i64>,
    hits: Vec<&'a str>,
    misses: Vec<&'a str>,
    shadow_hits: Vec<&'a str>,
    limits: IndexMap<&'static str, Option<i64>>,
    errors: Vec<&'a str>,
}

/// The digest of all cases with their templates; the files they are in do not count.
#[must_use]
pub fn cases_digest(cases: &CaseSet) -> Digest {
    digest_of(&DigestedCases {
        templates: cases.templates.iter().map(|(name, template)| (name.as_str(), fields(template))).collect(),
        cases: cases.cases.iter().map(one_case).collect(),
    })
}

fn one_case(case: &Case) -> OneCase<'_> {
    OneCase {
        id: case.id.as_str(),
        title: &case.title,
        from: case.from.as_deref(),
        set: fields(&case.set),
        before: case.before.iter().map(fields).collect(),
        expect: expected(&case.expect),
    }
}

fn fields(template: &Template) -> IndexMap<&str, &Scalar> {
    template.iter().map(|(name, value): (&FieldName, _)| (name.as_str(), value)).collect()
}

fn expected(expect: &Expect) -> Expected<'_> {
    Expected {
        verdict: expect.verdict.map(crate::model::Verdict::word),
        reasons: expect.reasons.as_ref().map(|codes| codes.iter().map(ReasonId::as_str).collect()),
        // A list of none or one tells "no interface" from "any".
        interface: expect.interface.as_ref().map(|wanted| wanted.iter().map(InterfaceId::as_str).collect()),
        score: expect.score,
        hits: expect.hits.iter().map(RuleId::as_str).collect(),
        misses: expect.misses.iter().map(RuleId::as_str).collect(),
        shadow_hits: expect.shadow_hits.iter().map(RuleId::as_str).collect(),
        limits: limits(&expect.limits),
        errors: expect.errors.iter().map(RuleId::as_str).collect(),
    }
}

fn limits(limits: &ExpectLimits) -> IndexMap<&'static str, Option<i64>> {
    let named = [("single", limits.single), ("day", limits.day), ("month", limits.month), ("year", limits.year)];
    let set = named.into_iter().filter_map(|(name, wanted)| Some((name, wanted?.map(|Fen(amount)| amount))));
    set.collect()
}
