//! The bar at the top: which workspace, what is live, and what concerns the whole window.

use std::path::PathBuf;

use eframe::egui::{Button, Frame, Label, Panel, Popup, RichText, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::panels::welcome::parts;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{badge, button, section};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::text::{Language, StaticText};
use countersign_session::{Action, Command, FileAction, Menu, PreferenceAction, Session, Theme};

pub fn show(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let frame = Frame::new().fill(colours(ui).bar);
    Panel::top("top bar").frame(frame).exact_size(metrics().top_bar).show(ui, |ui| {
        let mut later = Outbox::default();
        let left = |ui: &mut Ui| {
            ui.add_space(space().large);
            ui.label(icons::icon(Glyph::ShieldCheck).color(colours(ui).accent_text));
            what_is_open(ui, session, &mut later);
        };
        section::sides(ui, metrics().top_bar, left, |ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            ui.add_space(space().medium);
            window_wide(ui, session, out);
        });
        later.take_asks().into_iter().for_each(|ask| out.ask(ask));
    });
}

fn what_is_open(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let rules = session.document().rule_set();
    let title = local(ui, &rules.title);
    let name = if title.is_empty() { "Countersign" } else { &title };
    ui.add(Label::new(RichText::new(name).font(theme::title()).color(colours(ui).text_strong)).truncate())
        .on_hover_text(session.document().root().display().to_string());
    if !session.document().is_editable() {
        return;
    }
    if ui.available_width() < metrics().label_column {
        return;
    }
    let c = colours(ui);
    let dirty = session.document().dirty_files();
    let draft = format!("{} {}", tr(ui, "Draft", "草稿"), rules.version);
    let (glyph, colour) = if dirty.is_empty() { (Glyph::FileCheck, c.text_weak) } else { (Glyph::FilePen, c.warning) };
    let response = badge::pill(ui, Some(glyph), &draft, colour, c.hover);
    let shown = if dirty.is_empty() {
        say(ui, text("Everything is saved", "全部已保存")).to_owned()
    } else {
        format!("{}\n{}", say(ui, text("Unsaved", "未保存")), dirty.iter().cloned().collect::<Vec<_>>().join("\n"))
    };
    response.on_hover_text(shown);
    if ui.available_width() > metrics().label_column {
        what_is_live(ui, session, out);
    }
}

/// What the journal says is live; a click leads to the releases.
fn what_is_live(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let (words, from) = if let Some((file, live)) = session.published() {
        let words = format!("{} {} · {}", tr(ui, "Live", "生效中"), live.version(), live.digest().short());
        (words, format!("{file}\n{}", live.digest()))
    } else {
        let words = match (session.live(), language(ui.ctx())) {
            (Some((_, release)), Language::En) => format!("Release {}, not live", release.version()),
            (Some((_, release)), Language::Zh) => format!("发布 {}（未上线）", release.version()),
            (None, _) => say(ui, text("Nothing is live yet", "尚无生效版本")).to_owned(),
        };
        let how = say(ui, text("Export a release, have it approved, and publish it", "请导出发布版本、完成审批后上线"));
        (words, how.to_owned())
    };
    if button::ghost(ui, Some(Glyph::Radio), &words).on_hover_text(from).clicked() {
        out.ask(WindowAction::Releases);
    }
}

fn window_wide(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    command_button(ui, session, out, Command::Export, true);
    command_button(ui, session, out, Command::Save, false);
    ui.add_space(space().small);
    menu(ui, session, out);
    themes(ui, out);
    languages(ui, out);
    for (glyph, command) in [(Glyph::Redo2, Command::Redo), (Glyph::Undo2, Command::Undo)] {
        let label = match command {
            Command::Undo => session.history().undo_label(),
            _ => session.history().redo_label(),
        };
        let label = label.unwrap_or_else(|| command.title());
        let can = session.why_disabled(command).is_none();
        ui.add_enabled_ui(can, |ui| {
            if button::icon(ui, glyph, &local(ui, &label)).clicked() {
                out.ask(WindowAction::Run(command));
            }
        });
    }
    search(ui, out);
}

