//! What is said of the findings that only the command line makes, in both languages.

use countersign_core::diagnostic::{Documentation, Example, Severity};
use countersign_core::text::StaticText;

const ASKED_WRONGLY: StaticText = StaticText::new(
    "A verb that guessed what was meant would answer another question than the one asked.",
    "若由程序猜测用意，回答的就不是所提的问题。",
);
const NOTHING_HALF_DONE: StaticText = StaticText::new(
    "A file is written whole or not at all: what stood there before stays until all of the new one is on the disk.",
    "文件要么完整写出，要么不写：新文件全部写入磁盘之前，原有文件保持不变。",
);
const PROVEN: StaticText = StaticText::new(
    "A release states what it was tried on, and a gateway relies on that. What does not hold is not exported.",
    "发布文件声明了试运行依据，网关以此为准。依据不成立的内容不予导出。",
);

macro_rules! findings {
    ($($id:literal $title:literal $title_zh:literal $what:literal $what_zh:literal $why:ident $remedy:literal $remedy_zh:literal)*) => {
        /// Every finding of the command line itself, by id.
        pub(super) static ALL: &[Documentation] = &[$(Documentation {
            id: $id,
            severity: Severity::Error,
            title: StaticText::new($title, $title_zh),
            what: StaticText::new($what, $what_zh),
            why: $why,
            example: Example::None,
            remedy: StaticText::new($remedy, $remedy_zh),
        }),*];
    };
}

