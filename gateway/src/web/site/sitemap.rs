//! Where the pages are, for whoever indexes them (sitemaps.org), and what robots may read: everything.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use projector::{
    PAGE_SIZE_MAX, PageRequest,
    views::{
        decisions::DecisionFilter,
        offices::{AsOf, OfficeFilter},
        powers::PowerFilter,
        reports::ReportFilter,
    },
};

use super::{api, desk::Desk, reader::Reader, tables::LISTS, xml::Xml};
use crate::{
    services::{Sources, query::long_page},
    status::Problem,
};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Addresses in a sitemap: the protocol's bound is 50,000.
const ADDRESSES_MAX: usize = 20 * PAGE_SIZE_MAX;

pub(super) async fn robots(reader: Reader) -> Response {
    let text = format!(
        "User-agent: *\nAllow: /\nSitemap: {}\n",
        reader.absolute("/sitemap.xml")
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// The sitemaps, one a community.
pub(super) async fn index(reader: Reader, State(sources): State<Sources>) -> Response {
    let mut xml = Xml::new();
    xml.element("sitemapindex", &[("xmlns", NAMESPACE)], |xml| {
        for ledger in sources.node.ledgers() {
            let at = reader.absolute(&format!("/{ledger}/sitemap.xml"));
            xml.element("sitemap", &[], |xml| xml.text("loc", &at));
        }
    });
    respond(xml)
}

/// The pages of a community.
pub(super) async fn of_ledger(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    match addresses(&reader, &sources, &ledger).await {
        Ok(xml) => respond(xml),
        Err(problem) => api::refused(&problem),
    }
}

async fn addresses(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Xml, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let now = desk.books.now();
    let told = desk
        .books
        .ask(move |view| {
            let filter = DecisionFilter::default();
            let decisions = long_page(ADDRESSES_MAX, "", |page| view.decisions(&filter, page))?;
            let bodies = view.bodies(&PageRequest::new(PAGE_SIZE_MAX, ""))?;
            let now = AsOf::Time(now);
            let powers = PowerFilter::default();
            let powers = long_page(ADDRESSES_MAX, "", |page| view.powers(&powers, now, page))?;
            let reports = ReportFilter::default();
            let reports = long_page(ADDRESSES_MAX, "", |page| view.reports(&reports, page))?;
            let everybody = OfficeFilter::default();
            let seats = long_page(ADDRESSES_MAX, "", |page| {
                view.officeholders(&everybody, now, page)
            })?;
            let people: BTreeSet<_> = seats.rows.into_iter().map(|seat| seat.person).collect();
            Ok((
                decisions.rows,
                bodies.rows,
                powers.rows,
                reports.rows,
                people,
            ))
        })
        .await?;
    let (decisions, bodies, powers, reports, people) = told.value;
    let lists = LISTS.iter().map(|list| format!("/{}", list.name));
    let others = ["", "/rules", "/power-changes", "/search", "/check"].map(str::to_owned);
    let mut paths: Vec<String> = others.into_iter().chain(lists).collect();
    paths.extend(bodies.iter().map(|row| format!("/bodies/{}", row.body)));
    paths.extend(
        decisions
            .iter()
            .map(|row| format!("/decisions/{}", row.motion)),
    );
    paths.extend(people.iter().map(|person| format!("/people/{person}")));
    paths.extend(powers.iter().map(|row| format!("/powers/{}", row.item)));
    paths.extend(
        reports
            .iter()
            .map(|row| format!("/reports/{}/{}", row.body, row.year)),
    );
    paths.truncate(ADDRESSES_MAX);
    let mut xml = Xml::new();
    xml.element("urlset", &[("xmlns", NAMESPACE)], |xml| {
        for path in &paths {
            let at = reader.absolute(&desk.path(path));
            xml.element("url", &[], |xml| xml.text("loc", &at));
        }
    });
    Ok(xml)
}

fn respond(xml: Xml) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, xml.finish()).into_response()
}
