//! Commands: what menus, the palette and shortcuts offer. Without a payload; each says its name, its keys, and whether it can be done now.

use serde::{Deserialize, Serialize};

use super::actions::{Action, RuleAction, ScriptAction, SelectAction, TableAction};
use super::document::OpenState;
use super::{Session, Weight};
use countersign_core::model::Status;
use countersign_core::text::{LocalText, StaticText};

/// Where a command is in a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Menu {
    File,
    Edit,
    View,
    Run,
    Help,
}

impl Menu {
    /// Every menu, in order.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Run, Self::Help];

    pub fn title(self) -> LocalText {
        let (en, zh) = match self {
            Self::File => ("File", "文件"),
            Self::Edit => ("Edit", "编辑"),
            Self::View => ("View", "查看"),
            Self::Run => ("Run", "运行"),
            Self::Help => ("Help", "帮助"),
        };
        LocalText::new(en, zh)
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident, $id:literal, $menu:ident, $keys:literal, $en:literal, $zh:literal;)*) => {
        /// What menus, the palette and shortcuts offer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Command {
            $($(#[$doc])* $name,)*
        }

        impl Command {
            /// Every command, in the order of menus.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Its name for people; `…` where it asks for more.
            pub fn title(self) -> LocalText {
                match self { $(Self::$name => StaticText::new($en, $zh).local(),)* }
            }

            /// Every combination of keys it has: `Ctrl+Shift+Z`, `F8`. On a Mac, Ctrl is the command key.
            pub fn key_list(self) -> impl Iterator<Item = &'static str> {
                let all = match self { $(Self::$name => $keys,)* };
                all.split(", ").filter(|keys| !keys.is_empty())
            }

            /// The first of its keys; empty where it has none.
            pub fn keys(self) -> &'static str {
                self.key_list().next().unwrap_or("")
            }

            pub fn menu(self) -> Menu {
                match self { $(Self::$name => Menu::$menu,)* }
            }
        }
    };
}

