//! What people and time do: the families of actions.
//!
//! These are the domain's own types; `proto` converts them from and to the signed bytes. A family is
//! one enum with one module deciding it and one arm in each `match` over [`Payload`], so that the
//! compiler names every place a new one must be thought of.

use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Date, UtcOffsets},
    charter::{BodyKind, Charter, MeasureKind, Right, Threshold},
    ids::{
        ActionId, BodyId, Digest, Leaf, LedgerId, MeetingId, Millis, MotionId, OfficeId, PersonId,
        PowerId, PublicKey, RoleId, RollId, RuleId, UnitId,
    },
};

/// One act of one person, or one consequence of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The ledger it is meant for.
    pub ledger: LedgerId,
    /// Leaf hash of that ledger's first entry; zeros in the founding action.
    pub genesis: Leaf,
    /// Occurs once in a log.
    pub id: ActionId,
    /// Who acts.
    pub actor: Actor,
    /// The signer's clock; in a derived action the moment it fell due.
    pub client_time: Millis,
    /// The last moment it may be recorded at; equal to `client_time` in a derived action, which is
    /// exempt.
    pub not_after: Millis,
    /// What the act rests on.
    pub basis: Option<Basis>,
    /// The latest entry about what is acted on, as the signer knew it.
    pub expected_leaf: Option<Leaf>,
    /// What is done.
    pub payload: Payload,
}

/// Who acts, and in which capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Person {
        /// Who.
        person: PersonId,
        /// For which body, in which office; `None`: for oneself (the founder, a key's owner, an
        /// invited expert).
        capacity: Option<Capacity>,
    },
    /// Time itself: derived by the ledger and signed with its record key.
    Ledger,
}

/// The body, and the office in it, a person acts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// The body.
    pub body: BodyId,
    /// The office; `None`: as a member on the body's roll.
    pub office: Option<OfficeId>,
}

/// The power-list item and the citation an act rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Item of the power list.
    pub power_item: Option<PowerId>,
    /// Free citation, e.g. an article.
    pub citation: String,
}

/// Erasable text or evidence, named by its salted digest (formats.md §3). Never read by the rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Content {
    /// SHA-256 over domain separator, salt and bytes.
    pub digest: Digest,
    /// Bytes, at most 262,144.
    pub length: u32,
    /// Media type, e.g. `text/plain; charset=utf-8`.
    pub media_type: String,
}

/// A second officer who signs the same action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestor {
    /// Who.
    pub person: PersonId,
    /// In which capacity.
    pub capacity: Capacity,
}

/// The families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The first entry.
    Founding(Box<LedgerFounded>),
    /// People and keys.
    People(PeopleAction),
    /// Bodies, rights, offices, rolls.
    Bodies(BodiesAction),
    /// Meetings and attendance.
    Meetings(MeetingsAction),
    /// Motions, votes and decisions.
    Deliberation(DeliberationAction),
}

/// The founding of a ledger: its constitution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFounded {
    /// The community's name.
    pub name: String,
    /// Schema-less URL; the checkpoint's origin and key name.
    pub origin: String,
    /// Signs derived entries and nothing else.
    pub record_key: PublicKey,
    /// Signs checkpoints and nothing else.
    pub checkpoint_key: PublicKey,
    /// Local time.
    pub utc_offsets: UtcOffsets,
    /// Which rules this ledger is kept under.
    pub rules_version: u32,
    /// The first charter.
    pub charter: Charter,
    /// The first bodies.
    pub bodies: Vec<BodyEstablished>,
    /// Who may do what from the start.
    pub rights: Vec<Grant>,
    /// The first people, the founder among them.
    pub people: Vec<PersonEnrolled>,
    /// The first officeholders.
    pub offices: Vec<OfficeAssumed>,
    /// A demonstration: no real community decided anything here.
    pub demo: bool,
}

/// People and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleAction {
    /// The registrar enrols a person.
    PersonEnrolled(PersonEnrolled),
    /// A person adds a key.
    KeyAdded {
        /// The new key; it signs too.
        key: PublicKey,
    },
    /// A person exchanges a key for another.
    KeyRotated {
        /// The key given up; it signs first.
        old_key: PublicKey,
        /// The new key; it signs too.
        new_key: PublicKey,
    },
    /// A lost phone: registrar and a second officer bind a new key and revoke all earlier ones.
    KeyReplaced {
        /// Whose keys.
        person: PersonId,
        /// The second officer.
        second: Attestor,
        /// The new key; it signs too.
        new_key: PublicKey,
    },
    /// A key is no longer good, from this entry on.
    KeyRevoked {
        /// Whose key.
        person: PersonId,
        /// The key.
        key: PublicKey,
    },
    /// A person left: keys are revoked and offices end.
    PersonDeparted {
        /// Who left.
        person: PersonId,
    },
}

