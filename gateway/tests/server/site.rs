//! The public site: every page and file there is, for every visitor, and what must never show.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use governance::testing::{AGAINST, FOR, by};
use tlog::{Hash, OfflineProof, SignedCheckpoint, VerifierKey};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::{
    http::{Answer, get, request},
    support::{DEADLINE, Town},
};

const MINUTE: u64 = 60_000;

/// Markup as somebody might try to smuggle it in.
const MARKUP: &str = "<script>alert(1)</script> & \"quoted\" <img src=x onerror=alert(1)>";

/// A town with a decided motion and an open one, both with titles that look like markup.
async fn town() -> Town {
    let mut town = Town::founded().await;
    let voters = [("anna", 10_000), ("bao", 10_000), ("chen", 10_000)];
    let registrar = || by("registrar").clerk();
    town.do_all(registrar().publishes_roll("roll", "assembly", &voters))
        .await;
    for motion in ["decided", "open"] {
        let tabled = by("chair").chair().tables(motion, "assembly", "simple");
        let tabled = tabled.with_motion(|tabled| MARKUP.clone_into(&mut tabled.text.title));
        town.does(tabled).await;
        let opened = by("chair").chair().opens(motion, "roll", 5 * MINUTE);
        town.does(opened).await;
        let cast = by("anna").member("assembly").votes(motion, FOR);
        town.does(cast).await;
        if motion == "decided" {
            let cast = by("chen").member("assembly").votes(motion, AGAINST);
            town.does(cast).await;
            town.clock.advance(10 * MINUTE);
            let size = town.size_reaches(8).await;
            town.views_see(size - 1).await;
        }
    }
    town.views_catch_up().await;
    town
}

/// The addresses a page names, within the site.
fn addresses(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for attribute in ["href=\"", "src=\"", "data-check=\"", "action=\""] {
        for rest in page.split(attribute).skip(1) {
            let address = rest.split('"').next().expect("it ends");
            let address = address.replace("&amp;", "&");
            let address = address.split('#').next().expect("a part");
            if address.starts_with('/') {
                found.insert(address.to_owned());
            }
        }
    }
    found
}

/// Everything that can be reached from an address, each once.
async fn crawl(town: &Town, from: &str) -> BTreeMap<String, Answer> {
    let mut answers = BTreeMap::new();
    let mut open = BTreeSet::from([from.to_owned()]);
    while let Some(address) = open.pop_first() {
        let answer = get(town.address, &address).await;
        assert_eq!(answer.status, 200, "{address}");
        if is_page(&answer) {
            open.extend(addresses(answer.text()));
        }
        answers.insert(address, answer);
        open.retain(|address| !answers.contains_key(address));
        assert!(answers.len() < 2_000, "the site has an end");
    }
    answers
}

fn is_page(answer: &Answer) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    kind.starts_with("text/html")
}

#[tokio::test]
async fn every_address_leads_somewhere_and_every_page_is_safe_and_small() {
    let town = town().await;
    let answers = crawl(&town, "/?lang=en&print=large").await;
    for expected in [
        "/test?lang=en&print=large",
        "/test/decisions/decided?lang=en&print=large",
        "/test/motions/open?lang=zh&print=large",
        "/test/motions/open?lang=en",
        "/test/decisions.csv?lang=en&print=large",
        "/test/decisions/decided/notice?lang=en&print=large",
        "/_/openapi.json",
    ] {
        assert!(answers.contains_key(expected), "{expected} is not linked");
    }
    for (address, answer) in &answers {
        assert!(answer.header("set-cookie").is_none(), "{address}");
        let policy = answer.header("content-security-policy");
        let policy = policy.unwrap_or_else(|| panic!("{address} has no policy"));
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.body.len() < 100_000, "{address} is too long");
        if !is_page(answer) {
            continue;
        }
        let text = answer.text();
        for inline in [" style=", "<style", " onclick", " onerror", "javascript:"] {
            let escaped = text.replace("&lt;img src=x onerror=", "");
            assert!(!escaped.contains(inline), "{address} has {inline}");
        }
        // The one script has an address; a text that looks like one is a text.
        assert!(!text.contains("<script>"), "{address}");
        assert!(!text.contains("<img"), "{address}");
        assert!(text.contains("<h1>"), "{address}");
    }
    let decided = answers["/test/decisions/decided?lang=en&print=large"].text();
    let escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;";
    assert!(decided.contains(escaped), "{decided}");
    town.stop().await;
}

