//! What the benches share: the shipped workspace and its generated requests, a well-chosen subset of its rules in a form that every peer
//! can be given, the same rules written by hand, and medians.

#![expect(missing_docs, reason = "a bench: the modules say what is measured")]

pub mod by_column;
pub mod by_row;
pub mod clock;
pub mod subset;
pub mod world;
