//! Sources over one another, bounds, and the example.

use std::time::Duration;

use super::*;
use crate::nats::Replicas;

fn nothing(_: &'static str) -> Option<String> {
    None
}

#[test]
fn the_example_shows_the_defaults_and_every_key() {
    let example: Overrides = toml::from_str(Config::EXAMPLE).unwrap();
    let Overrides {
        data_dir: Some(_),
        listen: Some(_),
        founders: Some(_),
        log: Some(_),
        submissions_max: Some(_),
        submission_bytes_max: Some(_),
        snapshot_every: Some(_),
        witness_policy: Some(_),
        nats:
            Some(NatsOverrides {
                url: Some(_),
                credentials: Some(_),
                ca: Some(_),
                api: Some(_),
                replicas: Some(_),
                request_timeout_ms: Some(_),
                outage_max_s: Some(_),
            }),
        log_format: Some(_),
        calls_max: Some(_),
        streams_max: Some(_),
        streams_per_address_max: Some(_),
        connections_max: Some(_),
        connections_per_address_max: Some(_),
        calls_per_second_max: Some(_),
        calls_burst_max: Some(_),
        web_origins: Some(_),
        tls_certificate: Some(_),
        tls_key: Some(_),
    } = &example
    else {
        panic!("a key is missing in the example");
    };
    assert_eq!(
        Config::resolve([example.clone()]).unwrap(),
        Config::default()
    );
    let url = Some("nats://localhost:4222".to_owned());
    let flags = Overrides {
        nats: Some(NatsOverrides {
            url,
            ..NatsOverrides::default()
        }),
        ..Overrides::default()
    };
    let config = Config::resolve([example, flags]).unwrap();
    assert_eq!(config.nats, Some(NatsConfig::at("nats://localhost:4222")));
}

#[test]
fn nats_is_told_by_each_source_in_turn() {
    let environment = |name| match name {
        "GOVLEDGER_NATS_URL" => Some("nats://environment".to_owned()),
        "GOVLEDGER_NATS_REPLICAS" => Some("3".to_owned()),
        "GOVLEDGER_NATS_CREDENTIALS" => Some("/nats.creds".to_owned()),
        "GOVLEDGER_NATS_CA" => Some("/ca.pem".to_owned()),
        "GOVLEDGER_NATS_API" => Some("$JS.GOVLEDGER.API".to_owned()),
        "GOVLEDGER_NATS_REQUEST_TIMEOUT_MS" => Some("10".to_owned()),
        "GOVLEDGER_NATS_OUTAGE_MAX_S" => Some("1".to_owned()),
        _ => None,
    };
    let config = Config::load(None, environment, Overrides::default()).unwrap();
    let nats = config.nats.expect("there is an address");
    let expected = NatsConfig {
        url: "nats://environment".to_owned(),
        credentials: Some("/nats.creds".into()),
        ca: Some("/ca.pem".into()),
        api: "$JS.GOVLEDGER.API".to_owned(),
        replicas: Replicas::Three,
        request_timeout: Duration::from_millis(10),
        outage_max: Duration::from_secs(1),
    };
    assert_eq!(nats, expected);
    for (name, value) in [
        ("GOVLEDGER_NATS_REPLICAS", "2"),
        ("GOVLEDGER_NATS_API", ""),
        ("GOVLEDGER_NATS_API", "$JS..API"),
        ("GOVLEDGER_NATS_API", "$JS.API.>"),
        ("GOVLEDGER_NATS_REQUEST_TIMEOUT_MS", "9"),
        ("GOVLEDGER_NATS_REQUEST_TIMEOUT_MS", "60001"),
        ("GOVLEDGER_NATS_OUTAGE_MAX_S", "0"),
        ("GOVLEDGER_NATS_OUTAGE_MAX_S", "86401"),
    ] {
        let environment = |asked| (asked == name).then(|| value.to_owned());
        let refused = Config::load(None, environment, Overrides::default());
        assert!(refused.is_err(), "{name} {value}");
    }
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("govledger.toml");
    std::fs::write(
        &file,
        "data_dir = \"/file\"\nlog = \"file\"\nsnapshot_every = 1\n",
    )
    .unwrap();
    let environment = |name| match name {
        "GOVLEDGER_DATA" => Some("/environment".to_owned()),
        "GOVLEDGER_LOG" => Some("environment".to_owned()),
        _ => None,
    };
    let flags = Overrides {
        data_dir: Some("/flag".into()),
        ..Overrides::default()
    };
    let config = Config::load(Some(&file), environment, flags).unwrap();
    assert_eq!(config.data_dir, Path::new("/flag"));
    assert_eq!(config.log, "environment");
    assert_eq!(config.limits.snapshot_every, 1);
    assert_eq!(config.listen, Config::default().listen);
}

