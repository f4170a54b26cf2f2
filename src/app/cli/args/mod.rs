//! The command line's words: one struct a verb, no behaviour.

mod release;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use countersign_core::diagnostic::Severity;
use countersign_core::gateway::LogEnd;
use countersign_core::text::Cells;
pub use release::{
    Acting, Approve, Create, Held, JournalFormat, JournalRepair, JournalShow, JournalStatement, JournalVerb, JournalVerify, Key,
    MakerArgs, Mark, Publish, ReleaseVerb, Revoke, Rollback, Show, Sign, Statement, Step, SwitchOffRules, TrustArgs, Verify,
};

/// A risk-control rules workbench. Without a verb the window opens.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, subcommand_precedence_over_arg = true)]
#[command(after_help = "Exit codes: 0 clean, 1 ran and found something, 2 could not run.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// What the window opens.
    #[command(flatten)]
    pub window: super::window::WindowArgs,
    /// Language of what people read; otherwise taken from the locale.
    #[arg(long, value_enum, global = true)]
    pub lang: Option<Lang>,
}

/// The languages of the product.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Lang {
    /// English.
    En,
    /// 简体中文.
    Zh,
}

/// One verb a file.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Report findings in a workspace or a release.
    Check(Check),
    /// Run the cases; show what differs and which rules they reach.
    Test(Test),
    /// Prove what holds for every request there can be; show a request where it does not.
    Prove(Prove),
    /// Decide every request of a file.
    DryRun(DryRunArgs),
    /// Decide requests where they are: a stream of them in, a stream of decisions out.
    Decide(DecideArgs),
    /// Say the rules in SQL, for tables that are decided where they lie.
    Translate(TranslateArgs),
    /// Explain a check, a helper function, or one request's decision.
    Explain(Explain),
    /// Show whose decision changes between two rule sets.
    Compare(CompareArgs),
    /// Make, submit, approve, publish and verify releases.
    #[command(subcommand)]
    Release(ReleaseVerb),
    /// Decide a gateway's decision log again, or make a case of one of its lines.
    Replay(Replay),
    /// Show or verify who did what in a workspace.
    #[command(subcommand)]
    Journal(JournalVerb),
    /// Write generated signing requests.
    Sample(SampleArgs),
}

impl Verb {
    /// How texts stand in the CSV that the verb writes.
    #[must_use]
    pub fn cells(&self) -> Cells {
        let sheets = match self {
            Self::DryRun(args) => &args.file.sheets,
            Self::Compare(args) => &args.file.sheets,
            Self::Release(ReleaseVerb::Create(args)) => &args.file.sheets,
            Self::Release(ReleaseVerb::Verify(args)) => &args.file.sheets,
            Self::Explain(args) => &args.file.sheets,
            Self::Journal(JournalVerb::Show(args)) => &args.sheets,
            _ => return Cells::default(),
        };
        if sheets.raw { Cells::Raw } else { Cells::Guarded }
    }
}

/// How CSV is written.
#[derive(Debug, Args)]
pub struct SheetArgs {
    /// Write texts in CSV as they are, for programs. Otherwise an apostrophe is put before each text that a spreadsheet would take for a
    /// formula: those that begin with `=`, `+`, `-` or `@`, and are no negative number.
    #[arg(long)]
    pub raw: bool,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FindingFormat {
    /// For people, with the source under each finding.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit` XML, for test reports.
    Junit,
    /// GitHub annotations.
    Github,
}

/// How the results of cases are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// `JUnit` XML, for test reports.
    Junit,
}

/// How a page is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON document with both languages.
    Json,
}

/// The mildest finding that makes the exit code 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailLevel {
    /// Only errors.
    Error,
    /// Warnings and errors.
    #[default]
    Warning,
    /// Everything.
    Note,
}

impl From<FailLevel> for Severity {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Error => Self::Error,
            FailLevel::Warning => Self::Warning,
            FailLevel::Note => Self::Note,
        }
    }
}

/// `countersign check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Workspace folders and release files.
    #[arg(default_value = "rules")]
    pub targets: Vec<PathBuf>,
    /// How to write the findings.
    #[arg(long, value_enum, default_value_t)]
    pub format: FindingFormat,
    /// The mildest finding that makes the exit code 1.
    #[arg(long, value_enum, default_value_t)]
    pub fail_level: FailLevel,
}

/// `countersign test`.
#[derive(Debug, Args)]
pub struct Test {
    /// A workspace folder.
    #[arg(default_value = "rules")]
    pub workspace: PathBuf,
    /// How to write the results.
    #[arg(long, value_enum, default_value_t)]
    pub format: TestFormat,
    /// Fail when a rule is reached by no case.
    #[arg(long)]
    pub full_coverage: bool,
}

