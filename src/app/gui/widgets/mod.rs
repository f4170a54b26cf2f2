//! The parts that panels are made of, one a file. Each has an accessible label, which is also its handle in tests.

pub mod badge;
pub mod button;
pub mod calendar;
pub mod choice;
pub mod clock;
pub mod editor;
pub mod field;
pub mod modal;
pub mod row;
pub mod secret;
pub mod section;
pub mod state;
pub mod table;

#[cfg(test)]
pub mod testing;
