//! What a verb works on: a workspace's folder or a release's file, read and compiled, with everything the check finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exit::Failure;
use crate::cli::kinds::NO_CASES;
use countersign_core::check;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::{CaseSet, Definition};
use countersign_core::release::{self, Digest, Release};
use countersign_core::script::{Compiled, Program};
use countersign_core::text::LocalText;
use countersign_workspace::{FileErrorKind, Files, Unread, lifecycle};

/// A rule set that was read, from wherever it was.
pub struct Target {
    /// Schema, rules and texts.
    pub definition: Arc<Definition>,
    /// The compiled scripts, and what compiling found.
    pub compiled: Compiled,
    /// The workspace's cases; none for a release.
    pub cases: Option<CaseSet>,
    /// The release, where the target is one.
    pub release: Option<Release>,
    /// The workspace's folder, where the target is one.
    pub root: Option<PathBuf>,
    /// What of the workspace could not be read.
    pub unread: Unread,
}

impl Target {
    /// Opens a workspace's folder or a release's file.
    ///
    /// # Errors
    /// Everything that keeps it from being understood.
    pub fn open(files: &dyn Files, path: &Path) -> Result<Self, Failure> {
        match files.list(path) {
            Ok(_) => Self::open_workspace(files, path),
            Err(error) if error.fault == FileErrorKind::Denied => Err(error.into()),
            Err(_) => Self::open_release(files, path),
        }
    }

    /// Opens a workspace's folder.
    ///
    /// # Errors
    /// Everything that keeps it from being understood.
    pub fn open_workspace(files: &dyn Files, root: &Path) -> Result<Self, Failure> {
        let target = Self::look(files, root)?;
        if target.unread.is_empty() {
            return Ok(target);
        }
        Err(Failure::could_not_run(target.unread.findings().cloned().collect(), target.definition.sources.clone()))
    }

    /// Opens a workspace's folder as far as it can be read.
    ///
    /// # Errors
    /// Everything that keeps its rules from being understood.
    pub fn look(files: &dyn Files, root: &Path) -> Result<Self, Failure> {
        let loaded = countersign_workspace::open(files, root)?;
        let compiled = Program::compile(&loaded.definition);
        let definition = Arc::new(loaded.definition);
        let (cases, root) = (Some(loaded.cases), Some(root.to_owned()));
        Ok(Self { definition, compiled, cases, release: None, root, unread: loaded.unread })
    }

    /// Opens a release's file.
    ///
    /// # Errors
    /// The file cannot be read, or is not exactly a release.
    pub fn open_release(files: &dyn Files, path: &Path) -> Result<Self, Failure> {
        Ok(Self::of_release(lifecycle::read_release(files, path)?))
    }

    pub fn of_release(release: Release) -> Self {
        let definition = Arc::clone(release.definition());
        let compiled = Program::compile(&definition);
        Self { definition, compiled, cases: None, release: Some(release), root: None, unread: Unread::default() }
    }

    /// Everything the check finds, sorted by place.
    pub fn findings(&self) -> Vec<Finding> {
        let found = check::check_compiled(&self.definition, &self.compiled, self.cases.as_ref());
        self.unread.complete(&self.definition, found)
    }

    /// What decides by it.
    ///
    /// # Errors
    /// The rules have errors: a draft with errors decides nothing.
    pub fn engine(&self) -> Result<Engine, Failure> {
        let errors: Vec<Finding> = self.findings().into_iter().filter(|finding| finding.severity == Severity::Error).collect();
        if errors.is_empty() {
            return Ok(Engine::new(Arc::clone(&self.definition), self.compiled.program.clone()));
        }
        Err(Failure::found(errors, self.definition.sources.clone()))
    }

    /// The digest of the release, or of the workspace's rule set as it stands.
    pub fn digest(&self) -> Digest {
        let rules = || release::rule_set_digest(&self.definition.rule_set, self.definition.schema.zone);
        self.release.as_ref().map_or_else(rules, Release::digest)
    }

    /// The cases, which a release does not carry.
    ///
    /// # Errors
    /// The target is a release.
    pub fn cases(&self) -> Result<&CaseSet, Failure> {
        self.cases.as_ref().ok_or_else(|| {
            let message = LocalText::new("a release has no cases to run", "发布文件中没有可运行的用例");
            let help = LocalText::new("give the workspace's folder", "请给出工作区文件夹");
            Finding::new(NO_CASES, None, message).with_help(help).into()
        })
    }
}
