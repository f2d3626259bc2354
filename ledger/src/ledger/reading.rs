//! What is durable, as readers ask for it: entries, proofs, tiles, contents.

use std::sync::Arc;

use governance::ids::Digest;
use tlog::{Hash, TilePath};

use super::Ledger;
use crate::content::{ContentError, SaltedContent};
use crate::sequencer::receipt_of;
use crate::submission::{ReadError, Receipt};
use crate::tail::LoggedEntry;

impl Ledger {
    /// The receipt of an entry under the published checkpoint, or under the newest one as long as the
    /// published does not cover it, and the entry's bytes.
    pub async fn receipt(&self, index: u64) -> Result<(Receipt, Vec<u8>), ReadError> {
        self.check_entry(index)?;
        let entry = self.durable.tail.entry(index).await?;
        let receipt = receipt_of(&self.durable, &entry).await?;
        Ok((receipt, entry.bytes.clone()))
    }

    /// Durable entries from `from` on, at most `max` and at most [`crate::tail::ENTRIES_MAX`]; at
    /// least one if there is one, none at or beyond the durable size.
    pub async fn entries(&self, from: u64, max: usize) -> Result<Vec<Arc<LoggedEntry>>, ReadError> {
        self.durable.tail.read(from, self.durable.size(), max).await
    }

    /// The RFC 6962 audit path of entry `index` in the tree of `size` entries.
    pub async fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, ReadError> {
        self.check_proof(index, size, index < size)?;
        self.durable.tree.inclusion_proof(index, size).await
    }

    /// The proof that the tree of `old` entries is a prefix of the tree of `new`.
    pub async fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, ReadError> {
        self.check_proof(old, new, old <= new)?;
        self.durable.tree.consistency_proof(old, new).await
    }

    /// The bytes of a tile of hashes as C2SP's tlog-tiles serves it; `None` if the tree does not reach
    /// so far, and for bundles of entries. From a thread that may block.
    pub fn tile(&self, path: &TilePath) -> Result<Option<Vec<u8>>, ReadError> {
        let tile = self.durable.tree.tiles().tile(path);
        tile.map_err(|error| ReadError::Part {
            what: "the tree",
            reason: error.to_string(),
        })
    }

    /// The bytes of a content, checked against its digest; `None` if it never came or was erased.
    /// Who may see it is for the caller to say.
    pub async fn content(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ReadError> {
        let content = self.salted_content(digest).await?;
        Ok(content.map(SaltedContent::into_bytes))
    }

    /// The same with its salt, for whoever is to check the digest too. Whoever keeps both can show later
    /// what an erased content said.
    pub async fn salted_content(
        &self,
        digest: &Digest,
    ) -> Result<Option<SaltedContent>, ReadError> {
        let content = self.durable.contents.read(digest).await;
        content.map_err(|error| {
            let reason = error.to_string();
            match error {
                ContentError::Corrupt { .. } => ReadError::ContentDamaged { reason },
                _ => ReadError::Part {
                    what: "the content",
                    reason,
                },
            }
        })
    }

    fn check_entry(&self, index: u64) -> Result<(), ReadError> {
        let size = self.durable.size();
        if index < size {
            Ok(())
        } else {
            Err(ReadError::NoSuchEntry { index, size })
        }
    }

    fn check_proof(&self, from: u64, to: u64, ordered: bool) -> Result<(), ReadError> {
        let size = self.durable.size();
        if ordered && to <= size {
            Ok(())
        } else {
            Err(ReadError::NoSuchProof { from, to, size })
        }
    }
}
