//! What `countersign prove` tells people.

use std::fmt::Write;

use super::prove::Answered;
use countersign_core::diagnostic::Severity;
use countersign_core::model::{Definition, RuleIndex, StageIndex, StageKind};
use countersign_core::plan::semantics::TEXT_BYTES;
use countersign_core::text::{Language, LocalText};
use countersign_prove::{Direction, ProofAnswer, Question, Relation, Silence, Witness};

/// An answer that somebody should look at.
pub(super) struct Line {
    pub(super) severity: Severity,
    pub(super) message: LocalText,
    /// The request that shows it, as lines.
    request: Vec<String>,
}

#[derive(Default)]
pub(super) struct ProofCounts {
    pub(super) never: usize,
    pub(super) request: usize,
    pub(super) unknown: usize,
}

pub(super) fn counts(answered: &[Answered]) -> ProofCounts {
    answered.iter().fold(ProofCounts::default(), |mut counts, one| {
        match one.answer {
            ProofAnswer::Never => counts.never += 1,
            ProofAnswer::Request(_) => counts.request += 1,
            ProofAnswer::Unknown(_) => counts.unknown += 1,
        }
        counts
    })
}

pub(super) fn assumptions(free: bool) -> Vec<LocalText> {
    let texts = LocalText::new(
        format!("texts are not empty, in normal form where the schema takes them so, and have at most {TEXT_BYTES} bytes"),
        format!("文本非空，按模式要求采用规范形式，且不超过 {TEXT_BYTES} 字节"),
    );
    let parameters = if free {
        LocalText::new("parameters may have any value of their ranges", "参数可取其范围内的任意值")
    } else {
        LocalText::new("parameters have the values that are set", "参数取当前设定的值")
    };
    vec![LocalText::new("requests fit the schema", "请求符合模式"), texts, parameters]
}

/// The relation's word in JSON.
pub(super) fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Equivalent => "equivalent",
        Direction::OnlyStricter => "only_stricter",
        Direction::OnlyMilder => "only_milder",
        Direction::Incomparable => "incomparable",
        Direction::Unknown => "unknown",
    }
}

fn rule_id(definition: &Definition, rule: RuleIndex) -> &str {
    definition.rule_set.rule(rule).map_or("?", |rule| rule.id.as_str())
}

fn stage_id(definition: &Definition, stage: StageIndex) -> &str {
    definition.rule_set.stages.get(stage.at()).map_or("?", |stage| stage.id.as_str())
}

fn band_start(definition: &Definition, stage: StageIndex, band: usize) -> String {
    match definition.rule_set.stages.get(stage.at()).map(|stage| &stage.kind) {
        Some(StageKind::Screen { bands, .. }) => bands.get(band).map_or_else(String::new, |band| band.at_least.to_string()),
        _ => String::new(),
    }
}

/// What a question asks about, as the subject of a sentence.
fn subject(definition: &Definition, question: Question) -> LocalText {
    match question {
        Question::Fires(rule) => {
            let id = rule_id(definition, rule);
            LocalText::new(format!("whether rule `{id}` can fire"), format!("规则 `{id}` 能否命中"))
        }
        Question::Fails(rule) => {
            let id = rule_id(definition, rule);
            LocalText::new(format!("whether rule `{id}` can fail"), format!("规则 `{id}` 是否可能出错"))
        }
        Question::Unrouted(stage) => {
            let id = stage_id(definition, stage);
            LocalText::new(
                format!("whether stage `{id}` can leave a request without a route"),
                format!("阶段 `{id}` 是否可能不给出路由"),
            )
        }
        Question::InBand(stage, band) => {
            let (id, start) = (stage_id(definition, stage), band_start(definition, stage, band));
            LocalText::new(
                format!("whether the band from {start} of stage `{id}` is reached"),
                format!("阶段 `{id}` 的 {start} 分档能否达到"),
            )
        }
        Question::Breaks(at) => {
            let id = definition.rule_set.invariants.get(at).map_or("?", |invariant| invariant.id.as_str());
            LocalText::new(format!("whether invariant `{id}` holds"), format!("不变量 `{id}` 是否成立"))
        }
        Question::Milder => LocalText::new("whether a verdict is milder", "是否有更宽松的结论"),
        Question::Stricter => LocalText::new("whether a verdict is stricter", "是否有更严格的结论"),
    }
}

