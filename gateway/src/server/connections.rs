//! Connections: how many at once, from where, under TLS where there is a certificate, and their end.
//!
//! HTTP/2, which gRPC's clients speak from the first byte on, and HTTP/1.1 on one port.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, BufWriter},
    net::{TcpListener, TcpStream},
    pin, select,
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};
use tower::ServiceExt as _;

use super::{
    shares::{Share, Shares},
    tls::Tls,
};

/// Calls of one connection at once: gRPC's usual figure is 100; streams of watchers come on top.
const CALLS_PER_CONNECTION_MAX: u32 = 256;

/// Bytes a client may send ahead on one call, and on all of a connection: some hundred submissions,
/// where HTTP/2's 65,535 would have a busy client wait for permission after every hundred and fifty.
/// With as many connections as there may be, all of them misused, it is half a gibibyte.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 512 * 1024;

/// A silent connection is asked whether it is still there, and closed if it does not answer.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(60);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a new connection may be silent, and how long the head of an HTTP/1.1 request, or a TLS
/// handshake, may take: several round trips over the slowest mobile network.
const FIRST_PATIENCE: Duration = Duration::from_secs(20);

/// Pause after the system could not give a connection (too many open files, say): it would fail again at
/// once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long calls under way may take to end when the server goes down: a third of what supervisors
/// usually grant before they kill.
const DRAIN_PATIENCE: Duration = Duration::from_secs(10);

/// Who is at the other end of a connection: an extension of every request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
}

/// What connections are answered with.
pub(super) struct Connections {
    pub(super) router: Router,
    pub(super) tls: Option<Arc<Tls>>,
    /// Most of them at once; more wait in the system's queue.
    pub(super) most: usize,
    /// What one address may have of them; one more is closed at once.
    pub(super) shares: Shares,
}

impl Connections {
    /// Answers until `stop` comes. Then no connection is taken up any more, and those there are end once
    /// what is under way on them has.
    pub(super) async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        {
            pin!(stop);
            select! {
                () = self.accept(&listener, &graceful) => {}
                () = &mut stop => {}
            }
        }
        // Whoever comes now is told at once that nobody listens.
        drop(listener);
        if time::timeout(DRAIN_PATIENCE, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!(patience = ?DRAIN_PATIENCE, "calls did not end in time and are cut off");
        }
    }

    async fn accept(&self, listener: &TcpListener, graceful: &GracefulShutdown) {
        let room = Arc::new(Semaphore::new(self.most));
        // Closed by nobody: waiting for room ends when there is some.
        while let Ok(place) = Arc::clone(&room).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, address)) => {
                    let Some(share) = self.shares.take(address.ip()) else {
                        tracing::debug!(%address, "has as many connections as one address may have");
                        continue;
                    };
                    let connection = Connection {
                        peer: Peer { address },
                        router: self.router.clone(),
                        tls: self.tls.clone(),
                        watcher: graceful.watcher(),
                        _place: (place, share),
                    };
                    tokio::spawn(connection.answer(stream));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken up");
                    time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// One connection.
struct Connection {
    peer: Peer,
    router: Router,
    tls: Option<Arc<Tls>>,
    watcher: Watcher,
    _place: (OwnedSemaphorePermit, Share),
}

impl Connection {
    async fn answer(self, stream: TcpStream) {
        let address = self.peer.address;
        if let Err(error) = self.try_answer(stream).await {
            tracing::debug!(%address, error, "a connection ended badly");
        }
    }

    async fn try_answer(
        self,
        stream: TcpStream,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        // Answers are short, and there is nothing to wait for that could be sent with them.
        stream.set_nodelay(true)?;
        within(FIRST_PATIENCE, stream.readable()).await?;
        match self.tls.as_ref().map(|tls| tls.acceptor()) {
            None => self.serve(stream).await,
            Some(acceptor) => {
                let stream = within(FIRST_PATIENCE, acceptor.accept(stream)).await?;
                self.serve(stream).await
            }
        }
    }

    async fn serve<S>(self, stream: S) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let peer = self.peer;
        // An answer's head, body and trailers leave in one system call instead of three, and with them
        // what is ready beside them.
        let stream = BufWriter::new(stream);
        let service = self.router.map_request(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            request
        });
        let protocols = protocols();
        let served =
            protocols.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        self.watcher.watch(served).await
    }
}

fn protocols() -> auto::Builder<TokioExecutor> {
    let mut protocols = auto::Builder::new(TokioExecutor::new());
    protocols
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(FIRST_PATIENCE);
    protocols
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(CALLS_PER_CONNECTION_MAX)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .keep_alive_interval(KEEPALIVE_INTERVAL)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT);
    protocols
}

async fn within<T>(patience: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    time::timeout(patience, work).await?
}
