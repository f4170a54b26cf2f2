//! A release's file as the model: every id, time, number and name is read, and whatever does not fit is a finding with its place.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use crate::check::kinds::DUPLICATE_ID;
use crate::diagnostic::{Finding, FindingKind};
use crate::model::{List, ListEntries, ListType, Moment, RuleId, Script};
use crate::raw::read::{RawPlace, RawSource};
use crate::raw::{ListText, ReleaseForm, ScriptText};
use crate::release::refusal::{self, export_again, refuse};
use crate::text::{LocalText, Places, Sources, Span};

/// Gathers what does not fit; the path is that of the file: `rule_set.stages.access.rules.r2`.
pub(in crate::release) struct ReleaseReading<'a> {
    pub(in crate::release) findings: Vec<Finding>,
    pub(in crate::release) text: &'a str,
    pub(in crate::release) places: &'a Places,
    pub(in crate::release) sources: &'a mut Sources,
}

impl<'a> ReleaseReading<'a> {
    /// A part of the file, such as `schema`.
    pub(in crate::release) fn part(&self, path: &str) -> ReleasePlace<'a> {
        ReleasePlace { text: self.text, places: self.places, path: path.to_owned() }
    }

    /// Notes a value that does not fit.
    pub(in crate::release) fn wrong(&mut self, kind: &'static FindingKind, path: &str, message: LocalText) {
        self.refuse(kind, self.places.find(path), message);
    }

    fn refuse(&mut self, kind: &'static FindingKind, span: Option<Span>, message: LocalText) {
        self.findings.push(refuse(kind, span, message, export_again()));
    }

    pub(super) fn not(&mut self, path: &str, text: &str, en: &str, zh: &str) {
        let message = LocalText::new(format!("`{text}` is not {en}"), format!("`{text}` 不是{zh}"));
        self.wrong(refusal::VALUE, path, message);
    }

    pub(super) fn once<T: Hash + Eq>(&mut self, seen: &mut HashSet<T>, value: T, path: &str, text: &str) {
        if !seen.insert(value) {
            let message = LocalText::new(format!("`{text}` appears twice"), format!("`{text}` 出现了两次"));
            self.wrong(refusal::DUPLICATE, path, message);
        }
    }

    /// A time with its offset.
    pub(in crate::release) fn moment(&mut self, path: &str, text: &str) -> Option<Moment> {
        let read = Moment::try_from(text.to_owned()).ok();
        if read.is_none() {
            self.not(
                path,
                text,
                "a time with an offset such as `2014-03-24T00:00:00+08:00`",
                "带时区的时间，例如 `2014-03-24T00:00:00+08:00`",
            );
        }
        read
    }

    fn add_script(&mut self, script: &ScriptText) -> Script {
        let text: Arc<str> = script.text.as_str().into();
        let source = self.sources.add(script.file.clone(), Arc::clone(&text));
        Script { file: script.file.clone(), text, source }
    }
}

impl RawSource for ReleaseReading<'_> {
    type Form = ReleaseForm;

    /// Nobody edits a release, so fixes are left out.
    fn wrong(&mut self, finding: Finding) {
        let kind = if finding.kind == DUPLICATE_ID { refusal::DUPLICATE } else { refusal::VALUE };
        self.refuse(kind, finding.span, finding.message);
    }

    fn finding_count(&self) -> usize {
        self.findings.len()
    }

    fn script(&mut self, written: &ScriptText, _: &impl RawPlace) -> Script {
        self.add_script(written)
    }

    fn condition(&mut self, _: &RuleId, written: &ScriptText) -> Script {
        self.add_script(written)
    }

    fn list(&mut self, id: &str, written: &ListText, at: &impl RawPlace) -> Option<List> {
        let mut wrong = |en: &str, zh: &str| {
            let message = LocalText::new(format!("the entries of `{id}` {en}"), format!("名单 `{id}` 的条目{zh}"));
            self.refuse(refusal::LIST, Some(at.field("entries").span()), message);
        };
        let lines: Vec<&str> = written.entries.split_terminator('\n').collect();
        if !written.entries.is_empty() && !written.entries.ends_with('\n') {
            wrong("do not end with a line break", "末尾缺少换行");
            return None;
        }
        if u64::try_from(lines.len()).ok() != Some(written.count) {
            wrong(
                &format!("are {}, not {} as stated", lines.len(), written.count),
                &format!("共 {} 条，与声明的 {} 条不符", lines.len(), written.count),
            );
            return None;
        }
        let entries = match written.kind {
            ListType::Text => {
                let ascending = lines.is_sorted_by(|one, next| one < next);
                ascending.then(|| ListEntries::Text(lines.into_iter().map(Arc::from).collect()))
            }
            ListType::Int => {
                let numbers: Option<Arc<[i64]>> = lines.iter().map(|line| line.parse().ok()).collect();
                numbers.filter(|numbers| numbers.is_sorted_by(|one, next| one < next)).map(ListEntries::Int)
            }
        };
        if entries.is_none() {
            wrong("are not of its type, or not sorted, or not unique", "类型不符、未排序或有重复");
        }
        Some(List { title: written.title.clone(), kind: written.kind, file: written.file.clone(), entries: entries? })
    }
}

/// A part of a release file by the path that its printer gives it.
#[derive(Clone)]
pub(in crate::release) struct ReleasePlace<'a> {
    text: &'a str,
    places: &'a Places,
    path: String,
}

impl ReleasePlace<'_> {
    fn below(&self, name: &str) -> Self {
        Self { path: format!("{}.{name}", self.path), ..self.clone() }
    }
}

impl RawPlace for ReleasePlace<'_> {
    fn span(&self) -> Span {
        self.places.find(&self.path).unwrap_or_default()
    }

    fn field(&self, name: &str) -> Self {
        match name {
            // What is wrong with an id is wrong with all that it names.
            "id" => self.clone(),
            "type" => self.below("kind"),
            other => self.below(other),
        }
    }

    fn entry(&self, _: usize, id: &str) -> Self {
        self.below(id)
    }

    fn key(&self, _: usize, id: &str) -> Span {
        self.below(id).span()
    }

    fn content(&self) -> Self {
        self.clone()
    }

    fn shown(&self) -> String {
        self.text.get(self.span().range()).unwrap_or_default().to_owned()
    }
}

/// What is absent stays absent; what is there must have been read.
#[expect(clippy::option_option, reason = "absent, unreadable and read are three things")]
pub(super) fn absent_or_read<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(None) => None,
        Some(read) => Some(read),
    }
}
