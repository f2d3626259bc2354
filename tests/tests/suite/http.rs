//! Questions over plain HTTP/1.1, as a supervisor asks them.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The status and the body of what is at a path of the server at this address.
pub(crate) async fn get(url: &str, path: &str) -> (u16, String) {
    let address = address(url);
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it takes requests");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_owned())
}

/// Begins a call that never ends: returns once the server waits for the rest of it.
pub(crate) async fn begin_call(url: &str) -> TcpStream {
    let address = address(url);
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request = format!(
        "POST /governance.v1.RecordService/Submit HTTP/1.1\r\nhost: {address}\r\n\
         content-type: application/grpc-web+proto\r\ncontent-length: 100\r\nexpect: 100-continue\r\n\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it takes requests");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("it answers");
    assert_eq!(&answer, b"HTTP/1.1 100");
    stream
}

fn address(url: &str) -> &str {
    url.strip_prefix("http://").expect("it is served in clear")
}
