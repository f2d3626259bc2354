//! The data of a rejection, and how they read.

use std::{borrow::Cow, fmt};

use crate::{
    calendar::{Date, Lasting},
    charter::{BodyKind, Comparison, DecisionRule, Right, Threshold},
    ids::{
        ActionId, AffairId, BodyId, CaseId, Digest, IssueId, Leaf, LedgerId, MatterId, MeetingId,
        Millis, MotionId, OfficeId, PersonId, PowerId, PublicKey, RoleId, RollId, RuleId,
    },
    motion::Status,
};

use super::Datum;

/// A rule with the law it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The rule.
    pub rule: RuleId,
    /// The law.
    pub citation: Box<str>,
}

impl Cited {
    pub(crate) fn of(rule: &DecisionRule) -> Self {
        Self {
            rule: rule.id.clone(),
            citation: rule.citation.as_str().into(),
        }
    }
}

impl fmt::Display for Cited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {} ({})", self.rule, self.citation)
    }
}

/// Why somebody is not what they say they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incapacity {
    /// No such office.
    NoSuchOffice(OfficeId),
    /// The office is in another body.
    OfficeInAnotherBody(OfficeId, BodyId),
    /// Somebody else holds it.
    HeldByAnother(OfficeId, PersonId),
    /// It ended, by this entry.
    OfficeEnded(OfficeId, u64),
    /// Its term begins on this day.
    TermNotBegun(OfficeId, Date),
    /// Its term ended with this day.
    TermOver(OfficeId, Date),
    /// Not on the roll in force.
    NotOnRoll(RollId),
    /// The body has no roll in force on this day.
    NoRoll(Date),
    /// The act concerns another body.
    AnotherBody(BodyId),
    /// The act is an officer's, and no office is named.
    NoOfficeNamed,
    /// The act is a party organisation's.
    NoPartyOrganisation,
}

impl fmt::Display for Incapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchOffice(office) => write!(f, "there is no office {office}"),
            Self::OfficeInAnotherBody(office, body) => write!(f, "office {office} is in {body}"),
            Self::HeldByAnother(office, person) => write!(f, "office {office} is {person}'s"),
            Self::OfficeEnded(office, index) => {
                write!(f, "office {office} was ended by entry {index}")
            }
            Self::TermNotBegun(office, day) => {
                write!(f, "the term of office {office} begins on {day}")
            }
            Self::TermOver(office, day) => write!(f, "the term of office {office} ended on {day}"),
            Self::NotOnRoll(roll) => write!(f, "they are not on roll {roll}"),
            Self::NoRoll(day) => write!(f, "it has no roll in force on {day}"),
            Self::AnotherBody(body) => write!(f, "what is acted on is {body}'s"),
            Self::NoOfficeNamed => f.write_str("an officer acts here, and no office is named"),
            Self::NoPartyOrganisation => f.write_str("it is no party organisation"),
        }
    }
}

/// One after another, with this between them.
pub(super) fn joined<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    parts: &[T],
    between: &str,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

/// Bodies, any one of which would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bodies(pub Vec<BodyId>);

impl fmt::Display for Bodies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, &self.0, " or ")
    }
}

/// Rights, any one of which would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights(pub Vec<Right>);

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, &self.0, " or ")
    }
}

/// The latest entry about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest(pub Option<Leaf>);

impl fmt::Display for Latest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(leaf) => leaf.fmt(f),
            None => f.write_str("none: there is no entry about it yet"),
        }
    }
}

/// Who votes for the unit somebody co-owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint(pub Option<PersonId>);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(voter) => write!(f, "; the vote of the unit they co-own is {voter}'s"),
            None => Ok(()),
        }
    }
}

/// Why a choice, or a way of voting, does not fit a motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// A stance, or a roll call, in a contest.
    Contest,
    /// Options where there is no contest.
    OptionsWithoutContest,
    /// Options must ascend, each once.
    NotAscending,
    /// There is no such option.
    NoSuchOption(u32),
    /// More options than seats.
    MoreThanSeats {
        /// Options chosen.
        chosen: u64,
        /// Seats to fill.
        seats: u32,
    },
    /// The rule's votes are not open.
    NotOpen,
    /// The motion belongs to no meeting.
    NoMeeting,
    /// The rule's voters have at least so many ms to vote in.
    ShortestWindow(u64),
    /// The law the rule rests on is in force from this day.
    BeforeTheLaw(Date),
    /// The rule asks for what must come before the vote.
    Prerequisites,
    /// Ballots or papers are in already.
    VotesAreIn(u64),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contest => f.write_str("it is a contest among options"),
            Self::OptionsWithoutContest => f.write_str("it is for or against, without options"),
            Self::NotAscending => f.write_str("options must ascend, each once"),
            Self::NoSuchOption(option) => write!(f, "there is no option {option}"),
            Self::MoreThanSeats { chosen, seats } => {
                write!(f, "{chosen} options are chosen for {seats} seats")
            }
            Self::NotOpen => f.write_str("the rule's votes are not open"),
            Self::NoMeeting => f.write_str("it is not put to a meeting"),
            Self::ShortestWindow(ms) => {
                let least = Lasting(*ms);
                write!(
                    f,
                    "the rule gives voters at least {least}, each in their own time"
                )
            }
            Self::BeforeTheLaw(from) => {
                write!(f, "the law its rule rests on is in force from {from}")
            }
            Self::Prerequisites => f.write_str(
                "the rule asks for statements or opinions beforehand, which minutes do not show",
            ),
            Self::VotesAreIn(votes) => write!(f, "{votes} votes are in already"),
        }
    }
}