#[tokio::test]
async fn the_language_is_the_visitors_and_wishes_are_kept() {
    let town = town().await;
    let asked = |accept| async move {
        let headers = [("accept-language", accept)];
        request(town.address, "GET", "/test", &headers, b"").await
    };
    let chinese = asked("zh-CN,zh;q=0.9").await;
    assert!(
        chinese
            .text()
            .contains("<html lang=\"zh-CN\" class=\"standard\">")
    );
    assert!(chinese.text().contains("正在表决"));
    assert_eq!(chinese.header("vary"), Some("accept-language"));
    let english = asked("en-GB").await;
    assert!(english.text().contains("Open for voting now"));
    // What the address says counts more than the settings, and is in every link to a page.
    let headers = [("accept-language", "zh")];
    let path = "/test/decisions?lang=en&print=large";
    let large = request(town.address, "GET", path, &headers, b"").await;
    assert!(large.text().contains("<html lang=\"en\" class=\"large\">"));
    for address in addresses(large.text()) {
        let switch = address.contains("lang=zh") || address == "/test/decisions?lang=en";
        let file = address.starts_with("/_/") || address == "/test/decisions";
        let kept = address.ends_with("lang=en&print=large");
        assert!(kept || switch || file, "{address}");
    }
    town.stop().await;
}

#[tokio::test]
async fn who_voted_what_shows_nowhere_but_where_the_vote_was_open() {
    let mut town = town().await;
    let cast = by("bao").member("assembly").votes("open", AGAINST);
    let receipt = town.does(cast).await;
    town.views_catch_up().await;
    for path in [
        "/test".to_owned(),
        "/test/timeline".to_owned(),
        "/test/timeline.csv".to_owned(),
        "/test/motions".to_owned(),
        "/test/motions/open".to_owned(),
        format!("/test/entries/{}", receipt.index),
        "/test/bodies/assembly".to_owned(),
        "/test/rolls/assembly.json".to_owned(),
    ] {
        let answer = get(town.address, &path).await;
        assert_eq!(answer.status, 200, "{path}");
        let text = answer.text();
        assert!(!text.contains("bao"), "{path} names a voter");
        assert!(!text.contains("反对</td>"), "{path} tells a vote");
    }
    // The test's charter makes this vote an open one, so its decision lists it.
    let decision = get(town.address, "/test/decisions/decided?lang=en").await;
    assert!(decision.text().contains("anna"));
    town.stop().await;
}

#[tokio::test]
async fn the_data_is_what_grpc_answers_and_a_wrong_question_has_a_reason() {
    let town = town().await;
    let json = |path: &'static str| async move {
        let answer = get(town.address, path).await;
        let value: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
        (answer.status, value)
    };
    let (status, list) = json("/test/decisions.json?page_size=1&lang=en").await;
    assert_eq!(status, 200);
    assert_eq!(list["decisions"][0]["motion"], "decided");
    assert_eq!(
        list["decisions"][0]["result"]["outcome"],
        "OUTCOME_REJECTED"
    );
    let (status, one) = json("/test/decisions/decided.json").await;
    assert_eq!((status, &one["decision"]["title"]), (200, &MARKUP.into()));
    let (status, roll) = json("/test/rolls/assembly.json?with_lines=true").await;
    assert_eq!((status, &roll["members"]), (200, &3.into()));
    assert!(roll.get("lines").is_none(), "{roll}");
    for (path, status, reason) in [
        (
            "/test/decisions.json?nonsense=1",
            400,
            "REQUEST_FIELD_INVALID",
        ),
        (
            "/test/decisions.json?outcome=OUTCOME_GOOD",
            400,
            "REQUEST_FIELD_INVALID",
        ),
        (
            "/test/decisions.json?page_token=zz",
            400,
            "PAGE_TOKEN_INVALID",
        ),
        ("/test/decisions/none.json", 404, "NO_SUCH_DECISION"),
        ("/none/decisions.json", 404, "NO_SUCH_LEDGER"),
        (
            "/test/decisions.csv?outcome=good",
            400,
            "REQUEST_FIELD_INVALID",
        ),
    ] {
        let (found, value) = json(path).await;
        assert_eq!(
            (found, value["reason"].as_str()),
            (status, Some(reason)),
            "{path}"
        );
    }
    town.stop().await;
}

#[tokio::test]
async fn tables_feeds_and_calendars_open_elsewhere() {
    let town = town().await;
    let table = get(town.address, "/test/decisions.csv?lang=zh").await;
    assert!(
        table
            .text()
            .starts_with("\u{feff}编号,标题,组织,结果,日期,依据\r\ndecided,")
    );
    let disposition = table.header("content-disposition");
    assert_eq!(disposition, Some("attachment; filename=\"decisions.csv\""));
    let feed = get(town.address, "/test/bodies/assembly.atom?lang=en").await;
    assert!(
        feed.text().contains("<title>Not adopted · &lt;script&gt;"),
        "{}",
        feed.text()
    );
    assert!(feed.text().contains(":/test/decisions/decided</id>"));
    let calendar = get(town.address, "/test/calendar.ics?lang=en").await;
    assert!(
        calendar
            .text()
            .contains("\r\nSUMMARY:Voting closes: <script>")
    );
    let map = get(town.address, "/test/sitemap.xml").await;
    assert!(map.text().contains("/test/decisions/decided</loc>"));
    town.stop().await;
}

