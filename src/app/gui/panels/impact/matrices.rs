//! Old verdict by new verdict, old interface by new interface, and flips by part of the requests.

use eframe::egui::{Align, Align2, Color32, CornerRadius, Label, Layout, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::gui::outbox::Outbox;
use crate::gui::panels::standing;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::line;
use crate::gui::widgets::{choice, section};
use crate::gui::words::{self, language, local, say, text, tr};
use countersign_core::model::{InterfaceId, Verdict};
use countersign_core::text::Language;
use countersign_run::compare::{Figures, SegmentLine, known_effect};
use countersign_run::decisions::Sums;
use countersign_session::views::figures;
use countersign_session::{Action, RowFilter, Session, TableAction};

/// What flips are counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlipsBy {
    #[default]
    Verdicts,
    Interfaces,
    /// The values of a field, by its place among those there are.
    Field(usize),
    Time,
}

/// Shows the figures; whether requests were asked for.
pub fn show(ui: &mut Ui, session: &Session, by: &mut FlipsBy, out: &mut Outbox) -> bool {
    ui.spacing_mut().item_spacing.y = 0.0;
    section::header(ui, say(ui, text("From → to", "变化")), |_| {});
    let details = session.details();
    let Some(figures) = details.value.and_then(|details| details.figures.as_ref()) else {
        standing::nothing(ui, session, &details, out);
        return false;
    };
    let fields = figures.segments.fields.iter().enumerate().map(|(at, field)| {
        let name = local(ui, &field.text).into_owned();
        (FlipsBy::Field(at), if name.is_empty() { field.field.clone() } else { name })
    });
    let mut ways = vec![
        (FlipsBy::Verdicts, say(ui, text("Verdicts", "结论")).to_owned()),
        (FlipsBy::Interfaces, say(ui, text("Interfaces", "接口")).to_owned()),
        (FlipsBy::Time, say(ui, text("Over time", "按时间")).to_owned()),
    ];
    ways.extend(fields);
    if !ways.iter().any(|(way, _)| way == by) {
        *by = FlipsBy::Verdicts;
    }
    let label = say(ui, text("Counted by", "统计口径"));
    section::property(ui, label, |ui| {
        let width = ui.available_width() - space().medium;
        if let Some(chosen) = choice::one_of(ui, label, by, &ways, "", width) {
            *by = chosen;
        }
    });
    ui.add_space(space().small);
    let only = match *by {
        FlipsBy::Verdicts => verdicts(ui, figures),
        FlipsBy::Interfaces => interfaces(ui, figures),
        FlipsBy::Field(at) => {
            segments(ui, figures.segments.fields.get(at).map_or(&[], |field| &field.values));
            None
        }
        FlipsBy::Time => {
            segments(ui, &figures.segments.over_time);
            None
        }
    };
    ui.add_space(space().small);
    totals(ui, figures);
    let Some(only) = only else { return false };
    out.push(Action::Table(TableAction::Show(only)));
    true
}

/// Flips of every part of the requests: milder, stricter, something else, and the share of the part that flips.
fn segments(ui: &mut Ui, lines: &[SegmentLine]) {
    let language = language(ui.ctx());
    let columns = [tr(ui, "Milder", "从宽"), tr(ui, "Stricter", "从严"), tr(ui, "Other", "其他"), tr(ui, "Share", "占比")];
    let cells = |ui: &mut Ui, cells: [String; 4]| {
        let width = (ui.available_width() - space().medium) / 4.0;
        for cell in cells {
            ui.allocate_ui_with_layout(Vec2::new(width, metrics().row), Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_width(width);
                ui.add(Label::new(theme::weak(ui, cell)).selectable(false));
            });
        }
    };
    section::property(ui, "", |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        cells(ui, columns.map(str::to_owned));
    });
    for line in lines {
        let name = line.text.get(language);
        let shown = section::property(ui, name, |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let counts = [line.milder, line.stricter, line.other].map(|sums| figures::count(sums.requests));
            let [milder, stricter, other] = counts;
            cells(ui, [milder, stricter, other, figures::share(line.flips(), line.requests)]);
        });
        let mut said = vec![match language {
            Language::En => {
                format!("{name}: {} of {} requests", figures::count(line.flips()), figures::count(line.requests))
            }
            Language::Zh => {
                format!("{name}：{} 笔请求中的 {} 笔", figures::count(line.requests), figures::count(line.flips()))
            }
        }];
        said.extend(line.known.iter().flat_map(known_effect).map(|line| line.get(language).to_owned()));
        shown.response.on_hover_text(said.join("\n"));
    }
}

