//! What tests share: a folder of its own in which the real program runs, and releases with the people who sign them.
pub mod people;
pub mod releases;
pub mod scratch;
