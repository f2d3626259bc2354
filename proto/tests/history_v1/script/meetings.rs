//! Meetings, roll calls and minutes.

use governance::{
    action::{
        Choice, DeliberationAction, Minuted, MotionText, OfficeAssumed, Outcome, Payload,
        RollCallMark::{self, Absent, Abstain, Against, Away, For, NotVoting},
    },
    calendar::Date,
    ids::Millis,
    testing::{AGAINST, Deed, FOR, FOUNDED_AT, by},
};

use super::{
    DAY, MINUTE, chair, id, motions::tables_contest, registers::seats, registrar, resident, teller,
    votes::decided,
};
use crate::scribe::Scribe;

/// Everybody the founding names with a key.
const RESIDENTS: [(&str, u64); 12] = [
    ("anna", 0),
    ("bao", 0),
    ("chair", 0),
    ("chen", 0),
    ("dina", 0),
    ("emil", 0),
    ("fang", 0),
    ("registrar", 0),
    ("secretary", 0),
    ("supervisor", 0),
    ("teller-1", 0),
    ("teller-2", 0),
];

pub(super) fn play(scribe: &mut Scribe) {
    let starts_at = petition(scribe);
    residents_meet(scribe, starts_at);
    election(scribe);
    council_sits(scribe);
    minutes(scribe);
}

/// Midnight, so many days after the founding's day began.
fn midnight(days: u64) -> Millis {
    FOUNDED_AT.plus(days * DAY)
}

/// Two of twelve call the residents' meeting for the day the tenth day of notice is over.
fn petition(scribe: &mut Scribe) -> Millis {
    let starts_at = midnight(22);
    assert_eq!(
        scribe.now().since(FOUNDED_AT) / DAY,
        11,
        "noticed on day 11"
    );
    let calls = |rule: &str, starts_at, petitioners: &[&str]| {
        registrar().convenes("spring", "residents", rule, starts_at, petitioners)
    };
    let rule = "residents-meeting";
    scribe.fails(
        "NO_ROLL_IN_FORCE",
        chair().convenes("spring", "residents", rule, starts_at, &["anna"]),
    );
    scribe.does(registrar().publishes_roll("residents", "residents", &RESIDENTS));
    scribe.fails(
        "RULE_UNKNOWN",
        calls("nothing", starts_at, &["anna", "bao"]),
    );
    scribe.fails("PETITION_TOO_SMALL", calls(rule, starts_at, &["anna"]));
    let by_themselves =
        resident("anna").convenes("spring", "residents", rule, starts_at, &["anna", "bao"]);
    scribe.fails("NO_RIGHT", by_themselves);
    scribe.fails("NAMED_TWICE", calls(rule, starts_at, &["anna", "anna"]));
    let past = Millis(scribe.now().0 - 1);
    scribe.fails("MEETING_IN_THE_PAST", calls(rule, past, &["anna", "bao"]));
    scribe.does(calls(rule, starts_at, &["anna", "bao"]));
    scribe.fails("MEETING_EXISTS", calls(rule, starts_at, &["anna", "bao"]));
    scribe.does(chair().notices("spring", None));
    scribe.fails("NOTICE_GIVEN", chair().notices("spring", None));
    scribe.fails(
        "NO_PETITION",
        registrar().convenes(
            "sitting",
            "council",
            "council-ordinary",
            starts_at,
            &["anna"],
        ),
    );
    starts_at
}

/// `pool` is put to those attending.
fn residents_meet(scribe: &mut Scribe, starts_at: Millis) {
    let present = |names: &[&str]| registrar().records_attendance("spring", "residents", names);
    let tables = |motion: &str, meeting: &'static str| {
        chair()
            .tables(motion, "residents", "residents-meeting")
            .with_motion(move |tabled| tabled.meeting = Some(id(meeting)))
    };
    scribe.fails("MEETING_UNKNOWN", tables("pool", "autumn"));
    scribe.does(tables("pool", "spring"));
    scribe.fails("MOTION_ASKED_FOR", chair().withdraws("pool"));
    scribe.at(Millis(starts_at.0 - 1));
    scribe.fails("MEETING_NOT_STARTED", present(&["anna"]));
    scribe.at(starts_at);
    scribe.fails(
        "NOT_READY_TO_OPEN",
        chair().opens("pool", "residents", MINUTE),
    );
    scribe.fails("MOTION_WAITS_IN_MEETING", chair().closes_meeting("spring"));
    let with_guests = |guests: &[&str]| {
        let present = ["anna", "bao", "dina", "emil", "fang", "chair"];
        registrar().records_guests("spring", "residents", &present, guests)
    };
    scribe.fails("GUEST_HAS_VOTE", with_guests(&["secretary"]));
    scribe.does(with_guests(&["ghost"]));
    scribe.fails("PRESENT_ALREADY", present(&["registrar", "bao"]));
    scribe.does(chair().opens("pool", "residents", 10 * MINUTE));
    let votes = |name: &str, choice| resident(name).votes("pool", choice);
    scribe.fails("NOT_ATTENDING", votes("registrar", FOR));
    scribe.does(present(&["registrar"]));
    scribe.does([
        votes("registrar", FOR),
        votes("anna", FOR),
        votes("bao", FOR),
        votes("emil", AGAINST),
    ]);
    scribe.fails("VOTE_OPEN_IN_MEETING", chair().closes_meeting("spring"));
    scribe.does(votes("fang", FOR));
    // Two who are there have not voted, on what voters asked for.
    scribe.fails("VOTE_STILL_RUNS", chair().closes_vote("pool"));
    scribe.later(10 * MINUTE);
    // 4 of the 7 attending.
    decided(scribe, "pool", Outcome::Adopted);
    scribe.does(chair().closes_meeting("spring"));
    scribe.fails("MEETING_IS_CLOSED", present(&["secretary"]));
}

