//! What a node is told: one documented TOML file, overridden by the environment, overridden by flags.
//!
//! [`Overrides`] is what one such source says; [`Config::resolve`] lays them over one another. A key
//! that is not known is refused, so that a misspelt bound does not silently stay at its default.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::ids::PublicKey;
use serde::Deserialize;

use crate::nats::{NatsConfig, NatsOverrides};

/// The port that gRPC, pages and tiles share unless told otherwise.
pub const DEFAULT_PORT: u16 = 8420;

/// What a node is told, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The directory of everything the node keeps.
    pub data_dir: PathBuf,
    /// Where the node listens.
    pub listen: SocketAddr,
    /// The keys whose holders may found a ledger here; empty: whoever can write the directory.
    pub founders: Vec<PublicKey>,
    /// What is written to the log: a filter of `tracing-subscriber`'s `EnvFilter`.
    pub log: String,
    /// Bounds of each ledger.
    pub limits: Limits,
    /// How NATS is reached, if there is one: ledgers founded then have their log and contents there.
    pub nats: Option<NatsConfig>,
}

/// How much each ledger takes on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Submissions from arrival to answer. 4,096 are a seventh of a second's work at the rate the
    /// node is built for (28,000 a second), so who waits at the end of the queue waits no longer.
    pub submissions_max: usize,
    /// Bytes of those submissions together, contents included: 64 MiB, 256 of the largest contents.
    pub submission_bytes_max: usize,
    /// Entries between two snapshots: 50,000 replay within a second or two at start-up.
    pub snapshot_every: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            submissions_max: 4_096,
            submission_bytes_max: 64 * 1024 * 1024,
            snapshot_every: 50_000,
        }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            data_dir: PathBuf::from("./govledger-data"),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)),
            founders: Vec::new(),
            log: "info".to_owned(),
            limits: Limits::default(),
            nats: None,
        }
    }
}

/// What one source says; what it leaves out is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// See [`Config::data_dir`].
    pub data_dir: Option<PathBuf>,
    /// See [`Config::listen`].
    pub listen: Option<SocketAddr>,
    /// See [`Config::founders`]: each 64 hexadecimal digits.
    pub founders: Option<Vec<String>>,
    /// See [`Config::log`].
    pub log: Option<String>,
    /// See [`Limits::submissions_max`].
    pub submissions_max: Option<usize>,
    /// See [`Limits::submission_bytes_max`].
    pub submission_bytes_max: Option<usize>,
    /// See [`Limits::snapshot_every`].
    pub snapshot_every: Option<u64>,
    /// See [`Config::nats`].
    pub nats: Option<NatsOverrides>,
}

/// A configuration that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read the configuration {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// The file is not what it should be.
    #[error("the configuration {} is wrong: {reason}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Where and how.
        reason: String,
    },
    /// An environment variable is not what it should be.
    #[error("the environment variable {name} is wrong: {reason}")]
    Environment {
        /// Which variable.
        name: &'static str,
        /// How.
        reason: String,
    },
    /// A value is out of its bounds.
    #[error("{name} is {found}; it must be {min} to {max}")]
    OutOfBounds {
        /// Which key.
        name: &'static str,
        /// What it is.
        found: u64,
        /// The least it may be.
        min: u64,
        /// The most it may be.
        max: u64,
    },
    /// A number of replicas that keeps no majority.
    #[error("nats.replicas is {found}; it must be 1 (a server alone) or 3 (a cluster)")]
    Replicas {
        /// What it is.
        found: u64,
    },
    /// Not a public key.
    #[error("the founder \"{text}\" is not a public key: 64 hexadecimal digits")]
    Founder {
        /// What was given.
        text: String,
    },
}

impl Config {
    /// A configuration file with every key, its meaning and its default.
    pub const EXAMPLE: &str = include_str!("../../deploy/govledger.toml");

    /// The file's path, if it is given, then the environment, then flags, each over what came before.
    /// `environment` gives a variable's value: [`read_environment`], or a table in a test.
    pub fn load(
        file: Option<&Path>,
        environment: impl Fn(&'static str) -> Option<String>,
        flags: Overrides,
    ) -> Result<Config, ConfigError> {
        let file = file.map(Overrides::from_file).transpose()?;
        let environment = Overrides::from_environment(environment)?;
        Config::resolve([file.unwrap_or_default(), environment, flags])
    }

    /// The defaults with each source laid over those before it.
    pub fn resolve(sources: impl IntoIterator<Item = Overrides>) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        let mut nats = NatsConfig::default();
        for mut source in sources {
            nats.apply(source.nats.take().unwrap_or_default())?;
            config.apply(source)?;
        }
        config.limits.check()?;
        config.nats = (!nats.url.is_empty()).then_some(nats);
        Ok(config)
    }

