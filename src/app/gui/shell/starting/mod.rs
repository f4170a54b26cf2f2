//! A workspace being made: its folder, a request file, the fields its columns become, the first rule.

mod fields;

use eframe::egui::{ComboBox, Context, Label, RichText, ScrollArea, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::panels::path_field::{PathField, PathPurpose};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, modal, section};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::Zone;
use countersign_core::text::{Language, LocalText, StaticText};
use countersign_session::views::figures;
use countersign_session::{Action, ColumnRole, JobKind, NewWorkspace, Session, StartAction};

#[derive(Default)]
pub struct NewWorkspaceDialog {
    file: PathField,
    fields: fields::NewFields,
}

impl NewWorkspaceDialog {
    /// Shows the dialog while a workspace is being made.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let Some(starting) = session.new_workspace() else { return };
        let title = text("New workspace", "新建工作区").get(language(ctx));
        let mut done = None;
        let width = metrics().dialog_width * if starting.file.is_some() { 2.2 } else { 1.2 };
        let stays = modal::show(ctx, "new workspace", title, width, |ui| {
            let obstacles = starting.obstacles();
            modal::body(ui, |ui| self.body(ui, session, (starting, &obstacles), out));
            modal::buttons(ui, |ui| {
                let words = text("Create and run", "创建并试运行");
                let create = ui.add_enabled_ui(obstacles.is_empty(), |ui| button::primary(ui, None, say(ui, words)));
                let cancel = button::plain(ui, None, say(ui, text("Cancel", "取消"))).clicked();
                let is_answered = create.inner.clicked() || cancel;
                done = is_answered.then(|| create.inner.clicked());
                ui.label(theme::weak(ui, say(ui, text("Nothing is written before you save", "保存之前不会写入任何文件"))));
            });
        });
        match done {
            Some(true) => out.push(Action::Start(StartAction::Create)),
            _ if done.is_some() || !stays => out.push(Action::Start(StartAction::Cancel)),
            _ => {}
        }
    }

    fn body(&mut self, ui: &mut Ui, session: &Session, (starting, obstacles): (&NewWorkspace, &[LocalText]), out: &mut Outbox) {
        self.source(ui, session, starting, out);
        if starting.file.is_none() {
            return;
        }
        self.fields.show(ui, starting, out);
        ui.add_space(space().small);
        parts(ui, starting, out);
        section::rule(ui);
        first_rule(ui, starting, out);
        for obstacle in obstacles.iter().take(3) {
            let c = colours(ui);
            ui.horizontal(|ui| {
                ui.label(icons::small(Glyph::CircleX, c.error));
                ui.label(RichText::new(local(ui, obstacle)).color(c.error));
            });
        }
    }

    /// The folder, and the file the fields come from.
    fn source(&mut self, ui: &mut Ui, session: &Session, starting: &NewWorkspace, out: &mut Outbox) {
        section::property(ui, say(ui, text("Folder", "文件夹")), |ui| {
            ui.add(Label::new(theme::emphasised(ui, starting.root.display().to_string())).truncate());
        });
        section::property(ui, say(ui, text("Request file", "请求文件")), |ui| {
            if let Some(file) = &starting.file {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let rows = figures::count(starting.first.rows.len());
                let words = match language(ui.ctx()) {
                    Language::En => format!("first {rows} rows looked at"),
                    Language::Zh => format!("已读取前 {rows} 行"),
                };
                ui.label(theme::emphasised(ui, &name));
                ui.label(theme::weak(ui, words));
            }
            if let Some(path) = self.file.inline(ui, PathPurpose::Opening, text("Take its columns", "读取其列"), "requests.csv")
            {
                out.push(Action::Start(StartAction::From(path)));
            }
            if session.underway().any(|(kind, _)| kind == JobKind::FirstRows) {
                ui.spinner();
            }
        });
        if starting.file.is_none() {
            ui.add_space(space().small);
            let words = text(
                "The fields of a request are taken from the columns of a file: CSV with a header, JSON, Parquet or Excel. You correct them in the next step.",
                "请求的字段取自文件的列：带表头的 CSV、JSON、Parquet 或 Excel。下一步可逐项修正。",
            );
            ui.add(Label::new(theme::weak(ui, say(ui, words))).wrap());
        }
    }
}

