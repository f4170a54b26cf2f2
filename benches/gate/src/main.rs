//! Fixed pieces of work whose instructions `benches/gate.py` counts: `countersign-gate WORK ROUNDS` does one of them ROUNDS times, on one
//! thread, after the same preparation whatever ROUNDS is.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::gateway::Gateway;
use countersign_core::model::{Definition, Moment, Request, Value};
use countersign_core::plan::Scratch;
use countersign_core::progress::Progress;
use countersign_core::release::{self, Approval, MAKER, Policy, Requirements, Trust};
use countersign_core::script::Program;
use countersign_requests::sample::{SampleOptions, generate};
use countersign_requests::write::write;
use countersign_requests::{Format, Input, ReadOptions, Table};
use countersign_run::{Run, rule_rows_on};
use countersign_workspace::key::SecretKey;
use countersign_workspace::{DiskFiles, load};
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{LineEnding, PrivateKey};

type Failed = Box<dyn Error>;

const ROWS: u64 = 10_000;
/// So many that what is done once for each run is less than what is done for each request.
const MANY_REQUESTS: u64 = 32_768;
const SINGLE_DECISIONS: u64 = 1_000;
/// The parameter that an edit changes.
const EDITED: &str = "max_cards_per_mobile";

fn main() -> Result<(), Failed> {
    let mut words = std::env::args().skip(1);
    let (Some(work), Some(rounds)) = (words.next(), words.next()) else {
        return Err("two arguments: the piece of work, and how many times it is done".into());
    };
    let rounds: u32 = rounds.parse()?;
    match work.as_str() {
        "decide" => decide(rounds),
        "batch" => batch(rounds, ROWS),
        "many-requests" => batch(rounds, MANY_REQUESTS),
        "rows" => rows(rounds),
        "edit" => edit(rounds),
        "compile" => compile(rounds),
        "read-csv" => read_csv(rounds),
        "verify" => verify(rounds),
        _ => Err(format!("no piece of work `{work}`").into()),
    }
}

/// 1,000 generated requests, one decision at a time.
fn decide(rounds: u32) -> Result<(), Failed> {
    let engine = engine()?;
    let table = table(engine.definition(), SINGLE_DECISIONS)?;
    let requests: Vec<Request> = (0..table.len()).map(|row| table.request(row)).collect();
    let mut scratch = Scratch::default();
    for _ in 0..rounds {
        for request in &requests {
            black_box(engine.decide_with(black_box(request), &mut scratch));
        }
    }
    Ok(())
}

/// Generated requests, all shipped rules.
fn batch(rounds: u32, requests: u64) -> Result<(), Failed> {
    let engine = engine()?;
    let table = Arc::new(table(engine.definition(), requests)?);
    for _ in 0..rounds {
        black_box(run(&engine, &table)?);
    }
    Ok(())
}

fn run(engine: &Engine, table: &Arc<Table>) -> Result<Run, Failed> {
    Ok(Run::on(NonZeroUsize::MIN, engine, table, &Progress::default()).map_err(|refused| format!("{refused:?}"))?)
}

/// Which of 32,768 generated requests each shipped rule gives something for, without a decision.
fn rows(rounds: u32) -> Result<(), Failed> {
    let engine = engine()?;
    let table = Arc::new(table(engine.definition(), MANY_REQUESTS)?);
    for _ in 0..rounds {
        let rows = rule_rows_on(NonZeroUsize::MIN, &engine, &table, &Progress::default());
        black_box(rows.map_err(|refused| format!("{refused:?}"))?);
    }
    Ok(())
}

/// One parameter changed, over 32,768 generated requests.
fn edit(rounds: u32) -> Result<(), Failed> {
    let mut definition = shipped()?;
    let live = ready(definition.clone());
    let table = Arc::new(table(&definition, MANY_REQUESTS)?);
    let before = run(&live, &table)?;
    let parameter = definition.rule_set.parameters.get_mut(EDITED).ok_or("no such parameter")?;
    let Value::Int(number) = &mut parameter.value else { return Err("another type of parameter".into()) };
    *number += 1;
    let draft = ready(definition);
    for _ in 0..rounds {
        let after = before.changed_on(NonZeroUsize::MIN, &draft, &Progress::default());
        black_box(after.map_err(|refused| format!("{refused:?}"))?);
    }
    Ok(())
}

