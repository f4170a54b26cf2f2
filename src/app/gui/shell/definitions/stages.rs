//! The form of a stage: id, title, its place in the order, what it is for and how its rules combine.

use eframe::egui::{Label, Ui};

use super::{beside, both, decide, form, line, refusal, width};
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, metrics, space};
use crate::gui::widgets::{button, choice, field, section};
use crate::gui::words::{self, language, local, say, text};
use countersign_core::model::{Band, HitPolicy, InterfaceId, StageId, StageKind, Verdict};
use countersign_core::text::{Language, LocalText, StaticText};
use countersign_session::{Action, Session, StageAction, StageSpec};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum StageEdit {
    #[default]
    Screen,
    Limit,
    Route,
}

/// What is typed, and whose it is.
pub struct StageDefinitions {
    chosen: Option<StageId>,
    id: String,
    title: LocalText,
    is_for: StageEdit,
    policy: HitPolicy,
    /// The score bands as they are typed.
    bands: Vec<(String, Verdict)>,
    default: Option<InterfaceId>,
}

impl Default for StageDefinitions {
    fn default() -> Self {
        let (id, title) = (String::new(), LocalText::default());
        Self { chosen: None, id, title, is_for: StageEdit::Screen, policy: HitPolicy::MostSevere, bands: Vec::new(), default: None }
    }
}

