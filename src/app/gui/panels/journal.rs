//! The journal: who did what to which release, when and why, and whether the chain of its lines holds.

use std::collections::BTreeMap;

use eframe::egui::{ComboBox, Label, RichText, Ui};

use super::path_field::{PathField, PathPurpose};
use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::table::{DataTable, TableColumn, TableContent};
use crate::gui::widgets::{button, field, section, state};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::diagnostic::Severity;
use countersign_core::text::{Cells, Language};
use countersign_session::jobs::Freshness;
use countersign_session::{Action, FileAction, ReleaseAction, ReleaseList, Session};
use countersign_workspace::journal::{
    EntryProof, EntryProofs, Journal as Lines, JournalAction, JournalFilter, JournalLine, csv, json, time,
};

#[derive(Default)]
pub struct JournalPanel {
    who: String,
    what: Option<JournalAction>,
    release: String,
    since: String,
    until: String,
    chosen: Option<usize>,
    table: DataTable,
    csv: PathField,
    json: PathField,
}

impl JournalPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let shown = session.releases();
        let Some(all) = shown.value else {
            return unread(ui, &shown.status);
        };
        let filter = self.filter();
        let lines: Vec<&JournalLine> = all.journal.lines.iter().filter(|line| filter.takes(&line.record)).collect();
        self.head(ui, all, &lines, out);
        self.filters(ui);
        section::rule(ui);
        if !all.journal.lines.is_empty() || !all.journal.findings.is_empty() {
            chain(ui, &all.journal);
        }
        if all.journal.lines.is_empty() {
            let title = say(ui, text("Nothing is noted yet", "尚无记录"));
            let hint = text("Releases are noted from their export on: Ctrl+E", "发布自导出起即留痕：Ctrl+E");
            return state::empty(ui, Glyph::ScrollText, title, say(ui, hint));
        }
        if lines.is_empty() {
            let title = say(ui, text("No entry fits", "没有匹配的记录"));
            return state::empty(
                ui,
                Glyph::SearchX,
                title,
                say(ui, text("Empty the fields above to see all", "清空上方条件可查看全部")),
            );
        }
        self.rows(ui, all, &lines, out);
    }

    fn filter(&self) -> JournalFilter {
        let who = self.who.trim();
        let who = if who.is_empty() || who.contains(['*', '?']) { who.to_owned() } else { format!("*{who}*") };
        let release = self.release.trim().to_owned();
        JournalFilter { who, what: self.what, release, since: time(self.since.trim()), until: time(self.until.trim()) }
    }

    fn head(&mut self, ui: &mut Ui, all: &ReleaseList, lines: &[&JournalLine], out: &mut Outbox) {
        let count = all.journal.lines.len();
        let title = match (language(ui.ctx()), lines.len() == count) {
            (Language::En, true) => format!("{count} entries"),
            (Language::En, false) => format!("{} of {count} entries", lines.len()),
            (Language::Zh, true) => format!("{count} 条记录"),
            (Language::Zh, false) => format!("{count} 条记录中的 {} 条", lines.len()),
        };
        section::header(ui, &title, |ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            let response = button::ghost(ui, Some(Glyph::Download), "JSON");
            if let Some(path) = self.json.show(&response, PathPurpose::Saving, text("Write", "写出"), "journal.json") {
                out.push(Action::File(FileAction::Write { path, bytes: json(lines).into_bytes() }));
            }
            let response = button::ghost(ui, Some(Glyph::Download), "CSV");
            if let Some(path) = self.csv.show(&response, PathPurpose::Saving, text("Write", "写出"), "journal.csv") {
                out.push(Action::File(FileAction::Write { path, bytes: csv(lines, Cells::Guarded).into_bytes() }));
            }
            if button::ghost(ui, Some(Glyph::Copy), say(ui, text("Copy these entries", "复制这些记录"))).clicked() {
                out.ask(WindowAction::Copy(csv(lines, Cells::Guarded)));
            }
        });
    }

    fn filters(&mut self, ui: &mut Ui) {
        let width = metrics().field_width * 1.3;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            ui.add_space(space().medium);
            let label = say(ui, text("Who", "人员"));
            field::text(ui, &mut self.who, label, label, width);
            self.actions(ui);
            let label = say(ui, text("Version or digest", "版本或摘要"));
            field::text(ui, &mut self.release, label, label, width);
            for (value, words) in [
                (&mut self.since, text("Since: 2014-03-24", "起：2014-03-24")),
                (&mut self.until, text("Until: 2014-04-01", "止：2014-04-01")),
            ] {
                let label = say(ui, words);
                field::text(ui, value, label, label, width);
                if !value.trim().is_empty() && time(value.trim()).is_none() {
                    let words = tr(ui, "no date", "不是日期");
                    ui.label(RichText::new(words).font(theme::small()).color(colours(ui).error));
                }
            }
        });
        ui.add_space(space().small);
    }

    fn actions(&mut self, ui: &mut Ui) {
        let all = say(ui, text("Everything", "全部操作"));
        let shown = self.what.map_or(all, |what| say(ui, what.text()));
        let combo = ComboBox::from_id_salt("what").selected_text(shown).width(metrics().field_width).show_ui(ui, |ui| {
            ui.selectable_value(&mut self.what, None, all);
            for what in JournalAction::ALL {
                let word = say(ui, what.text());
                ui.selectable_value(&mut self.what, Some(what), word);
            }
        });
        let _ = combo.response.accessible_name(say(ui, text("What", "操作")));
    }

    fn rows(&mut self, ui: &mut Ui, all: &ReleaseList, lines: &[&JournalLine], out: &mut Outbox) {
        // The newest first, as people ask for it.
        let at = |row: usize| lines.len().checked_sub(row + 1).and_then(|at| lines.get(at));
        let width = metrics().field_width;
        let columns = [
            TableColumn::number(tr(ui, "Line", "行"), width / 2.5),
            TableColumn::text(tr(ui, "When", "时间"), width * 1.9),
            TableColumn::text(tr(ui, "Who", "人员"), width * 1.7),
            TableColumn::text(tr(ui, "What", "操作"), width * 0.8),
            TableColumn::text(tr(ui, "Role", "角色"), width * 1.1),
            TableColumn::text(tr(ui, "Version", "版本"), width),
            TableColumn::text(tr(ui, "From → to", "前后摘要"), width * 1.9),
            TableColumn::text(tr(ui, "Signed", "签名"), width * 1.3),
            TableColumn::text(tr(ui, "Comment", "备注"), width * 2.5),
        ];
        let mut proofs = EntryProofs::default();
        let proof: BTreeMap<usize, EntryProof> = all.journal.lines.iter().map(|line| (line.number, proofs.next(line))).collect();
        let mut show = |ui: &mut Ui, row: usize, column: usize| {
            let Some(line) = at(row) else { return };
            cell(ui, line, proof.get(&line.number).copied(), column);
        };
        let mut content = TableContent {
            name: "journal",
            label: say(ui, text("Entries of the journal", "审计日志记录")),
            columns: &columns,
            rows: lines.len(),
            chosen: self.chosen,
            sorted: None,
            cell: &mut show,
            menu: None,
        };
        let answer = self.table.show(ui, &mut content);
        if answer.choose.is_some() {
            self.chosen = answer.choose;
        }
        let chosen = self.chosen.and_then(at);
        if let Some(line) = chosen.filter(|_| answer.copy) {
            out.ask(WindowAction::Copy(csv(&[line], Cells::Guarded)));
        }
        let row = answer.open.and_then(at).and_then(|line| all.row(line.record.to?));
        if let Some(row) = row {
            out.push(Action::Release(ReleaseAction::Select(row.digest)));
            out.ask(WindowAction::Releases);
        }
    }
}

