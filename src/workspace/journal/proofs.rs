//! What proves who made each entry: a signature of its own, a signature under the release, or only a name.

use std::collections::BTreeMap;

use crate::kinds::{JOURNAL_SIGNATURE, JOURNAL_UNSIGNED};

use super::{JOURNAL_NAMESPACE, Journal, JournalAction, JournalLine, JournalRecord};
use countersign_core::diagnostic::{Finding, Help, Operation, Severity};
use countersign_core::model::Moment;
use countersign_core::release::{Digest, Requirements, RevokedKey};
use countersign_core::text::{LocalText, StaticText, counted};

/// What proves who made an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryProof {
    /// The entry's own signature.
    Entry,
    /// The signature under the release that the entry names.
    Release,
    /// The signed entry that it completes.
    Begun,
    /// Nothing: the name is only a text.
    None,
}

impl EntryProof {
    /// The word for people.
    pub fn text(self) -> StaticText {
        match self {
            Self::Entry => StaticText::new("signed", "已签名"),
            Self::Release => StaticText::new("signed in the release", "发布中已签名"),
            Self::Begun => StaticText::new("signed when begun", "开始时已签名"),
            Self::None => StaticText::new("not signed", "未签名"),
        }
    }
}

/// The proof of each entry of a journal, looked for in the journal's order.
#[derive(Debug, Default)]
pub struct EntryProofs<'a> {
    /// Signed publications that no entry has ended yet.
    begun: Vec<&'a JournalRecord>,
}

impl<'a> EntryProofs<'a> {
    /// The proof of the next entry; whether it is a good one is asked by [`signatures`] and [`unlike_releases`](super::unlike_releases).
    pub fn next(&mut self, line: &'a JournalLine) -> EntryProof {
        let record = &line.record;
        let of_release = matches!(
            record.what,
            JournalAction::Submitted | JournalAction::Approved | JournalAction::Rejected | JournalAction::Withdrawn
        );
        if !record.signature.is_empty() {
            if record.what == JournalAction::Publishing {
                self.begun.push(record);
            }
            return EntryProof::Entry;
        }
        if of_release && record.statement.is_some() {
            return EntryProof::Release;
        }
        let ends = matches!(record.what, JournalAction::Published | JournalAction::NotPublished);
        let is_begun = |begun: &&JournalRecord| begun.to == record.to && begun.target == record.target && begun.who == record.who;
        match self.begun.iter().position(is_begun).filter(|_| ends) {
            Some(at) => {
                self.begun.remove(at);
                EntryProof::Begun
            }
            None => EntryProof::None,
        }
    }
}

/// What speaks against the entries' signatures: those that are not good, and entries without one. Entries from before the first signed one
/// may be without, and so may all where the policy does not ask for signed entries. A signature by a revoked key is good where the entry
/// and all entries before it in the chain are dated before the revocation: whoever has the key can date an entry back, but not the others.
pub fn signatures(journal: &Journal, requirements: &Requirements) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut proofs, mut plain, mut unread, mut signed) = (EntryProofs::default(), 0, 0, false);
    let mut latest = BTreeMap::new();
    for line in &journal.lines {
        let latest = latest_time(&mut latest, line);
        match (proofs.next(line), &requirements.trust) {
            (EntryProof::None, _) if signed && requirements.policy.signed_journal => findings.push(unsigned(journal, line)),
            (EntryProof::None, _) => plain += 1,
            (EntryProof::Entry, Some(trust)) => {
                let JournalRecord { who, at, signature, .. } = &line.record;
                let of = (JOURNAL_NAMESPACE, ("this entry", "该记录"));
                let revocations = requirements.revocations.as_ref();
                match trust.verify(of, who, &line.record.signed_text(), signature, &[at.at]) {
                    Ok(key) => {
                        let revoked = revocations.and_then(|list| list.key(&key)).filter(|revoked| latest.at >= revoked.time.at);
                        findings.extend(revoked.map(|revoked| Finding { span: journal.place(line), ..revoked_key(who, revoked) }));
                    }
                    Err(finding) => {
                        let finding = Finding { kind: JOURNAL_SIGNATURE, span: journal.place(line), ..*finding };
                        findings.push(finding.with_help(LocalText::new(
                            "restore the journal from git or a backup; a key that is no longer used stays in `allowed_signers` with \
                             `valid-before`",
                            "请从 git 或备份中恢复审计日志；停用的密钥应保留在 `allowed_signers` 中并设 `valid-before`",
                        )));
                    }
                }
            }
            (EntryProof::Entry, None) => unread += 1,
            (EntryProof::Release | EntryProof::Begun, _) => {}
        }
        signed |= line.record.signature.len() + usize::from(line.record.statement.is_some()) > 0;
    }
    if plain > 0 {
        let message = LocalText::new(
            format!("{} not signed: who made them is only a text", counted(plain, "entry is", "entries are")),
            format!("{plain} 条记录未签名：其中的人员只是文字"),
        );
        findings.push(Finding::new(JOURNAL_UNSIGNED, None, message).with_severity(Severity::Note));
    }
    if unread > 0 {
        let message = LocalText::new(
            format!("the signatures of {} are not verified: nobody said whose count", counted(unread, "entry", "entries")),
            format!("未验证 {unread} 条记录的签名：未指定信任哪些签名"),
        );
        let severity = if requirements.policy.signed_journal { Severity::Error } else { Severity::Note };
        let help = Help::with_operation(
            LocalText::new("list the keys of those who may sign", "请登记可签名人员的密钥"),
            Operation::NameSigners,
        );
        findings.push(Finding::new(JOURNAL_SIGNATURE, None, message).with_severity(severity).with_help(help));
    }
    findings
}

/// The latest time of an entry and all entries before it in the chain.
fn latest_time(known: &mut BTreeMap<Digest, Moment>, line: &JournalLine) -> Moment {
    let before = line.record.previous.iter().filter_map(|hash| known.get(hash).copied());
    let latest = before.fold(line.record.at, |latest, time| if time.at > latest.at { time } else { latest });
    known.insert(line.hash, latest);
    latest
}

/// That an entry is signed, or was to be signed, with a key that was revoked before it.
pub(crate) fn revoked_key(who: &str, RevokedKey { key, time, reason }: &RevokedKey) -> Finding {
    let message = LocalText::new(
        format!("the key {key} of `{who}` was revoked at {time}: {reason}"),
        format!("`{who}` 的密钥 {key} 已于 {time} 撤销：{reason}"),
    );
    let help = LocalText::new(
        "an entry dated before the revocation counts only where all entries before it are; restore the journal from git or a backup, \
         and have the step taken again with another key",
        "记录及其之前的全部记录均早于撤销时间时才有效；请从 git 或备份中恢复审计日志，并使用其他密钥重新执行该步骤",
    );
    Finding::new(JOURNAL_SIGNATURE, None, message).with_help(help)
}

fn unsigned(journal: &Journal, line: &JournalLine) -> Finding {
    let JournalRecord { who, what, .. } = &line.record;
    let what = what.text();
    let message = LocalText::new(
        format!("the entry that {who} made (“{}”) is not signed, and the policy asks for signed entries", what.en),
        format!("{who} 的“{}”记录未签名，而审批策略要求审计日志记录须签名", what.zh),
    );
    let help = LocalText::new(
        "it was written past the program, or by an older one: find out by whom, and restore the journal from git or a backup",
        "该记录可能绕过本程序写入，或由旧版本写入：请查明来源，并从 git 或备份中恢复审计日志",
    );
    Finding::new(JOURNAL_UNSIGNED, journal.place(line), message).with_help(help)
}
