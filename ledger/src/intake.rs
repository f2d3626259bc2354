//! What every submission must be, whatever the rules say: checked in parallel, before the one writer.
//!
//! Nothing here depends on the ledger's state: the bytes are one action in its one encoding, meant
//! for this ledger; every signature is strictly valid; every content is the one the action names.
//! What depends on the state (whose keys they are, whether the act is lawful) is `governance`'s.

use std::panic::{AssertUnwindSafe, catch_unwind};

use governance::Rejection;
use governance::action::{Action, BallotOpening, Choice, Content, DeliberationAction, Payload};
use governance::ids::{Digest, Leaf, LedgerId, MotionId};
use tlog::Signature;

use crate::content::{ContentStore, SaltedContent, commitment_of};
use crate::halt::Halt;
use crate::signatures::verify_signatures;
use crate::submission::{
    CONTENT_LEN_MAX, CONTENTS_MAX, ContentFault, ContentUpload, ReadError, Submission, SubmitError,
};

/// At 40 µs a signature.
const LIGHT_SIGNATURES: usize = 2;

/// At 2 µs a kibibyte for decoding and hashing.
const LIGHT_BYTES: usize = 8 * 1024;

/// A submission that is sound in itself.
#[derive(Clone, Debug)]
pub(crate) struct Verified {
    /// What the action's bytes say.
    pub(crate) action: Action,
    /// The action's bytes.
    pub(crate) bytes: Vec<u8>,
    /// Signatures that strictly stand.
    pub(crate) signatures: Vec<Signature>,
    /// Contents sent along, each named by the action.
    pub(crate) uploads: Vec<SaltedContent>,
    /// Contents the action names that were not sent along: they must be in the content store.
    pub(crate) relied_on: Vec<Digest>,
    /// What a hidden ballot says, so that its voter hears of it while it can be mended if it fits no option.
    /// Nobody else does.
    pub(crate) hidden: Option<HiddenChoice>,
}

/// A choice that is not shown, not even to those who debug.
#[derive(Clone)]
pub(crate) struct HiddenChoice(pub(crate) MotionId, pub(crate) Choice);

impl std::fmt::Debug for HiddenChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HiddenChoice({})", self.0)
    }
}

/// The ledger that submissions must be meant for.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    pub(crate) ledger: LedgerId,
    pub(crate) genesis: Leaf,
}

impl Intake {
    /// Checks a submission. A light one is checked at once: handing it to another thread and back
    /// would cost a good part of the check. A heavy one goes to the threads for long
    /// computations, so that the caller's thread may go on with other tasks meanwhile.
    pub(crate) async fn verify(
        &self,
        submission: Submission,
        contents: &dyn ContentStore,
    ) -> Result<Verified, SubmitError> {
        let verified = if is_light(&submission) {
            self.check_safely(submission)?
        } else {
            let intake = self.clone();
            let (send, receive) = tokio::sync::oneshot::channel();
            rayon::spawn(move || {
                // Whoever asked may have gone.
                let _ = send.send(intake.check_safely(submission));
            });
            receive.await.map_err(|_| broken())??
        };
        let mut verified = verified;
        if let Some(sealed) = commitment_of(&verified.action)
            && verified.relied_on.contains(&sealed)
        {
            let stored = read_stored(sealed, contents).await?;
            verified.hidden = hidden_choice(&verified.action, &stored);
        }
        for named in proto::contents_of(&verified.action) {
            if verified.relied_on.contains(&named.digest) {
                let found = check_stored(named.digest, contents).await?;
                check_length(named, found)?;
            }
        }
        Ok(verified)
    }

    /// Checks, and takes a panic for a fault of ours: what is checked comes from outside.
    fn check_safely(&self, submission: Submission) -> Result<Verified, SubmitError> {
        let checked = catch_unwind(AssertUnwindSafe(|| self.check(submission)));
        checked.unwrap_or_else(|_| Err(broken()))
    }

    /// Checks everything but the presence of contents that were not sent along.
    pub(crate) fn check(&self, submission: Submission) -> Result<Verified, SubmitError> {
        let Submission {
            action: bytes,
            signatures,
            contents,
        } = submission;
        check_bounds(&contents)?;
        let action = proto::decode_action(&bytes)?;
        self.check_meant_for(&action)?;
        check_can_go_on(&action)?;
        verify_signatures(&bytes, &signatures)?;
        let (uploads, relied_on) = match commitment_of(&action) {
            Some(commitment) => match_opening(&action, commitment, contents)?,
            None => match_contents(&proto::contents_of(&action), contents)?,
        };
        let hidden = uploads
            .first()
            .and_then(|sealed| hidden_choice(&action, sealed));
        Ok(Verified {
            action,
            bytes,
            signatures,
            uploads,
            relied_on,
            hidden,
        })
    }

