//! Whom to believe: an OpenSSH `allowed_signers` file, read strictly, and what it says of one approval's signature.
//!
//! Without the feature `signatures` there is no way to have a [`Trust`], so whatever must be approved is refused.

#[cfg(feature = "signatures")]
mod line;
#[cfg(feature = "signatures")]
mod options;
#[cfg(feature = "signatures")]
mod rsa;
#[cfg(feature = "signatures")]
pub(super) mod signature;

use super::Refused;

/// The principals to believe, each with their keys.
#[cfg(feature = "signatures")]
#[derive(Clone, Debug)]
pub struct Trust {
    signers: std::sync::Arc<[line::SignerLine]>,
}

/// The principals to believe; without signatures nobody can make one of these.
#[cfg(not(feature = "signatures"))]
#[derive(Clone, Debug)]
pub enum Trust {}

#[cfg(not(feature = "signatures"))]
impl Trust {
    /// Refuses: this build cannot verify signatures.
    ///
    /// # Errors
    /// Always.
    pub fn read(_: &str, _: &[u8]) -> Result<Self, Refused> {
        let finding = super::refusal::refuse(
            super::refusal::UNVERIFIABLE,
            None,
            crate::text::LocalText::new("this program was built without `signatures`", "本程序构建时未启用 `signatures`"),
            super::approved::with_feature(),
        );
        Err(Refused { sources: crate::text::Sources::default(), findings: vec![finding] })
    }

    /// Nobody, since there is no value of this type.
    #[must_use]
    pub fn principals(&self) -> Vec<String> {
        match *self {}
    }
}

#[cfg(feature = "signatures")]
pub use with_keys::KeyIdentity;

#[cfg(feature = "signatures")]
mod with_keys {
    use ssh_key::public::KeyData;

    use super::line::{SignerLine, read_line};
    use super::{Refused, Trust};
    use crate::diagnostic::{MOST_OF_A_KIND, and_more};
    use crate::release::pattern::matches_any;
    use crate::release::refusal::{self, refuse};
    use crate::text::{LocalText, Sources, Span};

    /// The largest file that is read, in bytes.
    const LARGEST: usize = 4 << 20;

    /// A public key and who may sign with it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KeyIdentity {
        /// The key's fingerprint as `ssh-keygen -l` shows it: `SHA256:…`.
        pub fingerprint: String,
        /// The principals whose lines name the key, wildcards left out.
        pub principals: Vec<String>,
    }

    impl Trust {
        /// Reads an `allowed_signers` file; `name` is what findings call it.
        ///
        /// # Errors
        /// Every line that is not wholly understood: a reader that skipped it would believe others than the file says.
        pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Refused> {
            let mut sources = Sources::default();
            let help = || LocalText::new("is this an `allowed_signers` file?", "请确认这是 `allowed_signers` 文件");
            let text = match std::str::from_utf8(bytes) {
                Ok(text) if bytes.len() <= LARGEST => text,
                other => {
                    let message = if other.is_ok() {
                        LocalText::new("the file is larger than 4 MiB", "文件超过 4 MiB")
                    } else {
                        LocalText::new("the file is not UTF-8 text", "文件不是 UTF-8 文本")
                    };
                    return Err(Refused { sources, findings: vec![refuse(refusal::SIGNERS, None, message, help())] });
                }
            };
            if text.starts_with('\u{feff}') {
                let message = LocalText::new("the file begins with a byte-order mark", "文件开头带有字节顺序标记（BOM）");
                let help = LocalText::new("save it as UTF-8 without one", "请另存为不带 BOM 的 UTF-8 文件");
                let source = sources.add(name, text);
                let place = Span::new(source, 0, '\u{feff}'.len_utf8());
                return Err(Refused { sources, findings: vec![refuse(refusal::SIGNERS, place, message, help)] });
            }
            let source = sources.add(name, text);
            let (mut signers, mut findings) = (Vec::new(), Vec::new());
            let (mut start, mut more) = (0, 0);
            for line in text.split_inclusive('\n') {
                match read_line(line.trim_end_matches(['\n', '\r']), source, start) {
                    Ok(signer) => signers.extend(signer),
                    Err(_) if findings.len() + 1 >= MOST_OF_A_KIND => more += 1,
                    Err(finding) => findings.push(*finding),
                }
                start += line.len();
            }
            if more > 0 {
                findings.push(and_more(refusal::SIGNERS, more));
            }
            if findings.is_empty() { Ok(Self { signers: signers.into() }) } else { Err(Refused { sources, findings }) }
        }

        /// The lines that let a principal sign with a key, whatever their namespaces and validity.
        pub(in crate::release) fn lines<'a>(
            &'a self,
            principal: &'a str,
            key: &'a KeyData,
        ) -> impl Iterator<Item = &'a SignerLine> {
            self.signers
                .iter()
                .filter(move |signer| signer.key == *key && matches_any(principal, signer.principals.iter().map(String::as_str)))
        }

        /// The principals that the file names in full, sorted.
        #[must_use]
        pub fn principals(&self) -> Vec<String> {
            plain_names(self.signers.iter().flat_map(|signer| &signer.principals))
        }

        /// What the file says of a public key, such as an agent or a key file has.
        #[must_use]
        pub fn identity(&self, key: &KeyData) -> KeyIdentity {
            let named = self.signers.iter().filter(|signer| signer.key == *key).flat_map(|signer| &signer.principals);
            KeyIdentity { fingerprint: super::signature::fingerprint(key), principals: plain_names(named) }
        }
    }

    fn plain_names<'a>(patterns: impl Iterator<Item = &'a String>) -> Vec<String> {
        let names: std::collections::BTreeSet<&String> = patterns.filter(|name| !name.contains(['*', '?', '!'])).collect();
        names.into_iter().cloned().collect()
    }
}
