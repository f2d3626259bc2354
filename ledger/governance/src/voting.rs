//! The vote itself: ballots, proxies, recusals, and its early end.

use crate::{
    action::{Ballot, BallotCast, Choice, Contest},
    authority::{Act, Standing},
    charter::{BallotVisibility, Right},
    ids::{Leaf, Millis, MotionId, PersonId},
    motion::{Motion, Sealed, Stage, Vote, needs_attendance},
    petition,
    rejection::{Cited, Rejection, Unfit},
    roll::Roll,
    rolls::check_on_roll,
    state::State,
};

/// A motion being voted on, with its roll.
pub(crate) struct Ballotbox<'a> {
    pub(crate) id: &'a MotionId,
    pub(crate) motion: &'a Motion,
    pub(crate) vote: &'a Vote,
    pub(crate) roll: &'a Roll,
    state: &'a State,
}

impl<'a> Ballotbox<'a> {
    pub(crate) fn of(state: &'a State, id: &'a MotionId) -> Result<Self, Rejection> {
        let (motion, vote) = state.open_motion(id)?;
        Ok(Self {
            id,
            motion,
            vote,
            roll: state.published_roll(&vote.roll)?,
            state,
        })
    }

    /// The motion's vote, which is not over yet. What hidden ballots said may still be on its way to the log
    /// then.
    pub(crate) fn running(act: &Act<'a>, id: &'a MotionId) -> Result<Self, Rejection> {
        let ballotbox = Self::of(act.state, id)?;
        check_running(id, ballotbox.vote, act.recorded_at)?;
        Ok(ballotbox)
    }

    fn check_opening(&self, named: Leaf) -> Result<(), Rejection> {
        if named == self.vote.opened {
            return Ok(());
        }
        Err(Rejection::WrongVotingOpened {
            motion: self.id.clone(),
            named,
            opened: self.vote.opened,
        })
    }

    pub(crate) fn check_not_recused(&self, person: &PersonId) -> Result<(), Rejection> {
        if !self.motion.recused.contains(person) {
            return Ok(());
        }
        Err(Rejection::VoterRecused {
            motion: self.id.clone(),
            person: person.clone(),
            why: self.motion.why_recused(self.state, person),
        })
    }

    pub(crate) fn check_no_paper(&self, person: &PersonId) -> Result<(), Rejection> {
        match self.vote.papers.voters.get(person) {
            None => Ok(()),
            Some(batch) => Err(Rejection::VotedOnPaper {
                motion: self.id.clone(),
                person: person.clone(),
                batch: *batch,
            }),
        }
    }

    /// On the roll, not recused, and at the meeting where those attending decide.
    pub(crate) fn check_voter(&self, person: &PersonId) -> Result<(), Rejection> {
        check_on_roll(self.roll, person)?;
        self.check_not_recused(person)?;
        self.check_attends(person)
    }

    /// Whether those attending decide, and the person is recorded among them.
    pub(crate) fn is_recorded_present(&self, person: &PersonId) -> bool {
        let meeting = self.motion.meeting.as_ref();
        let meeting = meeting.and_then(|id| self.state.meetings.get(id));
        needs_attendance(&self.vote.rule) && meeting.is_some_and(|meeting| meeting.attends(person))
    }

    /// How many can vote as it stands: of those on the roll or, where those attending decide, of those present.
    fn can_vote(&self) -> u64 {
        let meeting = self.motion.meeting.as_ref();
        let meeting = meeting.and_then(|id| self.state.meetings.get(id));
        let attendance = meeting.and_then(|meeting| meeting.attendance.as_ref());
        match attendance.filter(|_| needs_attendance(&self.vote.rule)) {
            Some(attendance) => {
                let recused = &self.motion.recused;
                attendance.present.difference(recused).count() as u64
            }
            None => self.on_roll(),
        }
    }

    /// How many of the roll may vote. Recusals are kept for its voters only.
    fn on_roll(&self) -> u64 {
        let recused = self.motion.recused.len() as u64;
        self.roll.total().heads.saturating_sub(recused)
    }

    /// At the meeting, where those attending decide.
    pub(crate) fn check_attends(&self, person: &PersonId) -> Result<(), Rejection> {
        if !needs_attendance(&self.vote.rule) || self.is_recorded_present(person) {
            return Ok(());
        }
        Err(Rejection::NotAttending {
            motion: self.id.clone(),
            person: person.clone(),
            rule: Cited::of(&self.vote.rule),
        })
    }

