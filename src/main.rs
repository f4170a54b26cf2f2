//! No verb: the workbench opens; a verb: the command line.

fn main() {}
