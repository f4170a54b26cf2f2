//! The text of scripts: typing, and remedies with one click.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition, no_rule, rule_mut};
use crate::draft::Draft;
use crate::draft::ScriptRef;
use crate::history::EditJoin;
use countersign_core::model::{Definition, Script};
use countersign_core::script;
use countersign_core::text::LocalText;

/// The longest text that is taken, in bytes: what the workspace can save and load again.
const LONGEST: usize = 1 << 20;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ScriptAction {
    /// The whole text as it is now; typing within a second is one step to undo.
    SetText(ScriptRef, String),
    /// The whole text after an input method put a word into it: one step to undo.
    Commit(ScriptRef, String),
    /// Puts a text in the place of some bytes: a remedy, a completion.
    Replace {
        script: ScriptRef,
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
        /// What is there now; when it does not, the remedy is out of date and refused.
        was: String,
        with: String,
    },
    /// Lays the text out evenly; it means what it meant.
    Format(ScriptRef),
}

pub(super) fn apply(draft: &Draft, action: ScriptAction) -> EditResult {
    match action {
        ScriptAction::SetText(script, text) => set_text(draft, &script, text, true),
        ScriptAction::Commit(script, text) => set_text(draft, &script, text, false),
        ScriptAction::Replace { script, start, end, was, with } => replace(draft, &script, (start, end), &was, &with),
        ScriptAction::Format(script) => format(draft, &script),
    }
}

fn set_text(draft: &Draft, script: &ScriptRef, text: String, joins: bool) -> EditResult {
    let place = file(draft, script)?;
    let label = LocalText::new(format!("edit `{place}`"), format!("编辑 `{place}`"));
    let before = draft.script(script).map(|script| Arc::clone(&script.text)).unwrap_or_default();
    // A step of its own for each word: they differ in how many words come before what is typed.
    let same = before.chars().zip(text.chars()).take_while(|(old, new)| old == new);
    let words = same.filter(|(old, _)| old.is_whitespace()).count();
    put(draft, script, text, label, joins.then(|| EditJoin::new("script", format!("{place}#{words}"))))
}

fn replace(draft: &Draft, script: &ScriptRef, (start, end): (u32, u32), was: &str, with: &str) -> EditResult {
    let place = file(draft, script)?;
    let text = draft.script(script).map(|script| Arc::clone(&script.text)).unwrap_or_default();
    let (start, end) = (start as usize, end as usize);
    let (Some(before), Some(found), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..)) else {
        return Err(out_of_date(&place));
    };
    if found != was {
        return Err(out_of_date(&place));
    }
    let label = LocalText::new(format!("fix `{place}`: `{}`", short(with)), format!("修正 `{place}`：`{}`", short(with)));
    put(draft, script, format!("{before}{with}{after}"), label, None)
}

fn format(draft: &Draft, script: &ScriptRef) -> EditResult {
    let place = file(draft, script)?;
    let text = draft.script(script).map(|script| Arc::clone(&script.text)).unwrap_or_default();
    let laid_out = script::format::format(&text).ok_or_else(|| {
        let en = format!("`{place}` cannot be laid out before its first error is fixed");
        LocalText::new(en, format!("请先修正 `{place}` 中的错误，再整理格式"))
    })?;
    let label = LocalText::new(format!("format `{place}`"), format!("整理 `{place}` 格式"));
    put(draft, script, laid_out, label, None)
}

/// Enough of a text to recognise it on one line.
fn short(text: &str) -> String {
    let line: String = text.chars().take(30).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < text.len() { format!("{line}…") } else { line }
}

fn out_of_date(place: &str) -> LocalText {
    LocalText::new(format!("`{place}` has changed since; nothing was replaced"), format!("`{place}` 在此之后已被修改，未做替换"))
}

fn file(draft: &Draft, script: &ScriptRef) -> Result<String, LocalText> {
    match (draft.script(script), script) {
        (Some(script), _) => Ok(script.file.clone()),
        (None, ScriptRef::Rule(id)) => Err(no_rule(id.as_str())),
        (None, ScriptRef::Shared) => Err(LocalText::new("the rule set has no shared script", "规则集没有共享脚本")),
    }
}

fn put(draft: &Draft, script: &ScriptRef, text: String, label: LocalText, joins: Option<EditJoin>) -> EditResult {
    if text.len() > LONGEST {
        let (size, limit) = (text.len(), LONGEST);
        return Err(LocalText::new(
            format!("a text of {size} bytes is no script; at most {limit} are taken"),
            format!("{size} 字节的文本超过脚本上限 {limit} 字节"),
        ));
    }
    let text: Arc<str> = Arc::from(text);
    edit_definition(draft, label, joins, |definition| {
        let place = place(definition, script)?;
        place.text = Arc::clone(&text);
        let (source, file) = (place.source, place.file.clone());
        definition.sources.replace(source, file, text);
        Ok(())
    })
}

fn place<'a>(definition: &'a mut Definition, script: &ScriptRef) -> Result<&'a mut Script, LocalText> {
    match script {
        ScriptRef::Rule(id) => Ok(&mut rule_mut(&mut definition.rule_set, id.as_str())?.script),
        ScriptRef::Shared => definition
            .rule_set
            .shared
            .as_mut()
            .ok_or_else(|| LocalText::new("the rule set has no shared script", "规则集没有共享脚本")),
    }
}