/// The shipped scripts, from their texts to programs.
fn compile(rounds: u32) -> Result<(), Failed> {
    let definition = shipped()?;
    for _ in 0..rounds {
        black_box(Program::compile(black_box(&definition)));
    }
    Ok(())
}

/// 10,000 generated requests from CSV.
fn read_csv(rounds: u32) -> Result<(), Failed> {
    let definition = shipped()?;
    let schema = Arc::new(definition.schema.clone());
    let mut csv = Vec::new();
    write(&table(&definition, ROWS)?, Format::Csv, &mut csv, &Progress::default())?;
    let input = Input::new("requests.csv", Format::Csv, Arc::new(csv));
    for _ in 0..rounds {
        let reading = countersign_requests::read(&input, &schema, ReadOptions::default(), &Progress::default());
        black_box(reading.map_err(|error| format!("{error:?}"))?);
    }
    Ok(())
}

/// A signed release, from its bytes to what a gateway decides with.
fn verify(rounds: u32) -> Result<(), Failed> {
    let (release, requirements) = signed()?;
    for _ in 0..rounds {
        let gateway = Gateway::load("release.ron", black_box(&release), requirements.clone());
        black_box(gateway.map_err(|refused| refused.to_string())?);
    }
    Ok(())
}

/// The golden release with no signature but its maker's, and requirements that trust the maker.
fn signed() -> Result<(Vec<u8>, Requirements), Failed> {
    let golden = include_bytes!("../../../tests/golden/release-1.ron");
    let golden = release::read("release-1.ron", golden).map_err(|refused| refused.to_string())?;
    // Without its approvals, whose signatures are texts of an example.
    let golden = release::create(golden.definition(), golden.evidence(), golden.provenance());
    let golden = golden.map_err(|findings| format!("{findings:?}"))?;
    let maker = golden.provenance().maker.clone();
    let key = PrivateKey::new(KeypairData::Ed25519(Ed25519Keypair::from_seed(&[7; 32])), maker.as_str());
    let key = key.map_err(|error| error.to_string())?;
    let public = key.public_key().to_openssh().map_err(|error| error.to_string())?;
    let trust = format!("{maker} {public}\n");
    let trust = Trust::read("allowed_signers", trust.as_bytes()).map_err(|refused| refused.to_string())?;
    let private = key.to_openssh(LineEnding::LF).map_err(|error| error.to_string())?;
    let secret = SecretKey::read(private.as_bytes(), None).map_err(|error| format!("{error:?}"))?;
    let signature = secret.sign(&golden.canonical()).map_err(|error| format!("{error:?}"))?;
    let time = Moment::try_from("2014-03-20T10:00:00+08:00".to_owned())?;
    let approval = Approval { principal: maker, role: MAKER.to_owned(), time, journal: None, signature };
    let signed = release::approve(&golden, approval).map_err(|findings| format!("{findings:?}"))?;
    Ok((release::write(&signed).as_bytes().to_vec(), Requirements::new(Policy::default(), trust)))
}

fn shipped() -> Result<Definition, Failed> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");
    load(&DiskFiles, root).map_err(|failed| format!("{:?}", failed.findings).into())
}

fn engine() -> Result<Engine, Failed> {
    Ok(ready(shipped()?))
}

fn ready(definition: Definition) -> Engine {
    let program = Program::compile(&definition).program;
    Engine::new(Arc::new(definition), program)
}

fn table(definition: &Definition, rows: u64) -> Result<Table, Failed> {
    let schema = Arc::new(definition.schema.clone());
    generate(&schema, SampleOptions::new(rows, 1), &Progress::default()).map_err(|error| error.text().en.into())
}
