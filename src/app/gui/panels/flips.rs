//! Flips as they are shown wherever two rule sets are compared: a group with the rules that cause it, and single ones.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};

use eframe::egui::{Align, Checkbox, Color32, Label, Layout, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::table::{DataTable, TableColumn, TableContent, line};
use crate::gui::widgets::{badge, button, section};
use crate::gui::words::{self, language, local, say, text, tr};
use countersign_core::model::RuleId;
use countersign_core::text::{Language, counted};
use countersign_session::views::decided::DecisionText;
use countersign_session::views::figures;
use countersign_session::views::flips::{FlipRow, flip, rows};
use countersign_session::views::impact::GroupRow;
use countersign_session::{Action, Impact, RowFilter, TableAction};

/// What was done in the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlipListResponse {
    /// The row of the request that was chosen.
    pub chosen: Option<u32>,
    pub is_opened: bool,
}

/// What the list is of, and where it is.
#[derive(Default)]
pub struct FlipList {
    table: DataTable,
    group: Option<BTreeSet<RuleId>>,
    held: Option<LoadedFlips>,
}

/// The listed rows with what they were made from.
struct LoadedFlips {
    impact: Weak<Impact>,
    group: Option<BTreeSet<RuleId>>,
    rows: Vec<u32>,
}

impl FlipList {
    /// The group whose flips are listed; all when none.
    pub fn group_mut(&mut self) -> &mut Option<BTreeSet<RuleId>> {
        &mut self.group
    }

    pub fn of(group: BTreeSet<RuleId>) -> Self {
        Self { group: Some(group), ..Self::default() }
    }

    /// Shows the list, where the row that is chosen is highlighted, with more at the end of its header.
    pub fn show(&mut self, ui: &mut Ui, chosen: Option<u32>, impact: &Arc<Impact>, end: impl FnOnce(&mut Ui)) -> FlipListResponse {
        ui.spacing_mut().item_spacing.y = 0.0;
        let is_same = |held: &LoadedFlips| std::ptr::eq(held.impact.as_ptr(), Arc::as_ptr(impact)) && held.group == self.group;
        if !self.held.as_ref().is_some_and(is_same) {
            // A group that is gone leaves all flips.
            self.group.take_if(|rules| !impact.groups.iter().any(|group| group.rules() == *rules));
            let rows = rows(impact, self.group.as_ref());
            self.held = Some(LoadedFlips { impact: Arc::downgrade(impact), group: self.group.clone(), rows });
        }
        let Some(LoadedFlips { rows: listed, .. }) = &self.held else { return FlipListResponse::default() };
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
        let mut content = TableContent {
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
        FlipListResponse { chosen: row(answer.choose.or(answer.open)), is_opened: answer.open.is_some() }
    }
}

fn title(language: Language, count: usize) -> String {
    let count = figures::count(count);
    match language {
        Language::En => format!("{count} flips"),
        Language::Zh => format!("{count} 条决策改变"),
    }
}

fn columns(ui: &Ui) -> Vec<TableColumn> {
    let m = metrics();
    vec![
        TableColumn::text(say(ui, text("Key", "主键")), m.label_column),
        TableColumn::number(say(ui, text("Amount", "金额")), m.label_column),
        TableColumn::text(say(ui, text("Before", "原结论")), m.field_width),
        TableColumn::text(say(ui, text("Now", "新结论")), m.field_width),
        TableColumn::text(say(ui, text("Interface before", "原接口")), m.field_width),
        TableColumn::text(say(ui, text("Interface now", "新接口")), m.field_width),
        TableColumn::text(say(ui, text("Reasons before", "变更前原因")), m.field_width + m.hit_bar),
        TableColumn::text(say(ui, text("Reasons now", "变更后原因")), m.field_width + m.hit_bar),
        TableColumn::text(say(ui, text("Time", "时间")), m.field_width + m.hit_bar),
    ]
}

fn show_cell(ui: &mut Ui, flip: &FlipRow, column: usize) {
    let side = if matches!(column, 2 | 4 | 6) { &flip.before } else { &flip.after };
    match column {
        0 => drop(line(ui, &flip.key)),
        1 => drop(line(ui, &flip.amount)),
        2 | 3 => side.iter().for_each(|decided| drop(badge::verdict(ui, decided.verdict))),
        4 | 5 => {
            let interface = side.as_ref().and_then(|decided: &DecisionText| decided.interface.as_ref());
            drop(line(ui, &interface.map_or("–".into(), |interface| local(ui, interface))));
        }
        6 | 7 => drop(line(ui, &side.as_ref().map(DecisionText::codes).unwrap_or_default())),
        _ => drop(line(ui, &flip.time)),
    }
}

/// Shows a group; whether it was pressed. With an outbox somebody may answer for it, and its requests can be put into the table.
pub fn group(ui: &mut Ui, group: &GroupRow, is_chosen: bool, out: Option<&mut Outbox>) -> bool {
    let c = colours(ui);
    let size = Vec2::new(ui.available_width(), 3.0 * metrics().table_row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let title = local(ui, &group.title).into_owned();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &title));
    let ground = match (is_chosen, response.hovered() || response.has_focus()) {
        (true, _) => c.selected,
        (_, true) => c.hover,
        _ => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, theme::rounded(), ground);
    ui.painter().hline(rect.x_range(), rect.bottom(), theme::hairline(c.hairline));
    let inner = rect.shrink2(Vec2::new(space().medium, space().tiny));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing = Vec2::new(space().small, 0.0);
        ui.horizontal(|ui| match out {
            Some(out) => with_tools(ui, group, &title, out),
            None => drop(ui.add(Label::new(theme::emphasised(ui, &title)).selectable(false).truncate())),
        });
        ui.add(Label::new(theme::weak(ui, numbers(group, language(ui.ctx())))).selectable(false).truncate());
        ui.horizontal(|ui| transitions(ui, group));
    });
    response.clicked()
}

