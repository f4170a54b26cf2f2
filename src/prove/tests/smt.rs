//! Questions for another solver: written where `PROVE_SMT` names a folder, each with the answer of ours in its first line.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Dice, effort, engine, made, subject};
use crate::{ProofOptions, Prover};
use countersign_core::progress::Progress;

#[test]
fn questions_are_written_for_another_solver() {
    let folder = std::env::var_os("PROVE_SMT").map(PathBuf::from);
    let (first, sets, _) = effort();
    let sets = if folder.is_some() { sets } else { 1 };
    let mut answers = Vec::new();
    for seed in first..first + sets {
        let engine = engine(made::random(&mut Dice(seed)));
        let options = ProofOptions { free_parameters: seed % 2 == 1, ..ProofOptions::default() };
        let mut prover = Prover::new(subject(&engine), &options, &Arc::new(Progress::default())).unwrap();
        for (at, question) in prover.questions().into_iter().enumerate() {
            let Some((text, answer)) = prover.search(question) else { continue };
            assert_eq!(text.matches('(').count(), text.matches(')').count());
            if let Some(folder) = &folder {
                fs::write(folder.join(format!("{seed}-{at}.smt2")), format!("; {answer}\n{text}")).unwrap();
            }
            answers.push(answer);
        }
    }
    assert!(answers.contains(&"sat") && !answers.is_empty());
}
