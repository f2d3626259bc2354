//! What `govledger found` founds: the bodies, the first officers and what they may do.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use governance::{
    action::{
        BodyEstablished, Grant, LedgerFounded, OfficeAssumed, OfficeObtained, PersonEnrolled,
    },
    calendar::{Date, UtcOffsets},
    charter::{BodyKind, Charter, Right},
    ids::{BodyId, InvalidId, OfficeId, PersonId, PublicKey, RoleId},
    presets::charters::{self, CommunityBodies},
};

use super::{charter, failure::Failure};

/// The charters a ledger can be founded with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CharterArg {
    /// A residents' community in China: meetings, committees and the owners' assembly
    Residents,
    /// A council: one body, called council, that votes by name
    Council,
    /// What a file says.
    File(PathBuf),
}

impl FromStr for CharterArg {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "residents" => Self::Residents,
            "council" => Self::Council,
            path => Self::File(path.into()),
        })
    }
}

impl CharterArg {
    /// The bodies and the charter of a community of that name.
    pub(crate) fn shape(&self, name: &str) -> Result<Shape, Failure> {
        let made = match self {
            Self::Residents => residents(name),
            Self::Council => council(name),
            Self::File(path) => return Ok(charter::read(path)?.into()),
        };
        made.map_err(|error| Failure::usage(error.to_string()))
    }
}

impl From<charter::CharterFile> for Shape {
    fn from(file: charter::CharterFile) -> Self {
        Self {
            charter: file.charter,
            bodies: file.bodies,
            clerk_in: file.clerk_in,
            teller_in: file.teller_in,
            utc_offset: file.utc_offset,
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
    /// The charter, and the bodies.
    pub(crate) shape: Shape,
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
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    charter: Charter,
    bodies: Vec<BodyEstablished>,
    clerk_in: BodyId,
    teller_in: BodyId,
    /// Local time unless told otherwise, in minutes east of UTC.
    pub(crate) utc_offset: i32,
}

/// Who founds: the person the first key belongs to.
pub(crate) fn founder() -> Result<PersonId, InvalidId> {
    PersonId::new("clerk")
}

/// The founding payload.
pub(crate) fn founded(founding: Founding) -> Result<LedgerFounded, InvalidId> {
    let shape = founding.shape;
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
        utc_offset: 0,
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
        street_office: BodyId::new("street-office")?,
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
        (
            &ids.street_office,
            BodyKind::StreetOffice,
            "街道办事处 Street office",
        ),
    ];
    Ok(Shape {
        charter: charters::community(&format!("{name}章程"), &ids)?,
        bodies: bodies.map(|(id, kind, name)| body(id, kind, name)).to_vec(),
        clerk_in: ids.residents_committee.clone(),
        teller_in: ids.supervision_committee.clone(),
        utc_offset: 8 * 60,
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
        succeeds: None,
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
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
pub(super) mod tests {
    use governance::{
        Candidate,
        action::{Action, Actor, Payload},
        found,
        ids::{ActionId, Leaf, LedgerId, Millis},
    };

    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn founding(shape: Shape, teller: Option<PublicKey>) -> Founding {
        let utc_offsets = UtcOffsets::fixed(shape.utc_offset).unwrap();
        Founding {
            name: "鑫源里".to_owned(),
            origin: "localhost/xinyuanli".to_owned(),
            shape,
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

    /// The rules found a ledger of this shape, with and without a teller.
    pub(in super::super) fn assert_admitted(shape: &Shape, name: &str) {
        for teller in [None, Some(PublicKey([4; 32]))] {
            let action = action(founded(founding(shape.clone(), teller)).unwrap());
            let mut signers = vec![PublicKey([1; 32]), PublicKey([2; 32]), PublicKey([3; 32])];
            signers.extend(teller);
            let candidate = Candidate {
                action: &action,
                signers: &signers,
                recorded_at: NOW,
            };
            let state = found(&candidate, Leaf([9; 32]));
            assert!(state.is_ok(), "{name} {teller:?}: {state:?}");
            let bytes = proto::encode_action(&action);
            assert_eq!(proto::decode_action(&bytes), Ok(action));
        }
    }

    #[test]
    fn each_charter_is_one_the_rules_admit() {
        for charter in [CharterArg::Residents, CharterArg::Council] {
            let shape = charter.shape("鑫源里").unwrap();
            assert_admitted(&shape, &format!("{charter:?}"));
        }
    }
}
