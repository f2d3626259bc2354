//! Founding: the only way a ledger comes into being.
//!
//! A ledger is made whole in a directory of its own beside the others and then renamed, so that it is
//! there with its first entry, its first checkpoint and its keys, or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::action::Payload;
use governance::ids::{Leaf, LedgerId, Millis, PublicKey};
use governance::{Candidate, Rejection, State};
use tlog::signing::verify_signatures;
use tlog::{Block, Checkpoint, Entry, Frontier, Hash, Signature, SignedCheckpoint, leaf_hash};

use crate::backing::{Backed, Backing};
use crate::checkpoint_keys::verifier_key;
use crate::checkpoints::journal::CheckpointJournal;
use crate::checkpoints::{CheckpointStore as _, CheckpointStoreError};
use crate::content::SaltedContent;
use crate::content::jetstream::JetStreamContents;
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::disk::DiskError;
use crate::intake::match_contents;
use crate::keys::{KeyFileError, LedgerKeys};
use crate::nats::{Nats, NatsError};
use crate::node::{self, NodeError};
use crate::replay::signers;
use crate::store::file::SEGMENT_LEN;
use crate::store::jetstream::JetStreamLog;
use crate::store::{AppendError, StoreError, StoreFactory};
use crate::submission::{ContentFault, ContentUpload, signature_code};

/// Ids that no ledger is given: a node serves something else at `/<id>`, or is likely to.
pub const RESERVED_IDS: [&str; 8] = [
    "api", "healthz", "livez", "log", "metrics", "readyz", "search", "static",
];

/// What a ledger is founded with.
#[derive(Clone, Debug)]
pub struct Founding {
    /// The founding action's bytes.
    pub action: Vec<u8>,
    /// The signatures of people: the founder's first, then each other enrolled key's in the action's
    /// order. Those of the ledger's own keys are added here.
    pub signatures: Vec<Signature>,
    /// The contents the action names.
    pub contents: Vec<ContentUpload>,
    /// The ledger's own keys, which the action names.
    pub keys: LedgerKeys,
}

/// A ledger that was founded.
#[derive(Clone, Debug)]
pub struct Founded {
    /// Its id.
    pub ledger: LedgerId,
    /// Leaf hash of its first entry.
    pub genesis: Leaf,
    /// What its checkpoints are checked with.
    pub verifier_key: tlog::VerifierKey,
    /// Its first checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// Why a ledger was not founded. Nothing of it is left.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FoundError {
    /// There is a ledger of that id.
    #[error("there is a ledger {ledger} in {} already", path.display())]
    Exists {
        /// Its id.
        ledger: LedgerId,
        /// The data directory.
        path: PathBuf,
    },
    /// The id is the name of something else that a node serves.
    #[error(
        "no ledger is called {ledger}: a node serves something else at /{ledger}, so its pages could not be \
         reached"
    )]
    IdReserved {
        /// The id.
        ledger: LedgerId,
    },
    /// There is a stream of that name, which holds a log: another node's, or a founding's whose data
    /// directory was lost.
    #[error("there is a stream {stream} on the NATS server already, and it holds a log")]
    StreamExists {
        /// Its name.
        stream: String,
    },
    /// NATS does not answer, or says no.
    #[error(transparent)]
    Nats(#[from] NatsError),
    /// None of the founder's keys is among those the configuration names.
    #[error("the founder's key {key} is not among the founders that the configuration names")]
    FounderNotConfigured {
        /// The key that signed first.
        key: PublicKey,
    },
    /// The keys given are not those the action names.
    #[error("the founding action names another {which} key than the one given")]
    OtherKeys {
        /// `record` or `checkpoint`.
        which: &'static str,
    },
    /// The action is malformed.
    #[error(transparent)]
    Malformed(#[from] proto::Malformed),
    /// A signature does not stand.
    #[error(transparent)]
    Signature(#[from] tlog::signing::SignatureError),
    /// The contents are not those the action names.
    #[error(transparent)]
    Content(#[from] ContentFault),
    /// The rules say no.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The data directory cannot be had.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The keys could not be written.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The directory could not be written.
    #[error("the ledger could not be written: {0}")]
    Write(String),
}

impl FoundError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            FoundError::Exists { .. } | FoundError::StreamExists { .. } => "LEDGER_EXISTS",
            FoundError::IdReserved { .. } => "LEDGER_ID_RESERVED",
            FoundError::Nats(_) | FoundError::Node(NodeError::Nats(_)) => "NATS_UNAVAILABLE",
            FoundError::FounderNotConfigured { .. } => "FOUNDER_NOT_CONFIGURED",
            FoundError::OtherKeys { .. } => "OTHER_KEYS",
            FoundError::Malformed(malformed) => malformed.code(),
            FoundError::Signature(error) => signature_code(error),
            FoundError::Content(fault) => fault.code(),
            FoundError::Rejected(rejection) => rejection.code(),
            FoundError::Node(_) => "DATA_DIRECTORY_UNAVAILABLE",
            FoundError::Keys(_) | FoundError::Write(_) => "STORE_UNWRITABLE",
        }
    }
}

