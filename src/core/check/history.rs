//! Derived fields: what they name, what their functions give, and the conditions of their events.

use super::context::Context;
use super::kinds::{
    DERIVED_CURRENT, DERIVED_PERSONAL, DERIVED_REFERENCE, DERIVED_TYPE, LABEL_VISIBLE, UNKNOWN_FIELD, UNKNOWN_LIST,
    UNKNOWN_PARAMETER,
};
use crate::diagnostic::{Finding, suggest};
use crate::model::{CurrentRequest, Derived, Field, FieldName, FieldType, HistoryWindow, Schema};
use crate::script::Program;
use crate::script::tree::{ExprKind, walk};
use crate::text::{LocalText, Span};

pub(super) fn derived_fields(cx: &Context<'_>) -> Vec<Finding> {
    let schema = &cx.definition.schema;
    let mut findings = Vec::new();
    for (_, name, field, derived) in schema.derived() {
        let checked = CheckedField { cx, schema, name: &name, field, derived };
        let before = findings.len();
        findings.extend(derived.names().filter_map(|used| checked.reference(used, checked.place_of(used))));
        if findings.len() == before {
            findings.extend(checked.key());
            findings.extend(checked.result());
            findings.extend(checked.personal());
            findings.extend(checked.current());
        }
    }
    findings.extend(conditions(cx));
    findings
}

struct CheckedField<'a> {
    cx: &'a Context<'a>,
    schema: &'a Schema,
    name: &'a str,
    field: &'a Field,
    derived: &'a Derived,
}

/// A part of a derived field's definition, or the field where the part has no place.
fn place(cx: &Context<'_>, name: &str, part: &str) -> Option<Span> {
    let (group, own) = name.rsplit_once('.').unwrap_or(("", name));
    let path = format!("schema.{group}.{own}");
    cx.place(&format!("{path}.{part}")).or_else(|| cx.place(&path))
}

