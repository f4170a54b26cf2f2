//! The dialog of a step: what it means in plain words, what it needs, and its outcome.

use countersign_workspace::journal::ReleaseState;
use eframe::egui::{ComboBox, Context, Key, Label, RichText, Ui};

use super::head::name;
use super::keys::KeyPicker;
use crate::gui::dialogs;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::panels::path_field::{self, PathPurpose};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::section::sentence;
use crate::gui::widgets::{button, field, modal, section};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{RuleId, Status};
use countersign_core::release::{Digest, Policy};
use countersign_core::text::{Language, LocalText};
use countersign_session::{Action, ReleaseAction, ReleaseRow, ReleaseStep, Session, SigningRequest, StepAttempt, present};
use countersign_workspace::lifecycle::KnownKey;

#[derive(Default)]
pub struct StepDialog {
    of: Option<(ReleaseStep, Digest)>,
    /// Whether it was not shown yet: the first field takes the keys.
    is_new: bool,
    keys: KeyPicker,
    principal: String,
    role: String,
    comment: String,
    /// Whether the entry of the journal is signed.
    signs_entry: bool,
    to: String,
    /// The id of the rule to switch off; empty until one is chosen.
    rule: String,
    browsing: dialogs::FileDialog,
}

impl StepDialog {
    pub fn open(&mut self, step: ReleaseStep, session: &Session, row: &ReleaseRow, out: &mut Outbox) {
        out.push(Action::Release(ReleaseAction::ForgetStep));
        let to = session.preferences().gateway_file(session.document().root());
        let to = to.map(|to| to.display().to_string()).unwrap_or_default();
        let signs_entry = must_sign_step(session, step);
        *self = Self { of: Some((step, row.digest)), is_new: true, keys: self.keys.again(), signs_entry, to, ..Self::default() };
        self.keys.begin(out);
    }

    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let Some((step, digest)) = self.of else { return };
        let row = session.releases().value.and_then(|all| all.row(digest));
        let Some(row) = row else { return self.close(out) };
        let verb = match step {
            ReleaseStep::RollBack => text("Roll back to", "回退至"),
            ReleaseStep::SwitchOff => text("Switch a rule off in", "紧急停用规则："),
            _ => name(step, row.state).1,
        };
        let title = format!("{} {}", verb.get(language(ctx)).trim_end_matches('…'), row.version);
        let tried = session.last_step().filter(|tried| tried.step == step && tried.release == digest);
        let mut done = false;
        let stays = modal::show(ctx, "release step", &title, metrics().dialog_width, |ui| {
            ui.spacing_mut().item_spacing.y = space().tiny;
            done = match tried.and_then(|tried| tried.outcome.as_ref()) {
                Some(Ok(text)) => success(ui, row, step, text),
                _ => self.ask(ui, session, row, (step, tried), out),
            };
        });
        if done || !stays {
            self.close(out);
        }
    }

    fn close(&mut self, out: &mut Outbox) {
        *self = Self { keys: self.keys.again(), ..Self::default() };
        out.push(Action::Release(ReleaseAction::ForgetStep));
    }

    fn ask(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        row: &ReleaseRow,
        (step, tried): (ReleaseStep, Option<&StepAttempt>),
        out: &mut Outbox,
    ) -> bool {
        let is_busy = tried.is_some_and(|tried| tried.outcome.is_none());
        let ready = modal::body(ui, |ui| self.questions(ui, session, row, (step, tried), out));
        self.buttons(ui, session, row, (step, ready && !is_busy, is_busy), out)
    }

    /// What the step means, what it needs and what refused it; whether it can be done.
    fn questions(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        row: &ReleaseRow,
        (step, tried): (ReleaseStep, Option<&StepAttempt>),
        out: &mut Outbox,
    ) -> bool {
        ui.add(Label::new(meaning(step, row, session).get(language(ui.ctx()))).wrap());
        ui.add_space(space().small);
        let ready = match step {
            ReleaseStep::Submit | ReleaseStep::Approve => self.signs(ui, session, row, step, out),
            ReleaseStep::Revoke => self.signs(ui, session, row, step, out) && !self.comment.trim().is_empty(),
            ReleaseStep::Reject | ReleaseStep::Withdraw | ReleaseStep::RollBack => {
                let is_signed = self.entry(ui, session, row, step, out);
                is_signed && !self.comment.trim().is_empty()
            }
            ReleaseStep::SwitchOff => {
                self.which_rule(ui, session);
                let is_signed = self.entry(ui, session, row, step, out);
                is_signed && !self.rule.is_empty() && !self.comment.trim().is_empty()
            }
            ReleaseStep::Publish => {
                let hint = tr(ui, "none: noted in the journal only", "不写出，仅记入审计日志");
                let place = (&mut self.to, &mut self.browsing);
                path_field::line(ui, text("Gateway's file", "网关文件"), place, (PathPurpose::Saving, hint, "live.ron"));
                self.entry(ui, session, row, step, out)
            }
        };
        let label = match step {
            ReleaseStep::Submit | ReleaseStep::Approve | ReleaseStep::Publish => say(ui, text("Comment", "备注")),
            ReleaseStep::Reject | ReleaseStep::Withdraw | ReleaseStep::RollBack | ReleaseStep::SwitchOff | ReleaseStep::Revoke => {
                say(ui, text("Why", "原因"))
            }
        };
        section::property(ui, label, |ui| {
            let width = ui.available_width();
            let typed = field::text(ui, &mut self.comment, label, "", width);
            if std::mem::take(&mut self.is_new)
                && (step.makes_release() || matches!(step, ReleaseStep::Reject | ReleaseStep::Withdraw))
            {
                typed.request_focus();
            }
        });
        if let Some(Err(findings)) = tried.and_then(|tried| tried.outcome.as_ref()) {
            ui.add_space(space().small);
            refusals(ui, findings);
        }
        ready
    }

    fn buttons(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        row: &ReleaseRow,
        (step, can, is_busy): (ReleaseStep, bool, bool),
        out: &mut Outbox,
    ) -> bool {
        let mut leave = false;
        modal::buttons(ui, |ui| {
            let (glyph, words) = confirm(step, row.state);
            let pressed = ui.add_enabled_ui(can, |ui| button::primary(ui, Some(glyph), say(ui, words))).inner.clicked();
            leave = button::plain(ui, None, say(ui, text("Cancel", "取消"))).clicked();
            if is_busy {
                ui.label(theme::weak(ui, say(ui, text("under way", "正在进行"))));
                ui.spinner();
            }
            if pressed || (can && self.keys.is_entered()) {
                self.go(session, row, step, out);
            }
        });
        leave
    }

    fn go(&mut self, session: &Session, row: &ReleaseRow, step: ReleaseStep, out: &mut Outbox) {
        let at = present(session.document().definition().schema.zone);
        let comment = self.comment.trim().to_owned();
        let to = Some(self.to.trim()).filter(|to| step == ReleaseStep::Publish && !to.is_empty()).map(Into::into);
        let off = RuleId::new(&self.rule).ok();
        if self.signs_entry || step.needs_key() {
            let role = (step == ReleaseStep::Approve && !self.role.is_empty()).then(|| self.role.clone());
            let (principal, key) = (self.principal.clone(), self.keys.take());
            let signing = SigningRequest { release: row.digest, step, role, key, principal, comment, at, to, rule: off };
            out.ask(WindowAction::Sign(signing));
            return;
        }
        out.push(Action::Release(ReleaseAction::Take { step, release: row.digest, comment, at, to, rule: off }));
    }

    /// The rule to switch off, by its title, among those that are active in the live release.
    fn which_rule(&mut self, ui: &mut Ui, session: &Session) {
        let Some((_, live)) = session.published() else { return };
        let rules = live.definition().rule_set.rules().filter(|(.., rule)| rule.status == Status::Active);
        let rules: Vec<(String, String)> =
            rules.map(|(.., rule)| (rule.id.to_string(), local(ui, &rule.title).into_owned())).collect();
        choice(ui, say(ui, text("Rule", "规则")), &mut self.rule, &rules);
    }

    /// Key, person and role; whether it can be signed.
    fn signs(&mut self, ui: &mut Ui, session: &Session, row: &ReleaseRow, step: ReleaseStep, out: &mut Outbox) -> bool {
        let Some(key) = self.keys.show(ui, session, out) else { return false };
        if !self.who(ui, row, step, key) {
            return false;
        }
        let has_role = step != ReleaseStep::Approve || self.in_role(ui, session);
        has_role && self.keys.is_ready(key)
    }

    /// The key that signs the entry of the journal, where one does; whether the step can be taken.
    fn entry(&mut self, ui: &mut Ui, session: &Session, row: &ReleaseRow, step: ReleaseStep, out: &mut Outbox) -> bool {
        if !must_sign_step(session, step) {
            let words = say(ui, text("Sign the entry of the journal with a key", "用密钥对审计日志记录签名"));
            ui.checkbox(&mut self.signs_entry, words);
        }
        if !self.signs_entry {
            return true;
        }
        let Some(key) = self.keys.show(ui, session, out) else { return false };
        self.who(ui, row, step, key) && self.keys.is_ready(key)
    }

    /// Who signs: the maker to submit, else whom the key is listed for.
    fn who(&mut self, ui: &mut Ui, row: &ReleaseRow, step: ReleaseStep, key: &KnownKey) -> bool {
        let names = &key.identity.principals;
        let maker = &row.provenance.maker;
        if names.is_empty() {
            let words = tr(
                ui,
                "List this key in “allowed_signers” first: nobody signs with it",
                "请先将该密钥登记到 “allowed_signers”：目前无人可用其签名",
            );
            sentence(ui, Glyph::UserRoundX, colours(ui).error, words);
            return false;
        }
        if step == ReleaseStep::Submit {
            self.principal.clone_from(maker);
            if !names.contains(maker) {
                let words = match language(ui.ctx()) {
                    Language::En => format!("Only its maker submits it, with a key that is listed for {maker}"),
                    Language::Zh => format!("只有经办人 {maker} 可用其登记的密钥提交"),
                };
                sentence(ui, Glyph::UserRoundX, colours(ui).error, &words);
                return false;
            }
        } else {
            if step == ReleaseStep::Approve && names.contains(maker) {
                let words = match language(ui.ctx()) {
                    Language::En => format!("{maker} made this release: somebody else must approve it"),
                    Language::Zh => format!("该发布由 {maker} 经办：须由其他人审批"),
                };
                sentence(ui, Glyph::UserRoundX, colours(ui).error, &words);
                return false;
            }
            if !names.contains(&self.principal) {
                self.principal = names.first().cloned().unwrap_or_default();
            }
            if names.len() > 1 {
                let label = say(ui, text("Who signs", "签名人"));
                choice(ui, label, &mut self.principal, &names.iter().map(|name| (name.clone(), name.clone())).collect::<Vec<_>>());
            }
        }
        !self.principal.is_empty()
    }

    /// The role to approve in, where the policy has roles.
    fn in_role(&mut self, ui: &mut Ui, session: &Session) -> bool {
        let Some(Ok(asked)) = session.releases().value.map(|all| &all.requirements) else { return false };
        if asked.policy.roles.is_empty() {
            return true;
        }
        let roles: Vec<(String, String)> =
            asked.policy.roles_of(&self.principal).map(|role| (role.id.clone(), local(ui, &role.title).into_owned())).collect();
        if !roles.iter().any(|(id, _)| *id == self.role) {
            self.role = roles.first().map(|(id, _)| id.clone()).unwrap_or_default();
        }
        if roles.is_empty() {
            let words = match language(ui.ctx()) {
                Language::En => format!("The policy gives {} no role", self.principal),
                Language::Zh => format!("审批策略未授予 {} 任何角色", self.principal),
            };
            sentence(ui, Glyph::CircleX, colours(ui).error, &words);
            return false;
        }
        choice(ui, say(ui, text("In the role", "审批角色")), &mut self.role, &roles);
        true
    }
}

