//! A window without a screen for the tests of widgets and panels.

use eframe::egui::{Ui, Vec2};
use egui_kittest::Harness;

/// A window of 1280×800 with the product's faces and styles.
pub fn harness<'a, State: 'a>(state: State, show: impl FnMut(&mut Ui, &mut State) + 'a) -> Harness<'a, State> {
    Harness::builder().with_size(Vec2::new(1280.0, 800.0)).with_context_setup(crate::gui::install).build_ui_state(show, state)
}
