//! What `govledger found` founds: the bodies, the first officers and what they may do.

use clap::ValueEnum;
use governance::{
    action::{
        BodyEstablished, Grant, LedgerFounded, OfficeAssumed, OfficeObtained, PersonEnrolled,
    },
    calendar::{Date, UtcOffsets},
    charter::{BodyKind, Charter, Right},
    ids::{BodyId, InvalidId, OfficeId, PersonId, PublicKey, RoleId},
    presets::charters::{self, CommunityBodies},
};

/// The charters a ledger can be founded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CharterArg {
    /// A residents' community in China: meetings, committees and the owners' assembly
    Residents,
    /// A council: one body, called council, that votes by name
    Council,
}

impl CharterArg {
    /// Local time unless told otherwise, in minutes east of UTC: China's for its communities.
    pub(crate) fn utc_offset_default(self) -> i32 {
        match self {
            Self::Residents => 8 * 60,
            Self::Council => 0,
        }
    }
}

/// What the founder decides.
#[derive(Clone, Debug)]
pub(crate) struct Founding {
    /// The community's name.
    pub(crate) name: String,
    /// The checkpoints' origin.
    pub(crate) origin: String,
    /// Which charter.
    pub(crate) charter: CharterArg,
    /// Local time.
    pub(crate) utc_offsets: UtcOffsets,
    /// The first day, in local time.
    pub(crate) today: Date,
    /// The founder's key: the clerk's.
    pub(crate) clerk: PublicKey,
    /// The attester's key: the teller's.
    pub(crate) teller: Option<PublicKey>,
    /// The ledger's own keys.
    pub(crate) record_key: PublicKey,
    /// The ledger's own keys.
    pub(crate) checkpoint_key: PublicKey,
}

/// The bodies of a charter, and where its first officers sit.
struct Shape {
    charter: Charter,
    bodies: Vec<BodyEstablished>,
    clerk_in: BodyId,
    teller_in: BodyId,
}

/// Who founds: the person the first key belongs to.
pub(crate) fn founder() -> Result<PersonId, InvalidId> {
    PersonId::new("clerk")
}

/// The founding payload.
pub(crate) fn founded(founding: Founding) -> Result<LedgerFounded, InvalidId> {
    let shape = match founding.charter {
        CharterArg::Residents => residents(&founding.name)?,
        CharterArg::Council => council(&founding.name)?,
    };
    let mut people = vec![person("clerk", founding.clerk)?];
    let mut offices = vec![office("clerk", &shape.clerk_in, founding.today)?];
    let clerk_may = [Right::Register, Right::Convene, Right::Table];
    let mut rights = grants("clerk", &shape.clerk_in, &clerk_may)?;
    if let Some(key) = founding.teller {
        people.push(person("teller", key)?);
        offices.push(office("teller", &shape.teller_in, founding.today)?);
        let teller_may = [Right::Tell, Right::Supervise];
        rights.extend(grants("teller", &shape.teller_in, &teller_may)?);
    }
    Ok(LedgerFounded {
        name: founding.name,
        origin: founding.origin,
        record_key: founding.record_key,
        checkpoint_key: founding.checkpoint_key,
        utc_offsets: founding.utc_offsets,
        rules_version: 1,
        charter: shape.charter,
        bodies: shape.bodies,
        rights,
        people,
        offices,
        demo: false,
    })
}

fn council(name: &str) -> Result<Shape, InvalidId> {
    let council = BodyId::new("council")?;
    Ok(Shape {
        charter: charters::council(&format!("Charter of {name}"), &council)?,
        bodies: vec![body(&council, BodyKind::Council, name)],
        clerk_in: council.clone(),
        teller_in: council,
    })
}

