//! Why a file could not be read or written, with the remedy.

use std::fmt;
use std::io;
use std::path::Path;

use crate::kinds::{CHANGED_ON_DISK, DISK_FULL, FILE_TOO_LARGE, MISSING_FILE, PATH_OUTSIDE_WORKSPACE, WORKSPACE_LOCKED};
use countersign_core::diagnostic::Finding;
use countersign_core::diagnostic::FindingKind;
use countersign_core::text::{Language, LocalText};
use countersign_requests::kinds::UNREADABLE_FILE;

/// Why a file could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The path as people gave it.
    pub path: String,
    /// What is wrong.
    pub fault: FileErrorKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileErrorKind {
    Missing,
    /// A folder, a device or a pipe.
    NotAFile,
    /// A file where a folder is wanted.
    NotAFolder,
    /// Not allowed to read or write it.
    Denied,
    /// Larger than may be read, in bytes.
    TooLarge {
        /// How large it is.
        size: u64,
        /// How large it may be.
        limit: u64,
    },
    /// The name leads out of the workspace.
    Outside,
    /// The disk, or the user's share of it, is full.
    DiskFull,
    /// Someone changed it after it was read.
    Changed,
    /// Another program is writing into the workspace.
    Locked,
    /// Anything else, in the system's words.
    Other(String),
}

impl FileError {
    /// An error about `path`.
    pub fn new(path: &Path, fault: FileErrorKind) -> Self {
        Self { path: path.display().to_string(), fault }
    }

    /// From what the system says.
    pub fn from_io(path: &Path, error: &io::Error) -> Self {
        let fault = match error.kind() {
            io::ErrorKind::NotFound => FileErrorKind::Missing,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileErrorKind::Denied,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileErrorKind::DiskFull,
            io::ErrorKind::IsADirectory => FileErrorKind::NotAFile,
            io::ErrorKind::NotADirectory => FileErrorKind::NotAFolder,
            _ => FileErrorKind::Other(error.to_string()),
        };
        Self::new(path, fault)
    }

    pub fn kind(&self) -> &'static FindingKind {
        match self.fault {
            FileErrorKind::Missing => MISSING_FILE,
            FileErrorKind::TooLarge { .. } => FILE_TOO_LARGE,
            FileErrorKind::Outside => PATH_OUTSIDE_WORKSPACE,
            FileErrorKind::Changed => CHANGED_ON_DISK,
            FileErrorKind::Locked => WORKSPACE_LOCKED,
            FileErrorKind::DiskFull => DISK_FULL,
            FileErrorKind::NotAFile | FileErrorKind::NotAFolder | FileErrorKind::Denied | FileErrorKind::Other(_) => {
                UNREADABLE_FILE
            }
        }
    }

    /// What is wrong, for people.
    pub fn message(&self) -> LocalText {
        let path = &self.path;
        match &self.fault {
            FileErrorKind::Missing => LocalText::new(format!("`{path}` does not exist"), format!("`{path}` 不存在")),
            FileErrorKind::NotAFile => LocalText::new(format!("`{path}` is not a plain file"), format!("`{path}` 不是普通文件")),
            FileErrorKind::NotAFolder => LocalText::new(format!("`{path}` is not a folder"), format!("`{path}` 不是文件夹")),
            FileErrorKind::Denied => LocalText::new(format!("no permission for `{path}`"), format!("没有访问 `{path}` 的权限")),
            FileErrorKind::TooLarge { size, limit } => LocalText::new(
                format!("`{path}` holds {size} bytes, more than the {limit} allowed"),
                format!("`{path}` 有 {size} 字节，超过上限 {limit} 字节"),
            ),
            FileErrorKind::Outside => {
                LocalText::new(format!("`{path}` leads out of the workspace"), format!("`{path}` 指向工作区之外"))
            }
            FileErrorKind::DiskFull => {
                LocalText::new(format!("the disk is full: `{path}` was not written"), format!("磁盘已满：`{path}` 未写入"))
            }
            FileErrorKind::Changed => LocalText::new(
                format!("`{path}` was changed by someone else after it was read"),
                format!("`{path}` 在读取之后被他人修改"),
            ),
            FileErrorKind::Locked => {
                LocalText::new(format!("another program is writing into `{path}`"), format!("另一个程序正在写入 `{path}`"))
            }
            FileErrorKind::Other(why) => LocalText::new(format!("`{path}`: {}", lower_first(why)), format!("`{path}`：{why}")),
        }
    }

    /// How to fix it.
    pub fn help(&self) -> LocalText {
        match &self.fault {
            FileErrorKind::Missing => {
                LocalText::new("check the spelling of the name, or create the file", "请检查文件名，或新建该文件")
            }
            FileErrorKind::NotAFile => LocalText::new("give the path of a plain file", "请给出普通文件的路径"),
            FileErrorKind::NotAFolder => LocalText::new("give the path of a folder", "请给出文件夹的路径"),
            FileErrorKind::Denied => {
                LocalText::new("ask for the right to read and write it, or choose another place", "请申请读写权限，或换一个位置")
            }
            FileErrorKind::TooLarge { .. } => {
                LocalText::new("split the file, or check that it is the right one", "请拆分该文件，或确认文件是否正确")
            }
            FileErrorKind::Outside => LocalText::new(
                "name a file below the workspace's folder, with `/` and without `..`: `risk/age.rhai`",
                "请使用工作区文件夹内的文件，用 `/` 分隔且不含 `..`，例如 `risk/age.rhai`",
            ),
            FileErrorKind::DiskFull => LocalText::new(
                "free some space and save again; the old file is as it was",
                "请清理磁盘空间后重新保存；原文件未受影响",
            ),
            FileErrorKind::Changed => {
                LocalText::new("load the workspace again, then repeat your change", "请重新载入工作区，再重做修改")
            }
            FileErrorKind::Locked => {
                LocalText::new("try again when it is done; nothing was changed", "请待其完成后重试；未作任何改动")
            }
            FileErrorKind::Other(_) => LocalText::new("check the disk and the path, then try again", "请检查磁盘与路径后重试"),
        }
    }

    /// As a finding without a place: nothing in a text names the file.
    pub fn to_finding(&self) -> Finding {
        Finding::new(self.kind(), None, self.message()).with_help(self.help())
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().get(Language::En))
    }
}

impl std::error::Error for FileError {}
