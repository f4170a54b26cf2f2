//! The real window under a virtual screen, driven by keys alone: it exports a release that the command line verifies, and shares the
//! clipboard with another program.
//!
//! Needs `Xvfb`, `xdotool`, `xclip` and the X and GL libraries (`.ci/run` installs them). Where they are missing the test says so and does nothing,
//! unless `COUNTERSIGN_NEEDS_SCREEN` is set: then that is a failure.
#![cfg(all(feature = "gui", feature = "cli", unix))]
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Software rendering of an unoptimised build on a busy machine takes its time.
const PATIENCE: Duration = Duration::from_mins(3);
const PAUSE: Duration = Duration::from_millis(100);
const MAKER: &str = "li.na@bank.example";

/// The screen, the program and its folder; both programs end with it.
struct Desk {
    folder: tempfile::TempDir,
    display: String,
    screen: Child,
    window: Option<Child>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        for child in self.window.iter_mut().chain([&mut self.screen]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Desk {
    /// A screen of its own, whose number it finds itself, and a copy of the shipped workspace with a few requests.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(Path::new("rules"), &folder.path().join("rules"));
        let samples = fs::read_to_string("assets/samples/signing-requests.csv").unwrap();
        fs::write(folder.path().join("requests.csv"), samples.lines().take(501).collect::<Vec<_>>().join("\n")).unwrap();
        fs::create_dir(folder.path().join("countersign")).unwrap();
        fs::write(folder.path().join("countersign/preferences.ron"), "(theme: Light, language: en, tour_seen: true)").unwrap();
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-fbdir"]).arg(folder.path());
        let mut screen = xvfb.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        BufReader::new(screen.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        Self { folder, display: format!(":{}", number.trim()), screen, window: None }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY");
        command.env("XDG_CONFIG_HOME", self.folder.path()).env("LIBGL_ALWAYS_SOFTWARE", "1");
        command
    }

    fn countersign(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_countersign")).args(arguments).output().unwrap()
    }

    fn open(&mut self) {
        let log = fs::File::create(self.folder.path().join("window.log")).unwrap();
        let mut window = self.command(env!("CARGO_BIN_EXE_countersign"));
        self.window = Some(window.args(["rules", "--requests", "requests.csv"]).stderr(log).spawn().unwrap());
        self.wait("the window", |desk| desk.xdotool(&["search", "--onlyvisible", "--name", "Countersign", "windowfocus"]));
    }

    fn xdotool(&self, arguments: &[&str]) -> bool {
        self.command("xdotool").args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }

    /// Presses keys one after another, each in its own time.
    fn keys(&self, keys: &[&str]) {
        assert!(self.xdotool(&[&["key", "--delay", "200"], keys].concat()), "{keys:?}");
    }

    /// What another program finds on the clipboard.
    fn clipboard(&self) -> String {
        let read = self.command("xclip").args(["-selection", "clipboard", "-out"]).output().unwrap();
        String::from_utf8(read.stdout).unwrap()
    }

    /// Another program puts a text on the clipboard; it stays in the background to hand the text over.
    fn put_on_clipboard(&self, text: &str) {
        let mut xclip = self.command("xclip");
        xclip.args(["-selection", "clipboard", "-in"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut xclip = xclip.spawn().unwrap();
        xclip.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(xclip.wait().unwrap().success());
    }

    /// What the screen shows, as bytes.
    fn picture(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("Xvfb_screen0")).unwrap()
    }

    /// Waits until a fact holds; the window must be running all the while.
    fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !holds(self) {
            let ended = self.window.as_mut().and_then(|window| window.try_wait().unwrap());
            let log = || fs::read_to_string(self.folder.path().join("window.log")).unwrap_or_default();
            assert!(ended.is_none(), "the window ended with {ended:?} before {what}: {}", log());
            assert!(started.elapsed() < PATIENCE, "{what} did not come: {}", log());
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until the screen shows something else than before, and then the same for a while: nothing is under way any more.
    fn wait_for_change(&mut self, before: &[u8]) {
        self.wait("another picture", |desk| desk.picture() != before);
        let (mut last, mut since) = (self.picture(), Instant::now());
        let started = Instant::now();
        // A caret that blinks never rests: then what has been there for some seconds counts.
        while since.elapsed() < 8 * PAUSE && started.elapsed() < 100 * PAUSE {
            std::thread::sleep(PAUSE);
            let now = self.picture();
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
    }

    /// The dialog by its key, its first field, Enter; once more where the rules were not ready for it yet.
    fn export(&mut self) -> PathBuf {
        let release = self.folder.path().join("rules/released");
        let found = || {
            fs::read_dir(&release).ok()?.map(|entry| entry.unwrap().path()).find(|path| path.extension() == Some("ron".as_ref()))
        };
        for _ in 0..6 {
            let before = self.picture();
            assert!(self.xdotool(&["key", "ctrl+e"]));
            self.wait_for_change(&before);
            let before = self.picture();
            assert!(self.xdotool(&["key", "ctrl+a"]) && self.xdotool(&["type", MAKER]));
            self.wait_for_change(&before);
            let before = self.picture();
            assert!(self.xdotool(&["key", "Return"]));
            let started = Instant::now();
            while started.elapsed() < PATIENCE / 6 {
                if let Some(path) = found() {
                    self.wait_for_change(&before);
                    return path;
                }
                std::thread::sleep(PAUSE);
            }
            assert!(self.xdotool(&["key", "Escape"]));
        }
        let kept = std::env::temp_dir().join("countersign-window.xwd");
        fs::write(&kept, self.picture()).unwrap();
        panic!("no release came; what the screen showed: {}", kept.display());
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Whether the programs are there; without them it is told past the capture of outputs, or a failure.
fn has_screen() -> bool {
    let is_there =
        |program: &&str| Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap().status.success();
    let missing: Vec<&str> = ["Xvfb", "xdotool", "xclip"].into_iter().filter(|program| !is_there(program)).collect();
    if missing.is_empty() {
        return true;
    }
    let needed = std::env::var_os("COUNTERSIGN_NEEDS_SCREEN").is_some();
    assert!(!needed, "{missing:?} are missing");
    let told = format!("\nWARNING: the window is NOT tested: {missing:?} are missing (Debian: xvfb xdotool xclip)\n");
    std::io::stderr().write_all(told.as_bytes()).unwrap();
    false
}

#[test]
fn keys_alone_export_a_release_that_the_command_line_verifies() {
    if !has_screen() {
        return;
    }
    let mut desk = Desk::new();
    let blank = desk.picture();
    desk.open();
    desk.wait_for_change(&blank);
    let file = desk.export();
    let file = file.to_str().unwrap();
    let verified = desk.countersign(&["release", "verify", file, "--evidence", "--requests", "requests.csv"]);
    assert!(
        verified.status.success(),
        "{}{}",
        String::from_utf8_lossy(&verified.stdout),
        String::from_utf8_lossy(&verified.stderr)
    );
    let shown = String::from_utf8(desk.countersign(&["release", "show", file]).stdout).unwrap();
    assert!(shown.contains(MAKER), "{shown}");
}

/// What opens a field, what another program puts on the clipboard, what is typed after it is pasted, what takes all of it out again.
const COPIED: [(&str, &[&str], &str, &str, &str); 2] = [
    ("a text field", &["ctrl+e"], MAKER, "x", "ctrl+x"),
    ("the editor", &["Escape", "ctrl+g", "1", "Return"], "// 外部程序的文字\n// second line", "y", "ctrl+c"),
];

#[test]
fn the_clipboard_is_shared_with_other_programs() {
    if !has_screen() {
        return;
    }
    let mut desk = Desk::new();
    let blank = desk.picture();
    desk.open();
    desk.wait_for_change(&blank);
    for (place, opens, foreign, typed, takes) in COPIED {
        let before = desk.picture();
        desk.keys(opens);
        desk.wait_for_change(&before);
        desk.put_on_clipboard(foreign);
        assert_eq!(desk.clipboard(), foreign);
        desk.keys(&["ctrl+a", "ctrl+v", typed, "ctrl+a", takes]);
        let wanted = format!("{foreign}{typed}");
        desk.wait(place, |desk| desk.clipboard() == wanted);
    }
}

#[test]
fn without_a_screen_it_says_so_and_ends_with_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Command::new(env!("CARGO_BIN_EXE_countersign"));
    window.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").env("XDG_CONFIG_HOME", folder.path());
    let output = window.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.starts_with("error: the window cannot be opened: ") && told.contains("use a verb: `countersign --help`"),
        "{told}"
    );
    assert!(!told.contains("panicked"), "{told}");
}
