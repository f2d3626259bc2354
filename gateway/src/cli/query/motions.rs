//! `govledger query motions` and `query motion`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::{BodyId, MotionId};
use proto::v1::{self, MotionStatus};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output, whole,
    },
    Gathered, ListArgs, rows_json, standing, words,
};

/// Motions and where they stand
#[derive(Args)]
pub(super) struct MotionsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only those that stand like this
    #[arg(long)]
    status: Option<StatusArg>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum StatusArg {
    Tabled,
    Open,
    Closed,
    Decided,
    Withdrawn,
    Overturned,
}

impl From<StatusArg> for MotionStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Tabled => Self::Tabled,
            StatusArg::Open => Self::Open,
            StatusArg::Closed => Self::Closed,
            StatusArg::Decided => Self::Decided,
            StatusArg::Withdrawn => Self::Withdrawn,
            StatusArg::Overturned => Self::Overturned,
        }
    }
}

/// One motion with its text and history
#[derive(Args)]
pub(super) struct MotionArgs {
    /// Its id
    motion: MotionId,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &MotionsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut gathered = Gathered::new(args.list.limit);
    let status = args.status.map_or(MotionStatus::Unspecified, Into::into);
    let mut request = v1::ListMotionsRequest {
        ledger: session.ledger(),
        body: args
            .body
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        status: status.into(),
        ..v1::ListMotionsRequest::default()
    };
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_motions(request.clone()).await.told()?;
        if !gathered.take(page.motions, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("motions", &gathered);
    }
    let mut table = output::table(&["motion", "body", "stands", "vote closes", "title"]);
    for motion in &gathered.rows {
        table.add_row([
            motion.motion.as_str(),
            &motion.body,
            &stands(motion),
            &closes(&session, motion),
            &output::cut(&motion.title, 60),
        ]);
    }
    output::rows(&table, "No motion fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) fn stands(motion: &v1::Motion) -> String {
    let status = words::status(motion.status());
    match words::outcome(motion.outcome()) {
        "" => status.to_owned(),
        outcome => format!("{status}, {outcome}"),
    }
}

fn closes(session: &Session, motion: &v1::Motion) -> String {
    match motion.closes_at_ms {
        0 => String::new(),
        ms => session.time.show(ms),
    }
}

pub(super) async fn show(args: &MotionArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let answer = whole::motion(&session, args.motion.to_string()).await?;
    if args.json {
        return output::message(&answer);
    }
    let motion = answer.motion.clone().unwrap_or_default();
    output::line(&head(&session, &motion, &answer))?;
    let mut table = output::table(&["entry", "recorded", "by", "what"]);
    for item in &answer.history {
        let actor = if item.actor.is_empty() {
            "the ledger"
        } else {
            &item.actor
        };
        table.add_row([
            output::number(item.index),
            session.time.show(item.recorded_at_ms).into(),
            actor.into(),
            what(item).into(),
        ]);
    }
    output::line("")?;
    output::rows(&table, "Nothing happened to it yet.")?;
    output::line("")?;
    if motion.status() == MotionStatus::Open {
        output::line(&format!(
            "To vote: govledger vote {} for|against|abstain --key FILE",
            motion.motion
        ))?;
    }
    standing(&session, answer.position.as_ref())
}

fn head(session: &Session, motion: &v1::Motion, answer: &v1::GetMotionResponse) -> String {
    let mut text = format!("{}: {}", motion.motion, motion.title);
    let _ = write!(text, "\nstands: {}", stands(motion));
    let closes = closes(session, motion);
    if !closes.is_empty() {
        let _ = write!(text, "\nvote closes: {closes}");
    }
    let _ = write!(text, "\nbody: {}, rule: {}", motion.body, motion.rule);
    for paragraph in answer.text.iter().flat_map(|text| &text.paragraphs) {
        let _ = write!(text, "\n\n{paragraph}");
    }
    let options = answer.contest.iter().flat_map(|contest| &contest.options);
    for (at, option) in options.enumerate() {
        let _ = write!(text, "\n  {}. {}", at + 1, words::called(option));
    }
    text.push_str(&words::effects(&answer.effects));
    text
}

fn what(item: &v1::HistoryItem) -> String {
    // The motion's title, which a summary repeats, stands above.
    let summary = match item.summary.as_str() {
        "" => item.kind.clone(),
        summary => output::cut(summary, 100),
    };
    if item.content_erased {
        return format!("{summary} (its text has been erased)");
    }
    if item.content_left_out {
        return format!("{summary} (its text is not shown here)");
    }
    match item.content.as_str() {
        "" => summary,
        content => format!("{summary}\n{content}"),
    }
}
