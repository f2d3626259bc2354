//! Meetings: of the representatives, who decide, and the committee's standing ones, of which it misses some.

use governance::{
    action::{
        Correction, DeliberationAction, MeetingConvened, MeetingsAction, MotionText,
        RecordCorrected, RollCall, RollCallMark, StatementKind,
    },
    ids::{Millis, PersonId},
};

use super::{
    DemoError, cast,
    cast::{CLERK, HEAD, MEMBERS, TELLER},
    kit::id,
    props::{Tabled, attestor, decided, open_for, say_on, table},
    stage::{Player, Stage},
    story::{COMMITTEE_ROLL, REPRESENTATIVES_ROLL},
};

const COVENANT: &str = "楼道堆物清理公约 (a covenant to keep stairways clear)";

const COVENANT_TABLED: [&str; 2] = [
    "楼道、消防通道不得堆放杂物;每月第一个周六集中清理。",
    "Nothing is stored on stairways or fire routes; they are cleared on the first Saturday of each month.",
];

/// With a week's warning.
const COVENANT_AMENDED: [&str; 2] = [
    "楼道、消防通道不得堆放杂物;每月第一个周六集中清理，提前一周张贴通知。",
    "Nothing is stored on stairways or fire routes; they are cleared on the first Saturday of each month, and a \
     notice hangs out a week before.",
];

/// 组织法 28–29: a meeting with notice, attendance, an expert and a roll call.
pub(super) async fn meet(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        20,
        9,
        "居民代表会议 The representatives' meeting is called (组织法 28–29)",
    );
    let (motion, meeting) = ("clear-stairways", "representatives-2");
    let head = Player::officer(&HEAD);
    let starts_at = stage.at(7, 19, 0);
    let convened = MeetingsAction::MeetingConvened(MeetingConvened {
        meeting: id(meeting),
        body: id("representatives-meeting"),
        rule: id("representatives-meeting"),
        starts_at,
        place: "社区活动室 (community hall)".to_owned(),
        petitioners: Vec::new(),
    });
    let says = "calls the meeting, for 19:00 in a week";
    stage.act(&head, convened, says).await?;
    let noticed = MeetingsAction::MeetingNoticed {
        meeting: id(meeting),
        urgent_reason: None,
    };
    stage.act(&head, noticed, "posts the notice").await?;
    table(
        stage,
        &HEAD,
        Tabled {
            motion,
            body: "representatives-meeting",
            rule: "representatives-meeting",
            title: COVENANT,
            paragraphs: &COVENANT_TABLED,
            meeting: Some(meeting),
            consultation: None,
        },
    )
    .await?;
    prepare(stage, motion).await?;

    stage.until(starts_at);
    stage.say("The meeting begins. 7 of 9 representatives have come, a tenant and the fire engineer attend.");
    let clerk = Player::officer(&CLERK);
    let attendance = MeetingsAction::AttendanceRecorded {
        meeting: id(meeting),
        roll: id(REPRESENTATIVES_ROLL),
        present: (1..=7).map(|n| id(&cast::representative(n))).collect(),
        guests: vec![id("tenant-1"), id("fire-engineer")],
    };
    stage
        .act(&clerk, attendance, "records who is there")
        .await?;
    let speaker = Player::officer(&TELLER);
    let words = "监督委员会支持,并将公布每月清理结果。The supervision committee agrees and will \
                 publish each month's result.";
    say_on(stage, &speaker, motion, StatementKind::Supervision, words).await?;
    let guest = Player::oneself("tenant-1");
    let words = "租户也愿意一起清理。Tenants will help to clear them.";
    say_on(stage, &guest, motion, StatementKind::Suggestion, words).await?;
    open_for(stage, &HEAD, motion, REPRESENTATIVES_ROLL, 2 * Millis::HOUR).await?;
    stage.minutes(25);
    let mark = |n| match n {
        1..=5 => RollCallMark::For,
        6 => RollCallMark::Against,
        7 => RollCallMark::Abstain,
        _ => RollCallMark::Absent,
    };
    let lines: Vec<_> = (1..=cast::REPRESENTATIVES)
        .map(|n| (id(&cast::representative(n)), mark(n)))
        .collect();
    let roll_call = DeliberationAction::RollCallRecorded(RollCall {
        motion: id(motion),
        second: attestor(),
        roll: id(REPRESENTATIVES_ROLL),
        lines: lines.clone(),
        minuted: None,
    });
    let says = "records the roll call; the supervision committee attests it";
    let called = stage.act(&clerk, roll_call, says).await?;
    decided(stage, motion).await?;
    stage.minutes(20);
    let closed = MeetingsAction::MeetingClosed {
        meeting: id(meeting),
    };
    stage.act(&head, closed, "closes the meeting").await?;
    correct(stage, motion, called.receipt.index, lines).await
}

