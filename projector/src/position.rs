//! How far views have come in their log.

use governance::ids::{Leaf, Millis};
use serde::{Deserialize, Serialize};

/// The last entry that views have seen. Everything read beside it was computed from the entries up to
/// and including it, and from nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its index.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Leaf,
    /// When it was recorded.
    pub recorded_at: Millis,
}

/// A position as it is kept beside the rows, in the same transaction as they.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PositionRecord {
    /// Leaf hash of the log's first entry: another log under the same name is noticed by it.
    pub(crate) genesis: Leaf,
    /// The last entry seen.
    pub(crate) position: Position,
}