/// The line for an answer; none where it is as it should be.
pub(super) fn line(definition: &Definition, one: &Answered) -> Option<Line> {
    let request = match &one.answer {
        ProofAnswer::Request(witness) => shown(definition, witness),
        _ => Vec::new(),
    };
    let (severity, message) = match (&one.answer, one.question) {
        (ProofAnswer::Unknown(reason), question) => {
            let (what, why) = (subject(definition, question), reason.text());
            (
                Severity::Warning,
                LocalText::new(format!("unknown {}: {}", what.en, why.en), format!("未知：{}（{}）", what.zh, why.zh)),
            )
        }
        (ProofAnswer::Never, Question::Fires(rule)) => (Severity::Warning, silent(definition, rule, one.silence.as_ref())),
        (ProofAnswer::Never, Question::InBand(stage, band)) => {
            let (id, start) = (stage_id(definition, stage), band_start(definition, stage, band));
            let text = LocalText::new(
                format!("no request reaches the band from {start} of stage `{id}`"),
                format!("没有请求能达到阶段 `{id}` 的 {start} 分档"),
            );
            (Severity::Warning, text)
        }
        (ProofAnswer::Request(_), Question::Fails(rule)) => {
            let id = rule_id(definition, rule);
            (Severity::Note, LocalText::new(format!("rule `{id}` can fail at run time"), format!("规则 `{id}` 运行时可能出错")))
        }
        (ProofAnswer::Request(_), Question::Unrouted(stage)) => {
            let id = stage_id(definition, stage);
            let text =
                LocalText::new(format!("stage `{id}` can leave a request without a route"), format!("阶段 `{id}` 可能不给出路由"));
            (Severity::Error, text)
        }
        (ProofAnswer::Request(_), Question::Breaks(at)) => {
            let invariant = definition.rule_set.invariants.get(at)?;
            let text = LocalText::new(
                format!("invariant `{}` can be broken: {}", invariant.id, invariant.title.en),
                format!("不变量 `{}` 可能被违反：{}", invariant.id, invariant.title.zh),
            );
            (Severity::Error, text)
        }
        _ => return None,
    };
    Some(Line { severity, message, request })
}

/// Why a rule never fires.
fn silent(definition: &Definition, rule: RuleIndex, silence: Option<&Silence>) -> LocalText {
    let id = rule_id(definition, rule);
    match silence {
        Some(Silence::Shadowed(by)) => {
            let by: Vec<String> = by.iter().map(|by| format!("`{}`", rule_id(definition, *by))).collect();
            LocalText::new(
                format!(
                    "rule `{id}` never fires: for each request that it fits, a rule before it decides the stage: {}",
                    by.join(", ")
                ),
                format!("规则 `{id}` 从不命中：凡符合其条件的请求，均由前面的规则先行决定：{}", by.join("、")),
            )
        }
        Some(Silence::NotReached) => LocalText::new(
            format!("rule `{id}` never fires: no request that it fits reaches its stage"),
            format!("规则 `{id}` 从不命中：符合其条件的请求均到不了该阶段"),
        ),
        Some(Silence::Alone) => LocalText::new(
            format!("rule `{id}` never fires: its conditions hold for no request"),
            format!("规则 `{id}` 从不命中：没有请求符合其条件"),
        ),
        _ => LocalText::new(format!("rule `{id}` never fires"), format!("规则 `{id}` 从不命中")),
    }
}

