//! `govledger open`: a voter opens their hidden ballot, because the ledger has not.

use std::path::PathBuf;

use clap::Args;
use governance::{
    action::{Actor, Capacity, DeliberationAction, OpeningSubmitted, Payload},
    ids::BodyId,
};

use super::{
    connection::LedgerArgs,
    failure::Failure,
    fill,
    keyfile::KeyFile,
    opening::KeptOpening,
    send,
    signing::{self, Signer},
    whoami::whoami,
};

/// Open your hidden ballot after the close, from the file that `vote` kept
///
/// The ledger opens ballots by itself once their vote is over. Should yours be listed as not opened, this
/// opens it, within 24 hours after the close.
#[derive(Args)]
pub(crate) struct OpenArgs {
    /// The file that `vote` wrote
    file: PathBuf,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Your private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Ask what the ledger would answer, and record nothing
    #[arg(long)]
    preview: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &OpenArgs) -> Result<(), Failure> {
    let kept = KeptOpening::read(&args.file)?;
    let key = KeyFile::read(&args.key)?;
    let session = args.ledger.open_views().await?;
    let me = whoami(&session, &key).await?;
    let motion = fill::motion(&session, kept.motion.as_str()).await?;
    let body = BodyId::new(&motion.body)
        .map_err(|error| Failure::finding(format!("the server names a body wrongly: {error}")))?;
    let voter = kept.opening.voter;
    let submitted = OpeningSubmitted {
        motion: kept.motion,
        on_behalf_of: (voter != me.person).then_some(voter),
        nonce: kept.opening.nonce,
        choice: kept.opening.choice,
    };
    let actor = Actor::Person {
        person: me.person.clone(),
        capacity: Some(Capacity { body, office: None }),
    };
    let payload = Payload::Deliberation(DeliberationAction::OpeningSubmitted(submitted));
    let action = signing::action(&session, actor, payload)?;
    let signer = Signer {
        person: Some(me.person),
        key,
    };
    let request = signing::signed(&action, &[signer], Vec::new())?;
    if args.preview {
        return send::preview(&session, &request, args.json).await;
    }
    let answer = send::submit(&session, &request).await?;
    send::report(&session, &action, &answer, args.json)
}