/// Whether the policy asks for signed entries of the journal.
pub fn must_sign(session: &Session) -> bool {
    policy(session).is_some_and(|policy| policy.signed_journal)
}

/// Whether the policy asks for a signed entry of a step: of each, or of the one that publishes.
fn must_sign_step(session: &Session, step: ReleaseStep) -> bool {
    must_sign(session) || (step == ReleaseStep::Publish && policy(session).is_some_and(|policy| policy.publishers.is_some()))
}

fn policy(session: &Session) -> Option<&Policy> {
    session.releases().value?.requirements.as_ref().ok().map(|asked| &asked.policy)
}

/// A choice among a few, as a label where there is but one.
fn choice(ui: &mut Ui, label: &str, chosen: &mut String, of: &[(String, String)]) {
    let shown = of.iter().find(|(id, _)| id == chosen).map_or("", |(_, name)| name.as_str());
    section::property(ui, label, |ui| {
        if of.len() < 2 {
            ui.label(shown);
            return;
        }
        let combo = ComboBox::from_id_salt(label).selected_text(shown).width(metrics().rules_width).show_ui(ui, |ui| {
            for (id, name) in of {
                ui.selectable_value(chosen, id.clone(), name);
            }
        });
        let _ = combo.response.accessible_name(label);
    });
}

