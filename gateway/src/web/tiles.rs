//! A log as files: C2SP's tlog-tiles below `/log/<ledger>/`, for whoever copies, checks or mirrors it with
//! tools that never heard of this program.
//!
//! The checkpoint changes; a tile or entry bundle never does, so caches may keep it for ever. Everything
//! has an `ETag`, which is its digest. Nothing here is believed by anybody for being served.

use std::{io::Write as _, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use flate2::{Compression, write::GzEncoder};
use governance::ids::LedgerId;
use ledger::{Ledger, ReadError};
use tlog::{TileKind, TilePath, tile::encode_bundle};
use tokio::task;
use tower::limit::GlobalConcurrencyLimitLayer;

use super::{not_found, plain};
use crate::services::Sources;

/// Files made at once: an entry bundle is at most 16 MiB, and nearly always a hundredth of that.
const FILES_MAX: usize = 32;

/// The checkpoint changes with every block; a few seconds of caching spare a busy node.
const CACHE_CHECKPOINT: &str = "public, max-age=2";
/// A year, the most that caches take for "for ever".
const CACHE_TILE: &str = "public, max-age=31536000, immutable";

const TEXT: &str = "text/plain; charset=utf-8";
const OCTETS: &str = "application/octet-stream";

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/log/{ledger}/checkpoint", get(checkpoint))
        .route("/log/{ledger}/tile/{*place}", get(tile))
        .layer(GlobalConcurrencyLimitLayer::new(FILES_MAX))
}

async fn checkpoint(
    State(sources): State<Sources>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(ledger) = find(&sources, &id) else {
        return not_found();
    };
    let Some(published) = ledger.published() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "pending witnesses\n");
    };
    let file = File {
        bytes: published.checkpoint.to_bytes(),
        kind: TEXT,
        cache: CACHE_CHECKPOINT,
        compress: false,
    };
    file.answer(&headers).await
}

async fn tile(
    State(sources): State<Sources>,
    Path((id, place)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let path: Option<TilePath> = format!("tile/{place}").parse().ok();
    let (Some(ledger), Some(path)) = (find(&sources, &id), path) else {
        return not_found();
    };
    let (bytes, compress) = match path.kind() {
        // Hashes do not compress.
        TileKind::Hashes(_) => (hashes(ledger, path).await, false),
        TileKind::Entries => (entries(&ledger, path).await, true),
    };
    match bytes {
        Ok(Some(bytes)) => {
            let file = File {
                bytes,
                kind: OCTETS,
                cache: CACHE_TILE,
                compress,
            };
            file.answer(&headers).await
        }
        // It may come to be: no cache may keep that it is not there.
        Ok(None) => not_found(),
        Err(error) => {
            tracing::warn!(ledger = id, %path, %error, "a tile cannot be served");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "This part of the log cannot be read at present.\n",
            )
        }
    }
}

fn find(sources: &Sources, id: &str) -> Option<Arc<Ledger>> {
    let id = LedgerId::new(id).ok()?;
    sources.node.ledger(&id)
}

/// A tile of hashes, which the ledger has ready.
async fn hashes(ledger: Arc<Ledger>, path: TilePath) -> Result<Option<Vec<u8>>, ReadError> {
    let read = task::spawn_blocking(move || ledger.tile(&path)).await;
    read.unwrap_or(Ok(None))
}

/// A bundle of entries, read from the log; none if the log does not reach so far.
async fn entries(ledger: &Ledger, path: TilePath) -> Result<Option<Vec<u8>>, ReadError> {
    let from = path.first_position();
    let end = from.checked_add(u64::from(path.width()));
    if end.is_none_or(|end| end > *ledger.durable_size().borrow()) {
        return Ok(None);
    }
    let width = usize::from(path.width());
    let mut bundle = Vec::with_capacity(width);
    while bundle.len() < width {
        let next = from + bundle.len() as u64;
        let page = ledger.entries(next, width - bundle.len()).await?;
        if page.is_empty() {
            return Ok(None);
        }
        bundle.extend(page.iter().map(|entry| entry.bytes.clone()));
    }
    // Entries within the bounds of the log are within those of a bundle.
    Ok(encode_bundle(&bundle).ok())
}

