//! How large anything in an action may be, and where each number comes from.
//!
//! An entry is at most 65,535 bytes (FORMAT.md), so no list or text can be longer than that; the
//! bounds below are tighter, so that what is refused is named by its field instead of by the size of
//! the whole.

/// Longest action, in bytes: an entry's 65,535 without the header (74 bytes and a ledger id of up to
/// 40), and 16 signatures of 96 bytes, leave 63,885; the rest is kept for a later entry version.
pub const ACTION_LEN_MAX: usize = 60_000;
const _: () = assert!(ACTION_LEN_MAX <= tlog::entry::MAX_ACTION_LEN);

/// Longest content named by an action, in bytes: 256 KiB (FORMAT.md, "Contents").
pub const CONTENT_LEN_MAX: u32 = 262_144;

/// Longest name of a ledger, body, rule, position, option or place, in bytes: 170 Chinese
/// characters, several lines of a page.
pub const NAME_LEN_MAX: usize = 512;

/// Longest title of a motion, in bytes: council agendas put whole resolutions there.
pub const TITLE_LEN_MAX: usize = 4_096;

/// Longest text of a motion, all paragraphs together, in bytes: half an entry, so that a roll call of
/// 400 voters fits beside it.
pub const PARAGRAPHS_LEN_MAX: usize = 32_768;

/// Most paragraphs of a motion: 32 bytes each where all are used.
pub const PARAGRAPHS_MAX: usize = 1_024;

/// Longest citation, reason or id at a source, in bytes: two articles quoted in full.
pub const CITATION_LEN_MAX: usize = 2_048;

/// Longest origin, in bytes; also what a host and a short path need.
pub const ORIGIN_LEN_MAX: usize = 255;

/// Longest media type with its parameters, in bytes (RFC 6838 §4.2 allows 127 a half).
pub const MEDIA_TYPE_LEN_MAX: usize = 127;

/// Most lines of one entry: what a part carries (FORMAT.md, "Roll digest"); more come in more parts. 1,000
/// lines of up to 58 bytes fit an action.
pub const LINES_MAX: usize = 1_000;

/// Most keys of a person: a few devices and a spare.
pub const KEYS_MAX: usize = 5;

/// Most co-owners of a unit named on a roll: an inherited house, many times over.
pub const CO_OWNERS_MAX: usize = 64;

/// Most options of a contest, and so of a ballot: what fits a paper.
pub const OPTIONS_MAX: usize = 64;

/// Most measures of a rule: heads and area.
pub const MEASURES_MAX: usize = 2;

/// Most rules of a charter: each preset, several times over, at up to 600 bytes each.
pub const RULES_MAX: usize = 64;

/// Most body kinds in a prerequisite: as many as there are.
pub const BODY_KINDS_MAX: usize = 17;

/// Most UTC offsets: 100 years of two changes a year, as [`governance::calendar::UtcOffsets`] has it.
pub const UTC_OFFSETS_MAX: usize = 200;
