//! The law of the neighbourhood: what a governance ledger admits, and what follows from it.
//!
//! Four pure functions over a [`State`]:
//!
//! - [`found`] makes the state of a new ledger from its founding action;
//! - [`decide`] says whether an action may be recorded as the next entry, or why not ([`Rejection`]);
//! - [`evolve`] applies an entry that was admitted;
//! - [`derive()`] gives what time alone brings, such as the decision on a motion whose vote is over.
//!
//! The sequencer, the preview, start-up and the auditor call the same ones. All dispatch on the
//! ledger's rules version; a released version is frozen, so an old ledger is always re-executed by
//! the rules it was kept under.
//!
//! This crate has no I/O, clock, randomness, async, float or hash map, and knows no bytes: `proto`
//! converts signed bytes to [`action::Action`], the shell verifies signatures and hands over the keys
//! that signed, the moment, and an entry's leaf hash. It never reads erasable content.
//!
//! It follows the project's rules of governance (`rules.md`) and formats (`formats.md` §1–§3).
//!
//! A family of actions is an arm of [`action::Payload`] and a module with `decide` and `evolve`:
//! `people`, `bodies` (with `office` and `rolls`), `meeting`, `deliberation` (with `contest`, `opening`,
//! `voting`, `hidden`, `paper` and `roll_call`), `power`, `report`, `issue`, `case`, `affairs`, `correction`. What decisions bring about is in `effect`,
//! and undone in `overturn`. Votes are counted in [`tally`] and nowhere else.

pub mod action;
pub mod affairs;
mod agenda;
mod amendment;
pub mod authority;
mod bodies;
pub mod bounds;
pub mod calendar;
mod case;
pub mod charter;
pub mod charter_diff;
pub mod clocks;
pub mod composition;
mod contest;
mod correction;
mod decide;
mod deliberation;
mod derive;
mod effect;
mod evolve;
pub mod explanation;
mod family;
pub mod filing;
mod founding;
mod handover;
pub mod head_audit;
mod hidden;
pub mod hierarchy;
pub mod ids;
mod issue;
mod kin;
mod meeting;
mod motion;
mod nomination;
pub mod objection;
mod office;
mod opening;
pub mod outlook;
mod overturn;
pub mod own_keys;
mod paper;
mod people;
mod petition;
mod power;
pub mod presets;
mod progress;
mod recall;
mod recusal;
mod registrar;
pub mod rejection;
mod report;
pub mod roll;
mod roll_call;
mod rolls;
pub mod rule;
pub mod sanction;
pub mod standing;
mod state;
pub mod tally;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod voting;

pub use amendment::unknown_rules;
pub use authority::{RequiredSigner, required_signers};
pub use decide::{CLOCK_SKEW_MS_MAX, Candidate, EntryRef, RulesVersion, decide};
pub use derive::{derive, next_due};
pub use evolve::evolve;
pub use founding::found;
pub use hidden::{
    OPENING_MS, OpeningsDue, ballots_opened, check_hidden_choice, commitment, next_opening,
    openings_due, spent_openings,
};
pub use issue::IssueStage;
pub use motion::{Motion, Status};
pub use rejection::{Rejection, RejectionKind};
pub use state::State;
