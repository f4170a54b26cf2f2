//! What a release holds, for a terminal.

use std::fmt::Write;

use super::columns::{Columns, count, share};
use countersign_core::model::{Status, Verdict};
use countersign_core::release::{self, Approval, Release, Requirements, SigningChecklist};
use countersign_core::text::{Language, LocalText, counted};

/// Name, digest, origin, content and evidence.
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
    if let Some(old) = provenance.rolls_back {
        row("rolls back to", "回退至", old.to_string());
    }
    for approval in release.approvals() {
        let text = format!("{}, {}", approval.principal, approval.time);
        if approval.is_submission() {
            row("submitted by", "提交", text);
        } else if approval.ends() {
            let rejected = approval.role == release::REJECTED;
            let (en, zh) = if rejected { ("rejected by", "驳回") } else { ("withdrawn by", "撤回") };
            row(en, zh, text);
        } else {
            row("approved by", "审批", format!("{text}, {}", approval.role));
        }
    }
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
        if let Some(aside) = &sample.set_aside {
            let said = aside.rows.sentence();
            row("  left out", "  剔除", say(&said.en, &said.zh));
            for line in aside.rows.reason_lines() {
                row("", "", say(&line.en, &line.zh));
            }
            row("  digest of these", "  剔除记录摘要", aside.rows.digest.to_string());
            for one in &aside.acknowledged {
                let text = format!("{} {}, {}: {}", count(one.count), one.by, one.at, one.comment);
                row("  acknowledged", "  已确认", text);
            }
            if aside.open() > 0 {
                row("  not acknowledged", "  未确认", count(aside.open()));
            }
        }
    }
    let coverage = evidence.coverage;
    let of = |hit: u64| format!("{hit} / {}", coverage.rules);
    row("rules hit by cases", "用例命中规则", of(coverage.hit_by_cases));
    row("rules hit by requests", "请求命中规则", of(coverage.hit_by_samples));
    if let Some(live) = &evidence.against {
        row("flips against live", "与生效版本不同", format!("{} ({})", count(live.flips), live.release));
        for one in &live.acknowledged {
            let text = format!("{} {}, {}: {}", count(one.count), one.by, one.at, one.comment);
            row("  acknowledged", "  已确认", text);
        }
        let not_compared = evidence.rows_left_out();
        if not_compared > 0 {
            row("  not compared", "  未对比", count(not_compared));
        }
    }
    let mut text = columns.text();
    if !release.approvals().iter().any(Approval::counts) {
        let _ = writeln!(text, "  {}", say("nobody has approved it yet", "尚未审批"));
    }
    text
}

/// Who must sign a release, a line each, and who may still.
pub fn checklist(checklist: &SigningChecklist, language: Language) -> String {
    if checklist.lines.is_empty() {
        return String::new();
    }
    let (given, needed) = (checklist.given(), checklist.needed());
    let head = LocalText::new(format!("who must sign: {given} of {needed} approvals"), format!("签名清单：审批 {given}/{needed}"));
    let mut text = format!("{}\n", head.get(language));
    for line in &checklist.lines {
        let mark = if line.is_met() { '+' } else { '-' };
        let _ = write!(text, "  {mark} {}", line.title().get(language));
        if let Some(open_to) = line.open_to() {
            let _ = write!(text, "{}{}", if language == Language::Zh { "；" } else { "; " }, open_to.get(language));
        }
        text.push('\n');
    }
    text
}

/// What changed from one release to another, a line each.
pub fn changes(old: &Release, new: &Release, language: Language) -> String {
    let mut changes = release::changes(Some(old.definition()), new.definition());
    release::read_changes(&mut changes, Some(old.definition()), new.definition());
    let head = LocalText::new(
        format!("{} since {} {}", counted(changes.len(), "change", "changes"), old.name(), old.version()),
        format!("相对 {} {} 的变更：{} 项", old.name(), old.version(), changes.len()),
    );
    let mut lines: Vec<String> = Vec::new();
    for change in &changes {
        lines.push(format!("  {}\n", change.text.get(language)));
        lines.extend(change.readings.iter().map(|reading| format!("    {}\n", reading.get(language))));
    }
    for (file, aside) in new.evidence().left_out() {
        lines.push(format!("  {}\n", aside.rows.of_file(file).get(language)));
    }
    format!("{}\n{}", head.get(language), lines.concat())
}

/// That a release holds, and what was looked at to say so.
pub fn holds(release: &Release, requirements: &Requirements, is_counted: bool) -> LocalText {
    let digest = release.digest();
    let names: Vec<String> = release
        .approvals()
        .iter()
        .filter(|approval| approval.counts())
        .map(|approval| format!("{} ({})", approval.principal, approval.role))
        .collect();
    let approved = match (requirements.trust.is_some(), names.is_empty()) {
        (true, false) => LocalText::new(format!("approved by {}", names.join(", ")), format!("审批人：{}", names.join("、"))),
        (true, true) => LocalText::new("approved by nobody, and nobody was asked for", "无人审批，也未要求审批"),
        (false, _) => LocalText::new("signatures not verified", "未验证签名"),
    };
    let evidence = if is_counted {
        LocalText::new("the same evidence", "试运行依据一致")
    } else {
        LocalText::new("evidence not counted again", "未重新计算试运行依据")
    };
    LocalText::new(
        format!("release {digest} holds; {}; {}\n", approved.en, evidence.en),
        format!("发布 {digest} 有效；{}；{}\n", approved.zh, evidence.zh),
    )
}
