//! Between the wire's messages and the domain's types, one file a family.
//!
//! From the wire is `TryFrom`, which refuses with the field named; to the wire is `From` a reference,
//! which always succeeds. A message that decodes is a domain value that encodes to the same message:
//! wherever the wire has two ways to say one thing (an absent and an empty message), one is refused.

pub(crate) mod common;

mod affairs;
mod ballots;
mod bodies;
mod charter;
mod correction;
mod deliberation;
mod discipline;
mod effects;
mod founding;
mod issues;
mod meetings;
mod people;
mod power;
mod progress;
mod reports;
