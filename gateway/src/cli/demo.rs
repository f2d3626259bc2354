//! `govledger demo`: a sample neighbourhood plays a year of governance, then it is served.

mod affairs;
mod beside;
mod cast;
mod founding;
mod grid;
mod head_audits;
mod issues;
mod kit;
mod meetings;
mod people;
mod props;
mod rules;
mod seats;
mod stage;
mod story;
mod witnesses;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use ed25519_dalek::SigningKey;
use governance::ids::{Millis, MotionId, PersonId};
use ledger::{
    Clock as _, Config, Founding, LedgerKeys, ManualClock, Node, ReadError, SubmitError,
    SystemClock, config, found, keys,
};
use tlog::{Note, OfflineProof};

use super::{failure::Failure, output, serve};
use stage::Stage;
use witnesses::POLICY_FILE;

/// Watch a sample neighbourhood govern itself for a year, then serve its ledger
///
/// Nothing in it is real, and it says so in its first entry and wherever it shows. A demonstration
/// that is there already is served as it is.
#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Where the demonstration is kept; remove it to play anew
    #[arg(long, value_name = "DIR", default_value = "./govledger-demo")]
    data: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8420")]
    listen: SocketAddr,
    /// Play, and do not serve
    #[arg(long)]
    no_serve: bool,
}

