//! `countersign release`: create, rollback, show, canonical, verify.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Create, Format, Held, Release as Verb, Rollback, Show, Verify};
use super::exit::{Exit, Failure};
use super::request_file::{self, RequestFile, Wanted};
use super::screen::Screen;
use super::target::Target;
use super::{approve, check, dry_run, output, publish};
use crate::diagnostic::{Finding, Severity};
use crate::engine::cases::run_cases;
use crate::engine::{self, DryRun, compare};
use crate::model::Verdict;
use crate::progress::Progress;
use crate::release::{
    self, Acknowledgement, CaseEvidence, CheckEvidence, Coverage, Evidence, LiveEvidence, Provenance, Release, Requirements,
    SampleEvidence, VerdictCounts,
};
use crate::text::{LocalText, Sources};
use crate::workspace::Files;
use crate::workspace::journal::Action;
use crate::workspace::lifecycle::{self, Doing};

/// Runs the verb.
///
/// # Errors
/// Something cannot be read or written, or the workspace does not allow a release.
pub fn run(verb: &Verb, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    match verb {
        Verb::Create(args) => create(args, files, screen),
        Verb::Show(args) => show(args, files, screen),
        Verb::Canonical(args) => canonical(args, files, screen),
        Verb::Verify(args) => verify(args, files, screen),
        Verb::Submit(args) => approve::submit(args, files, screen),
        Verb::Approve(args) => approve::approve(args, files, screen),
        Verb::Reject(args) => publish::mark(args, Action::Rejected, files, screen),
        Verb::Withdraw(args) => publish::mark(args, Action::Withdrawn, files, screen),
        Verb::Publish(args) => publish::publish(args, files, screen),
        Verb::Rollback(args) => roll_back(args, files, screen),
    }
}

fn create(args: &Create, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open_workspace(files, &args.workspace)?;
    let live = args.against.as_ref().map(|path| Target::open_release(files, path)).transpose()?;
    let mut evidence = evidence(&target, live.as_ref(), &dry_run::wanted(&args.file), files, screen)?;
    if let Some(cases) = evidence.cases.as_ref().filter(|cases| cases.passed < cases.total) {
        return Err(Failure::found(vec![failing_cases(cases)], Sources::default()));
    }
    let made = super::moment(args.created_at.as_deref(), target.definition.schema.zone)?;
    if let (Some(against), Some(comment)) = (&mut evidence.against, &args.acknowledge)
        && against.flips > 0
    {
        let (by, comment) = (args.maker.clone(), comment.clone());
        against.acknowledged.push(Acknowledgement { by, at: made, flips: against.flips, comment });
    }
    let provenance = Provenance { maker: args.maker.clone(), created_at: made, comment: args.comment.clone(), rolls_back: None };
    let release = release::create(&target.definition, &evidence, &provenance)
        .map_err(|findings| Failure::found(findings, target.definition.sources.clone()))?;
    let path = args.out.clone().unwrap_or_else(|| default_path(&args.workspace, release.version()));
    export(&release, &path, args.out.is_none(), files, screen)
}

/// Writes a release, reads it back and notes it; `by_default` says that nobody chose the file's name.
fn export(release: &Release, path: &Path, by_default: bool, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let in_workspace = lifecycle::home(files, path).is_some();
    if (by_default || in_workspace) && files.exists(path) {
        return Err(already_there(path).into());
    }
    if let Some(folder) = path.parent().filter(|folder| by_default && !files.exists(folder)) {
        files.create_folder(folder).map_err(|error| error.to_finding())?;
    }
    output::save(files, path, |out| out.write_all(release::write(release).as_bytes()))?;
    check_written(files, path, release)?;
    let provenance = release.provenance();
    let (who, comment) = (provenance.maker.clone(), provenance.comment.clone());
    lifecycle::note_created(files, path, release, &Doing { who, at: provenance.created_at, comment })?;
    let (path, digest) = (path.display(), release.digest());
    screen.print(&format!("{}\n{digest}\n", screen.say(&LocalText::new(format!("written: {path}"), format!("已写出：{path}")))))?;
    Ok(Exit::Clean)
}

