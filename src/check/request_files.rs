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
        id: "bad-header",
        severity: Severity::Error,
        title: StaticText::new("a header with an error value", "表头中有错误值"),
        what: StaticText::new(
            "Finds sheets of a workbook whose header has a cell such as `#N/A` or a formula without a value.",
            "找出表头含有 `#N/A` 等错误值或未计算公式的工作表。",
        ),
        why: StaticText::new("The column has no name by which it could be read.", "该列没有可用于读取的名称。"),
        example: Example::None,
        remedy: StaticText::new("Correct the name of the column in the workbook.", "请在工作簿中更正列名。"),
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
        id: "damaged-file",
        severity: Severity::Error,
        title: StaticText::new("a request file that is damaged", "损坏的请求文件"),
        what: StaticText::new(
            "Finds files that end in the middle, or whose form is broken: a quote that is never closed, a Parquet file without its end.",
            "找出中途截断或格式损坏的文件：引号未闭合、Parquet 文件缺少结尾。",
        ),
        why: StaticText::new(
            "What is missing at the end of a file cannot be seen in the figures.",
            "文件末尾缺失的内容在统计数字中是看不出来的。",
        ),
        example: Example::None,
        remedy: StaticText::new("Copy or export the file again.", "请重新复制或导出该文件。"),
    },
    Documentation {
        id: "delimiter-found",
        severity: Severity::Note,
        title: StaticText::new("cells separated by another character than a comma", "以逗号以外字符分隔的单元格"),
        what: StaticText::new(
            "Says which character separates the cells of a CSV file, where its first rows showed that it is no comma.",
            "说明根据前几行判断出的 CSV 分隔符（非逗号时）。",
        ),
        why: StaticText::new("A wrong delimiter would give other columns.", "分隔符判断有误会得到不同的列。"),
        example: Example::None,
        remedy: StaticText::new(
            "Nothing, where it is right; otherwise name it with `--delimiter` or in the mapping.",
            "判断正确则无需处理；否则请用 `--delimiter` 或在映射中指定。",
        ),
    },
    Documentation {
        id: "duplicate-column",
        severity: Severity::Error,
        title: StaticText::new("a column that stands twice", "重复的列"),
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
        id: "empty-file",
        severity: Severity::Error,
        title: StaticText::new("a request file with nothing in it", "空的请求文件"),
        what: StaticText::new(
            "Finds files of no bytes, and tables without a line of column names.",
            "找出长度为零的文件，以及没有列名行的表。",
        ),
        why: StaticText::new("A dry run over nothing shows nothing wrong.", "对空文件试运行，不会发现任何问题。"),
        example: Example::None,
        remedy: StaticText::new(
            "Look whether the export has finished, and whether the right file is named.",
            "请检查导出是否完成、文件是否正确。",
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
        id: "encoding-found",
        severity: Severity::Note,
        title: StaticText::new("a text in another encoding than UTF-8", "非 UTF-8 编码的文本"),
        what: StaticText::new(
            "Says in which encoding a text file is read, where its content showed that it is not UTF-8.",
            "说明根据内容判断出的文本编码（非 UTF-8 时）。",
        ),
        why: StaticText::new(
            "A wrong encoding would give other characters in names and texts.",
            "编码判断有误会使名称和文本中的字符出错。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Nothing, where the texts are right; otherwise name it with `--encoding` or in the mapping.",
            "文本正确则无需处理；否则请用 `--encoding` 或在映射中指定。",
        ),
    },
    Documentation {
        id: "line-too-long",
        severity: Severity::Error,
        title: StaticText::new("a line that is too long", "过长的行"),
        what: StaticText::new("Finds lines of a request file far longer than any real one.", "找出请求文件中远超正常长度的行。"),
        why: StaticText::new(
            "Reading it would take the memory of the machine; most likely the file is of another kind.",
            "读取它会耗尽内存；文件很可能不是该格式。",
        ),
        example: Example::None,
        remedy: StaticText::new("Look whether the file is of the format that its name says.", "请检查文件格式是否与其名称相符。"),
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
        id: "mixed-formats",
        severity: Severity::Error,
        title: StaticText::new("files of several kinds as one input", "以不同类型的文件作为一份请求"),
        what: StaticText::new(
            "Finds folders and patterns that hold request files of several kinds, such as CSV and Parquet.",
            "找出含有多种类型请求文件（例如 CSV 与 Parquet）的目录或通配符。",
        ),
        why: StaticText::new(
            "The same requests often lie there in both forms, and would count twice.",
            "同样的请求往往以两种形式存放，会被重复计数。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Name the files of one kind with a pattern in quotes: `'folder/*.csv'`.",
            "请用加引号的通配符指定同类文件：`'目录/*.csv'`。",
        ),
    },
    Documentation {
        id: "no-request-files",
        severity: Severity::Error,
        title: StaticText::new("no file to read", "没有可读取的文件"),
        what: StaticText::new(
            "Finds folders without a request file, patterns that no file fits, and files that are named twice.",
            "找出没有请求文件的目录、没有匹配文件的通配符，以及被重复指定的文件。",
        ),
        why: StaticText::new(
            "A dry run over nothing, or over the same requests twice, shows wrong figures.",
            "对空输入或重复输入试运行，得到的数字是错误的。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Correct the path or the pattern; every file counts once.",
            "请更正路径或通配符；每个文件只计一次。",
        ),
    },
    Documentation {
        id: "no-requests",
        severity: Severity::Error,
        title: StaticText::new("a request file without a request", "没有请求的文件"),
        what: StaticText::new("Finds files that have column names and no row.", "找出只有列名、没有记录的文件。"),
        why: StaticText::new("A dry run over nothing shows nothing wrong.", "对空文件试运行，不会发现任何问题。"),
        example: Example::None,
        remedy: StaticText::new(
            "Look whether the export has finished, and whether the right file is named.",
            "请检查导出是否完成、文件是否正确。",
        ),
    },
    Documentation {
        id: "no-scratch-space",
        severity: Severity::Error,
        title: StaticText::new("no room for a scratch file", "没有存放临时文件的空间"),
        what: StaticText::new(
            "Says that a scratch file could not be made, written or read: over a file larger than memory, keys and customers are counted \
         in one, about 50 bytes for each request.",
            "说明无法创建、写入或读取临时文件：对大于内存的请求文件，主键与客户在临时文件中计数，每条请求约占 50 字节。",
        ),
        why: StaticText::new(
            "Counts of keys that repeat and of distinct customers are exact, or are not given at all.",
            "重复主键数与不同客户数要么准确，要么不给出。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Free some space, or set the environment variable TMPDIR to a folder that has some.",
            "请清理磁盘空间，或将环境变量 TMPDIR 指向有空间的目录。",
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
        id: "sheet-read",
        severity: Severity::Note,
        title: StaticText::new("one sheet of several", "多个工作表中的一个"),
        what: StaticText::new(
            "Says which sheet of a workbook is read, where it has several.",
            "工作簿有多个工作表时，说明读取的是哪一个。",
        ),
        why: StaticText::new("The requests may be on another sheet.", "请求可能在其他工作表中。"),
        example: Example::None,
        remedy: StaticText::new("Name another with `--sheet` or in the mapping.", "请用 `--sheet` 或在映射中指定其他工作表。"),
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
        id: "too-large-column",
        severity: Severity::Error,
        title: StaticText::new("a column with more text than a table can hold", "文本总量超出上限的列"),
        what: StaticText::new("Finds columns whose text is larger than can be addressed.", "找出文本总量超过可寻址范围的列。"),
        why: StaticText::new("Nothing may be left out silently.", "不得悄悄丢弃任何内容。"),
        example: Example::None,
        remedy: StaticText::new(
            "Split the file, or list the column under `ignore` in the mapping.",
            "请拆分文件，或将该列列入映射的 `ignore`。",
        ),
    },
    Documentation {
        id: "too-large-unpacked",
        severity: Severity::Error,
        title: StaticText::new("a file that unpacks to too much", "解压后过大的文件"),
        what: StaticText::new(
            "Finds compressed files and workbooks that unpack to more than 200 times their size and more than 256 MiB, and standard input of more than 64 GiB.",
            "找出解压后超过自身大小 200 倍且超过 256 MiB 的压缩文件或工作簿，以及超过 64 GiB 的标准输入。",
        ),
        why: StaticText::new(
            "A small file may be made so that it fills the disk or never ends.",
            "小文件可能被构造成占满磁盘或永不结束。",
        ),
        example: Example::None,
        remedy: StaticText::new("If the file is in order, unpack it first.", "若文件无误，请先行解压。"),
    },
    Documentation {
        id: "too-many-rows",
        severity: Severity::Error,
        title: StaticText::new("more rows than a table can hold", "记录数超出上限"),
        what: StaticText::new("Finds files with more rows than can be numbered.", "找出记录数超过可编号范围的文件。"),
        why: StaticText::new("Nothing may be left out silently.", "不得悄悄丢弃任何记录。"),
        example: Example::None,
        remedy: StaticText::new("Split the file.", "请拆分文件。"),
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
        id: "unclear-delimiter",
        severity: Severity::Error,
        title: StaticText::new("a CSV file whose delimiter is unclear", "分隔符不明确的 CSV 文件"),
        what: StaticText::new(
            "Finds CSV files whose cells may be separated by several characters, or by none that is known.",
            "找出可能由多种字符分隔，或无法识别分隔符的 CSV 文件。",
        ),
        why: StaticText::new("A guess would give other columns.", "猜测会得到不同的列。"),
        example: Example::None,
        remedy: StaticText::new(
            "Name the character with `--delimiter`, or `delimiter:` in the mapping.",
            "请用 `--delimiter` 或映射中的 `delimiter:` 指定该字符。",
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
            "Write the field as it stands in `schema.ron`: `group.field`.",
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
        id: "unknown-sheet",
        severity: Severity::Error,
        title: StaticText::new("a sheet that the workbook does not have", "工作簿中没有的工作表"),
        what: StaticText::new("Finds names of sheets that the workbook does not have.", "找出工作簿中不存在的工作表名称。"),
        why: StaticText::new("Another sheet may hold other requests.", "其他工作表中可能是别的请求。"),
        example: Example::None,
        remedy: StaticText::new("Write the name as the workbook shows it.", "请按工作簿中显示的名称书写。"),
    },
    Documentation {
        id: "unsupported-column",
        severity: Severity::Error,
        title: StaticText::new("a column of a type that no field can have", "类型不受支持的列"),
        what: StaticText::new(
            "Finds columns of a Parquet file that hold lists, maps, raw bytes and the like.",
            "找出 Parquet 文件中存放列表、映射、原始字节等类型的列。",
        ),
        why: StaticText::new("There is no value of a request in it.", "其中没有可作为请求的值。"),
        example: Example::None,
        remedy: StaticText::new(
            "List it under `ignore` in the mapping, or write it as text.",
            "请将其列入映射的 `ignore`，或以文本写出。",
        ),
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
