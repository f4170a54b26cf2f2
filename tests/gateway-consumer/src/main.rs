//! A gateway in small: loads a release and answers `POST /decide` on loopback.
//!
//! Usage: `gateway-consumer RELEASE [--port N] (--policy FILE --allowed-signers FILE | --unapproved)`. Prints the address it listens on,
//! then serves until it is ended. Exit code 1 when the release is refused, 2 when it could not run. It knows of Countersign only what a
//! payment gateway would: the library with signatures and without any other feature.

mod fields;
mod options;
mod serve;

use std::process::ExitCode;
use std::sync::Arc;

use countersign::gateway::Gateway;

fn main() -> ExitCode {
    let options = match options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("gateway-consumer: {message}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let requirements = match options.requirements() {
        Ok(requirements) => requirements,
        Err(message) => {
            eprintln!("gateway-consumer: {message}");
            return ExitCode::from(2);
        }
    };
    let (path, port) = (options.release.as_str(), options.port);
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("gateway-consumer: cannot read `{path}`: {error}");
            return ExitCode::from(2);
        }
    };
    let gateway = match Gateway::load(path, &bytes, requirements) {
        Ok(gateway) => Arc::new(gateway),
        Err(refused) => {
            eprintln!("gateway-consumer: the release is refused\n{refused}");
            return ExitCode::from(1);
        }
    };
    drop(bytes);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("gateway-consumer: cannot start: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(serve::serve(gateway, port)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gateway-consumer: cannot listen on port {port} of loopback: {error}");
            ExitCode::from(2)
        }
    }
}
