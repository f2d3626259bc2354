//! `grpc.health.v1.Health`: which services take calls, for balancers and orchestrators.

use proto::v1::{
    audit_service_server::AuditServiceServer, query_service_server::QueryServiceServer,
    record_service_server::RecordServiceServer,
};
use tonic::server::NamedService;
use tonic_health::{
    ServingStatus,
    pb::health_server::{Health, HealthServer},
    server::{HealthReporter, HealthService},
};

use crate::services::{Audit, Query, Record};

/// The services that are told about; the empty name stands for the server as a whole.
const SERVICES: [&str; 4] = [
    "",
    RecordServiceServer::<Record>::NAME,
    AuditServiceServer::<Audit>::NAME,
    QueryServiceServer::<Query>::NAME,
];

/// Says how the services are.
#[derive(Clone, Debug)]
pub(super) struct Reporter(HealthReporter);

impl Reporter {
    /// All take calls.
    pub(super) async fn serving() -> Self {
        let reporter = Self(HealthReporter::new());
        reporter.say(ServingStatus::Serving).await;
        reporter
    }

    /// The service that answers.
    pub(super) fn service(&self) -> HealthServer<impl Health + use<>> {
        HealthServer::new(HealthService::from_health_reporter(self.0.clone()))
    }

    /// None takes calls any more. Who watches is told so, and then that there is nothing more to come.
    pub(super) async fn stopping(mut self) {
        self.say(ServingStatus::NotServing).await;
        for service in SERVICES {
            self.0.clear_service_status(service).await;
        }
    }

    async fn say(&self, status: ServingStatus) {
        for service in SERVICES {
            self.0.set_service_status(service, status).await;
        }
    }
}
