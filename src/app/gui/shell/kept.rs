//! The layout that is kept between runs: sizes of panels, the panel in front, the columns of the requests table.

use eframe::egui::Context;
use serde::{Deserialize, Serialize};

use crate::gui::outbox::{Outbox, Tab};
use countersign_session::{Action, PreferenceAction, RequestColumn, Session, ShownColumn, TableAction};

/// Sizes of panels in points; none as delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sizes {
    pub tabs: Option<f32>,
    pub rules: Option<f32>,
    pub inspector: Option<f32>,
    pub problems: Option<f32>,
}

impl Sizes {
    /// Whether a person would see no difference.
    fn is_like(&self, other: &Self) -> bool {
        let near = |a: Option<f32>, b: Option<f32>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1.0,
            (a, b) => a.is_none() && b.is_none(),
        };
        near(self.tabs, other.tabs)
            && near(self.rules, other.rules)
            && near(self.inspector, other.inspector)
            && near(self.problems, other.problems)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct KeptLayout {
    sizes: Sizes,
    front: Tab,
    columns: Vec<ShownColumn>,
}

/// The layout on its way to and from the preferences.
#[derive(Default)]
pub struct LayoutKeeper {
    last: Option<KeptLayout>,
    /// Whether the columns of the last run were put in place.
    dressed: bool,
}

impl LayoutKeeper {
    /// The layout of the last run, once; a text that cannot be read counts for nothing.
    pub fn begin(&mut self, session: &Session, tab: &mut Tab) -> Option<Sizes> {
        if self.last.is_some() {
            return None;
        }
        let kept: KeptLayout = ron::from_str(&session.preferences().layout).unwrap_or_default();
        *tab = kept.front;
        let sizes = kept.sizes;
        self.last = Some(kept);
        Some(sizes)
    }

    /// The layout as delivered from now on.
    pub fn forget(&mut self, out: &mut Outbox) {
        self.last = Some(KeptLayout::default());
        out.push(Action::Table(TableAction::Columns(Vec::new())));
        out.push(Action::Prefer(PreferenceAction::Layout(String::new())));
    }

    /// Puts the columns of the last run in place, and keeps the layout once nothing is being dragged.
    pub fn follow(&mut self, ctx: &Context, session: &Session, sizes: Sizes, front: Tab, out: &mut Outbox) {
        let Some(last) = &self.last else { return };
        if !self.dressed && session.requests().is_some() {
            self.dressed = true;
            let columns = known(session, &last.columns);
            if !columns.is_empty() && session.view().requests.columns.is_empty() {
                out.push(Action::Table(TableAction::Columns(columns)));
                return;
            }
        }
        if ctx.input(|input| input.pointer.any_down()) {
            return;
        }
        let columns = match session.view().requests.columns.as_slice() {
            // Not put in place yet, or as delivered.
            [] if !self.dressed => last.columns.clone(),
            shown => shown.to_vec(),
        };
        if last.sizes.is_like(&sizes) && last.front == front && last.columns == columns {
            return;
        }
        let kept = KeptLayout { sizes, front, columns };
        if let Ok(text) = ron::to_string(&kept) {
            out.push(Action::Prefer(PreferenceAction::Layout(text)));
        }
        self.last = Some(kept);
    }
}

/// The columns whose field the open workspace has.
fn known(session: &Session, columns: &[ShownColumn]) -> Vec<ShownColumn> {
    let schema = &session.document().definition().schema;
    let is_known = |shown: &&ShownColumn| match &shown.column {
        RequestColumn::Field(name) => schema.find(name.as_str()).is_some(),
        _ => true,
    };
    columns.iter().filter(is_known).cloned().collect()
}
