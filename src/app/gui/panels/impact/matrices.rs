//! Old verdict by new verdict, and old interface by new interface.

use eframe::egui::Ui;

use super::matrix::{self, Cell, Head};
use crate::gui::outbox::Outbox;
use crate::gui::panels::standing;
use crate::gui::theme::{self, colours, space};
use crate::gui::widgets::section;
use crate::gui::words::{self, language, say, text, tr};
use countersign_core::model::{InterfaceId, Verdict};
use countersign_core::text::Language;
use countersign_run::compare::Figures;
use countersign_run::dry_run::Sums;
use countersign_session::views::figures;
use countersign_session::{Action, Only, Session, TableAction};

/// Shows the chosen matrix; whether requests were asked for.
pub fn show(ui: &mut Ui, session: &Session, by_interface: &mut bool, out: &mut Outbox) -> bool {
    ui.spacing_mut().item_spacing.y = 0.0;
    section::header(ui, say(ui, text("From → to", "变化")), |ui| {
        ui.add_space(space().medium);
        for (which, name) in [(true, text("Interfaces", "接口")), (false, text("Verdicts", "结论"))] {
            if ui.selectable_label(*by_interface == which, say(ui, name)).clicked() {
                *by_interface = which;
            }
        }
    });
    let details = session.details();
    let Some(figures) = details.value.and_then(|details| details.figures.as_ref()) else {
        standing::nothing(ui, session, &details, out);
        return false;
    };
    let only = if *by_interface { interfaces(ui, figures) } else { verdicts(ui, figures) };
    ui.add_space(space().small);
    totals(ui, figures);
    let Some(only) = only else { return false };
    out.push(Action::Table(TableAction::Show(only)));
    true
}

fn verdicts(ui: &mut Ui, figures: &Figures) -> Option<Only> {
    let c = colours(ui);
    let heads: Vec<Head> = Verdict::ALL
        .into_iter()
        .map(|verdict| Head { name: say(ui, words::verdict(verdict)).to_owned(), colour: c.verdict(verdict).text })
        .collect();
    let language = language(ui.ctx());
    let cell = |old: usize, new: usize| {
        let (Some(before), Some(after)) = (Verdict::ALL.get(old), Verdict::ALL.get(new)) else { return Cell::default() };
        let found = figures.transitions.iter().find(|cell| cell.old == before.word() && cell.new == after.word());
        let ground = c.verdict(*after).soft;
        found.map_or_else(Cell::default, |found| of(&found.cell.sums, found.cell.customers, Some(ground), language))
    };
    let (old, new) = matrix::show(ui, tr(ui, "from ↓ to →", "原 ↓ 新 →"), &heads, cell)?;
    Some(Only::Verdicts(*Verdict::ALL.get(old)?, *Verdict::ALL.get(new)?))
}

fn interfaces(ui: &mut Ui, figures: &Figures) -> Option<Only> {
    let c = colours(ui);
    let language = language(ui.ctx());
    let known = figures.interface_names.iter();
    let mut heads: Vec<Head> = known
        .map(|(id, title)| {
            let title = title.get(language);
            Head { name: if title.is_empty() { id.clone() } else { title.to_owned() }, colour: c.text }
        })
        .collect();
    heads.push(Head { name: tr(ui, "none", "无").to_owned(), colour: c.text_weak });
    let id = |at: usize| figures.interface_names.get(at).map(|(id, _)| id.as_str());
    let cell = |old: usize, new: usize| {
        let found = figures.interfaces.iter().find(|cell| cell.old.as_deref() == id(old) && cell.new.as_deref() == id(new));
        found.map_or_else(Cell::default, |found| of(&found.cell.sums, found.cell.customers, None, language))
    };
    let (old, new) = matrix::show(ui, tr(ui, "from ↓ to →", "原 ↓ 新 →"), &heads, cell)?;
    let named = |at: usize| id(at).and_then(|id| InterfaceId::new(id).ok());
    Some(Only::Interfaces(named(old), named(new)))
}

fn of(sums: &Sums, customers: u64, ground: Option<eframe::egui::Color32>, language: Language) -> Cell {
    let (requests, amount) = (figures::count(sums.requests), figures::yuan(sums.amount_fen));
    let customers = figures::count(customers);
    let hover = match language {
        Language::En => format!("{requests} requests, {amount}, {customers} customers"),
        Language::Zh => format!("{requests} 条请求，{amount}，{customers} 位客户"),
    };
    Cell { requests: sums.requests, hover, ground }
}

/// What the flips differ in; one may count in several.
fn totals(ui: &mut Ui, known: &Figures) {
    let flips = &known.flips;
    for (count, name) in [
        (flips.any, text("Flips", "决策改变")),
        (flips.verdict, text("Verdict", "结论")),
        (flips.interface, text("Interface", "接口")),
        (flips.reasons, text("Reasons", "原因")),
        (flips.limits, text("Limits", "限额")),
    ] {
        section::property(ui, say(ui, name), |ui| {
            let shown = figures::count(count);
            if count > 0 { ui.label(theme::emphasised(ui, shown)) } else { ui.label(theme::weak(ui, shown)) }
        });
    }
}