findings! {
    "cancelled"
        "a run that was stopped" "运行被中止"
        "Says that the run was stopped before its end, by Ctrl+C or by the system. Nothing was written."
        "说明运行在完成前被 Ctrl+C 或系统中止，未写出任何文件。" NOTHING_HALF_DONE
        "Run it again. Pressing Ctrl+C a second time ends the program at once."
        "请重新运行。再次按下 Ctrl+C 会立即结束程序。"
    "failing-cases"
        "a release of rules that fail their cases" "用例未通过的规则集不能发布"
        "Refuses to export a workspace whose regression cases do not get the decisions they must get."
        "回归用例未得到应有决策时，拒绝导出该工作区。" PROVEN
        "Run `countersign test`, then fix the rules, or the cases where the decision changed on purpose."
        "请运行 `countersign test`，然后修正规则；若决策有意变更，请修改用例。"
    "not-provable"
        "rules too large to prove anything of" "规则过大，无法证明"
        "Says that `prove` could not translate the rules within its budget, or that the two rule sets have different schemas."
        "说明 `prove` 无法在预算内转换规则，或两个规则集的模式不同。" ASKED_WRONGLY
        "Compare rule sets of one schema; split very large rule sets."
        "请比较同一模式的规则集；规则集过大时请拆分。"
    "no-cases"
        "cases asked of a release" "发布文件不含用例"
        "Says that the target is a release: it carries the digest of its cases, and not the cases."
        "说明目标是发布文件：其中只有用例的摘要，没有用例本身。" ASKED_WRONGLY
        "Give the workspace's folder."
        "请给出工作区文件夹。"
    "empty-log"
        "a decision log without a line" "没有任何行的决策日志"
        "Says that the decision log to be replayed has no line but blank ones."
        "说明要重放的决策日志除空行外没有任何内容。" ASKED_WRONGLY
        "Give the log that the gateway writes, after it has decided something."
        "请给出网关写入且已有决策的日志。"
    "no-workspace"
        "evidence without its workspace" "校验依据时缺少工作区"
        "Says that the evidence of a release cannot be computed again, since the workspace whose cases it counts is not where it was looked for."
        "说明无法重新计算发布的依据：在所查找的位置没有其用例所在的工作区。" ASKED_WRONGLY
        "Name the workspace's folder with `--workspace FOLDER`."
        "请用 `--workspace 文件夹` 指定工作区。"
    "release-not-signed"
        "a signer who has not signed" "尚未签署的人员"
        "Says that the release, or list of revocations, carries no signature of the person named, so there is no statement to print."
        "说明发布或撤销清单中没有所指人员的签名，因而没有可输出的声明。" ASKED_WRONGLY
        "Name somebody who signed; the help line lists them."
        "请指定已签署的人员；提示中列出了这些人员。"
    "other-mapping"
        "evidence with another mapping" "校验依据时列映射不符"
        "Says that the requests would be read with another column mapping than when the release was made, or without it."
        "说明读取请求所用的列映射与生成发布时不同，或缺少列映射。" PROVEN
        "Give the mapping that the release was made with as `--mapping NAME|FILE`, or none where it was made without."
        "请用 `--mapping 名称|文件` 指定生成发布时所用的列映射；生成时未用列映射的，不要指定。"
    "no-sample"
        "requests that cannot be generated" "无法生成样本请求"
        "Says that the generator does not know the workspace's schema, or that the number of rows is out of range."
        "说明生成器不适用于该工作区的请求结构，或行数超出范围。" ASKED_WRONGLY
        "Give a workspace on the shipped schema with `--workspace`."
        "请用 `--workspace` 指定使用随附请求结构的工作区。"
    "release-exists"
        "a release that would be written over" "发布文件将被覆盖"
        "Refuses to write over a file under `released/`: what was exported once stays."
        "拒绝覆盖 `released/` 下的文件：已导出的内容必须保留。" NOTHING_HALF_DONE
        "Raise `version` in `ruleset.ron`, or give another file with `--out`."
        "请提高 `ruleset.ron` 中的 `version`，或用 `--out` 指定其他文件。"
    "unknown-name"
        "a check or function that does not exist" "不存在的检查项或函数"
        "Says that `explain` knows nothing of that name, and what may have been meant."
        "说明 `explain` 找不到该名称，并提示可能的名称。" ASKED_WRONGLY
        "List them with `countersign explain --finding all` or `--function all`."
        "请用 `countersign explain --finding all` 或 `--function all` 列出全部名称。"
    "unknown-request"
        "a request that the file does not have" "文件中没有该请求"
        "Says that no row of the request file has the key that was asked for."
        "说明请求文件中没有该键的记录。" ASKED_WRONGLY
        "Give the value of the schema's key field in full, as the file has it."
        "请完整给出键字段的值，与文件中的写法一致。"
    "unwritable-output"
        "standard output that cannot be written" "无法写出到标准输出"
        "Says what the system said when the result was printed, such as that the disk is full."
        "给出打印结果时系统返回的错误，例如磁盘已满。" NOTHING_HALF_DONE
        "Free some space, or send the output elsewhere."
        "请清理磁盘空间，或将输出改到其他位置。"
    "wrong-key"
        "a key that cannot sign" "无法签名的密钥"
        "Says why a key file or the ssh-agent cannot sign: no such key, a wrong passphrase, a key that is listed for nobody or for several."
        "说明密钥文件或 ssh-agent 无法签名的原因：没有密钥、口令错误、密钥未登记或登记在多人名下。" ASKED_WRONGLY
        "Make a key with `ssh-keygen -t ed25519`, and have its public half listed in `allowed_signers` under your name."
        "请用 `ssh-keygen -t ed25519` 生成密钥，并将其公钥登记到 `allowed_signers` 中本人名下。"
    "wrong-log-line"
        "a log line that makes no case" "无法转为用例的日志行"
        "Says that the line of the decision log is none, or that the case's id is taken or cannot be one."
        "说明该行不是决策日志的一行，或用例标识已被占用或不合法。" ASKED_WRONGLY
        "Give the number of a line, counted from 1, and an id that no case has."
        "请给出从 1 起的行号，以及未被占用的用例标识。"
    "wrong-time"
        "a time that cannot be read" "无法识别的时间"
        "Says that `--created-at` is no time with an offset."
        "说明 `--created-at` 不是带时区偏移的时间。" ASKED_WRONGLY
        "Write it like `2014-03-24T09:00:00+08:00`."
        "请写成 `2014-03-24T09:00:00+08:00` 的形式。"
}
