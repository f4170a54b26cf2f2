//! No verb: the workbench opens; a verb: the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_app::main()
}
