//! How the cells of one field are read: unit of money, form of times, words for true and false, foreign words of an enum.

use std::collections::BTreeSet;

use eframe::egui::{ScrollArea, Ui};

use super::MappingSection;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, metrics};
use crate::gui::widgets::choice::{self, one_of};
use crate::gui::widgets::{button, field};
use crate::gui::words::{language, say, text};
use countersign_core::model::{EnumType, Field, FieldName, FieldType};
use countersign_core::text::{Language, StaticText};
use countersign_requests::mapping::{BoolWords, FieldMapping, MoneyUnit, NumberText, TimeFormat};
use countersign_requests::read::guess;
use countersign_session::{Action, MappingAction};

/// Shows the controls for a column's field.
pub fn show(ui: &mut Ui, part: &MappingSection<'_>, (at, column): (usize, &str), name: &FieldName, held: &Field, out: &mut Outbox) {
    ui.label(theme::weak(ui, say(ui, held.kind.text())));
    let now = part.mapper.mapping.fields.get(name).cloned().unwrap_or_default();
    let changed = match &held.kind {
        FieldType::Money => money(ui, column, &now),
        FieldType::Time => time(ui, column, &now),
        FieldType::Bool => words(ui, part, at, column, &now),
        FieldType::Enum(known) => values(ui, part, at, known, &now),
        _ => None,
    };
    if let Some(how) = changed.filter(|how| *how != now) {
        out.push(Action::Mapping(MappingAction::How(name.clone(), Box::new(how))));
    }
}

fn labelled(ui: &Ui, what: StaticText, column: &str) -> String {
    match language(ui.ctx()) {
        Language::En => format!("{} of column {column}", what.get(Language::En)),
        Language::Zh => format!("列 {column} 的{}", what.get(Language::Zh)),
    }
}

fn money(ui: &mut Ui, column: &str, now: &FieldMapping) -> Option<FieldMapping> {
    let mut all = [
        (MoneyUnit::Yuan, say(ui, text("yuan: 5000.00", "元：5000.00")).to_owned()),
        (MoneyUnit::Fen, say(ui, text("fen: 500000", "分：500000")).to_owned()),
        (MoneyUnit::Cny, "CNY5000.00".to_owned()),
    ]
    .to_vec();
    let form = |thousands, decimal, mark: Option<&str>| MoneyUnit::Text {
        in_fen: false,
        form: NumberText { thousands, decimal, mark: mark.map(str::to_owned) },
    };
    for (unit, shown) in [
        (form(Some(','), '.', None), "5,000.00"),
        (form(Some(','), '.', Some("¥")), "¥5,000.00"),
        (form(Some(','), '.', Some("元")), "5,000.00元"),
        (form(None, ',', None), "5000,00"),
        (form(Some('.'), ',', None), "5.000,00"),
    ] {
        all.push((unit, shown.to_owned()));
    }
    let label = labelled(ui, text("Unit", "单位"), column);
    let own = say(ui, text("own form", "自定义写法"));
    let held = now.money.clone().unwrap_or(MoneyUnit::Yuan);
    let chosen = one_of(ui, &label, &held, &all, own, metrics().field_width)?;
    Some(FieldMapping { money: Some(chosen).filter(|unit| *unit != MoneyUnit::Yuan), ..now.clone() })
}

fn time(ui: &mut Ui, column: &str, now: &FieldMapping) -> Option<FieldMapping> {
    let mut all: Vec<(Option<TimeFormat>, String)> = vec![(None, "2014-03-24T00:00:00".to_owned())];
    all.extend(
        guess::TIME_PATTERNS.iter().map(|pattern| (Some(TimeFormat::Pattern((*pattern).to_owned())), (*pattern).to_owned())),
    );
    for (format, words) in [
        (TimeFormat::Seconds, text("seconds since 1970", "自 1970 年的秒数")),
        (TimeFormat::Milliseconds, text("milliseconds since 1970", "自 1970 年的毫秒数")),
        (TimeFormat::Microseconds, text("microseconds since 1970", "自 1970 年的微秒数")),
        (TimeFormat::Nanoseconds, text("nanoseconds since 1970", "自 1970 年的纳秒数")),
    ] {
        all.push((Some(format), say(ui, words).to_owned()));
    }
    let label = labelled(ui, text("Time format", "时间格式"), column);
    let own = say(ui, text("own pattern", "自定义格式"));
    let mut chosen = one_of(ui, &label, &now.time, &all, own, metrics().field_width);
    if let Some(TimeFormat::Pattern(pattern)) = &now.time {
        let mut typed = pattern.clone();
        let label = labelled(ui, text("Pattern", "格式串"), column);
        if field::text(ui, &mut typed, &label, "%Y-%m-%d %H:%M:%S", metrics().field_width).changed() && !typed.is_empty() {
            chosen = Some(Some(TimeFormat::Pattern(typed)));
        }
    }
    chosen.map(|time| FieldMapping { time, ..now.clone() })
}

