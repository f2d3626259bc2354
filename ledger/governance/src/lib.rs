//! The law of the neighbourhood: what a governance ledger admits, and what follows from it.

pub mod action;
pub mod calendar;
pub mod charter;
pub mod ids;
pub mod roll;
pub mod tally;
