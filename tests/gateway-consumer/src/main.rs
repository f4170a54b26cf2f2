//! A gateway in small: loads a release and answers `POST /decide` on loopback.
//!
//! Usage: `gateway-consumer RELEASE [PORT]`. Prints the address it listens on, then serves until it is ended. Exit code 1 when the
//! release is refused, 2 when it could not run. It knows of Countersign only what a payment gateway would: the library without features.

mod fields;
mod serve;

use std::process::ExitCode;
use std::sync::Arc;

use countersign::gateway::Gateway;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), port, None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: gateway-consumer RELEASE [PORT]");
        return ExitCode::from(2);
    };
    let Ok(port) = port.as_deref().unwrap_or("0").parse::<u16>() else {
        eprintln!("gateway-consumer: a port is a number from 0 to 65535; 0 takes a free one");
        return ExitCode::from(2);
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("gateway-consumer: cannot read `{path}`: {error}");
            return ExitCode::from(2);
        }
    };
    let gateway = match Gateway::load(&path, &bytes) {
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
