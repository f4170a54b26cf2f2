//! JSON objects in an array, or spread over several lines, become one a line, each byte in its place: the commas and line ends between
//! them become line feeds, line ends inside them carriage returns.

/// How the objects of a JSON text are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonShape {
    Lines,
    /// `[{…}, {…}]`.
    Array,
    /// One after the other, each over several lines.
    Spread,
}

impl JsonShape {
    /// By the start of a text.
    pub(super) fn of(start: &[u8]) -> Self {
        let start = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start).trim_ascii_start();
        let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        match line.trim_ascii() {
            [b'[', ..] => Self::Array,
            [b'{'] => Self::Spread,
            _ => Self::Lines,
        }
    }

    /// How many lines of the file end in a text that was split.
    pub(super) fn count_lines(self, text: &[u8]) -> u64 {
        match self {
            Self::Lines => super::chunks::count_lines(text),
            Self::Array => text.split(|byte| *byte == b'\r').skip(1).count() as u64,
            Self::Spread => text.split(|byte| matches!(*byte, b'\r' | b'\n')).skip(1).count() as u64,
        }
    }
}

/// Why a text cannot be split, in English and Chinese.
type SplitFault = (&'static str, &'static str);

/// Goes through a text piece by piece.
#[expect(clippy::struct_excessive_bools, reason = "five independent facts about the place in the text")]
pub(super) struct ArraySplitter {
    is_array: bool,
    /// How many brackets are open, the array's own not among them.
    depth: u64,
    in_string: bool,
    escaped: bool,
    begun: bool,
    ended: bool,
}

impl ArraySplitter {
    /// None for a text whose lines are the objects.
    pub(super) fn new(shape: JsonShape) -> Option<Self> {
        let is_array = shape == JsonShape::Array;
        let splitter = Self { is_array, depth: 0, in_string: false, escaped: false, begun: !is_array, ended: false };
        (shape != JsonShape::Lines).then_some(splitter)
    }

    pub(super) fn split(&mut self, text: &mut [u8]) -> Result<(), SplitFault> {
        for byte in text {
            if matches!(byte, b'\n' | b'\r') {
                *byte = match byte {
                    b'\n' if self.is_array || self.depth > 0 => b'\r',
                    b'\n' => b'\n',
                    _ => b' ',
                };
                self.escaped = false;
            } else if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
            } else {
                self.outside(byte)?;
            }
        }
        Ok(())
    }

    /// A byte outside strings.
    fn outside(&mut self, byte: &mut u8) -> Result<(), SplitFault> {
        match byte {
            b' ' | b'\t' => {}
            _ if self.ended => return Err(("there is more after the end of the JSON array", "JSON 数组结束后还有内容")),
            b'[' if !self.begun => {
                *byte = b' ';
                self.begun = true;
            }
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b']' if self.depth == 0 && self.is_array => {
                *byte = b' ';
                self.ended = true;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' if self.depth == 0 && self.is_array => *byte = b'\n',
            _ => {}
        }
        Ok(())
    }

    /// Whether the end may be here.
    pub(super) fn finish(&self) -> Result<(), SplitFault> {
        if self.in_string || self.depth > 0 || (self.is_array && !self.ended) {
            return Err(("the JSON text ends in the middle", "JSON 文本中途截断"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_come_one_a_line_with_their_lines_counted() {
        for (text, shape, lines, breaks) in [
            ("[{\"a\":1},\n {\"a\":\"],\\\"\"}\n]", JsonShape::Array, &["{\"a\":1}", "{\"a\":\"],\\\"\"}"][..], 2),
            ("{\n \"a\": [1,\n2]\n}\n{\n}\n", JsonShape::Spread, &["{\r \"a\": [1,\r2]\r}", "{\r}"], 6),
            ("[]", JsonShape::Array, &[], 0),
        ] {
            assert_eq!(JsonShape::of(text.as_bytes()), shape, "{text}");
            for piece in 1..text.len() {
                let mut bytes = text.as_bytes().to_vec();
                let mut splitter = ArraySplitter::new(shape).unwrap();
                bytes.chunks_mut(piece).for_each(|part| splitter.split(part).unwrap());
                splitter.finish().unwrap();
                let found = String::from_utf8(bytes.clone()).unwrap();
                let found: Vec<&str> = found.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
                assert_eq!(found, lines, "{text}");
                assert_eq!(shape.count_lines(&bytes), breaks, "{text}");
            }
        }
        for cut in ["[{\"a\":1}", "[{\"a\":1},", "[{\"a\":\"]", "{\n"] {
            let mut splitter = ArraySplitter::new(JsonShape::of(cut.as_bytes())).unwrap();
            splitter.split(&mut cut.as_bytes().to_vec()).unwrap();
            assert!(splitter.finish().is_err(), "{cut}");
        }
        let more = ArraySplitter::new(JsonShape::Array).unwrap().split(&mut b"[] {}".to_vec());
        assert!(more.is_err());
    }
}
