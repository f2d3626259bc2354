//! Bodies, rights, offices, rolls.

use governance::{
    action::{
        BodiesAction, BodyEstablished, Grant, OfficeAssumed, OfficeEndCause, OfficeObtained,
        Payload, RollLine, RollPart, RollPublished,
    },
    calendar::Date,
    charter::{BodyKind, Right},
    ids::Digest,
    roll::digest,
    testing::{Deed, by, content},
};

use super::{id, registrar};
use crate::scribe::Scribe;

/// The founding's day, 2026-03-02.
const TODAY: i32 = 20_514;

fn bodies(action: BodiesAction) -> Deed {
    registrar().does(Payload::Bodies(action))
}

fn establishes(body: &str, name: &str) -> Deed {
    establishes_as(body, BodyKind::ExpertPanel, name)
}

fn establishes_as(body: &str, kind: BodyKind, name: &str) -> Deed {
    bodies(BodiesAction::BodyEstablished(BodyEstablished {
        body: id(body),
        kind,
        name: name.to_owned(),
    }))
}

fn grant(body: &str, role: Option<&str>, right: Right, over: Option<&str>) -> Grant {
    Grant {
        body: id(body),
        role: role.map(id),
        right,
        over: over.map(id),
        decision: None,
    }
}

fn grants(grant: Grant) -> Deed {
    bodies(BodiesAction::RightGranted(grant))
}

fn withdraws(grant: Grant) -> Deed {
    bodies(BodiesAction::RightWithdrawn(grant))
}

/// Grants a right over a body, as a motion decided.
pub(super) fn grants_as_decided(body: &str, right: Right, over: &str, motion: &str) -> Deed {
    grants(Grant {
        decision: Some(id(motion)),
        ..grant(body, None, right, Some(over))
    })
}

/// Seats Anna in the council, with this change.
pub(super) fn seats_anna(office: &str, change: fn(&mut OfficeAssumed)) -> Deed {
    seats(office, "council", "anna", change)
}

/// Seats somebody, with this change.
pub(super) fn seats(
    office: &str,
    body: &str,
    person: &str,
    change: fn(&mut OfficeAssumed),
) -> Deed {
    registrar()
        .seats(office, body, person)
        .with(move |action| match &mut action.payload {
            Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => change(assumed),
            other => panic!("{}", other.family()),
        })
}

fn ends(office: &str, cause: OfficeEndCause) -> Deed {
    bodies(BodiesAction::OfficeEnded {
        office: id(office),
        cause,
        decision: None,
    })
}

/// The same roll, in force from another day.
pub(super) fn as_of(deeds: [Deed; 2], days: i32) -> [Deed; 2] {
    let [part, published] = deeds;
    let published = published.with(move |action| match &mut action.payload {
        Payload::Bodies(BodiesAction::RollPublished(published)) => {
            published.as_of = Date::from_days(TODAY + days);
        }
        other => panic!("{}", other.family()),
    });
    [part, published]
}

pub(super) fn play(scribe: &mut Scribe) {
    rights(scribe);
    offices(scribe);
    rolls(scribe);
}

fn rights(scribe: &mut Scribe) {
    scribe.does(establishes("panel", "专家组"));
    scribe.fails("BODY_EXISTS", establishes("panel", "again"));
    let tells = || grant("council", None, Right::Tell, Some("council"));
    scribe.fails("RIGHT_NOT_HELD", withdraws(tells()));
    scribe.does(grants(tells()));
    scribe.fails("RIGHT_HELD", grants(tells()));
    scribe.does(withdraws(tells()));
    let nobodys = grant("nobody", None, Right::Tell, None);
    scribe.fails("BODY_UNKNOWN", grants(nobodys));
    let clerks = grant("committee", Some("clerk"), Right::Register, None);
    scribe.fails("LAST_REGISTRAR", withdraws(clerks));
    scribe.does(grants(grant("party", None, Right::Table, None)));
}

/// The term's last day is so many days after its first.
fn lasts(assumed: &mut OfficeAssumed, days: i32) {
    assumed.term_to = Some(Date::from_days(assumed.term_from.days() + days));
}

