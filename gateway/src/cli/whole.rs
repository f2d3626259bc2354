//! Answers that come in pages, put together: who asked for a motion wants all of its history.

use proto::v1;

use super::{
    connection::{Session, Told as _},
    failure::Failure,
};

/// A decision with all of its ballots.
pub(crate) async fn decision(
    session: &Session,
    motion: String,
) -> Result<v1::GetDecisionResponse, Failure> {
    let mut query = session.server.query();
    let mut request = v1::GetDecisionRequest {
        ledger: session.ledger(),
        motion,
        ..v1::GetDecisionRequest::default()
    };
    let mut whole = query.get_decision(request.clone()).await.told()?;
    while !whole.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut whole.next_page_token);
        let page = query.get_decision(request.clone()).await.told()?;
        whole.ballots.extend(page.ballots);
        whole.next_page_token = page.next_page_token;
    }
    Ok(whole)
}

/// A motion with all of its history.
pub(crate) async fn motion(
    session: &Session,
    motion: String,
) -> Result<v1::GetMotionResponse, Failure> {
    let mut query = session.server.query();
    let mut request = v1::GetMotionRequest {
        ledger: session.ledger(),
        motion,
        ..v1::GetMotionRequest::default()
    };
    let mut whole = query.get_motion(request.clone()).await.told()?;
    while !whole.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut whole.next_page_token);
        let page = query.get_motion(request.clone()).await.told()?;
        whole.history.extend(page.history);
        whole.next_page_token = page.next_page_token;
    }
    Ok(whole)
}

/// All officeholders asked for.
pub(crate) async fn officeholders(
    session: &Session,
    mut request: v1::ListOfficeholdersRequest,
) -> Result<v1::ListOfficeholdersResponse, Failure> {
    let mut query = session.server.query();
    let mut whole = query.list_officeholders(request.clone()).await.told()?;
    while !whole.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut whole.next_page_token);
        let page = query.list_officeholders(request.clone()).await.told()?;
        whole.officeholders.extend(page.officeholders);
        whole.next_page_token = page.next_page_token;
    }
    Ok(whole)
}

/// A roll with all of its lines, where lines are asked for.
pub(crate) async fn roll(
    session: &Session,
    mut request: v1::GetRollRequest,
) -> Result<v1::GetRollResponse, Failure> {
    let mut query = session.server.query();
    let mut whole = query.get_roll(request.clone()).await.told()?;
    while !whole.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut whole.next_page_token);
        let page = query.get_roll(request.clone()).await.told()?;
        whole.lines.extend(page.lines);
        whole.next_page_token = page.next_page_token;
    }
    Ok(whole)
}
