//! The requests table: columns, order, conditions.

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::view::{RequestColumn, RowFilter, ShownColumn};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TableAction {
    /// The columns that are shown, in order, with their widths.
    Columns(Vec<ShownColumn>),
    /// Sorts by a column: first ascending, then descending, then as in the file.
    Sort(RequestColumn),
    /// A condition in the words of scripts; empty for none.
    Expression(String),
    /// Only requests for which this holds too.
    Only(RowFilter),
    /// Takes one of the conditions away, by position.
    Without(usize),
    /// Just this condition, and no expression.
    Show(RowFilter),
    All,
    Find(String),
}

#[expect(clippy::unnecessary_wraps, reason = "every family answers alike")]
pub(super) fn apply(session: &mut Session, action: TableAction) -> Result<(), LocalText> {
    let table = &mut session.view.requests;
    match action {
        TableAction::Find(key) => {
            session.find_request(key);
            return Ok(());
        }
        TableAction::Columns(columns) => {
            table.columns = columns;
            // The same requests in the same order.
            return Ok(());
        }
        TableAction::Sort(column) => {
            table.sort = match table.sort.take() {
                Some((held, false)) if held == column => Some((column, true)),
                Some((held, true)) if held == column => None,
                _ => Some((column, false)),
            };
        }
        TableAction::Expression(text) => table.expression = text,
        TableAction::Only(only) => {
            if !table.only.contains(&only) {
                table.only.push(only);
            }
        }
        TableAction::Without(at) => {
            if at < table.only.len() {
                table.only.remove(at);
            }
        }
        TableAction::Show(only) => (table.only, table.expression) = (vec![only], String::new()),
        TableAction::All => (table.only, table.expression) = (Vec::new(), String::new()),
    }
    session.results.filter_changed();
    Ok(())
}
