//! Decisions against what became known: all rules together, and each rule.

use super::Section;
use super::parts::{figures, h3, known_verdict, lead, n, note, rule, table, td, verdict, words};
use super::text::{both, cell, count, say, share, to_one, yuan_cell};
use crate::decisions::ByLabel;
use crate::figures::{Labels, Level, Quality, RuleQuality, Summary};
use countersign_core::model::{SetAside, Verdict};
use countersign_core::text::LocalText;

pub(super) fn labels(summary: &Summary, labels: &Labels, aside: Option<&SetAside>) -> Section {
    let unknown = count(labels.all.unknown.requests);
    let mut body = lead(
        &format!(
            "Only requests whose outcome became known are judged. Without a known outcome: {unknown}. A request that was blocked never shows \
             what it would have become, and nothing is guessed for it."
        ),
        &format!("仅评价结果已知的请求。{unknown} 笔请求结果未知：被拦截的请求无从得知其本来结果，本报告不作推测。"),
    );
    body.push_str(&h3("What became known, by verdict", "各结论的已知结果"));
    body.push_str(&outcomes(summary, labels));
    body.push_str(&h3("All rules together", "规则集整体"));
    body.push_str(&levels(summary, labels));
    body.push_str(&at_worst(labels, aside));
    body.push_str(&h3("Rule by rule", "逐条规则"));
    body.push_str(&rules(summary, labels));
    Section::new("labels", "Known outcomes", "已知结果", body)
}

fn counts(by: &ByLabel) -> String {
    [by.fraud, by.genuine, by.unknown].map(|sums| n(&cell(sums.requests))).concat()
}

/// Precision, recall and false-positive ratio.
fn ratios(quality: &Quality) -> String {
    [share(quality.precision), share(quality.recall), to_one(quality.false_positives_to_frauds)].map(|text| n(&text)).concat()
}

fn amounts(summary: &Summary, by: &ByLabel) -> String {
    if !summary.has.amounts {
        return String::new();
    }
    [by.fraud, by.genuine, by.unknown].map(|sums| n(&yuan_cell(sums.amount_fen))).concat()
}

fn outcomes(summary: &Summary, labels: &Labels) -> String {
    let mut heads = vec![
        words("Verdict", "结论"),
        figures("Fraud", "欺诈"),
        figures("Genuine", "正常"),
        figures("Outcome unknown", "结果未知"),
    ];
    if summary.has.amounts {
        heads.push(figures("Fraud (yuan)", "欺诈金额（元）"));
        heads.push(figures("Genuine (yuan)", "正常金额（元）"));
        heads.push(figures("Unknown (yuan)", "未知金额（元）"));
    }
    let row = |line: &crate::figures::Outcomes| {
        let name = td(&verdict(known_verdict(line.verdict)));
        format!("<tr>{name}{}{}</tr>\n", counts(&line.requests), amounts(summary, &line.requests))
    };
    let mut rows: String = labels.outcomes.iter().map(row).collect();
    let all = td(&say("All requests", "合计"));
    rows.push_str(&format!("<tr class=\"sum\">{all}{}{}</tr>\n", counts(&labels.all), amounts(summary, &labels.all)));
    table(&heads, &rows)
}

fn quality_heads(summary: &Summary, first: (bool, String)) -> Vec<(bool, String)> {
    let mut heads = vec![
        first,
        figures("Fraud", "欺诈"),
        figures("Genuine", "正常"),
        figures("Unknown", "未知"),
        figures("Precision", "精确率"),
        figures("Recall", "召回率"),
        figures("False positives to fraud", "误报比"),
    ];
    if summary.has.amounts {
        heads.push(figures("Saved (yuan)", "挽回（元）"));
        heads.push(figures("Turned away (yuan)", "误拦（元）"));
    }
    heads
}

fn level_text(at_least: &str) -> LocalText {
    match known_verdict(at_least) {
        Verdict::Decline => LocalText::new("declined", "拒绝"),
        Verdict::Refer => LocalText::new("referred or declined", "转人工审核或拒绝"),
        Verdict::StepUp | Verdict::Accept => LocalText::new("stepped up, referred or declined", "加强验证、转人工审核或拒绝"),
    }
}

fn levels(summary: &Summary, labels: &Labels) -> String {
    let mut heads = quality_heads(summary, words("Caught means", "拦截口径"));
    if summary.has.amounts {
        heads.push(figures("Lost to fraud (yuan)", "欺诈损失（元）"));
    }
    let row = |level: &Level| {
        let quality = &level.quality;
        let mut cells = [td(&both(&level_text(level.at_least))), counts(&quality.caught), ratios(quality)].concat();
        if summary.has.amounts {
            let amounts = [quality.saved_fen(), quality.turned_away_fen(), quality.lost_fen()];
            cells.extend(amounts.map(|fen| n(&yuan_cell(fen))));
        }
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = labels.levels.iter().map(row).collect();
    table(&heads, &rows)
}

/// What recall may be at worst, given the rows that are in no figure.
fn at_worst(labels: &Labels, aside: Option<&SetAside>) -> String {
    let Some(aside) = aside else { return String::new() };
    let said = aside.sentence();
    let mut notes = note(&format!("{}.", said.en), &format!("{}。", said.zh));
    for level in &labels.levels {
        let recall = level.quality.recall;
        if let Some(worst) = aside.recall_sentence(recall.part, recall.whole) {
            let caught = level_text(level.at_least);
            notes.push_str(&note(
                &format!("Caught means {}: {}.", caught.en, worst.en),
                &format!("拦截口径为{}：{}。", caught.zh, worst.zh),
            ));
        }
    }
    notes
}

fn rules(summary: &Summary, labels: &Labels) -> String {
    let mut heads = quality_heads(summary, words("Rule, by its hits", "规则（按命中）"));
    if let Some(head) = heads.get_mut(7) {
        *head = figures("Saved by verdicts it took part in (yuan)", "参与结论挽回（元）");
    }
    if let Some(head) = heads.get_mut(8) {
        *head = figures("Turned away by these (yuan)", "参与结论误拦（元）");
    }
    let hit = |line: &&RuleQuality| line.quality.caught.all().requests > 0;
    let row = |line: &RuleQuality| {
        let quality = &line.quality;
        let title = summary.rules.iter().find(|known| known.rule == line.rule).map(|known| known.title.clone()).unwrap_or_default();
        let tag = if line.shadow {
            format!(" <span class=\"tag\">{}</span>", say("shadow", "影子（仅记录）"))
        } else {
            String::new()
        };
        let name = format!("<td class=\"rule\">{}{tag}</td>", rule(&line.rule, &title));
        let mut cells = [name, counts(&quality.caught), ratios(quality)].concat();
        if summary.has.amounts {
            cells.extend([line.stopped.fraud, line.stopped.genuine].map(|sums| n(&yuan_cell(sums.amount_fen))));
        }
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = labels.rules.iter().filter(hit).map(row).collect();
    let left_out = labels.rules.len() - labels.rules.iter().filter(hit).count();
    let rest = note(
        &format!(
            "Rules of screening stages with at least one hit; {left_out} without a hit are left out. Several rules may take part in one \
             verdict, so amounts do not add up. For a rule that accepts, a high precision is a warning."
        ),
        &format!(
            "列出筛查阶段中至少命中一次的规则，另有 {left_out} 条未命中。同一结论可能由多条规则共同得出，金额不可相加。对通过类规则而言，精确率高反而值得警惕。"
        ),
    );
    [table(&heads, &rows), rest].concat()
}
