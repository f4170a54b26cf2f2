//! One derived field over all requests in order of time, key by key. Each event enters once and each figure is found by its first and
//! last event: no request looks at the events before it again, however many there are.

use std::ops::Range;

use super::keys::{Codes, NO_CODE};
use countersign_core::model::{HistoryWindow, Rounding, Timestamp, Zone};

/// Rows by key, those of a key in order of time.
#[derive(Debug)]
pub(super) struct Groups {
    rows: Vec<u32>,
    starts: Vec<u32>,
}

impl Groups {
    /// `order` are all rows in order of time.
    pub(super) fn new(order: &[u32], keys: &Codes) -> Self {
        let code = |row: u32| keys.codes.get(row as usize).copied().unwrap_or(NO_CODE);
        let mut starts = vec![0_u32; keys.count as usize + 1];
        for row in order {
            if let Some(count) = starts.get_mut(code(*row) as usize + 1).filter(|_| code(*row) != NO_CODE) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (mut free, mut rows) = (starts.clone(), vec![0; sum as usize]);
        for row in order {
            let Some(place) = free.get_mut(code(*row) as usize).filter(|_| code(*row) != NO_CODE) else { continue };
            if let Some(held) = rows.get_mut(*place as usize) {
                *held = *row;
            }
            *place += 1;
        }
        Self { rows, starts }
    }

    /// All rows are of one key.
    pub(super) fn one(order: Vec<u32>) -> Self {
        let end = u32::try_from(order.len()).unwrap_or(u32::MAX);
        Self { rows: order, starts: vec![0, end] }
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let ends = self.starts.iter().skip(1);
        self.starts.iter().zip(ends).map(|(start, end)| self.rows.get(*start as usize..*end as usize).unwrap_or(&[]))
    }
}

/// The sum leaves 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overflowed;

/// What is kept of the events of one key to find the figure over any range of them that ends at the latest.
pub(super) trait Figure {
    /// Of a key with so many rows.
    fn clear(&mut self, rows: usize);
    fn push(&mut self, row: u32);
    /// Over the events in that range of their numbers; `since_last` is the time since the latest of them.
    fn over(&self, range: Range<usize>, since_last: Option<i64>) -> Result<Option<i64>, Overflowed>;
}

/// How many events there are.
pub(super) struct Count;

impl Figure for Count {
    fn clear(&mut self, _: usize) {}

    fn push(&mut self, _: u32) {}

    fn over(&self, range: Range<usize>, _: Option<i64>) -> Result<Option<i64>, Overflowed> {
        Ok(i64::try_from(range.len()).ok())
    }
}

/// Whole seconds since the latest event.
pub(super) struct SinceLast;

impl Figure for SinceLast {
    fn clear(&mut self, _: usize) {}

    fn push(&mut self, _: u32) {}

    fn over(&self, _: Range<usize>, since_last: Option<i64>) -> Result<Option<i64>, Overflowed> {
        Ok(since_last.map(|micros| micros.div_euclid(1_000_000)))
    }
}

/// Sums up to each event.
pub(super) struct Sums<'a> {
    numbers: &'a [i64],
    up_to: Vec<i128>,
    result: SumResult,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum SumResult {
    Sum,
    /// In whole fen.
    MeanAmount,
    /// The bits of a fraction.
    Mean,
}

impl<'a> Sums<'a> {
    pub(super) fn new(numbers: &'a [i64], result: SumResult) -> Self {
        Self { numbers, up_to: vec![0], result }
    }
}

impl Figure for Sums<'_> {
    fn clear(&mut self, _: usize) {
        self.up_to.truncate(1);
    }

    fn push(&mut self, row: u32) {
        let number = self.numbers.get(row as usize).copied().unwrap_or(0);
        self.up_to.push(self.up_to.last().copied().unwrap_or(0) + i128::from(number));
    }

    fn over(&self, range: Range<usize>, _: Option<i64>) -> Result<Option<i64>, Overflowed> {
        let up_to = |at: usize| self.up_to.get(at).copied().unwrap_or(0);
        let sum = up_to(range.end) - up_to(range.start);
        let count = i128::try_from(range.len()).unwrap_or(i128::MAX);
        match self.result {
            SumResult::Sum => i64::try_from(sum).map(Some).map_err(|_| Overflowed),
            _ if count == 0 => Ok(None),
            SumResult::MeanAmount => Rounding::HalfUp.divide(sum, count).map(Some).ok_or(Overflowed),
            #[expect(clippy::cast_precision_loss, reason = "the nearest fractions of both are divided")]
            SumResult::Mean => Ok(Some((sum as f64 / count as f64).to_bits().cast_signed())),
        }
    }
}

