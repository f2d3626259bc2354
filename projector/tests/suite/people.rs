//! Given entries about people and offices, these rows.

use crate::history::{Built, History, START, attestor, body, built, content, key, office, person};
use governance::{
    action::{OfficeEndCause, PeopleAction},
    ids::Millis,
};
use projector::{
    PageRequest, QueryError,
    views::{
        offices::{AsOf, OfficeFilter},
        people::{KeyRow, PersonRow},
    },
};

fn person_row(built: &Built, id: &str) -> PersonRow {
    let found = built.views.read(|view| view.person(&person(id))).unwrap();
    found.value.unwrap()
}

fn holders(built: &Built, as_of: AsOf) -> Vec<String> {
    let page = built
        .views
        .read(|view| view.officeholders(&OfficeFilter::default(), as_of, &PageRequest::default()))
        .unwrap();
    let ids = page.value.rows.iter().map(|row| row.office.to_string());
    ids.collect()
}

fn key_row(n: u8, from_index: u64, revoked_index: Option<u64>) -> KeyRow {
    KeyRow {
        key: key(n),
        from_index,
        revoked_index,
    }
}

#[test]
fn the_founding_entry_enrols_people_with_keys_and_names() {
    let log = History::founded();
    let row = person_row(&built(&log), "head");
    assert_eq!(row.keys, [key_row(1, 0, None)]);
    assert_eq!(row.name.unwrap().digest, content(200).digest);
    assert_eq!(row.departed_index, None);
}

#[test]
fn keys_keep_the_entries_that_gave_and_took_them() {
    let mut log = History::founded();
    let enrolled = log.enrol("a", &[key(10), key(11)]);
    let added = log.people("a", PeopleAction::KeyAdded { key: key(12) });
    let rotated = log.people(
        "a",
        PeopleAction::KeyRotated {
            old_key: key(10),
            new_key: key(13),
        },
    );
    let revoked = log.people(
        "a",
        PeopleAction::KeyRevoked {
            person: person("a"),
            key: key(11),
        },
    );
    assert_eq!(
        person_row(&built(&log), "a").keys,
        [
            key_row(10, enrolled, Some(rotated)),
            key_row(11, enrolled, Some(revoked)),
            key_row(12, added, None),
            key_row(13, rotated, None),
        ]
    );
}

#[test]
fn a_replacement_takes_every_earlier_key() {
    let mut log = History::founded();
    let enrolled = log.enrol("a", &[key(10), key(11)]);
    let replaced = log.people(
        "clerk",
        PeopleAction::KeyReplaced {
            person: person("a"),
            second: attestor(),
            new_key: key(12),
        },
    );
    assert_eq!(
        person_row(&built(&log), "a").keys,
        [
            key_row(10, enrolled, Some(replaced)),
            key_row(11, enrolled, Some(replaced)),
            key_row(12, replaced, None),
        ]
    );
}

#[test]
fn a_person_is_found_by_a_key_they_hold_or_held_and_by_no_other() {
    let mut log = History::founded();
    log.enrol("a", &[key(10)]);
    log.people(
        "a",
        PeopleAction::KeyRotated {
            old_key: key(10),
            new_key: key(11),
        },
    );
    let built = built(&log);
    for (n, holder) in [
        (10, Some("a")),
        (11, Some("a")),
        (1, Some("head")),
        (12, None),
    ] {
        let found = built.views.read(|view| view.person_of_key(key(n))).unwrap();
        let found = found.value.map(|row| row.person);
        assert_eq!(found, holder.map(person), "key {n}");
    }
}

#[test]
fn who_leaves_has_no_key_and_no_office_any_more() {
    let mut log = History::founded();
    log.enrol("a", &[key(10)]);
    log.assume("office-1", "a", "2026-01-05", None);
    log.assume("office-2", "a", "2026-01-05", None);
    let resigned = log.end_office("office-2", OfficeEndCause::Resignation);
    let left = log.people(
        "clerk",
        PeopleAction::PersonDeparted {
            person: person("a"),
        },
    );
    let built = built(&log);
    let row = person_row(&built, "a");
    assert_eq!(row.departed_index, Some(left));
    assert!(row.keys.iter().all(|key| key.revoked_index == Some(left)));
    let ended = |id: &str| {
        let found = built.views.read(|view| view.office(&office(id))).unwrap();
        let ended = found.value.unwrap().ended.unwrap();
        (ended.index, ended.cause)
    };
    assert_eq!(ended("office-1"), (left, OfficeEndCause::Departure));
    // What had ended before ended for its own reason.
    assert_eq!(ended("office-2"), (resigned, OfficeEndCause::Resignation));
}

