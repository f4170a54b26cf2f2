//! Load per interface: a drawing with the capacity for each, the figures, and who sent requests there.

use super::Section;
use super::chart::{drawing, length, line, rect, step};
use super::parts::{figures, lead, n, narrow, note, table, td, words};
use super::text::{at, both, cell, count, drawn, escape, plain_time, say};
use crate::figures::{InterfaceLoad, Load, Peak, Summary, Traffic};
use countersign_core::model::{Timestamp, Zone};

const WIDTH: f64 = 486.0;
const HEIGHT: f64 = 156.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 132.0;

pub(super) fn load(summary: &Summary) -> Section {
    let load = &summary.load;
    let mut body = lead(
        "Where the decisions send requests, second by second. A declined request loads no interface. The figures are those of the file \
         as it stands: a sample of one request in ten shows a tenth of the load.",
        "决策将请求送往各接口的逐秒负载。被拒绝的请求不占用接口。数字按样本文件原样统计：若样本为十分之一抽样，则负载亦为实际的十分之一。",
    );
    let busy = || load.interfaces.iter().filter(|interface| interface.routed.requests > 0);
    body.push_str("<div class=\"pair\">\n");
    body.extend(busy().map(|interface| panel(load, interface)));
    body.push_str("</div>\n");
    let length = bin_length(load.bin_seconds);
    body.push_str(&note(
        &format!("Each column is the busiest second within {}. Red columns are over the capacity.", length.0),
        &format!("每个柱表示{}内最繁忙的一秒；红色柱表示超出容量。", length.1),
    ));
    body.push_str(&lines(load, summary.has.arriving));
    body.push_str(&senders(load));
    body.push_str(&elsewhere(load));
    Section::new("load", "Interfaces and load", "接口与负载", body)
}

fn bin_length(seconds: u64) -> (String, String) {
    let units = [(86_400, "day", "天"), (3_600, "hour", "小时"), (60, "minute", "分钟"), (1, "second", "秒")];
    let found = units.into_iter().find(|(length, ..)| seconds.is_multiple_of(*length));
    let (length, en, zh) = found.unwrap_or((1, "second", "秒"));
    let number = seconds / length;
    let plural = if number == 1 { "" } else { "s" };
    (format!("{number} {en}{plural}"), format!(" {number} {zh}"))
}

fn panel(load: &Load, interface: &InterfaceLoad) -> String {
    let capacity = interface.capacity_per_second.map(u64::from);
    let (en, zh) = match capacity {
        Some(capacity) => (format!("capacity {} a second", count(capacity)), format!("容量每秒 {} 笔", count(capacity))),
        None => ("capacity unknown".to_owned(), "容量未知".to_owned()),
    };
    let name = format!("{} <span class=\"tag\">{}</span>", both(&interface.title), say(&en, &zh));
    format!("<div class=\"panel\"><h3>{name}</h3>\n{}</div>\n", chart(load, interface, capacity))
}

fn chart(load: &Load, interface: &InterfaceLoad, capacity: Option<u64>) -> String {
    let columns = &interface.routed.peak_per_bin;
    let peak = columns.iter().copied().max().unwrap_or_default();
    // A capacity far above the load would press the columns flat: it is then named at the top instead of drawn to scale.
    let drawn_capacity = capacity.filter(|capacity| *capacity <= peak.saturating_mul(5));
    let most = peak.max(drawn_capacity.unwrap_or_default()).max(1);
    let y = |requests: u64| BOTTOM - length(requests) / length(most) * (BOTTOM - TOP);
    let mut body = String::new();
    let step = step(most, 4);
    for mark in (0..=most / step).map(|at| at * step) {
        body.push_str(&line("grid", (LEFT, y(mark)), (WIDTH, y(mark))));
        body.push_str(&drawn(&at(LEFT - 6.0), &at(y(mark) + 4.0), "end", &count(mark), &count(mark)));
    }
    let width = (WIDTH - LEFT) / length(columns.len().max(1) as u64);
    for (place, requests) in columns.iter().enumerate().filter(|(_, requests)| **requests > 0) {
        let over = capacity.is_some_and(|capacity| *requests > capacity);
        let x = LEFT + length(place as u64) * width;
        let size = ((width * 0.86).max(0.6), BOTTOM - y(*requests));
        body.push_str(&rect(if over { "over" } else { "load" }, (x, y(*requests)), size));
    }
    if let Some(capacity) = capacity {
        let level = drawn_capacity.map_or(TOP - 10.0, y);
        body.push_str(&line("capacity", (LEFT, level), (WIDTH, level)));
        if drawn_capacity.is_none() {
            let (en, zh) = (format!("{} ↑ not to scale", count(capacity)), format!("{} ↑ 未按比例", count(capacity)));
            body.push_str(&drawn(&at(WIDTH), &at(level - 4.0), "end capacity-text", &en, &zh));
        }
    }
    body.push_str(&line("axis", (LEFT, BOTTOM), (WIDTH, BOTTOM)));
    body.push_str(&times(load, columns.len()));
    let name = escape(&format!("{} / {}", interface.title.en, interface.title.zh));
    drawing(WIDTH, HEIGHT, &name, &body)
}

