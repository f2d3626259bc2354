//! `govledger query meetings` and `query meeting`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::{BodyId, MeetingId};
use proto::v1::{self, MeetingStatus};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, motions, rows_json, standing,
};

/// Meetings: who called them, how notice was given and how many came
#[derive(Args)]
pub(super) struct MeetingsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only those that stand like this
    #[arg(long)]
    status: Option<StatusArg>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum StatusArg {
    /// Called, and no notice is given
    Convened,
    /// Notice is given
    Noticed,
    /// It is recorded who came
    Attended,
    /// Over
    Closed,
}

impl From<StatusArg> for MeetingStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Convened => Self::Convened,
            StatusArg::Noticed => Self::Noticed,
            StatusArg::Attended => Self::Attended,
            StatusArg::Closed => Self::Closed,
        }
    }
}

/// One meeting, and what was put to the vote in it
#[derive(Args)]
pub(super) struct MeetingArgs {
    /// Its id
    meeting: MeetingId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &MeetingsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListMeetingsRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        status: args
            .status
            .map_or(0, |status| MeetingStatus::from(status).into()),
        moment: args.at.moment(&session)?,
        ..v1::ListMeetingsRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_meetings(request.clone()).await.told()?;
        if !gathered.take(page.meetings, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("meetings", &gathered);
    }
    let mut table = output::table(&["meeting", "body", "begins", "stands", "came", "place"]);
    for row in &gathered.rows {
        table.add_row([
            row.meeting.clone(),
            row.body.clone(),
            session.time.show(row.starts_at_ms),
            stands(row.status()).to_owned(),
            came(row),
            output::cut(&row.place, 40),
        ]);
    }
    output::rows(&table, "No meeting fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &MeetingArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetMeetingRequest {
        ledger: session.ledger(),
        meeting: args.meeting.to_string(),
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().get_meeting(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let row = answer.meeting.unwrap_or_default();
    output::line(&told(&session, &row))?;
    if !answer.motions.is_empty() {
        output::line("\nput to the vote in it:")?;
    }
    for motion in &answer.motions {
        output::line(&format!(
            "  {} {}: {}",
            motion.motion,
            motions::stands(motion),
            motion.title
        ))?;
    }
    output::line("")?;
    standing(&session, answer.position.as_ref())
}

fn told(session: &Session, row: &v1::Meeting) -> String {
    let at = |ms, index| {
        format!(
            "{}, entry {}",
            session.time.show(ms),
            output::grouped(index)
        )
    };
    let mut text = format!(
        "{}: {}\n\nbody: {}\nrule: {}\nbegins: {}\nplace: {}\ncalled by: {}, {}",
        row.meeting,
        stands(row.status()),
        row.body,
        row.rule,
        session.time.show(row.starts_at_ms),
        row.place,
        row.convened_by,
        at(row.convened_at_ms, row.convened_index),
    );
    if row.petitioners > 0 {
        let _ = write!(text, "\nasked for by: {} voters", row.petitioners);
    }
    if row.noticed_index > 0 {
        let given = at(row.noticed_at_ms, row.noticed_index);
        let _ = write!(text, "\nnotice given: {given}");
    }
    if !row.urgent_reason.is_empty() {
        let _ = write!(text, "\nthe notice is short, as: {}", row.urgent_reason);
    }
    if row.attended_index > 0 {
        let recorded = at(row.attended_at_ms, row.attended_index);
        let _ = write!(
            text,
            "\ncame: {} of roll {}, {recorded}",
            came(row),
            row.roll
        );
    }
    if row.closed_index > 0 {
        let closed = at(row.closed_at_ms, row.closed_index);
        let _ = write!(text, "\nclosed: {closed}");
    }
    text
}

/// How many came, of how many on the roll.
fn came(row: &v1::Meeting) -> String {
    match row.roll.as_str() {
        "" => String::new(),
        _ if row.guests == 0 => format!("{}/{}", row.present, row.roll_members),
        _ => format!(
            "{}/{} and {} guests",
            row.present, row.roll_members, row.guests
        ),
    }
}

const fn stands(status: MeetingStatus) -> &'static str {
    match status {
        MeetingStatus::Unspecified => "",
        MeetingStatus::Convened => "已召集 called",
        MeetingStatus::Noticed => "已通知 noticed",
        MeetingStatus::Attended => "已到会 attended",
        MeetingStatus::Closed => "已闭会 closed",
    }
}
