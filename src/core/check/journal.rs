//! What reading and writing a workspace's journal finds: documentation only, the room `workspace` finds it.

use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

const AUDITED: StaticText = StaticText::new(
    "The journal is what an auditor relies on: a line that can be changed or taken out unseen proves nothing.",
    "审计日志是审计的依据：若记录能在不被察觉时被改动或删除，就不能证明任何事情。",
);
const RESTORE: StaticText = StaticText::new(
    "Restore `journal.jsonl` from git or a backup, and ask who changed it.",
    "请从 git 或备份恢复 `journal.jsonl`，并查明改动者。",
);

/// What is said of each, by id.
pub(super) static ALL: &[Documentation] = &[
    Documentation {
        id: "journal-altered",
        severity: Severity::Error,
        title: StaticText::new("a line of the journal that was changed", "审计日志行被改动"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` that are not as they were written.",
            "找出 `journal.jsonl` 中与写入时不一致的行。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Restore the file from git or a backup, and ask who changed it.",
            "请从 git 或备份恢复该文件，并查明改动者。",
        ),
    },
    Documentation {
        id: "journal-branches",
        severity: Severity::Note,
        title: StaticText::new("branches of the journal that are not joined", "审计日志分支尚未汇合"),
        what: StaticText::new(
            "Finds a journal with several ends, as git leaves it after a merge of two branches.",
            "发现审计日志有多个末端，git 合并两个分支后即为如此。",
        ),
        why: StaticText::new("Nothing is wrong: the next entry names both ends.", "这并非错误：下一条记录会同时接续各末端。"),
        example: Example::None,
        remedy: StaticText::new("Nothing need be done.", "无需处理。"),
    },
    Documentation {
        id: "journal-cut",
        severity: Severity::Error,
        title: StaticText::new("a journal that was cut", "审计日志被截断"),
        what: StaticText::new(
            "Finds entries that a release or a signature under it names as the last one of its time, and that are not in `journal.jsonl`.",
            "找出发布或其签名所记的、当时的最后一条记录，而 `journal.jsonl` 中已没有该记录。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: RESTORE,
    },
    Documentation {
        id: "journal-duplicate",
        severity: Severity::Error,
        title: StaticText::new("a line of the journal that is there twice", "审计日志行重复"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` that are there a second time, with the same hash.",
            "找出 `journal.jsonl` 中哈希相同、重复出现的行。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Restore the file from git or a backup, and ask who changed it.",
            "请从 git 或备份恢复该文件，并查明改动者。",
        ),
    },
    Documentation {
        id: "journal-gap",
        severity: Severity::Error,
        title: StaticText::new("a line of the journal that is missing", "审计日志行缺失"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` that follow a line which is not there.",
            "找出 `journal.jsonl` 中所接续记录缺失的行。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Restore the file from git or a backup. After a merge, keep the lines of both branches: `.gitattributes` with `journal.jsonl merge=union` does.",
            "请从 git 或备份恢复该文件。合并分支时须保留双方的行：可在 `.gitattributes` 中写 `journal.jsonl merge=union`。",
        ),
    },
    Documentation {
        id: "journal-missing",
        severity: Severity::Error,
        title: StaticText::new("releases without a journal", "有发布而无审计日志"),
        what: StaticText::new(
            "Finds a workspace that has releases in `released/` and no entry in `journal.jsonl`.",
            "找出 `released/` 中有发布、而 `journal.jsonl` 中没有任何记录的工作区。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: RESTORE,
    },
    Documentation {
        id: "journal-no-entry",
        severity: Severity::Error,
        title: StaticText::new("a line that is no entry", "不是记录的行"),
        what: StaticText::new("Refuses to print the signed text of a line that is no entry.", "拒绝输出不是记录的行的签名文本。"),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new("`countersign journal show` lists the entries.", "`countersign journal show` 列出各条记录。"),
    },
    Documentation {
        id: "journal-second-start",
        severity: Severity::Warning,
        title: StaticText::new("a second beginning of the journal", "审计日志的第二个起点"),
        what: StaticText::new(
            "Finds lines of `journal.jsonl` after the first that follow no other line.",
            "找出 `journal.jsonl` 中首行之外不接续任何记录的行。",
        ),
        why: StaticText::new(
            "Two branches may each have begun a journal, which is right. Otherwise the lines before it were taken out.",
            "两个分支各自新建审计日志时属正常；否则说明其前的记录已被删除。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Look into git whether two branches each began a journal; if not, restore the file.",
            "请在 git 中确认是否由两个分支各自新建；若不是，请恢复该文件。",
        ),
    },
    Documentation {
        id: "journal-signature",
        severity: Severity::Error,
        title: StaticText::new("an entry whose signature is not good", "签名无效的记录"),
        what: StaticText::new(
            "Finds entries whose signature is not one over the entry by a key that is listed for the person it names, valid then, in the namespace `countersign-journal`.",
            "找出签名无效的记录：不是对该记录的签名，或密钥未登记在所记人员名下、当时不在有效期内，或用途不是 `countersign-journal`。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Restore the journal from git or a backup. A key that is no longer in use stays in `allowed_signers` with `valid-before`, so that what it signed stays good.",
            "请从 git 或备份恢复审计日志。停用的密钥应保留在 `allowed_signers` 中并设 `valid-before`，以便其已有签名仍可验证。",
        ),
    },
    Documentation {
        id: "journal-torn-line",
        severity: Severity::Warning,
        title: StaticText::new("a line of the journal that was cut", "审计日志行写入中断"),
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
        id: "journal-unfounded",
        severity: Severity::Error,
        title: StaticText::new("an entry about a signature that is not there", "所记签名不存在"),
        what: StaticText::new(
            "Finds entries that tell of a submission or an approval that their release does not carry.",
            "找出所记的提交或审批在相应发布中并不存在的记录。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Restore the journal and the release from git or a backup, and ask who changed them.",
            "请从 git 或备份恢复审计日志和发布，并查明改动者。",
        ),
    },
    Documentation {
        id: "journal-unmerged",
        severity: Severity::Error,
        title: StaticText::new("git's marks in the journal", "审计日志中的 git 冲突标记"),
        what: StaticText::new(
            "Finds the marks that git leaves in `journal.jsonl` where two branches added lines.",
            "找出两个分支都添加记录时 git 在 `journal.jsonl` 中留下的冲突标记。",
        ),
        why: StaticText::new("Until they are taken out, nobody can tell which lines count.", "删除标记之前，无法确定哪些行有效。"),
        example: Example::None,
        remedy: StaticText::new(
            "Take out git's marks and keep every other line; with `journal.jsonl merge=union` in `.gitattributes` git does so itself.",
            "请删除 git 的冲突标记并保留其余各行；在 `.gitattributes` 中写入 `journal.jsonl merge=union` 后 git 会自动完成。",
        ),
    },
    Documentation {
        id: "journal-unsigned",
        severity: Severity::Error,
        title: StaticText::new("an entry that nobody signed", "未签名的记录"),
        what: StaticText::new(
            "Counts entries that are not signed; with `signed_journal: true` in `approvals.ron`, each one after the first signed entry is an error.",
            "统计未签名的记录；`approvals.ron` 中设 `signed_journal: true` 时，首条签名记录之后的每条未签名记录均为错误。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Act with `--key` or `--agent`. An entry that was written past the program is taken back by restoring the journal.",
            "请以 `--key` 或 `--agent` 签名操作；绕过本程序写入的记录须通过恢复审计日志撤销。",
        ),
    },
    Documentation {
        id: "journal-untold",
        severity: Severity::Error,
        title: StaticText::new("a signature that no entry tells of", "没有相应记录的签名"),
        what: StaticText::new(
            "Finds releases of whose making, and signatures under releases of which, no entry tells.",
            "找出审计日志未记其生成的发布，以及审计日志未记的发布签名。",
        ),
        why: AUDITED,
        example: Example::None,
        remedy: StaticText::new(
            "Compare the journal with git or a backup: it was cut, or a crash came between. The next step on that release notes its signatures.",
            "请将审计日志与 git 或备份核对：可能被截断，或曾在写入时中断。对该发布的下一步操作会补记其签名。",
        ),
    },
    Documentation {
        id: "live-release-missing",
        severity: Severity::Error,
        title: StaticText::new("a live release without its file", "生效版本的文件缺失"),
        what: StaticText::new(
            "Finds that the journal names a release as live whose file is not in `released/`.",
            "发现审计日志所记生效版本的文件不在 `released/` 中。",
        ),
        why: StaticText::new(
            "Changes and approvals are judged against the live release: without its file nobody knows what changed.",
            "变更与审批均以生效版本为基准：缺少该文件就无法判断改动。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Restore its file in `released/` from git or from the gateway.",
            "请从 git 或网关恢复其在 `released/` 中的文件。",
        ),
    },
    Documentation {
        id: "no-approval-policy",
        severity: Severity::Error,
        title: StaticText::new("nothing says who must approve", "未规定审批人"),
        what: StaticText::new(
            "Refuses to publish where neither a policy nor an option asks for approvals.",
            "在审批策略和命令选项均未要求审批时，拒绝上线。",
        ),
        why: StaticText::new(
            "A release that nobody must approve would go live on one person's word.",
            "无须审批即可上线，等于由一人决定。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Write `approvals.ron` in the workspace, or name a policy.",
            "请在工作区中编写 `approvals.ron`，或指定审批策略。",
        ),
    },
    Documentation {
        id: "publication-unfinished",
        severity: Severity::Error,
        title: StaticText::new("a publication that was not finished", "未完成的上线"),
        what: StaticText::new(
            "Finds publications that the journal says were begun and not ended: a crash or a full disk came between. It says whether the gateway's file holds the release.",
            "找出审计日志中已开始但未结束的上线操作：其间发生崩溃或磁盘已满。同时说明网关文件是否已是该发布。",
        ),
        why: StaticText::new(
            "Until it is ended, the journal and the gateway may tell of two different releases.",
            "在结束之前，审计日志与网关所记的发布可能不一致。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "The next step in the workspace ends it by what the file holds. Where the file is on another machine, publish to it again there.",
            "工作区中的下一次操作会依据该文件的内容将其结束。若文件在其他机器上，请在那里重新上线。",
        ),
    },
    Documentation {
        id: "release-changed-on-disk",
        severity: Severity::Error,
        title: StaticText::new("a release that changed as it was written", "写出后被改动的发布"),
        what: StaticText::new(
            "Finds that a release which was just written and read back is another one.",
            "发现刚写出并读回的发布与所生成的不一致。",
        ),
        why: StaticText::new(
            "Another program wrote the same file, or the disk is failing: what lies there was not made here.",
            "其他程序写入了同一文件，或磁盘故障：该文件并非此处所生成。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "See that nothing else writes there, and export again.",
            "请确认没有其他程序写入该文件，然后重新导出。",
        ),
    },
    Documentation {
        id: "release-outside-workspace",
        severity: Severity::Error,
        title: StaticText::new("a release that lies in no workspace", "不在工作区中的发布"),
        what: StaticText::new(
            "Refuses steps that the journal must note for a release whose file lies in no workspace's `released/`.",
            "对不在任何工作区 `released/` 中的发布，拒绝须记入审计日志的操作。",
        ),
        why: StaticText::new("There is no journal in which the step could be noted.", "没有可以记录该操作的审计日志。"),
        example: Example::None,
        remedy: StaticText::new(
            "Copy the release into the `released/` of its workspace first.",
            "请先将发布文件复制到其工作区的 `released/` 中。",
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
            "草稿、已提交、已审批、生效中、已取代或已撤回：审计日志对每个发布只能有一种记载。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Look at `countersign journal show`. A release that was rejected or withdrawn is not taken up again: make a new one.",
            "请查看 `countersign journal show`。已驳回或已撤回的发布不再恢复：请重新生成。",
        ),
    },
    Documentation {
        id: "step-failed",
        severity: Severity::Error,
        title: StaticText::new("a step that failed", "执行失败的操作"),
        what: StaticText::new(
            "Says that a step on a release's way failed unexpectedly in the window.",
            "说明窗口中对发布的某一操作意外失败。",
        ),
        why: StaticText::new(
            "The step may have been taken in part; the journal and the signatures tell.",
            "该操作可能已部分完成，以审计日志和签名为准。",
        ),
        example: Example::None,
        remedy: StaticText::new("Look at the journal, and take the step again.", "请查看审计日志后重新执行该操作。"),
    },
];
