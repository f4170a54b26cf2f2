//! Which interpreter gives a release's scripts their meaning.

/// The number of the script language this program runs: raised with every change of what a script means or how far it may run.
///
/// A release with a higher number is refused: its author saw another interpreter decide.
pub const PROFILE: u32 = 3;

/// The version of rhai that `Cargo.toml` pins.
const RHAI: &str = "1.27.0";

/// The interpreter that a release was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The language's number, see [`PROFILE`].
    pub number: u32,
    /// The version of rhai.
    pub rhai: String,
    /// The version of this program.
    pub countersign: String,
}

impl Profile {
    /// This program's own.
    #[must_use]
    pub fn own() -> Self {
        Self { number: PROFILE, rhai: RHAI.to_owned(), countersign: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Digest;
    use crate::script::{BUDGET, DISABLED, OPERATOR_COSTS, RATES, functions};

    /// What the number identifies: the digest of everything that a script may use and of its limits.
    const MEANS: (u32, &str) = (3, "sha256:82ae7db038efa6208b2aeb14dbe71a2b339a25732ec43ab5d7fd8e513c8b995d");

    #[test]
    fn what_a_script_may_do_changes_with_the_number_only() {
        let functions = functions::ALL.iter().map(|function| {
            let charge = function.charge.map(|charge| (charge.cost, charge.counted));
            format!("{} {:?} {charge:?}", function.signature(), function.gives)
        });
        let functions = functions.collect::<Vec<_>>().join("\n");
        let (costs, rates) = (OPERATOR_COSTS, RATES);
        let digest =
            Digest::of(format!("rhai {RHAI}\n{BUDGET:?}\n{costs:?} {rates:?}\n{DISABLED:?}\n{functions}").as_bytes()).to_string();
        assert_eq!(
            (PROFILE, digest.as_str()),
            MEANS,
            "scripts may use or do something else than before: raise `PROFILE` by one, then put the new pair here"
        );
    }

    #[test]
    fn the_version_of_rhai_is_the_pinned_one() {
        let manifest = include_str!("../../../Cargo.toml");
        assert!(manifest.contains(&format!("rhai = {{ version = \"={RHAI}\"")));
    }
}
