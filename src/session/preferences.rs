//! What a person prefers, whatever workspace is open: kept in the folder for settings, never in the workspace.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Session;
use countersign_core::text::Language;
use countersign_workspace::Files;

/// The file in the folder for settings.
const FILE: &str = "preferences.ron";
/// A larger file is no file of preferences; bytes.
const LARGEST: u64 = 1 << 20;
/// How many files are remembered of each kind.
const RECENT: usize = 10;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// How a rule is shown in the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScriptView {
    /// In plain language alone.
    Reading,
    /// Its script alone.
    Script,
    /// In plain language above its script.
    #[default]
    Both,
    /// Its stage as a decision table.
    Table,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub theme: Theme,
    pub language: Language,
    /// The size of everything, in per cent: 75 to 200.
    pub scale_percent: u16,
    /// How the panels are laid out, in the window's own words; empty for the layout as delivered.
    pub layout: String,
    /// Who makes releases: a name such as `li.na@bank.example`.
    pub maker: String,
    /// How a rule is shown in the editor.
    pub script_view: ScriptView,
    /// Whether the three steps of the tour have been seen.
    pub tour_seen: bool,
    /// Workspaces opened before, the last one first.
    pub recent_workspaces: Vec<PathBuf>,
    /// Request files opened before, the last one first.
    pub recent_requests: Vec<PathBuf>,
    /// The gateway's file of a workspace, by the workspace's folder, published last first.
    pub gateway_files: Vec<(PathBuf, PathBuf)>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::En,
            scale_percent: 100,
            layout: String::new(),
            maker: String::new(),
            script_view: ScriptView::default(),
            tour_seen: false,
            recent_workspaces: Vec::new(),
            recent_requests: Vec::new(),
            gateway_files: Vec::new(),
        }
    }
}

impl Preferences {
    pub const SCALES: std::ops::RangeInclusive<u16> = 75..=200;

    /// Reads what was kept; nothing where there is no file that can be read.
    pub fn load(files: &dyn Files, folder: &Path) -> Option<Self> {
        let bytes = files.read(&folder.join(FILE), LARGEST).ok()?;
        let kept: Self = ron::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
        Some(Self { scale_percent: kept.scale_percent.clamp(*Self::SCALES.start(), *Self::SCALES.end()), ..kept })
    }

    /// The gateway's file that the workspace in `root` is published to.
    pub fn gateway_file(&self, root: &Path) -> Option<&Path> {
        self.gateway_files.iter().find(|(of, _)| of == root).map(|(_, file)| file.as_path())
    }

    /// Where the workspace in `root` is published to from now on; nowhere when none.
    pub(super) fn set_gateway_file(&mut self, root: &Path, file: Option<&Path>) {
        self.gateway_files.retain(|(of, _)| of != root);
        self.gateway_files.splice(0..0, file.map(|file| (root.to_owned(), file.to_owned())));
        self.gateway_files.truncate(RECENT);
    }

    /// Keeps them; what cannot be written is no reason to disturb anyone.
    pub(super) fn add_recent_workspace(&mut self, path: PathBuf) {
        add_recent(&mut self.recent_workspaces, path);
    }

    pub(super) fn add_recent_requests(&mut self, path: PathBuf) {
        add_recent(&mut self.recent_requests, path);
    }

    fn keep(&self, files: &dyn Files, folder: &Path) {
        if let Ok(text) = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())
            && files.create_folder(folder).is_ok()
        {
            // Without permission the next start has the defaults.
            let _ = files.write(&folder.join(FILE), text.as_bytes());
        }
    }
}

/// Puts a path first among those opened before.
fn add_recent(recent: &mut Vec<PathBuf>, path: PathBuf) {
    recent.retain(|known| *known != path);
    recent.insert(0, path);
    recent.truncate(RECENT);
}

/// The preferences with the folder they are kept in; kept nowhere without one.
pub(super) struct Settings {
    folder: Option<PathBuf>,
    preferences: Preferences,
}

impl Settings {
    /// Those of the folder; in `language` where there are none yet.
    pub(super) fn load(files: &dyn Files, folder: Option<PathBuf>, language: Language) -> Self {
        let kept = folder.as_ref().and_then(|folder| Preferences::load(files, folder));
        Self { folder, preferences: kept.unwrap_or_else(|| Preferences { language, ..Preferences::default() }) }
    }
}

impl Session {
    pub fn preferences(&self) -> &Preferences {
        &self.settings.preferences
    }

    pub(super) fn settings_folder(&self) -> Option<PathBuf> {
        self.settings.folder.clone()
    }

    /// Changes the preferences and keeps them.
    pub(super) fn change_preferences(&mut self, change: impl FnOnce(&mut Preferences)) {
        change(&mut self.settings.preferences);
        if let Some(folder) = &self.settings.folder {
            self.settings.preferences.keep(self.files.as_ref(), folder);
        }
    }
}