/// `election`: the roll must have hung out for 20 days, and the ballot is secret.
fn election(scribe: &mut Scribe) {
    let over_at = midnight(11 + 21);
    let opens = || chair().opens("election", "residents", Millis::HOUR);
    scribe.at(Millis(over_at.0 - 1));
    scribe.fails("NOT_READY_TO_OPEN", opens());
    scribe.at(over_at);
    scribe.fails("NOT_READY_TO_OPEN", opens());
    nominations(scribe);
    scribe.does(opens());
    scribe.fails(
        "SECRET_ON_PAPER",
        resident("emil").votes("election", options(&[0])),
    );
    let voters: Vec<&str> = RESIDENTS.iter().map(|(name, _)| *name).collect();
    let totals = [
        (options(&[0, 1]), 5, 0),
        (options(&[0, 2]), 3, 0),
        (options(&[2]), 2, 0),
        (options(&[]), 1, 0),
    ];
    scribe.does(teller().records_papers("election", 0, "teller-2", &voters, &totals, (1, 0)));
    scribe.later(Millis::HOUR);
    decided(scribe, "election", Outcome::PartlyFilled);
    run_off(scribe, &voters);
}

/// Ten voters nominate one candidate, the party organisation the others.
fn nominations(scribe: &mut Scribe) {
    let party = || by("secretary").officer("party", "secretary");
    let voters: Vec<&str> = RESIDENTS.iter().map(|(name, _)| *name).collect();
    let nominates =
        |candidate: &str, voters: &[&str]| registrar().nominates("election", candidate, voters);
    scribe.fails("TOO_FEW_NOMINATORS", nominates("anna", &voters[..9]));
    scribe.fails("NO_SUCH_CANDIDATE", nominates("emil", &voters));
    scribe.does(nominates("anna", &voters[..10]));
    scribe.fails("NOMINATED_ALREADY", nominates("anna", &voters));
    scribe.does(["bao", "chen"].map(|person| party().nominates("election", person, &[])));
}

/// `second`: the seat that `election` left, for exactly a third of the votes cast.
fn run_off(scribe: &mut Scribe, voters: &[&str]) {
    let tables = |candidates: &[&str]| {
        let rule = "committee-election-by-voters";
        tables_contest("second", "residents", rule, candidates, 1)
            .with_motion(|motion| motion.run_off_of = Some(id("election")))
    };
    scribe.fails("RUN_OFF_UNFIT", tables(&["anna", "bao"]));
    scribe.does([
        tables(&["bao", "chen"]),
        chair().opens("second", "residents", Millis::HOUR),
    ]);
    let totals = [(options(&[0]), 4, 0), (options(&[1]), 3, 0)];
    scribe.does(teller().records_papers("second", 0, "teller-2", voters, &totals, (5, 0)));
    scribe.later(Millis::HOUR);
    decided(scribe, "second", Outcome::Adopted);
    let rests_on = |assumed: &mut OfficeAssumed| {
        assumed.decision = Some(id("second"));
        assumed.elsewhere = None;
    };
    let elected = |person: &str| {
        seats("member-2", "committee", person, rests_on).with_office(|assumed| {
            assumed.term_to = Some("2031-03-01".parse().expect("a day"));
        })
    };
    let for_ever = elected("bao").with_office(|assumed| assumed.term_to = None);
    scribe.fails("TERM_TOO_LONG", for_ever);
    scribe.fails("NOT_ELECTED", elected("chen"));
    scribe.does(elected("bao"));
}

fn options(options: &[u32]) -> Choice {
    Choice::Options(options.to_vec())
}

