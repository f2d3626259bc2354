//! How large anything in an action may be. Most bounds are the law's own, so that nothing well-formed is too
//! long for it and nothing it admits cannot be sent.

pub use governance::bounds::{
    ACCUSED_MAX, CITATION_LEN_MAX, CO_OWNERS_MAX, CONTENT_LEN_MAX, EFFECTS_MAX, KEYS_MAX,
    LINES_MAX, MATTERS_MAX, MEDIA_TYPE_LEN_MAX, NAME_LEN_MAX, OPENINGS_MAX, OPTIONS_MAX,
    ORIGIN_LEN_MAX, PARAGRAPHS_LEN_MAX, PARAGRAPHS_MAX, PARTICIPANTS_MAX, REPORTING_MAX, RULES_MAX,
    STANDING_MAX, TITLE_LEN_MAX, UTC_OFFSETS_MAX,
};

/// Longest action, in bytes: an entry's 65,535 without the header (74 bytes and a ledger id of up to
/// 40), and 16 signatures of 96 bytes, leave 63,885; the rest is kept for a later entry version.
pub const ACTION_LEN_MAX: usize = 60_000;
const _: () = assert!(ACTION_LEN_MAX <= tlog::entry::MAX_ACTION_LEN);

/// Most measures of a rule: heads and area.
pub const MEASURES_MAX: usize = 2;

/// Most kinds of effects of a rule: as many as there are.
pub const EFFECT_KINDS_MAX: usize = 7;

/// Most body kinds in a prerequisite: as many as there are.
pub const BODY_KINDS_MAX: usize = 17;
