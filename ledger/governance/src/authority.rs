//! Who may do what: signatures, capacities and rights.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    action::{
        Action, Actor, AffairsAction, Attestor, BodiesAction, Capacity, DeliberationAction,
        DisciplineAction, Grant, LedgerFounded, Payload, PeopleAction, ReportAction,
    },
    calendar::Date,
    charter::Right,
    decide::Candidate,
    ids::{BodyId, Millis, PersonId, PublicKey, RoleId},
    rejection::{Incapacity, Rejection, Rights},
    state::State,
};

/// Whose signature an action calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequiredSigner {
    /// The actor, with any key of theirs that is good.
    Actor(PersonId),
    /// A second officer, with any key of theirs that is good.
    Attestor(PersonId),
    /// This very key: it is enrolled, given up, or named by the founding.
    Key(PublicKey),
    /// The ledger's record key.
    RecordKey,
}

impl RequiredSigner {
    const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Actor(person) | Self::Attestor(person) => Some(person),
            Self::Key(_) | Self::RecordKey => None,
        }
    }
}

impl fmt::Display for RequiredSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor(person) => write!(f, "the actor {person}"),
            Self::Attestor(person) => write!(f, "the second officer {person}"),
            Self::Key(key) => write!(f, "key {key}"),
            Self::RecordKey => f.write_str("the ledger's record key"),
        }
    }
}

/// The signatures the payload calls for, in order. In a founding the actor is taken to sign with the
/// first of their keys that it enrols.
pub fn required_signers(action: &Action) -> Vec<RequiredSigner> {
    let Some(person) = action.actor.person() else {
        return vec![RequiredSigner::RecordKey];
    };
    let mut signers = vec![RequiredSigner::Actor(person.clone())];
    match &action.payload {
        Payload::Founding(founding) => {
            let first = founding.keys_of(person).next();
            signers.extend(founding_keys(founding, first).map(RequiredSigner::Key));
        }
        Payload::People(PeopleAction::PersonEnrolled(enrolled)) => {
            signers.extend(enrolled.keys.iter().copied().map(RequiredSigner::Key));
        }
        Payload::People(PeopleAction::KeyAdded { key }) => signers.push(RequiredSigner::Key(*key)),
        Payload::People(PeopleAction::KeyRotated { old_key, new_key }) => {
            signers = [*old_key, *new_key].map(RequiredSigner::Key).to_vec();
        }
        Payload::People(PeopleAction::KeyReplaced {
            second, new_key, ..
        }) => {
            signers.push(RequiredSigner::Attestor(second.person.clone()));
            signers.push(RequiredSigner::Key(*new_key));
        }
        Payload::People(PeopleAction::LedgerKeyRotated { old_key, new_key }) => {
            signers.extend([*old_key, *new_key].map(RequiredSigner::Key));
        }
        Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => {
            let second = assumed.elsewhere.as_ref().map(|held| &held.second.person);
            signers.extend(second.cloned().map(RequiredSigner::Attestor));
        }
        Payload::Bodies(BodiesAction::HandoverCompleted(completed)) => {
            signers.push(RequiredSigner::Attestor(completed.second.person.clone()));
        }
        Payload::Bodies(BodiesAction::HeadAudited(audited)) => {
            signers.push(RequiredSigner::Attestor(audited.second.person.clone()));
        }
        Payload::Discipline(DisciplineAction::MeasureImported(imported)) => {
            signers.push(RequiredSigner::Attestor(imported.second.person.clone()));
        }
        Payload::Deliberation(DeliberationAction::PaperBallotsRecorded(papers)) => {
            signers.push(RequiredSigner::Attestor(papers.second.person.clone()));
        }
        Payload::Deliberation(DeliberationAction::RollCallRecorded(roll_call)) => {
            signers.push(RequiredSigner::Attestor(roll_call.second.person.clone()));
        }
        Payload::Affairs(AffairsAction::RecordImported(imported)) => {
            signers.push(RequiredSigner::Attestor(imported.second.person.clone()));
        }
        Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
            signers.push(RequiredSigner::Attestor(overturned.second.person.clone()));
        }
        Payload::Correction(corrected) => {
            signers.push(RequiredSigner::Attestor(corrected.second.person.clone()));
        }
        Payload::Reports(ReportAction::ReportAssessed(assessed)) => {
            signers.push(RequiredSigner::Attestor(assessed.second.person.clone()));
        }
        Payload::People(_)
        | Payload::Bodies(_)
        | Payload::Meetings(_)
        | Payload::Deliberation(_)
        | Payload::Power(_)
        | Payload::Reports(_)
        | Payload::Issues(_)
        | Payload::Discipline(_)
        | Payload::Affairs(_) => {}
    }
    signers
}

