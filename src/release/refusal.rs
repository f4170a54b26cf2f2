//! Why a release is refused: one id a reason, with its documentation in both languages, and the findings themselves.

use crate::diagnostic::Finding;
use crate::text::{LocalText, Span};

/// The documentation of one reason to refuse a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The id of its findings.
    pub id: &'static str,
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Chinese.
    pub zh: &'static str,
}

macro_rules! refusals {
    ($($name:ident $id:literal $en:literal $zh:literal)*) => {
        $(pub(super) const $name: &str = $id;)*

        /// Every reason to refuse a release, in the order they are looked for.
        pub const ALL: &[Refusal] = &[$(Refusal { id: $id, en: $en, zh: $zh }),*];
    };
}

refusals! {
    SIZE "release-size"
        "The file is larger than a release may be (1 GiB)."
        "文件超过发布文件的大小上限（1 GiB）。"
    ENCODING "release-encoding"
        "The file is not text in UTF-8."
        "文件不是 UTF-8 文本。"
    FORMAT "release-format"
        "The file is no release, or one of a format that this program does not read."
        "文件不是发布文件，或其格式版本本程序无法读取。"
    TRUNCATED "release-truncated"
        "The file ends too early: it was cut while it was copied or written."
        "文件提前结束：在复制或写入时被截断。"
    TRAILING "release-trailing"
        "Something follows the end of the release."
        "发布内容结束之后还有多余内容。"
    UNKNOWN_FIELD "release-unknown-field"
        "The file has a field that its format does not have. Nothing is skipped: what a reader does not know it cannot approve."
        "文件中有该格式不存在的字段。读取时不会跳过任何内容：无法识别的内容也无法审批。"
    MISSING_FIELD "release-missing-field"
        "The file lacks a field of its format."
        "文件缺少该格式规定的字段。"
    DUPLICATE "release-duplicate"
        "A field or an id stands twice."
        "同一字段或标识出现了两次。"
    SYNTAX "release-syntax"
        "The file cannot be read as its format."
        "文件内容不符合其格式。"
    ALTERED "release-altered"
        "The file means something, but it is not written as this program writes it: every byte of a release is fixed."
        "文件内容虽可理解，但与本程序的写法不一致：发布文件的每个字节都是固定的。"
    DIGEST "release-digest"
        "The digest in the file is not that of its content: something was changed after the export."
        "文件中的摘要与内容不符：导出之后内容被改动。"
    ENGINE "release-engine"
        "The release was made for a newer script engine than this program has."
        "该发布由比本程序更新的脚本引擎生成。"
    VALUE "release-value"
        "A value in the file does not fit: an id, a time, a number out of its range, a name that is not defined."
        "文件中的某个值不合要求：标识、时间、超出范围的数值，或未定义的名称。"
    LIST "release-list"
        "A list's entries are not sorted, not unique, not of the list's type, or not as many as stated."
        "名单条目未排序、有重复、类型不符，或数量与声明不一致。"
    APPROVAL "release-approval"
        "An approval has not its form, or there are fewer approvals than the policy asks for."
        "审批记录格式不正确，或审批数量少于规定。"
    SCRIPT "release-script"
        "A script or another part of the rules does not pass the check."
        "脚本或规则集的其他部分未通过检查。"
    EVIDENCE "release-evidence"
        "The evidence contradicts itself, belongs to other rules, or is not what comes out when it is computed again."
        "证据自相矛盾、属于另一套规则，或重新计算后结果不同。"
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

    #[test]
    fn every_refusal_has_its_own_id_and_both_languages() {
        for (at, refusal) in ALL.iter().enumerate() {
            assert!(refusal.id.starts_with("release-") && !refusal.en.is_empty() && !refusal.zh.is_ascii(), "{}", refusal.id);
            assert!(ALL.iter().skip(at + 1).all(|other| other.id != refusal.id), "{}", refusal.id);
        }
    }
}
