//! The escapes of quoted texts.

/// Resolves the escapes of a text that stood between quotes.
///
/// # Errors
/// The byte of the first escape that is none of RON's.
pub(super) fn unescape(text: &str) -> Result<String, usize> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let place = text.len() - rest.len() + at;
        bytes.extend_from_slice(rest.get(..at).unwrap_or("").as_bytes());
        rest = rest.get(at + 1..).and_then(|rest| one_escape(rest, &mut bytes)).ok_or(place)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).map_err(|_| 0)
}

/// Resolves the escape that `rest` begins with (the backslash is gone) and gives what follows it.
fn one_escape<'a>(rest: &'a str, into: &mut Vec<u8>) -> Option<&'a str> {
    let mut chars = rest.chars();
    let plain = match chars.next()? {
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        '0' => 0,
        same @ ('\\' | '"' | '\'') => u8::try_from(same).ok()?,
        'x' => u8::from_str_radix(hex(rest.get(1..3)?)?, 16).ok()?,
        'u' => {
            let (digits, after) = rest.get(1..)?.strip_prefix('{')?.split_once('}')?;
            let char = char::from_u32(u32::from_str_radix(hex(digits)?, 16).ok()?)?;
            into.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(after);
        }
        '\n' => return Some(chars.as_str().trim_start_matches([' ', '\t', '\n', '\r'])),
        '\r' => return Some(chars.as_str().strip_prefix('\n')?.trim_start_matches([' ', '\t', '\n', '\r'])),
        _ => return None,
    };
    into.push(plain);
    rest.get(if rest.starts_with('x') { 3 } else { 1 }..)
}

fn hex(digits: &str) -> Option<&str> {
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}
