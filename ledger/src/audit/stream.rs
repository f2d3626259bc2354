//! A ledger's log on NATS as the source of an audit.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use governance::ids::LedgerId;
use tlog::{Checkpoint, Note};
use tokio::runtime::Handle;

use super::auditor::parsed;
use super::finding::{Finding, FindingKind};
use super::source::{Contents, Directory, EntrySource, take_cosignatures};
use crate::backing::Backing;
use crate::checkpoints::journal::CheckpointJournal;
use crate::content::jetstream::JetStreamContents;
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::messages;
use crate::nats::{Nats, NatsError};
use crate::store::jetstream::JetStreamLog;
use crate::store::{LogStore, StoreError};

/// How many blocks are read at once: 4 MiB at most.
const BLOCKS_A_READ: usize = 8;

/// How many entries, or bytes of them, are checked side by side.
const CHUNK_ENTRIES: usize = 2_048;
const CHUNK_BYTES: usize = 2 * 1024 * 1024;

/// How long nodes have to say which checkpoint is their newest.
const NODES_ANSWER: Duration = Duration::from_secs(1);

/// The most answers of nodes that are heard.
const ANSWERS_MAX: usize = 64;

/// Why a stream by itself proves nothing.
pub(super) const NOTHING_TO_HOLD_IT_AGAINST: &str =
    "no running node gave a checkpoint to hold the log against, and none was given";

/// A ledger's stream, read without changing anything. Its checkpoints are those that the auditor has; beside
/// them stand the newest that running nodes give when asked, or whoever else answers. Nothing of either is
/// believed.
pub struct Stream {
    ledger: LedgerId,
    checkpoints: Vec<Note>,
    hearsay: Vec<Note>,
    store: Arc<dyn LogStore>,
    /// None where this user may not read them.
    contents: Option<JetStreamContents>,
    length: u64,
    skipped: u64,
    next: u64,
    runtime: Handle,
}

impl Stream {
    /// The ledgers that have a stream on this server.
    pub async fn ledgers(nats: &Nats) -> Result<Vec<LedgerId>, NatsError> {
        let doing = "list the streams";
        let subject = nats.api_subject("STREAM.NAMES");
        let asking = async { nats.jetstream().stream_names().try_collect().await };
        let names: Result<Vec<String>, _> = nats.unless_forbidden(doing, &subject, asking).await?;
        let names = names.map_err(|error| NatsError::NoAnswer {
            doing,
            reason: error.to_string(),
        })?;
        let ledgers = names.iter().filter_map(|name| name.strip_prefix("GOV_"));
        let mut ledgers: Vec<_> = ledgers
            .filter_map(|name| LedgerId::new(name).ok())
            .collect();
        ledgers.sort();
        Ok(ledgers)
    }

    /// The log of a ledger, with checkpoints the auditor has. Those of running nodes are asked for
    /// first: the log only grows after that.
    pub async fn open(
        nats: &Nats,
        ledger: &LedgerId,
        checkpoints: Vec<Note>,
    ) -> Result<Stream, Finding> {
        let mut sized = Vec::new();
        for note in checkpoints {
            sized.push((parsed(&note)?.size, note));
        }
        sized.sort_by_key(|(size, _)| *size);
        let checkpoints: Vec<Note> = sized.into_iter().map(|(_, note)| note).collect();
        let hearsay = match newest_of_nodes(nats, ledger).await {
            Ok(notes) => notes,
            Err(forbidden) if checkpoints.is_empty() => {
                return Err(Finding::unreadable(forbidden));
            }
            Err(_) => Vec::new(),
        };
        let Some(newest) = newest_of(&checkpoints, &hearsay) else {
            return Err(Finding::unreadable(NOTHING_TO_HOLD_IT_AGAINST));
        };
        let log = JetStreamLog::new(nats.clone(), ledger.clone());
        let (store, report) = match log.inspect().await {
            Err(StoreError::NoStream { .. }) => {
                let (length, checkpoint) = (0, parsed(newest)?.size);
                return Err(FindingKind::RolledBack { length, checkpoint }.at(Some(0)));
            }
            opened => opened?,
        };
        Ok(Stream {
            ledger: ledger.clone(),
            checkpoints,
            hearsay,
            store,
            contents: readable_contents(nats, ledger).await,
            length: report.length,
            skipped: report.skipped,
            next: 0,
            runtime: Handle::current(),
        })
    }

    /// The same for who has read its first `index` entries.
    pub fn from(self, index: u64) -> Stream {
        Stream {
            next: index,
            ..self
        }
    }

