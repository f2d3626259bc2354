//! What every query has in common: its answer names the position it was computed at.

use crate::{codec::CodecError, position::Position, view_store::StoreError};

/// An answer and what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// The last entry it takes into account.
    pub position: Position,
}

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The views have not seen the first entry yet, or have not been compared with the log yet.
    #[error("the views are being made ready; try again shortly")]
    NotReady,
    /// The page token is not one this list gave out.
    #[error("the page token is not one this list gave out: begin again without one")]
    PageToken,
    /// A past index that the views have not come to, or that the log does not have.
    #[error("entry {asked} is not in the views: they have come to entry {last}")]
    BeyondPosition {
        /// Asked for.
        asked: u64,
        /// The last there is.
        last: u64,
    },
    /// A time before the first entry.
    #[error("the log begins later: its first entry was recorded at {first} ms")]
    BeforeFirst {
        /// When the first entry was recorded, in milliseconds since 1970.
        first: u64,
    },
    /// The rows could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CodecError> for QueryError {
    fn from(error: CodecError) -> Self {
        Self::Store(error.into())
    }
}
