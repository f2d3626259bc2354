//! The state as it will be once everything in flight is durable, and what is decided on it.

use std::sync::Arc;

use governance::action::{Action, BallotOpening};
use governance::ids::{Leaf, Millis, MotionId, PersonId, PublicKey};
use governance::{Candidate, EntryRef, OpeningsDue, State};
use tlog::{Entry, Hash, Signature, leaf_hash};

use super::batch::{Batch, Request, Verdict, Waiting};
use crate::halt::Halt;
use crate::intake::{HiddenChoice, Verified};
use crate::keys::LedgerSigner;
use crate::submission::SubmitError;
use crate::tail::LoggedEntry;

/// A signature and its key in an entry, in bytes.
const SIGNATURE_LEN: usize = 96;

/// The speculative state. It never leaves the sequencer.
pub(super) struct Speculation {
    state: State,
    signer: Arc<dyn LedgerSigner>,
    /// Length of an entry without signatures and action.
    bare_len: usize,
}

/// A request for which the block has no room left: nothing was decided.
pub(super) struct Full(pub(super) Box<Request>);

impl Speculation {
    /// Begins where the durable state is.
    pub(super) fn new(state: State, signer: Arc<dyn LedgerSigner>) -> Speculation {
        let bare = Entry {
            ledger: state.ledger().as_str().to_owned(),
            index: 0,
            recorded_at: 0,
            previous: Hash::ZERO,
            signatures: Vec::new(),
            action: Vec::new(),
        };
        Speculation {
            state,
            signer,
            bare_len: bare.encoded_len(),
        }
    }

    /// The index of the entry that comes next.
    pub(super) fn next_index(&self) -> u64 {
        self.state.size()
    }

    /// When something falls due next.
    pub(super) fn next_due(&self) -> Option<Millis> {
        governance::next_due(&self.state)
    }

    /// Decides a request at `now` and adds it to the block, after what fell due before it and before
    /// what follows from it at once.
    pub(super) fn decide(
        &mut self,
        request: Request,
        now: Millis,
        batch: &mut Batch,
    ) -> Result<Result<(), Full>, Halt> {
        if let Some(index) = self.state.recorded_action(&request.verified.action.id) {
            batch.waiting.push(repeats(request, index));
            return Ok(Ok(()));
        }
        let entry_len = self.entry_len(&request.verified);
        if !self.record_due(now, batch)? || !batch.has_room(entry_len) {
            return Ok(Err(Full(Box::new(request))));
        }
        let at = self.at(now);
        match self.judge(&request.verified, at) {
            Ok(()) => {
                self.admit(request, at, batch);
                // If it does not fit, it comes first in the next block.
                self.record_due(now, batch).map(|_| Ok(()))
            }
            Err(error) => {
                batch.waiting.push(refused(request, error));
                Ok(Ok(()))
            }
        }
    }

    /// Adds everything due at `now`. False if the block became full before that.
    pub(super) fn record_due(&mut self, now: Millis, batch: &mut Batch) -> Result<bool, Halt> {
        let at = self.at(now);
        // Cheaper than `derive` for the usual answer, which is no.
        while self.next_due().is_some_and(|due| due <= at) {
            let Some(action) = governance::derive(&self.state, at) else {
                // The sequencer would wait for it for ever.
                let reason = "something is due, but nothing is derived".to_owned();
                return Err(Halt::Broken { reason });
            };
            let bytes = proto::encode_action(&action);
            let signature = self.sign(&bytes)?;
            let entry_len = self.bare_len + SIGNATURE_LEN + bytes.len();
            if !batch.has_room(entry_len) {
                return Ok(false);
            }
            let signers = [PublicKey(signature.key)];
            self.decide_action(&action, &signers, at)
                .map_err(|rejection| Halt::Derivation {
                    index: self.state.size(),
                    rejection,
                })?;
            batch
                .spent
                .extend(governance::spent_openings(&self.state, &action));
            let logged = self.append(action, bytes, vec![signature], at);
            batch.push(logged);
        }
        Ok(true)
    }

    /// Signs what the ledger itself records next.
    fn sign(&self, bytes: &[u8]) -> Result<Signature, Halt> {
        Ok(self.signer.sign_action(self.state.record_key(), bytes)?)
    }

    /// When a vote closes next whose ballots are then to be opened.
    pub(super) fn next_opening(&self) -> Option<Millis> {
        governance::next_opening(&self.state)
    }

    /// Ballots that are to be opened now.
    pub(super) fn openings_due(&self, now: Millis) -> impl Iterator<Item = OpeningsDue> {
        governance::openings_due(&self.state, self.at(now))
    }

