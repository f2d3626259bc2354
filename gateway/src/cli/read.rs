//! `govledger read`: what is not public about an issue, for those who may read it.

use std::path::PathBuf;

use clap::Args;
use governance::{
    action::{Actor, Capacity, IssueAction, Payload},
    ids::{Digest, IssueId},
};
use proto::v1;
use tlog::signing::content_digest;

use super::{
    connection::{LedgerArgs, Session, Told as _},
    failure::Failure,
    keyfile::KeyFile,
    output, send,
    signing::{self, Signer},
    whoami::{CapacityArg, whoami},
};

/// Read what is not public about an issue
///
/// Who raised it may, and its handler. Each reading is recorded for everybody to see before anything is
/// shown.
#[derive(Args)]
pub(crate) struct ReadArgs {
    /// The issue's id
    issue: IssueId,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Your private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// As which officer, e.g. committee/clerk; otherwise as who raised it
    #[arg(long = "as", value_name = "BODY/OFFICE")]
    capacity: Option<CapacityArg>,
    /// Only the content with this digest; otherwise all of them, one after the other
    #[arg(long, value_name = "HEX")]
    content: Option<String>,
}

pub(crate) async fn run(args: &ReadArgs) -> Result<(), Failure> {
    let key = KeyFile::read(&args.key)?;
    let session = args.ledger.open_views().await?;
    let me = whoami(&session, &key).await?;
    let capacity = args.capacity.as_ref().map(|capacity| &capacity.0);
    let capacity = capacity.cloned().map(Capacity::try_from).transpose();
    let actor = Actor::Person {
        person: me.person.clone(),
        capacity: capacity.map_err(|error| Failure::usage(error.to_string()))?,
    };
    let signer = Signer {
        person: Some(me.person),
        key,
    };
    for digest in digests(args, &session).await? {
        read(&session, args, &actor, &signer, digest).await?;
    }
    Ok(())
}

/// The digests asked for.
async fn digests(args: &ReadArgs, session: &Session) -> Result<Vec<Digest>, Failure> {
    if let Some(text) = &args.content {
        let bytes = hex::decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        let digest = bytes.ok_or_else(|| Failure::usage(format!("\"{text}\" is no digest")))?;
        return Ok(vec![Digest(digest)]);
    }
    let request = v1::GetIssueRequest {
        ledger: session.ledger(),
        issue: args.issue.to_string(),
        moment: None,
    };
    let answer = session.server.query().get_issue(request).await.told()?;
    let digests = answer.contents.iter().map(|content| {
        let bytes: Result<[u8; 32], _> = content.digest.as_slice().try_into();
        bytes
            .map(Digest)
            .map_err(|_| Failure::finding("the server names a content wrongly"))
    });
    digests.collect()
}

async fn read(
    session: &Session,
    args: &ReadArgs,
    actor: &Actor,
    signer: &Signer,
    content: Digest,
) -> Result<(), Failure> {
    let payload = IssueAction::IssueRead {
        issue: args.issue.clone(),
        content,
    };
    let action = signing::action(session, actor.clone(), Payload::Issues(payload))?;
    let request = signing::signed(&action, std::slice::from_ref(signer), Vec::new())?;
    let request = v1::ReadContentRequest {
        request: Some(request),
    };
    let answer = session.server.record().read_content(request).await.told()?;
    let receipt = answer.receipt.as_ref();
    let receipt =
        receipt.ok_or_else(|| Failure::finding("the server answered without a receipt"))?;
    let keys = session.keys_for(&receipt.checkpoint).await?;
    send::check_receipt(receipt, &keys)?;
    output::line(&format!(
        "Entry {} says that you read this:",
        output::grouped(receipt.index)
    ))?;
    let Some(given) = answer.content else {
        return output::line("(erased)");
    };
    let salt: Result<[u8; 32], _> = given.salt.as_slice().try_into();
    let is_it = salt.is_ok_and(|salt| content_digest(&salt, &given.bytes).0 == content.0);
    if !is_it {
        return Err(Failure::finding(
            "what the server gave is not what was recorded",
        ));
    }
    match String::from_utf8(given.bytes) {
        Ok(text) => output::line(&text),
        Err(bytes) => output::bytes(bytes.as_bytes()),
    }
}
