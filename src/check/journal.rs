//! What reading and writing a workspace's journal finds: documentation only, the room `workspace` finds it.

use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// What is said of each, by id.
pub(super) static ALL: &[Documentation] = &[
    Documentation {
        id: "journal-altered",
        severity: Severity::Error,
        title: StaticText::new("a line of the journal that was changed", "日志行被改动"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` that are not as they were written, or stand there twice.",
            "找出 `journal.jsonl` 中与写入时不一致或重复出现的行。",
        ),
        why: StaticText::new(
            "The journal is what an auditor relies on: a line that can be changed or taken out unseen proves nothing.",
            "日志是审计的依据：若记录能在不被察觉时被改动或删除，就不能证明任何事情。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Restore the file from git or a backup, and ask who changed it.",
            "请从 git 或备份恢复该文件，并查明改动者。",
        ),
    },
    Documentation {
        id: "journal-branches",
        severity: Severity::Note,
        title: StaticText::new("branches of the journal that are not joined", "日志分支尚未汇合"),
        what: StaticText::new(
            "Finds a journal with several ends, as git leaves it after a merge of two branches.",
            "发现日志有多个末端，git 合并两个分支后即为如此。",
        ),
        why: StaticText::new("Nothing is wrong: the next entry names both ends.", "这并非错误：下一条记录会同时接续各末端。"),
        example: Example::None,
        remedy: StaticText::new("Nothing need be done.", "无需处理。"),
    },
    Documentation {
        id: "journal-gap",
        severity: Severity::Error,
        title: StaticText::new("a line of the journal that is missing", "日志行缺失"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` that follow a line which is not there, and a second beginning.",
            "找出 `journal.jsonl` 中所接续记录缺失的行，以及第二个起点。",
        ),
        why: StaticText::new(
            "The journal is what an auditor relies on: a line that can be changed or taken out unseen proves nothing.",
            "日志是审计的依据：若记录能在不被察觉时被改动或删除，就不能证明任何事情。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Restore the file from git or a backup. After a merge, keep the lines of both branches: `.gitattributes` with `journal.jsonl merge=union` does.",
            "请从 git 或备份恢复该文件。合并分支时须保留双方的行：可在 `.gitattributes` 中写 `journal.jsonl merge=union`。",
        ),
    },
    Documentation {
        id: "journal-torn-line",
        severity: Severity::Warning,
        title: StaticText::new("a line of the journal that was cut", "日志行写入中断"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` that a crash or a full disk cut short. They count for nothing.",
            "找出 `journal.jsonl` 中因崩溃或磁盘已满而未写完的行。这些行不计为记录。",
        ),
        why: StaticText::new("What was being done may or may not have been done.", "当时的操作可能完成，也可能没有完成。"),
        example: Example::None,
        remedy: StaticText::new(
            "Look at the release it was about; the next verb notes again what its signatures show.",
            "请查看相关发布；下一次操作会依据其中的签名补记。",
        ),
    },
    Documentation {
        id: "release-state",
        severity: Severity::Error,
        title: StaticText::new("a step out of turn", "操作顺序不符"),
        what: StaticText::new(
            "Refuses what cannot follow where a release is on its way: approving what was not submitted, publishing what was withdrawn.",
            "拒绝与发布当前状态不符的操作：审批未提交的发布，上线已撤回的发布等。",
        ),
        why: StaticText::new(
            "Draft, submitted, approved, live, superseded or withdrawn: the journal must tell one story of each release.",
            "草稿、已提交、已审批、现行、已取代或已撤回：日志对每个发布只能有一种记载。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Look at `countersign journal show`. A release that was rejected or withdrawn is not taken up again: make a new one.",
            "请查看 `countersign journal show`。已驳回或已撤回的发布不再恢复：请重新生成。",
        ),
    },
];
