//! What happens: a year of a neighbourhood's governance and a little more, scene by scene.

use governance::{
    action::{
        BodiesAction, Choice, DeliberationAction, OpeningSubmitted, PeopleAction, PersonEnrolled,
        RollLine, RollObjected, RollObjectionRuled, RollPart, RollPublished, Stance, StatementKind,
    },
    ids::{MotionId, PersonId},
    roll,
};

use super::{
    DemoError, affairs, beside, cast,
    cast::{CLERK, HEAD, OWNERS_CHAIR, SECRETARY},
    founding::TERM_DAYS,
    grid, head_audits, issues,
    kit::id,
    meetings, people,
    props::{
        Tabled, ballot, decided, hidden_ballot, open, paper_batch, proxy, say_on, table, vote,
        voter,
    },
    rules, seats,
    stage::{Player, Stage},
};

const OWNERS_ROLL: &str = "owners-1";
const NEXT_OWNERS_ROLL: &str = "owners-2";
pub(super) const REPRESENTATIVES_ROLL: &str = "representatives-1";
pub(super) const COMMITTEE_ROLL: &str = "committee-1";
pub(super) const SUPERVISORS_ROLL: &str = "supervisors-1";

/// Everybody of age: who votes in the residents' meeting.
pub(super) const RESIDENTS_ROLL: &str = "residents-1";

/// How many days before now the story begins, so that it ends before now. It takes a year and a month, so that
/// whenever it is played it passes a day on which reports fall due, and a quarter without a standing meeting. What
/// rests on the revised 组织法, in force from 2026, comes in it after a quarter.
pub(super) const DAYS: u32 = 413;

/// Plays it all. Returns the motion whose receipt is worth keeping.
pub(super) async fn play(stage: &mut Stage) -> Result<MotionId, DemoError> {
    let year = stage.today().year();
    let began = stage.today();
    let term_to = began.plus_days(TERM_DAYS);
    enrol_everybody(stage).await?;
    publish_rolls(stage).await?;
    hire_a_manager(stage).await?;
    people::lose_a_phone(stage).await?;
    affairs::discipline(stage).await?;
    affairs::appeal(stage).await?;
    meetings::consult(stage, 1).await?;
    let failed = rent_out_the_green(stage).await?;
    resolve_with_a_recusal(stage).await?;
    meetings::meet(stage).await?;
    affairs::list_powers(stage).await?;
    affairs::carry_out(stage).await?;
    beside::tasks(stage).await?;
    beside::make_known(stage).await?;
    let posted_until = grid::set_up(stage).await?;
    affairs::report(stage, year).await?;
    head_audits::enter(stage, began).await?;
    affairs::change_powers(stage).await?;
    meetings::consult(stage, 2).await?;
    rules::amend_charter(stage).await?;
    grid::replace(stage, posted_until).await?;
    rules::file(stage).await?;
    seats::recall(stage).await?;
    seats::resign(stage).await?;
    seats::election_committee(stage).await?;
    seats::by_election(stage, term_to).await?;
    people::exchange_keys(stage).await?;
    grid::bring_in_a_measure(stage).await?;
    withdraw(stage).await?;
    issues::raise_issues(stage).await?;
    rules::overturn(stage).await?;
    beside::post_again(stage).await?;
    beside::ask_first(stage).await?;
    ask_about_the_lift(stage).await?;
    head_audits::record(stage).await?;
    object_to_a_roll(stage).await?;
    Ok(failed)
}

