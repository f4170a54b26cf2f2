//! Every panel in every state it can be in: what it says while there is nothing, while it is worked out, when it is old, when it failed;
//! in both languages.

use super::*;
use countersign_core::model::ParameterId;
use countersign_session::fixture as released;
use countersign_session::{Command, JobKind, ParameterAction, ScriptAction};

/// What is open, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// No workspace.
    Nothing,
    Opening,
    /// A folder was asked for that is not there.
    Absent,
    Broken,
    /// A workspace without rules, lists, parameters, cases.
    Bare,
    /// The shipped workspace without requests.
    Unloaded,
    Reading,
    /// The request file is not there.
    Unreadable,
    /// The draft is being checked for the first time.
    Checking,
    /// Requests are being decided for the first time.
    Deciding,
    Stopped,
    /// A script is broken from the start: nothing was ever decided.
    NeverGood,
    Loaded,
    /// Rows of the requests could not be read and are left out.
    LeftOut,
    Changed,
    Stale,
    /// Several releases, each somewhere else on its way; the newest flips requests.
    Released,
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Front,
    /// A tab with its title in both languages.
    Tab(&'static str, &'static str),
    /// The tab of the requests with the form of one of them.
    Form,
    /// The way of the first request.
    Explained,
    Sweep,
    Releases,
    Journal,
}

pub(super) type Said = (&'static str, &'static str);

const THREE_LEFT: Said = ("3 of 400 rows were left out", "400 条记录中剔除了 3 条");
pub(super) const REQUESTS_TAB: Place = Place::Tab("Requests", "请求");
const EXPLAIN: Place = Place::Tab("Explain", "解释");
pub(super) const IMPACT: Place = Place::Tab("Impact", "影响");
const INTERFACES: Place = Place::Tab("Interfaces", "接口");
const CHARTS: Place = Place::Tab("Charts", "图表");
pub(super) const CASES: Place = Place::Tab("Cases", "用例");
pub(super) const LISTS: Place = Place::Tab("Lists", "名单");
const SCHEMA: Place = Place::Tab("Fields and reasons", "字段与原因码");
/// Every tab at the bottom.
pub(super) const TABS: [Place; 8] = [REQUESTS_TAB, EXPLAIN, IMPACT, INTERFACES, CHARTS, CASES, LISTS, SCHEMA];

const OPEN_REQUESTS: Said = ("Open requests…", "打开请求文件…");
const NONE_LOADED: Said = ("No requests are loaded", "尚未载入请求");
const BEING_READ: Said = ("Requests are being read", "正在读取请求");
const NOT_READ: Said = ("The request file could not be read", "无法读取请求文件");
const BEING_DECIDED: Said = ("Requests are being decided", "正在试运行");
const LAST_GOOD: Said = ("the draft has errors; this is the last good result", "草稿存在错误，显示的是上一次有效结果");
const TO_MEND: Said = ("Fix the one error under Problems", "请先修正“问题”中的 1 个错误");
const NEXT_PROBLEM: Said = ("Next problem", "下一个问题");
const NO_REQUEST: Said = ("No request is chosen", "未选择请求");

