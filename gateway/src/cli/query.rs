//! `govledger query`: what was decided, by whom, under which rule.

mod bodies;
mod consultations;
mod decisions;
mod disclosures;
mod imports;
mod issues;
mod ledgers;
mod meetings;
mod motions;
mod officeholders;
mod people;
mod powers;
mod proxies;
mod records;
mod reports;
mod sanctions;
mod search;
mod tasks;
mod timeline;
mod votes;
mod words;

pub(crate) use words::called;

use clap::{Args, Subcommand};
use governance::{
    calendar::{Date, UtcOffset, UtcOffsets},
    ids::Millis,
};
use proto::v1::{self, moment::AsOf};
use serde_json::{Value, json};

use super::{connection::Session, failure::Failure, output};

/// Ask what was decided, by whom, under which rule
#[derive(Args)]
pub(crate) struct QueryArgs {
    #[command(subcommand)]
    command: QueryCommand,
}

#[derive(Subcommand)]
enum QueryCommand {
    Ledgers(ledgers::LedgersArgs),
    Decisions(Box<decisions::DecisionsArgs>),
    Decision(decisions::DecisionArgs),
    Motions(motions::MotionsArgs),
    Motion(motions::MotionArgs),
    Proxies(proxies::ProxiesArgs),
    Officeholders(officeholders::OfficeholdersArgs),
    Timeline(timeline::TimelineArgs),
    Roll(people::RollArgs),
    Person(people::PersonArgs),
    Reports(reports::ReportsArgs),
    Report(reports::ReportArgs),
    Issues(issues::IssuesArgs),
    IssueCounts(issues::CountsArgs),
    Powers(Box<powers::PowersArgs>),
    Power(powers::PowerArgs),
    PowerChanges(powers::PowerChangesArgs),
    Sanctions(Box<sanctions::SanctionsArgs>),
    Sanction(sanctions::SanctionArgs),
    Record(records::RecordArgs),
    Bodies(bodies::BodiesArgs),
    Body(bodies::BodyArgs),
    Overdue(bodies::OverdueArgs),
    Consultations(consultations::ConsultationsArgs),
    Consultation(consultations::ConsultationArgs),
    Meetings(meetings::MeetingsArgs),
    Meeting(meetings::MeetingArgs),
    Tasks(tasks::TasksArgs),
    Task(tasks::TaskArgs),
    Disclosures(disclosures::DisclosuresArgs),
    Disclosure(disclosures::DisclosureArgs),
    Imports(imports::ImportsArgs),
    Import(imports::ImportArgs),
    Search(search::SearchArgs),
}

pub(crate) async fn run(args: &QueryArgs) -> Result<(), Failure> {
    match &args.command {
        QueryCommand::Ledgers(args) => ledgers::run(args).await,
        QueryCommand::Decisions(args) => decisions::list(args).await,
        QueryCommand::Decision(args) => decisions::show(args).await,
        QueryCommand::Motions(args) => motions::list(args).await,
        QueryCommand::Motion(args) => motions::show(args).await,
        QueryCommand::Proxies(args) => proxies::list(args).await,
        QueryCommand::Officeholders(args) => officeholders::run(args).await,
        QueryCommand::Timeline(args) => timeline::run(args).await,
        QueryCommand::Roll(args) => people::roll(args).await,
        QueryCommand::Person(args) => people::person(args).await,
        QueryCommand::Reports(args) => reports::list(args).await,
        QueryCommand::Report(args) => reports::show(args).await,
        QueryCommand::Issues(args) => issues::list(args).await,
        QueryCommand::IssueCounts(args) => issues::counts(args).await,
        QueryCommand::Powers(args) => powers::list(args).await,
        QueryCommand::Power(args) => powers::show(args).await,
        QueryCommand::PowerChanges(args) => powers::changes(args).await,
        QueryCommand::Sanctions(args) => sanctions::list(args).await,
        QueryCommand::Sanction(args) => sanctions::show(args).await,
        QueryCommand::Record(args) => records::run(args).await,
        QueryCommand::Bodies(args) => bodies::list(args).await,
        QueryCommand::Body(args) => bodies::show(args).await,
        QueryCommand::Overdue(args) => bodies::overdue(args).await,
        QueryCommand::Consultations(args) => consultations::list(args).await,
        QueryCommand::Consultation(args) => consultations::show(args).await,
        QueryCommand::Meetings(args) => meetings::list(args).await,
        QueryCommand::Meeting(args) => meetings::show(args).await,
        QueryCommand::Tasks(args) => tasks::list(args).await,
        QueryCommand::Task(args) => tasks::show(args).await,
        QueryCommand::Disclosures(args) => disclosures::list(args).await,
        QueryCommand::Disclosure(args) => disclosures::show(args).await,
        QueryCommand::Imports(args) => imports::list(args).await,
        QueryCommand::Import(args) => imports::show(args).await,
        QueryCommand::Search(args) => search::run(args).await,
    }
}

/// How much of a list.
#[derive(Args, Clone, Copy)]
struct ListArgs {
    /// How many at most; 0: all
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// As of which moment.
#[derive(Args, Clone, Copy)]
struct AtArgs {
    /// As it stood at the end of this day
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "at_index")]
    at: Option<Date>,
    /// As it stood after this entry
    #[arg(long, value_name = "N")]
    at_index: Option<u64>,
}

