//! Meetings over the wire, on the command line and on the site, as of any moment; and the published list of proxies.

use governance::{
    ids::Millis,
    testing::{Doer, by},
};
use proto::v1::{self, MeetingStatus, moment::AsOf};
use tonic::Code;

use crate::{
    http::get,
    support::{Town, ledger},
};

const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

/// Why its notice is short.
const URGENT: &str = "汛情 (a flood)";

fn chair() -> Doer {
    by("chair").chair()
}

fn registrar() -> Doer {
    by("registrar").clerk()
}

fn owner(name: &str) -> Doer {
    by(name).member("assembly")
}

fn at(index: u64) -> v1::Moment {
    v1::Moment {
        min_index: 0,
        as_of: Some(AsOf::AtIndex(index)),
    }
}

/// Three owners, of whom two come to a meeting called at short notice, in which a motion is tabled; a second meeting
/// is called and no more.
struct Played {
    town: Town,
    convened: u64,
    noticed: u64,
    attended: u64,
    closed: u64,
}

async fn played() -> Played {
    let mut town = Town::founded().await;
    let owners = [("anna", 10_000), ("bao", 10_000), ("chen", 10_000)];
    town.do_all(registrar().publishes_roll("roll", "assembly", &owners))
        .await;
    let now = town.clock_now();
    let soon = now.plus(10 * MINUTE);
    let calls = |meeting, starts_at: Millis| {
        chair().convenes(meeting, "assembly", "simple", starts_at, &[])
    };
    let convened = town.does(calls("flood", soon)).await;
    let noticed = town.does(chair().notices("flood", Some(URGENT))).await;
    let tabled = chair().tables("pumps", "assembly", "simple");
    let tabled =
        tabled.with_motion(|motion| motion.meeting = Some("flood".parse().expect("an id")));
    town.does(tabled).await;
    town.does(calls("later", now.plus(30 * DAY))).await;
    town.clock.advance(10 * MINUTE);
    town.does(registrar().records_attendance("flood", "roll", &["anna"]))
        .await;
    let attended = town
        .does(registrar().records_attendance("flood", "roll", &["bao"]))
        .await;
    town.does(chair().withdraws("pumps")).await;
    let closed = town.does(chair().closes_meeting("flood")).await;
    town.views_see(closed.index).await;
    Played {
        convened: convened.index,
        noticed: noticed.index,
        attended: attended.index,
        closed: closed.index,
        town,
    }
}

