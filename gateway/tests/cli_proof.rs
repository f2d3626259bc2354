//! A decision proved in one file: recomputed without a server, and with no recorded ballot left out.

mod support;

use std::fs;

use support::Place;

/// A council that has voted by name.
fn decided() -> (Place, String) {
    let place = Place::new();
    let founded = place.found("council");
    let server = place.serve();
    support::decide_shed(&place, &server);
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
