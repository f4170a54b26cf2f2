//! The fuzz targets for libFuzzer, by name.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fuzz target that cannot go on has found something"
)]

#[path = "../common"]
mod common {
    pub mod people;
    pub mod releases;
}
mod targets;

pub use targets::Target;

macro_rules! by_name {
    ($($target:ident)*) => {
        /// The names of all targets.
        pub const NAMES: &[&str] = &[$(stringify!($target)),*];

        /// The target of that name; it reads its files from the top of the repository.
        pub fn target(name: &str) -> Target {
            std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap();
            match name {
                $(stringify!($target) => targets::$target(),)*
                _ => panic!("no target `{name}`"),
            }
        }
    };
}

crate::for_each_target!(by_name);
