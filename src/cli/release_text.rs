//! What a release holds, for a terminal.

use std::fmt::Write;

use super::columns::{Columns, count, share};
use crate::model::{Status, Verdict};
use crate::release::Release;
use crate::text::{Language, LocalText};

/// Name, digest, origin, content and evidence.
#[must_use]
pub fn text(release: &Release, language: Language) -> String {
    let say = |en: &str, zh: &str| LocalText::new(en, zh).get(language).to_owned();
    let definition = release.definition();
    let rule_set = &definition.rule_set;
    let provenance = release.provenance();
    let rules = |status| rule_set.rules().filter(|(_, _, rule)| rule.status == status).count();
    let mut columns = Columns::new(2);
    let mut row = |en: &str, zh: &str, value: String| columns.row([say(en, zh), value]);
    row("rule set", "规则集", format!("{} {}", release.name(), release.version()));
    row("title", "名称", rule_set.title.get(language).to_owned());
    row("digest", "摘要", release.digest().to_string());
    row("made by", "经办", format!("{}, {}", provenance.maker, provenance.created_at));
    row("approvals", "审批", release.approvals().len().to_string());
    row("engine", "引擎", format!("Countersign {}, rhai {}", release.engine().countersign, release.engine().rhai));
    let (active, shadow, off) = (rules(Status::Active), rules(Status::Shadow), rules(Status::Off));
    row(
        "rules",
        "规则",
        say(&format!("{active} active, {shadow} shadow, {off} off"), &format!("{active} 启用，{shadow} 影子，{off} 停用")),
    );
    row("parameters", "参数", rule_set.parameters.len().to_string());
    for (id, list) in &rule_set.lists {
        row("list", "名单", format!("{id}: {}", count(list.entries.len() as u64)));
    }
    let evidence = release.evidence();
    if let Some(cases) = &evidence.cases {
        row("cases", "用例", format!("{} / {}", cases.passed, cases.total));
    }
    for sample in &evidence.samples {
        row("requests", "请求", format!("{}: {} ({})", sample.file, count(sample.requests), sample.digest));
        for verdict in Verdict::ALL {
            let requests = sample.verdicts.get(verdict);
            let name = verdict.text();
            row(
                &format!("  {}", name.en),
                &format!("  {}", name.zh),
                format!("{} ({})", count(requests), share(requests, sample.requests)),
            );
        }
        row("  failed", "  出错", count(sample.failed));
    }
    let coverage = evidence.coverage;
    let of = |hit: u64| format!("{hit} / {}", coverage.rules);
    row("rules hit by cases", "用例命中规则", of(coverage.hit_by_cases));
    row("rules hit by requests", "请求命中规则", of(coverage.hit_by_samples));
    if let Some(live) = &evidence.against {
        row("flips against live", "与现行版本不同", format!("{} ({})", count(live.flips), live.release));
    }
    let mut text = columns.text();
    if release.approvals().is_empty() {
        let _ = writeln!(text, "  {}", say("nobody has approved it yet", "尚未审批"));
    }
    text
}
