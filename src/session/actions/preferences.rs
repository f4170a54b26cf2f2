//! What a person prefers.

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::preferences::{Preferences, ScriptView, Theme};
use countersign_core::text::Language;

/// Something a person likes from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PreferenceAction {
    Theme(Theme),
    Language(Language),
    /// The size of everything, in per cent; kept between 75 and 200.
    Scale(u16),
    /// How the panels are laid out, in the window's own words.
    Layout(String),
    Maker(String),
    ScriptView(ScriptView),
    TourSeen(bool),
}

pub(super) fn apply(session: &mut Session, action: PreferenceAction) {
    session.change_preferences(|preferences| match action {
        PreferenceAction::Theme(theme) => preferences.theme = theme,
        PreferenceAction::Language(language) => preferences.language = language,
        PreferenceAction::Scale(percent) => {
            preferences.scale_percent = percent.clamp(*Preferences::SCALES.start(), *Preferences::SCALES.end());
        }
        PreferenceAction::Layout(layout) => preferences.layout = layout,
        PreferenceAction::Maker(maker) => preferences.maker = maker,
        PreferenceAction::ScriptView(view) => preferences.script_view = view,
        PreferenceAction::TourSeen(seen) => preferences.tour_seen = seen,
    });
}
