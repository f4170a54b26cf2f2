//! Lists: their entries as a person searches them, where else an entry stands, and what a text to be added would do.

use std::collections::BTreeSet;

use crate::model::{List, ListEntries, ListId, ListType};
use crate::session::Session;

/// How many lines that do not fit are named.
const NAMED: usize = 5;

/// An entry as text.
#[must_use]
pub fn entry(list: &List, at: usize) -> String {
    match &list.entries {
        ListEntries::Text(entries) => entries.get(at).map(ToString::to_string).unwrap_or_default(),
        ListEntries::Int(entries) => entries.get(at).map(i64::to_string).unwrap_or_default(),
    }
}

/// Positions of the entries that hold a text, letters of either case.
#[must_use]
pub fn search(list: &List, text: &str) -> Vec<u32> {
    let wanted = text.trim().to_lowercase();
    let all = 0..u32::try_from(list.entries.len()).unwrap_or(u32::MAX);
    if wanted.is_empty() {
        return all.collect();
    }
    all.filter(|at| entry(list, *at as usize).to_lowercase().contains(&wanted)).collect()
}

/// Whether a list holds an entry.
#[must_use]
pub fn holds(list: &List, entry: &str) -> bool {
    match list.kind {
        ListType::Text => list.entries.contains_text(entry),
        ListType::Int => entry.parse().is_ok_and(|number| list.entries.contains_int(number)),
    }
}

/// The other lists that hold an entry too.
#[must_use]
pub fn elsewhere(session: &Session, own: &ListId, entry: &str) -> Vec<ListId> {
    let others = session.document().rule_set().lists.iter().filter(|(id, list)| *id != own && holds(list, entry));
    others.map(|(id, _)| id.clone()).collect()
}

/// Positions of the entries that another list holds too.
#[must_use]
pub fn shared(session: &Session, id: &ListId) -> Vec<u32> {
    let Some(list) = session.document().rule_set().lists.get(id) else { return Vec::new() };
    let all = 0..u32::try_from(list.entries.len()).unwrap_or(u32::MAX);
    all.filter(|at| !elsewhere(session, id, &entry(list, *at as usize)).is_empty()).collect()
}

/// What lines to be added would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Entries that are new, each once.
    pub new: Vec<String>,
    /// Lines whose entry the list holds already.
    pub known: usize,
    /// Lines that say again what a line before said.
    pub repeated: usize,
    /// Lines that are no entry of this list, the first few by number and text.
    pub refused: Vec<(usize, String)>,
    /// How many those are in all.
    pub refused_count: usize,
}

/// Looks at lines before they are added: blank ones and comments are passed over, duplicates counted.
#[must_use]
pub fn plan(list: &List, text: &str) -> Plan {
    let (mut plan, mut seen) = (Plan::default(), BTreeSet::new());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number: Option<i64> = line.parse().ok();
        let fits = match list.kind {
            ListType::Text => !line.contains(|c: char| c.is_control() || c == '#'),
            ListType::Int => number.is_some(),
        };
        let is_known = match list.kind {
            ListType::Text => list.entries.contains_text(line),
            ListType::Int => number.is_some_and(|number| list.entries.contains_int(number)),
        };
        if !fits {
            plan.refused_count += 1;
            if plan.refused.len() < NAMED {
                plan.refused.push((at + 1, line.chars().take(60).collect()));
            }
        } else if !seen.insert(number.filter(|_| list.kind == ListType::Int).map_or_else(|| line.to_owned(), |n| n.to_string())) {
            plan.repeated += 1;
        } else if is_known {
            plan.known += 1;
        } else {
            plan.new.push(line.to_owned());
        }
    }
    plan
}

/// All entries, one a line.
#[must_use]
pub fn text(list: &List) -> String {
    (0..list.entries.len()).map(|at| entry(list, at) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::LocalText;

    fn list(kind: ListType, entries: ListEntries) -> List {
        List { title: LocalText::default(), kind, file: "lists/a.txt".to_owned(), entries }
    }

    #[test]
    fn lines_are_new_known_repeated_or_refused() {
        let numbers = list(ListType::Int, ListEntries::Int(Arc::from([3, 7])));
        let found = plan(&numbers, "# head\n7\n8\n\n08\nx9\n10 \n");
        assert_eq!(found.new, ["8", "10"]);
        assert_eq!((found.known, found.repeated, found.refused), (1, 1, vec![(6, "x9".to_owned())]));
        let texts = list(ListType::Text, ListEntries::Text(Arc::from([Arc::from("Ab"), Arc::from("cd")])));
        let found = plan(&texts, "cd\nef\nef\ng#h");
        assert_eq!((found.new, found.known, found.repeated, found.refused_count), (vec!["ef".to_owned()], 1, 1, 1));
        assert_eq!(search(&texts, "aB"), [0]);
        assert_eq!(text(&texts), "Ab\ncd\n");
    }
}
