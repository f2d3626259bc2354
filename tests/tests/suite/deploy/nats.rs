//! The NATS server that is deployed, for real: who may do what, and the runbook's own commands against it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use async_nats::ConnectOptions;
use nkeys::KeyPair;
use rcgen::generate_simple_self_signed;
use system_tests::officer::Officer;
use system_tests::process::Process;
use system_tests::server::Server;
use system_tests::{DEADLINE, binary};
use tokio_stream::StreamExt as _;
use yaml_rust2::{Yaml, YamlLoader};

use super::{deployed, foundings, instructions, strings, value_of};

/// The NATS server of `deploy/`, on a port of this machine, and its four users.
struct Deployed {
    _process: Process,
    dir: tempfile::TempDir,
    port: u16,
    node: KeyPair,
    reader: KeyPair,
    auditor: KeyPair,
    admin: KeyPair,
}

/// The ledger that the runbook founds.
const LEDGER: &str = "xinyuanli";

impl Deployed {
    fn start() -> Deployed {
        let dir = tempfile::tempdir().expect("there is room for tests");
        let tls = dir.path().join("tls");
        fs::create_dir(&tls).expect("there is room for tests");
        let pair = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        fs::write(tls.join("certificate.pem"), pair.cert.pem()).expect("there is room for tests");
        fs::write(tls.join("key.pem"), pair.signing_key.serialize_pem()).expect("there is room");
        let here = dir.path().display().to_string();
        // Only where it lies and listens is changed.
        let text = deployed("nats/nats-server.conf")
            .replace("/etc/nats/tls", &format!("{here}/tls"))
            .replace("/var/lib/nats", &format!("{here}/store"))
            .replace("host: 0.0.0.0", "host: 127.0.0.1")
            .replace("port: 4222", "port: -1")
            .replace("http: 127.0.0.1:8222", "")
            // As the runbook says.
            .replace("GOV_LEDGER", &format!("GOV_{LEDGER}"));
        let config = dir.path().join("nats.conf");
        fs::write(&config, text).expect("there is room for tests");
        let [node, reader, auditor, admin] = [(); 4].map(|()| KeyPair::new_user());
        let mut command = Command::new(system_tests::nats::program());
        command
            .arg("--config")
            .arg(&config)
            .env("GOVLEDGER_NODE_NKEY", node.public_key())
            .env("GOVLEDGER_READER_NKEY", reader.public_key())
            .env("GOVLEDGER_AUDITOR_NKEY", auditor.public_key())
            .env("GOVLEDGER_ADMIN_NKEY", admin.public_key());
        let mut process = Process::spawn(command);
        let port = process.wait_for(|line| {
            let (_, address) = line.split_once("Listening for client connections on ")?;
            address.rsplit_once(':')?.1.trim().parse().ok()
        });
        let ready = process.wait_for(|line| line.contains("Server is ready").then_some(()));
        let (Some(port), Some(())) = (port, ready) else {
            panic!("nats-server did not come up: {}", process.finish());
        };
        Deployed {
            _process: process,
            dir,
            port,
            node,
            reader,
            auditor,
            admin,
        }
    }

    fn url(&self) -> String {
        format!("tls://localhost:{}", self.port)
    }

    fn ca(&self) -> PathBuf {
        self.dir.path().join("tls/certificate.pem")
    }

    /// `govledger audit` of the log alone, by one of the users.
    fn audit(&self, user: &KeyPair, ledger: Option<&str>) -> Command {
        let seed = self.dir.path().join(user.public_key());
        secret(&seed, user.seed().expect("a whole pair"));
        let mut command = binary::command(["audit", "--json", "--nats", &self.url()]);
        command.arg("--nats-credentials").arg(seed);
        command.arg("--nats-ca").arg(self.ca());
        if let Some(ledger) = ledger {
            command.args(["--ledger", ledger]);
        }
        command
    }

