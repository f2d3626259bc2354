//! How long texts and lists may be.

use std::collections::BTreeSet;

use crate::{action::Content, ids::PersonId, rejection::Rejection};

/// Longest name of a ledger, body or place, in bytes: 80 Chinese characters.
pub(crate) const NAME_BYTES_MAX: usize = 256;

/// Longest reason, in bytes: a page.
pub(crate) const REASON_BYTES_MAX: usize = 4_096;

/// Longest media type, in bytes: RFC 6838 §4.2 allows 127 on either side of the slash.
const MEDIA_TYPE_BYTES_MAX: usize = 255;

/// Longest content, in bytes (formats.md §3).
const CONTENT_BYTES_MAX: u32 = 262_144;

/// Most people one entry may name: at 36 bytes an id and an entry's 65,535 bytes, 1,000 fit.
pub(crate) const PEOPLE_PER_ENTRY_MAX: usize = 1_000;

/// A text of at most `max` bytes.
pub(crate) fn text(field: &'static str, text: &str, max: usize) -> Result<(), Rejection> {
    if text.len() <= max {
        return Ok(());
    }
    Err(Rejection::TextTooLong {
        field,
        bytes: text.len() as u64,
        max: max as u64,
    })
}

/// A text of at most `max` bytes that says something.
pub(crate) fn required_text(field: &'static str, given: &str, max: usize) -> Result<(), Rejection> {
    if given.trim().is_empty() {
        return Err(Rejection::TextEmpty { field });
    }
    text(field, given, max)
}

/// A list of `min` to `max` members.
pub(crate) fn list(
    field: &'static str,
    found: usize,
    min: usize,
    max: usize,
) -> Result<(), Rejection> {
    if (min..=max).contains(&found) {
        return Ok(());
    }
    Err(Rejection::ListSize {
        field,
        found: found as u64,
        min: min as u64,
        max: max as u64,
    })
}

/// Everybody once.
pub(crate) fn distinct<'a>(
    field: &'static str,
    people: impl IntoIterator<Item = &'a PersonId>,
) -> Result<(), Rejection> {
    let mut seen = BTreeSet::new();
    match people.into_iter().find(|person| !seen.insert(*person)) {
        None => Ok(()),
        Some(person) => Err(Rejection::NamedTwice {
            field,
            person: person.clone(),
        }),
    }
}

/// A content that can exist. Its bytes are none of the rules' business.
pub(crate) fn content(content: &Content) -> Result<(), Rejection> {
    required_text(
        "content.media_type",
        &content.media_type,
        MEDIA_TYPE_BYTES_MAX,
    )?;
    if content.length <= CONTENT_BYTES_MAX {
        return Ok(());
    }
    Err(Rejection::TextTooLong {
        field: "content.length",
        bytes: u64::from(content.length),
        max: u64::from(CONTENT_BYTES_MAX),
    })
}