/// State, place, what is shown there, what is not.
const ROWS: &[(State, Place, &[Said], &[Said])] = {
    use Place as P;
    use State as S;
    &[
        (
            S::Nothing,
            P::Front,
            &[("Open workspace…", "打开工作区…"), ("New workspace…", "新建工作区…"), ("A folder can be dropped", "将文件夹拖放")],
            &[NONE_LOADED],
        ),
        (S::LeftOut, P::Front, &[("3 rows left out", "已剔除 3 条记录"), THREE_LEFT], &[]),
        (S::LeftOut, REQUESTS_TAB, &[THREE_LEFT], &[]),
        (S::LeftOut, IMPACT, &[THREE_LEFT], &[]),
        (S::LeftOut, INTERFACES, &[THREE_LEFT], &[]),
        (S::LeftOut, CHARTS, &[THREE_LEFT], &[]),
        (S::LeftOut, P::Sweep, &[THREE_LEFT], &[]),
        (S::Opening, P::Front, &[("Opening the workspace", "正在打开工作区")], &[("New workspace…", "新建工作区…")]),
        (
            S::Absent,
            P::Front,
            &[("“nowhere” is no folder that can be opened", "“nowhere” 不是可打开的文件夹"), ("Open workspace…", "打开工作区…")],
            &[],
        ),
        (
            S::Broken,
            P::Front,
            &[
                ("This workspace cannot be understood yet: 5 to fix", "工作区暂时无法解析：有 5 处需要修正"),
                ("schema.ron, 5 to fix", "schema.ron，5 处需修正"),
                ("Reload from disk", "从磁盘重新载入"),
            ],
            &[("No problems found", "未发现问题")],
        ),
        (
            S::Bare,
            P::Front,
            &[
                ("No rules yet", "还没有规则"),
                ("Add rule…", "新增规则…"),
                ("Checks", "检查"),
                ("No script is open", "未打开脚本"),
                ("A new rule opens here", "新增的规则将在此打开"),
                ("No rule is chosen", "未选择规则"),
                ("The rule set has no parameters", "规则集没有参数"),
                ("Nothing is live yet", "尚无生效版本"),
                ("load requests to see what the rules decide", "载入请求以查看规则的结论"),
            ],
            &[("Choose a rule on the left", "在左侧选择规则")],
        ),
        (S::Bare, CASES, &[("There are no cases yet", "尚无用例"), ("New case", "新增用例")], &[]),
        (
            S::Bare,
            LISTS,
            &[
                ("The rule set has no lists", "规则集没有名单"),
                ("Fields, parameters, lists, reasons, stages…", "字段、参数、名单、原因码、阶段…"),
            ],
            &[],
        ),
        (S::Bare, SCHEMA, &[("request.received_at", "request.received_at"), ("3 listed", "共 3 项")], &[]),
        (
            S::Unloaded,
            P::Front,
            &[("Blocklists", "黑名单"), ("load requests to see", "载入请求以查看"), ("No problems", "无问题")],
            &[],
        ),
        (S::Unloaded, REQUESTS_TAB, &[NONE_LOADED, ("or drop one here", "拖放到此处"), OPEN_REQUESTS], &[BEING_READ]),
        (S::Unloaded, EXPLAIN, &[NONE_LOADED, OPEN_REQUESTS], &[NO_REQUEST]),
        (S::Unloaded, IMPACT, &[NONE_LOADED, OPEN_REQUESTS], &[]),
        (S::Unloaded, INTERFACES, &[NONE_LOADED, OPEN_REQUESTS], &[]),
        (S::Unloaded, CHARTS, &[NONE_LOADED, OPEN_REQUESTS], &[]),
        (S::Unloaded, CASES, &[("all pass", "全部通过"), ("No case is chosen", "未选择用例")], &[]),
        (S::Unloaded, LISTS, &[("Entries to add", "待添加条目"), ("Search entries", "搜索条目")], &[]),
        (S::Unloaded, P::Releases, &[("No release yet", "尚无发布"), ("Export one with Ctrl+E", "按 Ctrl+E 导出")], &[]),
        (S::Unloaded, P::Journal, &[("Nothing is noted yet", "尚无记录"), ("Ctrl+E", "Ctrl+E")], &[]),
        (S::Reading, REQUESTS_TAB, &[BEING_READ], &[NONE_LOADED]),
        (S::Reading, EXPLAIN, &[BEING_READ], &[NONE_LOADED]),
        (S::Reading, IMPACT, &[BEING_READ], &[NONE_LOADED]),
        (S::Reading, INTERFACES, &[BEING_READ], &[NONE_LOADED]),
        (S::Reading, CHARTS, &[BEING_READ], &[NONE_LOADED]),
        (S::Reading, P::Front, &[("reading requests", "正在读取请求")], &[]),
        (S::Unreadable, REQUESTS_TAB, &[NOT_READ, ("absent.csv", "absent.csv"), OPEN_REQUESTS], &[NONE_LOADED]),
        (S::Unreadable, EXPLAIN, &[NOT_READ, OPEN_REQUESTS], &[]),
        (S::Unreadable, IMPACT, &[NOT_READ, OPEN_REQUESTS], &[]),
        (S::Unreadable, INTERFACES, &[NOT_READ, OPEN_REQUESTS], &[]),
        (S::Unreadable, CHARTS, &[NOT_READ, OPEN_REQUESTS], &[]),
        (
            S::Checking,
            P::Front,
            &[("Being checked", "正在检查"), ("being decided", "正在试运行"), ("checking", "正在检查")],
            &[("No problems found", "未发现问题"), ("No problems", "无问题")],
        ),
        (S::Checking, CASES, &[("not run", "尚未运行"), ("Cases are being run", "正在运行用例")], &[]),
        (S::Checking, IMPACT, &[BEING_DECIDED], &[]),
        (S::Deciding, P::Front, &[("deciding requests", "正在试运行")], &[]),
        (S::Deciding, REQUESTS_TAB, &[BEING_DECIDED, ("400 requests", "共 400 条")], &[]),
        (S::Deciding, EXPLAIN, &[NO_REQUEST, ("To the requests", "前往请求表")], &[]),
        (S::Deciding, IMPACT, &[BEING_DECIDED], &[]),
        (S::Deciding, INTERFACES, &[BEING_DECIDED], &[]),
        (S::Deciding, CHARTS, &[BEING_DECIDED], &[]),
        (
            S::Stopped,
            IMPACT,
            &[
                ("The requests could not be decided", "试运行失败"),
                ("stopped", "已停止"),
                ("Check and dry-run now", "立即检查并试运行"),
            ],
            &[BEING_DECIDED],
        ),
        (S::Stopped, REQUESTS_TAB, &[("stopped", "已停止"), ("400 requests", "共 400 条")], &[BEING_DECIDED]),
        (S::Stopped, P::Front, &[("stopped", "已停止")], &[]),
        (
            S::NeverGood,
            P::Front,
            &[("1 error", "1 个错误"), ("nothing is decided until they are fixed", "修正后才会试运行")],
            &[("No problems", "无问题"), ("being decided", "正在试运行")],
        ),
        (S::NeverGood, REQUESTS_TAB, &[TO_MEND, ("400 requests", "共 400 条")], &[BEING_DECIDED]),
        (S::NeverGood, IMPACT, &[("The draft has errors", "草稿存在错误"), TO_MEND, NEXT_PROBLEM], &[BEING_DECIDED]),
        (S::NeverGood, INTERFACES, &[TO_MEND, NEXT_PROBLEM], &[]),
        (S::NeverGood, CHARTS, &[TO_MEND, NEXT_PROBLEM], &[]),
        (S::NeverGood, P::Explained, &[TO_MEND, NEXT_PROBLEM], &[BEING_DECIDED]),
        (S::NeverGood, CASES, &[("not run", "尚未运行"), TO_MEND], &[("Cases are being run", "正在运行用例")]),
        (
            S::Loaded,
            P::Front,
            &[("400 requests in", "400 条请求，用时"), ("decides every request as before", "所有请求的结论均未改变")],
            &[],
        ),
        (S::Loaded, REQUESTS_TAB, &[("400 requests", "共 400 条"), ("Accept", "通过")], &[LAST_GOOD, BEING_DECIDED]),
        (S::Loaded, EXPLAIN, &[NO_REQUEST, ("To the requests", "前往请求表")], &[]),
        (S::Loaded, P::Form, &[("Search fields", "搜索字段"), ("As loaded", "原决策")], &[]),
        (S::Loaded, P::Explained, &[("Decision", "决策")], &[NO_REQUEST]),
        (S::Loaded, IMPACT, &[("The draft decides every request as before", "所有请求的决策均未改变")], &[LAST_GOOD]),
        (S::Loaded, INTERFACES, &[("Busiest second over time", "各时段每秒峰值"), ("Traffic factor", "流量倍数")], &[LAST_GOOD]),
        (S::Loaded, CHARTS, &[("Requests per verdict", "各结论请求数"), ("Export as PNG", "导出 PNG")], &[LAST_GOOD]),
        (S::Loaded, CASES, &[("all pass", "全部通过")], &[LAST_GOOD]),
        (
            S::Loaded,
            P::Sweep,
            &[("Sweep max_cards_per_mobile", "参数试算 max_cards_per_mobile"), ("Customers affected", "影响客户数")],
            &[],
        ),
        (S::Changed, P::Front, &[("are now referred", "现转人工审核"), ("Undo: set “max_cards_per_mobile” to 1", "撤销：")], &[]),
        (S::Changed, IMPACT, &[("Acknowledge", "确认"), ("Workspace as saved", "已保存的工作区")], &[LAST_GOOD]),
        (S::Stale, P::Front, &[LAST_GOOD, ("1 error", "1 个错误")], &[("No problems", "无问题")]),
        (S::Stale, REQUESTS_TAB, &[LAST_GOOD, ("400 requests", "共 400 条"), ("Accept", "通过")], &[]),
        (S::Stale, P::Explained, &[("explained by the last good one", "按上一次有效草稿解释"), ("Decision", "决策")], &[]),
        (S::Stale, IMPACT, &[LAST_GOOD], &[]),
        (S::Stale, INTERFACES, &[LAST_GOOD, ("Busiest second over time", "各时段每秒峰值")], &[]),
        (S::Stale, CHARTS, &[LAST_GOOD, ("Requests per verdict", "各结论请求数")], &[]),
        (S::Stale, CASES, &[LAST_GOOD], &[]),
        (
            S::Released,
            P::Releases,
            &[
                ("2014.03.25: Live", "2014.03.25: 生效中"),
                ("2014.03.24: Superseded", "2014.03.24: 已取代"),
                ("2014.03.26: Rejected", "2014.03.26: 已驳回"),
                ("2014.03.27: Withdrawn", "2014.03.27: 已撤回"),
                ("2014.03.28: Partly approved", "2014.03.28: 部分审批"),
                ("against 2014.03.25", "2014.03.25"),
                ("Changed decisions", "决策变化"),
            ],
            &[("No release yet", "尚无发布"), ("No decision changes", "没有请求的决策发生变化")],
        ),
        (
            S::Released,
            P::Journal,
            &[("The chain holds", "审计日志链完整"), ("li@bank.example", "li@bank.example"), ("21 entries", "21 条记录")],
            &[("Nothing is noted yet", "尚无记录")],
        ),
    ]
};