/// Nothing was read yet, and why.
fn unread(ui: &mut Ui, status: &Freshness) {
    match status {
        Freshness::Failed(why) => {
            state::error(ui, say(ui, text("The journal cannot be read", "无法读取审计日志")), &local(ui, why));
        }
        _ => state::loading(ui, say(ui, text("The journal is being read", "正在读取审计日志")), None),
    }
}

fn cell(ui: &mut Ui, line: &JournalLine, proof: Option<EntryProof>, column: usize) {
    let record = &line.record;
    let short = |digest: Option<countersign_core::release::Digest>| {
        digest.map_or_else(|| "–".to_owned(), countersign_core::release::Digest::short)
    };
    let words = match column {
        0 => line.number.to_string(),
        1 => record.at.to_string().replacen('T', " ", 1),
        2 => record.who.clone(),
        3 => say(ui, record.what.text()).to_owned(),
        4 => record.role.clone(),
        5 => record.version.clone(),
        6 if record.from.is_none() => short(record.to),
        6 => format!("{} → {}", short(record.from), short(record.to)),
        7 => proof.map(|proof| say(ui, proof.text()).to_owned()).unwrap_or_default(),
        _ => record.comment.replace(char::is_control, " "),
    };
    let hover = match column {
        6 => format!(
            "{}\n→ {}",
            record.from.map(|from| from.to_string()).unwrap_or_default(),
            record.to.map(|to| to.to_string()).unwrap_or_default()
        ),
        _ => String::new(),
    };
    let shown = ui.add(Label::new(words).truncate().selectable(false));
    if !hover.is_empty() {
        shown.on_hover_text(hover);
    }
}

/// Whether the chain holds, and where not.
fn chain(ui: &mut Ui, journal: &Lines) {
    let c = colours(ui);
    if journal.findings.is_empty() {
        let words = tr(ui, "The chain holds: each entry names the one before it", "审计日志链完整：每条记录均与前一条衔接");
        return state::banner(ui, Glyph::Link, c.success, c.accept_soft, words);
    }
    for finding in &journal.findings {
        let at = finding.span.and_then(|span| Some(journal.sources.get(span.source)?.line_column(span.start).line));
        let place = match (at, language(ui.ctx())) {
            (Some(line), Language::En) => format!("line {line}: "),
            (Some(line), Language::Zh) => format!("第 {line} 行："),
            (None, _) => String::new(),
        };
        let help = finding.help.as_ref().map(|help| format!("; {}", local(ui, &help.in_window()))).unwrap_or_default();
        let words = format!("{place}{}{help}", local(ui, &finding.message));
        match finding.severity {
            Severity::Error => state::banner(ui, Glyph::Unlink, c.error, c.decline_soft, &words),
            Severity::Warning | Severity::Note => state::banner(ui, Glyph::TriangleAlert, c.warning, c.refer_soft, &words),
        }
    }
}
