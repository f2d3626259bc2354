//! What goes on between votes: the power list and what is done under it, issues, the year's report, a case.

use governance::{
    action::{
        AppealOutcome, AssessmentLine, CaseOpened, DecisionImplemented, DeliberationAction,
        DisciplineAction, Effect, Execution, IssueAction, IssueKind, IssueRaised, PowerAction,
        PowerChange, PowerExercised, PowerHolder, PowerTerms, ReportAction, ReportAssessed,
        Sanction, SanctionBasis, Severity, Stance,
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
async fn resolve(stage: &mut Stage, motion: &str) -> Result<(), DemoError> {
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
        listed(beside::CENSUS, census(from)),
    ];
    let tabled = Tabled {
        motion,
        body: COMMITTEE,
        rule: "committee-resolution",
        title: "公布居委会权力清单 (the committee's power list)",
        paragraphs: &[
            "列入居委会两项权力和街道一项准入事务；清单以外的事，居委会不得自行决定，也可以拒绝。",
            "Two items of the committee's, and one task that the street office may give. What is on no list, the \
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

/// 诉求: one answered and rated, one being dealt with, one that nobody takes up in time.
pub(super) async fn raise_issues(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        3,
        9,
        "诉求与投诉 Residents raise issues; clocks begin to run",
    );
    let head = Player::officer(&HEAD);
    let lamp = "broken-lamp";
    raise(
        stage,
        "owner-07",
        (lamp, IssueKind::Request, "公共照明"),
        COMMITTEE,
        "一号楼门口路灯不亮 (the lamp at block 1 is out)",
        "一号楼单元门口的路灯坏了一个星期，老人晚上出门不安全。",
    )
    .await?;
    let accepted = |issue: &str| IssueAction::IssueAccepted { issue: id(issue) };
    stage.minutes(3 * 60);
    stage.act(&head, accepted(lamp), "takes it up").await?;
    let assigned = IssueAction::IssueAssigned {
        issue: id(lamp),
        handler: id(MEMBERS[0].person),
    };
    stage.act(&head, assigned, "gives it to Sun Li").await?;
    stage.minutes(2 * 24 * 60);
    let answered = IssueAction::IssueAnswered {
        issue: id(lamp),
        summary: "路灯已更换，当晚已亮 (the lamp was replaced and is lit)".to_owned(),
        content: None,
    };
    let handler = Player::officer(&MEMBERS[0]);
    stage.act(&handler, answered, "answers").await?;
    stage.minutes(5 * 60);
    let raiser = Player::oneself("owner-07");
    let closed = IssueAction::IssueClosed { issue: id(lamp) };
    stage.act(&raiser, closed, "closes it").await?;
    let rated = IssueAction::SatisfactionRated {
        issue: id(lamp),
        score: 5,
    };
    stage.act(&raiser, rated, "rates it 5 of 5").await?;

    let noise = "night-noise";
    raise(
        stage,
        "owner-12",
        (noise, IssueKind::Complaint, "噪声扰民"),
        COMMITTEE,
        "底商夜间装卸 (unloading at night)",
        "底商凌晨装卸货物，已多次沟通无果。",
    )
    .await?;
    stage.minutes(24 * 60);
    stage.act(&head, accepted(noise), "takes it up").await?;
    handle_two_more(stage).await?;
    raise(
        stage,
        "owner-10",
        ("owners-accounts", IssueKind::Request, "账目公开"),
        "owners-committee",
        "公布公共收益账目 (publish the accounts of common income)",
        "请公布今年的公共收益账目。",
    )
    .await
}

/// One sent back and answered again, one refused.
async fn handle_two_more(stage: &mut Stage) -> Result<(), DemoError> {
    let head = Player::officer(&HEAD);
    let handler = Player::officer(&MEMBERS[0]);
    let leak = "roof-leak";
    raise(
        stage,
        "owner-03",
        (leak, IssueKind::Request, "房屋维修"),
        COMMITTEE,
        "三号楼屋顶漏水 (the roof of block 3 leaks)",
        "下雨天顶楼漏水，已有两处水渍。",
    )
    .await?;
    stage.minutes(60);
    let accepted = IssueAction::IssueAccepted { issue: id(leak) };
    stage.act(&head, accepted, "takes it up").await?;
    let assigned = IssueAction::IssueAssigned {
        issue: id(leak),
        handler: id(MEMBERS[0].person),
    };
    stage.act(&head, assigned, "gives it to Sun Li").await?;
    let answered = |summary: &str| IssueAction::IssueAnswered {
        issue: id(leak),
        summary: summary.to_owned(),
        content: None,
    };
    stage.minutes(2 * 24 * 60);
    let first = answered("已补漏一处 (one place was mended)");
    stage.act(&handler, first, "answers").await?;
    stage.minutes(24 * 60);
    let raiser = Player::oneself("owner-03");
    let reopened = IssueAction::IssueReopened {
        issue: id(leak),
        content: stage.content("另一处仍漏。The other place still leaks.")?,
    };
    stage.act(&raiser, reopened, "sends it back").await?;
    let again = IssueAction::IssueAssigned {
        issue: id(leak),
        handler: id(CLERK.person),
    };
    let says = "gives it to Zhou Ming: who answered before does not review it";
    stage.act(&head, again, says).await?;
    stage.minutes(2 * 24 * 60);
    let second = answered("两处均已补漏，雨后复查不漏 (both are mended, and held in the rain)");
    let clerk = Player::officer(&CLERK);
    stage.act(&clerk, second, "answers again").await?;
    stage.minutes(60);
    let closed = IssueAction::IssueClosed { issue: id(leak) };
    stage.act(&raiser, closed, "closes it").await?;
    let rated = IssueAction::SatisfactionRated {
        issue: id(leak),
        score: 3,
    };
    stage.act(&raiser, rated, "rates it 3 of 5").await?;
    let fine = "parking-fine";
    raise(
        stage,
        "owner-08",
        (fine, IssueKind::Complaint, "停车"),
        COMMITTEE,
        "违停罚单 (a parking fine)",
        "路边停车被罚款，请居委会撤销。",
    )
    .await?;
    stage.minutes(60);
    let refused = IssueAction::IssueRefused {
        issue: id(fine),
        reason: "罚单由交警部门处理，请向其申请复议 (fines are the traffic police's: ask them for a review)"
            .to_owned(),
    };
    stage
        .act(&head, refused, "refuses it, and says who decides")
        .await?;
    Ok(())
}

async fn raise(
    stage: &mut Stage,
    person: &str,
    (issue, kind, category): (&str, IssueKind, &str),
    body: &str,
    summary: &str,
    text: &str,
) -> Result<(), DemoError> {
    let raised = IssueAction::IssueRaised(IssueRaised {
        issue: id(issue),
        kind,
        category: category.to_owned(),
        summary: summary.to_owned(),
        content: stage.content(text)?,
        body: id(body),
        concerns: None,
        accused: Vec::new(),
    });
    let says = format!("raises {issue} with {body}");
    stage.act(&Player::oneself(person), raised, &says).await?;
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
        "修改权力清单 The power list is amended, and a power delegated",
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
    ];
    let tabled = Tabled {
        motion,
        body: COMMITTEE,
        rule: "committee-resolution",
        title: "修改权力清单 (the power list is amended)",
        paragraphs: &[
            "应急维修上限由 5,000 元调整为 8,000 元；用房安排委托文书办理一年。",
            "Urgent repairs of up to 8,000 yuan; the clerk sees to the rooms for a year.",
        ],
        meeting: None,
        consultation: None,
    };
    table_with(stage, &HEAD, tabled, effects).await?;
    resolve(stage, motion).await
}
