//! The head of one release: what it is, what it is seen against, and the steps that can be taken.

use countersign_workspace::journal::ReleaseState;
use eframe::egui::{Align, ComboBox, Label, Layout, Response, RichText, Ui, Vec2};

use super::dialog::StepDialog;
use super::{pill, when};
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, state};
use crate::gui::words::{local, say, text, tr};
use countersign_core::release::Digest;
use countersign_core::text::{LocalText, StaticText};
use countersign_session::{Action, ReleaseAction, ReleaseRow, ReleaseStep, Session};

pub fn show(ui: &mut Ui, session: &Session, row: &ReleaseRow, dialog: &mut StepDialog, out: &mut Outbox) {
    ui.add_space(space().small);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        ui.label(RichText::new(&row.version).font(theme::heading()).color(colours(ui).text_strong));
        pill(ui, row);
        ui.label(RichText::new(row.digest.short()).font(theme::code()).color(colours(ui).text_weak));
        if button::icon(ui, Glyph::Copy, say(ui, text("Copy the digest", "复制摘要"))).clicked() {
            out.ask(WindowAction::Copy(row.digest.to_string()));
        }
        if !is_narrow(ui) {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space().medium);
                against(ui, session, row, out);
            });
        }
    });
    made(ui, session, row);
    if is_narrow(ui) {
        // Right to left as on the wide line, so that the label comes first.
        let size = Vec2::new(ui.available_width(), metrics().button);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space().medium);
            against(ui, session, row, out);
        });
    }
    ui.add_space(space().small);
    let is_own = session.preferences().maker == row.provenance.maker;
    let can_be_approved = session.why_step_refused(row, ReleaseStep::Approve);
    let own = can_be_approved.filter(|_| is_own && ReleaseStep::Approve.noted().is_some_and(|noted| row.state.allows(noted)));
    steps(ui, session, row, dialog, out, own.is_none());
    ui.add_space(space().small);
    if let Some(why) = own {
        state::banner(ui, Glyph::UserRoundX, colours(ui).warning, colours(ui).refer_soft, &local(ui, &why));
    }
}

/// Whether the head has no room for everything side by side.
fn is_narrow(ui: &Ui) -> bool {
    ui.max_rect().width() < metrics().dialog_width + metrics().field_width
}

fn made(ui: &mut Ui, session: &Session, row: &ReleaseRow) {
    let provenance = &row.provenance;
    let made = tr(ui, "Made by", "经办");
    let mut words = format!("{made} {} · {}", provenance.maker, when(provenance.created_at));
    if let Some(old) = provenance.rolls_back {
        let version = session.releases().value.and_then(|all| all.row(old)).map_or_else(|| old.short(), |old| old.version.clone());
        let file = format!("{} {version}", tr(ui, "returns to", "回退至"));
        words = format!("{words} · {file}");
    }
    if !provenance.comment.is_empty() {
        words = format!("{words} · {}", provenance.comment.replace('\n', " "));
    }
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        ui.add(Label::new(theme::weak(ui, words)).truncate()).on_hover_text(&provenance.comment);
    });
}

/// The choice of what it is seen against.
fn against(ui: &mut Ui, session: &Session, row: &ReleaseRow, out: &mut Outbox) {
    let Some(all) = session.releases().value else { return };
    let seen = session.compared_release().map(|row| row.digest);
    let live = all.live_digest();
    let name = |digest: Option<Digest>| -> String {
        let Some(other) = digest.and_then(|digest| all.row(digest)) else { return tr(ui, "nothing", "无").to_owned() };
        let mark = if Some(other.digest) == live { tr(ui, " (live)", "（生效中）") } else { "" };
        format!("{}{mark}", other.version)
    };
    let names: Vec<(Digest, String)> =
        all.rows.iter().filter(|other| other.digest != row.digest).map(|other| (other.digest, name(Some(other.digest)))).collect();
    let shown = name(seen);
    let label = say(ui, text("Compare with", "对比基准"));
    let combo =
        ComboBox::from_id_salt("compared release").selected_text(shown).width(metrics().field_width * 1.5).show_ui(ui, |ui| {
            for (digest, name) in names {
                if ui.selectable_label(seen == Some(digest), name).clicked() {
                    out.push(Action::Release(ReleaseAction::Against(Some(digest))));
                }
            }
        });
    let _ = combo.response.accessible_name(label);
    ui.label(theme::weak(ui, label));
}

