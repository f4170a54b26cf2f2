//! A day: a button that shows it, and below it a calendar to choose another by pointer or keys, in the language of the window.

mod month;

use eframe::egui::{
    Align, Align2, Color32, EventFilter, Id, Key, Layout, Modifiers, Popup, PopupCloseBehavior, Rect, Response, Role, Sense,
    StrokeKind, Ui, Vec2, WidgetInfo,
};
use jiff::Span;
use jiff::civil::Date;

use super::button;
use crate::gui::icons::Glyph;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::{language, say, text};
use countersign_core::text::{Language, StaticText};

#[derive(Clone, Copy)]
struct OpenCalendar {
    /// The day the keys are at; its month is shown.
    at: Date,
    /// Whether the calendar has taken the keys.
    has_keys: bool,
}

/// A button with a day, and a calendar below it while it is open; another day, once it is chosen. `label` says what day it is, and `today`
/// is marked.
pub fn day(ui: &mut Ui, label: &str, value: Date, today: Option<Date>) -> Option<Date> {
    let spoken = format!("{label} {value}");
    let response = button::plain(ui, None, &value.to_string());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let place = Popup::default_response_id(&response);
    if response.clicked() && !Popup::is_id_open(ui.ctx(), place) {
        ui.data_mut(|data| data.insert_temp(place, OpenCalendar { at: value, has_keys: false }));
    }
    let was_open = ui.data(|data| data.get_temp::<OpenCalendar>(place).is_some());
    let popup = Popup::from_toggle_button_response(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let chosen = popup.show(|ui| contents(ui, place, value, today)).and_then(|shown| shown.inner);
    if chosen.is_some() {
        Popup::close_id(ui.ctx(), place);
    }
    if was_open && !Popup::is_id_open(ui.ctx(), place) {
        ui.data_mut(|data| data.remove::<OpenCalendar>(place));
        response.request_focus();
    }
    chosen.filter(|chosen| *chosen != value)
}

/// The calendar; the day that was chosen.
fn contents(ui: &mut Ui, place: Id, value: Date, today: Option<Date>) -> Option<Date> {
    let mut open = ui.data(|data| data.get_temp::<OpenCalendar>(place)).unwrap_or(OpenCalendar { at: value, has_keys: false });
    let side = metrics().row + space().small;
    ui.set_width(7.0 * side);
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    head(ui, &mut open.at);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(7.0 * side, 7.0 * side), Sense::hover());
    // One place has the keys: the toolkit would lead arrows from button to button.
    let grid = ui.interact(rect, place.with("days"), Sense::FOCUSABLE);
    let entered = keys(ui, &grid, &mut open);
    let title = title(open.at, language(ui.ctx()));
    grid.widget_info(|| WidgetInfo::labeled(Role::Grid, true, &title));
    ui.ctx().accesskit_node_builder(grid.id, |node| node.set_value(open.at.to_string()));
    weekdays(ui, rect, side);
    let mut chosen = entered.then_some(open.at);
    let marks = CalendarMarks { value, today, at: open.at, has_keys: grid.has_focus() };
    for (row, week) in (1_u8..).zip(month::weeks(open.at)) {
        for (column, day) in (0_u8..).zip(week) {
            let corner = rect.min + Vec2::new(f32::from(column), f32::from(row)) * side;
            let cell = Rect::from_min_size(corner, Vec2::splat(side));
            if let Some(day) = day.filter(|day| cell_of(ui, place, cell, *day, &marks)) {
                chosen = Some(day);
            }
        }
    }
    ui.data_mut(|data| data.insert_temp(place, open));
    chosen
}

/// The month's name between what leads to other months and years.
fn head(ui: &mut Ui, at: &mut Date) {
    let shown = *at;
    let mut lead = |ui: &mut Ui, glyph: Glyph, label: StaticText, by: Span| {
        if button::icon(ui, glyph, say(ui, label)).clicked() {
            *at = month::step(*at, by);
        }
    };
    ui.horizontal(|ui| {
        lead(ui, Glyph::ChevronsLeft, text("Previous year", "上一年"), Span::new().years(-1));
        lead(ui, Glyph::ChevronLeft, text("Previous month", "上个月"), Span::new().months(-1));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            lead(ui, Glyph::ChevronsRight, text("Next year", "下一年"), Span::new().years(1));
            lead(ui, Glyph::ChevronRight, text("Next month", "下个月"), Span::new().months(1));
            let words = theme::emphasised(ui, title(shown, language(ui.ctx())));
            ui.centered_and_justified(|ui| ui.label(words));
        });
    });
}

/// A month as a person names it.
fn title(day: Date, language: Language) -> String {
    match language {
        Language::En => day.strftime("%B %Y").to_string(),
        Language::Zh => format!("{}年{}月", day.year(), day.month()),
    }
}

fn weekdays(ui: &Ui, rect: Rect, side: f32) {
    let names = match language(ui.ctx()) {
        Language::En => ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
        Language::Zh => ["一", "二", "三", "四", "五", "六", "日"],
    };
    for (column, name) in (0_u8..).zip(names) {
        let middle = rect.min + Vec2::new(f32::from(column) * side + side / 2.0, side / 2.0);
        ui.painter().text(middle, Align2::CENTER_CENTER, name, theme::small(), colours(ui).text_weak);
    }
}

