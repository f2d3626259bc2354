//! What a node is told: one documented TOML file, overridden by the environment, overridden by flags.
//!
//! [`Overrides`] is what one such source says; [`Config::resolve`] lays them over one another. A key
//! that is not known is refused, so that a misspelt bound does not silently stay at its default.

mod serving;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::ids::PublicKey;
use serde::Deserialize;

pub use serving::{LogFormat, Serving, TlsFiles};

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
    /// How it is written.
    pub log_format: LogFormat,
    /// The trust policy (C2SP tlog-policy) whose witnesses cosign the checkpoints of the ledgers it names, of
    /// all of them if it names none.
    pub witness_policy: Option<PathBuf>,
    /// Bounds of each ledger.
    pub limits: Limits,
    /// How NATS is reached, if there is one: ledgers founded then have their log and contents there.
    pub nats: Option<NatsConfig>,
    /// How the node is reached.
    pub serving: Serving,
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
            log_format: LogFormat::default(),
            witness_policy: None,
            limits: Limits::default(),
            nats: None,
            serving: Serving::default(),
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
    /// See [`Config::log_format`].
    pub log_format: Option<LogFormat>,
    /// See [`Limits::submissions_max`].
    pub submissions_max: Option<usize>,
    /// See [`Limits::submission_bytes_max`].
    pub submission_bytes_max: Option<usize>,
    /// See [`Limits::snapshot_every`].
    pub snapshot_every: Option<u64>,
    /// See [`Config::witness_policy`]; empty: none.
    pub witness_policy: Option<PathBuf>,
    /// See [`Config::nats`].
    pub nats: Option<NatsOverrides>,
    /// See [`Serving::calls_max`].
    pub calls_max: Option<usize>,
    /// See [`Serving::streams_max`].
    pub streams_max: Option<usize>,
    /// See [`Serving::streams_per_address_max`].
    pub streams_per_address_max: Option<usize>,
    /// See [`Serving::connections_per_address_max`].
    pub connections_per_address_max: Option<usize>,
    /// See [`Serving::connections_max`].
    pub connections_max: Option<usize>,
    /// See [`Serving::calls_per_second_max`].
    pub calls_per_second_max: Option<u32>,
    /// See [`Serving::calls_burst_max`].
    pub calls_burst_max: Option<u32>,
    /// See [`Serving::web_origins`].
    pub web_origins: Option<Vec<String>>,
    /// See [`TlsFiles::certificate`]; empty: no TLS.
    pub tls_certificate: Option<PathBuf>,
    /// See [`TlsFiles::key`]; empty: no TLS.
    pub tls_key: Option<PathBuf>,
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
    /// A prefix that no subject has.
    #[error("nats.api is \"{found}\"; it must be tokens with dots between them, such as $JS.API")]
    NatsApi {
        /// What it is.
        found: String,
    },
    /// A certificate without its key, or the other way round.
    #[error("{given} is given without {missing}; TLS needs both")]
    TlsHalf {
        /// Which key is there.
        given: &'static str,
        /// Which is not.
        missing: &'static str,
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
        let (mut certificate, mut key) = (PathBuf::new(), PathBuf::new());
        for mut source in sources {
            nats.apply(source.nats.take().unwrap_or_default())?;
            set(&mut certificate, source.tls_certificate.take());
            set(&mut key, source.tls_key.take());
            config.apply(source)?;
        }
        config.serving.tls = tls(certificate, key)?;
        config.limits.check()?;
        config.nats = (!nats.url.is_empty()).then_some(nats);
        config.serving.check()?;
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
        set(&mut self.log_format, source.log_format);
        let serving = &mut self.serving;
        set(&mut serving.calls_max, source.calls_max);
        set(&mut serving.streams_max, source.streams_max);
        set(
            &mut serving.streams_per_address_max,
            source.streams_per_address_max,
        );
        set(&mut serving.connections_max, source.connections_max);
        set(
            &mut serving.connections_per_address_max,
            source.connections_per_address_max,
        );
        set(
            &mut serving.calls_per_second_max,
            source.calls_per_second_max,
        );
        set(&mut serving.calls_burst_max, source.calls_burst_max);
        set(&mut serving.web_origins, source.web_origins);
        if let Some(policy) = source.witness_policy {
            self.witness_policy = Some(policy).filter(|policy| !policy.as_os_str().is_empty());
        }
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

/// Both files, or neither.
fn tls(certificate: PathBuf, key: PathBuf) -> Result<Option<TlsFiles>, ConfigError> {
    let half = |given, missing| Err(ConfigError::TlsHalf { given, missing });
    let given = |path: &PathBuf| !path.as_os_str().is_empty();
    match (given(&certificate), given(&key)) {
        (false, false) => Ok(None),
        (true, true) => Ok(Some(TlsFiles { certificate, key })),
        (true, false) => half("tls_certificate", "tls_key"),
        (false, true) => half("tls_key", "tls_certificate"),
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
        use check_bound as bound;
        let (submissions, bytes) = (self.submissions_max, self.submission_bytes_max);
        bound("submissions_max", submissions as u64, 1, 1 << 20)?;
        // At least one action with sixteen contents of 256 KiB; at most what no machine has to spare.
        bound("submission_bytes_max", bytes as u64, 8 << 20, 64 << 30)?;
        bound("snapshot_every", self.snapshot_every, 1, u64::MAX)
    }
}

fn check_bound(name: &'static str, found: u64, min: u64, max: u64) -> Result<(), ConfigError> {
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
        let list = |name| text(name).as_deref().map(comma_separated);
        Ok(Overrides {
            data_dir: text("GOVLEDGER_DATA").map(PathBuf::from),
            listen: parsed(&environment, "GOVLEDGER_LISTEN")?,
            founders: list("GOVLEDGER_FOUNDERS"),
            log: text("GOVLEDGER_LOG"),
            log_format: parsed(&environment, "GOVLEDGER_LOG_FORMAT")?,
            submissions_max: parsed(&environment, "GOVLEDGER_SUBMISSIONS_MAX")?,
            submission_bytes_max: parsed(&environment, "GOVLEDGER_SUBMISSION_BYTES_MAX")?,
            snapshot_every: parsed(&environment, "GOVLEDGER_SNAPSHOT_EVERY")?,
            witness_policy: text("GOVLEDGER_WITNESS_POLICY").map(PathBuf::from),
            nats: Some(NatsOverrides {
                url: text("GOVLEDGER_NATS_URL"),
                credentials: text("GOVLEDGER_NATS_CREDENTIALS").map(PathBuf::from),
                ca: text("GOVLEDGER_NATS_CA").map(PathBuf::from),
                api: text("GOVLEDGER_NATS_API"),
                replicas: parsed(&environment, "GOVLEDGER_NATS_REPLICAS")?,
                request_timeout_ms: parsed(&environment, "GOVLEDGER_NATS_REQUEST_TIMEOUT_MS")?,
                outage_max_s: parsed(&environment, "GOVLEDGER_NATS_OUTAGE_MAX_S")?,
            }),
            calls_max: parsed(&environment, "GOVLEDGER_CALLS_MAX")?,
            streams_max: parsed(&environment, "GOVLEDGER_STREAMS_MAX")?,
            streams_per_address_max: parsed(&environment, "GOVLEDGER_STREAMS_PER_ADDRESS_MAX")?,
            connections_max: parsed(&environment, "GOVLEDGER_CONNECTIONS_MAX")?,
            connections_per_address_max: parsed(
                &environment,
                "GOVLEDGER_CONNECTIONS_PER_ADDRESS_MAX",
            )?,
            calls_per_second_max: parsed(&environment, "GOVLEDGER_CALLS_PER_SECOND_MAX")?,
            calls_burst_max: parsed(&environment, "GOVLEDGER_CALLS_BURST_MAX")?,
            web_origins: list("GOVLEDGER_WEB_ORIGINS"),
            tls_certificate: text("GOVLEDGER_TLS_CERTIFICATE").map(PathBuf::from),
            tls_key: text("GOVLEDGER_TLS_KEY").map(PathBuf::from),
        })
    }
}

/// The process's environment, for [`Config::load`].
pub fn read_environment(name: &'static str) -> Option<String> {
    std::env::var(name).ok()
}

fn comma_separated(list: &str) -> Vec<String> {
    let items = list.split(',').map(str::trim);
    let items = items.filter(|item| !item.is_empty());
    items.map(str::to_owned).collect()
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
mod tests;
