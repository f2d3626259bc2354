//! The law of the neighbourhood: what a governance ledger admits, and what follows from it.

pub mod action;
pub mod calendar;
pub mod charter;
pub mod explanation;
pub mod ids;
pub mod presets;
pub mod roll;
pub mod rule;
pub mod tally;