/// Founds a ledger in the data directory, which is made if it is missing and must not be in use; its log
/// and contents are on NATS if the configuration names a server. The first entry is recorded at `now`.
pub async fn found(
    config: &crate::config::Config,
    founding: Founding,
    now: Millis,
) -> Result<Founded, FoundError> {
    let prepared = Prepared::new(founding, &config.founders, now)?;
    let nats = match &config.nats {
        Some(config) => Some(Nats::connect(config).await?),
        None => None,
    };
    let directory = DataDirectory::new(&config.data_dir);
    make_directory(&directory).map_err(write_error)?;
    let _lock = node::lock(&directory)?;
    let id = prepared.state.ledger().clone();
    let place = directory.ledger(&id);
    if place.path.exists() {
        return Err(FoundError::Exists {
            ledger: id,
            path: config.data_dir.clone(),
        });
    }
    let making = LedgerDirectory {
        disk: directory.disk.clone(),
        path: directory.ledgers_path().join(format!(".{id}.founding")),
    };
    if let Some(nats) = &nats
        && was_interrupted(&making, &id, nats).await
    {
        publish(&directory, &making.path, &place.path)?;
        return Err(FoundError::Exists {
            ledger: id,
            path: config.data_dir.clone(),
        });
    }
    remove(&making.path)?;
    let founded = match prepared.write(&making, nats.as_ref()).await {
        Ok(founded) => publish(&directory, &making.path, &place.path).map(|()| founded),
        Err(error) => Err(error),
    };
    if founded.is_err() && nats.is_none() {
        // What stays if this fails too is removed by the next attempt, and never opened. Where the
        // first entry may have reached NATS, the keys it names are kept for the next attempt.
        let _ = remove(&making.path);
    }
    founded
}

/// Whether an earlier founding came so far that its first entry is on NATS: then it is that ledger,
/// with the keys that were made for it, and only its name is missing.
async fn was_interrupted(making: &LedgerDirectory, id: &LedgerId, nats: &Nats) -> bool {
    let notes = CheckpointJournal::inspect(&making.disk, &making.checkpoints());
    let Some(note) = notes.ok().and_then(|notes| notes.last().cloned()) else {
        return false;
    };
    let Ok(checkpoint) = Checkpoint::parse(note.text()) else {
        return false;
    };
    let log = JetStreamLog::new(nats.clone(), id.clone());
    let Ok(opened) = log.open(checkpoint.size).await else {
        return false;
    };
    let first = opened.store.read(0, 1).await.unwrap_or_default();
    opened.store.close().await;
    let entry = first.first().and_then(|block| block.entries.first());
    // The root over one entry is its leaf.
    entry.is_some_and(|entry| leaf_hash(entry) == checkpoint.root)
}

/// A founding that is lawful, as it will be written.
struct Prepared {
    state: State,
    entry: Vec<u8>,
    leaf: Leaf,
    contents: Vec<SaltedContent>,
    keys: LedgerKeys,
}

impl Prepared {
    fn new(
        founding: Founding,
        founders: &[PublicKey],
        now: Millis,
    ) -> Result<Prepared, FoundError> {
        let action = proto::decode_action(&founding.action)?;
        if RESERVED_IDS.contains(&action.ledger.as_str()) {
            let ledger = action.ledger;
            return Err(FoundError::IdReserved { ledger });
        }
        check_keys(&action.payload, &founding.keys)?;
        let signatures = all_signatures(&founding);
        verify_signatures(&founding.action, &signatures)?;
        check_founder(founders, &signatures)?;
        let named = proto::contents_of(&action);
        let (contents, missing) = match_contents(&named, founding.contents)?;
        if let Some(digest) = missing.first().copied() {
            return Err(ContentFault::Missing { digest }.into());
        }
        let entry = Entry {
            ledger: action.ledger.as_str().to_owned(),
            index: 0,
            recorded_at: now.0,
            previous: Hash::ZERO,
            signatures,
            action: founding.action,
        };
        let signers = signers(&entry);
        let bytes = entry.encode().map_err(write_error)?;
        let leaf = Leaf(leaf_hash(&bytes).0);
        let candidate = Candidate {
            action: &action,
            signers: &signers,
            recorded_at: now,
        };
        Ok(Prepared {
            state: governance::found(&candidate, leaf)?,
            entry: bytes,
            leaf,
            contents,
            keys: founding.keys,
        })
    }

