//! The words the gateway is started with.

use countersign::gateway::{Policy, Requirements, Trust};

/// How to start it.
pub const USAGE: &str =
    "usage: gateway-consumer RELEASE [--base FILE] [--port N] [--log FILE] (--policy FILE --allowed-signers FILE | --unapproved)";

/// What was asked for.
#[derive(Debug, Default)]
pub struct Options {
    pub release: String,
    /// The release that it replaced, where it names one as its base.
    pub base: Option<String>,
    /// 0 takes a free one.
    pub port: u16,
    /// Where decisions are logged.
    pub log: Option<String>,
    policy: Option<String>,
    allowed_signers: Option<String>,
    /// Serves what nobody approved: for trying out.
    unapproved: bool,
}

/// Reads the words.
pub fn read(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--port" => options.port = value()?.parse().map_err(|_| "a port is a number from 0 to 65535".to_owned())?,
            "--base" => options.base = Some(value()?),
            "--log" => options.log = Some(value()?),
            "--policy" => options.policy = Some(value()?),
            "--allowed-signers" => options.allowed_signers = Some(value()?),
            "--unapproved" => options.unapproved = true,
            _ if word.starts_with("--") => return Err(format!("there is no `{word}`")),
            _ if options.release.is_empty() => options.release = word,
            _ => return Err(format!("`{word}` is one word too many")),
        }
    }
    let has_policy = options.policy.is_some() && options.allowed_signers.is_some();
    if options.release.is_empty() || options.unapproved == has_policy {
        return Err("a release, and either who must approve it or `--unapproved`, must be given".to_owned());
    }
    Ok(options)
}

impl Options {
    /// What this gateway asks of every release.
    pub fn requirements(&self) -> Result<Requirements, String> {
        let (Some(policy), Some(signers)) = (&self.policy, &self.allowed_signers) else { return Ok(Requirements::nothing()) };
        let read = |path: &String| std::fs::read(path).map_err(|error| format!("cannot read `{path}`: {error}"));
        let policy = Policy::read(policy, &read(policy)?).map_err(|refused| refused.to_string())?;
        let trust = Trust::read(signers, &read(signers)?).map_err(|refused| refused.to_string())?;
        Ok(Requirements::new(policy, trust))
    }
}