/// `countersign prove`.
#[derive(Debug, Args)]
pub struct Prove {
    /// A workspace folder or a release file.
    #[arg(default_value = "rules")]
    pub target: PathBuf,
    /// A release or workspace to compare verdicts with, for every request there can be.
    #[arg(long, value_name = "RELEASE|WORKSPACE")]
    pub against: Option<PathBuf>,
    /// Let each parameter have any value of its range, and not only the one that is set.
    #[arg(long)]
    pub free_parameters: bool,
    /// How to write the answers.
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
    /// The mildest finding that makes the exit code 1.
    #[arg(long, value_enum, default_value_t)]
    pub fail_level: FailLevel,
}

mod reading;

pub use reading::ReadingArgs;

/// A file of requests and how to read it.
#[derive(Debug, Args)]
pub struct RequestFile {
    /// The requests: CSV, JSON, Parquet or `.xlsx`, also compressed by gzip or zstd. A file, a folder of files, a pattern in quotes, or `-`
    /// for standard input; may be given several times.
    #[arg(long, value_name = "FILE", required = true)]
    pub requests: Vec<PathBuf>,
    /// How the file is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// A column mapping: its name in the workspace's `mappings/`, or a file.
    #[arg(long, value_name = "NAME|FILE")]
    pub mapping: Option<String>,
    /// What becomes of rows that cannot be read.
    #[command(flatten)]
    pub aside: AsideArgs,
    /// How CSV is written.
    #[command(flatten)]
    pub sheets: SheetArgs,
}

/// What becomes of rows that cannot be read.
#[derive(Debug, Args)]
pub struct AsideArgs {
    /// Set bad rows aside in this CSV file and go on: each with its place and what is wrong, personal values masked.
    #[arg(long, value_name = "FILE", requires = "requests")]
    pub rejects: Option<PathBuf>,
    /// Also write those rows as they stand, for whoever may see the personal values in them.
    #[arg(long, requires = "rejects")]
    pub rejects_raw: bool,
    /// Stop with exit code 2 where more rows would be set aside: a number, or a percentage of all rows. Without it there is no maximum,
    /// except for `release create`, which then sets none aside.
    #[arg(long, value_name = "N|P%", requires = "rejects")]
    pub max_rejects: Option<String>,
}

/// A file of requests that may be left out.
#[derive(Debug, Args)]
pub struct SomeRequests {
    /// The requests: CSV, JSON, Parquet or `.xlsx`, also compressed by gzip or zstd. A file, a folder of files, a pattern in quotes, or `-`
    /// for standard input; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub requests: Vec<PathBuf>,
    /// How the file is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// A column mapping: its name in the workspace's `mappings/`, or a file.
    #[arg(long, value_name = "NAME|FILE", requires = "requests")]
    pub mapping: Option<String>,
    /// What becomes of rows that cannot be read.
    #[command(flatten)]
    pub aside: AsideArgs,
    /// How CSV is written.
    #[command(flatten)]
    pub sheets: SheetArgs,
}

/// `countersign dry-run`.
#[derive(Debug, Args)]
pub struct DryRunArgs {
    /// A workspace folder or a release file.
    #[arg(default_value = "rules")]
    pub target: PathBuf,
    /// The requests to decide.
    #[command(flatten)]
    pub file: RequestFile,
    /// A release or workspace to compare with: whose decision changes, and why.
    #[arg(long, value_name = "RELEASE|WORKSPACE")]
    pub against: Option<PathBuf>,
    /// Write every decision here: `.csv` or `.parquet`.
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Write the report here: `.html` or `.json`. May be given twice.
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// Write every flip here as CSV; needs `--against`.
    #[arg(long, value_name = "FILE", requires = "against")]
    pub flips: Option<PathBuf>,
}

/// `countersign decide`.
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// A workspace folder or a release file.
    #[arg(default_value = "rules")]
    pub target: PathBuf,
    /// Read an Arrow IPC stream from standard input, and write one to standard output: a decision for each row, in order, in the columns of
    /// `dry-run --decisions`. Only a stream that was decided to its end has an end mark.
    #[arg(long, required = true)]
    pub stream: bool,
    /// A column mapping: its name in the workspace's `mappings/`, or a file.
    #[arg(long, value_name = "NAME|FILE")]
    pub mapping: Option<String>,
    /// Write the totals here, as `dry-run --report` writes them to a `.json`.
    #[arg(long, value_name = "FILE")]
    pub totals: Option<PathBuf>,
}

