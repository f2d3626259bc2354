//! How NATS is reached: the table `[nats]` of the configuration.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::config::ConfigError;

/// How NATS is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatsConfig {
    /// One address, or several with commas between them.
    pub url: String,
    /// A file with a user's credentials, readable by its owner alone.
    pub credentials: Option<PathBuf>,
    /// A file with the certificates that the server's must follow from (PEM), where the system's are
    /// not the ones. TLS is then required.
    pub ca: Option<PathBuf>,
    /// What the subjects of JetStream's API begin with: another prefix where the server imports the API of an
    /// account into the one that the user is of.
    pub api: String,
    /// How many servers keep each stream.
    pub replicas: Replicas,
    /// How long an answer is waited for at most before the question is asked again. A block is published again
    /// sooner at first: after half a second of silence, then twice as long each time.
    pub request_timeout: Duration,
    /// How long the server may be away: before a node that starts gives up, and before those who wait for something
    /// to be written are told so. The ledger then goes on by itself once it is back.
    pub outage_max: Duration,
}

/// How many servers keep each stream: a majority of them must be there for it to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replicas {
    /// A server alone.
    #[default]
    One,
    /// Three of a cluster.
    Three,
}

impl Replicas {
    /// How many.
    pub fn count(self) -> usize {
        match self {
            Replicas::One => 1,
            Replicas::Three => 3,
        }
    }
}

/// What one source says of NATS; what it leaves out is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsOverrides {
    /// See [`NatsConfig::url`]; empty: no NATS.
    pub url: Option<String>,
    /// See [`NatsConfig::credentials`]; empty: none.
    pub credentials: Option<PathBuf>,
    /// See [`NatsConfig::ca`]; empty: the system's.
    pub ca: Option<PathBuf>,
    /// See [`NatsConfig::api`].
    pub api: Option<String>,
    /// See [`NatsConfig::replicas`]: 1 or 3.
    pub replicas: Option<u64>,
    /// See [`NatsConfig::request_timeout`], in milliseconds.
    pub request_timeout_ms: Option<u64>,
    /// See [`NatsConfig::outage_max`], in seconds.
    pub outage_max_s: Option<u64>,
}

impl Default for NatsConfig {
    /// The bounds, without an address.
    fn default() -> NatsConfig {
        NatsConfig {
            url: String::new(),
            credentials: None,
            ca: None,
            api: "$JS.API".to_owned(),
            replicas: Replicas::One,
            // Several times what a sync takes on a slow disk; asking again is harmless.
            request_timeout: Duration::from_secs(5),
            // A server that restarts, or a cluster that elects a leader, is back long before.
            outage_max: Duration::from_secs(300),
        }
    }
}

impl NatsConfig {
    /// The server at this address, with everything else as it is by default.
    pub fn at(url: impl Into<String>) -> NatsConfig {
        NatsConfig {
            url: url.into(),
            ..NatsConfig::default()
        }
    }

    /// Lays what a source says over it.
    pub(crate) fn apply(&mut self, source: NatsOverrides) -> Result<(), ConfigError> {
        let file = |path: PathBuf| (!path.as_os_str().is_empty()).then_some(path);
        if let Some(url) = source.url {
            url.trim().clone_into(&mut self.url);
        }
        if let Some(path) = source.credentials {
            self.credentials = file(path);
        }
        if let Some(path) = source.ca {
            self.ca = file(path);
        }
        if let Some(api) = source.api {
            self.api = api_prefix(&api)?;
        }
        if let Some(count) = source.replicas {
            self.replicas = replicas(count)?;
        }
        if let Some(ms) = source.request_timeout_ms {
            self.request_timeout =
                Duration::from_millis(bound("nats.request_timeout_ms", ms, 10, 60_000)?);
        }
        if let Some(s) = source.outage_max_s {
            self.outage_max = Duration::from_secs(bound("nats.outage_max_s", s, 1, 86_400)?);
        }
        Ok(())
    }
}

/// Tokens of a subject with dots between them, and no wildcard.
fn api_prefix(text: &str) -> Result<String, ConfigError> {
    let fits = |token: &str| {
        let told = |c: char| c.is_ascii_graphic() && !matches!(c, '*' | '>');
        !token.is_empty() && token.chars().all(told)
    };
    if text.split('.').all(fits) {
        return Ok(text.to_owned());
    }
    Err(ConfigError::NatsApi {
        found: text.chars().take(80).collect(),
    })
}

fn replicas(count: u64) -> Result<Replicas, ConfigError> {
    match count {
        1 => Ok(Replicas::One),
        3 => Ok(Replicas::Three),
        found => Err(ConfigError::Replicas { found }),
    }
}

fn bound(name: &'static str, found: u64, min: u64, max: u64) -> Result<u64, ConfigError> {
    if (min..=max).contains(&found) {
        return Ok(found);
    }
    Err(ConfigError::OutOfBounds {
        name,
        found,
        min,
        max,
    })
}
