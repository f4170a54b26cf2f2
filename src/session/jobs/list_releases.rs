//! The workspace's releases and its journal as they are on the disk, read off the window's thread.
//!
//! Looked at again and again while they are shown, so that what others do is seen: then only the journal's bytes and the names of the
//! files are compared, and a release that was read once is not read again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Basis, Job, JobKind, JobOutput, JobResult};
use crate::Session;
use countersign_core::diagnostic::Finding;
use countersign_core::model::Status;
use countersign_core::progress::Progress;
use countersign_core::release::{self, Approval, Digest, Evidence, Hasher, Provenance, Release, Requirements, SigningChecklist};
use countersign_core::text::LocalText;
use countersign_workspace::journal::{JOURNAL_FILE, Journal, LARGEST_JOURNAL, ReleaseHistory, ReleaseState};
use countersign_workspace::lifecycle::{self, POLICY_FILE, REVOCATIONS_FILE, SIGNERS_FILE};
use countersign_workspace::{Files, LARGEST_RELEASE, release_files};

/// The largest policy or signers file that is looked at, in bytes.
const LARGEST_TRUST: u64 = 8 << 20;

#[derive(Clone, Debug)]
pub struct ReleaseRow {
    /// Its file, inside the workspace.
    pub file: String,
    pub digest: Digest,
    pub version: String,
    /// Who made it, when and why.
    pub provenance: Provenance,
    /// Who signed it, the maker's submission among them.
    pub approvals: Vec<Approval>,
    pub evidence: Evidence,
    /// The entries of the journal that it and its signatures name: each must be there.
    pub anchors: Vec<Digest>,
    /// Rules that count, are tried, are off.
    pub rules: [usize; 3],
    /// Where it is on its way.
    pub state: ReleaseState,
    /// What still speaks against publishing it; empty for one that is past that.
    pub open: Vec<Finding>,
    /// Who must sign it, as its changes against the live release call for; empty for one that is past that.
    pub checklist: SigningChecklist,
    /// Of what the above was made.
    key: Digest,
}

impl ReleaseRow {
    pub fn checkers(&self) -> impl Iterator<Item = &Approval> {
        self.approvals.iter().filter(|approval| approval.counts())
    }
}

/// The releases of a workspace with its journal.
#[derive(Debug)]
pub struct ReleaseList {
    /// The releases, made last first.
    pub rows: Vec<Arc<ReleaseRow>>,
    pub journal: Journal,
    /// The release that the journal says is live, with its file.
    pub live: Option<(String, Release)>,
    /// Why the live release is not there although the journal names one.
    pub lost: Option<LocalText>,
    /// Who must approve, and whose signatures count; or what is wrong with the files that say so.
    pub requirements: Result<Requirements, Vec<Finding>>,
    /// Files in the folder that are no releases.
    pub problems: Vec<LocalText>,
    print: Digest,
}

impl ReleaseList {
    pub fn row(&self, digest: Digest) -> Option<&Arc<ReleaseRow>> {
        self.rows.iter().find(|row| row.digest == digest)
    }

    pub fn live_digest(&self) -> Option<Digest> {
        self.live.as_ref().map(|(_, release)| release.digest())
    }
}

/// Reads the releases; nothing where they are as they were `known`.
pub(crate) struct ListReleases {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub known: Option<Arc<ReleaseList>>,
}

impl Job for ListReleases {
    const KIND: JobKind = JobKind::Releases;
    type Output = ReleaseList;

    fn run(self, _: &Progress) -> JobResult<ReleaseList> {
        let (files, root, known) = (self.files.as_ref(), self.root.as_path(), self.known.as_ref());
        let names = release_files(files, root).map_err(|error| error.message())?;
        let print = print(files, root, &names);
        if known.is_some_and(|known| known.print == print) {
            return Ok(None);
        }
        let bytes = read_or_nothing(files, &root.join(JOURNAL_FILE), LARGEST_JOURNAL);
        let journal = Journal::of(bytes.unwrap_or_default());
        let requirements = lifecycle::requirements(files, Some(root), None, None).map_err(|failed| failed.findings());
        let mut reading = ReleaseReader { files, root, known, history: ReleaseHistory::of(&journal), problems: Vec::new() };
        let live = reading.live(&names);
        let lost = reading.history.live().filter(|_| live.is_none()).map(|digest| {
            LocalText::new(
                format!("the live release {digest} is not among the workspace's releases; restore its file in `released/`"),
                format!("工作区的发布文件中没有生效版本 {digest}，请恢复其在 `released/` 中的文件"),
            )
        });
        let context = context(files, root, live.as_ref().map(|(_, live)| live.digest()));
        let asked = (requirements.as_ref().ok(), live.as_ref().map(|(_, live)| live), context);
        let mut rows: Vec<Arc<ReleaseRow>> = names.iter().filter_map(|name| reading.row(name, &asked)).collect();
        rows.sort_by(|one, other| {
            other.provenance.created_at.at.cmp(&one.provenance.created_at.at).then_with(|| other.file.cmp(&one.file))
        });
        let mut problems = reading.problems;
        problems.extend(lifecycle::unfinished(files, &journal).iter().map(Finding::sentence));
        problems.extend(cut(&journal, &rows));
        Ok(Some(ReleaseList { rows, journal, live, lost, requirements, problems, print }))
    }

    fn apply(session: &mut Session, made: JobOutput<ReleaseList>) {
        session.take_releases(made.took, made.output);
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        session.releases.list_failed(why);
    }
}