/// The name of a step on a button.
pub fn name(step: ReleaseStep, state: ReleaseState) -> (Glyph, StaticText) {
    match step {
        ReleaseStep::Submit => (Glyph::Send, text("Submit…", "提交…")),
        ReleaseStep::Approve => (Glyph::Signature, text("Approve…", "审批…")),
        ReleaseStep::Reject => (Glyph::CircleX, text("Reject…", "驳回…")),
        ReleaseStep::Withdraw if state == ReleaseState::Live => (Glyph::Ban, text("Withdraw…", "下线…")),
        ReleaseStep::Withdraw => (Glyph::Ban, text("Withdraw…", "撤回…")),
        ReleaseStep::Publish => (Glyph::Rocket, text("Publish…", "上线…")),
        ReleaseStep::RollBack => (Glyph::RotateCcw, text("Roll back to this…", "回退至此版本…")),
        ReleaseStep::SwitchOff => (Glyph::Ban, text("Switch a rule off…", "紧急停用规则…")),
        ReleaseStep::Revoke => (Glyph::CircleX, text("Revoke…", "撤销…")),
    }
}

/// A button for every step; the first that can be taken is highlighted. With `explains`, why none can be taken follows.
fn steps(ui: &mut Ui, session: &Session, row: &ReleaseRow, dialog: &mut StepDialog, out: &mut Outbox, explains: bool) {
    let why = |step| session.why_step_refused(row, step);
    let forward = [ReleaseStep::Publish, ReleaseStep::Approve, ReleaseStep::Submit].into_iter().find(|step| why(*step).is_none());
    // The toolkit does not wrap what may be disabled: a narrow window has two lines.
    let is_live = row.state == ReleaseState::Live;
    let unfit = if is_live { ReleaseStep::RollBack } else { ReleaseStep::SwitchOff };
    let shown: Vec<ReleaseStep> = ReleaseStep::ALL.into_iter().filter(|step| *step != unfit).collect();
    for steps in shown.chunks(if is_narrow(ui) { shown.len().div_ceil(2) } else { shown.len() }) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = Vec2::new(space().small, 0.0);
            ui.add_space(space().medium);
            for step in steps {
                let why_disabled = why(*step);
                if step_button(ui, (*step, row.state), forward == Some(*step), why_disabled.as_ref()).clicked() {
                    dialog.open(*step, session, row, out);
                }
            }
            let is_last = steps.last() == shown.last();
            let next = next(session, row).filter(|_| is_last && explains && forward.is_none());
            if let Some(words) = next {
                ui.label(icons::small(Glyph::Info, colours(ui).text_weak));
                ui.add(Label::new(theme::weak(ui, local(ui, &words))).truncate());
            }
        });
        ui.add_space(space().tiny);
    }
}

/// The button of a step; its tooltip says why it cannot be taken.
fn step_button(
    ui: &mut Ui,
    (step, state): (ReleaseStep, ReleaseState),
    stands_out: bool,
    why_disabled: Option<&LocalText>,
) -> Response {
    let (glyph, words) = name(step, state);
    let words = say(ui, words);
    let response = ui
        .add_enabled_ui(why_disabled.is_none(), |ui| {
            if stands_out { button::primary(ui, Some(glyph), words) } else { button::plain(ui, Some(glyph), words) }
        })
        .inner;
    match why_disabled {
        Some(why) => response.on_disabled_hover_text(local(ui, why)),
        None => response,
    }
}

/// Why the next step is refused.
fn next(session: &Session, row: &ReleaseRow) -> Option<LocalText> {
    let step = match row.state {
        ReleaseState::Draft => ReleaseStep::Submit,
        ReleaseState::Submitted | ReleaseState::Approved if row.open.is_empty() => ReleaseStep::Publish,
        ReleaseState::Submitted | ReleaseState::Approved => ReleaseStep::Approve,
        _ => return None,
    };
    session.why_step_refused(row, step)
}
