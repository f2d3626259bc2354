//! `govledger query timeline`.

use clap::Args;
use proto::v1;

use super::{
    super::{
        connection::{LedgerArgs, Told as _},
        failure::Failure,
        output,
    },
    Gathered, ListArgs, rows_json, standing,
};

/// Everything that happened, newest first
#[derive(Args)]
pub(super) struct TimelineArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    list: ListArgs,
}

pub(super) async fn run(args: &TimelineArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut gathered = Gathered::new(args.list.limit);
    let mut request = v1::GetTimelineRequest {
        ledger: session.ledger(),
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
    output::rows(&table, "Nothing happened yet.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

fn what(item: &v1::TimelineItem) -> String {
    if item.summary.is_empty() {
        format!("{} {}", item.kind, item.subject)
    } else {
        output::cut(&item.summary, 120)
    }
}
