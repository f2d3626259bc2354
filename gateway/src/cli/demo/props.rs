//! What scenes have in common: the acts that recur, each with its words.

use governance::{
    action::{
        Attestor, Ballot, BallotCast, Capacity, Choice, Contest, DeliberationAction, Effect,
        MotionTabled, MotionText, PaperBallots, PaperTotal, Stance, StatementKind,
    },
    ids::{Leaf, Millis, RollId},
};

use super::{
    DemoError, cast,
    cast::{SECOND_TELLER, TELLER},
    kit::id,
    stage::{Player, Stage},
};

/// The matter of lifts: of a consultation, and of the motion that rests on it.
pub(super) const LIFTS: &str = "lifts";

pub(super) fn voter(person: &str) -> Player {
    Player::voter(person, "owners-assembly")
}

/// The second officer, who attests what the clerk or the first teller records.
pub(super) fn attestor() -> Attestor {
    Attestor {
        person: id(SECOND_TELLER.person),
        capacity: Capacity {
            body: id(SECOND_TELLER.body),
            office: Some(id(SECOND_TELLER.office)),
        },
    }
}

pub(super) struct Tabled<'a> {
    pub(super) motion: &'a str,
    pub(super) body: &'a str,
    pub(super) rule: &'a str,
    pub(super) title: &'a str,
    pub(super) paragraphs: &'a [&'a str],
    pub(super) meeting: Option<&'a str>,
    pub(super) consultation: Option<&'a str>,
}

pub(super) async fn table(
    stage: &mut Stage,
    by: &cast::Officer,
    tabled: Tabled<'_>,
) -> Result<(), DemoError> {
    table_with(stage, by, tabled, Vec::new()).await
}

/// The same of a motion that does something when it is adopted.
pub(super) async fn table_with(
    stage: &mut Stage,
    by: &cast::Officer,
    tabled: Tabled<'_>,
    effects: Vec<Effect>,
) -> Result<(), DemoError> {
    table_of(stage, by, tabled, None, effects).await
}

/// The same of an election, where there is a contest.
pub(super) async fn table_of(
    stage: &mut Stage,
    by: &cast::Officer,
    tabled: Tabled<'_>,
    contest: Option<Contest>,
    effects: Vec<Effect>,
) -> Result<(), DemoError> {
    let says = format!("tables: {}", tabled.title);
    let labels = contest.iter().flat_map(|contest| &contest.options);
    let labels = labels.map(|option| option.label.clone()).collect();
    let action = DeliberationAction::MotionTabled(MotionTabled {
        motion: id(tabled.motion),
        body: id(tabled.body),
        rule: id(tabled.rule),
        text: MotionText {
            title: tabled.title.to_owned(),
            paragraphs: tabled.paragraphs.iter().map(|&p| p.to_owned()).collect(),
        },
        contest,
        meeting: tabled.meeting.map(id),
        source: String::new(),
        run_off_of: None,
        // The one consultation that a motion of the story rests on was on lifts.
        matter: tabled.consultation.map(|_| id(LIFTS)),
        consultation: tabled.consultation.map(id),
        effects,
    });
    stage.act(&Player::officer(by), action, &says).await?;
    stage.entitle(tabled.motion, tabled.title, labels);
    stage.minutes(5);
    Ok(())
}

pub(super) async fn say_on(
    stage: &mut Stage,
    player: &Player,
    motion: &str,
    kind: StatementKind,
    words: &str,
) -> Result<(), DemoError> {
    let statement = DeliberationAction::StatementMade {
        motion: id(motion),
        kind,
        content: stage.content(words)?,
    };
    stage.act(player, statement, "speaks on it").await?;
    stage.minutes(10);
    Ok(())
}

pub(super) async fn open(
    stage: &mut Stage,
    by: &cast::Officer,
    motion: &str,
    roll: &str,
    days: u64,
) -> Result<(Leaf, Millis), DemoError> {
    open_for(stage, by, motion, roll, days * Millis::DAY).await
}

