//! `countersign release`: create, rollback, show, canonical, verify.

use std::path::Path;
use std::sync::Arc;

use super::args::{Create, FindingFormat, Held, MakerArgs, ReleaseVerb as Verb, Rollback, Show, Statement, SwitchOffRules, Verify};
use super::exit::{Exit, Failure};
use super::request_file::{self, Wanted};
use super::screen::Screen;
use super::target::Target;
use super::{approve, check, coverage, here, publish, recomputing, revoke};
use crate::cli::kinds::RELEASE_NOT_SIGNED;
use countersign_core::diagnostic::{Finding, Help, Operation, Severity, TargetFindings};
use countersign_core::engine::Engine;
use countersign_core::engine::cases::run_cases;
use countersign_core::model::{Moment, RuleId};
use countersign_core::progress::Progress;
use countersign_core::release::refusal;
use countersign_core::release::{
    self, Digest, Evidence, Lineage, Provenance, Release, Requirements, SigningChecklist, SwitchOff, VerifierClock,
};
use countersign_core::script::Program;
use countersign_core::text::{LocalText, Sources};
use countersign_run::Run;
use countersign_run::evidence::EvidenceBasis;
use countersign_workspace::journal::{self, JournalAction, ReleaseHistory, ReleaseState};
use countersign_workspace::lifecycle::{self, SigningKey};
use countersign_workspace::{Files, Unread};

/// Runs the verb.
///
/// # Errors
/// Something cannot be read or written, or the workspace does not allow a release.
pub fn run(verb: &Verb, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    match verb {
        Verb::Create(args) => create(args, files, screen),
        Verb::Show(args) => show(args, files, screen),
        Verb::Canonical(args) => canonical(args, files, screen),
        Verb::Statement(args) => statement(args, files, screen),
        Verb::Verify(args) => verify(args, files, screen),
        Verb::Submit(args) => approve::submit(args, files, screen),
        Verb::Approve(args) => approve::approve(args, files, screen),
        Verb::Reject(args) => publish::mark(args, JournalAction::Rejected, files, screen),
        Verb::Withdraw(args) => publish::mark(args, JournalAction::Withdrawn, files, screen),
        Verb::Publish(args) => publish::publish(args, files, screen),
        Verb::Revoke(args) => revoke::revoke(args, files, screen),
        Verb::Rollback(args) => roll_back(args, files, screen),
        Verb::SwitchOff(args) => switch_off(args, files, screen),
    }
}

fn create(args: &Create, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open_workspace(files, &args.workspace)?;
    let live = base(files, Some(&args.workspace), args.against.as_deref(), screen)?;
    let (mut evidence, missed) = evidence(&target, live.as_ref(), &Wanted::of(&args.file).or_none(), files, screen)?;
    if args.full_coverage && !missed.is_empty() {
        return Err(Failure::found(missed, target.definition.sources.clone()));
    }
    coverage::say(&missed, &target.definition, screen);
    if let Some(failing) = lifecycle::failing_cases(&evidence) {
        return Err(Failure::found(vec![failing], Sources::default()));
    }
    let made = super::moment(args.made.created_at.as_deref(), target.definition.schema.zone)?;
    let (mut signer, maker) = maker(&args.made, Some(&args.workspace), files, screen)?;
    if let Some(comment) = &args.acknowledge {
        evidence = evidence.acknowledged(&maker, made, comment);
    }
    let path = args.out.clone().unwrap_or_else(|| lifecycle::file_of(&args.workspace, &target.definition.rule_set.version));
    let journal = lifecycle::anchor(files, &path)?;
    let provenance = provenance((maker, made), &args.comment, live.as_ref(), journal);
    let release = release::create(&target.definition, &evidence, &provenance)
        .map_err(|findings| Failure::found(findings, target.definition.sources.clone()))?;
    screen.may_write()?;
    lifecycle::export(files, &path, &release, signer.as_mut())?;
    say_written(&path, &release, screen)
}

fn say_written(path: &Path, release: &Release, screen: &Screen) -> Result<Exit, Failure> {
    let (path, digest) = (path.display(), release.digest());
    screen.print(&format!("{}\n{digest}\n", screen.say(&LocalText::new(format!("written: {path}"), format!("已写出：{path}")))))?;
    Ok(Exit::Clean)
}

