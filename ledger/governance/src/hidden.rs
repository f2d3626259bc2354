//! Hidden ballots (formats.md §3): committed to before the close, opened after it.
//!
//! Until the close the log has of a ballot only a commitment, a hash that says nothing of the choice. What
//! opens it, a nonce and the choice, is kept sealed beside the log by whoever keeps the ledger, and by the
//! voter. After the close the ledger records the openings it has in [`BallotsOpened`], in parts of bounded
//! length; the voter may submit one that is missing. Every opening is verified against its commitment, so
//! that nobody opens a ballot to another choice. Once all are opened, or 24 hours after the close, the motion
//! is decided: who is not opened by then took part and abstained.
//!
//! Openings are not in the log before they are recorded, so [`derive`](crate::derive()) cannot give them; this
//! module says what the ledger may record instead: the next part, of ballots not opened yet, in the voters'
//! order, each true to its commitment; and which of those kept beside it are not needed any more.

use sha2::{Digest as _, Sha256};

use crate::{
    action::{
        Action, Ballot, BallotOpening, BallotsOpened, Choice, DeliberationAction, OpeningSubmitted,
        Payload, Stance,
    },
    agenda::Due,
    authority::{self, Act},
    bounds::{self, OPENINGS_MAX},
    decide::Candidate,
    derive,
    ids::{Digest, Leaf, Millis, MotionId, PersonId},
    motion::Vote,
    rejection::Rejection,
    state::State,
    voting::Ballotbox,
};

/// How long after the close missing openings may come: 24 hours.
pub const OPENING_MS: u64 = Millis::DAY;

/// The first byte of a stance's bytes.
const STANCE: u8 = 1;
/// The first byte of a choice among options.
const OPTIONS: u8 = 2;

impl Choice {
    /// The bytes that a commitment is made over: `01` and `01` for, `02` against or `03` abstain; or `02`,
    /// the number of options, and a byte for the position of each.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Stance(stance) => {
                let said = match stance {
                    Stance::For => 1,
                    Stance::Against => 2,
                    Stance::Abstain => 3,
                };
                vec![STANCE, said]
            }
            Self::Options(options) => {
                // At most 64 options; a choice with more fits no motion, and never gets here.
                let byte = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
                let mut bytes = vec![OPTIONS, byte(options.len())];
                bytes.extend(
                    options
                        .iter()
                        .map(|at| u8::try_from(*at).unwrap_or(u8::MAX)),
                );
                bytes
            }
        }
    }

    /// The choice of these bytes, if they are one's.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [STANCE, 1] => Some(Self::Stance(Stance::For)),
            [STANCE, 2] => Some(Self::Stance(Stance::Against)),
            [STANCE, 3] => Some(Self::Stance(Stance::Abstain)),
            [OPTIONS, count, options @ ..] if usize::from(*count) == options.len() => Some(
                Self::Options(options.iter().map(|at| u32::from(*at)).collect()),
            ),
            _ => None,
        }
    }
}

/// What a hidden ballot puts on the log.
pub fn commitment(
    genesis: Leaf,
    voting_opened: Leaf,
    voter: &PersonId,
    nonce: &[u8; 32],
    choice: &[u8],
) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"govledger/ballot/v1\n");
    hash.update(genesis.0);
    hash.update(voting_opened.0);
    hash.update(voter.as_str().as_bytes());
    hash.update(nonce);
    hash.update(choice);
    Digest(hash.finalize().into())
}

/// Ballots of one motion that are to be opened now, as far as their openings are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningsDue {
    /// Which motion.
    pub motion: MotionId,
    /// The entry that opened the vote.
    pub voting_opened: Leaf,
    /// Voters whose ballots are not opened, with their commitments, in order.
    pub ballots: Vec<(PersonId, Digest)>,
}

/// The motions whose votes are over by now and whose ballots are not all opened, the vote that closed first
/// first.
pub fn openings_due(state: &State, now: Millis) -> impl Iterator<Item = OpeningsDue> {
    let closed = state
        .to_open
        .iter()
        .take_while(move |(closes_at, _)| *closes_at <= now);
    closed.filter_map(|(_, motion)| {
        let vote = state.motions.get(motion)?.vote()?;
        Some(OpeningsDue {
            motion: motion.clone(),
            voting_opened: vote.opened,
            ballots: vote
                .unopened()
                .map(|(voter, seal)| (voter.clone(), *seal))
                .collect(),
        })
    })
}