/// A person becomes known to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEnrolled {
    /// The pseudonymous id.
    pub person: PersonId,
    /// 0 to 5 keys, each of which signs too.
    pub keys: Vec<PublicKey>,
    /// The published name, where there is one.
    pub name: Option<Content>,
}

/// Bodies, rights, offices, rolls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodiesAction {
    /// A body comes into being.
    BodyEstablished(BodyEstablished),
    /// A right is given.
    RightGranted(Grant),
    /// A right is taken back.
    RightWithdrawn(Grant),
    /// A person takes a seat.
    OfficeAssumed(OfficeAssumed),
    /// A seat falls vacant.
    OfficeEnded {
        /// Which.
        office: OfficeId,
        /// Why.
        cause: OfficeEndCause,
        /// The motion that decided it.
        decision: Option<MotionId>,
    },
    /// A part of a roll not yet published.
    RollPart(RollPart),
    /// A roll becomes usable.
    RollPublished(RollPublished),
}

/// A body comes into being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyEstablished {
    /// Its id.
    pub body: BodyId,
    /// What it is.
    pub kind: BodyKind,
    /// Its public name.
    pub name: String,
}

/// A right given to a body, or to one role in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who has it.
    pub body: BodyId,
    /// Only officeholders in this role; `None`: all officeholders of the body.
    pub role: Option<RoleId>,
    /// What.
    pub right: Right,
    /// Over which body; `None`: over every body and the ledger itself.
    pub over: Option<BodyId>,
    /// The motion that decided it.
    pub decision: Option<MotionId>,
}

/// How an office was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OfficeObtained {
    /// By the body's voters.
    Elected,
    /// By another body.
    Appointed,
    /// In a by-election; ends with the body's term.
    ByElection,
    /// Named in the founding entry.
    Founding,
}

/// A person takes a seat in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeAssumed {
    /// Its id.
    pub office: OfficeId,
    /// In which body.
    pub body: BodyId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: RoleId,
    /// First day.
    pub term_from: Date,
    /// Last day; `None`: no fixed end.
    pub term_to: Option<Date>,
    /// How.
    pub obtained: OfficeObtained,
    /// The motion that decided it.
    pub decision: Option<MotionId>,
}

/// Why an office ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OfficeEndCause {
    /// The term is over.
    Term,
    /// The holder resigned.
    Resignation,
    /// Recalled by those who elected.
    Recall,
    /// Replaced by those who appointed.
    Replacement,
    /// Twice in a row assessed "incompetent" (组织法 37).
    TwoIncompetent,
    /// Incapacity or conviction.
    Incapacity,
    /// The election was invalid.
    InvalidElection,
    /// The holder left the community.
    Departure,
}

/// One line of a roll. Lines with the same voter are one head with the summed area (民法典 278 with
/// 法释〔2009〕7号 art. 9); co-owners of a unit are one head: its voter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollLine {
    /// Who votes.
    pub voter: PersonId,
    /// Exclusive area in 0.01 m²; 0 where the body counts heads only.
    pub area: u64,
    /// Which unit.
    pub unit: Option<UnitId>,
    /// Who else owns it.
    pub co_owners: Vec<PersonId>,
}

/// A part of a roll: 1 to 1,000 lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollPart {
    /// The roll.
    pub roll: RollId,
    /// Whose electorate.
    pub body: BodyId,
    /// From 0, without gaps.
    pub part: u32,
    /// The lines.
    pub lines: Vec<RollLine>,
}

/// A roll becomes usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollPublished {
    /// The roll.
    pub roll: RollId,
    /// Whose electorate.
    pub body: BodyId,
    /// The day from which it holds.
    pub as_of: Date,
    /// How many parts it has.
    pub parts: u32,
    /// Heads: distinct voters.
    pub members: u32,
    /// Sum of the areas, in 0.01 m².
    pub total_area: u64,
    /// [`crate::roll::digest`] of its lines.
    pub digest: Digest,
}

