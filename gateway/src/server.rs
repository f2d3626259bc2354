//! The server: everything of a node behind one port, up and down in order.

mod browsers;
mod calls;
mod connections;
mod health;
mod routes;
mod shares;
mod start;
mod tls;

use std::{future::Future, io, net::SocketAddr, path::Path, sync::Arc};

use ledger::{Clock, Config, Node, config::Serving};
use projector::{Projector, StoreError};
use tokio::{net::TcpListener, select, task};
use tokio_util::sync::CancellationToken;

pub(crate) use self::calls::{Held, RequestId};
use self::{connections::Connections, health::Reporter, shares::Shares, tls::Tls};
pub use self::{start::StartError, tls::TlsError};
use crate::{
    metrics::Metrics,
    services::{Record, Searches, Sources},
};

/// The name of the views' directory within the data directory.
const VIEWS_DIR: &str = "views";

/// A server that has its port, and answers once it runs.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    serving: Serving,
    tls: Option<Arc<Tls>>,
    sources: Sources,
}

/// Why a server stopped otherwise than it was told to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
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
        let policy = start::witness_policy(config)?;
        let node = Node::open(config, Arc::clone(&clock)).await?;
        start::check_served(&node)?;
        if let Some(policy) = policy {
            start::start_witnesses(&node, &policy).await?;
        }
        Self::over(Arc::new(node), config, listener, clock).await
    }

    /// A server over a node that is open already, with its views below the data directory.
    pub async fn over(
        node: Arc<Node>,
        config: &Config,
        listener: TcpListener,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let serving = config.serving.clone();
        let tls = serving.tls.clone().map(Tls::open).transpose()?;
        let address = listener.local_addr().map_err(StartError::Address)?;
        let projector = Arc::new(follow(&node, &config.data_dir).await?);
        let metrics = Metrics::new(Arc::clone(&node), Arc::clone(&projector));
        let sources = Sources {
            searches: Searches::default(),
            node,
            projector,
            clock,
            metrics: Arc::new(metrics),
            stopping: CancellationToken::new(),
        };
        Record::new(sources.clone()).answer_forwarded();
        Ok(Self {
            listener,
            address,
            serving,
            tls,
            sources,
        })
    }

    /// Where it listens; with port 0 asked for, the one the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The scheme of its address: `https` where there is a certificate.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// What it answers from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Answers until `stop` comes, then ends streams, lets calls under way finish, and shuts the
    /// projector and then the node down.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let Self {
            listener,
            serving,
            tls,
            sources,
            ..
        } = self;
        let node = Arc::clone(&sources.node);
        let health = Reporter::serving(&node).await;
        let connections = Connections {
            router: routes::router(&sources, &serving, &health),
            tls,
            most: serving.connections_max,
            shares: Shares::new(serving.connections_per_address_max),
        };
        let stopping = sources.stopping.clone();
        connections
            .serve(listener, async {
                select! {
                    () = stop => {}
                    () = health.follow(&node) => {}
                }
                health.stopping().await;
                stopping.cancel();
                // So that calls under way have their answers before they are cut off.
                node.hasten();
            })
            .await;
        let views = sources.projector.shutdown().await;
        sources.node.shutdown().await;
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

/// Connections of a witness at once: those of the logs that know it, and of some monitors.
const WITNESS_CONNECTIONS_MAX: usize = 256;

/// Of those, one address may have an eighth: a log asks over one or two.
const WITNESS_CONNECTIONS_PER_ADDRESS_MAX: usize = 32;

/// Serves a witness in clear until `stop` comes, and lets requests under way finish.
pub(crate) async fn serve_witness(
    listener: TcpListener,
    router: axum::Router,
    stop: impl Future<Output = ()> + Send,
) {
    let connections = Connections {
        router,
        tls: None,
        most: WITNESS_CONNECTIONS_MAX,
        shares: Shares::new(WITNESS_CONNECTIONS_PER_ADDRESS_MAX),
    };
    connections.serve(listener, stop).await;
}

/// Listens for the two signals that ask a process to end, from now on. What is returned waits for the
/// first of them, which may have come by then; a second one ends the process at once, as if it were killed.
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
            tracing::info!(
                "asked to end: what is under way ends first; asked again, it ends at once"
            );
            task::spawn(async move {
                // By convention 128 and the number of the signal.
                let code = select! {
                    _ = terminate.recv() => 143,
                    _ = interrupt.recv() => 130,
                };
                tracing::warn!("asked to end again: what is under way is cut off");
                std::process::exit(code);
            });
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