    async fn chunk(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let mut entries = Vec::new();
        let mut bytes = 0;
        while entries.len() < CHUNK_ENTRIES && bytes < CHUNK_BYTES {
            let next = self.next;
            let blocks = self.store.read(next, BLOCKS_A_READ).await?;
            if blocks.is_empty() {
                break;
            }
            for block in blocks {
                bytes += block.body_len();
                self.next = block.indices().end;
                // The first may begin with some that were read before.
                let wanted = block.indices().zip(block.entries);
                let wanted = wanted.filter(|(index, _)| *index >= next);
                entries.extend(wanted.map(|(_, entry)| entry));
            }
        }
        Ok(entries)
    }
}

/// The ledger `id` of a data directory, with its log wherever it is, for who has read its first `start` entries.
pub async fn open_with_nats(
    directory: &DataDirectory,
    nats: &Nats,
    id: &LedgerId,
    start: u64,
) -> Result<Box<dyn EntrySource>, Finding> {
    open_at(directory.ledger(id), nats, id, start).await
}

/// The ledger `id` in a directory of its own, with its log wherever it is.
pub(crate) async fn open_at(
    place: LedgerDirectory,
    nats: &Nats,
    id: &LedgerId,
    start: u64,
) -> Result<Box<dyn EntrySource>, Finding> {
    if place.backing()? == Backing::Directory {
        return Ok(Box::new(Directory::at(place, id)?.from(start)));
    }
    let mut notes = CheckpointJournal::inspect(&place.disk, &place.checkpoints())?;
    take_cosignatures(&place, &mut notes);
    let stream = Stream::open(nats, id, notes).await?;
    Ok(Box::new(stream.from(start)))
}

/// The contents beside the log, unless they are kept from this user. An auditor of the log alone needs none of them, and
/// who may read them sees hidden ballots.
async fn readable_contents(nats: &Nats, ledger: &LedgerId) -> Option<JetStreamContents> {
    let contents = JetStreamContents::new(nats.clone(), ledger);
    match contents.check().await {
        // The log could be asked for just now.
        Err(StoreError::Nats(_)) => None,
        _ => Some(contents),
    }
}

/// The newest checkpoints that nodes of this ledger give, or whoever answers; none if nobody does. An error only if this
/// user may not ask.
async fn newest_of_nodes(nats: &Nats, ledger: &LedgerId) -> Result<Vec<Note>, NatsError> {
    let question = messages::newest_checkpoint(ledger);
    let asking = answers(nats, question.clone());
    nats.unless_forbidden("ask nodes for their newest checkpoint", &question, asking)
        .await
}

async fn answers(nats: &Nats, question: String) -> Vec<Note> {
    let inbox = nats.client().new_inbox();
    let Ok(answers) = nats.client().subscribe(inbox.clone()).await else {
        return Vec::new();
    };
    let nothing = bytes::Bytes::new();
    let asked = nats
        .client()
        .publish_with_reply(question, inbox, nothing)
        .await;
    if asked.is_err() {
        return Vec::new();
    }
    let in_time = answers.take_until(Box::pin(tokio::time::sleep(NODES_ANSWER)));
    let notes = in_time
        .take_while(|answer| std::future::ready(answer.status.is_none()))
        .take(ANSWERS_MAX)
        .filter_map(|answer| std::future::ready(checkpoint_in(&answer.payload)));
    notes.collect().await
}

/// The largest of both, the auditor's own where they are as large.
fn newest_of<'a>(checkpoints: &'a [Note], hearsay: &'a [Note]) -> Option<&'a Note> {
    let all = hearsay.iter().chain(checkpoints);
    all.max_by_key(|note| parsed(note).map_or(0, |tree| tree.size))
}

fn checkpoint_in(answer: &[u8]) -> Option<Note> {
    let note = Note::parse(answer).ok()?;
    Checkpoint::parse(note.text()).is_ok().then_some(note)
}

impl EntrySource for Stream {
    fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    fn checkpoints(&self) -> &[Note] {
        &self.checkpoints
    }

    fn hearsay(&self) -> &[Note] {
        &self.hearsay
    }

    fn newest(&self) -> Option<&Note> {
        newest_of(&self.checkpoints, &self.hearsay)
    }

    fn total(&self) -> u64 {
        self.length
    }

    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let runtime = self.runtime.clone();
        runtime.block_on(self.chunk())
    }

    fn contents(&self) -> Option<Contents> {
        let (contents, runtime) = (Box::new(self.contents.clone()?), self.runtime.clone());
        Some(Contents::JetStream { contents, runtime })
    }

    fn skipped(&self) -> u64 {
        self.skipped
    }
}
