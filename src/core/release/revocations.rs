//! Revocations (撤销): releases and keys that count no more, in one list that is signed as the policy asks.
//!
//! Each list has a number, and a gateway takes only a later one. A list is written by `countersign release revoke`, which adds to the one
//! before it; every signature is over a statement with the whole content, so `ssh-keygen -Y verify` checks it without this program.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::approval::{MalformedPart, is_armoured, is_principal};
use super::refusal::{self, refuse};
use super::ron_file::{RonFaults, read_written, written};
use super::{Digest, Refused, Release, Requirements, digest_text};
use crate::diagnostic::Finding;
use crate::diagnostic::FindingKind;
use crate::model::Moment;
use crate::text::{LocalText, Places, Sources, counted};

/// The namespace that signatures of a list are made for, as in `ssh-keygen -Y sign -n`.
pub const REVOCATION_NAMESPACE: &str = "countersign-revocation";

/// The first line of every list.
const FIRST_LINE: &str =
    "// Revocations of Countersign. Every byte is covered by the signatures: add with `countersign release revoke`.";
/// What a list of this program begins with.
const FORMAT: u32 = 1;
/// The longest reason, in bytes.
const LONGEST_REASON: usize = 1_000;

/// A release that must not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokedRelease {
    /// Its digest.
    pub release: Digest,
    /// When it was revoked.
    pub time: Moment,
    /// Why.
    pub reason: String,
}

/// A key whose signatures count no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokedKey {
    /// Its fingerprint as `ssh-keygen -l` shows it: `SHA256:…`.
    pub key: String,
    /// When it was revoked.
    pub time: Moment,
    /// Why.
    pub reason: String,
}

/// The least number that a release may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastRelease {
    /// The number; releases of format 1 count as 0.
    pub sequence: u64,
    /// When it was set.
    pub time: Moment,
    /// Why.
    pub reason: String,
}

/// Who signed a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationSignature {
    /// Who, as in an `allowed_signers` file.
    pub principal: String,
    /// When.
    pub time: Moment,
    /// The armoured `SSHSIG` signature over [`Revocations::statement`].
    pub signature: String,
}

/// A list as its file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationFile {
    format: u32,
    sequence: u64,
    #[serde(default)]
    minimum: Option<LeastRelease>,
    releases: Vec<RevokedRelease>,
    keys: Vec<RevokedKey>,
    signatures: Vec<RevocationSignature>,
}

/// What a list says without its signatures, as canonical JSON. The names and their order are part of the format.
#[derive(Serialize)]
struct RevocationContent<'a> {
    keys: &'a [RevokedKey],
    minimum: Option<&'a LeastRelease>,
    releases: &'a [RevokedRelease],
    sequence: u64,
}

/// What a signature of a list is over, as canonical JSON.
#[derive(Serialize)]
struct SignedList<'a> {
    keys: &'a [RevokedKey],
    minimum: Option<&'a LeastRelease>,
    namespace: &'a str,
    principal: &'a str,
    releases: &'a [RevokedRelease],
    sequence: u64,
    time: String,
}

/// A list whose form is right; whether it is signed as asked, [`Revocations::verify`] says.
#[derive(Clone, Debug)]
pub struct Revocations {
    file: RevocationFile,
    digest: Digest,
    sources: Sources,
    places: Places,
}