    async fn connect(&self, user: &KeyPair) -> async_nats::Client {
        let seed = user.seed().expect("a whole pair");
        let connected = ConnectOptions::with_nkey(seed)
            .require_tls(true)
            .add_root_certificates(self.ca())
            .connect(self.url());
        connected.await.expect("a user of the server")
    }
}

async fn publish(client: &async_nats::Client, subject: &'static str, payload: &'static str) {
    let published = client.publish(subject, payload.into()).await;
    published.expect("it is sent, whatever becomes of it");
    client.flush().await.expect("the server has read it");
}

#[tokio::test]
async fn nobody_but_a_node_writes_blocks() {
    let server = Deployed::start();
    let admin = server.connect(&server.admin).await;
    let mut blocks = admin.subscribe("gov.*.blocks").await.expect("it may");
    admin.flush().await.expect("the server listens");
    let reader = server.connect(&server.reader).await;
    publish(&reader, "gov.xinyuanli.blocks", "forged").await;
    let node = server.connect(&server.node).await;
    publish(&node, "gov.xinyuanli.blocks", "true").await;
    let first = tokio::time::timeout(DEADLINE, blocks.next()).await;
    let first = first.expect("in time").expect("a block");
    assert_eq!(first.payload.as_ref(), b"true", "the forged one never came");
}

#[tokio::test]
async fn nobody_but_an_administrator_removes_or_changes_a_stream() {
    let server = Deployed::start();
    let node = server.connect(&server.node).await;
    let jetstream = async_nats::jetstream::new(node.clone());
    let config = async_nats::jetstream::stream::Config {
        name: "GOV_xinyuanli".to_owned(),
        subjects: vec!["gov.xinyuanli.blocks".to_owned()],
        // As a log's stream is made.
        deny_delete: true,
        deny_purge: true,
        ..async_nats::jetstream::stream::Config::default()
    };
    jetstream
        .create_stream(config)
        .await
        .expect("a node makes streams");
    let kept = jetstream
        .publish("gov.xinyuanli.blocks", "block".into())
        .await;
    kept.expect("sent").await.expect("kept");
    let reader = server.connect(&server.reader).await;
    for subject in [
        "$JS.API.STREAM.DELETE.GOV_xinyuanli",
        "$JS.API.STREAM.PURGE.GOV_xinyuanli",
        "$JS.API.STREAM.MSG.DELETE.GOV_xinyuanli",
        "$JS.API.STREAM.UPDATE.GOV_xinyuanli",
    ] {
        publish(&node, subject, "{\"seq\": 1, \"name\": \"GOV_xinyuanli\"}").await;
        publish(
            &reader,
            subject,
            "{\"seq\": 1, \"name\": \"GOV_xinyuanli\"}",
        )
        .await;
    }
    let admin = async_nats::jetstream::new(server.connect(&server.admin).await);
    let mut stream = admin
        .get_stream("GOV_xinyuanli")
        .await
        .expect("it is there");
    let info = stream.info().await.expect("it answers");
    assert_eq!(info.state.messages, 1, "and holds what it held");
    assert_eq!(info.config.subjects, ["gov.xinyuanli.blocks"]);
    admin
        .delete_stream("GOV_xinyuanli")
        .await
        .expect("an administrator may");
}

#[tokio::test]
async fn a_node_erases_contents() {
    let server = Deployed::start();
    let node = async_nats::jetstream::new(server.connect(&server.node).await);
    // As a bucket of contents is made.
    let config = async_nats::jetstream::stream::Config {
        name: "KV_GOV_CONTENT_xinyuanli".to_owned(),
        subjects: vec!["$KV.GOV_CONTENT_xinyuanli.>".to_owned()],
        max_messages_per_subject: 1,
        ..async_nats::jetstream::stream::Config::default()
    };
    let mut bucket = node.create_stream(config).await.expect("it makes streams");
    let put = node
        .publish("$KV.GOV_CONTENT_xinyuanli.digest", "a defence".into())
        .await;
    let put = put.expect("sent").await.expect("kept");
    let erased = bucket.delete_message(put.sequence).await;
    assert!(erased.expect("it may be erased"));
    let info = bucket.info().await.expect("it answers");
    assert_eq!(info.state.messages, 0);
}