/// Meetings and attendance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingsAction {
    /// A meeting is called.
    MeetingConvened(MeetingConvened),
    /// Its notice is given.
    MeetingNoticed {
        /// Which.
        meeting: MeetingId,
        /// Where the notice is short: why.
        urgent_reason: Option<String>,
    },
    /// Who is there; adds to what is known.
    AttendanceRecorded {
        /// Which.
        meeting: MeetingId,
        /// The roll of those entitled to attend.
        roll: RollId,
        /// Who, at most 1,000 an entry.
        present: Vec<PersonId>,
    },
    /// It is over.
    MeetingClosed {
        /// Which.
        meeting: MeetingId,
    },
}

/// A meeting is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingConvened {
    /// Its id.
    pub meeting: MeetingId,
    /// Whose meeting.
    pub body: BodyId,
    /// The rule whose notice and petition threshold apply.
    pub rule: RuleId,
    /// When it begins.
    pub starts_at: Millis,
    /// Where.
    pub place: String,
    /// Who asked for it, where it is called by petition; at most 1,000.
    pub petitioners: Vec<PersonId>,
}

/// Motions, votes and decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliberationAction {
    /// Something is put to a decision.
    MotionTabled(MotionTabled),
    /// Its text or options change; never after opening.
    MotionAmended {
        /// Which.
        motion: MotionId,
        /// The new text.
        text: MotionText,
        /// The new options.
        contest: Option<Contest>,
    },
    /// It is taken back; never after opening.
    MotionWithdrawn {
        /// Which.
        motion: MotionId,
    },
    /// A participant says something on it.
    StatementMade {
        /// On which.
        motion: MotionId,
        /// In exercise of which right.
        kind: StatementKind,
        /// What.
        content: Content,
    },
    /// An expert is asked.
    ExpertInvited {
        /// On which.
        motion: MotionId,
        /// Whom.
        expert: PersonId,
    },
    /// An expert answers.
    ExpertOpinionFiled {
        /// On which.
        motion: MotionId,
        /// What.
        content: Content,
        /// Whether the expert declares an interest in the outcome.
        interested: bool,
    },
    /// The actor takes no part in the vote.
    InterestDeclared {
        /// On which.
        motion: MotionId,
    },
    /// The vote begins.
    VotingOpened {
        /// On which.
        motion: MotionId,
        /// Among whom.
        roll: RollId,
        /// The first moment that is too late.
        closes_at: Millis,
    },
    /// A voter votes, or votes again.
    BallotCast(BallotCast),
    /// A voter lets another vote for them.
    ProxyGranted {
        /// On which.
        motion: MotionId,
        /// The entry that opened the vote.
        voting_opened: Leaf,
        /// Who votes for the actor.
        holder: PersonId,
    },
    /// A voter takes a proxy back.
    ProxyRevoked {
        /// On which.
        motion: MotionId,
    },
    /// Two tellers record a batch of papers.
    PaperBallotsRecorded(PaperBallots),
    /// The clerk records an open vote by name.
    RollCallRecorded(RollCall),
    /// The chair ends the vote.
    VotingClosed {
        /// On which.
        motion: MotionId,
    },
    /// Derived: what it came to.
    MotionDecided(MotionDecided),
}

/// What is put to the vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MotionText {
    /// At most 4,096 bytes.
    pub title: String,
    /// At most 32,768 bytes together.
    pub paragraphs: Vec<String>,
}

/// A choice among options instead of for or against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contest {
    /// 1 to 64.
    pub options: Vec<ContestOption>,
    /// 1 to the number of options.
    pub seats: u32,
    /// What the seats are.
    pub position: String,
}

/// One of the options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContestOption {
    /// What it is called on the ballot.
    pub label: String,
    /// The candidate, where it is a person.
    pub candidate: Option<PersonId>,
}

/// Something is put to a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MotionTabled {
    /// Its id.
    pub motion: MotionId,
    /// Who decides.
    pub body: BodyId,
    /// By which rule of the charter.
    pub rule: RuleId,
    /// What.
    pub text: MotionText,
    /// `None`: for, against or abstain.
    pub contest: Option<Contest>,
    /// The meeting it is to be decided in.
    pub meeting: Option<MeetingId>,
    /// An import's own id for it; empty where there is none.
    pub source: String,
}

/// In exercise of which right a statement is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StatementKind {
    /// 议事.
    Deliberation,
    /// 建议.
    Suggestion,
    /// 推荐.
    Recommendation,
    /// 监督.
    Supervision,
}

/// For, against or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stance {
    /// 同意.
    For,
    /// 反对.
    Against,
    /// 弃权.
    Abstain,
}

/// One voter's choice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Choice {
    /// On a motion without options.
    Stance(Stance),
    /// In a contest: positions of the chosen options, ascending, at most as many as there are seats;
    /// none: abstain.
    Options(Vec<u32>),
}