/// What is wrong with a line of an assessment, or with there being none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssessmentUnfit {
    /// It is no office of the body that is held today.
    NotInOffice,
    /// Nobody marked it.
    NoMarks,
    /// It has two lines.
    Twice,
    /// It has no line.
    Missing,
}

impl fmt::Display for AssessmentUnfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotInOffice => "is none of the body that is held today",
            Self::NoMarks => "has no marks",
            Self::Twice => "stands there twice",
            Self::Missing => "of the body has no line",
        })
    }
}

/// Why a motion is no run-off of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRunOff {
    /// One of the two is for or against.
    NoContest,
    /// The first ballot was by another rule than the run-off, or by this one, which knows none.
    Rule(RuleId),
    /// The first ballot is not decided, filled every seat, or had no quorum.
    Status(Status),
    /// The seats left have a run-off already.
    Held(MotionId),
    /// More seats than were left.
    Seats {
        /// As put.
        seats: u32,
        /// Left by the first ballot.
        left: u32,
    },
    /// This option was not on the first ballot, or was chosen.
    Option(Box<str>),
}

impl fmt::Display for NoRunOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoContest => f.write_str("a run-off, and its first ballot, are contests"),
            Self::Rule(rule) => write!(
                f,
                "its rule is {rule}, and a run-off is held under that rule, which must know one"
            ),
            Self::Status(status) => {
                write!(
                    f,
                    "it is {status}; a run-off fills seats that a ballot left"
                )
            }
            Self::Held(motion) => write!(f, "motion {motion} is its run-off"),
            Self::Seats { seats, left } => {
                write!(f, "{seats} seats are put to the vote, {left} were left")
            }
            Self::Option(label) => {
                write!(f, "option \"{label}\" was not on its ballot, or was chosen")
            }
        }
    }
}

/// Why somebody takes no part in a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recusal {
    /// They said that they have an interest.
    Declared,
    /// They are the target of its case or, where a committee decides, complained of it, would be appointed by it,
    /// or are near kin of one of these.
    Concerned,
    /// They also sit in the body that tabled it, which the charter allows on this condition.
    SitsInBoth(BodyId),
}

impl fmt::Display for Recusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declared => f.write_str("they declared an interest in it or, in a committee, their near kin did"),
            Self::Concerned => f.write_str(
                "it is about them; in a committee also about whom they complained of, their appointment, or their near kin",
            ),
            Self::SitsInBoth(body) => write!(
                f,
                "they also sit in {body}, which tabled it, and the charter allows both seats on condition of recusal"
            ),
        }
    }
}

impl fmt::Display for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ResidentsCommittee => "a residents' committee",
            Self::ResidentsMeeting => "a residents' meeting",
            Self::RepresentativesMeeting => "a residents' representatives' meeting",
            Self::SupervisionCommittee => "a supervision committee",
            Self::PartyOrganisation => "a party organisation",
            Self::CompoundPartyBranch => "a compound party branch",
            Self::OwnersCommittee => "an owners' committee",
            Self::OwnersAssembly => "an owners' assembly",
            Self::PropertyCompany => "a property company",
            Self::AdministrativeOrgan => "an administrative organ",
            Self::SocialOrganisation => "a social organisation",
            Self::Grid => "a grid",
            Self::ExpertPanel => "an expert panel",
            Self::ElectionCommittee => "an election committee",
            Self::ResidentsGroup => "a residents' group",
            Self::StreetOffice => "a street office",
            Self::Council => "a council",
        })
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deliberate => "deliberate",
            Self::Suggest => "suggest",
            Self::Recommend => "recommend",
            Self::Supervise => "supervise",
            Self::Convene => "convene",
            Self::Table => "table",
            Self::Vote => "vote",
            Self::Tell => "tell",
            Self::Register => "register",
            Self::Discipline => "discipline",
            Self::Report => "report",
        })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compared = match self.comparison {
            Comparison::AtLeast => "at least",
            Comparison::MoreThan => "more than",
        };
        let part = self.fraction;
        write!(f, "{compared} {}/{}", part.numerator(), part.denominator())
    }
}

impl Datum for Cited {
    fn text(&self) -> String {
        self.rule.to_string()
    }

    fn chinese(&self) -> String {
        format!("规则 {}（{}）", self.rule, self.citation)
    }

    fn cited(&self) -> Option<&Cited> {
        Some(self)
    }
}

/// What reads as it is displayed, in both languages.
macro_rules! displayed {
    ($($type:ty),* $(,)?) => {
        $(impl Datum for $type {
            fn text(&self) -> String {
                self.to_string()
            }
        })*
    };
}

displayed!(
    u32,
    u64,
    &'static str,
    Box<str>,
    Cow<'static, str>,
    ActionId,
    AffairId,
    BodyId,
    CaseId,
    Date,
    Digest,
    IssueId,
    Leaf,
    LedgerId,
    MeetingId,
    Millis,
    MatterId,
    MotionId,
    OfficeId,
    PersonId,
    PowerId,
    PublicKey,
    RoleId,
    RollId,
    RuleId,
);
