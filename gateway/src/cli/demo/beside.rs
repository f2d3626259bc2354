//! What goes on beside votes: the street office's tasks, what is made known, what is taken over, what people are asked.

use governance::{
    action::{
        AffairsAction, ConsultationOpened, Correction, DisclosurePosted, RecordCorrected,
        RecordImported, TaskAssigned,
    },
    ids::Digest,
};
use sha2::{Digest as _, Sha256};

use super::{
    DemoError,
    cast::{CLERK, HEAD, OWNERS_CHAIR, STREET},
    kit::id,
    props::{LIFTS, attestor, voter},
    stage::{Player, Stage},
};

/// The consultation that the lift's motion rests on.
pub(super) const ABOUT_THE_LIFT: &str = "lift-survey";

/// The item of the power list under which the street office may ask for help with the census.
pub(super) const CENSUS: &str = "census-help";

/// 准入: a task on the list is taken on, one on no list is refused, one waits for an answer.
pub(super) async fn tasks(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        5,
        9,
        "行政事务准入 The street office asks the committee for three things",
    );
    let street = Player::officer(&STREET);
    let task = |task: &str, title: &str, basis: &str, funding: &str, item: Option<&str>| {
        AffairsAction::TaskAssigned(TaskAssigned {
            task: id(task),
            body: id("residents-committee"),
            title: title.to_owned(),
            legal_basis: basis.to_owned(),
            funding: funding.to_owned(),
            item: item.map(id),
        })
    };
    let census = task(
        "census-2026",
        "协助开展人口抽样调查 (help with the sample census)",
        "统计法第七条；全国人口普查条例",
        "区财政，每户 15 元 (the district, 15 yuan a household)",
        Some(CENSUS),
    );
    stage
        .act(
            &street,
            census,
            "assigns help with the census, which is on the list",
        )
        .await?;
    let flyers = task(
        "app-installs",
        "推广手机应用，每月安装 200 个 (have 200 people a month install an app)",
        "街道工作通知 (a notice of the street office)",
        "无 (none)",
        None,
    );
    stage
        .act(
            &street,
            flyers,
            "assigns app installs, which are on no list",
        )
        .await?;
    stage.minutes(24 * 60);
    let head = Player::officer(&HEAD);
    let accepted = AffairsAction::TaskAccepted {
        task: id("census-2026"),
    };
    stage.act(&head, accepted, "takes the census on").await?;
    let refusal = |task: &str, reason: &str| AffairsAction::TaskRefused {
        task: id(task),
        reason: reason.to_owned(),
    };
    let listed = refusal("census-2026", "人手不足 (too few hands)");
    stage
        .refused(&head, listed, "would refuse what is taken on")
        .await?;
    let refused = refusal(
        "app-installs",
        "不在准入清单上，没有法律依据和经费 (on no list, without a law and without funds)",
    );
    stage
        .act(&head, refused, "refuses the app installs")
        .await?;
    let figures = task(
        "housing-figures",
        "核对房屋出租登记 (check the register of let flats)",
        "租赁房屋治安管理规定",
        "街道，3,000 元 (the street office, 3,000 yuan)",
        None,
    );
    stage
        .act(&street, figures, "assigns a third, still unanswered")
        .await?;
    Ok(())
}

/// 居务公开, and a vote held on the city's platform.
pub(super) async fn make_known(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        2,
        10,
        "居务公开与外部记录 Accounts are posted, and a vote held elsewhere is taken over",
    );
    post(
        stage,
        "accounts-spring",
        "上半年公共收支 (common income and expenses, first half)",
        "收入：场地租金 12,600 元；广告 4,800 元。支出：水管抢修 3,180 元；楼道清理 1,240 元。结余转入下半年。 \
         Income: rents 12,600 yuan, advertising 4,800 yuan. Expenses: pipe repair 3,180 yuan, stairways 1,240 \
         yuan. The rest is carried over.",
    )
    .await?;
    let clerk = Player::officer(&CLERK);
    let taken_over = |record: &str, source: &str, held: u32, summary: &str| {
        let digest = Digest(Sha256::digest(summary.as_bytes()).into());
        let held_on = stage.today().plus_days(0);
        AffairsAction::RecordImported(RecordImported {
            record: id(record),
            body: id("owners-assembly"),
            source: source.to_owned(),
            digest,
            held_on: governance::calendar::Date::from_days(held_on.days() - held.cast_signed()),
            summary: summary.to_owned(),
            content: None,
            second: attestor(),
        })
    };
    let vote = taken_over(
        "committee-election-2025",
        "platform/2025-118",
        200,
        "业主委员会换届选举，在市物业管理平台举行：18 户中 16 户参加，徐伟当选主任 (the owners' committee was \
         elected on the city's platform: 16 of 18 took part, Xu Wei was elected chair)",
    );
    let again = taken_over(
        "the-same-again",
        "platform/2025-118",
        200,
        "同一次投票 (the same vote)",
    );
    let taken = stage
        .act(
            &clerk,
            vote,
            "takes over a vote held on the city's platform, attested by a second officer",
        )
        .await?;
    stage
        .refused(&clerk, again, "would take the same vote over once more")
        .await?;
    stage.minutes(24 * 60);
    let entry = taken.receipt.index;
    let corrected = RecordCorrected {
        entry,
        reason: "平台更正通知 2025-118-1 (the platform's correction 2025-118-1)".to_owned(),
        second: attestor(),
        correction: Correction::Note(
            "18 户中 17 户参加，当选人不变 (17 of 18 took part; who was elected stays)".to_owned(),
        ),
    };
    let says = format!("corrects entry {entry} in words: 17 took part; the entry itself stays");
    stage.act(&clerk, corrected, &says).await?;
    Ok(())
}

