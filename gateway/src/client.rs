//! The other side: a server's services, and what it says of a no turned back into types.

use std::{collections::BTreeMap, time::Duration};

use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use proto::v1::{
    self, audit_service_client::AuditServiceClient, query_service_client::QueryServiceClient,
    record_service_client::RecordServiceClient,
};
use tokio::{io::BufWriter, net::TcpStream};
use tonic::{
    Code, Status,
    transport::{Channel, ClientTlsConfig, Endpoint},
};
use tonic_types::StatusExt as _;
use tower::ServiceExt as _;

use crate::status::CHINESE;

/// How long to wait for a connection: a server that is there answers within one round trip.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest answer taken, in bytes: the longest page of decisions has some megabytes.
const ANSWER_LEN_MAX: usize = 16 * 1024 * 1024;

/// Bytes a server may send ahead on one call, and on all of them: some hundred receipts, or a page of
/// entries.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;

/// A connection to a server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    channel: Channel,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not an address.
    #[error("{url} is not a server's address, such as http://127.0.0.1:8420")]
    Address {
        /// As given.
        url: String,
    },
    /// Nobody answers there.
    #[error("there is no server at {url}: {source}")]
    Absent {
        /// As given.
        url: String,
        /// What the transport says.
        source: tonic::transport::Error,
    },
}

impl Client {
    /// Connects to a server.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let url = url.to_owned();
        let wrong = |_| ConnectError::Address { url: url.clone() };
        let mut endpoint = Endpoint::from_shared(url.clone()).map_err(wrong)?;
        if url.starts_with("https:") {
            // The roots that the system trusts, or those of SSL_CERT_FILE.
            let tls = ClientTlsConfig::new().with_native_roots();
            endpoint = endpoint.tls_config(tls).map_err(wrong)?;
        }
        let endpoint = endpoint
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW);
        let endpoint = endpoint.connect_timeout(CONNECT_TIMEOUT);
        let connector = connector().map_response(buffered);
        match endpoint.connect_with_connector(connector).await {
            Ok(channel) => Ok(Self { channel }),
            Err(source) => Err(ConnectError::Absent { url, source }),
        }
    }

    /// Submitting.
    pub fn record(&self) -> RecordServiceClient<Channel> {
        RecordServiceClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_LEN_MAX)
    }

    /// Auditing.
    pub fn audit(&self) -> AuditServiceClient<Channel> {
        AuditServiceClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_LEN_MAX)
    }

    /// Asking.
    pub fn query(&self) -> QueryServiceClient<Channel> {
        QueryServiceClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_LEN_MAX)
    }
}

/// Connects as tonic does by itself.
fn connector() -> HttpConnector {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    http
}

/// A connection on which a request's head and body leave in one system call.
fn buffered(stream: TokioIo<TcpStream>) -> TokioIo<BufWriter<TcpStream>> {
    TokioIo::new(BufWriter::new(stream.into_inner()))
}

/// A server's no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ServerRefusal {
    /// The gRPC code.
    pub code: Code,
    /// The stable reason (`gateway/REASONS.md`); empty where the server, or the way to it, gave none.
    pub reason: String,
    /// One sentence.
    pub message: String,
    /// What is wrong and what to do next in Chinese, where the server says so.
    pub chinese: Option<String>,
    /// What else is known: rule, citation, remedy, and the reason's own data.
    pub metadata: BTreeMap<String, String>,
    /// The field at fault, as a path from the request.
    pub field: Option<String>,
    /// When it is worth trying again.
    pub retry_after: Option<Duration>,
}

impl From<&Status> for ServerRefusal {
    fn from(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info();
        let violations = details
            .bad_request()
            .map(|bad| bad.field_violations.as_slice());
        let violation = violations.and_then(<[_]>::first);
        Self {
            code: status.code(),
            reason: info.map(|info| info.reason.clone()).unwrap_or_default(),
            message: status.message().to_owned(),
            chinese: details
                .localized_message()
                .filter(|said| said.locale == CHINESE)
                .map(|said| said.message.clone()),
            metadata: info
                .map(|info| info.metadata.clone().into_iter().collect())
                .unwrap_or_default(),
            field: violation.map(|violation| violation.field.clone()),
            retry_after: details.retry_info().and_then(|retry| retry.retry_delay),
        }
    }
}

impl From<v1::Refused> for ServerRefusal {
    fn from(refused: v1::Refused) -> Self {
        let entries = refused.metadata.into_iter();
        let metadata: BTreeMap<_, _> = entries.map(|entry| (entry.key, entry.value)).collect();
        Self {
            code: Code::from_i32(refused.code),
            reason: refused.reason,
            message: refused.message,
            chinese: Some(refused.message_zh).filter(|said| !said.is_empty()),
            field: metadata.get("field").cloned(),
            metadata,
            retry_after: (refused.retry_after_ms > 0)
                .then(|| Duration::from_millis(refused.retry_after_ms)),
        }
    }
}