pub(super) fn window_in(state: State, language: Language) -> Harness<'static, Window> {
    let held = match state {
        State::Opening => Some(JobKind::Open),
        State::Reading => Some(JobKind::Requests),
        State::Checking => Some(JobKind::Check),
        State::Deciding | State::Stopped => Some(JobKind::Impact),
        _ => None,
    };
    let files = files_of(state);
    let root = match state {
        State::Nothing => None,
        State::Absent => Some("nowhere"),
        State::Bare | State::Broken => Some("small"),
        _ => Some("rules"),
    };
    let requests = match state {
        State::Unreadable => Some("absent.csv"),
        State::Released => Some(released::SAMPLE),
        State::Nothing | State::Opening | State::Absent | State::Broken | State::Bare | State::Unloaded => None,
        _ => Some(REQUESTS),
    };
    let mut window = window_holding(&files, held, (root, requests), language);
    match state {
        State::Stale => {
            let script = ScriptRef::Rule(countersign_core::model::RuleId::new("under_age").unwrap());
            let broken = ScriptAction::SetText(script, BROKEN.to_owned());
            window.state_mut().session.apply(Action::Script(broken));
            wait(&mut window);
        }
        State::Changed => {
            let id = ParameterId::new("max_cards_per_mobile").unwrap();
            window.state_mut().session.apply(Action::Parameter(ParameterAction::Set(id, 1.into())));
            wait(&mut window);
        }
        State::Released => {
            window.state_mut().session.apply(Action::Prefer(PreferenceAction::Maker("li@bank.example".to_owned())));
            window.run_steps(3);
        }
        State::LeftOut => {
            window.state_mut().session.apply(Action::File(FileAction::LeaveOut(true)));
            wait(&mut window);
        }
        State::Stopped => {
            window.state_mut().session.apply(Action::Do(Command::Stop));
            window.run_steps(3);
        }
        _ => {}
    }
    window
}

