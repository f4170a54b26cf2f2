//! Small marks: a pill with a word, a verdict with icon and word, a bar that shows a share.

use eframe::egui::{Align2, Color32, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words;
use countersign_core::model::{Status, Verdict};

/// A word on a soft ground, with an icon before it.
pub fn pill(ui: &mut Ui, glyph: Option<Glyph>, word: &str, text: Color32, ground: Color32) -> Response {
    let (icon, font) = (icons::small_face(), theme::small());
    let galley = ui.painter().layout_no_wrap(word.to_owned(), font, text);
    let before = if glyph.is_some() { icon.size + space().small } else { 0.0 };
    let size = Vec2::new(galley.size().x + before + 2.0 * space().small, galley.size().y + 2.0 * space().tiny);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, word));
    if ui.is_rect_visible(rect) {
        ui.painter().rect_filled(rect, theme::rounded(), ground);
        let mut at = rect.left_center() + Vec2::new(space().small, 0.0);
        if let Some(glyph) = glyph {
            ui.painter().text(at, Align2::LEFT_CENTER, char::from(glyph), icon, text);
            at.x += before;
        }
        let top = at.y - galley.size().y / 2.0;
        ui.painter().galley((at.x, top).into(), galley, text);
    }
    response
}

/// A verdict: icon, word and colour.
pub fn verdict(ui: &mut Ui, verdict: Verdict) -> Response {
    let c = colours(ui).verdict(verdict);
    pill(ui, Some(icons::verdict(verdict)), words::say(ui, words::verdict(verdict)), c.text, c.soft)
}

pub fn status(ui: &mut Ui, status: Status) -> Response {
    let c = colours(ui);
    let text = match status {
        Status::Active => c.success,
        Status::Shadow => c.accent_text,
        Status::Off => c.text_weak,
    };
    pill(ui, Some(icons::status(status)), words::say(ui, words::status(status)), text, c.hover)
}

/// A small bar for a share of one; a trace stays visible. Painted only: the number beside it speaks.
pub fn share_bar(ui: &Ui, place: Rect, share: f64, colour: Color32) {
    let bar = Rect::from_center_size(place.center(), Vec2::new(place.width(), metrics().hit_bar_height));
    ui.painter().rect_filled(bar, theme::slightly_rounded(), colours(ui).hairline);
    if share > 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "a share of a small bar")]
        let width = (bar.width() * share.clamp(0.0, 1.0) as f32).max(space().tiny);
        ui.painter().rect_filled(Rect::from_min_size(bar.min, Vec2::new(width, bar.height())), theme::slightly_rounded(), colour);
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;
    use countersign_core::text::Language;

    #[test]
    fn a_verdict_speaks_its_word_in_the_language_shown() {
        let mut window = harness(Language::En, |ui, language| {
            words::speak(ui.ctx(), *language);
            verdict(ui, Verdict::StepUp);
            status(ui, Status::Shadow);
        });
        window.run();
        window.get_by_label("Step up");
        window.get_by_label("Shadow");
        *window.state_mut() = Language::Zh;
        window.run();
        window.get_by_label("加强验证");
        window.get_by_label("影子（仅记录）");
    }
}
