//! Single flips, of all groups or of the chosen one, with both decisions side by side.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::theme::{metrics, space};
use crate::gui::widgets::table::{Column, Content, Table, line};
use crate::gui::widgets::{badge, button, section};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::RuleId;
use countersign_core::text::Language;
use countersign_session::Impact;
use countersign_session::views::decided::Decided;
use countersign_session::views::figures;
use countersign_session::views::flips::{FlipRow, flip, rows};

/// What was done in the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// The row of the request that was chosen.
    pub chosen: Option<u32>,
    /// Whether it is to be opened.
    pub is_opened: bool,
}

/// What the list is of, and where it stands.
#[derive(Default)]
pub struct List {
    table: Table,
    group: Option<BTreeSet<RuleId>>,
    held: Option<Held>,
}

/// The listed rows with what they were made from.
struct Held {
    impact: Weak<Impact>,
    group: Option<BTreeSet<RuleId>>,
    rows: Vec<u32>,
}

impl List {
    /// The group whose flips are listed; all when none.
    pub fn group_mut(&mut self) -> &mut Option<BTreeSet<RuleId>> {
        &mut self.group
    }

    /// The flips of one group.
    #[must_use]
    pub fn of(group: BTreeSet<RuleId>) -> Self {
        Self { group: Some(group), ..Self::default() }
    }

    /// Shows the list, where the row that is chosen stands out, with more at the end of its header.
    pub fn show(&mut self, ui: &mut Ui, chosen: Option<u32>, impact: &Arc<Impact>, end: impl FnOnce(&mut Ui)) -> Answer {
        ui.spacing_mut().item_spacing.y = 0.0;
        let is_same = |held: &Held| std::ptr::eq(held.impact.as_ptr(), Arc::as_ptr(impact)) && held.group == self.group;
        if !self.held.as_ref().is_some_and(is_same) {
            // A group that is gone leaves all flips.
            self.group.take_if(|rules| !impact.groups.iter().any(|group| group.rules() == *rules));
            let rows = rows(impact, self.group.as_ref());
            self.held = Some(Held { impact: Arc::downgrade(impact), group: self.group.clone(), rows });
        }
        let Some(Held { rows: listed, .. }) = &self.held else { return Answer::default() };
        let group = &mut self.group;
        section::header(ui, &title(language(ui.ctx()), listed.len()), |ui| {
            end(ui);
            ui.add_space(space().medium);
            if group.is_some() && button::ghost(ui, Some(Glyph::X), say(ui, text("All groups", "全部分组"))).clicked() {
                *group = None;
            }
        });
        let columns = columns(ui);
        // Both decisions of a row are put into words once a frame.
        let known: RefCell<BTreeMap<usize, FlipRow>> = RefCell::default();
        let mut cell = |ui: &mut Ui, at: usize, column: usize| {
            let mut known = known.borrow_mut();
            let row = listed.get(at).copied().unwrap_or_default();
            show_cell(ui, known.entry(at).or_insert_with(|| flip(impact, row)), column);
        };
        let chosen = chosen.and_then(|row| listed.iter().position(|listed| *listed == row));
        let mut content = Content {
            name: "flips",
            label: say(ui, text("Flips", "决策改变的请求")),
            columns: &columns,
            rows: listed.len(),
            chosen,
            sorted: None,
            cell: &mut cell,
            menu: None,
        };
        let answer = self.table.show(ui, &mut content);
        let row = |at: Option<usize>| at.and_then(|at| listed.get(at)).copied();
        Answer { chosen: row(answer.choose.or(answer.open)), is_opened: answer.open.is_some() }
    }
}

fn title(language: Language, count: usize) -> String {
    let count = figures::count(count);
    match language {
        Language::En => format!("{count} flips"),
        Language::Zh => format!("{count} 条决策改变"),
    }
}

fn columns(ui: &Ui) -> Vec<Column> {
    let m = metrics();
    vec![
        Column::text(say(ui, text("Key", "主键")), m.label_column),
        Column::number(say(ui, text("Amount", "金额")), m.label_column),
        Column::text(say(ui, text("Before", "原结论")), m.field_width),
        Column::text(say(ui, text("Now", "新结论")), m.field_width),
        Column::text(say(ui, text("Interface before", "原接口")), m.field_width),
        Column::text(say(ui, text("Interface now", "新接口")), m.field_width),
        Column::text(say(ui, text("Reasons before", "变更前原因")), m.field_width + m.hit_bar),
        Column::text(say(ui, text("Reasons now", "变更后原因")), m.field_width + m.hit_bar),
        Column::text(say(ui, text("Time", "时间")), m.field_width + m.hit_bar),
    ]
}

fn show_cell(ui: &mut Ui, flip: &FlipRow, column: usize) {
    let side = if matches!(column, 2 | 4 | 6) { &flip.before } else { &flip.after };
    match column {
        0 => drop(line(ui, &flip.key)),
        1 => drop(line(ui, &flip.amount)),
        2 | 3 => side.iter().for_each(|decided| drop(badge::verdict(ui, decided.verdict))),
        4 | 5 => {
            let interface = side.as_ref().and_then(|decided: &Decided| decided.interface.as_ref());
            drop(line(ui, &interface.map_or("–".into(), |interface| local(ui, interface))));
        }
        6 | 7 => drop(line(ui, &side.as_ref().map(Decided::codes).unwrap_or_default())),
        _ => drop(line(ui, &flip.time)),
    }
}
