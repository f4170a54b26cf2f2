//! `countersign journal`: who did what to which release, and whether the chain of lines holds.

use super::args::{Journal as Verb, JournalFormat, JournalShow, JournalVerify};
use super::columns::Columns;
use super::exit::{Exit, Failure};
use super::screen::Screen;
use super::{args::Format, check};
use crate::diagnostic::{Finding, Severity, suggest};
use crate::model::{Moment, Timestamp, Zone};
use crate::text::LocalText;
use crate::workspace::Files;
use crate::workspace::journal::{self, Action, History, Line};

/// Runs the verb.
///
/// # Errors
/// The journal cannot be read.
pub fn run(verb: &Verb, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    match verb {
        Verb::Verify(args) => verify(args, files, screen),
        Verb::Show(args) => show(args, files, screen),
    }
}

fn verify(args: &JournalVerify, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let journal = journal::read(files, &args.workspace).map_err(|error| error.to_finding())?;
    let exit = check::show(&journal.findings, &journal.sources, args.format, Severity::Warning, screen)?;
    if exit == Exit::Clean && args.format == Format::Human {
        let count = journal.lines.len();
        let text =
            LocalText::new(format!("{count} entries, each after the one before it\n"), format!("{count} 条记录，前后衔接完整\n"));
        screen.print(screen.say(&text))?;
    }
    Ok(exit)
}

fn show(args: &JournalShow, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let wanted = Wanted::new(args)?;
    let journal = journal::read(files, &args.workspace).map_err(|error| error.to_finding())?;
    let lines: Vec<&Line> = journal.lines.iter().filter(|line| wanted.takes(line)).collect();
    let text = match args.format {
        JournalFormat::Human => table(&lines, &History::of(&journal), screen),
        JournalFormat::Json => json(&lines),
        JournalFormat::Csv => csv(&lines),
    };
    screen.print(&text)?;
    if !journal.holds() {
        let note = LocalText::new(
            "the journal does not hold: see `countersign journal verify`",
            "日志不完整：请运行 `countersign journal verify`",
        );
        screen.note(&note);
        return Ok(Exit::Found);
    }
    Ok(Exit::Clean)
}

/// Which lines are asked for.
struct Wanted<'a> {
    args: &'a JournalShow,
    what: Option<Action>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl<'a> Wanted<'a> {
    fn new(args: &'a JournalShow) -> Result<Self, Failure> {
        let time = |text: &Option<String>| text.as_deref().map(time).transpose();
        let what = args.what.as_deref().map(action).transpose()?;
        Ok(Self { args, what, since: time(&args.since)?, until: time(&args.until)? })
    }

    fn takes(&self, line: &Line) -> bool {
        let record = &line.record;
        let about = |digest: Option<crate::release::Digest>, start: &str| {
            digest.is_some_and(|digest| {
                let text = digest.to_string();
                text.starts_with(start) || text.strip_prefix("sha256:").is_some_and(|hex| hex.starts_with(start))
            })
        };
        self.what.is_none_or(|what| record.what == what)
            && self.args.who.as_ref().is_none_or(|who| crate::release::matches_principal(&record.who, who))
            && self.args.release.as_ref().is_none_or(|start| about(record.to, start) || about(record.from, start))
            && self.since.is_none_or(|since| record.at.at >= since)
            && self.until.is_none_or(|until| record.at.at < until)
    }
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    let read = Moment::try_from(text.to_owned()).map(|moment| moment.at).ok().or_else(|| Zone::default().parse_time(text));
    read.ok_or_else(|| {
        let message = LocalText::new(format!("`{text}` is not a time"), format!("`{text}` 不是时间"));
        let help = LocalText::new(
            "write `2014-03-24` or `2014-03-24T00:00:00+08:00`",
            "请写成 `2014-03-24` 或 `2014-03-24T00:00:00+08:00`",
        );
        Finding::error("wrong-time", None, message).with_help(help).into()
    })
}

fn action(word: &str) -> Result<Action, Failure> {
    Action::ALL.into_iter().find(|action| action.word() == word).ok_or_else(|| {
        let message = LocalText::new(format!("nothing is noted as `{word}`"), format!("没有名为 `{word}` 的操作"));
        suggest(Finding::error("unknown-name", None, message), word, Action::ALL.iter().map(|action| action.word())).into()
    })
}

fn table(lines: &[&Line], history: &History, screen: &Screen) -> String {
    let mut columns = Columns::new(7);
    for line in lines {
        let record = &line.record;
        let digest = record.to.map(|digest| digest.to_string().chars().skip(7).take(12).collect::<String>()).unwrap_or_default();
        let state = record.to.filter(|_| record.what == Action::Created).map(|digest| history.state(digest).text());
        let state = state.map_or_else(String::new, |state| format!("→ {}", state.get(screen.language)));
        columns.row([
            record.at.to_string(),
            record.what.text().get(screen.language).to_owned(),
            record.who.clone(),
            record.role.clone(),
            format!("{} {digest}", record.version),
            state,
            one_line(&record.comment),
        ]);
    }
    columns.text()
}

/// A comment on one line of a terminal, without what could steer it.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn json(lines: &[&Line]) -> String {
    let shown: Vec<serde_json::Value> = lines
        .iter()
        .map(|line| {
            let mut value = serde_json::to_value(&line.record).unwrap_or_default();
            if let Some(members) = value.as_object_mut() {
                members.insert("hash".to_owned(), line.hash.to_string().into());
            }
            value
        })
        .collect();
    serde_json::to_string_pretty(&shown).unwrap_or_default() + "\n"
}

fn csv(lines: &[&Line]) -> String {
    let mut text = String::from("at,what,who,role,from,to,version,file,comment,hash\n");
    let digest = |digest: Option<crate::release::Digest>| digest.map(|digest| digest.to_string()).unwrap_or_default();
    for line in lines {
        let record = &line.record;
        let cells = [
            record.at.to_string(),
            record.what.word().to_owned(),
            record.who.clone(),
            record.role.clone(),
            digest(record.from),
            digest(record.to),
            record.version.clone(),
            record.file.clone(),
            record.comment.clone(),
            line.hash.to_string(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push('\n');
    }
    text
}

/// A cell that a spreadsheet reads as text: quoted where needed, and no formula.
fn quoted(cell: &str) -> String {
    let cell = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
