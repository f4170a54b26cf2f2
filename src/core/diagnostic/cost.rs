//! What scripts use of their budget of operations, as it is shown.

use serde::Serialize;

use crate::text::{LocalText, grouped};

/// The most that a rule used of a script's budget for one request, of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCost {
    /// The rule.
    pub rule: String,
    /// The request's key, or the case.
    pub request: String,
    /// The operations it used.
    pub operations: u64,
    /// The operations that it may use.
    pub budget: u64,
    /// Over how many requests or cases it is the most.
    pub requests: u64,
}

impl RuleCost {
    /// How much of the budget it is: `312 of 100,000 operations (0.31 %)`.
    #[must_use]
    pub fn share(&self) -> LocalText {
        let (used, of) = (grouped(self.operations), grouped(self.budget));
        let hundredths = (u128::from(self.operations) * 20_000 + u128::from(self.budget)) / (u128::from(self.budget.max(1)) * 2);
        let percent = format!("{}.{:02} %", hundredths / 100, hundredths % 100);
        LocalText::new(
            format!("{used} of {of} operations of the budget ({percent})"),
            format!("运算量上限 {of} 中的 {used}（{percent}）"),
        )
    }

    /// The same with the rule and the case, over all cases.
    #[must_use]
    pub fn of_cases(&self) -> LocalText {
        let (Self { rule, request, .. }, share) = (self, self.share());
        let cases = crate::text::counted(self.requests, "case", "cases");
        LocalText::new(
            format!("most work of a rule over {cases}: {}, rule `{rule}` in case `{request}`", share.en),
            format!("{} 个用例中规则的最大运算量：{}，规则 `{rule}`，用例 `{request}`", grouped(self.requests), share.zh),
        )
    }

    /// The same with the request, over all requests.
    #[must_use]
    pub fn of_requests(&self) -> LocalText {
        let (Self { request, .. }, share) = (self, self.share());
        let requests = crate::text::counted(self.requests, "request", "requests");
        LocalText::new(
            format!("most work over {requests}: {}, request `{request}`", share.en),
            format!("{} 条请求中的最大运算量：{}，请求 `{request}`", grouped(self.requests), share.zh),
        )
    }
}