    pub(crate) fn check_choice(&self, choice: &Choice) -> Result<(), Rejection> {
        let unfit = match (choice, &self.motion.contest) {
            (Choice::Stance(_), None) => None,
            (Choice::Stance(_), Some(_)) => Some(Unfit::Contest),
            (Choice::Options(_), None) => Some(Unfit::OptionsWithoutContest),
            (Choice::Options(options), Some(contest)) => why_unfit(options, contest),
        };
        match unfit {
            None => Ok(()),
            Some(reason) => Err(Rejection::ChoiceUnfit {
                motion: self.id.clone(),
                reason,
            }),
        }
    }

    fn is_candidate(&self, person: &PersonId) -> bool {
        let options = self
            .motion
            .contest
            .iter()
            .flat_map(|contest| &contest.options);
        let mut candidates = options.filter_map(|option| option.candidate.as_ref());
        candidates.any(|candidate| candidate == person)
    }

    fn proxy_stands(&self, person: &PersonId, holder: &PersonId) -> Rejection {
        Rejection::ProxyStands {
            motion: self.id.clone(),
            person: person.clone(),
            holder: holder.clone(),
        }
    }
}

fn check_running(id: &MotionId, vote: &Vote, now: Millis) -> Result<(), Rejection> {
    if now < vote.closes_at {
        return Ok(());
    }
    Err(Rejection::VoteOver {
        motion: id.clone(),
        closes_at: vote.closes_at,
    })
}

/// Options ascend, exist, and are no more than the seats.
fn why_unfit(options: &[u32], contest: &Contest) -> Option<Unfit> {
    let chosen = options.len() as u64;
    if !options.is_sorted_by(|a, b| a < b) {
        return Some(Unfit::NotAscending);
    }
    if chosen > u64::from(contest.seats) {
        return Some(Unfit::MoreThanSeats {
            chosen,
            seats: contest.seats,
        });
    }
    let last = *options.last()?;
    (u64::from(last) >= contest.options.len() as u64).then_some(Unfit::NoSuchOption(last))
}

pub(crate) fn decide_ballot(act: &Act<'_>, ballot: &BallotCast) -> Result<(), Rejection> {
    let ballotbox = Ballotbox::running(act, &ballot.motion)?;
    act.acts_for(&ballotbox.motion.body)?;
    ballotbox.check_opening(ballot.voting_opened)?;
    if ballotbox.vote.rule.visibility == BallotVisibility::Secret {
        return Err(Rejection::SecretOnPaper {
            motion: ballot.motion.clone(),
            rule: Cited::of(&ballotbox.vote.rule),
        });
    }
    let voter = ballot.on_behalf_of.as_ref().unwrap_or(act.person);
    ballotbox.check_voter(voter)?;
    check_hand(&ballotbox, act.person, ballot.on_behalf_of.as_ref())?;
    ballotbox.check_no_paper(voter)?;
    match (&ballot.ballot, ballotbox.vote.rule.visibility) {
        (Ballot::Open(choice), BallotVisibility::Open) => ballotbox.check_choice(choice),
        (Ballot::Hidden(_), BallotVisibility::HiddenUntilClose) => Ok(()),
        (Ballot::Open(_), _) => Err(Rejection::BallotMustBeHidden {
            motion: ballot.motion.clone(),
            rule: Cited::of(&ballotbox.vote.rule),
        }),
        (Ballot::Hidden(_), _) => Err(Rejection::BallotMustBeOpen {
            motion: ballot.motion.clone(),
            rule: Cited::of(&ballotbox.vote.rule),
        }),
    }
}

/// Whose hand casts the ballot: the voter's own, unless a proxy stands; then its holder's.
fn check_hand(
    ballotbox: &Ballotbox<'_>,
    hand: &PersonId,
    principal: Option<&PersonId>,
) -> Result<(), Rejection> {
    let Some(principal) = principal else {
        return match ballotbox.vote.proxies.holder_of(hand) {
            None => Ok(()),
            Some(holder) => Err(ballotbox.proxy_stands(hand, holder)),
        };
    };
    if ballotbox.vote.proxies.holder_of(principal) != Some(hand) {
        return Err(Rejection::ProxyNotHeld {
            motion: ballotbox.id.clone(),
            principal: principal.clone(),
            holder: hand.clone(),
        });
    }
    // A proxy ends with the principal's part in the community.
    ballotbox.state.present_person(principal)?;
    // Who takes no part in the vote casts nobody else's ballot either.
    ballotbox.check_not_recused(hand)
}

pub(crate) fn cast(motion: &mut Motion, actor: &PersonId, ballot: &BallotCast) {
    let voter = ballot.on_behalf_of.as_ref().unwrap_or(actor);
    if let Some(vote) = motion.vote_mut() {
        match &ballot.ballot {
            Ballot::Open(choice) => {
                vote.ballots.insert(voter.clone(), choice.clone());
            }
            Ballot::Hidden(commitment) => {
                let sealed = Sealed {
                    commitment: *commitment,
                    choice: None,
                };
                vote.hidden.insert(voter.clone(), sealed);
            }
        }
    }
}

