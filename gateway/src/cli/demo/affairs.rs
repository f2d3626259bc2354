//! What goes on between votes: the power list and what is done under it, the year's report, a case.

use governance::{
    action::{
        AppealOutcome, AssessmentLine, CaseOpened, DecisionImplemented, DeliberationAction,
        DisciplineAction, Effect, Execution, PowerAction, PowerChange, PowerExercised, PowerHolder,
        PowerTerms, ReportAction, ReportAssessed, Sanction, SanctionBasis, Severity, Stance,
    },
    calendar::Date,
};

use super::{
    DemoError, beside, cast,
    cast::{CLERK, HEAD, MEMBERS, SECOND_TELLER, STREET, TELLER},
    kit::id,
    props::{Tabled, attestor, ballot, decided, open, table_with, voter},
    stage::{Player, Stage},
    story::{COMMITTEE_ROLL, SUPERVISORS_ROLL},
};

const COMMITTEE: &str = "residents-committee";
const SUPERVISORS: &str = "supervision-committee";

/// The officer whom the case is about: a member of the committee who missed duties.
const TARGET: &cast::Officer = &MEMBERS[2];

fn terms(title: &str, role: Option<&str>, basis: &str, steps: &str, from: Date) -> PowerTerms {
    PowerTerms {
        title: title.to_owned(),
        holder: PowerHolder {
            body: id(COMMITTEE),
            role: role.map(id),
        },
        over: None,
        matters: Vec::new(),
        legal_basis: basis.to_owned(),
        procedure: steps.to_owned(),
        effective_from: from,
        effective_to: None,
    }
}

fn repairs(limit: &str, from: Date) -> PowerTerms {
    PowerTerms {
        matters: vec![id("repairs")],
        ..terms(
            &format!(
                "公共部位应急维修，单次不超过 {limit} 元 (urgent repairs of up to {limit} yuan)"
            ),
            None,
            "城市居民委员会组织法第三条；本社区章程",
            "两名委员核实，先修后报，七日内公布账目。Two members look, repair first, accounts within 7 days.",
            from,
        )
    }
}

fn rooms(from: Date) -> PowerTerms {
    PowerTerms {
        matters: vec![id("premises")],
        effective_to: Some(from.plus_days(3 * 365)),
        ..terms(
            "社区用房安排使用 (who uses the community rooms)",
            Some("head"),
            "城市居民委员会组织法第十条",
            "申请、公示三日、登记。Application, three days' notice, register.",
            from,
        )
    }
}

/// What goes to another body before the year is over.
fn adverts(from: Date) -> PowerTerms {
    terms(
        "公告栏广告审批 (advertisements on the notice boards)",
        Some("head"),
        "本社区章程",
        "申请、公示三日、登记。Application, three days' notice, register.",
        from,
    )
}

/// What the street office may ask of the committee.
fn census(from: Date) -> PowerTerms {
    PowerTerms {
        holder: PowerHolder {
            body: id("street-office"),
            role: None,
        },
        over: Some(id(COMMITTEE)),
        ..terms(
            "交办人口普查协助事务 (ask for help with the census)",
            None,
            "全国人口普查条例第十条",
            "写明法律依据和经费，提前三十日书面交办。In writing, 30 days before, with law and funds.",
            from,
        )
    }
}

/// The committee votes by correspondence: everybody for it, and the head closes.
pub(super) async fn resolve(stage: &mut Stage, motion: &str) -> Result<(), DemoError> {
    let (opened, _) = open(stage, &HEAD, motion, COMMITTEE_ROLL, 5).await?;
    for officer in [&CLERK, &HEAD, &MEMBERS[0], &MEMBERS[1], &MEMBERS[2]] {
        stage.minutes(9);
        let ballot = ballot(motion, opened, Stance::For);
        let player = Player::officer(officer);
        stage.act_quietly(&player, ballot, "votes for").await?;
    }
    stage.say("All five members of the committee vote for it.");
    let closed = DeliberationAction::VotingClosed { motion: id(motion) };
    let says = "closes the vote: everybody entitled has voted";
    stage.act(&Player::officer(&HEAD), closed, says).await?;
    decided(stage, motion).await
}

