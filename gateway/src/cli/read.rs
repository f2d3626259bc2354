//! `govledger read`: what is not public about an issue, or an objection against a roll, for those who may read it.

use std::path::PathBuf;

use clap::Args;
use governance::{
    action::{Actor, BodiesAction, Capacity, IssueAction, Payload},
    calendar::Date,
    ids::{BodyId, Digest, IssueId, RollId},
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

/// Read what is not public about an issue, or an objection against a roll
///
/// Who raised it may, and its handler; who made an objection, and who may rule on it. Each reading is recorded for
/// everybody to see before anything is shown.
#[derive(Args)]
pub(crate) struct ReadArgs {
    /// The issue's id
    #[arg(required_unless_present = "objection")]
    issue: Option<IssueId>,
    /// Instead of an issue: the objection of this number, as `query roll` lists them
    #[arg(long, value_name = "N", requires = "roll", conflicts_with = "issue")]
    objection: Option<u32>,
    /// The body against whose roll it was made
    #[arg(long, value_name = "BODY", requires = "objection")]
    roll: Option<BodyId>,
    /// The roll that held on this day; without: the newest
    #[arg(long, value_name = "YYYY-MM-DD", requires = "objection")]
    at: Option<Date>,
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
    let (subject, known) = match (&args.issue, &args.roll, args.objection) {
        (_, Some(body), Some(number)) => objection(args, &session, body, number).await?,
        (Some(issue), ..) => (Subject::Issue(issue.clone()), Vec::new()),
        _ => return Err(Failure::usage("neither an issue nor an objection is named")),
    };
    for digest in digests(args, &session, &subject, known).await? {
        read(&session, &subject, &actor, &signer, digest).await?;
    }
    Ok(())
}

/// What is read of.
enum Subject {
    Issue(IssueId),
    Objection { roll: RollId, number: u32 },
}

impl Subject {
    /// The reading of a content of it.
    fn read(&self, content: Digest) -> Payload {
        match self {
            Self::Issue(issue) => Payload::Issues(IssueAction::IssueRead {
                issue: issue.clone(),
                content,
            }),
            Self::Objection { roll, number } => Payload::Bodies(BodiesAction::RollObjectionRead {
                roll: roll.clone(),
                objection: *number,
                content,
            }),
        }
    }
}

/// The objection of this number, from 1, and what it says.
async fn objection(
    args: &ReadArgs,
    session: &Session,
    body: &BodyId,
    number: u32,
) -> Result<(Subject, Vec<Digest>), Failure> {
    let at = args.at.as_ref().map(ToString::to_string);
    let request = v1::GetRollRequest {
        ledger: session.ledger(),
        body: body.to_string(),
        as_of: at.unwrap_or_default(),
        with_lines: true,
        ..v1::GetRollRequest::default()
    };
    let answer = session.server.query().get_roll(request).await.told()?;
    let from_zero = number.checked_sub(1);
    let at = from_zero.and_then(|number| usize::try_from(number).ok());
    let found = at.and_then(|at| answer.objections.get(at));
    let (Some(number), Some(found)) = (from_zero, found) else {
        let message = format!(
            "there is no objection {number} against roll {}",
            answer.roll
        );
        return Err(Failure::usage(message));
    };
    let roll = RollId::new(answer.roll.as_str());
    let roll = roll.map_err(|_| Failure::finding("the server names a roll wrongly"))?;
    Ok((
        Subject::Objection { roll, number },
        vec![named(&found.content)?],
    ))
}

fn named(digest: &[u8]) -> Result<Digest, Failure> {
    let bytes: Result<[u8; 32], _> = digest.try_into();
    bytes
        .map(Digest)
        .map_err(|_| Failure::finding("the server names a content wrongly"))
}

/// The digests asked for, `known` being all there are of what is no issue.
async fn digests(
    args: &ReadArgs,
    session: &Session,
    subject: &Subject,
    known: Vec<Digest>,
) -> Result<Vec<Digest>, Failure> {
    if let Some(text) = &args.content {
        let bytes = hex::decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        let digest = bytes.ok_or_else(|| Failure::usage(format!("\"{text}\" is no digest")))?;
        return Ok(vec![Digest(digest)]);
    }
    let Subject::Issue(issue) = subject else {
        return Ok(known);
    };
    let request = v1::GetIssueRequest {
        ledger: session.ledger(),
        issue: issue.to_string(),
        moment: None,
    };
    let answer = session.server.query().get_issue(request).await.told()?;
    let digests = answer.contents.iter();
    digests.map(|content| named(&content.digest)).collect()
}

async fn read(
    session: &Session,
    subject: &Subject,
    actor: &Actor,
    signer: &Signer,
    content: Digest,
) -> Result<(), Failure> {
    let action = signing::action(session, actor.clone(), subject.read(content))?;
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
