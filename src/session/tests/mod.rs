//! Whole journeys without a display, and what must hold for every list of actions.

mod assist;
mod definitions;
mod disk;
mod files;
mod journey;
mod left_out;
mod parts;
pub(crate) mod releases;
mod replay;
