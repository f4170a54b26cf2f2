//! Why a release, its signers or its policy are refused: one id a reason, with its documentation in both languages, and the findings themselves.

use crate::diagnostic::{Documentation, Example, Finding, Help, Severity};
use crate::text::{LocalText, Span, StaticText};

const ONE_READING: StaticText = StaticText::new(
    "A gateway must run what was approved, to the byte. A reader that skips, guesses or repairs runs something nobody has approved.",
    "网关必须逐字节地运行已审批的内容。读取时若跳过、猜测或自行修复，运行的就是无人审批过的内容。",
);
const PROOF: StaticText = StaticText::new(
    "Approvers rely on what the file says of itself; what cannot be right, or does not come out again, proves nothing.",
    "审批人依据的是文件对自身的陈述；不可能成立或无法复现的陈述不能证明任何事情。",
);
const EXPORT_AGAIN: StaticText = StaticText::new(
    "Never edit a release. Change the workspace, export it again with `countersign release create`, and copy the file without any \
     conversion of line ends or encoding.",
    "不要编辑发布文件。请修改工作区，用 `countersign release create` 重新导出，并在复制时不转换换行符或编码。",
);
const COPY_AGAIN: StaticText = StaticText::new(
    "Copy the file again, or export it again, and compare its size with the original.",
    "请重新复制或重新导出该文件，并与原文件核对大小。",
);
const NEWER_PROGRAM: StaticText = StaticText::new(
    "Load it with the version of the program that made it, or a later one.",
    "请使用生成它的程序版本或更新的版本加载。",
);
const MEND_AND_EXPORT: StaticText = StaticText::new(
    "Fix the workspace until `countersign check` finds no error, and export again.",
    "请修正工作区，直到 `countersign check` 不再报告错误，然后重新导出。",
);
const COUNT_AGAIN: StaticText = StaticText::new(
    "Run the same samples, cases and live release as when it was made. If something changed on purpose, make the release again.",
    "请使用生成时相同的样本、用例和生效版本重新运行；如有意变更，请重新生成发布。",
);
const TWO_PEOPLE: StaticText = StaticText::new(
    "One person alone must not be able to change what a bank accepts: whoever makes a release never approves it, and every name under it is \
     proved by a key.",
    "任何人都不能独自改变银行受理的内容：经办人不得审批自己的发布，且每个署名都须由密钥证明。",
);
const READ_WHOLE: StaticText = StaticText::new(
    "A reader that skips a line it does not understand believes others, or asks for less, than the file says.",
    "若跳过无法理解的行，所信任的人或所要求的审批就会与文件所述不同。",
);
const LIST_KEY: StaticText = StaticText::new(
    "Have it approved by somebody whose own key is listed, valid, and allowed for `countersign-release` in the `allowed_signers` file.",
    "请由本人密钥已登记、在有效期内、且在 `allowed_signers` 中允许用于 `countersign-release` 的人员审批。",
);
const MEND_FILE: StaticText = StaticText::new(
    "Correct the line. ssh-keygen(1) describes the file under ALLOWED SIGNERS.",
    "请修正该行；文件格式见 ssh-keygen(1) 的 ALLOWED SIGNERS 一节。",
);
const MEND_POLICY: StaticText = StaticText::new(
    "Correct the file; `docs/approvals.md` describes every key.",
    "请修正该文件；各项写法见 `docs/approvals.zh.md`。",
);
const ACKNOWLEDGE: StaticText = StaticText::new(
    "Look at the flips with `countersign compare`, and make the release with `--acknowledge` and the reason.",
    "请用 `countersign compare` 核对决策改变，并以 `--acknowledge` 注明原因后重新生成发布。",
);
const ACKNOWLEDGE_ROWS: StaticText = StaticText::new(
    "Look at the reasons with `countersign release show`. Correct the file or its mapping; or make the release with `--max-rejects`, \
     `--acknowledge` and why the rows may be left out.",
    "请用 `countersign release show` 查看原因。请改正文件或映射；或以 `--max-rejects` 和 `--acknowledge` 注明可剔除的理由后重新生成发布。",
);
const REMAKE: StaticText = StaticText::new(
    "Make the release again with `countersign release create`, which compares it with the live release.",
    "请用 `countersign release create` 重新生成，该命令会与生效版本进行对比。",
);
const SET_CLOCKS: StaticText = StaticText::new(
    "Set the clocks of the maker's, the approver's and the verifier's machines, and make or approve the release again.",
    "请校准经办人、审批人与校验方机器的时钟，然后重新生成或审批该发布。",
);
const ROLL_BACK: StaticText = StaticText::new(
    "To return to an old rule set, make a new release of it with `countersign release rollback`, and have that approved.",
    "如需回退到旧规则集，请用 `countersign release rollback` 重新生成发布并完成审批。",
);
const NEVER_BACK: StaticText = StaticText::new(
    "A gateway that forgets what it took can be given an old release again, however well that was approved in its time.",
    "网关若遗忘已加载的发布，就可能被重新加载一个当时审批齐全的旧发布。",
);
const RESTORE: StaticText = StaticText::new(
    "Put the gateway's folder back from its backup. Where there is none, move the state away and start with the live release and the file of \
     its base: the release is then judged as at a first start.",
    "请从备份恢复网关的目录。若无备份，请移走状态文件，并以生效版本及其基准版本的文件启动：此时按首次启动重新判定该发布。",
);
const FREE_SPACE: StaticText = StaticText::new(
    "Give the gateway's folder space and the right to write, and offer the release again.",
    "请为网关的目录提供空间和写入权限，然后重新提供该发布。",
);
const SUPERSEDE: StaticText = StaticText::new(
    "Publish a newer release; to return to old rules, make it with `countersign release rollback`.",
    "请发布更新的版本；如需回退到旧规则，请用 `countersign release rollback` 生成。",
);
const REVOKE_AGAIN: StaticText = StaticText::new(
    "Write the list with `countersign release revoke`, which adds to it and signs it, and copy it without any conversion.",
    "请用 `countersign release revoke` 追加并签署撤销清单，并在复制时不做任何转换。",
);
const MAKE_ANOTHER: StaticText = StaticText::new(
    "A rejected or withdrawn release stays so. Make a new one with `countersign release create`.",
    "已驳回或撤回的发布不能恢复，请用 `countersign release create` 生成新的发布。",
);
const APPROVE: StaticText =
    StaticText::new("Have the release approved, and approve it with the program.", "请完成审批，并通过本程序签署。");