/// The keys that sign a founding after the founder's: record, checkpoint, every other enrolled one.
pub(crate) fn founding_keys(
    founding: &LedgerFounded,
    founder_key: Option<PublicKey>,
) -> impl Iterator<Item = PublicKey> {
    let enrolled = founding.people.iter().flat_map(|person| &person.keys);
    [founding.record_key, founding.checkpoint_key]
        .into_iter()
        .chain(enrolled.copied())
        .filter(move |key| Some(*key) != founder_key)
}

impl LedgerFounded {
    pub(crate) fn keys_of(&self, person: &PersonId) -> impl Iterator<Item = PublicKey> {
        let people = self.people.iter().filter(move |p| p.person == *person);
        people.flat_map(|p| p.keys.iter().copied())
    }
}

impl Actor {
    /// The person who acts; `None`: the ledger itself.
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person { person, .. } => Some(person),
            Self::Ledger => None,
        }
    }

    pub(crate) const fn capacity(&self) -> Option<&Capacity> {
        match self {
            Self::Person { capacity, .. } => capacity.as_ref(),
            Self::Ledger => None,
        }
    }
}

/// Every signature called for is there, in order, and no other.
pub(crate) fn check_signatures(
    state: &State,
    action: &Action,
    signers: &[PublicKey],
) -> Result<(), Rejection> {
    let required = required_signers(action);
    for (position, who) in required.iter().enumerate() {
        let Some(key) = signers.get(position) else {
            return Err(Rejection::MissingSignature { who: who.clone() });
        };
        let checked = match who {
            RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => {
                state.check_live_key(key, person)
            }
            RequiredSigner::Key(expected) => is_key(*key, *expected, who),
            RequiredSigner::RecordKey => is_key(*key, state.record_key(), who),
        };
        checked.map_err(|wrong| sharpen(wrong, state, &required, signers, position))?;
    }
    match signers.get(required.len()) {
        Some(key) => Err(Rejection::SurplusSignature { key: *key }),
        None => Ok(()),
    }
}

fn is_key(key: PublicKey, expected: PublicKey, who: &RequiredSigner) -> Result<(), Rejection> {
    if key == expected {
        Ok(())
    } else {
        Err(Rejection::MissingSignature { who: who.clone() })
    }
}

/// Where a wrong key stands in one signer's place but is called for elsewhere, the order is wrong or
/// the one before it is missing: say that instead.
fn sharpen(
    wrong: Rejection,
    state: &State,
    required: &[RequiredSigner],
    signers: &[PublicKey],
    position: usize,
) -> Rejection {
    let key = signers[position];
    let owner = state.keys.get(&key).map(|record| &record.person);
    let called_for = |who: &RequiredSigner| match who {
        RequiredSigner::Key(expected) => *expected == key,
        RequiredSigner::RecordKey => state.record_key() == key,
        RequiredSigner::Actor(_) | RequiredSigner::Attestor(_) => {
            owner.is_some() && owner == who.person()
        }
    };
    let elsewhere = required
        .iter()
        .enumerate()
        .any(|(at, who)| at != position && called_for(who));
    let who = required[position].clone();
    if !elsewhere {
        wrong
    } else if signers.len() < required.len() {
        Rejection::MissingSignature { who }
    } else {
        Rejection::WrongSignatureOrder {
            // At most 16 signatures.
            position: u32::try_from(position).unwrap_or(u32::MAX),
            who,
        }
    }
}

impl State {
    /// The key is good, and this person's.
    pub(crate) fn check_live_key(
        &self,
        key: &PublicKey,
        person: &PersonId,
    ) -> Result<(), Rejection> {
        let Some(record) = self.keys.get(key) else {
            return Err(Rejection::KeyUnknown { key: *key });
        };
        if record.person != *person {
            return Err(Rejection::KeyOfAnother {
                key: *key,
                owner: record.person.clone(),
                person: person.clone(),
            });
        }
        match record.revoked {
            None => Ok(()),
            Some(index) => Err(Rejection::KeyRevoked { key: *key, index }),
        }
    }
}

