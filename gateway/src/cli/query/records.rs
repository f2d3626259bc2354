//! `govledger query record`: what is public about a person.

use clap::Args;
use governance::ids::PersonId;
use proto::v1::{self, Grade, person_vote::Vote};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, officeholders, sanctions, standing, words,
};

/// A person's public record: offices, sanctions while they are named, reports, votes, acts under powers
#[derive(Args)]
pub(super) struct RecordArgs {
    /// The person's id
    person: PersonId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// How many votes and acts at most; 0: all
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &RecordArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let moment = args.at.moment(&session)?;
    let request = v1::GetPersonRecordRequest {
        ledger: session.ledger(),
        person: args.person.to_string(),
        moment,
    };
    let mut query = session.server.query();
    let record = query.get_person_record(request).await.told()?;
    let votes = votes(args, &session, moment).await?;
    let acts = acts(args, &session, moment).await?;
    if args.json {
        let votes: Result<Vec<_>, _> = votes.rows.iter().map(output::message_value).collect();
        let acts: Result<Vec<_>, _> = acts.rows.iter().map(output::message_value).collect();
        let mut value = output::message_value(&record)?;
        value["votes"] = votes?.into();
        value["acts"] = acts?.into();
        return output::json(&value);
    }
    output::line(&head(&record))?;
    output::line("")?;
    output::rows(&offices(&session, &record), "No office was held.")?;
    if !record.sanctions.is_empty() {
        output::line("")?;
        output::rows(&sanctions::table(&record.sanctions), "")?;
    }
    if !record.reports.is_empty() {
        output::line("")?;
        output::rows(&reports(&record), "")?;
    }
    output::line("")?;
    output::rows(&vote_table(&votes.rows), "No vote as a member of a body.")?;
    votes.note_more()?;
    output::line("")?;
    output::rows(
        &act_table(&session, &acts.rows),
        "Nothing was done under the power list.",
    )?;
    acts.note_more()?;
    standing(&session, record.position.as_ref())
}

async fn votes(
    args: &RecordArgs,
    session: &Session,
    moment: Option<v1::Moment>,
) -> Result<Gathered<v1::PersonVote>, Failure> {
    let mut request = v1::ListPersonVotesRequest {
        ledger: session.ledger(),
        person: args.person.to_string(),
        moment,
        ..v1::ListPersonVotesRequest::default()
    };
    let mut gathered = Gathered::new(args.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_person_votes(request.clone()).await.told()?;
        if !gathered.take(page.votes, page.position, &page.next_page_token) {
            return Ok(gathered);
        }
        request.page_token = page.next_page_token;
    }
}

async fn acts(
    args: &RecordArgs,
    session: &Session,
    moment: Option<v1::Moment>,
) -> Result<Gathered<v1::PersonAct>, Failure> {
    let mut request = v1::ListPersonActsRequest {
        ledger: session.ledger(),
        person: args.person.to_string(),
        moment,
        ..v1::ListPersonActsRequest::default()
    };
    let mut gathered = Gathered::new(args.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_person_acts(request.clone()).await.told()?;
        if !gathered.take(page.acts, page.position, &page.next_page_token) {
            return Ok(gathered);
        }
        request.page_token = page.next_page_token;
    }
}

fn head(record: &v1::GetPersonRecordResponse) -> String {
    let name = match record.name.as_str() {
        "" => String::new(),
        name => format!(", {name}"),
    };
    let left = if record.departed { ", has left" } else { "" };
    let both = if record.head_and_secretary {
        "\nHead of the residents' committee and secretary of the party organisation (一肩挑)"
    } else {
        ""
    };
    format!("{}{name}{left}{both}", record.person)
}

fn offices(session: &Session, record: &v1::GetPersonRecordResponse) -> comfy_table::Table {
    let mut table = output::table(&["office", "body", "role", "term", "obtained", "ended"]);
    for office in &record.offices {
        let decided = |decision: &str| match decision {
            "" => String::new(),
            motion => format!(" ({motion})"),
        };
        let obtained = words::obtained(office.obtained());
        table.add_row([
            office.office.clone(),
            office.body.clone(),
            office.role.clone(),
            officeholders::term(office),
            format!("{obtained}{}", decided(&office.decision)),
            format!(
                "{}{}",
                officeholders::until(office, session),
                decided(&office.end_decision)
            ),
        ]);
    }
    table
}

fn reports(record: &v1::GetPersonRecordResponse) -> comfy_table::Table {
    let mut table = output::table(&["year", "report of", "filed", "as", "assessed as"]);
    for row in &record.reports {
        let report = row.report.clone().unwrap_or_default();
        let filed = match (report.filed_index, report.overdue_index) {
            (0, 0) => "no".to_owned(),
            (0, _) => "overdue".to_owned(),
            (index, 0) => format!("entry {}", output::grouped(index)),
            (index, _) => format!("late, entry {}", output::grouped(index)),
        };
        let grade = row
            .grade
            .as_ref()
            .map_or(Grade::Unspecified, v1::OfficerGrade::grade);
        table.add_row([
            report.year.to_string().as_str(),
            &report.body,
            &filed,
            &row.office,
            words::grade(grade),
        ]);
    }
    table
}

fn vote_table(votes: &[v1::PersonVote]) -> comfy_table::Table {
    let mut table = output::table(&["held", "body", "motion", "title", "voted", "came to"]);
    for vote in votes {
        let choice = match &vote.vote {
            Some(Vote::Mark(mark)) => {
                let mark = v1::RollCallMark::try_from(*mark).unwrap_or_default();
                words::mark(mark).to_owned()
            }
            Some(Vote::Choice(choice)) => words::choice(Some(choice), None),
            None => String::new(),
        };
        table.add_row([
            vote.held_on.as_str(),
            &vote.body,
            &vote.motion,
            &output::cut(&vote.title, 50),
            &choice,
            words::outcome(vote.outcome()),
        ]);
    }
    table
}

fn act_table(session: &Session, acts: &[v1::PersonAct]) -> comfy_table::Table {
    let mut table = output::table(&["entry", "recorded", "item", "what was done"]);
    for row in acts {
        let act = row.act.clone().unwrap_or_default();
        table.add_row([
            output::number(act.index),
            session.time.show(act.recorded_at_ms).into(),
            row.item.as_str().into(),
            super::powers::what(&act).into(),
        ]);
    }
    table
}