#[test]
fn unknown_keys_and_bad_values_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("govledger.toml");
    std::fs::write(&file, "snapshot_evry = 1\n").unwrap();
    let error = Config::load(Some(&file), nothing, Overrides::default()).unwrap_err();
    assert!(error.to_string().contains("snapshot_evry"), "{error}");
    let environment = |name| (name == "GOVLEDGER_LISTEN").then(|| "nowhere".to_owned());
    let error = Config::load(None, environment, Overrides::default()).unwrap_err();
    assert!(error.to_string().contains("GOVLEDGER_LISTEN"), "{error}");
    let missing = directory.path().join("none.toml");
    let error = Config::load(Some(&missing), nothing, Overrides::default()).unwrap_err();
    assert!(matches!(error, ConfigError::Read { .. }));
}

#[test]
fn founders_are_hexadecimal_keys() {
    let environment =
        |name| (name == "GOVLEDGER_FOUNDERS").then(|| format!(" {0},{0}", "ab".repeat(32)));
    let config = Config::load(None, environment, Overrides::default()).unwrap();
    assert_eq!(config.founders, [PublicKey([0xab; 32]); 2]);
    let environment = |name| (name == "GOVLEDGER_FOUNDERS").then(|| "abc".to_owned());
    let error = Config::load(None, environment, Overrides::default()).unwrap_err();
    assert!(matches!(error, ConfigError::Founder { text } if text == "abc"));
}

#[test]
fn bounds_are_kept() {
    let with = |submissions_max, submission_bytes_max, snapshot_every| {
        Config::resolve([Overrides {
            submissions_max,
            submission_bytes_max,
            snapshot_every,
            ..Overrides::default()
        }])
    };
    assert!(with(Some(1), Some(8 << 20), Some(1)).is_ok());
    assert!(with(Some(0), None, None).is_err());
    assert!(with(Some((1 << 20) + 1), None, None).is_err());
    assert!(with(None, Some((8 << 20) - 1), None).is_err());
    assert!(with(None, None, Some(0)).is_err());
}

#[test]
fn tls_is_both_files_or_neither_whatever_source_names_them() {
    let named = |certificate: Option<&str>, key: Option<&str>| Overrides {
        tls_certificate: certificate.map(PathBuf::from),
        tls_key: key.map(PathBuf::from),
        ..Overrides::default()
    };
    let both = Config::resolve([named(Some("c.pem"), None), named(None, Some("k.pem"))]);
    let tls = both.unwrap().serving.tls.expect("both");
    assert_eq!(tls.certificate, Path::new("c.pem"));
    assert_eq!(tls.key, Path::new("k.pem"));
    let none = Config::resolve([
        named(Some("c.pem"), Some("k.pem")),
        named(Some(""), Some("")),
    ]);
    assert_eq!(none.unwrap().serving.tls, None);
    let half = Config::resolve([named(None, Some("k.pem"))]).unwrap_err();
    assert!(
        half.to_string().contains("without tls_certificate"),
        "{half}"
    );
}

#[test]
fn what_comes_from_outside_has_bounds_of_its_own() {
    let environment = |name| match name {
        "GOVLEDGER_CALLS_PER_SECOND_MAX" => Some("0".to_owned()),
        "GOVLEDGER_WEB_ORIGINS" => Some("https://a.example, https://b.example".to_owned()),
        "GOVLEDGER_LOG_FORMAT" => Some("json".to_owned()),
        _ => None,
    };
    let config = Config::load(None, environment, Overrides::default()).unwrap();
    assert_eq!(config.serving.calls_per_second_max, 0);
    let origins = ["https://a.example", "https://b.example"];
    assert_eq!(config.serving.web_origins, origins);
    assert_eq!(config.log_format, LogFormat::Json);
    for name in ["calls_max", "streams_max", "connections_max"] {
        let none: Overrides = toml::from_str(&format!("{name} = 0")).unwrap();
        let error = Config::resolve([none]).unwrap_err();
        assert!(matches!(error, ConfigError::OutOfBounds { name: found, .. } if found == name));
    }
    let other: Result<Overrides, _> = toml::from_str("log_format = \"xml\"");
    assert!(other.is_err());
}
