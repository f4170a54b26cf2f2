//! The faces: Inter for everything, Hack for scripts, Lucide for icons, and Droid Sans Fallback so that Chinese always shows.
//!
//! All are part of the program, so that a page looks the same on every machine. Faces of the system are asked only for what these
//! lack, see `system`; the toolkit's own search stops the program on a machine with font configuration but no font.

use std::sync::Arc;

use eframe::egui::{FontData, FontDefinitions, FontFamily, FontTweak};
use lucide_icons::LUCIDE_FONT_BYTES;

pub const STRONG: &str = "strong";
pub const ICONS: &str = "icons";

const MEDIUM: &[u8] = include_bytes!("../../../../assets/fonts/Inter-Medium-tabular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../../assets/fonts/Inter-SemiBold-tabular.otf");
const CHINESE: &[u8] = include_bytes!("../../../../assets/fonts/DroidSansFallbackFull.ttf");

/// Icons stand on the line a little high; as a part of their size.
const ICON_DOWN: f32 = 0.06;

/// All faces and the order in which they are asked for a character.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let down = FontTweak { y_offset_factor: ICON_DOWN, ..FontTweak::default() };
    let faces = [
        ("inter-medium", FontData::from_static(MEDIUM)),
        ("inter-semi-bold", FontData::from_static(SEMI_BOLD)),
        ("droid-fallback", FontData::from_static(CHINESE)),
        ("lucide", FontData::from_static(LUCIDE_FONT_BYTES).tweak(down)),
    ];
    fonts.font_data.extend(faces.map(|(name, data)| (name.to_owned(), Arc::new(data))));
    let order = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, order(&["inter-medium", "droid-fallback", "Hack"]));
    fonts.families.insert(FontFamily::Name(STRONG.into()), order(&["inter-semi-bold", "droid-fallback", "Hack"]));
    fonts.families.insert(FontFamily::Monospace, order(&["Hack", "droid-fallback", "inter-medium"]));
    fonts.families.insert(FontFamily::Name(ICONS.into()), order(&["lucide", "inter-medium", "droid-fallback"]));
    fonts
}
