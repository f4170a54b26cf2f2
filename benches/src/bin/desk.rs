//! The window as a person meets it, by software rendering under a virtual screen: how long until it shows something, what it costs while
//! nothing moves, how much memory it takes with many requests; and, without a screen, what a frame costs while the table scrolls or
//! somebody types in a long script, and how long an edit takes to its impact.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --features desk --bin desk BINARY [REQUESTS]`
//!
//! `BINARY` is the release build of `countersign`. Needs `Xvfb`, and `/proc`. Run it from the repository's root.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign_app::gui;
use countersign_app::gui::app::Window;
use countersign_benches::clock::argument;
use countersign_core::model::{ParameterId, RuleId, Scalar};
use countersign_session::{
    Action, FileAction, ParameterAction, PreferenceAction, ScriptAction, ScriptRef, SelectAction, Session, SessionOptions,
};
use countersign_workspace::DiskFiles;
use eframe::egui::{
    Context, Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, RawInput, Rect, TouchPhase, Vec2,
};

type Failed = Box<dyn Error>;

const SIZE: [f32; 2] = [1440.0, 900.0];
const FRAMES: usize = 300;
const EDITS: i64 = 7;
const LINES: usize = 2_000;
/// What the session waits after the last key.
const PAUSE: Duration = Duration::from_millis(150);

fn main() -> Result<(), Failed> {
    let binary = std::env::args().nth(1).ok_or("which binary?")?;
    let rows = argument(2, 1_000_000);
    let folder = std::env::temp_dir().join(format!("countersign-desk-{}", std::process::id()));
    fs::create_dir_all(folder.join("countersign"))?;
    fs::write(folder.join("countersign/preferences.ron"), "(theme: Light, language: en, tour_seen: true)")?;
    let done = measured(&binary, rows, &folder);
    fs::remove_dir_all(&folder)?;
    done
}

fn measured(binary: &str, rows: usize, folder: &Path) -> Result<(), Failed> {
    let requests = folder.join("requests.parquet");
    let sample =
        Command::new(binary).args(["sample", "--rows", &rows.to_string(), "--seed", "1", "--out"]).arg(&requests).status()?;
    if !sample.success() {
        return Err("the sample was not made".into());
    }
    println!("| what | measured |\n|---|---:|");
    let screen = Screen::new(folder)?;
    let mut firsts: Vec<Duration> = (0..5).map(|_| screen.first_frame(binary, folder)).collect::<Result<_, _>>()?;
    firsts.sort();
    println!("| first frame from the start of the process, shipped workspace, median of 5 | {:.0} ms |", millis(firsts[2]));
    let (idle, memory) = screen.at_rest(binary, folder, &requests)?;
    println!("| processor time in 20 s while nothing moves, {rows} requests | {idle} ms |");
    println!("| resident memory, {rows} requests | {memory} MB |");
    drop(screen);
    let mut session = loaded(&requests)?;
    let mut impacts: Vec<Duration> = (0..EDITS).map(|at| impact(&mut session, 3 + at % 4)).collect::<Result<_, _>>()?;
    impacts.sort();
    println!(
        "| from the pause after an edit to its impact on {rows} requests, median of {EDITS} | {:.0} ms |",
        millis(impacts[3])
    );
    let typed = format!("somebody types in a script of {LINES} lines");
    for (what, [median, most, worst]) in [(format!("{rows} requests scroll"), scrolling(session)), (typed, typing(&requests)?)] {
        println!("| a frame while {what}: median, 95 of 100, worst of {FRAMES} | {median:.2} ms, {most:.2} ms, {worst:.2} ms |");
    }
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A virtual screen whose picture is a file.
struct Screen {
    xvfb: Child,
    display: String,
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.xvfb.kill();
        let _ = self.xvfb.wait();
    }
}

impl Screen {
    fn new(folder: &Path) -> Result<Self, Failed> {
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-fbdir"]).arg(folder);
        let mut xvfb = xvfb.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut number = String::new();
        BufReader::new(xvfb.stdout.take().ok_or("no number")?).read_line(&mut number)?;
        Ok(Self { xvfb, display: format!(":{}", number.trim()) })
    }

    fn start(&self, binary: &str, folder: &Path, arguments: &[&str]) -> Result<Child, Failed> {
        let mut window = Command::new(binary);
        window.args(arguments).env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY").env("LIBGL_ALWAYS_SOFTWARE", "1");
        Ok(window.env("XDG_CONFIG_HOME", folder).stderr(Stdio::null()).spawn()?)
    }

    /// How long until anything is painted: the picture is read again and again.
    fn first_frame(&self, binary: &str, folder: &Path) -> Result<Duration, Failed> {
        let picture = || fs::read(folder.join("Xvfb_screen0"));
        let blank = picture()?;
        let started = Instant::now();
        let mut window = self.start(binary, folder, &[])?;
        while colours(&picture()?) < 16 && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(4));
        }
        let took = started.elapsed();
        window.kill()?;
        window.wait()?;
        while picture()? != blank && started.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(took)
    }

    /// Processor time in milliseconds over 20 seconds at rest, and the resident memory in megabytes.
    fn at_rest(&self, binary: &str, folder: &Path, requests: &Path) -> Result<(u64, u64), Failed> {
        let mut window = self.start(binary, folder, &["rules", "--requests", requests.to_str().ok_or("a path")?])?;
        let id = window.id();
        let mut last = 0;
        // At rest: everything is read, decided and painted when it takes no more time.
        for _ in 0..60 {
            std::thread::sleep(Duration::from_secs(3));
            let now = ticks(id)?;
            if now == last {
                break;
            }
            last = now;
        }
        std::thread::sleep(Duration::from_secs(20));
        let spent = (ticks(id)? - last) * 10;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS")).ok_or("no VmRSS")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no number")?.parse()?;
        window.kill()?;
        window.wait()?;
        Ok((spent, kilobytes / 1024))
    }
}

