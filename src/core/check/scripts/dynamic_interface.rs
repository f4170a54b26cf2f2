//! `dynamic-interface`: an interface that is neither written out nor an enum of interfaces.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "dynamic-interface",
    severity: Severity::Error,
    title: StaticText::new(
        "an interface that is neither written out nor an enum of interfaces",
        "未直接写明、也不是接口枚举的接口",
    ),
    what: StaticText::new(
        "Finds `route` with an interface that is computed. A text in quotes will do, or a field or parameter whose enum has only known interfaces.",
        "找出接口由计算得出的 `route`。应使用带引号的文本，或取值全部为已登记接口的枚举字段或参数。",
    ),
    why: StaticText::new(
        "A computed name may be that of no interface, and that would show only at run time.",
        "计算出的名称可能不是任何接口，而这只有运行时才会暴露。",
    ),
    example: Example::Entry { part: Part::RouteScript, wrong: "route(customer.id_hash)", right: r#"route("branch_1")"# },
    remedy: StaticText::new(
        "Write the interface out, or give the field or parameter an enum type with the interfaces as its values.",
        "请直接写出接口，或将该字段或参数的类型改为以接口为取值的枚举。",
    ),
});

/// Says that the interface must be known beforehand.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("nobody can say beforehand which interface this is", "无法事先确定此处是哪个接口");
    let help = LocalText::new(
        "write the interface in quotes, or use a field or parameter whose enum has only interfaces",
        "请用引号直接写出接口，或使用取值全部为接口的枚举字段或参数",
    );
    CHECK.finding(span, message).with_help(help)
}