impl Revocations {
    /// Reads a list; `name` is what findings call it, such as `revocations.ron`.
    ///
    /// # Errors
    /// The file is not exactly what this program writes for some list: every fault with its place.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Refused> {
        let (file, mut wrong) = read_written::<RevocationFile>(FIRST_LINE, name, bytes, refusal::REVOCATIONS)?;
        check(&file, &mut wrong);
        let (sources, places) = wrong.end()?;
        let content = RevocationContent {
            keys: &file.keys,
            minimum: file.minimum.as_ref(),
            releases: &file.releases,
            sequence: file.sequence,
        };
        Ok(Self { digest: Digest::of(digest_text(&content).as_bytes()), file, sources, places })
    }

    /// Whether a file begins as a list does.
    #[must_use]
    pub fn is_list(bytes: &[u8]) -> bool {
        bytes.starts_with(FIRST_LINE.as_bytes())
    }

    /// The list as a file holds it, to the byte.
    #[must_use]
    pub fn text(&self) -> String {
        written(FIRST_LINE, &self.file)
    }

    /// Counts the lists from 1.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.file.sequence
    }

    /// The digest of what it says, without its signatures.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The least number that a release may have.
    #[must_use]
    pub fn minimum(&self) -> Option<&LeastRelease> {
        self.file.minimum.as_ref()
    }

    /// The releases that must not be loaded.
    #[must_use]
    pub fn releases(&self) -> &[RevokedRelease] {
        &self.file.releases
    }

    /// The keys whose signatures count no more.
    #[must_use]
    pub fn keys(&self) -> &[RevokedKey] {
        &self.file.keys
    }

    /// Who signed it.
    #[must_use]
    pub fn signatures(&self) -> &[RevocationSignature] {
        &self.file.signatures
    }

    /// What it says of the key with that fingerprint.
    #[must_use]
    pub fn key(&self, fingerprint: &str) -> Option<&RevokedKey> {
        self.file.keys.iter().find(|key| key.key == fingerprint)
    }

    /// The text that somebody signs at a time to put the list in force.
    #[must_use]
    pub fn statement(&self, principal: &str, time: Moment) -> String {
        let RevocationFile { keys, minimum, releases, sequence, .. } = &self.file;
        digest_text(&SignedList {
            keys,
            minimum: minimum.as_ref(),
            namespace: REVOCATION_NAMESPACE,
            principal,
            releases,
            sequence: *sequence,
            time: time.to_string(),
        })
    }

    /// Why a release must not be loaded.
    #[must_use]
    pub fn of(&self, release: &Release) -> Option<Finding> {
        let places = &release.definition().places;
        let help = LocalText::new(
            "publish a newer release; to return to old rules, make a new release of them",
            "请发布更新的版本；如需回退到旧规则，请以其重新生成发布",
        );
        if let Some(revoked) = self.file.releases.iter().find(|revoked| revoked.release == release.digest()) {
            let (version, time, reason) = (release.version(), revoked.time, &revoked.reason);
            let message = LocalText::new(
                format!("release `{version}` was revoked at {time}: {reason}"),
                format!("发布 `{version}` 已于 {time} 撤销：{reason}"),
            );
            return Some(refuse(refusal::REVOKED, places.find("digest"), message, help));
        }
        let least = self.file.minimum.as_ref().filter(|least| release.sequence() < least.sequence)?;
        let (number, LeastRelease { sequence, reason, .. }) = (release.sequence(), least);
        let message = LocalText::new(
            format!("release {number} was revoked: none below {sequence} may be loaded: {reason}"),
            format!("发布序号 {number} 已撤销：低于 {sequence} 的发布不得加载：{reason}"),
        );
        let place = places.find("lineage.sequence").or_else(|| places.find("digest"));
        Some(refuse(refusal::REVOKED, place, message, help))
    }

    /// The list after `before` that revokes these too; nobody has signed it. `name` is what findings call it. What was revoked before stays as it was revoked then.
    ///
    /// # Errors
    /// What is added has not its form, such as a reason without text.
    pub fn adding(
        name: &str,
        before: Option<&Self>,
        releases: impl IntoIterator<Item = RevokedRelease>,
        keys: impl IntoIterator<Item = RevokedKey>,
        minimum: Option<LeastRelease>,
    ) -> Result<Self, Refused> {
        let none =
            RevocationFile { format: FORMAT, sequence: 0, minimum: None, releases: vec![], keys: vec![], signatures: vec![] };
        let mut file = before.map_or(none, |before| before.file.clone());
        file.sequence = file.sequence.saturating_add(1);
        file.signatures.clear();
        for release in releases {
            if file.releases.iter().all(|known| known.release != release.release) {
                file.releases.push(release);
            }
        }
        for key in keys {
            if file.keys.iter().all(|known| known.key != key.key) {
                file.keys.push(key);
            }
        }
        let known = file.minimum.as_ref().map_or(0, |known| known.sequence);
        file.minimum = minimum.filter(|least| least.sequence > known).or(file.minimum);
        Self::read(name, written(FIRST_LINE, &file).as_bytes())
    }

    /// The same list with one signature more.
    ///
    /// # Errors
    /// The signature has not its form, or its principal signed before.
    pub fn signed(&self, signature: RevocationSignature) -> Result<Self, Refused> {
        let mut file = self.file.clone();
        file.signatures.push(signature);
        let name = self.sources.iter().next().map_or("revocations.ron", |(_, source)| source.name());
        Self::read(name, written(FIRST_LINE, &file).as_bytes())
    }

    /// Whether the list is signed as the policy asks: by so many of those who may revoke, each with a trusted key of their own that neither
    /// this list nor the known one revokes. Where the requirements have a clock, times are held against it.
    ///
    /// # Errors
    /// Every signature that does not hold, or that too few hold.
    pub fn verify(&self, requirements: &Requirements) -> Result<(), Refused> {
        let (mut findings, given) = self.judged(requirements);
        let needed = requirements.policy.revoking_signatures();
        if given < needed && findings.is_empty() {
            let message = LocalText::new(
                format!("the list has {} and needs {needed}", counted(given, "signature", "signatures")),
                format!("该清单有 {given} 个签名，需要 {needed} 个"),
            );
            let help = LocalText::new(
                "somebody else signs it with `countersign release revoke`",
                "请由其他人用 `countersign release revoke` 签署",
            );
            findings.push(self.fault(refusal::REVOCATIONS, "signatures", message, help));
        }
        self.none(findings)
    }

    /// Whether each signature that is there holds, be they enough or not.
    ///
    /// # Errors
    /// Every signature that does not hold.
    pub fn verify_signatures(&self, requirements: &Requirements) -> Result<(), Refused> {
        self.none(self.judged(requirements).0)
    }

    fn none(&self, findings: Vec<Finding>) -> Result<(), Refused> {
        if findings.is_empty() { Ok(()) } else { Err(Refused { sources: self.sources.clone(), findings }) }
    }

    fn fault(&self, kind: &'static FindingKind, path: &str, message: LocalText, help: LocalText) -> Finding {
        refuse(kind, self.places.find(path), message, help)
    }

    /// A fault of the list as such, for whoever compares it with another.
    pub(crate) fn refused(&self, message: LocalText, help: LocalText) -> Refused {
        Refused { sources: self.sources.clone(), findings: vec![self.fault(refusal::REVOCATIONS, "sequence", message, help)] }
    }
}

