//! Who comes and goes: a recall asked for, a resignation, a by-election for both seats.

use governance::{
    action::{
        BodiesAction, BodyEstablished, Choice, Contest, ContestOption, DeliberationAction,
        DisciplineAction, Effect, HandoverCompleted, OfficeAssumed, OfficeEndCause, OfficeObtained,
        PaperBallots, PaperTotal, RecallPetitioned, Severity, Stance,
    },
    calendar::Date,
    charter::BodyKind,
    ids::Millis,
};

use super::{
    DemoError, cast,
    cast::{CLERK, HEAD, MEMBERS, SECRETARY, TELLER},
    kit::id,
    props::{Tabled, attestor, decided, open_for, table_of, table_with},
    stage::{Player, Stage},
    story::RESIDENTS_ROLL,
};

const RESIDENTS: &str = "residents-meeting";
const ELECTION: &str = "election-committee";

/// How long the election committee sits: it counts, announces, and hands its papers over.
const ELECTION_DAYS: u32 = 30;

/// Whom the petition is about: a member of the committee.
const RECALLED: &cast::Officer = &MEMBERS[2];
/// Who resigns.
const RESIGNED: &cast::Officer = &MEMBERS[1];

/// 罢免 (组织法 20): petition, notice, defence, a secret vote on paper.
pub(super) async fn recall(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        5,
        9,
        "罢免 Residents ask for the recall of a member of the committee (组织法 20)",
    );
    let (case, motion) = ("recall-petition", "recall-vote");
    let resident = |person: &str| Player::voter(person, RESIDENTS);
    let petitioned = DisciplineAction::RecallPetitioned(RecallPetitioned {
        case: id(case),
        office: id(RECALLED.office),
        rule: id("committee-recall"),
        content: stage.content("三次缺席值班后仍未履职。Still absent after the warning.")?,
    });
    let says = "petitions for a recall; a tenth of the residents must sign";
    stage.act(&resident("owner-07"), petitioned, says).await?;
    let clerk = Player::officer(&CLERK);
    let noticed = |content| DisciplineAction::NoticeServed {
        case: id(case),
        severity: Severity::Grave,
        content,
    };
    let early = noticed(stage.content("通知。Notice.")?);
    stage
        .refused(
            &clerk,
            early,
            "would serve the notice with too few signatures",
        )
        .await?;
    let signed = |signers: &[&str]| DisciplineAction::RecallPetitionSigned {
        case: id(case),
        signers: signers.iter().map(|&signer| id(signer)).collect(),
    };
    stage.minutes(60);
    stage
        .act(&resident("owner-10"), signed(&[]), "signs")
        .await?;
    let on_paper = signed(&["owner-15", "owner-16"]);
    stage
        .act(
            &clerk,
            on_paper,
            "enters two signatures given on paper, after checking them",
        )
        .await?;
    let notice = noticed(stage.content(
        "居民提请罢免，请申辩。Residents ask for your recall; you may defend yourself.",
    )?);
    stage.act(&clerk, notice, "serves the notice").await?;
    stage.minutes(3 * 24 * 60);
    let defence = DisciplineAction::DefenceFiled {
        case: id(case),
        content: stage.content("家人病重，愿意改进。Family was gravely ill; I will do better.")?,
    };
    let target = Player::oneself(RECALLED.person);
    stage.act(&target, defence, "files a defence").await?;
    stage.minutes(24 * 60);
    let tabled = Tabled {
        motion,
        body: RESIDENTS,
        rule: "committee-recall",
        title: "罢免一名居委会委员 (recall a member of the residents' committee)",
        paragraphs: &[
            "由居民提请，依照选举的方式表决。Asked for by residents, voted on as in an election.",
        ],
        meeting: None,
        consultation: None,
    };
    table_with(
        stage,
        &HEAD,
        tabled,
        vec![Effect::Recalled { case: id(case) }],
    )
    .await?;
    let withdrawn = DeliberationAction::MotionWithdrawn { motion: id(motion) };
    let says = "would rather withdraw what residents asked for";
    stage
        .refused(&Player::officer(&HEAD), withdrawn, says)
        .await?;
    let (_, closes_at) = open_for(stage, &HEAD, motion, RESIDENTS_ROLL, 10 * Millis::HOUR).await?;
    stage.say("A secret vote: on paper, in a booth. The ledger gets the totals and who handed in a paper.");
    let totals = [
        (Choice::Stance(Stance::For), 14),
        (Choice::Stance(Stance::Against), 6),
        (Choice::Stance(Stance::Abstain), 2),
    ];
    papers(stage, motion, &totals).await?;
    stage.until(closes_at);
    decided(stage, motion).await
}

/// A batch of secret papers of so many residents, counted by two tellers.
async fn papers(
    stage: &mut Stage,
    motion: &str,
    totals: &[(Choice, u32)],
) -> Result<(), DemoError> {
    stage.minutes(8 * 60);
    let cast: u32 = totals.iter().map(|(_, heads)| heads).sum();
    let everybody = cast::residents().into_iter();
    let count = usize::try_from(cast).expect("a small neighbourhood");
    let papers = DeliberationAction::PaperBallotsRecorded(PaperBallots {
        motion: id(motion),
        batch: 0,
        second: attestor(),
        voters: everybody.take(count).map(|person| id(&person)).collect(),
        totals: totals
            .iter()
            .map(|(choice, heads)| PaperTotal {
                choice: choice.clone(),
                heads: *heads,
                area: 0,
            })
            .collect(),
        spoiled: (0, 0),
    });
    let says = format!("records {cast} secret papers, counted by two tellers");
    stage.act(&Player::officer(&TELLER), papers, &says).await?;
    Ok(())
}

