//! A client of plain HTTP/1.1 that knows just enough, so that what is on the wire is what is tested.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::DEADLINE;

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Names in small letters, and values.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, as it came: of a length, or until the end.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header; its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a text")
    }

    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, body) = bytes.split_at(end.expect("a head"));
        let head = std::str::from_utf8(head).expect("a head of text");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Self {
            status: status.and_then(|code| code.parse().ok()).expect("a code"),
            headers,
            body: body[4..].to_vec(),
        };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(&answer.body);
        }
        answer
    }
}

/// The body of chunks.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n");
        let line = line.expect("a chunk's length");
        let length = std::str::from_utf8(&chunks[..line]).expect("text");
        let length = usize::from_str_radix(length, 16).expect("a number");
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&chunks[line + 2..line + 2 + length]);
        chunks = &chunks[line + 2 + length + 2..];
    }
}

/// Gets a path.
pub(crate) async fn get(server: SocketAddr, path: &str) -> Answer {
    request(server, "GET", path, &[], b"").await
}

/// Sends a request, over a connection of its own.
pub(crate) async fn request(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let length = body.len().to_string();
    let own = [
        ("host", server.to_string()),
        ("connection", "close".to_owned()),
        ("content-length", length),
    ];
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    let lines = own.chain(headers.iter().copied());
    let lines: String = lines
        .flat_map(|(name, value)| [name, ": ", value, "\r\n"])
        .collect();
    let head = format!("{method} {path} HTTP/1.1\r\n{lines}\r\n");
    let exchange = async {
        let mut stream = TcpStream::connect(server).await.expect("a connection");
        stream.write_all(head.as_bytes()).await.expect("sent");
        stream.write_all(body).await.expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        answer
    };
    let answer = timeout(DEADLINE, exchange).await;
    Answer::read(&answer.expect("an answer in time"))
}
