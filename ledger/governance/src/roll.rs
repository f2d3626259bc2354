//! The roll 名册: a body's electorate at one moment, and how it is put together from parts.
//!
//! One owner of several units is one head with the summed area; co-owners of one unit are one head,
//! its voter, and the same owners of several units are one head too (民法典 278; 法释〔2009〕7号 art. 9).

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
    ops::{Add, AddAssign},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    action::{RollLine, RollPart, RollPublished},
    calendar::Date,
    charter::MeasureKind,
    ids::{BodyId, Digest, Millis, PersonId, RollId, UnitId},
};

pub use crate::bounds::{CO_OWNERS_MAX as CO_OWNERS_PER_LINE_MAX, LINES_MAX as LINES_PER_PART_MAX};

/// Most parts of a roll: 200,000 lines, several times the electorate of the largest communities.
pub const PARTS_MAX: u32 = 200;

/// What a voter, or a group of voters, counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Weight {
    /// 人数: how many heads.
    pub heads: u64,
    /// 专有部分面积: exclusive area, in 0.01 m².
    pub area: u64,
}

impl Weight {
    /// Nobody.
    pub const ZERO: Self = Self { heads: 0, area: 0 };

    /// One head with this area, in 0.01 m².
    pub const fn of_one(area: u64) -> Self {
        Self { heads: 1, area }
    }

    /// As counted by one measure.
    pub const fn by(self, kind: MeasureKind) -> u64 {
        match kind {
            MeasureKind::Heads => self.heads,
            MeasureKind::Area => self.area,
        }
    }

    /// Without these, at least nobody.
    pub const fn without(self, others: Self) -> Self {
        Self {
            heads: self.heads.saturating_sub(others.heads),
            area: self.area.saturating_sub(others.area),
        }
    }
}

impl Add for Weight {
    type Output = Self;

    /// Sums of distinct voters of one roll cannot overflow: the roll's own total was added up with
    /// overflow checked. Sums of anything else stop at the largest number rather than wrap.
    fn add(self, other: Self) -> Self {
        Self {
            heads: self.heads.saturating_add(other.heads),
            area: self.area.saturating_add(other.area),
        }
    }
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl iter::Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::ZERO, Self::add)
    }
}

/// Why a roll, or a part of one, cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollError {
    /// The roll belongs to another body.
    #[error("the roll was begun for body {expected}, not {found}")]
    OtherBody {
        /// Of the first part.
        expected: BodyId,
        /// Of this one.
        found: BodyId,
    },
    /// Parts come in order.
    #[error("part {found} does not follow: the next part is {expected}")]
    PartOutOfOrder {
        /// The next.
        expected: u32,
        /// As given.
        found: u32,
    },
    /// No more parts fit.
    #[error("a roll has at most {PARTS_MAX} parts")]
    TooManyParts,
    /// A part has 1 to [`LINES_PER_PART_MAX`] lines.
    #[error("a part has 1 to {LINES_PER_PART_MAX} lines, not {found}")]
    LineCount {
        /// As given.
        found: usize,
    },
    /// A unit stands on the roll once.
    #[error("unit {unit} stands on the roll twice")]
    UnitRepeated {
        /// Which.
        unit: UnitId,
    },
    /// A voter with a line without a unit has no other line.
    #[error("voter {voter} stands on the roll twice, once without a unit")]
    VoterRepeated {
        /// Who.
        voter: PersonId,
    },
    /// A co-owner is somebody else than the voter, and listed once.
    #[error("co-owner {co_owner} of voter {voter} is the voter, or is listed twice on one line")]
    CoOwnerRepeated {
        /// The line's voter.
        voter: PersonId,
        /// Who is listed wrongly.
        co_owner: PersonId,
    },
    /// The same owners, of one unit or of several, are one head.
    #[error(
        "voter {voter} and voter {other} stand for the same owners, who are one head: name one of them on every line"
    )]
    OwnersTwice {
        /// The voter of this line.
        voter: PersonId,
        /// The voter of an earlier one.
        other: PersonId,
    },
    /// A line has a bounded number of co-owners.
    #[error("voter {voter} has {found} co-owners on one line, over {CO_OWNERS_PER_LINE_MAX}")]
    TooManyCoOwners {
        /// The line's voter.
        voter: PersonId,
        /// As given.
        found: usize,
    },
    /// Not all parts, or more, are there.
    #[error("the roll is published with {stated} parts, {found} are recorded")]
    PartsDiffer {
        /// As published.
        stated: u32,
        /// As recorded.
        found: u32,
    },
    /// Heads do not add up.
    #[error("the roll is published with {stated} members, its lines have {found}")]
    MembersDiffer {
        /// As published.
        stated: u32,
        /// As recorded.
        found: u64,
    },
    /// Areas do not add up.
    #[error("the roll is published with an area of {stated} (0.01 m²), its lines have {found}")]
    AreaDiffers {
        /// As published, in 0.01 m².
        stated: u64,
        /// As recorded, in 0.01 m².
        found: u64,
    },
    /// The areas together are over 2⁶⁴ − 1.
    #[error("the areas of the roll add up to more than can be counted")]
    AreaOverflow,
    /// The lines are not those published.
    #[error("the roll is published with digest {stated}, its lines have {found}")]
    DigestDiffers {
        /// As published.
        stated: Digest,
        /// As recorded.
        found: Digest,
    },
}

