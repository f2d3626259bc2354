//! Whose word is enough: C2SP's tlog-policy, a file that names logs, witnesses, groups of them, and the
//! quorum that makes a checkpoint valid.
//!
//! ```text
//! log <vkey> [<url>]
//! witness <name> <vkey> [<url>]
//! group <name> all|any|<k> <member>…
//! quorum <name>|none
//! ```
//!
//! The file is octets: names are compared as such and shown as well as can be.

use std::fmt;

use crate::key::{KeyError, SignatureKind, VerifierKey};
use crate::note::Verified;

/// The longest policy file in bytes: some hundred lines with the longest names and addresses.
pub const MAX_POLICY_LEN: usize = 256 * 1024;

/// The most logs, the most witnesses and the most groups of a policy; the specification asks for 32.
pub const MAX_POLICY_ITEMS: usize = 64;

/// The name that no witness or group may have: the quorum of nobody.
const NOBODY: &[u8] = b"none";

/// A name of a witness or group: any octets but spaces, tabs and newlines.
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyName(Vec<u8>);

impl PolicyName {
    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

/// A log whose checkpoints the policy accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// What its checkpoints are checked with; the name is the origin.
    pub key: VerifierKey,
    /// Where it is.
    pub url: Option<String>,
}

/// A witness that counts towards the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name within the policy.
    pub name: PolicyName,
    /// What its cosignatures are checked with.
    pub key: VerifierKey,
    /// Where it takes checkpoints: its submission prefix (tlog-witness).
    pub url: Option<String>,
}

/// A witness or a group, by its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// Who must have cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    /// The log's signature is enough.
    Nobody,
    Of(Member),
}

/// So many of these.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: PolicyName,
    threshold: usize,
    members: Vec<Member>,
}

/// Which checkpoints are valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Quorum,
}

/// A file that is not a policy, and the line that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct PolicyError {
    /// The line's number, from 1; the number of lines where one is missing.
    pub line: usize,
    /// What is wrong.
    pub kind: PolicyErrorKind,
}

