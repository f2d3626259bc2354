//! The data of a rejection, and how they read.

use std::{borrow::Cow, fmt};

use crate::{
    action::Execution,
    action::{EffectName, PowerHolder},
    authority::{Over, RequiredSigner},
    calendar::{Date, Lasting},
    charter::{BodyKind, Comparison, DecisionRule, EffectKind, Right, Threshold},
    ids::{
        ActionId, BodyId, CaseId, Digest, IssueId, Leaf, LedgerId, MatterId, MeetingId, Millis,
        MotionId, OfficeId, PersonId, PowerId, PublicKey, RoleId, RollId, RuleId,
    },
    issue::IssueStage,
    motion::Status,
    roll::RollError,
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

/// Rights, any one of which would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights(pub Vec<Right>);

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, right) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" or ")?;
            }
            right.fmt(f)?;
        }
        Ok(())
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

/// Effects by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<EffectName>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(EffectName::to_string).collect();
        match names.as_slice() {
            [] => f.write_str("none"),
            names => f.write_str(&names.join(", ")),
        }
    }
}

/// Items of the power list in force that are nearest to an act: the actor's own first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nearest(pub Vec<PowerId>);

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<&str> = self.0.iter().map(PowerId::as_str).collect();
        match items.as_slice() {
            [] => f.write_str("no item"),
            items => f.write_str(&items.join(", ")),
        }
    }
}

/// Why an act is beyond an item of the power list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overreach {
    /// The decision that listed it was overturned.
    Overturned,
    /// It was revoked, by this entry.
    Revoked(u64),
    /// It holds from this day.
    NotYetInForce(Date),
    /// It held until this day.
    NoLongerInForce(Date),
    /// It is another's.
    HeldBy(PowerHolder),
    /// It is the actor's, who has it no more for the time being.
    DelegatedTo(PowerHolder),
    /// It is over this body alone.
    OverAnotherBody(BodyId),
    /// It is for these matters alone.
    AnotherMatter(Vec<MatterId>),
}

impl fmt::Display for Overreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overturned => f.write_str("the decision that listed it was overturned"),
            Self::Revoked(index) => write!(f, "it was revoked by entry {index}"),
            Self::NotYetInForce(day) => write!(f, "it is in force from {day}"),
            Self::NoLongerInForce(day) => write!(f, "it was in force until {day}"),
            Self::HeldBy(holder) => write!(f, "it is held by {holder}"),
            Self::DelegatedTo(holder) => write!(f, "it is delegated to {holder}"),
            Self::OverAnotherBody(body) => write!(f, "it is over {body} alone"),
            Self::AnotherMatter(matters) => {
                let matters: Vec<&str> = matters.iter().map(MatterId::as_str).collect();
                write!(f, "it is for {} alone", matters.join(", "))
            }
        }
    }
}

impl fmt::Display for PowerHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.role {
            None => self.body.fmt(f),
            Some(role) => write!(f, "{role} of {}", self.body),
        }
    }
}

impl fmt::Display for EffectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PowerList => "a change of the power list",
            Self::CharterAmendment => "a charter amendment",
            Self::RulesVersion => "another version of the rules",
            Self::Appointment => "an appointment",
            Self::Sanction => "a sanction",
            Self::Replacement => "a replacement",
            Self::Recall => "a recall",
        })
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

/// All that is missing before a vote may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub Vec<Unmet>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, unmet) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            unmet.fmt(f)?;
        }
        Ok(())
    }
}

