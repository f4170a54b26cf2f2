//! The mapping of the workspace that a request file is read by where the command line names none.

use std::sync::Arc;

use super::screen::Screen;
use super::target::Target;
use countersign_core::progress::Progress;
use countersign_core::release::Digest;
use countersign_requests::{Input, Mapping, MappingChoice, ambiguous_mapping_text, choose_mapping, chosen_mapping_text};
use countersign_workspace::{Files, MAPPINGS_FOLDER};

/// The only mapping that fits, with its digest; which one it is goes to standard error. Mappings that cannot be read count for nothing here.
pub fn found_mapping(input: &Input, target: &Target, files: &dyn Files, screen: &Screen) -> Option<(Mapping, Digest)> {
    let root = target.root.as_ref()?;
    let schema = Arc::new(target.definition.schema.as_read());
    let entries = files.list(&root.join(MAPPINGS_FOLDER)).ok()?;
    let load = |name: &str| {
        let file = format!("{MAPPINGS_FOLDER}/{name}.ron");
        let bytes = files.read(&root.join(&file), countersign_workspace::LARGEST_RON).ok()?;
        Some((countersign_workspace::load_mapping_file(files, root, &file, &schema).ok()?, Digest::of(&bytes)))
    };
    let names = entries.iter().filter(|entry| entry.is_ron()).filter_map(|entry| entry.name.strip_suffix(".ron"));
    let (mut all, mut digests) = (Vec::new(), Vec::new());
    for (name, (mapping, digest)) in names.filter_map(|name| Some((name, load(name)?))) {
        all.push((name.to_owned(), mapping));
        digests.push(digest);
    }
    let name = |at: &usize| all.get(*at).map(|(name, _)| name.as_str());
    match choose_mapping(input, &schema, &all, &Progress::default()) {
        MappingChoice::Nothing => None,
        MappingChoice::One(at) => {
            let (name, mapping) = all.get(at)?;
            screen.note(&chosen_mapping_text(&input.name, name));
            Some((mapping.clone(), *digests.get(at)?))
        }
        MappingChoice::Several(several) => {
            screen.note(&ambiguous_mapping_text(&input.name, &several.iter().filter_map(name).collect::<Vec<_>>()));
            None
        }
    }
}
