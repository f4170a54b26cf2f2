//! One line of an `allowed_signers` file: `principals [options] keytype key [comment]`.

use ssh_key::PublicKey;
use ssh_key::public::KeyData;

use super::options::{SignerOptions, read_options};
use super::rsa;
use crate::diagnostic::Finding;
use crate::diagnostic::FindingKind;
use crate::release::refusal::{self, refuse};
use crate::text::{LocalText, SourceId, Span};

/// One line that was understood.
#[derive(Clone, Debug)]
pub(in crate::release) struct SignerLine {
    /// Patterns of who may sign with the key.
    pub principals: Vec<String>,
    /// What the line allows the key for, and when.
    pub options: SignerOptions,
    /// The key.
    pub key: KeyData,
}

/// Part of a line with its place in the file.
#[derive(Clone, Copy)]
pub(super) struct OptionPart<'a> {
    pub text: &'a str,
    pub start: usize,
    pub source: SourceId,
}

impl<'a> OptionPart<'a> {
    pub(super) fn span(self) -> Span {
        Span::new(self.source, self.start, self.start + self.text.len())
    }

    /// The part between two bytes of it.
    pub(super) fn cut(self, from: usize, to: usize) -> Self {
        Self { text: self.text.get(from..to).unwrap_or(""), start: self.start + from, ..self }
    }

    /// A fault of this part.
    pub(super) fn wrong(self, kind: &'static FindingKind, message: LocalText, help: LocalText) -> Box<Finding> {
        Box::new(refuse(kind, self.span(), message, help))
    }

    /// Splits off the text before the first blank outside quotes; both halves without the blanks between.
    fn word(self) -> Result<(OptionPart<'a>, OptionPart<'a>), Box<Finding>> {
        let mut quoted = false;
        let mut escaped = false;
        let mut end = self.text.len();
        for (at, c) in self.text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                ' ' | '\t' if !quoted => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        if quoted {
            let message = LocalText::new("a quote is not closed", "引号没有闭合");
            return Err(self.wrong(refusal::SIGNERS, message, form()));
        }
        let rest = self.cut(end, self.text.len());
        let blanks = rest.text.len() - rest.text.trim_start_matches([' ', '\t']).len();
        Ok((self.cut(0, end), rest.cut(blanks, rest.text.len())))
    }
}

/// How a line is written.
pub(super) fn form() -> LocalText {
    LocalText::new(
        "a line is `principals [options] keytype key [comment]`, as ssh-keygen(1) has it under ALLOWED SIGNERS",
        "每行的格式为 `principals [options] keytype key [comment]`，见 ssh-keygen(1) 的 ALLOWED SIGNERS 一节",
    )
}

/// Reads a line that starts at a byte of its file; nothing for a blank line or a comment.
pub(super) fn read_line(line: &str, source: SourceId, start: usize) -> Result<Option<SignerLine>, Box<Finding>> {
    let whole = OptionPart { text: line, start, source };
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    let line = whole.cut(blanks, line.len());
    if line.text.is_empty() || line.text.starts_with('#') {
        return Ok(None);
    }
    let (names, rest) = line.word()?;
    let principals = principals(names)?;
    if rest.text.is_empty() {
        let message = LocalText::new("the line ends before its key", "该行缺少密钥");
        return Err(names.wrong(refusal::SIGNERS, message, form()));
    }
    let (first, after) = rest.word()?;
    let (options, kind, after) = if is_key_type(first.text) {
        (SignerOptions::default(), first, after)
    } else {
        let options = read_options(first)?;
        let (kind, after) = after.word()?;
        if kind.text.contains('=') {
            let message = LocalText::new("there is a space between two options", "两个选项之间有空格");
            let help = LocalText::new("separate options by a comma alone", "选项之间只用逗号分隔");
            return Err(kind.wrong(refusal::SIGNERS, message, help));
        }
        (options, kind, after)
    };
    let (key, _comment) = after.word()?;
    Ok(Some(SignerLine { principals, options, key: read_key(kind, key)? }))
}

fn principals(names: OptionPart<'_>) -> Result<Vec<String>, Box<Finding>> {
    let unquoted = names.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(names.text);
    let list: Vec<String> = unquoted.split(',').map(str::to_owned).collect();
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '#' | '\\');
    let good = |name: &String| {
        let body = name.strip_prefix('!').unwrap_or(name);
        !body.is_empty() && body.chars().all(plain) && !body.contains('!')
    };
    if let Some(bad) = list.iter().find(|name| !good(name)) {
        let message = LocalText::new(format!("`{bad}` cannot name a principal"), format!("`{bad}` 不能作为签署人名称"));
        return Err(names.wrong(refusal::SIGNERS, message, form()));
    }
    Ok(list)
}

fn is_key_type(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|start| word.starts_with(start))
}

fn read_key(kind: OptionPart<'_>, key: OptionPart<'_>) -> Result<KeyData, Box<Finding>> {
    let supported = LocalText::new(
        "use an Ed25519, ECDSA, RSA (2048 to 8192 bits) or hardware `sk-` key",
        "请使用 Ed25519、ECDSA、RSA（2048 至 8192 位）或硬件 `sk-` 密钥",
    );
    if kind.text.contains("-cert-") {
        let message = LocalText::new("there is a certificate where a key belongs", "此处应为公钥，而不是证书");
        return Err(kind.wrong(refusal::SIGNERS_AUTHORITY, message, supported));
    }
    let read = (!key.text.is_empty()).then(|| PublicKey::from_openssh(&format!("{} {}", kind.text, key.text)).ok()).flatten();
    let Some(read) = read else {
        let place = if key.text.is_empty() { kind } else { key };
        let message = LocalText::new(
            format!("this is not a public key of type `{}`", kind.text),
            format!("此处不是类型为 `{}` 的公钥", kind.text),
        );
        return Err(place.wrong(refusal::SIGNERS_KEY, message, supported));
    };
    match read.key_data() {
        KeyData::Ed25519(_) | KeyData::Ecdsa(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => {}
        KeyData::Rsa(numbers) => {
            if let Some(message) = rsa::fault(numbers) {
                return Err(key.wrong(refusal::SIGNERS_KEY, message, supported));
            }
        }
        _ => {
            let message = LocalText::new(
                format!("keys of type `{}` are not accepted", kind.text),
                format!("不接受 `{}` 类型的密钥", kind.text),
            );
            return Err(kind.wrong(refusal::SIGNERS_KEY, message, supported));
        }
    }
    Ok(read.key_data().clone())
}
