//! How to fix something. What the program does for it has one name on the command line and another in the window.

use crate::text::{LocalText, StaticText};

/// How to fix something, and the operation that does it, where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    words: LocalText,
    operation: Option<Operation>,
}

impl From<LocalText> for Help {
    fn from(words: LocalText) -> Self {
        Self { words, operation: None }
    }
}

impl Help {
    /// The words are followed by the name of the operation.
    #[must_use]
    pub fn with_operation(words: LocalText, operation: Operation) -> Self {
        Self { words, operation: Some(operation) }
    }

    /// The text for a terminal, a report or a log.
    #[must_use]
    pub fn on_command_line(&self) -> LocalText {
        self.with(Operation::on_command_line)
    }

    /// The text for the window.
    #[must_use]
    pub fn in_window(&self) -> LocalText {
        self.with(Operation::in_window)
    }

    fn with(&self, name: fn(Operation) -> StaticText) -> LocalText {
        let LocalText { en, zh } = &self.words;
        self.operation.map(name).map_or_else(
            || self.words.clone(),
            |name| {
                let name = name.local();
                LocalText::new(format!("{en}: {}", name.en), format!("{zh}：{}", name.zh))
            },
        )
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident command $command:literal $command_zh:literal window $window:literal $window_zh:literal;)*) => {
        /// Something the program does about a finding. Commands and texts of buttons are in backticks in its names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $($(#[$doc])* $name,)*
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its command or option.
            #[must_use]
            pub fn on_command_line(self) -> StaticText {
                match self { $(Self::$name => StaticText::new($command, $command_zh),)* }
            }

            /// Its button or panel.
            #[must_use]
            pub fn in_window(self) -> StaticText {
                match self { $(Self::$name => StaticText::new($window, $window_zh),)* }
            }
        }
    };
}

operations! {
    /// The cases are run.
    RunCases
        command "`countersign test`" "`countersign test`"
        window "`Cases`" "`用例`";
    /// A release is made.
    MakeRelease
        command "`countersign release create`" "`countersign release create`"
        window "`Export release…`" "`导出发布版本…`";
    /// Flips are answered for.
    Acknowledge
        command "`--acknowledge \"why they are meant\"`" "`--acknowledge \"原因\"`"
        window "`Impact`, before `Export release…`" "`导出发布版本…`之前在`影响`中确认";
    /// Rows left out of the evidence are answered for.
    AcknowledgeRows
        command "`--acknowledge \"why they may be left out\"`" "`--acknowledge \"原因\"`"
        window "`Rows left out…`, before `Export release…`" "`导出发布版本…`之前在`剔除的记录…`中确认";
    /// The maker submits a release.
    Submit
        command "`countersign release submit FILE --key KEY`" "`countersign release submit 文件 --key 密钥`"
        window "`Submit…` under `Releases`" "`发布`中的`提交…`";
    /// A checker approves a release.
    Approve
        command "`countersign release approve FILE --key KEY`" "`countersign release approve 文件 --key 密钥`"
        window "`Approve…` under `Releases`" "`发布`中的`审批…`";
    /// Old rules become a new release.
    RollBack
        command "`countersign release rollback`" "`countersign release rollback`"
        window "`Roll back to this…` under `Releases`" "`发布`中的`回退至此版本…`";
    /// The journal is shown.
    ShowJournal
        command "`countersign journal show`" "`countersign journal show`"
        window "`Journal`" "`审计日志`";
    /// A line of the journal that was cut short is noted.
    RepairJournal
        command "`countersign journal repair --key KEY`" "`countersign journal repair --key 密钥`"
        window "the command line" "命令行";
    /// Whoever acts signs with a key.
    SignEntry
        command "`--key KEY` or `--agent`" "`--key 密钥` 或 `--agent`"
        window "`Key`" "`密钥`";
    /// A policy is named.
    NamePolicy
        command "`approvals.ron` in the workspace, or `--policy FILE`" "工作区中的 `approvals.ron`，或 `--policy 文件`"
        window "`approvals.ron` in the workspace" "工作区中的 `approvals.ron`";
    /// A file of signers is named.
    NameSigners
        command "`allowed_signers` in the workspace, or `--allowed-signers FILE`"
            "工作区中的 `allowed_signers`，或 `--allowed-signers 文件`"
        window "`allowed_signers` in the workspace" "工作区中的 `allowed_signers`";
    /// A role is chosen.
    ChooseRole
        command "`--role`" "`--role`"
        window "`In the role`" "`审批角色`";
    /// Who signs is chosen.
    ChooseSigner
        command "`--principal`" "`--principal`"
        window "`Who signs`" "`签名人`";
    /// The running agent signs.
    UseAgent
        command "`--agent`" "`--agent`"
        window "`From the ssh-agent`" "`来自 ssh-agent`";
}