fn parts(ui: &mut Ui, starting: &NewWorkspace, out: &mut Outbox) {
    ui.horizontal_wrapped(|ui| {
        for part in ColumnRole::ALL {
            let name = part_name(part);
            let label = say(ui, name);
            ui.label(theme::weak(ui, label));
            let held = starting.field_of(part).map(|field| field.name.clone());
            let can_be_none = !part.is_required() || part == ColumnRole::Key;
            let is_none = if part == ColumnRole::Key { starting.is_numbered() } else { held.is_none() };
            let nothing = if is_none && part == ColumnRole::Key {
                say(ui, NUMBER)
            } else if part.is_required() {
                say(ui, text("– choose –", "– 请选择 –"))
            } else {
                say(ui, text("– none –", "– 无 –"))
            };
            let combo = ComboBox::from_id_salt(("part", part)).selected_text(held.as_deref().unwrap_or(nothing));
            let response = combo.width(metrics().field_width * 1.2).height(metrics().popup_height).show_ui(ui, |ui| {
                let words = if part == ColumnRole::Key { say(ui, NUMBER) } else { nothing };
                if can_be_none && ui.selectable_label(is_none, words).clicked() {
                    out.push(Action::Start(StartAction::Part(part, None)));
                }
                for (at, field) in starting.fields.iter().enumerate().filter(|(_, field)| part.fits(field)) {
                    if ui.selectable_label(held.as_ref() == Some(&field.name), &field.name).clicked() {
                        out.push(Action::Start(StartAction::Part(part, Some(at))));
                    }
                }
            });
            let _ = response.response.accessible_name(label);
            ui.add_space(space().medium);
        }
    });
    zone(ui, starting, out);
}

/// In which offset times are, which a file often does not say.
fn zone(ui: &mut Ui, starting: &NewWorkspace, out: &mut Outbox) {
    let label = say(ui, text("Time zone", "时区"));
    section::property(ui, label, |ui| {
        let combo = ComboBox::from_id_salt("zone").selected_text(starting.zone.to_string()).width(metrics().field_width * 1.2);
        let response = combo.height(metrics().popup_height).show_ui(ui, |ui| {
            for zone in zones() {
                if ui.selectable_label(starting.zone == zone, zone.to_string()).clicked() {
                    out.push(Action::Start(StartAction::Zone(zone)));
                }
            }
        });
        let _ = response.response.accessible_name(label);
        let words = if starting.is_zone_seen {
            text("Suggested by the times of the file", "根据文件中的时间建议")
        } else {
            text("The times of the file carry no offset: which one do they mean?", "文件中的时间不带时区，请确认其时区")
        };
        ui.label(theme::weak(ui, say(ui, words)));
    });
}

/// The offsets in use, from west to east.
fn zones() -> impl Iterator<Item = Zone> {
    (-48..=56)
        .filter(|quarters| quarters % 4 == 0 || [-38, -14, 14, 18, 22, 23, 26, 35, 38, 42, 51].contains(quarters))
        .filter_map(|quarters: i32| Zone::from_seconds(quarters * 900))
}

/// What the key is when no field is.
const NUMBER: StaticText = text("Row number", "行号");

fn part_name(part: ColumnRole) -> StaticText {
    match part {
        ColumnRole::Key => text("Key", "主键"),
        ColumnRole::Time => text("Time", "时间"),
        ColumnRole::Amount => text("Amount", "金额"),
        ColumnRole::Customer => text("Customer", "客户"),
        ColumnRole::Label => text("Fraud label", "欺诈标签"),
    }
}

/// The template of the first rule, with its script.
fn first_rule(ui: &mut Ui, starting: &NewWorkspace, out: &mut Outbox) {
    let chosen = starting.first_rule();
    section::property(ui, say(ui, text("First rule", "首条规则")), |ui| {
        let label = say(ui, text("Template of the first rule", "首条规则的模板"));
        let shown = chosen.as_ref().map_or("", |(template, _)| say(ui, template.title));
        let combo = ComboBox::from_id_salt("first rule").selected_text(shown).width(metrics().rules_width);
        let response = combo.show_ui(ui, |ui| {
            for (template, _) in starting.templates() {
                let is_chosen = chosen.as_ref().is_some_and(|(held, _)| held.id == template.id);
                if ui.selectable_label(is_chosen, say(ui, template.title)).clicked() {
                    out.push(Action::Start(StartAction::Template(template.id.to_owned())));
                }
            }
        });
        let _ = response.response.accessible_name(label);
    });
    if let Some((_, script)) = chosen {
        ScrollArea::vertical().max_height(metrics().row * 4.0).id_salt("first script").show(ui, |ui| {
            let words = RichText::new(script.trim_end()).font(theme::code()).color(colours(ui).text_weak);
            ui.horizontal(|ui| {
                ui.add_space(space().medium);
                ui.add(Label::new(words));
            });
        });
    }
}