commands! {
    /// Asks for the folder of a workspace to be made. The window's own.
    NewWorkspace, "new-workspace", File, "", "New workspace…", "新建工作区…";
    /// Asks for a folder. The window's own.
    OpenWorkspace, "open-workspace", File, "Ctrl+O", "Open workspace…", "打开工作区…";
    /// Asks for a request file. The window's own.
    OpenRequests, "open-requests", File, "Ctrl+Shift+O", "Open requests…", "打开请求文件…";
    /// Asks for a request file and how its columns become fields. The window's own.
    MapRequests, "map-requests", File, "", "Open requests with mapping…", "按映射打开请求文件…";
    /// Asks for a release to compare with. The window's own.
    OpenRelease, "open-release", File, "", "Compare with a release…", "与发布文件对比…";
    Save, "save", File, "Ctrl+S", "Save", "保存";
    /// Reads the workspace from the disk again.
    Reload, "reload", File, "", "Reload from disk", "从磁盘重新载入";
    /// Shows the workspace's files as text: for what no screen edits, such as invariants.
    EditAsText, "edit-as-text", File, "", "Edit files as text…", "以文本编辑文件…";
    /// Shows what a release would hold. The window's own.
    Export, "export", File, "Ctrl+E", "Export release…", "导出发布版本…";
    /// Asks where to write a report. The window's own.
    SaveReport, "save-report", File, "", "Save report…", "保存报告…";
    /// Takes the last edit back.
    Undo, "undo", Edit, "Ctrl+Z", "Undo", "撤销";
    Redo, "redo", Edit, "Ctrl+Shift+Z, Ctrl+Y", "Redo", "重做";
    /// Fields, parameters, lists, reasons, interfaces, stages and the rule set itself: added, changed, removed. The window's own.
    Definitions, "definitions", Edit, "", "Fields, parameters, lists, reasons, stages…", "字段、参数、名单、原因码、阶段…";
    /// Asks for a template. The window's own.
    AddRule, "add-rule", Edit, "Ctrl+N", "Add rule…", "新增规则…";
    DuplicateRule, "duplicate-rule", Edit, "Ctrl+D", "Duplicate rule", "复制规则";
    /// Asks for a new name. The window's own.
    RenameRule, "rename-rule", Edit, "F2", "Rename rule…", "重命名规则…";
    DeleteRules, "delete-rules", Edit, "", "Delete rules", "删除规则";
    MoveUp, "move-up", Edit, "Alt+Up", "Move rules up", "上移规则";
    MoveDown, "move-down", Edit, "Alt+Down", "Move rules down", "下移规则";
    SetActive, "set-active", Edit, "", "Set rules active", "启用规则";
    SetShadow, "set-shadow", Edit, "", "Set rules to shadow", "规则设为影子（仅记录）";
    SetOff, "set-off", Edit, "", "Set rules off", "停用规则";
    NextProblem, "next-problem", View, "F8", "Next problem", "下一个问题";
    PreviousProblem, "previous-problem", View, "Shift+F8", "Previous problem", "上一个问题";
    /// All requests, without any condition.
    ShowAllRequests, "show-all-requests", View, "", "Show all requests", "显示全部请求";
    /// Shows which rows of the requests could not be read, and why. The window's own.
    LeftOut, "left-out", View, "", "Rows left out…", "剔除的记录…";
    /// Opens the palette. The window's own.
    Palette, "palette", View, "Ctrl+K, Ctrl+P, Ctrl+Shift+P, Ctrl+Shift+F", "Command palette…", "命令面板…";
    /// Looks for a text in the editor. The window's own.
    Find, "find", View, "Ctrl+F", "Find…", "查找…";
    /// Looks for a text in the editor to replace it. The window's own.
    Replace, "replace", View, "Ctrl+H", "Replace…", "替换…";
    /// To a line of the editor. The window's own.
    GoToLine, "go-to-line", View, "Ctrl+G", "Go to line…", "转到行…";
    /// To where the shared function at the cursor is made. The window's own.
    GoToDefinition, "go-to-definition", View, "F12", "Go to definition", "转到定义";
    /// To the place in a script that was left last. The window's own.
    GoBack, "go-back", View, "Alt+Left", "Go back", "后退";
    /// To the place in a script from which somebody went back. The window's own.
    GoForward, "go-forward", View, "Alt+Right", "Go forward", "前进";
    /// Turns lines into comments and back. The window's own.
    ToggleComment, "toggle-comment", Edit, "Ctrl+Slash", "Toggle comment", "切换注释";
    /// Lays the shown script out evenly.
    Format, "format", Edit, "Ctrl+Shift+I", "Format script", "整理脚本格式";
    /// The layout as delivered. The window's own.
    ResetLayout, "reset-layout", View, "", "Reset layout", "重置布局";
    /// Shows the workspace's releases. The window's own.
    Releases, "releases", View, "Ctrl+R", "Releases", "发布";
    /// Shows who did what to them. The window's own.
    Journal, "journal", View, "Ctrl+J", "Journal", "审计日志";
    RunNow, "run-now", Run, "F5", "Check and dry-run now", "立即检查并试运行";
    Stop, "stop", Run, "Shift+F5", "Stop running jobs", "停止运行中的任务";
    /// Tries the shown parameter over its range. The window's own.
    Sweep, "sweep", Run, "", "Sweep parameter…", "参数试算…";
    /// Every command with its keys. The window's own.
    Shortcuts, "shortcuts", Help, "F1", "Keyboard shortcuts", "键盘快捷键";
    /// The first steps. The window's own.
    Tour, "tour", Help, "", "Tour", "功能导览";
}

impl Command {
    /// Whether the window does it, since it asks for more: the session does nothing.
    pub fn is_of_window(self) -> bool {
        use Command as C;
        !matches!(
            self,
            C::Save
                | C::EditAsText
                | C::Reload
                | C::Undo
                | C::Redo
                | C::DuplicateRule
                | C::DeleteRules
                | C::MoveUp
                | C::MoveDown
                | C::SetActive
                | C::SetShadow
                | C::SetOff
                | C::NextProblem
                | C::PreviousProblem
                | C::ShowAllRequests
                | C::Format
                | C::RunNow
                | C::Stop
        )
    }
}

