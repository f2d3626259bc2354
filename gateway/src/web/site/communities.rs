//! The first page: which communities keep their ledgers here.

use axum::{extract::State, response::Response};
use governance::ids::LedgerId;
use maud::{Markup, html};

use super::{
    layout::{Page, Section, said},
    reader::Reader,
    show::{self, Times},
};
use crate::services::Sources;

/// Most communities on the page; a node that keeps more needs a search.
const COMMUNITIES_MAX: usize = 500;

pub(super) async fn page(reader: Reader, State(sources): State<Sources>) -> Response {
    let lang = reader.lang;
    let mut ids = sources.node.ledgers();
    ids.truncate(COMMUNITIES_MAX);
    let main = html! {
        h1 { (lang.communities()) }
        p.lead { (lang.communities_intro()) }
        ul.cards {
            @for id in &ids { (card(&reader, &sources, id)) }
            @for (id, _) in sources.node.failed() {
                li.card { strong { (id) } p { (lang.unserved()) } }
            }
        }
    };
    Page::new(Section::Communities, lang.communities())
        .described(lang.communities_intro())
        .showing(main)
        .respond(&reader)
}

fn card(reader: &Reader, sources: &Sources, id: &LedgerId) -> Markup {
    let lang = reader.lang;
    let Some(ledger) = sources.node.ledger(id) else {
        return html! {};
    };
    let info = ledger.info();
    let times = Times::new(lang, info.utc_offsets.clone());
    let founded = show::day(lang, times.date_of(info.founded_at));
    html! {
        li.card {
            a.block href=(reader.link(&format!("/{id}"))) { strong { (said(lang, &info.name)) } }
            @if info.demo { p.demo { (lang.demo_banner()) } }
            p { (lang.founded_on(founded)) }
            p { (lang.records(show::number(info.size))) }
        }
    }
}
