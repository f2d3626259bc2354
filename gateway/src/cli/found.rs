//! `govledger found`: makes a data directory's ledger. Serving never does.

use std::path::PathBuf;

use clap::Args;
use governance::{
    action::{Action, Actor, Payload},
    calendar::UtcOffsets,
    ids::{Leaf, LedgerId, Millis},
};
use ledger::{
    Config, FoundError, Founded, LedgerKeys, NodeError,
    config::{Overrides, read_environment},
};
use serde_json::json;

use super::{
    failure::Failure,
    founding::{self, CharterArg},
    keyfile::KeyFile,
    nats::NatsArgs,
    output, signing,
    time::{self, parse_offset},
};

/// How long the founding action is good: it is signed and recorded in one go.
const VALIDITY_MS: u64 = 60_000;

/// What `found --help` says.
const LONG_ABOUT: &str = "Found a ledger in a data directory

The founder, whose key signs first, becomes person and office `clerk`: registers people, convenes
meetings, tables motions. The owner of --attest-key becomes `teller`: counts, attests, supervises.
Everything else is done by them later, with signed actions.

The ledger gets two keys of its own, kept in the data directory: one signs checkpoints, one what
time alone brings, such as the outcome of a vote. With --nats, log and contents are on NATS, and the
data directory has the keys and the checkpoints.";

/// Found a ledger in a data directory, or with its log on NATS
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct FoundArgs {
    /// The ledger's id: 1 to 40 of a-z, 0-9 and -
    #[arg(long, value_name = "ID")]
    ledger: LedgerId,
    /// The community's name
    #[arg(long)]
    name: String,
    /// Under which name its checkpoints are known: a URL without scheme that is yours for good, such
    /// as records.example.org/xinyuanli [default: localhost/ID]
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// The first charter: residents, council, or a file (see `govledger charter check`)
    #[arg(long, value_name = "residents|council|FILE")]
    charter: CharterArg,
    /// The founder's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The teller's private key; without it, votes by name and on paper wait until one is enrolled
    #[arg(long, value_name = "FILE")]
    attest_key: Option<PathBuf>,
    /// Local time, by which days are counted [default: +08:00 for residents, +00:00 for a council, what the file says]
    #[arg(long, value_name = "±HH:MM", value_parser = parse_offset, allow_hyphen_values = true)]
    utc_offset: Option<i32>,
    /// The data directory [default: ./govledger-data]
    #[arg(long, env = "GOVLEDGER_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// A configuration file (TOML); where it names founders, only those may found
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    nats: NatsArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &FoundArgs) -> Result<(), Failure> {
    let flags = Overrides {
        data_dir: args.data.clone(),
        nats: Some(args.nats.overrides()),
        ..Overrides::default()
    };
    let config = Config::load(args.config.as_deref(), read_environment, flags)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let clerk = KeyFile::read(&args.key)?;
    let teller = args.attest_key.as_deref().map(KeyFile::read).transpose()?;
    let keys = LedgerKeys::generate().map_err(|error| Failure::unavailable(error.to_string()))?;
    let now = time::now();
    let action = action(args, &clerk, teller.as_ref(), &keys, now)?;
    let bytes = proto::encode_action(&action);
    let signers = [Some(&clerk), teller.as_ref()].into_iter().flatten();
    let founding = ledger::Founding {
        signatures: signers
            .map(|signer| tlog::signing::sign_action(signer.key(), &bytes))
            .collect(),
        action: bytes,
        contents: Vec::new(),
        keys,
    };
    let founded = ledger::found(&config, founding, now).await;
    let founded = founded.map_err(|error| not_founded(&error))?;
    tell(args, &config, &founded)
}

