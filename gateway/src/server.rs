//! The server: everything of a node behind one port, up and down in order.

mod routes;
mod start;

use std::{future::Future, io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ledger::{Clock, Config, Node};
use projector::{Projector, StoreError};
use tokio::{net::TcpListener, pin, select, task, time};
use tokio_util::sync::CancellationToken;
use tonic::{
    service::Routes,
    transport::{Server as TransportServer, server::TcpIncoming},
};
use tower::{
    layer::util::{Identity, Stack},
    limit::GlobalConcurrencyLimitLayer,
};

pub use start::StartError;

use crate::{metrics::Metrics, services::Sources};

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
        let projector = Arc::new(follow(&node, data_dir).await?);
        let metrics = Metrics::new(Arc::clone(&node), Arc::clone(&projector));
        Ok(Self {
            listener,
            address,
            sources: Sources {
                node,
                projector,
                clock,
                metrics: Arc::new(metrics),
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
    let everything = Routes::from(routes::router(sources));
    let serving = transport()
        .add_routes(everything)
        .serve_with_incoming_shutdown(incoming, told);
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

/// How everything is served: HTTP/2 (gRPC's clients speak it from the first byte on) and HTTP/1.1 on one port.
fn transport() -> TransportServer<Layers> {
    TransportServer::builder()
        .accept_http1(true)
        .timeout(ANSWER_TIMEOUT)
        .max_concurrent_streams(CALLS_PER_CONNECTION_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .layer(GlobalConcurrencyLimitLayer::new(CALLS_MAX))
}

type Layers = Stack<GlobalConcurrencyLimitLayer, Identity>;

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
