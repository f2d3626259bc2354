//! A server's entries, for an audit that believes none of them.

use std::sync::mpsc;

use governance::ids::LedgerId;
use ledger::audit::{Fetched, Finding};
use proto::v1;
use tonic::Streaming;

use super::super::{
    connection::{Server, Told as _, failure_of},
    failure::Failure,
};

/// Pages fetched ahead of the audit, of at most 1 MiB each.
const PAGES_AHEAD: usize = 4;

/// A page of entries, or why there is none.
type Page = Result<Vec<Vec<u8>>, String>;

/// The ledgers a server keeps.
pub(super) async fn ledgers(server: &Server) -> Result<Vec<LedgerId>, Failure> {
    let ledgers = server.ledgers().await?;
    let id = |summary: v1::LedgerSummary| LedgerId::new(&summary.ledger);
    let ids: Result<Vec<LedgerId>, _> = ledgers.into_iter().map(id).collect();
    ids.map_err(|error| Failure::finding(format!("the server names a ledger wrongly: {error}")))
}

/// The newest checkpoint, and the entries it covers as they are asked for.
pub(super) async fn fetch(
    server: &Server,
    ledger: &LedgerId,
) -> Result<Result<Fetched<mpsc::IntoIter<Page>>, Finding>, Failure> {
    let request = v1::GetCheckpointRequest {
        ledger: ledger.to_string(),
    };
    let checkpoint = server
        .audit()
        .get_checkpoint(request)
        .await
        .told()?
        .checkpoint;
    let (pages, receiver) = mpsc::sync_channel(PAGES_AHEAD);
    let fetched = Fetched::new(ledger.clone(), &checkpoint, receiver.into_iter());
    if let Ok(fetched) = &fetched {
        let request = v1::ListEntriesRequest {
            ledger: ledger.to_string(),
            start: 0,
            count: ledger::audit::EntrySource::total(fetched),
        };
        let stream = server.audit().list_entries(request).await.told()?;
        tokio::spawn(forward(stream, pages));
    }
    Ok(fetched)
}

/// Hands pages on until there are no more, or nobody wants them.
async fn forward(mut stream: Streaming<v1::ListEntriesResponse>, pages: mpsc::SyncSender<Page>) {
    loop {
        let page = match stream.message().await {
            Ok(None) => return,
            // A page without entries would read as the end.
            Ok(Some(part)) if part.entries.is_empty() => continue,
            Ok(Some(part)) => Ok(part.entries),
            Err(status) => Err(failure_of(&status).what().to_owned()),
        };
        let last = page.is_err();
        // The audit takes its time, and a full channel waits for it.
        let sent = tokio::task::block_in_place(|| pages.send(page));
        if last || sent.is_err() {
            return;
        }
    }
}