/// The events that are smaller than all after them: the smallest of a range is the first of these in it.
pub(super) struct Smallest<'a> {
    numbers: &'a [i64],
    /// The largest is the smallest of the opposites.
    is_largest: bool,
    candidates: Vec<(usize, i64)>,
    events: usize,
}

impl<'a> Smallest<'a> {
    pub(super) fn new(numbers: &'a [i64], is_largest: bool) -> Self {
        Self { numbers, is_largest, candidates: Vec::new(), events: 0 }
    }

    /// Turns the order round without leaving 64 bits.
    fn turned(&self, number: i64) -> i64 {
        if self.is_largest { !number } else { number }
    }
}

impl Figure for Smallest<'_> {
    fn clear(&mut self, _: usize) {
        self.candidates.clear();
        self.events = 0;
    }

    fn push(&mut self, row: u32) {
        let number = self.turned(self.numbers.get(row as usize).copied().unwrap_or(0));
        while self.candidates.pop_if(|(_, held)| *held >= number).is_some() {}
        self.candidates.push((self.events, number));
        self.events += 1;
    }

    fn over(&self, range: Range<usize>, _: Option<i64>) -> Result<Option<i64>, Overflowed> {
        let first = self.candidates.partition_point(|(event, _)| *event < range.start);
        Ok(self.candidates.get(first).map(|(_, number)| self.turned(*number)))
    }
}

/// Where each value occurred last: a range has as many values as it has such events. Counted by partial sums (a Fenwick tree).
pub(super) struct Distinct<'a> {
    codes: &'a [u32],
    last: Vec<u32>,
    seen: Vec<u32>,
    tree: Vec<u32>,
    events: usize,
}

impl<'a> Distinct<'a> {
    pub(super) fn new(codes: &'a Codes) -> Self {
        Self { codes: &codes.codes, last: vec![NO_CODE; codes.count as usize], seen: Vec::new(), tree: Vec::new(), events: 0 }
    }

    fn add(&mut self, event: usize, change: i32) {
        let mut at = event + 1;
        while let Some(sum) = self.tree.get_mut(at) {
            *sum = sum.wrapping_add_signed(change);
            at += at & at.wrapping_neg();
        }
    }

    /// How many of the first events are the last of their value.
    fn up_to(&self, events: usize) -> i64 {
        let (mut at, mut sum) = (events, 0);
        while at > 0 {
            sum += i64::from(self.tree.get(at).copied().unwrap_or(0));
            at &= at - 1;
        }
        sum
    }
}

impl Figure for Distinct<'_> {
    fn clear(&mut self, rows: usize) {
        for code in self.seen.drain(..) {
            if let Some(last) = self.last.get_mut(code as usize) {
                *last = NO_CODE;
            }
        }
        self.tree.clear();
        self.tree.resize(rows + 1, 0);
        self.events = 0;
    }

    fn push(&mut self, row: u32) {
        let code = self.codes.get(row as usize).copied().unwrap_or(NO_CODE);
        let before = self.last.get(code as usize).copied().unwrap_or(NO_CODE);
        if before == NO_CODE {
            self.seen.push(code);
        } else {
            self.add(before as usize, -1);
        }
        if let Some(last) = self.last.get_mut(code as usize) {
            *last = u32::try_from(self.events).unwrap_or(NO_CODE);
        }
        self.add(self.events, 1);
        self.events += 1;
    }

    fn over(&self, range: Range<usize>, _: Option<i64>) -> Result<Option<i64>, Overflowed> {
        Ok(Some(self.up_to(range.end) - self.up_to(range.start)))
    }
}

/// The row of the earliest or the latest event.
pub(super) struct EndRow {
    is_last: bool,
    rows: Vec<u32>,
}

impl EndRow {
    pub(super) fn new(is_last: bool) -> Self {
        Self { is_last, rows: Vec::new() }
    }
}

impl Figure for EndRow {
    fn clear(&mut self, _: usize) {
        self.rows.clear();
    }