fn offices(scribe: &mut Scribe) {
    let in_committee = || registrar().seats("member-1", "committee", "emil");
    let unattested = in_committee().with_office(|office| office.elsewhere = None);
    scribe.fails("ELECTION_UNATTESTED", unattested);
    let to_come = in_committee().with_office(|office| {
        let held = office.elsewhere.as_mut().expect("it is attested");
        held.held_on = office.term_from.plus_days(1);
    });
    scribe.fails("ELECTION_NOT_HELD_YET", to_come);
    scribe.does(in_committee());
    scribe.fails("OFFICE_EXISTS", in_committee());
    let shorter = registrar().seats("shorter", "committee", "fang");
    let shorter = shorter.with_office(|office| {
        office.term_to = Some(office.term_from.plus_days(30));
    });
    scribe.fails("COMMITTEE_TERM", shorter);
    let both = registrar().seats("owner-1", "owners-committee", "emil");
    scribe.fails("OVERLAPPING_SEAT", both);
    let posted = registrar().seats("posted", "committee", "fang");
    let posted = posted.with_office(|office| office.obtained = OfficeObtained::Appointed);
    scribe.fails("SEAT_IS_ELECTED", posted);
    let founding = seats_anna("seat", |assumed| {
        assumed.obtained = OfficeObtained::Founding;
    });
    scribe.fails("OBTAINED_BY_FOUNDING", founding);
    let inverted = seats_anna("seat", |assumed| lasts(assumed, -1));
    scribe.fails("TERM_INVERTED", inverted);
    let unknown = seats_anna("seat", |assumed| assumed.decision = Some(id("garden")));
    scribe.fails("MOTION_UNKNOWN", unknown);
    // One day long: its only day is its last.
    scribe.does(seats_anna("seat", |assumed| lasts(assumed, 0)));
    scribe.fails("TERM_NOT_OVER", ends("seat", OfficeEndCause::Term));
    scribe.does(ends("seat", OfficeEndCause::Resignation));
    let again = ends("seat", OfficeEndCause::Resignation);
    scribe.fails("OFFICE_ENDED_ALREADY", again);
    scribe.fails("TERM_WITHOUT_END", ends("chair", OfficeEndCause::Term));
    scribe.fails("DECISION_MISSING", ends("chair", OfficeEndCause::Recall));
    let twice = OfficeEndCause::TwoIncompetent;
    scribe.fails("NOT_ASSESSED_SO", ends("chair", twice));
    let nothing = ends("nothing", OfficeEndCause::Recall);
    scribe.fails("OFFICE_UNKNOWN", nothing);
}

fn line(voter: &str, area: u64, unit: &str, co_owners: &[&str]) -> RollLine {
    RollLine {
        voter: id(voter),
        area,
        unit: Some(id(unit)),
        co_owners: co_owners.iter().map(|person| id(person)).collect(),
    }
}

/// Owners, two parts: Anna owns two units, Emil a share of Chen's. 600.00 m², half of it Dina's.
fn owners() -> [Deed; 3] {
    let first = vec![
        line("anna", 6_000, "1-101", &[]),
        line("bao", 10_000, "1-102", &[]),
        line("anna", 4_000, "1-103", &[]),
    ];
    let second = vec![
        line("chen", 10_000, "2-101", &["emil"]),
        line("dina", 30_000, "2-102", &[]),
    ];
    let all = [first.clone(), second.clone()].concat();
    let part = |part: u32, lines: Vec<RollLine>| {
        bodies(BodiesAction::RollPart(RollPart {
            roll: id("owners"),
            body: id("assembly"),
            part,
            lines,
        }))
    };
    let published = RollPublished {
        roll: id("owners"),
        body: id("assembly"),
        as_of: Date::from_days(TODAY),
        parts: 2,
        members: 4,
        total_area: 60_000,
        digest: digest(&all),
    };
    let published = bodies(BodiesAction::RollPublished(published));
    [part(0, first), part(1, second), published]
}

fn rolls(scribe: &mut Scribe) {
    let [first, second, published] = owners();
    let [_, _, too_early] = owners();
    scribe.fails("ROLL_UNKNOWN", too_early);
    scribe.does(first);
    let [_, _, too_early] = owners();
    scribe.fails("ROLL_INVALID", too_early);
    scribe.does([second, published]);
    let [again, ..] = owners();
    scribe.fails("ROLL_IS_PUBLISHED", again);
    let [draft, _] = registrar().publishes_roll("draft", "assembly", &[("fang", 1)]);
    scribe.does(draft);
    let council = [("anna", 0), ("bao", 0), ("chen", 0), ("dina", 0)];
    let old = registrar().publishes_roll("council-2024", "council", &council);
    scribe.does(as_of(old, -700));
    let new = [("anna", 0), ("bao", 0), ("emil", 0)];
    scribe.does(registrar().publishes_roll("council-2026", "council", &new));
    representatives(scribe);
}

/// Emil sits in the residents' committee.
fn representatives(scribe: &mut Scribe) {
    let body = "representatives";
    let kind = BodyKind::RepresentativesMeeting;
    scribe.does(establishes_as(body, kind, "居民代表会议"));
    let five = [
        ("anna", 0),
        ("bao", 0),
        ("chen", 0),
        ("dina", 0),
        ("emil", 0),
    ];
    let [part, published] = registrar().publishes_roll("half", body, &five[3..]);
    scribe.does(part);
    scribe.fails("TOO_FEW_REPRESENTATIVES", published);
    scribe.does(registrar().publishes_roll("representatives", body, &five));
    objections(scribe);
}

/// Two say that the representatives' roll is wrong, and one is right.
fn objections(scribe: &mut Scribe) {
    let roll = "representatives";
    scribe.does([
        by("fang").objects(roll, "fang"),
        by("registrar").objects(roll, "chen"),
    ]);
    scribe.fails("ROLL_OBJECTED_ALREADY", by("fang").objects(roll, "fang"));
    let rules = |objection| registrar().rules_on(roll, objection, true);
    scribe.fails("ROLL_OBJECTION_UNKNOWN", rules(2));
    scribe.fails("ROLL_RULING_PARTIAL", rules(1));
    let reads = |content| registrar().reads_objection(roll, 0, content);
    scribe.fails("ROLL_OBJECTION_CONTENT", reads(Digest([1; 32])));
    scribe.does(reads(content().digest));
    scribe.does(rules(0));
    scribe.fails("ROLL_OBJECTION_RULED_ALREADY", rules(0));
}
