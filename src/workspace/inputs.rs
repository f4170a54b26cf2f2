//! From what a person names to an input: a file, several, a pattern, a folder of part files, `-` for standard input.
//!
//! Several files are one input, in the order of their paths. Its digest is that of the lines that `sha256sum` prints for them, each path
//! taken from the folder on.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::files::{Entry, FileError, Files};
use crate::kinds::{MIXED_FORMATS, NO_REQUEST_FILES};
use countersign_core::diagnostic::{Finding, FindingKind};
use countersign_core::progress::Progress;
use countersign_core::release::{Digest, Hasher};
use countersign_core::storage::{ReadAt, ScratchFile};
use countersign_core::text::LocalText;
use countersign_requests::kinds::{TOO_LARGE_UNPACKED, UNREADABLE_FILE};
use countersign_requests::{Format, Input, InputFile, TextFormOverrides, format_of, no_scratch};

/// How much of a file is taken at a time, in bytes.
const PIECE: usize = 1 << 20;
/// Standard input is kept in a scratch file up to so many bytes.
const MOST_PIPED: u64 = 64 << 30;
/// More files are no input.
const MOST_FILES: usize = 100_000;
/// Folders in folders are followed so far.
const DEEPEST: usize = 16;
/// What a folder of Hive is called whose column has no value.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";
/// The name of standard input on the command line.
pub const STANDARD_INPUT: &str = "-";

/// What a person names, and how they say it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputRequest {
    /// Files, patterns, folders, or `-`.
    pub paths: Vec<PathBuf>,
    /// What kind of files they are; detected by name and content when not given.
    pub format: Option<Format>,
    /// How their bytes are understood.
    pub read_as: TextFormOverrides,
}

impl InputRequest {
    /// One path and nothing else.
    pub fn of(path: &Path) -> Self {
        Self { paths: vec![path.to_owned()], ..Self::default() }
    }

    /// The paths as a person names them.
    pub fn name(&self) -> String {
        match self.paths.as_slice() {
            [only] => only.display().to_string(),
            [first, rest @ ..] => format!("{} (+{})", first.display(), rest.len()),
            [] => String::new(),
        }
    }
}

pub struct OpenedInput {
    /// What a reader takes.
    pub input: Input,
    /// Its name without folders.
    pub name: String,
    /// Every file with its path from the common folder on.
    files: Vec<(String, Arc<Digested>)>,
}

impl OpenedInput {
    /// The digest of everything; what was read from start to end is not read again. None when asked to stop.
    ///
    /// # Errors
    /// A file can no longer be read.
    pub fn digest(&self, progress: &Progress) -> Result<Option<Digest>, FileError> {
        let mut all = Hasher::default();
        for (path, file) in &self.files {
            let digest = file.finish(progress).map_err(|error| FileError::from_io(Path::new(path), &error))?;
            let Some(digest) = digest else { return Ok(None) };
            if self.files.len() == 1 {
                return Ok(Some(digest));
            }
            let hex = digest.to_string();
            all.update(format!("{}  {path}\n", hex.strip_prefix("sha256:").unwrap_or(&hex)).as_bytes());
        }
        Ok(Some(all.finish()))
    }
}

/// A file that was found.
struct InputMatch {
    path: PathBuf,
    /// From the folder on that a person named.
    inner: String,
}

/// Opens what a person names.
///
/// # Errors
/// Nothing is there, it cannot be read, the files are of several kinds, or one kind cannot be told.
pub fn open_input(files: &dyn Files, asked: &InputRequest) -> Result<OpenedInput, Vec<Finding>> {
    if let [only] = asked.paths.as_slice()
        && only.as_os_str() == STANDARD_INPUT
    {
        return piped(files, asked);
    }
    let found = find(files, &asked.paths)?;
    let several = found.len() > 1;
    let (mut parts, mut opened, mut format) = (Vec::new(), Vec::new(), asked.format.map(|format| (format, String::new())));
    for InputMatch { path, inner } in found {
        let name = path.display().to_string();
        let file = if several { files.open_for_a_while(&path) } else { files.open(&path) };
        let file = file.map_err(|error| vec![error.to_finding()])?;
        if asked.format.is_none() && !(several && file.is_empty()) {
            let own = format_of(&name, file.as_ref())?;
            match &format {
                Some((other, first)) if *other != own => return Err(vec![mixed(first, &name)]),
                Some(_) => {}
                None => format = Some((own, name.clone())),
            }
        }
        file.rest();
        let file = Arc::new(Digested { file, so_far: Mutex::default() });
        parts.push(InputFile { name, folders: folders(&inner), bytes: file.clone() });
        opened.push((inner, file));
    }
    let (format, _) = format.unwrap_or((Format::Csv, String::new()));
    let input = Input { name: asked.name(), format, files: parts, read_as: asked.read_as.clone() };
    Ok(OpenedInput { input, name: short(&asked.paths), files: opened })
}