const BROKEN: &str = "if nothing_known {";

fn files_of(state: State) -> MemoryFiles {
    match state {
        State::Nothing | State::Absent => MemoryFiles::new(),
        State::Bare => files::small(),
        State::Released => released::released(),
        State::Broken => {
            let files = files::small();
            files.put("small/schema.ron", "(format: 1, name: \"small\", rolls: ())");
            files
        }
        _ => {
            let files = MemoryFiles::new();
            put_shipped(&files);
            files.put(left_out::BAD, left_out::with_bad_rows(&files, 3));
            if state == State::LeftOut {
                files.put(REQUESTS, left_out::with_bad_rows(&files, 3));
            }
            if state == State::NeverGood {
                files.put("rules/risk/under_age.rhai", BROKEN);
            }
            files
        }
    }
}

/// A window on what is open, where jobs of one kind stay under way.
fn window_holding(
    files: &MemoryFiles,
    held: Option<JobKind>,
    (root, requests): (Option<&str>, Option<&str>),
    language: Language,
) -> Harness<'static, Window> {
    let workers = held.map_or(Workers::Inline, Workers::Holding);
    let mut session = Session::new(Arc::new(files.clone()), SessionOptions { workers, ..SessionOptions::default() });
    session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
    session.apply(Action::Prefer(PreferenceAction::Language(language)));
    if let Some(root) = root {
        session.apply(Action::File(FileAction::OpenWorkspace(root.into())));
    }
    if let Some(path) = requests {
        session.apply(Action::File(FileAction::OpenRequests { path: path.into(), mapping: None }));
    }
    show(session)
}

