//! Who votes for whom.

use governance::ids::MotionId;
use projector::views::proxies::ProxyRow;
use proto::v1;

use super::ask::{Books, field, page_request};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListProxiesRequest,
) -> Result<v1::ListProxiesResponse, Problem> {
    let motion: MotionId = field("motion", &request.motion)?;
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let known = view.motion(&motion)?.is_some();
            known.then(|| view.proxies(&motion, &page)).transpose()
        })
        .await?;
    let page = told
        .value
        .ok_or_else(|| Problem::no_such_motion(books.id(), &request.motion))?;
    Ok(v1::ListProxiesResponse {
        proxies: page.rows.iter().map(proxy).collect(),
        next_page_token: page.next.unwrap_or_default(),
        position: Some(told.position),
    })
}

fn proxy(row: &ProxyRow) -> v1::Proxy {
    v1::Proxy {
        principal: row.principal.to_string(),
        holder: row.holder.to_string(),
        index: row.index,
    }
}
