//! What a person likes: theme, language, size, and the name releases are made under.

use eframe::egui::{Context, Slider};

use crate::gui::outbox::Outbox;
use crate::gui::theme::metrics;
use crate::gui::widgets::{field, modal, section};
use crate::gui::words::{language, say, text};
use crate::session::{Action, PreferenceAction, Session, Theme};
use crate::text::Language;

/// What the dialog keeps.
#[derive(Default)]
pub struct Preferences {
    is_open: bool,
}

impl Preferences {
    /// Opens the dialog.
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let title = text("Preferences", "偏好设置").get(language(ctx));
        let held = session.preferences();
        let mut prefer = |action| out.push(Action::Prefer(action));
        self.is_open = modal::show(ctx, "preferences", title, metrics().dialog_width, |ui| {
            section::property(ui, say(ui, text("Theme", "主题")), |ui| {
                let themes = [
                    (Theme::System, text("As the system", "跟随系统")),
                    (Theme::Light, text("Light", "浅色")),
                    (Theme::Dark, text("Dark", "深色")),
                ];
                for (theme, name) in themes {
                    if ui.selectable_label(held.theme == theme, say(ui, name)).clicked() {
                        prefer(PreferenceAction::Theme(theme));
                    }
                }
            });
            section::property(ui, say(ui, text("Language", "语言")), |ui| {
                for (language, name) in [(Language::En, "English"), (Language::Zh, "简体中文")] {
                    if ui.selectable_label(held.language == language, name).clicked() {
                        prefer(PreferenceAction::Language(language));
                    }
                }
            });
            let label = say(ui, text("Size", "显示比例"));
            section::property(ui, label, |ui| {
                let mut percent = held.scale_percent;
                let range = crate::session::Preferences::SCALES;
                let slider = Slider::new(&mut percent, range).step_by(5.0).suffix(" %").update_while_editing(false);
                let response = ui.add(slider).accessible_name(label);
                // While it is dragged the slider would move away under the pointer.
                let is_settled = response.drag_stopped() || !response.dragged();
                if percent != held.scale_percent && is_settled {
                    prefer(PreferenceAction::Scale(percent));
                }
            });
            let label = say(ui, text("Release maker", "发布经办人"));
            section::property(ui, label, |ui| {
                let mut maker = held.maker.clone();
                if field::text(ui, &mut maker, label, "li.na@bank.example", metrics().rules_width).changed() {
                    prefer(PreferenceAction::Maker(maker));
                }
            });
        });
    }
}