/// 权力清单: what the committee may do, as the effect of a decision.
pub(super) async fn list_powers(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        4,
        15,
        "权力清单 The residents' committee lists what it may do, each with its law",
    );
    let (motion, from) = ("power-list", stage.today().plus_days(1));
    let listed = |item: &str, terms| {
        let item = id(item);
        Effect::Power(PowerChange::Listed { item, terms })
    };
    let effects = vec![
        listed("urgent-repairs", repairs("5000", from)),
        listed("community-rooms", rooms(from)),
        listed("board-adverts", adverts(from)),
        listed(beside::CENSUS, census(from)),
    ];
    let tabled = Tabled {
        motion,
        body: COMMITTEE,
        rule: "committee-resolution",
        title: "公布居委会权力清单 (the committee's power list)",
        paragraphs: &[
            "列入居委会三项权力和街道一项准入事务；清单以外的事，居委会不得自行决定，也可以拒绝。",
            "Three items of the committee's, and one task that the street office may give. What is on no list, the \
             committee may not decide by itself, and may refuse.",
        ],
        meeting: None,
        consultation: None,
    };
    table_with(stage, &HEAD, tabled, effects).await?;
    resolve(stage, motion).await?;
    stage.scene(
        3,
        10,
        "应急维修 A pipe bursts: the committee acts under the list",
    );
    let exercised = PowerAction::PowerExercised(PowerExercised {
        item: id("urgent-repairs"),
        over: None,
        matter: Some(id("repairs")),
        summary: "二号楼水管爆裂，当日抢修，支出 3,180 元 (burst pipe in block 2, repaired the same day, 3,180 yuan)"
            .to_owned(),
        record: None,
        decision: None,
    });
    let says = "exercises urgent-repairs";
    stage
        .act(&Player::officer(&MEMBERS[0]), exercised, says)
        .await?;
    Ok(())
}

/// How far the covenant on stairways is carried out.
pub(super) async fn carry_out(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(2, 9, "落实决定 The covenant on stairways is carried out");
    let due = Some(stage.today().plus_days(30));
    let step = |progress, note: &str| {
        DeliberationAction::DecisionImplemented(DecisionImplemented {
            motion: id("clear-stairways"),
            progress,
            note: note.to_owned(),
            due,
        })
    };
    let head = Player::officer(&HEAD);
    let planned = step(
        Execution::Planned,
        "每月第一个周六清理，先清 1—3 号楼 (blocks 1 to 3 first)",
    );
    stage
        .act(&head, planned, "says how it will be carried out")
        .await?;
    stage.minutes(2 * 24 * 60);
    let under_way = step(
        Execution::UnderWay,
        "1、2 号楼已清理 (blocks 1 and 2 are clear)",
    );
    stage.act(&head, under_way, "says how far it is").await?;
    Ok(())
}

/// 民主评议: a report, a question, an answer, and what residents think.
pub(super) async fn report(stage: &mut Stage, year: u32) -> Result<(), DemoError> {
    stage.scene(
        12,
        9,
        "工作报告与评议 The committee reports on its year, and is assessed",
    );
    let head = Player::officer(&HEAD);
    let text = "本年召开居民代表会议一次、委员会会议九次；抢修水管一次，支出 3,180 元；\
                楼道清理完成两栋。One meeting of representatives, nine of the committee; one urgent \
                repair for 3,180 yuan; stairways of two blocks cleared.";
    let filed = ReportAction::ReportFiled {
        body: id(COMMITTEE),
        year,
        content: stage.content(text)?,
    };
    stage.act(&head, filed, "files the report").await?;
    stage.minutes(24 * 60);
    let asked = ReportAction::ReportQuestioned {
        body: id(COMMITTEE),
        year,
        content: stage.content("三号楼楼道什么时候清理？When will block 3 be cleared?")?,
    };
    stage.act(&voter("owner-05"), asked, "asks").await?;
    stage.minutes(6 * 60);
    let answered = ReportAction::ReportAnswered {
        body: id(COMMITTEE),
        year,
        question: 0,
        content: stage.content("下月第一个周六。On the first Saturday of next month.")?,
    };
    stage.act(&head, answered, "answers").await?;
    stage.minutes(24 * 60);
    let line =
        |officer: &cast::Officer, [competent, basically, incompetent]: [u32; 3]| AssessmentLine {
            office: id(officer.office),
            competent,
            basically_competent: basically,
            incompetent,
        };
    let assessed = ReportAction::ReportAssessed(ReportAssessed {
        body: id(COMMITTEE),
        year,
        second: attestor(),
        lines: vec![
            line(&CLERK, [21, 4, 1]),
            line(&HEAD, [19, 6, 1]),
            line(&MEMBERS[0], [23, 3, 0]),
            line(&MEMBERS[1], [15, 9, 2]),
            line(&MEMBERS[2], [8, 13, 5]),
        ],
    });
    let says = "counts the assessment; a second supervisor attests it";
    stage.act(&Player::officer(&TELLER), assessed, says).await?;
    Ok(())
}

