//! What a person likes, whatever workspace is open: kept in the folder for settings, never in the workspace.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use countersign_core::text::Language;
use countersign_workspace::Files;

/// The file in the folder for settings.
const FILE: &str = "preferences.ron";
/// A larger file is no file of preferences; bytes.
const LARGEST: u64 = 1 << 20;
/// How many files are remembered of each kind.
const RECENT: usize = 10;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// What a person likes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Light or dark.
    pub theme: Theme,
    /// The language of the screen.
    pub language: Language,
    /// The size of everything, in per cent: 75 to 200.
    pub scale_percent: u16,
    /// How the panels are laid out, in the window's own words; empty for the layout as delivered.
    pub layout: String,
    /// Who makes releases: a name such as `li.na@bank.example`.
    pub maker: String,
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
            tour_seen: false,
            recent_workspaces: Vec::new(),
            recent_requests: Vec::new(),
            gateway_files: Vec::new(),
        }
    }
}

impl Preferences {
    /// The smallest and largest size.
    pub const SCALES: std::ops::RangeInclusive<u16> = 75..=200;

    /// Reads what was kept; nothing where there is no file that can be read.
    #[must_use]
    pub fn load(files: &dyn Files, folder: &Path) -> Option<Self> {
        let bytes = files.read(&folder.join(FILE), LARGEST).ok()?;
        let kept: Self = ron::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
        Some(Self { scale_percent: kept.scale_percent.clamp(*Self::SCALES.start(), *Self::SCALES.end()), ..kept })
    }

    /// The gateway's file that the workspace in `root` is published to.
    #[must_use]
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
    pub(super) fn keep(&self, files: &dyn Files, folder: &Path) {
        if let Ok(text) = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())
            && files.create_folder(folder).is_ok()
        {
            // Without permission the next start has the defaults.
            let _ = files.write(&folder.join(FILE), text.as_bytes());
        }
    }
}

/// Puts a path first among those opened before.
pub(super) fn remember(recent: &mut Vec<PathBuf>, path: PathBuf) {
    recent.retain(|known| *known != path);
    recent.insert(0, path);
    recent.truncate(RECENT);
}
