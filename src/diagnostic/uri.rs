//! A file's name as other programs address it.

use std::fmt::Write as _;

/// A file's name as a relative URI: everything but letters, digits and `-._~/` percent-encoded.
pub(super) fn of_file(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
