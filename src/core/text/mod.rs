//! Texts: sources with byte spans and lines (`place`), what people read in either language (`local`), the form in which text values are
//! compared (`normal`), and how they are written in CSV (`csv`) and RON (`quoted`).

mod csv;
mod figures;
mod hidden;
mod local;
mod normal;
mod place;
mod quoted;

pub use csv::Cells;
pub use figures::{counted, grouped, share, yuan};
pub use hidden::{is_hidden, reveal, reveal_json};
pub use local::{Language, LocalText, StaticText};
pub use normal::{is_blank, normal, normalized, visible};
pub use place::{LineColumn, Places, Source, SourceId, Sources, Span};
pub use quoted::quoted;