/// When the next vote closes whose ballots are then to be opened; earlier than now: they are to be.
pub fn next_opening(state: &State) -> Option<Millis> {
    state.to_open.first().map(|(closes_at, _)| *closes_at)
}

/// The commitments whose openings nobody needs to keep beside the log once this action is recorded: that of a
/// ballot which is cast anew, those of ballots that the log itself opens, and all that are left when the motion
/// is decided (formats.md §3). What a vote was, and whose, is personal data; it is not kept for longer than it
/// serves.
pub fn spent_openings(state: &State, action: &Action) -> Vec<Digest> {
    let Payload::Deliberation(act) = &action.payload else {
        return Vec::new();
    };
    let vote = state
        .motions
        .get(act.motion())
        .and_then(crate::Motion::vote);
    let Some(vote) = vote.filter(|vote| !vote.hidden.is_empty()) else {
        return Vec::new();
    };
    let own = |on_behalf_of: &Option<PersonId>| {
        let voter = on_behalf_of.as_ref().or(action.actor.person());
        voter.and_then(|voter| vote.hidden.get(voter))
    };
    let spent: Vec<&Digest> = match act {
        DeliberationAction::BallotCast(cast) => own(&cast.on_behalf_of)
            .map(|before| &before.commitment)
            .filter(|before| cast.ballot != Ballot::Hidden(**before))
            .into_iter()
            .collect(),
        DeliberationAction::BallotsOpened(opened) => {
            let voters = opened.openings.iter().map(|opening| &opening.voter);
            let ballots = voters.filter_map(|voter| vote.hidden.get(voter));
            ballots.map(|ballot| &ballot.commitment).collect()
        }
        DeliberationAction::OpeningSubmitted(submitted) => own(&submitted.on_behalf_of)
            .map(|ballot| &ballot.commitment)
            .into_iter()
            .collect(),
        DeliberationAction::MotionDecided(_) => vote.unopened().map(|(_, seal)| seal).collect(),
        _ => Vec::new(),
    };
    spent.into_iter().copied().collect()
}

/// What the ledger records of these openings: the next part for the motion. The openings are of
/// [`OpeningsDue`], at most [`OPENINGS_MAX`].
pub fn ballots_opened(
    state: &State,
    motion: &MotionId,
    openings: Vec<BallotOpening>,
) -> Option<Action> {
    let vote = state.motions.get(motion)?.vote()?;
    let opened = BallotsOpened {
        motion: motion.clone(),
        part: vote.opened_parts,
        openings,
    };
    let subject = format!("{motion}/{}", opened.part);
    Some(derive::derived_action(
        state,
        "ballots_opened",
        &subject,
        vote.closes_at,
        DeliberationAction::BallotsOpened(opened).into(),
    ))
}

/// A choice fits the motion it is cast on. The rules never see a hidden one before it is opened, and one that
/// does not fit abstains then; whoever takes it in asks, so that the voter hears of it while it can be mended.
pub fn check_hidden_choice(
    state: &State,
    motion: &MotionId,
    choice: &Choice,
) -> Result<(), Rejection> {
    Ballotbox::of(state, motion)?.check_choice(choice)
}

/// By the ledger: exactly the next part, of ballots not opened yet, once the vote is over.
pub(crate) fn decide_opened(
    state: &State,
    candidate: &Candidate<'_>,
    opened: &BallotsOpened,
) -> Result<(), Rejection> {
    let (_, vote) = state.open_motion(&opened.motion)?;
    if candidate.recorded_at < vote.closes_at {
        return Err(Rejection::BallotsStillHidden {
            motion: opened.motion.clone(),
            closes_at: vote.closes_at,
        });
    }
    let family = candidate.action.payload.family();
    if let Some((family, due)) = derive::is_due(state, candidate.recorded_at) {
        return Err(Rejection::DerivedEntryDue { family, due });
    }
    let expected = ballots_opened(state, &opened.motion, opened.openings.clone());
    if expected.as_ref() != Some(candidate.action) {
        return Err(Rejection::DerivedMismatch {
            family,
            due: vote.closes_at,
        });
    }
    bounds::list("openings", opened.openings.len(), 1, OPENINGS_MAX)?;
    let voters = opened.openings.iter().map(|opening| &opening.voter);
    if !voters.is_sorted_by(|a, b| a < b) {
        return Err(Rejection::DerivedMismatch {
            family,
            due: vote.closes_at,
        });
    }
    for opening in &opened.openings {
        check_opening(state, &opened.motion, vote, opening)?;
    }
    authority::check_signatures(state, candidate.action, candidate.signers)
}