    /// The action is for this ledger and no other that bears its id.
    pub(crate) fn check_meant_for(&self, action: &Action) -> Result<(), Rejection> {
        if action.ledger != self.ledger {
            return Err(Rejection::WrongLedger {
                named: action.ledger.clone(),
                ledger: self.ledger.clone(),
            });
        }
        // A founding names no genesis; the rules say what is wrong with it here.
        let founding = matches!(action.payload, Payload::Founding(_));
        if !founding && action.genesis != self.genesis {
            return Err(Rejection::WrongGenesis {
                named: action.genesis,
                genesis: self.genesis,
            });
        }
        Ok(())
    }
}

/// Lawful as it is, a vote that would put the ledger under rules this program does not know is not begun by
/// it: it could not go on afterwards.
fn check_can_go_on(action: &Action) -> Result<(), Rejection> {
    match governance::unknown_rules(action) {
        None => Ok(()),
        Some(version) => Err(Rejection::RulesVersionUnknown { version }),
    }
}

/// Whether checking takes no longer than a task may keep its thread, some 100 µs.
fn is_light(submission: &Submission) -> bool {
    submission.signatures.len() <= LIGHT_SIGNATURES && submission.len() <= LIGHT_BYTES
}

/// The check itself failed: a fault of this program, which nothing else depends on.
fn broken() -> SubmitError {
    SubmitError::Halted(Halt::Broken {
        reason: "the submission could not be checked".to_owned(),
    })
}

/// Sizes before anything is computed over them.
fn check_bounds(contents: &[ContentUpload]) -> Result<(), ContentFault> {
    let found = contents.len();
    if found > CONTENTS_MAX {
        return Err(ContentFault::TooMany { found });
    }
    for (place, content) in contents.iter().enumerate() {
        let found = content.bytes.len();
        if found > CONTENT_LEN_MAX {
            return Err(ContentFault::TooLarge { place, found });
        }
    }
    Ok(())
}

/// Finds for each content sent the one the action names. Returns them with the digests that remain.
pub(crate) fn match_contents(
    named: &[&Content],
    uploads: Vec<ContentUpload>,
) -> Result<(Vec<SaltedContent>, Vec<Digest>), ContentFault> {
    let mut missing: Vec<&Content> = Vec::new();
    for content in named {
        // A content named twice is sent once, and has one length.
        match missing.iter().find(|other| other.digest == content.digest) {
            Some(other) => check_length(content, other.length as usize)?,
            None => missing.push(content),
        }
    }
    let mut matched = Vec::with_capacity(uploads.len());
    let mut strange = None;
    for (place, upload) in uploads.into_iter().enumerate() {
        let found = upload.bytes.len();
        let content = SaltedContent::new(upload.salt, upload.bytes)
            .map_err(|_| ContentFault::TooLarge { place, found })?;
        let digest = content.digest();
        match missing.iter().position(|named| named.digest == digest) {
            Some(at) => {
                check_length(missing.swap_remove(at), found)?;
                matched.push(content);
            }
            None => strange = strange.or(Some((place, digest))),
        }
    }
    match (strange, missing.first()) {
        // Something else was sent in place of what is missing.
        (Some((place, found)), Some(named)) => Err(ContentFault::Mismatch {
            place,
            expected: named.digest,
            found,
        }),
        (Some((place, digest)), None) => Err(ContentFault::Surplus { place, digest }),
        (None, _) => Ok((matched, missing.iter().map(|named| named.digest).collect())),
    }
}

/// Takes what was sent for what opens the ballot: salt and bytes are nonce and choice.
fn match_opening(
    action: &Action,
    commitment: Digest,
    uploads: Vec<ContentUpload>,
) -> Result<(Vec<SaltedContent>, Vec<Digest>), ContentFault> {
    let mut uploads = uploads.into_iter();
    let Some(upload) = uploads.next() else {
        return Ok((Vec::new(), vec![commitment]));
    };
    if uploads.next().is_some() {
        let digest = commitment;
        return Err(ContentFault::Surplus { place: 1, digest });
    }
    let sealed = Choice::from_bytes(&upload.bytes).and_then(|choice| {
        let Payload::Deliberation(DeliberationAction::BallotCast(cast)) = &action.payload else {
            return None;
        };
        let opening = BallotOpening {
            voter: cast
                .on_behalf_of
                .as_ref()
                .or(action.actor.person())?
                .clone(),
            nonce: upload.salt,
            choice,
        };
        let sealed = SaltedContent::sealed(action.genesis, cast.voting_opened, &opening);
        Some(sealed)
    });
    // Neither says what it would open: whoever sent it knows.
    let found = sealed
        .as_ref()
        .map_or(Digest([0; 32]), SaltedContent::digest);
    match sealed.filter(|sealed| sealed.digest() == commitment) {
        Some(sealed) => Ok((vec![sealed], Vec::new())),
        None => Err(ContentFault::Mismatch {
            place: 0,
            expected: commitment,
            found,
        }),
    }
}