/// Everything that refused a step, each with its remedy, as it came.
pub fn refusals(ui: &mut Ui, findings: &[Finding]) {
    for finding in findings {
        sentence(ui, Glyph::CircleX, colours(ui).error, &local(ui, &finding.message));
        if let Some(help) = &finding.help {
            section::help(ui, &local(ui, &help.in_window()));
        }
    }
}

/// What a step means, in plain words.
fn meaning(step: ReleaseStep, row: &ReleaseRow, session: &Session) -> LocalText {
    let short = row.digest.short();
    let needed = row.checklist.needed();
    let live = session.published().map(|(_, live)| live.version().to_owned());
    match step {
        ReleaseStep::Submit => LocalText::new(
            format!(
                "You ask for approval of this release and sign its digest {short} as its maker. {needed} others must approve it."
            ),
            format!("您以经办人身份对摘要 {short} 签名并提交审批。需要另外 {needed} 人审批。"),
        ),
        ReleaseStep::Approve => LocalText::new(
            format!(
                "You have looked at the changes and the evidence, and take responsibility for them: you sign the digest {short}."
            ),
            format!("您已核对变更与试运行依据并对此负责：将对摘要 {short} 签名。"),
        ),
        ReleaseStep::Reject => LocalText::new(
            "The release goes back to its maker and can never go live. A new release is needed.",
            "该发布将驳回给经办人，不能再上线，需要重新生成发布。",
        ),
        ReleaseStep::Withdraw if row.state == ReleaseState::Live => LocalText::new(
            "The release is no longer published. What gateways run now stays until another one is published.",
            "该发布将下线。网关当前运行的规则在下一次上线前保持不变。",
        ),
        ReleaseStep::Withdraw => LocalText::new(
            "The release can no longer be published. What gateways run now stays until another one is published.",
            "该发布将被撤回，不能再上线。网关当前运行的规则在下一次上线前保持不变。",
        ),
        ReleaseStep::Publish => match live {
            Some(live) => LocalText::new(
                format!("This release takes the place of {live}. Gateways load it from the file named here."),
                format!("该发布将取代 {live}。网关从此处指定的文件载入。"),
            ),
            None => LocalText::new(
                "This release goes live: the first one. Gateways load it from the file named here.",
                "该发布将首次上线。网关从此处指定的文件载入。",
            ),
        },
        ReleaseStep::RollBack => LocalText::new(
            format!("A new release is made with the rules of {}. It is approved like any other before it goes live.", row.version),
            format!("将以 {} 的规则生成新的发布，须照常审批后才能上线。", row.version),
        ),
        ReleaseStep::Revoke => LocalText::new(
            format!(
                "No gateway loads {} any more, and one that serves it decides nothing until a newer release is published. This cannot be undone.",
                row.version
            ),
            format!("任何网关不再加载 {}；正在使用它的网关在发布更新的版本之前不作任何决策。此操作不可撤消。", row.version),
        ),
        ReleaseStep::SwitchOff => LocalText::new(
            format!(
                "A new release is made of {} with one rule off and nothing else changed. The policy may ask for fewer approvals of it.",
                row.version
            ),
            format!("将以 {} 生成新的发布：只停用一条规则，其余内容不变。审批策略可对此要求较少的审批。", row.version),
        ),
    }
}

