//! What every rule and reason did; and what failed or must hold.

use super::Section;
use super::chart::bar;
use super::parts::{figures, h3, known_verdict, lead, n, note, rule, table, td, verdict, why, words};
use super::text::{both, cell, count, escape, say, share, yuan_cell};
use crate::decisions::Ratio;
use crate::figures::{ErrorLine, Example, InvariantLine, Kind, RuleLine, Summary};
use countersign_core::model::{Status, Verdict};
use countersign_core::text::LocalText;

/// `readings` are the rules in plain language, in their order.
pub(super) fn rules(summary: &Summary, readings: &[LocalText]) -> Section {
    let mut body = lead(
        "What each rule did, stage by stage in order. The bar shows hits against the rule of its kind that hit most.",
        "各规则的运行情况，按阶段与顺序列出。条形表示与同类命中最多的规则相比的命中数。",
    );
    let most = |kind: Kind| {
        let of_kind = summary.rules.iter().filter(|line| line.kind == kind);
        of_kind.map(|line| line.hits.requests.max(line.shadow_hits.requests)).max().unwrap_or_default()
    };
    let heads = [
        words("Rule", "规则"),
        words("Status", "状态"),
        figures("Hits", "命中"),
        figures("Hit rate", "命中率"),
        words("", ""),
        figures("Sole hits", "唯一命中"),
        figures("Shadow hits", "影子命中"),
        figures("Decided", "参与结论"),
        figures("Alone", "单独决定"),
        figures("Errors", "出错"),
    ];
    let mut rows = String::new();
    let mut stage = None;
    for (at, line) in summary.rules.iter().enumerate() {
        if stage != Some(&line.stage) {
            stage = Some(&line.stage);
            let kind = kind_text(line.kind);
            rows.push_str(&format!(
                "<tr class=\"stage\"><td colspan=\"10\">{} <span class=\"kind\">{kind}</span></td></tr>\n",
                both(&summary.stage_title(&line.stage))
            ));
        }
        rows.push_str(&rule_row(line, readings.get(at), summary.all.requests, most(line.kind)));
    }
    body.push_str(&table(&heads, &rows));
    let quiet =
        summary.rules.iter().filter(|line| line.status != Status::Off && line.hits.requests + line.shadow_hits.requests == 0);
    let quiet = quiet.count();
    body.push_str(&note(
        &format!("Rules that are not off and never hit in this sample: {}.", count(quiet)),
        &format!("在未停用的规则中，有 {} 条在本样本中从未命中。", count(quiet)),
    ));
    Section::new("rules", "Rules", "规则", body)
}

fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::Screen => say("screening stage", "筛查阶段"),
        Kind::Limit => say("limit stage", "限额阶段"),
        Kind::Route => say("routing stage", "路由阶段"),
    }
}

fn status_text(status: Status) -> String {
    match status {
        Status::Active => say("active", "启用"),
        Status::Shadow => format!("<span class=\"tag\">{}</span>", say("shadow", "影子（仅记录）")),
        Status::Off => format!("<span class=\"tag\">{}</span>", say("off", "停用")),
    }
}

fn rule_row(line: &RuleLine, reading: Option<&LocalText>, all: u64, most: u64) -> String {
    let shadow = line.status == Status::Shadow;
    let hits = if shadow { line.shadow_hits.requests } else { line.hits.requests };
    let errors = if line.errors == 0 { cell(0) } else { format!("<span class=\"bad\">{}</span>", count(line.errors)) };
    let cells = [
        format!("<td class=\"rule\">{}{}</td>", rule(&line.rule, &line.title), reading.map(why).unwrap_or_default()),
        td(&status_text(line.status)),
        n(&cell(line.hits.requests)),
        n(&if hits == 0 { cell(0) } else { share(Ratio::new(hits, all)) }),
        td(&bar(hits, most, shadow)),
        n(&cell(line.sole_hits)),
        n(&cell(line.shadow_hits.requests)),
        n(&cell(line.decided_in_all())),
        n(&cell(line.decided_alone)),
        n(&errors),
    ];
    format!("<tr>{}</tr>\n", cells.concat())
}