/// 处分: a case from its opening to a warning, each step in its order.
pub(super) async fn discipline(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        3,
        9,
        "处分程序 The supervision committee opens a case against an officer",
    );
    let (supervisor, case) = (Player::officer(&TELLER), "missed-duty");
    let opened = DisciplineAction::CaseOpened(CaseOpened {
        case: id(case),
        office: id(TARGET.office),
        basis: SanctionBasis::Charter,
        complainant: None,
        content: stage.content("值班三次缺席，未请假。Three duties missed without notice.")?,
    });
    stage.act(&supervisor, opened, "opens the case").await?;
    stage.minutes(2 * 24 * 60);
    let noticed = DisciplineAction::NoticeServed {
        case: id(case),
        severity: Severity::Minor,
        content: stage
            .content("拟认定为轻微，给予警告。Draft finding: minor; a warning is proposed.")?,
    };
    stage
        .act(&supervisor, noticed, "serves the draft findings")
        .await?;
    let found = |content| DisciplineAction::FindingMade {
        case: id(case),
        severity: Some(Severity::Minor),
        content,
    };
    stage.minutes(60);
    let early = found(stage.content("认定。Found.")?);
    stage
        .refused(&supervisor, early, "would find before the defence")
        .await?;
    stage.minutes(3 * 24 * 60);
    let defence = DisciplineAction::DefenceFiled {
        case: id(case),
        content: stage.content("家人住院，未及时请假。Family was in hospital.")?,
    };
    let oneself = Player::oneself(TARGET.person);
    stage.act(&oneself, defence, "files a defence").await?;
    stage.minutes(24 * 60);
    let made = found(stage.content("事实成立，情节轻微。The facts stand; the matter is minor.")?);
    stage
        .act(&supervisor, made, "makes the finding: minor")
        .await?;
    let motion = "warning";
    let effects = vec![Effect::Sanctioned {
        case: id(case),
        sanction: Sanction::Warning,
    }];
    let tabled = Tabled {
        motion,
        body: SUPERVISORS,
        rule: "supervision-resolution",
        title: "对一名委员给予警告 (a warning for a member of the committee)",
        paragraphs: &["依据章程处分条款。By the charter's discipline."],
        meeting: None,
        consultation: None,
    };
    table_with(stage, &TELLER, tabled, effects).await?;
    let (opened, _) = open(stage, &TELLER, motion, SUPERVISORS_ROLL, 3).await?;
    for officer in [&TELLER, &SECOND_TELLER] {
        let ballot = ballot(motion, opened, Stance::For);
        let player = Player::officer(officer);
        stage.act(&player, ballot, "votes for").await?;
    }
    let closed = DeliberationAction::VotingClosed { motion: id(motion) };
    stage.act(&supervisor, closed, "closes the vote").await?;
    decided(stage, motion).await
}

/// 申诉: the street office, which supervises and did not decide, upholds the warning.
pub(super) async fn appeal(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        5,
        9,
        "申诉 The officer appeals; another body than the one that decided hears it",
    );
    let case = "missed-duty";
    let filed = DisciplineAction::AppealFiled {
        case: id(case),
        content: stage.content("处分过重。The sanction is too hard.")?,
    };
    let oneself = Player::oneself(TARGET.person);
    stage.act(&oneself, filed, "appeals").await?;
    let decision = |content| DisciplineAction::AppealDecided {
        case: id(case),
        outcome: AppealOutcome::Upheld,
        content,
    };
    let own = decision(stage.content("维持。Upheld.")?);
    let supervisor = Player::officer(&TELLER);
    stage
        .refused(
            &supervisor,
            own,
            "would decide on the appeal against its own decision",
        )
        .await?;
    stage.minutes(6 * 24 * 60);
    let upheld =
        decision(stage.content("事实清楚，维持警告。The facts are clear; the warning stands.")?);
    let street = Player::officer(&STREET);
    stage
        .act(
            &street,
            upheld,
            "upholds the warning, which runs out after six months",
        )
        .await?;
    Ok(())
}

/// The list changes, so that two days of it can be compared.
pub(super) async fn change_powers(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        8,
        15,
        "修改权力清单 The power list is amended, a power delegated, another taken off",
    );
    let (motion, from) = ("power-list-amended", stage.today().plus_days(1));
    let effects = vec![
        Effect::Power(PowerChange::Amended {
            item: id("urgent-repairs"),
            terms: repairs("8000", from),
        }),
        Effect::Power(PowerChange::Delegated {
            item: id("community-rooms"),
            to: PowerHolder {
                body: id(COMMITTEE),
                role: Some(id("clerk")),
            },
            from,
            until: Some(from.plus_days(365)),
        }),
        Effect::Power(PowerChange::Revoked {
            item: id("board-adverts"),
        }),
    ];
    let tabled = Tabled {
        motion,
        body: COMMITTEE,
        rule: "committee-resolution",
        title: "修改权力清单 (the power list is amended)",
        paragraphs: &[
            "应急维修上限由 5,000 元调整为 8,000 元；用房安排委托文书办理一年；公告栏广告不再由居委会审批。",
            "Urgent repairs of up to 8,000 yuan; the clerk sees to the rooms for a year; advertisements on the notice \
             boards are no longer the committee's to allow.",
        ],
        meeting: None,
        consultation: None,
    };
    table_with(stage, &HEAD, tabled, effects).await?;
    resolve(stage, motion).await
}
