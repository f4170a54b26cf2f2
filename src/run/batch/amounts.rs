//! Amounts and fraud labels of a batch's requests.

use super::bits::{ALL, BATCH, Bits, NONE, has, without};
use super::columns::Cursor;
use crate::decisions::{ByLabel, Label, RoleFields};
use countersign_core::model::{Fen, FieldType};
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

    /// Adds a row of the batch to the sums of its kind of decision.
    #[inline]
    pub(super) fn add(&self, row: usize, kind: u32, sums: &mut Vec<ByLabel>) {
        let kind = kind as usize;
        if sums.len() <= kind {
            sums.resize(kind + 1, ByLabel::default());
        }
        let label = match (has(&self.labelled, row), has(&self.fraud, row)) {
            (false, _) => Label::Unknown,
            (true, false) => Label::Genuine,
            (true, true) => Label::Fraud,
        };
        let amount = self.amounts.get(row).filter(|_| has(&self.with_amount, row));
        if let Some(place) = sums.get_mut(kind) {
            place.add(label, amount.map(|fen| Fen(*fen)));
        }
    }
}
