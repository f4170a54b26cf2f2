//! What the tokens mean to the toolkit: spacing and visuals of both themes.

use eframe::egui::style::{HandleShape, ScrollStyle, Selection, WidgetVisuals, Widgets};
use eframe::egui::{Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Vec2};

use super::tokens::{Colours, DesignTokens, tokens};
use super::{STRONG, fonts};

/// Gives a fresh context the faces and both themes.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    for (theme, colours) in [(Theme::Dark, &tokens().dark), (Theme::Light, &tokens().light)] {
        ctx.style_mut_of(theme, |style| dress(style, tokens(), colours));
    }
}

/// Whole points of a distance, for margins.
#[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
fn whole(points: f32) -> i8 {
    points as i8
}

fn dress(style: &mut Style, t: &DesignTokens, c: &Colours) {
    let face = |size, family: &FontFamily| FontId::new(size, family.clone());
    let (plain, strong) = (FontFamily::Proportional, FontFamily::Name(STRONG.into()));
    style.text_styles = [
        (TextStyle::Small, face(t.type_scale.small, &plain)),
        (TextStyle::Body, face(t.type_scale.body, &plain)),
        (TextStyle::Button, face(t.type_scale.body, &plain)),
        (TextStyle::Heading, face(t.type_scale.heading, &strong)),
        (TextStyle::Monospace, face(t.type_scale.code, &FontFamily::Monospace)),
    ]
    .into();
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style.animation_time = 0.08;
    space(style, t);
    visuals(style, t, c);
}

fn space(style: &mut Style, t: &DesignTokens) {
    let (s, m) = (&t.space, &t.metrics);
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(s.medium, s.small);
    spacing.button_padding = Vec2::new(s.medium, s.tiny);
    spacing.window_margin = Margin::same(whole(s.large));
    spacing.menu_margin = Margin::same(whole(s.small));
    spacing.interact_size = Vec2::new(m.button, m.button);
    spacing.indent = m.indent;
    spacing.icon_width = t.type_scale.icon;
    spacing.icon_width_inner = t.type_scale.icon - s.small;
    spacing.icon_spacing = s.small;
    spacing.combo_width = m.field_width;
    spacing.combo_height = m.popup_height;
    spacing.slider_width = m.field_width;
    spacing.slider_rail_height = s.small;
    spacing.tooltip_width = m.tooltip_width;
    spacing.menu_spacing = s.tiny;
    spacing.scroll =
        ScrollStyle { bar_width: m.scroll_bar, floating_width: s.small, bar_outer_margin: 0.0, ..ScrollStyle::floating() };
    spacing.scroll.fade.strength = 0.0;
}

fn visuals(style: &mut Style, t: &DesignTokens, c: &Colours) {
    let v = &mut style.visuals;
    v.widgets = widgets(t, c);
    v.selection = Selection { bg_fill: c.selected, stroke: Stroke::new(t.metrics.stroke, c.selected_text) };
    v.hyperlink_color = c.accent_text;
    v.weak_text_color = Some(c.text_weak);
    v.faint_bg_color = c.panel;
    v.extreme_bg_color = c.sunken;
    v.text_edit_bg_color = Some(c.sunken);
    v.code_bg_color = c.hover;
    v.warn_fg_color = c.warning;
    v.error_fg_color = c.error;
    v.window_fill = c.raised;
    v.panel_fill = c.panel;
    v.window_stroke = Stroke::new(t.metrics.stroke, c.hairline);
    v.window_corner_radius = CornerRadius::same(t.radius.large);
    v.menu_corner_radius = CornerRadius::same(t.radius.medium);
    let shadow = Shadow {
        offset: [0, t.metrics.shadow_offset],
        blur: t.metrics.shadow_blur,
        spread: 0,
        color: see_through(c.shadow, t.metrics.shadow_alpha),
    };
    v.window_shadow = shadow;
    v.popup_shadow = shadow;
    v.text_cursor.stroke = Stroke::new(t.metrics.stroke_strong, c.accent_text);
    v.text_cursor.blink = false; // A window at rest draws nothing.
    v.indent_has_left_vline = false;
    v.striped = false;
    v.slider_trailing_fill = true;
    v.handle_shape = HandleShape::Circle;
}

fn widgets(t: &DesignTokens, c: &Colours) -> Widgets {
    let look = |fill: Color32, text: Color32, edge: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(t.metrics.stroke, edge),
        corner_radius: CornerRadius::same(t.radius.medium),
        fg_stroke: Stroke::new(t.metrics.stroke, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: look(c.panel, c.text, c.hairline),
        inactive: look(c.hover, c.text, c.outline),
        hovered: look(c.pressed, c.text_strong, c.outline_strong),
        active: look(c.pressed, c.text_strong, c.focus),
        open: look(c.pressed, c.text_strong, c.outline_strong),
    }
}

/// The same colour, let through by `alpha` of 255.
pub fn see_through(colour: Color32, alpha: u8) -> Color32 {
    Color32::from_rgba_unmultiplied(colour.r(), colour.g(), colour.b(), alpha)
}
