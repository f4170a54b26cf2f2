//! Personal values: never shown or copied in full, and replaced by made-up ones where a request becomes a case.

use std::sync::Arc;

use countersign_core::model::{Definition, Field, Value, Zone};

/// A value as tables show it; a personal one is cut to what tells rows apart: `•••4f2a`.
pub fn shown(field: &Field, value: &Value, zone: Zone) -> String {
    let text = value.show(zone);
    if field.personal { masked(&text) } else { text }
}

/// The last four characters of a long text, nothing of a short one.
pub fn masked(text: &str) -> String {
    let count = text.chars().count();
    if count == 0 {
        return String::new();
    }
    let kept = if count >= 12 { 4 } else { 0 };
    let tail: String = text.chars().skip(count - kept).collect();
    format!("•••{tail}")
}

/// A made-up value for a personal one: the same value always the same, unlike for other fields. A value on a list stays on it only
/// where the list says so, so entries of lists stay as they are: they are in the workspace already.
pub(crate) fn placeholder(field: &str, value: &Value, definition: &Definition) -> Value {
    let Value::Text(text) = value else { return value.clone() };
    if definition.rule_set.lists.values().any(|list| list.entries.contains_text(text)) {
        return value.clone();
    }
    let digest = countersign_core::release::Digest::of(format!("{field}\0{text}").as_bytes()).to_string();
    let tail: String = digest.chars().rev().filter(char::is_ascii_alphanumeric).take(12).collect();
    Value::Text(Arc::from(format!("case_{tail}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_never_shows_most_of_a_value() {
        for (text, wanted) in [("", ""), ("138", "•••"), ("13812345678", "•••"), ("330106199001011234", "•••1234"), ("张三", "•••")]
        {
            assert_eq!(masked(text), wanted);
        }
    }
}