fn roll_back(args: &Rollback, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let old = lifecycle::read_release(files, &args.release)?;
    let root = lifecycle::home(files, &args.release).map(|(root, _)| root);
    let live = base(files, root.as_deref(), args.against.as_deref(), screen)?;
    let made = super::moment(args.made.created_at.as_deref(), old.definition().schema.zone)?;
    let (mut signer, maker) = maker(&args.made, root.as_deref(), files, screen)?;
    let target = Target { root, ..Target::of_release(old.clone()) };
    let (mut counted, _) = evidence(&target, live.as_ref(), &Wanted::of(&args.file).or_none(), files, screen)?;
    if let Some(comment) = &args.acknowledge {
        counted = counted.acknowledged(&maker, made, comment);
    }
    let provenance = provenance((maker, made), &args.comment, live.as_ref(), None);
    let (old, out) = ((args.release.as_path(), &old), args.out.clone());
    let (path, release) = lifecycle::roll_back(files, old, out, counted, &provenance, signer.as_mut())?;
    say_written(&path, &release, screen)
}

fn switch_off(args: &SwitchOffRules, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let root = &args.workspace;
    let Some((_, live)) = lifecycle::live(files, root)? else { return Err(nothing_live()) };
    let ids = args.rules.iter().map(|id| RuleId::new(id).map_err(|_| nothing_named(id)));
    let off = SwitchOff::of(&live, &ids.collect::<Result<Vec<_>, Failure>>()?).map_err(|finding| *finding)?;
    let definition = Arc::new(off.definition().clone());
    let compiled = Program::compile(&definition);
    let target = Target { definition, compiled, cases: None, release: None, root: Some(root.clone()), unread: Unread::default() };
    let live = Target::of_release(live);
    let (mut counted, _) = evidence(&target, Some(&live), &Wanted::of(&args.file).or_none(), files, screen)?;
    let made = super::moment(args.made.created_at.as_deref(), target.definition.schema.zone)?;
    let (mut signer, maker) = maker(&args.made, Some(root), files, screen)?;
    if let Some(comment) = &args.acknowledge {
        counted = counted.acknowledged(&maker, made, comment);
    }
    let provenance = provenance((maker, made), &args.comment, Some(&live), None);
    screen.may_write()?;
    let place = (root.as_path(), args.out.clone());
    let (path, release) = lifecycle::switch_off(files, place, &off, counted, &provenance, signer.as_mut())?;
    screen.note(&LocalText::new(
        "set `status: Off` in the workspace too: the next release of it switches the rules on again otherwise",
        "请在工作区中同样设置 `status: Off`，否则下一次发布会重新启用这些规则",
    ));
    say_written(&path, &release, screen)
}

fn nothing_live() -> Failure {
    let message = LocalText::new("no release is live: there is nothing to switch off", "没有生效版本，无规则可停用");
    let help = Help::with_operation(LocalText::new("publish one first", "请先上线一个发布版本"), Operation::MakeRelease);
    Finding::new(refusal::SWITCH_OFF, None, message).with_help(help).into()
}

fn nothing_named(id: &str) -> Failure {
    let message = LocalText::new(format!("`{id}` cannot be the id of a rule"), format!("`{id}` 不能作为规则标识"));
    let help = LocalText::new("give the rule's id, such as `single_limit`", "请给出规则标识，例如 `single_limit`");
    Finding::new(refusal::SWITCH_OFF, None, message).with_help(help).into()
}

/// Who makes a release, and the key that signs the journal's entry of it.
fn maker(
    made: &MakerArgs,
    root: Option<&Path>,
    files: &dyn Files,
    screen: &Screen,
) -> Result<(Option<SigningKey>, String), Failure> {
    let requirements = lifecycle::requirements(files, root, None, None)?;
    approve::actor((&made.key, made.maker.as_deref()), &requirements, files, screen)
}

fn provenance((maker, created_at): (String, Moment), comment: &str, live: Option<&Target>, journal: Option<Digest>) -> Provenance {
    let lineage = Lineage { journal, ..Lineage::after(live.and_then(|live| live.release.as_ref())) };
    Provenance { maker, created_at, comment: comment.to_owned(), rolls_back: None, lineage: Some(lineage) }
}

