//! The wire as outsiders meet it: golden bytes, the canonical rule, refusals, JSON, the schema itself.

mod arbitrary;
mod canonical;
mod golden;
mod json;
mod refusals;
mod round_trips;
mod samples;
mod schema;
mod texts;
