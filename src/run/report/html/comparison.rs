//! What changes against the other rule set: matrices, causes, and the first flips one by one.

use super::Section;
use super::parts::{cause, customers, figures, h3, known_verdict, lead, n, narrow, note, rule, table, td, verdict, why, words};
use super::text::{both, cell, count, escape, markup, plural, say, share, yuan, yuan_cell};
use crate::MatchedRule;
use crate::compare::{Effects, Figures, FlipCell, FlipGroup, KnownEffect, SegmentLine, Segments, known_effect};
use crate::decisions::{Ratio, Sums};
use crate::figures::Summary;
use crate::report::{Against, FlipLine, FlipSide, WhyFlip};
use countersign_core::model::Verdict;
use countersign_core::text::LocalText;

/// How many groups of flips the page shows.
const GROUPS: usize = 30;

pub(super) fn changes(summary: &Summary, against: &Against) -> Section {
    let figures = &against.figures;
    let mut body = lead(
        "Both rule sets decided every request. A flip is a request on which the gateway would be told something else: another verdict, \
         interface, reason or limit.",
        "两套规则集对每笔请求均作了决策。若网关得到的结论、接口、原因码或限额不同，即计为一笔决策变化。",
    );
    body.push_str(&sentences(&figures.effects));
    body.push_str(&counts(summary, figures));
    body.push_str(&h3("Verdicts, from the old rule set to the new one", "结论变化矩阵（旧 → 新）"));
    body.push_str(&transitions(summary, figures));
    body.push_str(&h3("Interfaces, from the old rule set to the new one", "接口变化矩阵（旧 → 新）"));
    body.push_str(&interfaces(summary, figures));
    body.push_str(&by_part(&figures.segments));
    body.push_str(&h3("Rules that changed", "变更的规则"));
    body.push_str(&changed(&figures.changed_rules));
    Section::new("changes", "Changes against the other rule set", "与对比规则集的差异", body)
}

/// What changes, worst first, and what that means for requests whose outcome is known.
fn sentences(effects: &Effects) -> String {
    let list = |lines: &mut dyn Iterator<Item = String>| {
        let items: String = lines.map(|line| format!("<li>{line}</li>\n")).collect();
        if items.is_empty() { items } else { format!("<ul class=\"effects\">\n{items}</ul>\n") }
    };
    let changes = list(&mut effects.changes.iter().map(|line| both(&line.sentence)));
    let known = effects.known.iter().flat_map(known_effect);
    changes + list(&mut known.map(|line| both(&line))).as_str()
}

/// Flips by the values of every field that has flips, and over time.
fn by_part(segments: &Segments) -> String {
    let mut text = String::new();
    let changes = |lines: &[SegmentLine]| lines.iter().any(|line| line.flips() > 0);
    for field in segments.fields.iter().filter(|field| changes(&field.values)) {
        let name = if field.text.en.is_empty() { LocalText::same(field.field.as_str()) } else { field.text.clone() };
        text.push_str(&format!("<details><summary>{}</summary>\n", both(&name)));
        text.push_str(&parts_table(words("Value", "取值"), &field.values));
        text.push_str("</details>\n");
    }
    if changes(&segments.over_time) {
        let days = segments.span_days;
        let head = if days == 1 { words("Day", "日期") } else { words("Days from", "起始日期") };
        let span = plural(days.unsigned_abs(), "day", "days");
        text.push_str(&format!(
            "<details><summary>{}</summary>\n",
            say(&format!("Over time, {span} a line"), &format!("按时间，每行 {days} 天"))
        ));
        text.push_str(&parts_table(head, &segments.over_time));
        text.push_str("</details>\n");
    }
    if text.is_empty() { text } else { h3("Flips by part of the requests", "按请求分组的决策变化") + text.as_str() }
}

fn parts_table(first: (bool, String), lines: &[SegmentLine]) -> String {
    let mut heads = vec![
        first,
        figures("Requests", "请求数"),
        figures("Flips", "决策变化"),
        figures("Milder", "从宽"),
        figures("Stricter", "从严"),
        figures("Other", "其他变化"),
    ];
    if lines.iter().any(|line| line.known.is_some()) {
        heads.extend(known_heads());
    }
    let row = |line: &SegmentLine| {
        let numbers = [line.requests, line.flips(), line.milder.requests, line.stricter.requests, line.other.requests];
        let numbers: String = numbers.iter().map(|number| n(&cell(*number))).collect();
        format!("<tr>{}{numbers}{}</tr>\n", td(&both(&line.text)), known_cells(line.known.as_ref()))
    };
    table(&heads, &lines.iter().map(row).collect::<String>())
}

fn known_heads() -> [(bool, String); 3] {
    [
        figures("Fraud newly let through", "新放过的欺诈"),
        figures("Fraud newly caught", "新拦截的欺诈"),
        figures("Genuine newly hindered", "新增受阻的正常请求"),
    ]
}