/// `countersign translate`.
#[derive(Debug, Args)]
pub struct TranslateArgs {
    /// A workspace folder or a release file.
    #[arg(default_value = "rules")]
    pub target: PathBuf,
    /// The engine that runs the statements.
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub to: Engine,
    /// The folder to write `decide.sql`, `totals.sql` and `self_check.sql` to.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// The table of requests, with dots between the schemas it is in.
    #[arg(long, default_value = "requests")]
    pub table: String,
    /// Leave out rules that SQL cannot say exactly; the statements name them, and the exit code is 1.
    #[arg(long)]
    pub skip: bool,
}

/// An engine that runs SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// `DuckDB`, from version 1.3 on.
    Duckdb,
}

/// `countersign compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The old workspace or release.
    pub old: PathBuf,
    /// The new workspace or release.
    pub new: PathBuf,
    /// The requests to decide with both.
    #[command(flatten)]
    pub file: RequestFile,
    /// Write every flip here as CSV.
    #[arg(long, value_name = "FILE")]
    pub flips: Option<PathBuf>,
    /// Write the report here: `.html` or `.json`. May be given twice.
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
}

/// `countersign explain`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
#[command(group = clap::ArgGroup::new("of_requests").multiple(true))]
#[command(group = clap::ArgGroup::new("about").args(["requests", "plain", "table"]).multiple(true))]
pub struct Explain {
    /// A check's id, such as `unknown-field`, or `all` for a list.
    #[arg(long, value_name = "ID", group = "what", conflicts_with_all = ["function", "of_requests", "requests"])]
    pub finding: Option<String>,
    /// A function that scripts may call, such as `share`, or `all` for a list.
    #[arg(long, value_name = "NAME", group = "what", conflicts_with_all = ["of_requests", "requests"])]
    pub function: Option<String>,
    /// A request's key: why it is decided as it is; needs `--requests`.
    #[arg(long, value_name = "KEY", groups = ["what", "of_requests"], requires = "requests")]
    pub request: Option<String>,
    /// Only what this rule says of the request; without `--request`, how often each condition of the rule is true, false and not asked
    /// over all requests of the file.
    #[arg(long, value_name = "ID", groups = ["what", "of_requests"], requires = "about")]
    pub rule: Option<String>,
    /// The rule in plain language; with `--requests`, how many come to each of its statements.
    #[arg(long, requires = "rule", conflicts_with = "request")]
    pub plain: bool,
    /// The rules of this stage as a decision table; needs `--table`.
    #[arg(long, value_name = "ID", group = "what", requires = "table",
        conflicts_with_all = ["finding", "function", "of_requests", "requests"])]
    pub stage: Option<String>,
    /// What is looked at as columns, the ways rules end as rows, the outcome last.
    #[arg(long, requires = "stage")]
    pub table: bool,
    /// Without the conditions inside each rule.
    #[arg(long, requires = "request")]
    pub brief: bool,
    /// How to write what is said of a request or a rule.
    #[arg(long, value_enum, default_value_t, requires = "about")]
    pub format: PageFormat,
    /// The requests that the key or the rule is about.
    #[command(flatten)]
    pub file: SomeRequests,
    /// A workspace folder or a release file.
    #[arg(default_value = "rules")]
    pub target: PathBuf,
}

/// `countersign sample`.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// The workspace whose schema the requests fit.
    #[arg(long, default_value = "rules")]
    pub workspace: PathBuf,
    /// How many requests.
    #[arg(long, default_value_t = 20_000)]
    pub rows: u64,
    /// The same seed gives the same rows.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to write them: `.csv`, `.jsonl` or `.parquet`.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `countersign replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// The decision log: one JSON object a line. Several files of one log are given in order, the oldest first.
    #[arg(required = true)]
    pub log: Vec<PathBuf>,
    /// A line that the log must hold, as the gateway's `GET /release` shows the last one: `17:sha256:…`. The file `LOG.head` beside the log
    /// is looked at without being asked for.
    #[arg(long, value_name = "NUMBER:DIGEST", value_parser = super::replay_chain::Anchor::parse)]
    pub anchor: Option<LogEnd>,
    /// A release that decided lines of it; may be given several times. Those of the workspace are known.
    #[arg(long, value_name = "RELEASE")]
    pub release: Vec<PathBuf>,
    /// The workspace whose releases are known, and that a case is added to.
    #[arg(long, default_value = "rules")]
    pub workspace: PathBuf,
    /// Make a case of this line instead, counted from 1.
    #[arg(long, value_name = "N", requires = "case")]
    pub line: Option<usize>,
    /// The case's id.
    #[arg(long, value_name = "ID", requires = "line")]
    pub case: Option<String>,
    /// Format of the output.
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}
