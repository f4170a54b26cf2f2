//! The figures of a run: what reports and screens show. All integers are exact, everything is in a fixed order.

mod labels;
mod load;
mod rules;
mod scores;
mod summary;
mod tally;
#[cfg(test)]
mod tests;

pub use labels::{Labels, Level, Outcomes, Quality, RuleQuality};
pub use load::{InterfaceLoad, Load, Peak, RoutedBy, Traffic};
pub use rules::{ErrorLine, Example, Kind, ReasonLine, RuleLine};
pub use scores::{BandLine, ScoreBin, Scores};
pub use summary::{Duplicates, Has, InvariantLine, Summary, TimeRange, VerdictLine};

pub(crate) use load::InSecond;
pub(crate) use tally::{Distinct, Tally};
