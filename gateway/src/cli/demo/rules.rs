//! The charter is amended by vote, and a decision is overturned by a court.

use governance::{
    action::{
        DecisionFiled, DecisionOverturned, DeliberationAction, Effect, MeetingConvened,
        MeetingsAction, OverturnedBy, RollCall, RollCallMark,
    },
    ids::Millis,
};

use super::{
    DemoError, cast,
    cast::{CLERK, HEAD, STREET},
    kit::id,
    props::{Tabled, attestor, decided, open_for, table_with},
    stage::{Player, Stage},
    story::RESIDENTS_ROLL,
};

/// The motion by which the charter is amended.
const AMENDMENT: &str = "charter-2";

/// In how many days an issue is to be accepted or refused from now on, in place of fifteen.
const ACCEPTANCE_DAYS: u32 = 10;

/// 修改章程: the residents' meeting, with ten days' notice and two thirds of those who attend.
pub(super) async fn amend_charter(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        5,
        9,
        "修改章程 The residents' meeting amends the charter (组织法 26–27, 31)",
    );
    let (motion, meeting, rule) = (AMENDMENT, "residents-1", "charter-amendment");
    let head = Player::officer(&HEAD);
    let starts_at = stage.at(12, 19, 0);
    let convened = MeetingsAction::MeetingConvened(MeetingConvened {
        meeting: id(meeting),
        body: id("residents-meeting"),
        rule: id(rule),
        starts_at,
        place: "社区广场 (community square)".to_owned(),
        petitioners: Vec::new(),
    });
    let says = "calls a residents' meeting, with ten days' notice and more";
    stage.act(&head, convened, says).await?;
    let noticed = MeetingsAction::MeetingNoticed {
        meeting: id(meeting),
        urgent_reason: None,
    };
    stage.act(&head, noticed, "posts the notice").await?;
    let info = stage.ledger.info();
    let mut charter = info.charter.clone();
    charter.version = info.next_charter_version;
    charter.clocks.issue_acceptance_days = ACCEPTANCE_DAYS;
    let tabled = Tabled {
        motion,
        body: "residents-meeting",
        rule,
        title: "修改章程：诉求十日内受理 (amend the charter: issues are taken up within ten days)",
        paragraphs: &[
            "将诉求的受理期限由十五日改为十日，其余不变。",
            "Issues are accepted or refused within ten days, not fifteen. Nothing else changes.",
        ],
        meeting: Some(meeting),
        consultation: None,
    };
    let effects = vec![Effect::CharterAmended(Box::new(charter))];
    table_with(stage, &HEAD, tabled, effects).await?;
    stage.until(starts_at);
    let everybody = cast::residents();
    let come = everybody.len() * 2 / 3;
    stage.say(&format!(
        "The meeting begins. {come} of {} residents have come.",
        everybody.len()
    ));
    let clerk = Player::officer(&CLERK);
    let attendance = MeetingsAction::AttendanceRecorded {
        meeting: id(meeting),
        roll: id(RESIDENTS_ROLL),
        present: everybody
            .iter()
            .take(come)
            .map(|person| id(person))
            .collect(),
        guests: Vec::new(),
    };
    stage
        .act(&clerk, attendance, "records who is there")
        .await?;
    open_for(stage, &HEAD, motion, RESIDENTS_ROLL, 2 * Millis::HOUR).await?;
    stage.minutes(30);
    let mark = |at| match at {
        at if at < come - 3 => RollCallMark::For,
        at if at < come - 1 => RollCallMark::Against,
        at if at < come => RollCallMark::Abstain,
        _ => RollCallMark::Absent,
    };
    let lines = everybody.iter().enumerate();
    let roll_call = DeliberationAction::RollCallRecorded(RollCall {
        motion: id(motion),
        second: attestor(),
        roll: id(RESIDENTS_ROLL),
        lines: lines.map(|(at, person)| (id(person), mark(at))).collect(),
        minuted: None,
    });
    let says = "records the roll call; the supervision committee attests it";
    stage.act(&clerk, roll_call, says).await?;
    decided(stage, motion).await?;
    stage.say("The amended charter is in force for what begins from now on.");
    stage.minutes(20);
    let closed = MeetingsAction::MeetingClosed {
        meeting: id(meeting),
    };
    stage.act(&head, closed, "closes the meeting").await?;
    Ok(())
}

/// 备案 (组织法 31): the amended charter is filed with the street office, which records it.
pub(super) async fn file(stage: &mut Stage) -> Result<(), DemoError> {
    let filed = DeliberationAction::DecisionFiled(DecisionFiled {
        motion: id(AMENDMENT),
        filed_on: stage.today(),
        reference: "新街备〔2026〕7 号".to_owned(),
    });
    let says = "records that the amended charter is filed with it (组织法 31)";
    stage.act(&Player::officer(&STREET), filed, says).await?;
    Ok(())
}

/// A court annuls the lease of the reading room.
pub(super) async fn overturn(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        76,
        10,
        "撤销决定 A court annuls the committee's decision on the reading room",
    );
    let overturned = DeliberationAction::DecisionOverturned(DecisionOverturned {
        motion: id("reading-room-lease"),
        by: OverturnedBy::Court,
        order: "（2026）民终 108 号：未公示租金即作决定 (the rent had not been made known before)"
            .to_owned(),
        grounds: stage.content("判决书全文。The judgment, in full.")?,
        undone: Vec::new(),
        second: attestor(),
        decision: None,
    });
    let says = "records the judgment, attested; the decision stays in the log and stands no longer";
    stage
        .act(&Player::officer(&CLERK), overturned, says)
        .await?;
    Ok(())
}
