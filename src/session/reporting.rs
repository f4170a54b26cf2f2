//! A report of the last dry run and comparison, as a file: HTML to read, JSON for programs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::deciding::{Baseline, Impact};
use super::jobs::Outcome;
use super::requests::Requests;
use super::results::Done;
use countersign_core::model::Moment;
use countersign_core::progress::Progress;
use countersign_core::release;
use countersign_core::text::{Language, LocalText};
use countersign_run::report::{self, About, Explainer, Named, Report, Samples};
use countersign_run::{Backtest, Comparison};
use countersign_workspace::Files;

/// What a report is made from.
pub(super) struct Asked {
    pub path: PathBuf,
    pub created_at: Moment,
    pub language: Language,
    pub impact: Arc<Impact>,
    pub baseline: Option<Arc<Baseline>>,
    pub requests: Arc<Requests>,
}

/// Writes it.
pub(super) fn save(files: &dyn Files, asked: &Asked, progress: &Progress) -> Outcome {
    let (path, table) = (&asked.path, asked.impact.new.table());
    let definition = asked.impact.new.engine().definition();
    let digest = release::rule_set_digest(&definition.rule_set, definition.schema.zone);
    let named =
        |baseline: &Arc<Baseline>| Named::new(&baseline.definition.rule_set, baseline.release.map(|digest| digest.to_string()));
    let requests = &asked.requests;
    let about = About {
        generated_at: asked.created_at.to_string(),
        generator: concat!("Countersign ", env!("CARGO_PKG_VERSION")).to_owned(),
        samples: Samples {
            file: requests.name.clone(),
            digest: Some(requests.digest.to_string()),
            set_aside: requests.set_aside.clone(),
            remarks: report::remarks(&requests.findings),
        },
        rule_set: Named::new(&definition.rule_set, Some(digest.to_string())),
        against: asked.impact.old.as_ref().and(asked.baseline.as_ref()).map(named),
    };
    let impact = &asked.impact;
    let mut explainer = Explainer::new(impact.new.engine(), impact.old.as_ref().map(Backtest::engine));
    let report = if let Some(old) = &impact.old {
        let comparison = Comparison::between(old, &impact.new);
        explainer.add(comparison.new_run(), Some(&comparison), table);
        Report::of_comparison(about, &comparison, table)
    } else {
        let run = impact.new.dry_run();
        explainer.add(&run, None, table);
        Report::of_run(about, &run, table)
    };
    let report = report.explaining(explainer.finish());
    let bytes = bytes(path, &report, asked.language)?;
    if !progress.begin_writing() {
        return Ok(None);
    }
    files.write(path, &bytes).map_err(|error| error.message())?;
    Ok(Some(Done::Written(path.clone())))
}

fn bytes(path: &Path, report: &Report, language: Language) -> Result<Vec<u8>, LocalText> {
    match path.extension().and_then(|end| end.to_str()) {
        Some("html" | "htm") => Ok(report::html::html(report, language).into_bytes()),
        Some("json") => {
            let mut bytes = Vec::new();
            report::json(report, &mut bytes).map_err(|error| LocalText::same(error.to_string()))?;
            Ok(bytes)
        }
        _ => Err(LocalText::new("a report ends in `.html` or `.json`", "报告文件应以 `.html` 或 `.json` 结尾")),
    }
}
