//! What the `ron` crate finds wrong with a file, put into words that help, at the narrowest place known.

use ron::error::{Error, SpannedError};

use super::expected::{self, ExpectedValue};
use super::ron_tree::{ByteRange, NodeKind, RonMember, RonNode, TreeError};
use crate::kinds::{DUPLICATE_KEY, MISSING_KEY, RON_SYNTAX, UNKNOWN_KEY, UNKNOWN_WORD, WRONG_TYPE};
use countersign_core::diagnostic::{Finding, suggest};
use countersign_core::text::{LineColumn, LocalText, Source, SourceId, Span, quoted};

/// A finding for a text that is no RON at all.
pub(super) fn syntax(source: SourceId, text: &str, error: TreeError) -> Finding {
    let (en, zh) = error.wanted;
    let rest = text.get(error.at..).unwrap_or("");
    let found = rest.trim_start().chars().next();
    let message = match found {
        Some(found) => LocalText::new(format!("expected {en}, found `{found}`"), format!("此处应为{zh}，实际为 `{found}`")),
        None => LocalText::new(format!("expected {en}, but the file ends here"), format!("此处应为{zh}，但文件已结束")),
    };
    let at = |byte: usize| {
        let next = text.get(byte..).and_then(|rest| rest.chars().next()).filter(|next| !next.is_whitespace());
        Span::new(source, byte, byte + next.map_or(0, char::len_utf8))
    };
    let mut finding = Finding::new(RON_SYNTAX, at(error.at), message).with_help(syntax_help(en));
    if let Some(opened) = error.opened {
        finding = finding.with_note(at(opened), LocalText::new("inside the bracket that opens here", "位于此处开始的括号内"));
    }
    if let Some(long) = error.long_text {
        let note =
            LocalText::new("this text runs over several lines: its closing quote may be missing", "此文本跨越多行：可能缺少右引号");
        finding = finding.with_note(at(long), note);
    }
    finding
}

fn syntax_help(wanted: &str) -> LocalText {
    if wanted.starts_with("`,`") || matches!(wanted, "`)`" | "`]`" | "`}`") {
        LocalText::new("separate the parts with `,` and close every bracket", "各部分之间用 `,` 分隔，并补全每个括号")
    } else if wanted.starts_with("`:`") {
        LocalText::new("write a name, `:` and a value", "请写成名称、`:`、值的形式")
    } else if wanted.starts_with("a value") {
        LocalText::new(
            "write a text in quotes, a number, `true`, `false`, or a bracket; one `,` is enough",
            "请写带引号的文本、数字、`true`、`false` 或括号；只需一个 `,`",
        )
    } else if wanted.starts_with("the end") {
        LocalText::new("a file holds one value in `( )`: remove what follows it", "文件只包含一个 `( )`：请删除其后的内容")
    } else {
        LocalText::new(
            "write `\\\\` for a plain `\\`, and close every quote and comment",
            "反斜杠本身请写成 `\\\\`，并补全引号与注释",
        )
    }
}

/// A finding for a text that is RON but not what the file should hold.
pub(super) fn finding(source: SourceId, text: &str, tree: &RonNode, error: &SpannedError) -> Finding {
    let index = Source::new("", text);
    let byte = |at: &ron::error::Position| {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        index.byte_at(LineColumn { line: count(at.line), column: count(at.col) })
    };
    let place = ErrorPlace { source, text, tree, start: byte(&error.span.start), end: byte(&error.span.end) };
    match &error.code {
        Error::NoSuchStructField { expected, found, .. } => place.unknown_key(found, expected),
        Error::NoSuchEnumVariant { expected, found, .. } => place.unknown_word(found, expected),
        Error::MissingStructField { field, .. } => place.missing_key(field),
        Error::DuplicateStructField { field, .. } => place.duplicate_key(field),
        Error::ExpectedDifferentStructName { found, .. } => place.needless_name(found),
        other @ Error::InvalidValueForType { .. } => place.wrong_type(&expected::of(other), place.start),
        other => place.wrong_type(&expected::of(other), place.end),
    }
}

/// Where the `ron` crate stopped, with the tree to look around in.
struct ErrorPlace<'a> {
    source: SourceId,
    text: &'a str,
    tree: &'a RonNode,
    start: usize,
    end: usize,
}

