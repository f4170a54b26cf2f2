//! A report of the last dry run and comparison, as a file: HTML to read, JSON for programs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::baseline::{Baseline, PrepareBaseline};
use super::impact::{DecideDraft, Impact};
use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::notices::Weight;
use crate::requests::LoadedRequests;
use countersign_core::model::Moment;
use countersign_core::progress::Progress;
use countersign_core::release;
use countersign_core::text::{Language, LocalText};
use countersign_run::Comparison;
use countersign_run::report::{self, About, Explained, Named, Report, Samples};
use countersign_workspace::Files;

struct WriteReport {
    files: Arc<dyn Files>,
    path: PathBuf,
    created_at: Moment,
    language: Language,
    impact: Arc<Impact>,
    baseline: Option<Arc<Baseline>>,
    requests: Arc<LoadedRequests>,
}

impl Job for WriteReport {
    const KIND: JobKind = JobKind::Report;
    type Output = PathBuf;

    fn run(self, progress: &Progress) -> JobResult<PathBuf> {
        let path = &self.path;
        let definition = self.impact.new.engine().definition();
        let digest = release::rule_set_digest(&definition.rule_set, definition.schema.zone);
        let named =
            |baseline: &Arc<Baseline>| Named::new(&baseline.definition.rule_set, baseline.release.map(|digest| digest.to_string()));
        let requests = &self.requests;
        let about = About {
            generated_at: self.created_at.to_string(),
            generator: concat!("Countersign ", env!("CARGO_PKG_VERSION")).to_owned(),
            samples: Samples {
                file: requests.name.clone(),
                digest: Some(requests.digest.to_string()),
                set_aside: requests.set_aside.clone(),
                remarks: report::remarks(&requests.findings),
            },
            rule_set: Named::new(&definition.rule_set, Some(digest.to_string())),
            against: self.impact.old.as_ref().and(self.baseline.as_ref()).map(named),
        };
        let impact = &self.impact;
        let mut explained = Explained::default();
        let report = if let Some(old) = &impact.old {
            let comparison = Comparison::between(old, &impact.new);
            explained.add(&impact.new, Some(&comparison));
            Report::of_comparison(about, &comparison)
        } else {
            explained.add(&impact.new, None);
            Report::of_run(about, &impact.new)
        };
        let report = report.explaining(explained);
        let bytes = bytes(path, &report, self.language)?;
        if !progress.begin_writing() {
            return Ok(None);
        }
        self.files.write(path, &bytes).map_err(|error| error.message())?;
        Ok(Some(self.path))
    }

    fn apply(session: &mut Session, made: JobOutput<PathBuf>) {
        let path = made.output.display();
        session.notify(Weight::Success, LocalText::new(format!("written: `{path}`"), format!("已写出 `{path}`")));
    }
}

impl Session {
    pub(crate) fn save_report(&mut self, path: PathBuf, created_at: Moment) -> Result<(), LocalText> {
        let nothing = || LocalText::new("nothing has been dry-run yet", "尚无试运行结果");
        let impact = self.last::<DecideDraft>().cloned().ok_or_else(nothing)?;
        let requests = self.requests().cloned().ok_or_else(nothing)?;
        let (language, baseline) = (self.preferences().language, self.last::<PrepareBaseline>().cloned());
        self.start(WriteReport { files: self.files(), path, created_at, language, impact, baseline, requests });
        Ok(())
    }
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