const SITTING: [(&str, RollCallMark); 3] = [("anna", For), ("bao", Against), ("emil", For)];

/// A live roll call, in a sitting called urgently.
fn council_sits(scribe: &mut Scribe) {
    let starts_at = scribe.now().plus(Millis::HOUR);
    let rule = "council-ordinary";
    scribe.does(chair().convenes("sitting", "council", rule, starts_at, &[]));
    scribe.fails("TEXT_EMPTY", chair().notices("sitting", Some(" ")));
    scribe.does(chair().notices("sitting", Some("漏水")));
    let residents = chair().convenes("summer", "residents", "residents-meeting", starts_at, &[]);
    scribe.does(residents);
    scribe.fails("NOTICE_TOO_SHORT", chair().notices("summer", None));
    let tables = |meeting: &'static str| {
        chair()
            .tables("budget", "council", rule)
            .with_motion(move |tabled| tabled.meeting = Some(id(meeting)))
    };
    scribe.fails("MEETING_OF_ANOTHER_BODY", tables("summer"));
    scribe.does(tables("sitting"));
    scribe.at(starts_at);
    let present = |names: &[&str]| registrar().records_attendance("sitting", "council-2026", names);
    scribe.does(present(&["anna", "bao", "emil"]));
    scribe.fails("MEETING_BEGUN", chair().notices("summer", Some("漏水")));
    let by_another = registrar().records_attendance("sitting", "council-2024", &["chen"]);
    scribe.fails("WRONG_ROLL", by_another);
    let calls =
        |lines: &[(&str, RollCallMark)]| registrar().calls_roll("budget", "council-2026", lines);
    scribe.fails("MOTION_NOT_OPEN", calls(&SITTING));
    scribe.does(chair().opens("budget", "council-2026", MINUTE));
    let grants = by("anna").member("council").grants_proxy("budget", "bao");
    scribe.fails("PROXIES_NOT_ALLOWED", grants);
    scribe.fails("ROLL_CALL_INCOMPLETE", calls(&SITTING[1..]));
    let absent = [SITTING[0], ("bao", Absent), SITTING[2]];
    scribe.fails("PRESENT_MARKED_ABSENT", calls(&absent));
    scribe.does(calls(&SITTING));
    decided(scribe, "budget", Outcome::Adopted);
    scribe.does(chair().closes_meeting("sitting"));
}

/// From the minutes of so many days before or after the founding's day.
fn minuted(motion: &str, roll: &str, days: i32, lines: &[(&str, RollCallMark)]) -> Deed {
    let minuted = Minuted {
        held_on: Date::from_days(20_514 + days),
        body: id("council"),
        rule: id("council-ordinary"),
        text: MotionText {
            title: "Approval of minutes".to_owned(),
            paragraphs: Vec::new(),
        },
        source: "2024-10-18-00001".to_owned(),
        source_outcome: "APPROVED".to_owned(),
    };
    registrar()
        .calls_roll(motion, roll, lines)
        .with(move |action| match &mut action.payload {
            Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
                call.minuted = Some(minuted);
            }
            other => panic!("{}", other.family()),
        })
}

/// Decided in 2024, recorded now.
fn minutes(scribe: &mut Scribe) {
    let marks = |marks: [RollCallMark; 4]| {
        let names = ["anna", "bao", "chen", "dina"];
        [0, 1, 2, 3].map(|at| (names[at], marks[at]))
    };
    let old = |motion: &str, days: i32, lines: [RollCallMark; 4]| {
        minuted(motion, "council-2024", days, &marks(lines))
    };
    let all = [For, For, Against, Absent];
    scribe.fails("NO_ROLL_IN_FORCE", old("item-1", -701, all));
    scribe.fails("ROLL_NOT_IN_FORCE", old("item-1", 0, all));
    scribe.fails(
        "HELD_IN_FUTURE",
        minuted("item-1", "council-2026", 99, &SITTING),
    );
    scribe.fails("ROLL_CALL_UNFIT", {
        old("item-1", -500, all).with(|action| match &mut action.payload {
            Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
                let minutes = call.minuted.as_mut().expect("minutes");
                minutes.body = id("residents");
                minutes.rule = id("committee-election-by-voters");
            }
            other => panic!("{}", other.family()),
        })
    });
    scribe.does(old("item-1", -500, all));
    decided(scribe, "item-1", Outcome::Adopted);
    scribe.fails("MOTION_EXISTS", old("item-1", -500, all));
    scribe.does(old("item-2", -499, [For, For, Absent, Away]));
    decided(scribe, "item-2", Outcome::NoQuorum);
    scribe.does(old("item-3", -498, [For, Against, Abstain, NotVoting]));
    decided(scribe, "item-3", Outcome::Rejected);
}