/// A roll not yet published: its parts so far. Parts are shared between copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollDraft {
    body: BodyId,
    parts: Vec<Arc<DraftPart>>,
}

/// The lines of a part with what later parts must not repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<RollLine>", into = "Vec<RollLine>")]
struct DraftPart {
    lines: Vec<RollLine>,
    units: BTreeSet<UnitId>,
    voters: BTreeSet<PersonId>,
    without_unit: BTreeSet<PersonId>,
    /// Who votes for owners who own together.
    together: BTreeMap<BTreeSet<PersonId>, PersonId>,
}

/// Everybody who owns a line's unit, where they are several.
fn owners_of(line: &RollLine) -> Option<BTreeSet<PersonId>> {
    let everybody = || iter::once(&line.voter).chain(&line.co_owners).cloned();
    (!line.co_owners.is_empty()).then(|| everybody().collect())
}

impl From<Vec<RollLine>> for DraftPart {
    fn from(lines: Vec<RollLine>) -> Self {
        Self {
            units: lines.iter().filter_map(|l| l.unit.clone()).collect(),
            voters: lines.iter().map(|l| l.voter.clone()).collect(),
            without_unit: lines
                .iter()
                .filter(|l| l.unit.is_none())
                .map(|l| l.voter.clone())
                .collect(),
            together: lines
                .iter()
                .filter_map(|l| Some((owners_of(l)?, l.voter.clone())))
                .collect(),
            lines,
        }
    }
}

impl From<DraftPart> for Vec<RollLine> {
    fn from(part: DraftPart) -> Self {
        part.lines
    }
}

impl DraftPart {
    /// Whether `line`, of a later part, goes with this one.
    fn admits(&self, line: &RollLine) -> Result<(), RollError> {
        match &line.unit {
            Some(unit) if self.units.contains(unit) => {
                Err(RollError::UnitRepeated { unit: unit.clone() })
            }
            Some(_) if self.without_unit.contains(&line.voter) => Err(voter_repeated(line)),
            None if self.voters.contains(&line.voter) => Err(voter_repeated(line)),
            _ => self.admits_owners(line),
        }
    }

    /// A couple with two flats are one head, whoever of them votes for which.
    fn admits_owners(&self, line: &RollLine) -> Result<(), RollError> {
        let voter = owners_of(line).and_then(|owners| self.together.get(&owners));
        match voter.filter(|voter| **voter != line.voter) {
            None => Ok(()),
            Some(other) => Err(RollError::OwnersTwice {
                voter: line.voter.clone(),
                other: other.clone(),
            }),
        }
    }
}

fn voter_repeated(line: &RollLine) -> RollError {
    RollError::VoterRepeated {
        voter: line.voter.clone(),
    }
}

impl RollDraft {
    /// A draft without parts, for this body.
    pub const fn new(body: BodyId) -> Self {
        Self {
            body,
            parts: Vec::new(),
        }
    }

