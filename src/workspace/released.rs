//! The releases of a workspace: what was exported into `released/`, oldest first.

use std::path::Path;

use super::files::{Entry, FileError, Files};
use super::load::RELEASED_FOLDER;
use countersign_core::release::{self, Refused, Release};

/// The largest release that is read, in bytes.
pub const LARGEST_RELEASE: u64 = 1 << 30;

/// What the folder of releases holds.
#[derive(Debug, Default)]
pub struct Released {
    /// Releases that are whole, by the time they were made, each with its file's name: the last one is the newest.
    pub releases: Vec<(String, Release)>,
    /// Files that are none: what is wrong with each.
    pub refused: Vec<(String, Refused)>,
    /// Files that could not be read.
    pub unreadable: Vec<FileError>,
}

impl Released {
    /// The release made last.
    pub fn newest(&self) -> Option<&(String, Release)> {
        self.releases.last()
    }
}

/// The files that should be releases, by their names inside the workspace, sorted.
///
/// # Errors
/// The folder cannot be read; a workspace that never released has none, which is no error.
pub fn release_files(files: &dyn Files, root: &Path) -> Result<Vec<String>, FileError> {
    let folder = files.inside(root, RELEASED_FOLDER)?;
    if !files.exists(&folder) {
        return Ok(Vec::new());
    }
    let entries = files.list(&folder)?.into_iter().filter(Entry::is_ron);
    Ok(entries.map(|entry| format!("{RELEASED_FOLDER}/{}", entry.name)).collect())
}

/// Reads every release of the workspace in the folder `root`; one that is damaged does not hide the others.
///
/// # Errors
/// The folder cannot be read; a workspace that never released has none, which is no error.
pub fn released(files: &dyn Files, root: impl AsRef<Path>) -> Result<Released, FileError> {
    let mut found = Released::default();
    for name in release_files(files, root.as_ref())? {
        let read = files.inside(root.as_ref(), &name).and_then(|path| files.read(&path, LARGEST_RELEASE));
        match read.map(|bytes| release::read(&name, &bytes)) {
            Ok(Ok(release)) => found.releases.push((name, release)),
            Ok(Err(refused)) => found.refused.push((name, refused)),
            Err(error) => found.unreadable.push(error),
        }
    }
    found.releases.sort_by(|(a_name, a), (b_name, b)| {
        let (a, b) = (a.provenance().created_at.at, b.provenance().created_at.at);
        a.cmp(&b).then_with(|| a_name.cmp(b_name))
    });
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFiles;
    use countersign_core::release::fixture::{definition, evidence, moment, provenance};
    use countersign_core::release::{create, write};

    #[test]
    fn the_newest_release_is_the_one_made_last_whatever_its_file_is_called() {
        let files = MemoryFiles::new();
        files.put("w/ruleset.ron", "");
        assert!(released(&files, "w").unwrap().newest().is_none());
        let definition = definition();
        for (name, made) in
            [("a", "2014-03-25T09:00:00+08:00"), ("b", "2014-03-25T02:00:00+01:00"), ("c", "2014-03-24T09:00:00+08:00")]
        {
            let provenance = release::Provenance { created_at: moment(made), ..provenance() };
            let release = create(&definition, &evidence(&definition), &provenance).unwrap();
            files.put(format!("w/released/{name}.ron"), write(&release));
        }
        files.put("w/released/half.ron", "// A release of Countersign");
        files.put("w/released/notes.txt", "not a release");
        let found = released(&files, "w").unwrap();
        let names: Vec<&str> = found.releases.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["released/c.ron", "released/a.ron", "released/b.ron"]);
        assert_eq!(found.newest().unwrap().0, "released/b.ron", "nine o'clock in both zones is one moment: the name decides");
        assert_eq!(found.refused.len(), 1);
    }
}
