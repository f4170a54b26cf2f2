//! Changes a RON text so that it means something new, and leaves every byte that need not change.
//!
//! Three trees go in: the text's own, the *canonical* tree of what it means now, and the canonical tree of what it shall mean.
//! Where the canonical trees agree, the text is left alone, however it is laid out. Parts of containers are known again by their key,
//! name or `id`, and move with their comments.

use std::collections::BTreeMap;

use super::chunks::{ChunkText, ContainerLayout, RebuiltPart, TextChunk, TextChunks};
use super::same::same;
use super::{ByteRange, NodeKind, RonMember, RonNode, find, print};

/// One replacement in the text.
#[derive(Debug)]
struct TextEdit {
    at: ByteRange,
    text: String,
}

/// The text changed to mean `wanted`, where `tree` is the text's tree and `now` the canonical tree of what it means.
pub(crate) fn edit<'t>(text: &'t str, tree: &'t RonNode, now: &'t RonNode, wanted: &RonNode) -> String {
    // A text from Windows stays one.
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut editor = RonEditor { text, line_break, edits: Vec::new(), pool: BTreeMap::new(), depth: 0 };
    editor.gather(tree, now, 0);
    editor.value(tree, now, wanted);
    editor.apply(ByteRange { start: 0, end: text.len() })
}

struct RonEditor<'t> {
    text: &'t str,
    line_break: &'static str,
    edits: Vec<TextEdit>,
    /// Items with ids, by the number of lists around them and their id, so that they can move from list to list.
    pool: BTreeMap<(usize, &'t str), Pooled<'t>>,
    /// The number of lists around the current value.
    depth: usize,
}

/// An item with its place and what it means now.
#[derive(Clone, Copy)]
struct Pooled<'t> {
    member: &'t RonMember,
    now: &'t RonMember,
    chunk: TextChunk,
}

impl<'t> RonEditor<'t> {
    fn gather(&mut self, tree: &'t RonNode, now: &'t RonNode, depth: usize) {
        let (members, meant) = (tree.members(), now.members());
        let is_list = matches!(now.kind, NodeKind::List(_));
        if let Some(chunks) = TextChunks::of(self.text, tree.unwrapped()).filter(|_| is_list && members.len() == meant.len()) {
            for ((member, now), chunk) in members.iter().zip(meant).zip(chunks.extents) {
                if let Some(id) = now.value.member("id").and_then(|id| id.value.plain()) {
                    self.pool.insert((depth + 1, id), Pooled { member, now, chunk });
                    self.gather(&member.value, &now.value, depth + 1);
                }
            }
            return;
        }
        for member in members {
            if let Some(now) = member.name().and_then(|name| now.member(name)) {
                self.gather(&member.value, &now.value, depth);
            }
        }
    }

    /// The text of an extent with the edits inside it; they do not overlap.
    fn apply(&mut self, extent: ByteRange) -> String {
        let inside = |edit: &TextEdit| extent.start <= edit.at.start && edit.at.end <= extent.end;
        let (mut edits, rest): (Vec<TextEdit>, Vec<TextEdit>) = std::mem::take(&mut self.edits).into_iter().partition(inside);
        self.edits = rest;
        edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
        let mut changed = String::new();
        let mut at = extent.start;
        for edit in edits {
            changed.push_str(self.text.get(at..edit.at.start).unwrap_or(""));
            changed.push_str(&edit.text);
            at = edit.at.end;
        }
        changed.push_str(self.text.get(at..extent.end).unwrap_or(""));
        changed
    }

    fn replace(&mut self, at: ByteRange, text: String) {
        self.edits.push(TextEdit { at, text });
    }

    /// Spaces that the line of a byte begins with.
    fn indent(&self, at: usize) -> usize {
        let line = self.line_start(at);
        self.text.get(line..).unwrap_or("").chars().take_while(|c| *c == ' ').count()
    }

    /// Characters before a byte on its line.
    fn column(&self, at: usize) -> usize {
        self.text.get(self.line_start(at)..at).map_or(0, |before| before.chars().count())
    }