    /// Whose electorate it is to be.
    pub const fn body(&self) -> &BodyId {
        &self.body
    }

    /// How many parts it has.
    pub fn parts(&self) -> u32 {
        // At most PARTS_MAX.
        u32::try_from(self.parts.len()).unwrap_or(u32::MAX)
    }

    /// Its lines so far, in order.
    pub fn lines(&self) -> impl Iterator<Item = &RollLine> {
        self.parts.iter().flat_map(|part| &part.lines)
    }

    /// Whether this part may come next.
    pub fn check_part(&self, part: &RollPart) -> Result<(), RollError> {
        if part.body != self.body {
            return Err(RollError::OtherBody {
                expected: self.body.clone(),
                found: part.body.clone(),
            });
        }
        if part.part != self.parts() {
            return Err(RollError::PartOutOfOrder {
                expected: self.parts(),
                found: part.part,
            });
        }
        if part.part >= PARTS_MAX {
            return Err(RollError::TooManyParts);
        }
        check_lines(&part.lines)?;
        let earlier = |line| self.parts.iter().try_for_each(|p| p.admits(line));
        part.lines.iter().try_for_each(earlier)
    }

    /// Takes the next part.
    pub fn add_part(&mut self, part: &RollPart) -> Result<(), RollError> {
        self.check_part(part)?;
        self.parts
            .push(Arc::new(DraftPart::from(part.lines.clone())));
        Ok(())
    }

    /// The roll these parts make, if they are what is published; by the entry with this index,
    /// recorded at this moment.
    pub fn publish(
        &self,
        published: &RollPublished,
        index: u64,
        published_at: Millis,
    ) -> Result<Roll, RollError> {
        if published.body != self.body {
            return Err(RollError::OtherBody {
                expected: self.body.clone(),
                found: published.body.clone(),
            });
        }
        if published.parts != self.parts() {
            return Err(RollError::PartsDiffer {
                stated: published.parts,
                found: self.parts(),
            });
        }
        let roll = self.gathered(published, index, published_at)?;
        roll.check_against(published)?;
        Ok(roll)
    }

    fn gathered(
        &self,
        published: &RollPublished,
        index: u64,
        published_at: Millis,
    ) -> Result<Roll, RollError> {
        let mut heads: BTreeMap<PersonId, Weight> = BTreeMap::new();
        let mut co_owners: BTreeMap<PersonId, BTreeSet<PersonId>> = BTreeMap::new();
        let mut total_area: u64 = 0;
        for line in self.lines() {
            total_area = total_area
                .checked_add(line.area)
                .ok_or(RollError::AreaOverflow)?;
            heads
                .entry(line.voter.clone())
                .or_insert(Weight::of_one(0))
                .area += line.area;
            for co_owner in &line.co_owners {
                let voters = co_owners.entry(co_owner.clone()).or_default();
                voters.insert(line.voter.clone());
            }
        }
        Ok(Roll {
            id: published.roll.clone(),
            body: self.body.clone(),
            as_of: published.as_of,
            published_at,
            index,
            total: Weight {
                heads: heads.len() as u64,
                area: total_area,
            },
            digest: digest(self.lines()),
            heads,
            co_owners,
        })
    }
}

/// What can be said of a part's lines by themselves.
fn check_lines(lines: &[RollLine]) -> Result<(), RollError> {
    if !(1..=LINES_PER_PART_MAX).contains(&lines.len()) {
        return Err(RollError::LineCount { found: lines.len() });
    }
    let mut seen = DraftPart::from(Vec::new());
    for line in lines {
        check_co_owners(line)?;
        seen.admits(line)?;
        match &line.unit {
            Some(unit) => seen.units.insert(unit.clone()),
            None => seen.without_unit.insert(line.voter.clone()),
        };
        seen.voters.insert(line.voter.clone());
        if let Some(owners) = owners_of(line) {
            seen.together.insert(owners, line.voter.clone());
        }
    }
    Ok(())
}