/// Standard input, kept in a scratch file.
fn piped(files: &dyn Files, asked: &InputRequest) -> Result<OpenedInput, Vec<Finding>> {
    let name = "standard input";
    let mut source = files.standard_input().map_err(|error| vec![unreadable_pipe(&error)])?;
    let mut scratch = files.scratch().map_err(|error| vec![no_scratch(&error)])?;
    let mut piece = vec![0; PIECE];
    loop {
        let count = match source.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(vec![unreadable_pipe(&error)]),
        };
        scratch.append(piece.get(..count).unwrap_or_default()).map_err(|error| vec![no_scratch(&error)])?;
        if scratch.len() > MOST_PIPED {
            return Err(vec![too_long_pipe()]);
        }
    }
    let scratch = Scratched(scratch);
    let format = asked.format.map_or_else(|| format_of(name, &scratch), Ok)?;
    let file = Arc::new(Digested { file: Box::new(scratch), so_far: Mutex::default() });
    let part = InputFile { name: name.to_owned(), folders: Vec::new(), bytes: file.clone() };
    let input = Input { name: name.to_owned(), format, files: vec![part], read_as: asked.read_as.clone() };
    Ok(OpenedInput { input, name: STANDARD_INPUT.to_owned(), files: vec![(STANDARD_INPUT.to_owned(), file)] })
}

/// Every file that the paths name, in order, each once.
fn find(files: &dyn Files, paths: &[PathBuf]) -> Result<Vec<InputMatch>, Vec<Finding>> {
    let mut found = Vec::new();
    for path in paths {
        let is_folder = files.list(path).is_ok();
        let before = found.len();
        if is_folder {
            walk(files, path, path, None, &mut found)?;
        } else if let Some(pattern) = pattern(files, path)? {
            let base = base(path);
            walk(files, &base, &base, Some(&pattern), &mut found)?;
        } else {
            let inner = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inner = if paths.len() == 1 { inner } else { path.display().to_string() };
            found.push(InputMatch { path: path.clone(), inner });
        }
        if found.len() == before {
            return Err(vec![nothing(path, is_folder)]);
        }
    }
    found.sort_by(|a, b| (&a.inner, &a.path).cmp(&(&b.inner, &b.path)));
    let mut all: Vec<PathBuf> = found.iter().map(|found| files.absolute(&found.path)).collect();
    all.sort();
    match all.windows(2).find(|pair| pair.first() == pair.last()).and_then(<[PathBuf]>::first) {
        Some(path) => Err(vec![twice(path)]),
        None => Ok(found),
    }
}

/// The pattern that a path is, where no file has that very name.
fn pattern(files: &dyn Files, path: &Path) -> Result<Option<glob::Pattern>, Vec<Finding>> {
    let text = path.to_string_lossy();
    if !text.contains(['*', '?', '[']) || files.exists(path) {
        return Ok(None);
    }
    let text = text.strip_prefix("./").unwrap_or(&text);
    glob::Pattern::new(text).map(Some).map_err(|error| vec![bad_pattern(path, &error)])
}

/// The folder that a pattern starts in.
fn base(path: &Path) -> PathBuf {
    let plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
    let whole = path.components().count();
    let parts: Vec<Component<'_>> = path.components().take_while(plain).collect();
    let base: PathBuf = parts.iter().take(whole.saturating_sub(1)).collect();
    if base.as_os_str().is_empty() { PathBuf::from(".") } else { base }
}

/// Adds the files in a folder: all of them, or those that a pattern fits, and all inside a folder that it fits.
fn walk(
    files: &dyn Files,
    root: &Path,
    folder: &Path,
    pattern: Option<&glob::Pattern>,
    found: &mut Vec<InputMatch>,
) -> Result<(), Vec<Finding>> {
    let inside = folder.strip_prefix(root).unwrap_or(Path::new(""));
    if inside.components().count() > DEEPEST {
        return Err(vec![too_deep(folder)]);
    }
    for Entry { name, is_folder } in files.list(folder).map_err(|error| vec![error.to_finding()])? {
        // Marks of the programs that write such folders: `_SUCCESS`, `.part-0.crc`.
        if name.starts_with(['_', '.']) {
            continue;
        }
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
        let fits = pattern.is_none_or(|pattern| pattern.matches_path_with(&path, GLOB));
        if is_folder {
            walk(files, root, &path, pattern.filter(|_| !fits), found)?;
        } else if fits {
            let parts = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let inner = parts.chain([name]).collect::<Vec<_>>().join("/");
            found.push(InputMatch { path, inner });
        }
        if found.len() > MOST_FILES {
            return Err(vec![too_many(root)]);
        }
    }
    Ok(())
}

