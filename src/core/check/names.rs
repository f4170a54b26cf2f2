//! Names in scripts that mean nothing, or that may not be used where they are.

use super::context::Context;
use super::kinds::{
    DYNAMIC_INTERFACE, DYNAMIC_REASON, GROUP_AS_VALUE, LABEL_VISIBLE, UNKNOWN_ENUM_VALUE, UNKNOWN_FIELD, UNKNOWN_FUNCTION,
    UNKNOWN_INTERFACE, UNKNOWN_LIMIT, UNKNOWN_LIST, UNKNOWN_PARAMETER, UNKNOWN_REASON, UNKNOWN_VARIABLE,
};
use super::wording;
use crate::diagnostic::{Finding, nearest, suggest};
use crate::model::{FieldIndex, InterfaceId, Limit, StageKind};
use crate::script::tree::{NameKind, UnknownName};
use crate::script::{foreign, functions};
use crate::text::{LocalText, Span};

pub(super) fn unknown_name(name: &UnknownName) -> Finding {
    match name.kind {
        NameKind::Field | NameKind::Group => unknown_field(name),
        NameKind::Parameter => unknown_parameter(name),
        NameKind::List => unknown_list(name),
        NameKind::Variable => unknown_variable(name),
        NameKind::Function => unknown_function(name),
    }
}

fn unknown_field(name: &UnknownName) -> Finding {
    let UnknownName { kind, name: written, group, span, known } = name;
    let message = match (kind, group) {
        (NameKind::Field, None) => return unknown_property(name),
        (NameKind::Group, _) | (_, None) => {
            LocalText::new(format!("the schema has no group `{written}`"), format!("请求结构中没有字段组 `{written}`"))
        }
        (_, Some(group)) => LocalText::new(
            format!("the schema has no field `{group}.{written}`"),
            format!("请求结构中没有字段 `{group}.{written}`"),
        ),
    };
    suggest(Finding::new(UNKNOWN_FIELD, *span, message), written, known.iter().map(String::as_str))
}

/// A property of a value, as other languages write it: values have none.
fn unknown_property(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("a value has no property `{written}`"), format!("值没有属性 `{written}`"));
    let help = foreign::name(written).map_or_else(
        || {
            LocalText::new(
                "call a function instead: `explain --function all` lists them",
                "请改用函数：`explain --function all` 列出全部函数",
            )
        },
        |(help, _)| help,
    );
    Finding::new(UNKNOWN_FIELD, name.span, message).with_help(help)
}

fn unknown_parameter(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("the rule set has no parameter `{written}`"), format!("规则集中没有参数 `{written}`"));
    suggest(Finding::new(UNKNOWN_PARAMETER, name.span, message), written, name.known.iter().map(String::as_str))
}

fn unknown_list(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("the rule set has no list `{written}`"), format!("规则集中没有名单 `{written}`"));
    suggest(Finding::new(UNKNOWN_LIST, name.span, message), written, name.known.iter().map(String::as_str))
}

fn unknown_variable(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("nothing is called `{written}` here"), format!("此处没有名为 `{written}` 的变量"));
    let finding = Finding::new(UNKNOWN_VARIABLE, name.span, message);
    if functions::find(written).is_some() {
        return finding.with_help(LocalText::new(
            format!("`{written}` is a function: write it with its arguments, `{written}(…)`; a function is no value"),
            format!("`{written}` 是函数：请连同参数写作 `{written}(…)`；函数不能作为值使用"),
        ));
    }
    let known = name.known.iter().map(String::as_str);
    match foreign::name(written).filter(|_| nearest(written, known.clone()).is_none()) {
        Some((help, _)) => finding.with_help(help),
        None => suggest(finding, written, known),
    }
}

fn unknown_function(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("there is no function `{written}`"), format!("没有名为 `{written}` 的函数"));
    let finding = Finding::new(UNKNOWN_FUNCTION, name.span, message);
    match foreign::name(written) {
        Some((help, Some(same))) => finding.with_help(help).with_fix(name.span, same),
        Some((help, None)) => finding.with_help(help),
        None => suggest(finding, written, name.known.iter().map(String::as_str)),
    }
}

pub(super) fn unknown_enum_value(cx: &Context<'_>, span: Span, value: &str, known: &[String]) -> Finding {
    let message = LocalText::new(format!("`{value}` is none of the values this can have"), format!("`{value}` 不是此处可能的取值"));
    let mut finding =
        wording::suggest_quoted(cx, Finding::new(UNKNOWN_ENUM_VALUE, span, message), value, known.iter().map(String::as_str));
    // A parameter, a list or several values in one text: the place of the value is not the place of the name.
    finding.fix = finding.fix.filter(|_| cx.text(span).get(1..).is_some_and(|rest| rest.trim_end_matches(['"', '`']) == value));
    finding
}