/// A member resigns, and hands over in time.
pub(super) async fn resign(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(3, 9, "辞职 A member of the committee resigns");
    let filed = BodiesAction::ResignationFiled {
        office: id(RESIGNED.office),
    };
    let oneself = Player::oneself(RESIGNED.person);
    stage.act(&oneself, filed, "resigns").await?;
    stage.minutes(4 * 24 * 60);
    let completed = BodiesAction::HandoverCompleted(HandoverCompleted {
        office: id(RESIGNED.office),
        second: attestor(),
        record: None,
    });
    let says = "hands over; the supervision committee watches (组织法 25)";
    stage.act(&oneself, completed, says).await?;
    Ok(())
}

/// 居民选举委员会: set up for the by-election, until it is over; one of its three falls ill.
pub(super) async fn election_committee(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        3,
        9,
        "选举委员会 An election committee is set up, for as long as the by-election takes",
    );
    let clerk = Player::officer(&CLERK);
    let established = BodiesAction::BodyEstablished(BodyEstablished {
        body: id(ELECTION),
        kind: BodyKind::ElectionCommittee,
        name: "补选居民选举委员会 (election committee of the by-election)".to_owned(),
    });
    stage
        .act(&clerk, established, "enters the election committee")
        .await?;
    for (at, person) in cast::ELECTION_COMMITTEE.iter().enumerate() {
        let assumed = BodiesAction::OfficeAssumed(OfficeAssumed {
            office: id(&format!("ec-{}", at + 1)),
            body: id(ELECTION),
            person: id(person),
            role: id("member"),
            term_from: stage.today(),
            term_to: Some(stage.today().plus_days(ELECTION_DAYS)),
            obtained: OfficeObtained::Appointed,
            decision: None,
            succeeds: None,
            woman: false,
            overlap_disclosed: false,
            elsewhere: None,
        });
        let says = format!("seats {person}, for {ELECTION_DAYS} days");
        stage.act(&clerk, assumed, &says).await?;
    }
    stage.minutes(24 * 60);
    let ended = BodiesAction::OfficeEnded {
        office: id("ec-2"),
        cause: OfficeEndCause::Incapacity,
        decision: None,
    };
    let says = format!(
        "ends the seat of {}, who has fallen ill",
        cast::ELECTION_COMMITTEE[1]
    );
    stage.act(&clerk, ended, &says).await?;
    Ok(())
}

/// 补选 (组织法 14–19, 24): three candidates for two seats, a secret vote, the elected take their seats.
pub(super) async fn by_election(stage: &mut Stage, term_to: Date) -> Result<(), DemoError> {
    stage.scene(
        3,
        9,
        "补选 Residents elect for the two seats that are vacant (组织法 14–19)",
    );
    let motion = "by-election";
    let options = cast::CANDIDATES.iter().map(|candidate| ContestOption {
        label: format!("{} {}", candidate.zh, candidate.en),
        candidate: Some(id(candidate.person)),
    });
    let contest = Contest {
        options: options.collect(),
        seats: 2,
        position: "居委会委员 (member of the committee)".to_owned(),
    };
    let tabled = Tabled {
        motion,
        body: RESIDENTS,
        rule: "committee-election",
        title: "补选两名居委会委员 (by-election of two members of the committee)",
        paragraphs: &["任期至本届居委会届满。The seats end with the committee's term."],
        meeting: None,
        consultation: None,
    };
    table_of(stage, &HEAD, tabled, Some(contest), Vec::new()).await?;
    let secretary = Player::officer(&SECRETARY);
    for candidate in &cast::CANDIDATES {
        let nominated = DeliberationAction::CandidateNominated {
            motion: id(motion),
            candidate: id(candidate.person),
            nominators: Vec::new(),
        };
        let says = format!("nominates {} {}", candidate.zh, candidate.en);
        stage.act(&secretary, nominated, &says).await?;
    }
    stage.minutes(24 * 60);
    let (_, closes_at) = open_for(stage, &HEAD, motion, RESIDENTS_ROLL, 10 * Millis::HOUR).await?;
    let totals = [
        (Choice::Options(vec![0, 1]), 15),
        (Choice::Options(vec![0, 2]), 5),
        (Choice::Options(vec![1, 2]), 3),
        (Choice::Options(vec![2]), 2),
    ];
    papers(stage, motion, &totals).await?;
    stage.until(closes_at);
    decided(stage, motion).await?;
    stage.minutes(60);
    let seats = [
        ("rc-member-4", &cast::CANDIDATES[0], RECALLED),
        ("rc-member-5", &cast::CANDIDATES[1], RESIGNED),
    ];
    for (office, candidate, before) in seats {
        let assumed = BodiesAction::OfficeAssumed(OfficeAssumed {
            office: id(office),
            body: id("residents-committee"),
            person: id(candidate.person),
            role: id("member"),
            term_from: stage.today(),
            term_to: Some(term_to),
            obtained: OfficeObtained::ByElection,
            decision: Some(id(motion)),
            succeeds: Some(id(before.office)),
            woman: candidate.woman,
            overlap_disclosed: false,
            elsewhere: None,
        });
        let says = format!("seats {} {} for {}", candidate.zh, candidate.en, before.zh);
        stage.act(&Player::officer(&CLERK), assumed, &says).await?;
    }
    Ok(())
}
