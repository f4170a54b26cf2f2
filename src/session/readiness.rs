//! What keeps a release from being made of the draft, and what it would change.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Session;
use super::view::BaselineChoice;
use super::views::impact::groups;
use countersign_core::diagnostic::Severity;
use countersign_core::model::{Moment, Timestamp, Zone};
use countersign_core::release::{self, ReleaseChange};
use countersign_core::text::{LocalText, counted};
use countersign_workspace::lifecycle;

/// Something that blocks a release, or that should be known before one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Whether no release is made while it lasts.
    pub blocks: bool,
    pub text: LocalText,
    /// What it is about, so that a click can lead there.
    pub kind: ObstacleKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// Nothing that can be exported is open.
    Workspace,
    Findings,
    Cases,
    /// No requests, or results that are not of the draft as it is.
    Requests,
    /// Groups of flips that nobody has confirmed.
    Flips,
    /// Rows of the requests that were left out and that nobody has confirmed.
    LeftOut,
    /// The name of whoever makes it.
    Maker,
    Version,
    Unsaved,
}

#[derive(Clone, Debug)]
pub struct Readiness {
    /// What blocks it, what blocks first.
    pub obstacles: Vec<Obstacle>,
    /// What changed against the live release, in plain sentences; against nothing where there is none.
    pub changes: Vec<ReleaseChange>,
    /// Where it goes when no other file is named.
    pub path: PathBuf,
    /// The version that follows, where the draft's has been released already.
    pub next_version: Option<String>,
}

impl Readiness {
    /// Whether a release can be made.
    pub fn is_ready(&self) -> bool {
        !self.obstacles.iter().any(|obstacle| obstacle.blocks)
    }
}

/// The present in a zone, for shells that ask for a release.
pub fn present(zone: Zone) -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let micros = i64::try_from(since).unwrap_or(0).saturating_mul(1_000_000);
    Moment { at: Timestamp::from_micros(micros).unwrap_or(Timestamp::MIN), zone }
}

/// What blocks it of a release, and what it would say.
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
                note(true, ObstacleKind::Findings, counted(errors, "error", "errors"), format!("{errors} 个错误"));
            }
            if warnings > 0 {
                note(false, ObstacleKind::Findings, counted(warnings, "warning", "warnings"), format!("{warnings} 个警告"));
            }
        }
    }
    match session.cases().value.filter(|_| session.cases().is_fresh()) {
        None => note(true, ObstacleKind::Cases, "the cases have not been run".into(), "用例尚未运行".into()),
        Some(run) => {
            let counts = run.counts();
            let failing = counts.failed + counts.unusable;
            if failing > 0 {
                note(true, ObstacleKind::Cases, counted(failing, "case fails", "cases fail"), format!("{failing} 个用例未通过"));
            }
        }
    }
    if session.live().is_some() && session.view.against != BaselineChoice::Live {
        let (en, zh) = ("compare with the live release first", "请先与生效版本进行对比");
        note(true, ObstacleKind::Flips, en.into(), zh.into());
    }
    if session.impact().is_fresh() {
        let open = groups(session).iter().filter(|group| !group.is_acknowledged).count();
        if open > 0 {
            let en = counted(open, "group of changed decisions is", "groups of changed decisions are") + " not acknowledged";
            note(true, ObstacleKind::Flips, en, format!("{open} 组决策变化尚未确认"));
        }
    } else {
        let (en, zh) = ("the draft has not been run over requests", "草稿尚未在请求样本上试运行");
        note(true, ObstacleKind::Requests, en.into(), zh.into());
    }
    if let Some(aside) = session.left_out() {
        let (said, open) = (aside.sentence(), !session.is_left_out_acknowledged());
        let (en, zh) = if open { (", and nobody has confirmed that", "，且无人确认") } else { ("", "") };
        note(open, ObstacleKind::LeftOut, format!("{}{en}", said.en), format!("{}{zh}", said.zh));
    }
    if session.requests().is_some_and(|requests| requests.mapping.is_none() && requests.own_mapping.is_some()) {
        let en = "the requests were read by a mapping that is not kept: open them again and keep it";
        note(true, ObstacleKind::Requests, en.into(), "请求所用的映射未保存：请重新打开并保存映射".into());
    }
    if !release::is_principal(&session.preferences().maker) {
        let (en, zh) = ("name who makes it, such as `li.na@bank.example`", "请填写经办人，例如 `li.na@bank.example`");
        note(true, ObstacleKind::Maker, en.into(), zh.into());
    }
    let version = &session.document.rule_set().version;
    let file_of = |version: &str| lifecycle::file_of(session.document.root(), version);
    let is_taken = |version: &str| session.files.exists(&file_of(version));
    let path = file_of(version);
    let next_version =
        is_taken(version).then(|| next_version(version, present(session.document.definition().schema.zone), is_taken));
    if let Some(next) = &next_version {
        let en = format!("version `{version}` has been released already: change it to `{next}`");
        note(true, ObstacleKind::Version, en, format!("版本 `{version}` 已发布过：改为 `{next}`"));
    }
    if session.document.is_dirty() {
        note(false, ObstacleKind::Unsaved, "edits are not saved".into(), "有未保存的修改".into());
    }
    obstacles.sort_by_key(|obstacle| !obstacle.blocks);
    Readiness { obstacles, changes: changes(session), path, next_version }
}

/// The version after one: today's date after a date, else its last number plus one; a number is added where that is taken.
fn next_version(version: &str, today: Moment, is_taken: impl Fn(&str) -> bool) -> String {
    let is_date = {
        let parts: Vec<&str> = version.split('.').collect();
        parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) && parts.iter().map(|part| part.len()).eq([4, 2, 2])
    };
    let digits = version.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (head, number) = version.split_at(version.len() - digits);
    let first = match number.parse::<u64>() {
        _ if is_date => today.to_string().chars().take(10).map(|c| if c == '-' { '.' } else { c }).collect(),
        Ok(number) => format!("{head}{:0digits$}", number.saturating_add(1)),
        Err(_) => format!("{version}-2"),
    };
    let others = (2..=9_999_u32).map(|number| format!("{first}-{number}"));
    std::iter::once(first.clone()).chain(others).find(|version| !is_taken(version)).unwrap_or(first)
}

fn changes(session: &Session) -> Vec<ReleaseChange> {
    let live = session.live().map(|(_, release)| release.definition());
    let mut changes = release::changes(live, session.document.definition());
    release::read_changes(&mut changes, live.map(AsRef::as_ref), session.document.definition());
    changes
}

#[cfg(test)]
mod tests {
    use super::{Moment, next_version};

    #[test]
    fn the_next_version_is_free_and_of_the_same_form() {
        let today = Moment::try_from("2014-04-01T09:00:00+08:00".to_owned()).unwrap();
        for (version, taken, next) in [
            ("8", "", "9"),
            ("1.09", "", "1.10"),
            ("1.9", "1.10", "1.10-2"),
            ("2014.03.24", "", "2014.04.01"),
            ("2014.03.31", "2014.04.01 2014.04.01-2", "2014.04.01-3"),
            ("draft", "draft", "draft-2"),
            ("8-off-1", "", "8-off-2"),
            ("18446744073709551615", "", "18446744073709551615"),
        ] {
            assert_eq!(next_version(version, today, |one| taken.split(' ').any(|other| other == one)), next);
        }
    }
}
