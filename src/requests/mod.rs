//! Requests in bulk: an immutable columnar table, the readers that fill it and the writers that empty it.
//!
//! The only room that names Arrow or Parquet; no other room sees their types. It opens no file: readers take [`RandomRead`], writers
//! take `std::io::Write`.

mod source;
pub mod table;

pub use source::RandomRead;
pub use table::{Table, TableBuilder};
