//! What concerns an entry alone, checked on all cores: bytes, action, signatures, stored contents.

use ed25519_dalek::{Signature, VerifyingKey};
use rayon::prelude::*;
use tlog::signing::{SignatureError, signing_message};
use tlog::{Entry, MAX_SIGNATURES};

use super::finding::{Finding, FindingKind, content_finding};
use super::source::Contents;
use crate::replay::{Fault, SignatureCheck, check_alone};
use crate::signatures::read;
use crate::tail::LoggedEntry;

/// How many entries are checked as one batch: at 256 signatures the gain over strict checks, 2.7
/// times, is nearly all there is.
const BATCH_ENTRIES: usize = 256;

/// An entry that is sound in itself, and how many of its contents are stored.
pub(super) struct Checked {
    pub(super) entry: LoggedEntry,
    pub(super) contents_verified: u64,
    pub(super) contents_missing: u64,
}

/// What is wrong with an entry by itself; its place gives the index.
pub(super) enum Unsound {
    Entry(Fault),
    Content(Finding),
}

/// How entries are checked.
#[derive(Clone, Debug)]
pub(super) struct Checker {
    pub(super) quick: bool,
    pub(super) contents: Option<Contents>,
}

impl Checker {
    /// Checks entries side by side; the results are in the entries' order.
    pub(super) fn check(&self, entries: Vec<Vec<u8>>) -> Vec<Result<Checked, Unsound>> {
        if !self.quick {
            let check = |bytes| self.check_one(bytes, SignatureCheck::Strict);
            return entries.into_par_iter().map(check).collect();
        }
        let chunks: Vec<Vec<Vec<u8>>> = split(entries);
        let batch = |chunk: Vec<Vec<u8>>| self.check_batch(chunk);
        chunks.into_par_iter().flat_map_iter(batch).collect()
    }

    fn check_one(&self, bytes: Vec<u8>, signatures: SignatureCheck) -> Result<Checked, Unsound> {
        let entry = check_alone(bytes, signatures).map_err(Unsound::Entry)?;
        let (contents_verified, contents_missing) = self.check_contents(&entry)?;
        Ok(Checked {
            entry,
            contents_verified,
            contents_missing,
        })
    }

    /// Checks the signatures of many entries at once, and strictly one by one if that fails, to tell
    /// which it is.
    fn check_batch(&self, chunk: Vec<Vec<u8>>) -> Vec<Result<Checked, Unsound>> {
        let check = |bytes| self.check_one(bytes, SignatureCheck::Elsewhere);
        let checked: Vec<_> = chunk.into_iter().map(check).collect();
        let entries = checked.iter().filter_map(|checked| checked.as_ref().ok());
        if batch_holds(entries.map(|checked| &checked.entry.entry)) {
            return checked;
        }
        let strictly = |checked: Result<Checked, Unsound>| {
            let checked = checked?;
            let entry = &checked.entry.entry;
            crate::signatures::verify_signatures(&entry.action, &entry.signatures)
                .map_err(|error| Unsound::Entry(error.into()))?;
            Ok(checked)
        };
        checked.into_iter().map(strictly).collect()
    }

    /// Each stored content is the one the entry names. Returns how many are stored and how many not.
    fn check_contents(&self, entry: &LoggedEntry) -> Result<(u64, u64), Unsound> {
        let Some(contents) = &self.contents else {
            return Ok((0, 0));
        };
        let (mut verified, mut missing) = (0, 0);
        for named in proto::contents_of(&entry.action) {
            let read = contents.read(&named.digest);
            match read.map_err(|error| content_finding(named.digest, entry.index, &error)) {
                Ok(None) => missing += 1,
                Ok(Some(content)) if u32::try_from(content.bytes().len()) == Ok(named.length) => {
                    verified += 1;
                }
                Ok(Some(content)) => {
                    let reason = format!(
                        "it has {} bytes, but the action says {}",
                        content.bytes().len(),
                        named.length
                    );
                    let digest = named.digest;
                    let finding = FindingKind::Content { digest, reason }.at(Some(entry.index));
                    return Err(Unsound::Content(finding));
                }
                Err(finding) => return Err(Unsound::Content(finding)),
            }
        }
        Ok((verified, missing))
    }
}

fn split(entries: Vec<Vec<u8>>) -> Vec<Vec<Vec<u8>>> {
    let mut entries = entries.into_iter();
    let mut chunks = Vec::new();
    loop {
        let chunk: Vec<_> = entries.by_ref().take(BATCH_ENTRIES).collect();
        if chunk.is_empty() {
            return chunks;
        }
        chunks.push(chunk);
    }
}

/// Whether all signatures of these entries hold together, their keys are strong, and no key signs an
/// action twice.
fn batch_holds<'a>(entries: impl Iterator<Item = &'a Entry>) -> bool {
    let mut batch = Batch::default();
    let added: Result<(), SignatureError> = entries.into_iter().try_for_each(|e| batch.add(e));
    added.is_ok() && batch.holds()
}

#[derive(Default)]
struct Batch {
    messages: Vec<Vec<u8>>,
    /// By signature: which message it is over.
    over: Vec<usize>,
    signatures: Vec<Signature>,
    keys: Vec<VerifyingKey>,
}

impl Batch {
    fn add(&mut self, entry: &Entry) -> Result<(), SignatureError> {
        let found = entry.signatures.len();
        if found == 0 || found > MAX_SIGNATURES {
            return Err(SignatureError::Count { found });
        }
        for (place, signature) in entry.signatures.iter().enumerate() {
            let before = &entry.signatures[..place];
            if before.iter().any(|other| other.key == signature.key) {
                return Err(SignatureError::KeyTwice { place });
            }
            self.keys.push(read(&signature.key)?);
            self.signatures
                .push(Signature::from_bytes(&signature.signature));
            self.over.push(self.messages.len());
        }
        self.messages.push(signing_message(&entry.action));
        Ok(())
    }

    fn holds(&self) -> bool {
        let messages: Vec<&[u8]> = self
            .over
            .iter()
            .map(|at| self.messages[*at].as_slice())
            .collect();
        messages.is_empty()
            || ed25519_dalek::verify_batch(&messages, &self.signatures, &self.keys).is_ok()
    }
}
