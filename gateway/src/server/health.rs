//! `grpc.health.v1.Health`: which services take calls, for balancers and orchestrators.

use std::time::Duration;

use ledger::Node;
use proto::v1::{
    audit_service_server::AuditServiceServer, query_service_server::QueryServiceServer,
    record_service_server::RecordServiceServer,
};
use tokio::time;
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

/// How often it is looked whether anything can be recorded: a connection that is made again sooner than that was
/// as good as never lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Says how the services are.
#[derive(Clone, Debug)]
pub(super) struct Reporter(HealthReporter);

impl Reporter {
    /// All take calls: what was recorded is told whatever happens. Only that of records does not where nothing can
    /// be recorded.
    pub(super) async fn serving(node: &Node) -> Self {
        let reporter = Self(HealthReporter::new());
        reporter.say(ServingStatus::Serving).await;
        reporter.say_of_records(records(node)).await;
        reporter
    }

    /// Says of the service of records what is so, as it changes; for ever.
    pub(super) async fn follow(&self, node: &Node) {
        let mut said = records(node);
        self.say_of_records(said).await;
        loop {
            time::sleep(LOOK_EVERY).await;
            let now = records(node);
            if now != said {
                said = now;
                tracing::info!(takes_calls = now, "the health of the service of records");
                self.say_of_records(now).await;
            }
        }
    }

    async fn say_of_records(&self, serving: bool) {
        let status = if serving {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        let service = RecordServiceServer::<Record>::NAME;
        self.0.set_service_status(service, status).await;
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

/// Whether anything can be recorded, in any ledger.
fn records(node: &Node) -> bool {
    let ids = node.ledgers();
    let mut ledgers = ids.iter().filter_map(|id| node.ledger(id));
    ledgers.any(|ledger| node.obstacle(&ledger).is_none())
}
