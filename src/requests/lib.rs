//! Requests in bulk: an immutable columnar table, the readers that fill it and the writers that empty it.
//!
//! The only room that names Arrow or Parquet; no other room sees their types. It opens no file: readers take [`RandomRead`], writers
//! take `std::io::Write`.

mod fitting;
pub mod kinds;
pub mod mapping;
mod problem;
pub mod read;
mod runs;
pub mod sample;
mod source;
pub mod table;
pub mod write;

pub use fitting::{Fitting, choose, fitting, mapping_name, read_by};
pub use mapping::Mapping;
pub use problem::RowProblem;
pub use read::{
    Duplicates, Format, Input, InputFile, MostAside, Options, Parts, PartsRead, ReadAs, ReadError, Reading, Refusal, Repeats,
    encoding_named, format_of, is_guarded, read, read_parts, wrong_most,
};
pub use runs::{HELD, MakeScratch, Pair, Runs, Scratch, Sorted, no_scratch};
pub use source::RandomRead;
pub use table::{Table, TableBuilder};
