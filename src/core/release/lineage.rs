//! A release's place in the line of releases: its number, and the release whose place it was made to take.

use super::approval::{Approval, NAMESPACE};
use super::refusal::{self, refuse};
use super::{Digest, Release, digest_text};
use crate::diagnostic::{Finding, Help, Operation};
use crate::model::Moment;
use crate::text::LocalText;

/// The release that another was judged against (基准版本): its changes and flips are counted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its number; 0 for a release of format 1, which has none.
    pub sequence: u64,
    /// Its digest.
    pub digest: Digest,
}

impl Base {
    /// The release as the base of the next one.
    #[must_use]
    pub fn of(release: &Release) -> Self {
        Self { sequence: release.sequence(), digest: release.digest() }
    }
}

/// A release's number and its base; releases of format 1 have neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// Counts the releases of a rule set from 1. A gateway never goes back to a lower one.
    pub sequence: u64,
    /// The live release it was made to replace; none for the first.
    pub base: Option<Base>,
    /// The last entry of the workspace's journal when it was made: with that entry gone, the journal was cut. None without a journal.
    pub journal: Option<Digest>,
}

impl Lineage {
    /// The place after the live release; the first place where nothing is live.
    #[must_use]
    pub fn after(live: Option<&Release>) -> Self {
        let base = live.map(Base::of);
        Self { sequence: base.map_or(1, |base| base.sequence.saturating_add(1)), base, journal: None }
    }
}

/// What an approval of a release of format 2 signs, as canonical JSON. The names and their order are part of the format.
#[derive(serde::Serialize)]
struct ApprovalStatement<'a> {
    base: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<String>,
    namespace: &'a str,
    principal: &'a str,
    release: String,
    role: &'a str,
    sequence: u64,
    time: String,
}

impl Release {
    /// The text that somebody signs to approve this release in a role at a time, `journal` being the journal's last entry then. In format
    /// 2 it states all of these with the release and its base, so that none can be changed later; in format 1 it is the release's canonical
    /// text.
    #[must_use]
    pub fn statement(&self, principal: &str, role: &str, time: Moment, journal: Option<Digest>) -> String {
        let Some(lineage) = self.lineage() else { return self.canonical() };
        let base = lineage.base.map_or_else(|| "none".to_owned(), |base| base.digest.to_string());
        let (release, time) = (self.digest().to_string(), time.to_string());
        let journal = journal.map(|entry| entry.to_string());
        digest_text(&ApprovalStatement {
            base,
            journal,
            namespace: NAMESPACE,
            principal,
            release,
            role,
            sequence: lineage.sequence,
            time,
        })
    }

    /// The text that an approval of this release must have signed; see [`Release::statement`].
    #[must_use]
    pub fn signed_text(&self, approval: &Approval) -> String {
        self.statement(&approval.principal, &approval.role, approval.time, approval.journal)
    }

    /// The entries of the workspace's journal that were its last when the release was made and when each signature was made, with the place
    /// in the release that says so: every one of them must be in the journal.
    pub fn anchors(&self) -> impl Iterator<Item = (Digest, String)> + '_ {
        let made = self.lineage().and_then(|lineage| lineage.journal).map(|entry| (entry, "lineage.journal".to_owned()));
        let signed = self.approvals().iter().enumerate();
        made.into_iter().chain(signed.filter_map(|(at, one)| Some((one.journal?, format!("approvals.{at}.journal")))))
    }
}

