//! From two small workspaces and a file of ten requests to the committee's page, which is kept whole beside them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::Language;
use countersign_requests::{Format, Input, ReadOptions, read};
use countersign_run::Comparison;
use countersign_run::report::{About, Explained, Named, Report, Samples, html};
use countersign_workspace::{DiskFiles, load};

const FOLDER: &str = "tests/fixtures/report";

fn engine(name: &str) -> Engine {
    let definition = load(&DiskFiles, Path::new(FOLDER).join(name)).unwrap_or_else(|failed| panic!("{failed}"));
    let compiled = Program::compile(&definition);
    assert_eq!(compiled.findings, []);
    Engine::new(Arc::new(definition), compiled.program)
}

fn report() -> Report {
    let (old, new) = (engine("old"), engine("new"));
    let bytes = fs::read(Path::new(FOLDER).join("ten.csv")).unwrap();
    let input = Input::new("ten.csv", Format::Csv, Arc::new(bytes));
    let schema = Arc::new(new.definition().schema.clone());
    let reading = read(&input, &schema, ReadOptions::default(), &Progress::default()).unwrap_or_else(|error| panic!("{error:?}"));
    let table = Arc::new(reading.table);
    let comparison = Comparison::new(&old, &new, &table, &Progress::default()).unwrap_or_else(|refused| panic!("{refused:?}"));
    let about = About {
        generated_at: "2014-03-27 09:30 +08:00".to_owned(),
        generator: "Countersign".to_owned(),
        samples: Samples { file: input.name, digest: None, set_aside: reading.set_aside, remarks: Vec::new() },
        rule_set: Named::new(&new.definition().rule_set, Some("sha256:0123456789abcdef".to_owned())),
        against: Some(Named::new(&old.definition().rule_set, None)),
    };
    let mut explained = Explained::default();
    explained.add(comparison.new_run(), Some(&comparison));
    Report::of_comparison(about, &comparison).explaining(explained)
}

#[test]
fn the_page_is_the_one_that_was_looked_at() {
    let page = html::html(&report(), Language::En);
    let path = Path::new(FOLDER).join("ten.html");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(page.lines()).enumerate().find(|(_, (kept, got))| kept != got);
    assert_eq!(differs, None, "look at the new page, then run this again with UPDATE_SNAPSHOTS=1");
    assert!(kept == page, "one page is longer than the other");
}

#[test]
fn the_page_opens_in_the_language_asked_for() {
    let report = report();
    let (en, zh) = (html::html(&report, Language::En), html::html(&report, Language::Zh));
    assert!(en.contains("id=\"show-en\" checked>") && en.contains("<html lang=\"en\">"));
    assert!(zh.contains("id=\"show-zh\" checked>") && zh.contains("<html lang=\"zh-CN\">"));
}
