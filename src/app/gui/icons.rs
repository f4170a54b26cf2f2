//! The icons of the window by what they mean, so that one thing has one icon everywhere.

use eframe::egui::{Color32, FontFamily, FontId, RichText};
use lucide_icons::Icon;

use super::theme::{ICONS, tokens};
use countersign_core::diagnostic::Severity;
use countersign_core::model::{StageKind, Status, Verdict};
use countersign_core::script::tree::OutcomeCall;
use countersign_run::compare::DecisionChange;
use countersign_session::RowFilter;

pub use lucide_icons::Icon as Glyph;

/// The face of icons in the size of ordinary text.
pub fn face() -> FontId {
    FontId::new(tokens().type_scale.icon, FontFamily::Name(ICONS.into()))
}

/// The face of icons beside small text.
pub fn small_face() -> FontId {
    FontId::new(tokens().type_scale.icon_small, FontFamily::Name(ICONS.into()))
}

/// An icon as text of a label or button.
pub fn icon(glyph: Icon) -> RichText {
    RichText::new(char::from(glyph)).font(face())
}

pub fn small(glyph: Icon, colour: Color32) -> RichText {
    RichText::new(char::from(glyph)).font(small_face()).color(colour)
}

/// A verdict's icon: its shape alone tells the four apart.
pub fn verdict(verdict: Verdict) -> Icon {
    match verdict {
        Verdict::Accept => Icon::CircleCheck,
        Verdict::StepUp => Icon::KeyRound,
        Verdict::Refer => Icon::UserRoundSearch,
        Verdict::Decline => Icon::OctagonX,
    }
}

/// The icon of how much a finding weighs.
pub fn severity(severity: Severity) -> Icon {
    match severity {
        Severity::Error => Icon::CircleX,
        Severity::Warning => Icon::TriangleAlert,
        Severity::Note => Icon::Info,
    }
}

/// The icon of whether a rule counts.
pub fn status(status: Status) -> Icon {
    match status {
        Status::Active => Icon::CirclePlay,
        Status::Shadow => Icon::CircleDashed,
        Status::Off => Icon::CircleSlash,
    }
}

/// The icon of what a stage is for.
pub fn stage(kind: &StageKind) -> Icon {
    match kind {
        StageKind::Screen { .. } => Icon::Shield,
        StageKind::Limit => Icon::Gauge,
        StageKind::Route { .. } => Icon::Route,
    }
}

/// What a condition on requests that change is about.
pub fn change(only: &RowFilter) -> Glyph {
    match only {
        RowFilter::Change(DecisionChange::Verdict(_, now)) => verdict(*now),
        RowFilter::Change(DecisionChange::Route) => Glyph::Route,
        RowFilter::Change(DecisionChange::LimitRaised(_) | DecisionChange::LimitLowered(_)) => Glyph::Gauge,
        _ => Glyph::Tag,
    }
}

/// What a rule may return.
pub fn outcome(call: OutcomeCall) -> Glyph {
    match call {
        OutcomeCall::Verdict(known) => verdict(known),
        OutcomeCall::Score => Glyph::Sigma,
        OutcomeCall::Limit => Glyph::Gauge,
        OutcomeCall::Route => Glyph::Route,
    }
}