/// What is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyErrorKind {
    /// Longer than [`MAX_POLICY_LEN`].
    #[error("the policy is longer than {MAX_POLICY_LEN} bytes")]
    TooLong,
    /// The last line has no newline.
    #[error("the last line does not end in a newline")]
    Unterminated,
    /// An octet that is neither printable, tab nor newline.
    #[error("a control character")]
    Character,
    /// Neither `log`, `witness`, `group` nor `quorum`.
    #[error("neither log, witness, group nor quorum")]
    Keyword,
    /// More or fewer words than such a line has.
    #[error("it must be: {0}")]
    Words(&'static str),
    /// Not a verifier key of a kind this crate knows.
    #[error("the verifier key is none: {0}")]
    Key(#[source] KeyError),
    /// A witness's key for a log, or the other way round.
    #[error("a key that signs otherwise: a log's has type 1, a witness's type 4")]
    KeyKind,
    /// The same public key twice among logs, or among witnesses.
    #[error("the public key stands in the policy already")]
    DuplicateKey,
    /// An address that is not UTF-8.
    #[error("the address is not UTF-8")]
    Url,
    /// `none`, or a name that a line before has taken.
    #[error("the name {0} is taken")]
    NameTaken(PolicyName),
    /// A name that no line before defines.
    #[error("no line before this defines {0}")]
    UnknownName(PolicyName),
    /// A name that is a group's member already.
    #[error("{0} is a member of a group already")]
    MemberTwice(PolicyName),
    /// A threshold that is not `all`, `any`, or a number from 1 to the number of members.
    #[error("the threshold is all, any, or 1 to the number of members")]
    Threshold,
    /// More logs, witnesses or groups than [`MAX_POLICY_ITEMS`].
    #[error("more than {MAX_POLICY_ITEMS} logs, witnesses or groups")]
    TooMany,
    /// No line that says what the quorum is, or a second one.
    #[error("a policy has exactly one quorum line")]
    Quorum,
}

impl Policy {
    /// Reads a policy file.
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
        if bytes.len() > MAX_POLICY_LEN {
            return Err(PolicyErrorKind::TooLong.at(1));
        }
        let mut reading = Reading::default();
        let mut lines = bytes.split(|byte| *byte == b'\n').enumerate().peekable();
        let mut last = 0;
        while let Some((before, line)) = lines.next() {
            last = before + 1;
            if lines.peek().is_none() {
                if line.is_empty() {
                    break;
                }
                return Err(PolicyErrorKind::Unterminated.at(last));
            }
            reading.line(line).map_err(|kind| kind.at(last))?;
        }
        let quorum = reading.quorum.ok_or(PolicyErrorKind::Quorum.at(last))?;
        Ok(Policy {
            logs: reading.logs,
            witnesses: reading.witnesses,
            groups: reading.groups,
            quorum,
        })
    }

    /// The logs whose checkpoints are accepted.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// The witnesses' verifier keys, in the file's order.
    pub fn witness_keys(&self) -> Vec<VerifierKey> {
        let keys = self.witnesses.iter().map(|witness| witness.key.clone());
        keys.collect()
    }

    /// Whether a checkpoint needs any cosignature to be valid.
    pub fn needs_witnesses(&self) -> bool {
        self.quorum != Quorum::Nobody
    }

    /// Whether the cosignatures that hold (of [`Policy::witness_keys`]) are a quorum.
    pub fn is_met_by(&self, cosigned: &[Verified]) -> bool {
        let by = |key: &VerifierKey| {
            let mut all = cosigned.iter();
            all.any(|verified| verified.name == key.name() && verified.key_id == key.id())
        };
        let cosigned: Vec<bool> = self.witnesses.iter().map(|w| by(&w.key)).collect();
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            // Members stand on lines before the group's.
            let met = |member: &&Member| is_met(**member, &cosigned, &groups);
            let count = group.members.iter().filter(met).count();
            groups.push(count >= group.threshold);
        }
        match self.quorum {
            Quorum::Nobody => true,
            Quorum::Of(member) => is_met(member, &cosigned, &groups),
        }
    }
}

fn is_met(member: Member, witnesses: &[bool], groups: &[bool]) -> bool {
    match member {
        Member::Witness(at) => witnesses.get(at) == Some(&true),
        Member::Group(at) => groups.get(at) == Some(&true),
    }
}

impl PolicyErrorKind {
    fn at(self, line: usize) -> PolicyError {
        PolicyError { line, kind: self }
    }
}

/// A policy as far as it was read.
#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    /// Every name that is a group's member already.
    members: Vec<PolicyName>,
    quorum: Option<Quorum>,
}