/// A file that only its owner can read.
fn secret(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).expect("there is room for tests");
    fs::set_permissions(path, fs::Permissions::from_mode(0o400)).expect("it is ours");
}

/// The node's container of the compose file, without an engine: its paths below a directory, its environment, its
/// working directory, and its NATS server.
struct Container {
    root: tempfile::TempDir,
    nats: Deployed,
    environment: Vec<(String, String)>,
    serve: Vec<String>,
}

impl Container {
    fn new() -> Container {
        let text = deployed("Containerfile");
        let own = instructions(&text, "ENV").into_iter().map(|env| {
            let (name, value) = env.split_once('=').expect("a value");
            (name.to_owned(), value.to_owned())
        });
        let parsed = YamlLoader::load_from_str(&deployed("compose.yaml")).expect("YAML");
        let node = &parsed[0]["services"]["govledger"];
        let given = node["environment"].as_hash().expect("a table").iter();
        let given = given.map(|(name, value)| {
            let value = match value {
                Yaml::Integer(number) => number.to_string(),
                other => other.as_str().expect("a text").to_owned(),
            };
            (name.as_str().expect("a name").to_owned(), value)
        });
        let container = Container {
            root: tempfile::tempdir().expect("there is room for tests"),
            nats: Deployed::start(),
            environment: own.chain(given).collect(),
            serve: strings(&node["command"])
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        for directory in [
            "var/lib/govledger",
            "run/secrets",
            "run/founding",
            "etc/govledger",
        ] {
            fs::create_dir_all(container.root.path().join(directory)).expect("there is room");
        }
        container.put(
            "/run/secrets/node.nk",
            container.nats.node.seed().expect("whole"),
        );
        let ca = fs::read(container.nats.ca()).expect("it is there");
        container.put("/run/secrets/ca.pem", ca);
        container.put(
            "/run/founding/charter.toml",
            deployed("charters/residents.toml"),
        );
        container.put("/etc/govledger/govledger.toml", deployed("govledger.toml"));
        for key in ["clerk", "teller"] {
            let key = container.path(&format!("/run/founding/{key}.pem"));
            binary::run(["key", "new", "--out", &key]).expect(0);
        }
        container
    }

    fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        secret(Path::new(&self.path(path)), text);
    }

    /// A path of the container, or anything else as it is.
    fn path(&self, text: &str) -> String {
        match text {
            "tls://nats:4222" => self.nats.url(),
            "0.0.0.0:8420" => "127.0.0.1:0".to_owned(),
            path if path.starts_with('/') => format!("{}{path}", self.root.path().display()),
            other => other.to_owned(),
        }
    }

    /// A command in the container.
    fn command(&self, words: &[String]) -> Command {
        let mut command = binary::command(words.iter().map(|word| self.path(word)));
        for (name, value) in &self.environment {
            command.env(name, self.path(value));
        }
        let directory = instructions(&deployed("Containerfile"), "WORKDIR").pop();
        command.current_dir(self.path(&directory.expect("one")));
        command
    }
}

