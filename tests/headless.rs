//! What a gateway links: the core stays small, and brings no screen, terminal, argument parser or Arrow with it.

use std::collections::BTreeSet;
use std::process::Command;

/// The most crates that the core may bring, itself included.
const MOST: usize = 45;

/// Starts of names of crates that belong to a shell or to the desk.
const BARRED: [&str; 19] = [
    "arrow",
    "parquet",
    "tempfile",
    "serde_json",
    "eframe",
    "egui",
    "epaint",
    "winit",
    "wgpu",
    "glow",
    "glutin",
    "rfd",
    "accesskit",
    "clap",
    "indicatif",
    "anstream",
    "console",
    "tokio",
    "hyper",
];

/// Names and versions of every crate that a build links, itself included.
fn tree(package: &str) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["tree", "--offline", "--locked", "--package", package, "--edges", "normal", "--no-default-features"]);
    cargo.args(["--prefix", "none", "--format", "{p}"]);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // `name v1.2.3 (path)`: a crate that stands several times is one.
    text.lines().filter(|line| !line.is_empty()).map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

fn barred(crates: &BTreeSet<String>, besides: &[&str]) -> Vec<String> {
    let is_barred = |name: &str| BARRED.iter().any(|start| name.starts_with(start) && !besides.contains(start));
    crates.iter().filter(|name| is_barred(name)).cloned().collect()
}

#[test]
fn the_core_is_small_and_headless() {
    let crates = tree("countersign-core");
    assert!(crates.iter().any(|name| name.starts_with("rhai ")), "cargo tree showed something else: {crates:?}");
    let found = barred(&crates, &[]);
    assert!(found.is_empty(), "a gateway would link {found:?}");
    assert!(crates.len() <= MOST, "{} crates, at most {MOST}: {crates:#?}", crates.len());
    println!("the core without features: {} crates", crates.len());
}

#[test]
fn the_consumer_adds_only_its_server() {
    let found = barred(&tree("gateway-consumer"), &["tokio", "hyper", "serde_json"]);
    assert!(found.is_empty(), "the gateway links {found:?}");
}