pub(crate) fn decide_proxy(
    act: &Act<'_>,
    motion: &MotionId,
    voting_opened: Leaf,
    holder: &PersonId,
) -> Result<(), Rejection> {
    let ballotbox = Ballotbox::running(act, motion)?;
    act.acts_for(&ballotbox.motion.body)?;
    ballotbox.check_opening(voting_opened)?;
    check_on_roll(ballotbox.roll, act.person)?;
    ballotbox.check_not_recused(act.person)?;
    ballotbox.check_no_paper(act.person)?;
    if let Some(standing) = ballotbox.vote.proxies.holder_of(act.person) {
        return Err(ballotbox.proxy_stands(act.person, standing));
    }
    check_holder(&ballotbox, act, holder)
}

/// Somebody else, enrolled, no candidate, and with a proxy to spare.
fn check_holder(
    ballotbox: &Ballotbox<'_>,
    act: &Act<'_>,
    holder: &PersonId,
) -> Result<(), Rejection> {
    let rule = &ballotbox.vote.rule;
    let max = rule.proxies_per_holder_max;
    let motion = || ballotbox.id.clone();
    if max == 0 {
        return Err(Rejection::ProxiesNotAllowed {
            motion: motion(),
            rule: Cited::of(rule),
        });
    }
    if holder == act.person {
        return Err(Rejection::ProxyToSelf {
            person: holder.clone(),
        });
    }
    act.state.present_person(holder)?;
    ballotbox.check_not_recused(holder)?;
    if ballotbox.is_candidate(holder) {
        return Err(Rejection::ProxyHolderIsCandidate {
            motion: motion(),
            holder: holder.clone(),
        });
    }
    let held = ballotbox.vote.proxies.held_by(holder);
    if held >= max {
        return Err(Rejection::ProxyLimit {
            holder: holder.clone(),
            held,
            max,
            rule: Cited::of(rule),
        });
    }
    Ok(())
}

pub(crate) fn decide_revocation(act: &Act<'_>, motion: &MotionId) -> Result<(), Rejection> {
    let ballotbox = Ballotbox::running(act, motion)?;
    act.acts_for(&ballotbox.motion.body)?;
    if ballotbox.vote.proxies.holder_of(act.person).is_some() {
        return Ok(());
    }
    Err(Rejection::NoProxy {
        motion: motion.clone(),
        person: act.person.clone(),
    })
}

/// Before the vote anybody of the body, during it a voter who has not voted.
pub(crate) fn decide_interest(act: &Act<'_>, motion: &MotionId) -> Result<(), Rejection> {
    let record = act.state.pending_motion(motion)?;
    act.acts_for(&record.body)?;
    let (id, person) = (motion.clone(), act.person.clone());
    if record.recused.contains(act.person) {
        return Err(Rejection::InterestDeclaredAlready { motion: id, person });
    }
    match &record.stage {
        Stage::Voting(vote) => {
            check_running(motion, vote, act.recorded_at)?;
            let roll = act.state.published_roll(&vote.roll)?;
            check_on_roll(roll, act.person)?;
            if vote.has_voted(act.person) {
                return Err(Rejection::InterestAfterVote { motion: id, person });
            }
            Ok(())
        }
        _ => match act.standing {
            Standing::Member(body) => act.check_member(body),
            _ => Ok(()),
        },
    }
}

/// The chair ends an open vote of a meeting, or any vote in which everybody has voted. Where the rule has
/// a shortest window, voters count on the moment they were told, and the chair does not choose another. On what voters
/// asked for, all who are there vote first: else opening and closing it would be a way to have it fall through.
pub(crate) fn decide_closed(act: &Act<'_>, motion: &MotionId) -> Result<(), Rejection> {
    let record = act.state.existing_motion(motion)?;
    let asked_for = record.was_asked_for(act.state);
    petition::may(act, Right::Convene, &record.body, asked_for)?;
    let ballotbox = Ballotbox::running(act, motion)?;
    let vote = ballotbox.vote;
    let in_meeting = record.meeting.is_some()
        && vote.rule.visibility == BallotVisibility::Open
        && vote.rule.voting_window_ms_min == 0;
    let eligible = match (in_meeting, asked_for) {
        (true, false) => 0,
        (true, true) => ballotbox.can_vote(),
        (false, _) => ballotbox.on_roll(),
    };
    if vote.voted() >= eligible {
        return Ok(());
    }
    Err(Rejection::VoteStillRuns {
        motion: motion.clone(),
        voted: vote.voted(),
        eligible,
        closes_at: vote.closes_at,
    })
}
