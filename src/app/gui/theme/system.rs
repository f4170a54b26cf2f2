//! Faces of this machine, for rare characters that no face of the program has. They are looked for in the background once such a
//! character is to be shown; until then it is a box, and it stays one where no installed face has it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use eframe::egui::{Context, FontData, Id};
use eframe::epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily};
use fontdb::{Database, FaceInfo, Style};
use skrifa::{FontRef, MetadataProvider};

/// A larger file is no face that is read, in bytes.
const LARGEST: usize = 64 << 20;
/// Characters that are looked for; a text of bytes that mean nothing must not ask without end.
const MOST: usize = 10_000;

/// A face of this machine, with the characters it was asked for.
#[derive(Clone, Debug)]
pub struct Face {
    name: String,
    data: FontData,
    has: BTreeSet<char>,
}

type FindFaces = dyn Fn(&BTreeSet<char>) -> Vec<Face> + Send + Sync;

#[derive(Default)]
struct KnownFaces {
    faces: Vec<Face>,
    /// The position of the face that has a character; none where no face has it.
    asked: BTreeMap<char, Option<usize>>,
    wanted: BTreeSet<char>,
    is_looking: bool,
    reload: Reload,
    generation: u64,
}

/// What the window still has to do about faces that were found.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Reload {
    #[default]
    Done,
    /// Every text is to be laid out again.
    Due,
    /// So it is, at the latest from this frame on.
    Begun,
}

/// What is shown by faces of this machine, and what by none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rare {
    pub lost: String,
    /// The names of the faces that are used.
    pub faces: Vec<String>,
}

/// The faces of this machine, as the toolkit asks for them.
#[derive(Clone)]
pub struct SystemFaces {
    known: Arc<Mutex<KnownFaces>>,
    look: Arc<FindFaces>,
    ctx: Context,
}

/// Lets the window use faces of this machine; nothing is read before a character needs one.
pub fn install(ctx: &Context) {
    let installed: OnceLock<Database> = OnceLock::new();
    let look = move |wanted: &BTreeSet<char>| {
        let database = installed.get_or_init(|| {
            let mut database = Database::new();
            database.load_system_fonts();
            database
        });
        look(database, wanted)
    };
    install_with(ctx, Arc::new(look));
}

fn install_with(ctx: &Context, look: Arc<FindFaces>) {
    let faces = SystemFaces { known: Arc::default(), look, ctx: ctx.clone() };
    ctx.data_mut(|data| data.insert_temp(id(), faces.clone()));
    ctx.add_font_provider(Arc::new(faces));
}

/// The characters that needed a face of this machine so far.
pub fn rare(ctx: &Context) -> Rare {
    let faces: Option<SystemFaces> = ctx.data(|data| data.get_temp(id()));
    faces.map(|faces| faces.rare()).unwrap_or_default()
}

/// Puts faces that were found in place, at the start of a frame.
pub fn refresh(ctx: &Context) {
    let faces: Option<SystemFaces> = ctx.data(|data| data.get_temp(id()));
    let Some(faces) = faces else { return };
    let now = {
        let mut known = faces.lock();
        let now = known.reload;
        known.generation += u64::from(now != Reload::Done);
        known.reload = if now == Reload::Due { Reload::Begun } else { Reload::Done };
        now
    };
    if now == Reload::Due {
        ctx.set_font_providers(vec![Arc::new(faces)]);
    }
}

/// Changes whenever layouts that were made before are no good any more.
pub fn generation(ctx: &Context) -> u64 {
    let faces: Option<SystemFaces> = ctx.data(|data| data.get_temp(id()));
    faces.map_or(0, |faces| faces.lock().generation)
}

fn id() -> Id {
    Id::unique("faces of this machine")
}

impl FontProvider for SystemFaces {
    /// Asked while a text is being laid out: answers from what is known, and has the rest looked for.
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let wanted = request.cluster.chars().next()?;
        let mut known = self.lock();
        match known.asked.get(&wanted) {
            Some(at) => {
                let face = at.and_then(|at| known.faces.get(at))?;
                let family = InsertFontFamily { family: request.family.clone(), priority: FontPriority::Lowest };
                return Some(FontInsert::new(&face.name, face.data.clone(), vec![family]));
            }
            None if known.asked.len() + known.wanted.len() >= MOST => return None,
            None => known.wanted.insert(wanted),
        };
        if !known.is_looking {
            let this = self.clone();
            let started = std::thread::Builder::new().name("faces".to_owned()).spawn(move || this.search());
            known.is_looking = started.is_ok();
        }
        None
    }
}

impl SystemFaces {
    fn lock(&self) -> MutexGuard<'_, KnownFaces> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks until nothing more is wanted.
    fn search(&self) {
        loop {
            let wanted = {
                let mut known = self.lock();
                if known.wanted.is_empty() {
                    known.is_looking = false;
                    break;
                }
                std::mem::take(&mut known.wanted)
            };
            // A damaged font file must not take the window with it: it counts as none.
            let found = catch_unwind(AssertUnwindSafe(|| (self.look)(&wanted))).unwrap_or_default();
            self.lock().take(&wanted, found);
        }
        self.ctx.request_repaint();
    }

