//! What panels show, computed from the session: plain rows and texts, no colours and no sizes.

pub mod assist;
pub mod figures;
pub mod impact;
pub mod mask;
pub mod rules;
pub mod table;
