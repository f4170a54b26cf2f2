//! A dry run in a screenful: verdicts, the rules that hit most, load, labels, what is broken, and what flips.

use std::fmt::Write;

use super::columns::{Columns, count, mask, share, yuan};
use countersign_core::model::SetAside;
use countersign_core::text::{Language, LocalText, counted};
use countersign_run::HistoryFigures;
use countersign_run::compare::{Effects, Figures, known_effect};
use countersign_run::figures::{Labels, Summary};
use countersign_run::report::Report;

/// How many rules and groups of flips are listed; the report has them all.
const LISTED: usize = 12;

/// The summary of a report, ended by a line break.
pub fn text(report: &Report, language: Language) -> String {
    let page = SummaryPage { language };
    let summary = &report.summary;
    let mut text = page.head(report);
    text.push_str(&page.history(summary));
    text.push_str(&page.verdicts(summary));
    text.push_str(&page.rules(summary));
    text.push_str(&page.load(summary));
    if let Some(labels) = &summary.labels {
        text.push_str(&page.labels(labels, report.about.samples.set_aside.as_ref()));
    }
    text.push_str(&page.troubles(summary));
    if let Some(against) = &report.against {
        text.push_str(&page.flips(&against.figures, report.about.samples.set_aside.as_ref()));
    }
    text
}

struct SummaryPage {
    language: Language,
}

impl SummaryPage {
    fn say(&self, en: impl Into<String>, zh: impl Into<String>) -> String {
        LocalText::new(en, zh).get(self.language).to_owned()
    }

    fn head(&self, report: &Report) -> String {
        let (summary, about) = (&report.summary, &report.about);
        let requests = count(summary.all.requests);
        let mut text = format!("{} {}\n", about.rule_set.title.get(self.language), about.rule_set.version);
        let time = summary.time.as_ref().map_or(String::new(), |time| format!(", {} – {}", time.first, time.last));
        let file = &about.samples.file;
        let _ = writeln!(
            text,
            "{}",
            self.say(format!("{requests} requests from {file}{time}"), format!("{file}：{requests} 条请求{time}"))
        );
        if let Some(aside) = &about.samples.set_aside {
            let _ = writeln!(text, "{}", aside.sentence().get(self.language));
            for line in aside.reason_lines() {
                let _ = writeln!(text, "  {}", line.get(self.language));
            }
        }
        text
    }

    /// What derived fields were computed from.
    fn history(&self, summary: &Summary) -> String {
        let mut text = String::new();
        for remark in summary.history.iter().flat_map(HistoryFigures::remarks) {
            let _ = writeln!(text, "  {}", remark.get(self.language));
        }
        if text.is_empty() { text } else { format!("\n{}\n{text}", self.say("derived fields", "派生字段")) }
    }

    fn verdicts(&self, summary: &Summary) -> String {
        let mut columns = Columns::new(1);
        let mut head = vec![self.say("verdict", "结论"), self.say("requests", "请求数"), self.say("share", "占比")];
        if summary.has.amounts {
            head.push(self.say("amount", "金额"));
        }
        if summary.has.customers {
            head.push(self.say("customers", "客户数"));
        }
        columns.row(head);
        for line in &summary.verdicts {
            let requests = line.sums.requests;
            let mut row = vec![line.text.get(self.language).to_owned(), count(requests), share(requests, summary.all.requests)];
            if summary.has.amounts {
                row.push(yuan(line.sums.amount_fen));
            }
            if summary.has.customers {
                row.push(count(line.customers));
            }
            columns.row(row);
        }
        format!("\n{}", columns.text())
    }

