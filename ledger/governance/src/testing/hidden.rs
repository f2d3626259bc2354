//! Hidden ballots in a line, and what the ledger records of them.

use sha2::{Digest as _, Sha256};

use crate::{
    action::{
        Ballot, BallotCast, BallotOpening, Choice, DeliberationAction, OpeningSubmitted, Payload,
    },
    hidden::{ballots_opened, commitment},
    ids::{Digest, Leaf, PersonId},
    rejection::Rejection,
};

use super::{
    STEP_MS, Signed, World,
    community::id,
    deeds::{Deed, Doer},
};

/// The nonce of a voter's hidden ballots.
pub fn nonce(voter: &str) -> [u8; 32] {
    Sha256::digest(format!("nonce of {voter}")).into()
}

/// What opens a voter's hidden ballot.
pub fn ballot_opening(voter: &str, choice: Choice) -> BallotOpening {
    BallotOpening {
        voter: id(voter),
        nonce: nonce(voter),
        choice,
    }
}

impl Doer {
    /// Casts a hidden ballot.
    pub fn votes_hidden(self, motion: &str, choice: Choice) -> Deed {
        self.hides(None, motion, choice)
    }

    /// Casts a hidden ballot for somebody whose proxy they hold.
    pub fn votes_hidden_for(self, principal: &str, motion: &str, choice: Choice) -> Deed {
        self.hides(Some(id(principal)), motion, choice)
    }

    fn hides(self, on_behalf_of: Option<PersonId>, motion: &str, choice: Choice) -> Deed {
        let deed = self.does(Payload::Deliberation(DeliberationAction::BallotCast(
            BallotCast {
                motion: id(motion),
                voting_opened: Leaf::ZERO,
                on_behalf_of,
                ballot: Ballot::Hidden(Digest([0; 32])),
            },
        )));
        // Once the world has named the entry that opened the vote.
        deed.with(move |action| {
            let (genesis, actor) = (action.genesis, action.actor.person().cloned());
            let Payload::Deliberation(DeliberationAction::BallotCast(ballot)) = &mut action.payload
            else {
                return;
            };
            let Some(voter) = ballot.on_behalf_of.clone().or(actor) else {
                return;
            };
            let nonce = nonce(voter.as_str());
            let opened = ballot.voting_opened;
            let made = commitment(genesis, opened, &voter, &nonce, &choice.to_bytes());
            ballot.ballot = Ballot::Hidden(made);
        })
    }

    /// Opens their own hidden ballot.
    pub fn opens_ballot(self, motion: &str, choice: Choice) -> Deed {
        let nonce = nonce(&self.name());
        self.does(Payload::Deliberation(DeliberationAction::OpeningSubmitted(
            OpeningSubmitted {
                motion: id(motion),
                on_behalf_of: None,
                nonce,
                choice,
            },
        )))
    }
}

impl World {
    /// What the ledger would record of these openings now, signed with its record key.
    ///
    /// # Panics
    /// Where the motion is not being voted on.
    pub fn signed_openings(&self, motion: &str, openings: Vec<BallotOpening>) -> Signed {
        let action = ballots_opened(&self.state, &id(motion), openings);
        Signed {
            action: action.expect("a motion being voted on"),
            signers: vec![self.state.record_key()],
        }
    }

    /// The ledger records these openings now; the world goes on a second later.
    pub fn opens(mut self, motion: &str, openings: Vec<BallotOpening>) -> Result<Self, Rejection> {
        let signed = self.signed_openings(motion, openings);
        self.record(&signed)?;
        Ok(self.later(STEP_MS))
    }
}