/// Four times under the columns, as fine as their distance calls for.
fn times(load: &Load, columns: usize) -> String {
    let Some((start, zone)) = load.first_bin.as_deref().and_then(start) else { return String::new() };
    let seconds = i64::try_from(load.bin_seconds).unwrap_or(i64::MAX);
    let span = seconds.saturating_mul(i64::try_from(columns).unwrap_or(i64::MAX));
    let range = match span {
        0..=600 => 11..19,
        601..=172_800 => 11..16,
        _ => 5..10,
    };
    let mut text = String::new();
    for mark in 0..4_i64 {
        let place = mark * i64::try_from(columns).unwrap_or_default() / 4;
        let micros = start.micros().saturating_add(place.saturating_mul(seconds).saturating_mul(1_000_000));
        let Some(time) = Timestamp::from_micros(micros) else { continue };
        let shown = zone.format(time);
        let x = LEFT + length(place.unsigned_abs()) / length(columns.max(1) as u64) * (WIDTH - LEFT);
        let label = shown.get(range.clone()).unwrap_or_default();
        text.push_str(&line("axis", (x, BOTTOM), (x, BOTTOM + 4.0)));
        text.push_str(&drawn(&at(x), &at(BOTTOM + 17.0), "", label, label));
    }
    text
}

fn start(text: &str) -> Option<(Timestamp, Zone)> {
    let zone = Zone::parse(text.get(text.len().checked_sub(6)?..)?)?;
    Some((zone.parse_time(text)?, zone))
}

fn peak(peak: Option<&Peak>) -> String {
    let Some(peak) = peak else { return cell(0) };
    format!("{}<span class=\"id sub-id\">{}</span>", count(peak.requests), plain_time(&peak.at))
}

fn over(traffic: &Traffic) -> String {
    match traffic.seconds_over_capacity {
        None => say("unknown", "未知"),
        Some(0) => cell(0),
        Some(seconds) => format!("<span class=\"bad\">{}</span>", count(seconds)),
    }
}

fn lines(load: &Load, arriving: bool) -> String {
    let mut heads = vec![
        words("Interface", "接口"),
        figures("Capacity a second", "每秒容量"),
        figures("Sent there", "路由至此"),
        figures("Busiest second", "最繁忙一秒"),
        figures("Busiest minute", "最繁忙一分钟"),
        figures("Seconds over capacity", "超容秒数"),
        figures("Requests over capacity", "超容笔数"),
    ];
    if arriving {
        heads.push(figures("Arriving there", "由此到达"));
        heads.push(figures("Busiest second, arriving", "到达最繁忙一秒"));
    }
    let mut rows = String::new();
    for interface in &load.interfaces {
        let routed = &interface.routed;
        let id = escape(interface.interface.as_str());
        let mut cells = format!("<td class=\"whole\">{}<span class=\"id sub-id\">{id}</span></td>", both(&interface.title));
        cells.push_str(&n(&interface.capacity_per_second.map_or_else(|| say("unknown", "未知"), count)));
        cells.push_str(&n(&cell(routed.requests)));
        cells.push_str(&n(&peak(routed.peak_second.as_ref())));
        cells.push_str(&n(&peak(routed.peak_minute.as_ref())));
        cells.push_str(&n(&over(routed)));
        cells.push_str(&n(&routed.requests_over_capacity.map_or_else(|| say("unknown", "未知"), cell)));
        if arriving {
            cells.push_str(&n(&cell(interface.arriving.requests)));
            cells.push_str(&n(&peak(interface.arriving.peak_second.as_ref())));
        }
        rows.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    let unrouted = count(load.unrouted);
    let rest = note(
        &format!("Requests sent to no interface, declined or without a route: {unrouted}."),
        &format!("{unrouted} 笔请求未送往任何接口：已被拒绝，或未找到路由。"),
    );
    [table(&heads, &rows), rest].concat()
}

fn senders(load: &Load) -> String {
    let mut rows = String::new();
    for interface in &load.interfaces {
        for sender in &interface.routed_by {
            let name = sender
                .rule
                .as_ref()
                .map_or_else(|| say("the stage's default", "阶段默认接口"), |id| format!("<code>{}</code>", escape(id.as_str())));
            rows.push_str(&format!("<tr>{}{}{}</tr>\n", td(&both(&interface.title)), td(&name), n(&count(sender.requests))));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let heads = [words("Interface", "接口"), words("Sent there by", "路由规则"), figures("Requests", "请求数")];
    [super::parts::h3("Who sends requests where", "路由来源"), narrow(&heads, &rows)].concat()
}

fn elsewhere(load: &Load) -> String {
    if load.arriving_elsewhere.is_empty() {
        return String::new();
    }
    let name = |(name, requests): (&String, &u64)| format!("<code>{}</code> {}", escape(name), count(*requests));
    let names: Vec<String> = load.arriving_elsewhere.iter().map(name).collect();
    let names = names.join(", ");
    note(
        &format!("Requests also arrive on interfaces that the rule set does not know: {names}."),
        &format!("另有请求到达规则集未登记的接口：{names}。"),
    )
}