async fn enrol_everybody(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        1,
        9,
        "登记居民 The clerk enrols owners and representatives, by pseudonym",
    );
    let keyed = cast::owners_with_keys();
    let says = format!("enrols {} owners, each with a key", keyed.len());
    enrol(stage, &keyed, true, &says).await?;
    let on_paper = cast::ON_PAPER.map(str::to_owned);
    let says = "enrols three elderly owners without one: they vote on paper";
    enrol(stage, &on_paper, false, says).await?;
    let representatives: Vec<String> = representatives().collect();
    let says = "enrols nine residents' representatives, who vote by roll call";
    enrol(stage, &representatives, false, says).await?;
    let others = ["tenant-1", cast::MOVES_AWAY, "fire-engineer"].map(str::to_owned);
    let says = "enrols two tenants and a fire engineer";
    enrol(stage, &others, true, says).await?;
    let clerk = Player::officer(&CLERK);
    let posted = [&cast::GRID_OFFICER, &cast::GRID_SUCCESSOR];
    for candidate in cast::CANDIDATES.iter().chain(posted) {
        let key = stage.new_key()?;
        let enrolled = PeopleAction::PersonEnrolled(PersonEnrolled {
            person: id(candidate.person),
            keys: vec![key],
            name: Some(stage.content(&format!("{} {}", candidate.zh, candidate.en))?),
        });
        let says = format!("enrols {} {}, by name", candidate.zh, candidate.en);
        stage.act(&clerk, enrolled, &says).await?;
        stage.give_key(candidate.person, key);
    }
    Ok(())
}

fn representatives() -> impl Iterator<Item = String> {
    (1..=cast::REPRESENTATIVES).map(cast::representative)
}

async fn enrol(
    stage: &mut Stage,
    people: &[String],
    keyed: bool,
    says: &str,
) -> Result<(), DemoError> {
    let clerk = Player::officer(&CLERK);
    let mut last = 0;
    for person in people {
        let key = if keyed { Some(stage.new_key()?) } else { None };
        let enrolled = PeopleAction::PersonEnrolled(PersonEnrolled {
            person: id(person),
            keys: key.into_iter().collect(),
            name: None,
        });
        let submitted = stage.act_quietly(&clerk, enrolled, says).await?;
        last = submitted.receipt.index;
        if let Some(key) = key {
            stage.give_key(person, key);
        }
    }
    stage.tell(
        people.len(),
        last,
        &format!("{} {} {says}", CLERK.zh, CLERK.en),
    );
    Ok(())
}

async fn publish_rolls(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        1,
        9,
        "公布名册 Rolls are published: who votes, with how much area",
    );
    let heads = |people: Vec<String>| -> Vec<RollLine> {
        let line = |person: String| RollLine {
            voter: id(&person),
            area: 0,
            unit: None,
            co_owners: Vec::new(),
        };
        people.into_iter().map(line).collect()
    };
    let representatives = representatives().collect();
    let seated = |body: &str| {
        let officers = cast::officers().into_iter();
        let seated = officers.filter(|officer| officer.body == body);
        seated.map(|officer| officer.person.to_owned()).collect()
    };
    publish(stage, OWNERS_ROLL, "owners-assembly", cast::owners_roll()).await?;
    let body = "representatives-meeting";
    publish(stage, REPRESENTATIVES_ROLL, body, heads(representatives)).await?;
    publish(
        stage,
        RESIDENTS_ROLL,
        "residents-meeting",
        heads(cast::residents()),
    )
    .await?;
    for (roll, body) in [
        (COMMITTEE_ROLL, "residents-committee"),
        (SUPERVISORS_ROLL, "supervision-committee"),
    ] {
        publish(stage, roll, body, heads(seated(body))).await?;
    }
    Ok(())
}

/// 组织法 14–19: a roll hangs out for five days, and who finds it wrong is answered in public.
async fn object_to_a_roll(stage: &mut Stage) -> Result<(), DemoError> {
    stage.minutes(30);
    stage.say(
        "名册异议 A new roll of the owners is posted; for five days anybody may object to it.",
    );
    publish(
        stage,
        NEXT_OWNERS_ROLL,
        "owners-assembly",
        cast::owners_roll(),
    )
    .await?;
    stage.minutes(40);
    let text =
        "商铺业主有三间铺面，名册却只算一人。The shopkeeper owns three shops and is counted once.";
    let content = stage.content(text)?;
    let objected = BodiesAction::RollObjected(RollObjected {
        roll: id(NEXT_OWNERS_ROLL),
        person: id(cast::SHOPKEEPER),
        content: content.clone(),
    });
    let says = "objects to the roll: it counts the owner of three shops once";
    stage
        .act(&Player::oneself("owner-07"), objected, says)
        .await?;
    stage.minutes(50);
    let read = BodiesAction::RollObjectionRead {
        roll: id(NEXT_OWNERS_ROLL),
        objection: 0,
        content: content.digest,
    };
    let says = "reads what it says, which is not public, and leaves an entry by that";
    stage.act(&Player::officer(&CLERK), read, says).await?;
    let ruled = BodiesAction::RollObjectionRuled(RollObjectionRuled {
        roll: id(NEXT_OWNERS_ROLL),
        objection: 0,
        upheld: false,
        reason: "一人拥有多个专有部分的，人数按一人计算，面积合计。One owner of several units is one head, with \
                 the area of all (民法典 278; 法释〔2009〕7号 9)."
            .to_owned(),
    });
    let says = "rules on it: one owner is one head, with the area of all three shops";
    stage.act(&Player::officer(&CLERK), ruled, says).await?;
    Ok(())
}