/// Notes what has not its form.
fn check(file: &RevocationFile, wrong: &mut RonFaults) {
    let as_written =
        || LocalText::new("write the list with `countersign release revoke`", "请用 `countersign release revoke` 写出清单");
    let mut note = |path: &str, en: String, zh: String| wrong.part(path, LocalText::new(en, zh), as_written());
    if file.format != FORMAT {
        let format = file.format;
        note(
            "format",
            format!("format {format} of a list of revocations is not known here, only format {FORMAT}"),
            format!("不支持格式 {format} 的撤销清单，本程序只支持格式 {FORMAT}"),
        );
    }
    if file.sequence == 0 {
        note("sequence", "the first list has the number 1".to_owned(), "第一份清单的序号为 1".to_owned());
    }
    let releases = file.releases.iter().enumerate().map(|(at, one)| (format!("releases.{at}"), &one.reason));
    let keys = file.keys.iter().enumerate().map(|(at, one)| (format!("keys.{at}"), &one.reason));
    let least = file.minimum.iter().map(|one| ("minimum".to_owned(), &one.reason));
    for (path, reason) in releases.chain(keys).chain(least) {
        let length = reason.trim().len();
        if length == 0 || length > LONGEST_REASON {
            let path = format!("{path}.reason");
            note(
                &path,
                format!("a reason of {length} bytes, not of 1 to {LONGEST_REASON}"),
                format!("原因长度为 {length} 字节，应为 1 至 {LONGEST_REASON} 字节"),
            );
        }
    }
    let mut known = HashSet::new();
    for (at, one) in file.releases.iter().enumerate() {
        if !known.insert(one.release) {
            let path = format!("releases.{at}.release");
            note(&path, format!("{} is listed twice", one.release), format!("{} 被列出两次", one.release));
        }
    }
    let mut known = HashSet::new();
    for (at, one) in file.keys.iter().enumerate() {
        let (path, key) = (format!("keys.{at}.key"), &one.key);
        if !is_fingerprint(key) {
            note(&path, format!("`{key}` is not a fingerprint such as `SHA256:…`"), format!("`{key}` 不是形如 `SHA256:…` 的指纹"));
        }
        if !known.insert(key) {
            note(&path, format!("{key} is listed twice"), format!("{key} 被列出两次"));
        }
    }
    let mut known = HashSet::new();
    for (at, one) in file.signatures.iter().enumerate() {
        let who = &one.principal;
        if !is_principal(who) {
            note(
                &format!("signatures.{at}.principal"),
                format!("`{who}` cannot name a principal"),
                format!("`{who}` 不能作为人员名称"),
            );
        }
        if !known.insert(who) {
            note(&format!("signatures.{at}.principal"), format!("`{who}` signed it twice"), format!("`{who}` 重复签署"));
        }
        let path = format!("signatures.{at}.signature");
        match is_armoured(&one.signature, REVOCATION_NAMESPACE) {
            Ok(()) => {}
            Err(MalformedPart::Namespace) => note(
                &path,
                format!("signed for another namespace than `{REVOCATION_NAMESPACE}`"),
                format!("签名的命名空间不是 `{REVOCATION_NAMESPACE}`"),
            ),
            Err(_) => note(&path, "this is not a complete signature".to_owned(), "此处不是完整的签名".to_owned()),
        }
    }
}