/// How many colours a picture has, of some of its points.
fn colours(picture: &[u8]) -> usize {
    let points = picture.chunks_exact(4).skip(1024).step_by(97);
    points.collect::<std::collections::BTreeSet<_>>().len()
}

/// User and system time of a process in hundredths of a second.
fn ticks(id: u32) -> Result<u64, Failed> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let after = stat.rsplit_once(") ").ok_or("no stat")?.1;
    let fields: Vec<&str> = after.split(' ').collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}

/// A session with everything decided.
fn loaded(requests: &Path) -> Result<Session, Failed> {
    let mut session = Session::new(Arc::new(DiskFiles), SessionOptions::default());
    session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.apply(Action::File(FileAction::OpenRequests { path: requests.into(), mapping: None }));
    settle(&mut session, Instant::now(), |session| session.details().is_fresh() && session.underway().next().is_none())?;
    Ok(session)
}

/// Ticks until something holds, as a window would.
fn settle(session: &mut Session, started: Instant, holds: impl Fn(&Session) -> bool) -> Result<(), Failed> {
    let from = epoch();
    while !holds(session) {
        session.tick(from.elapsed());
        if started.elapsed() > Duration::from_secs(120) {
            return Err(format!("nothing came of it: {:?}", session.notices()).into());
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    Ok(())
}

/// When the program began: the session's time goes on from one measurement to the next.
fn epoch() -> Instant {
    static EPOCH: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

/// Sets a parameter as a person would; the time from the pause after it to the new impact.
fn impact(session: &mut Session, value: i64) -> Result<Duration, Failed> {
    session.tick(epoch().elapsed());
    let started = Instant::now();
    session.apply(Action::Parameter(ParameterAction::Set(ParameterId::new("max_cards_per_mobile")?, Scalar::from(value))));
    settle(session, started, |session| session.impact().is_fresh())?;
    let took = started.elapsed().saturating_sub(PAUSE);
    settle(session, started, |session| session.details().is_fresh() && session.underway().next().is_none())?;
    Ok(took)
}

/// The window without a screen: each frame is laid out and tessellated, and timed.
struct Desk {
    context: Context,
    window: Window,
    frames: u32,
}

impl Desk {
    fn new(session: Session) -> Self {
        let context = Context::default();
        gui::install(&context);
        Self { context, window: Window::on(session), frames: 0 }
    }

    /// A frame in which this happens; its time in milliseconds.
    fn frame(&mut self, events: Vec<Event>) -> f64 {
        self.frames += 1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE.into())),
            time: Some(f64::from(self.frames) / 60.0),
            events,
            ..RawInput::default()
        };
        let started = Instant::now();
        let output = self.context.run_ui(input, |ui| self.window.frame(ui));
        std::hint::black_box(self.context.tessellate(output.shapes, output.pixels_per_point));
        millis(started.elapsed())
    }

    /// The median, the 95th per cent and the worst of many frames, after some that are not counted.
    fn frames(&mut self, events: impl Fn(usize) -> Vec<Event>) -> [f64; 3] {
        let mut times: Vec<f64> = (0..FRAMES + 20).map(|at| self.frame(events(at))).collect();
        times.drain(..20);
        times.sort_by(f64::total_cmp);
        [times.len() / 2, times.len() * 19 / 20, times.len() - 1].map(|at| times[at])
    }
}

/// Frames while the wheel turns over the table.
fn scrolling(session: Session) -> [f64; 3] {
    let pointer = Pos2::new(700.0, 780.0);
    Desk::new(session).frames(|frame| {
        let wheel = Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: Vec2::new(0.0, if frame % 97 == 96 { -500_000.0 } else { -53.0 }),
            modifiers: Modifiers::NONE,
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
        };
        vec![Event::PointerMoved(pointer), wheel]
    })
}

/// Frames of which each brings a letter, some faster than anybody types: checks and dry runs go on beside.
fn typing(requests: &Path) -> Result<[f64; 3], Failed> {
    let mut session = loaded(requests)?;
    let rule = RuleId::new("single_amount")?;
    let part = |at| format!("// Case {at}.\nif request.id == \"{at}\" {{\n    decline(\"SINGLE_AMOUNT\")\n}}\n");
    session.apply(Action::Script(ScriptAction::SetText(ScriptRef::Rule(rule.clone()), (0..LINES / 4).map(part).collect())));
    session.apply(Action::Select(SelectAction::Rule(rule)));
    let mut desk = Desk::new(session);
    desk.frame(Vec::new());
    let (pos, button, modifiers) = (Pos2::new(700.0, 210.0), PointerButton::Primary, Modifiers::NONE);
    for pressed in [true, false] {
        desk.frame(vec![Event::PointerMoved(pos), Event::PointerButton { pos, button, pressed, modifiers }]);
    }
    let length = |desk: &Desk| {
        let rule = desk.window.session.document().rule_set().find_rule("single_amount");
        rule.map_or(0, |(.., rule)| rule.script.text.len())
    };
    let before = length(&desk);
    let times = desk.frames(|frame| {
        std::thread::sleep(Duration::from_millis(20));
        vec![Event::Text(if frame % 9 == 8 { " " } else { "r" }.to_owned())]
    });
    desk.frame(Vec::new());
    if length(&desk) != before + FRAMES + 20 {
        return Err("what was typed did not arrive".into());
    }
    Ok(times)
}