    /// Adds what hidden ballots said, as far as they are not opened yet. False if the block has no room.
    pub(super) fn record_openings(
        &mut self,
        motion: &MotionId,
        mut openings: Vec<BallotOpening>,
        now: Millis,
        batch: &mut Batch,
    ) -> Result<bool, Halt> {
        if !self.record_due(now, batch)? {
            return Ok(false);
        }
        let at = self.at(now);
        let due = self.openings_due(at).find(|due| due.motion == *motion);
        let Some(due) = due else {
            return Ok(true);
        };
        let sealed = |voter: &PersonId| due.ballots.iter().any(|(other, _)| other == voter);
        openings.retain(|opening| sealed(&opening.voter));
        if openings.is_empty() {
            return Ok(true);
        }
        let Some(action) = governance::ballots_opened(&self.state, motion, openings) else {
            return Ok(true);
        };
        let bytes = proto::encode_action(&action);
        let signature = self.sign(&bytes)?;
        if !batch.has_room(self.bare_len + SIGNATURE_LEN + bytes.len()) {
            return Ok(false);
        }
        let signers = [PublicKey(signature.key)];
        self.decide_action(&action, &signers, at)
            .map_err(|rejection| Halt::Derivation {
                index: self.state.size(),
                rejection,
            })?;
        batch
            .spent
            .extend(governance::spent_openings(&self.state, &action));
        let logged = self.append(action, bytes, vec![signature], at);
        batch.push(logged);
        // With the last of them the motion is decided.
        self.record_due(now, batch)
    }

    /// Recorded time never goes back, whatever the clock does.
    fn at(&self, now: Millis) -> Millis {
        now.max(self.state.last_recorded_at())
    }

    fn entry_len(&self, verified: &Verified) -> usize {
        self.bare_len + verified.signatures.len() * SIGNATURE_LEN + verified.bytes.len()
    }

    fn judge(&self, verified: &Verified, at: Millis) -> Result<(), SubmitError> {
        let keys = verified.signatures.iter();
        let signers: Vec<_> = keys.map(|signature| PublicKey(signature.key)).collect();
        self.decide_action(&verified.action, &signers, at)?;
        if let Some(HiddenChoice(motion, choice)) = &verified.hidden {
            governance::check_hidden_choice(&self.state, motion, choice)?;
        }
        Ok(())
    }

    fn decide_action(
        &self,
        action: &Action,
        signers: &[PublicKey],
        recorded_at: Millis,
    ) -> Result<(), governance::Rejection> {
        let candidate = Candidate {
            action,
            signers,
            recorded_at,
        };
        governance::decide(&self.state, &candidate)
    }

    fn admit(&mut self, request: Request, at: Millis, batch: &mut Batch) {
        let verified = request.verified;
        let spent = governance::spent_openings(&self.state, &verified.action);
        batch.spent.extend(spent);
        let logged = self.append(verified.action, verified.bytes, verified.signatures, at);
        let first = batch.uploads.len();
        batch.uploads.extend(verified.uploads);
        let verdict = Verdict::Recorded {
            at: batch.push(logged),
            uploads: first..batch.uploads.len(),
            relied_on: verified.relied_on,
        };
        let reply = request.reply;
        batch.waiting.push(Waiting { verdict, reply });
    }

    /// The next entry, applied to the state.
    fn append(
        &mut self,
        action: Action,
        bytes: Vec<u8>,
        signatures: Vec<Signature>,
        at: Millis,
    ) -> LoggedEntry {
        let entry = Entry {
            ledger: self.state.ledger().as_str().to_owned(),
            index: self.state.size(),
            recorded_at: at.0,
            previous: Hash(self.state.last_leaf().0),
            signatures,
            action: bytes,
        };
        let bytes = entry
            .encode()
            .expect("actions are at most 60,000 bytes and ledger ids are checked, so entries fit");
        let leaf = Leaf(leaf_hash(&bytes).0);
        let place = EntryRef {
            index: entry.index,
            leaf,
            recorded_at: at,
        };
        governance::evolve(&mut self.state, &action, place);
        LoggedEntry {
            index: entry.index,
            leaf,
            recorded_at: at,
            bytes,
            entry,
            action,
        }
    }
}

fn repeats(request: Request, index: u64) -> Waiting {
    Waiting {
        verdict: Verdict::Repeats {
            index,
            verified: Box::new(request.verified),
            attempted: request.attempted,
        },
        reply: request.reply,
    }
}

pub(super) fn refused(request: Request, error: SubmitError) -> Waiting {
    Waiting {
        verdict: Verdict::Refused {
            error,
            verified: Box::new(request.verified),
        },
        reply: request.reply,
    }
}