/// The clerk sits in the residents' committee, the teller in the supervision committee: nobody of the
/// one may sit in the other (组织法 36).
fn residents(name: &str) -> Result<Shape, InvalidId> {
    let ids = CommunityBodies {
        residents_meeting: BodyId::new("residents-meeting")?,
        representatives_meeting: BodyId::new("representatives-meeting")?,
        residents_committee: BodyId::new("residents-committee")?,
        supervision_committee: BodyId::new("supervision-committee")?,
        owners_assembly: BodyId::new("owners-assembly")?,
        owners_committee: BodyId::new("owners-committee")?,
    };
    let bodies = [
        (
            &ids.residents_meeting,
            BodyKind::ResidentsMeeting,
            "居民会议 Residents' meeting",
        ),
        (
            &ids.representatives_meeting,
            BodyKind::RepresentativesMeeting,
            "居民代表会议 Residents' representatives' meeting",
        ),
        (
            &ids.residents_committee,
            BodyKind::ResidentsCommittee,
            "居民委员会 Residents' committee",
        ),
        (
            &ids.supervision_committee,
            BodyKind::SupervisionCommittee,
            "居务监督委员会 Supervision committee",
        ),
        (
            &ids.owners_assembly,
            BodyKind::OwnersAssembly,
            "业主大会 Owners' assembly",
        ),
        (
            &ids.owners_committee,
            BodyKind::OwnersCommittee,
            "业主委员会 Owners' committee",
        ),
    ];
    Ok(Shape {
        charter: charters::community(&format!("{name}章程"), &ids)?,
        bodies: bodies.map(|(id, kind, name)| body(id, kind, name)).to_vec(),
        clerk_in: ids.residents_committee.clone(),
        teller_in: ids.supervision_committee.clone(),
    })
}

fn body(id: &BodyId, kind: BodyKind, name: &str) -> BodyEstablished {
    BodyEstablished {
        body: id.clone(),
        kind,
        name: name.to_owned(),
    }
}

fn person(id: &str, key: PublicKey) -> Result<PersonEnrolled, InvalidId> {
    Ok(PersonEnrolled {
        person: PersonId::new(id)?,
        keys: vec![key],
        name: None,
    })
}

/// Person, office and role have one name.
fn office(name: &str, body: &BodyId, today: Date) -> Result<OfficeAssumed, InvalidId> {
    Ok(OfficeAssumed {
        office: OfficeId::new(name)?,
        body: body.clone(),
        person: PersonId::new(name)?,
        role: RoleId::new(name)?,
        term_from: today,
        term_to: None,
        obtained: OfficeObtained::Founding,
        decision: None,
    })
}

/// Rights over every body and the ledger itself.
fn grants(role: &str, body: &BodyId, rights: &[Right]) -> Result<Vec<Grant>, InvalidId> {
    let role = RoleId::new(role)?;
    let grant = |right: &Right| Grant {
        body: body.clone(),
        role: Some(role.clone()),
        right: *right,
        over: None,
        decision: None,
    };
    Ok(rights.iter().map(grant).collect())
}

#[cfg(test)]
mod tests {
    use governance::{
        Candidate,
        action::{Action, Actor, Payload},
        found,
        ids::{ActionId, Leaf, LedgerId, Millis},
    };

    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn founding(charter: CharterArg, teller: Option<PublicKey>) -> Founding {
        let utc_offsets = UtcOffsets::fixed(charter.utc_offset_default()).unwrap();
        Founding {
            name: "鑫源里".to_owned(),
            origin: "localhost/xinyuanli".to_owned(),
            charter,
            today: utc_offsets.date_of(NOW),
            utc_offsets,
            clerk: PublicKey([1; 32]),
            teller,
            record_key: PublicKey([2; 32]),
            checkpoint_key: PublicKey([3; 32]),
        }
    }

    fn action(payload: LedgerFounded) -> Action {
        Action {
            ledger: LedgerId::new("xinyuanli").unwrap(),
            genesis: Leaf::ZERO,
            id: ActionId::v7(NOW, [0; 10]),
            actor: Actor::Person {
                person: founder().unwrap(),
                capacity: None,
            },
            client_time: NOW,
            not_after: NOW.plus(60_000),
            basis: None,
            expected_leaf: None,
            payload: Payload::Founding(Box::new(payload)),
        }
    }

    #[test]
    fn each_charter_is_one_the_rules_admit() {
        for charter in [CharterArg::Residents, CharterArg::Council] {
            for teller in [None, Some(PublicKey([4; 32]))] {
                let action = action(founded(founding(charter, teller)).unwrap());
                let mut signers = vec![PublicKey([1; 32]), PublicKey([2; 32]), PublicKey([3; 32])];
                signers.extend(teller);
                let candidate = Candidate {
                    action: &action,
                    signers: &signers,
                    recorded_at: NOW,
                };
                let state = found(&candidate, Leaf([9; 32]));
                assert!(state.is_ok(), "{charter:?} {teller:?}: {state:?}");
                let bytes = proto::encode_action(&action);
                assert_eq!(proto::decode_action(&bytes), Ok(action));
            }
        }
    }
}
