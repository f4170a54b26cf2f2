//! Texts: sources with byte spans and lines (`place`), and what people read in either language (`local`).

mod figures;
mod local;
mod place;

pub use figures::{counted, grouped, yuan};
pub use local::{Language, LocalText, StaticText};
pub use place::{LineColumn, Places, Source, SourceId, Sources, Span};
