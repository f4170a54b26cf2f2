//! Countersign: a risk-control rules workbench.
//!
//! Bank staff write risk-control and routing rules as Rhai scripts, dry-run them against sample signing requests, and export the
//! approved rule set to RON, which the payment gateway loads.
//!
//! # The code map, in reading order
//!
//! A room knows only rooms above it in this list. `tests/layers.rs` reads the sources and holds that.
//!
//! | room | what it holds | what must not be in it |
//! |---|---|---|
//! | [`text`] | sources, byte spans, lines; texts in both languages | files |
//! | [`progress`] | how far a long job is, and the wish to stop it | threads, terminals |
//! | [`diagnostic`] | findings, and one renderer a file | what is checked |
//! | [`model`] | plain data: values, schema, rule set, request, decision, case | IO, rhai, serde mirrors of files |
#[cfg(feature = "cli")]
pub mod cli;
//! | [`script`] | the strict interpreter, the typed tree, the functions scripts may call | what is said to people about a fault |
pub mod diagnostic;
pub mod engine;
#[cfg(feature = "gui")]
pub mod gui;
pub mod model;
pub mod progress;
pub mod script;
pub mod text;
