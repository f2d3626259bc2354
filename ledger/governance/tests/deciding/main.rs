//! The deciding core, given, when, then: every rule accepting and refusing at its boundary.

mod authority;
mod bodies;
mod boundaries;
mod codes;
mod deliberation;
mod derived;
mod effects;
mod elections;
mod envelope;
mod founding;
mod ids;
mod issues;
mod meetings;
mod opening;
mod papers;
mod people;
mod powers;
mod progress;
mod properties;
mod proxies;
mod reports;
mod roll_calls;
mod rolls;
mod support;
mod voting;
