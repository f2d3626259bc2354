//! A proxy before a NATS server that loses what it is told to lose, as a network does.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes on what clients and the server say to one another, message by message from the server.
/// Dropping it closes every connection.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    orders: Arc<Orders>,
    /// Connections made under an earlier number are closed.
    generation: watch::Sender<u64>,
}

/// What is to be lost.
#[derive(Debug, Default)]
struct Orders {
    lose: Mutex<Option<Lose>>,
    lost: watch::Sender<u64>,
}

#[derive(Debug)]
enum Lose {
    /// The next messages of the server with these bytes, so many of them.
    With { bytes: Vec<u8>, left: u64 },
    /// Everything the server says.
    Everything,
}

impl Proxy {
    /// Listens on a free port of this machine before a server at this address.
    ///
    /// # Panics
    ///
    /// If there is no port to be had.
    pub async fn before(server: String) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let orders = Arc::new(Orders::default());
        let (generation, connections) = watch::channel(0);
        tokio::spawn(accept(listener, server, Arc::clone(&orders), connections));
        Proxy {
            address,
            orders,
            generation,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("nats://{}", self.address)
    }

    /// Loses the next `count` messages of the server that contain these bytes; others pass.
    pub fn lose(&self, count: u64, bytes: &str) {
        let bytes = bytes.as_bytes().to_vec();
        self.order(Some(Lose::With { bytes, left: count }));
    }

    /// Loses everything the server says from now on, while what clients say still arrives.
    pub fn lose_everything(&self) {
        self.order(Some(Lose::Everything));
    }

    /// Loses nothing more, and closes all connections: clients connect again.
    pub fn cut(&self) {
        self.order(None);
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// Waits until so many messages were lost since the beginning.
    ///
    /// # Panics
    ///
    /// If the deadline passes.
    pub async fn lost(&self, count: u64) {
        let mut lost = self.orders.lost.subscribe();
        let enough = lost.wait_for(|lost| *lost >= count);
        let enough = tokio::time::timeout(crate::DEADLINE, enough).await;
        enough.expect("lost in time").expect("the proxy lives");
    }

    fn order(&self, lose: Option<Lose>) {
        *self
            .orders
            .lose
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = lose;
    }
}

impl Orders {
    /// Whether this message of the server is lost.
    fn lose(&self, message: &[u8]) -> bool {
        let is_lost = match &mut *self.lose.lock().unwrap_or_else(PoisonError::into_inner) {
            None => false,
            Some(Lose::Everything) => true,
            Some(Lose::With { bytes, left }) => {
                let hit = *left > 0 && contains(message, bytes);
                *left -= u64::from(hit);
                hit
            }
        };
        if is_lost {
            self.lost.send_modify(|lost| *lost += 1);
        }
        is_lost
    }
}

fn contains(message: &[u8], bytes: &[u8]) -> bool {
    message.windows(bytes.len()).any(|window| window == bytes)
}

async fn accept(
    listener: TcpListener,
    server: String,
    orders: Arc<Orders>,
    generation: watch::Receiver<u64>,
) {
    let mut closed = generation.clone();
    loop {
        let client = tokio::select! {
            Ok((client, _)) = listener.accept() => client,
            // The proxy is dropped.
            Err(_) = closed.wait_for(|_| false) => return,
        };
        let (server, orders, generation) =
            (server.clone(), Arc::clone(&orders), generation.clone());
        tokio::spawn(async move {
            // Either end may close at any time.
            let _ = pass(client, &server, &orders, generation).await;
        });
    }
}

/// Passes on until one end closes, or the connection is cut.
async fn pass(
    client: TcpStream,
    server: &str,
    orders: &Orders,
    mut generation: watch::Receiver<u64>,
) -> io::Result<()> {
    generation.mark_unchanged();
    let server = TcpStream::connect(server).await?;
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    tokio::select! {
        result = tokio::io::copy(&mut from_client, &mut to_server) => result.map(|_| ()),
        result = answer(from_server, to_client, orders) => result,
        _ = generation.changed() => Ok(()),
    }
}

async fn answer(from: OwnedReadHalf, mut to: OwnedWriteHalf, orders: &Orders) -> io::Result<()> {
    let mut from = BufReader::new(from);
    loop {
        let message = next(&mut from).await?;
        if message.is_empty() {
            return Ok(());
        }
        if !orders.lose(&message) {
            to.write_all(&message).await?;
        }
    }
}

/// The next message of the server: a line, and for MSG and HMSG the payload of as many bytes as its
/// last word says.
async fn next(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    from.read_until(b'\n', &mut message).await?;
    let line = String::from_utf8_lossy(&message);
    if line.starts_with("MSG ") || line.starts_with("HMSG ") {
        let length = line
            .split_whitespace()
            .last()
            .and_then(|word| word.parse().ok());
        let length: usize = length.ok_or(io::ErrorKind::InvalidData)?;
        let start = message.len();
        message.resize(start + length + "\r\n".len(), 0);
        from.read_exact(&mut message[start..]).await?;
    }
    Ok(message)
}
