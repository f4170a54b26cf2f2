//! Flips as they are shown wherever two rule sets are compared: a group with the rules that cause it, and single ones.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use eframe::egui::{Align, Checkbox, Color32, Label, Layout, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::table::{DataTable, TableColumn, TableContent, line};
use crate::gui::widgets::{badge, button, field, section};
use crate::gui::words::{self, language, local, say, text, tr};
use countersign_core::text::{Language, counted};
use countersign_run::compare::Differs;
use countersign_session::views::decided::DecisionText;
use countersign_session::views::figures;
use countersign_session::views::flips::{FlipRow, FlipRows, FlipsShown, flip, is_there, rows};
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
    only: Option<FlipsShown>,
    held: Option<LoadedFlips>,
}

/// The listed rows with what they were made from.
struct LoadedFlips {
    impact: Weak<Impact>,
    only: Option<FlipsShown>,
    listed: FlipRows,
}

impl FlipList {
    /// Which flips are listed; all when none.
    pub fn only_mut(&mut self) -> &mut Option<FlipsShown> {
        &mut self.only
    }

    pub fn of(only: FlipsShown) -> Self {
        Self { only: Some(only), ..Self::default() }
    }

    /// Shows the list, where the row that is chosen is highlighted, with more at the end of its header.
    pub fn show(&mut self, ui: &mut Ui, chosen: Option<u32>, impact: &Arc<Impact>, end: impl FnOnce(&mut Ui)) -> FlipListResponse {
        ui.spacing_mut().item_spacing.y = 0.0;
        let is_same = |held: &LoadedFlips| std::ptr::eq(held.impact.as_ptr(), Arc::as_ptr(impact)) && held.only == self.only;
        if !self.held.as_ref().is_some_and(is_same) {
            // What is gone leaves all flips.
            self.only.take_if(|only| !is_there(impact, only));
            let listed = rows(impact, self.only.as_ref());
            self.held = Some(LoadedFlips { impact: Arc::downgrade(impact), only: self.only.clone(), listed });
        }
        let Some(LoadedFlips { listed: FlipRows { rows: listed, differs }, .. }) = &self.held else {
            return FlipListResponse::default();
        };
        let only = &mut self.only;
        section::header(ui, &title(language(ui.ctx()), listed.len()), |ui| {
            end(ui);
            ui.add_space(space().medium);
            if only.is_some() && button::ghost(ui, Some(Glyph::X), say(ui, text("All flips", "全部变化"))).clicked() {
                *only = None;
            }
        });
        let shown = shown(*differs);
        let columns: Vec<TableColumn> = shown.iter().map(|column| column.head(ui)).collect();
        // Both decisions of a row are put into words once a frame.
        let known: RefCell<BTreeMap<usize, FlipRow>> = RefCell::default();
        let mut cell = |ui: &mut Ui, at: usize, column: usize| {
            let mut known = known.borrow_mut();
            let row = listed.get(at).copied().unwrap_or_default();
            if let Some(column) = shown.get(column) {
                column.show(ui, known.entry(at).or_insert_with(|| flip(impact, row)));
            }
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

/// A column of the list. Those between amount and time show a decision before and now.
#[derive(Clone, Copy, Debug)]
enum FlipColumn {
    Key,
    Amount,
    Verdict,
    Interface,
    Limits,
    Reasons,
    Time,
}

/// The columns in which something differs, between those that tell which request it is.
fn shown(differs: Differs) -> Vec<FlipColumn> {
    let all = [
        (true, FlipColumn::Key),
        (true, FlipColumn::Amount),
        (differs.verdict, FlipColumn::Verdict),
        (differs.interface, FlipColumn::Interface),
        (differs.limits, FlipColumn::Limits),
        (differs.reasons, FlipColumn::Reasons),
        (true, FlipColumn::Time),
    ];
    all.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, column)| column).collect()
}

impl FlipColumn {
    fn head(self, ui: &Ui) -> TableColumn {
        let m = metrics();
        match self {
            Self::Key => TableColumn::text(say(ui, text("Key", "主键")), m.label_column),
            Self::Amount => TableColumn::number(say(ui, text("Amount", "金额")), m.label_column),
            Self::Verdict => TableColumn::text(say(ui, text("Verdict before → now", "结论：原 → 新")), 2.0 * m.field_width),
            Self::Interface => TableColumn::text(say(ui, text("Interface before → now", "接口：原 → 新")), 2.0 * m.field_width),
            Self::Limits => TableColumn::text(say(ui, text("Limits before → now", "限额：原 → 新")), 3.0 * m.field_width),
            Self::Reasons => TableColumn::text(say(ui, text("Reasons before → now", "原因：原 → 新")), 3.0 * m.field_width),
            Self::Time => TableColumn::text(say(ui, text("Time", "时间")), m.field_width + m.hit_bar),
        }
    }