    fn rules(&self, summary: &Summary) -> String {
        let mut lines: Vec<_> = summary.rules.iter().filter(|line| line.hits.requests + line.shadow_hits.requests > 0).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.hits.requests + line.shadow_hits.requests));
        let mut columns = Columns::new(2);
        columns.row([
            self.say("rule", "规则"),
            self.say("title", "名称"),
            self.say("hits", "命中"),
            self.say("sole hits", "独占命中"),
        ]);
        for line in lines.iter().take(LISTED) {
            let shadow = line.hits.requests == 0 && line.shadow_hits.requests > 0;
            let hits = if shadow { format!("{} ◌", count(line.shadow_hits.requests)) } else { count(line.hits.requests) };
            columns.row([line.rule.to_string(), line.title.get(self.language).to_owned(), hits, count(line.sole_hits)]);
        }
        let silent = summary.rules.len() - lines.len();
        let more = lines.len().saturating_sub(LISTED);
        let note = self.say(
            format!("{more} more rules hit, {silent} hit nothing; ◌ marks a shadow"),
            format!("另有 {more} 条规则命中，{silent} 条未命中；◌ 表示影子规则"),
        );
        format!("\n{}  {note}\n", columns.text())
    }

    fn load(&self, summary: &Summary) -> String {
        let mut columns = Columns::new(1);
        let head = [
            self.say("interface", "接口"),
            self.say("routed", "路由请求"),
            self.say("peak/s", "峰值/秒"),
            self.say("capacity/s", "容量/秒"),
            self.say("seconds over", "超载秒数"),
        ];
        columns.row(head);
        for line in &summary.load.interfaces {
            let peak = line.routed.peak_second.as_ref().map_or(0, |peak| peak.requests);
            let capacity = line.capacity_per_second.map_or("–".to_owned(), count);
            let over = line.routed.seconds_over_capacity.map_or("–".to_owned(), count);
            columns.row([line.title.get(self.language).to_owned(), count(line.routed.requests), count(peak), capacity, over]);
        }
        format!("\n{}", columns.text())
    }

    fn labels(&self, labels: &Labels, aside: Option<&SetAside>) -> String {
        let mut columns = Columns::new(1);
        columns.row([
            self.say("stopped at", "拦截标准"),
            self.say("precision", "准确率"),
            self.say("recall", "召回率"),
            self.say("fraud caught", "拦截欺诈"),
            self.say("genuine stopped", "误拦正常"),
            self.say("outcome unknown", "结果未知"),
        ]);
        for level in &labels.levels {
            let quality = &level.quality;
            columns.row([
                format!("≥ {}", level.at_least),
                share(quality.precision.part, quality.precision.whole),
                share(quality.recall.part, quality.recall.whole),
                count(quality.caught.fraud.requests),
                count(quality.caught.genuine.requests),
                count(quality.caught.unknown.requests),
            ]);
        }
        let mut text = format!("\n{}", columns.text());
        for level in &labels.levels {
            let recall = level.quality.recall;
            if let Some(worst) = aside.and_then(|aside| aside.recall_sentence(recall.part, recall.whole)) {
                let _ = writeln!(text, "  ≥ {}: {}", level.at_least, worst.get(self.language));
            }
        }
        text
    }

    fn troubles(&self, summary: &Summary) -> String {
        let mut text = String::new();
        for line in &summary.errors {
            let rule = line.rule.as_ref().map_or(line.stage.to_string(), ToString::to_string);
            let requests = count(line.requests);
            let example = line.examples.first().map_or("", |example| example.message.as_str());
            let said = self.say(
                format!("`{rule}` failed on {requests} requests: {example}"),
                format!("`{rule}` 在 {requests} 条请求上出错：{example}"),
            );
            let _ = writeln!(text, "  {said}");
        }
        for line in summary.invariants.iter().filter(|line| line.broken + line.failed > 0) {
            let (broken, title) = (count(line.broken + line.failed), line.title.get(self.language));
            let key = line.examples.first().map_or("", |example| example.key.as_str());
            let said = self.say(
                format!("invariant `{}` is broken by {broken} requests, first `{key}`: {title}", line.invariant),
                format!("不变式 `{}` 被 {broken} 条请求违反，首条为 `{key}`：{title}", line.invariant),
            );
            let _ = writeln!(text, "  {said}");
        }
        if summary.duplicates.keys > 0 {
            let (keys, rows) = (count(summary.duplicates.keys), count(summary.duplicates.rows));
            let said = self.say(
                format!("{keys} keys occur more than once ({rows} rows beyond the first)"),
                format!("{keys} 个键重复出现（多出 {rows} 条）"),
            );
            let _ = writeln!(text, "  {said}");
        }
        if text.is_empty() { text } else { format!("\n{text}") }
    }

    fn flips(&self, figures: &Figures, aside: Option<&SetAside>) -> String {
        let flips = figures.effects.flips.any;
        let mut head =
            self.say(format!("{} requests are decided differently", count(flips)), format!("{} 条请求的决策不同", count(flips)));
        if let Some(aside) = aside {
            let rows = aside.rows;
            head += &self.say(
                format!("; {} left out and not compared", counted(rows, "row", "rows")),
                format!("；{} 条记录被剔除，未参与对比", count(rows)),
            );
        }
        if flips == 0 {
            return format!("\n{head}\n");
        }
        let mut text = format!("\n{head}\n");
        let known = figures.effects.known.iter().flat_map(known_effect);
        for line in figures.effects.changes.iter().map(|line| line.sentence.clone()).chain(known) {
            let _ = writeln!(text, "  {}", mask(line.get(self.language)));
        }
        format!("{text}\n{}", self.causes(&figures.effects))
    }

    /// The rules that cause flips, each with what it changes.
    fn causes(&self, effects: &Effects) -> String {
        let mut columns = Columns::new(2);
        let mut head = vec![
            self.say("because of", "起因规则"),
            self.say("change", "变化"),
            self.say("requests", "请求数"),
            self.say("amount", "金额"),
        ];
        if effects.known.is_some() {
            head.push(self.say("fraud let through", "新放过欺诈"));
            head.push(self.say("fraud caught", "新拦截欺诈"));
            head.push(self.say("genuine hindered", "正常受阻"));
        }
        columns.row(head);
        for group in effects.groups.iter().take(LISTED) {
            let causes: Vec<&str> = group.causes.iter().map(|known| known.rule.as_str()).collect();
            let changes: Vec<String> = group
                .transitions
                .iter()
                .take(3)
                .map(|(old, new, requests)| format!("{old} → {new}: {}", count(*requests)))
                .collect();
            let causes = if causes.is_empty() { self.say("a stage's settings", "阶段设置") } else { causes.join(", ") };
            let mut row = vec![causes, changes.join("; "), count(group.cell.sums.requests), yuan(group.cell.sums.amount_fen)];
            if let Some(known) = &group.known {
                let sums = [known.fraud_let_through, known.fraud_caught, known.genuine_hindered];
                row.extend(sums.iter().map(|sums| count(sums.requests)));
            }
            columns.row(row);
        }
        columns.text()
    }
}
