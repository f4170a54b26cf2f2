//! A few pictures of the window, painted in software and compared with those in `tests/pictures`.
//!
//! ```sh
//! cargo test --lib --features pictures pictures
//! COUNTERSIGN_RENEW_PICTURES=1 cargo test --lib --features pictures pictures
//! ```
//!
//! The second command keeps what is painted now. A picture that differs leaves `NAME.new.png` beside the one that is kept.
//! With `COUNTERSIGN_GALLERY=FOLDER` the walk over every screen writes each there, to be looked at: sizes, scales, themes, languages.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use eframe::egui::{Color32, ColorImage};

use super::raster::{MARGIN, paint};
use super::states::{Place, State, go, window_in};
use super::*;
use countersign_session::{ScriptAction, Theme};

/// A part of a colour may differ by so much.
const CLOSE: u8 = 16;
/// So many pixels may differ by more: floating-point sums differ a little from machine to machine.
const FEW: usize = 40;

fn wear(window: &mut Harness<'_, Window>, theme: Theme, language: Language) {
    for preference in [PreferenceAction::Theme(theme), PreferenceAction::Language(language)] {
        window.state_mut().session.apply(Action::Prefer(preference));
    }
    window.run_steps(4);
}

/// The window as a picture, without the time it took to decide.
fn picture_of(window: &Harness<'_, Window>) -> ColorImage {
    let mut picture = paint(window);
    let scale = window.output().pixels_per_point;
    let told = ["400 requests in", "条请求，用时"].map(|words| window.query_all_by_label_contains(words).map(|node| node.rect()));
    for place in told.into_iter().flatten() {
        let [width, height] = picture.size;
        let place = place.translate(-Vec2::splat(MARGIN));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on the picture")]
        let [left, right, top, bottom] =
            [place.left(), place.right(), place.top(), place.bottom()].map(|at| (at * scale).max(0.0) as usize);
        for row in top..bottom.min(height) {
            picture.pixels[row * width + left..row * width + right.min(width)].fill(Color32::GRAY);
        }
    }
    picture
}

fn kept(name: &str) -> PathBuf {
    PathBuf::from(format!("../../tests/pictures/{name}.png"))
}

/// Sixteen steps of each colour are enough to see a difference by, and a quarter of the bytes.
fn coarse(part: u8) -> u8 {
    part.saturating_add(8) / 17 * 17
}

/// Writes a picture with its colours as they are to be kept.
pub(super) fn write(path: &Path, picture: &ColorImage, shade: fn(u8) -> u8) {
    let [width, height] = picture.size.map(|side| u32::try_from(side).unwrap());
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    let parts: Vec<u8> = picture.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()].map(shade)).collect();
    encoder.write_header().unwrap().write_image_data(&parts).unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn read(path: &Path) -> Option<(Vec<u8>, [usize; 2])> {
    let bytes = fs::read(path).ok()?;
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut parts = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut parts).unwrap();
    Some((parts, [info.width, info.height].map(|side| side as usize)))
}

/// Compares the window with the picture of that name, or keeps it.
fn compare(window: &Harness<'_, Window>, name: &str) {
    let picture = picture_of(window);
    let path = kept(name);
    if std::env::var_os("COUNTERSIGN_RENEW_PICTURES").is_some() {
        return write(&path, &picture, coarse);
    }
    let (parts, size) = read(&path).unwrap_or_else(|| panic!("{} is missing", path.display()));
    let differs =
        |(pixel, kept): (&Color32, &[u8])| [pixel.r(), pixel.g(), pixel.b()].iter().zip(kept).any(|(a, b)| a.abs_diff(*b) > CLOSE);
    let count = picture.pixels.iter().zip(parts.chunks(3)).filter(|pair| differs(*pair)).count();
    if size != picture.size || count > FEW {
        let new = path.with_extension("new.png");
        write(&new, &picture, coarse);
        panic!("{name}: {count} pixels differ; see {}", new.display());
    }
}

#[test]
fn the_window_looks_as_it_did() {
    let mut window = window_in(State::Loaded, Language::En);
    window.set_size(Vec2::new(1280.0, 720.0));
    wear(&mut window, Theme::Light, Language::En);
    compare(&window, "workbench-light-en");
    wear(&mut window, Theme::Dark, Language::Zh);
    go(&mut window, Place::Explained, Language::Zh);
    compare(&window, "explain-dark-zh");
    press(&mut window, Modifiers::COMMAND, Key::E);
    compare(&window, "export-dark-zh");
    press(&mut window, Modifiers::NONE, Key::Escape);
    wear(&mut window, Theme::Light, Language::En);
    let script = ScriptRef::Rule(countersign_core::model::RuleId::new("under_age").unwrap());
    let text = "if customer.aeg < params.min_age {\n    decline(\"UNDER_AGE\")\n}\n".to_owned();
    window.state_mut().session.apply(Action::Select(SelectAction::Jump(script.clone(), 0, 0)));
    window.state_mut().session.apply(Action::Script(ScriptAction::SetText(script, text)));
    wait(&mut window);
    compare(&window, "editor-squiggle-light-en");
}
