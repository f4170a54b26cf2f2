//! The product as a whole: one program, a module for each subject.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod checks;
mod cli;
mod common;
mod crash;
mod explain;
mod foreign;
mod fuzz;
mod headless;
mod in_ci;
mod lifecycle;
mod one_meaning;
mod personal;
mod readers;
mod release;
mod report;
mod serve;
mod shipped;
mod signatures;
mod soundness;
mod stream;
mod structure;
mod window;
mod workspace;
