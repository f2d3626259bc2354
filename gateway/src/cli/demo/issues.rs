//! 诉求: what residents raise, and what becomes of it.

use governance::{
    action::{IssueAction, IssueKind, IssueRaised},
    ids::Digest,
};

use super::{
    DemoError,
    cast::{CLERK, HEAD, MEMBERS, STREET},
    kit::id,
    stage::{Player, Stage},
};

const COMMITTEE: &str = "residents-committee";

/// 诉求: one read, answered and rated, one that takes longer, one that nobody takes up in time.
pub(super) async fn raise_issues(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        33,
        9,
        "诉求与投诉 Residents raise issues; clocks begin to run",
    );
    let head = Player::officer(&HEAD);
    let lamp = "broken-lamp";
    let text = raise(
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
    let read = IssueAction::IssueRead {
        issue: id(lamp),
        content: text,
    };
    let handler = Player::officer(&MEMBERS[0]);
    let says = "reads what is not public about it, and leaves an entry by that";
    stage.act(&handler, read, says).await?;
    stage.minutes(2 * 24 * 60);
    let answered = IssueAction::IssueAnswered {
        issue: id(lamp),
        summary: "路灯已更换，当晚已亮 (the lamp was replaced and is lit)".to_owned(),
        content: None,
    };
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
    let extended = IssueAction::IssueExtended {
        issue: id(noise),
        reason: "须会同城管夜间核查 (it takes inspections at night, with the city)".to_owned(),
    };
    let says = "takes the one extension there is, and says why";
    stage.act(&head, extended, says).await?;
    handle_two_more(stage).await?;
    refer(stage).await?;
    raise(
        stage,
        "owner-10",
        ("owners-accounts", IssueKind::Request, "账目公开"),
        "owners-committee",
        "公布公共收益账目 (publish the accounts of common income)",
        "请公布今年的公共收益账目。",
    )
    .await?;
    Ok(())
}

/// What is not the committee's to mend goes to the street office, and the clock begins again.
async fn refer(stage: &mut Stage) -> Result<(), DemoError> {
    let issue = "sunken-road";
    raise(
        stage,
        "owner-14",
        (issue, IssueKind::Request, "道路"),
        COMMITTEE,
        "东门外路面下沉 (the road outside the east gate has sunk)",
        "东门外公交站前路面下沉，雨天积水。",
    )
    .await?;
    stage.minutes(60);
    let referred = IssueAction::IssueReferred {
        issue: id(issue),
        body: id("street-office"),
        reason: "市政道路由街道协调 (a city road: the street office sees to it)".to_owned(),
    };
    let says = "refers it to the street office, and says why";
    stage.act(&Player::officer(&HEAD), referred, says).await?;
    stage.minutes(24 * 60);
    let street = Player::officer(&STREET);
    let accepted = IssueAction::IssueAccepted { issue: id(issue) };
    stage.act(&street, accepted, "takes it up").await?;
    Ok(())
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

/// Somebody raises an issue. Returns what names its text, which is not public.
async fn raise(
    stage: &mut Stage,
    person: &str,
    (issue, kind, category): (&str, IssueKind, &str),
    body: &str,
    summary: &str,
    text: &str,
) -> Result<Digest, DemoError> {
    let content = stage.content(text)?;
    let digest = content.digest;
    let raised = IssueAction::IssueRaised(IssueRaised {
        issue: id(issue),
        kind,
        category: category.to_owned(),
        summary: summary.to_owned(),
        content,
        body: id(body),
        concerns: None,
        accused: Vec::new(),
    });
    let says = format!("raises {issue} with {body}");
    stage.act(&Player::oneself(person), raised, &says).await?;
    Ok(digest)
}
