//! Witnesses as processes of their own: asked by a real node, killed at any moment.

mod support;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use ed25519_dalek::SigningKey;
use support::{Place, Server};
use tlog::{
    AddCheckpoint, Checkpoint, NoteSigner, SignedCheckpoint, VerifierKey, leaf_hash,
    tree::{MemoryTree, consistency_proof, root},
    witness::parse_size,
};

/// Sends a request of one line after another; the status and the body.
fn http(url: &str, method: &str, path: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let address = url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let status = std::str::from_utf8(&answer[9..12]).ok()?.parse().ok()?;
    Some((status, answer[end + 4..].to_vec()))
}

/// A witness in a directory of this name, which knows the log.
fn witness(place: &Place, name: &str, log: &str) -> String {
    let key = format!("{name}.pem");
    place.run(&["key", "new", "--out", &key]).code(0);
    place.run(&["witness", "add", log, "--data", name]).code(0);
    let named = format!("witness.example.org/{name}");
    let vkey = place.run(&["witness", "vkey", "--key", &key, "--name", &named]);
    vkey.code(0).out.trim().to_owned()
}

fn start(place: &Place, name: &str) -> Server {
    let (key, named) = (format!("{name}.pem"), format!("witness.example.org/{name}"));
    let listen = "127.0.0.1:0";
    place.start(&[
        "witness", "serve", "--data", name, "--key", &key, "--name", &named, "--listen", listen,
    ])
}

#[test]
fn a_node_publishes_what_its_witnesses_cosign_and_a_receipt_proves_it_offline() {
    let place = Place::new();
    let log = place.found("council");
    let log = log["verifier_key"].as_str().unwrap().to_owned();
    let (street, owners) = (
        witness(&place, "street", &log),
        witness(&place, "owners", &log),
    );
    let (first, second) = (start(&place, "street"), start(&place, "owners"));
    let policy = format!(
        "log {log}\nwitness street {street} {}\nwitness owners {owners} {}\n\
         group both all street owners\nquorum both\n",
        first.url, second.url
    );
    place.write("town.policy", &policy);
    place.write("govledger.toml", "witness_policy = \"town.policy\"\n");
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--config",
        "govledger.toml",
    ];
    let server = place.start(&serve);
    place.write("a.json", r#"{"person_enrolled": {"person": "ada"}}"#);
    let submit = format!(
        "submit a.json --key clerk.pem --wait-published --server {}",
        server.url
    );
    let said = place.line(&submit).code(0);
    assert!(!said.out.contains("pending"), "{}", said.out);
    place
        .line(&format!(
            "receipt get 1 --out r.tlog-proof --server {}",
            server.url
        ))
        .code(0);
    place
        .line(&format!(
            "export bundle --out b.govbundle --policy town.policy --server {}",
            server.url
        ))
        .code(0);
    place
        .line("export bundle --out d.govbundle --policy town.policy --data govledger-data")
        .code(0);
    let (status, tiles) = http(&server.url, "GET", "/log/town/checkpoint", b"").unwrap();
    assert_eq!(status, 200);
    let keys: Vec<VerifierKey> = [&street, &owners].map(|key| key.parse().unwrap()).into();
    let opened = SignedCheckpoint::open_witnessed(&tiles, &log.parse().unwrap(), &keys);
    assert_eq!(opened.unwrap().1.len(), 2);
    // Without the second witness admission goes on, and receipts say what they lack.
    second.kill();
    place.write("b.json", r#"{"person_enrolled": {"person": "bo"}}"#);
    let submit = format!("submit b.json --key clerk.pem --server {}", server.url);
    place.line(&submit).code(0).says("pending witnesses");
    let get = format!(
        "receipt get 2 --out late.tlog-proof --server {}",
        server.url
    );
    place.line(&get).code(0).says("pending witnesses");
    let verify = |file: &str| {
        place.run(&[
            "receipt",
            "verify",
            file,
            "--key",
            &log,
            "--policy",
            "town.policy",
        ])
    };
    verify("late.tlog-proof").code(1).warns("pending witnesses");
    // A bundle made now holds everything that was acknowledged, and what the quorum vouches for.
    place
        .line("export bundle --out e.govbundle --policy town.policy --data govledger-data")
        .code(0)
        .says("3 entries");
    place
        .line("audit --bundle e.govbundle --policy town.policy")
        .code(0)
        .warns("the last 1 entry");
    drop(server);
    drop(first);
    verify("r.tlog-proof")
        .code(0)
        .says("witness.example.org/street")
        .says("witness.example.org/owners");
    for bundle in ["b.govbundle", "d.govbundle"] {
        place
            .line(&format!("audit --bundle {bundle} --policy town.policy"))
            .code(0);
    }
    // A ledger restored from it holds both, and gives the same bundle.
    let restore = "restore e.govbundle --data new --keys govledger-data/ledgers/town/keys";
    place.line(restore).code(0);
    place
        .line("export bundle --out f.govbundle --policy town.policy --data new")
        .code(0);
    let [e, f] = ["e", "f"].map(|n| fs::read(place.path(&format!("{n}.govbundle"))).unwrap());
    assert!(e == f);
    shown_as_a_code(&place);
}

/// The receipt as a code, which holds its text.
fn shown_as_a_code(place: &Place) {
    place.line("receipt qr r.tlog-proof --out r.svg").code(0);
    let drawn = fs::read_to_string(place.path("r.svg")).unwrap();
    assert!(drawn.starts_with("<svg "), "{drawn}");
    place.line("receipt qr r.tlog-proof").code(0).says("█▀");
    place.line("receipt qr r.tlog-proof --out r.svg").code(2);
    place.line("receipt qr town.policy").code(1);
}

fn tree(size: u64) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend((0..size).map(|n| leaf_hash(&n.to_le_bytes())));
    tree
}

