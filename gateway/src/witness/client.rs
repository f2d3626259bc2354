//! Asks witnesses over HTTP or HTTPS, by connections that are kept open.

use axum::body::Bytes;
use axum::http::{Method, Request, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use ledger::witnesses::WitnessClient;

/// The longest answer that is read, in bytes: a checkpoint with a hundred signatures.
const ANSWER_LEN_MAX: usize = 64 * 1024;

/// The media type of requests to witnesses.
const TEXT: &str = "text/plain; charset=utf-8";

/// Reaches witnesses over HTTP. How long they may take is the asker's to say.
#[derive(Clone, Debug)]
pub struct HttpWitnesses {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl HttpWitnesses {
    /// A client that trusts the certificate authorities the system does.
    pub fn new() -> std::io::Result<HttpWitnesses> {
        let builder = HttpsConnectorBuilder::new();
        let provider = tokio_rustls::rustls::crypto::ring::default_provider();
        let connector = builder
            .with_provider_and_native_roots(provider)?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(HttpWitnesses { client })
    }

    /// Posts JSON to whoever wants to be told something; the status and the body.
    pub(crate) async fn tell(&self, url: &str, json: String) -> Result<(u16, Vec<u8>), String> {
        let json = json.into_bytes();
        self.send(Method::POST, url.to_owned(), "application/json", json)
            .await
    }

    async fn send(
        &self,
        method: Method,
        address: String,
        media_type: &'static str,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), String> {
        let uri: Uri = address
            .parse()
            .map_err(|_| format!("{address} is no address"))?;
        let request = Request::builder().method(method).uri(uri);
        let request = request.header(header::CONTENT_TYPE, media_type);
        let request = request.body(Full::from(body)).map_err(|e| e.to_string())?;
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| format!("cannot reach {address}: {}", root(&error)))?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_LEN_MAX).collect();
        let body = body.await.map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes().to_vec()))
    }
}

#[async_trait::async_trait]
impl WitnessClient for HttpWitnesses {
    async fn add_checkpoint(&self, url: &str, request: Vec<u8>) -> Result<(u16, Vec<u8>), String> {
        let address = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        self.send(Method::POST, address, TEXT, request).await
    }

    async fn checkpoint(&self, url: &str, origin_hash: &str) -> Result<(u16, Vec<u8>), String> {
        let address = format!("{}/{origin_hash}/checkpoint", url.trim_end_matches('/'));
        self.send(Method::GET, address, TEXT, Vec::new()).await
    }
}

/// The innermost cause: the one that names what happened.
fn root(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
