//! Rolls: what is refused, who is one head, and the digest.

use governance::{
    action::RollLine,
    ids::{Digest, Millis, PersonId},
    roll::{
        CO_OWNERS_PER_LINE_MAX, LINES_PER_PART_MAX, PARTS_MAX, Roll, RollDraft, RollError, Weight,
        digest,
    },
};

use crate::support::{body, head, person, publication, roll, roll_part, unit, weight};

fn with_co_owners(line: RollLine, co_owners: &[&str]) -> RollLine {
    RollLine {
        co_owners: co_owners.iter().map(|id| person(id)).collect(),
        ..line
    }
}

fn adding(lines: Vec<RollLine>) -> Result<(), RollError> {
    RollDraft::new(body("assembly")).add_part(&roll_part(0, lines))
}

#[test]
fn one_owner_of_three_units_is_one_head_with_the_summed_area() {
    let roll = roll(vec![
        unit("wang", "1-101", 8_950),
        unit("li", "1-102", 8_950),
        unit("wang", "1-103", 12_001),
        unit("wang", "p-17", 1_300),
    ]);
    assert_eq!(roll.weight_of(&person("wang")), Some(weight(1, 22_251)));
    assert_eq!(roll.weight_of(&person("li")), Some(weight(1, 8_950)));
    assert_eq!(roll.total(), weight(2, 31_201));
}

#[test]
fn co_owners_are_one_head_their_voter() {
    let roll = roll(vec![
        with_co_owners(unit("wang", "1-101", 8_950), &["zhao"]),
        with_co_owners(unit("li", "1-102", 9_000), &["zhao", "wang"]),
    ]);
    assert_eq!(roll.total(), weight(2, 17_950));
    assert_eq!(roll.weight_of(&person("zhao")), None);
    assert!(roll.is_co_owner(&person("zhao")));
    let voters: Vec<&PersonId> = roll.voters_of(&person("zhao")).collect();
    assert_eq!(voters, [&person("li"), &person("wang")]);
    assert!(
        roll.is_co_owner(&person("wang")),
        "a voter may co-own another unit"
    );
    assert!(!roll.is_co_owner(&person("li")));
    assert_eq!(roll.voters_of(&person("li")).count(), 0);
}

#[test]
fn a_couple_with_two_units_is_one_head() {
    let theirs = |voter: &str, unit_id: &str, other: &str| {
        with_co_owners(unit(voter, unit_id, 9_000), &[other])
    };
    let together = roll(vec![
        theirs("wang", "1-101", "li"),
        theirs("wang", "1-102", "li"),
    ]);
    assert_eq!(together.total(), weight(1, 18_000));
    let apart = Err(RollError::OwnersTwice {
        voter: person("li"),
        other: person("wang"),
    });
    let lines = vec![theirs("wang", "1-101", "li"), theirs("li", "1-102", "wang")];
    assert_eq!(adding(lines.clone()), apart);
    // Nor in two parts.
    let mut draft = RollDraft::new(body("assembly"));
    draft.add_part(&roll_part(0, lines[..1].to_vec())).unwrap();
    assert_eq!(draft.add_part(&roll_part(1, lines[1..].to_vec())), apart);
    // What each owns besides is each one's own.
    let besides = vec![
        theirs("wang", "1-101", "li"),
        unit("li", "1-103", 1),
        with_co_owners(unit("li", "1-104", 1), &["wang", "zhao"]),
    ];
    assert_eq!(roll(besides).total(), weight(2, 9_002));
}

#[test]
fn voters_come_in_order_of_their_ids() {
    let roll = roll(vec![head("c"), head("a"), head("b")]);
    let voters: Vec<(&PersonId, Weight)> = roll.iter().collect();
    let one = weight(1, 0);
    assert_eq!(
        voters,
        [
            (&person("a"), one),
            (&person("b"), one),
            (&person("c"), one)
        ]
    );
}

#[test]
fn a_published_roll_says_when_and_by_which_entry() {
    let roll = roll(vec![head("a")]);
    assert_eq!(roll.id().as_str(), "roll-1");
    assert_eq!(roll.body(), &body("assembly"));
    assert_eq!(roll.as_of().to_string(), "2026-03-01");
    assert_eq!((roll.index(), roll.published_at()), (7, Millis(1_000)));
    assert_eq!(roll.digest(), digest(&[head("a")]));
}

