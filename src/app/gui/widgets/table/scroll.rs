//! Which rows of a very long table are in view, exact for any length: the toolkit's own scrolling counts in `f32` points, which lose
//! single rows near the end of a million.

use eframe::egui::{Key, Modifiers, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::gui::theme::{self, colours, metrics, space};

/// The first row in view, with the part of it that is above the edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TableScroll {
    top: f64,
}

/// How many rows there are, and how many fit.
#[derive(Clone, Copy, Debug)]
pub struct Viewport {
    pub rows: usize,
    pub fit: usize,
}

#[expect(clippy::cast_precision_loss, reason = "a table has fewer rows than 2^52")]
fn number(rows: usize) -> f64 {
    rows as f64
}

impl Viewport {
    fn last_top(self) -> f64 {
        number(self.rows.saturating_sub(self.fit))
    }
}

impl TableScroll {
    /// The first row shown.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the top is between zero and the number of rows")]
    pub fn first(self) -> usize {
        self.top as usize
    }

    /// Moves by rows, and stays inside.
    pub fn by(&mut self, rows: f64, room: Viewport) {
        self.top = (self.top + rows).clamp(0.0, room.last_top());
    }

    /// Brings a row into view with as little movement as needed.
    pub fn reveal(&mut self, row: usize, room: Viewport) {
        let row = number(row);
        let last = row - number(room.fit.saturating_sub(1));
        if row < self.top {
            self.top = row;
        } else if last > self.top {
            self.top = last;
        }
        self.by(0.0, room);
    }

    /// Takes the wheel while the pointer is over `place`.
    pub fn wheel(&mut self, ui: &Ui, place: Rect, room: Viewport) {
        if ui.rect_contains_pointer(place) {
            let delta = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
            self.by(-f64::from(delta) / f64::from(metrics().table_row), room);
        }
    }

    /// The row a key moves the choice to.
    pub fn step(ui: &Ui, chosen: Option<usize>, room: Viewport) -> Option<usize> {
        let last = room.rows.checked_sub(1)?;
        let at = chosen.unwrap_or(0);
        let page = room.fit.max(2) - 1;
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let steps = [
            (Key::ArrowUp, at.saturating_sub(1)),
            (Key::ArrowDown, if chosen.is_some() { at + 1 } else { 0 }),
            (Key::PageUp, at.saturating_sub(page)),
            (Key::PageDown, at + page),
            (Key::Home, 0),
            (Key::End, last),
        ];
        steps.into_iter().find(|(key, _)| pressed(*key)).map(|(_, row)| row.min(last))
    }

    /// Shows the bar and takes its dragging.
    pub fn bar(&mut self, ui: &Ui, place: Rect, room: Viewport, label: &str) {
        if room.rows <= room.fit {
            self.top = 0.0;
            return;
        }
        let response = ui.interact(place, ui.scope_id().with("scroll bar"), Sense::click_and_drag());
        let now = self.top;
        response.widget_info(|| WidgetInfo { value: Some(now), ..WidgetInfo::labeled(Role::ScrollBar, true, label) });
        let part = number(room.fit) / number(room.rows);
        #[expect(clippy::cast_possible_truncation, reason = "points on a screen")]
        let length = ((f64::from(place.height()) * part) as f32).max(metrics().row).min(place.height());
        let way = place.height() - length;
        if let Some(pointer) = response.interact_pointer_pos().filter(|_| way > 0.0) {
            let at = (pointer.y - place.top() - length / 2.0) / way;
            self.top = f64::from(at.clamp(0.0, 1.0)) * room.last_top();
        }
        #[expect(clippy::cast_possible_truncation, reason = "points on a screen")]
        let offset = (f64::from(way) * (self.top / room.last_top().max(1.0))) as f32;
        let handle = Rect::from_min_size(place.left_top() + Vec2::new(0.0, offset), Vec2::new(place.width(), length));
        let c = colours(ui);
        let colour = if response.dragged() || response.hovered() { c.outline_strong } else { c.outline };
        ui.painter().rect_filled(handle.shrink2(Vec2::new(space().hair, 0.0)), theme::slightly_rounded(), colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_rows_are_exact_at_the_end_of_five_million() {
        let room = Viewport { rows: 5_000_000, fit: 40 };
        let mut scroll = TableScroll::default();
        scroll.reveal(4_999_999, room);
        assert_eq!(scroll.first(), 4_999_960);
        for step in 1..=20 {
            scroll.by(-1.0, room);
            assert_eq!(scroll.first(), 4_999_960 - step);
        }
        scroll.by(-0.25, room);
        scroll.by(-0.25, room);
        assert_eq!(scroll.first(), 4_999_939);
        scroll.by(f64::MAX, room);
        assert_eq!(scroll.first(), 4_999_960);
        scroll.by(0.0, Viewport { rows: 3, fit: 40 });
        assert_eq!(scroll.first(), 0);
    }

    #[test]
    fn a_row_in_view_does_not_move_the_others() {
        let room = Viewport { rows: 100, fit: 10 };
        let mut scroll = TableScroll::default();
        scroll.reveal(9, room);
        assert_eq!(scroll.first(), 0);
        scroll.reveal(10, room);
        assert_eq!(scroll.first(), 1);
        scroll.reveal(0, room);
        assert_eq!(scroll.first(), 0);
    }
}
