//! What is counted, as the text that Prometheus reads.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Bounds of the latency histogram, in microseconds.
const BOUNDS: [u64; 12] = [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000];
/// What a decision may say.
const VERDICTS: [&str; 4] = ["accept", "step_up", "refer", "decline"];
/// Why a request may have got no decision.
const CAUSES: [&str; 10] =
    ["body", "fields", "too_large", "slow_body", "busy", "deadline", "log", "revoked", "client_connections", "connections"];

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    verdicts: [AtomicU64; VERDICTS.len()],
    causes: [AtomicU64; CAUSES.len()],
    buckets: [AtomicU64; BOUNDS.len()],
    latency_sum: AtomicU64,
    latency_count: AtomicU64,
}

fn add(names: &[&str], counts: &[AtomicU64], name: &str) {
    if let Some(count) = names.iter().position(|known| *known == name).and_then(|at| counts.get(at)) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// A request got a decision, after a time.
    pub fn decided(&self, verdict: &str, took: Duration) {
        add(&VERDICTS, &self.verdicts, verdict);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = BOUNDS.iter().position(|bound| micros <= *bound).and_then(|at| self.buckets.get(at)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.latency_sum.fetch_add(micros, Ordering::Relaxed);
        self.latency_count.fetch_add(1, Ordering::Relaxed);
    }

    /// A request got none, or a connection was not taken.
    pub fn refused(&self, cause: &str) {
        add(&CAUSES, &self.causes, cause);
    }

    /// The counts, with `gauges` that are known elsewhere: name, help and value.
    pub fn text(&self, gauges: &[(&str, &str, f64)]) -> String {
        let mut text = String::new();
        let labelled = |text: &mut String, name: &str, label: &str, help: &str, names: &[&str], counts: &[AtomicU64]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
            for (value, count) in names.iter().zip(counts) {
                let _ = writeln!(text, "{name}{{{label}=\"{value}\"}} {}", count.load(Ordering::Relaxed));
            }
        };
        let decisions = "countersign_decisions_total";
        labelled(&mut text, decisions, "verdict", "Answered decisions by verdict.", &VERDICTS, &self.verdicts);
        let undecided = "countersign_undecided_total";
        labelled(
            &mut text,
            undecided,
            "cause",
            "Requests without a decision, and connections refused, by cause.",
            &CAUSES,
            &self.causes,
        );
        let name = "countersign_decision_seconds";
        let _ = writeln!(text, "# HELP {name} From the request's head to its answer.\n# TYPE {name} histogram");
        let mut sum = 0;
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            sum += bucket.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{le=\"{}\"}} {sum}", seconds(*bound));
        }
        // The count first counted last: no bucket is ever above it.
        let count = self.latency_count.load(Ordering::Relaxed).max(sum);
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "{name}_sum {}\n{name}_count {count}", seconds(self.latency_sum.load(Ordering::Relaxed)));
        for (name, help, value) in gauges {
            let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        }
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sum of 285 years of latency is told to the microsecond")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
