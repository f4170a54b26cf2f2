//! A gateway in small: loads a release and answers `POST /decide` on loopback.
//!
//! Usage: `gateway-consumer RELEASE [--port N] [--log FILE] (--policy FILE --allowed-signers FILE | --unapproved)`. Prints the address it listens on,
//! then serves until it is ended, and takes over each new release that is put in the file's place. Exit code 1 when the release is refused, 2 when it could not run. It knows of Countersign only what a
//! payment gateway would: the library with signatures and without any other feature.

mod fields;
mod log;
mod options;
mod serve;
mod watch;

use std::process::ExitCode;
use std::sync::Arc;

use countersign::gateway::{Digest, Gateway};

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
    let base = match options.base.as_ref().map(|path| std::fs::read(path).map(|bytes| (path, bytes))).transpose() {
        Ok(base) => base,
        Err(error) => {
            eprintln!("gateway-consumer: cannot read the base: {error}");
            return ExitCode::from(2);
        }
    };
    let loaded = match &base {
        Some((base_path, base)) => Gateway::load_after(path, &bytes, (base_path, base), requirements),
        None => Gateway::load(path, &bytes, requirements),
    };
    let gateway = match loaded {
        Ok(gateway) => Arc::new(gateway),
        Err(refused) => {
            eprintln!("gateway-consumer: the release is refused\n{refused}");
            return ExitCode::from(1);
        }
    };
    let first = Digest::of(&bytes);
    drop(bytes);
    let log = match options.log.as_deref().map(log::DecisionLog::open).transpose() {
        Ok(log) => log,
        Err(error) => {
            eprintln!("gateway-consumer: cannot open the log: {error}");
            return ExitCode::from(2);
        }
    };
    let refusal = watch::Refusal::default();
    watch::start(Arc::clone(&gateway), path.into(), first, refusal.clone());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("gateway-consumer: cannot start: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(serve::serve(serve::Served { gateway, log, refusal }, port)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gateway-consumer: cannot listen on port {port} of loopback: {error}");
            ExitCode::from(2)
        }
    }
}
