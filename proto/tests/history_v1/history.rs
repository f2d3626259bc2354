//! The history as a file: a block of `name = value` lines for each attempt, bytes in hexadecimal.

use std::fmt;

use proto::{decode_action, payload_kind};
use tlog::{Hash, Signature};

const HEAD: &str = "\
# A ledger's life under rules version 1, attempt by attempt.
#
# For each: when it was to be recorded, each signature (key, then Ed25519 signature over the action, in
# order), the action's bytes, and the verdict: a code, or ok and the leaf hash of the entry it became.
# At the end the size of the log and the root hash of its tree. FORMAT.md describes the bytes.
# Keys are for tests only: the seed of each is SHA-256(\"key of \" and a name).
";

/// What was tried, in order, and the log that came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct History {
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

/// An action that might become the next entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) recorded_at: u64,
    pub(crate) signatures: Vec<Signature>,
    pub(crate) action: Vec<u8>,
    pub(crate) verdict: Verdict,
}

/// What the rules said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the entry with this leaf hash.
    Admitted { leaf: Hash },
    /// Refused for this reason.
    Refused { code: String },
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.attempts.iter().try_for_each(|a| write!(f, "\n{a}"))?;
        writeln!(f, "\nsize = {}", self.size)?;
        writeln!(f, "root = {}", hex::encode(self.root.0))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = decode_action(&self.action).expect("the script makes actions");
        writeln!(f, "# {}", payload_kind(&action))?;
        writeln!(f, "recorded_at = {}", self.recorded_at)?;
        for Signature { key, signature } in &self.signatures {
            let (key, signature) = (hex::encode(key), hex::encode(signature));
            writeln!(f, "signature = {key} {signature}")?;
        }
        writeln!(f, "action = {}", hex::encode(&self.action))?;
        match &self.verdict {
            Verdict::Admitted { leaf } => writeln!(f, "verdict = ok {}", hex::encode(leaf.0)),
            Verdict::Refused { code } => writeln!(f, "verdict = {code}"),
        }
    }
}

impl History {
    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Panics
    /// At anything else: it is checked in.
    pub(crate) fn parse(text: &str) -> Self {
        let blocks = text.split("\n\n").map(fields);
        let mut blocks: Vec<_> = blocks.filter(|block| !block.is_empty()).collect();
        let end = blocks.pop().expect("an end");
        Self {
            attempts: blocks.iter().map(|block| attempt(block)).collect(),
            size: number(one(&end, "size")),
            root: Hash(bytes(one(&end, "root"))),
        }
    }
}

type Field<'a> = (&'a str, &'a str);

fn fields(block: &str) -> Vec<Field<'_>> {
    let lines = block
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(" = ").unwrap_or_else(|| panic!("{line}")))
        .collect()
}

fn one<'a>(block: &[Field<'a>], name: &str) -> &'a str {
    let mut found = block.iter().filter(|(field, _)| *field == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => value,
        _ => panic!("not one {name} in {block:?}"),
    }
}

fn attempt(block: &[Field<'_>]) -> Attempt {
    let signatures = block.iter().filter(|(field, _)| *field == "signature");
    Attempt {
        recorded_at: number(one(block, "recorded_at")),
        signatures: signatures.map(|(_, value)| signature(value)).collect(),
        action: hex::decode(one(block, "action")).expect("hexadecimal"),
        verdict: match one(block, "verdict").split_once(' ') {
            Some(("ok", leaf)) => Verdict::Admitted {
                leaf: Hash(bytes(leaf)),
            },
            Some(other) => panic!("{other:?}"),
            None => Verdict::Refused {
                code: one(block, "verdict").to_owned(),
            },
        },
    }
}

fn signature(value: &str) -> Signature {
    let (key, signature) = value.split_once(' ').expect("a key and a signature");
    Signature {
        key: bytes(key),
        signature: bytes(signature),
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let bytes = hex::decode(text).expect("hexadecimal");
    bytes.try_into().expect("of this length")
}