impl StageDefinitions {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().stages;
        // Renamed, removed or undone meanwhile.
        if self.chosen.as_ref().is_some_and(|chosen| !held.iter().any(|stage| stage.id == *chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|stage| (stage.id.to_string(), local(ui, &stage.title).into_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_ref().map(StageId::as_str), |ui| {
            form(ui, self, |this, ui| this.body(ui, session), |this, ui| this.send(ui, session, out));
        });
        if let Some(asked) = asked {
            self.take(session, asked.name().as_deref());
        }
    }

    /// Shows a stage in the form; none for a new one.
    fn take(&mut self, session: &Session, chosen: Option<&str>) {
        *self = Self::default();
        let stages = &session.document().rule_set().stages;
        let Some(stage) = stages.iter().find(|stage| Some(stage.id.as_str()) == chosen) else { return };
        (self.chosen, self.id, self.title) = (Some(stage.id.clone()), stage.id.to_string(), stage.title.clone());
        match &stage.kind {
            StageKind::Screen { policy, bands } => {
                let typed = bands.iter().map(|band| (band.at_least.to_string(), band.verdict)).collect();
                (self.is_for, self.policy, self.bands) = (StageEdit::Screen, *policy, typed);
            }
            StageKind::Limit => self.is_for = StageEdit::Limit,
            StageKind::Route { default } => (self.is_for, self.default) = (StageEdit::Route, default.clone()),
        }
    }

    fn body(&mut self, ui: &mut Ui, session: &Session) {
        line(ui, say(ui, text("Id", "标识")), &mut self.id, "access");
        both(ui, say(ui, text("Title", "标题")), &mut self.title);
        let label = say(ui, text("Takes", "用途"));
        section::property(ui, label, |ui| {
            let kinds = [
                (StageEdit::Screen, text("Verdicts and scores (Screen)", "结论与评分（筛查）")),
                (StageEdit::Limit, text("Limits (Limit)", "限额")),
                (StageEdit::Route, text("Interfaces (Route)", "接口（路由）")),
            ];
            let kinds = kinds.map(|(kind, name)| (kind, say(ui, name).to_owned()));
            self.is_for = choice::one_of(ui, label, &self.is_for, &kinds, "", width(ui)).unwrap_or(self.is_for);
        });
        match self.is_for {
            StageEdit::Screen => self.screen(ui),
            StageEdit::Limit => explain(ui, text("The smallest value per limit wins", "每种限额取最小值")),
            StageEdit::Route => self.route(ui, session),
        }
    }

    fn screen(&mut self, ui: &mut Ui) {
        let label = say(ui, text("What counts", "取值方式"));
        section::property(ui, label, |ui| {
            let policies = [HitPolicy::First, HitPolicy::MostSevere];
            let all = policies.map(|policy| (policy, say(ui, words::hit_policy(policy)).to_owned()));
            self.policy = choice::one_of(ui, label, &self.policy, &all, "", width(ui)).unwrap_or(self.policy);
        });
        let chinese = language(ui.ctx()) == Language::Zh;
        let mut gone = None;
        for (at, (least, verdict)) in self.bands.iter_mut().enumerate() {
            let number = at + 1;
            let label = if chinese { format!("评分达到 {number}") } else { format!("From score {number}") };
            section::property(ui, &label, |ui| {
                field::text(ui, least, &label, "60", metrics().time_width);
                let label = if chinese { format!("结论 {number}") } else { format!("Verdict {number}") };
                let now = *verdict;
                *verdict = choice::verdict(ui, &label, now, Verdict::Accept, metrics().field_width).unwrap_or(now);
                let remove = if chinese { format!("删除区间 {number}") } else { format!("Remove band {number}") };
                if button::icon(ui, Glyph::Trash2, &remove).clicked() {
                    gone = Some(at);
                }
            });
        }
        if let Some(at) = gone {
            self.bands.remove(at);
        }
        section::property(ui, "", |ui| {
            if button::ghost(ui, Some(Glyph::Plus), say(ui, text("Add a score band", "新增评分区间"))).clicked() {
                self.bands.push((String::new(), self.bands.last().map_or(Verdict::Refer, |(_, verdict)| *verdict)));
            }
        });
    }

    fn route(&mut self, ui: &mut Ui, session: &Session) {
        let label = say(ui, text("Otherwise", "默认接口"));
        section::property(ui, label, |ui| {
            let none = (None, say(ui, text("– none: an error –", "– 无：视为错误 –")).to_owned());
            let interfaces = session.document().rule_set().interfaces.iter();
            let named = interfaces.map(|(id, interface)| (Some(id.clone()), shown(id.as_str(), &local(ui, &interface.title))));
            let all: Vec<_> = std::iter::once(none).chain(named).collect();
            if let Some(chosen) = choice::one_of(ui, label, &self.default, &all, "", width(ui)) {
                self.default = chosen;
            }
        });
        explain(
            ui,
            text(
                "The interface that is taken where no rule routes; the first route wins",
                "没有规则给出路由时使用的接口；首条路由优先",
            ),
        );
    }

    /// The stage as it is typed, or what is wrong with it.
    fn understand(&self, session: &Session) -> Result<(StageId, StageSpec), LocalText> {
        let rules = session.document().rule_set();
        let id = StageId::new(self.id.trim()).map_err(|_| super::name_form())?;
        if self.chosen.as_ref() != Some(&id) && rules.stages.iter().any(|stage| stage.id == id) {
            return Err(LocalText::new("there is a stage of that name already", "已有同名阶段"));
        }
        let band = |(least, verdict): &(String, Verdict)| {
            let wrong = || LocalText::new("a score is a whole number", "评分应为整数");
            least.trim().parse().map(|at_least| Band { at_least, verdict: *verdict }).map_err(|_| wrong())
        };
        let kind = match self.is_for {
            StageEdit::Screen => {
                StageKind::Screen { policy: self.policy, bands: self.bands.iter().map(band).collect::<Result<_, _>>()? }
            }
            StageEdit::Limit => StageKind::Limit,
            StageEdit::Route => StageKind::Route { default: self.default.clone() },
        };
        let spec = StageSpec { title: self.title.clone(), kind };
        spec.check(rules)?;
        Ok((id, spec))
    }

    fn send(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let made = self.understand(session);
        let (mut save, mut remove) = (false, false);
        ui.horizontal(|ui| {
            (save, remove) = decide(ui, self.chosen.is_none(), made.is_ok());
            self.order(ui, session, out);
        });
        if let Some(why) = made.as_ref().err().filter(|_| !self.id.is_empty()) {
            refusal(ui, why);
        }
        let mut act = |action| out.push(Action::Stage(action));
        match (made, self.chosen.clone()) {
            (Ok((id, spec)), before) if save => {
                if let Some(before) = before.filter(|before| *before != id) {
                    act(StageAction::Rename(before, id.clone()));
                }
                act(StageAction::Define(id, Box::new(spec)));
                *self = Self::default();
            }
            (_, Some(before)) if remove => act(StageAction::Remove(before)),
            _ => {}
        }
    }

    /// Moves the chosen stage among the others.
    fn order(&self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let stages = &session.document().rule_set().stages;
        let Some(at) = stages.iter().position(|stage| Some(&stage.id) == self.chosen.as_ref()) else { return };
        let Some(id) = self.chosen.clone() else { return };
        let mut to = None;
        for (can, glyph, label, there) in [
            (at > 0, Glyph::ArrowUp, text("Move the stage up", "上移阶段"), at.saturating_sub(1)),
            (at + 1 < stages.len(), Glyph::ArrowDown, text("Move the stage down", "下移阶段"), at + 1),
        ] {
            ui.add_enabled_ui(can, |ui| {
                if button::icon(ui, glyph, say(ui, label)).clicked() {
                    to = Some(there);
                }
            });
        }
        if let Some(to) = to {
            out.push(Action::Stage(StageAction::Move(id, to)));
        }
    }
}

fn shown(id: &str, title: &str) -> String {
    if title.is_empty() { id.to_owned() } else { format!("{id} {title}") }
}

fn explain(ui: &mut Ui, words: StaticText) {
    section::property(ui, "", |ui| ui.add(Label::new(theme::weak(ui, say(ui, words))).wrap()));
    ui.add_space(space().small);
}
