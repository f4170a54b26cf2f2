//! Kinds of findings: each is declared once, with [`finding_kinds!`](crate::finding_kinds), in the module that reports it.

use std::fmt;

use super::Severity;
use crate::text::Language;

/// A kind of finding. Its page in `docs/findings` is its documentation in the terminal, in SARIF and on the web.
#[derive(PartialEq, Eq)]
pub struct FindingKind {
    id: &'static str,
    severity: Severity,
    page_en: &'static str,
    page_zh: &'static str,
}

/// Only the id: pages are long.
impl fmt::Debug for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl FindingKind {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(id: &'static str, severity: Severity, page_en: &'static str, page_zh: &'static str) -> Self {
        Self { id, severity, page_en, page_zh }
    }

    /// Stable and kebab-case: `unknown-field`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The severity of its findings; a few weigh less, see [`Finding::with_severity`](super::Finding::with_severity).
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The whole page, in Markdown: `# id: title`, the severity, what is found, then a section each for the reason, the example if
    /// there is one, and the remedy.
    #[must_use]
    pub fn page(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.page_en,
            Language::Zh => self.page_zh,
        }
    }

    /// The fault in a few words.
    #[must_use]
    pub fn title(&self, language: Language) -> &'static str {
        self.page(language).lines().next().and_then(|line| line.split_once(": ")).map_or("", |(_, title)| title)
    }

    /// One paragraph.
    #[must_use]
    pub fn what_is_found(&self, language: Language) -> &'static str {
        self.page(language).split("\n\n").nth(2).unwrap_or("")
    }

    /// One paragraph.
    #[must_use]
    pub fn how_to_fix(&self, language: Language) -> &'static str {
        self.page(language).trim_end().rsplit("\n\n").next().unwrap_or("")
    }
}

/// Declares kinds of findings, `NAME = Severity "id";` each, as constants, and `ALL`, the list of them. Their pages are
/// `docs/findings/ID.en.md` and `ID.zh.md`.
#[macro_export]
macro_rules! finding_kinds {
    ($($name:ident = $severity:ident $id:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub const $name: &$crate::diagnostic::FindingKind = &$crate::diagnostic::FindingKind::new(
                $id,
                $crate::diagnostic::Severity::$severity,
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/findings/", $id, ".en.md")),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/findings/", $id, ".zh.md")),
            );
        )*

        /// Every kind of finding that is declared here.
        pub const ALL: &[&$crate::diagnostic::FindingKind] = &[$($name),*];
    };
}