fn known_cells(known: Option<&KnownEffect>) -> String {
    let Some(known) = known else { return String::new() };
    let shown = |sums: &Sums| match sums.requests {
        0 => n(&cell(0)),
        requests => n(&format!("{}<span class=\"more\">¥{}</span>", count(requests), yuan(sums.amount_fen))),
    };
    [known.fraud_let_through, known.fraud_caught, known.genuine_hindered].iter().map(shown).collect()
}

fn counts(summary: &Summary, figures: &Figures) -> String {
    let flips = figures.effects.flips;
    let all = summary.all.requests;
    let row = |en: &str, zh: &str, number: u64| {
        format!("<tr>{}{}{}</tr>\n", td(&say(en, zh)), n(&cell(number)), n(&share(Ratio::new(number, all))))
    };
    let rows = [
        row("Flips", "决策变化", flips.any),
        row("… of the verdict", "其中：结论变化", flips.verdict),
        row("… of the interface", "其中：接口变化", flips.interface),
        row("… of a reason", "其中：原因码变化", flips.reasons),
        row("… of a limit", "其中：限额变化", flips.limits),
    ];
    let heads = [
        words("A request may differ in several", "同一请求可能多项变化"),
        super::parts::figures("Requests", "请求数"),
        super::parts::figures("Share", "占比"),
    ];
    narrow(&heads, &rows.concat())
}

fn matrix_cell(summary: &Summary, class: &str, cell: &FlipCell) -> String {
    if cell.sums.requests == 0 {
        return format!("<td class=\"{}\"><span class=\"nil\">–</span></td>", if class == "same" { "same" } else { "" });
    }
    let mut more = String::new();
    if summary.has.amounts && cell.sums.with_amount > 0 {
        more.push_str(&format!("<span class=\"more\">¥{}</span>", yuan(cell.sums.amount_fen)));
    }
    if summary.has.customers {
        let text = customers(cell.customers);
        more.push_str(&format!("<span class=\"more\">{text}</span>"));
    }
    format!("<td class=\"{class}\">{}{more}</td>", count(cell.sums.requests))
}

