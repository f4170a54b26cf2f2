//! What reading and writing a workspace's files finds: documentation only, the room `workspace` finds it.

use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// What is said of each, by id.
pub(super) static ALL: &[Documentation] = &[
    Documentation {
        id: "bad-id",
        severity: Severity::Error,
        title: StaticText::new("a name that cannot be an id", "不能用作标识的名称"),
        what: StaticText::new(
            "Finds ids of rules, stages, parameters, lists, interfaces and fields that are not lower-case letters, digits and `_`, and reason codes that are not upper-case.",
            "找出不由小写字母、数字和 `_` 组成的规则、阶段、参数、名单、接口和字段标识，以及不是大写的原因码。",
        ),
        why: StaticText::new(
            "Ids stand in scripts, reports and column names, where other characters have a meaning of their own.",
            "标识会出现在脚本、报告和列名中，其他字符在那里另有含义。",
        ),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max-devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new(
            "Start with a letter, and use letters, digits and `_` only, at most 64.",
            "请以字母开头，只使用字母、数字和 `_`，至多 64 个字符。",
        ),
    },
    Documentation {
        id: "bad-list-entry",
        severity: Severity::Error,
        title: StaticText::new("a list entry that cannot be one", "无效的名单条目"),
        what: StaticText::new(
            "Finds lines of a list that are no whole number in a list of type Int, or too long, or hold control characters.",
            "找出 Int 类型名单中不是整数的行，以及过长或含控制字符的行。",
        ),
        why: StaticText::new("An entry that is skipped blocks nobody.", "被跳过的条目拦不住任何人。"),
        example: Example::Entry {
            part: Part::IntList,
            wrong: "622202
62220x
",
            right: "622202
622203
",
        },
        remedy: StaticText::new("Fix the line, or make it a comment with `#` in front.", "请修正该行，或在行首加 `#` 作为注释。"),
    },
    Documentation {
        id: "changed-on-disk",
        severity: Severity::Error,
        title: StaticText::new("a file that changed while it was edited", "编辑期间文件已被修改"),
        what: StaticText::new(
            "Finds files that another program changed after they were loaded and before they were saved.",
            "找出加载之后、保存之前被其他程序修改的文件。",
        ),
        why: StaticText::new("Saving would throw the other changes away.", "直接保存会丢失他人的修改。"),
        example: Example::None,
        remedy: StaticText::new("Load the workspace again, and repeat your change.", "请重新加载工作区，再次进行修改。"),
    },
    Documentation {
        id: "disk-full",
        severity: Severity::Error,
        title: StaticText::new("a file that was not written because the disk is full", "磁盘已满，文件未写入"),
        what: StaticText::new(
            "Says that the disk, or the user's share of it, had no room for a file that was being written.",
            "说明磁盘空间或用户配额不足，正在写出的文件未能写入。",
        ),
        why: StaticText::new(
            "Half a report or half a release would pass for a whole one. What stood there before is as it was.",
            "写了一半的报告或发布文件会被误认为是完整的。原有文件保持不变。",
        ),
        example: Example::None,
        remedy: StaticText::new("Free some space, or write to another disk.", "请清理磁盘空间，或写到其他磁盘。"),
    },
    Documentation {
        id: "duplicate-key",
        severity: Severity::Error,
        title: StaticText::new("a part that appears twice", "重复的部分"),
        what: StaticText::new("Finds entries with the same part twice.", "找出同一部分出现两次的条目。"),
        why: StaticText::new("Only one of them could count, and nobody can say which.", "只有其中一个能算数，而无从知道是哪一个。"),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int, value: 5, value: 6, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new("Take one of them away.", "请删除其中一个。"),
    },
    Documentation {
        id: "file-too-large",
        severity: Severity::Error,
        title: StaticText::new("a file that is too large to be meant", "文件过大"),
        what: StaticText::new(
            "Finds data files, scripts and lists far larger than any real one.",
            "找出远大于正常规模的数据文件、脚本和名单。",
        ),
        why: StaticText::new(
            "Reading it would take the memory of the machine; most likely it is another file by mistake.",
            "读取它会耗尽内存；很可能是放错了文件。",
        ),
        example: Example::None,
        remedy: StaticText::new("Check whether it is the right file.", "请检查该处是否放错了文件。"),
    },
    Documentation {
        id: "lossy-save",
        severity: Severity::Error,
        title: StaticText::new("a change that the files cannot hold", "文件无法保存的修改"),
        what: StaticText::new(
            "Finds changes that would read back as something else: two rules with one script file and different texts, a list entry with `#` after white space.",
            "找出保存后再读取会改变含义的修改：两条规则共用一个脚本文件却内容不同，或名单条目在空白后含有 `#`。",
        ),
        why: StaticText::new(
            "What is saved must be what was edited; a change that is lost on the way is a rule that quietly differs.",
            "保存的内容必须与编辑的一致；途中丢失的修改会让规则悄悄走样。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Give every script and every list a file of its own, and keep line breaks, and `#` after white space, out of list entries.",
            "请为每个脚本和名单使用各自的文件，名单条目中不要含换行，也不要在空白后含 `#`。",
        ),
    },
    Documentation {
        id: "missing-file",
        severity: Severity::Error,
        title: StaticText::new("a file that is not there", "缺少文件"),
        what: StaticText::new(
            "Finds scripts, lists and shared functions that `ruleset.ron` names and that the workspace does not have; also a workspace without `ruleset.ron` or `schema.ron`.",
            "找出 `ruleset.ron` 引用而工作区中没有的脚本、名单和共享函数文件；以及缺少 `ruleset.ron` 或 `schema.ron` 的工作区。",
        ),
        why: StaticText::new("Without the file nobody knows what the rule decides.", "没有该文件就无从知道规则如何决策。"),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/exrta.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Correct the name, or add the file. Names count upper and lower case.",
            "请更正文件名，或添加该文件。文件名区分大小写。",
        ),
    },
    Documentation {
        id: "missing-key",
        severity: Severity::Error,
        title: StaticText::new("a part that is missing", "缺少必需的部分"),
        what: StaticText::new("Finds entries without a part that they need.", "找出缺少必需部分的条目。"),
        why: StaticText::new("What is not said would have to be guessed.", "没有写明的内容只能靠猜测。"),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new("Add the part inside the marked brackets.", "请在标记的括号内补上该部分。"),
    },
    Documentation {
        id: "not-utf8",
        severity: Severity::Error,
        title: StaticText::new("a file that is not UTF-8 text", "不是 UTF-8 文本的文件"),
        what: StaticText::new(
            "Finds data files, scripts and lists with bytes that are not UTF-8.",
            "找出含有非 UTF-8 字节的数据文件、脚本和名单。",
        ),
        why: StaticText::new(
            "Text in another encoding, such as GBK, would be read as other characters.",
            "其他编码（如 GBK）的文本会被读成别的字符。",
        ),
        example: Example::None,
        remedy: StaticText::new("Save the file as UTF-8.", "请将文件另存为 UTF-8 编码。"),
    },
    Documentation {
        id: "path-outside-workspace",
        severity: Severity::Error,
        title: StaticText::new("a file outside the workspace", "工作区以外的文件"),
        what: StaticText::new(
            "Finds file names that are absolute, hold `..`, or lead outside by a link.",
            "找出绝对路径、含 `..` 的路径，或经链接指向工作区之外的文件名。",
        ),
        why: StaticText::new(
            "A workspace must mean the same on every machine, and read nothing that was not approved with it.",
            "工作区在任何机器上都应含义相同，且不得读取未随其审批的内容。",
        ),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "../extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Move the file into the workspace and name it from there, with `/`: `risk/age.rhai`.",
            "请将文件移入工作区，并用 `/` 书写相对路径：`risk/age.rhai`。",
        ),
    },
    Documentation {
        id: "ron-syntax",
        severity: Severity::Error,
        title: StaticText::new("a data file that cannot be read", "无法解析的数据文件"),
        what: StaticText::new(
            "Finds `.ron` files with a mistake in their form: a bracket, comma, colon or quote that is missing or too many.",
            "找出格式有误的 `.ron` 文件：缺少或多余的括号、逗号、冒号或引号。",
        ),
        why: StaticText::new(
            "Where the form is broken nobody can say what belongs to what.",
            "格式一旦损坏，就无从知道各部分的归属。",
        ),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new(
            "Fix the marked place, or what comes just before it; the shipped workspace shows every part in use.",
            "请修正标记处或其前面的内容；随产品附带的工作区展示了每个部分的用法。",
        ),
    },
    Documentation {
        id: "script-too-large",
        severity: Severity::Error,
        title: StaticText::new("a script that is too long", "脚本过长"),
        what: StaticText::new("Finds scripts longer than any rule that a person could approve.", "找出长到无法由人审批的脚本。"),
        why: StaticText::new("Nobody can answer for a rule that nobody can read.", "没有人能为读不懂的规则负责。"),
        example: Example::None,
        remedy: StaticText::new("Split the rule; keep long enumerations in lists.", "请拆分规则；较长的枚举请放入名单。"),
    },
    Documentation {
        id: "too-many",
        severity: Severity::Error,
        title: StaticText::new("more entries than a rule set can hold", "条目数超出规则集上限"),
        what: StaticText::new(
            "Finds more than 65,535 rules, parameters, lists, reasons, interfaces or fields.",
            "找出超过 65,535 个的规则、参数、名单、原因码、接口或字段。",
        ),
        why: StaticText::new("Positions in a rule set are kept in 16 bits.", "规则集中的位置以 16 位保存。"),
        example: Example::None,
        remedy: StaticText::new("Split the rule set; keep long enumerations in lists.", "请拆分规则集；较长的枚举请放入名单。"),
    },
    Documentation {
        id: "unknown-format",
        severity: Severity::Error,
        title: StaticText::new("a file of a format that this program does not know", "本程序不支持的文件格式"),
        what: StaticText::new(
            "Finds files of a workspace whose `format` number is missing, not first, or not one that is known, and files to be read or \
         written whose name does not tell what kind of file they are.",
            "找出工作区中缺少 `format`、未将其写在开头或版本号未知的文件，以及无法从扩展名判断类型的输入输出文件。",
        ),
        why: StaticText::new(
            "A newer format may mean something else by the same words.",
            "在更新的格式中，同样的写法可能有不同含义。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Write `format: 1` first, or use the program that wrote the file; let the names of other files end as the message says.",
            "请在开头写 `format: 1`，或使用写出该文件的程序版本；其他文件的扩展名应与提示一致。",
        ),
    },
    Documentation {
        id: "unknown-key",
        severity: Severity::Error,
        title: StaticText::new("a part that the file's format does not have", "文件格式中没有的部分"),
        what: StaticText::new(
            "Finds names before a `:` that mean nothing at their place.",
            "找出冒号 `:` 前在该处没有意义的名称。",
        ),
        why: StaticText::new(
            "A part that nobody understands must not be skipped: a misspelt `until` would leave a rule on for ever.",
            "无法理解的部分不能跳过：写错的 `until` 会让规则永远生效。",
        ),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int, valeu: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new("Write one of the names that are known here.", "请写此处已知的名称之一。"),
    },
    Documentation {
        id: "unknown-word",
        severity: Severity::Error,
        title: StaticText::new("a word that is none of those allowed", "不在允许范围内的词"),
        what: StaticText::new(
            "Finds words such as a status, a verdict or a type that are none of the known ones.",
            "找出不属于已知取值的词，例如状态、结论或类型。",
        ),
        why: StaticText::new("A status that nobody understands is neither on nor off.", "无法理解的状态既不是启用也不是停用。"),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Activ, script: "risk/extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Write one of the words that are known here; upper and lower case count.",
            "请写此处已知的词之一；区分大小写。",
        ),
    },
    Documentation {
        id: "unread-list",
        severity: Severity::Error,
        title: StaticText::new("a rule that asks a list which could not be read", "规则引用的名单无法读取"),
        what: StaticText::new(
            "Finds every place where a script asks a list whose file is missing, cannot be read or has wrong entries.",
            "找出脚本中引用了文件缺失、无法读取或条目有误的名单之处。",
        ),
        why: StaticText::new("A list that is taken as empty blocks nobody.", "被当作空名单的名单拦不住任何人。"),
        example: Example::None,
        remedy: StaticText::new(
            "Fix the file of the list: the finding about it says how.",
            "请修正该名单的文件，修正方法见其问题说明。",
        ),
    },
    Documentation {
        id: "unreadable-file",
        severity: Severity::Error,
        title: StaticText::new("a file that cannot be read or written", "无法读写的文件"),
        what: StaticText::new(
            "Finds files and folders that the operating system refuses: no permission, a full disk, a folder in place of a file.",
            "找出操作系统拒绝访问的文件和文件夹：没有权限、磁盘已满、文件处是文件夹。",
        ),
        why: StaticText::new("Half a workspace is none.", "不完整的工作区等于没有工作区。"),
        example: Example::None,
        remedy: StaticText::new("Look at the permissions and the space on the disk.", "请检查权限和磁盘空间。"),
    },
    Documentation {
        id: "workspace-locked",
        severity: Severity::Error,
        title: StaticText::new("a workspace that another program is writing", "工作区正被其他程序写入"),
        what: StaticText::new(
            "Finds that another program has been writing into the workspace for longer than a save takes.",
            "发现另一个程序占用工作区写入的时间超过一次保存所需。",
        ),
        why: StaticText::new("Two writers at once would lose what one of them wrote.", "同时写入会丢失其中一方的修改。"),
        example: Example::None,
        remedy: StaticText::new(
            "Wait until the other program is done, or end it. Nothing was changed.",
            "请等待另一个程序完成或将其结束。未作任何改动。",
        ),
    },
    Documentation {
        id: "wrong-mapping",
        severity: Severity::Error,
        title: StaticText::new("a column mapping that contradicts itself", "自相矛盾的列映射"),
        what: StaticText::new(
            "Finds mappings whose parts do not go together: a word that means both true and false or both a value and none, a field with two sources, a column that is used and ignored, a delimiter of two characters.",
            "找出各部分互相矛盾的列映射：同一个词既表示真又表示假、既表示取值又表示缺失，一个字段有两个来源，一列既使用又忽略，分隔符多于一个字符。",
        ),
        why: StaticText::new(
            "A foreign file read in a way that nobody meant gives decisions on requests that never were.",
            "按错误的方式读取外部文件，会对从未发生的请求作出决定。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Give every word one meaning and every field one source.",
            "请使每个词只有一种含义，每个字段只有一个来源。",
        ),
    },
    Documentation {
        id: "wrong-type",
        severity: Severity::Error,
        title: StaticText::new("a part of another type", "类型不符的部分"),
        what: StaticText::new(
            "Finds parts that hold a number where a text is wanted, a text where a list is wanted, and the like.",
            "找出类型不符的部分：应为文本却写了数字、应为列表却写了文本等。",
        ),
        why: StaticText::new("A value that is guessed at is a decision that nobody made.", "靠猜测得出的值，等于无人作出的决策。"),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: 7, basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new("Write it as the help line says.", "请按提示书写。"),
    },
];
