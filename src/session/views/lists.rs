//! Lists: their entries as a person searches them, where else an entry is, and what a text to be added would do.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::Session;
use countersign_core::model::{List, ListEntries, ListId, ListType, list_entry, list_line};
use countersign_core::text::normalized;

/// How many lines that do not fit are named.
const NAMED: usize = 5;

pub fn entry(list: &List, at: usize) -> String {
    match &list.entries {
        ListEntries::Text(entries) => entries.get(at).map(ToString::to_string).unwrap_or_default(),
        ListEntries::Int(entries) => entries.get(at).map(i64::to_string).unwrap_or_default(),
    }
}

/// Positions of the entries that hold a text, letters of either case.
pub fn search(list: &List, text: &str) -> Vec<u32> {
    let wanted = normalized(text).to_lowercase();
    let all = 0..u32::try_from(list.entries.len()).unwrap_or(u32::MAX);
    if wanted.is_empty() {
        return all.collect();
    }
    all.filter(|at| entry(list, *at as usize).to_lowercase().contains(&wanted)).collect()
}

pub fn holds(list: &List, entry: &str) -> bool {
    let entry = normalized(entry);
    match list.kind {
        ListType::Text => list.entries.contains_text(&entry),
        ListType::Int => entry.parse().is_ok_and(|number| list.entries.contains_int(number)),
    }
}

/// The other lists that hold an entry too.
pub fn elsewhere(session: &Session, own: &ListId, entry: &str) -> Vec<ListId> {
    let others = session.document().rule_set().lists.iter().filter(|(id, list)| *id != own && holds(list, entry));
    others.map(|(id, _)| id.clone()).collect()
}

/// Positions of the entries that another list holds too.
pub fn shared(session: &Session, id: &ListId) -> Vec<u32> {
    let Some(list) = session.document().rule_set().lists.get(id) else { return Vec::new() };
    let all = 0..u32::try_from(list.entries.len()).unwrap_or(u32::MAX);
    all.filter(|at| !elsewhere(session, id, &entry(list, *at as usize)).is_empty()).collect()
}

/// What lines to be added would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Entries that are new, each once.
    pub new: Vec<String>,
    /// Lines whose entry the list holds already.
    pub known: usize,
    /// Lines that say again what a line before said.
    pub repeated: usize,
    /// Lines that are no entry of this list, the first few by number and text.
    pub refused: Vec<(usize, String)>,
    pub refused_count: usize,
}

/// Looks at lines before they are added: blank ones and comments are passed over, duplicates counted.
pub fn plan(list: &List, text: &str) -> ImportPlan {
    let (mut plan, mut seen) = (ImportPlan::default(), BTreeSet::new());
    for (at, line) in text.lines().enumerate() {
        let Some(entry) = list_entry(line) else { continue };
        let number: Option<i64> = entry.parse().ok();
        let fits = match list.kind {
            ListType::Text => list_line(&entry).is_some(),
            ListType::Int => number.is_some(),
        };
        let is_known = match list.kind {
            ListType::Text => list.entries.contains_text(&entry),
            ListType::Int => number.is_some_and(|number| list.entries.contains_int(number)),
        };
        if !fits {
            plan.refused_count += 1;
            if plan.refused.len() < NAMED {
                plan.refused.push((at + 1, entry.chars().take(60).collect()));
            }
        } else if !seen.insert(number.filter(|_| list.kind == ListType::Int).map_or_else(|| entry.to_string(), |n| n.to_string())) {
            plan.repeated += 1;
        } else if is_known {
            plan.known += 1;
        } else {
            plan.new.push(entry.into_owned());
        }
    }
    plan
}

/// All entries, one a line, as a list's file has them.
pub fn text(list: &List) -> String {
    let line = |entry: String| list_line(&entry).map_or(entry.clone(), Cow::into_owned) + "\n";
    (0..list.entries.len()).map(|at| line(entry(list, at))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use countersign_core::text::LocalText;

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
        let found = plan(&texts, "cd\nef\nef # again\ng#h\n'cd\nc\u{200b}d\u{a0}\n'#i\nj\u{1}k\n");
        assert_eq!((found.new, found.known, found.repeated), (["ef", "g#h", "#i"].map(str::to_owned).to_vec(), 1, 3));
        assert_eq!((found.refused_count, found.refused.len()), (1, 1));
        assert!(holds(&texts, " cd\u{feff}") && !holds(&texts, "c d"));
        assert_eq!(search(&texts, "aB"), [0]);
        assert_eq!(text(&texts), "Ab\ncd\n");
    }
}