impl CheckedField<'_> {
    fn place(&self, part: &str) -> Option<Span> {
        place(self.cx, self.name, part)
    }

    /// Where the definition names a field.
    fn place_of(&self, used: &FieldName) -> Option<Span> {
        if let Some(at) = self.derived.by.iter().position(|by| by == used) {
            return self.place(&format!("derived.by.{at}"));
        }
        let is_argument = self.derived.function.argument() == Some(used);
        self.place(if is_argument { "derived.function" } else { "derived.over" })
    }

    /// What is wrong with a field that the definition names.
    fn reference(&self, used: &FieldName, span: Option<Span>) -> Option<Finding> {
        let Some((_, field)) = self.schema.find(used.as_str()) else {
            let known: Vec<String> = self.schema.fields().map(|(_, name, _)| name).collect();
            let message = LocalText::new(format!("there is no field `{used}`"), format!("没有名为 `{used}` 的字段"));
            let mut finding = suggest(Finding::new(UNKNOWN_FIELD, span, message), used.as_str(), known.iter().map(String::as_str));
            // The place is larger than the name.
            finding.fix = None;
            return Some(finding);
        };
        if !self.schema.is_visible(used.as_str()) {
            return Some(label(used.as_str(), span));
        }
        field.derived.is_some().then(|| derived_in_derived(self.name, used.as_str(), span))
    }

    /// Fields of the key and of the window that are of a type that cannot be there.
    fn key(&self) -> Vec<Finding> {
        let kind = |name: &FieldName| self.schema.find(name.as_str()).map(|(_, field)| field.kind.clone());
        let fractions = self.derived.by.iter().filter(|name| kind(name) == Some(FieldType::Float));
        let mut findings: Vec<Finding> = fractions
            .map(|name| {
                let message = LocalText::new(
                    format!("`{name}` is of type `Float`, and numbers with fractions are no key"),
                    format!("`{name}` 的类型是 `Float`，小数不能作为分组键"),
                );
                let help = LocalText::new(
                    "name fields in `by` that identify something: of type Text, Int, Enum, Bool, Money or Time",
                    "请在 `by` 中使用可标识对象的字段，类型为 Text、Int、Enum、Bool、Money 或 Time",
                );
                Finding::new(DERIVED_TYPE, self.place_of(name), message).with_help(help)
            })
            .collect();
        if let HistoryWindow::Since(name) = &self.derived.over
            && let Some(kind) = kind(name).filter(|kind| *kind != FieldType::Time)
        {
            let kind = kind.name();
            let message = LocalText::new(
                format!("`Since` needs a time, and `{name}` is of type `{kind}`"),
                format!("`Since` 需要时间字段，而 `{name}` 的类型是 `{kind}`"),
            );
            let help = LocalText::new("name a field of type `Time`", "请使用类型为 `Time` 的字段");
            findings.push(Finding::new(DERIVED_TYPE, self.place("derived.over"), message).with_help(help));
        }
        findings
    }

    /// Whether the type and `optional` are what the function gives.
    fn result(&self) -> Vec<Finding> {
        let (name, is) = (self.name, self.field.kind.name());
        let argument = self.derived.function.argument();
        let of = argument.and_then(|of| self.schema.find(of.as_str())).map(|(_, field)| &field.kind);
        let Some(gives) = self.derived.function.result(of) else {
            let (argument, of) = (argument.map(ToString::to_string).unwrap_or_default(), of.map_or("", FieldType::name));
            let message = LocalText::new(
                format!("the function of `{name}` cannot be computed of `{argument}`, which is of type `{of}`"),
                format!("`{name}` 的函数不能用于类型为 `{of}` 的字段 `{argument}`"),
            );
            let help = LocalText::new(
                "`Sum` and `Mean` take Int or Money; `Min` and `Max` Int, Money, Float or Time; `CountDistinct`, `First`, `Last` and \
                 `IsFirst` any field",
                "`Sum` 和 `Mean` 用于 Int 或 Money；`Min` 和 `Max` 用于 Int、Money、Float 或 Time；`CountDistinct`、`First`、`Last` 和 `IsFirst` 可用于任意字段",
            );
            return vec![Finding::new(DERIVED_TYPE, self.place("derived.function"), message).with_help(help)];
        };
        if gives != self.field.kind {
            let kind = gives.name();
            let message = LocalText::new(
                format!("`{name}` is of type `{is}`, and its function gives `{kind}`"),
                format!("`{name}` 的类型是 `{is}`，而其函数的结果是 `{kind}`"),
            );
            let is_enum = matches!(gives, FieldType::Enum(_));
            let help = if is_enum {
                LocalText::new("write the same type with the same values as that field", "请写与该字段相同的类型和取值")
            } else {
                LocalText::new(format!("write `type: {kind}`"), format!("请写 `type: {kind}`"))
            };
            return vec![Finding::new(DERIVED_TYPE, self.place("type"), message).with_help(help)];
        }
        let may_miss = self.derived.may_miss(self.schema);
        if may_miss == self.field.optional {
            return Vec::new();
        }
        let (message, help) = if may_miss {
            (
                LocalText::new(
                    format!("`{name}` may be missing: without a key, or without an event"),
                    format!("`{name}` 可能为空：缺少分组键，或没有事件"),
                ),
                LocalText::new(
                    "write `optional: true`, and guard it in scripts",
                    "请写 `optional: true`，并在脚本中先判断是否为空",
                ),
            )
        } else {
            (
                LocalText::new(format!("`{name}` is never missing"), format!("`{name}` 不会为空")),
                LocalText::new("remove `optional: true`", "请删除 `optional: true`"),
            )
        };
        vec![Finding::new(DERIVED_TYPE, self.place("optional"), message).with_help(help)]
    }

    /// A value of a personal field is personal.
    fn personal(&self) -> Option<Finding> {
        let of = self.derived.function.argument().filter(|_| self.derived.function.gives_values())?;
        let (_, source) = self.schema.find(of.as_str())?;
        (source.personal && !self.field.personal).then(|| {
            let name = self.name;
            let message = LocalText::new(
                format!("`{name}` shows values of `{of}`, which is personal"),
                format!("`{name}` 会显示个人信息字段 `{of}` 的值"),
            );
            let help = LocalText::new("write `personal: true`", "请写 `personal: true`");
            Finding::new(DERIVED_PERSONAL, self.place("derived.function"), message).with_help(help)
        })
    }

    /// A figure that says nothing because the request itself is always the latest event.
    fn current(&self) -> Option<Finding> {
        let is_fixed = self.derived.current == CurrentRequest::Included && self.derived.function.is_fixed_by_current();
        is_fixed.then(|| {
            let name = self.name;
            let message = LocalText::new(
                format!("`{name}` is the same for every request that is an event: the request itself is the latest one"),
                format!("`{name}` 对每个作为事件的请求都相同：最近的事件就是请求自身"),
            );
            let help = LocalText::new("write `current: Excluded`", "请写 `current: Excluded`");
            Finding::new(DERIVED_CURRENT, self.place("derived.current"), message).with_help(help)
        })
    }
}