macro_rules! refusals {
    ($($name:ident $id:literal $title:literal $title_zh:literal $what:literal $what_zh:literal $why:ident $remedy:ident)*) => {
        $(
            #[cfg_attr(not(feature = "signatures"), allow(dead_code, reason = "explained in every build, met only where keys are read"))]
            pub(crate) const $name: &str = $id;
        )*

        /// Every reason to refuse a release, in the order they are looked for.
        pub static ALL: &[Documentation] = &[$(Documentation {
            id: $id,
            severity: Severity::Error,
            title: StaticText::new($title, $title_zh),
            what: StaticText::new($what, $what_zh),
            why: $why,
            example: Example::None,
            remedy: $remedy,
        }),*];
    };
}

refusals! {
    SIZE "release-size"
        "a release that is too large" "发布文件过大"
        "Refuses files larger than a release may be, 1 GiB."
        "拒绝超过发布文件大小上限（1 GiB）的文件。" ONE_READING EXPORT_AGAIN
    ENCODING "release-encoding"
        "a release that is no text" "发布文件不是文本"
        "Refuses files that are not text in UTF-8."
        "拒绝不是 UTF-8 文本的文件。" ONE_READING EXPORT_AGAIN
    FORMAT "release-format"
        "an unknown format" "未知的格式"
        "Refuses files that do not begin as a release does, or that have a format this program does not read."
        "拒绝开头不符合发布文件格式，或格式版本本程序无法读取的文件。" ONE_READING NEWER_PROGRAM
    TRUNCATED "release-truncated"
        "a release that was cut" "发布文件被截断"
        "Refuses files that end too early: cut while they were copied or written."
        "拒绝提前结束的文件：在复制或写入时被截断。" ONE_READING COPY_AGAIN
    TRAILING "release-trailing"
        "something after the release" "发布内容之后有多余内容"
        "Refuses files in which something follows the end of the release."
        "拒绝在发布内容结束之后还有其他内容的文件。" ONE_READING EXPORT_AGAIN
    UNKNOWN_FIELD "release-unknown-field"
        "an unknown field" "未知的字段"
        "Refuses files with a field that their format does not have."
        "拒绝含有其格式所没有的字段的文件。" ONE_READING EXPORT_AGAIN
    MISSING_FIELD "release-missing-field"
        "a missing field" "缺少字段"
        "Refuses files that lack a field of their format."
        "拒绝缺少格式规定字段的文件。" ONE_READING EXPORT_AGAIN
    DUPLICATE "release-duplicate"
        "something that appears twice" "重复的内容"
        "Refuses files in which a field or an id appears twice."
        "拒绝同一字段或标识出现两次的文件。" ONE_READING EXPORT_AGAIN
    SYNTAX "release-syntax"
        "a release that cannot be read" "无法读取的发布文件"
        "Refuses files that are not written as their format is."
        "拒绝写法不符合其格式的文件。" ONE_READING EXPORT_AGAIN
    ALTERED "release-altered"
        "a release with another form" "写法不同的发布文件"
        "Refuses files that could be understood but are not written as this program writes them, to the byte: blanks, order, `070` for `70`."
        "拒绝虽可理解、但与本程序的写法不逐字节一致的文件：空白、顺序、以 `070` 代替 `70` 等。" ONE_READING EXPORT_AGAIN
    DIGEST "release-digest"
        "a wrong digest" "摘要不符"
        "Refuses files whose content or approvals have another digest than the file says: something was changed after the export."
        "拒绝内容或审批记录的摘要与文件所述不符的文件：导出之后被改动。" ONE_READING EXPORT_AGAIN
    ENGINE "release-engine"
        "a newer script engine" "更新的脚本引擎"
        "Refuses releases made for a newer script engine than this program has, and warns of one made with another version of rhai."
        "拒绝为比本程序更新的脚本引擎生成的发布；若仅 rhai 版本不同，则给出警告。" ONE_READING NEWER_PROGRAM
    VALUE "release-value"
        "a value that does not fit" "不合要求的值"
        "Refuses releases with a value that does not fit: an id, a time, a number out of its range, a name that is not defined."
        "拒绝含有不合要求的值的发布：标识、时间、超出范围的数值，或未定义的名称。" ONE_READING EXPORT_AGAIN
    LIST "release-list"
        "a list out of order" "名单不合要求"
        "Refuses releases with a list whose entries are not sorted, not unique, not of the list's type, or not as many as stated."
        "拒绝名单条目未排序、有重复、类型不符，或数量与声明不一致的发布。" ONE_READING EXPORT_AGAIN
    APPROVAL "release-approval"
        "a malformed approval" "格式错误的审批记录"
        "Refuses releases with an approval that has not its form: no principal, role or signature, out of order, or given before the release was made."
        "拒绝审批记录格式不正确的发布：缺少审批人、角色或签名，次序错误，或审批早于生成时间。" PROOF APPROVE
    TOO_FEW "release-too-few-approvals"
        "fewer approvals than needed" "审批数量不足"
        "Refuses releases with fewer approvals than the policy asks for."
        "拒绝审批数量少于审批策略要求的发布。" TWO_PEOPLE APPROVE
    SUBMISSION "release-submission"
        "a release its maker has not submitted" "经办人未提交的发布"
        "Refuses releases without the maker's own signature, or with a submission signed by somebody else: who made it would be hearsay."
        "拒绝没有经办人本人签名，或由他人代为提交的发布：否则经办人身份无从证明。" TWO_PEOPLE APPROVE
    OWN_APPROVAL "release-own-approval"
        "a maker's own approval" "经办人审批自己的发布"
        "Refuses releases that their maker approved, under their own name or with their own key under another."
        "拒绝由经办人以本人姓名、或以本人密钥冒用他人姓名审批的发布。" TWO_PEOPLE APPROVE
    SIGNATURE "release-signature"
        "a signature that does not hold" "签名不成立"
        "Refuses releases with a signature that is not over this release: made for another one, changed, or by a hardware key nobody touched."
        "拒绝含有不是针对本发布的签名的发布：为另一发布所签、被改动，或硬件密钥未经触碰确认。" TWO_PEOPLE APPROVE
    NAMESPACE "release-namespace"
        "a signature for another purpose" "用途不符的签名"
        "Refuses signatures made for another namespace than `countersign-release`, and keys that are listed for others only."
        "拒绝命名空间不是 `countersign-release` 的签名，以及仅登记用于其他用途的密钥。" TWO_PEOPLE LIST_KEY
    UNTRUSTED "release-untrusted"
        "a signer who is not trusted" "不受信任的签名人"
        "Refuses signatures by a key that the `allowed_signers` file does not list for that principal."
        "拒绝使用未在 `allowed_signers` 中登记于该签署人名下的密钥的签名。" TWO_PEOPLE LIST_KEY
    EXPIRED "release-expired-key"
        "a key outside its validity" "密钥不在有效期内"
        "Refuses signatures made at a time when the `allowed_signers` file says that the key was not valid."
        "拒绝在 `allowed_signers` 所列有效期之外作出的签名。" TWO_PEOPLE LIST_KEY
    ROLE "release-role"
        "a role that is lacking or not held" "缺少角色或无权担任"
        "Refuses releases approved in a role that the policy does not give that principal, and changes that lack the role they need."
        "拒绝以审批策略未授予的角色作出的审批，以及缺少所需角色审批的变更。" TWO_PEOPLE APPROVE
    UNVERIFIABLE "release-unverifiable"
        "approvals nobody can verify" "无法验证的审批"
        "Refuses a release that must be approved where signatures cannot be verified: no `allowed_signers` file, or a program without `signatures`."
        "在无法验证签名时拒绝须经审批的发布：未提供 `allowed_signers` 文件，或程序未启用 `signatures`。" TWO_PEOPLE LIST_KEY
    FLIPS "release-flips"
        "flips nobody acknowledged" "无人确认的决策改变"
        "Refuses releases that decide sample requests differently from the live one where nobody put their name to it."
        "拒绝与生效版本决策不同、却无人具名确认的发布。" PROOF ACKNOWLEDGE
    SET_ASIDE "release-set-aside"
        "rows left out of the evidence that nobody acknowledged" "无人确认的剔除记录"
        "Refuses releases whose evidence left out rows of a request file that could not be read, where nobody put their name to it."
        "拒绝其试运行依据剔除了无法读取的记录、却无人具名确认的发布。" PROOF ACKNOWLEDGE_ROWS
    BASE "release-base"
        "a release judged against another than the live one" "基准不是生效版本的发布"
        "Refuses releases whose changes and flips were counted against another release than the one they would replace, or against none while one is live."
        "拒绝变更与决策改变不是以将被取代的版本为基准统计的发布，或已有生效版本却没有基准的发布。" PROOF REMAKE
    CLOCK "release-clock"
        "a time later than the present" "晚于当前的时间"
        "Refuses releases made or approved more than five minutes after the verifier's present: one dated ahead would lock out every release until then."
        "拒绝生成或审批时间比校验方当前时间晚五分钟以上的发布：日期靠后的发布会使此前的发布均被拒绝。" PROOF SET_CLOCKS
    ENDED "release-ended"
        "a release that was rejected or withdrawn" "已驳回或已撤回的发布"
        "Refuses releases that somebody rejected or withdrew with a signature, whoever approved them."
        "拒绝已有人签名驳回或撤回的发布，无论谁审批过。" TWO_PEOPLE MAKE_ANOTHER
    OLDER "release-older"
        "a release older than the live one" "早于生效版本的发布"
        "Refuses releases with a lower number than the live one, or made before it: an old file, however well approved, must not come back by copying it."
        "拒绝序号低于生效版本或早于其生成的发布：旧文件即使审批齐全，也不能靠复制重新生效。" TWO_PEOPLE ROLL_BACK
    REVOKED "release-revoked"
        "a release that was revoked" "已撤销的发布"
        "Refuses releases that the signed list of revocations names, or whose number is below the least that it allows."
        "拒绝已签署的撤销清单中列出的发布，以及序号低于清单所允许最小序号的发布。" TWO_PEOPLE SUPERSEDE
    REVOKED_KEY "release-revoked-key"
        "a signature by a revoked key" "已撤销密钥的签名"
        "Refuses signatures by a key that the signed list of revocations names."
        "拒绝使用已签署的撤销清单中所列密钥作出的签名。" TWO_PEOPLE LIST_KEY
    REVOCATIONS "revocation-list"
        "a list of revocations that does not hold" "不成立的撤销清单"
        "Refuses lists of revocations that have not their form, are not signed as the policy asks, or are older than the one known."
        "拒绝格式不正确、未按审批策略签署，或早于已知清单的撤销清单。" READ_WHOLE REVOKE_AGAIN
    STATE "gateway-state"
        "a gateway's state that does not hold" "不成立的网关状态"
        "Refuses to start a gateway whose state was edited, cut or exchanged, or whose kept release is missing."
        "在网关的状态文件被改动、截断或替换，或其保存的发布缺失时，拒绝启动。" NEVER_BACK RESTORE
    KEEP "gateway-keep"
        "a release that a gateway could not keep" "网关无法保存的发布"
        "Refuses a new release, or a list of revocations, that could not be written to the gateway's own folder: a restart would forget it."
        "拒绝无法写入网关自身目录的新发布或撤销清单：否则重启后会被遗忘。" NEVER_BACK FREE_SPACE
    SCRIPT "release-script"
        "rules that do not pass the check" "规则未通过检查"
        "Refuses releases whose rules do not pass the check of this program."
        "拒绝规则未通过本程序检查的发布。" ONE_READING MEND_AND_EXPORT
    EVIDENCE "release-evidence"
        "evidence that does not hold" "试运行依据不成立"
        "Refuses releases whose evidence contradicts itself, belongs to other rules, or differs from what is computed again."
        "拒绝试运行依据自相矛盾、属于另一套规则，或与重新计算结果不同的发布。" PROOF COUNT_AGAIN
    SIGNERS "allowed-signers"
        "a line of allowed signers that cannot be read" "无法读取的签署人登记行"
        "Finds lines of an `allowed_signers` file that have not its form: no key, an open quote, a principal with blanks."
        "找出 `allowed_signers` 文件中格式不正确的行：缺少密钥、引号未闭合、签署人名称含空格等。" READ_WHOLE MEND_FILE
    SIGNERS_OPTION "allowed-signers-option"
        "an unknown or wrong option" "未知或错误的选项"
        "Finds options of an `allowed_signers` line that are unknown, stand twice, or have a value that is none, such as a time without `Z`."
        "找出 `allowed_signers` 行中未知、重复或取值错误的选项，例如不带 `Z` 的时间。" READ_WHOLE MEND_FILE
    SIGNERS_KEY "allowed-signers-key"
        "a key that is none or too weak" "无效或过弱的公钥"
        "Finds public keys in an `allowed_signers` file that cannot be read, are of a type that is not accepted, or are too short."
        "找出 `allowed_signers` 文件中无法读取、类型不受支持或长度不足的公钥。" READ_WHOLE MEND_FILE
    SIGNERS_AUTHORITY "allowed-signers-authority"
        "a certificate authority" "证书颁发机构"
        "Finds `cert-authority` lines and certificates: who may sign is listed person by person here."
        "找出 `cert-authority` 行与证书：此处须逐人登记可签名者。" READ_WHOLE MEND_FILE
    POLICY "approval-policy"
        "a policy that cannot be read" "无法读取的审批策略"
        "Finds what is wrong in a policy file: unknown fields, roles that are not defined or that nobody may act in."
        "找出审批策略文件中的错误：未知字段、未定义的角色，或无人可以担任的角色。" READ_WHOLE MEND_POLICY
}

/// A finding of a release: an error with help.
pub(crate) fn refuse(id: &'static str, span: impl Into<Option<Span>>, message: LocalText, help: impl Into<Help>) -> Finding {
    Finding::error(id, span, message).with_help(help)
}

/// The help for whatever was done to a file after its export.
pub(super) fn export_again() -> LocalText {
    LocalText::new(
        "a release is never edited: change the workspace, export it again, and copy the file without any conversion",
        "发布文件不可编辑：请修改工作区后重新导出，并在复制文件时不做任何转换",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn every_refusal_has_its_own_id_and_both_languages() {
        for (at, refusal) in ALL.iter().enumerate() {
            assert!(
                ["release-", "allowed-signers", "approval-", "gateway-", "revocation-"]
                    .iter()
                    .any(|start| refusal.id.starts_with(start)),
                "{}",
                refusal.id
            );
            for text in [refusal.title, refusal.what, refusal.why, refusal.remedy] {
                assert!(text.get(Language::En).is_ascii() && !text.get(Language::Zh).is_ascii(), "{}", refusal.id);
            }
            assert!(ALL.iter().skip(at + 1).all(|other| other.id != refusal.id), "{}", refusal.id);
        }
    }
}
