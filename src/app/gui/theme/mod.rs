//! How the window looks: tokens from a data file, the faces, and what they mean to the toolkit.

mod fonts;
mod style;
mod system;
mod tokens;

pub use fonts::{ICONS, STRONG};
pub use style::{install, see_through};
pub use system::{Rare, generation, install as use_system_faces, rare, refresh as refresh_faces};
pub use tokens::{Colours, DesignTokens, Metrics, Space, tokens};

use eframe::egui::{Color32, CornerRadius, FontFamily, FontId, RichText, Stroke, Ui};

use countersign_core::model::Verdict;

/// The colours of the theme that `ui` wears.
pub fn colours(ui: &Ui) -> &'static Colours {
    if ui.visuals().dark_mode { &tokens().dark } else { &tokens().light }
}

pub fn metrics() -> &'static Metrics {
    &tokens().metrics
}

pub fn space() -> &'static Space {
    &tokens().space
}

/// The colours of a verdict: text and icon, soft ground, bars.
pub struct VerdictColours {
    pub text: Color32,
    pub soft: Color32,
    pub solid: Color32,
}

impl Colours {
    /// The colours of a verdict. They differ in lightness as well as hue, and never stand without icon and word.
    pub fn verdict(&self, verdict: Verdict) -> VerdictColours {
        match verdict {
            Verdict::Accept => VerdictColours { text: self.accept, soft: self.accept_soft, solid: self.accept_solid },
            Verdict::StepUp => VerdictColours { text: self.step_up, soft: self.step_up_soft, solid: self.step_up_solid },
            Verdict::Refer => VerdictColours { text: self.refer, soft: self.refer_soft, solid: self.refer_solid },
            Verdict::Decline => VerdictColours { text: self.decline, soft: self.decline_soft, solid: self.decline_solid },
        }
    }

    /// The colour of the n-th line of a chart; they come round again after six.
    pub fn series(&self, index: usize) -> Color32 {
        let all = [self.series_1, self.series_2, self.series_3, self.series_4, self.series_5, self.series_6];
        all.get(index % all.len()).copied().unwrap_or(self.series_1)
    }
}

/// A hairline in `colour`.
pub fn hairline(colour: Color32) -> Stroke {
    Stroke::new(metrics().stroke, colour)
}

/// Rounding of buttons, fields and rows.
pub fn rounded() -> CornerRadius {
    CornerRadius::same(tokens().radius.medium)
}

pub fn slightly_rounded() -> CornerRadius {
    CornerRadius::same(tokens().radius.small)
}

pub fn body() -> FontId {
    FontId::new(tokens().type_scale.body, FontFamily::Proportional)
}

pub fn small() -> FontId {
    FontId::new(tokens().type_scale.small, FontFamily::Proportional)
}

/// The face of emphasis, in the size of ordinary text.
pub fn strong() -> FontId {
    FontId::new(tokens().type_scale.body, FontFamily::Name(STRONG.into()))
}

/// The face of the titles of panels.
pub fn title() -> FontId {
    FontId::new(tokens().type_scale.title, FontFamily::Name(STRONG.into()))
}

/// The face of the titles of dialogs.
pub fn heading() -> FontId {
    FontId::new(tokens().type_scale.heading, FontFamily::Name(STRONG.into()))
}

pub fn display() -> FontId {
    FontId::new(tokens().type_scale.display, FontFamily::Name(STRONG.into()))
}

pub fn code() -> FontId {
    FontId::new(tokens().type_scale.code, FontFamily::Monospace)
}

pub fn weak(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).font(small()).color(colours(ui).text_weak)
}

pub fn emphasised(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).font(strong()).color(colours(ui).text_strong)
}
