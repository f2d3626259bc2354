//! `govledger submit`: an action written as JSON, filled in, signed here and sent.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use clap::Args;
use proto::v1::{self, action::Payload};
use serde_json::Value;

use super::{
    connection::{LedgerArgs, Session},
    contents::Contents,
    failure::Failure,
    fill,
    keyfile::KeyFile,
    roll, send,
    signing::{self, Signer},
    whoami::{CapacityArg, whoami},
};

/// Longest JSON read, in bytes: an action has at most 60,000 and its contents come as files or as
/// text of at most 256 KiB each.
const JSON_LEN_MAX: u64 = 4 * 1024 * 1024;

/// What `submit --help` says.
const LONG_ABOUT: &str = r#"Sign an action and submit it

FILE is an action as protobuf JSON (proto/governance/v1/action.proto), for example:

  {"motion_tabled": {"motion": "bike-shed", "body": "council",
    "rule": "council-ordinary", "text": {"title": "Build a bicycle shed"}}}

What is left out is filled in: ledger and genesis, the action's id and times, who acts (the owner
of the key) in which office, the second officer (the owner of --attest-key), the entry that opened
a vote, and what the parts of a roll come to. Where the schema has a Content, {"text": "…"} and
{"file": "PATH"} are salted, digested and uploaded. Keys and hashes may be written in hexadecimal."#;

/// Sign an action and submit it
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct SubmitArgs {
    /// The action's JSON; - reads standard input
    file: PathBuf,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// Act in this office, or as a member of this body
    #[arg(long = "as", value_name = "BODY[/OFFICE]")]
    capacity: Option<CapacityArg>,
    /// Ask what the ledger would answer, and record nothing
    #[arg(long)]
    preview: bool,
    /// Wait (20 s at most) until witnesses have cosigned a checkpoint that covers it
    #[arg(long)]
    wait_published: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Who signs.
#[derive(Args)]
pub(crate) struct KeyArgs {
    /// Your private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Whoever else signs: a second officer, or a key that is enrolled; may be given several times
    #[arg(long, value_name = "FILE")]
    attest_key: Vec<PathBuf>,
}

pub(crate) async fn run(args: &SubmitArgs) -> Result<(), Failure> {
    let (draft, contents) = read(&args.file)?;
    let key = KeyFile::read(&args.keys.key)?;
    let others = args.keys.attest_key.iter();
    let others: Vec<KeyFile> = others
        .map(|path| KeyFile::read(path))
        .collect::<Result<_, _>>()?;
    let session = args.ledger.open_views().await?;
    let (draft, signers) = complete(&session, draft, key, others, args.capacity.as_ref()).await?;
    let action = fill::decoded(&draft)?;
    let mut request = signing::signed(&action, &signers, contents.uploads)?;
    request.wait_published = args.wait_published;
    if args.preview {
        return send::preview(&session, &request, args.json).await;
    }
    let answer = send::submit(&session, &request).await?;
    send::report(&session, &action, &answer, args.json)
}

/// The action's JSON as a draft, with the contents to upload.
fn read(file: &Path) -> Result<(v1::Action, Contents), Failure> {
    let text = read_text(file)?;
    let shown = file.display();
    let mut value: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("{shown} is not JSON: {error}")))?;
    let mut contents = Contents::default();
    contents.rewrite(&mut value)?;
    let draft = proto::json::draft_from_json(&value.to_string()).map_err(|error| {
        Failure::usage(format!("{shown} is not an action: {error}"))
            .next("Write it after the messages of proto/governance/v1/action.proto.")
    })?;
    Ok((draft, contents))
}

fn read_text(file: &Path) -> Result<String, Failure> {
    let shown = file.display();
    let cannot = |error: io::Error| Failure::usage(format!("cannot read {shown}: {error}"));
    let mut text = String::new();
    let read = if file == Path::new("-") {
        io::stdin().take(JSON_LEN_MAX + 1).read_to_string(&mut text)
    } else {
        let file = fs::File::open(file).map_err(cannot)?;
        file.take(JSON_LEN_MAX + 1).read_to_string(&mut text)
    };
    let length = read.map_err(cannot)?;
    if u64::try_from(length).unwrap_or(u64::MAX) > JSON_LEN_MAX {
        let what = format!("{shown} is longer than {JSON_LEN_MAX} bytes");
        return Err(Failure::usage(what).next("Give long texts as files: {\"file\": \"PATH\"}."));
    }
    Ok(text)
}

/// Fills in what the ledger knows: whose keys these are, and what they act on.
pub(super) async fn complete(
    session: &Session,
    draft: v1::Action,
    key: KeyFile,
    others: Vec<KeyFile>,
    capacity: Option<&CapacityArg>,
) -> Result<(v1::Action, Vec<Signer>), Failure> {
    let me = whoami(session, &key).await?;
    let mut signers = vec![Signer {
        person: Some(me.person.clone()),
        key,
    }];
    let mut second = None;
    for key in others {
        // A key of nobody yet is one that this action enrols.
        let owner = whoami(session, &key).await.ok();
        signers.push(Signer {
            person: owner.as_ref().map(|owner| owner.person.clone()),
            key,
        });
        second = second.or(owner);
    }
    let motion = fill::motion_asked(&draft);
    let motion = match motion {
        Some(id) => Some(fill::motion(session, id).await?),
        None => None,
    };
    let known = fill::Known {
        me: &me,
        second: second.as_ref(),
        motion: motion.as_ref(),
        capacity: capacity.map(|c| &c.0),
    };
    let mut draft = fill::filled(session, draft, &known)?;
    if let Some(Payload::RollPublished(published)) = &mut draft.payload {
        roll::fill(session, published).await?;
    }
    Ok((draft, signers))
}
