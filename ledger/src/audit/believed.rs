//! What an auditor believed last, in a file of its own: whatever is shown next time must contain it.

use std::fmt;
use std::path::{Path, PathBuf};

use governance::ids::{Leaf, LedgerId};
use tlog::{Checkpoint, Note, SignedCheckpoint, VerifierKey};

use crate::disk::{Disk, DiskError};

/// The first line, without its newline.
const HEADER: &str = "govledger/auditor/v1";

/// The longest file in bytes: a note of a hundred signatures, and the lines before it.
const LEN_MAX: u64 = 256 * 1024;

/// The ledger an auditor knows, and the last checkpoint it believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Believed {
    /// Which ledger.
    pub ledger: LedgerId,
    /// The leaf of its first entry, which pins it for good.
    pub genesis: Leaf,
    /// The key that signed the checkpoint.
    pub key: VerifierKey,
    /// The checkpoint, with the cosignatures it had.
    pub checkpoint: Note,
}

/// Why what was believed cannot be had or kept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BelievedError {
    /// The file holds something else. It is never replaced: what was believed would be forgotten.
    #[error("{} is not an auditor's state: {reason}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl Believed {
    /// Reads the file; none if there is none yet.
    pub fn load(path: &Path) -> Result<Option<Believed>, BelievedError> {
        let Some(bytes) = Disk::system().read(path, LEN_MAX)? else {
            return Ok(None);
        };
        let parsed = Believed::parse(&bytes);
        parsed.map(Some).map_err(|reason| BelievedError::Format {
            path: path.to_owned(),
            reason,
        })
    }

    /// Keeps it, durably, in the place of what was believed before.
    pub fn save(&self, path: &Path) -> Result<(), BelievedError> {
        let mut aside = path.file_name().unwrap_or_default().to_owned();
        aside.push(".new");
        let aside = path.with_file_name(aside);
        Ok(Disk::system().replace(path, &aside, self.to_string().as_bytes())?)
    }

    /// What was signed.
    pub fn tree(&self) -> Result<Checkpoint, tlog::CheckpointError> {
        Checkpoint::parse(self.checkpoint.text())
    }

    fn parse(bytes: &[u8]) -> Result<Believed, &'static str> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not text")?;
        let (head, note) = text.split_once("\n\n").ok_or("it is cut short")?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err("its first line is another's");
        }
        let mut value = |key: &str| {
            let line = lines.next()?;
            line.strip_prefix(key)?.strip_prefix(' ')
        };
        let ledger = value("ledger").and_then(|id| LedgerId::new(id).ok());
        let genesis = value("genesis").and_then(|leaf| leaf.parse::<tlog::Hash>().ok());
        let key = value("key").and_then(|key| key.parse::<VerifierKey>().ok());
        let note = Note::parse(note.as_bytes()).ok();
        if lines.next().is_some() {
            return Err("it has lines of no meaning");
        }
        let believed = Believed {
            ledger: ledger.ok_or("it has no ledger's id")?,
            genesis: Leaf(genesis.ok_or("it has no genesis")?.0),
            key: key.ok_or("it has no verifier key")?,
            checkpoint: note.ok_or("it has no checkpoint")?,
        };
        // It was checked before it was written: a file that was tampered with is no memory.
        SignedCheckpoint::check(believed.checkpoint.clone(), &believed.key, &[])
            .map_err(|_| "its checkpoint is not one that its key signed")?;
        Ok(believed)
    }
}

impl fmt::Display for Believed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{HEADER}\nledger {}\ngenesis {}\nkey {}\n\n{}",
            self.ledger, self.genesis, self.key, self.checkpoint,
        )
    }
}