/// The ballot is there, not opened yet, and this is what was committed to.
fn check_opening(
    state: &State,
    motion: &MotionId,
    vote: &Vote,
    opening: &BallotOpening,
) -> Result<(), Rejection> {
    let BallotOpening {
        voter,
        nonce,
        choice,
    } = opening;
    let Some(sealed) = vote
        .hidden
        .get(voter)
        .filter(|ballot| ballot.choice.is_none())
    else {
        return Err(Rejection::NothingToOpen {
            motion: motion.clone(),
            person: voter.clone(),
        });
    };
    let made = commitment(state.genesis, vote.opened, voter, nonce, &choice.to_bytes());
    if made == sealed.commitment {
        return Ok(());
    }
    Err(Rejection::OpeningMismatch {
        motion: motion.clone(),
        person: voter.clone(),
        commitment: sealed.commitment,
    })
}

/// By the voter, or by who cast the ballot as their proxy: after the close, until the motion is decided.
pub(crate) fn decide_submitted(
    act: &Act<'_>,
    submitted: &OpeningSubmitted,
) -> Result<(), Rejection> {
    let (motion, vote) = act.state.open_motion(&submitted.motion)?;
    act.acts_for(&motion.body)?;
    let voter = submitted.on_behalf_of.as_ref().unwrap_or(act.person);
    if voter != act.person && vote.proxies.holder_of(voter) != Some(act.person) {
        return Err(Rejection::ProxyNotHeld {
            motion: submitted.motion.clone(),
            principal: voter.clone(),
            holder: act.person.clone(),
        });
    }
    if act.recorded_at < vote.closes_at {
        return Err(Rejection::BallotsStillHidden {
            motion: submitted.motion.clone(),
            closes_at: vote.closes_at,
        });
    }
    let opening = BallotOpening {
        voter: voter.clone(),
        nonce: submitted.nonce,
        choice: submitted.choice.clone(),
    };
    check_opening(act.state, &submitted.motion, vote, &opening)
}

impl State {
    /// A hidden ballot came: the vote is to be opened, and decided only after that.
    pub(crate) fn expect_openings(&mut self, id: &MotionId) {
        let Some(vote) = self.motions.get(id).and_then(crate::Motion::vote) else {
            return;
        };
        if vote.hidden.is_empty() {
            return;
        }
        let closes_at = vote.closes_at;
        self.to_open.insert((closes_at, id.clone()));
        let over = closes_at.plus(OPENING_MS);
        self.agenda.plan(Due::MotionDecided(id.clone()), over);
    }

    /// The ledger has recorded a part.
    pub(crate) fn count_part(&mut self, id: &MotionId) {
        let motion = self.motions.get_mut(id);
        if let Some(vote) = motion.and_then(crate::Motion::vote_mut) {
            vote.opened_parts = vote.opened_parts.saturating_add(1);
        }
    }

    /// These ballots are opened. With the last of them the motion can be decided.
    pub(crate) fn open_ballots(
        &mut self,
        id: &MotionId,
        openings: impl IntoIterator<Item = (PersonId, Choice)>,
        now: Millis,
    ) {
        let motion = self.motions.get_mut(id);
        let Some(vote) = motion.and_then(crate::Motion::vote_mut) else {
            return;
        };
        for (voter, choice) in openings {
            if let Some(ballot) = vote.hidden.get_mut(&voter) {
                ballot.choice = Some(choice);
            }
        }
        if vote.unopened().next().is_none() {
            let closes_at = vote.closes_at;
            self.to_open.remove(&(closes_at, id.clone()));
            self.agenda.plan(Due::MotionDecided(id.clone()), now);
        }
    }
}
