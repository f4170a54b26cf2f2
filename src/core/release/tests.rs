//! What readers and writers of releases must hold: one form, nothing altered, nothing unknown, the same bytes for ever.

use proptest::prelude::*;

use super::create::print;
use super::fixture::{definition, evidence, moment, provenance};
use super::format1::{self, ReleaseFile, from_model};
use super::*;
use crate::check::kinds::{PARAMETER_OUT_OF_RANGE, UNKNOWN_FIELD};
use crate::diagnostic::Severity;
use crate::model::{Fen, ListEntries, Scalar, Value, Verdict};
use crate::raw::ScalarFile;
use crate::release::refusal;

/// A release with an approval, as a file of format 1.
fn file() -> ReleaseFile {
    let definition = definition();
    let approval = Approval {
        principal: "wang.wei@bank.example".to_owned(),
        role: "checker".to_owned(),
        time: moment("2014-03-20T16:00:00+08:00"),
        journal: None,
        signature: approval::tests::SIGNATURE.to_owned(),
    };
    from_model::file(&Profile::own(), &provenance(), &[approval], &evidence(&definition), &definition)
}

fn text() -> String {
    print(file()).unwrap()
}

#[test]
fn a_file_larger_than_a_release_may_be_is_refused() {
    let refused = read("r.ron", &vec![0; (1 << 30) + 1]).unwrap_err();
    assert_eq!(ids(&refused), ["release-size"]);
}

fn ids(refused: &Refused) -> Vec<&'static str> {
    refused.findings.iter().map(Finding::id).collect()
}

/// Refuses `text` for one reason, and gives its message and the text under it.
#[track_caller]
fn refused(text: &str, id: &str) -> (String, String) {
    let refused = read("r.ron", text.as_bytes()).expect_err("must be refused");
    assert_eq!(ids(&refused), [id], "{refused}");
    let finding = &refused.findings[0];
    assert!(finding.help.is_some() && !finding.message.zh.is_ascii(), "{finding:?}");
    let under = finding.span.map(|span| refused.sources.get(span.source).unwrap().slice(span).to_owned());
    (finding.message.en.clone(), under.unwrap_or_default())
}

/// A file that was changed by someone who knows how to make its digest right.
#[track_caller]
fn forged(change: impl FnOnce(&mut ReleaseFile), id: &str) -> (String, String) {
    let mut file = file();
    change(&mut file);
    refused(&print(file).unwrap(), id)
}

