//! `countersign replay`: decides every line of a gateway's decision log again, follows its chain, and makes a case of a line.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use super::args::{PageFormat, Replay};
use super::exit::{Exit, Failure};
use super::replay_case;
use super::replay_chain::{Anchor, LogChain};
use super::replay_line::{self, Deciding, LogEntry, ReplayOutcome, Replayed};
use super::screen::Screen;
use crate::cli::kinds::{EMPTY_LOG, WRONG_LOG_LINE};
use countersign_core::diagnostic::Finding;
use countersign_core::gateway::LogEnd;
use countersign_core::text::{LocalText, reveal_json};
use countersign_workspace::{Files, LARGEST_RELEASE};

/// The largest log that is read, in bytes.
const LARGEST_LOG: u64 = 1 << 30;
/// How many lines of each outcome are shown.
const SHOWN: usize = 20;

/// Runs the verb.
///
/// # Errors
/// The log or a release cannot be read, or the line asked for makes no case.
pub fn run(args: &Replay, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let mut logs = Vec::new();
    for path in &args.log {
        logs.push((path, files.read(path, LARGEST_LOG)?));
    }
    if let (Some(number), Some(id)) = (args.line, &args.case) {
        let line = logs.first().and_then(|(_, bytes)| lines(bytes).find(|(at, _)| *at == number));
        let line = line.and_then(|(_, line)| std::str::from_utf8(line).ok());
        return replay_case::add(line, number, id, &args.workspace, files, screen);
    }
    if let Some((log, _)) = logs.iter().find(|(_, bytes)| lines(bytes).next().is_none()) {
        let log = log.display();
        let message = LocalText::new(
            format!("`{log}` has no line: nothing is decided again"),
            format!("`{log}` 中没有任何行：没有可重放的决策"),
        );
        let help = LocalText::new("is it the right log, and was it written to?", "请检查日志文件是否正确、是否已写入");
        return Err(Finding::new(EMPTY_LOG, None, message).with_help(help).into());
    }
    let deciding = releases(args, files)?;
    let replayed = replay(&logs, &deciding, anchors(args, files, screen)?);
    let text = match args.format {
        PageFormat::Human => human(&replayed, args, screen),
        PageFormat::Json => reveal_json(format!("{:#}\n", json(&replayed, args))),
    };
    screen.print(&text)?;
    Ok(if replayed.iter().any(|line| line.outcome.is_bad()) { Exit::Found } else { Exit::Clean })
}

/// The lines that are not blank, with their numbers in the file.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate().map(|(at, line)| (at + 1, line));
    numbered.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace))
}

/// The lines that must be in the log: as its head file has it, and as asked for.
fn anchors(args: &Replay, files: &dyn Files, screen: &Screen) -> Result<Vec<Anchor>, Failure> {
    let asked = args.anchor.map(|end| Anchor::new(end, LocalText::new("by the anchor", "按锚点")));
    let mut anchors: Vec<Anchor> = asked.into_iter().collect();
    let Some(log) = args.log.last() else { return Ok(anchors) };
    let mut name = log.file_name().unwrap_or_default().to_owned();
    name.push(".head");
    let path = log.with_file_name(name);
    if !files.exists(&path) {
        return Ok(anchors);
    }
    let text = String::from_utf8_lossy(&files.read(&path, 1 << 10)?).into_owned();
    let (head, shown) = (LogEnd::parse(&text), path.display());
    if head.is_none() && !text.is_empty() {
        screen.note(&LocalText::new(
            format!("`{shown}` does not hold the number and the digest of a line"),
            format!("`{shown}` 中不是行号与摘要"),
        ));
    }
    anchors.extend(head.map(|end| Anchor::new(end, LocalText::new(format!("by `{shown}`"), format!("按 `{shown}`")))));
    Ok(anchors)
}

/// The releases named, and those of the workspace, by digest.
fn releases(args: &Replay, files: &dyn Files) -> Result<BTreeMap<String, Deciding>, Failure> {
    let mut paths = args.release.clone();
    paths.extend(countersign_workspace::release_files(files, &args.workspace)?.into_iter().map(|name| args.workspace.join(name)));
    let mut found = BTreeMap::new();
    for path in paths {
        let bytes = files.read(&path, LARGEST_RELEASE)?;
        let deciding = Deciding::load(&path.display().to_string(), &bytes)?;
        found.insert(deciding.digest(), deciding);
    }
    Ok(found)
}