/// The title between a tick, by which somebody takes responsibility for the group, and a button that lists its requests.
fn with_tools(ui: &mut Ui, group: &GroupRow, title: &str, out: &mut Outbox) {
    let mut yes = group.is_acknowledged;
    let label = format!("{} {title}", say(ui, text("Acknowledge", "确认")));
    let tick = ui.add(Checkbox::without_text(&mut yes));
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, yes, &label));
    if tick.on_hover_text(say(ui, text("I looked at these and take responsibility", "已查看并承担责任"))).changed() {
        out.push(Action::Acknowledge { group: group.key.clone(), yes });
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let label = format!("{}: {title}", say(ui, text("Show these requests", "显示这些请求")));
        if button::icon(ui, Glyph::TableProperties, &label).clicked() {
            out.push(Action::Table(TableAction::Show(RowFilter::Flips(group.rules.clone()))));
            out.ask(WindowAction::Show(Tab::Requests));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(theme::emphasised(ui, title)).selectable(false).truncate());
        });
    });
}

fn numbers(group: &GroupRow, language: Language) -> String {
    let amount = figures::yuan(group.sums.amount_fen);
    match language {
        Language::En => {
            let requests = counted(group.sums.requests, "request", "requests");
            format!("{requests} · {amount} · {}", counted(group.customers, "customer", "customers"))
        }
        Language::Zh => {
            format!("{} 条请求 · {amount} · {} 位客户", figures::count(group.sums.requests), figures::count(group.customers))
        }
    }
}

/// From which verdict to which, most first.
fn transitions(ui: &mut Ui, group: &GroupRow) {
    let c = colours(ui);
    for (old, new, count) in group.transitions.iter().take(3) {
        ui.label(icons::small(icons::verdict(*old), c.verdict(*old).text));
        if old == new {
            let words = tr(ui, "same verdict, other limits or reasons", "结论不变，限额或原因不同");
            ui.label(theme::weak(ui, format!("{words} {}", figures::count(*count))));
        } else {
            ui.label(icons::small(Glyph::ArrowRight, c.text_weak));
            ui.label(icons::small(icons::verdict(*new), c.verdict(*new).text));
            let words = say(ui, words::verdict(*new));
            ui.label(RichText::new(format!("{words} {}", figures::count(*count))).font(theme::small()).color(c.verdict(*new).text));
        }
        ui.add_space(space().small);
    }
}