/// A field that looks like searching and opens the palette.
fn search(ui: &mut Ui, out: &mut Outbox) {
    let c = colours(ui);
    let label = say(ui, text("Search or run a command", "搜索或执行命令"));
    // What is open is on the left of it.
    let room = ui.available_width() - metrics().rules_width - metrics().label_column;
    let width = (metrics().field_width * 2.0).min(room);
    if width < metrics().field_width {
        return;
    }
    let icon = icons::small(Glyph::Search, c.text_weak);
    let item = Button::new((icon, RichText::new(label).color(c.text_weak)))
        .shortcut_text(RichText::new(Command::Palette.keys()).font(theme::small()).color(c.text_weak))
        .fill(c.sunken)
        .stroke(theme::hairline(c.outline))
        .min_size(Vec2::new(width, metrics().field));
    let response = ui.add(item);
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, label));
    if response.clicked() {
        out.ask(WindowAction::Run(Command::Palette));
    }
}

fn command_button(ui: &mut Ui, session: &Session, out: &mut Outbox, command: Command, primary: bool) {
    let why_disabled = session.why_disabled(command);
    let title = command.title();
    let label = local(ui, &title);
    let response = ui.add_enabled_ui(why_disabled.is_none(), |ui| {
        if primary { button::primary(ui, Some(Glyph::PackageCheck), &label) } else { button::plain(ui, Some(Glyph::Save), &label) }
    });
    let response = match &why_disabled {
        Some(why) => response.inner.on_disabled_hover_text(local(ui, why)),
        None => response.inner.on_hover_text(command.keys()),
    };
    if response.clicked() {
        out.ask(WindowAction::Run(command));
    }
}

/// Every command by menu, with its keys.
fn menu(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let response = button::icon(ui, Glyph::Menu, say(ui, text("All commands", "全部命令")));
    Popup::menu(&response).width(1.5 * metrics().field_width).show(|ui| {
        for menu in Menu::ALL {
            ui.menu_button(local(ui, &menu.title()), |ui| {
                for command in Command::ALL.iter().filter(|command| command.menu() == menu) {
                    if *command == Command::Save {
                        recent_menus(ui, session, out);
                        section::rule(ui);
                    }
                    item(ui, session, *command, out);
                }
            });
        }
        section::rule(ui);
        if ui.add(Button::new(say(ui, text("Preferences…", "偏好设置…")))).clicked() {
            out.ask(WindowAction::Preferences);
            ui.close();
        }
    });
}

fn item(ui: &mut Ui, session: &Session, command: Command, out: &mut Outbox) {
    let title = command.title();
    let why_disabled = session.why_disabled(command);
    let response = ui.add_enabled_ui(why_disabled.is_none(), |ui| button::menu_item(ui, &local(ui, &title), command.keys())).inner;
    if response.clicked() {
        out.ask(WindowAction::Run(command));
        ui.close();
    }
    if let Some(why) = why_disabled {
        response.on_disabled_hover_text(local(ui, &why));
    }
}

fn themes(ui: &mut Ui, out: &mut Outbox) {
    let is_dark = ui.visuals().dark_mode;
    let (glyph, label, other) = if is_dark {
        (Glyph::Sun, text("Light theme", "浅色主题"), Theme::Light)
    } else {
        (Glyph::Moon, text("Dark theme", "深色主题"), Theme::Dark)
    };
    if button::icon(ui, glyph, say(ui, label)).clicked() {
        out.push(Action::Prefer(PreferenceAction::Theme(other)));
    }
}

fn languages(ui: &mut Ui, out: &mut Outbox) {
    let (shown, other) = match language(ui.ctx()) {
        Language::En => ("中文", Language::Zh),
        Language::Zh => ("English", Language::En),
    };
    if button::ghost(ui, Some(Glyph::Languages), shown).clicked() {
        out.push(Action::Prefer(PreferenceAction::Language(other)));
    }
}

fn recent_menus(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let known = session.preferences();
    let open = FileAction::OpenWorkspace;
    recent_menu(ui, text("Recent workspaces", "最近的工作区"), &known.recent_workspaces, open, out);
    if session.document().is_editable() {
        let open = |path| FileAction::OpenRequests { path, mapping: None };
        recent_menu(ui, text("Recent request files", "最近的请求文件"), &known.recent_requests, open, out);
    }
}

fn recent_menu(ui: &mut Ui, title: StaticText, known: &[PathBuf], open: impl Fn(PathBuf) -> FileAction, out: &mut Outbox) {
    if known.is_empty() {
        return;
    }
    ui.menu_button(say(ui, title), |ui| {
        for path in known {
            let (name, folder) = parts(path);
            let response = button::menu_item(ui, &name, &folder).on_hover_text(path.display().to_string());
            if response.clicked() {
                out.push(Action::File(open(path.clone())));
                ui.close();
            }
        }
    });
}
