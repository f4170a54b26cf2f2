//! Tests of the room.

mod chains;
mod running;
mod support;
mod syntax;
mod typing;
