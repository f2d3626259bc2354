//! A real nats-server, killed for real.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::binary::{self, Finished};
use crate::directory;
use crate::process::Process;

/// A running nats-server with JetStream, which syncs every message before it acknowledges it. Dropping
/// it kills it and removes what it stored.
#[derive(Debug)]
pub struct NatsServer {
    /// `None` while it is down.
    process: Option<Process>,
    port: u16,
    root: TempDir,
}

impl NatsServer {
    /// Starts a server on a free port of this machine, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[track_caller]
    pub fn start() -> NatsServer {
        NatsServer::start_in(&std::env::temp_dir())
    }

    /// The same, with what it stores below a directory: one that is surely on a disk.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[track_caller]
    pub fn start_in(directory: &Path) -> NatsServer {
        let root = TempDir::with_prefix_in("govledger-nats-", directory);
        let root = root.expect("there is room for tests");
        let mut server = NatsServer {
            process: None,
            port: 0,
            root,
        };
        server.restart();
        server
    }

    /// Starts it again on the port it had, with what it has stored.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[track_caller]
    pub fn restart(&mut self) {
        assert!(self.process.is_none(), "it is running");
        self.configure();
        let mut command = Command::new(program());
        command.arg("--config").arg(self.configuration());
        let mut process = Process::spawn(command);
        let port = process.wait_for(port);
        let ready = process.wait_for(|line| line.contains("Server is ready").then_some(()));
        let (Some(port), Some(())) = (port, ready) else {
            panic!("nats-server did not come up: {}", process.finish());
        };
        self.port = port;
        self.process = Some(process);
    }

    /// Kills it with SIGKILL.
    ///
    /// # Panics
    ///
    /// If it is not running.
    pub fn kill(&mut self) -> Finished {
        self.process.take().expect("it is running").kill()
    }

    /// Its address, e.g. `nats://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("nats://{}", self.address())
    }

    /// Its host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The directory of everything it has stored.
    pub fn store(&self) -> PathBuf {
        self.root.path().join("store")
    }

    /// Copies what it has stored. It must be down: what is copied beside a running server is torn.
    ///
    /// # Panics
    ///
    /// If it is running, or cannot be copied.
    #[track_caller]
    pub fn back_up(&self) -> TempDir {
        assert!(self.process.is_none(), "it is running");
        let copy = TempDir::with_prefix("govledger-nats-").expect("there is room for tests");
        directory::copy(&self.store(), copy.path());
        copy
    }

    /// Brings back what it had stored when it was copied.
    ///
    /// # Panics
    ///
    /// If it is running, or cannot be copied.
    #[track_caller]
    pub fn bring_back(&self, copy: &Path) {
        assert!(self.process.is_none(), "it is running");
        fs::remove_dir_all(self.store()).expect("it is ours");
        directory::copy(copy, &self.store());
    }

    fn configuration(&self) -> PathBuf {
        self.root.path().join("nats.conf")
    }

    /// Port 0 is -1 for a nats-server: a free one.
    fn configure(&self) {
        let port = if self.port == 0 {
            "-1".to_owned()
        } else {
            self.port.to_string()
        };
        let store = self.store();
        let store = store.display();
        let text = format!(
            "host: 127.0.0.1\nport: {port}\nserver_name: test\n\
             jetstream {{\n  store_dir: \"{store}\"\n  sync_interval: always\n}}\n"
        );
        fs::write(self.configuration(), text).expect("there is room for tests");
    }
}

/// The program: the one `make nats-server` installs beside the binary.
///
/// # Panics
///
/// If it is not installed.
pub fn program() -> PathBuf {
    let beside = binary::path()
        .ancestors()
        .nth(2)
        .expect("target/<profile>/govledger")
        .join("python/bin/nats-server");
    let program = std::env::var_os("GOVLEDGER_NATS_SERVER").map_or(beside, PathBuf::from);
    assert!(
        program.is_file(),
        "there is no {}: install it with `make nats-server`, or name one in GOVLEDGER_NATS_SERVER",
        program.display()
    );
    program
}

/// The port in the line that says where clients connect.
fn port(line: &str) -> Option<u16> {
    let (_, address) = line.split_once("Listening for client connections on ")?;
    address.trim().rsplit(':').next()?.parse().ok()
}