fn confirm(step: ReleaseStep, state: ReleaseState) -> (Glyph, countersign_core::text::StaticText) {
    match step {
        ReleaseStep::Submit => (Glyph::Send, text("Sign and submit", "签名并提交")),
        ReleaseStep::Approve => (Glyph::Signature, text("Sign and approve", "签名并审批")),
        ReleaseStep::Reject => (Glyph::CircleX, text("Reject it", "确认驳回")),
        ReleaseStep::Withdraw if state == ReleaseState::Live => (Glyph::Ban, text("Withdraw it", "确认下线")),
        ReleaseStep::Withdraw => (Glyph::Ban, text("Withdraw it", "确认撤回")),
        ReleaseStep::Publish => (Glyph::Rocket, text("Make it live", "确认上线")),
        ReleaseStep::RollBack => (Glyph::RotateCcw, text("Make the new release", "生成新发布")),
        ReleaseStep::SwitchOff => (Glyph::Ban, text("Make the new release", "生成新发布")),
        ReleaseStep::Revoke => (Glyph::CircleX, text("Sign and revoke", "签名并撤销")),
    }
}

/// What was done, and what remains; whether it is left.
fn success(ui: &mut Ui, row: &ReleaseRow, step: ReleaseStep, done: &LocalText) -> bool {
    modal::body(ui, |ui| {
        let c = colours(ui);
        ui.horizontal(|ui| {
            ui.label(icons::icon(Glyph::BadgeCheck).color(c.success));
            ui.add(Label::new(theme::emphasised(ui, local(ui, done))).wrap());
        });
        if matches!(step, ReleaseStep::Submit | ReleaseStep::Approve) {
            for finding in &row.open {
                sentence(ui, Glyph::CircleAlert, c.warning, &local(ui, &finding.message));
            }
            if row.open.is_empty() {
                ui.label(RichText::new(tr(ui, "It may be published now", "现在可以上线")).color(c.success));
            }
        }
    });
    let mut leave = false;
    modal::buttons(ui, |ui| leave = button::primary(ui, None, say(ui, text("Done", "完成"))).clicked());
    leave || ui.input(|input| input.key_pressed(Key::Enter))
}
