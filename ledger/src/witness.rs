//! A witness: what it cosigned last of each log, on disk before anybody gets a cosignature.
//!
//! ```text
//! DIR/lock                              held by the one process that is the witness
//! DIR/logs/<SHA-256 of the origin>/vkey what the log's checkpoints are checked with, a key a line
//!                                  checkpoints.journal
//!                                       what was cosigned, the last one above all   (never lost)
//!                                  refused-<hash>.note
//!                                       checkpoints of another history that a key of the log's has signed
//! ```
//!
//! The checks are `tlog::witness`'s, after C2SP's tlog-witness. Here is the rest of what makes a witness
//! worth anything: one request at a time for each log, its new state durable before the answer, and no
//! log begun anew because its state is missing. The journal is the ledger's own
//! ([`crate::checkpoints::journal`]): a witness forgets as little as a ledger may.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tlog::cosignature::Cosigner;
use tlog::witness::AddCheckpointError;
use tlog::{
    AddCheckpoint, Checkpoint, Note, NoteSignature, SignedCheckpoint, VerifierKey, WitnessRefusal,
};

use crate::checkpoints::journal::CheckpointJournal;
use crate::checkpoints::{CheckpointStore as _, CheckpointStoreError};
use crate::clock::Clock;
use crate::disk::{Disk, DiskError, DiskLock};

/// The longest file with verifier keys, in bytes: a hundred with the longest name that founding allows.
const VKEY_LEN_MAX: u64 = 64 * 1024;

/// How many checkpoints of another history are kept of each log: one proves it.
const REFUSED_KEPT_MAX: usize = 16;

/// A witness, open.
pub struct Witness {
    cosigner: Cosigner,
    clock: Arc<dyn Clock>,
    /// By origin.
    logs: BTreeMap<String, WitnessedLog>,
    _lock: DiskLock,
}

/// One log, as the witness knows it.
#[derive(Debug)]
struct WitnessedLog {
    disk: Disk,
    path: PathBuf,
    /// Oldest first; there is one. Once one has signed what is cosigned, those before it are no longer good.
    keys: Vec<VerifierKey>,
    journal: CheckpointJournal,
    /// Held from the check to the answer: no request overtakes another.
    turn: tokio::sync::Mutex<()>,
}

