//! Why a release is refused: one id a reason, with its documentation in both languages, and the findings themselves.

use crate::diagnostic::{Documentation, Example, Finding, Severity};
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
    "Mend the workspace until `countersign check` finds no error, and export again.",
    "请修正工作区，直到 `countersign check` 不再报告错误，然后重新导出。",
);
const COUNT_AGAIN: StaticText = StaticText::new(
    "Run the same samples, cases and live release as when it was made. If something changed on purpose, make the release again.",
    "请使用生成时相同的样本、用例和现行发布重新运行；如有意变更，请重新生成发布。",
);
const APPROVE: StaticText =
    StaticText::new("Have the release approved, and approve it with the program.", "请完成审批，并通过本程序签署。");

macro_rules! refusals {
    ($($name:ident $id:literal $title:literal $title_zh:literal $what:literal $what_zh:literal $why:ident $remedy:ident)*) => {
        $(pub(super) const $name: &str = $id;)*

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
        "something that stands twice" "重复的内容"
        "Refuses files in which a field or an id stands twice."
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
        "a malformed or missing approval" "审批记录缺失或格式错误"
        "Refuses releases with an approval that has not its form, or with fewer approvals than the policy asks for."
        "拒绝审批记录格式不正确，或审批数量少于规定的发布。" PROOF APPROVE
    SCRIPT "release-script"
        "rules that do not pass the check" "规则未通过检查"
        "Refuses releases whose rules do not pass the check of this program."
        "拒绝规则未通过本程序检查的发布。" ONE_READING MEND_AND_EXPORT
    EVIDENCE "release-evidence"
        "evidence that does not hold" "证据不成立"
        "Refuses releases whose evidence contradicts itself, belongs to other rules, or differs from what is computed again."
        "拒绝证据自相矛盾、属于另一套规则，或与重新计算结果不同的发布。" PROOF COUNT_AGAIN
}

/// A finding of a release: an error with help.
pub(super) fn refuse(id: &'static str, span: impl Into<Option<Span>>, message: LocalText, help: LocalText) -> Finding {
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
            assert!(refusal.id.starts_with("release-"), "{}", refusal.id);
            for text in [refusal.title, refusal.what, refusal.why, refusal.remedy] {
                assert!(text.get(Language::En).is_ascii() && !text.get(Language::Zh).is_ascii(), "{}", refusal.id);
            }
            assert!(ALL.iter().skip(at + 1).all(|other| other.id != refusal.id), "{}", refusal.id);
        }
    }
}
