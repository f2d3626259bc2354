//! What is served over plain HTTP, on the same port as gRPC: for browsers, monitors and whoever copies a log.
//!
//! Each page or family of files is one module with a function `routes`, and one line in [`router`]. Handlers
//! take the [`Sources`] as their state and hold nothing of their own.

mod health;
mod metrics;
mod site;
mod tiles;

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{services::Sources, status::Problem};

/// What programs ask for: no gRPC, and no pages.
pub(crate) fn router(sources: Sources) -> Router {
    Router::new()
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(tiles::routes())
        .with_state(sources)
}

/// The pages residents read, and their files.
pub(crate) fn pages(sources: Sources) -> Router {
    site::routes().with_state(sources)
}

/// Whether the answer to a path goes on for as long as somebody listens.
pub(crate) fn goes_on(path: &str) -> bool {
    site::goes_on(path)
}

/// The page for whom there is no place at present.
pub(crate) async fn refused(request: Request, problem: &Problem) -> Response {
    site::refused(request, problem).await
}

/// The answer to a path that leads nowhere: a page; among the files of a log a line, which no cache keeps.
pub(crate) async fn missing(request: Request) -> Response {
    if request.uri().path().starts_with("/log/") {
        return not_found();
    }
    site::missing(request).await
}

/// The answer where a program looked for a file that is not there.
fn not_found() -> Response {
    plain(StatusCode::NOT_FOUND, "There is nothing here.\n")
}

/// A line of text for people and monitors, which no cache keeps.
fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, text.into()).into_response()
}

#[cfg(test)]
mod tests {
    use ledger::found::RESERVED_IDS;

    /// Where this crate's routes are named.
    const ROUTES: [&str; 7] = [
        include_str!("web/health.rs"),
        include_str!("web/metrics.rs"),
        include_str!("web/tiles.rs"),
        include_str!("web/site.rs"),
        include_str!("web/site/api.rs"),
        include_str!("web/site/assets.rs"),
        include_str!("web/site/tables.rs"),
    ];

    #[test]
    fn no_ledger_can_be_called_what_is_served_beside_ledgers() {
        let routes = ROUTES.iter().flat_map(|text| text.split(".route(").skip(1));
        let paths = routes.filter_map(|route| route.trim_start().strip_prefix("\"/"));
        let first = paths.map(|path| path.split(['/', '"']).next().unwrap_or_default());
        // What could be an id: no parameter, no file, and not the site's own `_`.
        let could_be = |word: &&str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !word.is_empty() && word.chars().all(plain)
        };
        let served: Vec<&str> = first.filter(could_be).collect();
        assert!(served.contains(&"metrics") && served.contains(&"log"));
        for name in served {
            assert!(RESERVED_IDS.contains(&name), "{name} is served");
        }
    }
}