/// What a path leads to.
struct File {
    bytes: Vec<u8>,
    kind: &'static str,
    cache: &'static str,
    /// Whether it gets shorter by compression.
    compress: bool,
}

impl File {
    /// The file, unless the client has it already; compressed for whoever says to read that.
    async fn answer(self, asked: &HeaderMap) -> Response {
        let gzip = self.compress && accepts_gzip(asked);
        let etag = etag(&self.bytes, gzip);
        let mut headers = HeaderMap::new();
        let mut set = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::ETAG, &etag);
        set(header::CACHE_CONTROL, self.cache);
        // Whoever checks a log in a browser, from whatever page, reads it here.
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        if self.compress {
            set(header::VARY, "accept-encoding");
        }
        if is_known(asked, &etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        set(header::CONTENT_TYPE, self.kind);
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        if !gzip {
            return (headers, self.bytes).into_response();
        }
        set(header::CONTENT_ENCODING, "gzip");
        let compressed = task::spawn_blocking(move || compressed(&self.bytes)).await;
        match compressed {
            Ok(Ok(bytes)) => (headers, bytes).into_response(),
            _ => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "It cannot be compressed.\n",
            ),
        }
    }
}

/// The digest of the bytes; other bytes on the wire, other tag (RFC 9110 §8.8.3).
fn etag(bytes: &[u8], gzip: bool) -> String {
    let digest = tlog::sha256(bytes).to_string();
    let (digest, manner) = (&digest[..32], if gzip { "-gzip" } else { "" });
    format!("\"{digest}{manner}\"")
}

/// Whether the client says that it has this version (RFC 9110 §13.1.2).
fn is_known(asked: &HeaderMap, etag: &str) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter();
    let tags = lists.filter_map(|list| list.to_str().ok());
    let mut tags = tags.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Whether the client reads gzip: named, or covered by `*`, and not with a weight of zero (RFC 9110
/// §12.5.3).
fn accepts_gzip(asked: &HeaderMap) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter();
    let codings = lists.filter_map(|list| list.to_str().ok());
    let codings = codings.flat_map(|list| list.split(','));
    let mut any = None;
    for coding in codings {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        let wanted = weight.is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0));
        if name.eq_ignore_ascii_case("gzip") {
            return wanted;
        }
        if name == "*" {
            any = Some(wanted);
        }
    }
    any.unwrap_or(false)
}

fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn gzip_is_for_those_who_read_it() {
        let accepts = |value: &str| accepts_gzip(&asking(header::ACCEPT_ENCODING, value));
        for yes in [
            "gzip",
            "GZIP",
            "br, gzip;q=0.1",
            "*",
            "identity, gzip;q=1.0",
            "br;q=1,*;q=0.5",
        ] {
            assert!(accepts(yes), "{yes}");
        }
        for no in [
            "",
            "identity",
            "gzip;q=0",
            "*;q=0",
            "gzip;q=0.000, *",
            "br, deflate",
        ] {
            assert!(!accepts(no), "{no}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_known_version_is_known_by_its_whole_tag() {
        let known = |value: &str| is_known(&asking(header::IF_NONE_MATCH, value), "\"ab\"");
        for yes in ["\"ab\"", "W/\"ab\"", "\"x\", \"ab\"", "*"] {
            assert!(known(yes), "{yes}");
        }
        for no in ["\"a\"", "ab", "\"ab-gzip\"", ""] {
            assert!(!known(no), "{no}");
        }
        assert_ne!(etag(b"x", false), etag(b"x", true));
        assert_ne!(etag(b"x", false), etag(b"y", false));
    }
}
