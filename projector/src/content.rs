//! Erasable content as rows name it: by digest, never by its text.
//!
//! The text is fetched from the content store when a query is answered, so that what was erased there is
//! gone from every answer at once and no view has to be rebuilt.

use governance::{action::Content, ids::Digest};
use serde::{Deserialize, Serialize};

/// [`Content`] in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRow {
    /// Its digest in the content store.
    pub digest: Digest,
    /// Bytes.
    pub length: u32,
    /// Media type.
    pub media_type: String,
}

impl From<&Content> for ContentRow {
    fn from(content: &Content) -> Self {
        Self {
            digest: content.digest,
            length: content.length,
            media_type: content.media_type.clone(),
        }
    }
}
