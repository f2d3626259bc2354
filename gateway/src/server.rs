//! The server: everything of a node behind one port, up and down in order.

mod start;

use std::{future::Future, io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ledger::{Clock, Config, Node};
use projector::{Projector, StoreError};
use proto::v1::{
    audit_service_server::AuditServiceServer, query_service_server::QueryServiceServer,
    record_service_server::RecordServiceServer,
};
use tokio::{net::TcpListener, pin, select, task, time};
use tokio_util::sync::CancellationToken;
use tonic::{Status, body::Body, codegen::http, transport::server::TcpIncoming};
use tower::{limit::GlobalConcurrencyLimitLayer, util::MapResponseLayer};

pub use start::StartError;

use crate::{
    services::{Audit, Query, Record, Sources},
    status::Problem,
};

/// Largest submission, in bytes: an action (60,000 bytes), 16 signatures, and some thirty contents of the
/// largest size (256 KiB), or a thousand names. It is also the least that a node must be ready to work
/// on at once (`submission_bytes_max`).
const SUBMISSION_LEN_MAX: usize = 8 * 1024 * 1024;

/// Largest question, in bytes: ids, numbers and a page token of 400 characters.
const QUESTION_LEN_MAX: usize = 16 * 1024;

/// Calls of one connection at once: gRPC's usual figure is 100; streams of watchers come on top.
const CALLS_PER_CONNECTION_MAX: u32 = 256;

/// Calls worked on at once, of all connections; more wait. Half of what one ledger takes on, so that
/// questions find a place beside submissions.
const CALLS_MAX: usize = 2_048;

/// Longest time a call may take until its answer begins: far more than a block needs on the slowest
/// disk. Streams may then go on as long as they like.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A silent connection is asked whether it is still there, and closed if it does not answer.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(60);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long calls under way may take to end when the server goes down: a third of what supervisors
/// usually grant before they kill.
const DRAIN_PATIENCE: Duration = Duration::from_secs(10);

/// The name of the views' directory within the data directory.
const VIEWS_DIR: &str = "views";

/// A server that has its port, and answers once it runs.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    sources: Sources,
}

/// Why a server stopped otherwise than it was told to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The network failed.
    #[error("the server failed: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// The views could not be written out. They are built again at the next start.
    #[error("the views could not be written out: {0}")]
    Views(#[from] StoreError),
}

impl Server {
    /// Opens the ledgers and views of a data directory, and takes the port. Creates no ledger.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        start::check_ledgers(&config.data_dir)?;
        // The port first: whoever cannot have it shall not replay a log for nothing.
        let listener = start::bind(config.listen).await?;
        let node = Node::open(config, Arc::clone(&clock)).await?;
        start::check_served(&node)?;
        Self::over(Arc::new(node), &config.data_dir, listener, clock).await
    }

    /// A server over a node that is open already, with its views below `data_dir`.
    pub async fn over(
        node: Arc<Node>,
        data_dir: &Path,
        listener: TcpListener,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let address = listener.local_addr().map_err(StartError::Address)?;
        let projector = follow(&node, data_dir).await?;
        Ok(Self {
            listener,
            address,
            sources: Sources {
                node,
                projector: Arc::new(projector),
                clock,
                stopping: CancellationToken::new(),
            },
        })
    }

    /// Where it listens; with port 0 asked for, the one the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it answers from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Answers until `stop` comes, then ends streams, lets calls under way finish, and shuts the
    /// projector and then the node down.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let Self {
            listener, sources, ..
        } = self;
        let served = serve(listener, &sources, stop).await;
        // However serving ended, what is open is closed: the projector reads from the node.
        sources.stopping.cancel();
        let views = sources.projector.shutdown().await;
        sources.node.shutdown().await;
        served?;
        Ok(views?)
    }
}

/// Has the views of all ledgers follow their logs.
async fn follow(node: &Arc<Node>, data_dir: &Path) -> Result<Projector, StoreError> {
    let (node, views) = (Arc::clone(node), data_dir.join(VIEWS_DIR));
    // sled blocks while it opens.
    let opened = task::spawn_blocking(move || Projector::open(&views, &node)).await;
    opened.unwrap_or(Err(StoreError::Interrupted))
}

async fn serve(
    listener: TcpListener,
    sources: &Sources,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), tonic::transport::Error> {
    let stopping = sources.stopping.clone();
    let told = async {
        stop.await;
        stopping.cancel();
    };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let serving = services(sources).serve_with_incoming_shutdown(incoming, told);
    let patience = async {
        sources.stopping.cancelled().await;
        time::sleep(DRAIN_PATIENCE).await;
    };
    pin!(serving, patience);
    select! {
        served = &mut serving => served,
        () = &mut patience => {
            tracing::warn!(patience = ?DRAIN_PATIENCE, "calls did not end in time and are cut off");
            Ok(())
        }
    }
}

type Layers = tower::layer::util::Stack<
    MapResponseLayer<fn(http::Response<Body>) -> http::Response<Body>>,
    tower::layer::util::Stack<GlobalConcurrencyLimitLayer, tower::layer::util::Identity>,
>;

fn services(sources: &Sources) -> tonic::transport::server::Router<Layers> {
    let record = RecordServiceServer::new(Record::new(sources.clone()))
        .max_decoding_message_size(SUBMISSION_LEN_MAX);
    let audit = AuditServiceServer::new(Audit::new(sources.clone()))
        .max_decoding_message_size(QUESTION_LEN_MAX);
    let query = QueryServiceServer::new(Query::new(sources.clone()))
        .max_decoding_message_size(QUESTION_LEN_MAX);
    tonic::transport::Server::builder()
        .timeout(ANSWER_TIMEOUT)
        .max_concurrent_streams(CALLS_PER_CONNECTION_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .layer(GlobalConcurrencyLimitLayer::new(CALLS_MAX))
        .layer(MapResponseLayer::new(explained as fn(_) -> _))
        .add_service(record)
        .add_service(audit)
        .add_service(query)
}

/// Gives what the transport itself refuses (bytes that are no message, messages that are too long) a
/// reason, as every other no has one.
fn explained(response: http::Response<Body>) -> http::Response<Body> {
    let refused = Status::from_header_map(response.headers());
    let problem = refused
        .filter(|status| status.details().is_empty())
        .and_then(|status| Problem::of_transport(status.code(), status.message()));
    match problem {
        Some(problem) => Status::from(problem).into_http(),
        None => response,
    }
}

/// Listens for the two signals that ask a process to end, from now on. What is returned waits for the
/// first of them, which may have come by then.
pub fn asked_to_stop() -> io::Result<impl Future<Output = ()> + Send> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        Ok(async move {
            select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(windows)]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}
