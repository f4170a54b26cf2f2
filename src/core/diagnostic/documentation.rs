//! What the product says of one kind of finding, in both languages: `countersign explain --finding ID`, SARIF, the screen.

use super::Severity;
use crate::text::{Language, StaticText};

/// An example that is wrong and its mended twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// A rule's script.
    Script {
        /// Wrong.
        wrong: &'static str,
        /// Right.
        right: &'static str,
    },
    /// An entry of a workspace's data file.
    Entry {
        /// Where the entry stands.
        part: Part,
        /// Wrong.
        wrong: &'static str,
        /// Right.
        right: &'static str,
    },
    /// Nothing that text could show.
    None,
}

/// A part of the workspace's files that an example's entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An entry of `parameters` in `ruleset.ron`.
    Parameter,
    /// An entry of `interfaces` in `ruleset.ron`.
    Interface,
    /// An entry of `reasons` in `ruleset.ron`.
    Reason,
    /// An entry of `lists` in `ruleset.ron`.
    List,
    /// A stage in `ruleset.ron`.
    Stage,
    /// A rule of a Screen stage in `ruleset.ron`.
    Rule,
    /// `on_error` in `ruleset.ron`.
    OnError,
    /// `roles` in `schema.ron`.
    Roles,
    /// Lines of the file of a list of whole numbers.
    IntList,
    /// A case in `cases/*.ron`.
    Case,
    /// `shared.rhai`.
    Shared,
    /// The script of a rule in a Limit stage.
    LimitScript,
    /// The script of a rule in a Route stage.
    RouteScript,
}

impl Part {
    /// Where that is, for people.
    #[must_use]
    pub fn text(self) -> StaticText {
        match self {
            Self::Parameter => StaticText::new("in `parameters` of `ruleset.ron`", "`ruleset.ron` 的 `parameters` 中"),
            Self::Interface => StaticText::new("in `interfaces` of `ruleset.ron`", "`ruleset.ron` 的 `interfaces` 中"),
            Self::Reason => StaticText::new("in `reasons` of `ruleset.ron`", "`ruleset.ron` 的 `reasons` 中"),
            Self::List => StaticText::new("in `lists` of `ruleset.ron`", "`ruleset.ron` 的 `lists` 中"),
            Self::Stage => StaticText::new("in `stages` of `ruleset.ron`", "`ruleset.ron` 的 `stages` 中"),
            Self::Rule => {
                StaticText::new("in `rules` of a Screen stage of `ruleset.ron`", "`ruleset.ron` 中 Screen 阶段的 `rules` 中")
            }
            Self::OnError => StaticText::new("in `ruleset.ron`", "`ruleset.ron` 中"),
            Self::Roles => StaticText::new("in `schema.ron`", "`schema.ron` 中"),
            Self::IntList => StaticText::new("in the file of a list of type Int", "Int 类型名单的文件中"),
            Self::Case => StaticText::new("in `cases` of a file under `cases/`", "`cases/` 下某文件的 `cases` 中"),
            Self::Shared => StaticText::new("in `shared.rhai`", "`shared.rhai` 中"),
            Self::LimitScript => StaticText::new("in a rule of a Limit stage", "Limit 阶段的规则中"),
            Self::RouteScript => StaticText::new("in a rule of a Route stage", "Route 阶段的规则中"),
        }
    }

    /// The language of the entry, for highlighting.
    fn syntax(self) -> &'static str {
        match self {
            Self::IntList => "text",
            Self::Shared | Self::LimitScript | Self::RouteScript => "rhai",
            _ => "ron",
        }
    }
}

impl Example {
    /// The wrong text.
    #[must_use]
    pub fn wrong(self) -> &'static str {
        match self {
            Self::Script { wrong, .. } | Self::Entry { wrong, .. } => wrong,
            Self::None => "",
        }
    }

    /// The right text.
    #[must_use]
    pub fn right(self) -> &'static str {
        match self {
            Self::Script { right, .. } | Self::Entry { right, .. } => right,
            Self::None => "",
        }
    }
}

/// Everything said of one kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Documentation {
    /// The finding's id.
    pub id: &'static str,
    /// How much it weighs, as a rule.
    pub severity: Severity,
    /// The fault in a few words.
    pub title: StaticText,
    /// What is found.
    pub what: StaticText,
    /// Why it matters.
    pub why: StaticText,
    /// What is wrong and what is right.
    pub example: Example,
    /// How to mend it.
    pub remedy: StaticText,
}

impl Documentation {
    /// All of it as a page of Markdown.
    #[must_use]
    pub fn page(&self, language: Language) -> String {
        let word = |en: &'static str, zh: &'static str| StaticText::new(en, zh).get(language);
        let mut parts = vec![
            format!("# {}: {}\n", self.id, self.title.get(language)),
            format!("{}: {}\n", word("Severity", "级别"), self.severity.text().get(language)),
            format!("{}\n", self.what.get(language)),
            format!("## {}\n\n{}\n", word("Why it matters", "为什么重要"), self.why.get(language)),
        ];
        let shown = match self.example {
            Example::Script { .. } => Some(("rhai", String::new())),
            Example::Entry { part, .. } => Some((part.syntax(), format!(" ({})", part.text().get(language)))),
            Example::None => None,
        };
        if let Some((syntax, place)) = shown {
            let block = |head: &str, code: &str| format!("## {head}{place}\n\n```{syntax}\n{}\n```\n", code.trim_end());
            parts.push(block(word("Wrong", "错误示例"), self.example.wrong()));
            parts.push(block(word("Right", "正确示例"), self.example.right()));
        }
        parts.push(format!("## {}\n\n{}\n", word("How to fix it", "如何修正"), self.remedy.get(language)));
        parts.join("\n")
    }
}
