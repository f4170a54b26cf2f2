//! The interfaces with their figures; each can be closed, and its load given to another.

use eframe::egui::{Color32, ComboBox, RichText, Role, Ui, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics};
use crate::gui::widgets::table::{DataTable, TableColumn, TableContent, line};
use crate::gui::words::{language, say, text, tr};
use countersign_core::model::InterfaceId;
use countersign_session::views::figures;
use countersign_session::views::loads::{LoadRow, Loads};
use countersign_session::{Action, WhatIf};

pub fn show(
    ui: &mut Ui,
    table: &mut DataTable,
    loads: &Loads,
    what_if: &WhatIf,
    chosen: &mut Option<InterfaceId>,
    out: &mut Outbox,
) {
    let columns = columns(ui);
    let mut asked = None;
    let mut cell = |ui: &mut Ui, row: usize, column: usize| {
        if let Some(row) = loads.rows.get(row)
            && let Some(wanted) = show_cell(ui, loads, row, column, what_if)
        {
            asked = Some(wanted);
        }
    };
    let mut content = TableContent {
        name: "interfaces",
        label: say(ui, text("Interfaces", "接口")),
        columns: &columns,
        rows: loads.rows.len(),
        chosen: chosen.as_ref().and_then(|id| loads.rows.iter().position(|row| row.id == *id)),
        sorted: None,
        cell: &mut cell,
        menu: None,
    };
    let answer = table.show(ui, &mut content);
    if let Some(row) = answer.choose.and_then(|at| loads.rows.get(at)) {
        *chosen = Some(row.id.clone());
    }
    if let Some(what_if) = asked {
        out.push(Action::WhatIf(what_if));
    }
}

fn columns(ui: &Ui) -> Vec<TableColumn> {
    let m = metrics();
    let number = |title, hover, width| TableColumn::number(say(ui, title), width).hover(say(ui, hover));
    vec![
        TableColumn::text(say(ui, text("Interface", "接口")), m.label_column),
        TableColumn::text(say(ui, text("Open", "开放")), m.field_width + m.hit_bar / 2.0),
        number(text("Requests", "请求数"), text("Sent there by the draft", "草稿路由至此的请求"), m.hit_bar * 1.8),
        number(text("Capacity/s", "容量/秒"), text("What it carries in a second", "每秒可承载的请求数"), m.hit_bar * 1.8),
        number(text("Peak/s", "峰值/秒"), text("Requests in the busiest second", "最繁忙一秒的请求数"), m.hit_bar * 1.5),
        number(text("Load", "负载"), text("The busiest second against the capacity", "峰值占容量的比例"), m.hit_bar * 1.7),
        number(text("Seconds over", "超限秒数"), text("Seconds with more than the capacity", "超出容量的秒数"), m.hit_bar * 2.3),
        number(text("Requests over", "超限请求"), text("Requests above the capacity", "超出容量的请求数"), m.hit_bar * 2.5),
    ]
}

fn show_cell(ui: &mut Ui, loads: &Loads, row: &LoadRow, column: usize, what_if: &WhatIf) -> Option<WhatIf> {
    let c = colours(ui);
    let dash = || "–".to_owned();
    let is_over = row.seconds_over > Some(0);
    let shown = match column {
        0 => row.title.get(language(ui.ctx())).to_owned(),
        1 => return open_cell(ui, loads, row, what_if),
        2 => figures::count(row.requests),
        3 => row.capacity.map_or_else(dash, figures::count),
        4 => figures::count(row.peak),
        5 => row.capacity.map_or_else(dash, |capacity| figures::share(row.peak, u64::from(capacity))),
        6 => row.seconds_over.map_or_else(dash, figures::count),
        _ => row.requests_over.map_or_else(dash, figures::count),
    };
    if column == 0 {
        // The colour of its line in the chart.
        let at = loads.rows.iter().position(|held| held.id == row.id).unwrap_or(0);
        let ink = if row.requests > 0 { c.series(at) } else { Color32::TRANSPARENT };
        ui.label(icons::small(Glyph::Minus, ink));
    }
    let response = if is_over && column >= 4 {
        ui.label(RichText::new(shown).font(theme::strong()).color(c.warning))
    } else if row.is_closed {
        ui.label(RichText::new(shown).color(c.text_weak))
    } else {
        line(ui, &shown)
    };
    if let (4 | 5, Some(at)) = (column, &row.peak_at) {
        response.on_hover_text(format!("{} {at}", tr(ui, "at", "时间")));
    }
    None
}

/// The switch, and who takes the load of a closed one.
fn open_cell(ui: &mut Ui, loads: &Loads, row: &LoadRow, what_if: &WhatIf) -> Option<WhatIf> {
    let title = row.title.get(language(ui.ctx())).to_owned();
    let mut closed = what_if.closed.clone();
    let mut is_open = !row.is_closed;
    let others: Vec<&LoadRow> = loads.rows.iter().filter(|other| other.id != row.id).collect();
    let label = format!("{}: {title}", say(ui, text("Open", "开放")));
    let tick = ui.add_enabled(!others.is_empty(), eframe::egui::Checkbox::without_text(&mut is_open));
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_open, &label));
    if tick.changed() {
        if is_open {
            closed.remove(&row.id);
        } else {
            // The one that is open and carries most takes it.
            let taker = others.iter().filter(|other| !other.is_closed).max_by_key(|other| other.capacity).or(others.first());
            if let Some(taker) = taker {
                closed.insert(row.id.clone(), taker.id.clone());
            }
        }
    }
    if let Some(taker) = closed.get(&row.id).filter(|_| row.is_closed).cloned() {
        let mut chosen = taker.clone();
        let known = loads.rows.iter().find(|row| row.id == taker);
        let shown = format!("→ {}", known.map_or(taker.as_str(), |row| row.title.get(language(ui.ctx()))));
        let combo = ComboBox::from_id_salt(("taker", row.id.as_str())).selected_text(shown).width(ui.available_width());
        let response = combo.show_ui(ui, |ui| {
            for other in &others {
                ui.selectable_value(&mut chosen, other.id.clone(), other.title.get(language(ui.ctx())));
            }
        });
        let label = format!("{title}: {}", say(ui, text("load goes to", "负载转至")));
        let _ = response.response.accessible_name(&label);
        closed.insert(row.id.clone(), chosen);
    }
    (closed != what_if.closed).then(|| WhatIf { closed, ..what_if.clone() })
}
