//! `countersign journal`: who did what to which release, and whether the chain of lines holds.

use std::collections::BTreeMap;

use super::approve::acting;
use super::args::{JournalFormat, JournalRepair, JournalShow, JournalStatement, JournalVerb as Verb, JournalVerify};
use super::columns::Columns;
use super::exit::{Exit, Failure};
use super::screen::Screen;
use super::{args::FindingFormat, check, here};
use crate::cli::kinds::{JOURNAL_NO_ENTRY, UNKNOWN_NAME, WRONG_TIME};
use countersign_core::diagnostic::{Finding, Severity, TargetFindings, suggest};
use countersign_core::model::Timestamp;
use countersign_core::text::{LocalText, counted};
use countersign_workspace::Files;
use countersign_workspace::journal::{self, EntryProofs, Journal, JournalAction, JournalFilter, JournalLine, ReleaseHistory};
use countersign_workspace::lifecycle::{self, Actor, StepDetails};

/// Runs the verb.
///
/// # Errors
/// The journal cannot be read.
pub fn run(verb: &Verb, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    match verb {
        Verb::Verify(args) => verify(args, files, screen),
        Verb::Show(args) => show(args, files, screen),
        Verb::Repair(args) => repair(args, files, screen),
        Verb::Statement(args) => statement(args, files, screen),
    }
}

fn verify(args: &JournalVerify, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let mut journal = journal::read(files, &args.workspace)?;
    let (policy, signers) = (args.trust.policy.as_deref(), args.trust.allowed_signers.as_deref());
    let requirements = lifecycle::requirements(files, Some(&args.workspace), policy, signers)?;
    let more = lifecycle::held_against(files, &args.workspace, &journal, &requirements)?;
    journal.findings.extend(more);
    let sources = here::under(files, &args.workspace, &journal.sources);
    let target = args.workspace.display().to_string();
    let found = TargetFindings { target: &target, findings: &journal.findings, sources: &sources, cost: None };
    let exit = check::show(&[found], (args.format, Severity::Warning), files, screen)?;
    if exit == Exit::Clean && args.format == FindingFormat::Human {
        let count = journal.lines.len();
        let text =
            LocalText::new(format!("{count} entries, each after the one before it\n"), format!("{count} 条记录，前后衔接完整\n"));
        screen.print(screen.say(&text))?;
    }
    Ok(exit)
}

fn repair(args: &JournalRepair, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let at = super::moment(args.at.as_deref(), countersign_core::model::Zone::default())?;
    let requirements = lifecycle::requirements(files, Some(&args.workspace), None, None)?;
    let (mut signer, who) = acting(&args.acting, &requirements, files, screen)?;
    let doing = StepDetails::new(&who, at, &args.comment)?;
    let actor = Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements };
    let count = lifecycle::repair(files, &args.workspace, actor)?;
    let text = LocalText::new(
        format!("{} noted by {who}\n", counted(count, "line that was cut short is", "lines that were cut short are")),
        format!("{who} 已记录 {count} 处写入时中断的行\n"),
    );
    screen.print(screen.say(&text))?;
    Ok(Exit::Clean)
}

/// Prints what an entry's signature is over, so that other programs can check it.
fn statement(args: &JournalStatement, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let journal = journal::read(files, &args.workspace)?;
    let Some(line) = journal.lines.iter().find(|line| line.number == args.line) else {
        let (number, last) = (args.line, journal.lines.last().map_or(0, |line| line.number));
        let message =
            LocalText::new(format!("line {number} of the journal is no entry"), format!("审计日志第 {number} 行不是记录"));
        let help = LocalText::new(format!("the last entry is line {last}"), format!("最后一条记录为第 {last} 行"));
        return Err(Finding::new(JOURNAL_NO_ENTRY, None, message).with_help(help).into());
    };
    screen.print(&line.record.signed_text())?;
    Ok(Exit::Clean)
}

fn show(args: &JournalShow, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let wanted = filter(args)?;
    let journal = journal::read(files, &args.workspace)?;
    let lines: Vec<&JournalLine> = journal.lines.iter().filter(|line| wanted.takes(&line.record)).collect();
    let text = match args.format {
        JournalFormat::Human => table(&lines, &journal, screen),
        JournalFormat::Json => journal::json(&lines),
        JournalFormat::Csv => journal::csv(&lines, screen.cells),
    };
    screen.print(&text)?;
    if !journal.holds() {
        let note = LocalText::new(
            "the journal does not hold: see `countersign journal verify`",
            "审计日志不完整：请运行 `countersign journal verify`",
        );
        screen.note(&note);
        return Ok(Exit::Found);
    }
    Ok(Exit::Clean)
}

/// Which lines are asked for.
fn filter(args: &JournalShow) -> Result<JournalFilter, Failure> {
    let moment = |text: &Option<String>| text.as_deref().map(time).transpose();
    let what = args.what.as_deref().map(action).transpose()?;
    let (who, release) = (args.who.clone().unwrap_or_default(), args.release.clone().unwrap_or_default());
    Ok(JournalFilter { who, what, release, since: moment(&args.since)?, until: moment(&args.until)? })
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    journal::time(text).ok_or_else(|| {
        let message = LocalText::new(format!("`{text}` is not a time"), format!("`{text}` 不是时间"));
        let help = LocalText::new(
            "write `2014-03-24` or `2014-03-24T00:00:00+08:00`",
            "请写成 `2014-03-24` 或 `2014-03-24T00:00:00+08:00`",
        );
        Finding::new(WRONG_TIME, None, message).with_help(help).into()
    })
}

fn action(word: &str) -> Result<JournalAction, Failure> {
    JournalAction::ALL.into_iter().find(|action| action.word() == word).ok_or_else(|| {
        let message = LocalText::new(format!("nothing is noted as `{word}`"), format!("没有名为 `{word}` 的操作"));
        suggest(Finding::new(UNKNOWN_NAME, None, message), word, JournalAction::ALL.iter().map(|action| action.word())).into()
    })
}

fn table(lines: &[&JournalLine], journal: &Journal, screen: &Screen) -> String {
    let (history, mut proofs) = (ReleaseHistory::of(journal), EntryProofs::default());
    let proof: BTreeMap<usize, _> = journal.lines.iter().map(|line| (line.number, proofs.next(line))).collect();
    let mut columns = Columns::new(8);
    for line in lines {
        let record = &line.record;
        let digest = record.to.map(countersign_core::release::Digest::short).unwrap_or_default();
        let state = record.to.filter(|_| record.what == JournalAction::Created).map(|digest| history.state(digest).text());
        let state = state.map_or_else(String::new, |state| format!("→ {}", state.get(screen.language)));
        columns.row([
            record.at.to_string(),
            record.what.text().get(screen.language).to_owned(),
            record.who.clone(),
            record.role.clone(),
            format!("{} {digest}", record.version),
            state,
            proof.get(&line.number).map(|proof| proof.text().get(screen.language).to_owned()).unwrap_or_default(),
            record.comment.clone(),
        ]);
    }
    columns.text()
}
