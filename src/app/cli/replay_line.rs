//! One line of a decision log, decided again by the release that decided it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::replay_chain::noted;
use countersign_core::gateway::{
    DecisionResponse, Gateway, LogLine, LogNote, LogNoteKind, MASK, Refused, Requirements, Scalar, Serving,
};
use countersign_core::model::FieldType;
use countersign_core::script::Program;
use countersign_core::script::tree::{ExprKind, walk};
use countersign_core::text::{LocalText, StaticText};

/// Reads a line; none where it is no line of a decision log, or of a format that this program does not read.
pub fn read(text: &str) -> Option<LogLine> {
    serde_json::from_str::<LogLine>(text).ok().filter(LogLine::is_known)
}

pub enum LogEntry {
    Decision(Box<LogLine>),
    Note(LogNote),
}

pub fn read_bytes(line: &[u8]) -> Option<LogEntry> {
    let text = std::str::from_utf8(line).ok()?;
    let note = || serde_json::from_str::<LogNote>(text).ok().filter(LogNote::is_known).map(LogEntry::Note);
    read(text).map(|line| LogEntry::Decision(Box::new(line))).or_else(note)
}

/// A line and what came of it.
pub struct Replayed {
    /// Which of the logs it is in, from 0.
    pub log: usize,
    /// Its number, from 1.
    pub number: usize,
    pub key: String,
    pub outcome: ReplayOutcome,
}

/// What came of deciding a line again.
pub enum ReplayOutcome {
    Same,
    /// The same decision, but rules look at fields that are masked.
    SameAsSeen,
    /// Another decision, and these rules look at fields that are masked: nothing can be said.
    Masked(Vec<String>),
    /// Another decision: what differs.
    Diverged(LocalText),
    /// No line of a log, or a request that does not fit its release.
    Unreadable(LocalText),
    UnknownRelease(String),
    /// The line does not follow the one before, or the log does not hold what was written.
    Broken(LocalText),
    /// A line that was cut while it was written: nobody was answered by it.
    Torn,
    Noted(LogNoteKind),
}

impl ReplayOutcome {
    /// Every outcome with its name.
    pub const NAMES: [(&'static str, StaticText); 9] = [
        ("same", StaticText::new("lines get the same decision", "行得到相同的决策")),
        (
            "same_as_seen",
            StaticText::new(
                "lines get the same decision as far as can be seen: rules look at masked fields",
                "行在可见范围内得到相同的决策：有规则读取了已遮盖的字段",
            ),
        ),
        (
            "masked",
            StaticText::new("lines cannot be replayed: rules look at masked fields", "行无法重放：有规则读取了已遮盖的字段"),
        ),
        ("diverged", StaticText::new("lines get another decision", "行得到不同的决策")),
        ("unreadable", StaticText::new("lines cannot be read", "行无法读取")),
        ("unknown_release", StaticText::new("lines were decided by a release that was not given", "行由未提供的发布作出决策")),
        (
            "broken_chain",
            StaticText::new(
                "breaks of the chain: lines were cut, left out, edited or put in",
                "处断链：有行被删去、遗漏、修改或插入",
            ),
        ),
        (
            "torn",
            StaticText::new(
                "lines were cut while they were written: nobody was answered by them",
                "行在写入时中断：未据此应答任何请求",
            ),
        ),
        ("note", StaticText::new("notes of the log about itself", "条日志自身的说明")),
    ];

    /// What is no line of a log.
    pub fn unreadable() -> Self {
        Self::Unreadable(LocalText::new("this is no line of a decision log", "这不是决策日志的一行"))
    }

    /// Whether the log, or a decision in it, is not as it should be.
    pub fn is_bad(&self) -> bool {
        match self {
            Self::Diverged(_) | Self::Unreadable(_) | Self::UnknownRelease(_) | Self::Broken(_) => true,
            Self::Noted(note) => matches!(note, LogNoteKind::Missing { .. }),
            Self::Same | Self::SameAsSeen | Self::Masked(_) | Self::Torn => false,
        }
    }

    /// The outcome's word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::SameAsSeen => "same_as_seen",
            Self::Masked(_) => "masked",
            Self::Diverged(_) => "diverged",
            Self::Unreadable(_) => "unreadable",
            Self::UnknownRelease(_) => "unknown_release",
            Self::Broken(_) => "broken_chain",
            Self::Torn => "torn",
            Self::Noted(_) => "note",
        }
    }

    /// What there is to say of the line; nothing where all is well.
    pub fn why(&self) -> Option<LocalText> {
        match self {
            Self::Same | Self::SameAsSeen | Self::Torn | Self::Noted(LogNoteKind::Opened | LogNoteKind::Closed) => None,
            Self::Noted(note) => Some(noted(note)),
            Self::Masked(rules) => {
                let rules = rules.join("`, `");
                Some(LocalText::new(
                    format!("another decision, but `{rules}` look at masked fields"),
                    format!("决策不同，但 `{rules}` 读取了已遮盖的字段"),
                ))
            }
            Self::Diverged(why) | Self::Unreadable(why) | Self::Broken(why) => Some(why.clone()),
            Self::UnknownRelease(digest) => Some(LocalText::new(
                format!("release {digest} was not given; name its file with `--release`"),
                format!("未提供发布 {digest}；请用 `--release` 指定其文件"),
            )),
        }
    }
}