impl ErrorPlace<'_> {
    fn span(&self, at: ByteRange) -> Span {
        Span::new(self.source, at.start, at.end)
    }

    fn here(&self) -> Span {
        Span::new(self.source, self.start, self.end)
    }

    fn unknown_key(&self, found: &str, expected: &[&str]) -> Finding {
        let message = LocalText::new(format!("there is no field `{found}` here"), format!("此处没有字段 `{found}`"));
        suggest(Finding::new(UNKNOWN_KEY, self.here(), message), found, expected.iter().copied())
    }

    fn unknown_word(&self, found: &str, expected: &[&str]) -> Finding {
        let message =
            LocalText::new(format!("`{found}` is none of the words allowed here"), format!("`{found}` 不是此处允许的取值"));
        suggest(Finding::new(UNKNOWN_WORD, self.here(), message), found, expected.iter().copied())
    }

    fn missing_key(&self, field: &str) -> Finding {
        let span = struct_ending(self.tree, self.end).map_or(self.here(), |head| self.span(head));
        let message = LocalText::new(format!("the field `{field}` is missing"), format!("缺少字段 `{field}`"));
        let help = LocalText::new(format!("add `{field}: …` inside these brackets"), format!("请在此括号内补上 `{field}: …`"));
        Finding::new(MISSING_KEY, span, message).with_help(help)
    }

    fn duplicate_key(&self, field: &str) -> Finding {
        let message = LocalText::new(format!("the field `{field}` appears twice here"), format!("字段 `{field}` 重复出现"));
        let help = LocalText::new("remove one of them", "请删除其中一个");
        Finding::new(DUPLICATE_KEY, self.here(), message).with_help(help)
    }

    fn needless_name(&self, found: &str) -> Finding {
        let message = LocalText::new(
            format!("`{found}` before the bracket means nothing here"),
            format!("括号前的 `{found}` 在此处没有意义"),
        );
        let help = LocalText::new("begin with the bracket alone: `(`", "请直接以括号 `(` 开头");
        Finding::new(WRONG_TYPE, self.here(), message).with_help(help).with_fix(self.here(), "")
    }

    fn wrong_type(&self, wanted: &ExpectedValue, at: usize) -> Finding {
        let Some(found) = value_at(self.tree, at) else {
            return Finding::new(
                WRONG_TYPE,
                self.here(),
                LocalText::new(format!("expected {}", wanted.en), format!("此处应为{}", wanted.zh)),
            );
        };
        let shown = self.shown(found.node.extent);
        let (en, zh) = match found.name {
            Some(name) => {
                (format!("`{name}` wants {}, found `{shown}`", wanted.en), format!("`{name}` 应为{}，实际为 `{shown}`", wanted.zh))
            }
            None => (format!("expected {}, found `{shown}`", wanted.en), format!("此处应为{}，实际为 `{shown}`", wanted.zh)),
        };
        let span = self.span(narrow(found.node));
        let mut finding = Finding::new(WRONG_TYPE, span, LocalText::new(en, zh)).with_help(wanted.help());
        let is_plain = matches!(found.node.kind, NodeKind::Word(_) | NodeKind::Number(_));
        if wanted.is_text && is_plain {
            finding = finding.with_fix(span, quoted(found.node.plain().unwrap_or_default()));
        }
        finding
    }

    /// The text of a value as far as it fits into a message.
    fn shown(&self, at: ByteRange) -> String {
        let text = self.text.get(at.start..at.end).unwrap_or("");
        let line = text.lines().next().unwrap_or("");
        let short: String = line.chars().take(40).collect();
        if short.len() < text.len() { format!("{short}…") } else { short }
    }
}

/// What to underline for a value: all of it, or the bracket it opens with when it runs over several parts.
fn narrow(node: &RonNode) -> ByteRange {
    match node.kind {
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Parens(..) => {
            ByteRange { start: node.extent.start, end: node.inner.start.max(node.extent.start + 1) }
        }
        NodeKind::Word(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Raw => node.extent,
    }
}

/// A value with the name it goes by.
struct NamedNode<'a> {
    node: &'a RonNode,
    name: Option<&'a str>,
}

/// The value or key at a byte: one that begins there, or else a single one around it or ending there, or else the innermost container.
fn value_at(tree: &RonNode, at: usize) -> Option<NamedNode<'_>> {
    let rank = |node: &RonNode| {
        let ByteRange { start, end } = node.extent;
        let is_single = node.members().is_empty();
        match () {
            () if start == at => Some(0),
            () if start < at && at < end && is_single => Some(1),
            () if end == at && is_single => Some(2),
            () => (start < at && at < end).then_some(3),
        }
    };
    let mut best: Option<(u8, NamedNode<'_>)> = None;
    let mut stack: Vec<(&RonNode, Option<&str>)> = vec![(tree, None)];
    while let Some((node, name)) = stack.pop() {
        if let Some(rank) = rank(node)
            && best.as_ref().is_none_or(|(before, _)| rank <= *before)
        {
            best = Some((rank, NamedNode { node, name }));
        }
        let touches = |part: &RonNode| part.extent.start <= at && at <= part.extent.end;
        for RonMember { label, value } in node.members() {
            stack.extend(label.as_ref().filter(|label| touches(label)).map(|label| (label, None)));
            if touches(value) {
                stack.push((value, label.as_ref().and_then(RonNode::plain)));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// The start of the innermost struct whose closing bracket is at a byte: its first field, or its brackets.
fn struct_ending(tree: &RonNode, at: usize) -> Option<ByteRange> {
    let mut node = tree;
    let mut found = None;
    loop {
        let inner = node.unwrapped();
        if matches!(inner.kind, NodeKind::Parens(..)) && inner.inner.end == at {
            found = Some(inner.head());
        }
        let next = inner.members().iter().find(|member| member.value.extent.start <= at && at < member.value.extent.end);
        match next {
            Some(member) => node = &member.value,
            None => return found,
        }
    }
}