impl AtArgs {
    /// For a request; nothing: now.
    fn moment(self, session: &Session) -> Result<Option<v1::Moment>, Failure> {
        let as_of = match (self.at_index, self.at) {
            (Some(index), _) => AsOf::AtIndex(index),
            (None, Some(day)) => AsOf::AtTimeMs(end_of(session, day)?),
            (None, None) => return Ok(None),
        };
        Ok(Some(moment(as_of)))
    }
}

fn moment(as_of: AsOf) -> v1::Moment {
    v1::Moment {
        as_of: Some(as_of),
        ..v1::Moment::default()
    }
}

/// The server's own limit of a page.
const PAGE_SIZE: u32 = 1_000;

/// A list put together from pages.
struct Gathered<T> {
    rows: Vec<T>,
    /// Where the first page stood.
    position: Option<v1::Position>,
    /// Whether there are more than were asked for.
    more: bool,
    limit: u64,
}

impl<T> Gathered<T> {
    fn new(limit: u64) -> Self {
        Self {
            rows: Vec::new(),
            position: None,
            more: false,
            limit,
        }
    }

    /// How large the next page is to be.
    fn wanted(&self) -> u32 {
        let have = u64::try_from(self.rows.len()).unwrap_or(u64::MAX);
        let missing = self.limit.saturating_sub(have);
        match u32::try_from(missing) {
            Ok(missing) if self.limit > 0 => missing.min(PAGE_SIZE),
            _ => PAGE_SIZE,
        }
    }

    /// Takes a page; whether another is wanted.
    fn take(&mut self, rows: Vec<T>, position: Option<v1::Position>, next_token: &str) -> bool {
        self.rows.extend(rows);
        if self.position.is_none() {
            self.position = position;
        }
        let have = u64::try_from(self.rows.len()).unwrap_or(u64::MAX);
        let full = self.limit > 0 && have >= self.limit;
        self.more = full && !next_token.is_empty();
        !full && !next_token.is_empty()
    }

    /// Says that there are more, where there are.
    fn note_more(&self) -> Result<(), Failure> {
        if !self.more {
            return Ok(());
        }
        let shown = output::grouped(self.limit);
        output::line(&format!(
            "{shown} are shown; there are more: --limit 0 shows all."
        ))
    }
}

/// A list as JSON, with the position it stands on.
fn rows_json<M: prost::Message + prost::Name>(
    name: &str,
    gathered: &Gathered<M>,
) -> Result<(), Failure> {
    let rows: Result<Vec<Value>, _> = gathered.rows.iter().map(output::message_value).collect();
    let position = gathered.position.as_ref();
    let position = position.map(output::message_value).transpose()?;
    output::json(&json!({ name: rows?, "position": position, "more": gathered.more }))
}

/// The last millisecond of a day in the ledger's time.
fn end_of(session: &Session, day: Date) -> Result<u64, Failure> {
    let offsets = session.about.utc_offsets.iter().map(|offset| UtcOffset {
        from: Millis(offset.from_ms),
        minutes: offset.minutes,
    });
    let offsets = UtcOffsets::new(offsets.collect()).map_err(|error| {
        Failure::finding(format!("the server's ledger has bad offsets: {error}"))
    })?;
    Ok(offsets.end_of(day).0.saturating_sub(1))
}

/// What an answer stands on, once the checkpoint that vouches for it has been checked.
fn standing(session: &Session, position: Option<&v1::Position>) -> Result<(), Failure> {
    let position = position
        .ok_or_else(|| Failure::finding("the server does not say what its answer stands on"))?;
    let wrong = |why: String| {
        Failure::finding("the server's answer does not stand on a checkpoint").because(why)
    };
    let signed = (session.checkpoint_keys()?)
        .open(&position.checkpoint)
        .map_err(|error| wrong(error.to_string()))?;
    let size = signed.checkpoint().size;
    let index = position.index;
    if index >= size {
        return Err(wrong(format!(
            "entry {index} is not in a tree of size {size}"
        )));
    }
    output::line(&format!(
        "Stands on entry {} (leaf {}…), under the signed checkpoint of size {}.",
        output::grouped(index),
        &hex::encode(&position.leaf).get(..16).unwrap_or_default(),
        output::grouped(size),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_gathered_up_to_the_limit() {
        let mut gathered = Gathered::new(1_500);
        assert_eq!(gathered.wanted(), 1_000);
        assert!(gathered.take(vec![0; 1_000], None, "next"));
        assert_eq!(gathered.wanted(), 500);
        assert!(!gathered.take(vec![0; 500], None, "next"));
        assert!(gathered.more);
    }

    #[test]
    fn a_list_that_ends_has_no_more() {
        let mut gathered = Gathered::new(3);
        assert_eq!(gathered.wanted(), 3);
        assert!(!gathered.take(vec![0; 3], None, ""));
        assert!(!gathered.more);
    }

    #[test]
    fn without_a_limit_every_page_is_taken() {
        let mut gathered = Gathered::new(0);
        for _ in 0..3 {
            assert_eq!(gathered.wanted(), 1_000);
            assert!(gathered.take(vec![0; 1_000], None, "next"));
        }
        assert!(!gathered.take(vec![0; 1], None, ""));
        assert!(!gathered.more);
    }
}
