//! Who does what: actions in a line.

use std::fmt;

use crate::{
    action::{
        Action, Actor, Attestor, Ballot, BallotCast, BodiesAction, Capacity, Choice, Content,
        Contest, Correction, DeliberationAction, ElectedElsewhere, Grant, MeetingConvened,
        MeetingsAction, MotionTabled, MotionText, OfficeAssumed, OfficeEndCause, OfficeObtained,
        PaperBallots, PaperTotal, Payload, PeopleAction, RecordCorrected, RollCall, RollCallMark,
        RollLine, RollObjected, RollObjectionRuled, RollPart, RollPublished, StatementKind,
    },
    calendar::Date,
    charter::Right,
    ids::{Digest, Leaf, MeetingId, Millis, PublicKey},
    roll::digest,
};

use super::{
    FOUNDED_AT,
    community::{enrolled, id},
};

/// Somebody about to act.
#[derive(Clone, Debug)]
pub struct Doer {
    person: String,
    capacity: Option<Capacity>,
}

/// This person acts; first for themself.
pub fn by(person: &str) -> Doer {
    Doer {
        person: person.to_owned(),
        capacity: None,
    }
}

/// A change a test makes to an action before it is signed.
type Change = Box<dyn FnOnce(&mut Action)>;

/// An action to be tried.
pub struct Deed {
    pub(super) actor: Actor,
    pub(super) payload: Payload,
    pub(super) signers: Option<Vec<PublicKey>>,
    pub(super) changes: Vec<Change>,
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deed")
            .field("actor", &self.actor)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}

/// One deed, where several are asked for.
impl IntoIterator for Deed {
    type Item = Self;
    type IntoIter = std::iter::Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self)
    }
}

impl Deed {
    /// Signed by exactly these keys instead of those it calls for.
    pub fn signed_by(mut self, keys: &[PublicKey]) -> Self {
        self.signers = Some(keys.to_vec());
        self
    }

    /// With this change to the whole action.
    pub fn with(mut self, change: impl FnOnce(&mut Action) + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// With this change to a motion being tabled.
    pub fn with_motion(self, change: impl FnOnce(&mut MotionTabled) + 'static) -> Self {
        self.with(|action| match &mut action.payload {
            Payload::Deliberation(DeliberationAction::MotionTabled(tabled)) => change(tabled),
            other => panic!("{} tables no motion", other.family()),
        })
    }
}

/// A second officer of the committee, in the office of their name.
pub(crate) fn attestor(person: &str) -> Attestor {
    Attestor {
        person: id(person),
        capacity: Capacity {
            body: id("committee"),
            office: Some(id(person)),
        },
    }
}

/// Some content or other.
pub fn content() -> Content {
    Content {
        digest: Digest([7; 32]),
        length: 12,
        media_type: "text/plain; charset=utf-8".to_owned(),
    }
}

impl Doer {
    pub(super) fn name(&self) -> String {
        self.person.clone()
    }

    /// In this office of this body.
    pub fn officer(mut self, body: &str, office: &str) -> Self {
        self.capacity = Some(Capacity {
            body: id(body),
            office: Some(id(office)),
        });
        self
    }

    /// As a member of this body.
    pub fn member(mut self, body: &str) -> Self {
        self.capacity = Some(Capacity {
            body: id(body),
            office: None,
        });
        self
    }

    /// As the committee's clerk.
    pub fn clerk(self) -> Self {
        self.officer("committee", "clerk")
    }

    /// As the committee's chair.
    pub fn chair(self) -> Self {
        self.officer("committee", "chair")
    }

    /// Does this.
    pub fn does(self, payload: Payload) -> Deed {
        Deed {
            actor: Actor::Person {
                person: id(&self.person),
                capacity: self.capacity,
            },
            payload,
            signers: None,
            changes: Vec::new(),
        }
    }

    fn deliberates(self, action: DeliberationAction) -> Deed {
        self.does(Payload::Deliberation(action))
    }

    /// Enrols a person with the key of their name.
    pub fn enrols(self, person: &str) -> Deed {
        self.does(Payload::People(PeopleAction::PersonEnrolled(enrolled(
            person,
        ))))
    }

    /// Adds a key.
    pub fn adds_key(self, key: PublicKey) -> Deed {
        self.does(Payload::People(PeopleAction::KeyAdded { key }))
    }

    /// Revokes somebody's key.
    pub fn revokes_key(self, person: &str, key: PublicKey) -> Deed {
        let person = id(person);
        self.does(Payload::People(PeopleAction::KeyRevoked { person, key }))
    }

