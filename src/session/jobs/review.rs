//! What a checker looks at before signing: what changes, whom it hits, and whether the evidence comes out the same when counted again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::impact::{Impact, compared};
use super::list_releases::ReleaseRow;
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use crate::requests::{LoadedRequests, first_message};
use crate::view::WhatIf;
use crate::views::loads::{LoadRow, RequestsPerSecond};
use countersign_core::check;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::engine::cases::{CaseCounts, CaseOutcome, run_cases};
use countersign_core::model::CaseSet;
use countersign_core::progress::Progress;
use countersign_core::release::{Digest, EvidenceDifference, Release, ReleaseChange, changes, read_changes};
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_run::NotDecided;
use countersign_run::Run;
use countersign_run::evidence::{EvidenceBasis, collect};
use countersign_workspace::Files;
use countersign_workspace::lifecycle;

#[derive(Clone)]
pub struct Review {
    pub release: Digest,
    /// What it is seen against: digest and version; none where there is nothing before it.
    pub against: Option<(Digest, String)>,
    pub changes: Vec<ReleaseChange>,
    /// Rows that its evidence left out, file by file.
    pub left_out: Vec<LocalText>,
    /// Rows of the loaded requests that were left out, and so are not compared.
    pub not_compared: u64,
    /// What the check finds, each with its place.
    pub findings: Vec<(Finding, String)>,
    /// The workspace's cases under the release's rules; none while its rules do not check.
    pub cases: Option<ReviewedCases>,
    /// What becomes of the loaded requests, or why that is not known.
    pub flips: Result<ReviewedFlips, LocalText>,
    /// Whether the evidence comes out the same.
    pub evidence: EvidenceCheck,
}

/// The cases under a release's rules.
#[derive(Clone, Debug)]
pub struct ReviewedCases {
    pub counts: CaseCounts,
    /// Those that do not get the decision they must get.
    pub failing: Vec<LocalText>,
}

/// What becomes of the loaded requests.
#[derive(Clone)]
pub struct ReviewedFlips {
    /// Both decisions of every request, and what flips between them.
    pub impact: Arc<Impact>,
    /// Load of every interface under the release, and under what it is seen against.
    pub loads: Vec<(LoadRow, Option<LoadRow>)>,
}

/// The outcome of counting the evidence again.
#[derive(Clone, Debug)]
pub enum EvidenceCheck {
    Agrees,
    Differs(Vec<EvidenceDifference>),
    /// It cannot be counted here; why, and what to do.
    Cannot(LocalText),
}

/// Reviews the selected release against another.
pub(crate) struct ReviewRelease {
    files: Arc<dyn Files>,
    release: PathBuf,
    against: Option<PathBuf>,
    /// The release that the evidence was compared with, where it names one and it is there.
    evidence_against: Option<PathBuf>,
    requests: Option<Arc<LoadedRequests>>,
    cases: Arc<CaseSet>,
}

impl DerivedJob for ReviewRelease {
    const KIND: JobKind = JobKind::Review;
    type Output = Review;

    fn basis(session: &Session) -> Basis {
        let mut hasher = DefaultHasher::new();
        let digest = |row: Option<&Arc<ReleaseRow>>| row.map(|row| row.digest.to_string());
        (digest(session.selected_release()), digest(session.compared_release())).hash(&mut hasher);
        Arc::as_ptr(&session.document.saved().cases).hash(&mut hasher);
        Basis { requests: session.results.basis(0).requests, asked: hasher.finish(), ..Basis::default() }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        let row = session.selected_release().filter(|_| session.releases.is_watched())?;
        let path = |row: &Arc<ReleaseRow>| session.document.root().join(&row.file);
        let evidence = row.evidence.against.as_ref().and_then(|against| session.releases.row(against.release));
        Some(Self {
            files: session.files(),
            release: path(row),
            against: session.compared_release().map(path),
            evidence_against: evidence.map(path),
            requests: session.requests().cloned(),
            cases: Arc::clone(&session.document.saved().cases),
        })
    }

    fn run(self, progress: &Progress) -> JobResult<Review> {
        review(&self, progress)
    }

    fn why_stale(_: &Session) -> LocalText {
        LocalText::new("being reviewed", "正在核对")
    }
}

