//! The whole tree in its tiles, asked from threads that must not wait for a disk.

use std::sync::Arc;

use tlog::Hash;
use tlog::tree::TreeError;

use crate::submission::ReadError;
use crate::tiles::{Tiles, TilesError};

/// A ledger's tiles. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Tree(Arc<Tiles>);

impl Tree {
    pub(crate) fn new(tiles: Tiles) -> Tree {
        Tree(Arc::new(tiles))
    }

    /// The tiles themselves, for serving them as files.
    pub(crate) fn tiles(&self) -> &Arc<Tiles> {
        &self.0
    }

    /// Appends leaves.
    pub(crate) async fn append(&self, leaves: Vec<Hash>) -> Result<(), TilesError> {
        if !self.0.completes_a_tile(leaves.len()) {
            // No file is written: some microseconds of hashing, not worth another thread's.
            return self.0.append(&leaves);
        }
        let tiles = Arc::clone(&self.0);
        // Without a runtime nobody is left to read them.
        let appended = crate::blocking::run(move || tiles.append(&leaves)).await;
        appended.unwrap_or(Ok(()))
    }

    /// The audit path of leaf `index` in the tree of `size` leaves.
    pub(crate) async fn inclusion_proof(
        &self,
        index: u64,
        size: u64,
    ) -> Result<Vec<Hash>, ReadError> {
        self.prove(move |tiles| tiles.inclusion_proof(index, size))
            .await
    }

    /// The proof that the tree of `old` leaves is a prefix of the tree of `new`.
    pub(crate) async fn consistency_proof(
        &self,
        old: u64,
        new: u64,
    ) -> Result<Vec<Hash>, ReadError> {
        self.prove(move |tiles| tiles.consistency_proof(old, new))
            .await
    }

    /// The root of the tree as it was with `size` leaves.
    pub(crate) async fn root(&self, size: u64) -> Result<Hash, ReadError> {
        self.prove(move |tiles| tiles.root(size)).await
    }

    async fn prove<T: Send + 'static>(
        &self,
        prove: impl FnOnce(&Tiles) -> Result<T, TreeError<TilesError>> + Send + 'static,
    ) -> Result<T, ReadError> {
        let tiles = Arc::clone(&self.0);
        let proof = crate::blocking::run(move || prove(&tiles)).await;
        let failed = |reason| ReadError::Part {
            what: "the tree",
            reason,
        };
        proof
            .ok_or_else(|| failed("the node is shutting down".to_owned()))?
            .map_err(|error| match error {
                TreeError::Read(source) => failed(source.to_string()),
                other => failed(other.to_string()),
            })
    }
}
