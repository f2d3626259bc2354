//! Given, when, then: a ledger for tests, in the domain's words.
//!
//! Keys and leaves are made from names and numbers, so that every run is the same. The world does what
//! the shell does: it records what falls due before anything else, signs with the keys an action
//! calls for, and counts entries. A test says what differs.
//!
//! ```
//! use governance::testing::{FOR, World, by};
//!
//! World::community()
//!     .given(by("registrar").clerk().publishes_roll("roll", "assembly", &[("anna", 9_000)]))
//!     .given(by("chair").chair().tables("motion", "assembly", "simple"))
//!     .given(by("chair").chair().opens("motion", "roll", 60_000))
//!     .when(by("anna").member("assembly").votes("motion", FOR))
//!     .then_ok()
//!     .when(by("chair").member("assembly").votes("motion", FOR))
//!     .then_err("NOT_ON_ROLL");
//! ```

mod affairs;
mod community;
mod consultations;
mod deeds;
mod discipline;
mod effects;
mod hidden;

pub use affairs::complaint;
pub use community::{community, community_rules, council, with_representatives};
pub use deeds::{Deed, Doer, by, content};
pub use discipline::{recalled, replaced, sanctioned};
pub use effects::{
    amended, charter_amended, delegated, listed, power_holder, power_terms, revoked,
};

pub use hidden::{ballot_opening, nonce};

use sha2::{Digest as _, Sha256};

use crate::{
    action::{
        Action, Actor, Choice, DeliberationAction, LedgerFounded, MotionDecided, Payload, Stance,
    },
    authority::{RequiredSigner, required_signers},
    decide::{Candidate, EntryRef, decide},
    derive::derive,
    evolve::evolve,
    founding::found,
    ids::{ActionId, Leaf, Millis, MotionId, PublicKey},
    rejection::Rejection,
    state::State,
};

/// A vote for.
pub const FOR: Choice = Choice::Stance(Stance::For);
/// A vote against.
pub const AGAINST: Choice = Choice::Stance(Stance::Against);
/// A vote for neither.
pub const ABSTAIN: Choice = Choice::Stance(Stance::Abstain);

/// When a community of these tests is founded: 2026-03-02 00:00 in its UTC+8.
pub const FOUNDED_AT: Millis = Millis(1_772_380_800_000);

/// How long after one entry the next is recorded, unless said otherwise: one second.
const STEP_MS: u64 = 1_000;

/// The key of that name: `anna` signs with `key("anna")`.
pub fn key(name: &str) -> PublicKey {
    PublicKey(Sha256::digest(format!("key of {name}")).into())
}

/// The leaf hash of the entry with that index. Real ones depend on the entry's bytes; the rules only
/// compare them.
pub fn leaf(index: u64) -> Leaf {
    Leaf(Sha256::digest(format!("leaf of {index}")).into())
}

/// An action with the keys that signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What is done.
    pub action: Action,
    /// Who signed, in order.
    pub signers: Vec<PublicKey>,
}

/// An entry of the world's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The action.
    pub action: Action,
    /// Who signed it.
    pub signers: Vec<PublicKey>,
    /// Where it stands.
    pub at: EntryRef,
}

/// A ledger with its log.
#[derive(Clone, Debug)]
pub struct World {
    state: State,
    log: Vec<Recorded>,
    now: Millis,
    /// Actions made so far: each gets an id of its own.
    made: u64,
}

/// An action about to be tried.
#[derive(Debug)]
#[must_use = "say what then"]
pub struct When {
    world: World,
    deed: Deed,
}

impl World {
    /// The [`community`] these tests play in.
    pub fn community() -> Self {
        Self::founded(community())
    }

    /// A ledger founded so by its person `registrar`.
    ///
    /// # Panics
    /// Where the founding is refused.
    pub fn founded(founding: LedgerFounded) -> Self {
        let signed = Self::founding(founding);
        match Self::try_found(&signed, FOUNDED_AT) {
            Ok(world) => world,
            Err(rejection) => panic!("the founding is refused: {rejection}"),
        }
    }

    /// The founding action, signed as it must be.
    pub fn founding(founding: LedgerFounded) -> Signed {
        let action = Action {
            ledger: "test".parse().expect("an id"),
            genesis: Leaf::ZERO,
            id: ActionId::v7(FOUNDED_AT, [0; 10]),
            actor: Actor::Person {
                person: "registrar".parse().expect("an id"),
                capacity: None,
            },
            client_time: FOUNDED_AT,
            not_after: FOUNDED_AT.plus(Millis::HOUR),
            basis: None,
            expected_leaf: None,
            payload: Payload::Founding(Box::new(founding)),
        };
        let signers = keys_for(&action);
        Signed { action, signers }
    }

    /// The world after this founding, if it is admitted.
    pub fn try_found(signed: &Signed, recorded_at: Millis) -> Result<Self, Rejection> {
        let candidate = Candidate {
            action: &signed.action,
            signers: &signed.signers,
            recorded_at,
        };
        let at = EntryRef {
            index: 0,
            leaf: leaf(0),
            recorded_at,
        };
        let state = found(&candidate, at.leaf)?;
        let first = Recorded {
            action: signed.action.clone(),
            signers: signed.signers.clone(),
            at,
        };
        Ok(Self {
            state,
            log: vec![first],
            now: recorded_at.plus(STEP_MS),
            made: 1,
        })
    }

    /// What the log amounts to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Every entry, from the founding on.
    pub fn log(&self) -> &[Recorded] {
        &self.log
    }