#[test]
fn a_unit_stands_on_a_roll_once() {
    let repeated = Err(RollError::UnitRepeated {
        unit: "1-101".parse().unwrap(),
    });
    assert_eq!(
        adding(vec![unit("a", "1-101", 1), unit("b", "1-101", 1)]),
        repeated
    );

    let mut draft = RollDraft::new(body("assembly"));
    draft
        .add_part(&roll_part(0, vec![unit("a", "1-101", 1)]))
        .unwrap();
    let before = draft.clone();
    assert_eq!(
        draft.add_part(&roll_part(1, vec![unit("b", "1-101", 1)])),
        repeated
    );
    assert_eq!(draft, before, "a refused part leaves nothing");
}

#[test]
fn a_line_without_a_unit_does_not_repeat_a_voter_in_any_order() {
    let repeated = Err(RollError::VoterRepeated { voter: person("a") });
    assert_eq!(adding(vec![head("a"), head("a")]), repeated);
    assert_eq!(adding(vec![unit("a", "1-101", 1), head("a")]), repeated);
    assert_eq!(adding(vec![head("a"), unit("a", "1-101", 1)]), repeated);

    for (first, second) in [
        (head("a"), head("a")),
        (unit("a", "1-101", 1), head("a")),
        (head("a"), unit("a", "1-101", 1)),
    ] {
        let mut draft = RollDraft::new(body("assembly"));
        draft.add_part(&roll_part(0, vec![first])).unwrap();
        assert_eq!(draft.add_part(&roll_part(1, vec![second])), repeated);
    }
}

#[test]
fn a_co_owner_is_somebody_else_and_listed_once() {
    let refused = |co_owner: &str| {
        Err(RollError::CoOwnerRepeated {
            voter: person("a"),
            co_owner: person(co_owner),
        })
    };
    let of = |co_owners: &[&str]| adding(vec![with_co_owners(unit("a", "1-101", 1), co_owners)]);
    assert_eq!(of(&["b", "a"]), refused("a"));
    assert_eq!(of(&["b", "c", "b"]), refused("b"));
    assert_eq!(of(&["b", "c"]), Ok(()));
}

