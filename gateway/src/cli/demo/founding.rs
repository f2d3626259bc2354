//! The founding entry of the demonstration.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use governance::{
    action::{
        Action, Actor, LedgerFounded, OfficeAssumed, OfficeObtained, Payload, PersonEnrolled,
    },
    calendar::UtcOffsets,
    charter::StandingMeeting,
    ids::{ActionId, Leaf, Millis, PersonId, PublicKey},
    presets::charters::{CommunityBodies, community},
};
use ledger::{
    ContentUpload,
    keys::{generate_key, public_key},
};

use super::{
    DemoError, cast,
    kit::{content, id, random},
};

/// China Standard Time, in minutes east of UTC.
const CHINA_MINUTES: i32 = 8 * 60;

/// How long a residents' committee sits, in days: five years (组织法 8).
pub(super) const TERM_DAYS: u32 = 5 * 365 + 1;

/// A founding that is ready to be signed.
pub(super) struct Founding {
    pub(super) action: Action,
    pub(super) keys: BTreeMap<PersonId, SigningKey>,
    pub(super) contents: Vec<ContentUpload>,
}

/// Local time of the neighbourhood.
pub(super) fn utc_offsets() -> UtcOffsets {
    UtcOffsets::fixed(CHINA_MINUTES).expect("eight hours are an offset")
}

/// Who founds the neighbourhood, at this moment, with these two keys of the ledger.
pub(super) fn founding(
    now: Millis,
    record_key: PublicKey,
    checkpoint_key: PublicKey,
) -> Result<Founding, DemoError> {
    let today = utc_offsets().date_of(now);
    let mut keys = BTreeMap::new();
    let mut contents = Vec::new();
    let mut people = Vec::new();
    let mut offices = Vec::new();
    for officer in cast::officers() {
        let key = generate_key()?;
        let (name, upload) = content(&format!("{} {}", officer.zh, officer.en))?;
        people.push(PersonEnrolled {
            person: id(officer.person),
            keys: vec![public_key(&key)],
            name: Some(name),
        });
        offices.push(OfficeAssumed {
            office: id(officer.office),
            body: id(officer.body),
            person: id(officer.person),
            role: id(officer.role),
            term_from: today,
            term_to: Some(today.plus_days(TERM_DAYS)),
            obtained: OfficeObtained::Founding,
            decision: None,
            succeeds: None,
            woman: cast::WOMEN.contains(&officer.person),
            overlap_disclosed: false,
            elsewhere: None,
        });
        contents.push(upload);
        keys.insert(id(officer.person), key);
    }
    let bodies = CommunityBodies {
        residents_meeting: id("residents-meeting"),
        representatives_meeting: id("representatives-meeting"),
        residents_committee: id("residents-committee"),
        supervision_committee: id("supervision-committee"),
        owners_assembly: id("owners-assembly"),
        owners_committee: id("owners-committee"),
        street_office: id(cast::STREET.body),
    };
    let mut charter = community("馨苑里社区章程 (charter of the demonstration)", &bodies)
        .expect("the charter's rule ids are well formed");
    // The law leaves the days open; this charter allows two months.
    charter.clocks.head_audit_days = 60;
    charter.standing_meetings.push(StandingMeeting {
        body: bodies.residents_committee.clone(),
        every_months: 3,
        citation: "本社区章程：居委会每季度至少召开一次议事协商会".to_owned(),
    });
    let founded = LedgerFounded {
        name: cast::NAME.to_owned(),
        origin: cast::ORIGIN.to_owned(),
        record_key,
        checkpoint_key,
        utc_offsets: utc_offsets(),
        rules_version: 1,
        charter,
        bodies: cast::bodies(),
        rights: cast::rights(),
        people,
        offices,
        demo: true,
    };
    let action = Action {
        ledger: id(cast::LEDGER),
        genesis: Leaf::ZERO,
        id: ActionId::v7(now, random()),
        actor: Actor::Person {
            person: id(cast::CLERK.person),
            capacity: None,
        },
        client_time: now,
        not_after: now.plus(Millis::HOUR),
        basis: None,
        expected_leaf: None,
        payload: Payload::Founding(Box::new(founded)),
    };
    Ok(Founding {
        action,
        keys,
        contents,
    })
}
