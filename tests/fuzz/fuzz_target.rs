//! The target that the binary is named after.
#![no_main]

use countersign_fuzz::{Target, target};

thread_local! {
    static TARGET: Target = target(env!("CARGO_BIN_NAME"));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET.with(|target| (target.read)(bytes)));
