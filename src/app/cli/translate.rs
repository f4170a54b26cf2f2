//! `countersign translate`: a rule set as SQL, for tables that are decided where they lie.

use std::path::Path;

use super::args::{Engine as EngineName, TranslateArgs};
use super::exit::{Exit, Failure};
use super::output;
use super::screen::Screen;
use super::target::Target;
use crate::cli::kinds::NOT_TRANSLATABLE;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;
use countersign_run::sql::{Dialect, NotSaid, TranslationTarget, translate};
use countersign_workspace::Files;

/// Runs the verb.
///
/// # Errors
/// The rule set cannot be read, something in it cannot be said exactly, or a file cannot be written.
pub fn run(args: &TranslateArgs, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    let dialect = match args.to {
        EngineName::Duckdb => Dialect::DuckDb,
    };
    let digest = target.digest().to_string();
    let asked = TranslationTarget { dialect, table: &args.table, digest: &digest, skip: args.skip };
    let made = translate(&engine, asked).map_err(|refused| refusal(&refused, &target))?;
    files.create_folder(&args.out)?;
    for (name, text) in [("decide.sql", &made.decide), ("totals.sql", &made.totals), ("self_check.sql", &made.self_check)] {
        screen.may_write()?;
        let path = args.out.join(name);
        output::save(files, &path, |out| std::io::Write::write_all(out, text.as_bytes()))?;
        screen.print(&written(&path, screen))?;
    }
    for index in &made.skipped {
        let id = target.definition.rule_set.rule(*index).map_or("", |rule| rule.id.as_str());
        screen.note(&LocalText::new(format!("left out: rule `{id}`"), format!("未包含规则 `{id}`")));
    }
    Ok(if made.skipped.is_empty() { Exit::Clean } else { Exit::Found })
}

fn written(path: &Path, screen: &Screen) -> String {
    let path = path.display();
    format!("{}\n", screen.say(&LocalText::new(format!("written: {path}"), format!("已写出：{path}"))))
}

fn refusal(refused: &[NotSaid], target: &Target) -> Failure {
    let rule_set = &target.definition.rule_set;
    let finding = |refused: &NotSaid| {
        let rule = refused.rule.and_then(|index| rule_set.rule(index));
        let (en, zh) = rule.map_or((String::new(), String::new()), |rule| {
            let (id, file) = (rule.id.as_str(), &rule.script.file);
            (format!("rule `{id}` (`{file}`): "), format!("规则 `{id}`（`{file}`）："))
        });
        let message = LocalText::new(
            format!("{en}SQL cannot say this exactly: {}", refused.why.en),
            format!("{zh}SQL 无法精确表达：{}", refused.why.zh),
        );
        Finding::new(NOT_TRANSLATABLE, None, message).with_help(LocalText::new(
            "write it otherwise, leave the rule out with `--skip`, or decide by `countersign decide --stream`",
            "请改写规则，用 `--skip` 略去该规则，或用 `countersign decide --stream` 决策",
        ))
    };
    Failure::found(refused.iter().map(finding).collect(), target.definition.sources.clone())
}
