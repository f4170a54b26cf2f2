//! Every fuzz target reads damaged copies of its seeds, the same ones in every run. A longer run takes
//! `COUNTERSIGN_FUZZ_ROUNDS=1000000 cargo test --release --test product fuzz::TARGET`; `tests/fuzz/run` has libFuzzer damage them instead,
//! which needs a nightly compiler.

mod mutate;
#[macro_use]
mod targets;

macro_rules! tests {
    ($($target:ident)*) => {
        $(#[test]
        fn $target() {
            mutate::fuzz(stringify!($target), &targets::$target());
        })*
    };
}

for_each_target!(tests);