impl Reading {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyErrorKind> {
        // Newlines are gone; a tab is a space, and octets from 0x80 on are anybody's.
        if line
            .iter()
            .any(|b| (*b < 0x20 && *b != b'\t') || *b == 0x7f)
        {
            return Err(PolicyErrorKind::Character);
        }
        let words = line.split(|byte| matches!(byte, b' ' | b'\t'));
        let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", rest @ ..] => self.log(rest),
            [b"witness", rest @ ..] => self.witness(rest),
            [b"group", rest @ ..] => self.group(rest),
            [b"quorum", rest @ ..] => self.quorum(rest),
            _ => Err(PolicyErrorKind::Keyword),
        }
    }

    fn log(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let (key, url) = match words {
            [key] => (key, None),
            [key, url] => (key, Some(url)),
            _ => return Err(PolicyErrorKind::Words("log <vkey> [<url>]")),
        };
        let key = parse_key(key, SignatureKind::Ed25519)?;
        check_new_key(&key, self.logs.iter().map(|log| &log.key))?;
        check_room(self.logs.len())?;
        let url = url.map(|url| parse_url(url)).transpose()?;
        self.logs.push(PolicyLog { key, url });
        Ok(())
    }

    fn witness(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let (name, key, url) = match words {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(url)),
            _ => return Err(PolicyErrorKind::Words("witness <name> <vkey> [<url>]")),
        };
        let name = self.new_name(name)?;
        let key = parse_key(key, SignatureKind::CosignatureV1)?;
        check_new_key(&key, self.witnesses.iter().map(|witness| &witness.key))?;
        check_room(self.witnesses.len())?;
        let url = url.map(|url| parse_url(url)).transpose()?;
        self.witnesses.push(PolicyWitness { name, key, url });
        Ok(())
    }

    fn group(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let [name, threshold, names @ ..] = words else {
            return Err(PolicyErrorKind::Words("group <name> all|any|<k> <name>…"));
        };
        let name = self.new_name(name)?;
        if names.is_empty() {
            return Err(PolicyErrorKind::Words("group <name> all|any|<k> <name>…"));
        }
        check_room(self.groups.len())?;
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            members.push(self.member(name)?);
            let name = PolicyName(name.to_vec());
            if self.members.contains(&name) {
                return Err(PolicyErrorKind::MemberTwice(name));
            }
            self.members.push(name);
        }
        let threshold = parse_threshold(threshold, members.len())?;
        self.groups.push(Group {
            name,
            threshold,
            members,
        });
        Ok(())
    }

    fn quorum(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let [name] = words else {
            return Err(PolicyErrorKind::Words("quorum <name>"));
        };
        if self.quorum.is_some() {
            return Err(PolicyErrorKind::Quorum);
        }
        self.quorum = Some(match *name {
            NOBODY => Quorum::Nobody,
            name => Quorum::Of(self.member(name)?),
        });
        Ok(())
    }

    /// A name that nothing has yet.
    fn new_name(&self, name: &[u8]) -> Result<PolicyName, PolicyErrorKind> {
        let taken = name == NOBODY || self.member(name).is_ok();
        let name = PolicyName(name.to_vec());
        if taken {
            Err(PolicyErrorKind::NameTaken(name))
        } else {
            Ok(name)
        }
    }

    /// The witness or group of this name.
    fn member(&self, name: &[u8]) -> Result<Member, PolicyErrorKind> {
        let witness = self.witnesses.iter().position(|w| w.name.0 == name);
        let group = self.groups.iter().position(|group| group.name.0 == name);
        let member = witness.map(Member::Witness).or(group.map(Member::Group));
        member.ok_or_else(|| PolicyErrorKind::UnknownName(PolicyName(name.to_vec())))
    }
}

fn parse_key(text: &[u8], kind: SignatureKind) -> Result<VerifierKey, PolicyErrorKind> {
    let text = std::str::from_utf8(text).map_err(|_| PolicyErrorKind::Key(KeyError::Malformed))?;
    let key: VerifierKey = text.parse().map_err(PolicyErrorKind::Key)?;
    if key.kind() == kind {
        Ok(key)
    } else {
        Err(PolicyErrorKind::KeyKind)
    }
}

fn parse_url(text: &[u8]) -> Result<String, PolicyErrorKind> {
    let text = std::str::from_utf8(text).map_err(|_| PolicyErrorKind::Url)?;
    Ok(text.to_owned())
}

fn parse_threshold(text: &[u8], members: usize) -> Result<usize, PolicyErrorKind> {
    let number = match text {
        b"all" => Some(members),
        b"any" => Some(1),
        digits => std::str::from_utf8(digits)
            .ok()
            .and_then(crate::checkpoint::parse_decimal)
            .and_then(|number| usize::try_from(number).ok()),
    };
    number
        .filter(|number| (1..=members).contains(number))
        .ok_or(PolicyErrorKind::Threshold)
}

/// No other has this public key, whatever its name.
fn check_new_key<'a>(
    key: &VerifierKey,
    mut others: impl Iterator<Item = &'a VerifierKey>,
) -> Result<(), PolicyErrorKind> {
    if others.any(|other| other.public_key() == key.public_key()) {
        Err(PolicyErrorKind::DuplicateKey)
    } else {
        Ok(())
    }
}

fn check_room(count: usize) -> Result<(), PolicyErrorKind> {
    if count < MAX_POLICY_ITEMS {
        Ok(())
    } else {
        Err(PolicyErrorKind::TooMany)
    }
}
