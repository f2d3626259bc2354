//! The register of sanctions as a table: it names whom the register names, and nobody else.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use projector::views::{offices::AsOf, sanctions::CaseFilter};

use super::{super::lang::Lang, Desk, Names, Reader, ask_with, cells, respond};
use crate::{
    services::{Sources, query::case_explained},
    status::Problem,
};

pub(super) fn routes() -> Router<Sources> {
    Router::new().route("/{ledger}/sanctions.csv", get(sanction_table))
}

async fn sanction_table(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let lang = reader.lang;
    let head = [
        lang.number(),
        lang.body(),
        lang.person(),
        lang.outcome(),
        lang.day_from(),
        lang.day_until(),
    ];
    let table = async || {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        let as_of = AsOf::Time(desk.books.now());
        let (page, names) = ask_with(&desk, move |view, page| {
            let rows = view.cases(&CaseFilter::default(), as_of, page)?;
            let mut names = Names::default();
            for case in &rows.rows {
                if let Some(body) = &case.body {
                    names.body(view, body)?;
                }
                if let Some(named) = &case.named {
                    names.person(view, &named.person)?;
                }
            }
            Ok((names, rows))
        })
        .await?;
        let names = names.fetch(&desk.books).await?;
        cells(page, |case| {
            let explained = case_explained(&case);
            let against = case.named.as_ref();
            let on = case.sanction.as_ref();
            let until = on.and_then(|on| on.until);
            Ok(vec![
                case.case.to_string(),
                case.body
                    .as_ref()
                    .map(|body| names.of_body(body).to_owned())
                    .unwrap_or_default(),
                against
                    .map(|who| names.of_person(&who.person).to_owned())
                    .unwrap_or_default(),
                match lang {
                    Lang::Zh => explained.chinese,
                    Lang::En => explained.english,
                },
                on.map(|on| on.from.to_string()).unwrap_or_default(),
                until.map(|day| day.to_string()).unwrap_or_default(),
            ])
        })
        .map_err(Problem::from)
    };
    respond(&reader, "sanctions", &head, table().await)
}
