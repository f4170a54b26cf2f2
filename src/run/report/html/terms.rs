//! What the words and figures of the page mean.

use super::Section;
use super::text::say;
use crate::report::Report;

/// A term and its meaning, in English and Chinese.
type TermTexts = (&'static str, &'static str, &'static str, &'static str);

const ALWAYS: [TermTexts; 7] = [
    ("Hit", "命中", "The rule is active and returned an outcome for the request.", "规则处于启用状态，并对该请求给出结果。"),
    (
        "Sole hit",
        "唯一命中",
        "Of the active rules in stages of the same kind (screening, limits, routing) it was the only one that hit.",
        "在同类阶段（筛查、限额、路由）的启用规则中，只有该规则命中。",
    ),
    (
        "Shadow hit",
        "影子命中",
        "The rule is a shadow: it is evaluated and reported, and has no effect.",
        "影子规则仅执行并报告，不影响决策。",
    ),
    (
        "Decided",
        "参与结论",
        "A reason of the rule is part of the decision, so the rule took part in the final verdict; alone, when no other rule did.",
        "决策中含有该规则的原因码，即规则参与了最终结论；若无其他规则参与，则为单独决定。",
    ),
    (
        "Load",
        "负载",
        "Requests whose decision names the interface, by the second of their own time. Over capacity: more in a second than the interface carries.",
        "按请求自身时间逐秒统计决策所指定接口的请求数；某秒请求数多于接口容量即为超容量。",
    ),
    (
        "Error",
        "出错",
        "The rule could not be run to its end. The decision then takes the verdict for errors, and never lets the request through.",
        "规则未能正常执行完毕。此时决策按出错结论处理，绝不放行。",
    ),
    (
        "Invariant",
        "不变式",
        "Something that must hold for every request it speaks of, whatever the rules say.",
        "无论规则如何设置，对适用请求都必须成立的约束。",
    ),
];

const LABELLED: [TermTexts; 5] = [
    ("Precision", "精确率", "Fraud caught, of all caught with a known outcome.", "结果已知的拦截请求中，欺诈所占比例。"),
    ("Recall", "召回率", "Fraud caught, of all known fraud.", "已知欺诈请求中，被拦截的比例。"),
    (
        "False positives to fraud",
        "误报比",
        "Genuine requests caught for each fraud caught.",
        "每拦截一笔欺诈，同时误拦的正常请求笔数。",
    ),
    (
        "Saved, turned away, lost",
        "挽回、误拦、损失",
        "Amounts of fraud caught, of genuine requests caught, and of fraud let through.",
        "分别为：拦截的欺诈金额、误拦的正常金额、放行的欺诈金额。",
    ),
    (
        "Outcome unknown",
        "结果未知",
        "The request has no label: it was blocked before anything could happen, or nobody looked. It enters no ratio.",
        "该请求没有标签：在发生之前已被拦截，或未经核查；不计入任何比率。",
    ),
];

const COMPARED: [TermTexts; 2] = [
    (
        "Flip",
        "决策变化",
        "A request for which the two rule sets give another verdict, interface, reason or limit.",
        "两套规则集给出的结论、接口、原因码或限额不同的请求。",
    ),
    (
        "Caused by",
        "引起变化的规则",
        "Rules that took part differently in the two decisions and that were added, removed or edited, or read another parameter or list.",
        "在两次决策中作用不同，且自身为新增、删除、修改，或所用参数、名单有变化的规则。",
    ),
];

pub(super) fn terms(report: &Report) -> Section {
    let labelled = report.summary.labels.is_some().then_some(LABELLED).into_iter().flatten();
    let compared = report.against.is_some().then_some(COMPARED).into_iter().flatten();
    let term = |(en, zh, meaning, chinese): TermTexts| format!("<dt>{}</dt><dd>{}</dd>\n", say(en, zh), say(meaning, chinese));
    let terms: String = ALWAYS.into_iter().chain(labelled).chain(compared).map(term).collect();
    Section::new("terms", "What the words mean", "术语说明", format!("<dl class=\"terms\">\n{terms}</dl>\n"))
}