/// The fields and parameters that matter for a request, as lines.
fn shown(definition: &Definition, witness: &Witness) -> Vec<String> {
    let zone = definition.schema.zone;
    let fields = witness.matters.iter().filter_map(|field| {
        let value = witness.request.get(*field).show(zone);
        Some(format!("{} = {}", definition.schema.name_of(*field)?, if value.is_empty() { "()" } else { &value }))
    });
    let parameters = witness.parameters.iter().filter_map(|(index, value)| {
        let (id, _) = definition.rule_set.parameters.get_index(index.at())?;
        Some(format!("params.{id} = {}", value.show(zone)))
    });
    fields.chain(parameters).collect()
}

pub(super) fn page(
    definition: &Definition,
    answered: &[Answered],
    lines: &[Line],
    relation: Option<&Relation>,
    free: bool,
    language: Language,
) -> String {
    let mut page = String::new();
    let mut put = |line: &str| {
        // Writing into a text does not fail.
        let _ = writeln!(page, "{line}");
    };
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by_key(|line| std::cmp::Reverse(line.severity));
    for line in sorted {
        let colon = if language == Language::Zh { "：" } else { ": " };
        put(&format!("{}{colon}{}", line.severity.text().get(language), line.message.get(language)));
        for field in &line.request {
            put(&format!("    {field}"));
        }
    }
    for one in answered {
        if let (ProofAnswer::Never, Question::Breaks(at)) = (&one.answer, one.question)
            && let Some(invariant) = definition.rule_set.invariants.get(at)
        {
            let text = LocalText::new("proved", "已证明");
            let colon = if language == Language::Zh { "：" } else { ": " };
            put(&format!("{}{colon}`{}`{colon}{}", text.get(language), invariant.id, invariant.title.get(language)));
        }
    }
    if let Some(relation) = relation {
        for line in related(definition, relation, language) {
            put(&line);
        }
    }
    let counts = counts(answered);
    let summary = LocalText::new(
        format!(
            "{} questions about every request there can be: {} answered by a proof, {} by a request, {} unknown",
            answered.len(),
            counts.never,
            counts.request,
            counts.unknown
        ),
        format!(
            "就所有可能的请求共提出 {} 个问题：{} 个由证明回答，{} 个由请求回答，{} 个未知",
            answered.len(),
            counts.never,
            counts.request,
            counts.unknown
        ),
    );
    put(summary.get(language));
    let assumed: Vec<String> = assumptions(free).iter().map(|text| text.get(language).to_owned()).collect();
    let (title, between) = if language == Language::Zh { ("前提：", "；") } else { ("assumed: ", "; ") };
    put(&format!("{title}{}", assumed.join(between)));
    page
}

/// How verdicts relate to those of the other rule set, with requests.
fn related(definition: &Definition, relation: &Relation, language: Language) -> Vec<String> {
    let word = match relation.direction() {
        Direction::Equivalent => LocalText::new("the verdict is the same for every request: proved", "对所有请求结论相同：已证明"),
        Direction::OnlyStricter => {
            LocalText::new("no verdict is milder: proved; some are stricter", "没有更宽松的结论：已证明；部分结论更严格")
        }
        Direction::OnlyMilder => {
            LocalText::new("no verdict is stricter: proved; some are milder", "没有更严格的结论：已证明；部分结论更宽松")
        }
        Direction::Incomparable => LocalText::new("some verdicts are milder, some stricter", "部分结论更宽松，部分更严格"),
        Direction::Unknown => LocalText::new("how verdicts compare is unknown", "结论的比较结果未知"),
    };
    let mut lines = vec![word.get(language).to_owned()];
    let parts = [
        (&relation.milder, LocalText::new("milder for", "更宽松的请求")),
        (&relation.stricter, LocalText::new("stricter for", "更严格的请求")),
    ];
    for (answer, title) in parts {
        match answer {
            ProofAnswer::Request(witness) => {
                lines.push(format!("  {}", title.get(language)));
                lines.extend(shown(definition, witness).into_iter().map(|field| format!("    {field}")));
            }
            ProofAnswer::Unknown(reason) => lines.push(format!("  {}: {}", title.get(language), reason.text().get(language))),
            ProofAnswer::Never => {}
        }
    }
    lines
}
