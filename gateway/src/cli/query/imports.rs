//! `govledger query imports` and `query import`.

use std::fmt::Write as _;

use clap::Args;
use governance::ids::{AffairId, BodyId};
use proto::v1;

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing, words,
};

/// What was taken over from elsewhere
#[derive(Args)]
pub(super) struct ImportsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

/// One record: where it comes from, its digest, who attests it
#[derive(Args)]
pub(super) struct ImportArgs {
    /// Its id
    record: AffairId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &ImportsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListImportsRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        moment: args.at.moment(&session)?,
        ..v1::ListImportsRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_imports(request.clone()).await.told()?;
        if !gathered.take(page.imports, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("imports", &gathered);
    }
    let mut table = output::table(&["record", "body", "held on", "source", "entry", "summary"]);
    for row in &gathered.rows {
        table.add_row([
            row.record.clone().into(),
            row.body.clone().into(),
            row.held_on.clone().into(),
            row.source.clone().into(),
            output::number(row.imported_index),
            said(row).into(),
        ]);
    }
    output::rows(&table, "No record fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &ImportArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetImportRequest {
        ledger: session.ledger(),
        record: args.record.to_string(),
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().get_import(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let row = answer.import.unwrap_or_default();
    output::line(&told(&session, &row))?;
    if let Some(original) = &answer.original {
        output::line(&format!("\n{}", words::public(original)))?;
    }
    output::line("")?;
    standing(&session, answer.position.as_ref())
}

/// What a record says, and that it is corrected.
fn said(row: &v1::Import) -> String {
    let said = output::cut(&row.summary, 50);
    match row.corrections.last() {
        None => said,
        Some(last) => format!(
            "{said} (corrected by entry {})",
            output::grouped(last.index)
        ),
    }
}

fn told(session: &Session, row: &v1::Import) -> String {
    let mut text = format!(
        "{}: {}\n\nof: {}\nheld on {}\nsource: {}\nSHA-256 of the original: {}\ntaken over by {}, attested by {}, {}, entry {}",
        row.record,
        row.summary,
        row.body,
        row.held_on,
        row.source,
        hex::encode(&row.digest),
        row.imported_by,
        row.attested_by,
        session.time.show(row.imported_at_ms),
        output::grouped(row.imported_index),
    );
    for corrected in &row.corrections {
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "\n\ncorrected by {}, attested by {}, {}, entry {}: {}\nbecause: {}",
            corrected.recorded_by,
            corrected.attested_by,
            session.time.show(corrected.recorded_at_ms),
            output::grouped(corrected.index),
            corrected.note,
            corrected.reason,
        );
    }
    text
}