pub(super) async fn open_for(
    stage: &mut Stage,
    by: &cast::Officer,
    motion: &str,
    roll: &str,
    window_ms: u64,
) -> Result<(Leaf, Millis), DemoError> {
    let closes_at = stage.now().plus(window_ms);
    let roll: RollId = id(roll);
    let opened = DeliberationAction::VotingOpened {
        motion: id(motion),
        roll: roll.clone(),
        closes_at,
    };
    let says = format!("opens the vote among {roll}");
    let submitted = stage.act(&Player::officer(by), opened, &says).await?;
    Ok((Leaf(submitted.receipt.leaf.0), closes_at))
}

pub(super) fn proxy(motion: &str, voting_opened: Leaf, holder: &str) -> DeliberationAction {
    DeliberationAction::ProxyGranted {
        motion: id(motion),
        voting_opened,
        holder: id(holder),
    }
}

/// A committee member's own ballot, by open vote.
pub(super) fn ballot(motion: &str, voting_opened: Leaf, stance: Stance) -> DeliberationAction {
    DeliberationAction::BallotCast(BallotCast {
        motion: id(motion),
        voting_opened,
        on_behalf_of: None,
        ballot: Ballot::Open(Choice::Stance(stance)),
    })
}

/// An owner's ballot, hidden until the close; for `principal`, where they hold that proxy.
pub(super) fn hidden_ballot(
    stage: &mut Stage,
    motion: &str,
    voting_opened: Leaf,
    (person, principal): (&str, Option<&str>),
    stance: Stance,
) -> Result<DeliberationAction, DemoError> {
    let whose = id(principal.unwrap_or(person));
    let ballot = stage.sealed(voting_opened, &whose, &Choice::Stance(stance))?;
    Ok(DeliberationAction::BallotCast(BallotCast {
        motion: id(motion),
        voting_opened,
        on_behalf_of: principal.map(id),
        ballot,
    }))
}

/// Owners vote; what they choose is on the log after the close.
pub(super) async fn vote(
    stage: &mut Stage,
    motion: &str,
    opened: Leaf,
    voters: &[&str],
    stance: Stance,
) -> Result<(), DemoError> {
    let mut last = 0;
    for person in voters {
        stage.minutes(7);
        let ballot = hidden_ballot(stage, motion, opened, (person, None), stance)?;
        let submitted = stage.act_quietly(&voter(person), ballot, "votes").await?;
        last = submitted.receipt.index;
    }
    let who = match voters {
        [first, .., end] if voters.len() > 3 => format!("{first} to {end}"),
        _ => voters.join(", "),
    };
    let says = match (stance, voters.len()) {
        (Stance::For, 1) => "votes for",
        (Stance::For, _) => "vote for",
        (Stance::Against, 1) => "votes against",
        (Stance::Against, _) => "vote against",
        (Stance::Abstain, 1) => "abstains",
        (Stance::Abstain, _) => "abstain",
    };
    stage.tell(voters.len(), last, &format!("{who} {says}"));
    Ok(())
}

/// The three owners without keys hand in papers: so many for, against, abstaining.
pub(super) async fn paper_batch(
    stage: &mut Stage,
    motion: &str,
    [in_favour, against, abstaining]: [u32; 3],
) -> Result<(), DemoError> {
    stage.minutes(30);
    let total = |stance, heads: u32| PaperTotal {
        choice: Choice::Stance(stance),
        heads,
        area: u64::from(heads) * cast::FLAT,
    };
    let totals = [
        total(Stance::For, in_favour),
        total(Stance::Against, against),
        total(Stance::Abstain, abstaining),
    ];
    let papers = DeliberationAction::PaperBallotsRecorded(PaperBallots {
        motion: id(motion),
        batch: 0,
        second: attestor(),
        voters: cast::ON_PAPER.iter().map(|&person| id(person)).collect(),
        totals: totals.into_iter().filter(|t| t.heads > 0).collect(),
        spoiled: (0, 0),
    });
    let says = "records three papers, counted by two tellers: owner-15, owner-16, owner-17";
    stage.act(&Player::officer(&TELLER), papers, says).await?;
    Ok(())
}

/// Waits for what time has brought, and reads it out.
pub(super) async fn decided(stage: &mut Stage, motion: &str) -> Result<(), DemoError> {
    let verdict = stage.verdict(motion).await?;
    verdict.read_out();
    Ok(())
}