pub(super) fn reasons(summary: &Summary) -> Section {
    let mut body = lead(
        "How often each reason is part of a decision, with the code that goes out on the wire.",
        "各原因码在决策中出现的次数，以及对外应答码。",
    );
    let mut heads = vec![words("Reason", "原因"), words("Wire", "应答码"), words("ISO 8583", "ISO 8583"), figures("Given", "次数")];
    heads.extend(Verdict::ALL.map(|verdict| (true, both(&verdict.text()))));
    if summary.has.amounts {
        heads.push(figures("Amount (yuan)", "金额（元）"));
    }
    let mut lines: Vec<_> = summary.reasons.iter().filter(|line| line.given.requests > 0).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.given.requests));
    let unused = summary.reasons.len() - lines.len();
    let mut rows = String::new();
    for line in lines {
        let mut cells = td(&format!("{}<code class=\"beside\">{}</code>", both(&line.text), escape(line.reason.as_str())));
        cells.push_str(&td(&format!("<code>{}</code>", escape(&line.wire))));
        cells.push_str(&td(&format!("<code>{}</code>", escape(line.iso8583.as_deref().unwrap_or("–")))));
        cells.push_str(&n(&count(line.given.requests)));
        cells.extend(line.by_verdict.iter().map(|count| n(&cell(*count))));
        if summary.has.amounts {
            cells.push_str(&n(&yuan_cell(line.given.amount_fen)));
        }
        rows.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    body.push_str(&table(&heads, &rows));
    if unused > 0 {
        body.push_str(&note(&format!("Reasons never given: {unused}."), &format!("另有 {unused} 个原因码未出现。")));
    }
    Section::new("reasons", "Reasons", "原因码", body)
}

/// What must hold, and what failed.
pub(super) fn soundness(summary: &Summary, whys: &[Vec<LocalText>]) -> Section {
    let mut body = h3("Invariants", "不变式");
    if summary.invariants.is_empty() {
        body.push_str(&note("The rule set names no invariant.", "规则集未定义不变式。"));
    } else {
        let heads = [
            words("What must hold", "必须成立"),
            figures("Speaks of", "适用请求"),
            figures("Broken", "违反"),
            figures("Could not be checked", "无法检查"),
            words("First requests", "首批请求"),
        ];
        let row = |(at, line)| invariant_row(line, whys.get(at).map_or(&[], Vec::as_slice));
        let rows: String = summary.invariants.iter().enumerate().map(row).collect();
        body.push_str(&table(&heads, &rows));
    }
    body.push_str(&h3("Errors at run time", "运行出错"));
    if summary.errors.is_empty() {
        body.push_str(&note("No rule failed.", "没有规则出错。"));
    } else {
        let heads = [
            words("Rule", "规则"),
            words("Stage", "阶段"),
            figures("Requests", "请求数"),
            words("First requests, with what went wrong", "首批请求及错误说明"),
        ];
        let rows: String = summary.errors.iter().map(error_row).collect();
        body.push_str(&table(&heads, &rows));
    }
    Section::new("soundness", "Invariants and errors", "不变式与出错", body)
}

fn invariant_row(line: &InvariantLine, whys: &[LocalText]) -> String {
    let bad = |count_of: u64| if count_of == 0 { cell(0) } else { format!("<span class=\"bad\">{}</span>", count(count_of)) };
    let example = |(at, example): (usize, &Example)| {
        let given = Verdict::ALL.into_iter().find(|verdict| verdict.word() == example.message);
        let what = given.map_or_else(|| escape(&example.message), |given| verdict(known_verdict(given.word())));
        let why = whys.get(at).map_or_else(|| "<br>".to_owned(), why);
        format!("<code>{}</code> {what}{why}", escape(&example.key))
    };
    let examples: String = line.examples.iter().enumerate().map(example).collect();
    format!(
        "<tr><td class=\"rule\">{}</td>{}{}{}{}</tr>\n",
        rule(&line.invariant, &line.title),
        n(&cell(line.applies)),
        n(&bad(line.broken)),
        n(&bad(line.failed)),
        td(&examples)
    )
}

fn error_row(line: &ErrorLine) -> String {
    let name = match &line.rule {
        Some(rule) => format!("<code>{}</code>", escape(rule.as_str())),
        None => say("no rule routed", "没有规则给出路由"),
    };
    let shadow = if line.shadow { format!(" {}", status_text(Status::Shadow)) } else { String::new() };
    let example = |example: &Example| format!("<code>{}</code> {}<br>", escape(&example.key), escape(&example.message));
    let examples: String = line.examples.iter().map(example).collect();
    format!(
        "<tr>{}{}{}{}</tr>\n",
        td(&format!("{name}{shadow}")),
        td(&format!("<code>{}</code>", escape(line.stage.as_str()))),
        n(&count(line.requests)),
        td(&examples)
    )
}
