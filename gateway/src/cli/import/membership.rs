//! Who sat in the council when, as the votes tell it.
//!
//! A member sits from the first to the last day on which the files list them. Items that list half of
//! the council or fewer are fragments and tell nothing of who sits: whoever is missing there is missing
//! from the minutes, not from the council. A member listed on the last day of all is taken to sit on.

use std::collections::{BTreeMap, BTreeSet};

use governance::{calendar::Date, ids::PersonId};

use super::files::FileMotion;

/// One member's time in the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// First day listed.
    pub(super) from: Date,
    /// Last day listed, where others went on without them.
    pub(super) to: Option<Date>,
}

impl Term {
    fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

/// The members from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sitting {
    /// First day.
    pub(super) as_of: Date,
    /// Who.
    pub(super) members: BTreeSet<PersonId>,
}

/// Each member's term.
pub(super) fn terms(motions: &[FileMotion]) -> BTreeMap<PersonId, Term> {
    let most = motions.iter().map(|m| m.votes.len()).max().unwrap_or(0);
    let telling = || motions.iter().filter(move |m| m.votes.len() * 2 > most);
    let first_day = motions.iter().map(|m| m.held_on).min();
    let last_telling = telling().map(|m| m.held_on).max();
    let first_telling = telling().map(|m| m.held_on).min();
    let mut seen: BTreeMap<PersonId, (Date, Date)> = BTreeMap::new();
    for motion in telling() {
        for member in motion.votes.keys() {
            let days = seen
                .entry(member.clone())
                .or_insert((motion.held_on, motion.held_on));
            days.0 = days.0.min(motion.held_on);
            days.1 = days.1.max(motion.held_on);
        }
    }
    let term = |(from, to): (Date, Date)| Term {
        // Fragments before the first telling day were held by the council of that day.
        from: if Some(from) == first_telling {
            first_day.unwrap_or(from)
        } else {
            from
        },
        to: (Some(to) != last_telling).then_some(to),
    };
    seen.into_iter()
        .map(|(member, days)| (member, term(days)))
        .collect()
}

/// The membership whenever it changes, oldest first, over the days on which votes were held.
pub(super) fn sittings(motions: &[FileMotion], terms: &BTreeMap<PersonId, Term>) -> Vec<Sitting> {
    let days: BTreeSet<Date> = motions.iter().map(|m| m.held_on).collect();
    let mut sittings: Vec<Sitting> = Vec::new();
    for day in days {
        let sitting = terms.iter().filter(|(_, term)| term.covers(day));
        let members: BTreeSet<PersonId> = sitting.map(|(member, _)| member.clone()).collect();
        if sittings.last().is_none_or(|last| last.members != members) {
            sittings.push(Sitting {
                as_of: day,
                members,
            });
        }
    }
    sittings.retain(|sitting| !sitting.members.is_empty());
    sittings
}

/// The sitting on a day.
pub(super) fn sitting_on(sittings: &[Sitting], day: Date) -> Option<&Sitting> {
    let after = sittings.partition_point(|sitting| sitting.as_of <= day);
    sittings.get(after.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use governance::{action::RollCallMark, ids::MotionId};

    use super::*;

    fn person(id: &str) -> PersonId {
        PersonId::new(id).unwrap()
    }

    fn motion(id: &str, day: &str, members: &[&str]) -> FileMotion {
        let votes = members
            .iter()
            .map(|member| (person(member), RollCallMark::For));
        FileMotion {
            id: MotionId::new(id).unwrap(),
            item: id.to_owned(),
            held_on: day.parse().unwrap(),
            title: "T".to_owned(),
            paragraphs: vec![],
            final_action: String::new(),
            passed: None,
            votes: votes.collect(),
        }
    }

    fn told(motions: &[FileMotion]) -> Vec<(String, String)> {
        let terms = terms(motions);
        let one = |sitting: Sitting| {
            let members: Vec<String> = sitting.members.iter().map(ToString::to_string).collect();
            (sitting.as_of.to_string(), members.join(" "))
        };
        sittings(motions, &terms).into_iter().map(one).collect()
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn one_membership_is_one_sitting() {
        let motions = [
            motion("1", "2024-01-10", &["a", "b", "c"]),
            motion("2", "2024-02-10", &["a", "b", "c"]),
        ];
        assert_eq!(told(&motions), pairs(&[("2024-01-10", "a b c")]));
        assert!(terms(&motions).values().all(|term| term.to.is_none()));
    }

    #[test]
    fn a_seat_that_changes_hands_begins_a_sitting() {
        let motions = [
            motion("1", "2024-01-10", &["a", "b", "c"]),
            motion("2", "2024-02-10", &["a", "b", "c"]),
            motion("3", "2024-03-10", &["a", "b", "d"]),
        ];
        assert_eq!(
            told(&motions),
            pairs(&[("2024-01-10", "a b c"), ("2024-03-10", "a b d")])
        );
        let last = terms(&motions)[&person("c")].to.map(|day| day.to_string());
        assert_eq!(last.as_deref(), Some("2024-02-10"));
    }

    #[test]
    fn a_fragment_changes_nothing_wherever_it_stands() {
        for day in ["2024-01-01", "2024-02-01", "2024-12-31"] {
            let motions = [
                motion("1", "2024-01-10", &["a", "b", "c"]),
                motion("2", "2024-03-10", &["a", "b", "c"]),
                motion("odd", day, &["a"]),
            ];
            let first = day.min("2024-01-10");
            assert_eq!(told(&motions), pairs(&[(first, "a b c")]), "{day}");
        }
    }

    #[test]
    fn who_is_missing_for_a_while_sits_all_the_same() {
        let motions = [
            motion("1", "2024-01-10", &["a", "b", "c"]),
            motion("2", "2024-02-10", &["a", "b"]),
            motion("3", "2024-03-10", &["a", "b", "c"]),
        ];
        assert_eq!(told(&motions), pairs(&[("2024-01-10", "a b c")]));
    }

    #[test]
    fn the_sitting_of_a_day_is_the_latest_begun() {
        let motions = [
            motion("1", "2024-01-10", &["a", "b", "c"]),
            motion("3", "2024-03-10", &["a", "b", "d"]),
        ];
        let sittings = sittings(&motions, &terms(&motions));
        let on =
            |day: &str| sitting_on(&sittings, day.parse().unwrap()).map(|s| s.as_of.to_string());
        assert_eq!(on("2024-01-09"), None);
        assert_eq!(on("2024-03-09").as_deref(), Some("2024-01-10"));
        assert_eq!(on("2024-03-10").as_deref(), Some("2024-03-10"));
    }
}
