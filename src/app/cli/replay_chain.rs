//! The chain of a decision log: that no line was cut, left out, edited or put in.

use countersign_core::gateway::{Digest, LogEnd, LogNoteKind};
use countersign_core::text::LocalText;

/// A line that must be in the log, and who says so.
pub struct Anchor {
    pub end: LogEnd,
    /// Where that is known from.
    pub from: LocalText,
    is_found: bool,
}

impl Anchor {
    /// A line that must be in the log.
    pub fn new(end: LogEnd, from: LocalText) -> Self {
        Self { end, from, is_found: end.number == 0 }
    }

    /// Reads `NUMBER:DIGEST`.
    ///
    /// # Errors
    /// It has another form.
    pub fn parse(text: &str) -> Result<LogEnd, String> {
        let end = text
            .split_once(':')
            .and_then(|(number, digest)| Some(LogEnd { number: number.parse().ok()?, digest: Digest::parse(digest)? }));
        end.ok_or_else(|| {
            "an anchor is a line's number and digest, `17:sha256:…`, as the gateway's `GET /release` shows them".to_owned()
        })
    }
}

/// Follows a chain line by line.
pub struct LogChain {
    last: Option<LogEnd>,
    anchors: Vec<Anchor>,
    /// Bytes of lines that could not be read, since the last one that could.
    unread: Vec<u8>,
}

impl LogChain {
    /// A chain that has not begun.
    pub fn new(anchors: Vec<Anchor>) -> Self {
        Self { last: None, anchors, unread: Vec::new() }
    }

    /// Takes a line that cannot be read.
    pub fn skip(&mut self, line: &[u8]) {
        if !self.unread.is_empty() {
            self.unread.push(b'\n');
        }
        self.unread.extend_from_slice(line);
    }

    /// Whether a note explains the lines that could not be read: they are one line, cut while it was written.
    pub fn explains(&self, note: &LogNoteKind) -> bool {
        let LogNoteKind::Torn { digest, .. } = note else { return false };
        // The gateway ends the cut line before it notes it; where it ended already, that is part of what was found.
        Digest::of(&self.unread) == *digest || Digest::of(&[&self.unread[..], b"\n"].concat()) == *digest
    }

    /// Takes a line with its place; says where it does not follow the one before. A line without a place follows only others without.
    pub fn follow(&mut self, line: &[u8], place: Option<(u64, Digest)>, note: Option<&LogNoteKind>) -> Option<LocalText> {
        self.unread.clear();
        let Some((number, previous)) = place else {
            return self.last.is_some().then(|| LocalText::new("the line has no place in the chain", "该行不在链中"));
        };
        let wrong = match self.last {
            None => begins(number, previous, note),
            Some(last) => continues(last, number, previous),
        };
        let end = LogEnd { number, digest: Digest::of(line) };
        self.last = Some(end);
        let mut other = None;
        for anchor in self.anchors.iter_mut().filter(|anchor| anchor.end.number == number) {
            anchor.is_found = true;
            if anchor.end != end {
                other = Some(LocalText::new(
                    format!("{}: line {number} was another one", anchor.from.en),
                    format!("{}：第 {number} 行原为另一内容", anchor.from.zh),
                ));
            }
        }
        wrong.or(other)
    }

    /// What the log must hold and does not: it was cut at its end.
    pub fn cut(&self) -> Option<LocalText> {
        let missing = self.anchors.iter().filter(|anchor| !anchor.is_found).max_by_key(|anchor| anchor.end.number)?;
        let last = self.last.map_or(0, |last| last.number);
        let number = missing.end.number;
        Some(LocalText::new(
            format!("{}: line {number} was written, and the log ends with line {last}", missing.from.en),
            format!("{}：已写到第 {number} 行，而日志止于第 {last} 行", missing.from.zh),
        ))
    }
}

fn begins(number: u64, previous: Digest, note: Option<&LogNoteKind>) -> Option<LocalText> {
    let is_first = number == 1 && previous == LogEnd::start().digest;
    if is_first || matches!(note, Some(LogNoteKind::Continues { .. } | LogNoteKind::Missing { .. })) {
        return None;
    }
    Some(LocalText::new(
        format!(
            "the log begins with line {number}: the lines before it were cut, or are in an older file that has to be given before this one"
        ),
        format!("日志从第 {number} 行开始：之前的行被删去，或在须先给出的旧文件中"),
    ))
}

fn continues(last: LogEnd, number: u64, previous: Digest) -> Option<LocalText> {
    let next = last.number + 1;
    if number > next {
        let end = number - 1;
        return Some(LocalText::new(
            format!("lines {next} to {end} are missing before line {number}"),
            format!("第 {number} 行之前缺少第 {next} 至 {end} 行"),
        ));
    }
    if number < next {
        return Some(LocalText::new(
            format!("line {number} comes after line {}: lines were doubled or put in", last.number),
            format!("第 {number} 行出现在第 {} 行之后：有行被重复或插入", last.number),
        ));
    }
    (previous != last.digest).then(|| {
        LocalText::new(
            format!("line {} was edited, or another line stood before line {number}", last.number),
            format!("第 {} 行被修改，或第 {number} 行之前原为另一行", last.number),
        )
    })
}

pub fn noted(note: &LogNoteKind) -> LocalText {
    match note {
        LogNoteKind::Opened => LocalText::new("a gateway began to write", "网关开始写日志"),
        LogNoteKind::Closed => LocalText::new("the gateway ended in order", "网关正常停止"),
        LogNoteKind::Continues { file } => LocalText::new(format!("continues `{file}`"), format!("接续 `{file}`")),
        LogNoteKind::Torn { bytes, .. } => LocalText::new(
            format!("a line of which {bytes} bytes were written when the gateway was stopped: nobody was answered by it"),
            format!("网关中止时只写入了 {bytes} 字节的一行：未据此应答任何请求"),
        ),
        LogNoteKind::Missing { found, written, .. } => LocalText::new(
            format!("at a start the log ended with line {found}, and line {written} had been written: lines were lost or cut"),
            format!("启动时日志止于第 {found} 行，而此前已写到第 {written} 行：有行丢失或被删去"),
        ),
    }
}
