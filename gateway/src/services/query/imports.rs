//! What was taken over from elsewhere.

use governance::ids::{AffairId, BodyId};
use projector::{
    PageRequest, QueryError, View,
    views::{corrections::CorrectionRow, imports::ImportRow},
};
use proto::v1;

use super::{
    ask::{Books, field, optional_field, page_request},
    contents::Texts,
};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListImportsRequest,
) -> Result<v1::ListImportsResponse, Problem> {
    let body: Option<BodyId> = optional_field("body", &request.body)?;
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let page = view.imports(body.as_ref(), &page)?;
            let imports = page.rows.iter().map(|row| import(view, row));
            Ok((imports.collect::<Result<_, _>>()?, page.next))
        })
        .await?;
    let (imports, next) = told.value;
    Ok(v1::ListImportsResponse {
        imports,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetImportRequest,
) -> Result<v1::GetImportResponse, Problem> {
    let id: AffairId = field("record", &request.record)?;
    let told = books
        .ask(move |view| {
            let row = view.import(&id)?;
            row.map(|row| Ok((import(view, &row)?, row))).transpose()
        })
        .await?;
    let (import, row) = told
        .value
        .ok_or_else(|| Problem::no_such_affair(books.id(), "record", &request.record))?;
    let mut texts = Texts::new(&books.ledger);
    Ok(v1::GetImportResponse {
        import: Some(import),
        original: texts.public(row.content.as_ref()).await?,
        position: Some(told.position),
    })
}

fn import(view: &View<'_>, row: &ImportRow) -> Result<v1::Import, QueryError> {
    let by = row.imported_by.as_ref();
    let corrections = view.corrections_of(row.imported.index, &PageRequest::default())?;
    Ok(v1::Import {
        record: row.record.to_string(),
        body: row.body.to_string(),
        source: row.source.clone(),
        digest: row.digest.0.to_vec(),
        held_on: row.held_on.to_string(),
        summary: row.summary.clone(),
        imported_index: row.imported.index,
        imported_at_ms: row.imported.at.0,
        imported_by: by.map(ToString::to_string).unwrap_or_default(),
        attested_by: row.attested_by.to_string(),
        corrections: corrections.rows.into_iter().map(correction).collect(),
    })
}

fn correction(row: CorrectionRow) -> v1::Correction {
    let by = row.recorded_by.as_ref();
    v1::Correction {
        index: row.index,
        recorded_at_ms: row.recorded_at.0,
        recorded_by: by.map(ToString::to_string).unwrap_or_default(),
        attested_by: row.attested_by.to_string(),
        reason: row.reason,
        note: row.note.unwrap_or_default(),
    }
}
