//! Writes the history while the test community lives it.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use governance::{
    action::{
        Action, Actor, Ballot, BallotOpening, Choice, DeliberationAction, LedgerFounded, Payload,
        PeopleAction,
    },
    commitment,
    ids::{Digest, Leaf, Millis, PersonId, PublicKey},
    testing::{ABSTAIN, AGAINST, Deed, FOR, FOUNDED_AT, Signed, World, leaf, nonce},
};
use proto::encode_action;
use tlog::signing::sign_action;

use crate::{
    history::{Attempt, History, Verdict},
    replay::Replay,
};

/// The community's world, with its made-up keys and leaf hashes, beside the ledger that is really
/// kept; both must judge alike.
pub(crate) struct Scribe {
    world: World,
    replay: Replay,
    attempts: Vec<Attempt>,
    /// Real leaf hashes by the world's.
    leaves: BTreeMap<Leaf, Leaf>,
    /// How much of the world's log is written.
    written: usize,
}

impl Scribe {
    /// Tries the foundings that are refused, then founds.
    pub(crate) fn founds(
        refused: impl IntoIterator<Item = (&'static str, Signed)>,
        founding: LedgerFounded,
    ) -> Self {
        let mut scribe = Self {
            world: World::founded(founding),
            replay: Replay::default(),
            attempts: Vec::new(),
            leaves: BTreeMap::new(),
            written: 0,
        };
        for (code, signed) in refused {
            let said = World::try_found(&signed, FOUNDED_AT).map_err(|rejection| rejection.code());
            assert_eq!(said.map(|_| ()), Err(code));
            scribe.refused(code, &signed, FOUNDED_AT);
        }
        scribe.write_new_entries();
        scribe
    }

    /// All of this happens, each a second after the other; what is due comes first.
    pub(crate) fn does(&mut self, deeds: impl IntoIterator<Item = Deed>) {
        for deed in deeds {
            self.world = self.world.clone().given(deed);
            self.write_new_entries();
        }
    }

    /// This is tried now and refused. What is due comes first.
    pub(crate) fn fails(&mut self, code: &'static str, deed: Deed) {
        self.catches_up();
        let signed = self.world.signed(deed);
        self.fails_as_signed(code, &signed);
    }

    /// An action signed before is tried now, before anything that is due, and refused.
    pub(crate) fn fails_as_signed(&mut self, code: &'static str, signed: &Signed) {
        let rejection = self.world.decide(signed).expect_err(code);
        assert_eq!(rejection.code(), code, "{rejection}");
        self.refused(code, signed, self.world.now());
    }

    /// The ledger itself tries what is due by then, so changed, and is refused.
    pub(crate) fn fails_as_derived(
        &mut self,
        code: &'static str,
        due_by: Millis,
        change: impl FnOnce(&mut Action),
    ) {
        let mut action = self.replay.due_by(due_by).expect("something is due");
        change(&mut action);
        let record_key = self.world.state().record_key();
        let verdict = self.try_now(&action, &[record_key], self.world.now());
        assert_eq!(verdict, Verdict::Refused { code: code.into() });
    }

    /// The ledger records what hidden ballots said, now.
    pub(crate) fn opens(&mut self, motion: &str, openings: Vec<BallotOpening>) {
        let opened = self.world.clone().opens(motion, openings);
        self.world = opened.expect("the ledger may");
        self.write_new_entries();
    }

    /// The ledger tries to, and is refused.
    pub(crate) fn fails_to_open(
        &mut self,
        code: &'static str,
        motion: &str,
        openings: Vec<BallotOpening>,
    ) {
        self.catches_up();
        let signed = self.world.signed_openings(motion, openings);
        let rejection = self.world.decide(&signed).expect_err(code);
        assert_eq!(rejection.code(), code, "{rejection}");
        let action = self.replay.derived(&signed.action, self.world.now());
        let verdict = self.try_now(&action, &signed.signers, self.world.now());
        assert_eq!(verdict, Verdict::Refused { code: code.into() });
    }

    /// Everything due by now is recorded.
    pub(crate) fn catches_up(&mut self) {
        self.world = self.world.clone().caught_up();
        self.write_new_entries();
    }

    /// An action as its actor would sign it now.
    pub(crate) fn signed(&mut self, deed: Deed) -> Signed {
        self.world.signed(deed)
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn now(&self) -> Millis {
        self.world.now()
    }

    pub(crate) fn at(&mut self, now: Millis) {
        self.world = self.world.clone().at(now);
    }

    pub(crate) fn later(&mut self, ms: u64) {
        self.at(self.now().plus(ms));
    }

    pub(crate) fn history(self) -> History {
        History {
            size: self.replay.size(),
            root: self.replay.root(),
            attempts: self.attempts,
        }
    }

    fn refused(&mut self, code: &'static str, signed: &Signed, at: Millis) {
        let action = self.real(&signed.action);
        let verdict = self.try_now(&action, &signed.signers, at);
        assert_eq!(verdict, Verdict::Refused { code: code.into() });
    }

    fn write_new_entries(&mut self) {
        let new: Vec<_> = self.world.log()[self.written..].to_vec();
        for entry in new {
            let at = entry.at.recorded_at;
            let action = match entry.action.actor {
                Actor::Person { .. } => self.real(&entry.action),
                Actor::Ledger => self.replay.derived(&entry.action, at),
            };
            let verdict = self.try_now(&action, &entry.signers, at);
            let Verdict::Admitted { leaf: real } = verdict else {
                panic!("{verdict:?}");
            };
            self.leaves.insert(leaf(entry.at.index), Leaf(real.0));
            self.written += 1;
        }
    }

    fn try_now(&mut self, action: &Action, signers: &[PublicKey], at: Millis) -> Verdict {
        let bytes = encode_action(action);
        let signatures: Vec<_> = signers
            .iter()
            .map(|key| sign_action(&SigningKey::from_bytes(&key.0), &bytes))
            .collect();
        let verdict = self.replay.judge(at.0, &signatures, &bytes);
        self.attempts.push(Attempt {
            recorded_at: at.0,
            signatures,
            action: bytes,
            verdict: verdict.clone(),
        });
        verdict
    }

    /// The action with real keys and leaf hashes in place of the world's.
    fn real(&self, action: &Action) -> Action {
        let mut action = action.clone();
        action.genesis = self.real_leaf(action.genesis);
        action.expected_leaf = action.expected_leaf.map(|leaf| self.real_leaf(leaf));
        match &mut action.payload {
            Payload::Founding(founding) => {
                founding.record_key = real_key(founding.record_key);
                founding.checkpoint_key = real_key(founding.checkpoint_key);
                let people = founding.people.iter_mut();
                people
                    .flat_map(|person| &mut person.keys)
                    .for_each(make_real);
            }
            Payload::People(PeopleAction::PersonEnrolled(enrolled)) => {
                enrolled.keys.iter_mut().for_each(make_real);
            }
            Payload::People(
                PeopleAction::KeyAdded { key: made }
                | PeopleAction::KeyReplaced { new_key: made, .. }
                | PeopleAction::KeyRevoked { key: made, .. },
            ) => make_real(made),
            Payload::People(
                PeopleAction::KeyRotated { old_key, new_key }
                | PeopleAction::LedgerKeyRotated { old_key, new_key },
            ) => {
                make_real(old_key);
                make_real(new_key);
            }
            Payload::Deliberation(DeliberationAction::BallotCast(ballot)) => {
                let voter = ballot.on_behalf_of.as_ref();
                let voter = voter.or(action.actor.person()).expect("a voter").clone();
                let made_up = (self.world.state().genesis(), ballot.voting_opened);
                ballot.voting_opened = self.real_leaf(ballot.voting_opened);
                if let Ballot::Hidden(sealed) = &mut ballot.ballot {
                    let real = (action.genesis, ballot.voting_opened);
                    *sealed = recommitted(*sealed, made_up, real, &voter);
                }
            }
            Payload::Deliberation(DeliberationAction::ProxyGranted { voting_opened, .. }) => {
                *voting_opened = self.real_leaf(*voting_opened);
            }
            Payload::People(
                PeopleAction::PersonDeparted { .. } | PeopleAction::KinDeclared { .. },
            )
            | Payload::Bodies(_)
            | Payload::Meetings(_)
            | Payload::Deliberation(_)
            | Payload::Power(_)
            | Payload::Reports(_)
            | Payload::Issues(_)
            | Payload::Discipline(_)
            | Payload::Affairs(_)
            | Payload::Correction(_) => {}
        }
        action
    }

    fn real_leaf(&self, leaf: Leaf) -> Leaf {
        self.leaves.get(&leaf).copied().unwrap_or(leaf)
    }
}

/// The commitment to the same choice under the real leaves.
fn recommitted(sealed: Digest, from: (Leaf, Leaf), to: (Leaf, Leaf), voter: &PersonId) -> Digest {
    let nonce = nonce(voter.as_str());
    let made = |(genesis, opened): (Leaf, Leaf), choice: &Choice| {
        commitment(genesis, opened, voter, &nonce, &choice.to_bytes())
    };
    let mut choices = [FOR, AGAINST, ABSTAIN].into_iter();
    let choice = choices.find(|choice| made(from, choice) == sealed);
    made(to, &choice.expect("a stance"))
}

/// The world's key is the seed of the real one.
fn real_key(seed: PublicKey) -> PublicKey {
    PublicKey(SigningKey::from_bytes(&seed.0).verifying_key().to_bytes())
}

fn make_real(key: &mut PublicKey) {
    *key = real_key(*key);
}
