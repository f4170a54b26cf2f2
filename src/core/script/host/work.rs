//! What a run has used of its budget: the interpreter's steps, and what work on large values adds to them.
//!
//! The interpreter counts one step for an expression, however large the values are that it works on. So every function of ours that
//! reads a whole text or array charges for its size before it works, and naming a variable that holds an array or a map, which copies
//! it, charges for its elements.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult};

use super::BUDGET;
use super::value::NativeError;
use crate::script::run_error::{RunErrorKind, stopped};

/// What a function or operator costs in operations, beside the steps of its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// For each call.
    pub call: u64,
    /// So many bytes of the texts it reads are one more.
    pub bytes: usize,
}

impl Cost {
    /// Reading an amount, a rate or a time from a text.
    pub(in crate::script) const READ: Self = Self::new(4, 16);

    pub(in crate::script) const fn new(call: u64, bytes: usize) -> Self {
        Self { call, bytes }
    }

    /// The operations for texts of so many bytes together.
    #[must_use]
    pub const fn of(self, bytes: usize) -> u64 {
        self.call + (bytes / self.bytes) as u64
    }
}

/// What comparing two texts costs; the shorter one counts.
pub(in crate::script) const COMPARE: Cost = Cost::new(0, 256);
/// What joining two texts costs.
pub(in crate::script) const JOIN: Cost = Cost::new(1, 64);
/// What looking a value up in a list costs.
pub(in crate::script) const LIST: Cost = Cost::new(4, 32);
/// What finding the reason or interface of that name costs.
pub(in crate::script) const NAME: Cost = Cost::new(1, 32);

/// The operators that cost more than their steps; `==` for all that compare texts, `route` for all that name a reason or an interface.
#[cfg(test)]
pub(crate) const OPERATOR_COSTS: [(&str, Cost); 4] = [("==", COMPARE), ("+", JOIN), ("route", NAME), ("in", LIST)];

/// What else decides how far a script may run: elements of an array that are looked through, elements that are copied, the length of a
/// text that `switch` looks up, its bytes, and the variables that are searched, each as one operation.
#[cfg(test)]
pub(crate) const RATES: [usize; 5] = [LOOKED_THROUGH, COPIED, SWITCHED, SWITCHED_BYTES, SEARCHED];

/// How many elements of an array that `in` looks through are one operation.
pub(super) const LOOKED_THROUGH: usize = 4;
/// How many elements of an array that is copied are one operation; an entry of a map counts as four.
const COPIED: usize = 2;
/// The longest text that is looked up by `switch` for its steps alone.
const SWITCHED: usize = 1_024;
/// How many bytes of a longer one are one operation.
const SWITCHED_BYTES: usize = 256;
/// How many variables that lie above the one that is named are one operation, where variables are watched.
const SEARCHED: usize = 8;

/// The most that naming a watched variable adds, apart from its elements.
pub(in crate::script) const MOST_SEARCHED: u64 = (BUDGET.variables / SEARCHED) as u64;

/// The variables of a script that may hold large values, whose size counts when they are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::script) struct LargeValues {
    /// Those that may hold an array or a map.
    pub names: BTreeSet<Arc<str>>,
    /// Whether long texts count, because a `switch` looks one up.
    pub texts: bool,
}

impl LargeValues {
    pub(in crate::script) fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.texts
    }
}

thread_local! {
    /// The steps of the interpreter.
    static STEPS: Cell<u64> = const { Cell::new(0) };
    /// What was charged beside them.
    static CHARGED: Cell<u64> = const { Cell::new(0) };
    /// The large values of the script that runs; none where it has none.
    static LARGE: RefCell<Option<Arc<LargeValues>>> = const { RefCell::new(None) };
    /// Whether the request has a text longer than [`SWITCHED`].
    static LONG: Cell<bool> = const { Cell::new(false) };
}

/// A run begins on this thread.
pub(in crate::script) fn begin(large: Option<&Arc<LargeValues>>, long: bool) {
    STEPS.set(0);
    CHARGED.set(0);
    LONG.set(long);
    LARGE.with_borrow_mut(|now| *now = large.map(Arc::clone));
}

/// The operations that the last run on this thread used.
pub(in crate::script) fn used() -> u64 {
    STEPS.get().saturating_add(CHARGED.get())
}

/// Whether a text is so long that `switch` charges for it.
pub(in crate::script) fn is_long(text: &str) -> bool {
    text.len() > SWITCHED
}

/// Charges for work before it is done.
pub(super) fn charge(operations: u64) -> Result<(), Box<EvalAltResult>> {
    CHARGED.set(CHARGED.get().saturating_add(operations));
    if used() > BUDGET.operations { Err(NativeError::raise(RunErrorKind::Budget, stopped())) } else { Ok(()) }
}

/// Charges for texts of so many bytes together.
pub(super) fn texts(cost: Cost, bytes: usize) -> Result<(), Box<EvalAltResult>> {
    charge(cost.of(bytes))
}

/// Lets the engine count steps and charges together, and charge for variables where one of the scripts has any to watch.
pub(super) fn count(engine: &mut Engine) {
    engine.on_progress(|steps| {
        STEPS.set(steps);
        (used() > BUDGET.operations).then_some(Dynamic::UNIT)
    });
}

/// Lets the engine charge for variables that hold large values; for programs that have some to watch.
#[expect(deprecated, reason = "not deprecated: rhai marks what may change with another version, and the version is pinned")]
pub(in crate::script) fn watch(engine: &mut Engine) {
    engine.on_var(|name, index, context| {
        let watched = LARGE.with_borrow(|large| large.as_ref().map(|large| (large.names.contains(name), large.texts)));
        let Some((whole, _)) = watched.filter(|(whole, texts)| *whole || *texts) else { return Ok(None) };
        let scope = context.scope();
        let value = match index.checked_sub(1) {
            Some(above) => scope.iter_raw().nth(above).map(|(.., value)| value),
            None => scope.get(name),
        };
        let size = value.map_or(0, |value| if whole { elements(value) / COPIED as u64 } else { long_texts(value) });
        charge((index / SEARCHED) as u64 + size)?;
        Ok(None)
    });
}

/// The elements of an array or a map, and of those inside it.
fn elements(value: &Dynamic) -> u64 {
    if let Ok(array) = value.as_array_ref() {
        return array.iter().map(|element| 1 + elements(element)).sum();
    }
    if let Ok(map) = value.as_map_ref() {
        return map.values().map(|element| 4 + elements(element)).sum();
    }
    0
}

/// What the long texts of a value charge.
fn long_texts(value: &Dynamic) -> u64 {
    if let Ok(text) = value.as_immutable_string_ref() {
        return if is_long(&text) { (text.len() / SWITCHED_BYTES) as u64 } else { 0 };
    }
    match value.as_map_ref() {
        Ok(map) if LONG.get() => map.values().map(|value| 1 + long_texts(value)).sum(),
        _ => 0,
    }
}