#[test]
fn co_owners_lines_and_parts_are_bounded() {
    let line = |n: usize| {
        let names: Vec<String> = (0..n).map(|i| format!("p{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        vec![with_co_owners(unit("a", "1-101", 1), &names)]
    };
    assert_eq!(adding(line(CO_OWNERS_PER_LINE_MAX)), Ok(()));
    assert_eq!(
        adding(line(CO_OWNERS_PER_LINE_MAX + 1)),
        Err(RollError::TooManyCoOwners {
            voter: person("a"),
            found: CO_OWNERS_PER_LINE_MAX + 1
        })
    );
    let heads = |n: usize| (0..n).map(|i| head(&format!("p{i}"))).collect();
    assert_eq!(adding(heads(LINES_PER_PART_MAX)), Ok(()));
    for found in [0, LINES_PER_PART_MAX + 1] {
        assert_eq!(adding(heads(found)), Err(RollError::LineCount { found }));
    }
    let mut draft = RollDraft::new(body("assembly"));
    for part in 0..PARTS_MAX {
        let lines = vec![head(&format!("p{part}"))];
        draft.add_part(&roll_part(part, lines)).unwrap();
    }
    assert_eq!(
        draft.add_part(&roll_part(PARTS_MAX, vec![head("last")])),
        Err(RollError::TooManyParts)
    );
}

#[test]
fn parts_come_in_order_for_one_body() {
    let mut draft = RollDraft::new(body("assembly"));
    let out_of_order = |expected, found| Err(RollError::PartOutOfOrder { expected, found });
    assert_eq!(
        draft.add_part(&roll_part(1, vec![head("a")])),
        out_of_order(0, 1)
    );
    draft.add_part(&roll_part(0, vec![head("a")])).unwrap();
    assert_eq!(
        draft.add_part(&roll_part(0, vec![head("b")])),
        out_of_order(1, 0)
    );
    let mut elsewhere = roll_part(1, vec![head("b")]);
    elsewhere.body = body("council");
    assert_eq!(
        draft.add_part(&elsewhere),
        Err(RollError::OtherBody {
            expected: body("assembly"),
            found: body("council")
        })
    );
}

#[test]
fn what_is_published_must_be_what_was_recorded() {
    let lines = vec![unit("a", "1-101", 100), unit("b", "1-102", 50)];
    let mut draft = RollDraft::new(body("assembly"));
    draft.add_part(&roll_part(0, lines[..1].to_vec())).unwrap();
    draft.add_part(&roll_part(1, lines[1..].to_vec())).unwrap();
    let good = publication(2, &lines);
    let publish = |p| {
        draft
            .publish(&p, 7, Millis(0))
            .map(|roll: Roll| roll.total())
    };

    assert_eq!(publish(good.clone()), Ok(weight(2, 150)));
    let mut wrong = good.clone();
    wrong.parts = 1;
    assert_eq!(
        publish(wrong),
        Err(RollError::PartsDiffer {
            stated: 1,
            found: 2
        })
    );
    let mut wrong = good.clone();
    wrong.members = 3;
    assert_eq!(
        publish(wrong),
        Err(RollError::MembersDiffer {
            stated: 3,
            found: 2
        })
    );
    let mut wrong = good.clone();
    wrong.total_area = 149;
    assert_eq!(
        publish(wrong),
        Err(RollError::AreaDiffers {
            stated: 149,
            found: 150
        })
    );
    let mut wrong = good.clone();
    wrong.digest = Digest([0; 32]);
    assert_eq!(
        publish(wrong),
        Err(RollError::DigestDiffers {
            stated: Digest([0; 32]),
            found: good.digest
        })
    );
    let mut wrong = good;
    wrong.body = body("council");
    assert!(matches!(publish(wrong), Err(RollError::OtherBody { .. })));
}

#[test]
fn areas_that_cannot_be_counted_are_refused() {
    let mut draft = RollDraft::new(body("assembly"));
    let lines = vec![unit("a", "1", u64::MAX), unit("b", "2", 1)];
    let mut published = publication(1, &[unit("a", "1", u64::MAX)]);
    published.members = 2;
    draft.add_part(&roll_part(0, lines)).unwrap();
    assert_eq!(
        draft.publish(&published, 0, Millis(0)),
        Err(RollError::AreaOverflow)
    );
}

#[test]
fn snapshots_bring_rolls_and_drafts_back() {
    let lines = vec![with_co_owners(unit("a", "1-101", 100), &["b"]), head("c")];
    let published = roll(lines.clone());
    let json = serde_json::to_string(&published).unwrap();
    assert_eq!(serde_json::from_str::<Roll>(&json).unwrap(), published);

    let mut draft = RollDraft::new(body("assembly"));
    draft.add_part(&roll_part(0, lines)).unwrap();
    let json = serde_json::to_string(&draft).unwrap();
    let mut back: RollDraft = serde_json::from_str(&json).unwrap();
    assert_eq!(back, draft);
    assert_eq!(
        back.add_part(&roll_part(1, vec![head("c")])),
        Err(RollError::VoterRepeated { voter: person("c") }),
        "what must not be repeated is remembered too"
    );
}

/// The example of FORMAT.md, "Roll digest", computed by a second implementation.
const VECTOR: &str = include_str!("../../../tlog/testdata/roll-digest.txt");

fn of_vector(name: &str) -> &'static str {
    let mut values = VECTOR.lines().filter_map(|line| line.split_once('='));
    let value = values.find(|(key, _)| key.trim() == name);
    value.expect("the vector has this value").1.trim()
}

#[test]
fn the_digest_is_that_of_the_published_format() {
    let line = |n: u32| {
        let value = |name| of_vector(&format!("line.{n}.{name}"));
        RollLine {
            voter: person(value("voter")),
            area: value("area").parse().unwrap(),
            unit: value("unit").parse().ok(),
            co_owners: value("co_owners").split_whitespace().map(person).collect(),
        }
    };
    let lines = [line(0), line(1)];
    assert_eq!(lines[0].co_owners, [person("person-2")]);
    assert_eq!(lines[1].unit, None);
    assert_eq!(digest(&lines).to_string(), of_vector("digest"));
}

/// Two co-owners and a line by heads alone; computed with Python's hashlib from the bytes written
/// out by hand.
#[test]
fn the_digest_counts_every_co_owner() {
    let lines = [
        with_co_owners(unit("p-wang", "1-101", 8_950), &["p-li", "p-zhao"]),
        head("p-chen"),
    ];
    assert_eq!(
        digest(&lines).to_string(),
        "5ea040a8a3646d3d84c957bf33a02b2ba42468e9e1ece327074246684db6aa4c"
    );
    assert_eq!(
        digest(&[]).to_string(),
        "17eb801b00f3dbd653ae70378d6ec06509fedd3503537fe2ea801f09ea8aed9c"
    );
}

#[test]
fn the_digest_depends_on_the_order_of_lines() {
    let (a, b) = (head("a"), head("b"));
    assert_ne!(digest([&a, &b]), digest([&b, &a]));
}
