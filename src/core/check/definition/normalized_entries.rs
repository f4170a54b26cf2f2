//! `normalized-entries`: lines of a list that are not written in the normal form in which they are compared.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{list_entry, uncommented};
use crate::text::{LocalText, Span, StaticText, counted, grouped, visible};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "normalized-entries",
        severity: Severity::Note,
        title: StaticText::new("list entries brought to normal form", "名单条目已规范化"),
        what: StaticText::new(
            "Counts the lines of a list that hold more than the entry: invisible characters, white space other than blanks and tabs at its \
             ends, `=\"…\"` or a leading `'` of spreadsheets, or another Unicode form.",
            "统计名单中除条目本身外还含有其他内容的行：不可见字符、首尾的特殊空白、电子表格的 `=\"…\"` 或开头的 `'`，或不同的 Unicode 形式。",
        ),
        why: StaticText::new(
            "Entries and values of fields are compared in normal form, so the list holds other characters than the file.",
            "条目与字段取值均按规范形式比较，因此名单的内容与文件的字符不完全相同。",
        ),
        example: Example::Entry { part: Part::IntList, wrong: "=\"622202\"\n622203\n", right: "622202\n622203\n" },
        remedy: StaticText::new(
            "Nothing, unless a line was meant otherwise: then write the entry alone.",
            "通常无需处理；若某行本意不同，请只写条目本身。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let lists = cx.definition.rule_set.lists.values();
    // Several lists may be read from one file.
    let files: std::collections::BTreeSet<&str> = lists.map(|list| list.file.as_str()).collect();
    files.into_iter().filter_map(|file| of_file(cx, file)).collect()
}

fn of_file(cx: &Context<'_>, file: &str) -> Option<Finding> {
    let (source, text) = cx.definition.sources.find(file)?;
    let (mut count, mut first, mut start) = (0_u64, None, 0);
    for line in text.text().split_inclusive('\n') {
        let own = uncommented(line);
        let written = own.trim_matches([' ', '\t', '\r', '\n']);
        if list_entry(line).is_some_and(|entry| entry != written) {
            count += 1;
            let at = start + own.len() - own.trim_start_matches([' ', '\t', '\r', '\n']).len();
            first = first.or(Some((Span::new(source, at, at + written.len()), written)));
        }
        start += line.len();
    }
    let (span, written) = first?;
    let shown: String = visible(written).chars().take(60).collect();
    let message = LocalText::new(
        format!("{} of `{file}` brought to normal form, the first is `{shown}`", counted(count, "entry", "entries")),
        format!("`{file}` 中 {} 个条目已规范化，第一个是 `{shown}`", grouped(count)),
    );
    let help = LocalText::new("if a line was meant otherwise, write the entry alone", "若某行本意不同，请只写条目本身");
    Some(CHECK.finding(span, message).with_help(help))
}
