//! How a node is reached, and how much it takes on from outside.

use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;

use super::ConfigError;

/// How a node is reached, and how much it takes on from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving {
    /// Calls whose answer has not begun, of all connections together. 2,048 are half of what one ledger
    /// takes on, so that questions find a place beside submissions.
    pub calls_max: usize,
    /// Answers without an end (watching a log, streams of submissions) at once.
    pub streams_max: usize,
    /// Of those, as many as one address may have (an IPv6 network of /64 counts as one); 0: any number. The machine
    /// itself is never counted. 128, an eighth: no one address takes them all, and an office behind one has enough.
    pub streams_per_address_max: usize,
    /// Connections at once; more wait to be taken up. A quarter of the 4,096 files that a process may
    /// usually have open at the very least is left for the disk.
    pub connections_max: usize,
    /// Of those, as many as one address may have, as with streams; one more is closed at once. An eighth again.
    pub connections_per_address_max: usize,
    /// Calls a second from one address (an IPv6 network of /64 counts as one) in the long run; 0: any
    /// number. The machine itself is never counted.
    pub calls_per_second_max: u32,
    /// Calls that one address may save up while it is silent.
    pub calls_burst_max: u32,
    /// Whose pages a browser may call the node from (`https://records.example.org`); `*`: anybody's.
    /// The node takes no cookies and no passwords, so a page gets nothing there that its reader could
    /// not get.
    pub web_origins: Vec<String>,
    /// Certificate and key for TLS; `None`: in clear, which only the machine itself should be able to reach.
    pub tls: Option<TlsFiles>,
}

/// Where certificate and key lie. Both are read again when their files change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those that lead to a root, as PEM.
    pub certificate: PathBuf,
    /// Its private key as PEM, readable by its owner only.
    pub key: PathBuf,
}

impl Default for Serving {
    fn default() -> Serving {
        Serving {
            calls_max: 2_048,
            streams_max: 1_024,
            streams_per_address_max: 128,
            connections_max: 3_072,
            connections_per_address_max: 384,
            calls_per_second_max: 100,
            calls_burst_max: 1_000,
            web_origins: vec!["*".to_owned()],
            tls: None,
        }
    }
}

impl Serving {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        use super::check_bound as bound;
        // Counts must fit a semaphore, and what is more than a million is a slip of the pen.
        bound("calls_max", self.calls_max as u64, 1, 1 << 20)?;
        bound("streams_max", self.streams_max as u64, 1, 1 << 20)?;
        bound("connections_max", self.connections_max as u64, 1, 1 << 20)?;
        let streams = self.streams_per_address_max as u64;
        bound("streams_per_address_max", streams, 0, 1 << 20)?;
        let connections = self.connections_per_address_max as u64;
        bound("connections_per_address_max", connections, 0, 1 << 20)?;
        let burst = u64::from(self.calls_burst_max);
        bound("calls_burst_max", burst, 1, u64::from(u32::MAX))
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object a line, for programs.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<LogFormat, Self::Err> {
        match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("it must be text or json"),
        }
    }
}