    /// Spaces before the parts of a container: as before its first part that begins a line.
    fn inner_indent(&self, tree: &RonNode) -> usize {
        let starts = |member: &&RonMember| {
            let start = member.extent().start;
            self.text.get(self.line_start(start)..start).is_some_and(|before| before.chars().all(|c| c == ' '))
        };
        let first = tree.members().iter().find(starts);
        first.map_or_else(|| self.indent(tree.extent.start) + print::STEP, |member| self.indent(member.extent().start))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1)
    }

    /// Makes the value at `tree`, which means `now`, mean `wanted`.
    fn value(&mut self, tree: &RonNode, now: &RonNode, wanted: &RonNode) {
        if same(now, wanted) {
            return;
        }
        let tree = tree.unwrapped();
        let done = match (&tree.kind, &now.kind, &wanted.kind) {
            (NodeKind::List(_), NodeKind::List(was), NodeKind::List(wants)) => self.items(tree, was, wants),
            (NodeKind::Map(_), NodeKind::Map(was), NodeKind::Map(wants)) => self.sequence(tree, was, wants),
            (NodeKind::Parens(name, _), NodeKind::Parens(was_name, was), NodeKind::Parens(want_name, wants))
                if was_name == want_name && (name == was_name || was_name.is_none()) =>
            {
                self.parens(tree, was, wants)
            }
            _ => false,
        };
        if !done {
            let start = tree.extent.start;
            let text = print::value(wanted, self.indent(start), self.column(start));
            self.replace(tree.extent, text.replace('\n', self.line_break));
        }
    }

    fn parens(&mut self, tree: &RonNode, was: &[RonMember], wants: &[RonMember]) -> bool {
        let labelled = |members: &[RonMember]| members.iter().all(|member| member.label.is_some());
        if labelled(tree.members()) && labelled(was) && labelled(wants) {
            self.fields(tree, was, wants);
            return true;
        }
        let members = tree.members();
        let fits = members.len() == was.len() && was.len() == wants.len();
        if fits {
            for ((member, was), wants) in members.iter().zip(was).zip(wants) {
                self.value(&member.value, &was.value, &wants.value);
            }
        }
        fits
    }

    /// A struct's fields: their order in the text is the writer's own.
    fn fields(&mut self, tree: &RonNode, was: &[RonMember], wants: &[RonMember]) {
        let mut parts: Vec<RebuiltPart<'_>> = Vec::new();
        let mut reshaped = false;
        for (position, member) in tree.members().iter().enumerate() {
            let name = member.name().unwrap_or_default();
            match (find(was, name), find(wants, name)) {
                (Some(was), Some(wants)) => self.value(&member.value, &was.value, &wants.value),
                (None, Some(wants)) => self.value(&member.value, &member.value, &wants.value),
                (Some(_), None) => {
                    reshaped = true;
                    continue;
                }
                (None, None) => {}
            }
            parts.push(RebuiltPart::Old(position));
        }
        for (position, wants) in wants.iter().enumerate() {
            let name = wants.name().unwrap_or_default();
            let is_written = tree.member(name).is_some();
            let is_same = find(was, name).is_some_and(|was| same(&was.value, &wants.value));
            if !is_written && !is_same {
                reshaped = true;
                parts.insert(position.min(parts.len()), RebuiltPart::New(wants));
            }
        }
        if reshaped {
            self.rebuild(tree, &parts);
        }
    }

    /// A list: with ids, or as long as before, item by item; else by what its items say.
    fn items(&mut self, tree: &RonNode, was: &[RonMember], wants: &[RonMember]) -> bool {
        let members = tree.members();
        let has_ids = |members: &[RonMember]| members.iter().all(|member| member.value.member("id").is_some());
        if !has_ids(was) && was.len() == wants.len() && members.len() == was.len() {
            for ((member, was), wants) in members.iter().zip(was).zip(wants) {
                self.value(&member.value, &was.value, &wants.value);
            }
            return true;
        }
        self.sequence(tree, was, wants)
    }

    /// A map's entries or a list's items, known by key, id or content; false where the text has other parts than it should.
    fn sequence(&mut self, tree: &RonNode, was: &[RonMember], wants: &[RonMember]) -> bool {
        let members = tree.members();
        if members.len() != was.len() {
            return false;
        }
        let (was_keys, want_keys) = (keys(was), keys(wants));
        let places: BTreeMap<&(String, usize), usize> = was_keys.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let mut parts = Vec::new();
        let depth = self.depth + usize::from(matches!(tree.kind, NodeKind::List(_)));
        let outer = std::mem::replace(&mut self.depth, depth);
        for (wants, key) in wants.iter().zip(&want_keys) {
            match places.get(key).copied().and_then(|at| Some((at, members.get(at)?, was.get(at)?))) {
                Some((at, member, was)) => {
                    self.value(&member.value, &was.value, &wants.value);
                    parts.push(RebuiltPart::Old(at));
                }
                None => parts.push(self.moved(wants, &key.0)),
            }
        }
        self.depth = outer;
        if was_keys != want_keys {
            self.rebuild(tree, &parts);
        }
        true
    }

    /// An item that stood in another list, or else a new one.
    fn moved<'n>(&mut self, wants: &'n RonMember, id: &str) -> RebuiltPart<'n> {
        let Some(pooled) = self.pool.get(&(self.depth, id)).copied().filter(|_| wants.value.member("id").is_some()) else {
            return RebuiltPart::New(wants);
        };
        self.value(&pooled.member.value, &pooled.now.value, &wants.value);
        RebuiltPart::Moved(self.kept(pooled.chunk))
    }

    /// Puts a container together again from old parts, with the edits made in them, and new ones.
    fn rebuild(&mut self, tree: &RonNode, parts: &[RebuiltPart<'_>]) {
        let Some(chunks) = TextChunks::of(self.text, tree) else { return };
        let layout = ContainerLayout {
            line_break: self.line_break,
            outer: self.indent(tree.extent.start),
            column: self.column(tree.inner.start),
            inner: self.inner_indent(tree),
        };
        let old: Vec<ChunkText> = chunks.extents.iter().map(|chunk| self.kept(*chunk)).collect();
        let text = chunks.join(self.text, parts, &old, &layout);
        self.replace(chunks.inner, text);
    }

    /// A chunk with the edits inside it.
    fn kept(&mut self, chunk: TextChunk) -> ChunkText {
        let before = self.apply(ByteRange { start: chunk.all.start, end: chunk.comma.start });
        let after = self.text.get(chunk.comma.end..chunk.all.end).unwrap_or("").to_owned();
        ChunkText { before, after, starts_line: chunk.starts_line }
    }
}

/// What each part is known by; parts that say the same are told apart by their number.
fn keys(members: &[RonMember]) -> Vec<(String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let key = |member: &RonMember| {
        let id = member.value.member("id").and_then(|id| id.value.plain());
        let key = member.name().or(id).map_or_else(|| print::member_line(member), str::to_owned);
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        (key, *count)
    };
    members.iter().map(key).collect()
}
