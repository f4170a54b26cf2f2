//! Charts as plain numbers: verdicts, hits per rule, scores, hours of the day; and the same as CSV.

use super::figures;
use crate::Session;
use crate::jobs::impact::Impact;
use countersign_core::model::{SetAside, Verdict};
use countersign_core::text::{Cells, Language, LocalText};
use countersign_run::figures::Summary;

/// A rule set may have hundreds of rules; a chart shows the ones that hit most.
const MOST_RULES: usize = 24;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Requests per verdict, before and now.
    #[default]
    Verdicts,
    Rules,
    /// Sums of scores with the bands.
    Scores,
    /// Requests per hour of the day.
    Rhythm,
}

/// What one colour of the bars is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub name: LocalText,
    /// The verdict, where it is one.
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    pub name: LocalText,
    pub counts: Vec<u64>,
    /// The verdict, where the place is one.
    pub verdict: Option<Verdict>,
}

/// Where a band of scores begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartMark {
    /// Between the places, counted from 0.
    pub at: f64,
    pub name: LocalText,
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: LocalText,
    pub series: Vec<Series>,
    /// The places in order.
    pub bars: Vec<Bars>,
    /// Whether the bars of a place stand on each other.
    pub stacked: bool,
    pub marks: Vec<ChartMark>,
    /// What of the figures is not drawn.
    pub remark: Option<LocalText>,
    /// The rows of the request file that are in no figure.
    pub rows_left_out: Option<LocalText>,
}

/// A chart of the last dry run; none where there is none.
pub fn chart(session: &Session, kind: ChartKind) -> Option<Chart> {
    let details = session.details().value?;
    let summary = &details.summary;
    let chart = match kind {
        ChartKind::Verdicts => verdicts(session, summary),
        ChartKind::Rules => rules(session, summary),
        ChartKind::Scores => scores(summary),
        ChartKind::Rhythm => {
            let bars = details.rhythm.iter().enumerate();
            let bars = bars.map(|(hour, counts)| Bars {
                name: LocalText::same(format!("{hour:02}:00")),
                counts: counts.to_vec(),
                verdict: None,
            });
            let title = LocalText::new("Requests by hour of the day", "各时段请求数");
            Chart { bars: bars.collect(), ..empty(kind, title, by_verdict(), true) }
        }
    };
    Some(Chart { rows_left_out: session.left_out().map(SetAside::sentence), ..chart })
}

fn empty(kind: ChartKind, title: LocalText, series: Vec<Series>, stacked: bool) -> Chart {
    Chart { kind, title, series, bars: Vec::new(), stacked, marks: Vec::new(), remark: None, rows_left_out: None }
}

fn by_verdict() -> Vec<Series> {
    Verdict::ALL.into_iter().map(|verdict| Series { name: verdict.text(), verdict: Some(verdict) }).collect()
}

fn plain(en: &str, zh: &str) -> Series {
    Series { name: LocalText::new(en, zh), verdict: None }
}

fn verdicts(session: &Session, summary: &Summary) -> Chart {
    let old = session.impact().value.and_then(|impact| impact.old.as_ref());
    let bars = Verdict::ALL.into_iter().map(|verdict| {
        let now = summary.verdict(verdict).requests;
        let before = old.map(|old| old.totals().verdict(verdict).requests);
        Bars { name: verdict.text(), counts: before.into_iter().chain([now]).collect(), verdict: Some(verdict) }
    });
    let series = if old.is_some() { vec![plain("before", "原"), plain("now", "新")] } else { vec![plain("now", "新")] };
    let title = LocalText::new("Requests per verdict", "各结论请求数");
    Chart { bars: bars.collect(), ..empty(ChartKind::Verdicts, title, series, false) }
}

