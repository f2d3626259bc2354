//! Pages of a list: how many rows, and where the next one begins.
//!
//! A token names the last key that was looked at, so that a list stays stable while entries arrive: rows
//! recorded meanwhile come before it (lists are newest first) or in their place, and none is seen twice.

use serde::de::DeserializeOwned;

use crate::{
    codec,
    keys::Key,
    query::QueryError,
    view_store::{Order, Span, View},
};

/// Rows in a page where the caller does not say.
pub const PAGE_SIZE_DEFAULT: usize = 100;

/// Most rows in a page: of decisions, a megabyte or so, well below gRPC's 4 MiB a message.
pub const PAGE_SIZE_MAX: usize = 1_000;

/// Most rows looked at for one page. A filter that matches little gives a short page, or an empty one,
/// with a token to go on from, instead of holding up the writer: 10,000 rows are some tens of
/// milliseconds.
pub const SCAN_MAX: usize = 10_000;

/// Longest token, in characters: two a byte of the longest key, which has two ids of 64 bytes and some
/// numbers.
const TOKEN_LEN_MAX: usize = 400;

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    size: usize,
    token: String,
}

impl PageRequest {
    /// A page of `size` rows (0: [`PAGE_SIZE_DEFAULT`]; at most [`PAGE_SIZE_MAX`] are given) from `token`
    /// on (empty: the first page).
    pub fn new(size: usize, token: &str) -> Self {
        Self {
            size,
            token: token.to_owned(),
        }
    }

    fn rows_max(&self) -> usize {
        match self.size {
            0 => PAGE_SIZE_DEFAULT,
            size => size.min(PAGE_SIZE_MAX),
        }
    }

    /// The key to go on after. It must lie within the list: a token of another list does not.
    fn start(&self, span: &Span) -> Result<Option<Key>, QueryError> {
        if self.token.is_empty() {
            return Ok(None);
        }
        let key = (self.token.len() <= TOKEN_LEN_MAX)
            .then(|| hex::decode(&self.token).ok())
            .flatten()
            .map(Key::from_bytes)
            .filter(|key| (&span.from..&span.until).contains(&key))
            .ok_or(QueryError::PageToken)?;
        Ok(Some(key))
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows; there may be fewer than asked for although more follow.
    pub rows: Vec<T>,
    /// Where the next page begins; `None`: this was the last.
    pub next: Option<String>,
}

/// Reads a page of the table within `span`. `keep` makes the row of a key and its bytes, or passes over
/// it.
pub(crate) fn read<T>(
    view: &View<'_>,
    span: Span,
    order: Order,
    request: &PageRequest,
    mut keep: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, QueryError>,
) -> Result<Page<T>, QueryError> {
    let span = match (request.start(&span)?, order) {
        (None, _) => span,
        // A zero byte more is the very next key there can be.
        (Some(last), Order::Ascending) => Span {
            from: last.with_byte(0),
            ..span
        },
        (Some(last), Order::Descending) => Span {
            until: last,
            ..span
        },
    };
    let rows_max = request.rows_max();
    let mut rows = Vec::new();
    let mut last = None;
    for (looked_at, pair) in view.scan(&span, order).enumerate() {
        let (key, value) = pair?;
        if rows.len() == rows_max || looked_at == SCAN_MAX {
            return Ok(Page {
                rows,
                next: last.map(hex::encode),
            });
        }
        rows.extend(keep(&key, &value)?);
        last = Some(key);
    }
    Ok(Page { rows, next: None })
}

/// Reads a page whose rows lie in the table itself.
pub(crate) fn read_rows<T: DeserializeOwned>(
    view: &View<'_>,
    span: Span,
    order: Order,
    request: &PageRequest,
    matches: impl Fn(&T) -> bool,
) -> Result<Page<T>, QueryError> {
    read(view, span, order, request, |_, bytes| {
        Ok(Some(codec::decode(bytes)?).filter(&matches))
    })
}
