//! Contests: choices among options, elections among candidates, and their run-offs.

use crate::{
    action::{Contest, ContestOption, MotionTabled, Outcome},
    bounds::{self, NAME_LEN_MAX, OPTIONS_MAX},
    charter::DecisionRule,
    ids::MotionId,
    motion::{Decided, Motion, Status},
    rejection::{Cited, NoRunOff, Rejection},
    state::State,
};

/// The contest can be held by the rule; or there is none, where the rule asks for none.
pub(crate) fn check(
    state: &State,
    contest: Option<&Contest>,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    let Some(contest) = contest else {
        return no_contest(rule);
    };
    bounds::list("options", contest.options.len(), 1, OPTIONS_MAX)?;
    bounds::text("position", &contest.position, NAME_LEN_MAX)?;
    for option in &contest.options {
        bounds::required_text("option.label", &option.label, NAME_LEN_MAX)?;
    }
    // At most OPTIONS_MAX.
    let options = u32::try_from(contest.options.len()).unwrap_or(u32::MAX);
    let seats = contest.seats;
    if seats == 0 || seats > options {
        return Err(Rejection::ContestSeats { seats, options });
    }
    if rule.more_candidates_than_seats {
        check_election(contest, options, rule)?;
    } else {
        check_no_election(state, contest, rule)?;
    }
    let candidates = || contest.options.iter().filter_map(|o| o.candidate.as_ref());
    bounds::distinct("candidates", candidates())?;
    candidates().try_for_each(|candidate| state.present_person(candidate).map(|_| ()))
}

/// A rule for elections decides nothing else.
fn no_contest(rule: &DecisionRule) -> Result<(), Rejection> {
    if rule.more_candidates_than_seats {
        return Err(Rejection::ContestMissing {
            rule: Cited::of(rule),
        });
    }
    Ok(())
}

/// Every option is a candidate, and there are more of them than seats.
fn check_election(contest: &Contest, options: u32, rule: &DecisionRule) -> Result<(), Rejection> {
    let nobody = |option: &&ContestOption| option.candidate.is_none();
    if let Some(option) = contest.options.iter().find(nobody) {
        return Err(Rejection::OptionWithoutCandidate {
            label: option.label.as_str().into(),
            rule: Cited::of(rule),
        });
    }
    if options > contest.seats {
        return Ok(());
    }
    Err(Rejection::TooFewCandidates {
        seats: contest.seats,
        options,
        rule: Cited::of(rule),
    })
}

/// Where residents or their representatives decide, whoever stands is elected, and only a rule for elections does
/// that (组织法 14–19): any other is without its secrecy, its posted roll and its nominations.
fn check_no_election(
    state: &State,
    contest: &Contest,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    let mut candidates = contest.options.iter().filter_map(|o| o.candidate.as_ref());
    match candidates.next() {
        Some(person) if state.body(&rule.body)?.kind.is_of_residents() => {
            Err(Rejection::NotForElections {
                person: person.clone(),
                rule: Cited::of(rule),
            })
        }
        _ => Ok(()),
    }
}

/// Where the motion (`None`: it is being tabled) is a run-off: the first ballot left seats unfilled,
/// under the same rule of the same body, and the run-off is about those seats and among those who were
/// not chosen. So that nobody skips the first ballot, whose majority is the harder one.
pub(crate) fn check_run_off(
    state: &State,
    motion: Option<&MotionId>,
    first: Option<&MotionId>,
    contest: Option<&Contest>,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    let Some(id) = first else {
        return Ok(());
    };
    let first = state.existing_motion(id)?;
    match why_no_run_off(state, motion, first, contest, rule) {
        None => Ok(()),
        Some(reason) => Err(Rejection::RunOffUnfit {
            first: id.clone(),
            reason,
            rule: Cited::of(rule),
        }),
    }
}

fn why_no_run_off(
    state: &State,
    motion: Option<&MotionId>,
    first: &Motion,
    contest: Option<&Contest>,
    rule: &DecisionRule,
) -> Option<NoRunOff> {
    let (Some(ballot), Some(contest)) = (&first.contest, contest) else {
        return Some(NoRunOff::NoContest);
    };
    if first.body != rule.body || first.rule.id != rule.id || rule.run_off.is_none() {
        return Some(NoRunOff::Rule(first.rule.id.clone()));
    }
    let unfilled = |decided: &&Decided| {
        let left = matches!(decided.outcome, Outcome::Rejected | Outcome::PartlyFilled);
        left && decided.overturned.is_none()
    };
    let Some(decided) = first.decision().filter(unfilled) else {
        return Some(NoRunOff::Status(first.status()));
    };
    if let Some(held) = standing_run_off(state, decided).filter(|held| Some(*held) != motion) {
        return Some(NoRunOff::Held(held.clone()));
    }
    // At most OPTIONS_MAX.
    let filled = u32::try_from(decided.chosen.len()).unwrap_or(u32::MAX);
    let left = ballot.seats.saturating_sub(filled);
    if contest.seats > left {
        let seats = contest.seats;
        return Some(NoRunOff::Seats { seats, left });
    }
    let stands = |option: &&ContestOption| {
        let mut ballot = (0_u32..).zip(&ballot.options);
        ballot.any(|(at, o)| is_same(o, option) && !decided.chosen.contains(&at))
    };
    let stranger = contest.options.iter().find(|option| !stands(option))?;
    Some(NoRunOff::Option(stranger.label.as_str().into()))
}

/// The run-off that decides about the seats left: not withdrawn, and not without a quorum.
fn standing_run_off<'a>(state: &State, decided: &'a Decided) -> Option<&'a MotionId> {
    let id = decided.run_off.as_ref()?;
    let over = [
        Status::Withdrawn,
        Status::Decided(Outcome::NoQuorum),
        Status::Overturned,
    ];
    let status = state.motions.get(id)?.status();
    (!over.contains(&status)).then_some(id)
}

/// The same candidate; or, where neither is a person, the same label.
fn is_same(one: &ContestOption, other: &ContestOption) -> bool {
    one.candidate == other.candidate && (one.candidate.is_some() || one.label == other.label)
}

/// The first ballot knows its run-off, so that its seats are filled once.
pub(crate) fn note_run_off(state: &mut State, tabled: &MotionTabled) {
    let first = tabled.run_off_of.as_ref();
    let first = first.and_then(|first| state.motions.get_mut(first));
    if let Some(decided) = first.and_then(Motion::decision_mut) {
        decided.run_off = Some(tabled.motion.clone());
    }
}