/// The live release that a new one is judged against: the one that the workspace's journal names, or the one given where it names none.
fn base(files: &dyn Files, root: Option<&Path>, given: Option<&Path>, screen: &Screen) -> Result<Option<Target>, Failure> {
    let given = given.map(|path| Target::open_release(files, path)).transpose()?;
    let journalled = root.map(|root| lifecycle::live(files, root)).transpose()?.flatten();
    let Some((file, live)) = journalled else { return Ok(given) };
    let Some(given) = given else {
        screen.note(&LocalText::new(format!("compared with the live release `{file}`"), format!("与生效版本 `{file}` 对比")));
        return Ok(Some(Target::of_release(live)));
    };
    if given.digest() == live.digest() {
        return Ok(Some(given));
    }
    let message = LocalText::new(
        format!("`--against` names {}, but the journal says that `{file}` is live", given.digest()),
        format!("`--against` 指定的是 {}，而审计日志记录的生效版本是 `{file}`", given.digest()),
    );
    let help = LocalText::new(
        "leave `--against` out: the live release is found by the journal",
        "请去掉 `--against`：程序会按审计日志找到生效版本",
    );
    Err(Finding::new(refusal::BASE, None, message).with_help(help).into())
}

/// Runs and counts everything a release is approved on, and says what the cases do not try.
fn evidence(
    target: &Target,
    live: Option<&Target>,
    wanted: &Wanted<'_>,
    files: &dyn Files,
    screen: &Screen,
) -> Result<(Evidence, Vec<Finding>), Failure> {
    let engine = target.engine()?;
    let findings = target.findings();
    let (table, sample) = request_file::load(wanted, target, files, screen)?;
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("deciding", "决策");
    let old = live.map(Target::engine).transpose()?;
    let run = |engine: &Engine| Run::new(engine, &table, &progress);
    let old = old.map(|old| screen.watch(&what, &progress, || run(&old))).transpose()?;
    let changed = || old.as_ref().map_or_else(|| run(&engine), |old| old.changed(&engine, &progress));
    let new = screen.watch(&what, &progress, changed)?;
    let case_run = target.cases.as_ref().map(|cases| run_cases(&engine, cases));
    let missed = case_run.as_ref().map(|run| coverage::findings(run, &target.definition)).unwrap_or_default();
    let evidence = countersign_run::evidence::collect(&EvidenceBasis {
        findings: &findings,
        cases: target.cases.as_ref().zip(case_run.as_ref()),
        sample: &sample,
        requests: &new,
        against: live.map(Target::digest).zip(old.as_ref()),
    });
    Ok((evidence, missed))
}

fn show(args: &Show, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let release = lifecycle::read_release(files, &args.release)?;
    screen.print(&super::release_text::text(&release, screen.language))?;
    if let Some(checklist) = checklist(args, &release, files)? {
        screen.print(&super::release_text::checklist(&checklist, screen.language))?;
    }
    if let Some(against) = &args.against {
        let old = lifecycle::read_release(files, against)?;
        screen.print(&super::release_text::changes(&old, &release, screen.language))?;
    }
    Ok(Exit::Clean)
}

/// Who must sign a release that is still on its way in its workspace; none where the journal names no state of it.
fn checklist(args: &Show, release: &Release, files: &dyn Files) -> Result<Option<SigningChecklist>, Failure> {
    let Some((root, _)) = lifecycle::home(files, &args.release) else { return Ok(None) };
    let state = ReleaseHistory::of(&journal::read(files, &root)?).state(release.digest());
    if !matches!(state, ReleaseState::Draft | ReleaseState::Submitted | ReleaseState::Approved) {
        return Ok(None);
    }
    let requirements = lifecycle::requirements(files, Some(&root), None, None)?;
    let live = lifecycle::live(files, &root)?;
    Ok(Some(SigningChecklist::of(release, &requirements, live.as_ref().map(|(_, live)| live))))
}

fn canonical(args: &Held, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    screen.print(&lifecycle::read_release(files, &args.release)?.canonical())?;
    Ok(Exit::Clean)
}

