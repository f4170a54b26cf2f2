//! The strip under the top bar: what this edit does to the loaded requests, while it is being made.

use eframe::egui::{Align, Button, Frame, Label, Layout, Panel, RichText, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::{counted, language, local, say, text, tr};
use countersign_core::model::Verdict;
use countersign_run::compare::{DecisionChange, known_effect};
use countersign_session::jobs::Freshness;
use countersign_session::views::figures;
use countersign_session::views::impact::{SentencePart, sentence};
use countersign_session::{Action, Impact, JobKind, ResultView, RowFilter, Session, TableAction};

pub fn show(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let impact = session.impact();
    let c = colours(ui);
    let is_old = matches!(impact.status, Freshness::Stale(_) | Freshness::Failed(_)) && impact.value.is_some();
    let ground = if is_old { c.refer_soft } else { c.panel };
    Panel::top("strip").frame(Frame::new().fill(ground)).exact_size(metrics().strip).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            ui.add_space(space().large);
            ui.label(icons::small(Glyph::Activity, c.accent_text));
            let against = session.baseline().map(|baseline| local(ui, &baseline.title).into_owned());
            let label = ui.label(theme::emphasised(ui, say(ui, text("This draft", "本次草稿"))));
            if let Some(against) = against {
                label.on_hover_text(format!("{} {against}", tr(ui, "Compared with:", "对比基准：")));
            }
            ui.add_space(space().small);
            match impact.value {
                Some(value) => changes(ui, session, value, out),
                None => waiting(ui, session, &impact),
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space().large);
                how_it_stands(ui, session, &impact);
            });
        });
    });
}

/// The sentence in pieces, each of which shows its requests.
fn changes(ui: &mut Ui, session: &Session, impact: &Impact, out: &mut Outbox) {
    let c = colours(ui);
    if let Some(why) = &impact.why_alone {
        ui.label(theme::weak(ui, local(ui, why)));
        return;
    }
    let pieces = sentence(impact);
    if pieces.is_empty() {
        ui.label(icons::small(Glyph::Equal, c.text_weak));
        ui.label(theme::weak(ui, say(ui, text("decides every request as before", "所有请求的结论均未改变"))));
    }
    let failing = session.cases().value.map_or(0, |run| run.counts().failed + run.counts().unusable);
    let failing = (failing > 0).then(|| counted(ui, failing, ("case fails", "cases fail"), "个用例未通过"));
    let known = impact.effects.known.iter().flat_map(known_effect).map(|line| local(ui, &line).into_owned());
    let known: Vec<String> = known.filter(|_| !pieces.is_empty()).collect();
    // What there is no room for is shown under Impact, which the last piece opens.
    let reserved = failing.as_deref().map_or(0.0, |words| chip_width(ui, words)) + chip_width(ui, &more(ui, pieces.len()));
    let end = ui.available_width() - reserved;
    let start = ui.cursor().left();
    let mut hidden = Vec::new();
    for piece in &pieces {
        let words = local(ui, &piece.text);
        let is_first = std::ptr::eq(piece, pieces.first().unwrap_or(piece));
        if !hidden.is_empty() || (!is_first && ui.cursor().left() - start + chip_width(ui, &words) > end) {
            hidden.push(words.into_owned());
        } else if one(ui, piece, if is_first { end } else { f32::INFINITY }) {
            out.push(Action::Table(TableAction::Show(piece.only.clone())));
            out.ask(WindowAction::Show(Tab::Requests));
        }
    }
    let rest = known.len() + hidden.len();
    if rest > 0 && chip(ui, Glyph::Ellipsis, &more(ui, rest), c.text, &[hidden, known].concat().join("\n")) {
        out.ask(WindowAction::Show(Tab::Impact));
    }
    if let Some(words) = failing
        && chip(ui, Glyph::ListX, &words, c.error, say(ui, text("Show these cases", "显示这些用例")))
    {
        out.ask(WindowAction::Show(Tab::Cases));
    }
}

fn more(ui: &Ui, count: usize) -> String {
    match language(ui.ctx()) {
        countersign_core::text::Language::En => format!("{count} more"),
        countersign_core::text::Language::Zh => format!("另有 {count} 项"),
    }
}