#[tokio::test]
async fn a_ledger_is_founded_served_and_audited_as_the_runbook_says() {
    let container = Container::new();
    let mut founding = foundings().into_iter();
    let founding = founding.find(|founding| founding[0] == "docker");
    let founding = founding.expect("the runbook founds in a container");
    assert_eq!(value_of(&founding, "--ledger"), Some(LEDGER));
    let service = founding.iter().position(|word| word == "govledger");
    let founding = &founding[service.expect("the service") + 1..];
    binary::finish(container.command(founding)).expect(0);
    let serve = container.command(&container.serve);
    let server = Server::try_start_by(serve).unwrap_or_else(|ended| panic!("{ended}"));
    let client = server.client().await;
    let clerk = Path::new(&container.path("/run/founding/clerk.pem")).to_owned();
    let clerk = Officer::of(&client, LEDGER, &clerk).await;
    let recorded = client.record().submit(clerk.enrol("ana")).await;
    recorded.expect("the node may write");
    let auditor = |ledger| {
        let mut command = container.nats.audit(&container.nats.auditor, ledger);
        command.args(["--nats-api", "$JS.GOVLEDGER.API"]);
        command
    };
    // The one named, or whichever there are.
    for ledger in [Some(LEDGER), None] {
        let audited = binary::finish(auditor(ledger)).expect(0).json();
        let audited = &audited["ledgers"][0];
        assert_eq!(audited["ledger"], LEDGER);
        assert_eq!(audited["entries"], 2);
        assert_eq!(audited["contents_checked"], false);
    }
    let whole = binary::finish(container.nats.audit(&container.nats.node, None));
    assert_eq!(
        whole.expect(0).json()["ledgers"][0]["contents_checked"],
        true
    );
    // Who may only listen is told so, and at once.
    for ledger in [Some(LEDGER), None] {
        let refused = binary::finish(container.nats.audit(&container.nats.reader, ledger));
        let refused = refused.expect(3);
        let said = format!("{}{}", refused.stdout, refused.stderr);
        assert!(said.contains("may not"), "{said}");
    }
    server.stop().expect(0);
}

/// Nobody else's question makes NATS, or a node, write into a log: not by where its answer is to go, nor by a consumer.
#[tokio::test]
async fn an_auditor_reads_a_log_and_neither_writes_it_nor_reads_contents() {
    let server = Deployed::start();
    let node = async_nats::jetstream::new(server.connect(&server.node).await);
    for (name, subject, payload) in [
        ("GOV_xinyuanli", "gov.xinyuanli.blocks", "block"),
        (
            "KV_GOV_CONTENT_xinyuanli",
            "$KV.GOV_CONTENT_xinyuanli.digest",
            "a defence",
        ),
    ] {
        let config = async_nats::jetstream::stream::Config {
            name: name.to_owned(),
            subjects: vec![subject.to_owned()],
            allow_direct: true,
            ..async_nats::jetstream::stream::Config::default()
        };
        node.create_stream(config)
            .await
            .expect("a node makes streams");
        let put = node.publish(subject, payload.into()).await.expect("sent");
        put.await.expect("kept");
    }
    let client = server.connect(&server.auditor).await;
    let asked = |subject: &'static str| {
        let asked = client.request(subject, "{\"seq\": 1}".into());
        tokio::time::timeout(DEADLINE, asked)
    };
    let read = asked("$JS.GOVLEDGER.API.DIRECT.GET.GOV_xinyuanli").await;
    let read = read.expect("in time").expect("an auditor reads the log");
    assert_eq!(read.payload.as_ref(), b"block");
    for other in [
        "$JS.GOVLEDGER.API.DIRECT.GET.KV_GOV_CONTENT_xinyuanli",
        "$JS.GOVLEDGER.API.STREAM.MSG.GET.KV_GOV_CONTENT_xinyuanli",
        "$JS.GOVLEDGER.API.CONSUMER.CREATE.GOV_xinyuanli.mine",
    ] {
        let nobody = asked(other).await.expect("in time");
        assert!(nobody.is_err(), "{other}: {nobody:?}");
    }
    // What it is answered cannot be sent to where it may not write itself.
    let misled = client.publish_with_reply(
        "$JS.GOVLEDGER.API.DIRECT.GET.GOV_xinyuanli",
        "gov.xinyuanli.blocks",
        "{\"seq\": 1}".into(),
    );
    misled.await.expect("sent");
    publish(&client, "gov.xinyuanli.blocks", "forged").await;
    // The server answers one client in order: what came before is done with.
    let last = asked("$JS.GOVLEDGER.API.DIRECT.GET.GOV_xinyuanli").await;
    last.expect("in time").expect("an auditor reads the log");
    let mut stream = node.get_stream("GOV_xinyuanli").await.expect("it is there");
    let info = stream.info().await.expect("it answers");
    assert_eq!(info.state.messages, 1, "and holds what it held");
}
