//! Rule sets with planted faults, read from a table: what is wrong with them must be found, and nothing else.

use super::{engine, made, subject};
use crate::{ProofAnswer, ProofOptions, Prover, Question, Silence};
use countersign_core::model::{Band, HitPolicy, InterfaceId, RuleIndex, StageIndex, StageKind, Status, Verdict, Window};
use countersign_core::progress::Progress;

fn kind(words: &str) -> StageKind {
    let bands = [(10, Verdict::StepUp), (60, Verdict::Refer), (85, Verdict::Decline)];
    let bands = bands.map(|(at_least, verdict)| Band { at_least, verdict }).to_vec();
    match words {
        "first" => StageKind::Screen { policy: HitPolicy::First, bands: Vec::new() },
        "most" => StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() },
        "most-bands" => StageKind::Screen { policy: HitPolicy::MostSevere, bands },
        "limit" => StageKind::Limit,
        "route" => StageKind::Route { default: None },
        "route east" => StageKind::Route { default: InterfaceId::new("east").ok() },
        other => panic!("no stage `{other}`"),
    }
}

fn silence(silence: &Silence) -> String {
    match silence {
        Silence::Alone => "alone".to_owned(),
        Silence::NotReached => "not-reached".to_owned(),
        Silence::Shadowed(by) => by.iter().fold("shadowed".to_owned(), |text, rule| format!("{text} {}", rule.0)),
        Silence::Unknown(reason) => format!("unknown: {}", reason.text().en),
    }
}

fn answer(prover: &mut Prover<'_>, question: Question) -> String {
    match (prover.ask(question), question) {
        (ProofAnswer::Request(_), _) => "yes".to_owned(),
        (ProofAnswer::Never, Question::Fires(rule)) => silence(&prover.silence(rule)),
        (ProofAnswer::Never, _) => "never".to_owned(),
        (ProofAnswer::Unknown(reason), _) => format!("unknown: {}", reason.text().en),
    }
}

/// The questions of an expectation, and the answer to each: `fires 0..3 alone`, `band 0 2 never`.
fn expected(line: &str) -> (Vec<Question>, String) {
    let (what, rest) = line.split_once(' ').unwrap();
    let (number, rest) = rest.split_once(' ').unwrap();
    let (first, last) = number.split_once("..").unwrap_or((number, number));
    let numbers: Vec<u16> = (first.parse().unwrap()..=last.parse().unwrap()).collect();
    let (band, rest) = if what == "band" { rest.split_once(' ').unwrap() } else { ("0", rest) };
    let question = |number: u16| match what {
        "fires" => Question::Fires(RuleIndex(number)),
        "fails" => Question::Fails(RuleIndex(number)),
        "unrouted" => Question::Unrouted(StageIndex(number)),
        "band" => Question::InBand(StageIndex(number), band.parse().unwrap()),
        "breaks" => Question::Breaks(usize::from(number)),
        other => panic!("no question `{other}`"),
    };
    (numbers.into_iter().map(question).collect(), rest.to_owned())
}

#[test]
fn planted_faults_are_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for case in include_str!("planted.txt").split("\n== ").skip(1) {
        let (name, lines) = case.split_once('\n').unwrap();
        let mut stages: Vec<made::MadeStage> = Vec::new();
        let (mut invariants, mut wanted) = (Vec::new(), Vec::new());
        let mut options = ProofOptions::default();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
            match what {
                "free" => options.free_parameters = true,
                "stage" => stages.push((kind(rest), Vec::new())),
                "rule" | "shadow" => {
                    let status = if what == "rule" { Status::Active } else { Status::Shadow };
                    stages.last_mut().unwrap().1.push((status, Window::default(), rest.to_owned()));
                }
                "invariant" => {
                    let (verdicts, when) = rest.split_once(": ").unwrap();
                    let verdicts =
                        verdicts.split(',').map(|word| Verdict::ALL.into_iter().find(|held| held.word() == word).unwrap());
                    invariants.push((when.to_owned(), verdicts.collect()));
                }
                "=>" => wanted.push(rest),
                other => panic!("no line `{other}`"),
            }
        }
        let engine = engine(made::definition(&stages, &invariants));
        let mut prover = Prover::new(subject(&engine), &options, &std::sync::Arc::new(Progress::default())).unwrap();
        for line in wanted {
            let (questions, wanted) = expected(line);
            for question in questions {
                let found = answer(&mut prover, question);
                if found != wanted {
                    wrong.push(format!("{name}: {question:?} {found}, not {wanted}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
