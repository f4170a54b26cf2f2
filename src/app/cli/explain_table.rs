//! The rules of a stage as a decision table.

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::args::{Explain, PageFormat};
use super::columns::Columns;
use super::exit::Failure;
use super::explain::{json, unknown};
use super::screen::Screen;
use super::target::Target;
use countersign_core::model::{RuleId, RuleIndex, StageId, StageIndex};
use countersign_core::reading::{Phrase, RuleReader, StageTable, TableRow};
use countersign_core::text::{Language, LocalText};
use countersign_workspace::Files;

/// A cell wider than this goes on in the next line; columns of a terminal.
const CELL_WIDEST: usize = 34;

#[derive(Debug, Serialize)]
struct TablePage {
    stage: StageId,
    title: LocalText,
    /// What is looked at.
    columns: Vec<LocalText>,
    rows: Vec<PageRow>,
    /// Rules that are in no row, and why.
    not_plain: Vec<NotInTable>,
}

#[derive(Debug, Serialize)]
struct PageRow {
    /// From 1.
    row: usize,
    rule: RuleId,
    /// From 1; from the second on it is looked at only where the arms before it do not hold.
    arm: usize,
    /// By column: what is asked, each of several; empty where nothing is.
    cells: Vec<Vec<LocalText>>,
    /// Conditions that are in no column.
    other: Vec<LocalText>,
    outcome: LocalText,
    /// Whether its conditions contradict each other.
    impossible: bool,
    /// The earlier row that ends the stage for every request this one asks for.
    covered_by: Option<usize>,
    /// Rows with another outcome that some request fits as well.
    overlaps: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct NotInTable {
    rule: RuleId,
    why: LocalText,
}

/// Reads the rules of a stage.
///
/// # Errors
/// There is no such stage, or the target cannot be read.
pub fn page(stage: &str, args: &Explain, files: &dyn Files, screen: &Screen) -> Result<String, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    let stages = &target.definition.rule_set.stages;
    let found = stages.iter().enumerate().find(|(_, held)| held.id.as_str() == stage);
    let found = found.and_then(|(at, held)| Some((StageIndex::from_position(at)?, held)));
    let Some((index, held)) = found else {
        return Err(unknown("stage", "阶段", stage, stages.iter().map(|held| held.id.as_str())).into());
    };
    let table = RuleReader::new(&target.definition, engine.plan()).table(index);
    let id = |rule: RuleIndex| target.definition.rule_set.rule(rule).map(|held| held.id.clone());
    let page = TablePage {
        stage: held.id.clone(),
        title: held.title.clone(),
        columns: table.columns.iter().map(Phrase::text).collect(),
        rows: rows(&table, id),
        not_plain: table
            .not_plain
            .iter()
            .filter_map(|(rule, why)| Some(NotInTable { rule: id(*rule)?, why: why.clone() }))
            .collect(),
    };
    match args.format {
        PageFormat::Json => json(&page),
        PageFormat::Human => Ok(page.text(screen.language)),
    }
}

fn rows(table: &StageTable, id: impl Fn(RuleIndex) -> Option<RuleId>) -> Vec<PageRow> {
    let row = |(at, row): (usize, &TableRow)| {
        Some(PageRow {
            row: at + 1,
            rule: id(row.rule)?,
            arm: row.arm + 1,
            cells: row.cells.iter().map(|cells| cells.iter().map(|cell| cell.text.text()).collect()).collect(),
            other: row.other.iter().map(Phrase::text).collect(),
            outcome: row.outcome.text(),
            impossible: row.is_impossible,
            covered_by: row.covered_by.map(|row| row + 1),
            overlaps: row.overlaps.iter().map(|row| row + 1).collect(),
        })
    };
    table.rows.iter().enumerate().filter_map(row).collect()
}

impl TablePage {
    fn text(&self, language: Language) -> String {
        let say = |en: &str, zh: &str| LocalText::new(en, zh).get(language).to_owned();
        let mut columns = Columns::new(usize::MAX);
        let mut heads = vec!["#".to_owned(), say("rule", "规则")];
        heads.extend(self.columns.iter().map(|column| column.get(language).to_owned()));
        if self.rows.iter().any(|row| !row.other.is_empty()) {
            heads.push(say("other conditions", "其他条件"));
        }
        heads.extend([say("outcome", "结果"), say("notes", "备注")]);
        let count = heads.len();
        add(&mut columns, &heads);
        for row in &self.rows {
            let of = |texts: &[LocalText]| -> String {
                let texts: Vec<&str> = texts.iter().map(|text| text.get(language)).collect();
                texts.join(&say(" and ", "且"))
            };
            let name = if row.arm == 1 { row.rule.to_string() } else { format!("{} ({})", row.rule, say("otherwise", "否则")) };
            let mut cells = vec![row.row.to_string(), name];
            cells.extend(row.cells.iter().map(|cell| if cell.is_empty() { "–".to_owned() } else { of(cell) }));
            if count > cells.len() + 2 {
                cells.push(of(&row.other));
            }
            cells.extend([row.outcome.get(language).to_owned(), row.notes().get(language).to_owned()]);
            add(&mut columns, &cells);
        }
        let mut text = format!("{}  {}\n\n{}", self.stage, self.title.get(language), columns.text());
        for left in &self.not_plain {
            let why = LocalText::new(
                format!("\n{}: not in the table, because {} has no plain form\n", left.rule, left.why.en),
                format!("\n{}：未列入表中，因为{}无法用文字表述\n", left.rule, left.why.zh),
            );
            text.push_str(why.get(language));
        }
        text
    }
}

impl PageRow {
    fn notes(&self) -> LocalText {
        let mut notes: Vec<LocalText> = Vec::new();
        if self.impossible {
            notes.push(LocalText::new("never holds", "始终不成立"));
        }
        if let Some(row) = self.covered_by {
            notes.push(LocalText::new(format!("never reached: row {row} comes first"), format!("不会到达：先命中第 {row} 行")));
        }
        if !self.overlaps.is_empty() {
            let rows: Vec<String> = self.overlaps.iter().map(ToString::to_string).collect();
            notes.push(LocalText::new(format!("overlaps {}", rows.join(", ")), format!("与第 {} 行重叠", rows.join("、"))));
        }
        let join = |half: fn(&LocalText) -> &str, with: &str| notes.iter().map(half).collect::<Vec<_>>().join(with);
        LocalText::new(join(|note| &note.en, "; "), join(|note| &note.zh, "；"))
    }
}

/// A row whose cells may take several lines.
fn add(columns: &mut Columns, cells: &[String]) {
    let cells: Vec<Vec<String>> = cells.iter().map(|cell| wrapped(cell)).collect();
    for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        columns.row(cells.iter().map(|lines| lines.get(line).map_or("", String::as_str)));
    }
}

/// A text in lines, broken at spaces and between Chinese characters.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut word = String::new();
    let flush = |lines: &mut Vec<String>, word: &mut String| {
        if let Some(last) = lines.last_mut() {
            if last.width() + word.width() > CELL_WIDEST && !last.is_empty() {
                lines.push(word.trim_start().to_owned());
            } else {
                last.push_str(word);
            }
        }
        word.clear();
    };
    for c in text.chars() {
        if c == ' ' || c.width() == Some(2) {
            flush(&mut lines, &mut word);
        }
        word.push(c);
    }
    flush(&mut lines, &mut word);
    lines
}
