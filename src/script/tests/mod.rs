//! Tests of the room.

mod running;
mod support;
mod syntax;
mod typing;