/// A voter votes, or votes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotCast {
    /// On which.
    pub motion: MotionId,
    /// The entry that opened the vote: it pins text, options, charter and roll.
    pub voting_opened: Leaf,
    /// The voter whose proxy the actor holds; `None`: the actor's own ballot.
    pub on_behalf_of: Option<PersonId>,
    /// What.
    pub choice: Choice,
}

/// How many papers say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperTotal {
    /// What they say.
    pub choice: Choice,
    /// How many voters.
    pub heads: u32,
    /// Their area together, in 0.01 m².
    pub area: u64,
}

/// A batch of papers, counted by the actor and a second teller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperBallots {
    /// On which.
    pub motion: MotionId,
    /// From 0, a motion's batches in order.
    pub batch: u32,
    /// The second teller.
    pub second: Attestor,
    /// Who handed in a paper; 1 to 1,000.
    pub voters: Vec<PersonId>,
    /// What the valid papers say; each choice once. With [`Self::spoiled`], heads and areas add up to
    /// the voters'.
    pub totals: Vec<PaperTotal>,
    /// Voters (heads, area in 0.01 m²) whose papers say nothing valid: they take part and abstain.
    pub spoiled: (u32, u64),
}

/// What a roll call says of one voter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RollCallMark {
    /// Voted for.
    For,
    /// Voted against.
    Against,
    /// Abstained.
    Abstain,
    /// Not at the meeting.
    Absent,
    /// At the meeting, but away when the vote was taken; counts as absent from the vote.
    Away,
    /// Present and did not vote.
    NotVoting,
}

/// A meeting's open vote by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollCall {
    /// On which.
    pub motion: MotionId,
    /// Who attests it.
    pub second: Attestor,
    /// Among whom.
    pub roll: RollId,
    /// Every voter of the roll once.
    pub lines: Vec<(PersonId, RollCallMark)>,
    /// Taken from minutes: the motion comes with it. `None`: it is tabled and open.
    pub minuted: Option<Minuted>,
}

/// A motion that was put and voted on before it was recorded here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minuted {
    /// The day of the vote.
    pub held_on: Date,
    /// Who decided.
    pub body: BodyId,
    /// By which rule.
    pub rule: RuleId,
    /// What.
    pub text: MotionText,
    /// The source's own id; may be empty.
    pub source: String,
    /// What the source says of the item in its own words; not a result, never read by the rules.
    pub source_outcome: String,
}

/// What a motion came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// Passed; in a contest: every seat is filled.
    Adopted,
    /// Not passed; in a contest: no seat is filled.
    Rejected,
    /// Too few took part.
    NoQuorum,
    /// A contest left some seats unfilled.
    PartlyFilled,
}

/// One measure of a tally, with what it was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureTally {
    /// Heads, or area in 0.01 m².
    pub kind: MeasureKind,
    /// All who may vote.
    pub eligible: u64,
    /// Those at the meeting.
    pub attending: u64,
    /// Those who took part in the vote.
    pub participating: u64,
    /// For; 0 in a contest.
    pub in_favour: u64,
    /// Against; 0 in a contest.
    pub against: u64,
    /// Abstaining, spoiled papers included.
    pub abstaining: u64,
    /// What was held against the quorum.
    pub quorum_counted: u64,
    /// The quorum, as a part of `eligible`.
    pub quorum: Threshold,
    /// Whether it was met.
    pub quorum_met: bool,
    /// What the approval is a part of.
    pub approval_whole: u64,
    /// The approval needed.
    pub approval: Threshold,
    /// Whether it was met; in a contest: whether any option met it.
    pub approval_met: bool,
}

/// What one option got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionTally {
    /// Position in the contest.
    pub option: u32,
    /// Voters who chose it.
    pub heads: u64,
    /// Their area, in 0.01 m².
    pub area: u64,
    /// Whether it fills a seat.
    pub chosen: bool,
}

/// Derived: the outcome of a motion with its tally and the rule it was taken under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionDecided {
    /// Which.
    pub motion: MotionId,
    /// What it came to.
    pub outcome: Outcome,
    /// By each measure of the rule.
    pub measures: Vec<MeasureTally>,
    /// By option; empty where there is no contest.
    pub options: Vec<OptionTally>,
    /// The rule.
    pub rule: RuleId,
    /// Of which charter.
    pub charter_version: u32,
    /// Among whom.
    pub roll: RollId,
    /// The law the rule rests on.
    pub citation: String,
}