/// Why a release cannot take the place of the live one, or the first place where nothing is live: it was judged against another release,
/// so neither its changes nor its flips are those that would happen.
pub(super) fn misplaced(release: &Release, live: Option<&Release>) -> Option<Finding> {
    let base = match release.lineage() {
        Some(lineage) => lineage.base.map(|base| base.digest),
        // A release of format 1 states it only where flips were counted; on the first place it may state any.
        None => Some(release.evidence().against.as_ref()?.release).filter(|_| live.is_some()),
    };
    if live.is_some_and(|live| live.digest() == release.digest()) {
        return None;
    }
    let counted = release.evidence().against.as_ref().map(|against| against.release);
    let live_digest = live.map(Release::digest);
    if release.lineage().is_some() && counted != base {
        return Some(elsewhere(
            release,
            "evidence.against.release",
            ("flips were counted against", "决策改变的对比对象为"),
            counted,
            base,
        ));
    }
    match (base, live_digest) {
        (Some(_), None) if release.lineage().is_some() => {
            let message = LocalText::new(
                "the release was judged against another, which is not given here",
                "该发布以另一版本为基准，而此处未提供该版本",
            );
            let help = LocalText::new("give the release it names as its base", "请提供其基准版本的文件");
            Some(refuse(refusal::BASE, release.definition().places.find("lineage.base"), message, help))
        }
        (base, live) if base == live => None,
        (base, live) => {
            Some(elsewhere(release, "lineage.base.digest", ("the release was judged against", "该发布的基准版本为"), base, live))
        }
    }
}

fn elsewhere(release: &Release, path: &str, (en, zh): (&str, &str), stated: Option<Digest>, wanted: Option<Digest>) -> Finding {
    let [stated_en, wanted_en] =
        [stated, wanted].map(|digest| digest.map_or_else(|| "none".to_owned(), |digest| digest.to_string()));
    let [stated_zh, wanted_zh] = [stated, wanted].map(|digest| digest.map_or_else(|| "无".to_owned(), |digest| digest.to_string()));
    let message = LocalText::new(format!("{en} {stated_en}, not {wanted_en}"), format!("{zh} {stated_zh}，而不是 {wanted_zh}"));
    let help = Help::with_operation(
        LocalText::new("make it again, against the release that is live now", "请以当前生效版本为基准重新生成"),
        Operation::MakeRelease,
    );
    let places = &release.definition().places;
    refuse(refusal::BASE, places.find(path).or_else(|| places.find("lineage")).or_else(|| places.find("evidence")), message, help)
}

#[cfg(test)]
mod tests {
    use super::super::create::{create, print};
    use super::super::fixture::{definition, evidence, moment, provenance};
    use super::super::format1::{self, from_model};
    use super::super::{Provenance, read, write};
    use super::*;

    /// Everything the golden release has, in the place after another release.
    fn second() -> Release {
        let definition = definition();
        let base = Base { sequence: 7, digest: Digest::of(b"live") };
        let provenance = Provenance { lineage: Some(Lineage { sequence: 8, base: Some(base), journal: None }), ..provenance() };
        create(&definition, &evidence(&definition), &provenance).unwrap_or_else(|findings| panic!("{findings:#?}"))
    }

    #[test]
    fn the_golden_release_of_format_2_is_read_and_written_to_the_byte() {
        let golden = include_str!("../../../tests/golden/release-2.ron");
        let release = read("release-2.ron", golden.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!((write(&release), release.format(), release.sequence()), (golden, 2, 8));
        // Its engine is the one of its day; all else is what the writer makes now.
        let now = second();
        let again = from_model::file(release.engine(), now.provenance(), &[], now.evidence(), now.definition());
        assert_eq!(print(again).unwrap(), golden);
        let statement = release.statement("wang.wei@bank.example", "checker", moment("2014-03-20T16:00:00+08:00"), None);
        assert_eq!(statement, include_str!("../../../tests/golden/release-2.statement").trim_end());
    }

    #[test]
    fn a_lineage_that_cannot_be_is_refused_even_with_a_right_digest() {
        let changes: [fn(&mut format1::LineageFile); 2] =
            [|lineage| lineage.sequence = 7, |lineage| lineage.base.as_mut().unwrap().digest = "sha256:0".to_owned()];
        for change in changes {
            let release = second();
            let mut file = from_model::file(release.engine(), release.provenance(), &[], release.evidence(), release.definition());
            change(file.lineage.as_mut().unwrap());
            let refused = read("r.ron", print(file).unwrap().as_bytes()).expect_err("must be refused");
            assert_eq!(refused.findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [refusal::VALUE], "{refused}");
        }
    }
}