/// What a right is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Over {
    /// Every body and the ledger itself.
    Ledger,
    /// One body.
    Body(BodyId),
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ledger => f.write_str("the whole ledger"),
            Self::Body(body) => body.fmt(f),
        }
    }
}

/// A right as it is held: a grant without the decision that gave it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct GrantKey {
    pub(crate) right: Right,
    pub(crate) over: Over,
    pub(crate) body: BodyId,
    pub(crate) role: Option<RoleId>,
}

impl GrantKey {
    pub(crate) fn of(grant: &Grant) -> Self {
        Self {
            right: grant.right,
            over: grant.over.clone().map_or(Over::Ledger, Over::Body),
            body: grant.body.clone(),
            role: grant.role.clone(),
        }
    }
}

/// As what a person acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing<'a> {
    /// For oneself.
    Oneself,
    /// As a member on the body's roll.
    Member(&'a BodyId),
    /// In an office held today.
    Officer { body: &'a BodyId, role: &'a RoleId },
}

impl<'a> Standing<'a> {
    pub(crate) const fn body(self) -> Option<&'a BodyId> {
        match self {
            Self::Oneself => None,
            Self::Member(body) | Self::Officer { body, .. } => Some(body),
        }
    }
}

/// One person's act, with what is known of the actor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act<'a> {
    pub(crate) state: &'a State,
    pub(crate) action: &'a Action,
    pub(crate) person: &'a PersonId,
    pub(crate) standing: Standing<'a>,
    pub(crate) recorded_at: Millis,
    /// The local day of `recorded_at`.
    pub(crate) today: Date,
}

impl<'a> Act<'a> {
    /// The actor is known; their capacity is not looked at yet.
    pub(crate) fn of(
        state: &'a State,
        candidate: &Candidate<'a>,
        person: &'a PersonId,
    ) -> Result<Self, Rejection> {
        if !state.people.contains_key(person) {
            return Err(Rejection::PersonUnknown {
                person: person.clone(),
            });
        }
        Ok(Self {
            state,
            action: candidate.action,
            person,
            standing: Standing::Oneself,
            recorded_at: candidate.recorded_at,
            today: state.utc_offsets.date_of(candidate.recorded_at),
        })
    }

    /// The actor is what they say they are.
    pub(crate) fn in_capacity(self, capacity: Option<&'a Capacity>) -> Result<Self, Rejection> {
        let Some(capacity) = capacity else {
            return Ok(self);
        };
        let standing = self.standing_of(self.person, capacity)?;
        // A vote is taken among those on the motion's own roll, which the family looks at.
        let votes =
            matches!(&self.action.payload, Payload::Deliberation(action) if action.is_by_voter());
        if let (Standing::Member(body), false) = (standing, votes) {
            self.check_member(body)?;
        }
        Ok(Self { standing, ..self })
    }