/// A piece of the sentence: an icon of its kind and its words, no wider than that.
fn one(ui: &mut Ui, piece: &SentencePart, most: f32) -> bool {
    let c = colours(ui);
    let colour = match &piece.only {
        RowFilter::Change(DecisionChange::Verdict(_, now)) => c.verdict(*now).text,
        _ => c.text,
    };
    ui.scope(|ui| {
        ui.set_max_width(most.min(ui.available_width()));
        let words = local(ui, &piece.text);
        chip(ui, icons::change(&piece.only), &words, colour, say(ui, text("Show these requests", "显示这些请求")))
    })
    .inner
}

/// How wide a chip with these words is.
fn chip_width(ui: &Ui, words: &str) -> f32 {
    let words = ui.painter().layout_no_wrap(words.to_owned(), theme::strong(), colours(ui).text).size().x;
    words + icons::small_face().size + 2.0 * ui.spacing().button_padding.x + 2.0 * space().small
}

fn chip(ui: &mut Ui, glyph: Glyph, words: &str, colour: eframe::egui::Color32, hint: &str) -> bool {
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        widgets.inactive.weak_bg_fill = eframe::egui::Color32::TRANSPARENT;
        widgets.inactive.bg_stroke = eframe::egui::Stroke::NONE;
        let item = Button::new((icons::small(glyph, colour), RichText::new(words).font(theme::strong()).color(colour)));
        let response = ui.add(item.truncate()).on_hover_text(hint);
        response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, words));
        response.clicked()
    })
    .inner
}

/// What is shown here before anything was decided.
fn waiting(ui: &mut Ui, session: &Session, impact: &ResultView<'_, Impact>) {
    let words = match (&impact.status, session.requests()) {
        (Freshness::Failed(why), _) => local(ui, why).into_owned(),
        (_, None) => say(ui, text("load requests to see what the rules decide", "载入请求以查看规则的结论")).to_owned(),
        _ if session.check().value.is_some_and(|checked| checked.engine.is_none()) => {
            say(ui, text("the draft has errors: nothing is decided until they are fixed", "草稿存在错误，修正后才会试运行"))
                .to_owned()
        }
        _ => say(ui, text("being decided", "正在试运行")).to_owned(),
    };
    ui.label(theme::weak(ui, words));
}

/// On the right: how many were decided in which time, or why that is old.
fn how_it_stands(ui: &mut Ui, session: &Session, impact: &ResultView<'_, Impact>) {
    let c = colours(ui);
    let running = impact.running.or_else(|| session.check().running);
    if let (Freshness::Stale(why) | Freshness::Failed(why), true) = (&impact.status, impact.value.is_some()) {
        ui.add(Label::new(RichText::new(local(ui, why)).font(theme::small()).color(c.warning)).truncate());
        ui.label(icons::small(Glyph::History, c.warning));
        return;
    }
    if let Some(running) = running {
        let part = figures::share(running.done, running.total);
        let words = if running.total == 0 { local(ui, &JobKind::Impact.text()).into_owned() } else { part };
        ui.label(theme::weak(ui, words));
        ui.label(icons::small(Glyph::LoaderCircle, c.text_weak));
        return;
    }
    let Some(value) = impact.value else { return };
    let totals = value.new.totals();
    let all = totals.all.all().requests;
    let (requests, took) = (figures::count(all), figures::duration(impact.took.as_secs_f64()));
    let words = match language(ui.ctx()) {
        countersign_core::text::Language::En => format!("{requests} requests in {took}"),
        countersign_core::text::Language::Zh => format!("{requests} 条请求，用时 {took}"),
    };
    // What the edit changes comes first; this is where there is room left.
    let needed = ui.painter().layout_no_wrap(words.clone(), theme::small(), c.text_weak).size().x + space().medium;
    if needed > ui.available_width() {
        return;
    }
    ui.label(theme::weak(ui, words));
    ui.add_space(space().medium);
    if 4.0 * 2.0 * metrics().hit_bar > ui.available_width() {
        return;
    }
    for verdict in [Verdict::Decline, Verdict::Refer, Verdict::StepUp, Verdict::Accept] {
        let count = totals.verdicts.get(verdict as usize).map_or(0, |sums| sums.all().requests);
        let colour = c.verdict(verdict).text;
        let name = say(ui, crate::gui::words::verdict(verdict));
        ui.label(RichText::new(figures::share(count, all)).font(theme::small()).color(colour))
            .on_hover_text(format!("{name} {}", figures::count(count)));
        ui.label(icons::small(icons::verdict(verdict), colour));
        ui.add_space(space().small);
    }
}