    fn rare(&self) -> Rare {
        let known = self.lock();
        let lost = known.asked.iter().filter(|(_, at)| at.is_none()).map(|(c, _)| *c).collect();
        Rare { lost, faces: known.faces.iter().map(|face| face.name.clone()).collect() }
    }
}

impl KnownFaces {
    fn take(&mut self, wanted: &BTreeSet<char>, found: Vec<Face>) {
        if !found.is_empty() {
            self.reload = Reload::Due;
        }
        for face in found {
            let at = self.faces.iter().position(|known| known.name == face.name).unwrap_or(self.faces.len());
            self.asked.extend(face.has.iter().map(|c| (*c, Some(at))));
            if at == self.faces.len() {
                self.faces.push(face);
            }
        }
        for c in wanted {
            self.asked.entry(*c).or_insert(None);
        }
    }
}

/// The best faces for some characters: upright and of ordinary weight first, of simplified Chinese before others.
fn look(database: &Database, wanted: &BTreeSet<char>) -> Vec<Face> {
    let mut faces: Vec<&FaceInfo> = database.faces().collect();
    faces.sort_by_key(|face| rank(face));
    let (mut open, mut found) = (wanted.clone(), Vec::new());
    for info in faces {
        if open.is_empty() {
            break;
        }
        let face = database.with_face_data(info.id, |bytes, index| read(info, bytes, index, &open)).flatten();
        if let Some(face) = face {
            open.retain(|c| !face.has.contains(c));
            found.push(face);
        }
    }
    found
}

fn rank(face: &FaceInfo) -> (bool, u16, bool, bool, String) {
    let name = name(face);
    let is_sans = ["sans", "hei", "gothic"].iter().any(|word| name.to_lowercase().contains(word));
    let is_simplified = ["SC", "CN", "GB"].iter().any(|word| name.contains(word));
    (face.style != Style::Normal, face.weight.0.abs_diff(400), !is_simplified, !is_sans, name)
}

fn name(face: &FaceInfo) -> String {
    face.families.first().map_or_else(|| face.post_script_name.clone(), |(name, _)| name.clone())
}

/// A face with those of the characters it can draw; none when there is none.
fn read(info: &FaceInfo, bytes: &[u8], index: u32, open: &BTreeSet<char>) -> Option<Face> {
    let font = FontRef::from_index(bytes, index).ok().filter(|_| bytes.len() <= LARGEST)?;
    let (map, outlines) = (font.charmap(), font.outline_glyphs());
    let can_draw = |c: &char| map.map(*c).is_some_and(|glyph| outlines.get(glyph).is_some());
    let has: BTreeSet<char> = open.iter().copied().filter(can_draw).collect();
    let data = || FontData { index, ..FontData::from_owned(bytes.to_vec()) };
    (!has.is_empty()).then(|| Face { name: name(info), data: data(), has })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use eframe::egui::{FontFamily, FontId, RawInput};

    use super::*;

    const CHINESE: &[u8] = include_bytes!("../../../../assets/fonts/DroidSansFallbackFull.ttf");

    fn with_chinese() -> Database {
        let mut database = Database::new();
        database.load_font_data(CHINESE.to_vec());
        database
    }

    #[test]
    fn a_face_is_found_for_what_it_can_draw_and_none_for_the_rest() {
        let wanted = BTreeSet::from(['国', '\u{2fa1d}']);
        let found = look(&with_chinese(), &wanted);
        assert_eq!(found.iter().map(|face| face.has.clone()).collect::<Vec<_>>(), [BTreeSet::from(['国'])]);
        assert!(look(&Database::new(), &wanted).is_empty(), "no font at all is no harm");
        let mut damaged = Database::new();
        damaged.load_font_data(CHINESE[..100_000].to_vec());
        assert!(look(&damaged, &wanted).len() <= 1);
    }

    fn frame(ctx: &Context, text: &str) {
        refresh(ctx);
        ctx.run_ui(RawInput::default(), |ui| drop(ui.label(text))).textures_delta.clear();
    }

    /// A window that has Latin only, on a machine with these faces.
    fn shown(database: Database, text: &str) -> (Context, Rare) {
        let ctx = Context::default();
        install_with(&ctx, Arc::new(move |wanted| look(&database, wanted)));
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            frame(&ctx, text);
            let is_asked = text.chars().all(|c| {
                let faces: SystemFaces = ctx.data(|data| data.get_temp(id())).unwrap();
                faces.lock().asked.contains_key(&c)
            });
            if is_asked {
                return (ctx.clone(), rare(&ctx));
            }
            assert!(Instant::now() < until, "nothing came of the search");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn what_no_face_of_the_program_has_is_drawn_by_one_of_the_machine() {
        let (ctx, rare) = shown(with_chinese(), "国家");
        assert_eq!((rare.lost.as_str(), rare.faces.len()), ("", 1));
        let before = generation(&ctx);
        for _ in 0..3 {
            frame(&ctx, "国家");
        }
        assert!(generation(&ctx) > before, "what was laid out before is laid out again");
        let id = FontId::new(12.0, FontFamily::Proportional);
        assert!(ctx.fonts_mut(|fonts| fonts.has_glyph(&id, '国')));
        let (_, rare) = shown(Database::new(), "国");
        assert_eq!((rare.lost.as_str(), rare.faces.len()), ("国", 0), "said in the preferences");
    }
}