    fn standing_of(
        &self,
        person: &PersonId,
        capacity: &'a Capacity,
    ) -> Result<Standing<'a>, Rejection> {
        let body = &capacity.body;
        self.state.body(body)?;
        let Some(id) = &capacity.office else {
            return Ok(Standing::Member(body));
        };
        let refuse = |why| {
            Err(Rejection::NotInCapacity {
                person: person.clone(),
                body: body.clone(),
                why,
            })
        };
        let Some(office) = self.state.offices.get(id) else {
            return refuse(Incapacity::NoSuchOffice(id.clone()));
        };
        match office.why_not(id, body, person, self.today) {
            Some(why) => refuse(why),
            None => Ok(Standing::Officer {
                body,
                role: &office.role,
            }),
        }
    }

    /// The actor is a voter or co-owner on the body's roll of today.
    pub(crate) fn check_member(&self, body: &BodyId) -> Result<(), Rejection> {
        let why = match self.state.roll_in_force(body, self.today) {
            None => Incapacity::NoRoll(self.today),
            Some(roll) if roll.weight_of(self.person).is_some() => return Ok(()),
            Some(roll) if roll.is_co_owner(self.person) => return Ok(()),
            Some(roll) => Incapacity::NotOnRoll(roll.id().clone()),
        };
        Err(Rejection::NotInCapacity {
            person: self.person.clone(),
            body: body.clone(),
            why,
        })
    }

    /// The body the actor acts for.
    pub(crate) fn body(&self) -> Result<&'a BodyId, Rejection> {
        self.standing
            .body()
            .ok_or_else(|| Rejection::CapacityMissing {
                person: self.person.clone(),
            })
    }

    /// The actor acts for this body.
    pub(crate) fn acts_for(&self, body: &BodyId) -> Result<(), Rejection> {
        let own = self.body()?;
        if own == body {
            return Ok(());
        }
        Err(Rejection::NotInCapacity {
            person: self.person.clone(),
            body: own.clone(),
            why: Incapacity::AnotherBody(body.clone()),
        })
    }

    /// The actor's capacity carries the right over one body.
    pub(crate) fn may(&self, right: Right, over: &BodyId) -> Result<(), Rejection> {
        self.require(self.standing, right, &Over::Body(over.clone()))
    }

    /// The actor's capacity carries the right over the whole ledger.
    pub(crate) fn may_ledger_wide(&self, right: Right) -> Result<(), Rejection> {
        self.require(self.standing, right, &Over::Ledger)
    }

    fn require(&self, standing: Standing<'_>, right: Right, over: &Over) -> Result<(), Rejection> {
        let holder = standing.body().ok_or_else(|| Rejection::CapacityMissing {
            person: self.person.clone(),
        })?;
        if self.state.carries(standing, right, over) {
            return Ok(());
        }
        Err(Rejection::NoRight {
            right,
            holder: holder.clone(),
            over: over.clone(),
        })
    }

    /// A second officer is another person, in a capacity that carries one of these rights and does not come
    /// from the actor.
    pub(crate) fn check_attestor(
        &self,
        second: &'a Attestor,
        rights: &[Right],
        over: &Over,
    ) -> Result<(), Rejection> {
        if second.person == *self.person {
            return Err(Rejection::AttestorIsActor {
                person: second.person.clone(),
            });
        }
        let standing = self.standing_of(&second.person, &second.capacity)?;
        let carries = |right: &Right| self.state.carries(standing, *right, over);
        if !rights.iter().any(carries) {
            return Err(Rejection::AttestorWithoutRight {
                person: second.person.clone(),
                rights: Rights(rights.to_vec()),
                over: over.clone(),
            });
        }
        self.check_independent(second)
    }

    /// Whoever attests a fact between two is another officer, in any office held today.
    pub(crate) fn check_witness(&self, second: &'a Attestor) -> Result<(), Rejection> {
        if second.person == *self.person {
            return Err(Rejection::AttestorIsActor {
                person: second.person.clone(),
            });
        }
        match self.standing_of(&second.person, &second.capacity)? {
            Standing::Officer { .. } => Ok(()),
            Standing::Member(_) | Standing::Oneself => Err(Rejection::NotInCapacity {
                person: second.person.clone(),
                body: second.capacity.body.clone(),
                why: Incapacity::NoOfficeNamed,
            }),
        }
    }

    /// Neither of the two gave the other the office they sign in: else one registrar could be both.
    fn check_independent(&self, second: &Attestor) -> Result<(), Rejection> {
        let seated_by = |capacity: &Capacity| {
            let office = self.state.offices.get(capacity.office.as_ref()?)?;
            office.seated_by.as_ref()
        };
        let own = self.action.actor.capacity();
        let by_actor = seated_by(&second.capacity) == Some(self.person);
        let by_attestor = own.and_then(seated_by) == Some(&second.person);
        if !by_actor && !by_attestor {
            return Ok(());
        }
        Err(Rejection::AttestorDependent {
            actor: self.person.clone(),
            attestor: second.person.clone(),
        })
    }
}

impl State {
    /// Whether a standing carries a right: it is granted to the body or to the role in it, over the
    /// whole ledger or over just this.
    fn carries(&self, standing: Standing<'_>, right: Right, over: &Over) -> bool {
        let Standing::Officer { body, role } = standing else {
            return false;
        };
        let granted = |role: Option<&RoleId>, over: &Over| {
            self.grants.contains(&GrantKey {
                right,
                over: over.clone(),
                body: body.clone(),
                role: role.cloned(),
            })
        };
        [over, &Over::Ledger]
            .into_iter()
            .any(|over| granted(None, over) || granted(Some(role), over))
    }
}