/// What hangs out when the curtain falls.
pub(super) async fn post_again(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(1, 10, "居务公开 The accounts of the autumn are posted");
    post(
        stage,
        "accounts-autumn",
        "第三季度公共收支 (common income and expenses, third quarter)",
        "收入：场地租金 6,300 元。支出：路灯更换 420 元；屋顶补漏 5,600 元。 Income: rents 6,300 yuan. Expenses: a \
         lamp 420 yuan, the roof 5,600 yuan.",
    )
    .await
}

/// A consultation that is open when the curtain falls.
pub(super) async fn ask_about_charging(stage: &mut Stage) -> Result<(), DemoError> {
    let opened = AffairsAction::ConsultationOpened(ConsultationOpened {
        consultation: id("charging-posts"),
        body: id("owners-assembly"),
        matter: id("charging"),
        question: "是否在东门加装电动自行车充电桩？(Should charging posts for electric bicycles be put up at the \
                   east gate?)"
            .to_owned(),
        closes_at: stage.at(40, 18, 0),
    });
    let chair = Player::officer(&OWNERS_CHAIR);
    let says = "opens a consultation on charging posts, still open now";
    stage.act(&chair, opened, says).await?;
    Ok(())
}

/// Hangs out for twenty days.
pub(super) async fn post(
    stage: &mut Stage,
    disclosure: &str,
    title: &str,
    text: &str,
) -> Result<(), DemoError> {
    let posted = AffairsAction::DisclosurePosted(DisclosurePosted {
        disclosure: id(disclosure),
        body: id("residents-committee"),
        title: title.to_owned(),
        text: text.to_owned(),
        until: stage.today().plus_days(20),
    });
    let says = format!("posts {disclosure} on the board for 20 days");
    stage.act(&Player::officer(&HEAD), posted, &says).await?;
    Ok(())
}

/// 征求意见: owners are asked before the lift is put to the vote.
pub(super) async fn ask_first(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        4,
        9,
        "征求意见 Owners are asked about the lift before anything is put to the vote",
    );
    let chair = Player::officer(&OWNERS_CHAIR);
    let closes_at = stage.at(7, 18, 0);
    let opened = AffairsAction::ConsultationOpened(ConsultationOpened {
        consultation: id(ABOUT_THE_LIFT),
        body: id("owners-assembly"),
        matter: id(LIFTS),
        question: "一号楼电梯是大修还是更换？(Should the lift of block 1 be repaired or replaced?) \
                   大修约 9 万元，可用五年；更换约 28 万元，可用二十年。 \
                   Repairs cost about 90,000 yuan and last five years; a new lift costs about 280,000 and lasts \
                   twenty."
            .to_owned(),
        closes_at,
    });
    stage
        .act(&chair, opened, "opens a consultation, for a week")
        .await?;
    for (owner, words) in [
        (
            "owner-02",
            "更换。常停在四楼。Replace it: it keeps stopping at the fourth floor.",
        ),
        (
            "owner-05",
            "先大修，维修资金不多。Repair it first; the fund is small.",
        ),
        (
            "owner-11",
            "更换，家有老人。Replace it, my parents are old.",
        ),
    ] {
        stage.minutes(6 * 60);
        let answered = AffairsAction::ConsultationAnswered {
            consultation: id(ABOUT_THE_LIFT),
            content: stage.content(words)?,
        };
        stage.act(&voter(owner), answered, "answers").await?;
    }
    stage.until(closes_at);
    stage.minutes(60);
    let closed = AffairsAction::ConsultationClosed {
        consultation: id(ABOUT_THE_LIFT),
        summary: "收到意见 3 份，2 份赞成更换，1 份建议先大修。据此提出更换议题，并写明资金来源。(3 answers: two \
                  for a new lift, one for repairs first. A new lift is put to the vote, with where the money comes \
                  from.)"
            .to_owned(),
        content: None,
    };
    stage.act(&chair, closed, "tells what came of it").await?;
    Ok(())
}
