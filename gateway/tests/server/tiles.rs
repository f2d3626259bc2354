//! The log as files over plain HTTP, read by nothing but its format.

use std::io::Read as _;

use flate2::read::GzDecoder;
use governance::{
    action::{Payload, PeopleAction, PersonEnrolled},
    testing::by,
};
use tlog::{
    Hash, SignedCheckpoint, TilePath,
    tile::{TileReader, changed_tiles, decode_bundle, decode_hashes},
};

use crate::{
    http::{self, Answer},
    support::{LEDGER, Town},
};

/// More than a full tile of 256, so that there are full and partial tiles on two levels.
const ENROLLED: usize = 270;

async fn town() -> Town {
    let mut town = Town::founded().await;
    for n in 0..ENROLLED {
        let enrolled = PersonEnrolled {
            person: format!("p{n}").parse().expect("an id"),
            keys: Vec::new(),
            name: None,
        };
        let payload = Payload::People(PeopleAction::PersonEnrolled(enrolled));
        town.does(by("registrar").clerk().does(payload)).await;
    }
    town
}

async fn get(town: &Town, path: &str) -> Answer {
    http::get(town.address, &format!("/log/{LEDGER}/{path}")).await
}

async fn checkpoint(town: &Town) -> SignedCheckpoint {
    let ledger = town.sources.node.ledger(&LEDGER.parse().unwrap()).unwrap();
    let answer = get(town, "checkpoint").await;
    assert_eq!(answer.status, 200);
    SignedCheckpoint::open(&answer.body, &ledger.verifier_key()).expect("signed by the ledger")
}

#[tokio::test]
async fn the_log_is_read_and_proved_from_its_tiles_alone() {
    let town = town().await;
    let checkpoint = checkpoint(&town).await;
    let tree = checkpoint.checkpoint();
    assert_eq!(tree.size, ENROLLED as u64 + 1);
    let mut tiles = std::collections::BTreeMap::new();
    for path in changed_tiles(0, tree.size) {
        let answer = get(&town, &path.to_string()).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/octet-stream")
        );
        let cache = answer.header("cache-control").expect("a word to caches");
        assert!(
            cache.contains("immutable") && cache.contains("max-age=31536000"),
            "{cache}"
        );
        tiles.insert(path, answer.body);
    }
    let reader = TileReader::new(tree.size, |path: &TilePath| {
        tiles.get(path).cloned().ok_or(())
    });
    assert_eq!(tlog::tree::root(&reader, tree.size).unwrap(), tree.root);
    // Each entry is the one its leaf is the hash of.
    let mut leaves: Vec<Hash> = Vec::new();
    let mut entries: Vec<Hash> = Vec::new();
    for (path, bytes) in &tiles {
        match path.kind() {
            tlog::TileKind::Hashes(0) => leaves.extend(decode_hashes(bytes, path.width()).unwrap()),
            tlog::TileKind::Hashes(_) => {}
            tlog::TileKind::Entries => {
                let bundle = decode_bundle(bytes, path.width()).unwrap();
                entries.extend(bundle.into_iter().map(tlog::leaf_hash));
            }
        }
    }
    assert_eq!(entries, leaves);
    let paths: Vec<String> = tiles.keys().map(ToString::to_string).collect();
    let all = [
        "tile/0/000",
        "tile/0/001.p/15",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/15",
    ];
    assert_eq!(paths, all);
    town.stop().await;
}

#[tokio::test]
async fn a_partial_tile_stays_once_there_is_a_wider_one() {
    let town = town().await;
    for path in [
        "tile/0/000.p/1",
        "tile/0/001.p/14",
        "tile/entries/000.p/255",
        "tile/entries/001.p/3",
    ] {
        let narrow = get(&town, path).await;
        assert_eq!(narrow.status, 200, "{path}");
        let full = path.split(".p/").next().unwrap();
        let wider = if full.ends_with("001") { ".p/15" } else { "" };
        let wide = get(&town, &format!("{full}{wider}")).await;
        assert!(wide.body.starts_with(&narrow.body) && wide.body.len() > narrow.body.len());
    }
    town.stop().await;
}

#[tokio::test]
async fn what_is_not_there_may_come_and_is_not_cached() {
    let town = Town::founded().await;
    for path in [
        "tile/0/000",
        "tile/0/000.p/2",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/000.p/2",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/8/000.p/1",
        "tile/00/000.p/1",
        "tile/0/x000/000.p/1",
        "tile/0/0.p/1",
        "tile/entries/000.p/1/",
        "tile/entries/../0/000.p/1",
        "tile/",
        "tile/0/x999/x999/x999/x999/x999/999.p/1",
        "tile/entries/x018/x446/x744/x073/x709/551.p/1",
        "tile",
        "Checkpoint",
        "",
    ] {
        let answer = get(&town, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(get(&town, "tile/0/000.p/1").await.status, 200);
    for other in [
        "/log/nobody/checkpoint",
        "/log/No-Id/checkpoint",
        "/log/../checkpoint",
    ] {
        assert_eq!(http::get(town.address, other).await.status, 404, "{other}");
    }
    let posted = http::request(town.address, "POST", "/log/test/checkpoint", &[], b"x").await;
    assert_eq!(posted.status, 405);
    town.stop().await;
}

#[tokio::test]
async fn a_version_that_is_known_is_not_sent_again() {
    let mut town = Town::founded().await;
    let paths = ["checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"];
    for path in paths {
        let first = get(&town, path).await;
        let etag = first.header("etag").expect("a tag").to_owned();
        let path = format!("/log/{LEDGER}/{path}");
        let headers = [("if-none-match", etag.as_str())];
        let again = http::request(town.address, "GET", &path, &headers, b"").await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), Some(etag.as_str()));
        assert_eq!(again.header("cache-control"), first.header("cache-control"));
        let head = http::request(town.address, "HEAD", &path, &[], b"").await;
        assert_eq!((head.status, head.body.len()), (200, 0));
    }
    let before = get(&town, "checkpoint").await;
    let cache = before.header("cache-control").expect("a word to caches");
    assert!(
        cache.contains("max-age=2") && !cache.contains("immutable"),
        "{cache}"
    );
    assert_eq!(
        before.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    town.does(by("registrar").clerk().enrols("newcomer")).await;
    let path = format!("/log/{LEDGER}/checkpoint");
    let headers = [("if-none-match", before.header("etag").unwrap())];
    let after = http::request(town.address, "GET", &path, &headers, b"").await;
    assert_eq!(after.status, 200, "it has changed");
    town.stop().await;
}

#[tokio::test]
async fn entries_are_compressed_for_those_who_read_that() {
    let town = town().await;
    let path = format!("/log/{LEDGER}/tile/entries/000");
    let plain = http::get(town.address, &path).await;
    let ask = |value| {
        let (path, address) = (path.clone(), town.address);
        async move { http::request(address, "GET", &path, &[("accept-encoding", value)], b"").await }
    };
    let zipped = ask("gzip, identity").await;
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    assert_eq!(zipped.header("vary"), Some("accept-encoding"));
    assert!(zipped.body.len() < plain.body.len());
    assert_ne!(zipped.header("etag"), plain.header("etag"));
    let mut unzipped = Vec::new();
    GzDecoder::new(zipped.body.as_slice())
        .read_to_end(&mut unzipped)
        .unwrap();
    assert_eq!(unzipped, plain.body);
    let identity = ask("identity, gzip;q=0").await;
    assert_eq!(identity.header("content-encoding"), None);
    assert_eq!(identity.body, plain.body);
    town.stop().await;
}