/// What shows that the journal was cut, replaced or deleted.
fn cut(journal: &Journal, rows: &[Arc<ReleaseRow>]) -> Option<LocalText> {
    let entries: BTreeSet<Digest> = journal.lines.iter().map(|line| line.hash).collect();
    let is_cut = |row: &&Arc<ReleaseRow>| entries.is_empty() || row.anchors.iter().any(|entry| !entries.contains(entry));
    // The one made first tells since when.
    let file = &rows.iter().rfind(is_cut)?.file;
    Some(LocalText::new(
        format!("the journal was cut: it lacks entries that `{file}` names; restore `journal.jsonl` from git or a backup"),
        format!("审计日志被截断：缺少 `{file}` 所记的记录；请从 git 或备份中恢复 `journal.jsonl`"),
    ))
}

/// What the live release, the requirements and the context that a release is seen in are.
type ReleaseContext<'a> = (Option<&'a Requirements>, Option<&'a Release>, Digest);

struct ReleaseReader<'a> {
    files: &'a dyn Files,
    root: &'a Path,
    known: Option<&'a Arc<ReleaseList>>,
    history: ReleaseHistory,
    problems: Vec<LocalText>,
}

impl ReleaseReader<'_> {
    fn bytes(&self, name: &str) -> Result<Vec<u8>, LocalText> {
        let read = self.files.inside(self.root, name).and_then(|path| self.files.read(&path, LARGEST_RELEASE));
        read.map_err(|error| error.message())
    }

    fn release(&self, name: &str, bytes: &[u8]) -> Result<Release, LocalText> {
        release::read(&self.root.join(name).display().to_string(), bytes).map_err(|refused| {
            let why = refused.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            LocalText::new(format!("`{name}` is no release: {}", why.en), format!("`{name}` 不是有效的发布：{}", why.zh))
        })
    }

    /// The release that the journal says is live.
    fn live(&self, names: &[String]) -> Option<(String, Release)> {
        let digest = self.history.live()?;
        let known = self.known.and_then(|known| known.live.clone()).filter(|(_, live)| live.digest() == digest);
        if let Some((name, live)) = known
            && self.bytes(&name).is_ok_and(|bytes| bytes == release::write(&live).as_bytes())
        {
            return Some((name, live));
        }
        // Most often the one that was known before under that digest; else every file is looked at.
        let row = self.known.and_then(|known| known.row(digest)).map(|row| row.file.clone());
        let all = row.iter().chain(names);
        all.filter_map(|name| Some((name.clone(), self.release(name, &self.bytes(name).ok()?).ok()?)))
            .find(|(_, release)| release.digest() == digest)
    }

    fn row(&mut self, name: &str, seen: &ReleaseContext<'_>) -> Option<Arc<ReleaseRow>> {
        let bytes = self.bytes(name).map_err(|why| self.problems.push(why)).ok()?;
        let mut key = Hasher::default();
        key.update(&bytes);
        key.update(seen.2.to_string().as_bytes());
        let key = key.finish();
        let known = self.known.and_then(|known| known.rows.iter().find(|row| row.file == name && row.key == key));
        if let Some(known) = known.filter(|known| self.history.state(known.digest) == known.state) {
            return Some(Arc::clone(known));
        }
        let release = self.release(name, &bytes).map_err(|why| self.problems.push(why)).ok()?;
        let state = self.history.state(release.digest());
        let is_pending = matches!(state, ReleaseState::Draft | ReleaseState::Submitted | ReleaseState::Approved);
        let (requirements, live, _) = seen;
        let asked = requirements.filter(|_| is_pending);
        let rules = |status| release.definition().rule_set.rules().filter(|(.., rule)| rule.status == status).count();
        Some(Arc::new(ReleaseRow {
            file: name.to_owned(),
            digest: release.digest(),
            version: release.version().to_owned(),
            provenance: release.provenance().clone(),
            approvals: release.approvals().to_vec(),
            evidence: release.evidence().clone(),
            anchors: release.anchors().map(|(entry, _)| entry).collect(),
            rules: [Status::Active, Status::Shadow, Status::Off].map(rules),
            state,
            open: asked.map_or_else(Vec::new, |asked| release::verify_approvals(&release, asked, *live)),
            checklist: asked.map_or_else(SigningChecklist::default, |asked| SigningChecklist::of(&release, asked, *live)),
            key,
        }))
    }
}

fn read_or_nothing(files: &dyn Files, path: &Path, limit: u64) -> Option<Vec<u8>> {
    files.read(path, limit).ok()
}

/// What tells whether anything changed: the journal, who may sign, and which files there are.
fn print(files: &dyn Files, root: &Path, names: &[String]) -> Digest {
    let mut print = Hasher::default();
    let trusted = [POLICY_FILE, SIGNERS_FILE, REVOCATIONS_FILE].map(|file| (file, LARGEST_TRUST));
    for (file, limit) in std::iter::once((JOURNAL_FILE, LARGEST_JOURNAL)).chain(trusted) {
        let bytes = read_or_nothing(files, &root.join(file), limit);
        print.update(bytes.as_ref().map_or(Digest::of(b"none"), |bytes| Digest::of(bytes)).to_string().as_bytes());
    }
    for name in names {
        print.update(format!("\n{name}").as_bytes());
    }
    print.finish()
}

/// What a release's standing depends on besides itself.
fn context(files: &dyn Files, root: &Path, live: Option<Digest>) -> Digest {
    let mut context = Hasher::default();
    for file in [POLICY_FILE, SIGNERS_FILE, REVOCATIONS_FILE] {
        context.update(&read_or_nothing(files, &root.join(file), LARGEST_TRUST).unwrap_or_default());
    }
    context.update(live.map_or_else(String::new, |live| live.to_string()).as_bytes());
    context.finish()
}
