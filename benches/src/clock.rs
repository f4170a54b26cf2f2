//! Medians of several rounds, and the table they are printed as.

use std::time::{Duration, Instant};

pub struct Line {
    pub name: String,
    /// Nanoseconds for one request.
    pub per_request: f64,
}

/// The median time of `rounds` runs.
pub fn median(rounds: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A line of the table: the median over the requests a run decides.
pub fn measure(name: impl Into<String>, rounds: usize, requests: usize, run: impl FnMut()) -> Line {
    let time = median(rounds, run);
    let line = Line { name: name.into(), per_request: time.as_secs_f64() * 1e9 / requests.max(1) as f64 };
    eprintln!("  {:<58} {:>12.1} ns a request", line.name, line.per_request);
    line
}

/// Every line against the first: how many times longer it takes.
pub fn print(title: &str, lines: &[Line]) {
    println!("\n{title}\n");
    println!("| what | ns a request | requests a second | against the first |");
    println!("|---|---:|---:|---:|");
    let Some(first) = lines.first() else { return };
    for line in lines {
        let ratio = line.per_request / first.per_request;
        println!("| {} | {:.1} | {:.0} | {ratio:.2} |", line.name, line.per_request, 1e9 / line.per_request);
    }
}

/// A number of the command line, or what is usual.
pub fn argument(at: usize, usual: usize) -> usize {
    std::env::args().nth(at).map_or(usual, |text| text.replace('_', "").parse().unwrap_or(usual))
}