/// Prints what a signature is over, so that other programs can check it or make one.
fn statement(args: &Statement, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    if lifecycle::is_list(files, &args.release) {
        return revoke::statement(&lifecycle::read_revocations(files, &args.release)?, &args.principal, screen);
    }
    let release = lifecycle::read_release(files, &args.release)?;
    let mut signed = release.approvals().iter().filter(|one| one.principal == args.principal);
    let Some(approval) = signed.next() else {
        let names: Vec<&str> = release.approvals().iter().map(|one| one.principal.as_str()).collect();
        return Err(not_signed(&args.principal, &names));
    };
    screen.print(&release.signed_text(approval))?;
    Ok(Exit::Clean)
}

/// That somebody has not signed a file; `names` did.
pub fn not_signed(who: &str, names: &[&str]) -> Failure {
    let message = LocalText::new(format!("`{who}` has not signed this file"), format!("`{who}` 尚未签署该文件"));
    let names = names.join("`, `");
    let help = LocalText::new(format!("signed by: `{names}`"), format!("已签署：`{names}`"));
    Finding::new(RELEASE_NOT_SIGNED, None, message).with_help(help).into()
}

fn verify(args: &Verify, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let release = match lifecycle::read_release(files, &args.release) {
        // A refused release is a result in the format asked for; a missing file is not.
        Err(lifecycle::StepError::Refused(refused)) => {
            return show_findings(args, &refused.findings, &refused.sources, files, screen);
        }
        read => read?,
    };
    let wanted = Wanted::if_given(&args.file).filter(|_| args.evidence).map(Wanted::counting);
    if let Some(missing) = wanted.as_ref().and_then(|wanted| recomputing::missing(args, wanted, &release, files)) {
        show_findings(args, &[missing], &Sources::default(), files, screen)?;
        return Ok(Exit::CouldNotRun);
    }
    let computed = wanted.map(|wanted| recompute(args, &wanted, &release, files, screen)).transpose()?;
    let requirements = requirements(args, files)?;
    let live = args.against.as_ref().map(|path| lifecycle::read_release(files, path)).transpose()?;
    let mut findings = release::verify(&release, &requirements, live.as_ref(), computed.as_ref());
    findings.extend(lifecycle::against_journal(files, &args.release, &release)?);
    let definition = release.definition();
    let findings = check::in_files(findings, definition, true, args.format);
    let exit = show_findings(args, &findings, &definition.sources, files, screen)?;
    if exit == Exit::Clean && args.format == FindingFormat::Human {
        let text = super::release_text::holds(&release, &requirements, computed.is_some());
        screen.print(screen.say(&text))?;
    }
    Ok(exit)
}

/// Findings about the release, in the format asked for.
fn show_findings(
    args: &Verify,
    findings: &[Finding],
    sources: &Sources,
    files: &dyn Files,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let (target, sources) = (args.release.display().to_string(), here::of_file(files, sources));
    let found = TargetFindings { target: &target, findings, sources: &sources, cost: None };
    check::show(&[found], (args.format, Severity::Error), files, screen)
}

/// What is asked of the release: only what stands on the command line, never what lies beside the release.
fn requirements(args: &Verify, files: &dyn Files) -> Result<Requirements, Failure> {
    let policy = args.trust.policy.as_ref().map(|path| lifecycle::read_policy(files, path)).transpose()?.unwrap_or_default();
    let trust = args.trust.allowed_signers.as_ref().map(|path| lifecycle::read_trust(files, path)).transpose()?;
    let clock = Some(VerifierClock::at(super::present()));
    let requirements = Requirements { policy: policy.at_least(args.approvals), trust, clock, revocations: None };
    match &args.revocations {
        Some(path) => Ok(lifecycle::without(files, path, requirements)?),
        None => Ok(requirements),
    }
}

/// Counts the evidence of a release again: its own rules, the workspace's cases, the requests given.
fn recompute(
    args: &Verify,
    wanted: &Wanted<'_>,
    release: &Release,
    files: &dyn Files,
    screen: &Screen,
) -> Result<Evidence, Failure> {
    let workspace = Target::open_workspace(files, &args.workspace)?;
    let target = Target { cases: workspace.cases, root: workspace.root, ..Target::of_release(release.clone()) };
    let live = args.against.as_ref().map(|path| Target::open_release(files, path)).transpose()?;
    Ok(evidence(&target, live.as_ref(), wanted, files, screen)?.0)
}