fn check_co_owners(line: &RollLine) -> Result<(), RollError> {
    if line.co_owners.len() > CO_OWNERS_PER_LINE_MAX {
        return Err(RollError::TooManyCoOwners {
            voter: line.voter.clone(),
            found: line.co_owners.len(),
        });
    }
    let mut seen = BTreeSet::from([&line.voter]);
    match line.co_owners.iter().find(|c| !seen.insert(c)) {
        Some(co_owner) => Err(RollError::CoOwnerRepeated {
            voter: line.voter.clone(),
            co_owner: co_owner.clone(),
        }),
        None => Ok(()),
    }
}

/// A published roll; it never changes. Copies of a state share it behind an [`Arc`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    id: RollId,
    body: BodyId,
    as_of: Date,
    published_at: Millis,
    index: u64,
    heads: BTreeMap<PersonId, Weight>,
    co_owners: BTreeMap<PersonId, BTreeSet<PersonId>>,
    total: Weight,
    digest: Digest,
}

impl Roll {
    /// Its id.
    pub const fn id(&self) -> &RollId {
        &self.id
    }

    /// Whose electorate.
    pub const fn body(&self) -> &BodyId {
        &self.body
    }

    /// The day from which it holds.
    pub const fn as_of(&self) -> Date {
        self.as_of
    }

    /// When it was published.
    pub const fn published_at(&self) -> Millis {
        self.published_at
    }

    /// The entry that published it.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Every voter together.
    pub const fn total(&self) -> Weight {
        self.total
    }

    /// [`digest`] of its lines.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What a voter counts for; `None`: not a voter of this roll.
    pub fn weight_of(&self, person: &PersonId) -> Option<Weight> {
        self.heads.get(person).copied()
    }

    /// Whether a person owns a unit whose vote is another's.
    pub fn is_co_owner(&self, person: &PersonId) -> bool {
        self.co_owners.contains_key(person)
    }

    /// The voters a co-owner shares units with, in order; nobody for others.
    pub fn voters_of(&self, co_owner: &PersonId) -> impl Iterator<Item = &PersonId> {
        self.co_owners.get(co_owner).into_iter().flatten()
    }

    /// Its voters in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&PersonId, Weight)> {
        self.heads.iter().map(|(voter, weight)| (voter, *weight))
    }

    fn check_against(&self, published: &RollPublished) -> Result<(), RollError> {
        if u64::from(published.members) != self.total.heads {
            return Err(RollError::MembersDiffer {
                stated: published.members,
                found: self.total.heads,
            });
        }
        if published.total_area != self.total.area {
            return Err(RollError::AreaDiffers {
                stated: published.total_area,
                found: self.total.area,
            });
        }
        if published.digest != self.digest {
            return Err(RollError::DigestDiffers {
                stated: published.digest,
                found: self.digest,
            });
        }
        Ok(())
    }
}

/// What the digest of a roll begins with.
const DIGEST_DOMAIN: &[u8] = b"govledger/roll/v1\n";

/// The digest of a roll's lines, in the order they were recorded: SHA-256 of `govledger/roll/v1`, a
/// line feed and, for each line, the voter, the area (u64), the unit (length 0 where there is none),
/// the number of co-owners (u16) and each co-owner. Numbers are big-endian; an id is its length (u16)
/// and its bytes.
pub fn digest<'a>(lines: impl IntoIterator<Item = &'a RollLine>) -> Digest {
    let mut hash = Sha256::new();
    hash.update(DIGEST_DOMAIN);
    for line in lines {
        absorb(&mut hash, line.voter.as_str());
        hash.update(line.area.to_be_bytes());
        absorb(&mut hash, line.unit.as_ref().map_or("", UnitId::as_str));
        hash.update(length(line.co_owners.len()));
        for co_owner in &line.co_owners {
            absorb(&mut hash, co_owner.as_str());
        }
    }
    Digest(hash.finalize().into())
}

fn absorb(hash: &mut Sha256, id: &str) {
    hash.update(length(id.len()));
    hash.update(id.as_bytes());
}

/// An id has at most 64 bytes and a line a part admits at most 64 co-owners.
fn length(n: usize) -> [u8; 2] {
    u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes()
}