    /// When the next entry would be recorded.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The next entry is recorded then.
    pub fn at(mut self, now: Millis) -> Self {
        self.now = now;
        self
    }

    /// The next entry is recorded so much later.
    pub fn later(self, ms: u64) -> Self {
        let now = self.now.plus(ms);
        self.at(now)
    }

    /// The next entry is recorded so many times 24 hours later.
    pub fn days_later(self, days: u64) -> Self {
        self.later(days * Millis::DAY)
    }

    /// All of this happened.
    ///
    /// # Panics
    /// Where any of it is refused.
    pub fn given(self, deeds: impl IntoIterator<Item = Deed>) -> Self {
        deeds
            .into_iter()
            .fold(self, |world, deed| world.when(deed).then_ok())
    }

    /// This is tried now. What is due is recorded first.
    pub fn when(self, deed: impl Into<Deed>) -> When {
        When {
            world: self.caught_up(),
            deed: deed.into(),
        }
    }

    /// Everything due by now is recorded.
    pub fn caught_up(mut self) -> Self {
        while let Some(action) = derive(&self.state, self.now) {
            let signers = vec![self.state.record_key()];
            if let Err(rejection) = self.record(&Signed { action, signers }) {
                panic!("what is due is refused: {rejection}");
            }
        }
        self
    }

    /// The decision on a motion, if it is recorded.
    pub fn decision(&self, motion: &str) -> Option<&MotionDecided> {
        let motion: MotionId = motion.parse().expect("an id");
        self.log
            .iter()
            .find_map(|entry| match &entry.action.payload {
                Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                    if decided.motion == motion =>
                {
                    Some(decided)
                }
                _ => None,
            })
    }

    /// The leaf of the last entry.
    pub fn last_leaf(&self) -> Leaf {
        self.state.last_leaf()
    }

    /// An action as its actor would sign it now, with the keys it calls for.
    pub fn signed(&mut self, deed: Deed) -> Signed {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.made.to_be_bytes());
        self.made += 1;
        let mut action = Action {
            ledger: self.state.ledger().clone(),
            genesis: self.state.genesis(),
            id: ActionId::v7(self.now, random),
            actor: deed.actor,
            client_time: self.now,
            not_after: self.now.plus(Millis::HOUR),
            basis: None,
            expected_leaf: None,
            payload: deed.payload,
        };
        self.name_opening(&mut action);
        for change in deed.changes {
            change(&mut action);
        }
        let signers = deed.signers.unwrap_or_else(|| keys_for(&action));
        Signed { action, signers }
    }

    /// Ballots and proxies name the entry that opened the vote; tests leave it zero.
    fn name_opening(&self, action: &mut Action) {
        let Payload::Deliberation(deliberation) = &mut action.payload else {
            return;
        };
        let motion = self.state.motion(deliberation.motion());
        let Some(opened) = motion.and_then(crate::Motion::voting_opened) else {
            return;
        };
        match deliberation {
            DeliberationAction::BallotCast(ballot) => ballot.voting_opened = opened,
            DeliberationAction::ProxyGranted { voting_opened, .. } => *voting_opened = opened,
            _ => {}
        }
    }

    /// Whether this may be recorded now, as it stands, even where something is due first.
    pub fn decide(&self, signed: &Signed) -> Result<(), Rejection> {
        let candidate = Candidate {
            action: &signed.action,
            signers: &signed.signers,
            recorded_at: self.now,
        };
        decide(&self.state, &candidate)
    }

    /// Records it now, if it may be.
    pub fn record(&mut self, signed: &Signed) -> Result<EntryRef, Rejection> {
        self.decide(signed)?;
        let at = EntryRef {
            index: self.state.size(),
            leaf: leaf(self.state.size()),
            recorded_at: self.now,
        };
        evolve(&mut self.state, &signed.action, at);
        self.log.push(Recorded {
            action: signed.action.clone(),
            signers: signed.signers.clone(),
            at,
        });
        Ok(at)
    }
}

impl When {
    /// It is admitted and recorded; the world goes on a second later.
    ///
    /// # Panics
    /// Where it is refused.
    pub fn then_ok(mut self) -> World {
        let signed = self.world.signed(self.deed);
        if let Err(rejection) = self.world.record(&signed) {
            panic!(
                "{} is refused: {}: {rejection}",
                signed.action.payload.family(),
                rejection.code()
            );
        }
        self.world.later(STEP_MS)
    }

    /// It is refused for this reason, and nothing changes.
    ///
    /// # Panics
    /// Where it is admitted, or refused for another reason.
    pub fn then_err(self, code: &str) -> World {
        self.then_rejected(|rejection| {
            assert_eq!(rejection.code(), code, "the reason given: {rejection}");
        })
    }

    /// It is refused; the reason is for the test to look at.
    ///
    /// # Panics
    /// Where it is admitted.
    pub fn then_rejected(mut self, look: impl FnOnce(&Rejection)) -> World {
        let signed = self.world.signed(self.deed);
        let family = signed.action.payload.family();
        match self.world.decide(&signed) {
            Ok(()) => panic!("{family} is admitted"),
            Err(rejection) => look(&rejection),
        }
        self.world
    }
}

/// The keys an action calls for, each person signing with the key of their name.
pub fn keys_for(action: &Action) -> Vec<PublicKey> {
    let signs = |who| match who {
        RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => key(person.as_str()),
        RequiredSigner::Key(key) => key,
        RequiredSigner::RecordKey => key("record"),
    };
    required_signers(action).into_iter().map(signs).collect()
}
