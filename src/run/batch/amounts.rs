//! Amounts and fraud labels of a batch's requests.

use super::bits::{ALL, BATCH, Bits, NONE, without};
use super::columns::Cursor;
use crate::decisions::{ByLabel, RoleFields, Sums};
use crate::row_set::Ones;
use countersign_core::model::FieldType;
use countersign_requests::Table;

/// The amount and label columns, read batch by batch.
pub(super) struct BatchAmounts<'t> {
    amount: Option<Cursor<'t>>,
    label: Option<Cursor<'t>>,
    amounts: Vec<i64>,
    with_amount: Bits,
    labelled: Bits,
    fraud: Bits,
}

impl<'t> BatchAmounts<'t> {
    pub(super) fn new(table: &'t Table) -> Self {
        let roles = RoleFields::new(table.schema());
        let cursor = |field, kind| {
            let fits = table.column(field).is_some_and(|column| column.kind() == kind);
            fits.then(|| Cursor::new(table, field))
        };
        Self {
            amount: roles.amount.and_then(|field| cursor(field, FieldType::Money)),
            label: roles.label.and_then(|field| cursor(field, FieldType::Bool)),
            amounts: vec![0; BATCH],
            with_amount: NONE,
            labelled: NONE,
            fraud: NONE,
        }
    }

    pub(super) fn start_batch(&mut self, batch: usize) {
        let present = |cursor: &Cursor<'_>| without(&ALL, &cursor.missing(batch).unwrap_or(NONE));
        if let Some(amount) = &mut self.amount {
            self.with_amount = present(amount);
            amount.widen(batch, &mut self.amounts);
        }
        if let Some(label) = &self.label {
            self.labelled = present(label);
            self.fraud = label.bits(batch);
        }
    }

    /// Adds some rows of the batch to the sums of their kinds of decision.
    pub(super) fn add(&self, wanted: &Bits, kinds: &[u32], sums: &mut SumsOfKinds) {
        let labels = self.labelled.iter().zip(&self.fraud).zip(&self.with_amount);
        let values = kinds.chunks(64).zip(self.amounts.chunks(64));
        for (((kinds, amounts), wanted), ((labelled, fraud), with_amount)) in values.zip(wanted).zip(labels) {
            for row in Ones(*wanted) {
                let (Some(kind), Some(amount)) = (kinds.get(row), amounts.get(row)) else { continue };
                let bit = |word: &u64| word >> row & 1 == 1;
                let label = 2 * usize::from(bit(labelled)) + usize::from(bit(fraud));
                if let Some(place) = sums.of(*kind as usize, label) {
                    place.add_if(*amount, bit(with_amount));
                }
            }
        }
    }
}

/// Sums by kind of decision and label.
#[derive(Debug, Default)]
pub(super) struct SumsOfKinds(Vec<[Sums; 4]>);

impl SumsOfKinds {
    /// `label`: whether it is labelled, and below that whether as fraud.
    #[inline]
    fn of(&mut self, kind: usize, label: usize) -> Option<&mut Sums> {
        if self.0.len() <= kind {
            self.0.resize(kind + 1, <[Sums; 4]>::default());
        }
        self.0.get_mut(kind)?.get_mut(label)
    }

    pub(super) fn by_label(&self) -> impl Iterator<Item = ByLabel> + '_ {
        self.0.iter().map(|[unknown, also_unknown, genuine, fraud]| {
            let mut all = ByLabel { fraud: *fraud, genuine: *genuine, unknown: *unknown };
            all.unknown.merge(also_unknown);
            all
        })
    }
}
