//! A folder of its own, and the real program run with it in a cleared environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The header and the first requests of the sample.
pub fn sample(requests: usize) -> String {
    let text = fs::read_to_string("assets/samples/signing-requests.csv").unwrap();
    text.lines().take(requests + 1).collect::<Vec<_>>().join("\n") + "\n"
}

/// Copies a folder with all that is in it.
pub fn copy(from: impl AsRef<Path>, to: impl AsRef<Path>) {
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.as_ref().join(entry.file_name());
        if entry.path().is_dir() {
            copy(entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Puts `with` in the place of what stands between `mark` and the next `,` or `"`.
pub fn replace_after(text: &str, mark: &str, with: &str) -> String {
    let start = text.find(mark).unwrap_or_else(|| panic!("no `{mark}`")) + mark.len();
    let end = start + text[start..].find([',', '"']).unwrap();
    format!("{}{with}{}", &text[..start], &text[end..])
}

/// A folder with some of the sample requests; it is gone when dropped.
pub struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    /// With so many requests of the sample in `requests.csv`.
    pub fn new(requests: usize) -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap() };
        scratch.write("requests.csv", sample(requests));
        scratch
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in the folder, so that nothing half-written stays unseen.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the program in the repository; `{}` in an argument stands for the folder, `~` for a blank.
    pub fn run(&self, args: &str) -> Ran {
        self.run_in(Path::new("."), args)
    }

    /// Runs the program in the folder.
    pub fn run_inside(&self, args: &str) -> Ran {
        self.run_in(self.root(), args)
    }

    fn run_in(&self, current: &Path, args: &str) -> Ran {
        let folder = self.root().to_str().unwrap();
        let words = args.split_whitespace().map(|word| word.replace("{}", folder).replace('~', " "));
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let output = command.args(words).current_dir(current).env_clear().stdin(Stdio::null()).output().unwrap();
        Ran::new(args, &output, folder)
    }
}

/// What a run printed, with the folder's name taken out, and its exit code.
pub struct Ran {
    args: String,
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn new(args: &str, output: &Output, folder: &str) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().replace(folder, "{}");
        let code = output.status.code().unwrap_or_else(|| panic!("{args} was killed"));
        Self { args: args.to_owned(), code, out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Both outputs.
    pub fn text(&self) -> String {
        [self.out.as_str(), &self.err].concat()
    }

    /// It ended with the code and said each part, on whichever output.
    #[track_caller]
    pub fn says(self, code: i32, parts: &[&str]) -> Self {
        let (args, text) = (&self.args, self.text());
        assert_eq!(self.code, code, "{args}\n{text}");
        assert!(!self.err.contains("panicked"), "{args}\n{text}");
        for part in parts {
            assert!(text.contains(part), "{args}: no `{part}` in\n{text}");
        }
        self
    }

    /// The same, each part on its own output.
    #[track_caller]
    pub fn check(&self, code: i32, out: &[&str], err: &[&str]) {
        assert_eq!(self.code, code, "{}\n{}", self.args, self.text());
        for (parts, said) in [(out, &self.out), (err, &self.err)] {
            for part in parts {
                assert!(said.contains(part), "{}: no `{part}` in\n{said}", self.args);
            }
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}
