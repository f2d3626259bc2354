//! What is not public about an issue, read on the command line: by who may, and with an entry that says so.

mod support;

use support::{Place, Ran, Server};

const PRIVATE: &str = "三号楼 401 室，电话 138-0000-0000";

struct Town {
    place: Place,
    server: Server,
}

impl Town {
    fn new() -> Self {
        let place = Place::new();
        place.found("council");
        let server = place.serve();
        let town = Self { place, server };
        town.enrol("ada");
        town.enrol("bob");
        let raised = format!(
            r#"{{"issue_raised": {{"issue": "lift", "kind": "ISSUE_KIND_COMPLAINT", "category": "电梯",
                "summary": "三号楼电梯停运", "body": "council", "content": {{"text": "{PRIVATE}"}}}}}}"#
        );
        town.submit(&raised, "--key ada.pem").code(0);
        town
    }

    fn ask(&self, line: &str) -> Ran {
        self.place.line(&self.to_server(line))
    }

    fn to_server(&self, line: &str) -> String {
        format!("{line} --server {}", self.server.url)
    }

    fn submit(&self, action: &str, flags: &str) -> Ran {
        self.place.write("action.json", action);
        self.ask(&format!("submit action.json {flags}"))
    }

    fn enrol(&self, person: &str) {
        let key = format!("{person}.pem");
        let made = self.place.run(&["key", "new", "--out", &key]).code(0);
        let action = format!(
            r#"{{"person_enrolled": {{"person": "{person}", "keys": ["{}"]}}}}"#,
            made.out.trim()
        );
        let flags = format!("--key clerk.pem --attest-key {key}");
        self.submit(&action, &flags).code(0);
    }

    /// How many readings the log has.
    fn readings(&self) -> usize {
        let told = self.ask("query timeline --limit 0 --json").code(0);
        told.out.matches("\"issue_read\"").count()
    }
}

#[test]
fn who_raised_it_and_its_handler_read_it_and_each_reading_is_an_entry() {
    let town = Town::new();
    let listed = town.ask("query issues").code(0).says("三号楼电梯停运");
    assert!(!listed.out.contains("401"), "{}", listed.out);
    assert_eq!(town.readings(), 0);

    town.ask("read lift --key ada.pem")
        .code(0)
        .says("says that you read this:")
        .says(PRIVATE);
    assert_eq!(town.readings(), 1);
    town.ask("read lift --key clerk.pem --as council/clerk")
        .code(0)
        .says(PRIVATE);
    assert_eq!(town.readings(), 2);

    let stranger = town.ask("read lift --key bob.pem").code(1);
    assert!(!stranger.out.contains("401"), "{}", stranger.out);
    assert_eq!(town.readings(), 2, "nothing was read");
    town.ask("read lift --key ada.pem --content zz")
        .code(2)
        .warns("is no digest");
    let nothing = "00".repeat(32);
    town.ask(&format!("read lift --key ada.pem --content {nothing}"))
        .code(1)
        .warns("ISSUE_CONTENT_UNKNOWN");
    town.ask("read nothing --key ada.pem")
        .code(1)
        .warns("NO_SUCH_ISSUE");
}

#[test]
fn who_made_an_objection_and_who_rules_on_it_read_what_it_says() {
    let town = Town::new();
    for action in [
        r#"{"roll_part": {"roll": "2026", "body": "council", "lines": [{"voter": "bob"}]}}"#,
        r#"{"roll_published": {"roll": "2026", "body": "council", "as_of": "2026-01-01"}}"#,
    ] {
        town.submit(action, "--key clerk.pem").code(0);
    }
    let objected = format!(
        r#"{{"roll_objected": {{"roll": "2026", "person": "bob", "content": {{"text": "{PRIVATE}"}}}}}}"#
    );
    town.submit(&objected, "--key ada.pem").code(0);
    let listed = town.ask("query roll council").code(0).says("about bob");
    assert!(!listed.out.contains("401"), "{}", listed.out);
    town.ask("read --roll council --objection 1 --key ada.pem")
        .code(0)
        .says(PRIVATE);
    town.ask("read --roll council --objection 1 --key clerk.pem --as council/clerk")
        .code(0)
        .says(PRIVATE);
    town.ask("read --roll council --objection 1 --key bob.pem")
        .code(1)
        .warns("CAPACITY_MISSING");
    town.ask("read --roll council --objection 2 --key ada.pem")
        .code(2)
        .warns("there is no objection 2");
    town.ask("read --roll council --key ada.pem").code(2);
    let told = town.ask("query timeline --limit 0 --json").code(0);
    assert_eq!(told.out.matches("\"roll_objection_read\"").count(), 2);
}

#[test]
fn a_refusal_is_told_in_the_readers_language() {
    let town = Town::new();
    let line = "read lift --key ada.pem --as council/clerk";
    town.ask(line)
        .code(1)
        .warns("office clerk is clerk's")
        .warns("next: Act in an office held today");
    let chinese = town.place.line_in("zh_CN.UTF-8", &town.to_server(line));
    chinese
        .code(1)
        .warns("不能代表 council 行事：职务 clerk 由 clerk 担任。请以今日在任的职务")
        .warns("NOT_IN_CAPACITY");
    // What no rule gives says which in English, below.
    let line = town.to_server("read nothing --key ada.pem");
    let chinese = town.place.line_in("zh_CN.UTF-8", &line);
    chinese
        .code(1)
        .warns("error: 账本中没有这个编号的诉求。请先列出各项诉求。")
        .warns("nothing")
        .warns("NO_SUCH_ISSUE");
}
