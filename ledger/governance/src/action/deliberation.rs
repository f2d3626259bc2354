//! Motions, votes, and everything said before them.

use serde::{Deserialize, Serialize};

use super::{
    Attestor, Content, DecisionFiled, DecisionImplemented, DecisionOverturned, Effect,
    MotionDecided,
};
use crate::{
    calendar::Date,
    ids::{
        AffairId, BodyId, Digest, Leaf, MatterId, MeetingId, Millis, MotionId, PersonId, RollId,
        RuleId,
    },
};

/// Motions, votes and decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliberationAction {
    /// Something is put to a decision.
    MotionTabled(MotionTabled),
    /// Its text or options change; never after opening. Deliberation begins again: what was said on
    /// the old text, by experts too, counts no more.
    MotionAmended {
        /// Which.
        motion: MotionId,
        /// The new text.
        text: MotionText,
        /// The new options.
        contest: Option<Contest>,
        /// The new effects.
        effects: Vec<Effect>,
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
    /// Bodies are given the word on its text.
    ParticipantsInvited {
        /// On which.
        motion: MotionId,
        /// Whom; 1 to 64.
        bodies: Vec<BodyId>,
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
    /// A candidate is nominated: by a party organisation, or by voters.
    CandidateNominated {
        /// In which election.
        motion: MotionId,
        /// Whom.
        candidate: PersonId,
        /// Which voters, as the registrar has checked; none: a party organisation nominates.
        nominators: Vec<PersonId>,
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
        /// The first moment that is too late: for ballots, and for recording papers, whose count must
        /// be over by then.
        closes_at: Millis,
    },
    /// A voter votes, or votes again.
    BallotCast(BallotCast),
    /// By the ledger, after the close: what hidden ballots said.
    BallotsOpened(BallotsOpened),
    /// A voter opens their own hidden ballot, after the close.
    OpeningSubmitted(OpeningSubmitted),
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
    /// The decision no longer stands.
    DecisionOverturned(DecisionOverturned),
    /// How far the decision is carried out.
    DecisionImplemented(DecisionImplemented),
    /// The decision is filed with the body that its rule names.
    DecisionFiled(DecisionFiled),
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
    /// The decided contest whose unfilled seats this one is to fill, by the run-off part of its rule.
    pub run_off_of: Option<MotionId>,
    /// What a "for" will do, at most 32, in this order.
    pub effects: Vec<Effect>,
    /// The consultation it rests on: of the same body, on the same matter.
    pub consultation: Option<AffairId>,
    /// What it is about, in one word of the community's own, such as `parking`.
    pub matter: Option<MatterId>,
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
    pub ballot: Ballot,
}

/// What a ballot puts on the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ballot {
    /// The choice, for all to see at once.
    Open(Choice),
    /// A commitment to the choice, which is opened after the close.
    Hidden(Digest),
}

/// What opens a hidden ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotOpening {
    /// Whose ballot.
    pub voter: PersonId,
    /// What kept it from being guessed.
    pub nonce: [u8; 32],
    /// What it says.
    pub choice: Choice,
}

/// By the ledger: openings of hidden ballots, each voter's final one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotsOpened {
    /// On which motion.
    pub motion: MotionId,
    /// From 0, in order.
    pub part: u32,
    /// 1 to 300, by voter, ascending.
    pub openings: Vec<BallotOpening>,
}

/// A voter opens their own hidden ballot, because the ledger has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningSubmitted {
    /// On which motion.
    pub motion: MotionId,
    /// The voter whose proxy the actor holds; `None`: the actor's own ballot.
    pub on_behalf_of: Option<PersonId>,
    /// What kept it from being guessed.
    pub nonce: [u8; 32],
    /// What it says.
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

/// A batch of papers, counted by the actor and a second teller, and recorded before the vote's
/// `closes_at`.
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

/// A meeting's open vote by name, under a rule that gives voters no window of their own.
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
