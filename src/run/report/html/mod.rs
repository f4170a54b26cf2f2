//! One page that stands alone: no scripts, nothing loaded, both languages in it with a switch, made to be printed as well as read.
//!
//! The switch is two radio buttons and style rules, so the page works where scripts are forbidden; its own policy forbids everything
//! but its styles. Every text from outside is escaped. The same report gives the same bytes.

mod chart;
mod comparison;
mod head;
mod labels;
mod load;
mod overview;
mod parts;
mod rules;
mod scores;
mod terms;
pub(crate) mod text;

use super::Report;
use countersign_core::text::{Language, LocalText};
use text::{both, escape};

const STYLE: &str = include_str!("page.css");

struct Section {
    id: &'static str,
    title: LocalText,
    body: String,
}

impl Section {
    fn new(id: &'static str, en: &str, zh: &str, body: String) -> Self {
        Self { id, title: LocalText::new(en, zh), body }
    }
}

/// The page; `language` is the one it opens in.
pub fn html(report: &Report, language: Language) -> String {
    let sections = sections(report);
    let mut page = String::with_capacity(64 * 1024);
    page.push_str(&opening(report, language));
    page.push_str(&head::head(report));
    page.push_str(&contents(&sections));
    for (at, section) in sections.iter().enumerate() {
        let (no, id, title) = (at + 1, section.id, both(&section.title));
        page.push_str(&format!(
            "<section>\n<h2 id=\"{id}\"><span class=\"no\">{no}</span>{title}</h2>\n{}</section>\n",
            section.body
        ));
    }
    page.push_str(&head::foot(report));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn sections(report: &Report) -> Vec<Section> {
    let summary = &report.summary;
    let mut sections = vec![overview::verdicts(summary)];
    if let Some(against) = &report.against {
        sections.push(comparison::changes(summary, against));
        sections.push(comparison::flips(against, &report.explained.flips));
    }
    sections.push(rules::rules(summary, &report.explained.rules));
    sections.push(rules::reasons(summary));
    if !summary.load.interfaces.is_empty() {
        sections.push(load::load(summary));
    }
    sections.push(scores::scores(summary));
    if let Some(labels) = &summary.labels {
        sections.push(labels::labels(summary, labels, report.about.samples.set_aside.as_ref()));
    }
    sections.push(rules::soundness(summary, &report.explained.invariants));
    sections.push(terms::terms(report));
    sections
}

fn opening(report: &Report, language: Language) -> String {
    let (lang, en, zh) = match language {
        Language::En => ("en", " checked", ""),
        Language::Zh => ("zh-CN", "", " checked"),
    };
    let title = escape(report.about.rule_set.title.get(language));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} {version}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n\
         <input class=\"pick\" type=\"radio\" name=\"language\" id=\"show-en\"{en}>\
         <input class=\"pick\" type=\"radio\" name=\"language\" id=\"show-zh\"{zh}>\n\
         <div class=\"switch\"><label for=\"show-en\" lang=\"en\">English</label><label for=\"show-zh\" lang=\"zh-CN\">中文</label></div>\n\
         {icons}<main>\n",
        version = escape(&report.about.rule_set.version),
        icons = parts::ICONS,
    )
}

fn contents(sections: &[Section]) -> String {
    let entry = |(at, section): (usize, &Section)| {
        let (no, id, title) = (at + 1, section.id, both(&section.title));
        format!("<li><span class=\"no\">{no}</span><a href=\"#{id}\">{title}</a></li>\n")
    };
    let entries: String = sections.iter().enumerate().map(entry).collect();
    format!("<nav><ol class=\"contents\">\n{entries}</ol></nav>\n")
}