async fn publish(
    stage: &mut Stage,
    roll: &str,
    body: &str,
    lines: Vec<RollLine>,
) -> Result<(), DemoError> {
    let clerk = Player::officer(&CLERK);
    let voters: std::collections::BTreeSet<&PersonId> = lines.iter().map(|l| &l.voter).collect();
    let members = u32::try_from(voters.len()).expect("a small neighbourhood");
    let total_area = lines.iter().map(|line| line.area).sum();
    let published = RollPublished {
        roll: id(roll),
        body: id(body),
        as_of: stage.today(),
        parts: 1,
        members,
        total_area,
        digest: roll::digest(&lines),
    };
    let part = RollPart {
        roll: id(roll),
        body: id(body),
        part: 0,
        lines,
    };
    let says = format!("submits the roll {roll} of {body}");
    stage
        .act(&clerk, BodiesAction::RollPart(part), &says)
        .await?;
    let says = match total_area {
        0 => format!("publishes it: {members} heads"),
        area => format!(
            "publishes it: {members} heads, {}.{:02} m²",
            area / 100,
            area % 100
        ),
    };
    let published = BodiesAction::RollPublished(published);
    stage.act(&clerk, published, &says).await?;
    Ok(())
}

/// 民法典 278 (1)–(5): adopted, with proxies, paper, a ballot that is refused and one that is recast.
async fn hire_a_manager(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        12,
        19,
        "选聘物业服务企业 Owners decide who manages the estate (民法典 278, ordinary)",
    );
    let motion = "hire-manager";
    table(
        stage,
        &OWNERS_CHAIR,
        Tabled {
            motion,
            body: "owners-assembly",
            rule: "owners-ordinary",
            title: "选聘安居物业为本小区物业服务企业 (hire Anju as the estate's manager)",
            paragraphs: &[
                "合同期三年,物业费每平方米每月 2.10 元,包含电梯与消防维护。",
                "Three years, 2.10 yuan a square metre a month, lifts and fire safety included.",
            ],
            meeting: None,
            consultation: None,
        },
    )
    .await?;
    let words = "物业合同须写明电梯故障两小时内到场。The contract must promise lift repairs within \
                 two hours.";
    let speaker = Player::officer(&SECRETARY);
    say_on(stage, &speaker, motion, StatementKind::Deliberation, words).await?;
    let (opened, closes_at) = open(stage, &OWNERS_CHAIR, motion, OWNERS_ROLL, 14).await?;
    stage.say(
        "Ballots are hidden until the close: until then the log has commitments, and no choice.",
    );

    stage.minutes(24 * 60);
    for principal in ["owner-04", "owner-05", "owner-06"] {
        let says = "lets owner-03 vote in their place";
        let granted = proxy(motion, opened, "owner-03");
        stage.act(&voter(principal), granted, says).await?;
    }
    let says = "would let owner-03 vote as well, a fourth proxy";
    let fourth = proxy(motion, opened, "owner-03");
    stage.refused(&voter("owner-07"), fourth, says).await?;
    let revoked = DeliberationAction::ProxyRevoked { motion: id(motion) };
    let says = "takes the proxy back, to vote in person";
    stage.act(&voter("owner-06"), revoked, says).await?;
    for principal in [None, Some("owner-04"), Some("owner-05")] {
        let says = match principal {
            None => "votes for".to_owned(),
            Some(principal) => format!("votes for, on behalf of {principal}"),
        };
        let hand = ("owner-03", principal);
        let ballot = hidden_ballot(stage, motion, opened, hand, Stance::For)?;
        stage.act(&voter("owner-03"), ballot, &says).await?;
    }
    stage.minutes(90);
    let says = "tries to vote";
    let stranger = Player::voter("tenant-1", "owners-assembly");
    let refused = hidden_ballot(stage, motion, opened, ("tenant-1", None), Stance::For)?;
    stage.refused(&stranger, refused, says).await?;
    vote(
        stage,
        motion,
        opened,
        &["owner-01", "owner-02", "owner-06", "owner-07"],
        Stance::For,
    )
    .await?;
    let nonce = stage.lose_last_opening()?;
    stage.say("A disk loses what opens owner-07's ballot. The voter has kept it.");
    vote(
        stage,
        motion,
        opened,
        &["owner-08", cast::SHOPKEEPER],
        Stance::Against,
    )
    .await?;
    vote(stage, motion, opened, &["owner-08"], Stance::For).await?;
    stage.say("owner-08 has voted again; only the last ballot counts.");

    stage.minutes(3 * 24 * 60);
    paper_batch(stage, motion, [2, 1, 0]).await?;
    stage.until(closes_at);
    stage.ballots_opened(motion).await?;
    stage.minutes(3 * 60);
    let late = DeliberationAction::OpeningSubmitted(OpeningSubmitted {
        motion: id(motion),
        on_behalf_of: None,
        nonce,
        choice: Choice::Stance(Stance::For),
    });
    let says = "opens the ballot that the ledger had lost";
    stage.act(&voter("owner-07"), late, says).await?;
    decided(stage, motion).await
}

