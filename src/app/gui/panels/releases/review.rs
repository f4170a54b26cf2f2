//! What a release does: its changes in plain sentences, whose requests it decides otherwise, and what the interfaces carry.

use std::collections::BTreeMap;

use eframe::egui::{Grid, RichText, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::panels::changes;
use crate::gui::panels::flips::{self, FlipList};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::section::{self, sentence};
use crate::gui::widgets::state;
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::text::{Language, counted};
use countersign_run::compare::known_effect;
use countersign_session::jobs::Freshness;
use countersign_session::views::figures;
use countersign_session::views::flips::FlipsShown;
use countersign_session::views::impact::{self, group_rows};
use countersign_session::views::loads::LoadRow;
use countersign_session::{ResultView, Review, ReviewedFlips};

/// Shows it, or what is shown in its place. A group of flips that is pressed has its single ones listed.
pub fn show(ui: &mut Ui, shown: &ResultView<'_, Review>, list: &mut Option<FlipList>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.set_min_width(ui.available_width());
    match &shown.status {
        Freshness::Failed(why) => return state::error(ui, say(ui, text("It cannot be reviewed", "无法核对")), &local(ui, why)),
        Freshness::Empty | Freshness::Stale(_) => {
            return state::loading(ui, say(ui, text("The release is being reviewed", "正在核对发布")), None);
        }
        Freshness::Fresh => {}
    }
    let Some(review) = shown.value else { return };
    changes::show(ui, review.against.as_ref().map(|(_, version)| version.as_str()), &review.changes);
    for said in &review.left_out {
        sentence(ui, Glyph::TriangleAlert, colours(ui).warning, &local(ui, said));
    }
    match &review.flips {
        Ok(flips) => {
            decided_otherwise(ui, review, flips, list);
            loads(ui, flips);
        }
        Err(why) => {
            section::header(ui, say(ui, text("Changed decisions", "决策变化")), |_| {});
            sentence(ui, Glyph::Info, colours(ui).text_weak, &local(ui, why));
        }
    }
    ui.add_space(space().medium);
}

/// Flips by the rules that cause them; a click on a group lists its single ones.
fn decided_otherwise(ui: &mut Ui, review: &Review, seen: &ReviewedFlips, list: &mut Option<FlipList>) {
    section::header(ui, say(ui, text("Changed decisions", "决策变化")), |ui| {
        ui.label(theme::weak(ui, numbers(seen, language(ui.ctx()))));
    });
    if review.not_compared > 0 {
        let words = match language(ui.ctx()) {
            Language::En => format!("{} left out and not compared", counted(review.not_compared, "row", "rows")),
            Language::Zh => format!("{} 条记录被剔除，未参与对比", figures::count(review.not_compared)),
        };
        sentence(ui, Glyph::TriangleAlert, colours(ui).warning, &words);
    }
    if review.against.is_none() {
        let words = tr(ui, "There is no release to compare with", "没有可对比的发布");
        return sentence(ui, Glyph::Info, colours(ui).text_weak, words);
    }
    if seen.impact.all.requests == 0 {
        let words = tr(ui, "No decision changes", "没有请求的决策发生变化");
        return sentence(ui, Glyph::Equal, colours(ui).text_weak, words);
    }
    for piece in impact::sentence(&seen.impact) {
        sentence(ui, icons::change(&piece.only), colours(ui).accent_text, &local(ui, &piece.text));
    }
    for known in seen.impact.effects.known.iter().flat_map(known_effect) {
        sentence(ui, Glyph::Tag, colours(ui).text_weak, &local(ui, &known));
    }
    ui.add_space(space().tiny);
    for group in group_rows(&seen.impact, &BTreeMap::new()) {
        let only = FlipsShown::CausedBy(group.rules.clone());
        let is_chosen = list.as_mut().is_some_and(|list| list.only_mut().as_ref() == Some(&only));
        if flips::group(ui, &group, is_chosen, None) {
            *list = (!is_chosen).then(|| FlipList::of(only));
        }
    }
    ui.add_space(space().small);
}

fn numbers(flips: &ReviewedFlips, language: Language) -> String {
    let flipped = flips.impact.all;
    let (requests, all) = (figures::count(flipped.requests), figures::count(flips.impact.new.table().len() as u64));
    let amount = figures::yuan(flipped.amount_fen);
    match language {
        Language::En => format!("{requests} of {all} requests · {amount}"),
        Language::Zh => format!("{all} 条请求中的 {requests} 条 · {amount}"),
    }
}

fn heads(ui: &mut Ui, titles: &[countersign_core::text::StaticText]) {
    for (at, title) in titles.iter().enumerate() {
        let words = theme::weak(ui, say(ui, *title));
        if at == 0 { drop(ui.label(words)) } else { right(ui, words) }
    }
    ui.end_row();
}

/// A number at the right edge of its cell.
fn right(ui: &mut Ui, words: RichText) {
    let size = Vec2::new(metrics().field_width * 0.8, metrics().table_row);
    let layout = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        // A column of numbers is as wide as its title.
        ui.set_min_width(size.x);
        ui.label(words);
    });
}

fn indented(ui: &mut Ui, show: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.add_space(space().medium);
        show(ui);
    });
}

/// The busiest second of every interface against what it carries.
fn loads(ui: &mut Ui, flips: &ReviewedFlips) {
    section::header(ui, say(ui, text("Load of the interfaces", "接口负载")), |_| {});
    indented(ui, |ui| {
        Grid::new("loads").num_columns(5).spacing(Vec2::new(space().small, space().tiny)).show(ui, |ui| {
            heads(
                ui,
                &[
                    text("Interface", "接口"),
                    text("Requests", "请求"),
                    text("Busiest second", "峰值（笔/秒）"),
                    text("Capacity", "容量"),
                    text("Seconds over", "超容秒数"),
                ],
            );
            for (now, was) in
                flips.loads.iter().filter(|(now, was)| now.requests > 0 || was.as_ref().is_some_and(|was| was.requests > 0))
            {
                load_line(ui, now, was.as_ref());
            }
        });
    });
    ui.add_space(space().small);
}

fn load_line(ui: &mut Ui, now: &LoadRow, was: Option<&LoadRow>) {
    let c = colours(ui);
    ui.label(local(ui, &now.title));
    right(ui, RichText::new(from_to(was.map(|was| was.requests), now.requests)));
    right(ui, RichText::new(from_to(was.map(|was| was.peak), now.peak)));
    right(ui, RichText::new(now.capacity.map_or_else(|| "–".to_owned(), figures::count)));
    let over = now.seconds_over;
    let colour = if over.is_some_and(|over| over > 0) { c.error } else { c.text };
    let words = over.map_or_else(|| "–".to_owned(), |over| from_to(was.and_then(|was| was.seconds_over), over));
    right(ui, RichText::new(words).color(colour));
    ui.end_row();
}

/// A number, with the one it was where that differs.
fn from_to(was: Option<u64>, now: u64) -> String {
    match was.filter(|was| *was != now) {
        Some(was) => format!("{} → {}", figures::count(was), figures::count(now)),
        None => figures::count(now),
    }
}
