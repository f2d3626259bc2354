//! `govledger query officeholders`.

use clap::Args;
use governance::{calendar::Date, ids::BodyId};
use proto::v1::{self, moment::AsOf};

use super::{
    super::{
        connection::{LedgerArgs, Session},
        failure::Failure,
        output, whole,
    },
    end_of, standing, words,
};

/// Who holds which office, now or at a past day or entry
#[derive(Args)]
pub(super) struct OfficeholdersArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// As it stood at the end of this day
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "at_index")]
    at: Option<Date>,
    /// As it stood after this entry
    #[arg(long, value_name = "N")]
    at_index: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &OfficeholdersArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::ListOfficeholdersRequest {
        ledger: session.ledger(),
        body: args
            .body
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        moment: moment(args, &session)?,
        ..v1::ListOfficeholdersRequest::default()
    };
    let answer = whole::officeholders(&session, request).await?;
    if args.json {
        return output::message(&answer);
    }
    let mut table = output::table(&[
        "body", "role", "person", "name", "term", "obtained", "ended",
    ]);
    for holder in &answer.officeholders {
        table.add_row([
            holder.body_name.as_str(),
            &holder.role,
            &holder.person,
            &holder.name,
            &term(holder),
            words::obtained(holder.obtained()),
            &until(holder, &session),
        ]);
    }
    output::rows(&table, "Nobody holds such an office.")?;
    standing(&session, answer.position.as_ref())
}

fn moment(args: &OfficeholdersArgs, session: &Session) -> Result<Option<v1::Moment>, Failure> {
    let as_of = |as_of| {
        Some(v1::Moment {
            as_of: Some(as_of),
            ..v1::Moment::default()
        })
    };
    if let Some(index) = args.at_index {
        return Ok(as_of(AsOf::AtIndex(index)));
    }
    let Some(day) = args.at else {
        return Ok(None);
    };
    Ok(as_of(AsOf::AtTimeMs(end_of(session, day)?)))
}

/// "2024-01-10 to 2029-01-09".
pub(super) fn term(holder: &v1::Officeholder) -> String {
    match holder.term_to.as_str() {
        "" => format!("from {}", holder.term_from),
        last => format!("{} to {last}", holder.term_from),
    }
}

/// When and why it ended.
pub(super) fn until(holder: &v1::Officeholder, session: &Session) -> String {
    if holder.ended_at_ms == 0 {
        return String::new();
    }
    let at = session.time.show(holder.ended_at_ms);
    format!("{at}, {}", words::end_cause(holder.end_cause()))
}
