//! Asking one witness for one checkpoint.

use std::time::Duration;

use tlog::policy::PolicyWitness;
use tlog::tree::empty_root;
use tlog::witness::{parse_cosignatures, parse_size};
use tlog::{AddCheckpoint, Hash, Note, NoteSignature, SignedCheckpoint, Verified, VerifierKey};

use super::WitnessClient;
use crate::durable::Durable;
use crate::halt::Halt;
use crate::witness::origin_hash;

/// How often a witness may say within one round that it holds another size: once because this node just
/// started, once because somebody else asked it meanwhile.
const CONFLICTS_MAX: u32 = 2;

/// One witness, and what this node knows of it.
#[derive(Debug)]
pub(super) struct Asking {
    key: VerifierKey,
    url: Option<String>,
    /// The size it cosigned last.
    held: u64,
    answers: bool,
}

/// A cosignature that holds, and of what.
#[derive(Clone, Debug)]
pub(super) struct Cosigned {
    pub(super) size: u64,
    pub(super) verified: Verified,
}

/// What came of asking.
#[derive(Debug)]
pub(super) enum Asked {
    Cosigned(NoteSignature, Cosigned),
    Failed(String),
}

impl Asking {
    pub(super) fn new(witness: &PolicyWitness) -> Asking {
        Asking {
            key: witness.key.clone(),
            url: witness.url.clone(),
            held: 0,
            answers: true,
        }
    }

    /// A witness that did not answer in time; what it holds now, it will say.
    pub(super) fn late(witness: &PolicyWitness) -> Asking {
        Asking {
            answers: false,
            ..Asking::new(witness)
        }
    }

    /// Whether it answered when it was asked last.
    pub(super) fn answers(&self) -> bool {
        self.answers
    }

    pub(super) fn silent(&mut self, after: Duration) -> Asked {
        self.answers = false;
        Asked::Failed(format!("no answer within {} s", after.as_secs()))
    }

    /// Asks it to cosign a checkpoint.
    pub(super) async fn ask(
        &mut self,
        durable: &Durable,
        client: &dyn WitnessClient,
        checkpoint: &SignedCheckpoint,
    ) -> Asked {
        let asked = self.try_ask(durable, client, checkpoint).await;
        self.answers = asked.is_ok();
        match asked {
            Ok((signature, cosigned)) => {
                self.held = cosigned.size;
                Asked::Cosigned(signature, cosigned)
            }
            Err(why) => Asked::Failed(why),
        }
    }

    async fn try_ask(
        &mut self,
        durable: &Durable,
        client: &dyn WitnessClient,
        checkpoint: &SignedCheckpoint,
    ) -> Result<(NoteSignature, Cosigned), String> {
        let url = self.url.clone();
        let url = url.ok_or("the policy gives no address for it")?;
        let size = checkpoint.checkpoint().size;
        let mut conflicts = 0;
        loop {
            // Somebody else may have brought it further than this checkpoint: then the next is due.
            let old_size = self.held.min(size);
            let proof = durable.tree.consistency_proof(old_size, size).await;
            let request = AddCheckpoint {
                old_size,
                proof: proof.map_err(|error| error.to_string())?,
                checkpoint: checkpoint.note().clone(),
            };
            let sent = client.add_checkpoint(&url, request.to_string().into_bytes());
            let (status, body) = sent.await?;
            match status {
                200 => return self.accept(checkpoint, &body),
                409 if conflicts < CONFLICTS_MAX => {
                    conflicts += 1;
                    let held = parse_size(&body).ok_or("it answered 409 without a size")?;
                    self.held = held;
                    if held > durable.checkpoint().checkpoint().size {
                        self.compare(durable, client, &url).await?;
                        return Err(format!("it says that it holds {held} entries of this log"));
                    }
                    if held > size {
                        return Err(format!("it holds {held} entries already"));
                    }
                }
                422 => {
                    self.compare(durable, client, &url).await?;
                    return Err(refusal(status, &body));
                }
                _ => return Err(refusal(status, &body)),
            }
        }
    }

    /// Takes its cosignature, once it holds.
    fn accept(
        &self,
        checkpoint: &SignedCheckpoint,
        body: &[u8],
    ) -> Result<(NoteSignature, Cosigned), String> {
        let signatures = parse_cosignatures(body).ok_or("it answered 200 without a cosignature")?;
        let own = signatures.into_iter().find(|s| s.is_by(&self.key));
        let own = own.ok_or("it answered 200 without a cosignature by its key")?;
        let mut note = checkpoint.note().clone();
        note.add(own.clone()).map_err(|error| error.to_string())?;
        let verified = note.verify(std::slice::from_ref(&self.key));
        let verified =
            verified.map_err(|error| format!("its cosignature does not hold: {error}"))?;
        let size = checkpoint.checkpoint().size;
        let verified = verified.into_iter().next().ok_or("it did not cosign")?;
        Ok((own, Cosigned { size, verified }))
    }

    /// What the witness holds, if the log's own key signed it, is either the beginning of this log or the
    /// proof that this node lost or changed acknowledged entries. Its word alone halts nothing.
    async fn compare(
        &self,
        durable: &Durable,
        client: &dyn WitnessClient,
        url: &str,
    ) -> Result<(), String> {
        let hash = origin_hash(&durable.origin);
        let (status, body) = client.checkpoint(url, &hash).await?;
        if status != 200 {
            return Ok(());
        }
        let Ok(note) = Note::parse(&body) else {
            return Ok(());
        };
        let Some(theirs) = durable.signed(&note).await else {
            return Ok(());
        };
        let theirs = theirs.checkpoint();
        let length = durable.checkpoint().checkpoint().size;
        if theirs.size > length {
            let checkpoint = theirs.size;
            durable.halt(Halt::RolledBack { length, checkpoint });
            return Ok(());
        }
        let found = root(durable, theirs.size).await?;
        if found != theirs.root {
            durable.halt(Halt::Forked {
                size: theirs.size,
                expected: theirs.root,
                found,
            });
        }
        Ok(())
    }
}

/// The root of the first `size` entries, from a thread that may block.
async fn root(durable: &Durable, size: u64) -> Result<Hash, String> {
    if size == 0 {
        return Ok(empty_root());
    }
    let tree = durable.tree.clone();
    let root = crate::blocking::run(move || tree.tiles().root(size)).await;
    root.ok_or("the node is shutting down")?
        .map_err(|error| error.to_string())
}

fn refusal(status: u16, body: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(body).chars().take(200).collect();
    format!("it answered {status}: {}", text.trim())
}
