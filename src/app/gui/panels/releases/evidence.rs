//! What a release was made on, and whether it comes out the same when counted again; its cases and findings.

use countersign_core::diagnostic::Severity;
use eframe::egui::{Grid, Label, RichText, Ui, Vec2};

use super::when;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, space};
use crate::gui::widgets::section::sentence;
use crate::gui::widgets::{badge, button, section};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::model::Verdict;
use countersign_core::release::{Acknowledgement, AsideEvidence, EvidenceDifference};
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::{Command, EvidenceCheck, ReleaseRow, ResultView, Review};

pub fn show(ui: &mut Ui, row: &ReleaseRow, shown: &ResultView<'_, Review>, out: &mut Outbox) {
    let review = shown.value.filter(|_| shown.is_fresh());
    section::header(ui, say(ui, text("Evidence", "试运行依据")), |_| {});
    if let Some(review) = review {
        agrees(ui, &review.evidence, out);
    }
    stated(ui, row);
    if let Some(review) = review {
        cases(ui, review);
        findings(ui, review);
    }
    ui.add_space(space().medium);
}

fn agrees(ui: &mut Ui, counted: &EvidenceCheck, out: &mut Outbox) {
    let c = colours(ui);
    match counted {
        EvidenceCheck::Agrees => {
            let words = tr(ui, "Counted again: every figure agrees", "已重新计算：全部数字一致");
            sentence(ui, Glyph::BadgeCheck, c.success, words);
        }
        EvidenceCheck::Differs(differences) => {
            let words = match language(ui.ctx()) {
                Language::En => format!("Counted again, {} figures differ", differences.len()),
                Language::Zh => format!("重新计算后有 {} 项不一致", differences.len()),
            };
            sentence(ui, Glyph::TriangleAlert, c.error, &words);
            if differences.iter().any(|one| one.path == "cases.digest") {
                let words = tr(ui, "The workspace has other cases by now than when it was made", "工作区的用例与生成该发布时不同");
                sentence(ui, Glyph::Info, c.text_weak, words);
            }
            differ(ui, differences);
        }
        EvidenceCheck::Cannot(why) => {
            sentence(ui, Glyph::Info, c.warning, &format!("{} {}", tr(ui, "Not counted again:", "未重新计算："), local(ui, why)));
            ui.horizontal(|ui| {
                ui.add_space(space().medium + space().huge);
                let title = Command::OpenRequests.title();
                if button::plain(ui, Some(Glyph::FolderOpen), &local(ui, &title)).clicked() {
                    out.ask(WindowAction::Run(Command::OpenRequests));
                }
            });
            ui.add_space(space().small);
        }
    }
}

fn differ(ui: &mut Ui, differences: &[EvidenceDifference]) {
    let c = colours(ui);
    ui.horizontal_top(|ui| {
        ui.add_space(space().medium);
        Grid::new("what differs").num_columns(3).spacing(Vec2::new(space().large, space().tiny)).show(ui, |ui| {
            for head in [text("Part", "部分"), text("Stated", "所述"), text("Found", "重算")] {
                ui.label(theme::weak(ui, say(ui, head)));
            }
            ui.end_row();
            for one in differences {
                ui.label(RichText::new(&one.path).font(theme::code()));
                ui.label(short(&one.stated)).on_hover_text(&one.stated);
                ui.label(RichText::new(short(&one.found)).color(c.error)).on_hover_text(&one.found);
                ui.end_row();
            }
        });
    });
    ui.add_space(space().small);
}

/// A digest without most of it; anything else as it is.
fn short(value: &str) -> String {
    value.strip_prefix("sha256:").map_or_else(|| value.to_owned(), |hex| hex.chars().take(12).collect())
}