/// Whether a text is a fingerprint as `ssh-keygen -l` shows it.
#[must_use]
pub fn is_fingerprint(text: &str) -> bool {
    let digits = text.strip_prefix("SHA256:").unwrap_or_default();
    digits.len() == 43 && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(not(feature = "signatures"))]
impl Revocations {
    fn judged(&self, _: &Requirements) -> (Vec<Finding>, usize) {
        let message = LocalText::new("this program was built without `signatures`", "本程序构建时未启用 `signatures`");
        (vec![self.fault(refusal::UNVERIFIABLE, "signatures", message, super::approved::with_feature())], 0)
    }
}

#[cfg(feature = "signatures")]
mod judging {
    use super::super::trust::Trust;
    use super::{Finding, LocalText, REVOCATION_NAMESPACE, Requirements, RevocationSignature, Revocations, refusal};

    impl Revocations {
        /// Findings about single signatures, and the number of keys with a good one.
        pub(super) fn judged(&self, requirements: &Requirements) -> (Vec<Finding>, usize) {
            let Some(trust) = &requirements.trust else {
                let message = LocalText::new("nobody said whose signatures count", "未指定信任哪些签名");
                let help = LocalText::new("give an `allowed_signers` file", "请提供 `allowed_signers` 文件");
                return (vec![self.fault(refusal::UNVERIFIABLE, "signatures", message, help)], 0);
            };
            let (mut findings, mut keys) = (Vec::new(), Vec::new());
            for (at, one) in self.file.signatures.iter().enumerate() {
                match self.judge((at, one), requirements, trust) {
                    Ok(key) if keys.contains(&key) => {
                        let message = LocalText::new("the same key signed under two names", "同一把密钥以两个名义签署");
                        let help = LocalText::new("each person signs with a key of their own", "每个人须使用本人的密钥签名");
                        findings.push(self.fault(refusal::DUPLICATE, &format!("signatures.{at}.signature"), message, help));
                    }
                    Ok(key) => keys.push(key),
                    Err(finding) => findings.push(*finding),
                }
            }
            (findings, keys.len())
        }

        /// The fingerprint of a good signature's key.
        fn judge(
            &self,
            (at, one): (usize, &RevocationSignature),
            requirements: &Requirements,
            trust: &Trust,
        ) -> Result<String, Box<Finding>> {
            let (who, time) = (one.principal.as_str(), one.time);
            let wrong = |id, part: &str, en: String, zh: String, help: LocalText| {
                Box::new(self.fault(id, &format!("signatures.{at}.{part}"), LocalText::new(en, zh), help))
            };
            if !requirements.policy.may_revoke(who) {
                let help = LocalText::new("the policy's `revokers` say who may", "审批策略的 `revokers` 规定了谁有权撤销");
                return Err(wrong(
                    refusal::ROLE,
                    "principal",
                    format!("`{who}` may not revoke"),
                    format!("`{who}` 无权撤销"),
                    help,
                ));
            }
            let times: Vec<_> = std::iter::once(time.at).chain(requirements.clock.map(|clock| clock.now)).collect();
            let asked = (REVOCATION_NAMESPACE, ("this list", "该清单"));
            let print = trust.verify(asked, who, &self.statement(who, time), &one.signature, &times).map_err(|mut finding| {
                finding.span = self.places.find(&format!("signatures.{at}.signature"));
                finding
            })?;
            let again = || LocalText::new("have it signed again, by somebody who may revoke", "请由有权撤销的人员重新签署");
            if requirements.clock.is_some_and(|clock| clock.is_ahead(time.at)) {
                let (en, zh) = (format!("{time} is later than the present"), format!("{time} 晚于当前时间"));
                return Err(wrong(refusal::CLOCK, "time", en, zh, again()));
            }
            let known = requirements.revocations.as_ref().and_then(|known| known.key(&print));
            if let Some(revoked) = self.key(&print).or(known) {
                let when = revoked.time;
                let en = format!("the key {print} of `{who}` was revoked at {when}");
                let zh = format!("`{who}` 的密钥 {print} 已于 {when} 撤销");
                return Err(wrong(refusal::REVOKED_KEY, "signature", en, zh, again()));
            }
            Ok(print)
        }
    }
}
