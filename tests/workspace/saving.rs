//! What a save changes in the files, and what it leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_core::model::{
    Definition, Fen, HitPolicy, Interface, InterfaceId, ListEntries, Moment, Parameter, ParameterId, RuleId, RuleSet, StageKind,
    Status, Value, Verdict,
};
use countersign_core::text::{LocalText, SourceId};
use countersign_workspace::{
    DiskFiles, FileErrorKind, FileTexts, Files, MemoryFiles, SaveFailed, SavedWorkspace, Unread, load, load_cases, save_workspace,
};
use proptest::prelude::*;

use super::{text_of, tiny};

/// Changes the tiny workspace, saves it, and gives the changed lines of every file: `-` gone, `+` new.
fn changed(change: impl FnOnce(&mut Definition)) -> String {
    let files = tiny();
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    change(&mut new);
    let before = files.all();
    let saved = save(&files, "w", &old, &new).unwrap_or_else(|failed| panic!("{failed}"));
    assert_same(&saved, &new);
    assert_eq!(files.unfinished(), 0);
    let after = files.all();
    let mut report = String::new();
    let names: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    for name in names {
        let lines = |all: &BTreeMap<PathBuf, Arc<Vec<u8>>>| -> Vec<String> {
            all.get(name).map_or(Vec::new(), |bytes| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect())
        };
        let (was, is) = (lines(&before), lines(&after));
        if was != is {
            writeln!(report, "{}", name.strip_prefix("w").unwrap().display()).unwrap();
            report += &difference(&was, &is);
        }
    }
    report
}

/// Lines gone and lines new, by the longest common subsequence.
fn difference(was: &[String], is: &[String]) -> String {
    let mut longest = vec![vec![0_usize; is.len() + 1]; was.len() + 1];
    for (a, old) in was.iter().enumerate().rev() {
        for (b, new) in is.iter().enumerate().rev() {
            longest[a][b] = if old == new { longest[a + 1][b + 1] + 1 } else { longest[a + 1][b].max(longest[a][b + 1]) };
        }
    }
    let (mut a, mut b, mut report) = (0, 0, String::new());
    while a < was.len() || b < is.len() {
        if a < was.len() && b < is.len() && was[a] == is[b] {
            (a, b) = (a + 1, b + 1);
        } else if b >= is.len() || (a < was.len() && longest[a + 1][b] >= longest[a][b + 1]) {
            writeln!(report, "-{}", was[a]).unwrap();
            a += 1;
        } else {
            writeln!(report, "+{}", is[b]).unwrap();
            b += 1;
        }
    }
    report
}

/// The rule set without the numbers of sources.
fn plain(rules: &RuleSet) -> RuleSet {
    let mut rules = rules.clone();
    for stage in &mut rules.stages {
        for rule in &mut stage.rules {
            rule.script.source = SourceId(0);
        }
    }
    for invariant in &mut rules.invariants {
        invariant.when.source = SourceId(0);
    }
    if let Some(shared) = &mut rules.shared {
        shared.source = SourceId(0);
    }
    rules
}

/// Saves rules; the cases stay as they are.
fn save(files: &dyn Files, root: &str, old: &Definition, new: &Definition) -> Result<SavedWorkspace, SaveFailed> {
    let mut old = old.clone();
    let cases = load_cases(files, root, &mut old).unwrap();
    save_workspace(files, root, (&old, &cases), (new, &cases), &Unread::default(), FileTexts::default())
}

fn assert_same(saved: &SavedWorkspace, wanted: &Definition) {
    let (is, wanted_rules) = (plain(&saved.loaded.definition.rule_set), plain(&wanted.rule_set));
    assert_eq!(is, wanted_rules);
    assert!(is.parameters.keys().eq(wanted_rules.parameters.keys()), "the order of parameters");
    assert_eq!(saved.loaded.definition.schema, wanted.schema);
    assert!(saved.loaded.definition.schema.groups.keys().eq(wanted.schema.groups.keys()), "the order of groups");
}

#[test]
fn nothing_is_written_when_nothing_changed() {
    let files = tiny();
    let old = load(&files, "w").unwrap();
    let saved = save(&files, "w", &old, &old.clone()).unwrap();
    assert!(saved.written.is_empty() && saved.removed.is_empty());
    assert_eq!(files.commits(), 0);
    let shipped = load(&DiskFiles, "rules").unwrap();
    let saved = save(&DiskFiles, "rules", &shipped, &shipped.clone()).unwrap();
    assert!(saved.written.is_empty(), "{:?}", saved.written);
}

