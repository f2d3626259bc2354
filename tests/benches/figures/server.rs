//! A server in this process.

use std::sync::Arc;

use gateway::server::{ServeError, Server};
use ledger::{Clock, Config};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::AnyError;

/// A server on the loopback, until it is stopped.
pub(crate) struct Running {
    pub(crate) url: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    pub(crate) async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, AnyError> {
        let server = Server::open(config, clock).await?;
        let url = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run(async {
            // A sender that is gone means the same.
            let _ = stopped.await;
        }));
        Ok(Self { url, stop, serving })
    }

    pub(crate) async fn stop(self) -> Result<(), AnyError> {
        // A server that has ended says why below.
        let _ = self.stop.send(());
        Ok(self.serving.await??)
    }
}