/// A request from what the witness is believed to hold to one entry more.
fn request(signer: &NoteSigner, old: u64, new: u64) -> Vec<u8> {
    let tree = tree(new);
    let checkpoint = Checkpoint {
        origin: signer.name().to_owned(),
        size: new,
        root: root(&tree, new).unwrap(),
    };
    let request = AddCheckpoint {
        old_size: old,
        proof: consistency_proof(&tree, old, new).unwrap(),
        checkpoint: checkpoint.sign(signer).unwrap().note().clone(),
    };
    request.to_string().into_bytes()
}

fn ask(server: &Server, body: &[u8]) -> (u16, Vec<u8>) {
    http(&server.url, "POST", "/add-checkpoint", body).expect("it answers")
}

/// How far a request to a witness has come when the witness is killed.
#[derive(Clone, Copy, Debug)]
enum Killed {
    /// Connected, and nothing sent.
    Connected,
    /// Half of it is sent.
    HalfSent,
    /// All of it is sent; the answer may be anywhere between the first thought and the wire.
    Sent,
    /// Some of the answer has come, and so the state was durable.
    Answering,
    /// All of the answer has come.
    Answered,
}

/// Sends a request as far as the step says, kills the witness there, and says whether it had cosigned as far
/// as anybody could see.
fn killed_at(step: Killed, server: Server, body: &[u8]) -> bool {
    let address = server.url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    let head = format!(
        "POST /add-checkpoint HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n"
    );
    let bytes = [head.as_bytes(), body].concat();
    let sent = match step {
        Killed::Connected => 0,
        Killed::HalfSent => bytes.len() / 2,
        Killed::Sent | Killed::Answering | Killed::Answered => bytes.len(),
    };
    stream.write_all(&bytes[..sent]).expect("it reads");
    let mut answer = [0; 12];
    let answered = match step {
        Killed::Connected | Killed::HalfSent | Killed::Sent => false,
        Killed::Answering => {
            stream.read_exact(&mut answer).expect("it answers");
            true
        }
        Killed::Answered => {
            stream.read_exact(&mut answer).expect("it answers");
            let read = stream.read_to_end(&mut Vec::new());
            read.expect("the rest of the answer");
            true
        }
    };
    server.kill();
    if answered {
        assert_eq!(&answer[9..], b"200", "{step:?}");
    }
    answered
}

