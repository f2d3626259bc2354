//! `govledger key rotate`: exchanges one of the ledger's own keys for another.

use std::path::PathBuf;

use clap::Args;
use proto::v1::{self, action::Payload};
use serde_json::json;

use super::super::{
    connection::{LedgerArgs, Session},
    failure::Failure,
    fill,
    keyfile::KeyFile,
    output, send, signing, submit,
    whoami::CapacityArg,
};

/// What `key rotate --help` says.
const LONG_ABOUT: &str = "\
Exchange one of the ledger's own keys for another

First make the new key where every node keeps the ledger's keys (a file that ends in .pem), and keep a copy:

  govledger key new --out DIR/ledgers/LEDGER/keys/checkpoint-2.pem

The registrar signs, the old key signs, and the new key signs. From that entry on the new key is in force. Whoever
runs the same command again learns that it is.";

/// Exchange one of the ledger's own keys for another
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(super) struct RotateArgs {
    /// The key to give up, which signs records or checkpoints now
    #[arg(long, value_name = "FILE")]
    old_key: PathBuf,
    /// The key that takes its place
    #[arg(long, value_name = "FILE")]
    new_key: PathBuf,
    /// The registrar's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Act in this office
    #[arg(long = "as", value_name = "BODY/OFFICE")]
    capacity: Option<CapacityArg>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &RotateArgs) -> Result<(), Failure> {
    let (old, new) = (KeyFile::read(&args.old_key)?, KeyFile::read(&args.new_key)?);
    let session = args.ledger.open_views().await?;
    if let Some(in_force) = InForce::of(&session, &new)? {
        return in_force.tell(args, &session, None);
    }
    let rotated = v1::LedgerKeyRotated {
        old_key: old.public().0.to_vec(),
        new_key: new.public().0.to_vec(),
    };
    let draft = v1::Action {
        payload: Some(Payload::LedgerKeyRotated(rotated)),
        ..v1::Action::default()
    };
    let key = KeyFile::read(&args.key)?;
    let others = vec![old, new.clone()];
    let capacity = args.capacity.as_ref();
    let (draft, signers) = submit::complete(&session, draft, key, others, capacity).await?;
    let action = fill::decoded(&draft)?;
    let request = signing::signed(&action, &signers, Vec::new())?;
    let answer = send::submit(&session, &request).await?;
    let index = answer.receipt.map(|receipt| receipt.index);
    let after = args.ledger.open().await?;
    let in_force = InForce::of(&after, &new)?.ok_or_else(|| {
        Failure::finding("the rotation is recorded, and the server names another key all the same")
    })?;
    in_force.tell(args, &after, index)
}

/// What the new key is in force for.
enum InForce {
    Record(String),
    Checkpoint(String),
}

impl InForce {
    fn of(session: &Session, key: &KeyFile) -> Result<Option<InForce>, Failure> {
        let public = key.public();
        if session.about.record_key == public.0 {
            return Ok(Some(InForce::Record(public.to_string())));
        }
        let keys = session.checkpoint_keys()?;
        let in_force = keys.in_force();
        let matches = *in_force.public_key() == public.0;
        Ok(matches.then(|| InForce::Checkpoint(in_force.to_string())))
    }

    /// `index` is the entry that exchanged it; none if it was in force before.
    fn tell(
        &self,
        args: &RotateArgs,
        session: &Session,
        index: Option<u64>,
    ) -> Result<(), Failure> {
        let (which, key) = match self {
            InForce::Record(key) => ("record", key),
            InForce::Checkpoint(key) => ("checkpoint", key),
        };
        if args.json {
            return output::json(&json!({
                "ledger": session.about.ledger,
                "which": which,
                "key": key,
                "index": index,
            }));
        }
        let since = index.map_or_else(
            || "is in force already; nothing was recorded".to_owned(),
            |index| format!("is in force from entry {} on", output::grouped(index)),
        );
        output::line(&format!(
            "The {which} key {key} of ledger {} {since}.",
            session.about.ledger
        ))?;
        match self {
            InForce::Record(_) => Ok(()),
            InForce::Checkpoint(_) => output::line(&format!(
                "Tell those who check: every witness runs `govledger witness add '{key}' --data DIR` and starts \
                 again; trust policies get a line `log {key}` beside the old one; the notice board gets the new \
                 key. Keep the old key's public half: what it signed stays valid.",
            )),
        }
    }
}
