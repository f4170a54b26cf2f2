//! A month as a calendar shows it, and the steps of its keys: dates alone, without a screen.

use eframe::egui::Key;
use jiff::Span;
use jiff::civil::Date;

/// The first day a calendar leads to: with any offset it is still in the year 1.
const FIRST: Date = Date::constant(1, 1, 2);
const LAST: Date = Date::constant(9998, 12, 31);

/// A week from Monday on; nothing for a day that no calendar leads to.
pub(super) type Week = [Option<Date>; 7];

/// The six weeks round the month of a day, so that every month is as high as the others.
pub(super) fn weeks(day: Date) -> [Week; 6] {
    let first = day.first_of_month();
    let before = i64::from(first.weekday().to_monday_zero_offset());
    std::array::from_fn(|week| {
        std::array::from_fn(|weekday| {
            let after = i64::try_from(week * 7 + weekday).unwrap_or_default() - before;
            first.checked_add(Span::new().try_days(after).ok()?).ok().filter(|day| (FIRST..=LAST).contains(day))
        })
    })
}

/// The day so far away, or the last one on the way there.
pub(super) fn step(day: Date, by: Span) -> Date {
    let end = if by.is_negative() { FIRST } else { LAST };
    day.checked_add(by).unwrap_or(end).clamp(FIRST, LAST)
}

/// The day a key leads to.
pub(super) fn led_by(key: Key, day: Date) -> Option<Date> {
    let week_begins = -i64::from(day.weekday().to_monday_zero_offset());
    let by = match key {
        Key::ArrowLeft => Span::new().days(-1),
        Key::ArrowRight => Span::new().days(1),
        Key::ArrowUp => Span::new().days(-7),
        Key::ArrowDown => Span::new().days(7),
        Key::PageUp => Span::new().months(-1),
        Key::PageDown => Span::new().months(1),
        Key::Home => Span::new().days(week_begins),
        Key::End => Span::new().days(week_begins + 6),
        _ => return None,
    };
    Some(step(day, by))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_begins_in_its_first_week_on_its_weekday() {
        // A day, the first cell, the cell of the first of the month, the last cell.
        let rows = [
            ("a leap February", date(2024, 2, 29), date(2024, 1, 29), 3, date(2024, 3, 10)),
            ("a month from Monday on", date(2014, 9, 30), date(2014, 9, 1), 0, date(2014, 10, 12)),
            ("a month from Sunday on", date(2014, 6, 1), date(2014, 5, 26), 6, date(2014, 7, 6)),
            ("the end of a year", date(2014, 12, 31), date(2014, 12, 1), 0, date(2015, 1, 11)),
            ("four weeks exactly", date(2021, 2, 1), date(2021, 2, 1), 0, date(2021, 3, 14)),
        ];
        for (what, day, first, at, last) in rows {
            let cells: Vec<_> = weeks(day).into_iter().flatten().collect();
            assert_eq!((cells[0], cells[41]), (Some(first), Some(last)), "{what}");
            assert_eq!(cells[at], Some(day.first_of_month()), "{what}");
            assert!(cells.windows(2).all(|pair| pair[0].unwrap().tomorrow().ok() == pair[1]), "{what}");
        }
    }

    #[test]
    fn days_that_no_time_can_have_are_left_out() {
        assert_eq!(
            weeks(FIRST)[0],
            [
                None,
                Some(FIRST),
                FIRST.tomorrow().ok(),
                Some(date(1, 1, 4)),
                Some(date(1, 1, 5)),
                Some(date(1, 1, 6)),
                Some(date(1, 1, 7))
            ]
        );
        assert_eq!(weeks(LAST).into_iter().flatten().flatten().last(), Some(LAST));
    }

    #[test]
    fn keys_lead_to_days_weeks_and_months() {
        let monday = date(2014, 3, 31);
        let rows = [
            (Key::ArrowLeft, monday, date(2014, 3, 30)),
            (Key::ArrowRight, monday, date(2014, 4, 1)),
            (Key::ArrowUp, monday, date(2014, 3, 24)),
            (Key::ArrowDown, monday, date(2014, 4, 7)),
            (Key::PageUp, monday, date(2014, 2, 28)),
            (Key::PageUp, date(2024, 3, 31), date(2024, 2, 29)),
            (Key::PageDown, monday, date(2014, 4, 30)),
            (Key::Home, date(2014, 4, 2), monday),
            (Key::End, monday, date(2014, 4, 6)),
            (Key::ArrowLeft, FIRST, FIRST),
            (Key::PageDown, LAST, LAST),
        ];
        for (key, from, to) in rows {
            assert_eq!(led_by(key, from), Some(to), "{key:?} from {from}");
        }
        assert_eq!(led_by(Key::Enter, monday), None);
    }
}
