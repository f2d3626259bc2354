//! The views, and the one list of them.
//!
//! Each file holds one: its rows, how entries become rows, and the queries over them. A view is added
//! with its file and a line in `REGISTRY`.

pub mod actions;
pub mod bodies;
pub mod constitution;
pub mod consultations;
pub mod corrections;
pub mod decisions;
pub mod disclosures;
pub mod history;
pub mod imports;
pub mod issues;
pub mod kin;
pub mod meetings;
pub mod motions;
pub mod offices;
pub mod overdue;
pub mod people;
pub mod powers;
pub mod proxies;
pub mod reports;
pub mod rolls;
pub mod sanctions;
pub mod tasks;
pub mod texts;
pub mod timeline;
pub mod votes;

use crate::projection::Projection;

/// Every view. The order does not matter: a view reads what earlier entries have left, and writes under
/// its own prefix.
pub(crate) static REGISTRY: &[&dyn Projection] = &[
    &constitution::Constitution,
    &actions::Actions,
    &timeline::Timeline,
    &people::People,
    &bodies::Bodies,
    &offices::Offices,
    &rolls::Rolls,
    &meetings::Meetings,
    &motions::Motions,
    &history::History,
    &votes::Votes,
    &decisions::Decisions,
    &reports::Reports,
    &issues::Issues,
    &powers::Powers,
    &sanctions::Sanctions,
    &overdue::Overdue,
    &consultations::Consultations,
    &tasks::Tasks,
    &disclosures::Disclosures,
    &imports::Imports,
    &texts::Texts,
    &corrections::Corrections,
    &proxies::Proxies,
    &kin::Kin,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn prefixes_and_names_are_distinct() {
        let prefixes: BTreeSet<u8> = REGISTRY.iter().map(|view| view.prefix()).collect();
        let names: BTreeSet<&str> = REGISTRY.iter().map(|view| view.name()).collect();
        assert_eq!(prefixes.len(), REGISTRY.len());
        assert_eq!(names.len(), REGISTRY.len());
    }

    #[test]
    fn prefixes_leave_room_for_the_position_and_for_a_key_after_them() {
        for view in REGISTRY {
            assert!((1..=254).contains(&view.prefix()), "{}", view.name());
        }
    }
}
