//! What reading request files finds: documentation only, the room `requests` finds it.

use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// What is said of each, by id.
pub(super) static ALL: &[Documentation] = &[
    Documentation {
        id: "absent-column",
        severity: Severity::Note,
        title: StaticText::new("a column that the file does not have", "文件中没有的列"),
        what: StaticText::new(
            "Finds optional fields for which a request file has no column: they are missing in every request.",
            "找出请求文件中没有对应列的可选字段：所有请求的该字段均为空。",
        ),
        why: StaticText::new(
            "A rule that asks for the field never hits in this dry run.",
            "依赖该字段的规则在本次试运行中不会命中。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Nothing, where the file really lacks it; otherwise name the column in the mapping.",
            "若文件确实没有该列则无需处理；否则请在映射中写明列名。",
        ),
    },
    Documentation {
        id: "all-rows-set-aside",
        severity: Severity::Error,
        title: StaticText::new("a request file of which not one row can be read", "没有一条记录可读的请求文件"),
        what: StaticText::new(
            "Finds request files whose rows all have a fault, so that nothing is left to decide although bad rows may be set aside.",
            "找出全部记录均有错误的请求文件：即使允许剔除，也没有可决策的请求。",
        ),
        why: StaticText::new("A dry run over nothing shows nothing wrong.", "对空文件试运行，不会发现任何问题。"),
        example: Example::None,
        remedy: StaticText::new(
            "Describe the columns of the file in a mapping, or choose the right file.",
            "请用映射说明文件的列，或选择正确的文件。",
        ),
    },
    Documentation {
        id: "bad-row",
        severity: Severity::Error,
        title: StaticText::new("a request that does not fit the schema", "不符合请求结构的记录"),
        what: StaticText::new(
            "Finds rows of a request file with a value that is not of its field's type, an unknown value of an enum, or nothing where a value is needed. File, row, column, value and reason are named.",
            "找出请求文件中值与字段类型不符、枚举取值未知，或必填字段为空的记录，并指出文件、行、列、值和原因。",
        ),
        why: StaticText::new(
            "A row that is skipped or guessed at makes every figure of the report wrong.",
            "跳过或猜测记录会使报告中的每个数字都不可靠。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Correct the row, describe the column in the mapping, or set such rows aside with `--rejects FILE`.",
            "请改正该记录，在映射中说明该列，或用 `--rejects 文件` 将此类记录剔除。",
        ),
    },
    Documentation {
        id: "bad-rows",
        severity: Severity::Error,
        title: StaticText::new("a request file with rows that do not fit", "请求文件中有不符合的记录"),
        what: StaticText::new(
            "Says how many rows of a request file do not fit; the first of them are shown as `bad-row`.",
            "说明请求文件中不符合的记录条数；前若干条以 `bad-row` 显示。",
        ),
        why: StaticText::new(
            "A dry run over part of a file would pass for one over all of it.",
            "只对部分记录试运行，会被误认为覆盖了全部记录。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Correct the rows, or set them aside with `--rejects FILE`: they are counted beside every figure.",
            "请改正这些记录，或用 `--rejects 文件` 剔除：剔除的条数会与每个数字一并列出。",
        ),
    },
    Documentation {
        id: "bad-time-pattern",
        severity: Severity::Error,
        title: StaticText::new("a time pattern that cannot be read", "无法使用的时间格式"),
        what: StaticText::new(
            "Finds patterns for times in a column mapping that name an unknown part, lack a part that a point in time needs, or read a part that is then ignored: `%I` without `%p`, a literal `UTC` where another zone counts, one part twice.",
            "找出列映射中含有未知成分、缺少时间点必需成分，或读取后不起作用的时间格式：有 `%I` 而无 `%p`、写死的 `UTC` 与实际时区不符、同一部分出现两次。",
        ),
        why: StaticText::new(
            "Every time of the column would be refused, or read as another one.",
            "该列的所有时间都会被拒绝，或被读成别的时间。",
        ),
        example: Example::None,
        remedy: StaticText::new("Write the pattern as the help line says.", "请按提示书写时间格式。"),
    },
    Documentation {
        id: "duplicate-column",
        severity: Severity::Error,
        title: StaticText::new("a column that appears twice", "重复的列"),
        what: StaticText::new("Finds request files with two columns of the same name.", "找出有两个同名列的请求文件。"),
        why: StaticText::new("Nobody can say which of them counts.", "无从知道哪一列算数。"),
        example: Example::None,
        remedy: StaticText::new("Rename one of them, or take it out.", "请给其中一列改名，或删除。"),
    },
    Documentation {
        id: "duplicate-request",
        severity: Severity::Warning,
        title: StaticText::new("two requests with the same key", "键相同的两笔请求"),
        what: StaticText::new("Finds rows whose key another row has too. All are kept.", "找出键与其他记录相同的记录。全部保留。"),
        why: StaticText::new(
            "A request that is counted twice shifts the shares; and no decision can be looked up by a key that two rows have.",
            "重复计数的请求会影响占比；两条记录共用的键也无法用于查找决策。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Take the repeated rows out, or name the field that really tells requests apart as the `key` of the schema.",
            "请删除重复的记录，或将真正能区分请求的字段设为请求结构的 `key`。",
        ),
    },
    Documentation {
        id: "empty-join",
        severity: Severity::Error,
        title: StaticText::new("a field joined of no columns", "没有列的拼接字段"),
        what: StaticText::new(
            "Finds fields in a column mapping that are joined of columns and name none.",
            "找出列映射中由列拼接而成、却未列出任何列的字段。",
        ),
        why: StaticText::new("The field would be empty in every request.", "该字段在所有请求中都会为空。"),
        example: Example::None,
        remedy: StaticText::new("Name at least one column.", "请至少写出一列。"),
    },
    Documentation {
        id: "mapping-type-mismatch",
        severity: Severity::Error,
        title: StaticText::new("a mapping that does not fit the field's type", "映射与字段类型不符"),
        what: StaticText::new(
            "Finds units, time formats and true/false words at fields of another type.",
            "找出写在其他类型字段上的金额单位、时间格式或真假词。",
        ),
        why: StaticText::new(
            "It would have no effect, although somebody meant it to have one.",
            "它不会产生任何作用，尽管编写者有此意图。",
        ),
        example: Example::None,
        remedy: StaticText::new("Take it away, or put it at the field that was meant.", "请删除，或移到本应对应的字段上。"),
    },
    Documentation {
        id: "missing-column",
        severity: Severity::Error,
        title: StaticText::new("a column that is needed and not there", "缺少必需的列"),
        what: StaticText::new(
            "Finds fields that are never missing, and for which a request file has no column.",
            "找出请求文件中没有对应列的必填字段。",
        ),
        why: StaticText::new("No request could be made of such a row.", "这样的记录无法构成请求。"),
        example: Example::None,
        remedy: StaticText::new(
            "Name the column in the mapping, give the field a constant there, or choose another file.",
            "请在映射中写明列名或给该字段一个常量，或换用其他文件。",
        ),
    },
    Documentation {
        id: "missing-word",
        severity: Severity::Warning,
        title: StaticText::new("a word that often means there is no value", "常表示没有值的写法"),
        what: StaticText::new(
            "Counts values of a column such as `NULL`, `\\N`, `nan`, `#N/A` or `-`, which programs write where there is no value, and which \
         the mapping does not name.",
            "统计列中 `NULL`、`\\N`、`nan`、`#N/A`、`-` 等写法，程序常用它们表示没有值，而映射未说明。",
        ),
        why: StaticText::new(
            "Taken as a text, such a word is a value: a rule that asks whether the field is missing never hits.",
            "若作为文本读取，该写法就是一个值：判断字段是否缺失的规则不会命中。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "List the words under `missing` in the mapping; a word that is a value is mapped to itself under `values`.",
            "请在映射的 `missing` 中列出这些写法；确为取值的，请在 `values` 中映射为自身。",
        ),
    },
    Documentation {
        id: "normalized-values",
        severity: Severity::Note,
        title: StaticText::new("values brought to normal form", "已规范化的值"),
        what: StaticText::new(
            "Counts values of a column that had blanks or invisible characters at their ends, zero-width characters inside, a spreadsheet's \
         `'` or `=\"…\"` round them, or another Unicode form. Lists are read by the same rules.",
            "统计列中首尾含空白或不可见字符、内部含零宽字符、带有电子表格的 `'` 或 `=\"…\"`，或 Unicode 形式不同的值。名单按同样的规则读取。",
        ),
        why: StaticText::new(
            "Left as it was, such a value would never be equal to its entry in a list.",
            "若不处理，这样的值永远不会与名单条目相等。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Nothing, unless the characters mean something: then give the field `as_written: true` in `schema.ron`.",
            "通常无需处理；若这些字符有含义，请在 `schema.ron` 中为该字段写 `as_written: true`。",
        ),
    },
    Documentation {
        id: "rounded-amounts",
        severity: Severity::Note,
        title: StaticText::new("amounts rounded to whole fen", "舍入到分的金额"),
        what: StaticText::new(
            "Counts amounts of a column that differ from whole fen by less than a thousandth of a fen, as binary numbers do.",
            "统计列中与整分相差不足千分之一分的金额，这类误差来自二进制浮点数。",
        ),
        why: StaticText::new(
            "The amounts are those that were meant; who looks for the exact texts of the file should know.",
            "读取结果即原本的金额；核对文件原文时应了解这一点。",
        ),
        example: Example::None,
        remedy: StaticText::new("Nothing; or export amounts as decimal numbers.", "无需处理；也可以十进制数导出金额。"),
    },
    Documentation {
        id: "spreadsheet-number",
        severity: Severity::Warning,
        title: StaticText::new("a number rounded by a spreadsheet", "被电子表格舍入的数字"),
        what: StaticText::new(
            "Counts texts of a column such as `6.22202E+18`: what spreadsheets and binary numbers make of long digits. In the key, and in \
         fields that a script looks up in a list, each is a bad row.",
            "统计列中形如 `6.22202E+18` 的文本：电子表格和二进制浮点数会把长数字写成这样。主键字段以及脚本在名单中查找的字段若含此类值，该记录按错误记录处理。",
        ),
        why: StaticText::new(
            "The last digits are gone: different accounts become the same one, and none meets its entry in a list.",
            "末尾的数字已经丢失：不同的账号会变成同一个，也不会与名单条目相等。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Export the column again as text; the dropped digits cannot be restored from the file.",
            "请将该列以文本格式重新导出；丢失的数字无法从文件中恢复。",
        ),
    },
    Documentation {
        id: "too-many-set-aside",
        severity: Severity::Error,
        title: StaticText::new("more rows set aside than the maximum", "剔除的记录超过上限"),
        what: StaticText::new(
            "Finds request files with more rows that cannot be read than `--max-rejects` allows; `release create` allows none without it.",
            "找出无法读取的记录多于 `--max-rejects` 所允许条数的请求文件；`release create` 未给出该选项时不允许剔除。",
        ),
        why: StaticText::new(
            "Rows that are left out are in no figure: recall of what was read says little once the fraud is among the rest.",
            "剔除的记录不计入任何数字：若欺诈恰在其中，按已读入记录计算的召回率便没有意义。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Correct the rows or the mapping; or allow as many with `--max-rejects N` or `--max-rejects P%`.",
            "请改正记录或映射；或以 `--max-rejects 条数` 或 `--max-rejects 百分比%` 放宽上限。",
        ),
    },
    Documentation {
        id: "unknown-column",
        severity: Severity::Error,
        title: StaticText::new("a column that the schema does not have", "请求结构中没有的列"),
        what: StaticText::new("Finds columns of a request file that belong to no field.", "找出请求文件中不属于任何字段的列。"),
        why: StaticText::new(
            "A misspelt column would leave its field missing in every request.",
            "列名写错会使对应字段在所有请求中为空。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Correct the name, map the column to a field, or list it under `ignore` in the mapping.",
            "请更正列名，将其映射到字段，或在映射的 `ignore` 中列出。",
        ),
    },
    Documentation {
        id: "unknown-mapped-field",
        severity: Severity::Error,
        title: StaticText::new("a mapping of a field that does not exist", "映射引用了不存在的字段"),
        what: StaticText::new(
            "Finds fields in a column mapping that the schema does not have.",
            "找出列映射中请求结构没有的字段。",
        ),
        why: StaticText::new(
            "The column would go nowhere, and the field it was meant for would be missing.",
            "该列将无处可去，而本应对应的字段会为空。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Write the field as it is in `schema.ron`: `group.field`.",
            "请按 `schema.ron` 中的写法书写：`组.字段`。",
        ),
    },
    Documentation {
        id: "unknown-mapped-value",
        severity: Severity::Error,
        title: StaticText::new("a mapping to a value that the field cannot have", "映射到字段没有的取值"),
        what: StaticText::new(
            "Finds values in a column mapping, defaults and constants among them, that the field cannot have.",
            "找出列映射中字段不可能有的取值，包括 `default` 与 `constant`。",
        ),
        why: StaticText::new("Every row with that value would be refused.", "含有该值的每条记录都会被拒绝。"),
        example: Example::None,
        remedy: StaticText::new("Write a value of the field's type, as the file writes it.", "请按文件中的写法书写该类型的取值。"),
    },
    Documentation {
        id: "unwritable-rejects",
        severity: Severity::Error,
        title: StaticText::new("rejects that cannot be written", "无法写出被剔除的记录"),
        what: StaticText::new(
            "Says that the file for rejected rows could not be written.",
            "说明无法写入用于存放被剔除记录的文件。",
        ),
        why: StaticText::new("Rows that are set aside and not kept would be lost.", "剔除而未保存的记录将会丢失。"),
        example: Example::None,
        remedy: StaticText::new("Choose another folder, or make room on the disk.", "请选择其他文件夹，或清理磁盘空间。"),
    },
    Documentation {
        id: "wrong-max-rejects",
        severity: Severity::Error,
        title: StaticText::new("a maximum that is no number and no percentage", "无法识别的剔除上限"),
        what: StaticText::new(
            "Says that the value of `--max-rejects` is neither a number of rows nor a percentage from 0% to 100% with at most six decimals.",
            "说明 `--max-rejects` 的值既不是条数，也不是 0% 至 100%（最多六位小数）的百分比。",
        ),
        why: StaticText::new("A maximum that is guessed protects nothing.", "猜测的上限起不到保护作用。"),
        example: Example::None,
        remedy: StaticText::new(
            "Write `--max-rejects 20` or `--max-rejects 0.25%`.",
            "请写成 `--max-rejects 20` 或 `--max-rejects 0.25%`。",
        ),
    },
];