#[tokio::test]
async fn an_entry_comes_with_all_that_checking_it_takes() {
    let town = town().await;
    let answer = get(town.address, "/test/entries/4.json").await;
    let proof: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    let bytes = |value: &serde_json::Value| {
        let text = value.as_str().expect("a text");
        BASE64.decode(text).expect("base64")
    };
    let entry = bytes(&proof["entry"]);
    let leaf = tlog::Entry::decode(&entry).unwrap().leaf().unwrap();
    assert_eq!(leaf.0.to_vec(), bytes(&proof["leaf"]));
    let key: VerifierKey = proof["verifier_key"].as_str().unwrap().parse().unwrap();
    let note = proof["checkpoint"].as_str().unwrap();
    let checkpoint = SignedCheckpoint::open(note.as_bytes(), &key).expect("signed");
    let path = proof["inclusion_proof"].as_array().expect("a list").iter();
    let path: Vec<Hash> = path
        .map(|hash| Hash::try_from(bytes(hash).as_slice()).unwrap())
        .collect();
    let tree = checkpoint.checkpoint();
    tlog::verify_inclusion(&leaf, 4, tree.size, &path, &tree.root).expect("included");
    // The same as files.
    let file = get(town.address, "/test/entries/4.tlog-proof").await;
    let offline = OfflineProof::parse(&file.body).expect("a proof");
    let raw = get(town.address, "/test/entries/4.entry").await;
    offline.verify_entry(&raw.body, &key).expect("it proves");
    // And the log of then is the beginning of the log of now.
    let path = format!("/test/consistency.json?from=4&to={}", tree.size);
    let answer = get(town.address, &path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    for wrong in [
        "from=0&to=4",
        "from=5&to=4",
        "from=1&to=9999",
        "from=x&to=1",
    ] {
        let answer = get(town.address, &format!("/test/consistency.json?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
    town.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_visitors_language() {
    let town = town().await;
    for path in [
        "/none",
        "/test/nothing",
        "/test/decisions/none",
        "/test/motions/none",
        "/test/offices/none",
        "/test/bodies/none",
        "/test/entries/4.zip",
        "/_/nothing.css",
    ] {
        let address = format!("{path}?lang=en");
        let answer = get(town.address, &address).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("There is no such page"), "{path}");
        assert!(answer.header("content-security-policy").is_some());
    }
    for path in [
        "/test/decisions?outcome=good",
        "/test/decisions?from=yesterday",
        "/test/decisions?page=nonsense",
        "/test/entries/none",
        "/test/decisions/No%20id",
    ] {
        let answer = get(town.address, path).await;
        assert_eq!(answer.status, 400, "{path}");
    }
    let slash = get(town.address, "/test/decisions/?lang=en").await;
    assert_eq!(slash.status, 308);
    assert_eq!(slash.header("location"), Some("/test/decisions?lang=en"));
    // No way to another host.
    let elsewhere = get(town.address, "//example.org/").await;
    assert_eq!(elsewhere.status, 404);
    town.stop().await;
}

#[tokio::test]
async fn turnout_is_told_while_it_changes_until_the_close() {
    let mut town = town().await;
    let mut stream = TcpStream::connect(town.address).await.expect("connected");
    let head = "GET /test/motions/open/turnout HTTP/1.1\r\nhost: a\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut told = String::new();
    wait_for(&mut stream, &mut told, "event: turnout\ndata: 1\n").await;
    let cast = by("bao").member("assembly").votes("open", AGAINST);
    town.does(cast).await;
    wait_for(&mut stream, &mut told, "event: turnout\ndata: 2\n").await;
    town.clock.advance(10 * MINUTE);
    wait_for(&mut stream, &mut told, "event: closed\ndata: 2\n").await;
    assert!(!told.to_lowercase().contains("against"), "{told}");
    drop(stream);
    town.stop().await;
}

/// Reads on until this was told.
async fn wait_for(stream: &mut TcpStream, told: &mut String, what: &str) {
    let reading = async {
        let mut part = [0; 4_096];
        while !told.contains(what) {
            let length = stream.read(&mut part).await.expect("an answer");
            assert!(length > 0, "it ended after {told}");
            told.push_str(&String::from_utf8_lossy(&part[..length]));
        }
    };
    let patience = DEADLINE + Duration::from_secs(30);
    timeout(patience, reading).await.expect("told in time");
}

#[tokio::test]
async fn there_is_a_bound_to_visits_at_once() {
    let town = Town::founded_with(|config| config.serving.streams_max = 0).await;
    let full = get(town.address, "/test/motions/open/turnout?lang=en").await;
    assert_eq!(full.status, 429);
    assert!(
        full.text().contains("Too many visits at once"),
        "{}",
        full.text()
    );
    assert_eq!(get(town.address, "/test").await.status, 200);
    town.stop().await;
}