const GLOB: glob::MatchOptions =
    glob::MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The columns that folders give: `dt=2014-03-24/part-0.csv`.
fn folders(inner: &str) -> Vec<(String, Option<String>)> {
    let folders = inner.rsplit_once('/').map_or("", |(folders, _)| folders).split('/');
    let pair = |folder: &str| {
        let (name, value) = folder.split_once('=')?;
        let value = unescaped(value);
        (!name.is_empty()).then(|| (unescaped(name), Some(value).filter(|value| value != NO_VALUE && !value.is_empty())))
    };
    folders.filter_map(pair).collect()
}

/// With `%3A` as the character it stands for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = byte.and_then(|_| after.get(2..)).unwrap_or(after);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn short(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .take(3)
        .map(|path| path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()))
        .collect();
    let more = paths.len().saturating_sub(names.len());
    if more == 0 { names.join(", ") } else { format!("{}, … (+{more})", names.join(", ")) }
}

fn wrong(kind: &'static FindingKind, (en, zh): (String, String), help: (&str, &str)) -> Finding {
    Finding::new(kind, None, LocalText::new(en, zh)).with_help(LocalText::new(help.0, help.1))
}

fn mixed(first: &str, other: &str) -> Finding {
    wrong(
        MIXED_FORMATS,
        (
            format!(
                "`{first}` and `{other}` are files of different kinds: several files are read as one only when they are of one kind"
            ),
            format!("`{first}` 与 `{other}` 类型不同：只有同类文件才能作为一份请求读取"),
        ),
        ("name the files of one kind with a pattern such as `'folder/*.csv'`", "请用通配符指定同类文件，例如 `'目录/*.csv'`"),
    )
}

fn nothing(path: &Path, is_folder: bool) -> Finding {
    let path = path.display();
    let texts = if is_folder {
        (format!("folder `{path}` holds no request file"), format!("目录 `{path}` 中没有请求文件"))
    } else {
        (format!("no file fits the pattern `{path}`"), format!("没有文件符合通配符 `{path}`"))
    };
    wrong(
        NO_REQUEST_FILES,
        texts,
        (
            "files whose names start with `_` or `.` do not count; a pattern is written in quotes: `'day/*.csv'`",
            "以 `_` 或 `.` 开头的文件不计；通配符需加引号：`'day/*.csv'`",
        ),
    )
}

fn twice(path: &Path) -> Finding {
    let path = path.display();
    wrong(
        NO_REQUEST_FILES,
        (format!("`{path}` is named twice: its requests would count twice"), format!("`{path}` 被指定了两次：其请求会重复计数")),
        ("name every file once", "每个文件只指定一次"),
    )
}

fn too_deep(folder: &Path) -> Finding {
    let folder = folder.display();
    wrong(
        NO_REQUEST_FILES,
        (format!("folder `{folder}` is more than {DEEPEST} folders deep"), format!("目录 `{folder}` 的层级超过 {DEEPEST} 层")),
        ("name the folder that holds the files", "请指定直接存放文件的目录"),
    )
}

fn too_many(folder: &Path) -> Finding {
    let folder = folder.display();
    wrong(
        NO_REQUEST_FILES,
        (format!("`{folder}` holds more than {MOST_FILES} files"), format!("`{folder}` 中的文件超过 {MOST_FILES} 个")),
        ("name some of them with a pattern", "请用通配符指定其中一部分"),
    )
}

fn bad_pattern(path: &Path, error: &glob::PatternError) -> Finding {
    let (path, at, why) = (path.display(), error.pos + 1, error.msg);
    wrong(
        NO_REQUEST_FILES,
        (format!("the pattern `{path}` cannot be read at character {at}: {why}"), format!("通配符 `{path}` 第 {at} 个字符有误")),
        (
            "`*` is any text, `?` one character, `[0-9]` one of several, `**` any folders",
            "`*` 表示任意文本，`?` 表示一个字符，`[0-9]` 表示其中之一，`**` 表示任意层目录",
        ),
    )
}

