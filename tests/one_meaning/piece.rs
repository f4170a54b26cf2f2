//! A generated script as a tree of typed pieces, so that a failing one can be made smaller and stay a script.

/// What a piece gives, as far as another piece of the same sort may stand in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Bool,
    Int,
    Money,
    Float,
    Text,
    Time,
    Outcome,
    /// A statement with its semicolon or braces; may be left out.
    Statement,
    /// A whole script or block.
    Body,
}

/// A piece: text with pieces in between.
#[derive(Clone, Debug)]
pub struct Piece {
    pub sort: Sort,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub enum Part {
    Text(String),
    Piece(Piece),
}

impl Piece {
    pub fn text(sort: Sort, text: impl Into<String>) -> Self {
        Self { sort, parts: vec![Part::Text(text.into())] }
    }

    /// A template with `@` where the pieces stand.
    pub fn of(sort: Sort, template: &str, mut pieces: Vec<Self>) -> Self {
        pieces.reverse();
        let mut parts = Vec::new();
        for (at, text) in template.split('@').enumerate() {
            if at > 0 {
                parts.push(Part::Piece(pieces.pop().unwrap()));
            }
            parts.push(Part::Text(text.to_owned()));
        }
        assert!(pieces.is_empty(), "{template}");
        Self { sort, parts }
    }

    pub fn render(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Piece(piece) => piece.render(),
        };
        self.parts.iter().map(part).collect()
    }

    fn pieces(&self) -> impl Iterator<Item = &Self> {
        self.parts.iter().filter_map(|part| if let Part::Piece(piece) = part { Some(piece) } else { None })
    }

    fn inner_of(&self, sort: Sort, found: &mut Vec<Self>) {
        for piece in self.pieces() {
            if piece.sort == sort {
                found.push(piece.clone());
            }
            piece.inner_of(sort, found);
        }
    }

    /// Every script that is this one with a single piece made smaller, larger savings first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut inner = Vec::new();
        self.inner_of(self.sort, &mut inner);
        all.extend(inner);
        let simple: &[&str] = match self.sort {
            Sort::Bool => &["true", "false"],
            Sort::Int => &["0", "1"],
            Sort::Money => &["fen(0)"],
            Sort::Float => &["0.0"],
            Sort::Text => &["\"\""],
            Sort::Time => &["req.at"],
            Sort::Statement => &[""],
            Sort::Outcome | Sort::Body => &["()"],
        };
        let now = self.render();
        all.extend(simple.iter().filter(|text| text.len() < now.len()).map(|text| Self::text(self.sort, *text)));
        for (at, part) in self.parts.iter().enumerate() {
            let Part::Piece(piece) = part else { continue };
            for smaller in piece.smaller() {
                let mut changed = self.clone();
                changed.parts[at] = Part::Piece(smaller);
                all.push(changed);
            }
        }
        all
    }
}
