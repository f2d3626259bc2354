//! The one connection to NATS that everything of a node shares.
//!
//! [`Nats::connect`] is where an address, credentials and certificates become a connection; stores,
//! leases and requests take it from there. The client connects again by itself whenever it loses the
//! connection; [`Nats::connections`] tells when it has.
//!
//! Nothing of NATS is believed: it carries and keeps bytes, and whoever reads them checks them.

mod config;
mod patience;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{
    Client, ConnectErrorKind, ConnectOptions, Event, ServerAddr, ServerError, jetstream,
};
use tokio::select;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

pub use self::config::{NatsConfig, NatsOverrides, Replicas};
pub(crate) use self::patience::Patience;

use self::patience::Ending;
use crate::keys::{KeyFileError, read_secret};

/// The oldest server that can read several messages of a stream at once (its version 2.11).
const SERVER_MIN: (i64, i64, i64) = (2, 11, 0);

/// The least `max_payload` of a server: a block of the largest size and its headers.
const PAYLOAD_MIN: usize = tlog::MAX_BLOCK_LEN + 4_096;

/// How long connecting may take before it has failed.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How often an idle connection is tried. Two answers missing mean that it is lost.
const PING_INTERVAL: Duration = Duration::from_secs(5);

/// The longest pause between two attempts to connect again.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(1);

/// How many subjects the server may have forbidden that somebody has still to hear of: each question is about one,
/// and who misses its own waits for as long as an answer may take.
const FORBIDDEN_MAX: usize = 64;

/// A connection to NATS. Clones share it.
#[derive(Clone, Debug)]
pub struct Nats {
    client: Client,
    jetstream: jetstream::Context,
    config: NatsConfig,
    connections: watch::Receiver<Connections>,
    ending: Arc<Ending>,
    forbidden: broadcast::Sender<String>,
}

/// What became of the connection so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// How often it was made.
    pub made: u64,
    /// How often it was lost.
    pub lost: u64,
}

impl Connections {
    /// Grows with every change: what was seen under an earlier number may have been another server's.
    pub(crate) fn era(self) -> u64 {
        self.made + self.lost
    }
}

/// Why NATS could not be reached, or would not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NatsError {
    /// The address is none.
    #[error("\"{url}\" is not the address of a NATS server: {reason}")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The address carries a secret, which would be seen in lists of processes and in logs.
    #[error(
        "the address of the NATS server holds a user or password; put them into a credentials file"
    )]
    SecretInUrl,
    /// The credentials file cannot be used.
    #[error("the NATS credentials cannot be used: {0}")]
    Credentials(#[from] KeyFileError),
    /// The credentials file holds none of the forms that are known.
    #[error(
        "{} holds no NATS credentials: neither a .creds file, nor an nkey's seed, nor user:password",
        path.display()
    )]
    CredentialsForm {
        /// The file.
        path: PathBuf,
    },
    /// There is no connection to be had.
    #[error("cannot connect to the NATS server at {url}: {reason}")]
    Connect {
        /// Where.
        url: String,
        /// Why.
        reason: String,
        /// Nobody listens there, or the network fails: in a moment it may be otherwise.
        passing: bool,
    },
    /// The server is too old.
    #[error("the NATS server at {url} is version {found}; at least {min} is needed")]
    ServerTooOld {
        /// Where.
        url: String,
        /// Its version.
        found: String,
        /// The oldest that will do.
        min: String,
    },
    /// The server does not take messages as long as a block.
    #[error(
        "the NATS server takes messages of at most {found} bytes; max_payload must be {min} or more"
    )]
    PayloadTooSmall {
        /// Its limit in bytes.
        found: usize,
        /// The least that will do, in bytes.
        min: usize,
    },
    /// No answer came, or the connection was lost. What was asked for may or may not have happened.
    #[error("no answer from NATS to {doing}: {reason}")]
    NoAnswer {
        /// What was asked.
        doing: &'static str,
        /// What the client says.
        reason: String,
    },
    /// The user may not ask. No answer would ever come.
    #[error("the NATS user may not {doing}: it is not allowed to publish {subject}")]
    Forbidden {
        /// What was asked.
        doing: &'static str,
        /// On which subject.
        subject: String,
    },
    /// The server says no.
    #[error("NATS refuses to {doing}: {description} (error {code})")]
    Refused {
        /// What was asked.
        doing: &'static str,
        /// JetStream's error code.
        code: u64,
        /// What the server says.
        description: String,
    },
}

