//! How to mend something, said once for both sides: what the product does about it has one name on the command line and another in the
//! window.

use crate::text::{LocalText, StaticText};

/// Words that say how to mend something, and the deed of the product that does it, where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    words: LocalText,
    deed: Option<Deed>,
}

impl From<LocalText> for Help {
    fn from(words: LocalText) -> Self {
        Self { words, deed: None }
    }
}

impl Help {
    /// Words followed by a deed's name.
    #[must_use]
    pub fn by(words: LocalText, deed: Deed) -> Self {
        Self { words, deed: Some(deed) }
    }

    /// As it is said where commands are typed: on a terminal, in a report, in a log.
    #[must_use]
    pub fn typed(&self) -> LocalText {
        self.with(Deed::typed)
    }

    /// As it is said in the window.
    #[must_use]
    pub fn shown(&self) -> LocalText {
        self.with(Deed::shown)
    }

    fn with(&self, name: fn(Deed) -> StaticText) -> LocalText {
        let LocalText { en, zh } = &self.words;
        self.deed.map(name).map_or_else(
            || self.words.clone(),
            |name| {
                let name = name.local();
                LocalText::new(format!("{en}: {}", name.en), format!("{zh}：{}", name.zh))
            },
        )
    }
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident typed $typed:literal $typed_zh:literal shown $shown:literal $shown_zh:literal;)*) => {
        /// Something the product does about a finding. In both names, what is written on a button or typed stands in backticks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Deed {
            $($(#[$doc])* $name,)*
        }

        impl Deed {
            /// Every deed.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What is typed.
            #[must_use]
            pub fn typed(self) -> StaticText {
                match self { $(Self::$name => StaticText::new($typed, $typed_zh),)* }
            }

            /// What is pressed in the window.
            #[must_use]
            pub fn shown(self) -> StaticText {
                match self { $(Self::$name => StaticText::new($shown, $shown_zh),)* }
            }
        }
    };
}

deeds! {
    /// The cases are run.
    RunCases
        typed "`countersign test`" "`countersign test`"
        shown "`Cases`" "`用例`";
    /// A release is made.
    MakeRelease
        typed "`countersign release create`" "`countersign release create`"
        shown "`Export release…`" "`导出发布版本…`";
    /// Flips are answered for.
    Acknowledge
        typed "`--acknowledge \"why they are meant\"`" "`--acknowledge \"原因\"`"
        shown "`Impact`, before `Export release…`" "`导出发布版本…`之前在`影响`中确认";
    /// Rows left out of the evidence are answered for.
    AcknowledgeRows
        typed "`--acknowledge \"why they may be left out\"`" "`--acknowledge \"原因\"`"
        shown "`Rows left out…`, before `Export release…`" "`导出发布版本…`之前在`剔除的记录…`中确认";
    /// The maker submits a release.
    Submit
        typed "`countersign release submit FILE --key KEY`" "`countersign release submit 文件 --key 密钥`"
        shown "`Submit…` under `Releases`" "`发布`中的`提交…`";
    /// A checker approves a release.
    Approve
        typed "`countersign release approve FILE --key KEY`" "`countersign release approve 文件 --key 密钥`"
        shown "`Approve…` under `Releases`" "`发布`中的`审批…`";
    /// Old rules become a new release.
    RollBack
        typed "`countersign release rollback`" "`countersign release rollback`"
        shown "`Roll back to this…` under `Releases`" "`发布`中的`回退至此版本…`";
    /// The journal is shown.
    ShowJournal
        typed "`countersign journal show`" "`countersign journal show`"
        shown "`Journal`" "`审计日志`";
    /// A line of the journal that was cut short is noted.
    RepairJournal
        typed "`countersign journal repair --key KEY`" "`countersign journal repair --key 密钥`"
        shown "the command line" "命令行";
    /// Whoever acts signs with a key.
    SignEntry
        typed "`--key KEY` or `--agent`" "`--key 密钥` 或 `--agent`"
        shown "`Key`" "`密钥`";
    /// A policy is named.
    NamePolicy
        typed "`approvals.ron` in the workspace, or `--policy FILE`" "工作区中的 `approvals.ron`，或 `--policy 文件`"
        shown "`approvals.ron` in the workspace" "工作区中的 `approvals.ron`";
    /// A file of signers is named.
    NameSigners
        typed "`allowed_signers` in the workspace, or `--allowed-signers FILE`"
            "工作区中的 `allowed_signers`，或 `--allowed-signers 文件`"
        shown "`allowed_signers` in the workspace" "工作区中的 `allowed_signers`";
    /// A role is chosen.
    ChooseRole
        typed "`--role`" "`--role`"
        shown "`In the role`" "`审批角色`";
    /// Who signs is chosen.
    ChooseSigner
        typed "`--principal`" "`--principal`"
        shown "`Who signs`" "`签名人`";
    /// The running agent signs.
    UseAgent
        typed "`--agent`" "`--agent`"
        shown "`From the ssh-agent`" "`来自 ssh-agent`";
}