/// Reads the file back as a gateway would, so that success is said only of a file that loads.
fn check_written(files: &dyn Files, path: &Path, release: &Release) -> Result<(), Failure> {
    let written = Target::open_release(files, path)?;
    if written.digest() == release.digest() {
        return Ok(());
    }
    let message = LocalText::new("the file on the disk is not the release that was made", "磁盘上的文件与所生成的发布不一致");
    let help = LocalText::new("another program may have written it; export again", "可能被其他程序改写，请重新导出");
    Err(Finding::error("release-altered", None, message).with_help(help).into())
}

fn default_path(workspace: &Path, version: &str) -> PathBuf {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    workspace.join("released").join(format!("{}.ron", version.chars().map(safe).collect::<String>()))
}

fn already_there(path: &Path) -> Finding {
    let path = path.display();
    let message =
        LocalText::new(format!("`{path}` exists: a release is never written over"), format!("`{path}` 已存在：发布文件不可覆盖"));
    let help = LocalText::new(
        "raise `version` in `ruleset.ron`, or give another file with `--out`",
        "请提高 `ruleset.ron` 中的 `version`，或用 `--out` 指定其他文件",
    );
    Finding::error("release-exists", None, message).with_help(help)
}

fn failing_cases(cases: &CaseEvidence) -> Finding {
    let failed = cases.total - cases.passed;
    let message = LocalText::new(
        format!("{failed} of {} cases do not get the decision they must get", cases.total),
        format!("{} 个用例中有 {failed} 个未得到应有的决策", cases.total),
    );
    Finding::error("failing-cases", None, message)
        .with_help(LocalText::new("run `countersign test` to see them", "运行 `countersign test` 查看"))
}

fn roll_back(args: &Rollback, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let old = lifecycle::read_release(files, &args.release)?;
    let created_at = super::moment(args.created_at.as_deref(), old.definition().schema.zone)?;
    let provenance = Provenance { maker: args.maker.clone(), created_at, comment: args.comment.clone(), rolls_back: None };
    let release =
        release::roll_back(&old, &provenance).map_err(|findings| Failure::found(findings, old.definition().sources.clone()))?;
    let stem = args.release.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let again = |number: usize| args.release.with_file_name(format!("{stem}-rollback-{number}.ron"));
    let free = || (1..=9_999).map(again).find(|path| !files.exists(path)).unwrap_or_else(|| again(0));
    let path = args.out.clone().unwrap_or_else(free);
    export(&release, &path, args.out.is_none(), files, screen)
}

/// Counts everything a release is approved on.
fn evidence(
    target: &Target,
    live: Option<&Target>,
    wanted: &Wanted<'_>,
    files: &dyn Files,
    screen: &Screen,
) -> Result<Evidence, Failure> {
    let engine = target.engine()?;
    let findings = target.findings();
    let requests = request_file::load(wanted, target, files, screen)?;
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("deciding", "决策");
    let (ran, flips) = match live {
        None => {
            let ran = screen.watch(&what, &progress, || engine::dry_run(&engine, &requests.table, &progress));
            (ran.map_err(|_| super::cancelled())?, None)
        }
        Some(live) => {
            let old = live.engine()?;
            let ran = screen.watch(&what, &progress, || compare(&old, &engine, &requests.table, &progress));
            let comparison = ran.map_err(|refused| match refused {
                compare::Refused::Cancelled => super::cancelled().into(),
                compare::Refused::Schema(findings) => Failure::could_not_run(findings, Sources::default()),
            })?;
            (comparison.new_run().clone(), Some(comparison.flips().len() as u64))
        }
    };
    let cases = run_cases(&engine, target.cases()?);
    let counts = cases.counts();
    let rule_set = &target.definition.rule_set;
    let severe = |severity| findings.iter().filter(|finding| finding.severity == severity).count() as u64;
    let summary = ran.summary(&requests.table);
    let live_rules = summary.rules.iter().filter(|line| line.status != crate::model::Status::Off);
    Ok(Evidence {
        rule_set: release::rule_set_digest(rule_set, target.definition.schema.zone),
        schema: release::schema_digest(&target.definition.schema),
        cases: Some(CaseEvidence {
            digest: release::cases_digest(target.cases()?),
            total: cases.results.len() as u64,
            passed: counts.passed as u64,
        }),
        samples: vec![sample_evidence(&requests, &ran)],
        coverage: Coverage {
            rules: live_rules.clone().count() as u64,
            hit_by_cases: cases.coverage.rules.iter().filter(|rule| rule.hit > 0).count() as u64,
            hit_by_samples: live_rules.filter(|line| line.hits.requests + line.shadow_hits.requests > 0).count() as u64,
        },
        against: live.zip(flips).map(|(live, flips)| LiveEvidence { release: live.digest(), flips, acknowledged: Vec::new() }),
        check: CheckEvidence { warnings: severe(Severity::Warning), notes: severe(Severity::Note) },
    })
}

