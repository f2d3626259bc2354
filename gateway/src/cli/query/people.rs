//! `govledger query roll` and `query person`.

use clap::Args;
use governance::{calendar::Date, ids::BodyId};
use proto::v1::{self, get_person_request::By};

use super::{
    super::{
        connection::{LedgerArgs, Told as _},
        failure::Failure,
        output, whole,
    },
    officeholders, standing, words,
};

/// Who may vote in a body
#[derive(Args)]
pub(super) struct RollArgs {
    /// The body
    body: BodyId,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// The roll that held on this day; without: the newest
    #[arg(long, value_name = "YYYY-MM-DD")]
    at: Option<Date>,
    /// Only heads and area, no lines
    #[arg(long)]
    summary: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A person's keys and offices
#[derive(Args)]
pub(super) struct PersonArgs {
    /// The person's id, or a public key of theirs in hexadecimal
    person: String,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn roll(args: &RollArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetRollRequest {
        ledger: session.ledger(),
        body: args.body.to_string(),
        as_of: args
            .at
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        with_lines: !args.summary,
        page_token: String::new(),
        moment: None,
    };
    let answer = whole::roll(&session, request).await?;
    if args.json {
        return output::message(&answer);
    }
    let heads = output::counted(answer.members.into(), "head", "heads");
    let area = match answer.total_area {
        0 => String::new(),
        area => format!(", {} m²", words::amount(v1::MeasureKind::Area, area)),
    };
    output::line(&format!(
        "Roll {} of {}, in force from {}: {heads}{area}.",
        answer.roll, answer.body, answer.as_of
    ))?;
    if !args.summary {
        output::rows(&lines(&answer), "Nobody is on it.")?;
    }
    for (number, objection) in answer.objections.iter().enumerate() {
        output::line(&told(number + 1, objection))?;
    }
    standing(&session, answer.position.as_ref())
}

/// An objection in a line.
fn told(number: usize, objection: &v1::RollObjection) -> String {
    let (about, index) = (&objection.person, objection.index);
    let ruled = match (objection.ruled_index, objection.upheld) {
        (0, _) => "no ruling yet".to_owned(),
        (ruled, true) => format!("upheld by entry {ruled}: {}", objection.reason),
        (ruled, false) => format!("rejected by entry {ruled}: {}", objection.reason),
    };
    format!("Objection {number}, about {about} (entry {index}): {ruled}.")
}

fn lines(answer: &v1::GetRollResponse) -> comfy_table::Table {
    if answer.total_area == 0 {
        let mut table = output::table(&["voter"]);
        for line in &answer.lines {
            table.add_row([&line.voter]);
        }
        return table;
    }
    let mut table = output::table(&["voter", "unit", "area, m²", "co-owners"]);
    for line in &answer.lines {
        let area = words::amount(v1::MeasureKind::Area, line.area);
        table.add_row([&line.voter, &line.unit, &area, &line.co_owners.join(", ")]);
    }
    table
}

pub(super) async fn person(args: &PersonArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    // A person's id is never 64 hexadecimal digits unless somebody chose it so; a key always is.
    let by = match hex::decode(&args.person) {
        Ok(key) if key.len() == 32 => By::Key(key),
        _ => By::Person(args.person.clone()),
    };
    let request = v1::GetPersonRequest {
        ledger: session.ledger(),
        by: Some(by),
        moment: None,
    };
    let answer = session.server.query().get_person(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let name = match answer.name.as_str() {
        "" => String::new(),
        name => format!(", {name}"),
    };
    let left = if answer.departed { ", has left" } else { "" };
    output::line(&format!("{}{name}{left}", answer.person))?;
    if answer.keys.is_empty() {
        output::line("No keys: enrolled, counted, and cannot sign.")?;
    } else {
        output::rows(&keys(&answer), "")?;
    }
    for office in &answer.offices {
        let (role, body, id) = (&office.role, &office.body, &office.office);
        let term = officeholders::term(office);
        output::line(&format!("{role} of {body} (office {id}), {term}"))?;
    }
    standing(&session, answer.position.as_ref())
}

fn keys(answer: &v1::GetPersonResponse) -> comfy_table::Table {
    let mut table = output::table(&["key", "since entry", "state"]);
    for key in &answer.keys {
        let state = match key.revoked_index {
            0 => "good".to_owned(),
            index => format!("revoked by entry {}", output::grouped(index)),
        };
        table.add_row([
            hex::encode(&key.key).into(),
            output::number(key.from_index),
            state.into(),
        ]);
    }
    table
}
