//! The one thread that writes to a log.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tlog::Block;
use tokio::sync::{mpsc, oneshot};

use super::super::{AppendError, StoreError};
use super::BLOCK_LEN_MAX;
use super::layout;
use super::reader::LogIndex;
use crate::disk::{Disk, DiskError, DiskFile, DiskLock};

/// Where the next block goes. Owned by the writing thread, lock and all, so that the log is locked
/// for exactly as long as something may still be written to it.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) disk: Disk,
    pub(super) log: PathBuf,
    pub(super) segment_len: u64,
    /// The last segment.
    pub(super) file: DiskFile,
    /// Where in it the next block belongs.
    pub(super) offset: u64,
    /// Entries in the log.
    pub(super) length: u64,
    /// The next segment, made ahead of need.
    pub(super) next: Option<DiskFile>,
    pub(super) _lock: DiskLock,
}

/// A block on its way to the thread, encoded by the caller's.
struct Request {
    first_index: u64,
    count: u64,
    bytes: Vec<u8>,
    answer: oneshot::Sender<Result<(), AppendError>>,
}

/// The thread, and the way to it.
#[derive(Debug)]
pub(super) struct WriterHandle {
    requests: Mutex<Option<mpsc::Sender<Request>>>,
    thread: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl WriterHandle {
    /// Starts the thread. It ends at the first error, or when the handle is ended or dropped.
    pub(super) fn start(tail: Tail, index: Arc<LogIndex>) -> Result<WriterHandle, StoreError> {
        // One block is in flight at a time; a second caller waits here for its turn.
        let (requests, inbox) = mpsc::channel(1);
        let log = tail.log.clone();
        let thread = thread::Builder::new()
            .name("ledger-log".to_owned())
            .spawn(move || {
                run(tail, &index, inbox);
                index.end();
            })
            .map_err(|source| DiskError {
                doing: "start a thread to write to",
                path: log,
                source: Arc::new(source),
            })?;
        Ok(WriterHandle {
            requests: Mutex::new(Some(requests)),
            thread: tokio::sync::Mutex::new(Some(thread)),
        })
    }

    pub(super) async fn append(&self, block: &Block) -> Result<(), AppendError> {
        let bytes = match block.encode() {
            Ok(bytes) => bytes,
            Err(error) => {
                self.requests().take();
                return Err(AppendError::Failed(error.into()));
            }
        };
        let (answer, answered) = oneshot::channel();
        let request = Request {
            first_index: block.first_index,
            count: block.entries.len() as u64,
            bytes,
            answer,
        };
        let ended = || AppendError::Failed(StoreError::Ended);
        let requests = self.requests().clone().ok_or_else(ended)?;
        requests.send(request).await.map_err(|_| ended())?;
        match answered.await {
            Ok(result) => result,
            // The thread ended with the request still in its inbox, or died while writing it.
            Err(_) => Err(AppendError::Unknown(StoreError::Ended)),
        }
    }

    /// Waits for the block in flight and for the thread to end. May be called twice.
    pub(super) async fn end(&self) {
        self.requests().take();
        // Held while waiting, so that whoever calls second waits too.
        let mut thread = self.thread.lock().await;
        if let Some(thread) = thread.take() {
            // A panic of the thread has shown itself; there is nothing to do about it here. An
            // error of the join means that the runtime is shutting down.
            let _ = tokio::task::spawn_blocking(move || drop(thread.join())).await;
        }
    }

    fn requests(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Request>>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread: one block after another, until the first error.
fn run(mut tail: Tail, index: &LogIndex, mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.blocking_recv() {
        let result = tail.append(&request, index);
        let goes_on = matches!(result, Ok(()) | Err(AppendError::Conflict { .. }));
        if !goes_on {
            // Before the answer, so that whoever reads it finds the log ended and unlocked.
            inbox.close();
            drop(tail);
            let _ = request.answer.send(result);
            return refuse_rest(inbox);
        }
        // Nobody waits any more for an append that was given up.
        let _ = request.answer.send(result);
        tail.make_ready();
    }
}

/// Tells those who were waiting for their turn that nothing of theirs was written.
fn refuse_rest(mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.blocking_recv() {
        let ended = AppendError::Failed(StoreError::Ended);
        let _ = request.answer.send(Err(ended));
    }
}

impl Tail {
    /// Writes and syncs one block: after an error of either, nobody knows.
    fn append(&mut self, request: &Request, index: &LogIndex) -> Result<(), AppendError> {
        if request.first_index != self.length {
            let length = self.length;
            return Err(AppendError::Conflict { length });
        }
        let len = request.bytes.len() as u64;
        if self.offset + len > self.segment_len {
            let rolled = self.begin_segment();
            rolled.map_err(|error| AppendError::Failed(error.into()))?;
            index.push_segment(self.length);
        }
        let unknown = |error: DiskError| AppendError::Unknown(error.into());
        self.file
            .write_at(&request.bytes, self.offset)
            .map_err(unknown)?;
        self.file.sync().map_err(unknown)?;
        self.offset += len;
        self.length += request.count;
        index.push_block(request.first_index, request.count, len);
        Ok(())
    }

    /// Begins the next segment. The block that needs it has not been touched yet, so whatever goes
    /// wrong here, it is surely not durable.
    fn begin_segment(&mut self) -> Result<(), DiskError> {
        let file = match self.next.take() {
            Some(file) => file,
            None => layout::make_next(&self.disk, &self.log, self.segment_len)?,
        };
        layout::name_next(&self.disk, &self.log, self.length)?;
        self.file = file;
        self.offset = 0;
        Ok(())
    }

    /// Makes the next segment while nobody waits, once the longest block might not fit any more.
    fn make_ready(&mut self) {
        if self.next.is_some() || self.offset + BLOCK_LEN_MAX <= self.segment_len {
            return;
        }
        // If this fails, it is tried again, from the beginning, when the segment is needed; then
        // the error is told.
        self.next = layout::make_next(&self.disk, &self.log, self.segment_len).ok();
    }
}
