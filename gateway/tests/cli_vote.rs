//! A vote by hand: actions as JSON files, filled in, signed and submitted.

mod support;

use serde_json::Value;
use support::{Place, Ran, Server};

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
