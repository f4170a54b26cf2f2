//! `countersign replay`: decides every line of a gateway's decision log again, and makes a case of one.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::args::{PageFormat, Replay};
use super::exit::{Exit, Failure};
use super::replay_case;
use super::replay_line::{self, Deciding, Outcome, Replayed};
use super::screen::Screen;
use crate::diagnostic::Finding;
use crate::text::{LocalText, reveal_json};
use crate::workspace::{self, Files, LARGEST_RELEASE};

/// The largest log that is read, in bytes.
const LARGEST_LOG: u64 = 1 << 30;
/// How many lines of each outcome are shown.
const SHOWN: usize = 20;

/// Runs the verb.
///
/// # Errors
/// The log or a release cannot be read, or the line asked for makes no case.
pub fn run(args: &Replay, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let bytes = files.read(&args.log, LARGEST_LOG)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim().is_empty());
    if let (Some(number), Some(id)) = (args.line, &args.case) {
        let line = lines.clone().find(|(at, _)| *at == number).map(|(_, line)| line);
        return replay_case::add(line, number, id, &args.workspace, files, screen);
    }
    if lines.clone().next().is_none() {
        let log = args.log.display();
        let message = LocalText::new(
            format!("`{log}` has no line: nothing is decided again"),
            format!("`{log}` 中没有任何行：没有可重放的决策"),
        );
        let help = LocalText::new("is it the right log, and was it written to?", "请检查日志文件是否正确、是否已写入");
        return Err(Finding::error("empty-log", None, message).with_help(help).into());
    }
    let deciding = releases(args, files)?;
    let replayed: Vec<Replayed> = lines.map(|(at, line)| replay(at, line, &deciding)).collect();
    let text = match args.format {
        PageFormat::Human => human(&replayed, screen),
        PageFormat::Json => reveal_json(format!("{:#}\n", json(&replayed))),
    };
    screen.print(&text)?;
    let is_bad =
        |line: &Replayed| matches!(line.outcome, Outcome::Diverged(_) | Outcome::Unreadable(_) | Outcome::UnknownRelease(_));
    Ok(if replayed.iter().any(is_bad) { Exit::Found } else { Exit::Clean })
}

/// The releases named, and those of the workspace, by digest.
fn releases(args: &Replay, files: &dyn Files) -> Result<BTreeMap<String, Deciding>, Failure> {
    let mut paths = args.release.clone();
    paths.extend(workspace::release_files(files, &args.workspace)?.into_iter().map(|name| args.workspace.join(name)));
    let mut found = BTreeMap::new();
    for path in paths {
        let bytes = files.read(&path, LARGEST_RELEASE)?;
        let deciding = Deciding::load(&path.display().to_string(), &bytes)?;
        found.insert(deciding.digest(), deciding);
    }
    Ok(found)
}

fn replay(number: usize, text: &str, releases: &BTreeMap<String, Deciding>) -> Replayed {
    let Some(line) = replay_line::read(text) else {
        let why = LocalText::new("this is no line of a decision log", "这不是决策日志的一行");
        return Replayed { number, key: String::new(), outcome: Outcome::Unreadable(why) };
    };
    let outcome = match releases.get(&line.answer.release) {
        None => Outcome::UnknownRelease(line.answer.release.clone()),
        Some(deciding) => deciding.replay(&line),
    };
    Replayed { number, key: line.key, outcome }
}

fn human(replayed: &[Replayed], screen: &Screen) -> String {
    let mut shown: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut text = String::new();
    for line in replayed {
        let Some(why) = line.outcome.why() else { continue };
        let count = shown.entry(line.outcome.word()).or_default();
        *count += 1;
        if *count <= SHOWN {
            let place = LocalText::new(format!("line {}", line.number), format!("第 {} 行", line.number));
            let _ = writeln!(text, "{} {}: {}", screen.say(&place), line.key, screen.say(&why));
        }
    }
    for (word, name) in Outcome::NAMES {
        let count = replayed.iter().filter(|line| line.outcome.word() == word).count();
        if count > 0 {
            let _ = writeln!(text, "{count} {}", screen.say(&name.local()));
        }
    }
    text
}

fn json(replayed: &[Replayed]) -> serde_json::Value {
    let count = |word: &str| replayed.iter().filter(|line| line.outcome.word() == word).count();
    let counts: serde_json::Map<String, serde_json::Value> =
        Outcome::NAMES.iter().map(|(word, _)| ((*word).to_owned(), count(word).into())).collect();
    let lines: Vec<serde_json::Value> = replayed
        .iter()
        .filter_map(|line| {
            let why = line.outcome.why()?;
            Some(serde_json::json!({ "line": line.number, "key": line.key, "outcome": line.outcome.word(), "why": why }))
        })
        .collect();
    serde_json::json!({ "format": 1, "counts": counts, "lines": lines })
}

/// A log line that makes no case.
pub(super) fn no_case(message: LocalText, help: LocalText) -> Failure {
    Finding::error("wrong-log-line", None, message).with_help(help).into()
}