impl NatsError {
    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            NatsError::Url { .. } => "Give an address such as nats://127.0.0.1:4222.",
            NatsError::SecretInUrl => {
                "Write user:password into a file of mode 0600 and name it as `credentials` in [nats]."
            }
            NatsError::Credentials(_) | NatsError::CredentialsForm { .. } => {
                "Name a credentials file that is there and that only its owner can read (mode 0600)."
            }
            NatsError::Connect { .. } | NatsError::NoAnswer { .. } => {
                "See that the NATS server runs, has JetStream enabled and can be reached from here."
            }
            NatsError::ServerTooOld { .. } => "Install a newer nats-server.",
            NatsError::PayloadTooSmall { .. } => "Raise max_payload in the server's configuration.",
            NatsError::Forbidden { .. } => {
                "Have the administrator allow the user that subject, or use another user's credentials; \
                 deploy/nats/nats-server.conf has one for nodes and one for auditors."
            }
            NatsError::Refused { .. } => {
                "See that the user may use JetStream and that the server has room on its disk."
            }
        }
    }
}

impl NatsError {
    /// Whether asking again later may be of use.
    pub(crate) fn may_pass(&self) -> bool {
        !matches!(self, NatsError::Forbidden { .. })
    }
}

impl Nats {
    /// Connects. The connection is kept, and made again when it is lost, until the last clone is gone.
    pub async fn connect(config: &NatsConfig) -> Result<Nats, NatsError> {
        let servers = servers(&config.url)?;
        let (counter, connections) = watch::channel(Connections::default());
        let forbidden = broadcast::Sender::new(FORBIDDEN_MAX);
        let refused = forbidden.clone();
        let mut options = ConnectOptions::new()
            .name("govledger")
            .connection_timeout(CONNECT_TIMEOUT)
            .ping_interval(PING_INTERVAL)
            .request_timeout(Some(config.request_timeout))
            .reconnect_delay_callback(pause_before)
            .event_callback(move |event| {
                tell(&event, &counter, &refused);
                std::future::ready(())
            });
        if let Some(path) = &config.credentials {
            options = with_credentials(options, path)?;
        }
        if let Some(path) = &config.ca {
            options = options
                .add_root_certificates(path.clone())
                .require_tls(true);
        }
        let connected = options.connect(servers).await;
        let client = connected.map_err(|error| NatsError::Connect {
            url: config.url.clone(),
            reason: error.to_string(),
            passing: matches!(
                error.kind(),
                ConnectErrorKind::Dns | ConnectErrorKind::Io | ConnectErrorKind::TimedOut
            ),
        })?;
        check_server(&client, &config.url)?;
        let mut jetstream = jetstream::with_prefix(client.clone(), &config.api);
        jetstream.set_timeout(config.request_timeout);
        Ok(Nats {
            client,
            jetstream,
            config: config.clone(),
            connections,
            forbidden,
            ending: Arc::default(),
        })
    }

    /// As [`Nats::connect`], from a server that may not be there yet: for as long as an outage may last, it is
    /// tried again.
    pub async fn connect_patiently(config: &NatsConfig) -> Result<Nats, NatsError> {
        let (began, mut told) = (Instant::now(), false);
        loop {
            match Nats::connect(config).await {
                Err(error @ NatsError::Connect { passing: true, .. })
                    if began.elapsed() < config.outage_max =>
                {
                    if !told {
                        told = true;
                        let at_most = config.outage_max;
                        tracing::warn!(%error, ?at_most, "waiting for NATS");
                    }
                    tokio::time::sleep(RECONNECT_PAUSE_MAX).await;
                }
                connected => return connected,
            }
        }
    }

    /// The client, for messages and requests.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// JetStream, for streams and key-value buckets.
    pub fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    /// The subject of JetStream's API for a request.
    pub(crate) fn api_subject(&self, request: &str) -> String {
        format!("{}.{request}", self.config.api)
    }