    fn push(&mut self, row: u32) {
        self.rows.push(row);
    }

    fn over(&self, range: Range<usize>, _: Option<i64>) -> Result<Option<i64>, Overflowed> {
        let rows = self.rows.get(range).unwrap_or(&[]);
        Ok(if self.is_last { rows.last() } else { rows.first() }.map(|row| i64::from(*row)))
    }
}

/// What a derived field is computed from.
pub(super) struct WindowInputs<'a> {
    pub(super) groups: &'a Groups,
    pub(super) times: &'a [i64],
    /// Which rows are events.
    pub(super) events: &'a [bool],
    pub(super) over: HistoryWindow<&'a (Vec<i64>, Vec<bool>)>,
    pub(super) includes_current: bool,
    pub(super) zone: Zone,
    /// Rows before the first that gets a figure.
    pub(super) earlier: usize,
    /// The time of the first row.
    pub(super) first: i64,
}

/// A figure for every row of the table itself.
#[derive(Debug, Default)]
pub(super) struct FigureColumn {
    pub(super) numbers: Vec<i64>,
    pub(super) present: Vec<bool>,
    /// Rows that a longer file could give another figure.
    pub(super) incomplete: usize,
    /// Rows whose sum leaves 64 bits.
    pub(super) failed: Vec<usize>,
}

impl WindowInputs<'_> {
    pub(super) fn compute(&self, figure: &mut impl Figure, is_cancelled: &dyn Fn() -> bool) -> Option<FigureColumn> {
        let rows = self.times.len() - self.earlier;
        let mut made = FigureColumn { numbers: vec![0; rows], present: vec![false; rows], ..FigureColumn::default() };
        let mut times = Vec::new();
        for rows in self.groups.iter() {
            figure.clear(rows.len());
            times.clear();
            let mut from = 0;
            for (at, row) in rows.iter().enumerate() {
                if at % 4_096 == 0 && is_cancelled() {
                    return None;
                }
                self.row(*row, figure, &mut times, &mut from, &mut made);
            }
        }
        Some(made)
    }

    fn row(&self, row: u32, figure: &mut impl Figure, times: &mut Vec<i64>, from: &mut usize, made: &mut FigureColumn) {
        let at = row as usize;
        let now = self.times.get(at).copied().unwrap_or(0);
        let is_event = self.events.get(at).copied().unwrap_or(false);
        if is_event && self.includes_current {
            times.push(now);
            figure.push(row);
        }
        let window = self.window(at, now, times, from);
        if let (Some((first, is_incomplete)), Some(place)) = (window, at.checked_sub(self.earlier)) {
            made.incomplete += usize::from(is_incomplete);
            let since_last = times.get(first..).and_then(<[i64]>::last).map(|last| now - last);
            match figure.over(first..times.len(), since_last) {
                Ok(figure) => {
                    if let (Some(number), Some(present)) = (made.numbers.get_mut(place), made.present.get_mut(place)) {
                        (*number, *present) = (figure.unwrap_or(0), figure.is_some());
                    }
                }
                Err(Overflowed) => made.failed.push(place),
            }
        }
        if is_event && !self.includes_current {
            times.push(now);
            figure.push(row);
        }
    }

    /// The number of the first event in a row's window, and whether the window begins before the first request; none where the row has
    /// no time to begin at.
    fn window(&self, row: usize, now: i64, times: &[i64], from: &mut usize) -> Option<(usize, bool)> {
        let now = Timestamp::from_micros(now)?;
        Some(match &self.over {
            HistoryWindow::Ever => (0, true),
            HistoryWindow::Events(count) => {
                let most = usize::try_from(*count).unwrap_or(usize::MAX);
                (times.len().saturating_sub(most), times.len() < most)
            }
            HistoryWindow::Since((since, present)) => {
                let since = since.get(row).copied().filter(|_| present.get(row) == Some(&true))?;
                (times.partition_point(|time| *time < since), since < self.first)
            }
            over @ (HistoryWindow::Last(_) | HistoryWindow::Calendar(_)) => {
                let first = over.first_moment(now, self.zone, None)?;
                while times.get(*from).is_some_and(|time| *time < first) {
                    *from += 1;
                }
                (*from, first < self.first)
            }
        })
    }
}