/// Goes to a place as a person does.
pub(super) fn go(window: &mut Harness<'_, Window>, place: Place, language: Language) {
    let tab = |window: &mut Harness<'_, Window>, place: Place| {
        let Place::Tab(en, zh) = place else { return };
        let title = if language == Language::En { en } else { zh };
        window.get_by_role_and_label(Role::Tab, title).click();
        window.run_steps(3);
    };
    let apply = |window: &mut Harness<'_, Window>, action: Action| window.state_mut().session.apply(action);
    match place {
        Place::Front => {}
        Place::Tab(..) => tab(window, place),
        Place::Form => {
            tab(window, REQUESTS_TAB);
            apply(window, Action::Select(SelectAction::Request(0)));
            window.run_steps(3);
            let label = if language == Language::En { "Edit the chosen request" } else { "编辑所选请求" };
            window.get_by_label(label).click();
        }
        Place::Explained => {
            apply(window, Action::Select(SelectAction::Request(0)));
            tab(window, EXPLAIN);
        }
        Place::Sweep => apply(window, Action::Sweep(ParameterId::new("max_cards_per_mobile").unwrap())),
        Place::Releases => press(window, Modifiers::COMMAND, Key::R),
        Place::Journal => press(window, Modifiers::COMMAND, Key::J),
    }
    window.run_steps(4);
}

fn says(window: &Harness<'_, Window>, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn every_panel_says_how_it_stands() {
    let mut missed = Vec::new();
    for language in [Language::En, Language::Zh] {
        let mut at = None;
        for (state, place, said, not) in ROWS {
            if at.as_ref().is_none_or(|(known, _)| known != state) {
                at = Some((*state, window_in(*state, language)));
            }
            let Some((_, window)) = &mut at else { continue };
            go(window, *place, language);
            let word = |said: &Said| if language == Language::En { said.0 } else { said.1 };
            let lacks = said.iter().map(word).filter(|words| !says(window, words)).map(|words| format!("lacks {words:?}"));
            let wrong = not.iter().map(word).filter(|words| says(window, words)).map(|words| format!("says {words:?}"));
            missed.extend(lacks.chain(wrong).map(|what| format!("{state:?} {place:?} {language:?} {what}")));
            let unnamed = window.unnamed_widgets();
            assert!(unnamed.is_empty(), "{state:?} {place:?}: {unnamed:?}");
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
