//! Text in both languages of the product.

use serde::{Deserialize, Serialize};

/// A language a person can read the product in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese, 简体中文.
    #[serde(rename = "zh")]
    Zh,
}

impl Language {
    /// The language of an environment after POSIX: Chinese where the locale says `zh`.
    #[must_use]
    pub fn of(environment: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| environment(name).filter(|value| !value.is_empty()));
        if locale.is_some_and(|locale| locale.starts_with("zh")) { Self::Zh } else { Self::En }
    }

    /// The language of the environment this process has.
    #[must_use]
    pub fn of_environment() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// The language's tag for other programs: `en`, `zh-CN`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// A text in both languages that is part of the program: documentation, titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaticText {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl StaticText {
    /// Both halves.
    #[must_use]
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }

    /// The half for `language`.
    #[must_use]
    pub fn get(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }

    /// The same text as one of the user's kind.
    #[must_use]
    pub fn local(self) -> LocalText {
        LocalText::new(self.en, self.zh)
    }
}

/// One text in English and Chinese; an empty half is a finding (`missing-translation`), never an error here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl LocalText {
    /// Both halves.
    #[must_use]
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The same text for both: names, numbers, words of another program.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
    }

    /// The half for `language`, or the other one where that is empty.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        let (wanted, other) = match language {
            Language::En => (&self.en, &self.zh),
            Language::Zh => (&self.zh, &self.en),
        };
        if wanted.is_empty() { other } else { wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_locale() {
        let of = |known: &'static [(&str, &str)]| {
            Language::of(|name| known.iter().find(|(held, _)| *held == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Language::Zh);
        assert_eq!(of(&[]), Language::En);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "zh_CN")]), Language::Zh);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "zh_CN")]), Language::En);
    }
}
