//! The words of `countersign release` and `countersign journal`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{FindingFormat, RequestFile, SheetArgs, SomeRequests};

/// `countersign release`.
#[derive(Debug, Subcommand)]
pub enum ReleaseVerb {
    /// Check, test and dry-run a workspace, and export what a gateway loads.
    Create(Create),
    /// Say what a release holds, and what it changes.
    Show(Show),
    /// Sign a release as its maker: it asks to be approved.
    Submit(Sign),
    /// Sign a release as a checker.
    Approve(Approve),
    /// Send a release back with a comment.
    Reject(Mark),
    /// Take a release out of the way to the gateway.
    Withdraw(Mark),
    /// Make an approved release live.
    Publish(Publish),
    /// Revoke releases and keys by a signed list that gateways read.
    Revoke(Revoke),
    /// Make a new release of an old one's content.
    Rollback(Rollback),
    /// Switch rules of the live release off at once, and change nothing else.
    SwitchOff(SwitchOffRules),
    /// Print the canonical text that the digest is over.
    Canonical(Held),
    /// Print the statement that somebody's signature is over.
    Statement(Statement),
    /// Refuse a release that is not exactly what was exported.
    Verify(Verify),
}

/// `countersign release create`.
#[derive(Debug, Args)]
pub struct Create {
    /// A workspace folder.
    #[arg(default_value = "rules")]
    pub workspace: PathBuf,
    /// The requests that the evidence is counted over.
    #[command(flatten)]
    pub file: RequestFile,
    /// The release that is live now, where the workspace's journal names none; its flips become evidence.
    #[arg(long, value_name = "RELEASE")]
    pub against: Option<PathBuf>,
    /// Who makes the release, and when.
    #[command(flatten)]
    pub made: MakerArgs,
    /// Why it is made.
    #[arg(long, default_value = "")]
    pub comment: String,
    /// Take on every flip against the live release and every row set aside, and say why.
    #[arg(long, value_name = "COMMENT")]
    pub acknowledge: Option<String>,
    /// Fail when a rule is reached by no case.
    #[arg(long)]
    pub full_coverage: bool,
    /// Where to write it; `released/<version>.ron` in the workspace when left out.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The key that signs an entry of the journal.
#[derive(Debug, Args)]
pub struct Key {
    /// A private key file; its passphrase is asked for.
    #[arg(long, value_name = "FILE", conflicts_with = "agent")]
    pub key: Option<PathBuf>,
    /// Sign with a key that the running ssh-agent holds.
    #[arg(long)]
    pub agent: bool,
}

/// Who acts: whom the key is listed for, or only a name.
#[derive(Debug, Args)]
pub struct Acting {
    /// The key.
    #[command(flatten)]
    pub key: Key,
    /// Who does it; with a key, somebody whom it is listed for.
    #[arg(long, value_name = "PRINCIPAL", required_unless_present_any = ["key", "agent"])]
    pub by: Option<String>,
}

/// Who makes a release, and when.
#[derive(Debug, Args)]
pub struct MakerArgs {
    /// Who makes the release; with a key, somebody whom it is listed for.
    #[arg(long, value_name = "PRINCIPAL", required_unless_present_any = ["key", "agent"])]
    pub maker: Option<String>,
    /// The key.
    #[command(flatten)]
    pub key: Key,
    /// When it is made, with an offset: `2014-03-20T09:00:00+08:00`; the present when left out.
    #[arg(long, value_name = "TIME")]
    pub created_at: Option<String>,
}

/// A step on the way of a release.
#[derive(Debug, Args)]
pub struct Step {
    /// The release file, in its workspace.
    pub release: PathBuf,
    /// When, with an offset; the present when left out.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

/// A release file alone.
#[derive(Debug, Args)]
pub struct Held {
    /// The release file.
    pub release: PathBuf,
}

/// `countersign release statement`.
#[derive(Debug, Args)]
pub struct Statement {
    /// The release file, or a list of revocations.
    pub release: PathBuf,
    /// Who signed it.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: String,
}

/// `countersign release show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The release file.
    pub release: PathBuf,
    /// Another release: list what changed since.
    #[arg(long, value_name = "RELEASE")]
    pub against: Option<PathBuf>,
}

/// Whose signatures count, and who must approve.
#[derive(Debug, Args)]
pub struct TrustArgs {
    /// An OpenSSH `allowed_signers` file; the workspace's own when left out, except for `verify`.
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
    /// Who must approve; the workspace's `approvals.ron` when left out, except for `verify`.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// A signature under a release.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("signer").required(true))]
pub struct Sign {
    /// The release, and when.
    #[command(flatten)]
    pub step: Step,
    /// A private key file; its passphrase is asked for.
    #[arg(long, value_name = "FILE", group = "signer")]
    pub key: Option<PathBuf>,
    /// Sign with a key that the running ssh-agent holds.
    #[arg(long, group = "signer")]
    pub agent: bool,
    /// Who signs, where the key is listed for several.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// A word for the journal.
    #[arg(long, default_value = "")]
    pub comment: String,
    /// Whose signatures count.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// `countersign release approve`.
#[derive(Debug, Args)]
pub struct Approve {
    /// The release, the key and the signer.
    #[command(flatten)]
    pub sign: Sign,
    /// The role to act in, where the policy leaves a choice.
    #[arg(long)]
    pub role: Option<String>,
}

/// `countersign release reject` and `withdraw`.
#[derive(Debug, Args)]
pub struct Mark {
    /// The release, and when.
    #[command(flatten)]
    pub step: Step,
    /// Who does it.
    #[command(flatten)]
    pub acting: Acting,
    /// Why.
    #[arg(long)]
    pub comment: String,
}

/// `countersign release publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// The release, and when.
    #[command(flatten)]
    pub step: Step,
    /// The file that the gateway loads: written in one step.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Who publishes it.
    #[command(flatten)]
    pub acting: Acting,
    /// A word for the journal.
    #[arg(long, default_value = "")]
    pub comment: String,
    /// Whose signatures count, and who must approve.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// `countersign release revoke`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("revoker").required(true))]
pub struct Revoke {
    /// Releases that must not be loaded, by their files or digests.
    pub releases: Vec<PathBuf>,
    /// A key whose signatures count no more, by its fingerprint; may be given several times.
    #[arg(long, value_name = "FINGERPRINT")]
    pub key_revoked: Vec<String>,
    /// No release with a lower number may be loaded.
    #[arg(long, value_name = "NUMBER")]
    pub minimum: Option<u64>,
    /// A private key file; its passphrase is asked for.
    #[arg(long, value_name = "FILE", group = "revoker")]
    pub key: Option<PathBuf>,
    /// Sign with a key that the running ssh-agent holds.
    #[arg(long, group = "revoker")]
    pub agent: bool,
    /// Who signs, where the key is listed for several.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// Why.
    #[arg(long)]
    pub comment: String,
    /// When, with an offset; the present when left out.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The list that is added to; `revocations.ron` in the workspace of the first release when left out.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Whose signatures count, and who may revoke.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// `countersign release rollback`.
#[derive(Debug, Args)]
pub struct Rollback {
    /// The old release, whose rules come back.
    pub release: PathBuf,
    /// The requests that the evidence is counted over.
    #[command(flatten)]
    pub file: RequestFile,
    /// The release that is live now, where the workspace's journal names none.
    #[arg(long, value_name = "RELEASE")]
    pub against: Option<PathBuf>,
    /// Take on every flip against the live release and every row set aside, and say why.
    #[arg(long, value_name = "COMMENT")]
    pub acknowledge: Option<String>,
    /// Who makes the new one, and when.
    #[command(flatten)]
    pub made: MakerArgs,
    /// Why.
    #[arg(long)]
    pub comment: String,
    /// Where to write it; beside the old one when left out.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `countersign release switch-off`.
#[derive(Debug, Args)]
pub struct SwitchOffRules {
    /// The rules to switch off.
    #[arg(required = true, value_name = "RULE")]
    pub rules: Vec<String>,
    /// A workspace folder.
    #[arg(long, value_name = "FOLDER", default_value = "rules")]
    pub workspace: PathBuf,
    /// The requests that the evidence is counted over.
    #[command(flatten)]
    pub file: RequestFile,
    /// Take on every flip against the live release and every row set aside, and say why.
    #[arg(long, value_name = "COMMENT")]
    pub acknowledge: Option<String>,
    /// Who makes the release, and when.
    #[command(flatten)]
    pub made: MakerArgs,
    /// Why.
    #[arg(long)]
    pub comment: String,
    /// Where to write it; `released/<version>.ron` in the workspace when left out.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `countersign journal`.
#[derive(Debug, Subcommand)]
pub enum JournalVerb {
    /// Follow the chain and hold it against the releases and the keys: nothing changed, taken out, cut or made up.
    Verify(JournalVerify),
    /// Note that lines which a crash cut short were looked at.
    Repair(JournalRepair),
    /// Print the text that an entry's signature is over.
    Statement(JournalStatement),
    /// Show who did what, and when.
    Show(JournalShow),
}

/// `countersign journal verify`.
#[derive(Debug, Args)]
pub struct JournalVerify {
    /// A workspace folder.
    #[arg(default_value = "rules")]
    pub workspace: PathBuf,
    /// Whose signatures count, and whether entries must be signed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// How to write what is wrong.
    #[arg(long, value_enum, default_value_t)]
    pub format: FindingFormat,
}

/// `countersign journal repair`.
#[derive(Debug, Args)]
pub struct JournalRepair {
    /// A workspace folder.
    #[arg(default_value = "rules")]
    pub workspace: PathBuf,
    /// Who does it.
    #[command(flatten)]
    pub acting: Acting,
    /// Why.
    #[arg(long)]
    pub comment: String,
    /// When, with an offset; the present when left out.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

/// `countersign journal statement`.
#[derive(Debug, Args)]
pub struct JournalStatement {
    /// A workspace folder.
    #[arg(default_value = "rules")]
    pub workspace: PathBuf,
    /// The line of the journal, from 1.
    #[arg(long, value_name = "N")]
    pub line: usize,
}

/// How the journal is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum JournalFormat {
    /// A table for people.
    #[default]
    Human,
    /// A JSON array.
    Json,
    /// A sheet with a header.
    Csv,
}

/// `countersign journal show`.
#[derive(Debug, Args)]
pub struct JournalShow {
    /// A workspace folder.
    #[arg(default_value = "rules")]
    pub workspace: PathBuf,
    /// Only what this principal did; `*` and `?` stand for anything.
    #[arg(long, value_name = "PRINCIPAL")]
    pub who: Option<String>,
    /// Only this: `created`, `submitted`, `approved`, `rejected`, `withdrawn`, `publishing`, `published`, `not_published` or `repaired`.
    #[arg(long, value_name = "ACTION")]
    pub what: Option<String>,
    /// Only what was done to the release whose digest begins so.
    #[arg(long, value_name = "DIGEST")]
    pub release: Option<String>,
    /// Only from then on: a time with an offset, or a date in universal time.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only before then.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// How to write it.
    #[arg(long, value_enum, default_value_t)]
    pub format: JournalFormat,
    /// How CSV is written.
    #[command(flatten)]
    pub sheets: SheetArgs,
}

/// `countersign release verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The release file.
    pub release: PathBuf,
    /// Compute the evidence again: needs the workspace's cases and the same requests.
    #[arg(long, requires = "requests")]
    pub evidence: bool,
    /// The requests that the evidence was counted over.
    #[command(flatten)]
    pub file: SomeRequests,
    /// The live release: what the evidence was compared with, and what the changes are seen against.
    #[arg(long, value_name = "RELEASE")]
    pub against: Option<PathBuf>,
    /// What was revoked: a list that `release revoke` wrote.
    #[arg(long, value_name = "FILE")]
    pub revocations: Option<PathBuf>,
    /// How many approvals the release must carry at least.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub approvals: usize,
    /// Whose signatures count, and who must approve.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// The workspace whose cases the evidence counts.
    #[arg(long, default_value = "rules")]
    pub workspace: PathBuf,
    /// How to write what is wrong.
    #[arg(long, value_enum, default_value_t)]
    pub format: FindingFormat,
}
