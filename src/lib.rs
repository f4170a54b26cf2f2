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
//! | [`script`] | the strict interpreter, the typed tree, the functions scripts may call | what is said to people about a fault |
//! | [`plan`] | every rule as a typed expression graph, and one request decided by it | words of errors: those are the interpreter's |
//! | [`check`] | one file a check: what it finds, why it matters, how to mend it; what other rooms find, in one table each | running rules |
//! | `requests` | the columnar table, its readers and writers, the sample generator | rules |
//! | [`engine`] | decide one request, dry-run many, compare two rule sets, run cases | findings of checks, files |
//! | `prove` | what holds for every request, with a request where it does not | readers, files, words of findings |
//! | `release` | the exported file: mirrors, canonical text, digest, evidence, verification | request files |
//! | `gateway` | what a gateway uses: load, refuse, decide, replace; in `gateway/files` its files | readers, screens; threads and files elsewhere |
//! | `report` | a dry run and a comparison as JSON, HTML, CSV, Parquet | deciding |
//! | `workspace` | the folder: load, save; the only room that opens files, and its twin in memory | meaning of rules |
//! | `session` | the application without a screen: actions, undo, jobs, what panels show | a toolkit, a terminal |
//! | `cli` | one file a verb | anything a window needs |
//! | `gui` | the window | anything a terminal needs |
//!
//! Where it departs from a one-to-one list of ideas: parameters belong to the rule set and not to one rule, since most policies share
//! them; how rules combine (`engine/combine.rs`) is apart from how one rule is evaluated, so that every way of evaluating shares it;
//! the plan stands above the checks, since one of them says which rules it cannot run.

pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod gateway;
#[cfg(feature = "gui")]
pub mod gui;
pub mod model;
pub mod plan;
pub mod progress;
#[cfg(feature = "desk")]
pub mod prove;
pub mod release;
#[cfg(feature = "desk")]
pub mod report;
#[cfg(feature = "desk")]
pub mod requests;
pub mod script;
#[cfg(feature = "desk")]
pub mod session;
pub mod text;
#[cfg(feature = "desk")]
pub mod workspace;
