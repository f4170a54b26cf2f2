//! A field for a passphrase: what is typed is in one place that is wiped, and nowhere else. An ordinary field would keep copies of it
//! to take edits back.

use eframe::egui::{Align2, Event, EventFilter, Key, Response, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo};
use zeroize::{Zeroize, Zeroizing};

use crate::gui::theme::{self, colours, metrics, space};

/// Room for a passphrase, so that typing does not move it and leave a copy behind; bytes.
const ROOM: usize = 1024;

/// A field for a passphrase, as dots.
pub fn secret(ui: &mut Ui, value: &mut Zeroizing<String>, label: &str, width: f32) -> Response {
    if value.capacity() < ROOM {
        let mut roomy = Zeroizing::new(String::with_capacity(ROOM));
        roomy.push_str(value);
        *value = roomy;
    }
    let (rect, mut response) = ui.allocate_exact_size(Vec2::new(width, metrics().field), Sense::click());
    if response.clicked() {
        response.request_focus();
    }
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if ui.input_mut(|input| take(&mut input.events, value)) {
            response.mark_changed();
        }
    }
    response.widget_info(|| WidgetInfo::labeled(Role::PasswordInput, true, label));
    paint(ui, rect, &response, value.chars().count());
    response
}

/// Takes what was typed out of the events; whether anything changed.
fn take(events: &mut Vec<Event>, value: &mut Zeroizing<String>) -> bool {
    let mut changed = false;
    events.retain_mut(|event| match event {
        Event::Text(text) | Event::Paste(text) => {
            let typed = text.chars().filter(|c| !c.is_control());
            for letter in typed {
                if value.len() + letter.len_utf8() <= ROOM {
                    value.push(letter);
                }
            }
            text.zeroize();
            changed = true;
            false
        }
        Event::Key { key: Key::Backspace, pressed: true, .. } => {
            changed |= value.pop().is_some();
            false
        }
        Event::Key { key: Key::Delete, pressed: true, .. } => {
            value.zeroize();
            changed = true;
            false
        }
        _ => true,
    });
    changed
}

fn paint(ui: &Ui, rect: eframe::egui::Rect, response: &Response, letters: usize) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    let c = colours(ui);
    let edge = if response.has_focus() { c.focus } else { c.outline };
    ui.painter().rect(rect, theme::rounded(), c.sunken, theme::hairline(edge), StrokeKind::Inside);
    let painter = ui.painter().with_clip_rect(rect);
    let at = rect.left_center() + Vec2::new(space().small, 0.0);
    let end = painter.text(at, Align2::LEFT_CENTER, "•".repeat(letters), theme::body(), c.text);
    if response.has_focus() {
        let x = end.right().max(at.x) + space().hair;
        painter.vline(x, rect.shrink(space().tiny).y_range(), theme::hairline(c.text_strong));
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;

    #[test]
    fn a_passphrase_is_typed_in_place_and_never_shown() {
        let mut window = harness(Zeroizing::new(String::new()), |ui, value| drop(secret(ui, value, "Passphrase", 200.0)));
        window.run();
        window.get_by_label("Passphrase").focus();
        window.run();
        let place = window.state().as_ptr();
        for letter in ["o", "pen", " ", "sesame", "!"] {
            window.event(Event::Text(letter.to_owned()));
            window.run();
        }
        window.key_press(Key::Backspace);
        window.run();
        assert_eq!(window.state().as_str(), "open sesame");
        assert_eq!(window.state().as_ptr(), place, "it never moved");
        assert_eq!(window.get_by_label("Passphrase").value(), None);
    }
}
