//! A visitor's wishes, as far as the address and the browser tell them: language and size of print. They are kept
//! in the addresses of links, so that no cookie is needed.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts, uri::Authority},
};
use form_urlencoded::{Serializer, parse};

use super::lang::Lang;

/// The parameter that chooses the language.
const LANG: &str = "lang";

/// The parameter that chooses the size of print, and its one value.
const PRINT: &str = "print";
const LARGE: &str = "large";

/// Who reads a page, and which.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// The language.
    pub(super) lang: Lang,
    /// Whether the print is large.
    pub(super) large: bool,
    /// Whether the address says the language, and not the browser.
    lang_chosen: bool,
    path: String,
    /// What the address says besides.
    query: Vec<(String, String)>,
    /// Scheme and host, as the visitor named them.
    base: String,
}

impl Reader {
    fn of(path: &str, query: &str, accept: Option<&str>) -> Self {
        let mut chosen = None;
        let mut large = false;
        let mut rest = Vec::new();
        for (name, value) in parse(query.as_bytes()) {
            match name.as_ref() {
                LANG => chosen = Lang::of_code(&value),
                PRINT => large = value == LARGE,
                _ => rest.push((name.into_owned(), value.into_owned())),
            }
        }
        Self {
            lang: chosen.unwrap_or_else(|| Lang::preferred(accept)),
            large,
            lang_chosen: chosen.is_some(),
            path: path.to_owned(),
            query: rest,
            base: String::new(),
        }
    }

    /// Under this scheme and host.
    fn at(mut self, base: String) -> Self {
        self.base = base;
        self
    }

    /// A whole address of a path, where the visitor named a host.
    pub(super) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The path of the page.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// A parameter of the page; empty where there is none.
    pub(super) fn parameter(&self, name: &str) -> &str {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// Whether the page shows a part of what there is.
    pub(super) fn is_filtered(&self) -> bool {
        let filters = self.query.iter().filter(|(name, _)| name != "page");
        filters
            .map(|(_, value)| value.trim())
            .any(|value| !value.is_empty())
    }

    /// What every link and form of the page carries on.
    pub(super) fn kept(&self) -> Vec<(&'static str, &'static str)> {
        let lang = self.lang_chosen.then(|| (LANG, self.lang.code()));
        let print = self.large.then_some((PRINT, LARGE));
        lang.into_iter().chain(print).collect()
    }

    /// The address of another page for the same visitor.
    pub(super) fn link(&self, path: &str) -> String {
        self.link_with(path, &[])
    }

    /// The same, with parameters; empty ones are left out.
    pub(super) fn link_with(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let mut pairs = Serializer::new(String::new());
        pairs.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
        pairs.extend_pairs(self.kept());
        let query = pairs.finish();
        // A fragment comes last.
        let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
        let mark = if query.is_empty() { "" } else { "?" };
        let hash = if fragment.is_empty() { "" } else { "#" };
        format!("{path}{mark}{query}{hash}{fragment}")
    }

    /// This page with one parameter changed.
    pub(super) fn here_with(&self, name: &str, value: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self
            .query
            .iter()
            .filter(|(known, _)| known != name)
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        pairs.push((name, value));
        self.link_with(&self.path, &pairs)
    }

    /// Another address about what this page shows: with its filters, from the first page on.
    pub(super) fn same_of(&self, path: &str) -> String {
        let pairs = self.query.iter().filter(|(name, _)| name != "page");
        let pairs: Vec<_> = pairs.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.link_with(path, &pairs)
    }

    /// This page in a language.
    pub(super) fn here_in(&self, lang: Lang) -> String {
        let mut other = self.clone();
        other.lang = lang;
        other.lang_chosen = true;
        other.here()
    }

    /// This page in large or standard print.
    pub(super) fn here_in_print(&self, large: bool) -> String {
        let mut other = self.clone();
        other.large = large;
        other.here()
    }

    /// This page's address for whoever asks next: without the visitor's wishes.
    pub(super) fn canonical(&self) -> String {
        let mut other = self.clone();
        other.large = false;
        other.lang_chosen = false;
        other.here()
    }

    fn here(&self) -> String {
        let pairs = self.query.iter();
        let pairs: Vec<_> = pairs.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.link_with(&self.path, &pairs)
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accept = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accept = accept.and_then(|value| value.to_str().ok());
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self::of(parts.uri.path(), query, accept).at(base(parts)))
    }
}

/// Scheme and host of a request: of a server in front, where one says so. A host that is none is left out.
fn base(parts: &Parts) -> String {
    let named = |name: &str| {
        let value = parts.headers.get(name)?;
        value.to_str().ok()
    };
    let host = named("host").or_else(|| parts.uri.authority().map(Authority::as_str));
    let is_host = |host: &&str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte))
    };
    let scheme = match named("x-forwarded-proto") {
        Some("https") => "https",
        _ => "http",
    };
    host.filter(is_host)
        .map(|host| format!("{scheme}://{host}"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_kept_in_every_link() {
        let reader = Reader::of("/a/decisions", "body=x&print=large&lang=en", Some("zh"));
        assert!(reader.large && reader.lang == Lang::En);
        assert_eq!(reader.link("/a"), "/a?lang=en&print=large");
        assert_eq!(reader.link("/a#b"), "/a?lang=en&print=large#b");
        assert_eq!(
            reader.link_with("/a", &[("body", "b & c"), ("page", "")]),
            "/a?body=b+%26+c&lang=en&print=large"
        );
        assert_eq!(
            reader.here_in(Lang::Zh),
            "/a/decisions?body=x&lang=zh&print=large"
        );
        assert_eq!(reader.here_in_print(false), "/a/decisions?body=x&lang=en");
        assert_eq!(
            reader.here_with("page", "7"),
            "/a/decisions?body=x&page=7&lang=en&print=large"
        );
        assert_eq!(reader.canonical(), "/a/decisions?body=x");
        assert_eq!(
            reader.same_of("/a/decisions.csv"),
            "/a/decisions.csv?body=x&lang=en&print=large"
        );
        assert_eq!(reader.parameter("body"), "x");
    }

    #[test]
    fn without_wishes_links_are_bare_and_the_browser_chooses() {
        let reader = Reader::of("/a", "lang=fr&print=huge", Some("en"));
        assert_eq!((reader.lang, reader.large), (Lang::En, false));
        assert_eq!(reader.link("/a/rules"), "/a/rules");
    }
}
