//! `govledger query timeline`.

use clap::Args;
use governance::ids::PersonId;
use proto::v1;

use super::{
    super::{
        connection::{LedgerArgs, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing,
};

/// Everything that happened, newest first
#[derive(Args)]
pub(super) struct TimelineArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only what this person did
    #[arg(long, value_name = "PERSON")]
    actor: Option<PersonId>,
    /// Only entries of this kind, such as `motion_tabled`
    #[arg(
        long,
        value_name = "KIND",
        default_value = "",
        hide_default_value = true
    )]
    kind: String,
    /// Only what is about the motion, body, office … of this id
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    subject: String,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

pub(super) async fn run(args: &TimelineArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut gathered = Gathered::new(args.list.limit);
    let mut request = v1::GetTimelineRequest {
        ledger: session.ledger(),
        actor: output::optional(args.actor.as_ref()),
        kind: args.kind.clone(),
        subject: args.subject.clone(),
        moment: args.at.moment(&session)?,
        ..v1::GetTimelineRequest::default()
    };
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.get_timeline(request.clone()).await.told()?;
        if !gathered.take(page.items, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("items", &gathered);
    }
    let mut table = output::table(&["entry", "recorded", "by", "what"]);
    for item in &gathered.rows {
        table.add_row([
            output::number(item.index),
            session.time.show(item.recorded_at_ms).into(),
            actor(item).into(),
            what(item).into(),
        ]);
    }
    output::rows(&table, "Nothing happened yet.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

/// Who did it, where a line may say so.
fn actor(item: &v1::TimelineItem) -> &str {
    match (item.actor.as_str(), item.kind.as_str()) {
        // By the target of a case, whom no line names.
        ("", "defence_filed" | "appeal_filed") => "not named",
        ("", _) => "the ledger",
        (actor, _) => actor,
    }
}

fn what(item: &v1::TimelineItem) -> String {
    let said = if item.summary.is_empty() {
        format!("{} {}", item.kind, item.subject)
    } else {
        output::cut(&item.summary, 120)
    };
    match item.corrected_by.as_slice() {
        [] => said,
        by => {
            let by: Vec<String> = by.iter().copied().map(output::grouped).collect();
            format!("{said} (corrected by entry {})", by.join(", "))
        }
    }
}