#[tokio::test]
async fn a_meeting_says_who_called_it_why_its_notice_was_short_and_how_many_came() {
    let played = played().await;
    let town = &played.town;
    let mut query = town.client.query();
    let request = |moment| v1::GetMeetingRequest {
        ledger: ledger(),
        meeting: "flood".to_owned(),
        moment,
    };
    let answer = query.get_meeting(request(None)).await.expect("an answer");
    let answer = answer.into_inner();
    let meeting = answer.meeting.expect("it is there");
    assert_eq!(
        (meeting.body.as_str(), meeting.convened_by.as_str()),
        ("assembly", "committee")
    );
    assert_eq!(meeting.status(), MeetingStatus::Closed);
    assert_eq!(
        (
            meeting.convened_index,
            meeting.noticed_index,
            meeting.attended_index,
            meeting.closed_index
        ),
        (
            played.convened,
            played.noticed,
            played.attended,
            played.closed
        )
    );
    assert_eq!((meeting.present, meeting.roll_members), (2, 3));
    assert_eq!(meeting.urgent_reason, URGENT);
    let motions: Vec<_> = answer.motions.iter().map(|m| m.motion.as_str()).collect();
    assert_eq!(motions, ["pumps"]);

    // Before notice was given it was called and no more.
    let then = query
        .get_meeting(request(Some(at(played.noticed - 1))))
        .await;
    let then = then.expect("an answer").into_inner();
    let before = then.meeting.expect("it is there");
    assert_eq!(before.status(), MeetingStatus::Convened);
    assert_eq!(
        (before.noticed_index, before.urgent_reason.as_str()),
        (0, "")
    );
    assert_eq!(then.motions, []);
    let none = query
        .get_meeting(request(Some(at(played.convened - 1))))
        .await;
    assert_eq!(none.expect_err("it was not called").code(), Code::NotFound);

    let told = town.tells("query meeting flood").await;
    for part in ["committee", URGENT, "2/3", "pumps", "closed"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let page = get(town.address, "/test/meetings/flood?lang=en").await;
    let page = page.text();
    for part in ["2 (the roll has 3)", URGENT, "/test/motions/pumps", "Over"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // Whoever reads the motion sees that the notice was short, and why.
    let motion = get(town.address, "/test/motions/pumps?lang=en").await;
    assert!(motion.text().contains(URGENT), "{}", motion.text());
    assert!(motion.text().contains("/test/meetings/flood"));
    let missing = get(town.address, "/test/meetings/nowhere?lang=en").await;
    assert_eq!(missing.status, 404);
    played.town.stop().await;
}

#[tokio::test]
async fn meetings_are_listed_by_body_and_by_where_they_stand() {
    let played = played().await;
    let town = &played.town;
    let mut query = town.client.query();
    let list = |body: &str, status: MeetingStatus, moment| v1::ListMeetingsRequest {
        ledger: ledger(),
        body: body.to_owned(),
        status: status.into(),
        moment,
        ..v1::ListMeetingsRequest::default()
    };
    for (body, status, moment, expected) in [
        // The one that begins last first.
        (
            "",
            MeetingStatus::Unspecified,
            None,
            &["later", "flood"][..],
        ),
        (
            "assembly",
            MeetingStatus::Unspecified,
            None,
            &["later", "flood"],
        ),
        ("residents", MeetingStatus::Unspecified, None, &[]),
        ("", MeetingStatus::Convened, None, &["later"]),
        ("assembly", MeetingStatus::Closed, None, &["flood"]),
        ("", MeetingStatus::Attended, None, &[]),
        (
            "",
            MeetingStatus::Attended,
            Some(at(played.attended)),
            &["flood"],
        ),
        (
            "",
            MeetingStatus::Noticed,
            Some(at(played.noticed)),
            &["flood"],
        ),
    ] {
        let answer = query.list_meetings(list(body, status, moment)).await;
        let answer = answer.expect("an answer").into_inner();
        let found: Vec<_> = answer.meetings.iter().map(|m| m.meeting.as_str()).collect();
        assert_eq!(found, expected, "{body} {status:?} {moment:?}");
    }
    let said = town.tells("query meetings --status convened").await;
    assert!(said.contains("later") && !said.contains("flood"), "{said}");
    for path in [
        "/test/meetings",
        "/test/meetings?status=closed&lang=en",
        "/test/meetings.csv?lang=en",
        "/test/meetings.json",
        "/test/meetings/notice",
        "/test/affairs",
    ] {
        let answer = get(town.address, path).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    let table = get(town.address, "/test/meetings.csv?lang=en").await;
    assert!(table.text().contains("flood"), "{}", table.text());
    played.town.stop().await;
}

#[tokio::test]
async fn the_list_of_proxies_stands_on_the_page_of_the_vote() {
    let mut town = Town::founded().await;
    let owners = [("anna", 10_000), ("bao", 10_000), ("chen", 10_000)];
    town.do_all(registrar().publishes_roll("roll", "assembly", &owners))
        .await;
    town.does(chair().tables("garden", "assembly", "simple"))
        .await;
    let opened = town.does(chair().opens("garden", "roll", DAY)).await;
    town.views_see(opened.index).await;
    let path = "/test/motions/garden?lang=en";
    let none = get(town.address, path).await;
    assert!(
        !none.text().contains("Who votes for whom"),
        "{}",
        none.text()
    );
    town.does(owner("anna").grants_proxy("garden", "bao")).await;
    let given = town.does(owner("chen").grants_proxy("garden", "bao")).await;
    town.views_see(given.index).await;
    let page = get(town.address, path).await;
    for part in [
        "Who votes for whom",
        "bao votes for anna",
        "bao votes for chen",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let back = town.does(owner("chen").revokes_proxy("garden")).await;
    town.views_see(back.index).await;
    let page = get(town.address, path).await;
    assert!(page.text().contains("bao votes for anna"));
    assert!(!page.text().contains("bao votes for chen"));
    town.stop().await;
}
