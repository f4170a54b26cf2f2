//! What is wrong, or worth knowing, about the columns of a file beside those that the schema and the mapping ask for.

use indexmap::IndexSet;

use super::collector::FileFault;
use super::plan::FileColumns;
use crate::kinds::{ABSENT_COLUMN, DUPLICATE_COLUMN, MISSING_COLUMN, UNKNOWN_COLUMN};
use crate::problem::{refuse, shorten};
use countersign_core::diagnostic::{Finding, MOST_OF_A_KIND, and_more, suggest};
use countersign_core::text::LocalText;

/// Among so many of a file's columns the name that comes nearest to a missing one is looked for.
const MOST_COMPARED: usize = 1_000;

/// Columns that a file has and one of its folders gives too.
pub(super) fn twice(file: &str, found: &FileColumns<'_>, wanted: &[String]) -> Vec<Finding> {
    let both = found.folders.iter().filter(|(name, _)| found.names.contains(name) && wanted.contains(name));
    both.map(|(name, _)| duplicate_column(file, name)).collect()
}

pub(super) fn duplicate_column(file: &str, column: &str) -> Finding {
    refuse(DUPLICATE_COLUMN, format!("`{file}` has two columns `{column}`"), format!("`{file}` 中列 `{column}` 出现两次"))
        .with_help(LocalText::new("remove or rename one of them", "请删除或重命名其中一列"))
}

/// What is wrong with a file, found in its rows.
pub(super) fn fault(file: &str, fault: &FileFault, wanted: &[String]) -> Finding {
    match fault {
        FileFault::UnknownKey(key) => unknown_column(file, key, wanted),
        FileFault::Twice(column) => duplicate_column(file, column),
        FileFault::Unnamed(position) => refuse(
            UNKNOWN_COLUMN,
            format!("column {position} of `{file}` has values and no name"),
            format!("`{file}` 的第 {position} 列有值但没有列名"),
        )
        .with_help(LocalText::new(
            "name it in the header, or list `\"\"` under `ignore` in the mapping",
            "请在表头中写明列名，或在映射的 `ignore` 中列出 `\"\"`",
        )),
    }
}

/// The unknown columns; of very many the last finding has the number of the others.
pub(super) fn unknown_columns(file: &str, columns: &IndexSet<&str>, wanted: &[String]) -> Vec<Finding> {
    let most = if columns.len() > MOST_OF_A_KIND { MOST_OF_A_KIND - 1 } else { MOST_OF_A_KIND };
    let told = columns.iter().take(most).map(|column| unknown_column(file, column, wanted));
    let more = (columns.len() > most).then(|| and_more(UNKNOWN_COLUMN, columns.len() - most));
    told.chain(more).collect()
}

fn unknown_column(file: &str, column: &str, wanted: &[String]) -> Finding {
    let shown = shorten(column);
    let finding = refuse(
        UNKNOWN_COLUMN,
        format!("`{file}` has a column `{shown}` that the schema does not know"),
        format!("`{file}` 的列 `{shown}` 不在请求结构中"),
    );
    let help = LocalText::new("name it in the mapping, or list it there under `ignore`", "请在映射中指定该列，或将其列入 `ignore`");
    suggest(finding, column, wanted.iter().map(String::as_str)).with_note(None, help)
}

pub(super) fn missing_column(file: &str, column: &str, field: &str, columns: &[String]) -> Finding {
    let finding = refuse(
        MISSING_COLUMN,
        format!("`{file}` has no column `{column}`, which field `{field}` needs"),
        format!("`{file}` 缺少字段 `{field}` 所需的列 `{column}`"),
    );
    suggest(finding, column, columns.iter().take(MOST_COMPARED).map(String::as_str))
}

pub(super) fn ignored_column(column: &str, field: &str) -> Finding {
    refuse(
        MISSING_COLUMN,
        format!("column `{column}` is listed under `ignore` in the mapping, and field `{field}` needs it"),
        format!("列 `{column}` 在映射的 `ignore` 中，而字段 `{field}` 需要该列"),
    )
    .with_help(LocalText::new(
        format!("remove it from `ignore`, or give the field another column: `\"{field}\": (column: \"…\")`"),
        format!("请将其从 `ignore` 中删除，或为该字段指定其他列：`\"{field}\": (column: \"…\")`"),
    ))
}

pub(super) fn absent_column(file: &str, column: &str, is_ignored: bool) -> Finding {
    let message = if is_ignored {
        LocalText::new(
            format!("column `{column}` is listed under `ignore` in the mapping: the field is missing in every request"),
            format!("列 `{column}` 在映射的 `ignore` 中：所有请求的该字段均为缺失"),
        )
    } else {
        LocalText::new(
            format!("`{file}` has no column `{column}`: the field is missing in every request"),
            format!("`{file}` 没有列 `{column}`：所有请求的该字段均为缺失"),
        )
    };
    Finding::new(ABSENT_COLUMN, None, message)
}

pub(super) fn joined_folder(file: &str, column: &str, field: &str) -> Finding {
    refuse(
        MISSING_COLUMN,
        format!(
            "field `{field}` joins column `{column}`, which a folder of `{file}` gives: only columns of the file can be joined"
        ),
        format!("字段 `{field}` 的 `join` 使用了由目录给出的列 `{column}`（`{file}`）：只能合并文件自身的列"),
    )
    .with_help(LocalText::new("give the column a field of its own", "请让该列单独对应一个字段"))
}
