//! `govledger query proxies`.

use clap::Args;
use governance::ids::MotionId;
use proto::v1;

use super::{
    super::{
        connection::{LedgerArgs, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing,
};

/// Who votes for whom on a motion: the list of proxies that is published (组织法 14–19)
#[derive(Args)]
pub(super) struct ProxiesArgs {
    /// The motion
    motion: MotionId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

pub(super) async fn list(args: &ProxiesArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListProxiesRequest {
        ledger: session.ledger(),
        motion: args.motion.to_string(),
        moment: args.at.moment(&session)?,
        ..v1::ListProxiesRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_proxies(request.clone()).await.told()?;
        if !gathered.take(page.proxies, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("proxies", &gathered);
    }
    let mut table = output::table(&["votes for", "holder", "entry"]);
    for row in &gathered.rows {
        table.add_row([
            row.principal.clone(),
            row.holder.clone(),
            output::grouped(row.index),
        ]);
    }
    output::rows(&table, "Nobody votes for another.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}
