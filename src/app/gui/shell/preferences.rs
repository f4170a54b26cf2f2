//! What a person likes: theme, language, size, and the name releases are made under.

use eframe::egui::{Context, Label, Slider, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, Rare, metrics, space};
use crate::gui::widgets::{button, field, modal, section};
use crate::gui::words::{language, say, text};
use countersign_core::text::Language;
use countersign_session::{Action, PreferenceAction, Session, Theme};

/// Characters without a font that are named.
const SHOWN: usize = 12;

#[derive(Default)]
pub struct PreferencesDialog {
    is_open: bool,
}

impl PreferencesDialog {
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let title = text("Preferences", "偏好设置").get(language(ctx));
        let mut prefer = |action| out.push(Action::Prefer(action));
        let mut done = false;
        let stays = modal::show(ctx, "preferences", title, metrics().dialog_width, |ui| {
            modal::body(ui, |ui| choices(ui, session, &mut prefer));
            modal::buttons(ui, |ui| done = button::primary(ui, None, say(ui, text("Close", "关闭"))).clicked());
        });
        self.is_open = stays && !done;
    }
}

fn choices(ui: &mut Ui, session: &Session, prefer: &mut impl FnMut(PreferenceAction)) {
    let held = session.preferences();
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
        let range = countersign_session::Preferences::SCALES;
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
    characters(ui, &theme::rare(ui.ctx()));
}

/// Rare characters that the program's own faces lack: which installed face shows them, or what to install.
fn characters(ui: &mut Ui, rare: &Rare) {
    if !rare.faces.is_empty() {
        let label = say(ui, text("Rare characters", "生僻字"));
        section::property(ui, label, |ui| {
            let faces = rare.faces.join(", ");
            ui.add(Label::new(theme::weak(ui, &faces)).truncate()).on_hover_text(faces);
        });
    }
    if rare.lost.is_empty() {
        return;
    }
    ui.add_space(space().small);
    let lost: Vec<String> = rare.lost.chars().take(SHOWN).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let mut lost = lost.join(" ");
    if rare.lost.chars().nth(SHOWN).is_some() {
        lost.push('…');
    }
    section::remark(
        ui,
        Glyph::TriangleAlert,
        say(ui, text("Some characters have no font and are shown as boxes", "部分字符缺少字体，显示为方框")),
    );
    let words = match language(ui.ctx()) {
        Language::En => format!(
            "{lost}\nInstall a font that has them, then start the program again. Debian, Ubuntu: fonts-noto-cjk, for the rarest \
             fonts-hanazono. Fedora: google-noto-sans-cjk-fonts. Windows: the optional feature “Chinese (Simplified) Supplemental Fonts”."
        ),
        Language::Zh => format!(
            "{lost}\n请安装包含这些字符的字体，然后重新启动本程序。Debian、Ubuntu：fonts-noto-cjk，极生僻字用 fonts-hanazono；\
             Fedora：google-noto-sans-cjk-fonts；Windows：可选功能“简体中文补充字体”。"
        ),
    };
    ui.add(Label::new(theme::weak(ui, words)).wrap());
}