/// Decides every line again and follows the chain through all files.
fn replay(logs: &[(&PathBuf, Vec<u8>)], releases: &BTreeMap<String, Deciding>, anchors: Vec<Anchor>) -> Vec<Replayed> {
    let (mut chain, mut replayed) = (LogChain::new(anchors), Vec::new());
    let mut last = (0, 0);
    for (log, (_, bytes)) in logs.iter().enumerate() {
        // Since the last line that could be read.
        let mut unread = replayed.len();
        for (number, text) in lines(bytes) {
            last = (log, number);
            let mut put = |key: &str, outcome| replayed.push(Replayed { log, number, key: key.to_owned(), outcome });
            match replay_line::read_bytes(text) {
                None => {
                    chain.skip(text);
                    let is_open = !bytes.ends_with(b"\n") && bytes.ends_with(text);
                    put("", if is_open { ReplayOutcome::Torn } else { ReplayOutcome::unreadable() });
                    continue;
                }
                Some(LogEntry::Note(note)) => {
                    let explained = chain.explains(&note.note);
                    let wrong = chain.follow(text, note.number.zip(note.previous), Some(&note.note));
                    if let Some(why) = wrong {
                        put("", ReplayOutcome::Broken(why));
                    }
                    put("", ReplayOutcome::Noted(note.note));
                    if explained {
                        let lines = replayed.iter_mut().skip(unread);
                        lines
                            .filter(|line| matches!(line.outcome, ReplayOutcome::Unreadable(_)))
                            .for_each(|line| line.outcome = ReplayOutcome::Torn);
                    }
                }
                Some(LogEntry::Decision(line)) => {
                    let wrong = chain.follow(text, line.number.zip(line.previous), None);
                    if let Some(why) = wrong {
                        put(&line.key, ReplayOutcome::Broken(why));
                    }
                    let outcome = match releases.get(&line.answer.release) {
                        None => ReplayOutcome::UnknownRelease(line.answer.release.clone()),
                        Some(deciding) => deciding.replay(&line),
                    };
                    put(&line.key, outcome);
                }
            }
            unread = replayed.len();
        }
    }
    let cut =
        chain.cut().map(|why| Replayed { log: last.0, number: last.1, key: String::new(), outcome: ReplayOutcome::Broken(why) });
    replayed.extend(cut);
    replayed
}

fn human(replayed: &[Replayed], args: &Replay, screen: &Screen) -> String {
    let mut shown: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut text = String::new();
    for line in replayed {
        let Some(why) = line.outcome.why() else { continue };
        let count = shown.entry(line.outcome.word()).or_default();
        *count += 1;
        if *count <= SHOWN {
            let mut place = LocalText::new(format!("line {}", line.number), format!("第 {} 行", line.number));
            if let Some(log) = log_name(line, args) {
                place = LocalText::new(format!("{log}, {}", place.en), format!("{log} {}", place.zh));
            }
            let _ = writeln!(text, "{} {}: {}", screen.say(&place), line.key, screen.say(&why));
        }
    }
    for (word, name) in ReplayOutcome::NAMES {
        let count = replayed.iter().filter(|line| line.outcome.word() == word).count();
        if count > 0 {
            let _ = writeln!(text, "{count} {}", screen.say(&name.local()));
        }
    }
    text
}

/// The file of a line, where there are several.
fn log_name(line: &Replayed, args: &Replay) -> Option<String> {
    let log = args.log.get(line.log).filter(|_| args.log.len() > 1)?;
    Some(log.display().to_string())
}

fn json(replayed: &[Replayed], args: &Replay) -> serde_json::Value {
    let count = |word: &str| replayed.iter().filter(|line| line.outcome.word() == word).count();
    let counts: serde_json::Map<String, serde_json::Value> =
        ReplayOutcome::NAMES.iter().map(|(word, _)| ((*word).to_owned(), count(word).into())).collect();
    let lines: Vec<serde_json::Value> = replayed
        .iter()
        .filter_map(|line| {
            let why = line.outcome.why()?;
            let mut shown = serde_json::json!({ "line": line.number, "key": line.key, "outcome": line.outcome.word(), "why": why });
            if let (Some(log), Some(members)) = (log_name(line, args), shown.as_object_mut()) {
                members.insert("log".to_owned(), log.into());
            }
            Some(shown)
        })
        .collect();
    serde_json::json!({ "format": 1, "counts": counts, "lines": lines })
}

/// A log line that makes no case.
pub(super) fn no_case(message: LocalText, help: LocalText) -> Failure {
    Finding::new(WRONG_LOG_LINE, None, message).with_help(help).into()
}