#[test]
fn a_changed_value_is_replaced_where_it_stands() {
    let report = changed(|new| new.rule_set.parameters["single_limit"].value = Value::Money(Fen(1_000_000)));
    let expected = "ruleset.ron\n-            type: Money, value: \"5000.00\", // as ICBC announced\n+            type: Money, value: \"10000.00\", // as ICBC announced\n";
    assert_eq!(report, expected);
    let report = changed(|new| new.rule_set.stages[0].rules[1].title.zh = "名\"单\n".to_owned());
    let expected = "ruleset.ron\n-                    title: (en: \"Blocklist\", zh: \"黑名单\"),\n+                    title: (en: \"Blocklist\", zh: \"名\\\"单\\n\"),\n";
    assert_eq!(report, expected);
}

#[test]
fn what_need_not_be_written_comes_and_goes() {
    let report = changed(|new| new.rule_set.stages[0].rules[1].status = Status::Active);
    assert_eq!(report, "ruleset.ron\n-                    status: Shadow,\n");
    let report = changed(|new| {
        let until = Moment::try_from("2015-01-01T00:00:00+08:00".to_owned()).unwrap();
        new.rule_set.stages[0].rules[1].window.until = Some(until);
    });
    assert_eq!(report, "ruleset.ron\n+                    until: \"2015-01-01T00:00:00+08:00\",\n");
    let report = changed(|new| {
        new.rule_set.interfaces["branch_1"].capacity_per_second = Some(7);
    });
    let expected = "ruleset.ron\n-        \"branch_1\": (title: (en: \"Branch 1\", zh: \"分行一\")),\n+        \"branch_1\": (title: (en: \"Branch 1\", zh: \"分行一\"), capacity_per_second: 7),\n";
    assert_eq!(report, expected);
}

#[test]
fn a_removed_rule_takes_its_comment_and_its_script_along() {
    let report = changed(|new| {
        new.rule_set.stages[0].rules.remove(1);
    });
    let expected = "risk/blocklist.rhai\n-if customer.id_hash in lists.blocked_ids { refer(\"BLOCKED\") }\nruleset.ron\n-                // On trial until the committee meets.\n-                (\n-                    id: \"blocklist\",\n-                    title: (en: \"Blocklist\", zh: \"黑名单\"),\n-                    owner: \"Risk\", basis: (en: \"Internal policy 7\", zh: \"内部制度第7条\"),\n-                    status: Shadow,\n-                    script: \"risk/blocklist.rhai\", // one line\n-                ),\n";
    assert_eq!(report, expected);
}

#[test]
fn rules_that_change_places_keep_their_comments() {
    let files = tiny();
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    new.rule_set.stages[0].rules.swap(0, 1);
    save(&files, "w", &old, &new).unwrap();
    let text = text_of(&files, "w/ruleset.ron");
    let (comment, id, other) = ("// On trial until", "id: \"blocklist\"", "id: \"closed_interface_new\"");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is gone"));
    assert!(at(comment) < at(id) && at(id) < at(other) && text.contains("// one line"));
    assert_eq!(text.lines().count(), text_of(&tiny(), "w/ruleset.ron").lines().count());
}

#[test]
fn a_rule_that_moves_to_another_stage_keeps_its_comments() {
    let report = changed(|new| {
        let rule = new.rule_set.stages[0].rules.remove(1);
        new.rule_set.stages[1].rules.insert(0, rule);
    });
    let gone: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix('-')).collect();
    let come: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix('+')).collect();
    assert_eq!(gone, come, "{report}");
}

#[test]
fn a_new_rule_stands_where_it_belongs_with_its_script() {
    let report = changed(|new| {
        let mut rule = new.rule_set.stages[2].rules.first().cloned().unwrap_or_else(|| new.rule_set.stages[1].rules[0].clone());
        rule.id = RuleId::new("to_zhejiang").unwrap();
        rule.title = LocalText::new("To Zhejiang", "走浙江");
        rule.basis = LocalText::new("", "");
        rule.script.file = "routing/to_zhejiang.rhai".to_owned();
        rule.script.text = "route(\"zhejiang\")\n".into();
        new.rule_set.stages[2].rules.push(rule);
    });
    let expected = "routing/to_zhejiang.rhai\n+route(\"zhejiang\")\nruleset.ron\n-        (id: \"routing\", title: (en: \"Routing\", zh: \"路由\"), kind: Route(default: \"zhejiang\"), rules: []),\n+        (id: \"routing\", title: (en: \"Routing\", zh: \"路由\"), kind: Route(default: \"zhejiang\"), rules: [\n+            (id: \"to_zhejiang\", title: (en: \"To Zhejiang\", zh: \"走浙江\"), owner: \"Risk\", script: \"routing/to_zhejiang.rhai\"),\n+        ]),\n";
    assert_eq!(report, expected);
}

