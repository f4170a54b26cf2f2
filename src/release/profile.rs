//! Which interpreter gives a release's scripts their meaning.

/// The number of the script language this program runs: raised with every change of what a script means or how far it may run.
///
/// A release with a higher number is refused: its author saw another interpreter decide.
pub const PROFILE: u32 = 1;

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

    #[test]
    fn the_version_of_rhai_is_the_pinned_one() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(manifest.contains(&format!("rhai = {{ version = \"={RHAI}\"")));
    }
}