    fn apply(&mut self, source: Overrides) -> Result<(), ConfigError> {
        set(&mut self.data_dir, source.data_dir);
        set(&mut self.listen, source.listen);
        set(&mut self.log, source.log);
        set(&mut self.limits.submissions_max, source.submissions_max);
        let bytes_max = source.submission_bytes_max;
        set(&mut self.limits.submission_bytes_max, bytes_max);
        set(&mut self.limits.snapshot_every, source.snapshot_every);
        if let Some(founders) = source.founders {
            self.founders = founders
                .iter()
                .map(|text| founder(text))
                .collect::<Result<_, _>>()?;
        }
        Ok(())
    }
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

fn founder(text: &str) -> Result<PublicKey, ConfigError> {
    let hash: Result<tlog::Hash, _> = text.parse();
    hash.map(|hash| PublicKey(hash.0))
        .map_err(|_| ConfigError::Founder {
            text: text.chars().take(80).collect(),
        })
}

impl Limits {
    /// One of the largest submissions must fit, and counts must fit a semaphore.
    fn check(&self) -> Result<(), ConfigError> {
        let bound = |name, found: u64, min, max| {
            if (min..=max).contains(&found) {
                Ok(())
            } else {
                Err(ConfigError::OutOfBounds {
                    name,
                    found,
                    min,
                    max,
                })
            }
        };
        let (submissions, bytes) = (self.submissions_max, self.submission_bytes_max);
        bound("submissions_max", submissions as u64, 1, 1 << 20)?;
        // At least one action with sixteen contents of 256 KiB; at most what no machine has to spare.
        bound("submission_bytes_max", bytes as u64, 8 << 20, 64 << 30)?;
        bound("snapshot_every", self.snapshot_every, 1, u64::MAX)
    }
}

impl Overrides {
    /// What a file says.
    pub fn from_file(path: &Path) -> Result<Overrides, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source: Arc::new(source),
        })?;
        toml::from_str(&text).map_err(|error| ConfigError::File {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }

    /// What the environment says.
    pub fn from_environment(
        environment: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Overrides, ConfigError> {
        let text = |name| environment(name);
        let founders = text("GOVLEDGER_FOUNDERS").map(|list| {
            let keys = list.split(',').map(str::trim).filter(|key| !key.is_empty());
            keys.map(str::to_owned).collect()
        });
        Ok(Overrides {
            data_dir: text("GOVLEDGER_DATA").map(PathBuf::from),
            listen: parsed(&environment, "GOVLEDGER_LISTEN")?,
            founders,
            log: text("GOVLEDGER_LOG"),
            submissions_max: parsed(&environment, "GOVLEDGER_SUBMISSIONS_MAX")?,
            submission_bytes_max: parsed(&environment, "GOVLEDGER_SUBMISSION_BYTES_MAX")?,
            snapshot_every: parsed(&environment, "GOVLEDGER_SNAPSHOT_EVERY")?,
            nats: Some(NatsOverrides {
                url: text("GOVLEDGER_NATS_URL"),
                credentials: text("GOVLEDGER_NATS_CREDENTIALS").map(PathBuf::from),
                ca: text("GOVLEDGER_NATS_CA").map(PathBuf::from),
                replicas: parsed(&environment, "GOVLEDGER_NATS_REPLICAS")?,
                request_timeout_ms: parsed(&environment, "GOVLEDGER_NATS_REQUEST_TIMEOUT_MS")?,
                outage_max_s: parsed(&environment, "GOVLEDGER_NATS_OUTAGE_MAX_S")?,
            }),
        })
    }
}

/// The process's environment, for [`Config::load`].
pub fn read_environment(name: &'static str) -> Option<String> {
    std::env::var(name).ok()
}

fn parsed<T: std::str::FromStr<Err: ToString>>(
    environment: &impl Fn(&'static str) -> Option<String>,
    name: &'static str,
) -> Result<Option<T>, ConfigError> {
    let value = environment(name).map(|text| text.trim().parse());
    value
        .transpose()
        .map_err(|error: T::Err| ConfigError::Environment {
            name,
            reason: error.to_string(),
        })
}

#[cfg(test)]
mod tests {
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
            nats:
                Some(NatsOverrides {
                    url: Some(_),
                    credentials: Some(_),
                    ca: Some(_),
                    replicas: Some(_),
                    request_timeout_ms: Some(_),
                    outage_max_s: Some(_),
                }),
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
            replicas: Replicas::Three,
            request_timeout: Duration::from_millis(10),
            outage_max: Duration::from_secs(1),
        };
        assert_eq!(nats, expected);
        for (name, value) in [
            ("GOVLEDGER_NATS_REPLICAS", "2"),
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
}
