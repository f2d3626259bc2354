//! Pages of a list: how many rows, and where the next one begins.
//!
//! A token names the last key that was looked at, so that a list stays stable while entries arrive: rows
//! recorded meanwhile come before it (lists are newest first) or in their place, and none is seen twice.

use std::str::FromStr;

use serde::de::DeserializeOwned;

use crate::{
    codec,
    keys::{self, Key},
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
    let span = rest(span, order, request)?;
    let mut page = Filling::new(request);
    for pair in view.scan(&span, order) {
        let (key, value) = pair?;
        if page.is_full() {
            return Ok(page.and_more());
        }
        page.rows.extend(keep(&key, &value)?);
        page.looked_at(key);
    }
    Ok(page.and_no_more())
}

/// Reads a page, greatest key first, of rows that stand together under keys of the table. `place` is where
/// a row would have a key of its own: the first of those that stand together has theirs.
pub(crate) fn read_together<T: DeserializeOwned>(
    view: &View<'_>,
    span: Span,
    request: &PageRequest,
    place: impl Fn(&T) -> Key,
    matches: impl Fn(&T) -> bool,
) -> Result<Page<T>, QueryError> {
    let span = rest(span, Order::Descending, request)?;
    let mut page = Filling::new(request);
    for pair in view.scan(&span, Order::Descending) {
        let together: Vec<T> = codec::decode_all(&pair?.1)?;
        for row in together.into_iter().rev() {
            let place = place(&row);
            if place >= span.until {
                continue;
            }
            if page.is_full() {
                return Ok(page.and_more());
            }
            page.rows.extend(Some(row).filter(&matches));
            page.looked_at(place.into_bytes());
        }
    }
    Ok(page.and_no_more())
}

/// The first ids, at most `most`, under which the table has keys: what its rows can be chosen by. Each costs one
/// look, however many rows stand under it.
pub(crate) fn ids<T: FromStr>(
    view: &View<'_>,
    table: &Key,
    most: usize,
) -> Result<Vec<T>, QueryError> {
    let mut span = Span::of(table.clone());
    let start = table.as_bytes().len();
    let mut found = Vec::new();
    while found.len() < most
        && let Some(pair) = view.scan(&span, Order::Ascending).next()
    {
        let (mut key, _) = pair?;
        let Some(id) = keys::id_at(&key, start) else {
            break;
        };
        let end = start + id.len() + 1;
        found.extend(id.parse().ok());
        key.truncate(end);
        span.from = Key::from_bytes(key).after();
    }
    Ok(found)
}

/// What is left of the table within `span` for the page asked for.
fn rest(span: Span, order: Order, request: &PageRequest) -> Result<Span, QueryError> {
    Ok(match (request.start(&span)?, order) {
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
    })
}

/// A page that is being filled.
struct Filling<T> {
    rows: Vec<T>,
    rows_max: usize,
    looked_at: usize,
    last: Option<Vec<u8>>,
}

impl<T> Filling<T> {
    fn new(request: &PageRequest) -> Self {
        Self {
            rows: Vec::new(),
            rows_max: request.rows_max(),
            looked_at: 0,
            last: None,
        }
    }

    fn is_full(&self) -> bool {
        self.rows.len() == self.rows_max || self.looked_at == SCAN_MAX
    }

    fn looked_at(&mut self, key: Vec<u8>) {
        self.looked_at += 1;
        self.last = Some(key);
    }

    fn and_more(self) -> Page<T> {
        Page {
            rows: self.rows,
            next: self.last.map(hex::encode),
        }
    }

    fn and_no_more(self) -> Page<T> {
        Page {
            rows: self.rows,
            next: None,
        }
    }
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
