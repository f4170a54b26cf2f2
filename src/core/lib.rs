//! All that a gateway needs: what rules mean, how they are checked, one request decided, releases.
//!
//! | module | what it holds | what must not be in it |
//! |---|---|---|
//! | [`text`] | sources, byte spans, lines; texts in both languages | files |
//! | [`progress`] | how far a long job is, and whether it is cancelled | threads, terminals |
//! | [`storage`] | bytes that are read and written, without naming files | files |
//! | [`diagnostic`] | findings, and how people read them | what is checked |
//! | [`model`] | plain data: values, schema, rule set, request, decision, case | IO, rhai, serde mirrors of files |
//! | [`script`] | the strict interpreter, the typed tree, the functions scripts may call | words for people |
//! | [`plan`] | every rule as a typed expression graph, and one request decided by it | words of errors: those are the interpreter's |
//! | [`reading`] | every rule in plain language, read from its plan | files, running rules |
//! | [`check`] | what is wrong or doubtful in a rule set | running rules |
//! | [`engine`] | one request decided, with every step; regression cases | request files |
//! | [`raw`] | what a workspace's files and a release both hold, and what it means | files, running rules |
//! | [`release`] | the exported file: canonical text, digest, evidence, verification | files |
//! | [`gateway`] | load, refuse, decide, replace; in `gateway/files` its files | screens |
//!
//! A module uses only modules above it in this list.

pub mod check;
pub mod diagnostic;
pub mod engine;
pub mod gateway;
pub mod model;
pub mod plan;
pub mod progress;
pub mod raw;
pub mod reading;
pub mod release;
pub mod script;
pub mod storage;
pub mod text;
