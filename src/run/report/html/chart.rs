//! Drawings: shares as one bar, bars over time, bars over scores. Numbers are scaled here, words come from outside.

use super::text::at;

#[expect(clippy::cast_precision_loss, reason = "a drawing is a few hundred points wide")]
pub(super) fn length(count: u64) -> f64 {
    count as f64
}

/// A step of 1, 2 or 5 with zeros behind, so that at most `lines` of them reach `most`.
pub(super) fn step(most: u64, lines: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [1, 2, 5] {
            let step = unit.saturating_mul(step);
            if most / step <= lines {
                return step.max(1);
            }
        }
        unit = unit.saturating_mul(10);
    }
}

pub(super) fn rect(class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) -> String {
    format!("<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", at(x), at(y), at(width), at(height))
}

pub(super) fn line(class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> String {
    format!("<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", at(x1), at(y1), at(x2), at(y2))
}

/// A drawing with a name for those who can not see it; `name` is escaped text.
pub(super) fn drawing(width: f64, height: f64, name: &str, body: &str) -> String {
    format!("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{name}\">{body}</svg>\n", at(width), at(height))
}

/// A bar in a table's cell: `part` of `whole` of its width.
pub(super) fn bar(part: u64, whole: u64, shadow: bool) -> String {
    if part == 0 || whole == 0 {
        return String::new();
    }
    let width = (length(part) / length(whole) * 100.0).max(0.6);
    let class = if shadow { " class=\"shadow\"" } else { "" };
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 9\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect{class} width=\"{}\" height=\"9\"/></svg>",
        at(width)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (most, expected) in [(0, 1), (3, 1), (4, 1), (9, 2), (400, 100), (1_001, 500), (u64::MAX, 5_000_000_000_000_000_000)] {
            assert_eq!(step(most, 4), expected, "{most}");
        }
    }
}
