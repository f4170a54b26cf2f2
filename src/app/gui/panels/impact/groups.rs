//! Flips by the rules that cause them: each is answered for before a release.

use std::collections::BTreeSet;

use eframe::egui::{RichText, ScrollArea, Ui};

use crate::gui::outbox::Outbox;
use crate::gui::panels::flips;
use crate::gui::theme::{self, colours, space};
use crate::gui::widgets::section;
use crate::gui::words::{language, say, text};
use countersign_core::model::RuleId;
use countersign_core::text::Language;
use countersign_session::Session;
use countersign_session::views::impact::groups;

/// Shows the groups; a click lists the flips of one.
pub fn show(ui: &mut Ui, session: &Session, chosen: &mut Option<BTreeSet<RuleId>>, out: &mut Outbox) {
    let groups = groups(session);
    let open = groups.iter().filter(|group| !group.is_acknowledged).count();
    let title = say(ui, text("By causing rule", "按引起变化的规则"));
    section::header(ui, title, |ui| {
        ui.add_space(space().medium);
        let words = match language(ui.ctx()) {
            Language::En if open == 0 => "all acknowledged".to_owned(),
            Language::En => format!("{open} to acknowledge"),
            Language::Zh if open == 0 => "均已确认".to_owned(),
            Language::Zh => format!("{open} 组待确认"),
        };
        let colour = if open == 0 { colours(ui).success } else { colours(ui).warning };
        ui.label(RichText::new(words).font(theme::small()).color(colour));
    });
    ScrollArea::vertical().auto_shrink(false).id_salt("groups").show(ui, |ui| {
        for group in &groups {
            let is_chosen = chosen.as_ref() == Some(&group.rules);
            if flips::group(ui, group, is_chosen, Some(out)) {
                *chosen = if is_chosen { None } else { Some(group.rules.clone()) };
            }
        }
    });
}
