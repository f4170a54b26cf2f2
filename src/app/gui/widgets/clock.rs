//! A time of day: a small field that takes over what is typed when it is left.

use eframe::egui::Ui;
use jiff::civil::Time;

use super::field;
use crate::gui::theme::{metrics, space};
use crate::gui::words::{say, text};

/// A field for a time of day such as `00:00` or `23:59:59`; the time that was taken over from it.
pub fn time(ui: &mut Ui, label: &str, value: Time) -> Option<Time> {
    let width = metrics().time_width.min(ui.available_width() - space().medium);
    let left = field::on_leaving(ui, label, &shown(value), width, read);
    if let Some(refused) = left.refused {
        let why = say(ui, text("is no time of day such as 00:00 or 23:59:59", "不是有效时间，例如 00:00 或 23:59:59"));
        left.response.on_hover_text(format!("“{refused}” {why}"));
    }
    left.taken.filter(|taken| *taken != value)
}

/// A time as it is typed: to the minute where there is no more of it.
fn shown(time: Time) -> String {
    if time.second() == 0 && time.subsec_nanosecond() == 0 { time.strftime("%H:%M").to_string() } else { time.to_string() }
}

/// Reads `8:05`, `08:05`, `08:05:00` or `08:05:00.25`, also with the colons of a Chinese keyboard.
fn read(typed: &str) -> Option<Time> {
    let typed = typed.trim().replace('：', ":");
    let (whole, fraction) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = |text: &str, most: usize| {
        let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i32>().ok()).flatten()
    };
    let two = |text: &str| digits(text, 2).and_then(|number| i8::try_from(number).ok());
    let parts: Vec<&str> = whole.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if typed.len() == whole.len() => (two(hour)?, two(minute)?, 0),
        [hour, minute, second] => (two(hour)?, two(minute)?, two(second)?),
        _ => return None,
    };
    // To the microsecond, as every time of the product.
    let nanoseconds =
        if typed.len() == whole.len() { 0 } else { digits(fraction, 6).and(digits(&format!("{fraction:0<9}"), 9))? };
    Time::new(hour, minute, second, nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;
    use jiff::civil::time;

    use super::*;
    use crate::gui::widgets::testing::harness;

    #[test]
    fn a_time_is_read_as_people_type_it() {
        for (typed, wanted) in [
            ("0:00", Some(time(0, 0, 0, 0))),
            (" 08:05 ", Some(time(8, 5, 0, 0))),
            ("23：59：59", Some(time(23, 59, 59, 0))),
            ("00:00:00.25", Some(time(0, 0, 0, 250_000_000))),
            ("", None),
            ("8", None),
            ("24:00", None),
            ("12:60", None),
            ("12:00:60", None),
            ("12:00.5", None),
            ("12:00:00.", None),
            ("12:00:00.1234567", None),
            ("-1:00", None),
            ("+1:00", None),
            ("012:00", None),
            ("noon", None),
        ] {
            assert_eq!(read(typed), wanted, "{typed:?}");
            assert!(wanted.is_none_or(|time| read(&shown(time)) == Some(time)), "{typed:?}");
        }
    }

    #[test]
    fn what_is_typed_counts_when_the_field_is_left_and_what_is_no_time_gives_way() {
        let mut window = harness((time(0, 0, 0, 0), 0), |ui, (value, changes)| {
            if let Some(taken) = super::time(ui, "Time", *value) {
                (*value, *changes) = (taken, *changes + 1);
            }
            let _ = ui.button("Elsewhere");
        });
        for (typed, wanted, stands, changes) in [
            ("23:59:59", time(23, 59, 59, 0), "23:59:59", 1),
            ("later", time(23, 59, 59, 0), "23:59:59", 1),
            ("8:00", time(8, 0, 0, 0), "08:00", 2),
            ("08:00", time(8, 0, 0, 0), "08:00", 2),
        ] {
            window.get_by_label("Time").focus();
            window.run();
            window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
            window.get_by_label("Time").type_text(typed);
            window.run();
            window.get_by_label("Elsewhere").focus();
            window.run();
            window.run();
            assert_eq!(*window.state(), (wanted, changes), "{typed}");
            assert_eq!(window.get_by_label("Time").value().as_deref(), Some(stands), "{typed}");
        }
    }
}
