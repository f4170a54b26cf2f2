//! The spread of scores, stacked by verdict, with the bands.

use super::Section;
use super::chart::{drawing, length, line, rect, step};
use super::parts::{figures, known_verdict, lead, n, narrow, note, td, verdict, words};
use super::text::{at, both, count, drawn, escape};
use crate::figures::{BandLine, ScoreBin, Scores, Summary};
use countersign_core::model::Verdict;

const WIDTH: f64 = 1008.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 192.0;

pub(super) fn scores(summary: &Summary) -> Section {
    let scores = &summary.scores;
    let zero = count(scores.zero);
    let mut body = lead(
        &format!("The sum of each decision's scores, coloured by its verdict. Left out for a score of 0: {zero}."),
        &format!("各决策的分数合计，按结论着色。分数为 0 的 {zero} 笔请求未画出。"),
    );
    if scores.bins.is_empty() {
        body.push_str(&note("No request has a score other than 0.", "没有分数不为 0 的请求。"));
    } else {
        body.push_str(&chart(scores));
        body.push_str(&legend());
    }
    body.push_str(&bands(&scores.bands));
    Section::new("scores", "Scores", "分数分布", body)
}

fn legend() -> String {
    let marks: String = Verdict::ALL.into_iter().map(verdict).collect();
    format!("<div class=\"legend\">{marks}</div>\n")
}

fn total(bin: &ScoreBin) -> u64 {
    bin.by_verdict.iter().sum()
}

fn chart(scores: &Scores) -> String {
    let bins = &scores.bins;
    let most = bins.iter().map(total).max().unwrap_or_default().max(1);
    let width = (WIDTH - LEFT) / length(bins.len().max(1) as u64);
    let height = |requests: u64| length(requests) / length(most) * (BOTTOM - TOP);
    let mut body = String::new();
    let step = step(most, 4);
    for mark in (0..=most / step).map(|at| at * step) {
        let y = BOTTOM - height(mark);
        body.push_str(&line("grid", (LEFT, y), (WIDTH, y)));
        body.push_str(&drawn(&at(LEFT - 6.0), &at(y + 4.0), "end", &count(mark), &count(mark)));
    }
    for (place, bin) in bins.iter().enumerate() {
        let x = LEFT + length(place as u64) * width;
        let mut y = BOTTOM;
        for (verdict, requests) in Verdict::ALL.into_iter().zip(bin.by_verdict).filter(|(_, requests)| *requests > 0) {
            y -= height(requests);
            body.push_str(&rect(&format!("fill-{}", verdict.word()), (x + width * 0.06, y), (width * 0.88, height(requests))));
        }
        if place % bins.len().div_ceil(16) == 0 {
            let label = count(bin.from);
            body.push_str(&drawn(&at(x + width * 0.06), &at(BOTTOM + 16.0), "", &label, &label));
        }
    }
    body.push_str(&line("axis", (LEFT, BOTTOM), (WIDTH, BOTTOM)));
    body.push_str(&band_lines(scores, width));
    drawing(WIDTH, HEIGHT, "distribution of scores, 分数分布", &body)
}

/// The bands over the columns, where the scores of one stage alone are the score of the decision.
fn band_lines(scores: &Scores, width: f64) -> String {
    let one_stage = scores.bands.windows(2).all(|pair| matches!(pair, [one, next] if one.stage == next.stage));
    let (Some(first), Some(last), true) = (scores.bins.first(), scores.bins.last(), one_stage) else { return String::new() };
    let span = i128::from(first.to) - i128::from(first.from) + 1;
    let inside = |band: &&BandLine| (first.from..=last.to).contains(&band.at_least);
    let mut text = String::new();
    for band in scores.bands.iter().filter(inside) {
        let offset = i128::from(band.at_least) - i128::from(first.from);
        let whole = u64::try_from(offset).unwrap_or_default();
        let x = LEFT + length(whole) / length(u64::try_from(span).unwrap_or(1)) * width;
        let words = known_verdict(band.verdict).text();
        let (en, zh) = (format!("{} from {}", words.en, band.at_least), format!("{} 分起{}", band.at_least, words.zh));
        text.push_str(&line("band", (x, TOP - 20.0), (x, BOTTOM)));
        text.push_str(&drawn(&at(x + 5.0), &at(TOP - 10.0), "strong", &en, &zh));
    }
    text
}

fn bands(bands: &[BandLine]) -> String {
    if bands.is_empty() {
        return note("No stage has score bands.", "没有阶段设置分数档。");
    }
    let row = |band: &BandLine| {
        let stage = format!("{} <code>{}</code>", both(&band.title), escape(band.stage.as_str()));
        format!("<tr>{}{}{}</tr>\n", td(&stage), n(&count(band.at_least)), td(&verdict(known_verdict(band.verdict))))
    };
    let rows: String = bands.iter().map(row).collect();
    narrow(&[words("Stage", "阶段"), figures("Score from", "分数下限"), words("Verdict", "结论")], &rows)
}
