//! What is found about request files before their rows: documentation only, the room `requests` and the room `workspace` find it.

use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// What is said of each, by id.
pub(super) static ALL: &[Documentation] = &[
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
];