/// 民法典 278 (6)–(8): passes by heads, fails by area.
async fn rent_out_the_green(stage: &mut Stage) -> Result<MotionId, DemoError> {
    stage.scene(
        15,
        19,
        "利用公共绿地经营停车 Owners decide on paid parking on the common green (民法典 278, special)",
    );
    let motion = "parking-on-the-green";
    table(
        stage,
        &OWNERS_CHAIR,
        Tabled {
            motion,
            body: "owners-assembly",
            rule: "owners-special",
            title: "利用公共绿地经营停车 (run paid parking on the common green)",
            paragraphs: &[
                "将东侧绿地改为二十个收费车位,收益归全体业主。",
                "The green on the east side becomes twenty paid places; the income belongs to all \
                 owners.",
            ],
            meeting: None,
            consultation: None,
        },
    )
    .await?;
    let (opened, closes_at) = open(stage, &OWNERS_CHAIR, motion, OWNERS_ROLL, 10).await?;
    stage.minutes(26 * 60);
    let yes: Vec<String> = (1..=14).map(cast::owner).collect();
    let yes: Vec<&str> = yes.iter().map(String::as_str).collect();
    vote(stage, motion, opened, &yes, Stance::For).await?;
    stage.lose_last_opening()?;
    stage.say("A disk loses what opens owner-14's ballot, and owner-14 does not open it either.");
    vote(stage, motion, opened, &[cast::SHOPKEEPER], Stance::Against).await?;
    paper_batch(stage, motion, [2, 1, 0]).await?;
    stage.until(closes_at);
    let late = hidden_ballot(stage, motion, opened, (cast::SHOPKEEPER, None), Stance::For)?;
    let says = "would change to for, a moment too late";
    stage.refused(&voter(cast::SHOPKEEPER), late, says).await?;
    stage.ballots_opened(motion).await?;
    stage.minutes(24 * 60);
    stage.say("A day after the close, what is not opened counts as an abstention, and is listed.");
    decided(stage, motion).await?;
    stage.say(
        "Enough by heads, not by area. Both must pass; three shops are over a quarter of the area.",
    );
    Ok(id(motion))
}