#[test]
fn a_witness_killed_at_any_step_of_a_request_forgets_nothing_it_said() {
    let place = Place::new();
    let signer = NoteSigner::new("log.example/1", SigningKey::from_bytes(&[3; 32])).unwrap();
    let vkey = witness(&place, "w", &signer.verifier_key().to_string());
    let vkey: VerifierKey = vkey.parse().unwrap();
    let (mut said, mut held) = (0, 0);
    let steps = [
        Killed::Answered,
        Killed::Connected,
        Killed::HalfSent,
        Killed::Sent,
        Killed::Answering,
        Killed::Sent,
        Killed::Answered,
    ];
    for step in steps {
        let server = start(&place, "w");
        // What it holds, as a log learns it.
        let (status, body) = ask(&server, &request(&signer, 90, 100));
        assert_eq!(status, 409, "{step:?}");
        held = parse_size(&body).expect("a size");
        assert!(
            held >= said && held <= said + 1,
            "{step:?}: said {said}, holds {held}"
        );
        said = held;
        if killed_at(step, server, &request(&signer, held, held + 1)) {
            said = held + 1;
        }
    }
    assert!(held >= 2, "it cosigned between the kills");
    let server = start(&place, "w");
    let (status, body) = ask(&server, &request(&signer, 0, 1));
    assert_eq!(status, 409);
    let held = parse_size(&body).unwrap();
    assert!(held >= said && held <= said + 1);
    let hash = tlog::sha256(b"log.example/1");
    let (_, note) = http(&server.url, "GET", &format!("/{hash}/checkpoint"), b"").unwrap();
    let opened = SignedCheckpoint::open_witnessed(&note, signer.verifier_key(), &[vkey]);
    let (kept, cosigned) = opened.unwrap();
    assert_eq!((kept.checkpoint().size, cosigned.len()), (held, 1));
}

#[test]
fn a_witness_answers_as_the_specification_says() {
    let place = Place::new();
    let signer = NoteSigner::new("log.example/1", SigningKey::from_bytes(&[3; 32])).unwrap();
    witness(&place, "w", &signer.verifier_key().to_string());
    let again = signer.verifier_key().to_string();
    place
        .run(&["witness", "add", &again, "--data", "w"])
        .code(1)
        .warns("already");
    let server = start(&place, "w");
    let ask = |body: &[u8]| ask(&server, body).0;
    let stranger = NoteSigner::new("log.example/2", SigningKey::from_bytes(&[3; 32])).unwrap();
    let forger = NoteSigner::new("log.example/1", SigningKey::from_bytes(&[4; 32])).unwrap();
    assert_eq!(ask(b"nonsense"), 400);
    assert_eq!(ask(&request(&stranger, 0, 5)), 404);
    assert_eq!(ask(&request(&forger, 0, 5)), 403);
    assert_eq!(ask(&request(&signer, 2, 5)), 409);
    assert_eq!(ask(&request(&signer, 0, 5)), 200);
    assert_eq!(
        ask(&request(&signer, 5, 5)),
        200,
        "the same again, with the time of now"
    );
    let mut bad = request(&signer, 5, 7);
    bad.splice(..5, *b"old 9");
    assert_eq!(ask(&bad), 400, "an old size beyond the checkpoint's");
    let text = String::from_utf8(request(&signer, 5, 7)).unwrap();
    let line = text.lines().nth(1).unwrap().to_owned();
    assert_eq!(
        ask(text.replacen(&format!("{line}\n"), "", 1).as_bytes()),
        422
    );
    let (status, _) = http(&server.url, "GET", "/add-checkpoint", b"").unwrap();
    assert_eq!(status, 405);
    let (status, _) = http(&server.url, "GET", "/00/checkpoint", b"").unwrap();
    assert_eq!(status, 404);
    // A state that is missing is never begun anew.
    drop(server);
    let logs = fs::read_dir(place.path("w/logs")).unwrap();
    let log = logs.map(|log| log.unwrap().path()).next().unwrap();
    fs::remove_file(log.join("checkpoints.journal")).unwrap();
    let serve = [
        "witness",
        "serve",
        "--data",
        "w",
        "--key",
        "w.pem",
        "--name",
        "w.example",
    ];
    place.run(&serve).code(1).warns("Do not begin anew");
}