/// Takes the keys, and moves by them; whether the day they are at is chosen.
fn keys(ui: &Ui, grid: &Response, open: &mut OpenCalendar) -> bool {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(grid.id, filter));
    if !open.has_keys {
        // The first pass only measures.
        if !ui.is_sizing_pass() {
            grid.request_focus();
            open.has_keys = true;
        }
        return false;
    }
    if !grid.has_focus() {
        return false;
    }
    let leads = [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown, Key::PageUp, Key::PageDown, Key::Home, Key::End];
    ui.input_mut(|input| {
        for key in leads {
            for _ in 0..input.count_and_consume_key(Modifiers::NONE, key) {
                open.at = month::led_by(key, open.at).unwrap_or(open.at);
            }
        }
        input.consume_key(Modifiers::NONE, Key::Enter) || input.consume_key(Modifiers::NONE, Key::Space)
    })
}

/// What a day may be besides a day.
struct CalendarMarks {
    value: Date,
    today: Option<Date>,
    at: Date,
    has_keys: bool,
}

/// One day; whether it was clicked.
fn cell_of(ui: &Ui, place: Id, cell: Rect, day: Date, marks: &CalendarMarks) -> bool {
    let response = ui.interact(cell, place.with(day), Sense::CLICK);
    let is_chosen = day == marks.value;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, day));
    let c = colours(ui);
    let inner = cell.shrink(space().hair);
    let ground = match (is_chosen, response.is_pointer_button_down_on(), response.hovered()) {
        (true, ..) => c.accent,
        (false, true, _) => c.pressed,
        (false, false, true) => c.hover,
        (false, false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(inner, theme::rounded(), ground);
    let edge = |colour| {
        ui.painter().rect_stroke(inner, theme::rounded(), theme::hairline(colour), StrokeKind::Inside);
    };
    if day == marks.at && marks.has_keys {
        edge(c.focus);
    } else if marks.today == Some(day) {
        edge(c.outline_strong);
    }
    let colour = match (is_chosen, day.first_of_month() == marks.at.first_of_month()) {
        (true, _) => c.text_on_accent,
        (false, true) => c.text,
        (false, false) => c.text_weak,
    };
    let face = if marks.today == Some(day) { theme::strong() } else { theme::body() };
    ui.painter().text(inner.center(), Align2::CENTER_CENTER, day.day().to_string(), face, colour);
    response.clicked()
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT, Queryable};
    use jiff::civil::date;

    use super::*;
    use crate::gui::widgets::testing::harness;
    use crate::gui::words::speak;

    const CUTOVER: Date = Date::constant(2014, 3, 24);

    fn window(language: Language) -> Harness<'static, Date> {
        let mut window = harness(CUTOVER, move |ui, value: &mut Date| {
            speak(ui.ctx(), language);
            *value = day(ui, "From", *value, Some(date(2014, 3, 26))).unwrap_or(*value);
        });
        window.run();
        window.get_by_label("From 2014-03-24").click();
        window.run();
        window
    }

    fn press(window: &mut Harness<'_, Date>, keys: &[Key]) {
        for key in keys {
            window.key_press(*key);
            window.run();
        }
    }

    #[test]
    fn a_day_of_another_month_is_chosen_by_pointer_in_both_languages() {
        for (language, to_month, to_year, shown) in
            [(Language::En, "Next month", "Previous year", "April 2013"), (Language::Zh, "下个月", "上一年", "2013年4月")]
        {
            let mut window = window(language);
            for label in [to_month, to_year] {
                window.get_by_label(label).click();
                window.run();
            }
            assert!(window.query_all_by_label(shown).next().is_some(), "{shown}");
            window.get_by_label("2013-04-30").click();
            window.run();
            assert_eq!(*window.state(), date(2013, 4, 30));
            assert!(window.query_by_label("2013-04-29").is_none(), "the calendar closes");
        }
    }

    #[test]
    fn keys_choose_a_day_or_leave_it() {
        use Key::{ArrowDown, ArrowLeft, Enter, Escape, PageDown};
        for (keys, chosen) in [
            (&[ArrowDown, ArrowLeft, Enter][..], date(2014, 3, 30)),
            (&[PageDown, PageDown, Enter], date(2014, 5, 24)),
            (&[PageDown, Escape], CUTOVER),
        ] {
            let mut window = window(Language::En);
            press(&mut window, keys);
            assert_eq!(*window.state(), chosen, "{keys:?}");
            assert!(window.query_by_label(&chosen.tomorrow().unwrap().to_string()).is_none(), "the calendar closes");
            // The button has the keys again.
            press(&mut window, &[Enter]);
            window.get_by_label(&chosen.tomorrow().unwrap().to_string());
        }
    }

    #[test]
    fn a_chinese_calendar_has_no_english_word() {
        let window = window(Language::Zh);
        let nodes = window.root().children_recursive();
        let texts = nodes.filter_map(|node| node.accesskit_node().label());
        let english: Vec<String> =
            texts.filter(|text| text != "From 2014-03-24" && text.contains(|c: char| c.is_ascii_alphabetic())).collect();
        assert_eq!(english, [""; 0]);
        let days = window
            .query_all_by_role(Role::Button)
            .filter(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with("2014-0")));
        assert_eq!(days.count(), 42);
    }
}
