//! A vote by hand: actions as JSON files, filled in, signed and submitted.

mod support;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use support::{Place, Ran, Server};

/// How long a meeting that begins in 1.5 s may take to begin on a busy machine.
const MEETING_DEADLINE: Duration = Duration::from_secs(60);

struct Town {
    place: Place,
    server: Server,
}

impl Town {
    fn new() -> Self {
        let place = Place::new();
        place.found("council");
        let server = place.serve();
        Self { place, server }
    }

    fn ask(&self, line: &str) -> Ran {
        self.place
            .line(&format!("{line} --server {}", self.server.url))
    }

    fn submit(&self, action: &str, flags: &str) -> Ran {
        self.place.write("action.json", action);
        self.ask(&format!("submit action.json --key clerk.pem {flags}"))
    }

    /// A key for this person, who is enrolled with it and with a name.
    fn enrol(&self, person: &str) {
        let key = format!("{person}.pem");
        let made = self.place.run(&["key", "new", "--out", &key]).code(0);
        let action = format!(
            r#"{{"person_enrolled": {{"person": "{person}", "keys": ["{}"], "name": {{"text": "{person} 先生"}}}}}}"#,
            made.out.trim()
        );
        self.submit(&action, "").code(2).warns("must sign too");
        self.submit(&action, &format!("--attest-key {key}"))
            .code(0)
            .says("person_enrolled is recorded");
    }
}

fn index_of(ran: &Ran) -> u64 {
    let value: Value = ran.json();
    value["receipt"]["index"]
        .as_str()
        .and_then(|n| n.parse().ok())
        .expect("an index")
}

#[test]
fn an_action_is_filled_in_signed_and_answered_with_a_checked_receipt() {
    let town = Town::new();
    town.enrol("ada");
    town.enrol("bob");
    town.ask("query person ada")
        .code(0)
        .says("ada 先生")
        .says("good");
    let table = r#"{"motion_tabled": {"motion": "shed", "body": "council", "rule": "council-ordinary",
        "text": {"title": "Build a bicycle shed 建自行车棚"}}}"#;
    town.submit(table, "--preview")
        .code(0)
        .says("It would be recorded");
    town.ask("query motion shed").code(1);
    let tabled = town.submit(table, "--json").code(0);
    assert!(index_of(&tabled) > 0);
    // The same motion in another action is another act, and refused.
    town.submit(table, "")
        .code(1)
        .warns("MOTION_EXISTS")
        .warns("next:");
    town.submit(table, "--preview")
        .code(1)
        .warns("MOTION_EXISTS");
    town.ask("query motion shed")
        .code(0)
        .says("Build a bicycle shed 建自行车棚")
        .says("tabled");
    town.ask("vote shed for --key ada.pem")
        .code(1)
        .warns("its vote has not been opened");
}

#[test]
fn what_cannot_be_an_action_is_told_with_its_place() {
    let town = Town::new();
    town.submit("{", "").code(2).warns("is not JSON");
    town.submit(r#"{"motion_tabbled": {}}"#, "")
        .code(2)
        .warns("motion_tabbled");
    town.submit(r#"{"motion_tabled": {"motion": "UPPER"}}"#, "")
        .code(2)
        .warns("motion");
    town.submit("{}", "").code(2).warns("payload");
    town.submit(
        r#"{"ledger": "elsewhere", "motion_withdrawn": {"motion": "m"}}"#,
        "",
    )
    .code(1);
    let beyond = r#"{"statement_made": {"motion": "m", "content": {"file": "missing.txt"}}}"#;
    town.submit(beyond, "").code(2).warns("missing.txt");
}

/// A meeting that is about to begin, with both voters there.
fn hold_meeting(town: &Town) {
    town.enrol("ada");
    town.enrol("bob");
    let lines = r#"[{"voter": "ada"}, {"voter": "bob"}]"#;
    let part = format!(r#"{{"roll_part": {{"roll": "r1", "body": "council", "lines": {lines}}}}}"#);
    town.submit(&part, "").code(0);
    // What the roll comes to is computed from its parts.
    let published =
        r#"{"roll_published": {"roll": "r1", "body": "council", "as_of": "2026-01-01"}}"#;
    town.submit(published, "").code(0);
    town.ask("query roll council").code(0).says("2 heads");
    let soon = now_ms() + 1_500;
    let convened = format!(
        r#"{{"meeting_convened": {{"meeting": "m1", "body": "council", "rule": "council-ordinary",
            "starts_at_ms": {soon}, "place": "Town hall"}}}}"#
    );
    town.submit(&convened, "").code(0);
    town.submit(r#"{"meeting_noticed": {"meeting": "m1"}}"#, "")
        .code(0);
    let tabled = r#"{"motion_tabled": {"motion": "shed", "body": "council",
        "rule": "council-ordinary", "meeting": "m1", "text": {"title": "Build a shed"}}}"#;
    town.submit(tabled, "").code(0);
    let there =
        r#"{"attendance_recorded": {"meeting": "m1", "roll": "r1", "present": ["ada", "bob"]}}"#;
    let deadline = Instant::now() + MEETING_DEADLINE;
    loop {
        let ran = town.submit(there, "");
        if ran.code == 0 {
            return;
        }
        let ran = ran.code(1).warns("MEETING_NOT_STARTED");
        assert!(
            Instant::now() < deadline,
            "the meeting never began: {}",
            ran.err
        );
    }
}

