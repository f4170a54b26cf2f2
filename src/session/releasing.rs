//! Releases and reports from the session's side: compared with, made, written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::jobs::Kind;
use super::releases::KeyChoice;
use super::releases::steps::EntryKey;
use super::results::Weight;
use super::view::Against;
use super::{Session, exporting, reporting};
use countersign_core::model::Moment;
use countersign_core::release::{Lineage, Provenance, Release};
use countersign_core::text::LocalText;

impl Session {
    pub(super) fn save_report(&mut self, path: PathBuf, created_at: Moment) -> Result<(), LocalText> {
        let nothing = || LocalText::new("nothing has been dry-run yet", "尚无试运行结果");
        let impact = self.results.impact.value().cloned().ok_or_else(nothing)?;
        let requests = self.requests.clone().ok_or_else(nothing)?;
        let (language, baseline) = (self.preferences.language, self.results.baseline.value().cloned());
        let asked = reporting::Asked { path, created_at, language, impact, baseline, requests };
        let files = Arc::clone(&self.files);
        self.jobs.start(Kind::Report, self.basis, move |progress| reporting::save(files.as_ref(), &asked, progress));
        Ok(())
    }

    pub(super) fn written(&mut self, path: &Path) {
        let path = path.display();
        self.tell(Weight::Success, LocalText::new(format!("written: `{path}`"), format!("已写出 `{path}`")));
    }

    /// Compares with a release's file.
    pub(super) fn open_release(&mut self, path: &Path) -> Result<(), LocalText> {
        let bytes = self.files.read(path, countersign_workspace::LARGEST_RELEASE).map_err(|error| error.message())?;
        let name = path.display().to_string();
        let read = countersign_core::release::read(&name, &bytes);
        let release = read.map_err(|refused| {
            let why = refused.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            LocalText::new(format!("`{name}` is no release: {}", why.en), format!("`{name}` 不是有效的发布：{}", why.zh))
        })?;
        let is_live = self.live.as_ref().is_some_and(|(_, live)| live.digest() == release.digest());
        self.live_is_published &= is_live;
        self.set_live(name, release);
        Ok(())
    }

    fn set_live(&mut self, name: String, release: Release) {
        (self.live, self.view.against) = (Some((name, release)), Against::Live);
        self.basis.baseline += 1;
    }

    /// Makes a release as `FileAction::Export` does, its entry of the journal signed with a key. No action: it
    /// holds a passphrase, and those are kept nowhere.
    pub fn export_signed(&mut self, comment: String, created_at: Moment, key: KeyChoice) {
        self.stamp += 1;
        if let Err(why) = self.export(None, (comment, created_at), Some(key)) {
            self.tell(Weight::Error, why);
        }
    }

    pub(super) fn export(
        &mut self,
        path: Option<PathBuf>,
        (comment, created_at): (String, Moment),
        key: Option<KeyChoice>,
    ) -> Result<(), LocalText> {
        let ready = exporting::readiness(self);
        if let Some(obstacle) = ready.obstacles.iter().find(|obstacle| obstacle.blocks) {
            let why = &obstacle.text;
            return Err(LocalText::new(format!("no release yet: {}", why.en), format!("暂不能发布：{}", why.zh)));
        }
        let (Some(checked), Some(run), Some(impact), Some(requests)) = (
            self.results.check.value().cloned(),
            self.results.cases.value().cloned(),
            self.results.impact.value().cloned(),
            self.requests.clone(),
        ) else {
            return Ok(());
        };
        let asked = exporting::Asked {
            path: path.unwrap_or(ready.path),
            provenance: self.provenance(created_at, comment),
            checked,
            cases: Arc::clone(&self.document.draft.cases),
            run,
            impact,
            requests,
            root: self.document.root.clone(),
            key: EntryKey(key.map(|key| (key, self.agent.clone()))),
            live: self
                .results
                .baseline
                .value()
                .and_then(|baseline| baseline.release)
                .filter(|digest| self.published().is_some_and(|(_, live)| live.digest() == *digest)),
        };
        let files = Arc::clone(&self.files);
        self.jobs.start(Kind::Export, self.basis, move |progress| exporting::export(files.as_ref(), &asked, progress));
        Ok(())
    }

    /// Who makes a release now, to take the place of the published one.
    pub(super) fn provenance(&self, created_at: Moment, comment: String) -> Provenance {
        let lineage = Some(Lineage::after(self.published().map(|(_, live)| live)));
        Provenance { maker: self.preferences.maker.clone(), created_at, comment, rolls_back: None, lineage }
    }

    pub(super) fn exported(&mut self, exported: exporting::Exported, release: Release) {
        let (path, digest) = (exported.path.display().to_string(), exported.digest);
        let text = LocalText::new(
            format!("release `{path}` is written, and a gateway takes it; its digest is {digest}"),
            format!("发布 `{path}` 已写出并通过网关校验，摘要为 {digest}"),
        );
        self.tell(Weight::Success, text);
        self.exported = Some(exported);
        self.look_at_releases();
        // Until something is published, what was made last is what the next edits are compared with.
        if !self.live_is_published {
            self.set_live(path, release);
        }
    }

    /// The release made last in this run.
    #[must_use]
    pub fn exported_release(&self) -> Option<&exporting::Exported> {
        self.exported.as_ref()
    }
}
