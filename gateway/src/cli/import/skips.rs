//! What was not recorded, and why.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Why something in the files was not recorded. The ledger's own refusals come with its codes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// A row without as many fields as the heading, or not UTF-8.
    BadRow,
    /// An item without an id or a title.
    ItemIncomplete,
    /// An item's id comes twice.
    ItemTwice,
    /// A date that is none.
    BadDate,
    /// A text with characters that cannot be on the ledger.
    TextNotAllowed,
    /// Nobody's vote is listed.
    NoVotes,
    /// Votes on an item that is not in items.csv.
    NoSuchItem,
    /// A vote without a member.
    NoMember,
    /// A member is listed twice on an item.
    MemberTwice,
    /// A vote in a word that is not known.
    UnknownVote(String),
    /// The ledger has it with other votes.
    RecordedDifferently,
    /// The ledger refused it.
    Refused(String),
}

impl Reason {
    /// A stable code.
    pub(super) fn code(&self) -> &str {
        match self {
            Self::BadRow => "BAD_ROW",
            Self::ItemIncomplete => "ITEM_INCOMPLETE",
            Self::ItemTwice => "ITEM_TWICE",
            Self::BadDate => "BAD_DATE",
            Self::TextNotAllowed => "TEXT_NOT_ALLOWED",
            Self::NoVotes => "NO_VOTES",
            Self::NoSuchItem => "NO_SUCH_ITEM",
            Self::NoMember => "NO_MEMBER",
            Self::MemberTwice => "MEMBER_TWICE",
            Self::UnknownVote(_) => "UNKNOWN_VOTE",
            Self::RecordedDifferently => "RECORDED_DIFFERENTLY",
            Self::Refused(code) => code,
        }
    }

    /// What it means.
    pub(super) fn meaning(&self) -> String {
        match self {
            Self::BadRow => "the row has other fields than the heading, or is not UTF-8".to_owned(),
            Self::ItemIncomplete => "the item has no id or no title".to_owned(),
            Self::ItemTwice => "an item with this id came before".to_owned(),
            Self::BadDate => "the date is not YYYY-MM-DD".to_owned(),
            Self::TextNotAllowed => "the text has control or bidirectional characters".to_owned(),
            Self::NoVotes => "votes.csv lists no vote on the item".to_owned(),
            Self::NoSuchItem => "items.csv has no such item, or it was skipped".to_owned(),
            Self::NoMember => "a vote on the item names no member".to_owned(),
            Self::MemberTwice => "a member is listed twice on the item".to_owned(),
            Self::UnknownVote(word) => format!("\"{word}\" is no vote that is known"),
            Self::RecordedDifferently => {
                "the ledger has this motion with other votes or another date".to_owned()
            }
            Self::Refused(_) => "the ledger refused it".to_owned(),
        }
    }
}

/// How many places a reason names: enough to look them up, few enough for a table.
const EXAMPLES_MAX: usize = 3;

/// One reason, how often, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Skipped {
    /// How often.
    pub(super) count: u64,
    /// The first few: item ids or line numbers.
    pub(super) examples: Vec<String>,
    /// What the ledger said of the first, where it did.
    pub(super) said: Option<String>,
}

/// Everything that was skipped, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Skips(BTreeMap<Reason, Skipped>);

impl Skips {
    /// Adds one.
    pub(super) fn add(&mut self, reason: Reason, place: impl Into<String>) {
        let skipped = self.0.entry(reason).or_default();
        skipped.count += 1;
        if skipped.examples.len() < EXAMPLES_MAX {
            skipped.examples.push(place.into());
        }
    }

    /// Adds what the ledger refused.
    pub(super) fn refused(&mut self, code: &str, said: &str, place: &str) {
        let reason = Reason::Refused(code.to_owned());
        self.add(reason.clone(), place);
        if let Some(skipped) = self.0.get_mut(&reason) {
            skipped.said.get_or_insert_with(|| said.to_owned());
        }
    }

    /// By reason.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Reason, &Skipped)> {
        self.0.iter()
    }

    /// How many altogether.
    pub(super) fn total(&self) -> u64 {
        self.0.values().map(|skipped| skipped.count).sum()
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let one = |(reason, skipped): (&Reason, &Skipped)| {
            json!({
                "reason": reason.code(),
                "meaning": skipped.said.clone().unwrap_or_else(|| reason.meaning()),
                "count": skipped.count,
                "examples": skipped.examples,
            })
        };
        self.iter().map(one).collect()
    }
}