#[test]
fn as_of_an_index_is_what_the_log_said_then() {
    let mut log = History::founded();
    log.enrol("a", &[]);
    let assumed = log.assume("office-a", "a", "2026-01-05", None);
    let between = log.enrol("b", &[]);
    let ended = log.end_office("office-a", OfficeEndCause::Recall);
    let built = built(&log);
    let at = |index| holders(&built, AsOf::Index(index));
    assert_eq!(at(0), ["office-clerk"]);
    assert_eq!(at(assumed - 1), ["office-clerk"]);
    assert_eq!(at(assumed), ["office-a", "office-clerk"]);
    assert_eq!(at(between), ["office-a", "office-clerk"]);
    assert_eq!(at(ended), ["office-clerk"]);
}

#[test]
fn an_index_the_log_does_not_have_is_refused() {
    let log = History::founded();
    let beyond = AsOf::Index(log.size());
    let answer = built(&log)
        .views
        .read(|view| view.officeholders(&OfficeFilter::default(), beyond, &PageRequest::default()));
    assert!(matches!(
        answer,
        Err(QueryError::BeyondPosition { asked: 1, last: 0 })
    ));
}

#[test]
fn as_of_a_time_an_office_counts_from_its_entry_to_the_entry_that_ends_it() {
    let mut log = History::founded();
    log.later(Millis::HOUR);
    let assumed_at = log.now();
    log.assume("office-a", "head", "2026-01-05", None);
    log.later(Millis::HOUR);
    let ended_at = log.now();
    log.end_office("office-a", OfficeEndCause::Resignation);
    let built = built(&log);
    let at = |ms| holders(&built, AsOf::Time(Millis(ms))).contains(&"office-a".to_owned());
    assert!(!at(assumed_at.0 - 1));
    assert!(at(assumed_at.0));
    assert!(at(ended_at.0 - 1));
    assert!(!at(ended_at.0));
}

#[test]
fn a_term_covers_its_first_and_last_day_of_local_time() {
    let mut log = History::founded();
    log.assume("office-a", "head", "2026-01-07", Some("2026-01-08"));
    let built = built(&log);
    let at = |ms| holders(&built, AsOf::Time(Millis(ms))).contains(&"office-a".to_owned());
    // The log begins at a local midnight.
    let (first, last) = (START.0 + 2 * Millis::DAY, START.0 + 3 * Millis::DAY);
    assert!(!at(first - 1));
    assert!(at(first));
    assert!(at(last + Millis::DAY - 1));
    assert!(!at(last + Millis::DAY));
}

#[test]
fn an_office_recorded_after_its_term_began_counts_from_its_first_day() {
    let mut log = History::founded();
    let assumed = log.assume("office-a", "head", "2024-06-01", Some("2029-05-31"));
    let built = built(&log);
    let in_2025 = AsOf::Time(Millis(START.0 - 200 * Millis::DAY));
    assert_eq!(holders(&built, in_2025), ["office-a"]);
    let before_2024 = AsOf::Time(Millis(START.0 - 800 * Millis::DAY));
    assert!(holders(&built, before_2024).is_empty());
    // But the log did not say so before the entry.
    let then = holders(&built, AsOf::Index(assumed - 1));
    assert_eq!(then, ["office-clerk"]);
}

#[test]
fn offices_are_listed_by_body_and_by_person() {
    let mut log = History::founded();
    log.assume("office-a", "head", "2026-01-05", None);
    let built = built(&log);
    let now = AsOf::Time(log.now());
    let all = PageRequest::default();
    let of_body = |id: &str| {
        let page = built.views.read(|view| {
            let filter = OfficeFilter {
                body: Some(body(id)),
                ..OfficeFilter::default()
            };
            view.officeholders(&filter, now, &all)
        });
        page.unwrap().value.rows.len()
    };
    assert_eq!((of_body("committee"), of_body("assembly")), (2, 0));
    let of_head = built
        .views
        .read(|view| view.offices_of(&person("head"), now, &all))
        .unwrap();
    assert_eq!(of_head.value.rows.len(), 1);
    assert_eq!(of_head.value.rows[0].office, office("office-a"));
}
