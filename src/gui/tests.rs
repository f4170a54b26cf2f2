//! The window without a screen, on the shipped workspace.
