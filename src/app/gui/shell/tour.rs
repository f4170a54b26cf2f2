//! The first steps: three of them, shown once, and again when asked for.

use eframe::egui::{Context, Key, Label, RichText};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, modal};
use crate::gui::words::{language, say, text};
use countersign_core::text::StaticText;
use countersign_session::{Action, PreferenceAction, Session};

const STEPS: [(Glyph, StaticText, StaticText); 3] = [
    (
        Glyph::FilePen,
        text("Write", "编写"),
        text(
            "Choose a rule on the left. Its script is checked as you type; what is wrong is underlined, often with a remedy.",
            "在左侧选择规则。输入时即时检查脚本，问题处标有波浪线，多数可一键修正。",
        ),
    ),
    (
        Glyph::Activity,
        text("Try", "试运行"),
        text(
            "Every loaded request is decided again at once. The strip at the top says whose decision changes; click a part of it to see them.",
            "已载入的请求会立即重新试运行。顶部显示哪些请求的结论发生变化，点击可查看明细。",
        ),
    ),
    (
        Glyph::PackageCheck,
        text("Release", "发布"),
        text(
            "Acknowledge what changes under Impact, then export. The file carries the evidence, and a gateway checks it again.",
            "在“影响”中确认变化后即可导出。发布文件附带依据，网关加载时会再次校验。",
        ),
    ),
];

#[derive(Default)]
pub struct Tour {
    is_open: bool,
}

impl Tour {
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Shows the steps while they are open, or have never been seen in a workspace.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let is_first = !session.preferences().tour_seen && session.document().is_editable();
        if !self.is_open && !is_first {
            return;
        }
        let title = text("Three steps", "三步上手").get(language(ctx));
        let mut done = false;
        let stays = modal::show(ctx, "tour", title, metrics().dialog_width, |ui| {
            modal::body(ui, |ui| {
                for (at, (glyph, name, words)) in STEPS.iter().enumerate() {
                    ui.add_space(space().small);
                    ui.horizontal_top(|ui| {
                        ui.label(icons::icon(*glyph).color(colours(ui).accent_text));
                        ui.vertical(|ui| {
                            let name = format!("{}. {}", at + 1, say(ui, *name));
                            ui.label(RichText::new(name).font(theme::strong()).color(colours(ui).text_strong));
                            ui.add(Label::new(theme::weak(ui, say(ui, *words))).wrap());
                        });
                    });
                }
            });
            modal::buttons(ui, |ui| done = button::primary(ui, None, say(ui, text("Start", "开始使用"))).clicked());
            done |= ui.input(|input| input.key_pressed(Key::Enter));
        });
        if done || !stays {
            self.is_open = false;
            out.push(Action::Prefer(PreferenceAction::TourSeen(true)));
        }
    }
}
