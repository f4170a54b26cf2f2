//! What tests share: a folder of its own in which the real program runs, and releases with the people who sign them.
#![allow(dead_code, reason = "each test is a program of its own and takes what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[cfg(feature = "desk")]
pub mod people;
pub mod releases;
#[cfg(feature = "desk")]
pub mod scratch;
