//! The parameters: a slider and a field inside the range, the unit, and the value that is live.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{ComboBox, DragValue, Id, Label, Rect, Response, Slider, Ui, Vec2};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::panels::standing;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, field, section};
use crate::gui::words::{local, say, text, tr};
use countersign_core::model::{Fen, FieldType, Parameter, ParameterId, Scalar, Value, Zone};
use countersign_session::views::figures;
use countersign_session::{Action, ParameterAction, Session};
use countersign_workspace::RULE_SET_FILE;

/// Rows beyond the view that are laid out all the same, so that the keyboard reaches them.
const BESIDE: f32 = 8.0;

#[derive(Default)]
pub struct ParameterForms {
    search: String,
    /// The parameters that are listed, as of a state of the session and a search.
    listed: Vec<ParameterId>,
    of: Option<(u64, String)>,
    /// How high each was when it was last laid out.
    heights: BTreeMap<ParameterId, f32>,
    /// The parameter whose sweep was brought into view, and whether its plots were there.
    revealed: Option<(ParameterId, bool)>,
}

impl ParameterForms {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let all = &session.document().rule_set().parameters;
        let title = format!("{}  {}", say(ui, text("Parameters", "参数")), all.len());
        section::header(ui, &title, |_| {});
        standing::unread_parts(ui, session, RULE_SET_FILE, out);
        if all.is_empty() {
            section::remark(ui, Glyph::SlidersHorizontal, say(ui, text("The rule set has no parameters", "规则集没有参数")));
            return;
        }
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let width = ui.available_width() - space().medium;
            let label = say(ui, text("Search parameters", "搜索参数"));
            field::search(ui, Id::unique("search parameters"), &mut self.search, label, width);
        });
        if !self.of.as_ref().is_some_and(|(stamp, search)| *stamp == session.stamp() && *search == self.search) {
            self.listed = listed(session, &self.search);
            self.of = Some((session.stamp(), self.search.clone()));
        }
        let wanted = session.view().sweep.clone().map(|id| (id, session.sweep_result().value.is_some()));
        for id in &self.listed {
            let Some(parameter) = all.get(id) else { continue };
            let is_wanted = wanted.as_ref().is_some_and(|(wanted, _)| wanted == id);
            if !is_wanted && skip(ui, self.heights.get(id)) {
                continue;
            }
            let top = ui.cursor().top();
            let shown = one(ui, session, id, parameter, out);
            self.heights.insert(id.clone(), ui.cursor().top() - top);
            if is_wanted && wanted != self.revealed {
                shown.scroll_to_me(None);
            }
        }
        self.revealed = wanted;
    }
}

/// Leaves the room of a row that is far from view; whether it did.
fn skip(ui: &mut Ui, height: Option<&f32>) -> bool {
    let Some(height) = height else { return false };
    let place = Rect::from_min_size(ui.cursor().left_top(), Vec2::new(ui.available_width(), *height));
    let is_far = !ui.is_rect_visible(place.expand(BESIDE * metrics().row));
    if is_far {
        ui.add_space(*height);
        // The names the toolkit gives to what follows stay the same.
        ui.skip_ahead_auto_ids(1);
    }
    is_far
}

/// The parameters that fit the search, those of the script on the screen first.
fn listed(session: &Session, search: &str) -> Vec<ParameterId> {
    let words = search.to_lowercase();
    let fits = |id: &ParameterId, parameter: &Parameter| {
        let all = format!("{id} {} {}", parameter.text.en, parameter.text.zh).to_lowercase();
        words.split_whitespace().all(|word| all.contains(word))
    };
    let used = used(session);
    let all = session.document().rule_set().parameters.iter().filter(|(id, held)| fits(id, held)).map(|(id, _)| id.clone());
    let (mut listed, others): (Vec<_>, Vec<_>) = all.partition(|id| used.contains(id.as_str()));
    listed.extend(others);
    listed
}

/// The names after `params.` in the script on the screen.
fn used(session: &Session) -> BTreeSet<&str> {
    let script = session.view().selection.script.as_ref().and_then(|script| session.document().draft().script(script));
    let text = script.map_or("", |script| &script.text);
    let after = text.split("params.").skip(1);
    after.map(|rest| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default()).collect()
}

fn one(ui: &mut Ui, session: &Session, id: &ParameterId, parameter: &Parameter, out: &mut Outbox) -> Response {
    let zone = session.document().definition().schema.zone;
    let against_live = session.is_against_live();
    let live = session.baseline().and_then(|baseline| baseline.definition.rule_set.parameters.get(id));
    let differs = live.filter(|live| live.value != parameter.value);
    ui.push_id(id.as_str(), |ui| {
        ui.add_space(space().small);
        ui.horizontal_top(|ui| {
            ui.add_space(space().medium);
            let c = colours(ui);
            let title = theme::emphasised(ui, local(ui, &parameter.text));
            let title = if differs.is_some() { title.color(c.accent_text) } else { title };
            ui.vertical(|ui| {
                ui.set_max_width(ui.available_width() - space().medium);
                ui.add(Label::new(title).wrap()).on_hover_text(id.as_str());
            });
        });
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            super::sweep::button(ui, session, id, out);
            let set = value(ui, id, parameter, zone);
            if let Some(scalar) = set {
                out.push(Action::Parameter(ParameterAction::Set(id.clone(), scalar)));
            }
            if let Some(unit) = &parameter.unit {
                ui.label(theme::weak(ui, local(ui, unit)));
            }
            if let Some(live) = differs {
                let shown = format!(
                    "{} {}",
                    if against_live { tr(ui, "live", "生效中") } else { tr(ui, "saved", "已保存") },
                    shown(&live.value, zone)
                );
                ui.label(theme::weak(ui, shown));
                if button::icon(
                    ui,
                    Glyph::Undo2,
                    if against_live {
                        tr(ui, "Back to the live value", "恢复为生效中的值")
                    } else {
                        tr(ui, "Back to the saved value", "恢复为已保存的值")
                    },
                )
                .clicked()
                {
                    out.push(Action::Parameter(ParameterAction::Set(id.clone(), live.value.to_scalar(zone))));
                }
            }
        });
        if session.view().sweep.as_ref() == Some(id) {
            super::sweep::show(ui, session, id, out);
        }
    })
    .response
}

