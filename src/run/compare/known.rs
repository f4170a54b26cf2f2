//! What a comparison changes for requests whose outcome became known.

use serde::Serialize;

use crate::decisions::{ByLabel, Sums};
use countersign_core::model::Verdict;

/// Flips by old verdict and new verdict, mildest first, split by what became known.
pub(crate) type VerdictCells = [[ByLabel; 4]; 4];

/// Known fraud and known genuine requests on which a verdict turns from accept to another or back. *Caught*, or *hindered*, is any verdict
/// but accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KnownEffect {
    pub fraud_caught: Sums,
    pub fraud_let_through: Sums,
    pub genuine_hindered: Sums,
    pub genuine_released: Sums,
}

impl KnownEffect {
    pub(crate) fn of(cells: &VerdictCells) -> Self {
        let mut effect = Self::default();
        for ((old, row), new) in Verdict::ALL.into_iter().zip(cells).flat_map(|row| Verdict::ALL.map(|new| (row, new))) {
            let Some(cell) = row.get(new as usize) else { continue };
            match (old == Verdict::Accept, new == Verdict::Accept) {
                (true, false) => {
                    effect.fraud_caught.merge(&cell.fraud);
                    effect.genuine_hindered.merge(&cell.genuine);
                }
                (false, true) => {
                    effect.fraud_let_through.merge(&cell.fraud);
                    effect.genuine_released.merge(&cell.genuine);
                }
                _ => {}
            }
        }
        effect
    }
}

/// How many requests get a milder verdict, how many a stricter one, and how many something else.
pub(crate) fn directions(cells: &VerdictCells) -> [Sums; 3] {
    let mut sums = [Sums::default(); 3];
    let [milder, stricter, other] = &mut sums;
    for (old, row) in cells.iter().enumerate() {
        for (new, cell) in row.iter().enumerate() {
            let place = match new.cmp(&old) {
                std::cmp::Ordering::Less => &mut *milder,
                std::cmp::Ordering::Greater => &mut *stricter,
                std::cmp::Ordering::Equal => &mut *other,
            };
            place.merge(&cell.all());
        }
    }
    sums
}
