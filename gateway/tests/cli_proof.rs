//! A decision proved in one file: recomputed without a server, and with no recorded ballot left out.

mod support;

use std::fs;

use support::Place;

const ROLL_CALL: &str = r#"{"roll_call_recorded": {"motion": "shed", "roll": "2026",
    "lines": [{"voter": "ana", "mark": "ROLL_CALL_MARK_FOR"}, {"voter": "bo", "mark": "ROLL_CALL_MARK_AGAINST"},
              {"voter": "chen", "mark": "ROLL_CALL_MARK_FOR"}],
    "minuted": {"held_on": "2026-11-02", "body": "council", "rule": "council-ordinary",
                "text": {"title": "Build a bicycle shed"}}}}"#;

/// A council that has voted by name.
fn decided() -> (Place, String) {
    let place = Place::new();
    let founded = place.found("council");
    let server = place.serve();
    let act = |action: &str| {
        place.write("a.json", action);
        let line = format!(
            "submit a.json --key clerk.pem --attest-key teller.pem --server {}",
            server.url
        );
        let ran = place.line(&line);
        if ran.code != 0 {
            // What one person does alone.
            place
                .line(&format!(
                    "submit a.json --key clerk.pem --server {}",
                    server.url
                ))
                .code(0);
        }
    };
    for member in ["ana", "bo", "chen"] {
        act(&format!(
            r#"{{"person_enrolled": {{"person": "{member}"}}}}"#
        ));
    }
    act(r#"{"roll_part": {"roll": "2026", "body": "council",
            "lines": [{"voter": "ana"}, {"voter": "bo"}, {"voter": "chen"}]}}"#);
    act(r#"{"roll_published": {"roll": "2026", "body": "council", "as_of": "2026-01-01"}}"#);
    act(ROLL_CALL);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let query = format!("query decision shed --server {}", server.url);
    while place.line(&query).code != 0 {
        assert!(std::time::Instant::now() < deadline, "it is decided");
    }
    (place, founded["verifier_key"].as_str().unwrap().to_owned())
}

#[test]
fn a_decision_is_recomputed_from_one_file() {
    let (place, key) = decided();
    let write = "proof decision shed --out shed.govbundle --data govledger-data";
    place
        .line(write)
        .code(0)
        .says("3 ballots recorded, none left out")
        .says("2 for, 1 against");
    place.line(write).code(1).warns("already");
    fs::remove_dir_all(place.path("govledger-data")).unwrap();
    let verify = |file: &str, motion: &str, key: &str| {
        place.run(&["proof", "verify", file, "--motion", motion, "--key", key])
    };
    verify("shed.govbundle", "shed", &key)
        .code(0)
        .says("Adopted")
        .says("council-ordinary")
        .says("cannot speak for ballots that an operator refused");
    verify("shed.govbundle", "park", &key)
        .code(1)
        .warns("park is not decided");
    let foreign = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    verify("shed.govbundle", "shed", foreign)
        .code(1)
        .warns("another ledger");
    verify("missing", "shed", &key).code(2);
    let json = place.run(&[
        "proof",
        "verify",
        "shed.govbundle",
        "--motion",
        "shed",
        "--key",
        &key,
        "--json",
    ]);
    let json = json.code(0).json();
    assert_eq!(
        (&json["ballots_by_name"], &json["outcome"]),
        (&3.into(), &"Adopted".into())
    );
    assert_eq!(
        json["decided_index"].as_u64(),
        json["opened_index"].as_u64().map(|n| n + 1)
    );
    // One vote that is another is found, wherever it is changed.
    let good = fs::read(place.path("shed.govbundle")).unwrap();
    let at = good.windows(4).rposition(|four| four == b"chen").unwrap();
    let mut bad = good;
    bad[at] ^= 1;
    fs::write(place.path("bad.govbundle"), bad).unwrap();
    verify("bad.govbundle", "shed", &key)
        .code(1)
        .warns("nothing is proved");
}

#[test]
fn what_is_not_decided_is_not_proved_and_leaves_no_file() {
    let (place, _) = decided();
    let write = "proof decision park --out park.govbundle --data govledger-data";
    place.line(write).code(1).warns("park is not decided");
    assert!(!place.path("park.govbundle").exists());
}