/// Why a witness could not be opened, or a log not added.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WitnessError {
    /// There is no directory of a witness, and opening never makes one.
    #[error("there is no witness's directory at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Another process has the directory.
    #[error("the witness's directory {} is in use by another process", path.display())]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// The witness knows that key of the log already.
    #[error("the witness knows that key of the log {origin} already")]
    Known {
        /// The log's origin.
        origin: String,
    },
    /// What is written of a log is no verifier key, or another log's.
    #[error("{} is not the verifier key of a log", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
    },
    /// What was cosigned of a log cannot be read: without it, nothing may be cosigned.
    #[error("what was cosigned of {origin} cannot be read: {source}")]
    Journal {
        /// The log's origin.
        origin: String,
        /// Why.
        source: CheckpointStoreError,
    },
    /// What was cosigned last of a log was signed by none of the keys written of it.
    #[error("what was cosigned last of {origin} was signed by none of its keys")]
    NotSigned {
        /// The log's origin.
        origin: String,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Why a witness did not cosign.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotCosigned {
    /// The request is malformed.
    #[error(transparent)]
    Malformed(#[from] AddCheckpointError),
    /// The witness does not know the log.
    #[error("this witness does not know the log {origin}")]
    UnknownOrigin {
        /// The origin that the checkpoint names.
        origin: String,
    },
    /// A key of the log's has signed the checkpoint that it no longer signs with.
    #[error(
        "the checkpoint is signed by a key that {origin} has given up: what this witness cosigned last of it is \
         signed by a later one"
    )]
    GivenUp {
        /// The log's origin.
        origin: String,
    },
    /// The witness says no.
    #[error(transparent)]
    Refused(#[from] WitnessRefusal),
    /// The new state could not be made durable, so there is no cosignature.
    #[error("what was cosigned could not be made durable: {0}")]
    Store(#[from] CheckpointStoreError),
    /// The clock shows no time that a cosignature can say.
    #[error("the clock shows no time that a cosignature can say")]
    Clock,
}

impl NotCosigned {
    /// The HTTP status that tlog-witness gives it.
    pub fn status(&self) -> u16 {
        match self {
            NotCosigned::Malformed(_) => 400,
            NotCosigned::UnknownOrigin { .. } => 404,
            NotCosigned::GivenUp { .. } => 403,
            NotCosigned::Refused(refusal) => refusal.status(),
            NotCosigned::Store(_) | NotCosigned::Clock => 500,
        }
    }
}

/// Has the witness of a directory, which is made if it is missing, know another log, or the next key of one
/// that it knows. The only thing that begins a log's state; the directory must not be in use.
///
/// A log that exchanges its key tells nobody: whoever keeps the witness learns of it from the ledger, and adds the
/// key. Until the log has signed with it, the one before stays good.
pub fn add_log(directory: &Path, log: &VerifierKey) -> Result<(), WitnessError> {
    add_log_on(&Disk::system(), directory, log)
}

fn add_log_on(disk: &Disk, directory: &Path, log: &VerifierKey) -> Result<(), WitnessError> {
    disk.ensure_dirs(directory)?;
    let _lock = lock(disk, directory)?;
    let logs = directory.join("logs");
    disk.ensure_dir(&logs)?;
    let path = logs.join(origin_hash(log.name()));
    disk.ensure_dir(&path)?;
    let mut keys = read_keys(disk, &path)?;
    if keys.contains(log) {
        let origin = log.name().to_owned();
        return Err(WitnessError::Known { origin });
    }
    if keys.is_empty() {
        // The key last: a log is known once it has both, and what an interrupted attempt left is empty.
        match CheckpointJournal::create(disk, &path.join("checkpoints.journal")) {
            Ok(()) | Err(CheckpointStoreError::Exists { .. }) => {}
            Err(source) => return Err(journal_error(log, source)),
        }
    }
    keys.push(log.clone());
    let lines: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let lines = lines.join("\n") + "\n";
    let (vkey, aside) = (path.join("vkey"), path.join("vkey.new"));
    Ok(disk.replace(&vkey, &aside, lines.as_bytes())?)
}

/// The keys written of a log; none where adding it was interrupted: it is not known yet.
fn read_keys(disk: &Disk, path: &Path) -> Result<Vec<VerifierKey>, WitnessError> {
    let file = path.join("vkey");
    let Some(bytes) = disk.read(&file, VKEY_LEN_MAX)? else {
        return Ok(Vec::new());
    };
    let named = |key: &VerifierKey| path.ends_with(origin_hash(key.name()));
    let keys: Option<Vec<VerifierKey>> = String::from_utf8(bytes).ok().and_then(|text| {
        let lines = text.strip_suffix('\n')?.split('\n');
        lines.map(|line| line.parse().ok().filter(named)).collect()
    });
    keys.ok_or(WitnessError::Key { path: file })
}

/// The name that tlog-witness gives a log in addresses: SHA-256 of its origin in hexadecimal.
pub fn origin_hash(origin: &str) -> String {
    tlog::sha256(origin.as_bytes()).to_string()
}

impl Witness {
    /// Opens a witness's directory, which stays locked as long as the witness lives. From a thread that
    /// may block.
    pub fn open(
        directory: &Path,
        cosigner: Cosigner,
        clock: Arc<dyn Clock>,
    ) -> Result<Witness, WitnessError> {
        Witness::open_on(&Disk::system(), directory, cosigner, clock)
    }

    fn open_on(
        disk: &Disk,
        directory: &Path,
        cosigner: Cosigner,
        clock: Arc<dyn Clock>,
    ) -> Result<Witness, WitnessError> {
        let lock = lock(disk, directory)?;
        let mut logs = BTreeMap::new();
        let path = directory.join("logs");
        let names = match disk.list(&path) {
            Err(error) if error.is_missing() => Vec::new(),
            names => names?,
        };
        for name in names {
            if let Some(log) = open_log(disk, &path.join(&name))? {
                logs.insert(log.origin().to_owned(), log);
            }
        }
        Ok(Witness {
            cosigner,
            clock,
            logs,
            _lock: lock,
        })
    }

    /// What its cosignatures are checked with.
    pub fn verifier_key(&self) -> &VerifierKey {
        self.cosigner.verifier_key()
    }

    /// The keys of the logs it knows, each log's oldest first.
    pub fn logs(&self) -> Vec<VerifierKey> {
        let keys = self.logs.values().flat_map(|log| &log.keys);
        keys.cloned().collect()
    }

    /// Answers tlog-witness's `add-checkpoint`: the cosignature, which the witness has on disk.
    ///
    /// Let it run to its end: dropped half way, it may or may not have made the new state durable, and
    /// another request may come between.
    pub async fn add_checkpoint(&self, request: &[u8]) -> Result<NoteSignature, NotCosigned> {
        let request = AddCheckpoint::parse(request)?;
        let origin = request.origin();
        let log = self.logs.get(origin).ok_or_else(|| {
            let origin = origin.to_owned();
            NotCosigned::UnknownOrigin { origin }
        })?;
        let _turn = log.turn.lock().await;
        let latest = log.latest().await?;
        let latest = latest.as_deref();
        let key = log.key_of(&request, latest)?;
        let latest = latest.map(SignedCheckpoint::checkpoint);
        let mut signed = request.judge(key, latest).inspect_err(|refusal| {
            if let WitnessRefusal::Fork { .. } = refusal {
                log.keep_evidence(&request);
            }
        })?;
        let seconds = self.clock.now().0 / 1_000;
        let cosignature = self.cosigner.cosign(signed.note().text(), seconds);
        let cosignature = cosignature.map_err(|_| NotCosigned::Clock)?;
        // Its own, so that what is kept is what it gives to monitors, after a restart too.
        let added = signed.add_cosignature(cosignature.clone());
        added.map_err(|_| NotCosigned::Clock)?;
        log.journal.persist(&Arc::new(signed)).await?;
        Ok(cosignature)
    }

    /// The last checkpoint cosigned of the log whose origin has this hash, with both signatures.
    pub fn checkpoint(&self, origin_hash: &str) -> Option<Arc<SignedCheckpoint>> {
        let mut logs = self.logs.iter();
        let found = logs.find(|(origin, _)| self::origin_hash(origin) == origin_hash);
        found.and_then(|(_, log)| log.journal.latest())
    }
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Witness")
            .field("cosigner", &self.cosigner)
            .field("logs", &self.logs)
            .finish_non_exhaustive()
    }
}

impl WitnessedLog {
    fn origin(&self) -> &str {
        self.keys[0].name()
    }

    /// The key that has signed a request, of those that are still good: of the one that signed what was cosigned
    /// last, and those after it. Where none of the log's has, the request is refused by any.
    fn key_of(
        &self,
        request: &AddCheckpoint,
        latest: Option<&SignedCheckpoint>,
    ) -> Result<&VerifierKey, NotCosigned> {
        let last = latest.and_then(|latest| self.place_of(latest.note()));
        let (given_up, good) = self.keys.split_at(last.unwrap_or(0));
        let signatures = request.checkpoint.signatures();
        let named = |key: &&VerifierKey| signatures.iter().any(|s| s.is_by(key));
        if let Some(key) = good.iter().find(named) {
            return Ok(key);
        }
        let signed_by = self.place_of(&request.checkpoint);
        if signed_by.is_some_and(|place| place < given_up.len()) {
            // An honest log that lags asks with its old key too; whoever signs with it for as many entries or
            // more is somebody else.
            let size = Checkpoint::parse(request.checkpoint.text()).map(|tree| tree.size);
            let latest = latest.map(|latest| latest.checkpoint().size);
            if size.ok() >= latest {
                self.keep_evidence(request);
            }
            let origin = self.origin().to_owned();
            return Err(NotCosigned::GivenUp { origin });
        }
        Ok(&good[0])
    }

    /// Which of its keys has signed a checkpoint.
    fn place_of(&self, checkpoint: &Note) -> Option<usize> {
        let signed = |key| SignedCheckpoint::check(checkpoint.clone(), key, &[]).is_ok();
        self.keys.iter().position(signed)
    }

    /// What was cosigned last. Where an earlier write failed, it is read from the disk anew first.
    async fn latest(&self) -> Result<Option<Arc<SignedCheckpoint>>, CheckpointStoreError> {
        if self.journal.has_ended() {
            return self.journal.reopen().await;
        }
        Ok(self.journal.latest())
    }

    /// Keeps a checkpoint that a key of the log's has signed and that is no part of what was cosigned.
    fn keep_evidence(&self, request: &AddCheckpoint) {
        let note = request.checkpoint.to_string();
        tracing::error!(origin = self.origin(), note, "the log has forked");
        let kept = self.disk.list(&self.path).unwrap_or_default();
        let kept = kept.iter().filter(|name| name.starts_with("refused-"));
        if kept.count() >= REFUSED_KEPT_MAX {
            return;
        }
        let name = format!("refused-{}.note", tlog::sha256(note.as_bytes()));
        let (path, aside) = (self.path.join(&name), self.path.join("refused.new"));
        if let Err(error) = self.disk.replace(&path, &aside, note.as_bytes()) {
            tracing::error!(%error, "the proof that a log has forked could not be kept");
        }
    }
}

fn open_log(disk: &Disk, path: &Path) -> Result<Option<WitnessedLog>, WitnessError> {
    let keys = read_keys(disk, path)?;
    let Some(first) = keys.first().cloned() else {
        return Ok(None);
    };
    let journal = path.join("checkpoints.journal");
    let journal = CheckpointJournal::open(disk.clone(), journal);
    let log = WitnessedLog {
        disk: disk.clone(),
        path: path.to_owned(),
        journal: journal.map_err(|source| journal_error(&first, source))?,
        keys,
        turn: tokio::sync::Mutex::default(),
    };
    let latest = log.journal.latest();
    if latest.is_some_and(|latest| log.place_of(latest.note()).is_none()) {
        let origin = first.name().to_owned();
        return Err(WitnessError::NotSigned { origin });
    }
    Ok(Some(log))
}

fn journal_error(log: &VerifierKey, source: CheckpointStoreError) -> WitnessError {
    let origin = log.name().to_owned();
    WitnessError::Journal { origin, source }
}

fn lock(disk: &Disk, directory: &Path) -> Result<DiskLock, WitnessError> {
    let path = directory.to_owned();
    match disk.lock(&directory.join("lock")) {
        Err(error) if error.is_locked() => Err(WitnessError::InUse { path }),
        Err(error) if error.is_missing() => Err(WitnessError::Missing { path }),
        lock => Ok(lock?),
    }
}

#[cfg(test)]
#[path = "witness_tests.rs"]
mod tests;
