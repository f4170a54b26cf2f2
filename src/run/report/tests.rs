//! The fixture's dry run and comparison as files: the page, JSON that adds up, sheets cell by cell.

use super::*;
use std::sync::Arc;

use crate::Comparison;
use crate::Run;
use crate::fixture::{TEN, engine, new_definition, old_definition, requests, table};
use countersign_core::model::{Digest, SetAside};
use countersign_core::progress::Progress;
use countersign_core::text::Language;
use countersign_requests::Format;
use countersign_requests::Table;

fn about() -> About {
    About {
        generated_at: "2014-03-27 09:30 +08:00".to_owned(),
        generator: "Countersign".to_owned(),
        samples: Samples {
            file: "ten.csv".to_owned(),
            digest: Some("sha256:00112233445566778899".to_owned()),
            set_aside: Some(SetAside { rows: 2, of: 12, reasons: Vec::new(), labels: None, amount: None, digest: Digest::of(b"") }),
            remarks: Vec::new(),
        },
        rule_set: Named::new(&new_definition().rule_set, None),
        against: Some(Named::new(&old_definition().rule_set, None)),
    }
}

fn comparison(rows: &Arc<Table>) -> Comparison {
    let (old, new) = (engine(old_definition()), engine(new_definition()));
    Comparison::new(&old, &new, rows, &Progress::default()).map_err(|refused| format!("{refused:?}")).unwrap()
}

fn report() -> Report {
    let rows = requests(&TEN);
    Report::of_comparison(about(), &comparison(&rows))
}

#[test]
fn the_same_report_gives_the_same_page() {
    assert_eq!(html::html(&report(), Language::Zh), html::html(&report(), Language::Zh));
}

#[test]
fn the_page_stands_alone_and_holds_both_languages() {
    for language in [Language::En, Language::Zh] {
        let page = html::html(&report(), language);
        for outside in ["http:", "https:", "<script", "<link", "@import", "url(", "<img", "style=\"", "onclick"] {
            assert!(!page.contains(outside), "{outside}");
        }
        for word in [
            "Small rule set",
            "小规则集",
            "interface closed",
            "接口已关闭",
            "ten.csv",
            "2 of 12 rows were left out",
            "12 条记录中剔除了 2 条",
        ] {
            assert!(page.contains(word), "{word}");
        }
    }
}

#[test]
fn texts_from_outside_can_not_become_markup() {
    let evil = "<script>alert(1)</script>\"'&";
    let mut definition = new_definition();
    definition.rule_set.title = LocalText::same(evil);
    definition.rule_set.version = evil.to_owned();
    definition.rule_set.stages[0].title = LocalText::same(evil);
    definition.rule_set.stages[0].rules[0].title = LocalText::new(evil, evil);
    definition.rule_set.reasons.values_mut().for_each(|reason| reason.wire = evil.to_owned());
    definition.rule_set.interfaces.values_mut().for_each(|interface| interface.title = LocalText::same(evil));
    let named = Named::new(&definition.rule_set, Some(evil.to_owned()));
    let remarks = vec![LocalText::same(evil)];
    let samples = Samples { file: evil.to_owned(), digest: Some(evil.to_owned()), set_aside: None, remarks };
    let about =
        About { generated_at: evil.to_owned(), generator: evil.to_owned(), samples, rule_set: named.clone(), against: Some(named) };
    let rows = requests(&TEN);
    let (key, _) = rows.schema().find("request.id").unwrap();
    let renamed = (0..rows.len()).map(|row| {
        let mut request = rows.request(row);
        request.set(key, countersign_core::model::Value::Text(evil.into()));
        request
    });
    let rows = table(rows.schema().as_ref().clone(), renamed);
    let comparison = Comparison::new(&engine(old_definition()), &engine(definition), &rows, &Progress::default()).ok().unwrap();
    let page = html::html(&Report::of_comparison(about, &comparison), Language::En);
    assert!(!page.contains("<script") && !page.contains("alert(1)<"), "markup got through");
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn personal_values_are_nowhere_in_the_report() {
    let report = report();
    let page = html::html(&report, Language::En);
    let mut text = Vec::new();
    json(&report, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    for customer in ["c1", "c2", "c3", "c4", "c5"] {
        let cell = format!(">{customer}<");
        assert!(!page.contains(&cell) && !text.contains(&format!("\"{customer}\"")), "{customer}");
    }
}

#[test]
fn the_json_adds_up() {
    let mut text = Vec::new();
    json(&report(), &mut text).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(value["format"], 1);
    let sum =
        |list: &serde_json::Value, at: &dyn Fn(&serde_json::Value) -> i64| list.as_array().unwrap().iter().map(at).sum::<i64>();
    assert_eq!(sum(&value["summary"]["verdicts"], &|line| line["sums"]["requests"].as_i64().unwrap()), 10);
    assert_eq!(sum(&value["summary"]["verdicts"], &|line| line["sums"]["amount_fen"].as_i64().unwrap()), 1_936_600);
    let figures = &value["against"]["figures"];
    assert_eq!(sum(&figures["transitions"], &|cell| cell["cell"]["sums"]["requests"].as_i64().unwrap()), 10);
    assert_eq!(sum(&figures["groups"], &|group| group["cell"]["sums"]["requests"].as_i64().unwrap()), 4);
    assert_eq!(value["against"]["first_flips"].as_array().unwrap().len(), 4);
}

#[test]
fn decisions_are_written_with_their_columns() {
    let rows = requests(&TEN);
    let run = Run::new(&engine(new_definition()), &rows, &Progress::default()).unwrap();
    let mut out = Vec::new();
    decisions(&run, Format::Csv, &mut out, &Progress::default()).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 11);
    assert_eq!(lines[0], "key,verdict,interface,score,reasons,hits,errors,limit_single,limit_day,limit_month,limit_year");
    assert_eq!(lines[1], "k1,accept,east,0,,limit_day,,500000,1000000,,");
    assert_eq!(lines[3], "k3,decline,,0,CLOSED,closed,,,,,");
    assert_eq!(lines[5], "k5,decline,,100,BIG;POINTS,big;points,,,,,");
    assert_eq!(lines[9], "k9,refer,east,7,SYSTEM_ERROR,points;limit_day,fragile,500000,1000000,,");
}

#[test]
fn flips_are_written_with_their_causes() {
    let rows = requests(&TEN);
    let mut out = Vec::new();
    flips(&comparison(&rows), Format::Csv, &mut out, &Progress::default()).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let head =
        "key,old_verdict,new_verdict,old_interface,new_interface,old_reasons,new_reasons,old_limits,new_limits,differs,causes";
    assert_eq!(lines[0], head);
    assert_eq!(
        lines[1],
        "k3,step_up,decline,east,,WATCH,CLOSED,single=500000;day=1000000,,verdict;interface;reasons;limits,closed;gone"
    );
    assert_eq!(lines.len(), 5);
}

#[test]
fn a_run_alone_has_no_comparison_and_an_empty_one_a_page() {
    let rows = requests(&[]);
    let run = Run::new(&engine(new_definition()), &rows, &Progress::default()).unwrap();
    let page = html::html(&Report::of_run(About::default(), &run), Language::En);
    assert!(!page.contains("id=\"flips\""));
    assert!(page.contains("no request"));
}
