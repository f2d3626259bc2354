//! A charter amended by vote, from the file to the question put.

mod support;

use std::fs;

use support::{Place, Ran, Server};

/// The council's charter that ships, whose ordinary decisions may amend it.
fn charter(title: &str) -> String {
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../deploy/charters/council.toml"
    );
    let shipped = fs::read_to_string(shipped).expect("the example");
    let titled = shipped.replace("Charter of the council", title);
    titled.replace(
        "preset = \"council-ordinary\"",
        "preset = \"council-ordinary\"\neffects = [\"charter-amendment\"]",
    )
}

fn ask(place: &Place, server: &Server, line: &str) -> Ran {
    place.line(&format!("{line} --server {}", server.url))
}

#[test]
fn an_amendment_is_tabled_from_a_file_and_says_what_it_will_do() {
    let place = Place::new();
    place.write("first.toml", &charter("First"));
    place.write("second.toml", &charter("Second"));
    place.write("broken.toml", "title = \"Nothing\"");
    place.found("first.toml");
    let server = place.serve();
    let amend = |file: &str, rest: &str| {
        let line = format!("charter amend {file} --title Amendment --key clerk.pem {rest}");
        ask(&place, &server, &line)
    };
    let by = "--motion amendment --rule council-ordinary";
    amend("broken.toml", by).code(1).warns("is no charter");
    amend("second.toml", "--motion amendment")
        .code(2)
        .warns("no rule charter-amendment");
    amend("second.toml", &format!("{by} --preview"))
        .code(0)
        .says("It would be recorded");
    amend("second.toml", by)
        .code(0)
        .says("motion_tabled is recorded");
    ask(&place, &server, "query motion amendment")
        .code(0)
        .says("version 2, \"Second\"");
    amend("second.toml", by).code(1).warns("MOTION_EXISTS");
}

#[test]
fn a_vote_on_rules_that_the_program_does_not_know_is_not_begun() {
    let place = Place::new();
    let charter = charter("Town").replace("charter-amendment", "rules-version");
    place.write("town.toml", &charter);
    place.found("town.toml");
    let server = place.serve();
    let adopts = |version: u32| {
        let action = format!(
            r#"{{"motion_tabled": {{"motion": "rules", "body": "council", "rule": "council-ordinary",
                "text": {{"title": "Rules"}}, "effects": [{{"rules_version_adopted": {{"version": {version}}}}}]}}}}"#
        );
        place.write("action.json", &action);
        ask(&place, &server, "submit action.json --key clerk.pem")
    };
    adopts(2).code(1).warns("RULES_VERSION_UNKNOWN");
    adopts(1).code(1).warns("RULES_VERSION_STEP");
}
