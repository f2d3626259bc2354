//! The style sheet, the script and the icon: one file each, named by their digest, so that browsers may keep
//! them for ever.

use std::sync::LazyLock;

use axum::{
    Router,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::services::Sources;

/// One file.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
}

const STYLE: Asset = Asset {
    name: "style.css",
    media_type: "text/css; charset=utf-8",
    text: include_str!("assets/style.css"),
};

const SCRIPT: Asset = Asset {
    name: "site.js",
    media_type: "text/javascript; charset=utf-8",
    text: include_str!("assets/site.js"),
};

const ICON: Asset = Asset {
    name: "icon.svg",
    media_type: "image/svg+xml",
    text: include_str!("assets/icon.svg"),
};

impl Asset {
    /// Names of files begin with a path that no ledger can have.
    fn address(&self) -> String {
        let digest = tlog::sha256(self.text.as_bytes()).to_string();
        format!("/_/{}?v={}", self.name, &digest[..digest.len().min(12)])
    }

    fn respond(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.media_type),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ];
        (headers, self.text).into_response()
    }
}

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/_/style.css", get(async || STYLE.respond()))
        .route("/_/site.js", get(async || SCRIPT.respond()))
        .route("/_/icon.svg", get(async || ICON.respond()))
}

/// The address of the style sheet.
pub(super) fn style() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| STYLE.address());
    &ADDRESS
}

/// The address of the script.
pub(super) fn script() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| SCRIPT.address());
    &ADDRESS
}

/// The address of the icon.
pub(super) fn icon() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| ICON.address());
    &ADDRESS
}
