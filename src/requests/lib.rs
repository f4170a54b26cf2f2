//! Requests in bulk: an immutable columnar table, the readers that fill it and the writers that empty it.
//!
//! The only room that names Arrow or Parquet; no other room sees their types. It opens no file: readers take [`ReadAt`](countersign_core::storage::ReadAt), writers
//! take `std::io::Write`.

mod external_sort;
pub mod kinds;
pub mod mapping;
mod mapping_choice;
mod problem;
pub mod read;
pub mod sample;
pub mod table;
pub mod write;

pub use external_sort::{ExternalSort, MAX_PAIRS_IN_MEMORY, Pair, SortedPairs, no_scratch};
pub use mapping::Mapping;
pub use mapping_choice::{MappingChoice, ambiguous_mapping_text, choose_mapping, chosen_mapping_text, mapping_name};
pub use problem::RowProblem;
pub use read::{
    Duplicates, Format, Input, InputFile, Parts, PartsRead, ReadError, ReadOptions, Reading, Refusal, RejectLimit, Repeats,
    StreamPart, StreamRead, TextFormOverrides, UnreadRow, encoding_named, format_of, is_guarded, read, read_parts, read_stream,
    wrong_most,
};
pub use table::{Table, TableBuilder};