/// A release that was read, with what decides by it.
struct ReviewedRelease {
    release: Release,
    findings: Vec<Finding>,
    engine: Option<Engine>,
}

fn side(files: &dyn Files, path: &Path, cases: Option<&CaseSet>) -> Result<ReviewedRelease, LocalText> {
    let release = lifecycle::read_release(files, path).map_err(|failed| failed.message())?;
    let definition = release.definition();
    let compiled = Program::compile(definition);
    let findings = check::check_compiled(definition, &compiled, cases);
    let is_right = !findings.iter().any(|finding| finding.severity == Severity::Error);
    let engine = is_right.then(|| Engine::new(Arc::clone(definition), compiled.program));
    Ok(ReviewedRelease { release, findings, engine })
}

fn review(job: &ReviewRelease, progress: &Progress) -> JobResult<Review> {
    let files = job.files.as_ref();
    let new = side(files, &job.release, Some(&job.cases))?;
    let old = job.against.as_ref().map(|path| side(files, path, None)).transpose()?;
    let run = match run(&new, old.as_ref(), job, progress) {
        Err(Stopped) => return Ok(None),
        Ok(run) => run,
    };
    let case_run = new.engine.as_ref().map(|engine| run_cases(engine, &job.cases));
    let evidence = match (&run, &case_run) {
        (Ok(run), Some(case_run)) => match counted(&new, old.as_ref(), job, (run, case_run), progress) {
            Err(Stopped) => return Ok(None),
            Ok(counted) => counted,
        },
        (Err(why), _) => EvidenceCheck::Cannot(why.clone()),
        (Ok(_), None) => EvidenceCheck::Cannot(not_checked()),
    };
    let place = |finding: &Finding| {
        let sources = &new.release.definition().sources;
        let found = finding.span.and_then(|span| sources.get(span.source).map(|source| (source, source.line_column(span.start))));
        found.map_or_else(String::new, |(source, place)| format!("{}:{}", source.name(), place.line))
    };
    let findings = new.findings.iter().map(|finding| (finding.clone(), place(finding))).collect();
    let definition = new.release.definition();
    let before = old.as_ref().map(|old| old.release.definition());
    let mut changes = changes(before, definition);
    read_changes(&mut changes, before.map(AsRef::as_ref), definition);
    Ok(Some(Review {
        release: new.release.digest(),
        against: old.as_ref().map(|old| (old.release.digest(), old.release.version().to_owned())),
        left_out: new.release.evidence().left_out().map(|(file, aside)| aside.rows.of_file(file)).collect(),
        not_compared: job.requests.as_ref().and_then(|requests| requests.set_aside.as_ref()).map_or(0, |aside| aside.rows),
        changes,
        findings,
        cases: case_run.as_ref().map(|run| ReviewedCases { counts: run.counts(), failing: failing(run) }),
        flips: run.map(|(new, old)| flips_seen(new, old.as_ref())),
        evidence,
    }))
}

struct Stopped;

type ReviewRuns = (Run, Option<Run>);

/// Decides the loaded requests by both sides, or says why not.
fn run(
    new: &ReviewedRelease,
    old: Option<&ReviewedRelease>,
    job: &ReviewRelease,
    progress: &Progress,
) -> Result<Result<ReviewRuns, LocalText>, Stopped> {
    let Some(requests) = &job.requests else {
        let sample = new.release.evidence().samples.first();
        return Ok(Err(open_sample(sample.map(|sample| sample.file.as_str()))));
    };
    let Some(engine) = &new.engine else { return Ok(Err(not_checked())) };
    let decide = |engine: &Engine| Run::new(engine, &requests.table, progress);
    let old = match old.and_then(|old| old.engine.as_ref()).map(decide).transpose() {
        Ok(old) => old,
        Err(NotDecided::Cancelled) => return Err(Stopped),
        Err(NotDecided::Schema(findings)) => return Ok(Err(first_message(&findings))),
    };
    let new = old.as_ref().map_or_else(|| decide(engine), |old| old.changed(engine, progress));
    match new {
        Ok(new) => Ok(Ok((new, old))),
        Err(NotDecided::Cancelled) => Err(Stopped),
        Err(NotDecided::Schema(findings)) => Ok(Err(first_message(&findings))),
    }
}