    /// Asks something on a subject and waits for the answer; not once the server has said that the user may not
    /// publish there, as it then gives none.
    pub(crate) async fn unless_forbidden<T>(
        &self,
        doing: &'static str,
        subject: &str,
        asking: impl Future<Output = T>,
    ) -> Result<T, NatsError> {
        // Before anything is asked.
        let mut forbidden = self.forbidden.subscribe();
        let heard = async {
            loop {
                match forbidden.recv().await {
                    Ok(other) if other != subject => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Ok(_) => return,
                    // The connection itself has ended, and with it the question.
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        select! {
            answer = asking => Ok(answer),
            () = heard => Err(NatsError::Forbidden {
                doing,
                subject: subject.to_owned(),
            }),
        }
    }

    /// How NATS is reached.
    pub fn config(&self) -> &NatsConfig {
        &self.config
    }

    /// How often the connection was made and lost. Whoever waits for an answer when that grows may have lost
    /// it with the connection before.
    pub fn connections(&self) -> watch::Receiver<Connections> {
        self.connections.clone()
    }

    /// Whether there is a connection, as far as is known: one that is silently dead is noticed after three
    /// times [`PING_INTERVAL`].
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// The process is about to end: from now on nobody waits for a server that is away, except for a moment.
    pub fn hasten(&self) {
        self.ending.begin();
    }

    /// For how long an outage is borne from now on: so long at most.
    pub(crate) fn patience(&self, most: Duration) -> Patience {
        self.ending.patience(most)
    }
}

fn servers(url: &str) -> Result<Vec<ServerAddr>, NatsError> {
    let one = |text: &str| {
        let wrong = |reason: String| NatsError::Url {
            url: text.to_owned(),
            reason,
        };
        let parsed: Result<ServerAddr, _> = text.trim().parse();
        match parsed {
            Ok(server) if server.clone().into_inner().has_host() => Ok(server),
            Ok(_) => Err(wrong("it names no host".to_owned())),
            Err(error) => Err(wrong(error.to_string())),
        }
    };
    let servers: Vec<ServerAddr> = url.split(',').map(one).collect::<Result<_, _>>()?;
    if servers.iter().any(ServerAddr::has_user_pass) {
        return Err(NatsError::SecretInUrl);
    }
    Ok(servers)
}

/// Takes what the file holds: a `.creds` file (a user's JWT and seed), an nkey's seed, or
/// `user:password`.
fn with_credentials(options: ConnectOptions, path: &Path) -> Result<ConnectOptions, NatsError> {
    let text = read_secret(path)?;
    let form = |_| NatsError::CredentialsForm {
        path: path.to_owned(),
    };
    let bare = text.trim();
    if bare.contains("-----BEGIN NATS USER JWT-----") {
        // Its reader wants a last line that ends.
        return options.credentials(&format!("{bare}\n")).map_err(form);
    }
    match bare.split_once(':') {
        Some((user, password)) if !user.is_empty() && !bare.contains('\n') => {
            Ok(options.user_and_password(user.to_owned(), password.to_owned()))
        }
        None if bare.starts_with("SU") && !bare.contains(char::is_whitespace) => {
            Ok(options.nkey(bare.to_owned()))
        }
        _ => Err(NatsError::CredentialsForm {
            path: path.to_owned(),
        }),
    }
}

fn check_server(client: &Client, url: &str) -> Result<(), NatsError> {
    let (major, minor, patch) = SERVER_MIN;
    if !client.is_server_compatible(major, minor, patch) {
        return Err(NatsError::ServerTooOld {
            url: url.to_owned(),
            found: client.server_info().version,
            min: format!("{major}.{minor}.{patch}"),
        });
    }
    let found = client.max_payload();
    if found < PAYLOAD_MIN {
        let min = PAYLOAD_MIN;
        return Err(NatsError::PayloadTooSmall { found, min });
    }
    Ok(())
}

/// Twice as long after each failure, from a millisecond on.
fn pause_before(attempt: usize) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    let pause = 1_u64.checked_shl(doublings.min(16)).unwrap_or(u64::MAX);
    Duration::from_millis(pause).min(RECONNECT_PAUSE_MAX)
}

/// The subject that the server says the user may not publish on.
fn forbidden_subject(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once("Permissions Violation for Publish to \"")?;
    rest.split_once('"').map(|(subject, _)| subject)
}

fn tell(
    event: &Event,
    connections: &watch::Sender<Connections>,
    forbidden: &broadcast::Sender<String>,
) {
    match event {
        Event::ServerError(ServerError::Other(said)) => {
            tracing::warn!(said, "NATS does not allow something");
            if let Some(subject) = forbidden_subject(said) {
                // Nobody may be waiting for it.
                let _ = forbidden.send(subject.to_owned());
            }
        }
        Event::Connected => {
            tracing::info!("connected to NATS");
            connections.send_modify(|connections| connections.made += 1);
        }
        Event::Disconnected => {
            tracing::warn!("the connection to NATS is lost; connecting again");
            connections.send_modify(|connections| connections.lost += 1);
        }
        Event::SlowConsumer(_) => {
            tracing::warn!("messages of NATS were dropped: they are asked for again");
        }
        other => tracing::debug!(event = %other, "NATS"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn secret(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("nats.creds");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (directory, path)
    }

    #[test]
    fn addresses_are_one_or_more_without_secrets() {
        assert_eq!(servers("nats://127.0.0.1:4222").unwrap().len(), 1);
        assert_eq!(
            servers("nats://one:4222, nats://two:4222").unwrap().len(),
            2
        );
        assert!(matches!(servers(""), Err(NatsError::Url { .. })));
        assert!(matches!(servers("http://one"), Err(NatsError::Url { .. })));
        let secret = servers("nats://clerk:secret@127.0.0.1:4222");
        assert!(matches!(secret, Err(NatsError::SecretInUrl)));
    }

    #[test]
    fn credentials_have_three_forms() {
        let creds = "-----BEGIN NATS USER JWT-----\neyJ0\n------END NATS USER JWT------\n\n\
                     -----BEGIN USER NKEY SEED-----\n\
                     SUAIO3FHUX5PNV2LQIIP7TZ3N4L7TX3W53MQGEIVYFIGA635OZCKEYHFLM\n\
                     ------END USER NKEY SEED------\n";
        let seed = "SUAIO3FHUX5PNV2LQIIP7TZ3N4L7TX3W53MQGEIVYFIGA635OZCKEYHFLM\n";
        for text in [creds, seed, "clerk:a secret: of mine\n"] {
            let (_directory, path) = secret(text, 0o600);
            with_credentials(ConnectOptions::new(), &path).expect("known");
        }
        for text in ["", "one\n", ":password", "a:b\nc:d\n"] {
            let (_directory, path) = secret(text, 0o600);
            let refused = with_credentials(ConnectOptions::new(), &path).unwrap_err();
            assert!(
                matches!(refused, NatsError::CredentialsForm { .. }),
                "{text:?}"
            );
        }
    }

    #[test]
    fn credentials_that_others_can_read_are_refused() {
        let (_directory, path) = secret("clerk:secret", 0o640);
        let refused = with_credentials(ConnectOptions::new(), &path).unwrap_err();
        let wide = KeyFileError::Permissions { path, mode: 0o640 };
        assert_eq!(
            refused.to_string(),
            NatsError::Credentials(wide).to_string()
        );
    }

    #[test]
    fn what_the_server_forbids_is_told_by_its_subject() {
        let said = "Permissions Violation for Publish to \"$JS.API.STREAM.NAMES\"";
        assert_eq!(forbidden_subject(said), Some("$JS.API.STREAM.NAMES"));
        let subscribed = "Permissions Violation for Subscription to \"gov.>\"";
        assert_eq!(forbidden_subject(subscribed), None);
    }

    #[test]
    fn pauses_double_up_to_a_second() {
        let pauses = [1, 2, 3, 11, 12, 1_000].map(pause_before);
        let expected = [1, 2, 4, 1_000, 1_000, 1_000].map(Duration::from_millis);
        assert_eq!(pauses, expected);
    }
}