pub(super) fn unknown_interface(cx: &Context<'_>, span: Option<Span>, name: &str) -> Finding {
    let message = LocalText::new(format!("the rule set has no interface `{name}`"), format!("规则集中没有接口 `{name}`"));
    let known = cx.definition.rule_set.interfaces.keys().map(InterfaceId::as_str);
    wording::suggest_quoted(cx, Finding::new(UNKNOWN_INTERFACE, span, message), name, known)
}

/// Unknown interfaces in the defaults of Route stages and in what cases expect.
pub(super) fn unknown_interfaces(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let mut named: Vec<(String, &str)> = Vec::new();
    for stage in &rules.stages {
        if let StageKind::Route { default: Some(name) } = &stage.kind {
            named.push((format!("stages.{}.kind.default", stage.id), name.as_str()));
        }
    }
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        if let Some(Some(name)) = &case.expect.interface {
            named.push((format!("cases.{}.expect.interface", case.id), name.as_str()));
        }
    }
    let unknown = named.into_iter().filter(|(_, name)| !rules.interfaces.contains_key(*name));
    unknown.map(|(path, name)| unknown_interface(cx, cx.place(&path), name)).collect()
}

pub(super) fn unknown_reason(cx: &Context<'_>, span: Option<Span>, code: &str) -> Finding {
    let message = LocalText::new(format!("the rule set has no reason `{code}`"), format!("规则集中没有原因码 `{code}`"));
    wording::suggest_quoted(cx, Finding::new(UNKNOWN_REASON, span, message), code, cx.reason_names())
}

/// Unknown reasons in `on_error` and in what cases expect.
pub(super) fn unknown_reasons(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let mut findings = Vec::new();
    let code = rules.on_error.reason.as_str();
    if !rules.reasons.contains_key(code) {
        findings.push(unknown_reason(cx, cx.place("on_error.reason"), code));
    }
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        let expected = case.expect.reasons.iter().flatten().enumerate();
        for (position, code) in expected.filter(|(_, code)| !rules.reasons.contains_key(code.as_str())) {
            let place = cx.place(&format!("cases.{}.expect.reasons.{position}", case.id));
            findings.push(unknown_reason(cx, place, code.as_str()));
        }
    }
    findings
}

pub(super) fn unknown_limit(span: Span, key: &str) -> Finding {
    let message = LocalText::new(format!("there is no limit `{key}`"), format!("没有名为 `{key}` 的限额"));
    let known = Limit::ALL.map(Limit::word);
    suggest(Finding::new(UNKNOWN_LIMIT, span, message), key, known.into_iter())
}

pub(super) fn group_as_value(cx: &Context<'_>, span: Span, name: &str) -> Finding {
    let message = LocalText::new(format!("`{name}` is a group, not a value"), format!("`{name}` 是一组成员，不是值"));
    let member = cx.first_member(name).unwrap_or_else(|| "…".to_owned());
    let help = LocalText::new(
        format!("name one of its members, such as `{name}.{member}`"),
        format!("请写明其中的成员，例如 `{name}.{member}`"),
    );
    Finding::new(GROUP_AS_VALUE, span, message).with_help(help)
}

pub(super) fn label_visible(cx: &Context<'_>, span: Span, field: FieldIndex) -> Finding {
    let name = cx.definition.schema.name_of(field).unwrap_or_default();
    let message =
        LocalText::new(format!("`{name}` is the label, which no script may read"), format!("`{name}` 是标签，脚本不得读取"));
    let help = LocalText::new(
        "use fields that are known when the request arrives; the label is for the dry run's scoring only",
        "请使用请求到达时已知的字段；标签仅供试运行评估使用",
    );
    Finding::new(LABEL_VISIBLE, span, message).with_help(help)
}

pub(super) fn dynamic_reason(span: Span) -> Finding {
    let message = LocalText::new("nobody can say beforehand which reason this is", "无法事先确定此处是哪个原因码");
    let help = LocalText::new(
        "write the code in quotes, in one `if` branch for each reason",
        "请用引号直接写出原因码，每个原因码各用一个 `if` 分支",
    );
    Finding::new(DYNAMIC_REASON, span, message).with_help(help)
}

pub(super) fn dynamic_interface(span: Span) -> Finding {
    let message = LocalText::new("nobody can say beforehand which interface this is", "无法事先确定此处是哪个接口");
    let help = LocalText::new(
        "write the interface in quotes, or use a field or parameter whose enum has only interfaces",
        "请用引号直接写出接口，或使用取值全部为接口的枚举字段或参数",
    );
    Finding::new(DYNAMIC_INTERFACE, span, message).with_help(help)
}