#[test]
fn the_golden_release_is_read_and_written_to_the_byte() {
    let golden = include_str!("../../../tests/golden/release-1.ron");
    let release = read("release-1.ron", golden.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(write(&release), golden);
    assert_eq!(release.canonical(), include_str!("../../../tests/golden/release-1.json"));
    assert_eq!(release.digest(), Digest::of(release.canonical().as_bytes()));
    assert_eq!(release.digest().to_string(), include_str!("../../../tests/golden/release-1.digest").trim_end());
}

#[test]
fn the_golden_release_has_one_of_everything() {
    // Its engine is the one of its day; all else is what the writer makes now.
    let golden = include_str!("../../../tests/golden/release-1.ron");
    let engine = format1::EngineFile { profile: 1, rhai: "1.27.0".to_owned(), countersign: "0.1.0".to_owned() };
    assert_eq!(print(ReleaseFile { engine, ..file() }).unwrap(), golden);
}

#[test]
fn what_is_read_is_what_was_written() {
    let written = definition();
    let release = read("r.ron", text().as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
    let read = release.definition();
    assert_eq!(read.schema, written.schema);
    assert_eq!(rule_set_digest(&read.rule_set, read.schema.zone), rule_set_digest(&written.rule_set, written.schema.zone));
    assert_eq!(read.rule_set.parameters, written.rule_set.parameters);
    assert_eq!(read.rule_set.lists, written.rule_set.lists);
    assert_eq!(release.evidence(), &evidence(&written));
    assert_eq!(release.provenance(), &provenance());
    assert_eq!((release.name(), release.version(), release.approvals().len()), ("quick-payment", "2014.03.24", 1));
}

#[test]
fn an_identifier_stays_one() {
    let mut written = definition();
    let field = written.schema.groups.values_mut().flat_map(|group| group.fields.values_mut()).next().unwrap();
    field.identifier = true;
    let file = from_model::file(&Profile::own(), &provenance(), &[], &evidence(&written), &written);
    let text = print(file).unwrap();
    let release = read("r.ron", text.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(release.definition().schema, written.schema);
    assert_eq!(text.matches("identifier: ").count(), 1);
}

#[test]
fn places_lie_in_the_release_and_scripts_are_sources_by_name() {
    let release = read("r.ron", text().as_bytes()).unwrap();
    let definition = release.definition();
    let under = |path: &str| {
        let span = definition.places.find(path).unwrap_or_else(|| panic!("{path}"));
        definition.sources.get(span.source).unwrap().slice(span).to_owned()
    };
    assert_eq!(under("parameters.points.value"), "70");
    assert_eq!(under("rules.risky.title.zh"), "\"高评分\"");
    assert_eq!(under("schema.customer.age.unit.en"), "\"years\"");
    assert_eq!(under("stages.limits.kind"), "Limit");
    assert_eq!(under("on_error.reason"), "\"SYSTEM_ERROR\"");
    let (rule_index, _, rule) = definition.rule_set.find_rule("risky").unwrap();
    assert_eq!(rule_index.at(), 2);
    let source = definition.sources.get(rule.script.source).unwrap();
    assert_eq!((source.name(), source.text()), ("risk/risky.rhai", &rule.script.text));
    assert_eq!(definition.sources.iter().next().unwrap().1.name(), "r.ron");
}

#[test]
fn a_release_cut_at_any_length_is_refused_as_truncated() {
    let text = small();
    for length in 0..text.len() {
        let refused = read("r.ron", &text.as_bytes()[..length]).expect_err("must be refused");
        assert_eq!(ids(&refused), ["release-truncated"], "cut at {length} of {}: {refused}", text.len());
    }
}

/// A release as small as one can be, so that every byte of it can be tried.
fn small() -> String {
    let mut small = definition();
    small.rule_set.stages.truncate(1);
    small.rule_set.stages[0].rules.truncate(1);
    small.rule_set.parameters.truncate(2);
    small.rule_set.reasons.retain(|code, _| ["SYSTEM_ERROR", "INTERFACE_CLOSED_FOR_NEW"].contains(&code.as_str()));
    small.rule_set.interfaces.truncate(1);
    small.rule_set.lists.truncate(1);
    small.rule_set.invariants.clear();
    small.schema.groups.truncate(1);
    let roles = &mut small.schema.roles;
    (roles.amount, roles.customer, roles.label) = (None, None, None);
    let approvals = file().approvals;
    let evidence = evidence(&small);
    let file = from_model::file(&Profile::own(), &provenance(), &[], &evidence, &small);
    print(ReleaseFile { approvals, ..file }).unwrap()
}

#[test]
fn any_changed_byte_is_refused() {
    let mut bytes = small().into_bytes();
    for at in 0..bytes.len() {
        let old = bytes[at];
        // A digit, a letter, a blank, a quote, a byte that no text has, and a neighbour: each place meets three of them.
        let others = [b'0', b'e', b' ', b'"', 0xff];
        for new in [others[at % 5], others[(at + 2) % 5], old ^ 1] {
            if new != old {
                bytes[at] = new;
                assert!(read("r.ron", &bytes).is_err(), "byte {at} as {new}");
            }
        }
        bytes[at] = old;
    }
    assert!(read("r.ron", &bytes).is_ok());
}

#[test]
fn a_byte_more_or_less_is_refused() {
    let text = small();
    for at in 0..text.len() {
        let inserted = [" ", "\n", ",", "0", "/**/"][at % 5];
        let Some((before, after)) = text.split_at_checked(at) else { continue };
        assert!(read("r.ron", format!("{before}{inserted}{after}").as_bytes()).is_err(), "{inserted:?} at {at}");
        let mut bytes = text.clone().into_bytes();
        bytes.remove(at);
        assert!(read("r.ron", &bytes).is_err(), "without byte {at}");
    }
}

#[test]
fn what_was_done_to_a_file_is_said() {
    let text = text();
    refused("", "release-truncated");
    refused("(format: 1)", "release-format");
    refused(&text.replace('\n', "\r\n"), "release-format");
    refused(&format!("\u{feff}{text}"), "release-format");
    let (message, under) = refused(&text.replacen("format: 1,", "format: 3,", 1), "release-format");
    assert_eq!((message.as_str(), under.as_str()), ("format `3` of a release is not known here, only formats 1–2", "3"));
    refused(&text.replacen("format: 1,", "format: 2,", 1), "release-missing-field");
    let placed = text.replacen("    approvals:", "    lineage: (sequence: 1),\n    approvals:", 1);
    refused(&placed, "release-unknown-field");
    refused(&placed.replacen("format: 1,", "format: 2,", 1), "release-digest");
    refused(&text.replacen("format: 1,", "format: 01,", 1), "release-format");
    refused(&format!("{text} "), "release-altered");
    refused(&format!("{text}\n"), "release-altered");
    refused(&format!("{text}()"), "release-trailing");
    refused(&format!("{text}{text}"), "release-trailing");
    let (message, _) =
        refused(&text.replacen("    provenance:", "    colour: \"red\",\n    provenance:", 1), "release-unknown-field");
    assert_eq!(message, "the field `colour` is not one of formats 1–2");
    let (message, _) = refused(&text.replacen("    provenance: (\n", "    (\n", 1), "release-syntax");
    assert_eq!(message, "this is not what a release has here");
    refused(&text.replacen("maker: \"li.na@bank.example\",", "", 1), "release-missing-field");
    refused(&text.replacen("status: Active,", "status: Active, status: Off,", 1), "release-duplicate");
    refused(&text.replacen("status: Active", "status: Asleep", 1), "release-syntax");
    let (_, under) = refused(&text.replacen("value: 70,", "value: 070,", 1), "release-altered");
    assert_eq!(under, "");
    refused(&text.replacen("value: 70,", "value: 0x46,", 1), "release-altered");
    refused(&text.replacen("at_least: 60,", "at_least: 60, ", 1), "release-altered");
    refused(&text.replacen("value: 0.85,", "value: 0.850,", 1), "release-altered");
    refused(&text.replacen("value: 70,", "value: 71,", 1), "release-digest");
    refused(&text.replacen("decline(", "accept(", 1), "release-digest");
    refused(&text.replacen("requests: 20000", "requests: 20001", 1), "release-digest");
    // A map where the file has a list, a number too large for any field, a pile of brackets.
    refused(&text.replacen("approvals: [", "approvals: {", 1), "release-syntax");
    refused(&text.replacen("value: 70,", "value: 99999999999999999999,", 1), "release-altered");
    refused(&text.replacen("value: 70,", &format!("value: {}70,", "[".repeat(100_000)), 1), "release-syntax");
}

#[test]
fn a_text_that_is_not_utf8_is_refused() {
    let mut bytes = text().into_bytes();
    bytes[300] = 0xff;
    let refused = read("r.ron", &bytes).unwrap_err();
    assert_eq!(ids(&refused), ["release-encoding"]);
    assert_eq!(refused.findings[0].message.en, "byte 300 is not UTF-8 text");
}

#[test]
fn a_forger_who_knows_the_digest_is_refused_all_the_same() {
    let (message, under) = forged(|file| file.engine.profile = PROFILE + 1, "release-engine");
    assert_eq!(message, format!("the release was made for script engine {}, this program has {PROFILE}", PROFILE + 1));
    assert_eq!(under, (PROFILE + 1).to_string());
    forged(|file| file.engine.profile = 0, "release-engine");
    let (message, under) = forged(|file| file.rule_set.stages[0].rules[0].id = "R 1".to_owned(), "release-value");
    assert_eq!(message, "`R 1` is not a lower-case name of letters, digits and `_`, at most 64");
    assert!(under.starts_with("(\n                        id: \"R 1\""), "{under}");
    let (_, under) = forged(|file| file.rule_set.stages[0].rules[0].from = Some("2014-03-24".to_owned()), "release-value");
    assert_eq!(under, "\"2014-03-24\"");
    forged(|file| file.rule_set.stages[1].rules[0].id = "blocked".to_owned(), "release-duplicate");
    forged(|file| file.rule_set.parameters.0[1].0 = "cutover".to_owned(), "release-duplicate");
    forged(|file| file.rule_set.on_error.reason = "OTHER".to_owned(), "release-value");
    forged(|file| file.rule_set.on_error.verdict = Verdict::Accept, "release-value");
    forged(|file| file.provenance.created_at = "yesterday".to_owned(), "release-value");
    forged(|file| file.provenance.maker = "li na".to_owned(), "release-value");
    forged(|file| file.schema.zone = "CST".to_owned(), "release-value");
    forged(
        |file| {
            let fields = &mut file.schema.groups.0[2].1.fields.0;
            fields.push(fields[0].clone());
        },
        "release-duplicate",
    );
    forged(|file| file.schema.groups.0.push(file.schema.groups.0[0].clone()), "release-duplicate");
    let (message, _) = forged(|file| file.schema.roles.key = "customer.age".to_owned(), "release-value");
    assert_eq!(message, "`customer.age` cannot be the key: it is optional");
    forged(|file| file.schema.roles.label = Some("label.none".to_owned()), "release-value");
}

#[test]
fn a_value_that_has_another_form_is_refused() {
    let plain = |text: String| ScalarFile(Scalar::Text(text));
    // Both amounts and both times are the same value: only one way of writing it is a release's.
    forged(|file| file.rule_set.parameters.0[5].1.value = plain("5000".to_owned()), "release-altered");
    forged(|file| file.rule_set.parameters.0[0].1.value = plain("2014-03-24".to_owned()), "release-altered");
    forged(|file| file.rule_set.parameters.0[1].1.value = ScalarFile(Scalar::Float(-0.0)), "release-altered");
    forged(|file| file.rule_set.parameters.0[5].1.value = plain("5000.001".to_owned()), "release-value");
    forged(|file| file.rule_set.parameters.0[2].1.value = plain("branch_9".to_owned()), "release-value");
    forged(|file| file.schema.zone = "Z".to_owned(), "release-altered");
}

#[test]
fn a_list_must_be_sorted_unique_and_as_long_as_stated() {
    let entries = |text: &str, count: u64, list: usize| {
        forged(
            |file| {
                file.rule_set.lists.0[list].1.entries = text.to_owned();
                file.rule_set.lists.0[list].1.count = count;
            },
            "release-list",
        )
    };
    entries("b\na\n", 2, 0);
    entries("a\na\n", 2, 0);
    entries("a\nb", 2, 0);
    let (message, _) = entries("a\nb\n", 3, 0);
    assert_eq!(message, "the entries of `blocked_ids` are 2, not 3 as stated");
    entries("17\n16\n", 2, 1);
    entries("x\n", 1, 1);
    entries("99999999999999999999\n", 1, 1);
    // The same number written otherwise.
    forged(
        |file| {
            file.rule_set.lists.0[1].1.entries = "016\n".to_owned();
            file.rule_set.lists.0[1].1.count = 1;
        },
        "release-altered",
    );
}

#[test]
fn malformed_approvals_are_refused() {
    forged(|file| file.approvals[0].signature = "trust me\n".to_owned(), "release-approval");
    forged(|file| file.approvals[0].principal = String::new(), "release-approval");
    forged(|file| file.approvals[0].role = "Checker!".to_owned(), "release-approval");
    forged(|file| file.approvals[0].time = "2014".to_owned(), "release-value");
    forged(|file| file.approvals.push(file.approvals[0].clone()), "release-duplicate");
}

#[test]
fn evidence_that_cannot_be_is_refused() {
    forged(|file| file.evidence.samples[0].requests += 1, "release-evidence");
    forged(|file| file.evidence.samples[0].failed = 20_001, "release-evidence");
    forged(|file| file.evidence.cases.as_mut().unwrap().passed = 79, "release-evidence");
    forged(|file| file.evidence.coverage.hit_by_cases = 7, "release-evidence");
    forged(|file| file.evidence.against.as_mut().unwrap().flips = 20_001, "release-evidence");
    forged(|file| file.evidence.check.errors = 1, "release-evidence");
    forged(|file| file.evidence.schema = "sha256:00".to_owned(), "release-value");
    let (message, _) = forged(|file| file.evidence.rule_set = file.evidence.schema.clone(), "release-evidence");
    assert_eq!(message, "the evidence is of other rules or another schema");
    // A script swapped under evidence that was made for another one.
    forged(|file| file.rule_set.stages[0].rules[0].script.text = "accept(\"RISKY\")\n".to_owned(), "release-evidence");
    forged(|file| file.evidence.samples.push(file.evidence.samples[0].clone()), "release-duplicate");
}

#[test]
fn approvals_do_not_change_the_digest() {
    let with = read("r.ron", text().as_bytes()).unwrap();
    let without = read("r.ron", print(ReleaseFile { approvals: Vec::new(), ..file() }).unwrap().as_bytes()).unwrap();
    assert_eq!(with.digest(), without.digest());
    assert_ne!(write(&with), write(&without));
}

#[test]
fn created_releases_read_back_and_bad_input_is_not_released() {
    let good = definition();
    let release = create(&good, &evidence(&good), &provenance()).unwrap_or_else(|findings| panic!("{findings:?}"));
    assert_eq!(read("r.ron", write(&release).as_bytes()).unwrap().digest(), release.digest());
    assert_eq!(create(&good, &evidence(&good), &provenance()).unwrap().digest(), release.digest());

    let refusal = |definition: &Definition, evidence: &Evidence, provenance: &Provenance| {
        let findings = create(definition, evidence, provenance).expect_err("must be refused");
        assert!(findings.iter().all(|finding| finding.span.is_none()), "{findings:?}");
        findings[0].id()
    };
    let mut other = definition();
    other.rule_set.version = "2014.03.25".to_owned();
    assert_eq!(refusal(&other, &evidence(&good), &provenance()), "release-evidence");
    let nobody = Provenance { maker: String::new(), ..provenance() };
    assert_eq!(refusal(&good, &evidence(&good), &nobody), "release-value");
    let mut broken = definition();
    broken.rule_set.lists[0].entries = ListEntries::Text(["a\nb".into()].into());
    assert_eq!(refusal(&broken, &evidence(&broken), &provenance()), "release-list");
    let mut infinite = definition();
    infinite.rule_set.parameters[1].value = Value::Float(f64::INFINITY);
    infinite.rule_set.parameters[1].range = None;
    assert_eq!(refusal(&infinite, &evidence(&infinite), &provenance()), "release-value");
}

#[test]
fn evidence_computed_again_is_compared_field_by_field() {
    let release = read("r.ron", text().as_bytes()).unwrap();
    let same = release.evidence().clone();
    let errors = |policy, evidence| {
        let requirements = Requirements { policy, ..Requirements::default() };
        let mut findings = verify(&release, &requirements, None, Some(evidence));
        findings.retain(|finding| finding.severity == Severity::Error);
        findings
    };
    assert_eq!(errors(Policy::default(), &same), []);
    let asked = errors(Policy::of(2), &same);
    assert_eq!(asked[0].message.en, "2 approvals are asked for, but nobody said whose signatures count");
    let mut other = same.clone();
    other.samples[0].verdicts = VerdictCounts::new([18_001, 1_000, 600, 399]);
    other.against = None;
    let findings = errors(Policy::default(), &other);
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.en.as_str()).collect();
    assert_eq!(messages.len(), 4, "{messages:?}");
    let wanted = "the evidence says `samples.requests.csv.verdicts.accept` is `18000`, computed again it is `18001`";
    assert_eq!(messages[0], wanted);
    assert!(findings.iter().all(|finding| finding.kind == refusal::EVIDENCE && finding.span.is_some()));
    let span = findings[0].span.unwrap();
    assert_eq!(release.definition().sources.get(span.source).unwrap().slice(span), "18000");
}

#[test]
fn values_at_their_ends_survive() {
    let mut extreme = definition();
    extreme.rule_set.parameters.values_mut().for_each(|parameter| parameter.range = None);
    extreme.rule_set.parameters[3].value = Value::Int(i64::MIN);
    extreme.rule_set.parameters[5].value = Value::Money(Fen(i64::MIN));
    extreme.rule_set.parameters[1].value = Value::Float(f64::MIN_POSITIVE);
    extreme.rule_set.lists[1].entries = ListEntries::Int([i64::MIN, 0, i64::MAX].into());
    extreme.rule_set.lists[0].entries = ListEntries::Text([].into());
    let release = create(&extreme, &evidence(&extreme), &provenance()).unwrap_or_else(|findings| panic!("{findings:?}"));
    assert_eq!(release.definition().rule_set.parameters, extreme.rule_set.parameters);
    assert_eq!(release.definition().rule_set.lists, extreme.rule_set.lists);
}

#[test]
fn rules_that_do_not_pass_the_check_are_neither_released_nor_run() {
    let mut wrong = definition();
    wrong.rule_set.parameters[3].value = Value::Int(1_000);
    let findings = create(&wrong, &evidence(&wrong), &provenance()).unwrap_err();
    assert_eq!(findings[0].kind, PARAMETER_OUT_OF_RANGE);

    let mut unknown = definition();
    unknown.rule_set.stages[1].rules[0].script.text = "if customer.scroe > 0.5 { score(1, \"RISKY\") }\n".into();
    let findings = create(&unknown, &evidence(&unknown), &provenance()).unwrap_err();
    assert_eq!(findings[0].kind, UNKNOWN_FIELD);

    // Someone writes such a release by hand: it can be read, and is refused before it runs.
    let file = from_model::file(&Profile::own(), &provenance(), &[], &evidence(&wrong), &wrong);
    let release = read("r.ron", print(file).unwrap().as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
    let findings = verify(&release, &Requirements::nothing(), None, None);
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert_eq!(errors.iter().map(|finding| finding.id()).collect::<Vec<_>>(), ["release-script", "parameter-out-of-range"]);
    let place = errors[1].span.unwrap();
    let source = release.definition().sources.get(place.source).unwrap();
    assert_eq!((source.name(), source.slice(place)), ("r.ron", "1000"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..8_000) {
        prop_assert!(read("r.ron", &bytes).is_err());
        let mut whole = small().into_bytes();
        let at = at.min(whole.len());
        whole.splice(at..(at + bytes.len()).min(whole.len()), bytes.iter().copied());
        if whole != small().into_bytes() {
            prop_assert!(read("r.ron", &whole).is_err());
        }
    }
}