fn action(
    args: &FoundArgs,
    clerk: &KeyFile,
    teller: Option<&KeyFile>,
    keys: &LedgerKeys,
    now: Millis,
) -> Result<Action, Failure> {
    let shape = args.charter.shape(&args.name)?;
    let minutes = args.utc_offset.unwrap_or(shape.utc_offset);
    let utc_offsets =
        UtcOffsets::fixed(minutes).map_err(|error| Failure::usage(error.to_string()))?;
    let wrong = |error: governance::ids::InvalidId| Failure::usage(error.to_string());
    let founded = founding::founded(founding::Founding {
        name: args.name.clone(),
        origin: origin(args),
        shape,
        today: utc_offsets.date_of(now),
        utc_offsets,
        clerk: clerk.public(),
        teller: teller.map(KeyFile::public),
        record_key: keys.record_key(),
        checkpoint_key: keys.checkpoint_key(),
    });
    Ok(Action {
        ledger: args.ledger.clone(),
        genesis: Leaf::ZERO,
        id: signing::action_id(now)?,
        actor: Actor::Person {
            person: founding::founder().map_err(wrong)?,
            capacity: None,
        },
        client_time: now,
        not_after: now.plus(VALIDITY_MS),
        basis: None,
        expected_leaf: None,
        payload: Payload::Founding(Box::new(founded.map_err(wrong)?)),
    })
}

/// As given, without a scheme; else under this machine's own name.
fn origin(args: &FoundArgs) -> String {
    let Some(origin) = &args.origin else {
        return format!("localhost/{}", args.ledger);
    };
    let bare = origin
        .strip_prefix("https://")
        .or(origin.strip_prefix("http://"));
    bare.unwrap_or(origin).trim_end_matches('/').to_owned()
}

fn not_founded(error: &FoundError) -> Failure {
    let what = error.to_string();
    let code = error.code();
    match error {
        FoundError::Exists { .. } => Failure::finding(what)
            .because("A ledger is founded once; what it holds is never replaced.")
            .next("Serve it with `govledger serve`, or found another with another --ledger."),
        FoundError::IdReserved { .. } => Failure::usage(what)
            .because(code)
            .next("Choose another --ledger, such as the community's name."),
        FoundError::StreamExists { .. } => Failure::finding(what)
            .because("What a stream holds is never replaced.")
            .next(
                "Choose another --ledger; or find the data directory that has this one's keys, and \
                 serve that.",
            ),
        FoundError::Nats(error) | FoundError::Node(NodeError::Nats(error)) => {
            Failure::unavailable(what)
                .because(code)
                .next(error.remedy())
        }
        FoundError::FounderNotConfigured { .. } => Failure::finding(what)
            .because(code)
            .next("Found it with one of those keys, or change `founders` in the configuration."),
        FoundError::Rejected(rejection) => Failure::finding(what)
            .because(code)
            .next(rejection.remedy()),
        FoundError::Malformed(malformed) => {
            Failure::usage(what).because(code).next(malformed.remedy())
        }
        FoundError::Signature(_) | FoundError::Content(_) | FoundError::OtherKeys { .. } => {
            Failure::usage(what)
                .because(code)
                .next("The clerk and the teller are two people: give two different keys.")
        }
        FoundError::Node(_) => Failure::unavailable(what)
            .because(code)
            .next("Stop the server that uses the directory, then found the ledger."),
        FoundError::Keys(_) | FoundError::Write(_) => Failure::unavailable(what)
            .because(code)
            .next("Check the disk and its permissions."),
    }
}

fn tell(args: &FoundArgs, config: &Config, founded: &Founded) -> Result<(), Failure> {
    let (ledger, data) = (&founded.ledger, config.data_dir.display());
    let nats = config.nats.as_ref();
    let nats = nats.map_or_else(String::new, |nats| format!(" --nats {}", nats.url));
    let (genesis, verifier_key) = (founded.genesis, founded.verifier_key.to_string());
    if args.json {
        return output::json(&json!({
            "ledger": ledger.as_str(),
            "genesis": genesis.to_string(),
            "verifier_key": verifier_key,
            "data": config.data_dir,
        }));
    }
    if args.origin.is_none() {
        eprintln!(
            "No --origin was given: the ledger's checkpoints bear the name localhost/{ledger}, for \
             good. That is fine for trying things out; a ledger others rely on is founded with an \
             --origin of its own."
        );
    }
    let key = args.key.display();
    output::line(&format!(
        "Ledger {ledger} is founded.\n\
         genesis       {genesis}\n\
         verifier key  {verifier_key}\n\
         Publish the verifier key: with it anybody can check the ledger's receipts and checkpoints.\n\
         \n\
         To serve it:    govledger serve --data {data}{nats}\n\
         Then, to look:  govledger query timeline\n\
         To act:         govledger submit ACTION.json --key {key}"
    ))
}
