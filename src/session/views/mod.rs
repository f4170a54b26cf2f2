//! What panels show, computed from the session: plain rows and texts, no colours and no sizes.

pub mod assist;
pub mod cases;
pub mod charts;
pub mod conditions;
pub mod decided;
pub mod dictionary;
pub mod explain;
pub mod figures;
pub mod flips;
pub mod impact;
pub mod inspector;
pub mod lists;
pub mod loads;
pub mod mask;
pub mod palette;
pub mod problems;
pub mod rules;
pub mod table;
pub mod trial;
