//! The verdicts: shares as one bar, figures below.

use super::Section;
use super::chart::{drawing, length, rect};
use super::parts::{figures, known_verdict, lead, n, table, td, verdict, words};
use super::text::{at, cell, count, drawn, escape, say, share, yuan_cell};
use crate::decisions::Ratio;
use crate::figures::Summary;

const WIDTH: f64 = 1008.0;

pub(super) fn verdicts(summary: &Summary) -> Section {
    let mut body = lead(
        "What the rule set says of the sample requests. Verdicts are listed from the mildest to the most severe.",
        "规则集对样本请求的结论，由宽到严排列。",
    );
    body.push_str(&shares(summary));
    body.push_str(&lines(summary));
    Section::new("verdicts", "Verdicts", "决策结论", body)
}

fn shares(summary: &Summary) -> String {
    let all = summary.all.requests;
    if all == 0 {
        return String::new();
    }
    let mut x = 0.0;
    let mut body = String::new();
    for line in summary.verdicts.iter().filter(|line| line.sums.requests > 0) {
        let width = length(line.sums.requests) / length(all) * WIDTH;
        body.push_str(&rect(&format!("fill-{}", line.verdict), (x, 0.0), ((width - 1.5).max(0.8), 30.0)));
        let percent = share(Ratio::new(line.sums.requests, all));
        let percent = percent.replace("&lt;", "<").replace("&gt;", ">");
        let label = |word: &str| if width > 150.0 { format!("{word} {percent}") } else { percent.clone() };
        if width > 50.0 {
            body.push_str(&drawn(&at(x + 9.0), "19", "on", &label(&line.text.en), &label(&line.text.zh)));
        }
        x += width;
    }
    drawing(WIDTH, 30.0, "shares of verdicts, 各结论占比", &body)
}

fn lines(summary: &Summary) -> String {
    let has = summary.has;
    let mut heads = vec![words("Verdict", "结论"), figures("Requests", "请求数"), figures("Share", "占比")];
    if has.amounts {
        heads.push(figures("With an amount", "含金额笔数"));
        heads.push(figures("Amount (yuan)", "金额（元）"));
    }
    if has.customers {
        heads.push(figures("Distinct customers", "客户数（去重）"));
    }
    let mut rows = String::new();
    let all = summary.all.requests;
    for line in &summary.verdicts {
        let mut cells = td(&verdict(known_verdict(line.verdict)));
        cells.push_str(&n(&cell(line.sums.requests)));
        cells.push_str(&n(&share(Ratio::new(line.sums.requests, all))));
        if has.amounts {
            cells.push_str(&n(&cell(line.sums.with_amount)));
            cells.push_str(&n(&yuan_cell(line.sums.amount_fen)));
        }
        if has.customers {
            cells.push_str(&n(&cell(line.customers)));
        }
        rows.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    let mut sum = [td(&say("All requests", "合计")), n(&count(all)), n("")].concat();
    if has.amounts {
        sum.push_str(&n(&count(summary.all.with_amount)));
        sum.push_str(&n(&yuan_cell(summary.all.amount_fen)));
    }
    if has.customers {
        sum.push_str(&n(&count(summary.customers)));
    }
    rows.push_str(&format!("<tr class=\"sum\">{sum}</tr>\n"));
    let mut text = table(&heads, &rows);
    if has.customers {
        text.push_str(&super::parts::note(
            "A customer may get different verdicts for different requests, so customers do not add up.",
            &escape("同一客户的不同请求可能得到不同结论，因此客户数不可相加。"),
        ));
    }
    text
}