fn counted(
    new: &ReviewedRelease,
    old: Option<&ReviewedRelease>,
    job: &ReviewRelease,
    ((run, old_run), case_run): (&ReviewRuns, &countersign_core::engine::cases::CaseRun),
    progress: &Progress,
) -> Result<EvidenceCheck, Stopped> {
    let Some(requests) = &job.requests else { return Ok(EvidenceCheck::Cannot(open_sample(None))) };
    let stated = new.release.evidence();
    let sample = requests.sample();
    if let [one] = stated.samples.as_slice()
        && (one.digest != sample.digest || one.mapping != sample.mapping)
    {
        return Ok(EvidenceCheck::Cannot(other_sample(&sample.name, &one.file, one.digest)));
    }
    let wanted = stated.against.as_ref().map(|against| against.release);
    let is_same = wanted.is_some() && wanted == old.map(|old| old.release.digest());
    let other = match (wanted, is_same, &job.evidence_against) {
        (None, ..) | (_, true, _) => None,
        (Some(digest), false, None) => return Ok(EvidenceCheck::Cannot(missing(digest))),
        (Some(_), false, Some(path)) => {
            let engine = side(job.files.as_ref(), path, None).ok().and_then(|side| side.engine);
            let decided = engine.map(|engine| Run::new(&engine, &requests.table, progress));
            match decided {
                Some(Ok(decided)) => Some(decided),
                Some(Err(NotDecided::Cancelled)) => return Err(Stopped),
                Some(Err(NotDecided::Schema(findings))) => return Ok(EvidenceCheck::Cannot(first_message(&findings))),
                None => return Ok(EvidenceCheck::Cannot(not_checked())),
            }
        }
    };
    let against = wanted.zip(other.as_ref().or(old_run.as_ref()));
    let ran =
        EvidenceBasis { findings: &new.findings, cases: Some((&job.cases, case_run)), sample: &sample, requests: run, against };
    let differences = stated.differences(&collect(&ran));
    Ok(if differences.is_empty() { EvidenceCheck::Agrees } else { EvidenceCheck::Differs(differences) })
}

fn flips_seen(new: Run, old: Option<&Run>) -> ReviewedFlips {
    let before = old.map(|old| RequestsPerSecond::of(old).ask(&WhatIf::default()).rows);
    let after = RequestsPerSecond::of(&new).ask(&WhatIf::default()).rows;
    let was = |row: &LoadRow| before.as_ref().and_then(|rows| rows.iter().find(|was| was.id == row.id)).cloned();
    let loads = after.into_iter().map(|row| (was(&row).map(|was| LoadRow { bins: Vec::new(), ..was }), row));
    let loads = loads.map(|(was, row)| (LoadRow { bins: Vec::new(), ..row }, was)).collect();
    ReviewedFlips { impact: Arc::new(compared(new, old, None)), loads }
}

fn failing(run: &countersign_core::engine::cases::CaseRun) -> Vec<LocalText> {
    let is_wrong = |outcome: &CaseOutcome| !matches!(outcome, CaseOutcome::Passed(_));
    let wrong = run.results.iter().filter(|result| is_wrong(&result.outcome));
    wrong
        .map(|result| LocalText::new(format!("{}: {}", result.id, result.title.en), format!("{}：{}", result.id, result.title.zh)))
        .collect()
}

fn not_checked() -> LocalText {
    LocalText::new("its rules do not pass the check", "其规则未通过检查")
}

fn open_sample(file: Option<&str>) -> LocalText {
    match file {
        Some(file) => LocalText::new(
            format!("no requests are loaded: open `{file}`, over which the evidence was counted"),
            format!("尚未载入请求：请打开统计试运行依据时使用的 `{file}`"),
        ),
        None => LocalText::new("no requests are loaded: open a request file", "尚未载入请求：请打开请求文件"),
    }
}

fn other_sample(loaded: &str, wanted: &str, digest: Digest) -> LocalText {
    LocalText::new(
        format!("`{loaded}` is not the file the evidence was counted over: open `{wanted}`, {digest}"),
        format!("`{loaded}` 不是统计试运行依据时使用的文件：请打开 `{wanted}`（{digest}）"),
    )
}

fn missing(digest: Digest) -> LocalText {
    LocalText::new(
        format!("the release it was compared with is not in the workspace: {digest}"),
        format!("工作区中没有当时对比的发布：{digest}"),
    )
}
