//! The choice of a key: a file with its passphrase, or one that the running agent holds.

use std::path::PathBuf;

use eframe::egui::{Key, Label, RichText, Ui};

use super::dialog::refusals;
use crate::gui::dialogs::FileDialog;
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::panels::path_field::{self, PathPurpose};
use crate::gui::theme::{self, colours, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::secret::secret;
use crate::gui::widgets::{button, section};
use crate::gui::words::{say, text, tr};
use countersign_session::{Action, KeyChoice, Passphrase, ReleaseAction, Session};
use countersign_workspace::lifecycle::KnownKey;

#[derive(Default)]
pub struct KeyPicker {
    uses_agent: bool,
    path: String,
    dialog: FileDialog,
    passphrase: Passphrase,
    fingerprint: String,
    /// The path that was looked at last.
    looked: String,
    asked: bool,
    /// Whether Enter was pressed after the passphrase.
    is_entered: bool,
}

impl KeyPicker {
    /// Shows the choice; the key that would sign, where one is chosen.
    pub fn show<'s>(&mut self, ui: &mut Ui, session: &'s Session, out: &mut Outbox) -> Option<&'s KnownKey> {
        section::property(ui, say(ui, text("Key", "密钥")), |ui| {
            ui.spacing_mut().item_spacing.x = space().large;
            for (agent, words) in [(false, text("From a file", "来自文件")), (true, text("From the ssh-agent", "来自 ssh-agent"))]
            {
                if ui.radio(self.uses_agent == agent, say(ui, words)).clicked() {
                    self.uses_agent = agent;
                }
            }
        });
        self.is_entered = false;
        if self.uses_agent { self.of_agent(ui, session, out) } else { self.of_file(ui, session, out) }
    }

    fn of_file<'s>(&mut self, ui: &mut Ui, session: &'s Session, out: &mut Outbox) -> Option<&'s KnownKey> {
        let place = (&mut self.path, &mut self.dialog);
        if path_field::line(ui, text("Key file", "密钥文件"), place, (PathPurpose::Opening, "~/.ssh/id_ed25519", "")) {
            self.look(out);
        }
        let (path, found) = session.keys().file.as_ref()?;
        if path.as_path() != expanded(&self.looked) {
            return None;
        }
        let key = match found {
            Ok(key) => key,
            Err(findings) => {
                refusals(ui, findings);
                return None;
            }
        };
        if key.is_encrypted {
            let label = say(ui, text("Passphrase", "口令"));
            section::property(ui, label, |ui| {
                let width = ui.available_width();
                let typed = secret(ui, &mut self.passphrase.0, label, width);
                self.is_entered = typed.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            });
        }
        whose(ui, key);
        Some(key)
    }

    fn look(&mut self, out: &mut Outbox) {
        let path = self.path.trim();
        if !path.is_empty() && path != self.looked {
            path.clone_into(&mut self.looked);
            self.passphrase = Passphrase::default();
            out.push(Action::Release(ReleaseAction::ReadKey(expanded(path))));
        }
    }

    fn of_agent<'s>(&mut self, ui: &mut Ui, session: &'s Session, out: &mut Outbox) -> Option<&'s KnownKey> {
        if !std::mem::replace(&mut self.asked, true) {
            out.push(Action::Release(ReleaseAction::ListKeys));
        }
        let keys = match session.keys().agent.as_ref()? {
            Ok(keys) => keys,
            Err(findings) => {
                refusals(ui, findings);
                section::property(ui, "", |ui| {
                    if button::plain(ui, None, say(ui, text("Ask again", "重新询问"))).clicked() {
                        self.asked = false;
                    }
                });
                return None;
            }
        };
        if keys.is_empty() {
            let words = tr(ui, "The agent holds no key: load one with “ssh-add”", "ssh-agent 中没有密钥：请用 “ssh-add” 载入");
            section::remark(ui, Glyph::Info, words);
        }
        for key in keys {
            let (glyph, colour) = (Glyph::KeyRound, colours(ui).text_weak);
            let who = names(ui, key);
            let is_chosen = key.identity.fingerprint == self.fingerprint;
            let hint = format!("{} · {}", key.comment, key.identity.fingerprint);
            if ListRow::new(&who).icon(glyph, colour).hint(&hint).selected(is_chosen).show(ui).clicked() {
                self.fingerprint.clone_from(&key.identity.fingerprint);
            }
        }
        keys.iter().find(|key| key.identity.fingerprint == self.fingerprint)
    }

    /// Whether the passphrase was typed to its end.
    pub fn is_entered(&self) -> bool {
        self.is_entered
    }

    /// Whether all that the key needs is there.
    pub fn is_ready(&self, key: &KnownKey) -> bool {
        !key.is_encrypted || !self.passphrase.0.is_empty()
    }

    /// The key to sign with. The passphrase goes with it: nothing of it stays here.
    pub fn take(&mut self) -> KeyChoice {
        if self.uses_agent {
            KeyChoice::Agent(self.fingerprint.clone())
        } else {
            KeyChoice::File(expanded(&self.looked), std::mem::take(&mut self.passphrase))
        }
    }

    /// The same choice for the next time, without what is secret.
    pub fn again(&self) -> Self {
        Self { uses_agent: self.uses_agent, path: self.path.clone(), fingerprint: self.fingerprint.clone(), ..Self::default() }
    }

    /// Looks at what was chosen the last time.
    pub fn begin(&mut self, out: &mut Outbox) {
        self.look(out);
    }
}

/// `~` at the start is the home folder, as in a shell.
fn expanded(path: &str) -> PathBuf {
    let home = || std::env::var_os("HOME").map(PathBuf::from);
    let inside = path.strip_prefix("~/").and_then(|rest| home().map(|home| home.join(rest)));
    inside.unwrap_or_else(|| PathBuf::from(path))
}

fn names(ui: &Ui, key: &KnownKey) -> String {
    if key.identity.principals.is_empty() {
        return tr(ui, "listed for nobody", "未登记在任何人名下").to_owned();
    }
    key.identity.principals.join(", ")
}

fn whose(ui: &mut Ui, key: &KnownKey) {
    let (names, c) = (names(ui, key), colours(ui));
    let colour = if key.identity.principals.is_empty() { c.error } else { c.text };
    section::property(ui, say(ui, text("Listed for", "登记人")), |ui| {
        ui.add(Label::new(RichText::new(names).color(colour)).truncate());
        ui.add(Label::new(theme::weak(ui, &key.identity.fingerprint)).truncate());
    });
}
