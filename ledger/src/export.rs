//! What others can keep of a ledger: its tiles as files for any web server, and its evidence bundle.
//!
//! An export reads a ledger as an audit does, from any [`EntrySource`], and believes it as little:
//! the entries must chain, and lead to the checkpoint's root, and the checkpoint must be signed by the
//! key that they name. The rules are the audit's to execute. Nothing exported names a
//! checkpoint before everything under it is written.

mod bundle;
mod tiles;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::ids::LedgerId;
use tlog::{BundleError, Chain, ChainError, Checkpoint, Frontier, Hash, Note, SignedCheckpoint};

pub use bundle::export_bundle;
pub use tiles::export_tiles;

use crate::audit::{EntrySource, Finding, FindingKind, Progress, follow_keys};
use crate::checkpoint_keys::{CheckpointKeys, NamedKeys};
use crate::disk::DiskError;
use crate::replay::{Fault, Mismatch};

/// What was exported.
#[derive(Clone, Debug)]
pub struct Exported {
    /// Which ledger.
    pub ledger: LedgerId,
    /// The checkpoint that covers all of it.
    pub checkpoint: SignedCheckpoint,
    /// What its checkpoints are checked with, by their size.
    pub keys: CheckpointKeys,
}

/// Why a ledger was not exported.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ExportError {
    /// The ledger does not hold, or cannot be read.
    #[error(transparent)]
    Finding(#[from] Box<Finding>),
    /// There is another log in the directory, or another history of this one.
    #[error("{} is there already, and is another log's or another history of this one", path.display())]
    Differs {
        /// Which file.
        path: PathBuf,
    },
    /// The directory holds more of the log than there is to export.
    #[error("the directory holds {there} entries already, and there are {found}")]
    Backwards {
        /// How many are there.
        there: u64,
        /// How many would be written.
        found: u64,
    },
    /// The file is there already.
    #[error("{} is there already", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// It does not fit the format.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The system refused an operation.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl From<Finding> for ExportError {
    fn from(finding: Finding) -> ExportError {
        ExportError::Finding(Box::new(finding))
    }
}

/// Takes a log's entries in order.
trait Sink {
    /// Before the first entry: what all of them are to lead to. It is not believed yet.
    fn begin(&mut self, expected: &Checkpoint) -> Result<(), ExportError>;

    /// The next entry's bytes and leaf.
    fn entry(&mut self, bytes: Vec<u8>, leaf: Hash) -> Result<(), ExportError>;
}

/// Hands everything under the largest checkpoint to a sink. Which key that must be signed with is known once
/// all of it is read: any entry may exchange it.
fn pour(
    source: &mut dyn EntrySource,
    sink: &mut dyn Sink,
    progress: &dyn Fn(Progress),
) -> Result<Exported, ExportError> {
    let note = source.newest().cloned();
    let note = note.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
    let expected = parse(&note)?;
    sink.begin(&expected)?;
    let mut chain = Chain::new(source.ledger().as_str());
    let mut frontier = Frontier::new();
    let mut named: Option<NamedKeys> = None;
    while frontier.size() < expected.size {
        let page = source.next()?;
        if page.is_empty() {
            let (length, checkpoint) = (frontier.size(), expected.size);
            return Err(FindingKind::RolledBack { length, checkpoint }
                .at(Some(length))
                .into());
        }
        let left = usize::try_from(expected.size - frontier.size()).unwrap_or(usize::MAX);
        for bytes in page.into_iter().take(left) {
            let (entry, link) = chain.push(&bytes).map_err(|e| unlinked(&chain, e))?;
            follow_keys(&mut named, &entry)?;
            frontier.append(link.leaf);
            sink.entry(bytes, link.leaf)?;
        }
        progress(Progress {
            entries: frontier.size(),
            total: expected.size,
        });
    }
    if frontier.root() != expected.root {
        let root = FindingKind::Root {
            size: expected.size,
            expected: expected.root,
            found: frontier.root(),
        };
        return Err(root.at(expected.size.checked_sub(1)).into());
    }
    let named = named.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
    let keys = named.checkpoint_keys();
    let keys = keys.map_err(|_| FindingKind::Unfounded.at(Some(0)))?;
    let checkpoint = keys.check(note, &[]);
    let (checkpoint, _) = checkpoint.map_err(|error| FindingKind::from(error).at(None))?;
    Ok(Exported {
        ledger: source.ledger().clone(),
        checkpoint,
        keys,
    })
}

fn parse(note: &Note) -> Result<Checkpoint, Finding> {
    Checkpoint::parse(note.text()).map_err(|error| FindingKind::Checkpoint(error).at(None))
}

fn unlinked(chain: &Chain, error: ChainError) -> Finding {
    let index = chain.next_index();
    let fault = Fault::Chain(error);
    Mismatch { index, fault }.into()
}

fn write_error(path: &Path) -> impl Fn(std::io::Error) -> ExportError + use<> {
    let path = path.to_owned();
    move |source| ExportError::Write {
        path: path.clone(),
        source: Arc::new(source),
    }
}
