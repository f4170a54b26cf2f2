//! Which of a workspace's mappings a request file is read by where none is named.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Input, Mapping, ReadOptions, read};
use countersign_core::model::Schema;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// How many of the first rows a mapping is tried on.
const TRIED: usize = 100;

/// The name under which a mapping for a request file is kept in the workspace: the file's name without its ending, in letters, digits,
/// `-` and `_`.
pub fn mapping_name(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name: String = stem.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).take(40).collect();
    if name.is_empty() { "requests".to_owned() } else { name }
}

/// What is known of a workspace's mappings and a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingChoice {
    /// The file is read without a mapping, or by none of them.
    Nothing,
    /// It is read by the mapping at this position: the one that has the file's name, or the only one by which it can be read.
    One(usize),
    /// It can be read by several, at these positions, and by none without a word.
    Several(Vec<usize>),
}

/// Which mapping a file is read by where none is named. The one that has the file's name counts where the file can be read by it;
/// otherwise, where the file cannot be read as it is, the only one by which it can.
pub fn choose_mapping(input: &Input, schema: &Arc<Schema>, mappings: &[(String, Mapping)], progress: &Progress) -> MappingChoice {
    let reads = |mapping: Option<&Mapping>| {
        let mut nowhere = io::sink();
        let options = ReadOptions { mapping, rejects: Some(&mut nowhere), rows: Some(TRIED), ..ReadOptions::default() };
        read(input, schema, options, progress).is_ok_and(|reading| reading.table.len() as u64 > reading.rows_set_aside())
    };
    let own = mapping_name(Path::new(&input.name));
    let named = mappings.iter().position(|(name, _)| *name == own);
    if let Some(at) = named.filter(|at| mappings.get(*at).is_some_and(|(_, mapping)| reads(Some(mapping)))) {
        return MappingChoice::One(at);
    }
    if mappings.is_empty() || reads(None) {
        return MappingChoice::Nothing;
    }
    let all: Vec<usize> =
        (0..mappings.len()).filter(|at| mappings.get(*at).is_some_and(|(_, mapping)| reads(Some(mapping)))).collect();
    match all.as_slice() {
        [] => MappingChoice::Nothing,
        [one] => MappingChoice::One(*one),
        _ => MappingChoice::Several(all),
    }
}

/// The note that a file is read by a mapping that was not named.
pub fn chosen_mapping_text(file: &str, mapping: &str) -> LocalText {
    LocalText::new(
        format!("`{file}` is read by the workspace's mapping `{mapping}`"),
        format!("`{file}` 按工作区中的映射 `{mapping}` 读取"),
    )
}

/// The note that a file can be read by several mappings.
pub fn ambiguous_mapping_text(file: &str, names: &[&str]) -> LocalText {
    let names = names.join("`, `");
    LocalText::new(
        format!(
            "`{file}` can be read by several of the workspace's mappings, so none is used: `{names}`; name one with `--mapping`"
        ),
        format!("`{file}` 可按工作区中的多个映射读取，因此均未使用：`{names}`；请用 `--mapping` 指定"),
    )
}