/// Why a command cannot be done now.
pub(super) fn why_disabled(session: &Session, command: Command) -> Option<LocalText> {
    use Command as C;
    let unless = |can: bool, en: &str, zh: &str| (!can).then(|| LocalText::new(en, zh));
    let editable = || unless(session.document.is_editable(), "no workspace is open that can be edited", "没有打开可编辑的工作区");
    match command {
        C::NewWorkspace | C::OpenWorkspace | C::Palette | C::ResetLayout | C::Shortcuts | C::Tour => None,
        C::Reload | C::Releases | C::Journal => {
            unless(!session.document.root().as_os_str().is_empty(), "no workspace is open", "没有打开工作区")
        }
        C::Save if matches!(session.document.opened(), OpenState::Unreadable(_)) => {
            unless(session.document.is_dirty(), "nothing is unsaved", "没有未保存的修改")
        }
        C::Save => editable().or_else(|| unless(session.document.is_dirty(), "nothing is unsaved", "没有未保存的修改")),
        C::EditAsText => editable().or_else(|| unless(!session.document.is_dirty(), "save first", "请先保存")),
        C::Undo => unless(session.history().undo_label().is_some(), "nothing to undo", "没有可撤销的操作"),
        C::Redo => unless(session.history().redo_label().is_some(), "nothing to redo", "没有可重做的操作"),
        C::DuplicateRule | C::RenameRule => {
            editable().or_else(|| unless(session.view.selection.rule.is_some(), "no rule is selected", "未选择规则"))
        }
        C::DeleteRules | C::MoveUp | C::MoveDown | C::SetActive | C::SetShadow | C::SetOff => {
            editable().or_else(|| unless(!session.view.selection.rules.is_empty(), "no rule is selected", "未选择规则"))
        }
        C::NextProblem | C::PreviousProblem => unless(!session.findings().is_empty(), "there are no problems", "没有问题"),
        C::Format => editable().or_else(|| unless(session.view.selection.script.is_some(), "no script is shown", "未打开脚本")),
        C::Find | C::Replace | C::GoToLine | C::GoToDefinition | C::GoBack | C::GoForward | C::ToggleComment => {
            unless(session.view.selection.script.is_some(), "no script is shown", "未打开脚本")
        }
        C::Sweep => editable()
            .or_else(|| unless(session.requests().is_some(), "no requests are loaded", "尚未载入请求"))
            .or_else(|| unless(reads_parameters(session), "the shown rule reads no parameter", "当前规则未使用参数")),
        C::Stop => unless(session.jobs.kinds().next().is_some(), "nothing is running", "没有运行中的任务"),
        C::LeftOut => unless(session.left_out().is_some(), "no row was left out", "没有剔除的记录"),
        C::ShowAllRequests | C::SaveReport => unless(session.requests().is_some(), "no requests are loaded", "尚未载入请求"),
        C::OpenRequests | C::MapRequests | C::OpenRelease | C::Export | C::Definitions | C::AddRule | C::RunNow => editable(),
    }
}

/// Whether the shown rule reads a parameter; without one, whether there are any.
fn reads_parameters(session: &Session) -> bool {
    let rules = session.document.rule_set();
    let shown = session.view.selection.rule.as_ref().and_then(|id| rules.find_rule(id.as_str()));
    match shown {
        Some((.., rule)) => rule.script.text.contains("params."),
        None => !rules.parameters.is_empty(),
    }
}

/// Does a command.
///
/// # Errors
/// Why it cannot be done now.
pub(super) fn run(session: &mut Session, command: Command) -> Result<(), LocalText> {
    use Command as C;
    // Nothing failed: there is nothing to do it with.
    if let Some(why) = why_disabled(session, command) {
        session.notify(Weight::Info, why);
        return Ok(());
    }
    match command {
        C::Save => session.save(),
        C::Reload => {
            session.reload();
            Ok(())
        }
        C::EditAsText => {
            session.edit_as_text(countersign_workspace::SCHEMA_FILE);
            Ok(())
        }
        C::Undo => session.undo(),
        C::Redo => session.redo(),
        C::DuplicateRule => duplicate(session),
        C::DeleteRules => session.do_action(Action::Rule(RuleAction::Delete(session.view.selection.rules.clone()))),
        C::MoveUp => shift(session, true),
        C::MoveDown => shift(session, false),
        C::SetActive => set_status(session, Status::Active),
        C::SetShadow => set_status(session, Status::Shadow),
        C::SetOff => set_status(session, Status::Off),
        C::NextProblem => step_problem(session, true),
        C::PreviousProblem => step_problem(session, false),
        C::ShowAllRequests => session.do_action(Action::Table(TableAction::All)),
        C::Format => match session.view.selection.script.clone() {
            Some(script) => session.do_action(Action::Script(ScriptAction::Format(script))),
            None => Ok(()),
        },
        C::RunNow => {
            session.run_now();
            Ok(())
        }
        C::Stop => {
            session.stop();
            Ok(())
        }
        _ => Ok(()),
    }
}