fn stated(ui: &mut Ui, row: &ReleaseRow) {
    let evidence = &row.evidence;
    for sample in &evidence.samples {
        let words = format!("{} · {}", sample.file, figures::count(sample.requests));
        part(ui, tr(ui, "Requests", "请求"), &words, &sample.digest.to_string());
        section::property(ui, "", |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(space().tiny);
                for verdict in Verdict::ALL {
                    badge::verdict(ui, verdict);
                    ui.label(theme::weak(ui, figures::share(sample.verdicts.get(verdict), sample.requests)));
                    ui.add_space(space().small);
                }
            });
        });
        if sample.failed > 0 {
            part(ui, tr(ui, "Failed", "出错"), &figures::count(sample.failed), "");
        }
        if let Some(aside) = &sample.set_aside {
            left_out(ui, aside);
        }
    }
    if let Some(cases) = &evidence.cases {
        let words = match language(ui.ctx()) {
            _ if cases.total == 0 => tr(ui, "none", "无").to_owned(),
            Language::En => format!("{} of {} pass", figures::count(cases.passed), figures::count(cases.total)),
            Language::Zh => format!("{}/{} 通过", figures::count(cases.passed), figures::count(cases.total)),
        };
        part(ui, tr(ui, "Cases", "用例"), &words, &cases.digest.to_string());
    }
    let coverage = evidence.coverage;
    let words = match language(ui.ctx()) {
        Language::En => {
            format!("{} by requests, {} by cases, of {}", coverage.hit_by_samples, coverage.hit_by_cases, coverage.rules)
        }
        Language::Zh => format!("请求 {}、用例 {}，共 {}", coverage.hit_by_samples, coverage.hit_by_cases, coverage.rules),
    };
    part(ui, tr(ui, "Rules hit", "命中规则"), &words, "");
    let [active, shadow, off] = row.rules;
    let words = match language(ui.ctx()) {
        Language::En => format!("{active} active, {shadow} shadow, {off} off"),
        Language::Zh => format!("{active} 启用，{shadow} 影子，{off} 停用"),
    };
    part(ui, tr(ui, "Rules", "规则"), &words, "");
    if let Some(against) = &evidence.against {
        let words = format!("{} · {}", figures::count(against.flips), against.release.short());
        part(ui, tr(ui, "Flips", "决策改变"), &words, &against.release.to_string());
        for one in &against.acknowledged {
            acknowledged(ui, one);
        }
    }
}

/// Rows that are in no figure, why, and who answers for them.
fn left_out(ui: &mut Ui, aside: &AsideEvidence) {
    let c = colours(ui);
    let said = aside.rows.sentence();
    part(ui, tr(ui, "Left out", "剔除"), &figures::count(aside.rows.rows), &aside.rows.digest.to_string());
    sentence(ui, Glyph::TriangleAlert, c.warning, &local(ui, &said));
    for line in aside.rows.reason_lines() {
        section::help(ui, &local(ui, &line));
    }
    for one in &aside.acknowledged {
        acknowledged(ui, one);
    }
    if aside.open() > 0 {
        let words = format!("{} {}", figures::count(aside.open()), tr(ui, "acknowledged by nobody", "条无人确认"));
        sentence(ui, Glyph::CircleX, c.error, &words);
    }
}

fn acknowledged(ui: &mut Ui, one: &Acknowledgement) {
    let words = format!("{} {} {}", figures::count(one.count), tr(ui, "acknowledged by", "项已确认："), one.by);
    let more = if one.comment.is_empty() { String::new() } else { format!(" · “{}”", one.comment) };
    sentence(ui, Glyph::CheckCheck, colours(ui).success, &format!("{words} · {}{more}", when(one.at)));
}

fn part(ui: &mut Ui, name: &str, words: &str, hover: &str) {
    let shown = section::property(ui, name, |ui| ui.add(Label::new(words).truncate())).inner;
    if !hover.is_empty() {
        shown.on_hover_text(hover);
    }
}

/// The workspace's cases under the release's rules.
fn cases(ui: &mut Ui, review: &Review) {
    let Some(cases) = &review.cases else { return };
    let c = colours(ui);
    let counts = cases.counts;
    let wrong = counts.failed + counts.unusable;
    section::header(ui, say(ui, text("Cases under its rules", "按其规则运行用例")), |_| {});
    if counts.passed + wrong == 0 {
        let words = tr(ui, "The workspace has no cases", "工作区没有用例");
        return sentence(ui, Glyph::Info, c.text_weak, words);
    }
    let words = match language(ui.ctx()) {
        Language::En if (wrong, counts.passed) == (0, 1) => "the only one passes".to_owned(),
        Language::En if wrong == 0 => format!("all {} pass", counts.passed),
        Language::En => format!("{wrong} of {} fail", counts.passed + wrong),
        Language::Zh if wrong == 0 => format!("{} 个全部通过", counts.passed),
        Language::Zh => format!("{} 个中有 {wrong} 个未通过", counts.passed + wrong),
    };
    let (glyph, colour) = if wrong == 0 { (Glyph::CircleCheck, c.success) } else { (Glyph::CircleX, c.error) };
    sentence(ui, glyph, colour, &words);
    for failing in cases.failing.iter().take(20) {
        sentence(ui, Glyph::CircleX, c.error, &local(ui, failing));
    }
}

fn findings(ui: &mut Ui, review: &Review) {
    let c = colours(ui);
    section::header(ui, say(ui, text("Findings", "检查结果")), |_| {});
    if review.findings.is_empty() {
        sentence(ui, Glyph::CircleCheck, c.success, tr(ui, "The check finds nothing", "检查未发现问题"));
    }
    for (finding, place) in &review.findings {
        let colour = match finding.severity {
            Severity::Error => c.error,
            Severity::Warning => c.warning,
            Severity::Note => c.note,
        };
        let words = format!("{} · {place}", local(ui, &finding.message));
        sentence(ui, icons::severity(finding.severity), colour, words.trim_end_matches(" · "));
    }
}
