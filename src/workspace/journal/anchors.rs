//! A journal held against the releases of its workspace: entries that a release names and that are gone, and what only one of both tells.

use super::{Journal, JournalAction, JournalLine};
use crate::kinds::{JOURNAL_CUT, JOURNAL_MISSING, JOURNAL_UNFOUNDED, JOURNAL_UNTOLD};
use countersign_core::diagnostic::Finding;
use countersign_core::model::Moment;
use countersign_core::release::{Approval, Digest, REJECTED, Release, WITHDRAWN};
use countersign_core::text::{LocalText, Span};

/// What shows that the journal was cut, replaced or deleted: releases without any journal, and entries that a release or a signature
/// under it names as the last one of its time and that are not there. The places are those in the releases.
pub fn cut_entries(journal: &Journal, releases: &[(String, Release)]) -> Vec<Finding> {
    if let Some((file, _)) = releases.first().filter(|_| journal.lines.is_empty()) {
        return vec![missing_journal(file)];
    }
    releases.iter().flat_map(|(file, release)| missing_anchor(journal, file, release)).collect()
}

/// The first entry that a release names and that is not in the journal.
pub fn missing_anchor(journal: &Journal, file: &str, release: &Release) -> Vec<Finding> {
    let is_there = |entry: Digest| journal.lines.iter().any(|line| line.hash == entry);
    let mut findings: Vec<Finding> = Vec::new();
    for (entry, path) in release.anchors().filter(|(entry, _)| !is_there(*entry)) {
        let (time, what) = match path.split('.').nth(1).and_then(|at| release.approvals().get(at.parse::<usize>().ok()?)) {
            Some(Approval { principal, time, .. }) => {
                (*time, LocalText::new(format!("when {principal} signed it"), format!("{principal} 签名时")))
            }
            None => (release.provenance().created_at, LocalText::new("when it was made", "生成时")),
        };
        let place = release.definition().places.find(&path);
        findings.push(lost(journal, (file, entry), (time, &what), place));
    }
    // The earliest one shows since when; the others follow from it.
    findings.truncate(1);
    findings
}

fn lost(journal: &Journal, (file, entry): (&str, Digest), (time, what): (Moment, &LocalText), place: Option<Span>) -> Finding {
    let message = LocalText::new(
        format!("the journal lacks the entry {entry}, which `{file}` names as the last one {} at {time}", what.en),
        format!("审计日志中缺少记录 {entry}：`{file}` 将其记为{}（{time}）的最后一条记录", what.zh),
    );
    let last = journal.lines.iter().rfind(|line| line.record.at.at <= time.at);
    let since = last.map_or_else(
        || LocalText::new("no entry of before is left", "此前的记录均已缺失"),
        |JournalLine { number, record, .. }| {
            LocalText::new(
                format!("the last entry of before that is left is line {number}, of {}: what followed it is missing", record.at),
                format!("此前尚存的最后一条记录为第 {number} 行（{}），其后的记录缺失", record.at),
            )
        },
    );
    Finding::new(JOURNAL_CUT, place, message).with_note(None, since).with_help(restore())
}

/// That there are releases such as this one and no journal.
pub fn missing_journal(file: &str) -> Finding {
    let message = LocalText::new(
        format!("the workspace has releases such as `{file}`, and no journal that tells of them"),
        format!("工作区中有发布（如 `{file}`），却没有记录它们的审计日志"),
    );
    Finding::new(JOURNAL_MISSING, None, message).with_help(restore())
}

fn restore() -> LocalText {
    LocalText::new(
        "restore `journal.jsonl` from git or a backup; until then no release is made, signed or published",
        "请从 git 或备份中恢复 `journal.jsonl`；在此之前不能生成、签署或上线发布",
    )
}

/// Whether an entry is about this signature under a release.
fn is_about(line: &JournalLine, release: &Release, approval: &Approval) -> bool {
    let record = &line.record;
    let is_kind = match record.what {
        JournalAction::Submitted => approval.is_submission(),
        JournalAction::Approved => approval.counts(),
        JournalAction::Rejected => approval.role == REJECTED,
        JournalAction::Withdrawn => approval.role == WITHDRAWN,
        _ => false,
    };
    is_kind && record.to == Some(release.digest()) && record.who == approval.principal
}

/// Whether an entry says just what was signed.
fn fits(line: &JournalLine, release: &Release, approval: &Approval) -> bool {
    let record = &line.record;
    let is_ending = approval.ends() || record.role == approval.role;
    let signed = || Digest::of(release.signed_text(approval).as_bytes());
    is_ending && record.at == approval.time && record.statement.is_none_or(|statement| statement == signed())
}

/// Entries about signatures that their release does not carry, and signatures that no entry tells of. The places are those in the journal.
pub fn unlike_releases(journal: &Journal, releases: &[(String, Release)]) -> Vec<Finding> {
    if journal.lines.is_empty() {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = journal.lines.iter().filter_map(|line| unfounded(journal, line, releases)).collect();
    for (file, release) in releases {
        let made = |line: &JournalLine| line.record.to == Some(release.digest()) && line.record.what == JournalAction::Created;
        if !journal.lines.iter().any(made) {
            let (who, time) = (&release.provenance().maker, release.provenance().created_at);
            findings.push(untold(file, &LocalText::new(format!("{who} made it at {time}"), format!("{who} 于 {time} 生成"))));
        }
        let open = |approval: &&Approval| !journal.lines.iter().any(|line| is_about(line, release, approval));
        for Approval { principal, role, time, .. } in release.approvals().iter().filter(open) {
            let what = LocalText::new(
                format!("{principal} signed it as {role} at {time}"),
                format!("{principal} 以 {role} 身份于 {time} 签名"),
            );
            findings.push(untold(file, &what));
        }
    }
    findings
}

fn unfounded(journal: &Journal, line: &JournalLine, releases: &[(String, Release)]) -> Option<Finding> {
    let record = &line.record;
    let is_of_release = matches!(record.what, JournalAction::Submitted | JournalAction::Approved) || record.statement.is_some();
    let digest = record.to.filter(|_| is_of_release)?;
    let mut copies = releases.iter().filter(|(_, release)| release.digest() == digest).peekable();
    copies.peek()?;
    let carries = |(_, release): &(String, Release)| {
        release.approvals().iter().any(|approval| is_about(line, release, approval) && fits(line, release, approval))
    };
    if copies.any(carries) {
        return None;
    }
    let (who, what, file) = (&record.who, record.what.text(), &record.file);
    let message = LocalText::new(
        format!("`{file}` carries no signature of {who} that says it was {} then in that role", what.en),
        format!("`{file}` 中没有 {who} 对此次“{}”的签名（同一角色和时间）", what.zh),
    );
    let help = LocalText::new(
        "the entry or the release was changed: restore both from git or a backup",
        "该记录或发布文件被改动：请从 git 或备份中恢复两者",
    );
    Some(Finding::new(JOURNAL_UNFOUNDED, journal.place(line), message).with_help(help))
}

fn untold(file: &str, what: &LocalText) -> Finding {
    let message = LocalText::new(
        format!("no entry tells of this about `{file}`: {}", what.en),
        format!("审计日志中没有关于 `{file}` 的这一记录：{}", what.zh),
    );
    let help = LocalText::new(
        "a crash came between the file and its entry, or the journal was cut: compare it with git or a backup; the next step on that \
         release notes its signatures",
        "可能在写入文件与记录之间中断，或审计日志被截断：请与 git 或备份核对；对该发布的下一步操作会补记其签名",
    );
    Finding::new(JOURNAL_UNTOLD, None, message).with_help(help)
}