/// Why the demonstration did not go on.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error("the system gives no randomness: {0}")]
    Randomness(getrandom::Error),
    #[error("a key could not be made or kept: {0}")]
    Key(#[from] keys::KeyFileError),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the demonstration could not be founded: {0}")]
    Found(#[from] ledger::FoundError),
    #[error("the data directory could not be opened: {0}")]
    Node(#[from] ledger::NodeError),
    #[error("the ledger of the demonstration is not there")]
    NoLedger,
    #[error("{who} {what}: {error}")]
    Refused {
        who: String,
        what: String,
        error: Box<SubmitError>,
    },
    #[error("{who} {what}, and it was admitted although the rules forbid it")]
    NotRefused { who: String, what: String },
    #[error("the ledger could not be read: {0}")]
    Read(#[from] ReadError),
    #[error("what the vote on {motion} came to was never recorded")]
    NeverDecided { motion: MotionId },
    #[error("the receipt could not be written: {0}")]
    Receipt(#[from] tlog::NoteError),
}

/// Where everybody's keys are kept, so that whoever watches can act too.
const KEYS_DIR: &str = "demo-keys";

pub(crate) async fn run(args: DemoArgs) -> Result<(), Failure> {
    if args.data.exists() {
        output::line(&format!(
            "The demonstration in {} is there already. Remove that directory to play it anew.",
            args.data.display()
        ))?;
    } else {
        play(&args).await.map_err(|error| {
            Failure::unavailable(format!("the demonstration stopped: {error}"))
                .next("Try again with another --data directory, one that does not exist.")
        })?;
    }
    if args.no_serve {
        return Ok(());
    }
    let policy = witnesses::start(&args.data).await?;
    serve::run(serve::ServeArgs::of(args.data, args.listen, policy)).await
}

/// Plays it in a directory beside, which takes its name when the curtain has fallen: what was
/// interrupted is never served.
async fn play(args: &DemoArgs) -> Result<(), DemoError> {
    let data = &args.data;
    let unfinished = data.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
    }
    fs::create_dir_all(&unfinished).map_err(at(&unfinished))?;
    let clock = ManualClock::at(opening_night(SystemClock::new().now()));
    let told = perform(&unfinished, &clock).await?;
    fs::rename(&unfinished, data).map_err(at(data))?;
    epilogue(args, &told);
    Ok(())
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DemoError {
    let path = path.to_owned();
    move |source| DemoError::File { path, source }
}

/// What is left to tell when it is over.
struct Told {
    entries: u64,
    receipt_index: u64,
    receipt_name: String,
    verifier_key: String,
}

/// Plays from the moment that the clock shows.
async fn perform(dir: &Path, clock: &ManualClock) -> Result<Told, DemoError> {
    println!(
        "{}\nA demonstration: no real community decided anything here. ✓ recorded under that number, \
         ✗ refused by rule, ⚖ decided by the votes.",
        cast::NAME
    );
    let people = found_neighbourhood(dir, clock).await?;
    let config = Config {
        data_dir: dir.to_owned(),
        ..Config::default()
    };
    let node = Node::open(&config, Arc::new(clock.clone())).await?;
    let ledger = node
        .ledger(&kit::id(cast::LEDGER))
        .ok_or(DemoError::NoLedger)?;
    let mut stage = Stage::new(Arc::clone(&ledger), clock.clone(), people, dir);
    let motion = story::play(&mut stage).await?;
    keep_keys(&dir.join(KEYS_DIR), stage.keys())?;
    let decided = stage.verdict(motion.as_str()).await?;
    let (receipt, entry) = ledger.receipt(decided.index).await?;
    let receipt_name = format!("{motion}.tlog-proof");
    let proof = OfflineProof {
        extra: None,
        index: receipt.index,
        hashes: receipt.inclusion_proof,
        checkpoint: Note::parse(&receipt.checkpoint.to_bytes())?,
    };
    let proof_path = dir.join(&receipt_name);
    fs::write(&proof_path, proof.to_string()).map_err(at(&proof_path))?;
    let entry_path = proof_path.with_extension("entry");
    fs::write(&entry_path, entry).map_err(at(&entry_path))?;
    let entries = *ledger.durable_size().borrow();
    let verifier_key = ledger.verifier_key().to_string();
    node.shutdown().await;
    Ok(Told {
        entries,
        receipt_index: decided.index,
        receipt_name,
        verifier_key,
    })
}

/// More than a year before now, at midnight in the neighbourhood.
fn opening_night(now: Millis) -> Millis {
    let offsets = founding::utc_offsets();
    let first_day = offsets.date_of(now).days() - story::DAYS.cast_signed();
    offsets.end_of(governance::calendar::Date::from_days(first_day))
}

async fn found_neighbourhood(
    dir: &Path,
    clock: &ManualClock,
) -> Result<BTreeMap<PersonId, SigningKey>, DemoError> {
    let keys = LedgerKeys::generate()?;
    let founding = founding::founding(clock.now(), keys.record_key(), keys.checkpoint_key())?;
    let bytes = proto::encode_action(&founding.action);
    let officers = cast::officers();
    let signatures = officers
        .iter()
        .filter_map(|officer| founding.keys.get(&kit::id::<PersonId>(officer.person)))
        .map(|key| tlog::signing::sign_action(key, &bytes))
        .collect();
    let config = Config {
        data_dir: dir.to_owned(),
        ..Config::default()
    };
    let founded = found(
        &config,
        Founding {
            action: bytes,
            signatures,
            contents: founding.contents,
            keys,
        },
        clock.now(),
    )
    .await?;
    println!(
        "\n{}  建账 The ledger is founded\n  ✓       0  00:00  {} {} founds it with {} officers; genesis {}",
        founding::utc_offsets().date_of(clock.now()),
        cast::CLERK.zh,
        cast::CLERK.en,
        officers.len(),
        founded.genesis,
    );
    Ok(founding.keys)
}

fn keep_keys(dir: &Path, people: &BTreeMap<PersonId, SigningKey>) -> Result<(), DemoError> {
    fs::create_dir_all(dir).map_err(at(dir))?;
    for (person, key) in people {
        keys::write_key(&dir.join(format!("{person}.pem")), key)?;
    }
    Ok(())
}

/// What to try, as commands that can be copied.
fn epilogue(args: &DemoArgs, told: &Told) {
    // As this program was called, so that the commands work where it is not on the path.
    let program = std::env::args().next();
    let program = program.as_deref().unwrap_or("govledger");
    let dir = args.data.display();
    let server = match args.listen {
        listen if listen.port() == config::DEFAULT_PORT && listen.ip().is_loopback() => {
            String::new()
        }
        listen => format!(" --server http://{listen}"),
    };
    let Told {
        entries,
        receipt_index,
        receipt_name,
        verifier_key,
    } = told;
    let site = args.listen;
    println!(
        "
The curtain falls after {entries} entries. What you can do now, in another terminal:

  read it as residents do, in a browser
    http://{site}
  see what was decided
    {program} query decisions{server}
    {program} query decision parking-on-the-green{server}
  vote in the open vote, or try to, as a tenant who is not on the roll
    {program} vote replace-the-lift for --key {dir}/{KEYS_DIR}/owner-01.pem{server}
    {program} vote replace-the-lift for --key {dir}/{KEYS_DIR}/tenant-1.pem{server}
  execute every rule again and count every vote again
    {program} audit --data {dir}
  check the receipt of entry {receipt_index}, the decision on the green, with no server at all
    {program} receipt verify {dir}/{receipt_name} --key '{verifier_key}'
  get one that the street office and the owners' committee have cosigned as witnesses, and check that too
    {program} receipt get {receipt_index} --out cosigned.tlog-proof{server}
    {program} receipt verify cosigned.tlog-proof --key '{verifier_key}' --policy {dir}/{POLICY_FILE}
"
    );
}