fn unreadable_pipe(error: &io::Error) -> Finding {
    wrong(
        UNREADABLE_FILE,
        (format!("standard input cannot be read: {error}"), format!("无法读取标准输入：{error}")),
        (
            "send a file: `zcat day.csv.gz | countersign … --requests -`",
            "请传入文件：`zcat day.csv.gz | countersign … --requests -`",
        ),
    )
}

fn too_long_pipe() -> Finding {
    let most = MOST_PIPED >> 30;
    wrong(
        TOO_LARGE_UNPACKED,
        (format!("standard input is longer than {most} GiB"), format!("标准输入超过 {most} GiB")),
        ("write it to a file, and name that", "请先写入文件，再指定该文件"),
    )
}

/// A scratch file that is only read any more.
struct Scratched(Box<dyn ScratchFile>);

impl ReadAt for Scratched {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.0.read_at(offset, into)
    }
}

/// A file that is digested while it is read from its start to its end; what is read in another order is read once more for it.
struct Digested {
    file: Box<dyn ReadAt>,
    /// How many bytes are digested, and their digest.
    so_far: Mutex<(u64, Hasher)>,
}

impl ReadAt for Digested {
    fn len(&self) -> u64 {
        self.file.len()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_at(offset, into)?;
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        let end = offset + into.len() as u64;
        // The start of a file is read twice: once to tell its kind.
        if (offset..end).contains(&so_far.0) {
            let known = usize::try_from(so_far.0 - offset).unwrap_or(usize::MAX);
            so_far.1.update(into.get(known..).unwrap_or_default());
            so_far.0 = end;
        }
        Ok(())
    }

    fn rest(&self) {
        self.file.rest();
    }
}

impl Digested {
    /// The digest of the whole file; none when asked to stop.
    fn finish(&self, progress: &Progress) -> io::Result<Option<Digest>> {
        let mut buffer = vec![0; PIECE];
        loop {
            if progress.is_cancelled() {
                return Ok(None);
            }
            let at = self.so_far.lock().unwrap_or_else(PoisonError::into_inner).0;
            if at >= self.len() {
                break;
            }
            let some = usize::try_from(self.len() - at).unwrap_or(usize::MAX).min(PIECE);
            let Some(part) = buffer.get_mut(..some) else { break };
            self.read_at(at, part)?;
        }
        self.rest();
        let so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(so_far.1.clone().finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFiles;

    #[test]
    fn folders_give_columns() {
        assert_eq!(
            folders("dt=2014-03-24/city=%E6%9D%AD/part-0.csv"),
            [("dt".to_owned(), Some("2014-03-24".to_owned())), ("city".to_owned(), Some("杭".to_owned())),]
        );
        assert_eq!(
            folders("x/dt=__HIVE_DEFAULT_PARTITION__/p=100%/a"),
            [("dt".to_owned(), None), ("p".to_owned(), Some("100%".to_owned())),]
        );
    }

    #[test]
    fn paths_patterns_and_folders_are_found_in_order() {
        let files = MemoryFiles::default();
        for name in ["day/b.csv", "day/a.csv", "day/_SUCCESS", "day/.a.csv.crc", "day/x/c.csv", "day/x/d.jsonl", "odd[1].csv"] {
            files.write(Path::new(name), b"a,b\n1,2\n").unwrap();
        }
        let names = |paths: &[&str]| {
            let asked = InputRequest { paths: paths.iter().map(PathBuf::from).collect(), ..InputRequest::default() };
            let opened = open_input(&files, &asked);
            opened
                .map(|opened| opened.files.iter().map(|(inner, _)| inner.clone()).collect::<Vec<_>>())
                .map_err(|found| found[0].id())
        };
        let owned = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect());
        for (paths, found) in [
            (&["day/b.csv"][..], owned(&["b.csv"])),
            (&["day/*.csv"], owned(&["a.csv", "b.csv"])),
            (&["day/**/*.csv"], owned(&["a.csv", "b.csv", "x/c.csv"])),
            (&["day/?/c*"], owned(&["x/c.csv"])),
            (&["odd[1].csv"], owned(&["odd[1].csv"])),
            (&["day/b.csv", "day/a.csv"], owned(&["day/a.csv", "day/b.csv"])),
            (&["day"], Err("mixed-formats")),
            (&["day/*.txt"], Err("no-request-files")),
            (&["day/a.csv", "day/*.csv"], Err("no-request-files")),
            (&["day/[.csv"], Err("no-request-files")),
            (&["none.csv"], Err("missing-file")),
        ] {
            assert_eq!(names(paths), found, "{paths:?}");
        }
    }
}