fn set_status(session: &mut Session, status: Status) -> Result<(), LocalText> {
    let rules = session.view.selection.rules.clone();
    session.do_action(Action::Rule(RuleAction::SetStatus { rules, status }))
}

fn duplicate(session: &mut Session) -> Result<(), LocalText> {
    let Some(rule) = session.view.selection.rule.clone() else { return Ok(()) };
    let rules = session.document.rule_set();
    let free = (2..).filter_map(|number| countersign_core::model::RuleId::new(format!("{rule}_{number}")).ok());
    // A name at its longest takes no number; then the person must give one.
    let id = free.take(1000).find(|id| rules.find_rule(id.as_str()).is_none());
    let id = id.ok_or_else(|| LocalText::new("rename the rule first: its name is too long", "规则名过长，请先重命名"))?;
    session.do_action(Action::Rule(RuleAction::Duplicate { rule, id: id.clone() }))?;
    session.do_action(Action::Select(SelectAction::Rule(id)))
}

/// Moves the selected rules past one neighbour, into the next stage at the end of one.
fn shift(session: &mut Session, up: bool) -> Result<(), LocalText> {
    let chosen = session.view.selection.rules.clone();
    let stages = &session.document.rule_set().stages;
    let holds = |stage: &countersign_core::model::Stage| stage.rules.iter().any(|rule| chosen.contains(&rule.id));
    let Some(stage_at) = (if up { stages.iter().position(holds) } else { stages.iter().rposition(holds) }) else { return Ok(()) };
    let Some(stage) = stages.get(stage_at) else { return Ok(()) };
    let is_chosen = |rule: &countersign_core::model::Rule| chosen.contains(&rule.id);
    let (target, at) = if up {
        match stage.rules.iter().position(is_chosen).unwrap_or(0).checked_sub(1) {
            Some(before) => (stage, before),
            None => match stage_at.checked_sub(1).and_then(|at| stages.get(at)) {
                Some(above) => (above, above.rules.len()),
                None => return Ok(()),
            },
        }
    } else {
        let last = stage.rules.iter().rposition(is_chosen).unwrap_or(0);
        if last + 1 < stage.rules.len() {
            (stage, last + 2)
        } else {
            match stages.get(stage_at + 1) {
                Some(below) => (below, 0),
                None => return Ok(()),
            }
        }
    };
    let stage = target.id.clone();
    session.do_action(Action::Rule(RuleAction::Move { rules: chosen, stage, at }))
}

/// To the finding after or before the one the cursor was last sent to, round the end.
fn step_problem(session: &mut Session, forward: bool) -> Result<(), LocalText> {
    let count = session.findings().len();
    let at = match (session.problem, forward) {
        (None, true) => 0,
        (None, false) => count.saturating_sub(1),
        (Some(at), true) => (at + 1) % count.max(1),
        (Some(at), false) => at.checked_sub(1).unwrap_or(count.saturating_sub(1)),
    };
    session.do_action(Action::Select(SelectAction::Finding(at)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_commands_share_keys_or_a_name() {
        let mut ids = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for command in Command::ALL {
            assert!(ids.insert(command.id()), "{command:?}");
            assert!(command.key_list().all(|own| keys.insert(own)), "{command:?}: {}", command.keys());
            let title = command.title();
            assert!(!title.en.is_empty() && !title.zh.is_empty(), "{command:?}");
        }
    }
}
