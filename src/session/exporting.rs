//! A release made from the draft: what stands in the way, what it rests on, and the file, read back as a gateway reads it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Session;
use super::deciding::Impact;
use super::jobs::Outcome;
use super::requests::Requests;
use super::results::{Checked, Done};
use crate::diagnostic::Severity;
use crate::engine::cases::CaseRun;
use crate::gateway::Gateway;
use crate::model::{CaseSet, Moment, Status, Timestamp, Verdict, Zone};
use crate::release::{
    self, Acknowledgement, CaseEvidence, CheckEvidence, Coverage, Digest, Evidence, LiveEvidence, Provenance, Requirements,
    SampleEvidence, VerdictCounts,
};
use crate::text::LocalText;
use crate::workspace::lifecycle::{self, Doing};
use crate::workspace::{Files, RELEASED_FOLDER};

/// Something that stands in the way of a release, or that should be known before one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Whether no release is made while it stands.
    pub blocks: bool,
    /// What it is.
    pub text: LocalText,
    /// What it is about, so that a click can lead there.
    pub kind: ObstacleKind,
}

/// What an obstacle is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// Nothing that can be exported is open.
    Workspace,
    /// Findings of the check.
    Findings,
    /// Cases.
    Cases,
    /// No requests, or results that are not of the draft as it is.
    Requests,
    /// Groups of flips that nobody answers for.
    Flips,
    /// The name of whoever makes it.
    Maker,
    /// The version.
    Version,
    /// Unsaved edits.
    Unsaved,
}

/// What a release dialog shows.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// What stands in the way, what blocks first.
    pub obstacles: Vec<Obstacle>,
    /// What changed against the live release, in plain sentences; against nothing where there is none.
    pub changes: Vec<LocalText>,
    /// Where it goes when no other file is named.
    pub path: PathBuf,
}

impl Readiness {
    /// Whether a release can be made.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.obstacles.iter().any(|obstacle| obstacle.blocks)
    }
}

/// A release that was made, written and read back.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The file.
    pub path: PathBuf,
    /// Its digest: what approvals sign.
    pub digest: Digest,
    /// The version.
    pub version: String,
}

/// The present in a zone, for shells that ask for a release.
#[must_use]
pub fn present(zone: Zone) -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let micros = i64::try_from(since).unwrap_or(0).saturating_mul(1_000_000);
    Moment { at: Timestamp::from_micros(micros).unwrap_or(Timestamp::MIN), zone }
}

/// What stands in the way of a release, and what it would say.
#[must_use]
pub fn readiness(session: &Session) -> Readiness {
    let mut obstacles = Vec::new();
    let mut note = |blocks: bool, kind: ObstacleKind, en: String, zh: String| {
        obstacles.push(Obstacle { blocks, text: LocalText::new(en, zh), kind });
    };
    if !session.document.is_editable() {
        note(true, ObstacleKind::Workspace, "no workspace is open".into(), "没有打开工作区".into());
    }
    match session.check().value.filter(|_| session.check().is_fresh()) {
        None => note(true, ObstacleKind::Findings, "the draft is being checked".into(), "草稿正在检查".into()),
        Some(checked) => {
            let (errors, warnings) = (checked.count(Severity::Error), checked.count(Severity::Warning));
            if errors > 0 {
                note(true, ObstacleKind::Findings, format!("{errors} errors"), format!("{errors} 个错误"));
            }
            if warnings > 0 {
                note(false, ObstacleKind::Findings, format!("{warnings} warnings"), format!("{warnings} 个警告"));
            }
        }
    }
    match session.cases().value.filter(|_| session.cases().is_fresh()) {
        None => note(true, ObstacleKind::Cases, "the cases have not been run".into(), "用例尚未运行".into()),
        Some(run) => {
            let counts = run.counts();
            let failing = counts.failed + counts.unusable;
            if failing > 0 {
                note(true, ObstacleKind::Cases, format!("{failing} cases fail"), format!("{failing} 个用例未通过"));
            }
        }
    }
    if session.live.is_some() && session.view.against != super::view::Against::Live {
        let (en, zh) = ("compare with the live release first", "请先与现行发布进行对比");
        note(true, ObstacleKind::Flips, en.into(), zh.into());
    }
    if session.impact().is_fresh() {
        let open = super::views::impact::groups(session).iter().filter(|group| !group.is_acknowledged).count();
        if open > 0 {
            let en = format!("{open} groups of changed decisions are not acknowledged");
            note(true, ObstacleKind::Flips, en, format!("{open} 组决策变化尚未确认"));
        }
    } else {
        let (en, zh) = ("the draft has not been run over requests", "草稿尚未在请求样本上试运行");
        note(true, ObstacleKind::Requests, en.into(), zh.into());
    }
    if !release::is_principal(&session.preferences.maker) {
        let (en, zh) = ("name who makes it, such as `li.na@bank.example`", "请填写经办人，例如 `li.na@bank.example`");
        note(true, ObstacleKind::Maker, en.into(), zh.into());
    }
    let path = default_path(session.document.root(), &session.document.rule_set().version);
    if session.files.exists(&path) {
        let version = &session.document.rule_set().version;
        let en = format!("version `{version}` has been released already: raise it, or name another file");
        note(false, ObstacleKind::Version, en, format!("版本 `{version}` 已发布过：请提高版本号或另选文件"));
    }
    if session.document.is_dirty() {
        note(false, ObstacleKind::Unsaved, "edits are not saved".into(), "有未保存的修改".into());
    }
    obstacles.sort_by_key(|obstacle| !obstacle.blocks);
    Readiness { obstacles, changes: changes(session), path }
}

