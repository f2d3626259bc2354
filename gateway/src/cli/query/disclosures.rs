//! `govledger query disclosures` and `query disclosure`.

use clap::Args;
use governance::ids::{AffairId, BodyId};
use proto::v1;

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing,
};

/// What was made known
#[derive(Args)]
pub(super) struct DisclosuresArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only those that hang out at the moment
    #[arg(long)]
    hanging: bool,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

/// One disclosure with its text
#[derive(Args)]
pub(super) struct DisclosureArgs {
    /// Its id
    disclosure: AffairId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &DisclosuresArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListDisclosuresRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        hanging: args.hanging,
        moment: args.at.moment(&session)?,
        ..v1::ListDisclosuresRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_disclosures(request.clone()).await.told()?;
        if !gathered.take(page.disclosures, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("disclosures", &gathered);
    }
    let mut table = output::table(&["disclosure", "body", "posted", "hangs until", "title"]);
    for row in &gathered.rows {
        table.add_row([
            row.disclosure.clone(),
            row.body.clone(),
            session.time.show(row.posted_at_ms),
            row.until.clone(),
            output::cut(&row.title, 60),
        ]);
    }
    output::rows(&table, "Nothing fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &DisclosureArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetDisclosureRequest {
        ledger: session.ledger(),
        disclosure: args.disclosure.to_string(),
        moment: args.at.moment(&session)?,
    };
    let answer = session
        .server
        .query()
        .get_disclosure(request)
        .await
        .told()?;
    if args.json {
        return output::message(&answer);
    }
    let row = answer.disclosure.unwrap_or_default();
    output::line(&told(&session, &row))?;
    output::line("")?;
    standing(&session, answer.position.as_ref())
}

fn told(session: &Session, row: &v1::Disclosure) -> String {
    format!(
        "{}: {}\n\n{}\n\nby: {}\nposted {}, entry {}\nhangs out until {}",
        row.disclosure,
        row.title,
        row.text,
        row.body,
        session.time.show(row.posted_at_ms),
        output::grouped(row.posted_index),
        row.until,
    )
}