    /// Makes the whole ledger in its own directory, durably; on NATS what belongs there, last of all its
    /// first entry.
    async fn write(
        self,
        making: &LedgerDirectory,
        nats: Option<&Nats>,
    ) -> Result<Founded, FoundError> {
        let id = self.state.ledger().clone();
        make_private(&making.path).map_err(write_error)?;
        make_private(&making.keys()).map_err(write_error)?;
        self.keys.write(&making.keys())?;
        match nats {
            None => making.log().create(SEGMENT_LEN)?,
            Some(nats) => make_on_nats(making, &id, nats).await?,
        }
        let backed = making.backed(&id, nats);
        let Backed { log, contents } = backed.map_err(write_error)?;
        contents.put(&self.contents).await.map_err(write_error)?;
        let checkpoint = self.write_checkpoint(making).await?;
        making.disk.sync_dir(&making.path)?;
        self.write_entry(&*log).await?;
        Ok(Founded {
            ledger: id,
            genesis: self.leaf,
            verifier_key: verifier_key(self.state.origin(), self.state.checkpoint_key())?,
            checkpoint,
        })
    }

    async fn write_entry(&self, log: &dyn StoreFactory) -> Result<(), FoundError> {
        let store = log.open(0).await?.store;
        let block = Block {
            first_index: 0,
            entries: vec![self.entry.clone()],
        };
        store.append(&block).await?;
        store.close().await;
        Ok(())
    }

    async fn write_checkpoint(
        &self,
        making: &LedgerDirectory,
    ) -> Result<SignedCheckpoint, FoundError> {
        let mut frontier = Frontier::new();
        frontier.append(Hash(self.leaf.0));
        let checkpoint = Checkpoint {
            origin: self.state.origin().to_owned(),
            size: frontier.size(),
            root: frontier.root(),
        };
        let signed = self
            .keys
            .sign_checkpoint(&checkpoint)
            .map_err(write_error)?;
        let path = making.checkpoints();
        CheckpointJournal::create(&making.disk, &path)?;
        let journal = CheckpointJournal::open(making.disk.clone(), path)?;
        journal.persist(&Arc::new(signed.clone())).await?;
        Ok(signed)
    }
}

/// Makes the stream and the bucket of a ledger, and notes in its directory that its log is there.
pub(crate) async fn make_on_nats(
    making: &LedgerDirectory,
    id: &LedgerId,
    nats: &Nats,
) -> Result<(), FoundError> {
    let log = JetStreamLog::new(nats.clone(), id.clone());
    Backing::JetStream.record(making, log.stream())?;
    let contents = JetStreamContents::new(nats.clone(), id);
    let on_nats = |error| match error {
        StoreError::StreamExists { stream } => FoundError::StreamExists { stream },
        StoreError::Nats(error) => FoundError::Nats(error),
        other => write_error(other),
    };
    log.create().await.map_err(on_nats)?;
    contents.create().await.map_err(on_nats)
}

/// The signatures in the order the rules call for: the founder, the ledger's own keys, everybody else.
fn all_signatures(founding: &Founding) -> Vec<Signature> {
    let own = founding.keys.sign_founding(&founding.action);
    let (founder, others) = founding
        .signatures
        .split_at(founding.signatures.len().min(1));
    [founder, &own, others].concat()
}

/// The keys given are those that the action names.
fn check_keys(payload: &Payload, keys: &LedgerKeys) -> Result<(), FoundError> {
    let Payload::Founding(founded) = payload else {
        // The rules say what is wrong with that.
        return Ok(());
    };
    if founded.record_key != keys.record_key() {
        return Err(FoundError::OtherKeys { which: "record" });
    }
    if founded.checkpoint_key != keys.checkpoint_key() {
        return Err(FoundError::OtherKeys {
            which: "checkpoint",
        });
    }
    Ok(())
}

/// Where the configuration names founders, one of them founds.
fn check_founder(founders: &[PublicKey], signatures: &[Signature]) -> Result<(), FoundError> {
    let key = signatures.first().map(|signature| PublicKey(signature.key));
    match key {
        Some(key) if !founders.is_empty() && !founders.contains(&key) => {
            Err(FoundError::FounderNotConfigured { key })
        }
        _ => Ok(()),
    }
}

pub(crate) fn make_directory(directory: &DataDirectory) -> Result<(), DiskError> {
    directory.disk.ensure_dirs(&directory.path)?;
    directory.disk.ensure_dir(&directory.ledgers_path())
}

/// Makes a directory that only its owner may enter.
pub(crate) fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Gives the ledger its name, durably.
pub(crate) fn publish(
    directory: &DataDirectory,
    making: &Path,
    place: &Path,
) -> Result<(), FoundError> {
    directory.disk.rename(making, place)?;
    directory.disk.sync_dir(&directory.ledgers_path())?;
    Ok(())
}

pub(crate) fn remove(path: &Path) -> Result<(), FoundError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(write_error(error)),
        _ => Ok(()),
    }
}

fn write_error(error: impl std::fmt::Display) -> FoundError {
    FoundError::Write(error.to_string())
}

macro_rules! written_by {
    ($($error:ty),*) => {$(
        impl From<$error> for FoundError {
            fn from(error: $error) -> FoundError {
                write_error(error)
            }
        }
    )*};
}
written_by!(
    DiskError,
    StoreError,
    AppendError,
    CheckpointStoreError,
    tlog::KeyError
);