fn label(name: &str, span: Option<Span>) -> Finding {
    let message = LocalText::new(
        format!("`{name}` is the label, which is known only afterwards and is no part of a history"),
        format!("`{name}` 是标签，事后才可知，不能用于历史指标"),
    );
    let help = LocalText::new("use fields that are known when the request arrives", "请使用请求到达时已知的字段");
    Finding::new(LABEL_VISIBLE, span, message).with_help(help)
}

fn derived_in_derived(name: &str, used: &str, span: Option<Span>) -> Finding {
    let message = LocalText::new(
        format!("`{name}` is derived and uses `{used}`, which is derived too"),
        format!("派生字段 `{name}` 使用了同为派生字段的 `{used}`"),
    );
    let help = LocalText::new(
        "use fields that requests bring; put what both have in common into a condition `where` of each",
        "请使用请求自带的字段；共同的条件请分别写入各自的 `where`",
    );
    Finding::new(DERIVED_REFERENCE, span, message).with_help(help)
}

/// What is wrong with the conditions of events.
fn conditions(cx: &Context<'_>) -> Vec<Finding> {
    let alone = cx.definition.history_conditions();
    if alone.rule_set.invariants.is_empty() {
        return Vec::new();
    }
    let schema = &cx.definition.schema;
    let compiled = Program::compile(&alone);
    let mut findings = Vec::new();
    for (at, invariant) in alone.rule_set.invariants.iter().enumerate() {
        let name = invariant.when.file.as_str();
        let Some(tree) = compiled.program.condition(at) else { continue };
        walk(tree, &mut |expr| {
            let field = if let ExprKind::Field(index) = expr.kind { schema.field(index).map(|field| (index, field)) } else { None };
            if let Some((index, _)) = field.filter(|(_, field)| field.derived.is_some()) {
                let used = schema.name_of(index).unwrap_or_default();
                findings.push(derived_in_derived(name, &used, Some(expr.span)));
            }
        });
    }
    findings.extend(super::check_compiled(&alone, &compiled, None));
    let sources = alone.rule_set.invariants.iter().map(|invariant| (&invariant.when, &invariant.when.text));
    let held: Vec<_> = sources.collect();
    let mut placed = Vec::new();
    for mut finding in findings {
        let Some(span) = finding.span else { continue };
        let Some((script, text)) = held.iter().find(|(script, _)| script.source == span.source) else { continue };
        let written = place(cx, &script.file, "derived.where");
        let is_verbatim = written.is_some_and(|at| cx.text(at).get(1..).is_some_and(|rest| rest.starts_with(text.as_ref())));
        let inside = |span: Span| match written {
            Some(at) if is_verbatim => Span {
                source: at.source,
                start: at.start + 1 + span.start,
                end: (at.start + 1).saturating_add(span.end).min(at.end),
            },
            _ => written.unwrap_or_default(),
        };
        if [UNKNOWN_PARAMETER, UNKNOWN_LIST].contains(&finding.kind) {
            finding.message = LocalText::new(
                "the condition of a derived field reads fields of requests only: no parameters and no lists",
                "派生字段的条件只能读取请求字段，不能使用参数和名单",
            );
            let remedy = LocalText::new(
                "write the value itself: what is counted must not change with a parameter",
                "请直接写出该值：统计口径不应随参数变化",
            );
            (finding.help, finding.fix) = (Some(remedy.into()), None);
        }
        finding.span = written.map(|_| inside(span));
        finding.notes.retain(|(span, _)| span.is_none());
        finding.fix = finding.fix.filter(|_| is_verbatim).map(|fix| {
            let span = inside(fix.span);
            crate::diagnostic::Fix { span, ..fix }
        });
        placed.push(finding);
    }
    placed
}
