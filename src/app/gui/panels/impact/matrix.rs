//! A square of numbers: old on the left, new on top; a cell is pressed to see its requests.

use eframe::egui::{Align2, Color32, CornerRadius, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::line;
use countersign_session::views::figures;

/// A row or column of a matrix.
pub struct Head {
    /// Its name.
    pub name: String,
    /// The colour of the name.
    pub colour: Color32,
}

/// A cell.
#[derive(Clone, Default)]
pub struct Cell {
    /// How many requests.
    pub requests: u64,
    /// What else is known of them.
    pub hover: String,
    /// The ground, where it is not the panel's.
    pub ground: Option<Color32>,
}

/// Shows the matrix; the cell that was pressed, old first.
pub fn show(ui: &mut Ui, corner: &str, heads: &[Head], cell: impl Fn(usize, usize) -> Cell) -> Option<(usize, usize)> {
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

fn number(ui: &mut Ui, size: Vec2, spoken: &str, cell: &Cell, is_same: bool) -> bool {
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
