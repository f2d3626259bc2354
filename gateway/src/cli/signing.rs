//! From an action and key files to a signed request.

use governance::{
    RequiredSigner,
    action::{Action, Actor, Payload},
    ids::{ActionId, Leaf, LedgerId, Millis, PersonId},
    required_signers,
};
use proto::v1;

use super::{
    connection::Session,
    failure::Failure,
    keyfile::{KeyFile, fill_random},
    time,
};

/// How long an action made here stays good, unless the charter allows less: long enough to sign and
/// to try again after a lost connection, short enough that nobody holds it back for long.
const VALIDITY_MS: u64 = 10 * 60_000;

/// A key, and whose it is where the ledger knows it.
#[derive(Clone)]
pub(crate) struct Signer {
    /// Whose; `None`: a key that is only now being enrolled.
    pub(crate) person: Option<PersonId>,
    /// The key.
    pub(crate) key: KeyFile,
}

/// A fresh action id made at a moment.
pub(crate) fn action_id(at: Millis) -> Result<ActionId, Failure> {
    let mut random = [0; 10];
    fill_random(&mut random)?;
    Ok(ActionId::v7(at, random))
}

/// Until when an action made now may be recorded.
pub(crate) fn not_after(now: Millis, session: &Session) -> Millis {
    now.plus(VALIDITY_MS.min(session.about.action_validity_ms_max))
}

/// An action of this ledger, made now.
pub(crate) fn action(session: &Session, actor: Actor, payload: Payload) -> Result<Action, Failure> {
    let wrong =
        |what: String| Failure::finding(format!("the server describes its ledger wrongly: {what}"));
    let ledger = LedgerId::new(&session.about.ledger).map_err(|error| wrong(error.to_string()))?;
    let genesis: [u8; 32] = session
        .about
        .genesis
        .as_slice()
        .try_into()
        .map_err(|_| wrong("a genesis has 32 bytes".to_owned()))?;
    let now = time::now();
    Ok(Action {
        ledger,
        genesis: Leaf(genesis),
        id: action_id(now)?,
        actor,
        client_time: now,
        not_after: not_after(now, session),
        basis: None,
        expected_leaf: None,
        payload,
    })
}

/// Signs with the keys the payload calls for, in its order; a missing one is named.
pub(crate) fn signed(
    action: &Action,
    signers: &[Signer],
    contents: Vec<v1::ContentUpload>,
) -> Result<v1::SubmitRequest, Failure> {
    let bytes = proto::encode_action(action);
    let mut signatures = Vec::new();
    for required in required_signers(action) {
        let signer = signers
            .iter()
            .find(|signer| fits(&required, signer))
            .ok_or_else(|| missing(&required))?;
        let signature = tlog::signing::sign_action(signer.key.key(), &bytes);
        signatures.push(v1::Signature {
            key: signature.key.to_vec(),
            signature: signature.signature.to_vec(),
        });
    }
    Ok(v1::SubmitRequest {
        action: bytes,
        signatures,
        contents,
        ..v1::SubmitRequest::default()
    })
}

fn fits(required: &RequiredSigner, signer: &Signer) -> bool {
    match required {
        RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => {
            signer.person.as_ref() == Some(person)
        }
        RequiredSigner::Key(key) => signer.key.public() == *key,
        RequiredSigner::RecordKey => false,
    }
}

fn missing(required: &RequiredSigner) -> Failure {
    let failure = Failure::usage(format!("a signature is missing: {required} must sign too"));
    match required {
        RequiredSigner::Actor(_) => failure.next("Give the actor's key with --key."),
        RequiredSigner::Attestor(person) => {
            failure.next(format!("Give a key of {person} with --attest-key."))
        }
        RequiredSigner::Key(_) => failure.next(
            "Give that key's file with --attest-key: whoever enrols a key shows that it is theirs.",
        ),
        RequiredSigner::RecordKey => {
            failure.next("Entries of this kind are made by the ledger itself when they fall due.")
        }
    }
}
