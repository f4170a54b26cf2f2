//! Files on a real disk: whole or not at all, and never outside the workspace.

use countersign_core::diagnostic::Finding;
use std::io::Write;
use std::path::Path;

use countersign_workspace::{DiskFiles, FileErrorKind, Files, load};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    DiskFiles.list(folder).unwrap().into_iter().map(|entry| entry.name).collect()
}

#[test]
fn a_file_that_is_given_up_leaves_nothing_behind() {
    let folder = folder();
    let path = folder.path().join("out.csv");
    let mut file = DiskFiles.create(&path).unwrap();
    file.write_all(b"half").unwrap();
    drop(file);
    assert!(names(folder.path()).is_empty());
    DiskFiles.write(&path, b"whole").unwrap();
    let mut file = DiskFiles.create(&path).unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(DiskFiles.read(&path, 100).unwrap(), b"whole");
    file.commit().unwrap();
    assert_eq!(DiskFiles.read(&path, 100).unwrap(), b"half");
    assert_eq!(names(folder.path()), ["out.csv"]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = folder();
    let fault = |name: &str| DiskFiles.read(&folder.path().join(name), 3).unwrap_err().fault;
    DiskFiles.write(&folder.path().join("long"), b"four").unwrap();
    assert_eq!(fault("none"), FileErrorKind::Missing);
    assert_eq!(fault(""), FileErrorKind::NotAFile);
    assert_eq!(fault("long"), FileErrorKind::TooLarge { size: 4, limit: 3 });
    assert_eq!(DiskFiles.create(&folder.path().join("none/x")).err().unwrap().fault, FileErrorKind::Missing);
}

#[test]
fn any_part_of_an_open_file_can_be_read() {
    let folder = folder();
    let path = folder.path().join("x");
    DiskFiles.write(&path, b"0123456789").unwrap();
    let file = DiskFiles.open(&path).unwrap();
    let mut part = [0; 3];
    file.read_at(4, &mut part).unwrap();
    assert_eq!((&part, file.len()), (b"456", 10));
    assert!(file.read_at(8, &mut part).is_err());
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_workspace() {
    use std::os::unix::fs::symlink;
    let (outside, folder) = (folder(), folder());
    DiskFiles.write(&outside.path().join("secret"), b"x").unwrap();
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink("nowhere", folder.path().join("dangling")).unwrap();
    DiskFiles.write(&folder.path().join("plain"), b"x").unwrap();
    symlink("plain", folder.path().join("inner")).unwrap();
    let inside = |name: &str| DiskFiles.inside(folder.path(), name).map_err(|error| error.fault);
    assert_eq!(inside("out/secret"), Err(FileErrorKind::Outside));
    assert_eq!(inside("dangling"), Err(FileErrorKind::Outside));
    assert!(inside("inner").is_ok() && inside("new/file").is_ok());
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("x");
    DiskFiles.write(&path, b"1").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    DiskFiles.write(&path, b"2").unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_folder_that_is_no_workspace_is_refused() {
    let folder = folder();
    let failed = load(&DiskFiles, folder.path()).unwrap_err();
    let ids: Vec<&str> = failed.findings.iter().map(Finding::id).collect();
    assert_eq!(ids, ["missing-file", "missing-file"]);
}

#[test]
fn a_folder_is_locked_once() {
    let folder = folder();
    let _held = DiskFiles.lock(folder.path()).unwrap();
    assert_eq!(DiskFiles.lock(folder.path()).unwrap_err().kind().id(), "workspace-locked");
}
