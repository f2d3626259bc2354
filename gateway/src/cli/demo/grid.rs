//! 网格: an officer who is appointed, replaced and, upon appeal, given back; rights that come and go with it.

use governance::{
    action::{
        AppealOutcome, BodiesAction, BodyEstablished, CaseOpened, DisciplineAction, Effect, Grant,
        MeasureImported, OfficeAssumed, OfficeObtained, Sanction, SanctionBasis, Severity,
    },
    calendar::Date,
    charter::{BodyKind, Right},
};

use super::{
    DemoError, affairs,
    cast::{CLERK, GRID_OFFICER, GRID_SUCCESSOR, HEAD, Resident, STREET, TELLER},
    kit::id,
    props::{Tabled, attestor, table_with},
    stage::{Player, Stage},
};

const COMMITTEE: &str = "residents-committee";
const GRID: &str = "grid-east";
const OFFICE: &str = "grid-east-1";

/// How long an officer of the grid is posted, in days: two quarters.
const POSTING_DAYS: u32 = 180;

/// That the committee's head may discipline the grid's officers.
fn discipline() -> Grant {
    Grant {
        body: id(COMMITTEE),
        role: Some(id("head")),
        right: Right::Discipline,
        over: Some(id(GRID)),
        decision: None,
    }
}

fn seat(office: &str, resident: &Resident, from: Date, to: Date) -> OfficeAssumed {
    OfficeAssumed {
        office: id(office),
        body: id(GRID),
        person: id(resident.person),
        role: id("officer"),
        term_from: from,
        term_to: Some(to),
        obtained: OfficeObtained::Appointed,
        decision: None,
        succeeds: None,
        woman: resident.woman,
        overlap_disclosed: false,
        elsewhere: None,
    }
}

/// The grid is set up, and the committee appoints its officer. Returns the posting's last day.
pub(super) async fn set_up(stage: &mut Stage) -> Result<Date, DemoError> {
    stage.scene(
        4,
        9,
        "设立网格 A grid is set up, and the committee appoints its officer",
    );
    let clerk = Player::officer(&CLERK);
    let established = BodiesAction::BodyEstablished(BodyEstablished {
        body: id(GRID),
        kind: BodyKind::Grid,
        name: "东片网格 (the eastern grid)".to_owned(),
    });
    stage
        .act(&clerk, established, "enters the eastern grid as a body")
        .await?;
    let granted = BodiesAction::RightGranted(discipline());
    let says = "enters that the committee's head may discipline its officers";
    stage.act(&clerk, granted, says).await?;
    let (from, to) = (stage.today(), stage.today().plus_days(POSTING_DAYS));
    let motion = "grid-officer";
    let tabled = Tabled {
        motion,
        body: COMMITTEE,
        rule: "committee-resolution",
        title: "任命东片网格员 (appoint the officer of the eastern grid)",
        paragraphs: &["任期半年。For half a year."],
        meeting: None,
        consultation: None,
    };
    let appointed = Effect::Appointed(seat(OFFICE, &GRID_OFFICER, from, to));
    table_with(stage, &HEAD, tabled, vec![appointed]).await?;
    affairs::resolve(stage, motion).await?;
    Ok(to)
}

/// 更换: the officer is replaced with all steps, appeals, and has the office back.
pub(super) async fn replace(stage: &mut Stage, last_day: Date) -> Result<(), DemoError> {
    stage.scene(
        8,
        9,
        "更换与申诉 The grid's officer is replaced, appeals, and is heard",
    );
    let (head, case) = (Player::officer(&HEAD), "missed-rounds");
    let target = Player::oneself(GRID_OFFICER.person);
    let opened = DisciplineAction::CaseOpened(CaseOpened {
        case: id(case),
        office: id(OFFICE),
        basis: SanctionBasis::Charter,
        complainant: None,
        content: stage.content("整月巡查记录缺失。No records of the rounds of a whole month.")?,
    });
    stage.act(&head, opened, "opens a case").await?;
    let noticed = DisciplineAction::NoticeServed {
        case: id(case),
        severity: Severity::Serious,
        content: stage.content("拟认定为较重，建议更换。Draft: serious; a replacement.")?,
    };
    let says = "serves the draft findings";
    stage.act(&head, noticed, says).await?;
    stage.minutes(2 * 24 * 60);
    let defence = DisciplineAction::DefenceFiled {
        case: id(case),
        content: stage.content("记录在旧手机里，已申请导出。They are on the old phone.")?,
    };
    stage.act(&target, defence, "files a defence").await?;
    stage.minutes(24 * 60);
    let found = DisciplineAction::FindingMade {
        case: id(case),
        severity: Some(Severity::Serious),
        content: stage.content("未能提供记录，情节较重。No records were shown; serious.")?,
    };
    stage
        .act(&head, found, "makes the finding: serious")
        .await?;
    let motion = "grid-replacement";
    let tabled = Tabled {
        motion,
        body: COMMITTEE,
        rule: "committee-resolution",
        title: "更换东片网格员 (replace the officer of the eastern grid)",
        paragraphs: &["依据章程处分条款。By the charter's discipline."],
        meeting: None,
        consultation: None,
    };
    let mut successor = seat("grid-east-2", &GRID_SUCCESSOR, stage.today(), last_day);
    successor.succeeds = Some(id(OFFICE));
    let replaced = Effect::Replaced {
        case: id(case),
        successor,
    };
    table_with(stage, &HEAD, tabled, vec![replaced]).await?;
    affairs::resolve(stage, motion).await?;
    stage.minutes(5 * 24 * 60);
    let appealed = DisciplineAction::AppealFiled {
        case: id(case),
        content: stage.content("记录已导出，附后。The records have been found, and are added.")?,
    };
    stage.act(&target, appealed, "appeals").await?;
    stage.minutes(6 * 24 * 60);
    let annulled = DisciplineAction::AppealDecided {
        case: id(case),
        outcome: AppealOutcome::Annulled,
        content: stage.content("记录齐全，撤销更换。The records are whole; it is annulled.")?,
    };
    let says = "annuls the replacement: the supervision committee supervises, and did not decide";
    stage.act(&Player::officer(&TELLER), annulled, says).await?;
    stage.say("The officer has the office back, and the successor none: that follows by itself.");
    let withdrawn = BodiesAction::RightWithdrawn(discipline());
    let says = "enters that the committee's head disciplines the grid no more";
    stage.act(&Player::officer(&CLERK), withdrawn, says).await?;
    Ok(())
}

/// 政务处分: a measure of the state's, taken elsewhere, is brought onto the register.
pub(super) async fn bring_in_a_measure(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        4,
        11,
        "外部处分 An official measure, taken elsewhere, is brought onto the register",
    );
    let imported = DisciplineAction::MeasureImported(MeasureImported {
        case: id("official-warning"),
        person: id(STREET.person),
        sanction: Sanction::Warning,
        source: "区监委〔2026〕12 号 (supervisory commission, no. 12)".to_owned(),
        held_on: Date::from_days(stage.today().days() - 9),
        second: attestor(),
        record: None,
    });
    let says = "brings in an official warning of the street office's officer, attested";
    stage.act(&Player::officer(&CLERK), imported, says).await?;
    Ok(())
}
