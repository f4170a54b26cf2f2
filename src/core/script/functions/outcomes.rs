//! The functions that make outcomes. The interpreter binds them together with the names of the rule set.

use super::{Body, Function, Gives, PURE, Takes};
use crate::model::Verdict;
use crate::script::operators::OutcomeCall;
use crate::text::StaticText;

pub static ACCEPT: Function = Function {
    name: "accept",
    parameters: &[("reason", Takes::Reason)],
    gives: Gives::Outcome,
    doc: StaticText::new(
        "Lets the request through, with a reason. The Screen stages that follow are skipped.",
        "通过该请求，并给出原因。其后的筛查阶段不再执行。",
    ),
    example: ("accept(\"UNLINKED\")", "outcome"),
    body: Body::Outcome(OutcomeCall::Verdict(Verdict::Accept)),
    foreign: &["approve", "allow", "pass", "permit"],
    write: StaticText::new("write `accept(\"REASON\")`", "请写 `accept(\"REASON\")`"),
    ..PURE
};

pub static STEP_UP: Function = Function {
    name: "step_up",
    parameters: &[("reason", Takes::Reason)],
    gives: Gives::Outcome,
    doc: StaticText::new("Asks the customer for another factor, with a reason.", "要求客户加强验证，并给出原因。"),
    example: ("step_up(\"NEW_DEVICE\")", "outcome"),
    body: Body::Outcome(OutcomeCall::Verdict(Verdict::StepUp)),
    foreign: &["challenge", "verify", "otp", "stepup", "twofactor"],
    write: StaticText::new("write `step_up(\"REASON\")`", "请写 `step_up(\"REASON\")`"),
    ..PURE
};

pub static REFER: Function = Function {
    name: "refer",
    parameters: &[("reason", Takes::Reason)],
    gives: Gives::Outcome,
    doc: StaticText::new("Hands the request to a person, with a reason.", "将请求转人工审核，并给出原因。"),
    example: ("refer(\"SYSTEM_ERROR\")", "outcome"),
    body: Body::Outcome(OutcomeCall::Verdict(Verdict::Refer)),
    foreign: &["review", "manual", "manualreview", "escalate"],
    write: StaticText::new("write `refer(\"REASON\")`", "请写 `refer(\"REASON\")`"),
    ..PURE
};

pub static DECLINE: Function = Function {
    name: "decline",
    parameters: &[("reason", Takes::Reason)],
    gives: Gives::Outcome,
    doc: StaticText::new(
        "Turns the request down, with a reason. The decision ends after this stage.",
        "拒绝该请求，并给出原因。本阶段结束后决策即告终止。",
    ),
    example: ("decline(\"NEW_DEVICE\")", "outcome"),
    body: Body::Outcome(OutcomeCall::Verdict(Verdict::Decline)),
    foreign: &["reject", "deny", "block", "refuse"],
    write: StaticText::new("write `decline(\"REASON\")`", "请写 `decline(\"REASON\")`"),
    ..PURE
};

pub static SCORE: Function = Function {
    name: "score",
    parameters: &[("points", Takes::Int), ("reason", Takes::Reason)],
    gives: Gives::Outcome,
    doc: StaticText::new(
        "Adds points to the stage's sum, with a reason; negative points lower it.",
        "向本阶段的总分加分，并给出原因；负分则减分。",
    ),
    example: ("score(25, \"NEW_DEVICE\")", "outcome"),
    body: Body::Outcome(OutcomeCall::Score),
    foreign: &["addscore", "points", "addpoints"],
    write: StaticText::new("write `score(points, \"REASON\")`", "请写 `score(points, \"REASON\")`"),
    ..PURE
};

pub static LIMIT: Function = Function {
    name: "limit",
    parameters: &[("limits", Takes::Limits)],
    gives: Gives::Outcome,
    doc: StaticText::new(
        "Sets limits; the keys are `single`, `day`, `month` and `year`. The smallest amount per limit counts.",
        "设置限额；键为 `single`（单笔）、`day`（日累计）、`month`（月累计）、`year`（年累计）。同类限额取最小值。",
    ),
    example: ("limit(#{ single: yuan(5_000), month: yuan(50_000) })", "outcome"),
    body: Body::Outcome(OutcomeCall::Limit),
    ..PURE
};

pub static ROUTE: Function = Function {
    name: "route",
    parameters: &[("interface", Takes::Interface)],
    gives: Gives::Outcome,
    doc: StaticText::new("Sends the request over an interface.", "将请求路由到指定接口。"),
    example: ("route(\"zhejiang\")", "outcome"),
    body: Body::Outcome(OutcomeCall::Route),
    ..PURE
};