fn changes(session: &Session) -> Vec<LocalText> {
    let live = session.live.as_ref().map(|(_, release)| release.definition());
    release::changes(live, session.document.definition()).into_iter().map(|change| change.text).collect()
}

fn default_path(root: &Path, version: &str) -> PathBuf {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    root.join(RELEASED_FOLDER).join(format!("{}.ron", version.chars().map(safe).collect::<String>()))
}

/// What a release is made from.
pub(super) struct Asked {
    pub path: PathBuf,
    pub provenance: Provenance,
    pub checked: Arc<Checked>,
    pub cases: Arc<CaseSet>,
    pub run: Arc<CaseRun>,
    pub impact: Arc<Impact>,
    pub requests: Arc<Requests>,
    pub live: Option<Digest>,
}

/// Makes it, writes it, and reads it back as a gateway does.
pub(super) fn export(files: &dyn Files, asked: &Asked) -> Outcome {
    let path = &asked.path;
    let shown = path.display();
    if files.exists(path) {
        return Err(LocalText::new(
            format!("`{shown}` exists: a release is never written over"),
            format!("`{shown}` 已存在：发布文件不可覆盖"),
        ));
    }
    let definition = &asked.checked.definition;
    let made = release::create(definition, &evidence(asked), &asked.provenance);
    let made = made.map_err(|findings| findings.first().map(|finding| finding.message.clone()).unwrap_or_default())?;
    if let Some(folder) = path.parent() {
        files.create_folder(folder).map_err(|error| error.message())?;
    }
    files.write(path, release::write(&made).as_bytes()).map_err(|error| error.message())?;
    let bytes = files.read(path, crate::workspace::LARGEST_RELEASE).map_err(|error| error.message())?;
    let name = shown.to_string();
    let gateway = Gateway::load(&name, &bytes, Requirements::nothing()).map_err(|refused| {
        let why = refused.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        LocalText::new(format!("a gateway refuses `{name}`: {}", why.en), format!("网关拒绝 `{name}`：{}", why.zh))
    })?;
    if gateway.digest() != made.digest() {
        return Err(LocalText::new(
            format!("`{name}` on the disk is not the release that was made; export again"),
            format!("磁盘上的 `{name}` 与所生成的发布不一致，请重新导出"),
        ));
    }
    let doing =
        Doing { who: asked.provenance.maker.clone(), at: asked.provenance.created_at, comment: asked.provenance.comment.clone() };
    lifecycle::note_created(files, path, &made, &doing).map_err(|failed| LocalText::same(failed.to_string()))?;
    let exported = Exported { path: path.clone(), digest: made.digest(), version: made.version().to_owned() };
    Ok(Some(Done::Exported(Box::new((exported, made)))))
}

/// The maker's word for the flips: no release is made while a group of them is open.
fn acknowledged(asked: &Asked, flips: u64) -> Vec<Acknowledgement> {
    let Provenance { maker, created_at, comment, .. } = &asked.provenance;
    let one = Acknowledgement { by: maker.clone(), at: *created_at, flips, comment: comment.clone() };
    if flips == 0 { Vec::new() } else { vec![one] }
}

/// Everything the release is approved on.
fn evidence(asked: &Asked) -> Evidence {
    let definition = &asked.checked.definition;
    let counts = asked.run.counts();
    let run = &asked.impact.new;
    let mut verdicts = VerdictCounts::default();
    for verdict in Verdict::ALL {
        verdicts.add(verdict, run.totals().verdict(verdict).requests);
    }
    let is_on = |rule: &crate::model::Rule| rule.status != Status::Off;
    let rules = definition.rule_set.rules().zip(&run.totals().rules).filter(|((.., rule), _)| is_on(rule));
    let hit_by_samples: Vec<bool> = rules.map(|(_, totals)| totals.hits.requests > 0).collect();
    let sample = SampleEvidence {
        file: asked.requests.name.clone(),
        digest: asked.requests.digest,
        mapping: asked.requests.mapping_digest,
        requests: run.table().len() as u64,
        verdicts,
        failed: run.totals().failed,
    };
    let flips = asked.impact.flips.as_ref().map(|flips| flips.all().len() as u64);
    Evidence {
        rule_set: release::rule_set_digest(&definition.rule_set, definition.schema.zone),
        schema: release::schema_digest(&definition.schema),
        cases: Some(CaseEvidence {
            digest: release::cases_digest(&asked.cases),
            total: asked.run.results.len() as u64,
            passed: counts.passed as u64,
        }),
        samples: vec![sample],
        coverage: Coverage {
            rules: hit_by_samples.len() as u64,
            hit_by_cases: asked.run.coverage.rules.iter().filter(|rule| rule.hit > 0).count() as u64,
            hit_by_samples: hit_by_samples.iter().filter(|hit| **hit).count() as u64,
        },
        against: asked.live.zip(flips).map(|(release, flips)| LiveEvidence {
            release,
            flips,
            acknowledged: acknowledged(asked, flips),
        }),
        check: CheckEvidence {
            warnings: asked.checked.count(Severity::Warning) as u64,
            notes: asked.checked.count(Severity::Note) as u64,
        },
    }
}