fn sample_evidence(requests: &RequestFile, ran: &DryRun) -> SampleEvidence {
    let decisions = ran.decisions();
    let mut verdicts = VerdictCounts::default();
    let mut failed = 0;
    for row in 0..decisions.len() {
        verdicts.add(decisions.verdict(row).unwrap_or(Verdict::Decline), 1);
        failed += u64::from(decisions.shape(row).is_some_and(|shape| shape.failures.iter().any(|failure| !failure.shadow)));
    }
    SampleEvidence {
        file: requests.name.clone(),
        digest: requests.digest,
        mapping: requests.mapping,
        requests: decisions.len() as u64,
        verdicts,
        failed,
    }
}

fn show(args: &Show, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let release = lifecycle::read_release(files, &args.release)?;
    screen.print(&super::release_text::text(&release, screen.language))?;
    if let Some(against) = &args.against {
        let old = lifecycle::read_release(files, against)?;
        screen.print(&super::release_text::changes(&old, &release, screen.language))?;
    }
    Ok(Exit::Clean)
}

fn canonical(args: &Held, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open_release(files, &args.release)?;
    let Some(release) = &target.release else { return Ok(Exit::CouldNotRun) };
    screen.print(&release.canonical())?;
    Ok(Exit::Clean)
}

fn verify(args: &Verify, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = match Target::open_release(files, &args.release) {
        Ok(target) => target,
        // A refused release is a result in the format asked for; a missing file is not.
        Err(failure) if failure.exit == Exit::Found => {
            check::show(&failure.findings, &failure.sources, args.format, Severity::Error, screen)?;
            return Ok(Exit::Found);
        }
        Err(failure) => return Err(failure),
    };
    let Some(release) = &target.release else { return Ok(Exit::CouldNotRun) };
    let computed = match (&args.requests, args.evidence) {
        (Some(path), true) => Some(recompute(args, path, release, files, screen)?),
        _ => None,
    };
    let requirements = requirements(args, files)?;
    let live = args.against.as_ref().map(|path| lifecycle::read_release(files, path)).transpose()?;
    let findings = release::verify(release, &requirements, live.as_ref(), computed.as_ref());
    let exit = check::show(&findings, &target.definition.sources, args.format, Severity::Error, screen)?;
    if exit == Exit::Clean && args.format == Format::Human {
        let text = super::release_text::holds(release, &requirements, computed.is_some());
        screen.print(screen.say(&text))?;
    }
    Ok(exit)
}

/// What is asked of the release: only what stands on the command line, never what lies beside the release.
fn requirements(args: &Verify, files: &dyn Files) -> Result<Requirements, Failure> {
    let policy = args.trust.policy.as_ref().map(|path| lifecycle::read_policy(files, path)).transpose()?.unwrap_or_default();
    let trust = args.trust.allowed_signers.as_ref().map(|path| lifecycle::read_trust(files, path)).transpose()?;
    Ok(Requirements { policy: policy.at_least(args.approvals), trust })
}

/// Counts the evidence of a release again: its own rules, the workspace's cases, the requests given.
fn recompute(args: &Verify, path: &Path, release: &Release, files: &dyn Files, screen: &Screen) -> Result<Evidence, Failure> {
    let workspace = Target::open_workspace(files, &args.workspace)?;
    let definition = Arc::clone(release.definition());
    let compiled = crate::script::Program::compile(&definition);
    let target = Target { definition, compiled, cases: workspace.cases, release: None, root: workspace.root };
    let live = args.against.as_ref().map(|path| Target::open_release(files, path)).transpose()?;
    let wanted = Wanted { path, mapping: args.mapping.as_deref(), rejects: None };
    evidence(&target, live.as_ref(), &wanted, files, screen)
}
