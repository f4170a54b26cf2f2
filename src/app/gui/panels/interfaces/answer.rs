//! The answer in one sentence: does everything fit, and if not, where and for how long.

use eframe::egui::{Label, RichText, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::language;
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::views::loads::{LoadRow, Loads};

/// Shows the sentence.
pub fn show(ui: &mut Ui, loads: &Loads) {
    let c = colours(ui);
    let language = language(ui.ctx());
    let worst = loads.rows.iter().filter(|row| row.seconds_over > Some(0)).max_by_key(|row| row.requests_over);
    let (glyph, colour, words) = match (worst, loads.lost) {
        (_, lost @ 1..) => (Glyph::CircleX, c.error, nowhere(lost, language)),
        (Some(row), _) => (Glyph::TriangleAlert, c.warning, over(row, language)),
        (None, _) => (Glyph::CircleCheck, c.success, fits(language).to_owned()),
    };
    ui.horizontal(|ui| {
        ui.set_min_height(metrics().section);
        ui.add_space(space().medium);
        ui.label(icons::icon(glyph).color(colour));
        ui.add(Label::new(RichText::new(words).font(theme::strong()).color(colour)).truncate());
    });
}

fn fits(language: Language) -> &'static str {
    match language {
        Language::En => "No interface is over its capacity in any second",
        Language::Zh => "所有接口在任何一秒均未超出容量",
    }
}

fn over(row: &LoadRow, language: Language) -> String {
    let (seconds, requests) =
        (figures::count(row.seconds_over.unwrap_or_default()), figures::count(row.requests_over.unwrap_or_default()));
    let (peak, title) = (figures::count(row.peak), row.title.get(language));
    match language {
        Language::En => format!("{title} is over its capacity for {seconds} seconds: {requests} requests too many, up to {peak}/s"),
        Language::Zh => format!("{title} 有 {seconds} 秒超出容量：共超出 {requests} 条请求，峰值每秒 {peak} 条"),
    }
}

fn nowhere(lost: u64, language: Language) -> String {
    let lost = figures::count(lost);
    match language {
        Language::En => format!("{lost} requests would find no open interface"),
        Language::Zh => format!("{lost} 条请求将没有可用接口"),
    }
}