    /// Records that somebody left.
    pub fn sees_off(self, person: &str) -> Deed {
        let person = id(person);
        self.does(Payload::People(PeopleAction::PersonDeparted { person }))
    }

    /// Grants a right over the whole ledger.
    pub fn grants(self, body: &str, right: Right) -> Deed {
        self.does(Payload::Bodies(BodiesAction::RightGranted(Grant {
            body: id(body),
            role: None,
            right,
            over: None,
            decision: None,
        })))
    }

    /// Seats somebody as a member of a body, from the founding's day on; in the residents' committee for five
    /// years, by an election that the ledger did not hold, attested by `supervisor-2`; elsewhere without a last day.
    pub fn seats(self, office: &str, body: &str, person: &str) -> Deed {
        self.does(Payload::Bodies(BodiesAction::OfficeAssumed(
            OfficeAssumed {
                office: id(office),
                body: id(body),
                person: id(person),
                role: id("member"),
                term_from: founding_day(),
                term_to: (body == "committee").then(five_years_on),
                obtained: OfficeObtained::Elected,
                decision: None,
                succeeds: None,
                woman: false,
                overlap_disclosed: false,
                elsewhere: (body == "committee").then(|| ElectedElsewhere {
                    second: Attestor {
                        person: id("supervisor-2"),
                        capacity: Capacity {
                            body: id("supervision"),
                            office: Some(id("supervisor-2")),
                        },
                    },
                    source: "选举公告2026年第1号".to_owned(),
                    // The first day of this century: before whatever term a test gives it.
                    held_on: Date::from_days(11_323),
                }),
            },
        )))
    }

    /// Publishes a roll in one part as of the founding's day: voters with their areas, in 0.01 m². A
    /// voter with several lines owns several units.
    pub fn publishes_roll(self, roll: &str, body: &str, voters: &[(&str, u64)]) -> [Deed; 2] {
        let line = |(at, (voter, area)): (usize, &(&str, u64))| RollLine {
            voter: id(voter),
            area: *area,
            unit: Some(id(&format!("unit-{at}"))),
            co_owners: Vec::new(),
        };
        let lines = voters.iter().enumerate().map(line).collect();
        self.publishes_lines(roll, body, lines)
    }

    /// Publishes a roll of these lines in one part as of the founding's day.
    pub fn publishes_lines(self, roll: &str, body: &str, lines: Vec<RollLine>) -> [Deed; 2] {
        let mut voters: Vec<_> = lines.iter().map(|line| &line.voter).collect();
        voters.sort();
        voters.dedup();
        let published = RollPublished {
            roll: id(roll),
            body: id(body),
            as_of: founding_day(),
            parts: 1,
            members: u32::try_from(voters.len()).expect("few"),
            total_area: lines.iter().map(|line| line.area).sum(),
            digest: digest(&lines),
        };
        let part = RollPart {
            roll: id(roll),
            body: id(body),
            part: 0,
            lines,
        };
        [
            self.clone()
                .does(Payload::Bodies(BodiesAction::RollPart(part))),
            self.does(Payload::Bodies(BodiesAction::RollPublished(published))),
        ]
    }

    /// Says that a roll is wrong about somebody.
    pub fn objects(self, roll: &str, about: &str) -> Deed {
        self.does(Payload::Bodies(BodiesAction::RollObjected(RollObjected {
            roll: id(roll),
            person: id(about),
            content: content(),
        })))
    }

    /// Rules on an objection.
    pub fn rules_on(self, roll: &str, objection: u32, upheld: bool) -> Deed {
        let ruled = RollObjectionRuled {
            roll: id(roll),
            objection,
            upheld,
            reason: "户籍已迁出 (moved away)".to_owned(),
        };
        self.does(Payload::Bodies(BodiesAction::RollObjectionRuled(ruled)))
    }

    /// Reads what an objection says.
    pub fn reads_objection(self, roll: &str, objection: u32, content: Digest) -> Deed {
        self.does(Payload::Bodies(BodiesAction::RollObjectionRead {
            roll: id(roll),
            objection,
            content,
        }))
    }

    /// Ends an office without a decision.
    pub fn ends(self, office: &str, cause: OfficeEndCause) -> Deed {
        let office = id(office);
        self.does(Payload::Bodies(BodiesAction::OfficeEnded {
            office,
            cause,
            decision: None,
        }))
    }