/// One thing missing before a vote may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The law the rule rests on, from this day.
    LawInForce(Date),
    /// The body has no roll in force.
    NoRoll,
    /// Another roll is in force.
    RollNotInForce {
        /// The one that is.
        in_force: RollId,
    },
    /// The roll must hang out longer.
    RollPosted {
        /// So many days.
        days_min: u32,
        /// They are over then.
        over_at: Millis,
    },
    /// It must be deliberated longer.
    Deliberation {
        /// So many days.
        days_min: u32,
        /// They are over then.
        over_at: Millis,
    },
    /// The vote is too short.
    WindowTooShort {
        /// As asked, in ms.
        ms: u64,
        /// Shortest, in ms.
        ms_min: u64,
    },
    /// The vote is too long.
    WindowTooLong {
        /// As asked, in ms.
        ms: u64,
        /// Longest, in ms.
        ms_max: u64,
    },
    /// Nobody of that kind of body has spoken.
    StatementFrom(BodyKind),
    /// Too few experts have answered.
    ExpertOpinions {
        /// Have answered.
        found: u32,
        /// Must have.
        min: u32,
    },
    /// The party organisation has not discussed it.
    PartyDiscussion,
    /// This candidate was not nominated.
    Nomination(PersonId),
    /// A meeting.
    Meeting,
    /// The meeting is over.
    MeetingClosed(MeetingId),
    /// The meeting has not begun.
    MeetingNotStarted(MeetingId),
    /// The meeting began more than a day ago.
    MeetingLongPast(MeetingId),
    /// Notice of the meeting.
    NotNoticed(MeetingId),
    /// Notice was short, without an urgent reason.
    NoticeTooShort {
        /// So many days.
        days_min: u32,
        /// They are over then.
        over_at: Millis,
    },
    /// Who attends.
    Attendance(MeetingId),
    /// The meeting's attendance was taken by this roll, not the one named.
    AttendanceByRoll(RollId),
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LawInForce(from) => write!(f, "the law, which is in force from {from}"),
            Self::NoRoll => f.write_str("a published roll in force"),
            Self::RollNotInForce { in_force } => {
                write!(f, "the roll in force, which is {in_force}")
            }
            Self::RollPosted { days_min, over_at } => {
                write!(
                    f,
                    "{days_min} days since the roll's publication, over at {over_at}"
                )
            }
            Self::Deliberation { days_min, over_at } => {
                write!(f, "{days_min} days of deliberation, over at {over_at}")
            }
            Self::WindowTooShort { ms, ms_min } => {
                let (found, least) = (Lasting(*ms), Lasting(*ms_min));
                write!(f, "a vote of at least {least}, not {found}")
            }
            Self::WindowTooLong { ms, ms_max } => {
                let (found, most) = (Lasting(*ms), Lasting(*ms_max));
                write!(f, "a vote of at most {most}, not {found}")
            }
            Self::StatementFrom(kind) => write!(f, "a statement from a body of kind {kind:?}"),
            Self::ExpertOpinions { found, min } => {
                write!(
                    f,
                    "{min} expert opinions without an interest ({found} are filed)"
                )
            }
            Self::PartyDiscussion => f.write_str("a statement by a party organisation"),
            Self::Nomination(person) => write!(f, "the nomination of {person}"),
            Self::Meeting => f.write_str("a meeting to decide it in"),
            Self::MeetingClosed(meeting) => {
                write!(f, "an open meeting: {meeting} is closed")
            }
            Self::MeetingNotStarted(meeting) => write!(f, "the beginning of meeting {meeting}"),
            Self::MeetingLongPast(meeting) => write!(
                f,
                "a meeting of today or yesterday: {meeting} began before that"
            ),
            Self::NotNoticed(meeting) => write!(f, "the notice of meeting {meeting}"),
            Self::NoticeTooShort { days_min, over_at } => {
                write!(
                    f,
                    "{days_min} days since the meeting's notice, over at {over_at}, or an urgent reason"
                )
            }
            Self::Attendance(meeting) => write!(f, "the attendance of meeting {meeting}"),
            Self::AttendanceByRoll(roll) => {
                write!(f, "the roll of the meeting's attendance, which is {roll}")
            }
        }
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

    fn cited(&self) -> Option<&Cited> {
        Some(self)
    }
}

/// What reads as it is displayed.
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
    AssessmentUnfit,
    BodyId,
    CaseId,
    Date,
    Digest,
    EffectKind,
    Hint,
    Incapacity,
    IssueId,
    IssueStage,
    Lasting,
    Latest,
    Leaf,
    LedgerId,
    MeetingId,
    Millis,
    Missing,
    MotionId,
    Names,
    Nearest,
    NoRunOff,
    OfficeId,
    Over,
    Overreach,
    PersonId,
    PowerId,
    Execution,
    PublicKey,
    RequiredSigner,
    Right,
    Rights,
    RoleId,
    RollId,
    RuleId,
    Status,
    Threshold,
    Unfit,
    Box<RollError>,
);