fn rules(session: &Session, summary: &Summary) -> Chart {
    let mut lines: Vec<(&str, u64)> =
        summary.rules.iter().map(|line| (line.rule.as_str(), line.hits.requests + line.shadow_hits.requests)).collect();
    lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = lines.len().saturating_sub(MOST_RULES);
    let set = session.document().rule_set();
    let name = |id: &str| {
        let known = set.find_rule(id).map(|(.., rule)| rule.title.clone()).filter(|title| !title.en.is_empty());
        known.unwrap_or_else(|| LocalText::same(id))
    };
    let bars = lines.iter().take(MOST_RULES).map(|(id, count)| Bars { name: name(id), counts: vec![*count], verdict: None });
    let remark = (more > 0).then(|| {
        LocalText::new(format!("{more} rules with fewer hits are left out"), format!("另有 {more} 条命中较少的规则未显示"))
    });
    let title = LocalText::new("Hits per rule", "各规则命中数");
    Chart { bars: bars.collect(), remark, ..empty(ChartKind::Rules, title, vec![plain("hits", "命中")], false) }
}

fn scores(summary: &Summary) -> Chart {
    let scores = &summary.scores;
    let name = |from: i64, to: i64| if from == to { from.to_string() } else { format!("{from}–{to}") };
    let bars = scores.bins.iter().map(|bin| Bars {
        name: LocalText::same(name(bin.from, bin.to)),
        counts: bin.by_verdict.to_vec(),
        verdict: None,
    });
    let first = scores.bins.first();
    #[expect(clippy::cast_precision_loss, reason = "a place in a chart")]
    let place = |score: i64| first.map(|bin| (score as f64 - bin.from as f64) / (bin.to as f64 - bin.from as f64 + 1.0) - 0.5);
    let marks = scores.bands.iter().filter_map(|band| {
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.word() == band.verdict);
        let word = verdict.map(Verdict::text).unwrap_or_default();
        let name = LocalText::new(format!("{} from {}", word.en, band.at_least), format!("{} 起为{}", band.at_least, word.zh));
        Some(ChartMark { at: place(band.at_least)?, name, verdict })
    });
    let zero = scores.zero;
    let remark = (zero > 0).then(|| {
        let zero = figures::count(zero);
        LocalText::new(format!("{zero} requests with a score of 0 are left out"), format!("{zero} 条评分为 0 的请求未显示"))
    });
    let title = LocalText::new("Requests per score", "评分分布");
    Chart { bars: bars.collect(), marks: marks.collect(), remark, ..empty(ChartKind::Scores, title, by_verdict(), true) }
}

/// Requests per hour of the day and verdict, mildest first, in the schema's zone.
pub(crate) fn rhythm(impact: &Impact) -> [[u64; 4]; 24] {
    let zone = impact.new.table().schema().zone;
    let mut rhythm = [[0; 4]; 24];
    for row in 0..impact.new.table().len() {
        let (Some(time), Some(verdict)) = (impact.new.facts().time(row), impact.new.verdict(row)) else { continue };
        let hour = usize::try_from(zone.civil(time).hour()).unwrap_or(0);
        if let Some(count) = rhythm.get_mut(hour).and_then(|hour| hour.get_mut(verdict as usize)) {
            *count += 1;
        }
    }
    rhythm
}

impl Chart {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bars| bars.counts.iter().all(|count| *count == 0))
    }

    /// The title with the rows left out of every figure, so that a copy of the chart carries them.
    pub fn heading(&self) -> LocalText {
        match &self.rows_left_out {
            None => self.title.clone(),
            Some(rows) => LocalText::new(format!("{} ({})", self.title.en, rows.en), format!("{}（{}）", self.title.zh, rows.zh)),
        }
    }

    /// The numbers as CSV, with a header.
    pub fn csv(&self, language: Language) -> String {
        let heading = self.heading();
        let head = [heading.get(language)].into_iter();
        let mut text = Cells::Guarded.line(head.chain(self.series.iter().map(|series| series.name.get(language))));
        for bars in &self.bars {
            let counts: Vec<String> = bars.counts.iter().map(u64::to_string).collect();
            text.push_str(&Cells::Guarded.line([bars.name.get(language)].into_iter().chain(counts.iter().map(String::as_str))));
        }
        text
    }
}