    /// Calls a meeting under a rule for a moment.
    pub fn convenes(
        self,
        meeting: &str,
        body: &str,
        rule: &str,
        starts_at: Millis,
        petitioners: &[&str],
    ) -> Deed {
        let convened = MeetingConvened {
            meeting: id(meeting),
            body: id(body),
            rule: id(rule),
            starts_at,
            place: "社区活动室".to_owned(),
            petitioners: petitioners.iter().map(|p| id(p)).collect(),
        };
        self.does(Payload::Meetings(MeetingsAction::MeetingConvened(convened)))
    }

    /// Gives notice of a meeting.
    pub fn notices(self, meeting: &str, urgent_reason: Option<&str>) -> Deed {
        self.does(Payload::Meetings(MeetingsAction::MeetingNoticed {
            meeting: id(meeting),
            urgent_reason: urgent_reason.map(str::to_owned),
        }))
    }

    /// Records who is there.
    pub fn records_attendance(self, meeting: &str, roll: &str, present: &[&str]) -> Deed {
        self.records_guests(meeting, roll, present, &[])
    }

    /// Records who is there, and who is there besides.
    pub fn records_guests(
        self,
        meeting: &str,
        roll: &str,
        present: &[&str],
        guests: &[&str],
    ) -> Deed {
        self.does(Payload::Meetings(MeetingsAction::AttendanceRecorded {
            meeting: id(meeting),
            roll: id(roll),
            present: present.iter().map(|p| id(p)).collect(),
            guests: guests.iter().map(|p| id(p)).collect(),
        }))
    }

    /// Closes a meeting.
    pub fn closes_meeting(self, meeting: &str) -> Deed {
        let meeting: MeetingId = id(meeting);
        self.does(Payload::Meetings(MeetingsAction::MeetingClosed { meeting }))
    }

    /// Tables a motion without options or meeting.
    pub fn tables(self, motion: &str, body: &str, rule: &str) -> Deed {
        self.deliberates(DeliberationAction::MotionTabled(MotionTabled {
            motion: id(motion),
            body: id(body),
            rule: id(rule),
            text: text(motion),
            contest: None,
            meeting: None,
            source: String::new(),
            run_off_of: None,
            consultation: None,
            effects: Vec::new(),
            matter: None,
        }))
    }

    /// Amends a motion.
    pub fn amends(self, motion: &str, contest: Option<Contest>) -> Deed {
        self.deliberates(DeliberationAction::MotionAmended {
            motion: id(motion),
            text: text("amended"),
            contest,
            effects: Vec::new(),
        })
    }

    /// Withdraws a motion.
    pub fn withdraws(self, motion: &str) -> Deed {
        self.deliberates(DeliberationAction::MotionWithdrawn { motion: id(motion) })
    }

    /// Says something.
    pub fn states(self, motion: &str, kind: StatementKind) -> Deed {
        self.deliberates(DeliberationAction::StatementMade {
            motion: id(motion),
            kind,
            content: content(),
        })
    }

    /// Asks an expert.
    pub fn invites(self, motion: &str, expert: &str) -> Deed {
        self.deliberates(DeliberationAction::ExpertInvited {
            motion: id(motion),
            expert: id(expert),
        })
    }

    /// Gives bodies the word on a motion.
    pub fn gives_the_word(self, motion: &str, bodies: &[&str]) -> Deed {
        self.deliberates(DeliberationAction::ParticipantsInvited {
            motion: id(motion),
            bodies: bodies.iter().map(|body| id(body)).collect(),
        })
    }

    /// Answers as an expert.
    pub fn opines(self, motion: &str, interested: bool) -> Deed {
        self.deliberates(DeliberationAction::ExpertOpinionFiled {
            motion: id(motion),
            content: content(),
            interested,
        })
    }

    /// Declares an interest.
    pub fn recuses(self, motion: &str) -> Deed {
        self.deliberates(DeliberationAction::InterestDeclared { motion: id(motion) })
    }

    /// Opens a vote for so many milliseconds.
    pub fn opens(self, motion: &str, roll: &str, ms: u64) -> Deed {
        self.deliberates(DeliberationAction::VotingOpened {
            motion: id(motion),
            roll: id(roll),
            closes_at: Millis(ms),
        })
        .with(|action| {
            let opened_at = action.client_time;
            if let Payload::Deliberation(DeliberationAction::VotingOpened { closes_at, .. }) =
                &mut action.payload
            {
                *closes_at = opened_at.plus(closes_at.0);
            }
        })
    }

