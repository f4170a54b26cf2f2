//! Values of a batch of rows, column by column: what a reader hands to the table.

/// The values of one field over a batch of rows. A row that is missing or bad holds a value without meaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cells {
    pub(crate) data: CellData,
    /// One a row, or nothing at all when no row is missing.
    pub(crate) present: Vec<bool>,
}

/// Values by type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CellData {
    Bools(Vec<bool>),
    /// Whole numbers, fen or microseconds.
    Numbers(Vec<i64>),
    Floats(Vec<f64>),
    Codes(Vec<u32>),
    /// Missing ones are empty.
    Texts(Texts),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Texts {
    data: String,
    ends: Vec<usize>,
}

impl Cells {
    /// Puts a number into every row.
    pub(crate) fn fill(&mut self, numbers: &[u64]) {
        match &mut self.data {
            CellData::Numbers(held) => held.iter_mut().zip(numbers).for_each(|(held, number)| *held = number.cast_signed()),
            CellData::Texts(texts) => {
                texts.clear();
                for number in numbers {
                    texts.push(&number.to_string());
                }
            }
            _ => {}
        }
    }
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.data.push_str(text);
        self.ends.push(self.data.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn kept(&self, keep: &[bool]) -> Self {
        let mut kept = Self::default();
        self.iter().zip(keep).filter(|(_, keep)| **keep).for_each(|(text, _)| kept.push(text));
        kept
    }

    pub(crate) fn clear(&mut self) {
        self.data.clear();
        self.ends.clear();
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let start = |at: usize| at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.iter().enumerate().map(move |(at, end)| self.data.get(start(at)..*end).unwrap_or(""))
    }
}

impl Cells {
    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        match &self.data {
            CellData::Bools(values) => values.len(),
            CellData::Numbers(values) => values.len(),
            CellData::Floats(values) => values.len(),
            CellData::Codes(values) => values.len(),
            CellData::Texts(values) => values.len(),
        }
    }

    /// The truth value of a row; none where it is missing or the column holds none.
    pub(crate) fn truth(&self, row: usize) -> Option<bool> {
        let CellData::Bools(values) = &self.data else { return None };
        values.get(row).copied().filter(|_| self.is_present(row))
    }

    /// The number of a row; none where it is missing or the column holds none.
    pub(crate) fn number(&self, row: usize) -> Option<i64> {
        let CellData::Numbers(values) = &self.data else { return None };
        values.get(row).copied().filter(|_| self.is_present(row))
    }

    fn is_present(&self, row: usize) -> bool {
        self.present.is_empty() || self.present.get(row).copied().unwrap_or(false)
    }

    /// Leaves out the rows where `keep` is false.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
            let mut kept = keep.iter();
            values.retain(|_| kept.next().copied().unwrap_or(true));
        }
        match &mut self.data {
            CellData::Bools(values) => retain(values, keep),
            CellData::Numbers(values) => retain(values, keep),
            CellData::Floats(values) => retain(values, keep),
            CellData::Codes(values) => retain(values, keep),
            CellData::Texts(values) => *values = values.kept(keep),
        }
        retain(&mut self.present, keep);
    }

    /// The texts of a text column; nothing for other columns.
    pub(crate) fn texts(&self) -> Option<&Texts> {
        match &self.data {
            CellData::Texts(values) => Some(values),
            _ => None,
        }
    }
}
