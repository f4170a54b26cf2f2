//! A file's name as other programs address it.

use std::fmt::Write as _;

/// Whether a file is named from the root of all files, with or without the letter of a drive.
pub(super) fn is_absolute(file: &str) -> bool {
    file.starts_with('/') || matches!(file.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// A folder named from the root of all files, as a URI that others go on from.
pub(super) fn of_folder(folder: &str) -> String {
    let uri = of_file(folder);
    if uri.ends_with('/') { uri } else { uri + "/" }
}

/// A file's name as a URI, relative where the name is: everything but letters, digits and `-._~/` percent-encoded.
pub(super) fn of_file(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    if is_absolute(file) {
        uri.push_str(if file.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
