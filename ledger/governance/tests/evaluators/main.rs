//! The pure evaluators: calendar, rolls, charter, presets, tallies and their explanation.

mod calendar;
mod charter;
mod explanation;
mod floors;
mod guide;
mod presets;
mod roll;
mod support;
mod tally;
mod tally_contest;
mod tally_properties;
