//! A line of a decision log as a regression case of the workspace.

use std::path::Path;

use super::exit::{Exit, Failure};
use super::replay::no_case;
use super::replay_line;
use super::screen::Screen;
use super::target::Target;
use countersign_core::gateway::{DecisionResponse, LogLine, MASK};
use countersign_core::model::{
    Case, Expect, ExpectLimits, Fen, FieldName, InterfaceId, ReasonId, RuleId, Scalar, Template, Verdict,
};
use countersign_core::text::LocalText;
use countersign_workspace::{CASES_FOLDER, FileTexts, Files, SaveFailed};

/// Where cases from a log are kept.
const CASES_FILE: &str = "from_log.ron";

/// Adds a line to the workspace's cases: its request, and what was decided.
///
/// # Errors
/// There is no such line, the id is taken or none, or the workspace cannot be saved.
pub fn add(
    line: Option<&str>,
    number: usize,
    id: &str,
    workspace: &Path,
    files: &dyn Files,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Some(line) = line.and_then(replay_line::read) else {
        let message =
            LocalText::new(format!("line {number} is no line of a decision log"), format!("第 {number} 行不是决策日志的一行"));
        return Err(no_case(message, LocalText::new("lines are counted from 1", "行号从 1 开始")));
    };
    let target = Target::open_workspace(files, workspace)?;
    let old = target.cases()?.clone();
    let id = RuleId::try_from(id.to_owned()).map_err(|error| {
        let message = LocalText::new(format!("`{id}` is not {}", error.wanted), format!("`{id}` 不是合法的标识"));
        no_case(message, LocalText::new("lower-case letters, digits and `_`", "请使用小写字母、数字和 `_`"))
    })?;
    if old.cases.iter().any(|case| case.id == id) {
        let message = LocalText::new(format!("there is a case `{id}` already"), format!("用例 `{id}` 已存在"));
        return Err(no_case(message, LocalText::new("choose another id", "请换一个标识")));
    }
    let mut new = old.clone();
    new.cases.push(case(&line, id.clone()).ok_or_else(misfit)?);
    let rules = &*target.definition;
    countersign_workspace::save_workspace(files, workspace, (rules, &old), (rules, &new), &target.unread, FileTexts::default())
        .map_err(not_saved)?;
    let masked = line.masked.join("`, `");
    let text = LocalText::new(
        format!("case {id} added to {CASES_FOLDER}/{CASES_FILE}\n"),
        format!("已将用例 {id} 添加到 {CASES_FOLDER}/{CASES_FILE}\n"),
    );
    screen.print(screen.say(&text))?;
    if !line.masked.is_empty() {
        screen.note(&LocalText::new(
            format!("`{masked}` are masked in the log: `{MASK}` replaces their values"),
            format!("日志中 `{masked}` 已遮盖：以 `{MASK}` 代替"),
        ));
    }
    Ok(Exit::Clean)
}

fn misfit() -> Failure {
    let message = LocalText::new("the line names what no rule set has", "该行含有规则集中不存在的名称");
    no_case(message, LocalText::new("replay the log with the release that wrote it", "请用写出该日志的发布重放"))
}

fn not_saved(failed: SaveFailed) -> Failure {
    match failed {
        SaveFailed::Refused(failed) => Failure::found(failed.findings, failed.sources),
        SaveFailed::File { error, .. } => error.into(),
    }
}

/// The line's request and decision as a case; nothing where a name in it is none.
fn case(line: &LogLine, id: RuleId) -> Option<Case> {
    let mut set = Template::new();
    for (name, value) in &line.request {
        set.insert(FieldName::new(name).ok()?, value.clone());
    }
    for name in &line.masked {
        set.insert(FieldName::new(name).ok()?, Scalar::Text(MASK.to_owned()));
    }
    let (key, at) = (&line.key, &line.at);
    let title = LocalText::new(format!("request {key} as decided at {at}"), format!("请求 {key} 于 {at} 的决策"));
    let file = format!("{CASES_FOLDER}/{CASES_FILE}");
    Some(Case { id, title, from: None, set, before: Vec::new(), expect: expect(&line.answer)?, file })
}

fn expect(answer: &DecisionResponse) -> Option<Expect> {
    let ids = |names: &[String]| names.iter().map(|name| RuleId::try_from(name.clone()).ok()).collect::<Option<Vec<_>>>();
    let mut reasons = Vec::new();
    for reason in &answer.reasons {
        let code = ReasonId::try_from(reason.code.clone()).ok()?;
        if !reasons.contains(&code) {
            reasons.push(code);
        }
    }
    let interface = match &answer.interface {
        Some(name) => Some(InterfaceId::try_from(name.clone()).ok()?),
        None => None,
    };
    let failed: Vec<String> = answer.errors.iter().filter(|error| !error.shadow).filter_map(|error| error.rule.clone()).collect();
    let limit = |name: &str| Some(answer.limits.get(name).map(|fen| Fen(*fen)));
    Some(Expect {
        verdict: Verdict::ALL.into_iter().find(|verdict| verdict.word() == answer.verdict),
        reasons: Some(reasons),
        interface: Some(interface),
        score: Some(answer.score),
        hits: ids(&answer.hits)?,
        misses: Vec::new(),
        shadow_hits: ids(&answer.shadow_hits)?,
        limits: ExpectLimits { single: limit("single"), day: limit("day"), month: limit("month"), year: limit("year") },
        errors: ids(&failed)?,
    })
}
