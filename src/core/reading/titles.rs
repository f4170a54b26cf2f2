//! What fields and parameters are called in a sentence: the beginning of their text, where no other begins alike.

use std::collections::HashMap;

use crate::model::Definition;
use crate::text::{Language, LocalText};

/// The titles by position.
pub(super) struct Titles {
    pub(super) fields: Vec<LocalText>,
    pub(super) parameters: Vec<LocalText>,
}

impl Titles {
    pub(super) fn new(definition: &Definition) -> Self {
        let fields: Vec<(String, &LocalText)> = definition.schema.fields().map(|(_, name, field)| (name, &field.text)).collect();
        let parameters = definition.rule_set.parameters.iter().map(|(id, parameter)| (id.to_string(), &parameter.text));
        let parameters: Vec<(String, &LocalText)> = parameters.collect();
        Self { fields: distinct(&fields), parameters: distinct(&parameters) }
    }
}

/// A title each: the beginning of its text, its whole text, or its text with its name, whichever is the first that no other has.
fn distinct(named: &[(String, &LocalText)]) -> Vec<LocalText> {
    let of = |language: Language| -> Vec<String> {
        let mut heads: HashMap<&str, usize> = HashMap::new();
        let mut wholes: HashMap<&str, usize> = HashMap::new();
        for (_, text) in named {
            *heads.entry(head(text.get(language))).or_default() += 1;
            *wholes.entry(text.get(language)).or_default() += 1;
        }
        let title = |(name, text): &(String, &LocalText)| {
            let text = text.get(language);
            let is_one = |known: &HashMap<&str, usize>, text: &str| known.get(text) == Some(&1) && !text.is_empty();
            if is_one(&heads, head(text)) {
                head(text).to_owned()
            } else if is_one(&wholes, text) {
                text.to_owned()
            } else {
                format!("{text} {name}").trim_start().to_owned()
            }
        };
        named.iter().map(title).collect()
    };
    of(Language::En).into_iter().zip(of(Language::Zh)).map(|(en, zh)| LocalText { en, zh }).collect()
}

/// A text up to its first comma, semicolon, colon or bracket.
pub(super) fn head(text: &str) -> &str {
    let end = text.find([',', ';', ':', '(', '，', '；', '：', '（']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end()
}