fn words(ui: &mut Ui, part: &MappingSection<'_>, at: usize, column: &str, now: &FieldMapping) -> Option<FieldMapping> {
    let pair = |yes: &str, no: &str| Some(BoolWords { yes: vec![yes.to_owned()], no: vec![no.to_owned()] });
    let mut all = vec![(None, "true / false".to_owned())];
    for (yes, no) in [("1", "0"), ("Y", "N"), ("y", "n"), ("yes", "no"), ("Yes", "No"), ("T", "F"), ("True", "False"), ("是", "否")]
    {
        all.push((pair(yes, no), format!("{yes} / {no}")));
    }
    let mut seen: BTreeSet<&str> = part.mapper.first.column(at).filter(|cell| !cell.is_empty()).collect();
    // Two words that nobody thought of, either way round.
    if let (2, Some(a), Some(b)) = (seen.len(), seen.pop_first(), seen.pop_first()) {
        for (yes, no) in [(a, b), (b, a)] {
            let words = format!("{yes} / {no}");
            if !all.iter().any(|(_, known)| *known == words) {
                all.push((pair(yes, no), words));
            }
        }
    }
    let label = labelled(ui, text("Words", "真假值"), column);
    let other = now.words.as_ref().map(|words| format!("{} / {}", words.yes.join(" "), words.no.join(" "))).unwrap_or_default();
    let chosen = one_of(ui, &label, &now.words, &all, &other, metrics().field_width)?;
    Some(FieldMapping { words: chosen, ..now.clone() })
}

/// Foreign words of the first rows, each with the value it becomes.
fn values(ui: &mut Ui, part: &MappingSection<'_>, at: usize, known: &EnumType, now: &FieldMapping) -> Option<FieldMapping> {
    let missing = &part.mapper.mapping.missing;
    let cells = part.mapper.first.column(at).filter(|cell| !cell.is_empty() && !missing.iter().any(|word| word == cell));
    let foreign: BTreeSet<&str> = cells.filter(|cell| !known.contains(cell)).collect();
    if foreign.is_empty() {
        return None;
    }
    let open = foreign.iter().filter(|word| !now.values.contains_key(**word)).count();
    let words = match language(ui.ctx()) {
        Language::En => format!("{} foreign values, {open} open", foreign.len()),
        Language::Zh => format!("{} 个外部取值，{open} 个未对应", foreign.len()),
    };
    let response = button::plain(ui, None, &words);
    let mut changed = None;
    choice::form(&response, metrics().inspector_width, |ui| {
        ScrollArea::vertical().max_height(metrics().popup_height).show(ui, |ui| {
            let mut all = vec![(String::new(), say(ui, text("– none –", "– 无 –")).to_owned())];
            all.extend(known.names().map(|name| (name.to_owned(), name.to_owned())));
            for word in foreign {
                ui.horizontal(|ui| {
                    let held = now.values.get(word).cloned().unwrap_or_default();
                    if let Some(chosen) = one_of(ui, word, &held, &all, "", metrics().field_width) {
                        let mut values = now.values.clone();
                        if chosen.is_empty() {
                            values.remove(word)
                        } else {
                            values.insert(word.to_owned(), chosen)
                        };
                        changed = Some(FieldMapping { values, ..now.clone() });
                    }
                    ui.label(word);
                });
            }
        });
    });
    changed
}
