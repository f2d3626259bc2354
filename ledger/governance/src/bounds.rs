//! How long texts and lists may be. The wire (`proto`) has the same bounds: it takes them from here.
//!
//! An entry is at most 65,535 bytes, so nothing can be longer than that; these are tighter, so that what
//! is refused is named by its field instead of by the size of the whole.

use std::collections::BTreeSet;

use crate::{action::Content, ids::PersonId, rejection::Rejection};

/// Longest name of a ledger, body, charter, rule, preset, position, option or place, in bytes: 170
/// Chinese characters, several lines of a page.
pub const NAME_LEN_MAX: usize = 512;

/// Longest citation, reason or id at a source, in bytes: two articles quoted in full.
pub const CITATION_LEN_MAX: usize = 2_048;

/// Longest title of a motion, in bytes: council agendas put whole resolutions there.
pub const TITLE_LEN_MAX: usize = 4_096;

/// Longest text of a motion, all paragraphs together, in bytes: half an entry, so that a roll call of
/// 400 voters fits beside it.
pub const PARAGRAPHS_LEN_MAX: usize = 32_768;

/// Most paragraphs of a motion: 32 bytes each where all are used.
pub const PARAGRAPHS_MAX: usize = 1_024;

/// Longest origin, in bytes: a key name must fit a note's line (C2SP signed-note), and a host name has at
/// most 253.
pub const ORIGIN_LEN_MAX: usize = 255;

/// Longest media type with its parameters, in bytes (RFC 6838 §4.2 allows 127 a half).
pub const MEDIA_TYPE_LEN_MAX: usize = 127;

/// Longest content named by an action, in bytes: 256 KiB (formats.md §3).
pub const CONTENT_LEN_MAX: u32 = 262_144;

/// Most lines, or people, of one entry: 1,000 of up to 58 bytes fit. More lines of a roll, papers or
/// attendance come in more entries.
pub const LINES_MAX: usize = 1_000;

/// Most keys a person has at a time: a phone, a tablet, a computer, a card and a spare.
pub const KEYS_MAX: usize = 5;

/// Most co-owners on one line of a roll besides its voter: an inherited house, many times over.
pub const CO_OWNERS_MAX: usize = 64;

/// Most options of a contest, and so of a ballot: what fits a paper.
pub const OPTIONS_MAX: usize = 64;

/// Most openings of hidden ballots in one entry: 300 of up to 172 bytes fit.
pub const OPENINGS_MAX: usize = 300;

/// Most rules of a charter: each preset, several times over, beside people and bodies in the founding
/// entry.
pub const RULES_MAX: usize = 64;

/// Most effects of one motion: what voters can still read on one page.
pub const EFFECTS_MAX: usize = 32;

/// Most matters of one item of the power list: as many as options on a paper.
pub const MATTERS_MAX: usize = 64;
/// Most bodies that report: every body of a large community.
pub const REPORTING_MAX: usize = 64;

/// Most bodies with standing meetings: every body of a large community.
pub const STANDING_MAX: usize = 64;

/// Most bodies that are to be given the word on one motion: every body of a large community.
pub const PARTICIPANTS_MAX: usize = 64;

/// Most people one issue accuses: a whole committee.
pub const ACCUSED_MAX: usize = 10;

/// Most UTC offsets: 100 years of two changes a year.
pub const UTC_OFFSETS_MAX: usize = 200;

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
        MEDIA_TYPE_LEN_MAX,
    )?;
    if content.length <= CONTENT_LEN_MAX {
        return Ok(());
    }
    Err(Rejection::TextTooLong {
        field: "content.length",
        bytes: u64::from(content.length),
        max: u64::from(CONTENT_LEN_MAX),
    })
}