#[test]
fn a_list_keeps_its_comments_and_its_order() {
    let report = changed(|new| {
        let entries = ["h-0009", "h-0007", "h-0100"].map(Arc::from);
        let mut entries: Vec<Arc<str>> = entries.to_vec();
        entries.sort();
        new.rule_set.lists["blocked_ids"].entries = ListEntries::Text(entries.into());
    });
    assert_eq!(report, "lists/blocked_ids.txt\n-h-0008\n+h-0100\n");
}

#[test]
fn a_file_from_windows_stays_one() {
    let files = tiny();
    let text = text_of(&files, "w/ruleset.ron").replace('\n', "\r\n");
    files.put("w/ruleset.ron", format!("\u{feff}{text}"));
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    let added = Interface { title: LocalText::new("Branch 2", "分行二"), capacity_per_second: None };
    new.rule_set.interfaces.insert(InterfaceId::new("branch_2").unwrap(), added);
    let saved = save(&files, "w", &old, &new).unwrap();
    assert_same(&saved, &new);
    let text = text_of(&files, "w/ruleset.ron");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn what_someone_else_changed_is_not_overwritten() {
    let files = tiny();
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    new.rule_set.version = "2".to_owned();
    files.put("w/ruleset.ron", text_of(&files, "w/ruleset.ron") + "// mine\n");
    let Err(SaveFailed::File { error, written }) = save(&files, "w", &old, &new) else { panic!("it was saved") };
    assert_eq!((error.fault, written.len(), files.commits()), (FileErrorKind::Changed, 0, 0));
}

#[test]
fn a_new_script_does_not_overwrite_a_file_nobody_read() {
    let files = tiny();
    files.put("w/risk/new.rhai", "// someone's draft\n");
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    new.rule_set.stages[0].rules[0].script.file = "risk/new.rhai".to_owned();
    let Err(SaveFailed::File { error, .. }) = save(&files, "w", &old, &new) else { panic!("it was saved") };
    assert_eq!(error.fault, FileErrorKind::Changed);
    assert_eq!(text_of(&files, "w/risk/new.rhai"), "// someone's draft\n");
}

#[test]
fn what_could_not_be_loaded_again_is_not_saved() {
    let files = tiny();
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    new.rule_set.stages[0].rules[1].id = new.rule_set.stages[0].rules[0].id.clone();
    let Err(SaveFailed::Refused(failed)) = save(&files, "w", &old, &new) else { panic!("it was saved") };
    assert_eq!((failed.findings[0].id(), files.commits()), ("duplicate-id", 0));
}

#[test]
fn a_full_disk_leaves_every_file_as_it_was() {
    let files = tiny();
    let old = load(&files, "w").unwrap();
    let mut new = old.clone();
    new.rule_set.version = "2".to_owned();
    new.rule_set.stages[0].rules[0].script.text = "decline(\"BLOCKED\")".into();
    let before = files.all();
    for room in [0, 10, 30, 1000] {
        files.fill_disk_after(room);
        let Err(SaveFailed::File { error, written }) = save(&files, "w", &old, &new) else { panic!("it was saved") };
        assert_eq!((error.fault, written.len()), (FileErrorKind::DiskFull, 0));
        assert_eq!((files.all(), files.unfinished()), (before.clone(), 0));
    }
    files.heal();
    files.fail_commits_after(1);
    let Err(SaveFailed::File { written, .. }) = save(&files, "w", &old, &new) else { panic!("it was saved") };
    assert_eq!(written, ["risk/closed_interface_new.rhai"], "the rule set comes last");
    files.heal();
    assert_same(&save(&files, "w", &old, &new).unwrap(), &new);
}

/// One change to a definition, chosen by numbers and a text.
fn mutate(new: &mut Definition, kind: usize, pick: usize, text: &str, number: i64) {
    let at = |len: usize| pick % len.max(1);
    let rules = &mut new.rule_set;
    let stage = at(rules.stages.len());
    let count = rules.stages[stage].rules.len();
    match kind {
        0 => rules.title.en = text.into(),
        1 => rules.stages[stage].title.zh = text.into(),
        2 => rules.stages.rotate_left(stage),
        3 if count > 0 => rules.stages[stage].rules[pick / 7 % count].owner = text.into(),
        4 if count > 0 => {
            rules.stages[stage].rules[pick / 7 % count].status = [Status::Active, Status::Shadow, Status::Off][pick % 3];
        }
        5 if count > 0 => drop(rules.stages[stage].rules.remove(pick / 7 % count)),
        6 if count > 0 => rules.stages[stage].rules.rotate_left(pick / 7 % count),
        7 if count > 0 => {
            let rule = rules.stages[stage].rules.remove(pick / 7 % count);
            let other = (stage + 1) % rules.stages.len();
            rules.stages[other].rules.insert(0, rule);
        }
        8 if count > 0 => {
            let mut rule = rules.stages[stage].rules[0].clone();
            rule.id = RuleId::new(format!("added_{}", pick % 100)).unwrap();
            rule.script.file = format!("risk/added_{}.rhai", pick % 100);
            rule.script.text = text.into();
            rules.stages[stage].rules.insert(pick / 7 % (count + 1), rule);
        }
        9 => {
            let index = at(rules.parameters.len());
            let Some((_, parameter)) = rules.parameters.get_index_mut(index) else { return };
            match &mut parameter.value {
                Value::Int(value) => *value = number,
                Value::Money(value) => value.0 = number,
                Value::Bool(value) => *value = !*value,
                Value::Text(value) if parameter.range.is_none() && parameter.kind.name() == "Text" => *value = text.into(),
                Value::Float(value) => *value = f64::from(i32::try_from(number % 1000).unwrap()) / 8.0,
                _ => parameter.text.en = text.into(),
            }
        }
        10 => drop(rules.parameters.shift_remove_index(at(rules.parameters.len()))),
        11 => {
            let len = rules.parameters.len();
            if len > 1 {
                rules.parameters.move_index(at(len), pick / 7 % len);
            }
        }
        12 => {
            let id = ParameterId::new(format!("added_{}", pick % 100)).unwrap();
            let text = LocalText::new(text, "中文");
            let added = Parameter {
                kind: countersign_core::model::FieldType::Int,
                value: Value::Int(number),
                range: None,
                unit: None,
                text,
            };
            // One that is there already moves to the place.
            let places = rules.parameters.len() + usize::from(!rules.parameters.contains_key(&id));
            rules.parameters.shift_insert(at(places), id, added);
        }
        13 => rules.stages[stage].kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() },
        14 => {
            for held in &mut rules.stages {
                if let StageKind::Screen { bands, .. } = &mut held.kind {
                    bands.insert(0, countersign_core::model::Band { at_least: -1 - number.abs() / 2, verdict: Verdict::Accept });
                }
            }
        }
        15 => rules.invariants.clear(),
        16 => rules.shared = None,
        17 => drop(new.schema.groups.get_index_mut(0).map(|(_, group)| group.text.zh = text.into())),
        18 => new
            .schema
            .groups
            .iter_mut()
            .for_each(|(_, group)| group.fields.iter_mut().for_each(|(_, field)| field.personal = !field.personal)),
        19 => new.schema.groups.values_mut().for_each(|group| group.fields.reverse()),
        _ => rules.version = text.into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn what_is_saved_is_what_is_loaded(edits in prop::collection::vec((0..21_usize, any::<u16>(), "[a-z\"\\\\\n中#/*,(){}]{0,12}", any::<i64>()), 1..4)) {
        let files = tiny();
        let old = load(&files, "w").unwrap();
        let mut new = old.clone();
        for (kind, pick, text, number) in edits {
            mutate(&mut new, kind, usize::from(pick), &text, number);
        }
        let before = text_of(&files, "w/ruleset.ron");
        match save(&files, "w", &old, &new) {
            Ok(saved) => {
                assert_same(&saved, &new);
                let again = load(&files, "w").unwrap();
                prop_assert_eq!(plain(&again.rule_set), plain(&new.rule_set));
                prop_assert!(text_of(&files, "w/ruleset.ron").contains("// A small rule set"), "the text was written anew");
            }
            Err(SaveFailed::Refused(_)) => prop_assert_eq!(before, text_of(&files, "w/ruleset.ron")),
            Err(failed) => prop_assert!(false, "{}", failed),
        }
        prop_assert_eq!(files.unfinished(), 0);
    }

    #[test]
    fn a_damaged_file_is_refused_or_read_but_never_a_panic(at in any::<u32>(), len in 0..40_usize, put in prop::collection::vec(any::<u8>(), 0..8), which in 0..3_usize, cut in any::<bool>()) {
        let files = tiny();
        let name = ["w/ruleset.ron", "w/schema.ron", "w/cases/access.ron"][which];
        let mut bytes = files.read(Path::new(name), u64::MAX).unwrap();
        let at = at as usize % bytes.len();
        if cut {
            bytes.truncate(at);
        } else {
            let end = (at + len).min(bytes.len());
            bytes.splice(at..end, put);
        }
        files.put(name, bytes);
        if let Err(failed) = super::load_all(&files, "w") {
            prop_assert!(!failed.findings.is_empty());
            for finding in &failed.findings {
                prop_assert!(finding.help.is_some() && !finding.message.zh.is_empty());
                if let Some(span) = finding.span {
                    let source = failed.sources.get(span.source).unwrap();
                    prop_assert!(span.end as usize <= source.text().len() + 1);
                }
            }
        }
    }
}

/// Saves share no state: a copy of the files in memory is a copy of nothing else.
#[test]
fn memory_files_share_what_is_put() {
    let files = MemoryFiles::new();
    files.clone().put("a", "1");
    assert_eq!(text_of(&files, "a"), "1");
}
