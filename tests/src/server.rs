//! A served data directory.

use std::path::Path;
use std::process::Command;

use gateway::client::Client;

use crate::binary::{self, Finished};
use crate::process::Process;

/// A running `govledger serve`. Dropping it kills it.
#[derive(Debug)]
pub struct Server {
    process: Process,
    url: String,
}

impl Server {
    /// Serves a data directory on a free port, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[track_caller]
    pub fn start(data: &Path) -> Server {
        Server::try_start(data)
            .unwrap_or_else(|finished| panic!("the server did not come up: {finished}"))
    }

    /// Serves a data directory, or tells how it ended instead of serving.
    #[track_caller]
    pub fn try_start(data: &Path) -> Result<Server, Box<Finished>> {
        Server::try_start_by(Server::command(data))
    }

    /// Serves by a command made from [`Server::command`], or tells how it ended instead.
    #[track_caller]
    pub fn try_start_by(command: Command) -> Result<Server, Box<Finished>> {
        let mut process = Process::spawn(command);
        match process.wait_for(address) {
            Some(url) => Ok(Server { process, url }),
            None => Err(Box::new(process.finish())),
        }
    }

    /// Starts to serve a data directory, without waiting for anything.
    #[track_caller]
    pub fn spawn(data: &Path) -> Process {
        Process::spawn(Server::command(data))
    }

    /// The command that serves a data directory on a free port.
    pub fn command(data: &Path) -> Command {
        let mut command = binary::command(["serve", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data);
        command
    }

    /// Where it listens, e.g. `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs a command of the binary with this server's address.
    #[track_caller]
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S]) -> Finished {
        let mut command = binary::command(arguments);
        command.args(["--server", &self.url]);
        binary::finish(command)
    }

    /// A connection to it.
    ///
    /// # Panics
    ///
    /// If there is none to be had.
    pub fn client(&self) -> impl Future<Output = Client> + Send + use<> {
        let url = self.url.clone();
        async move {
            let client = Client::connect(&url).await;
            client.expect("the server has said that it listens")
        }
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Kills it with SIGKILL.
    pub fn kill(self) -> Finished {
        self.process.kill()
    }

    /// Asks it to end with SIGTERM, and waits until it has.
    #[track_caller]
    pub fn stop(self) -> Finished {
        self.process.terminate();
        self.process.finish()
    }
}

/// The address in the line that says that the server is ready.
pub fn address(line: &str) -> Option<String> {
    let url = line.strip_prefix("govledger listening on ")?;
    Some(url.trim_end().to_owned())
}