fn matrix(heads: &[String], rows: &str) -> String {
    let corner = say("old ↓  new →", "旧 ↓  新 →");
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\" class=\"n\">{head}</th>")).collect();
    format!(
        "<div class=\"scroll\"><table class=\"matrix\"><thead><tr><th><span class=\"axis-name\">{corner}</span></th>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}

fn transitions(summary: &Summary, figures: &Figures) -> String {
    let heads: Vec<String> = Verdict::ALL.map(verdict).into();
    let mut rows = String::new();
    for old in Verdict::ALL {
        let cells = figures.transitions.iter().filter(|cell| cell.old == old.word()).map(|transition| {
            let class = match known_verdict(transition.new).cmp(&old) {
                std::cmp::Ordering::Equal => "same",
                std::cmp::Ordering::Greater => "harder",
                std::cmp::Ordering::Less => "milder",
            };
            matrix_cell(summary, class, &transition.cell)
        });
        rows.push_str(&format!("<tr><th scope=\"row\">{}</th>{}</tr>\n", verdict(old), cells.collect::<String>()));
    }
    matrix(&heads, &rows)
}

fn interfaces(summary: &Summary, figures: &Figures) -> String {
    let used = |id: &str| figures.interfaces.iter().any(|cell| cell.old.as_deref() == Some(id) || cell.new.as_deref() == Some(id));
    let mut names: Vec<(Option<&str>, String)> =
        figures.interface_names.iter().filter(|(id, _)| used(id)).map(|(id, title)| (Some(id.as_str()), both(title))).collect();
    names.push((None, say("none", "无")));
    let mut rows = String::new();
    for (old, name) in &names {
        let cells = names.iter().map(|(new, _)| {
            let found = figures.interfaces.iter().find(|cell| cell.old.as_deref() == *old && cell.new.as_deref() == *new);
            let class = if old == new { "same" } else { "moved" };
            matrix_cell(summary, class, &found.map(|found| found.cell).unwrap_or_default())
        });
        rows.push_str(&format!("<tr><th scope=\"row\">{name}</th>{}</tr>\n", cells.collect::<String>()));
    }
    let heads: Vec<String> = names.iter().map(|(_, name)| name.clone()).collect();
    matrix(&heads, &rows)
}

fn changed(rules: &[MatchedRule]) -> String {
    if rules.is_empty() {
        return note("No rule differs between the two.", "两套规则集的规则没有差异。");
    }
    let row = |known: &MatchedRule| {
        let name = format!("<td class=\"rule\">{}</td>", rule(&known.rule, &known.title));
        format!("<tr>{name}{}</tr>\n", td(&both(&known.change.text())))
    };
    let rows: String = rules.iter().map(row).collect();
    narrow(&[words("Rule", "规则"), words("What changed", "变更")], &rows)
}

pub(super) fn flips(against: &Against, whys: &[WhyFlip]) -> Section {
    let mut body = lead(
        "Flips grouped by the rules that cause them: the rules that changed and took part in one of the two decisions.",
        "按引起变化的规则分组的决策变化：引起变化的规则指自身有变更、且参与了任一方结论的规则。",
    );
    let figures = &against.figures;
    if figures.effects.groups.is_empty() {
        body.push_str(&note("No request flips.", "没有请求的决策发生变化。"));
        return Section::new("flips", "Flips", "决策变化明细", body);
    }
    body.push_str(&groups(&figures.effects.groups));
    let (shown, all) = (count(against.first_flips.len()), count(figures.effects.flips.any));
    body.push_str(&format!(
        "<details{}><summary>{}</summary>\n{}</details>\n",
        if against.first_flips.len() <= 40 { " open" } else { "" },
        markup(
            &format!("The first {shown} of {all} flips; the flips file holds all of them"),
            &format!("前 {shown} 笔决策变化（共 {all} 笔，全部明细见变化清单文件）")
        ),
        listing(&against.first_flips, whys)
    ));
    Section::new("flips", "Flips", "决策变化明细", body)
}

fn causes_text(causes: &[MatchedRule]) -> String {
    if causes.is_empty() {
        return say("a stage's settings", "阶段设置");
    }
    causes.iter().map(cause).collect()
}

fn groups(groups: &[FlipGroup]) -> String {
    let mut heads = vec![
        words("Caused by", "引起变化的规则"),
        figures("Flips", "笔数"),
        words("Verdicts", "结论变化"),
        figures("Amount (yuan)", "金额（元）"),
        figures("Customers", "客户数"),
    ];
    if groups.iter().any(|group| group.known.is_some()) {
        heads.extend(known_heads());
    }
    heads.push(words("First requests", "首批请求"));
    let mut rows = String::new();
    for group in groups.iter().take(GROUPS) {
        let moves: Vec<String> = group.transitions.iter().map(|(old, new, number)| moved(old, new, *number)).collect();
        let keys: String = group.first_keys.iter().take(2).map(|key| format!("<code>{}</code> ", escape(key))).collect();
        let cells = [
            format!("<td class=\"causes\">{}</td>", causes_text(&group.causes)),
            n(&count(group.cell.sums.requests)),
            format!("<td class=\"moves\">{}</td>", moves.join("<br>")),
            n(&yuan_cell(group.cell.sums.amount_fen)),
            n(&cell(group.cell.customers)),
            known_cells(group.known.as_ref()),
            format!("<td class=\"keys\">{keys}</td>"),
        ];
        rows.push_str(&format!("<tr>{}</tr>\n", cells.concat()));
    }
    let mut text = table(&heads, &rows);
    let rest = groups.get(GROUPS..).unwrap_or_default();
    if !rest.is_empty() {
        let requests: u64 = rest.iter().map(|group| group.cell.sums.requests).sum();
        let (rest, requests) = (count(rest.len()), count(requests));
        text.push_str(&note(
            &format!("{rest} smaller groups with {requests} flips together are left out here; the JSON report holds them."),
            &format!("另有 {rest} 个较小的分组（共 {requests} 笔）未在此列出，详见 JSON 报告。"),
        ));
    }
    text
}

fn moved(old: &str, new: &str, number: u64) -> String {
    let number = format!("<span class=\"n\">{}</span> ", count(number));
    if old == new {
        return format!("{number} {} {}", verdict(known_verdict(old)), say("unchanged", "结论不变"));
    }
    format!("{number} {}<span class=\"arrow\">→</span>{}", verdict(known_verdict(old)), verdict(known_verdict(new)))
}

fn side(side: &FlipSide) -> String {
    let mut text = verdict(known_verdict(side.verdict));
    let detail: Vec<String> = side
        .reasons
        .iter()
        .chain(std::iter::once(&side.interface))
        .filter(|word| !word.is_empty())
        .map(|word| escape(word))
        .collect();
    if !detail.is_empty() {
        text.push_str(&format!("<span class=\"id sub-id\">{}</span>", detail.join(" · ")));
    }
    text
}

fn listing(flips: &[FlipLine], whys: &[WhyFlip]) -> String {
    let heads = [words("Request", "请求"), words("Old", "旧"), words("New", "新"), words("Caused by", "引起变化的规则")];
    let mut rows = String::new();
    for (at, flip) in flips.iter().enumerate() {
        let (old, new) = whys.get(at).map_or_else(Default::default, |flip| (why(&flip.old), why(&flip.new)));
        let causes: Vec<String> = flip.causes.iter().map(|id| format!("<code>{}</code>", escape(id.as_str()))).collect();
        let causes = if causes.is_empty() { say("a stage's settings", "阶段设置") } else { causes.join("<br>") };
        let key = format!("<code>{}</code>", escape(&flip.key));
        let sides = [(&flip.old, old), (&flip.new, new)].map(|(given, why)| td(&format!("{}{why}", side(given))));
        rows.push_str(&format!("<tr>{}{}{}</tr>\n", td(&key), sides.concat(), td(&causes)));
    }
    table(&heads, &rows)
}