fn verdicts(ui: &mut Ui, figures: &Figures) -> Option<RowFilter> {
    let c = colours(ui);
    let heads: Vec<MatrixHeading> = Verdict::ALL
        .into_iter()
        .map(|verdict| MatrixHeading { name: say(ui, words::verdict(verdict)).to_owned(), colour: c.verdict(verdict).text })
        .collect();
    let language = language(ui.ctx());
    let cell = |old: usize, new: usize| {
        let (Some(before), Some(after)) = (Verdict::ALL.get(old), Verdict::ALL.get(new)) else { return MatrixCell::default() };
        let found = figures.transitions.iter().find(|cell| cell.old == before.word() && cell.new == after.word());
        let ground = c.verdict(*after).soft;
        found.map_or_else(MatrixCell::default, |found| of(&found.cell.sums, found.cell.customers, Some(ground), language))
    };
    let (old, new) = matrix(ui, tr(ui, "from ↓ to →", "原 ↓ 新 →"), &heads, cell)?;
    Some(RowFilter::Verdicts(*Verdict::ALL.get(old)?, *Verdict::ALL.get(new)?))
}

fn interfaces(ui: &mut Ui, figures: &Figures) -> Option<RowFilter> {
    let c = colours(ui);
    let language = language(ui.ctx());
    let known = figures.interface_names.iter();
    let mut heads: Vec<MatrixHeading> = known
        .map(|(id, title)| {
            let title = title.get(language);
            MatrixHeading { name: if title.is_empty() { id.clone() } else { title.to_owned() }, colour: c.text }
        })
        .collect();
    heads.push(MatrixHeading { name: tr(ui, "none", "无").to_owned(), colour: c.text_weak });
    let id = |at: usize| figures.interface_names.get(at).map(|(id, _)| id.as_str());
    let cell = |old: usize, new: usize| {
        let found = figures.interfaces.iter().find(|cell| cell.old.as_deref() == id(old) && cell.new.as_deref() == id(new));
        found.map_or_else(MatrixCell::default, |found| of(&found.cell.sums, found.cell.customers, None, language))
    };
    let (old, new) = matrix(ui, tr(ui, "from ↓ to →", "原 ↓ 新 →"), &heads, cell)?;
    let named = |at: usize| id(at).and_then(|id| InterfaceId::new(id).ok());
    Some(RowFilter::Interfaces(named(old), named(new)))
}

fn of(sums: &Sums, customers: u64, ground: Option<Color32>, language: Language) -> MatrixCell {
    let (requests, amount) = (figures::count(sums.requests), figures::yuan(sums.amount_fen));
    let customers = figures::count(customers);
    let hover = match language {
        Language::En => format!("{requests} requests, {amount}, {customers} customers"),
        Language::Zh => format!("{requests} 条请求，{amount}，{customers} 位客户"),
    };
    MatrixCell { requests: sums.requests, hover, ground }
}