pub fn shown(value: &Value, zone: Zone) -> String {
    match value {
        Value::Int(number) => figures::count(*number),
        Value::Money(fen) => figures::yuan(i128::from(fen.0)),
        other => other.show(zone),
    }
}

/// The control of a value; the value it was set to.
pub fn value(ui: &mut Ui, id: &ParameterId, parameter: &Parameter, zone: Zone) -> Option<Scalar> {
    let bounds = parameter.range.as_ref().map(|range| (&range.min, &range.max));
    match (&parameter.kind, &parameter.value) {
        (FieldType::Bool, Value::Bool(on)) => {
            let mut on = *on;
            let response = ui.checkbox(&mut on, "");
            response.widget_info(|| eframe::egui::WidgetInfo::selected(eframe::egui::Role::CheckBox, true, on, id.as_str()));
            response.changed().then_some(Scalar::Bool(on))
        }
        (FieldType::Int, Value::Int(number)) => {
            let range = bounds.and_then(|bounds| match bounds {
                (Value::Int(min), Value::Int(max)) => Some((*min, *max)),
                _ => None,
            });
            whole(ui, id, *number, range).map(Scalar::Int)
        }
        (FieldType::Money, Value::Money(fen)) => {
            let range = bounds.and_then(|bounds| match bounds {
                (Value::Money(min), Value::Money(max)) => Some((min.0, max.0)),
                _ => None,
            });
            money(ui, id, fen.0, range).map(|fen| Scalar::Text(Fen(fen).to_string()))
        }
        (FieldType::Float, Value::Float(number)) => {
            let mut edited = *number;
            let response = match bounds {
                Some((Value::Float(min), Value::Float(max))) => ui.add(Slider::new(&mut edited, *min..=*max)),
                _ => ui.add(DragValue::new(&mut edited)),
            };
            response.accessible_name(id.as_str()).changed().then_some(Scalar::Float(edited))
        }
        (FieldType::Enum(values), Value::Text(held)) => {
            let mut chosen = held.to_string();
            let response = ComboBox::from_id_salt("value").selected_text(&chosen).show_ui(ui, |ui| {
                for name in values.names() {
                    ui.selectable_value(&mut chosen, name.to_owned(), name);
                }
            });
            let _ = response.response.accessible_name(id.as_str());
            (chosen != held.as_ref()).then_some(Scalar::Text(chosen))
        }
        _ => typed(ui, id, parameter, zone),
    }
}

fn whole(ui: &mut Ui, id: &ParameterId, number: i64, range: Option<(i64, i64)>) -> Option<i64> {
    let mut edited = number;
    let response = match range {
        Some((min, max)) => ui.add(Slider::new(&mut edited, min..=max).integer()),
        None => ui.add(DragValue::new(&mut edited)),
    };
    response.accessible_name(id.as_str()).changed().then_some(edited)
}

/// An amount: whole yuan by the slider, fen by typing.
fn money(ui: &mut Ui, id: &ParameterId, fen: i64, range: Option<(i64, i64)>) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "amounts of parameters are far below 2^52 fen")]
    let yuan = |fen: i64| fen as f64 / 100.0;
    let mut edited = yuan(fen);
    let format = |value: f64, _: std::ops::RangeInclusive<usize>| {
        #[expect(clippy::cast_possible_truncation, reason = "as above")]
        figures::yuan((value * 100.0).round() as i128)
    };
    let parse = |text: &str| Fen::parse_yuan(&text.replace([',', '¥', ' '], "")).map(|fen| yuan(fen.0));
    let response = match range {
        Some((min, max)) => {
            let slider = Slider::new(&mut edited, yuan(min)..=yuan(max)).step_by(1.0).custom_formatter(format).custom_parser(parse);
            ui.add(slider)
        }
        None => ui.add(DragValue::new(&mut edited).custom_formatter(format).custom_parser(parse)),
    };
    #[expect(clippy::cast_possible_truncation, reason = "as above")]
    let fen_now = (edited * 100.0).round() as i64;
    (response.accessible_name(id.as_str()).changed() && fen_now != fen).then_some(fen_now)
}

/// Texts and times are typed, and taken over when the field is left.
fn typed(ui: &mut Ui, id: &ParameterId, parameter: &Parameter, zone: Zone) -> Option<Scalar> {
    let place = Id::unique(("typed parameter", id.as_str()));
    let held = parameter.value.show(zone);
    let mut edited = ui.data(|data| data.get_temp::<String>(place)).unwrap_or_else(|| held.clone());
    let width = (ui.available_width() - space().medium).min(2.0 * metrics().field_width);
    let response = field::text(ui, &mut edited, id.as_str(), "", width);
    if response.lost_focus() {
        ui.data_mut(|data| data.remove_temp::<String>(place));
        return (edited != held).then_some(Scalar::Text(edited));
    }
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(place, edited));
    }
    None
}