/// What a hidden ballot says, by what opens it.
pub(crate) fn hidden_choice(action: &Action, sealed: &SaltedContent) -> Option<HiddenChoice> {
    commitment_of(action)?;
    let Payload::Deliberation(deliberation) = &action.payload else {
        return None;
    };
    let choice = sealed.opening()?.choice;
    Some(HiddenChoice(deliberation.motion().clone(), choice))
}

fn check_length(named: &Content, found: usize) -> Result<(), ContentFault> {
    if u32::try_from(found) == Ok(named.length) {
        Ok(())
    } else {
        Err(ContentFault::Length {
            digest: named.digest,
            expected: named.length,
            found,
        })
    }
}

/// A content that was not sent along is there already. Returns its length in bytes.
pub(crate) async fn check_stored(
    digest: Digest,
    contents: &dyn ContentStore,
) -> Result<usize, SubmitError> {
    let content = read_stored(digest, contents).await?;
    Ok(content.bytes().len())
}

async fn read_stored(
    digest: Digest,
    contents: &dyn ContentStore,
) -> Result<SaltedContent, SubmitError> {
    match contents.read(&digest).await {
        Ok(Some(content)) => Ok(content),
        Ok(None) => Err(ContentFault::Missing { digest }.into()),
        Err(error) => Err(ReadError::Part {
            what: "the content",
            reason: error.to_string(),
        }
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(salt: u8, text: &str) -> ContentUpload {
        ContentUpload {
            salt: [salt; 32],
            bytes: text.as_bytes().to_vec(),
        }
    }

    fn named(upload: &ContentUpload) -> Content {
        let content = SaltedContent::new(upload.salt, upload.bytes.clone()).unwrap();
        Content {
            digest: content.digest(),
            length: u32::try_from(upload.bytes.len()).unwrap(),
            media_type: "text/plain".to_owned(),
        }
    }

    #[test]
    fn contents_are_found_in_any_order_and_what_was_not_sent_is_relied_on() {
        let (one, two) = (upload(1, "one"), upload(2, "two"));
        let (named_one, named_two) = (named(&one), named(&two));
        let both = [&named_one, &named_two];
        let (matched, relied_on) = match_contents(&both, vec![two.clone(), one.clone()]).unwrap();
        assert_eq!((matched.len(), relied_on.len()), (2, 0));
        let (matched, relied_on) = match_contents(&both, vec![two]).unwrap();
        assert_eq!((matched.len(), relied_on), (1, vec![named_one.digest]));
        // Named twice, it is sent once.
        let (matched, relied_on) = match_contents(&[&named_one, &named_one], vec![one]).unwrap();
        assert_eq!((matched.len(), relied_on.len()), (1, 0));
    }

    #[test]
    fn what_is_sent_but_not_named_is_surplus_or_in_the_place_of_what_is_missing() {
        let (one, two) = (upload(1, "one"), upload(2, "two"));
        let (named_one, named_two) = (named(&one), named(&two));
        let found = named_two.digest;
        let surplus = ContentFault::Surplus {
            place: 1,
            digest: found,
        };
        let fault = match_contents(&[&named_one], vec![one.clone(), two.clone()]);
        assert_eq!(fault.unwrap_err(), surplus);
        let mismatch = ContentFault::Mismatch {
            place: 0,
            expected: named_one.digest,
            found,
        };
        let fault = match_contents(&[&named_one], vec![two]);
        assert_eq!(fault.unwrap_err(), mismatch);
        let twice = match_contents(&[&named_one], vec![one.clone(), one]);
        assert_eq!(twice.unwrap_err().code(), "CONTENT_SURPLUS");
    }

    #[test]
    fn another_length_than_named_is_a_mismatch() {
        let one = upload(1, "one");
        let mut named = named(&one);
        named.length = 4;
        let fault = match_contents(&[&named], vec![one]).unwrap_err();
        assert_eq!(fault.code(), "CONTENT_MISMATCH");
    }

    #[test]
    fn a_content_named_twice_has_one_length() {
        let one = upload(1, "one");
        let (named_one, mut other) = (named(&one), named(&one));
        other.length = 4;
        let fault = match_contents(&[&named_one, &other], vec![one]).unwrap_err();
        assert_eq!(fault.code(), "CONTENT_MISMATCH");
    }

    #[test]
    fn the_largest_content_passes_and_a_byte_more_does_not() {
        let sized = |len| ContentUpload {
            salt: [0; 32],
            bytes: vec![0; len],
        };
        assert_eq!(check_bounds(&[sized(CONTENT_LEN_MAX)]), Ok(()));
        let fault = check_bounds(&[sized(0), sized(CONTENT_LEN_MAX + 1)]).unwrap_err();
        assert_eq!(fault.code(), "CONTENT_TOO_LARGE");
        let many = vec![sized(0); CONTENTS_MAX + 1];
        assert_eq!(check_bounds(&many).unwrap_err().code(), "CONTENT_SURPLUS");
        assert_eq!(check_bounds(&many[1..]), Ok(()));
    }
}