    fn show(self, ui: &mut Ui, flip: &FlipRow) {
        let language = language(ui.ctx());
        let sides = [&flip.before, &flip.after];
        let from_to = |of: &dyn Fn(&DecisionText) -> String| {
            let [before, after] = sides.map(|side| side.as_ref().map(of).filter(|text| !text.is_empty()).unwrap_or("–".to_owned()));
            if before == after { before } else { format!("{before} → {after}") }
        };
        match self {
            Self::Key => drop(line(ui, &flip.key)),
            Self::Amount => drop(line(ui, &flip.amount)),
            Self::Time => drop(line(ui, &flip.time)),
            Self::Verdict => {
                for (at, decided) in sides.into_iter().flatten().enumerate() {
                    if at > 0 {
                        ui.label(icons::small(Glyph::ArrowRight, colours(ui).text_weak));
                    }
                    badge::verdict(ui, decided.verdict);
                }
            }
            Self::Interface => {
                let named = |decided: &DecisionText| {
                    decided.interface.as_ref().map(|name| name.get(language).to_owned()).unwrap_or_default()
                };
                drop(line(ui, &from_to(&named)));
            }
            Self::Limits => drop(line(ui, &from_to(&|decided| decided.limits_text(language)))),
            Self::Reasons => drop(line(ui, &from_to(&|decided| decided.reason_texts(language)))),
        }
    }
}

/// Shows a group; whether it was pressed. With an outbox somebody may answer for it, and its requests can be put into the table.
pub fn group(ui: &mut Ui, group: &GroupRow, is_chosen: bool, out: Option<&mut Outbox>) -> bool {
    let c = colours(ui);
    let is_commented = out.is_some() && group.is_acknowledged;
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let lines = 3.0 + group.known.len() as f32 + if is_commented { 1.0 } else { 0.0 };
    let size = Vec2::new(ui.available_width(), lines * metrics().table_row + if is_commented { space().small } else { 0.0 });
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
        let mut out = out;
        ui.horizontal(|ui| match &mut out {
            Some(out) => with_tools(ui, group, &title, out),
            None => drop(ui.add(Label::new(theme::emphasised(ui, &title)).selectable(false).truncate())),
        });
        ui.add(Label::new(theme::weak(ui, numbers(group, language(ui.ctx())))).selectable(false).truncate());
        ui.horizontal(|ui| transitions(ui, group));
        for known in &group.known {
            ui.add(Label::new(theme::weak(ui, local(ui, known))).selectable(false).truncate());
        }
        if let Some(out) = out.filter(|_| is_commented) {
            comment(ui, group, &title, out);
        }
    });
    response.clicked()
}

/// Why the group is meant; the evidence of a release keeps it.
fn comment(ui: &mut Ui, group: &GroupRow, title: &str, out: &mut Outbox) {
    let mut shown = group.comment.clone();
    let label = format!("{} {title}", say(ui, text("Why it is meant:", "确认理由：")));
    let hint = say(ui, text("Why this is meant (kept in the evidence)", "确认理由（记入证据）"));
    if field::text(ui, &mut shown, &label, hint, ui.available_width()).changed() {
        out.push(Action::AcknowledgeWith { group: group.key.clone(), comment: shown });
    }
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
