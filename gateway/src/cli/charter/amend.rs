//! `govledger charter amend`: a charter file put to the vote as the charter's next version.
//!
//! The file is the whole charter, as for a founding: what is in force afterwards is read in one place. Its
//! bodies are checked against the ledger's own by the ledger.

use std::path::PathBuf;

use clap::Args;
use governance::{
    action::{Actor, DeliberationAction, Effect, MotionTabled, MotionText, Payload},
    ids::{MotionId, RuleId},
};
use proto::v1;

use super::read;
use crate::cli::{
    connection::{LedgerArgs, Session},
    failure::Failure,
    keyfile::KeyFile,
    send,
    signing::{self, Signer},
    whoami::{CapacityArg, whoami},
};

/// Table a motion that amends the charter: adopted, the file is the charter in force
///
/// Motions tabled before that keep the charter they were tabled under.
#[derive(Args)]
pub(super) struct AmendArgs {
    /// The whole charter as it is to be (TOML)
    file: PathBuf,
    /// The id of the motion to table
    #[arg(long)]
    motion: MotionId,
    /// The rule of the charter in force by which it is decided, e.g. charter-amendment
    #[arg(long, default_value = "charter-amendment")]
    rule: RuleId,
    /// The motion's title
    #[arg(long)]
    title: String,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Your private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Act in this office
    #[arg(long = "as", value_name = "BODY[/OFFICE]")]
    capacity: Option<CapacityArg>,
    /// Ask what the ledger would answer, and record nothing
    #[arg(long)]
    preview: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &AmendArgs) -> Result<(), Failure> {
    let mut charter = read(&args.file)?.charter;
    let key = KeyFile::read(&args.key)?;
    let session = args.ledger.open_views().await?;
    let me = whoami(&session, &key).await?;
    let in_force = in_force(&session)?;
    charter.version = session.about.next_charter_version;
    let body = in_force
        .rules
        .iter()
        .find(|rule| rule.id == args.rule.as_str());
    let body = body.ok_or_else(|| {
        Failure::usage(format!("the charter in force has no rule {}", args.rule))
            .next("Name, with --rule, a rule whose decisions may amend the charter.")
    })?;
    let asked = args.capacity.as_ref().map(|capacity| capacity.0.clone());
    let capacity = match asked {
        Some(capacity) => capacity,
        None => me.office_for(Some(&body.body))?,
    };
    let tabled = MotionTabled {
        motion: args.motion.clone(),
        body: known(&body.body)?,
        rule: args.rule.clone(),
        text: MotionText {
            title: args.title.clone(),
            paragraphs: Vec::new(),
        },
        contest: None,
        meeting: None,
        source: String::new(),
        run_off_of: None,
        consultation: None,
        matter: None,
        effects: vec![Effect::CharterAmended(Box::new(charter))],
    };
    let actor = Actor::Person {
        person: me.person.clone(),
        capacity: Some(governance::action::Capacity {
            body: known(&capacity.body)?,
            office: match capacity.office.as_str() {
                "" => None,
                office => Some(known(office)?),
            },
        }),
    };
    let payload = Payload::Deliberation(DeliberationAction::MotionTabled(tabled));
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

fn in_force(session: &Session) -> Result<&v1::Charter, Failure> {
    let charter = session.about.charter.as_ref();
    charter.ok_or_else(|| Failure::finding("the server does not say which charter is in force"))
}

fn known<T: std::str::FromStr<Err: std::fmt::Display>>(id: &str) -> Result<T, Failure> {
    id.parse()
        .map_err(|error| Failure::finding(format!("{id} is no id: {error}")))
}
