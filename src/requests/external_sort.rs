//! Pairs of numbers in order, more of them than memory holds.
//!
//! Pairs are gathered, sorted and, when there are many, set aside as a sorted run in a file without a name; at the end the runs are
//! merged. Few pairs never leave memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use super::problem::refuse;
use crate::kinds::NO_SCRATCH_SPACE;
use countersign_core::diagnostic::Finding;
use countersign_core::storage::{ScratchFactory, ScratchFile};
use countersign_core::text::LocalText;

/// A finding about a scratch file that cannot be made, written or read.
pub fn no_scratch(error: &io::Error) -> Finding {
    let (en, zh) = (format!("a scratch file cannot be used: {error}"), format!("无法使用临时文件：{error}"));
    let help =
        LocalText::new("free some space, or set TMPDIR to a folder that has some", "请清理磁盘空间，或将 TMPDIR 指向有空间的目录");
    refuse(NO_SCRATCH_SPACE, en, zh).with_help(help)
}

/// What is sorted: by the first number, then by the second.
pub type Pair = (u128, u64);

/// Bytes of a pair in a run.
const PAIR: usize = 24;
/// Pairs held in memory before they are set aside: 32 MiB.
pub const MAX_PAIRS_IN_MEMORY: usize = 1 << 20;
/// Pairs read of a run at a time.
const AT_ONCE: usize = 2_048;

pub struct ExternalSort<'a> {
    held: Vec<Pair>,
    most: usize,
    make: ScratchFactory<'a>,
    scratch: Option<Box<dyn ScratchFile>>,
    /// The byte ranges of the runs in the scratch file.
    aside: Vec<Range<u64>>,
}

impl<'a> ExternalSort<'a> {
    /// None yet; at most `most` pairs are held in memory.
    pub fn new(make: ScratchFactory<'a>, most: usize) -> Self {
        Self { held: Vec::new(), most: most.max(1), make, scratch: None, aside: Vec::new() }
    }

    /// Adds a pair.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn push(&mut self, pair: Pair) -> io::Result<()> {
        if self.held.len() >= self.most {
            self.set_aside()?;
        }
        self.held.push(pair);
        Ok(())
    }

    fn set_aside(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let scratch = match &mut self.scratch {
            Some(scratch) => scratch,
            none => none.insert((self.make)()?),
        };
        let start = scratch.len();
        for some in self.held.chunks(AT_ONCE) {
            let bytes: Vec<u8> = some.iter().flat_map(|pair| encode(*pair)).collect();
            scratch.append(&bytes)?;
        }
        self.aside.push(start..scratch.len());
        self.held.clear();
        Ok(())
    }

    /// All pairs in order.
    pub fn sorted(mut self) -> SortedPairs {
        let mut sources: Vec<PairSource> = Vec::new();
        if let Some(scratch) = self.scratch.take() {
            let scratch: Arc<dyn ScratchFile> = Arc::from(scratch);
            sources.extend(
                self.aside
                    .into_iter()
                    .map(|run| PairSource::Run(RunReader { scratch: scratch.clone(), rest: run, read: Vec::new() })),
            );
        }
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let share = self.held.len().div_ceil(threads).max(AT_ONCE);
        let mut held = std::mem::take(&mut self.held);
        std::thread::scope(|scope| {
            for some in held.chunks_mut(share) {
                scope.spawn(|| some.sort_unstable());
            }
        });
        while held.len() > share {
            sources.push(PairSource::Held(held.split_off((held.len() - 1) / share * share).into_iter()));
        }
        sources.push(PairSource::Held(held.into_iter()));
        SortedPairs { sources, heads: BinaryHeap::new(), begun: false }
    }
}

fn encode((key, value): Pair) -> impl Iterator<Item = u8> {
    key.to_le_bytes().into_iter().chain(value.to_le_bytes())
}

fn decode(bytes: &[u8; PAIR]) -> Pair {
    let (mut key, mut value) = ([0; 16], [0; 8]);
    key.copy_from_slice(bytes.split_at(16).0);
    value.copy_from_slice(bytes.split_at(16).1);
    (u128::from_le_bytes(key), u64::from_le_bytes(value))
}

/// A sorted run.
enum PairSource {
    Held(std::vec::IntoIter<Pair>),
    Run(RunReader),
}

/// A run in a scratch file, read piece by piece.
struct RunReader {
    scratch: Arc<dyn ScratchFile>,
    rest: Range<u64>,
    /// Pairs that are read, the next one last.
    read: Vec<Pair>,
}

impl RunReader {
    fn next(&mut self) -> io::Result<Option<Pair>> {
        if self.read.is_empty() && !self.rest.is_empty() {
            let left = usize::try_from(self.rest.end - self.rest.start).unwrap_or(usize::MAX);
            let mut bytes = vec![0; left.min(AT_ONCE * PAIR)];
            self.scratch.read_at(self.rest.start, &mut bytes)?;
            self.rest.start += bytes.len() as u64;
            self.read.extend(bytes.as_chunks::<PAIR>().0.iter().rev().map(decode));
        }
        Ok(self.read.pop())
    }
}

impl PairSource {
    fn next(&mut self) -> io::Result<Option<Pair>> {
        match self {
            Self::Held(pairs) => Ok(pairs.next()),
            Self::Run(reader) => reader.next(),
        }
    }
}

/// All pairs in order; ends after the first error.
pub struct SortedPairs {
    sources: Vec<PairSource>,
    /// The next pair of every source.
    heads: BinaryHeap<Reverse<(Pair, usize)>>,
    begun: bool,
}

impl SortedPairs {
    fn step(&mut self) -> io::Result<Option<Pair>> {
        if !self.begun {
            self.begun = true;
            for (at, source) in self.sources.iter_mut().enumerate() {
                self.heads.extend(source.next()?.map(|pair| Reverse((pair, at))));
            }
        }
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let Reverse((pair, at)) = *head;
        match self.sources.get_mut(at).map_or(Ok(None), PairSource::next)? {
            Some(next) => *head = Reverse((next, at)),
            None => drop(PeekMut::pop(head)),
        }
        Ok(Some(pair))
    }
}

impl Iterator for SortedPairs {
    type Item = io::Result<Pair>;

    fn next(&mut self) -> Option<io::Result<Pair>> {
        let next = self.step();
        if next.is_err() {
            self.heads.clear();
        }
        next.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_in_order_however_few_are_held() {
        let pairs: Vec<Pair> = (0..10_000_u64).map(|at| (u128::from(at * 7_919 % 1_009) << 64 | 5, at * 31 % 97)).collect();
        let mut wanted = pairs.clone();
        wanted.sort_unstable();
        let in_memory = || Ok(Box::new(Vec::new()) as Box<dyn ScratchFile>);
        for most in [1, 7, 4_096, 9_999, 10_000, usize::MAX] {
            let mut runs = ExternalSort::new(&in_memory, most);
            for pair in &pairs {
                runs.push(*pair).unwrap();
            }
            assert_eq!(runs.sorted().map(Result::unwrap).collect::<Vec<_>>(), wanted, "{most} held");
        }
        assert_eq!(ExternalSort::new(&in_memory, 1).sorted().count(), 0);
    }

    #[test]
    fn a_disk_that_is_full_is_said() {
        let full = || Err(io::ErrorKind::StorageFull.into());
        let mut runs = ExternalSort::new(&full, 2);
        let pushed = (0..3).try_for_each(|at| runs.push((at, 0)));
        assert_eq!(pushed.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
