//! Names of files inside a workspace: the same on every system, and never leading out of it.

use std::path::Path;

use super::error::{FileError, FileErrorKind};

/// Checks a file's name inside a workspace: parts joined with `/`, none empty, `.` or `..`, no `\`, `:` or control characters.
///
/// # Errors
/// The name could lead out of the workspace, or could not be used on every system.
pub fn check_name(name: &str) -> Result<(), FileError> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']) && !part.contains(char::is_control);
    if name.len() <= 512 && name.split('/').all(plain) {
        Ok(())
    } else {
        Err(FileError::new(Path::new(name), FileErrorKind::Outside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_inside_the_workspace() {
        for good in ["ruleset.ron", "risk/age.rhai", "名单/黑名单.txt", "a..b"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "C:/x", "a\\b", "a\0b", "a\nb"] {
            assert_eq!(check_name(bad).unwrap_err().fault, FileErrorKind::Outside, "{bad}");
        }
    }
}