    /// Votes.
    pub fn votes(self, motion: &str, choice: Choice) -> Deed {
        self.deliberates(DeliberationAction::BallotCast(BallotCast {
            motion: id(motion),
            voting_opened: Leaf::ZERO,
            on_behalf_of: None,
            ballot: Ballot::Open(choice),
        }))
    }

    /// Votes for another.
    pub fn votes_for(self, principal: &str, motion: &str, choice: Choice) -> Deed {
        self.deliberates(DeliberationAction::BallotCast(BallotCast {
            motion: id(motion),
            voting_opened: Leaf::ZERO,
            on_behalf_of: Some(id(principal)),
            ballot: Ballot::Open(choice),
        }))
    }

    /// Grants a proxy.
    pub fn grants_proxy(self, motion: &str, holder: &str) -> Deed {
        self.deliberates(DeliberationAction::ProxyGranted {
            motion: id(motion),
            voting_opened: Leaf::ZERO,
            holder: id(holder),
        })
    }

    /// Takes a proxy back.
    pub fn revokes_proxy(self, motion: &str) -> Deed {
        self.deliberates(DeliberationAction::ProxyRevoked { motion: id(motion) })
    }

    /// Records a batch of papers with a second teller: voters, and totals of choice, heads and area.
    pub fn records_papers(
        self,
        motion: &str,
        batch: u32,
        second: &str,
        voters: &[&str],
        totals: &[(Choice, u32, u64)],
        spoiled: (u32, u64),
    ) -> Deed {
        let total = |(choice, heads, area): &(Choice, u32, u64)| PaperTotal {
            choice: choice.clone(),
            heads: *heads,
            area: *area,
        };
        self.deliberates(DeliberationAction::PaperBallotsRecorded(PaperBallots {
            motion: id(motion),
            batch,
            second: attestor(second),
            voters: voters.iter().map(|voter| id(voter)).collect(),
            totals: totals.iter().map(total).collect(),
            spoiled,
        }))
    }

    /// Records a live roll call, attested by `teller-1`.
    pub fn calls_roll(self, motion: &str, roll: &str, lines: &[(&str, RollCallMark)]) -> Deed {
        let line = |(voter, mark): &(&str, RollCallMark)| (id(voter), *mark);
        self.deliberates(DeliberationAction::RollCallRecorded(RollCall {
            motion: id(motion),
            second: attestor("teller-1"),
            roll: id(roll),
            lines: lines.iter().map(line).collect(),
            minuted: None,
        }))
    }

    /// Says what the roll call of an entry should have said, attested by `teller-1`.
    pub fn corrects_roll_call(
        self,
        entry: u64,
        motion: &str,
        lines: &[(&str, RollCallMark)],
    ) -> Deed {
        let line = |(voter, mark): &(&str, RollCallMark)| (id(voter), *mark);
        self.corrects(
            entry,
            Correction::RollCall {
                motion: id(motion),
                lines: lines.iter().map(line).collect(),
            },
        )
    }

    /// Says in words what an entry should have said, attested by `teller-1`.
    pub fn corrects_in_words(self, entry: u64) -> Deed {
        self.corrects(
            entry,
            Correction::Note("二楼 (the second floor)".to_owned()),
        )
    }

    fn corrects(self, entry: u64, correction: Correction) -> Deed {
        self.does(Payload::Correction(RecordCorrected {
            entry,
            reason: "录音 (the recording)".to_owned(),
            second: attestor("teller-1"),
            correction,
        }))
    }

    /// Ends a vote.
    pub fn closes_vote(self, motion: &str) -> Deed {
        self.deliberates(DeliberationAction::VotingClosed { motion: id(motion) })
    }
}

/// The local day of [`FOUNDED_AT`]: 2026-03-02.
pub(crate) fn founding_day() -> Date {
    let local = FOUNDED_AT.plus(8 * Millis::HOUR).0 / Millis::DAY;
    Date::from_days(i32::try_from(local).expect("this century"))
}

/// The last day of a term of five years from the founding's day on.
fn five_years_on() -> Date {
    let next = founding_day().plus_months(crate::composition::COMMITTEE_TERM_MONTHS);
    Date::from_days(next.days() - 1)
}

fn text(title: &str) -> MotionText {
    MotionText {
        title: title.to_owned(),
        paragraphs: vec!["同意第一条。".to_owned()],
    }
}