/// What the flips differ in; one may count in several.
fn totals(ui: &mut Ui, known: &Figures) {
    let flips = &known.effects.flips;
    for (count, name) in [
        (flips.any, text("Flips", "决策改变")),
        (flips.verdict, text("Verdict", "结论")),
        (flips.interface, text("Interface", "接口")),
        (flips.reasons, text("Reasons", "原因")),
        (flips.limits, text("Limits", "限额")),
    ] {
        section::property(ui, say(ui, name), |ui| {
            let shown = figures::count(count);
            if count > 0 { ui.label(theme::emphasised(ui, shown)) } else { ui.label(theme::weak(ui, shown)) }
        });
    }
}

/// A row or column of a matrix.
pub struct MatrixHeading {
    pub name: String,
    pub colour: Color32,
}

#[derive(Clone, Default)]
pub struct MatrixCell {
    pub requests: u64,
    pub hover: String,
    /// The ground, where it is not the panel's.
    pub ground: Option<Color32>,
}

/// Shows the matrix; the cell that was pressed, old first.
fn matrix(ui: &mut Ui, corner: &str, heads: &[MatrixHeading], cell: impl Fn(usize, usize) -> MatrixCell) -> Option<(usize, usize)> {
    let m = metrics();
    #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
    let columns = heads.len() as f32 + 1.0;
    let room = ui.available_width() - 2.0 * space().medium;
    let width = (room / columns).clamp(m.hit_bar, m.label_column);
    let size = Vec2::new(width, m.row);
    let mut pressed = None;
    let line_of = |ui: &mut Ui, show: &mut dyn FnMut(&mut Ui)| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space().hair;
            ui.add_space(space().medium);
            show(ui);
        });
    };
    line_of(ui, &mut |ui| {
        name(ui, size, corner, colours(ui).text_weak, true);
        for head in heads {
            name(ui, size, &head.name, head.colour, false);
        }
    });
    for (old, before) in heads.iter().enumerate() {
        line_of(ui, &mut |ui| {
            name(ui, size, &before.name, before.colour, true);
            for (new, after) in heads.iter().enumerate() {
                let spoken = format!("{} → {}", before.name, after.name);
                if number(ui, size, &spoken, &cell(old, new), old == new) {
                    pressed = Some((old, new));
                }
            }
        });
        ui.add_space(space().hair);
    }
    pressed
}

fn name(ui: &mut Ui, size: Vec2, text: &str, colour: Color32, left: bool) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let inner = rect.shrink2(Vec2::new(space().small, 0.0));
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::small(), colour);
    let start = if left { inner.left() } else { (inner.right() - galley.size().x).max(inner.left()) };
    let painter = ui.painter().with_clip_rect(inner.intersect(ui.clip_rect()));
    let _ = line(ui, &painter, text, (start, Rect::from_min_max((start, inner.top()).into(), inner.max)), theme::small(), colour);
    response.on_hover_text(text);
}

fn number(ui: &mut Ui, size: Vec2, spoken: &str, cell: &MatrixCell, is_same: bool) -> bool {
    let c = colours(ui);
    let can = cell.requests > 0;
    let (rect, response) = ui.allocate_exact_size(size, if can { Sense::click() } else { Sense::hover() });
    let shown = if can { figures::count(cell.requests) } else { "·".to_owned() };
    let label = format!("{spoken}: {}", figures::count(cell.requests));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, can, &label));
    let ground = match (can, is_same, response.hovered() || response.has_focus()) {
        (true, _, true) => c.selected,
        (true, false, false) => cell.ground.unwrap_or(c.hover),
        _ => c.canvas,
    };
    ui.painter().rect_filled(rect, CornerRadius::ZERO, ground);
    let ink = if can && !is_same { c.text_strong } else { c.text_weak };
    let font = if can && !is_same { theme::strong() } else { theme::body() };
    let at = rect.right_center() - Vec2::new(space().small + space().tiny, 0.0);
    ui.painter().text(at, Align2::RIGHT_CENTER, shown, font, ink);
    let clicked = response.clicked();
    if can {
        response.on_hover_text(&cell.hover);
    }
    clicked
}
