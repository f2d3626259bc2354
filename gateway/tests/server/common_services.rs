//! Services that every gRPC server has: health and reflection.

use gateway::client::ServerRefusal;
use tokio_stream::{StreamExt as _, once};
use tonic::{Code, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use crate::support::Town;

async fn channel(town: &Town) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{}", town.address));
    let channel = endpoint.expect("an address").connect().await;
    channel.expect("a connection")
}

fn about(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

#[tokio::test]
async fn health_is_told_by_service_until_the_server_goes_down() {
    let town = Town::founded().await;
    let mut health = HealthClient::new(channel(&town).await);
    for service in [
        "",
        "governance.v1.RecordService",
        "governance.v1.AuditService",
        "governance.v1.QueryService",
    ] {
        let checked = health.check(about(service)).await.expect("known");
        let status = checked.into_inner().status();
        assert_eq!(status, ServingStatus::Serving, "{service}");
    }
    let unknown = health.check(about("no.Service")).await.unwrap_err();
    let refusal = ServerRefusal::from(&unknown);
    let told = (refusal.code, refusal.reason.as_str());
    assert_eq!(told, (Code::NotFound, "NO_SUCH_SERVICE"));

    let watched = health.watch(about("governance.v1.RecordService")).await;
    let mut watched = watched.expect("a stream").into_inner();
    let first = watched
        .message()
        .await
        .expect("no error")
        .expect("a status");
    assert_eq!(first.status(), ServingStatus::Serving);
    let rest = tokio::spawn(async move {
        let mut statuses = Vec::new();
        while let Ok(Some(next)) = watched.message().await {
            statuses.push(next.status());
        }
        statuses
    });
    town.stop().await;
    let rest = rest.await.expect("no panic");
    assert_eq!(rest, [ServingStatus::NotServing], "and then nothing more");
}

#[tokio::test]
async fn reflection_tells_what_there_is() {
    let town = Town::founded().await;
    let mut reflection = ServerReflectionClient::new(channel(&town).await);
    let mut ask = async |question| {
        let request = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(question),
        };
        let answers = reflection.server_reflection_info(once(request)).await;
        let mut answers = answers.expect("a stream").into_inner();
        let answer = answers.next().await.expect("an answer");
        answer.expect("no error").message_response.expect("one")
    };
    let MessageResponse::ListServicesResponse(list) =
        ask(MessageRequest::ListServices(String::new())).await
    else {
        panic!("a list of services");
    };
    let services: Vec<_> = list.service.into_iter().map(|one| one.name).collect();
    for service in [
        "governance.v1.RecordService",
        "governance.v1.AuditService",
        "governance.v1.QueryService",
        "grpc.health.v1.Health",
    ] {
        assert!(
            services.iter().any(|known| known == service),
            "{services:?}"
        );
    }
    let symbol = "governance.v1.BallotCast".to_owned();
    let found = ask(MessageRequest::FileContainingSymbol(symbol)).await;
    assert!(matches!(found, MessageResponse::FileDescriptorResponse(_)));
    town.stop().await;
}
