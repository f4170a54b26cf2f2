//! Keys that sign: from an OpenSSH key file, or held by an ssh-agent. Neither files nor sockets are opened here; what is secret is wiped
//! when it is dropped.

mod agent;
mod file;
mod short;
mod wire;

pub use agent::{Agent, AgentError, AgentKey};
pub use file::{KeyError, SecretKey};

use ssh_key::HashAlg;

/// What signatures hash the text with, as `ssh-keygen` does.
const HASH: HashAlg = HashAlg::Sha512;
