//! Paper ballots: batches that two tellers attest.

use crate::{
    action::PaperBallots,
    authority::{Act, Over},
    bounds::{self, LINES_MAX},
    charter::Right,
    motion::Motion,
    rejection::Rejection,
    roll::Weight,
    voting::Ballotbox,
};

pub(crate) fn decide(act: &Act<'_>, papers: &PaperBallots) -> Result<(), Rejection> {
    let body = &act.state.existing_motion(&papers.motion)?.body;
    act.may(Right::Tell, body)?;
    act.check_attestor(&papers.second, &[Right::Tell], &Over::Body(body.clone()))?;
    let ballotbox = Ballotbox::running(act, &papers.motion)?;
    let expected = ballotbox.vote.papers.batches;
    if papers.batch != expected {
        return Err(Rejection::PaperBatchOrder {
            motion: papers.motion.clone(),
            expected,
            found: papers.batch,
        });
    }
    check_voters(&ballotbox, papers)?;
    check_totals(&ballotbox, papers)
}

/// Voters who may vote and have not, each once.
fn check_voters(ballotbox: &Ballotbox<'_>, papers: &PaperBallots) -> Result<(), Rejection> {
    bounds::list("voters", papers.voters.len(), 1, LINES_MAX)?;
    bounds::distinct("voters", &papers.voters)?;
    for voter in &papers.voters {
        ballotbox.check_voter(voter)?;
        ballotbox.check_no_paper(voter)?;
        if ballotbox.vote.has_cast(voter) {
            return Err(Rejection::VotedElectronically {
                motion: papers.motion.clone(),
                person: voter.clone(),
            });
        }
    }
    Ok(())
}

/// Each choice once, and all of them together exactly what the voters weigh. Added up in u128, so
/// that no total wraps around into the right one.
fn check_totals(ballotbox: &Ballotbox<'_>, papers: &PaperBallots) -> Result<(), Rejection> {
    bounds::list("totals", papers.totals.len(), 0, papers.voters.len())?;
    let (mut heads, mut area) = (u128::from(papers.spoiled.0), u128::from(papers.spoiled.1));
    for (position, total) in papers.totals.iter().enumerate() {
        ballotbox.check_choice(&total.choice)?;
        let earlier = &papers.totals[..position];
        if total.heads == 0 || earlier.iter().any(|e| e.choice == total.choice) {
            return Err(Rejection::PaperChoiceTwice {
                motion: papers.motion.clone(),
                // At most as many as voters.
                position: u32::try_from(position).unwrap_or(u32::MAX),
            });
        }
        heads += u128::from(total.heads);
        area += u128::from(total.area);
    }
    let weigh = |voter| ballotbox.roll.weight_of(voter);
    let voters: Weight = papers.voters.iter().filter_map(weigh).sum();
    if heads == u128::from(voters.heads) && area == u128::from(voters.area) {
        return Ok(());
    }
    Err(Rejection::PaperTotalsDiffer {
        motion: papers.motion.clone(),
        heads: u64::try_from(heads).unwrap_or(u64::MAX),
        voters: voters.heads,
        area: u64::try_from(area).unwrap_or(u64::MAX),
        voters_area: voters.area,
    })
}

pub(crate) fn add(motion: &mut Motion, papers: &PaperBallots) {
    let Some(vote) = motion.vote_mut() else {
        return;
    };
    let kept = &mut vote.papers;
    kept.batches = papers.batch.saturating_add(1);
    for voter in &papers.voters {
        kept.voters.insert(voter.clone(), papers.batch);
    }
    for total in &papers.totals {
        let weight = Weight {
            heads: u64::from(total.heads),
            area: total.area,
        };
        *kept.totals.entry(total.choice.clone()).or_default() += weight;
    }
    kept.spoiled += Weight {
        heads: u64::from(papers.spoiled.0),
        area: papers.spoiled.1,
    };
}