pub struct Deciding {
    serving: Arc<Serving>,
    /// Fields by name, with the rules whose scripts look at them.
    readers: BTreeMap<String, BTreeSet<String>>,
}

impl Deciding {
    /// Loads a release, approved or not: what it decided, it decided.
    pub fn load(name: &str, bytes: &[u8]) -> Result<Self, Refused> {
        let serving = Gateway::load(name, bytes, Requirements::nothing())?.last();
        let definition = serving.release().definition();
        let program = Program::compile(definition).program;
        let mut readers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (index, _, rule) in definition.rule_set.rules() {
            let Some(tree) = program.tree(index) else { continue };
            walk(tree, &mut |expr| {
                if let ExprKind::Field(field) = expr.kind
                    && let Some(name) = definition.schema.name_of(field)
                {
                    readers.entry(name).or_default().insert(rule.id.to_string());
                }
            });
        }
        Ok(Self { serving, readers })
    }

    /// The release's digest, as lines name it.
    pub fn digest(&self) -> String {
        self.serving.release().digest().to_string()
    }

    pub fn replay(&self, line: &LogLine) -> ReplayOutcome {
        let schema = &self.serving.release().definition().schema;
        let mut request = self.serving.request();
        for (name, value) in &line.request {
            request.set(name, value.clone());
        }
        for name in &line.masked {
            // Something must stand in a text field; nothing can stand in for a number.
            if schema.find(name).is_some_and(|(_, field)| field.kind == FieldType::Text) {
                request.set(name, Scalar::from(MASK));
            }
        }
        // A line holds only what had a value.
        for name in self.serving.derived_fields() {
            if !line.request.contains_key(name.as_str()) && !line.masked.contains(&name) {
                request.set(&name, Scalar::Missing(()));
            }
        }
        let request = match request.finish() {
            Ok(request) => request,
            Err(errors) => {
                let why = errors.to_string();
                return ReplayOutcome::Unreadable(LocalText::new(
                    format!("the request does not fit the release: {why}"),
                    format!("请求不符合该发布的请求结构：{why}"),
                ));
            }
        };
        let now = self.serving.answer(&self.serving.decide(&request));
        let rules: BTreeSet<&str> =
            line.masked.iter().filter_map(|name| self.readers.get(name)).flatten().map(String::as_str).collect();
        match (now == line.answer, rules.is_empty()) {
            (true, true) => ReplayOutcome::Same,
            (true, false) => ReplayOutcome::SameAsSeen,
            (false, false) => ReplayOutcome::Masked(rules.into_iter().map(str::to_owned).collect()),
            (false, true) => ReplayOutcome::Diverged(differs(&line.answer, &now)),
        }
    }
}

/// What differs between two answers, part by part.
fn differs(logged: &DecisionResponse, now: &DecisionResponse) -> LocalText {
    let value = |answer: &DecisionResponse| serde_json::to_value(answer).unwrap_or_default();
    let (logged, now) = (value(logged), value(now));
    let empty = serde_json::Map::new();
    let parts = logged.as_object().unwrap_or(&empty).iter().filter(|(name, value)| now.get(name) != Some(value));
    let said: Vec<String> =
        parts.map(|(name, value)| format!("{name} {value} → {}", now.get(name).unwrap_or(&serde_json::Value::Null))).collect();
    LocalText::new(format!("another decision: {}", said.join("; ")), format!("决策不同：{}", said.join("；")))
}
