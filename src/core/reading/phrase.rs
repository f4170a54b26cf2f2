//! Words in both languages, in parts: what names a field, a parameter or a value is known, so that a window can show and change it.

use crate::model::{FieldIndex, ListIndex, ParameterIndex, Verdict};
use crate::text::{Language, LocalText};

/// What a part of a phrase refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Words between the others.
    Words,
    /// The title of a field.
    Field(FieldIndex),
    /// A value that the script writes out.
    Value,
    /// The title of a parameter.
    Parameter(ParameterIndex),
    /// What a parameter is set to.
    ParameterValue(ParameterIndex),
    /// The title of a list.
    List(ListIndex),
    /// What is done with the request.
    Verdict(Verdict),
}

/// A part of a phrase in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhrasePart {
    /// What it refers to.
    pub kind: PartKind,
    /// As it is shown, with its quotation marks.
    pub text: String,
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// English.
    pub en: Vec<PhrasePart>,
    /// Simplified Chinese.
    pub zh: Vec<PhrasePart>,
}

impl Phrase {
    /// One part.
    pub(super) fn part(kind: PartKind, text: &LocalText) -> Self {
        let half = |text: &str| vec![PhrasePart { kind, text: text.to_owned() }];
        Self { en: half(text.get(Language::En)), zh: half(text.get(Language::Zh)) }
    }

    /// Plain words.
    pub(super) fn words(en: &str, zh: &str) -> Self {
        Self::part(PartKind::Words, &LocalText::new(en, zh))
    }

    /// A value that a script writes out.
    pub(super) fn value(text: &LocalText) -> Self {
        Self::part(PartKind::Value, text)
    }

    /// A text of both languages in which `{0}` stands for the first phrase, `{1}` for the second; what stands in `[` and `]` is left out
    /// where it names a phrase that is not there.
    pub(super) fn of(en: &str, zh: &str, phrases: &[&Self]) -> Self {
        let mut made = Self::default();
        fill(&mut made.en, en, &|at| phrases.get(at).map(|phrase| phrase.en.as_slice()), false);
        fill(&mut made.zh, zh, &|at| phrases.get(at).map(|phrase| phrase.zh.as_slice()), true);
        made
    }

    /// Several phrases with words between them.
    pub(super) fn joined(phrases: &[Self], en: &str, zh: &str) -> Self {
        let mut made = Self::default();
        for (at, phrase) in phrases.iter().enumerate() {
            for (half, more, between, wide) in [(&mut made.en, &phrase.en, en, false), (&mut made.zh, &phrase.zh, zh, true)] {
                if at > 0 {
                    push(half, PhrasePart { kind: PartKind::Words, text: between.to_owned() }, wide);
                }
                for part in more {
                    push(half, part.clone(), wide);
                }
            }
        }
        made
    }

    /// With a capital letter at the start of the English half.
    pub(super) fn capitalised(mut self) -> Self {
        if let Some(first) = self.en.first_mut() {
            let mut chars = first.text.chars();
            if let Some(letter) = chars.next() {
                first.text = letter.to_uppercase().chain(chars).collect();
            }
        }
        self
    }

    /// The parts for a language.
    #[must_use]
    pub fn parts(&self, language: Language) -> &[PhrasePart] {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// The whole, without its parts.
    #[must_use]
    pub fn text(&self) -> LocalText {
        let whole = |parts: &[PhrasePart]| parts.iter().map(|part| part.text.as_str()).collect::<String>();
        LocalText { en: whole(&self.en), zh: whole(&self.zh) }
    }
}

fn fill<'a>(made: &mut Vec<PhrasePart>, template: &str, phrase: &impl Fn(usize) -> Option<&'a [PhrasePart]>, wide: bool) {
    let mut rest = template;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, from) = rest.split_at(at);
        push_words(made, before, wide);
        let (close, optional) = if from.starts_with('[') { (']', true) } else { ('}', false) };
        let Some(end) = from.find(close) else { return push_words(made, from, wide) };
        let inside = from.get(1..end).unwrap_or_default();
        if optional {
            let named = inside.split_once('{').and_then(|(_, rest)| rest.split_once('}')?.0.parse().ok());
            if named.is_some_and(|at| phrase(at).is_some()) {
                fill(made, inside, phrase, wide);
            }
        } else if let Some(parts) = inside.parse().ok().and_then(phrase) {
            for part in parts {
                push(made, part.clone(), wide);
            }
        }
        rest = from.get(end + 1..).unwrap_or_default();
    }
    push_words(made, rest, wide);
}

fn push_words(made: &mut Vec<PhrasePart>, text: &str, wide: bool) {
    if !text.is_empty() {
        push(made, PhrasePart { kind: PartKind::Words, text: text.to_owned() }, wide);
    }
}

/// Adds a part, with a space between Chinese and a number or a Latin letter.
fn push(made: &mut Vec<PhrasePart>, part: PhrasePart, wide: bool) {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_narrow = |c: char| c.is_ascii_alphanumeric() || matches!(c, '¥' | '-' | '%' | '(' | ')');
    if wide
        && let (Some(last), Some(first)) = (made.last().and_then(|last| last.text.chars().last()), part.text.chars().next())
        && (is_chinese(last) && is_narrow(first) || is_narrow(last) && is_chinese(first))
        && let Some(last) = made.last_mut()
    {
        if last.kind == PartKind::Words {
            last.text.push(' ');
        } else {
            made.push(PhrasePart { kind: PartKind::Words, text: " ".to_owned() });
        }
    }
    match made.last_mut() {
        Some(last) if last.kind == PartKind::Words && part.kind == PartKind::Words => last.text.push_str(&part.text),
        _ => made.push(part),
    }
}
