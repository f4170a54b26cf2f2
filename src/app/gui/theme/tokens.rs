//! The design tokens: `assets/theme.ron`, read once. No colour or size of the window is anywhere else.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use eframe::egui::Color32;
use serde::Deserialize;

/// The file, part of the program.
const FILE: &str = include_str!("../../../../assets/theme.ron");

#[derive(Debug)]
pub struct DesignTokens {
    pub dark: Colours,
    pub light: Colours,
    pub type_scale: TypeScale,
    pub space: Space,
    pub radius: Radius,
    pub metrics: Metrics,
}

/// Names the colours of a theme and resolves them through the palette.
macro_rules! colours {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The colours of one theme, by what they are for.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Colours { $($(#[$doc])* pub $name: Color32,)* }

        impl Colours {
            fn resolve(names: &BTreeMap<String, String>, palette: &BTreeMap<String, Color32>) -> Result<Self, String> {
                let known = [$(stringify!($name)),*];
                if let Some(other) = names.keys().find(|name| !known.contains(&name.as_str())) {
                    return Err(format!("`{other}` is no colour of the window"));
                }
                Ok(Self { $($name: colour(stringify!($name), names, palette)?,)* })
            }
        }
    };
}

colours! {
    /// Ground of the editor and the tables.
    canvas,
    panel,
    /// Ground of the bars at the top and bottom.
    bar,
    /// Ground of what floats: menus, dialogs.
    raised,
    sunken,
    /// Ground under the pointer.
    hover,
    /// Ground while the button is down.
    pressed,
    selected,
    selected_text,
    hairline,
    outline,
    /// Edges of fields under the pointer.
    outline_strong,
    text,
    text_strong,
    text_weak,
    text_on_accent,
    /// The one accent: what to press.
    accent,
    /// The accent under the pointer.
    accent_hover,
    accent_text,
    /// The ring round what has the keyboard.
    focus,
    shadow,
    /// What dims the window behind a dialog.
    backdrop,
    accept,
    accept_soft,
    accept_solid,
    step_up,
    step_up_soft,
    step_up_solid,
    refer,
    refer_soft,
    refer_solid,
    decline,
    decline_soft,
    decline_solid,
    error,
    warning,
    note,
    success,
    code_text,
    code_keyword,
    code_constant,
    code_function,
    code_literal,
    code_number,
    code_comment,
    code_operator,
    current_line,
    match_found,
    bracket,
    gutter,
    /// First line of a chart.
    series_1,
    series_2,
    series_3,
    series_4,
    series_5,
    series_6,
    grid,
}

/// Names the sizes of one kind, all numbers.
macro_rules! sizes {
    ($(#[$head:meta])* $kind:ident: $type:ty { $($(#[$doc:meta])* $name:ident),* $(,)? }) => {
        $(#[$head])*
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $kind { $($(#[$doc])* pub $name: $type,)* }
    };
}

sizes! {
    /// Sizes of text, in points.
    TypeScale: f32 {
        small,
        body,
        code,
        title,
        heading,
        display,
        icon,
        icon_small,
    }
}

sizes! {
    /// Distances, in points.
    Space: f32 {
        hair,
        /// Between an icon and its text in tight places.
        tiny,
        small,
        medium,
        /// At the edges of a panel.
        large,
        huge,
    }
}

sizes! {
    /// Rounding, in points.
    Radius: u8 {
        small,
        medium,
        large,
    }
}

/// Fixed sizes of parts, in points unless noted otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each name is the part whose height or width it is")]
pub struct Metrics {
    pub row: f32,
    pub table_row: f32,
    pub table_header: f32,
    pub top_bar: f32,
    pub strip: f32,
    pub tab_bar: f32,
    pub status_bar: f32,
    pub section: f32,
    pub button: f32,
    pub field: f32,
    pub scroll_bar: f32,
    pub hit_bar: f32,
    pub hit_bar_height: f32,
    pub label_column: f32,
    /// Digits the line numbers have room for at least.
    pub gutter_digits: usize,
    pub margin_column: f32,
    pub rules_width: f32,
    pub inspector_width: f32,
    pub tabs_height: f32,
    pub problems_height: f32,
    pub dialog_width: f32,
    pub palette_width: f32,
    pub popup_height: f32,
    pub tooltip_width: f32,
    pub sweep_height: f32,
    pub stroke: f32,
    pub stroke_strong: f32,
    pub marker: f32,
    pub shadow_blur: u8,
    pub shadow_offset: i8,
    /// Of 255.
    pub shadow_alpha: u8,
    /// Of 255.
    pub backdrop_alpha: u8,
    pub field_width: f32,
    pub time_width: f32,
    pub squiggle: f32,
    pub indent: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FontFile {
    palette: BTreeMap<String, String>,
    dark: BTreeMap<String, String>,
    light: BTreeMap<String, String>,
    type_scale: TypeScale,
    space: Space,
    radius: Radius,
    metrics: Metrics,
}

fn colour(name: &str, names: &BTreeMap<String, String>, palette: &BTreeMap<String, Color32>) -> Result<Color32, String> {
    let step = names.get(name).ok_or_else(|| format!("no colour for `{name}`"))?;
    palette.get(step).copied().ok_or_else(|| format!("`{name}` takes `{step}`, which the palette lacks"))
}

fn read(text: &str) -> Result<DesignTokens, String> {
    let file: FontFile = ron::from_str(text).map_err(|error| error.to_string())?;
    let hex = |(name, value): (&String, &String)| {
        let colour = Color32::from_hex(value).map_err(|error| format!("`{name}`: {error:?}"))?;
        Ok((name.clone(), colour))
    };
    let palette: BTreeMap<String, Color32> = file.palette.iter().map(hex).collect::<Result<_, String>>()?;
    Ok(DesignTokens {
        dark: Colours::resolve(&file.dark, &palette)?,
        light: Colours::resolve(&file.light, &palette)?,
        type_scale: file.type_scale,
        space: file.space,
        radius: file.radius,
        metrics: file.metrics,
    })
}

/// The tokens, read on first use.
pub fn tokens() -> &'static DesignTokens {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    static TOKENS: LazyLock<DesignTokens> = LazyLock::new(|| read(FILE).expect("assets/theme.ron is sound"));
    &TOKENS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.
    fn luminance(colour: Color32) -> f64 {
        let part = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    fn contrast(one: Color32, other: Color32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn text_reads_well_on_its_ground_in_both_themes() {
        let mut low = Vec::new();
        for (theme, c) in [("dark", &tokens().dark), ("light", &tokens().light)] {
            let grounds = [("canvas", c.canvas), ("panel", c.panel), ("raised", c.raised), ("bar", c.bar), ("hover", c.hover)];
            let mut pairs = vec![
                ("text on accent", c.text_on_accent, c.accent),
                ("text on hovered accent", c.text_on_accent, c.accent_hover),
                ("selected text", c.selected_text, c.selected),
                ("text on selection", c.text, c.selected),
                ("strong text on selection", c.text_strong, c.selected),
                ("accept", c.accept, c.accept_soft),
                ("step up", c.step_up, c.step_up_soft),
                ("refer", c.refer, c.refer_soft),
                ("decline", c.decline, c.decline_soft),
                ("found text", c.code_text, c.match_found),
            ];
            for (ground, colour) in grounds {
                pairs.extend([
                    (ground, c.text, colour),
                    (ground, c.text_strong, colour),
                    (ground, c.text_weak, colour),
                    (ground, c.accent_text, colour),
                    (ground, c.accept, colour),
                    (ground, c.step_up, colour),
                    (ground, c.refer, colour),
                    (ground, c.decline, colour),
                ]);
            }
            for ground in [c.canvas, c.current_line] {
                pairs.extend([
                    ("code", c.code_text, ground),
                    ("code", c.code_keyword, ground),
                    ("code", c.code_constant, ground),
                    ("code", c.code_function, ground),
                    ("code", c.code_literal, ground),
                    ("code", c.code_number, ground),
                    ("code", c.code_comment, ground),
                    ("code", c.code_operator, ground),
                ]);
            }
            low.extend(pairs.iter().filter(|(_, text, ground)| contrast(*text, *ground) < 4.5).map(|(what, text, ground)| {
                format!("{theme}, {what}: {} on {} is {:.2}", text.to_hex(), ground.to_hex(), contrast(*text, *ground))
            }));
        }
        assert!(low.is_empty(), "{}", low.join("\n"));
    }

    #[test]
    fn a_theme_with_a_colour_missing_or_unknown_is_refused() {
        let missing = FILE.replacen("\"canvas\": \"gray.900\", ", "", 1);
        assert_eq!(read(&missing).unwrap_err(), "no colour for `canvas`");
        let unknown = FILE.replacen("\"canvas\": \"gray.900\"", "\"canvas\": \"gray.901\"", 1);
        assert_eq!(read(&unknown).unwrap_err(), "`canvas` takes `gray.901`, which the palette lacks");
        let extra = FILE.replacen("\"canvas\": ", "\"cannvas\": ", 1);
        assert_eq!(read(&extra).unwrap_err(), "`cannvas` is no colour of the window");
    }
}