fn now_ms() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("the clock is past 1970").as_millis()
}

#[test]
fn a_vote_is_held_by_hand() {
    let town = Town::new();
    hold_meeting(&town);
    let closes = now_ms() + 3_600_000;
    let opened = format!(
        r#"{{"voting_opened": {{"motion": "shed", "roll": "r1", "closes_at_ms": {closes}}}}}"#
    );
    town.submit(&opened, "").code(0);
    town.ask("query motion shed")
        .code(0)
        .says("stands: open")
        .says("To vote: govledger vote shed");
    town.ask("vote shed perhaps --key ada.pem")
        .code(2)
        .warns("for, against or abstain");
    town.ask("vote shed for --key ada.pem --preview")
        .code(0)
        .says("It would be recorded");
    town.ask("vote shed for --key ada.pem")
        .code(0)
        .says("ballot_cast is recorded");
    // Nobody votes for another without a proxy, and the teller is on no roll.
    town.ask("vote shed for --key ada.pem --for bob")
        .code(1)
        .warns("why:");
    town.ask("vote shed for --key teller.pem")
        .code(1)
        .warns("NOT_ON_ROLL");
    town.ask("vote shed for --key bob.pem").code(0);
    // Voting again replaces the ballot.
    town.ask("vote shed against --key bob.pem").code(0);
    town.submit(r#"{"voting_closed": {"motion": "shed"}}"#, "")
        .code(0);
    let decided = town.ask("query decision shed").code(0);
    decided
        .says("REJECTED: shed")
        .says("for (1): ada")
        .says("against (1): bob");
    town.ask("vote shed for --key ada.pem").code(1);
    town.place
        .line(&format!("audit --server {}", town.server.url))
        .code(0)
        .says("everything follows")
        .says("1 rejected");
}

/// Acts that two officers sign: the second is whoever the other key belongs to, in the office that person has.
#[test]
fn the_second_officer_is_filled_in_from_the_other_key() {
    let town = Town::new();
    town.enrol("ada");
    let key = ["key", "new", "--out", "ada-2.pem"];
    let made = town.place.run(&key).code(0);
    let replaced = format!(
        r#"{{"key_replaced": {{"person": "ada", "new_key": "{}"}}}}"#,
        made.out.trim()
    );
    let digest = "ab".repeat(32);
    let imported = format!(
        r#"{{"record_imported": {{"record": "vote-2025", "body": "council", "source": "platform/7",
            "digest": "{digest}", "held_on": "2026-01-02", "summary": "16 of 18 took part"}}}}"#
    );
    let measure = r#"{"measure_imported": {"case": "order-12", "person": "ada",
        "sanction": "SANCTION_WARNING", "source": "order/12", "held_on": "2026-01-02"}}"#;
    for (action, also) in [
        (replaced.as_str(), "--attest-key ada-2.pem"),
        (imported.as_str(), ""),
        (measure, ""),
    ] {
        // Nobody is the second officer where no other key is anybody's.
        town.submit(action, also).code(2).warns("second");
        town.submit(action, &format!("--attest-key teller.pem {also}"))
            .code(0)
            .says("is recorded");
    }
    let shown = town.ask("query import vote-2025").code(0);
    let shown = shown.says("taken over by clerk, attested by teller");
    let entry = shown.out.split_once(", entry ").expect("its entry").1;
    let entry: String = entry.chars().take_while(char::is_ascii_digit).collect();
    let corrected = format!(
        r#"{{"record_corrected": {{"entry": {entry}, "reason": "the platform's own correction",
            "note": "17 of 18 took part"}}}}"#
    );
    town.submit(&corrected, "").code(2).warns("second");
    town.submit(&corrected, "--attest-key teller.pem").code(0);
    town.ask("query import vote-2025")
        .code(0)
        .says("16 of 18 took part")
        .says("corrected by clerk, attested by teller")
        .says("17 of 18 took part");
    town.ask("query imports")
        .code(0)
        .says("(corrected by entry ");
}
