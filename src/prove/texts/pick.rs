//! Texts for requests: examples of what rules ask of a text, and a text that a model speaks of.

use std::collections::BTreeSet;
use std::sync::Arc;

use batsat::Lit;

use super::super::formula::{Formula, Model};
use super::super::linear::LinearVariable;
use super::{Ask, NUMBERS, Open, TextVariable, Texts};
use countersign_core::script::share;

/// The most entries of a list or set, and the most made-up texts, that are tried for one text of a request.
const TRIES: usize = 50_000;
/// The most examples of one kind for one text of requests.
const MOST_EXAMPLES: usize = 60;

impl Texts {
    /// Gives numbers to examples of what rules ask of a text of requests; whether the text is then one that has a number. None where
    /// nothing but equality is asked of it.
    pub(in super::super) fn exemplify(&mut self, formula: &mut Formula, one: TextVariable, usual: Option<&str>) -> Option<Lit> {
        let open = self.open.get(one.0)?;
        let is_plain = open.asked.is_empty() && open.length.is_none() && open.shares.is_empty() && open.compared.is_empty();
        if open.among.is_some() || (is_plain && !self.made_of.iter().any(|(of, ..)| *of == one)) {
            return None;
        }
        for text in self.examples(one, usual) {
            self.equals(formula, one, &text);
        }
        let equal: Vec<Lit> = self.open.get(one.0)?.equal.values().copied().collect();
        Some(formula.any(equal))
    }

    /// Texts that answer what is asked of one in many ways.
    fn examples(&self, one: TextVariable, usual: Option<&str>) -> BTreeSet<Arc<str>> {
        let (mut starts, mut ends, mut parts) = (vec![String::new()], vec![String::new()], vec![String::new()]);
        let mut made: BTreeSet<String> = usual.into_iter().map(str::to_owned).collect();
        let mut related: Vec<TextVariable> = self.made_of.iter().filter(|(of, ..)| *of == one).map(|(_, made, _)| *made).collect();
        related.extend(self.open.get(one.0).into_iter().flat_map(|open| open.compared.iter().map(|(other, _)| *other)));
        related.push(one);
        for open in related.iter().filter_map(|one| self.open.get(one.0)) {
            for text in open.equal.keys().take(MOST_EXAMPLES) {
                made.extend([text.to_string(), text.to_uppercase(), text.to_lowercase(), format!("{text}0"), format!("0{text}")]);
            }
            for ask in open.asked.keys() {
                match ask {
                    Ask::StartsWith(part) => starts.push(part.to_string()),
                    Ask::EndsWith(part) => ends.push(part.to_string()),
                    Ask::Contains(part) => parts.push(part.to_string()),
                    Ask::Before(other) => made.extend([format!("{other}!"), "~".to_owned(), "!".to_owned()]),
                    Ask::OneOf(texts) => made.extend(texts.iter().take(8).map(ToString::to_string)),
                }
            }
        }
        for start in &starts {
            for (end, part) in ends.iter().flat_map(|end| parts.iter().map(move |part| (end, part))).take(MOST_EXAMPLES) {
                made.extend([format!("{start}{part}{end}"), format!("{start}0{part}7{end}")]);
            }
        }
        let longer = [1_usize, 2, 3, 5, 8, 13, 21].map(|length| "3".repeat(length));
        made.extend(longer.into_iter().chain((0..24).map(|count| format!("k{count:03}"))));
        made.into_iter().filter(|text| !text.is_empty() && text.len() <= 64).take(4 * MOST_EXAMPLES).map(Arc::from).collect()
    }

    /// A text for a model; `wanted` first, where it fits; only those that are `free`. None where no text that was tried
    /// does.
    pub(in super::super) fn pick(
        &self,
        model: &Model,
        one: TextVariable,
        wanted: Option<&str>,
        free: impl Fn(&str) -> bool,
    ) -> Option<Arc<str>> {
        let open = self.open.get(one.0)?;
        if let Some((text, _)) = open.equal.iter().find(|(_, literal)| model.holds(**literal)) {
            return Some(Arc::clone(text));
        }
        let fits = |text: &str| free(text) && Self::fits(model, open, text);
        if let Some(wanted) = wanted.filter(|wanted| fits(wanted)) {
            return Some(Arc::from(wanted));
        }
        let within = open.asked.iter().find_map(|(ask, literal)| match ask {
            Ask::OneOf(texts) if model.needs(*literal) && model.holds(*literal) => Some(texts),
            _ => None,
        });
        if let Some(texts) = within {
            return texts.iter().take(TRIES).find(|text| fits(text)).cloned();
        }
        let part = |ask: fn(&Ask) -> Option<&Arc<str>>| {
            let parts = open
                .asked
                .iter()
                .filter(|(_, literal)| model.needs(**literal) && model.holds(**literal))
                .filter_map(|(held, _)| ask(held));
            parts.max_by_key(|part| part.len()).map_or("", |part| part.as_ref())
        };
        let start = part(|ask| if let Ask::StartsWith(part) = ask { Some(part) } else { None });
        let end = part(|ask| if let Ask::EndsWith(part) = ask { Some(part) } else { None });
        let middle: String = open
            .asked
            .iter()
            .filter_map(|(ask, literal)| {
                if let Ask::Contains(part) = ask {
                    (model.needs(*literal) && model.holds(*literal)).then(|| part.as_ref())
                } else {
                    None
                }
            })
            .filter(|part| !start.contains(part) && !end.contains(part))
            .collect();
        let length = open
            .length
            .filter(|length| model.needs_number(*length))
            .map(|length| usize::try_from(model.number(length)).unwrap_or_default());
        let fill = |count: usize, first: char| {
            let held = start.chars().count() + middle.chars().count() + end.chars().count();
            let wanted = length.map_or(if held == 0 { 6 } else { 4 }, |length| length.saturating_sub(held));
            let mut filler = format!("{count:0wanted$}");
            if let Some(rest) = filler.get(1..).filter(|_| first != '0').map(str::to_owned) {
                filler = format!("{first}{rest}");
            }
            format!("{start}{middle}{filler}{end}")
        };
        let whole = Some(format!("{start}{middle}{end}")).into_iter();
        let early =
            ['0', '!', 'A', 'Z', 'a', 'z', '~', '一'].into_iter().flat_map(|first| (1..TRIES / 8).map(move |count| (count, first)));
        whole.chain(early.map(|(count, first)| fill(count, first))).find(|text| fits(text)).map(Arc::from)
    }

    /// Whether a text that has no number of its own gives every answer that the model holds.
    fn fits(model: &Model, open: &Open, text: &str) -> bool {
        let inside = |variable: LinearVariable, value: i128| {
            let (low, high) = model.range(variable);
            !model.needs_number(variable) || (low <= value && value <= high)
        };
        if let Some(among) = &open.among {
            return among.iter().any(|one| one.as_ref() == text)
                && open.equal.get(text).is_some_and(|literal| model.holds(*literal));
        }
        let is_known = open.equal.contains_key(text) || (open.given && text.is_empty());
        !is_known
            && open.asked.iter().all(|(ask, literal)| !model.needs(*literal) || ask.of(text) == model.holds(*literal))
            && open.length.is_none_or(|length| inside(length, i128::try_from(text.chars().count()).unwrap_or(NUMBERS)))
            && open.shares.iter().all(|(salt, number)| inside(*number, share(text, salt).into()))
    }
}
