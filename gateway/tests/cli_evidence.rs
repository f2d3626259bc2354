//! What others keep of a ledger: tiles, bundles, receipts; and a ledger that comes back from its bundle.

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use support::{Place, Server};

/// A town with a few entries, served.
fn town() -> (Place, Server) {
    let place = Place::new();
    place.found("council");
    let server = place.serve();
    for person in ["ada", "bo", "cy"] {
        enrol(&place, &server, person);
    }
    (place, server)
}

fn enrol(place: &Place, server: &Server, person: &str) {
    let name = format!(r#"{{"text": "{person} 先生"}}"#);
    let action = format!(r#"{{"person_enrolled": {{"person": "{person}", "name": {name}}}}}"#);
    place.write("action.json", &action);
    let line = format!("submit action.json --key clerk.pem --server {}", server.url);
    place.line(&line).code(0);
}

/// Every file below a directory, by its path from there.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).expect("it is below");
                found.insert(name.to_owned(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn tiles_and_bundles_are_the_same_wherever_they_are_made_from() {
    let (place, server) = town();
    place
        .line("export bundle --out a.govbundle --data govledger-data")
        .code(0)
        .says("4 entries");
    let line = format!("export bundle --out b.govbundle --server {}", server.url);
    place.line(&line).code(0);
    place
        .line("export bundle --out c.govbundle --bundle a.govbundle")
        .code(0);
    let [a, b, c] =
        ["a", "b", "c"].map(|n| fs::read(place.path(&format!("{n}.govbundle"))).unwrap());
    assert!(a == b && b == c);
    place
        .line("export tiles one --data govledger-data")
        .code(0)
        .says("4 entries");
    place
        .line(&format!("export tiles two --server {}", server.url))
        .code(0);
    place
        .line("export tiles three --bundle a.govbundle")
        .code(0);
    let one = files(&place.path("one"));
    let names: Vec<_> = one.keys().map(|path| path.to_str().unwrap()).collect();
    assert_eq!(
        names,
        ["checkpoint", "tile/0/000.p/4", "tile/entries/000.p/4"]
    );
    assert_eq!(one, files(&place.path("two")));
    assert_eq!(one, files(&place.path("three")));
}

#[test]
fn tiles_grow_in_place_and_never_change() {
    let (place, server) = town();
    place.line("export tiles t --data govledger-data").code(0);
    let before = files(&place.path("t"));
    enrol(&place, &server, "dan");
    place
        .line("export bundle --out later.govbundle --data govledger-data")
        .code(0);
    place
        .line("export tiles t --data govledger-data")
        .code(0)
        .says("5 entries");
    let after = files(&place.path("t"));
    for (path, bytes) in &before {
        assert!(
            path.ends_with("checkpoint") || after[path] == *bytes,
            "{path:?}"
        );
    }
    place.line("export tiles t --data govledger-data").code(0);
    assert_eq!(files(&place.path("t")), after);
    // What lies there is never rolled back, nor another log's overwritten.
    drop(server);
    fs::write(place.path("t/tile/0/000.p/5"), "another").unwrap();
    place
        .line("export tiles t --data govledger-data")
        .code(1)
        .warns("another history");
    fs::remove_file(place.path("t/tile/0/000.p/5")).unwrap();
    place.line("export tiles t --data govledger-data").code(0);
    place
        .line("found --ledger other --name O --charter council --key clerk.pem --data other")
        .code(0);
    place
        .line("export tiles t --data other")
        .code(1)
        .warns("another log's");
    assert_eq!(files(&place.path("t")), after);
}

#[test]
fn a_bundle_is_audited_without_anything_else_and_any_change_is_found() {
    let (place, server) = town();
    place
        .line("export bundle --out b.govbundle --data govledger-data")
        .code(0);
    let taken = place.line("export bundle --out b.govbundle --data govledger-data");
    taken.code(2).warns("evidence is not overwritten");
    drop(server);
    fs::remove_dir_all(place.path("govledger-data")).unwrap();
    let audit = |file: &str| place.run(&["audit", "--json", "--bundle", file]);
    let report = audit("b.govbundle").code(0).json();
    assert_eq!(report["ledgers"][0]["entries"], 4);
    let good = fs::read(place.path("b.govbundle")).unwrap();
    // One byte in every stretch of the file, and every way to cut it.
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 0x20;
        fs::write(place.path("bad.govbundle"), &bad).unwrap();
        let code = audit("bad.govbundle").code;
        assert_eq!(code, 1, "byte {at}");
    }
    for end in [0, 9, 10, 100, good.len() - 37, good.len() - 1] {
        fs::write(place.path("bad.govbundle"), &good[..end]).unwrap();
        assert_eq!(audit("bad.govbundle").code, 1, "cut at {end}");
    }
    fs::write(place.path("bad.govbundle"), [&good[..], b"x"].concat()).unwrap();
    audit("bad.govbundle").code(1).warns("bytes follow the end");
    place.line("audit --bundle missing.govbundle").code(2);
    place
        .line("audit --bundle b.govbundle --ledger another")
        .code(1)
        .warns("not another");
}

#[test]
fn a_ledger_comes_back_from_its_bundle_and_goes_on() {
    let (place, server) = town();
    place
        .line("export bundle --out b.govbundle --data govledger-data")
        .code(0);
    server.kill();
    place
        .line("export tiles before --data govledger-data")
        .code(0);
    fs::rename(place.path("govledger-data"), place.path("lost")).unwrap();
    let restore = "restore b.govbundle --keys lost/ledgers/town/keys \
                   --contents lost/ledgers/town/content --data govledger-data";
    place
        .line(restore)
        .code(0)
        .says("4 entries")
        .says("3 contents");
    place.line(restore).code(1).warns("already");
    // To the byte: the same bundle, the same tiles, the same contents, the same keys.
    place
        .line("export bundle --out again.govbundle --data govledger-data")
        .code(0);
    let read = |name: &str| fs::read(place.path(name)).unwrap();
    assert_eq!(read("again.govbundle"), read("b.govbundle"));
    place
        .line("export tiles after --data govledger-data")
        .code(0);
    assert_eq!(files(&place.path("before")), files(&place.path("after")));
    for part in ["content", "keys"] {
        let of = |data: &str| files(&place.path(&format!("{data}/ledgers/town/{part}")));
        assert_eq!(of("govledger-data"), of("lost"), "{part}");
    }
    let server = place.serve();
    enrol(&place, &server, "dan");
    let line = format!("query person ada --server {}", server.url);
    place.line(&line).code(0).says("ada 先生");
    place.line("audit --data govledger-data").code(0);
    // What was exported before is the beginning of what is there now.
    place
        .line("export tiles after --data govledger-data")
        .code(0)
        .says("5 entries");
}

#[test]
fn what_does_not_verify_is_not_restored_and_leaves_nothing() {
    let (place, server) = town();
    place
        .line("export bundle --out b.govbundle --data govledger-data")
        .code(0);
    server.kill();
    let restore =
        |file: &str, keys: &str| place.run(&["restore", file, "--keys", keys, "--data", "new"]);
    let good = fs::read(place.path("b.govbundle")).unwrap();
    for at in [300, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(place.path("bad.govbundle"), &bad).unwrap();
        restore("bad.govbundle", "govledger-data/ledgers/town/keys")
            .code(1)
            .warns("does not hold");
    }
    // Another ledger's keys could not extend it.
    place
        .line("found --ledger other --name O --charter council --key clerk.pem --data other")
        .code(0);
    restore("b.govbundle", "other/ledgers/other/keys")
        .code(1)
        .warns("record key in force");
    restore("b.govbundle", "nowhere").code(2);
    let left: Vec<_> = fs::read_dir(place.path("new/ledgers")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    restore("b.govbundle", "govledger-data/ledgers/town/keys")
        .code(0)
        .says("0 contents");
}

#[test]
fn a_policy_says_whose_cosignature_is_enough() {
    let (place, server) = town();
    let out = "receipt get 2 --out r.tlog-proof --server";
    place.line(&format!("{out} {}", server.url)).code(0);
    place
        .line("export bundle --out b.govbundle --data govledger-data --policy none.policy")
        .code(2);
    let key = place
        .line("export tiles t --data govledger-data --json")
        .code(0)
        .json();
    let key = key["verifier_key"].as_str().unwrap().to_owned();
    let verify = |policy: &str| {
        place.write("p.policy", policy);
        place.run(&[
            "receipt",
            "verify",
            "r.tlog-proof",
            "--key",
            &key,
            "--policy",
            "p.policy",
        ])
    };
    let audit = || place.line("audit --data govledger-data --policy p.policy");
    verify("quorum none\n").code(0);
    audit().code(0);
    verify(&format!("log {key}\nquorum none\n")).code(0);
    let witness = "witness.example.org/w1+07be827a+BMqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58";
    verify(&format!("witness w {witness}\nquorum w\n"))
        .code(1)
        .warns("pending witnesses");
    audit().code(1).warns("pending witnesses");
    verify(&format!("witness w {witness}\nquorum none\n")).code(0);
    let other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    verify(&format!("log {other}\nquorum none\n"))
        .code(1)
        .warns("does not name the log");
    audit().code(1).warns("does not name the log");
    verify("quorum w\n")
        .code(2)
        .warns("line 1: no line before this defines w");
}
