//! Changes in words. The window, the terminal and the reports all show these.

use super::DecisionChange;
use super::changes::ChangedValue;
use super::known::KnownEffect;
use crate::decisions::{ByLabel, Sums};
use countersign_core::model::{Limit, Verdict};
use countersign_core::text::{Language, LocalText, counted, grouped, yuan};

/// `49 declined requests now get through, ¥392,000.00 in all, 34 known fraud`.
pub(super) fn change(change: DecisionChange, requests: &ByLabel, way: Option<&ChangedValue>, has_more_ways: bool) -> LocalText {
    let count = requests.all().requests;
    let said = match change {
        DecisionChange::Verdict(old, new) => verdict(count, old, new),
        DecisionChange::Route => {
            let en = if count == 1 { "takes another interface" } else { "take another interface" };
            LocalText::new(format!("{} {en}", plain(count)), format!("{} 笔请求改走其他接口", grouped(count)))
        }
        DecisionChange::LimitRaised(of) => limit(count, of, ("a higher", "提高")),
        DecisionChange::LimitLowered(of) => limit(count, of, ("a lower", "降低")),
        DecisionChange::Reasons => {
            let en = if count == 1 { "gets other reasons" } else { "get other reasons" };
            LocalText::new(format!("{} {en}", plain(count)), format!("{} 笔请求的原因改变", grouped(count)))
        }
    };
    let way = way.filter(|_| !matches!(change, DecisionChange::Verdict(..)));
    joined(&[said, way.map(|way| from_to(way, has_more_ways)).unwrap_or_default(), amount(&requests.all()), known(requests)])
}

/// What changes for requests whose outcome became known, what is lost first.
pub fn known_effect(effect: &KnownEffect) -> Vec<LocalText> {
    let line = |sums: &Sums, en: (&str, &str), zh: &str| {
        let said = LocalText::new(counted(sums.requests, en.0, en.1), format!("{zh} {} 笔", grouped(sums.requests)));
        joined(&[said, amount(sums)])
    };
    let mut lines = vec![
        line(&effect.fraud_let_through, ("fraud newly let through", "frauds newly let through"), "新放过的欺诈"),
        line(&effect.fraud_caught, ("fraud newly caught", "frauds newly caught"), "新拦截的欺诈"),
        line(&effect.genuine_hindered, ("genuine request newly hindered", "genuine requests newly hindered"), "新增受阻的正常请求"),
    ];
    if effect.genuine_released.requests > 0 {
        let en = ("genuine request no longer hindered", "genuine requests no longer hindered");
        lines.push(line(&effect.genuine_released, en, "不再受阻的正常请求"));
    }
    lines
}

fn plain(count: u64) -> String {
    counted(count, "request", "requests")
}

fn verdict(count: u64, old: Verdict, new: Verdict) -> LocalText {
    let (was, was_zh) = match old {
        Verdict::Accept => ("accepted", "通过"),
        Verdict::StepUp => ("stepped-up", "加强验证"),
        Verdict::Refer => ("referred", "转人工审核"),
        Verdict::Decline => ("declined", "拒绝"),
    };
    let one = count == 1;
    let (now, now_zh) = match new {
        Verdict::Accept => (if one { "now gets through" } else { "now get through" }, "现予通过"),
        Verdict::StepUp => (if one { "is now stepped up" } else { "are now stepped up" }, "现需加强验证"),
        Verdict::Refer => (if one { "is now referred" } else { "are now referred" }, "现转人工审核"),
        Verdict::Decline => (if one { "is now declined" } else { "are now declined" }, "现予拒绝"),
    };
    let requests = counted(count, &format!("{was} request"), &format!("{was} requests"));
    LocalText::new(format!("{requests} {now}"), format!("{} 笔原结论为{was_zh}的请求{now_zh}", grouped(count)))
}

fn limit(count: u64, limit: Limit, (en, zh): (&str, &str)) -> LocalText {
    let (name, name_zh) = match limit {
        Limit::Single => ("single limit", "单笔限额"),
        Limit::Day => ("daily limit", "日累计限额"),
        Limit::Month => ("monthly limit", "月累计限额"),
        Limit::Year => ("yearly limit", "年累计限额"),
    };
    let gets = if count == 1 { "gets" } else { "get" };
    LocalText::new(format!("{} {gets} {en} {name}", plain(count)), format!("{} 笔请求的{name_zh}{zh}", grouped(count)))
}

fn from_to(way: &ChangedValue, has_more: bool) -> LocalText {
    let said = |language| format!("{} → {}", way.old.get(language), way.new.get(language));
    let (en, zh) = (said(Language::En), said(Language::Zh));
    if !has_more {
        return LocalText::new(en, zh);
    }
    let count = grouped(way.requests);
    LocalText::new(format!("most often {en} ({count})"), format!("最多为 {zh}（{count} 笔）"))
}

fn amount(sums: &Sums) -> LocalText {
    if sums.with_amount == 0 {
        return LocalText::default();
    }
    let amount = money(sums.amount_fen);
    LocalText::new(format!("{amount} in all"), format!("金额合计 {amount}"))
}

/// An amount of fen in yuan: `¥1,234.50`.
pub(super) fn money(fen: i128) -> String {
    let text = yuan(fen);
    text.strip_prefix('-').map_or_else(|| format!("¥{text}"), |size| format!("−¥{size}"))
}

fn known(requests: &ByLabel) -> LocalText {
    let (fraud, genuine) = (requests.fraud.requests, requests.genuine.requests);
    let of = |count: u64, en: &str, zh: &str| match count {
        0 => LocalText::default(),
        _ => LocalText::new(format!("{} {en}", grouped(count)), format!("{zh} {} 笔", grouped(count))),
    };
    joined(&[of(fraud, "known fraud", "已知欺诈"), of(genuine, "known genuine", "已知正常")])
}

/// The parts that say something, with commas between them.
fn joined(parts: &[LocalText]) -> LocalText {
    let said = || parts.iter().filter(|part| !part.en.is_empty());
    let with = |language, comma| said().map(|part| part.get(language)).collect::<Vec<_>>().join(comma);
    LocalText::new(with(Language::En, ", "), with(Language::Zh, "，"))
}
