//! Re-execution: from bytes to a verdict, as an auditor does it.

use governance::{
    Candidate, EntryRef, State,
    action::{Action, Actor, DeliberationAction, Payload},
    ballots_opened, decide, derive, evolve, found,
    ids::{Leaf, Millis, PublicKey},
};
use proto::{decode_action, encode_action};
use tlog::{Chain, Entry, Hash, Signature, leaf_hash, signing::verify_signatures, tree::Frontier};

use crate::history::Verdict;

/// A log being kept, and what it amounts to; nothing at first.
#[derive(Default)]
pub(crate) struct Replay {
    state: Option<State>,
    chain: Option<Chain>,
    tree: Frontier,
}

impl Replay {
    /// What the rules say of recording this now; admitted, it is recorded.
    ///
    /// # Panics
    /// Where the bytes are no action, a signature is not valid, an admitted derived action is not what
    /// `derive` gives, or the entry does not continue the chain.
    pub(crate) fn judge(
        &mut self,
        recorded_at: u64,
        signatures: &[Signature],
        bytes: &[u8],
    ) -> Verdict {
        verify_signatures(bytes, signatures).expect("signatures are valid in this history");
        let action = decode_action(bytes).expect("actions are well-formed in this history");
        assert_eq!(encode_action(&action), bytes);
        let signers: Vec<_> = signatures.iter().map(|s| PublicKey(s.key)).collect();
        let candidate = Candidate {
            action: &action,
            signers: &signers,
            recorded_at: Millis(recorded_at),
        };
        let entry = self.entry(&candidate, signatures, bytes);
        let leaf = leaf_hash(&entry);
        match self.execute(&candidate, bytes, leaf) {
            Ok(()) => {
                let ledger = action.ledger.as_str();
                let chain = self.chain.get_or_insert_with(|| Chain::new(ledger));
                chain.push(&entry).expect("the entry continues the chain");
                self.tree.append(leaf);
                Verdict::Admitted { leaf }
            }
            Err(rejection) => Verdict::Refused {
                code: rejection.code().to_owned(),
            },
        }
    }

    /// The entry this would become.
    fn entry(&self, candidate: &Candidate<'_>, signatures: &[Signature], bytes: &[u8]) -> Vec<u8> {
        let entry = Entry {
            ledger: candidate.action.ledger.as_str().to_owned(),
            index: self.size(),
            recorded_at: candidate.recorded_at.0,
            previous: self.chain.as_ref().map_or(Hash::ZERO, Chain::previous),
            signatures: signatures.to_vec(),
            action: bytes.to_vec(),
        };
        entry.encode().expect("an entry")
    }

    fn execute(
        &mut self,
        candidate: &Candidate<'_>,
        bytes: &[u8],
        leaf: Hash,
    ) -> Result<(), governance::Rejection> {
        let at = EntryRef {
            index: self.size(),
            leaf: Leaf(leaf.0),
            recorded_at: candidate.recorded_at,
        };
        let Some(state) = &mut self.state else {
            self.state = Some(found(candidate, at.leaf)?);
            return Ok(());
        };
        decide(state, candidate)?;
        let due = match &candidate.action.payload {
            // Openings are no function of the log; the rules hold them against the commitments.
            Payload::Deliberation(DeliberationAction::BallotsOpened(opened)) => {
                ballots_opened(state, &opened.motion, opened.openings.clone())
            }
            _ => derive(state, candidate.recorded_at),
        };
        let due = due.map(|due| encode_action(&due));
        let derived = candidate.action.actor == Actor::Ledger;
        assert_eq!(due.as_deref(), derived.then_some(bytes), "what is due");
        evolve(state, candidate.action, at);
        Ok(())
    }

    /// What is due at the moment of the last entry and not recorded.
    pub(crate) fn due(&self) -> Option<Action> {
        let state = self.state.as_ref().expect("a founding");
        derive(state, state.last_recorded_at())
    }

    /// What the ledger itself records then of what the world's did.
    pub(crate) fn derived(&self, like: &Action, at: Millis) -> Action {
        if let Payload::Deliberation(DeliberationAction::BallotsOpened(opened)) = &like.payload {
            let state = self.state.as_ref().expect("it is founded");
            return ballots_opened(state, &opened.motion, opened.openings.clone())
                .expect("the motion is being voted on");
        }
        self.due_by(at).expect("the world says so")
    }

    /// What is due by then.
    pub(crate) fn due_by(&self, now: Millis) -> Option<Action> {
        derive(self.state.as_ref().expect("a founding"), now)
    }

    pub(crate) fn size(&self) -> u64 {
        self.tree.size()
    }

    pub(crate) fn root(&self) -> Hash {
        self.tree.root()
    }
}