/// What comes before the meeting: the text is amended, who watches over the committee and who speaks for the owners
/// are given the word, and an expert gives an opinion.
async fn prepare(stage: &mut Stage, motion: &str) -> Result<(), DemoError> {
    let head = Player::officer(&HEAD);
    let amended = DeliberationAction::MotionAmended {
        motion: id(motion),
        text: MotionText {
            title: COVENANT.to_owned(),
            paragraphs: COVENANT_AMENDED.map(str::to_owned).to_vec(),
        },
        contest: None,
        effects: Vec::new(),
    };
    let says = "amends its text, before anybody votes on it";
    stage.act(&head, amended, says).await?;
    let invited = DeliberationAction::ParticipantsInvited {
        motion: id(motion),
        bodies: vec![id("supervision-committee"), id("owners-committee")],
    };
    let says = "invites the supervision and the owners' committee to speak";
    stage.act(&head, invited, says).await?;
    let invited = DeliberationAction::ExpertInvited {
        motion: id(motion),
        expert: id("fire-engineer"),
    };
    stage.act(&head, invited, "invites a fire engineer").await?;
    let words = "堆物堵塞一半宽度,疏散时间增加一倍。Clutter that halves the width doubles the time \
                 to leave.";
    let filed = DeliberationAction::ExpertOpinionFiled {
        motion: id(motion),
        content: stage.content(words)?,
        interested: false,
    };
    let expert = Player::oneself("fire-engineer");
    stage
        .act(&expert, filed, "gives an opinion, and declares no interest")
        .await?;
    Ok(())
}

/// 更正: the roll call as it should have been, two days later. What was recorded stays, and is tallied again.
async fn correct(
    stage: &mut Stage,
    motion: &str,
    entry: u64,
    mut lines: Vec<(PersonId, RollCallMark)>,
) -> Result<(), DemoError> {
    stage.minutes(2 * 24 * 60);
    // The seventh voted against, and was taken down as abstaining.
    lines[6].1 = RollCallMark::Against;
    let corrected = RecordCorrected {
        entry,
        reason: "会议录音 19 分 40 秒 (the recording of the meeting, at 19:40)".to_owned(),
        second: attestor(),
        correction: Correction::RollCall {
            motion: id(motion),
            lines,
        },
    };
    let says = format!("corrects the roll call, entry {entry}: resident-7 voted against");
    let clerk = Player::officer(&CLERK);
    let corrected = stage.act(&clerk, corrected, &says).await?;
    let again = stage.verdict_after(motion, corrected.receipt.index).await?;
    again.read_out();
    Ok(())
}

/// 常态化议事协调: the committee's standing meeting, which its charter asks for every quarter.
pub(super) async fn consult(stage: &mut Stage, number: u32) -> Result<(), DemoError> {
    stage.scene(
        3,
        14,
        "议事协商会 The committee's standing meeting of the quarter: what residents bring up",
    );
    let (head, clerk) = (Player::officer(&HEAD), Player::officer(&CLERK));
    let meeting = format!("consultation-{number}");
    let starts_at = stage.at(2, 19, 0);
    let convened = MeetingsAction::MeetingConvened(MeetingConvened {
        meeting: id(&meeting),
        body: id("residents-committee"),
        rule: id("committee-resolution"),
        starts_at,
        place: "社区议事厅 (consultation room)".to_owned(),
        petitioners: Vec::new(),
    });
    stage
        .act(&head, convened, "calls it, for 19:00 in two days")
        .await?;
    let noticed = MeetingsAction::MeetingNoticed {
        meeting: id(&meeting),
        urgent_reason: None,
    };
    stage.act(&head, noticed, "posts the notice").await?;
    stage.until(starts_at);
    let attendance = MeetingsAction::AttendanceRecorded {
        meeting: id(&meeting),
        roll: id(COMMITTEE_ROLL),
        present: [&CLERK, &HEAD, &MEMBERS[0], &MEMBERS[1], &MEMBERS[2]]
            .map(|officer| id(officer.person))
            .to_vec(),
        guests: Vec::new(),
    };
    stage
        .act(&clerk, attendance, "records who is there: all five")
        .await?;
    stage.minutes(90);
    let closed = MeetingsAction::MeetingClosed {
        meeting: id(&meeting),
    };
    stage.act(&head, closed, "closes the meeting").await?;
    Ok(())
}
