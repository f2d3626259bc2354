//! `QueryService`: answers from the views, each naming the position and a checkpoint it stands on.

mod ask;
mod bodies;
mod consultations;
mod contents;
pub(crate) mod decisions;
mod disclosures;
mod head_audits;
mod imports;
mod issues;
mod ledgers;
mod meetings;
mod moment;
pub(crate) mod motions;
pub(crate) mod offices;
mod overdue;
mod paging;
mod people;
pub(crate) mod powers;
mod proxies;
mod records;
mod reports;
pub(crate) mod rolls;
pub(crate) mod sanctions;
pub(crate) mod search;
pub(crate) mod sentence;
mod tasks;
mod timeline;
mod watch;

use proto::v1::{self, query_service_server::QueryService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use self::paging::Bound;
pub(crate) use self::{
    ask::{Books, Told, field, long_page, optional_field},
    bodies::vacant,
    contents::{Text, Texts},
    issues::all_groups,
    motions::charter_changes,
    records::{combines, reports_of},
    sanctions::case_explained,
    search::search,
};
use super::Sources;
use crate::status::Problem;

/// The service.
#[derive(Clone)]
pub struct Query {
    sources: Sources,
}

impl Query {
    /// A service over these sources.
    pub fn new(sources: Sources) -> Self {
        Self { sources }
    }

    /// The books of a ledger, as of a moment.
    fn books(&self, ledger: &str, moment: Option<v1::Moment>) -> Result<Books, Problem> {
        Books::of(&self.sources, ledger, moment)
    }
}

#[tonic::async_trait]
impl QueryService for Query {
    async fn list_ledgers(
        &self,
        request: Request<v1::ListLedgersRequest>,
    ) -> Result<Response<v1::ListLedgersResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        Ok(bound.seal(ledgers::list(&self.sources, &request)?))
    }

    async fn list_decisions(
        &self,
        request: Request<v1::ListDecisionsRequest>,
    ) -> Result<Response<v1::ListDecisionsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(decisions::list(&books, request).await?))
    }

    type WatchDecisionsStream = ReceiverStream<Result<v1::WatchDecisionsResponse, Status>>;

    async fn watch_decisions(
        &self,
        request: Request<v1::WatchDecisionsRequest>,
    ) -> Result<Response<Self::WatchDecisionsStream>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, None)?;
        let stopping = self.sources.stopping.clone();
        let decisions = watch::decisions(books, &request, stopping).await?;
        Ok(Response::new(decisions))
    }

    async fn get_decision(
        &self,
        request: Request<v1::GetDecisionRequest>,
    ) -> Result<Response<v1::GetDecisionResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(decisions::get(&books, request).await?))
    }

    async fn list_motions(
        &self,
        request: Request<v1::ListMotionsRequest>,
    ) -> Result<Response<v1::ListMotionsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(motions::list(&books, request).await?))
    }

    async fn get_motion(
        &self,
        request: Request<v1::GetMotionRequest>,
    ) -> Result<Response<v1::GetMotionResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(motions::get(&books, request).await?))
    }

    async fn list_officeholders(
        &self,
        request: Request<v1::ListOfficeholdersRequest>,
    ) -> Result<Response<v1::ListOfficeholdersResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(offices::list(&books, request).await?))
    }

    async fn get_timeline(
        &self,
        request: Request<v1::GetTimelineRequest>,
    ) -> Result<Response<v1::GetTimelineResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(timeline::get(&books, request).await?))
    }

    async fn get_roll(
        &self,
        request: Request<v1::GetRollRequest>,
    ) -> Result<Response<v1::GetRollResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(rolls::get(&books, request).await?))
    }

    async fn get_person(
        &self,
        request: Request<v1::GetPersonRequest>,
    ) -> Result<Response<v1::GetPersonResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(people::get(&books, request).await?))
    }

    async fn list_reports(
        &self,
        request: Request<v1::ListReportsRequest>,
    ) -> Result<Response<v1::ListReportsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(reports::list(&books, request).await?))
    }

    async fn get_report(
        &self,
        request: Request<v1::GetReportRequest>,
    ) -> Result<Response<v1::GetReportResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(reports::get(&books, request).await?))
    }

    async fn list_issues(
        &self,
        request: Request<v1::ListIssuesRequest>,
    ) -> Result<Response<v1::ListIssuesResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(issues::list(&books, request).await?))
    }

    async fn count_issues(
        &self,
        request: Request<v1::CountIssuesRequest>,
    ) -> Result<Response<v1::CountIssuesResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(issues::counts(&books, request).await?))
    }

    async fn get_issue(
        &self,
        request: Request<v1::GetIssueRequest>,
    ) -> Result<Response<v1::GetIssueResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(issues::get(&books, request).await?))
    }

    async fn list_powers(
        &self,
        request: Request<v1::ListPowersRequest>,
    ) -> Result<Response<v1::ListPowersResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(powers::list(&books, request).await?))
    }

    async fn diff_powers(
        &self,
        request: Request<v1::DiffPowersRequest>,
    ) -> Result<Response<v1::DiffPowersResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(powers::diff(&books, request).await?))
    }

    async fn get_power(
        &self,
        request: Request<v1::GetPowerRequest>,
    ) -> Result<Response<v1::GetPowerResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(powers::get(&books, request).await?))
    }

    async fn list_sanctions(
        &self,
        request: Request<v1::ListSanctionsRequest>,
    ) -> Result<Response<v1::ListSanctionsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(sanctions::list(&books, request).await?))
    }

    async fn get_sanction(
        &self,
        request: Request<v1::GetSanctionRequest>,
    ) -> Result<Response<v1::GetSanctionResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(sanctions::get(&books, request).await?))
    }

    async fn get_person_record(
        &self,
        request: Request<v1::GetPersonRecordRequest>,
    ) -> Result<Response<v1::GetPersonRecordResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(records::get(&books, request).await?))
    }

    async fn list_person_votes(
        &self,
        request: Request<v1::ListPersonVotesRequest>,
    ) -> Result<Response<v1::ListPersonVotesResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(records::votes(&books, request).await?))
    }

    async fn list_person_acts(
        &self,
        request: Request<v1::ListPersonActsRequest>,
    ) -> Result<Response<v1::ListPersonActsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(records::acts(&books, request).await?))
    }

    async fn list_bodies(
        &self,
        request: Request<v1::ListBodiesRequest>,
    ) -> Result<Response<v1::ListBodiesResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(bodies::list(&books, request).await?))
    }

    async fn get_body(
        &self,
        request: Request<v1::GetBodyRequest>,
    ) -> Result<Response<v1::GetBodyResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(bodies::get(&books, request).await?))
    }

    async fn list_overdue(
        &self,
        request: Request<v1::ListOverdueRequest>,
    ) -> Result<Response<v1::ListOverdueResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(overdue::list(&books, request).await?))
    }

    async fn list_meetings(
        &self,
        request: Request<v1::ListMeetingsRequest>,
    ) -> Result<Response<v1::ListMeetingsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(meetings::list(&books, request).await?))
    }

    async fn get_meeting(
        &self,
        request: Request<v1::GetMeetingRequest>,
    ) -> Result<Response<v1::GetMeetingResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(meetings::get(&books, request).await?))
    }

    async fn list_consultations(
        &self,
        request: Request<v1::ListConsultationsRequest>,
    ) -> Result<Response<v1::ListConsultationsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(consultations::list(&books, request).await?))
    }

    async fn get_consultation(
        &self,
        request: Request<v1::GetConsultationRequest>,
    ) -> Result<Response<v1::GetConsultationResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(consultations::get(&books, request).await?))
    }

    async fn list_tasks(
        &self,
        request: Request<v1::ListTasksRequest>,
    ) -> Result<Response<v1::ListTasksResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(tasks::list(&books, request).await?))
    }

    async fn get_task(
        &self,
        request: Request<v1::GetTaskRequest>,
    ) -> Result<Response<v1::GetTaskResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(tasks::get(&books, request).await?))
    }

    async fn list_proxies(
        &self,
        request: Request<v1::ListProxiesRequest>,
    ) -> Result<Response<v1::ListProxiesResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(proxies::list(&books, request).await?))
    }

    async fn list_disclosures(
        &self,
        request: Request<v1::ListDisclosuresRequest>,
    ) -> Result<Response<v1::ListDisclosuresResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(disclosures::list(&books, request).await?))
    }

    async fn get_disclosure(
        &self,
        request: Request<v1::GetDisclosureRequest>,
    ) -> Result<Response<v1::GetDisclosureResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(disclosures::get(&books, request).await?))
    }

    async fn list_imports(
        &self,
        request: Request<v1::ListImportsRequest>,
    ) -> Result<Response<v1::ListImportsResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, request.moment)?;
        Ok(bound.seal(imports::list(&books, request).await?))
    }

    async fn get_import(
        &self,
        request: Request<v1::GetImportRequest>,
    ) -> Result<Response<v1::GetImportResponse>, Status> {
        let request = request.into_inner();
        let books = self.books(&request.ledger, request.moment)?;
        Ok(Response::new(imports::get(&books, request).await?))
    }

    async fn search(
        &self,
        request: Request<v1::SearchRequest>,
    ) -> Result<Response<v1::SearchResponse>, Status> {
        let (request, bound) = Bound::open(request.into_inner())?;
        let books = self.books(&request.ledger, None)?;
        let searches = &self.sources.searches;
        Ok(bound.seal(search::search(&books, searches, request).await?))
    }
}