/// A committee resolves; a member with an interest takes no part and leaves the denominator.
async fn resolve_with_a_recusal(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        5,
        15,
        "居委会决议 The residents' committee resolves, one member recused",
    );
    let motion = "reading-room-lease";
    table(
        stage,
        &HEAD,
        Tabled {
            motion,
            body: "residents-committee",
            rule: "committee-resolution",
            title: "续租社区阅览室 (renew the lease of the reading room)",
            paragraphs: &[
                "与现房东续租两年,租金不变。",
                "Two more years with the present landlord, at the same rent.",
            ],
            meeting: None,
            consultation: None,
        },
    )
    .await?;
    let kin = Player::officer(&cast::MEMBERS[1]);
    let near = PeopleAction::KinDeclared {
        person: id(cast::MEMBERS[1].person),
        kin: id("owner-13"),
    };
    let says = "declares owner-13, the landlord, as near kin";
    stage.act(&kin, near, says).await?;
    let declared = DeliberationAction::InterestDeclared { motion: id(motion) };
    let says = "declares an interest: the landlord is near kin";
    stage.act(&kin, declared, says).await?;
    let (opened, _) = open(stage, &HEAD, motion, COMMITTEE_ROLL, 5).await?;
    stage.minutes(45);
    let own = ballot(motion, opened, Stance::For);
    stage
        .refused(&kin, own, "tries to vote all the same")
        .await?;
    for (officer, stance) in [
        (&CLERK, Stance::For),
        (&HEAD, Stance::For),
        (&cast::MEMBERS[0], Stance::For),
        (&cast::MEMBERS[2], Stance::Against),
    ] {
        let says = if stance == Stance::For {
            "votes for"
        } else {
            "votes against"
        };
        let player = Player::officer(officer);
        stage
            .act(&player, ballot(motion, opened, stance), says)
            .await?;
    }
    let closed = DeliberationAction::VotingClosed { motion: id(motion) };
    let says = "closes the vote: everybody entitled has voted";
    stage.act(&Player::officer(&HEAD), closed, says).await?;
    decided(stage, motion).await
}

/// Somebody thinks better of it before anybody votes.
async fn withdraw(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        26,
        19,
        "撤回议题 A motion is withdrawn before anybody votes on it",
    );
    let motion = "lift-adverts";
    table(
        stage,
        &OWNERS_CHAIR,
        Tabled {
            motion,
            body: "owners-assembly",
            rule: "owners-ordinary",
            title: "电梯轿厢张贴广告 (advertisements in the lifts)",
            paragraphs: &[
                "每部电梯两个广告位,收益归全体业主。",
                "Two places in each lift; the income belongs to all owners.",
            ],
            meeting: None,
            consultation: None,
        },
    )
    .await?;
    let words = "电梯先修好再说。Let the lifts be mended first.";
    let speaker = Player::officer(&SECRETARY);
    say_on(stage, &speaker, motion, StatementKind::Deliberation, words).await?;
    let withdrawn = DeliberationAction::MotionWithdrawn { motion: id(motion) };
    let says = "withdraws it: first the lifts are to work";
    stage
        .act(&Player::officer(&OWNERS_CHAIR), withdrawn, says)
        .await?;
    Ok(())
}

/// A vote that is open when the curtain falls, so that whoever watches can vote in it.
async fn ask_about_the_lift(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        3,
        19,
        "更换电梯 A vote is opened, and still open now: will the lift be replaced?",
    );
    let motion = "replace-the-lift";
    table(
        stage,
        &OWNERS_CHAIR,
        Tabled {
            motion,
            body: "owners-assembly",
            rule: "owners-ordinary",
            title: "使用维修资金更换一号楼电梯 (replace the lift of block 1 from the repair fund)",
            paragraphs: &[
                "预算 28 万元,从建筑物维修资金列支。",
                "280,000 yuan, from the building repair fund.",
            ],
            meeting: None,
            consultation: Some(beside::ABOUT_THE_LIFT),
        },
    )
    .await?;
    let (opened, _) = open(stage, &OWNERS_CHAIR, motion, OWNERS_ROLL, 40).await?;
    stage.minutes(120);
    vote(
        stage,
        motion,
        opened,
        &["owner-02", "owner-11"],
        Stance::For,
    )
    .await?;
    beside::ask_about_charging(stage).await
}
