//! gRPC calls by method and outcome, and how long their answers took.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
    time::Instant,
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use prost_reflect::{DescriptorPool, MethodDescriptor};
use tonic::Code;

use crate::status::reasons::code_name;

/// Bounds of the times measured, in seconds: from a question answered out of memory (0.25 ms) over a block
/// on a fast disk (1 ms) and a slow one (50 ms) to the longest an answer may take.
const SECONDS: [f64; 10] = [
    0.00025, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// What calls to methods that do not exist are counted under, so that nobody makes series of us.
const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabel {
    method: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    method: String,
    code: &'static str,
}

/// Measures of all methods.
#[derive(Clone, Debug)]
pub(crate) struct CallMetrics {
    methods: Arc<HashMap<String, Arc<Method>>>,
    other: Arc<Method>,
}

/// Measures of one method, looked up once a call.
#[derive(Debug)]
struct Method {
    name: String,
    is_stream: bool,
    calls: Family<CallLabels, Counter>,
    /// The counters of `calls`, by code, made when first needed.
    by_code: [OnceLock<Counter>; CODES],
    seconds: Histogram,
    under_way: Gauge,
}

/// gRPC's status codes, 0 to 16.
const CODES: usize = 17;

impl CallMetrics {
    /// Measures of every method in these descriptors.
    pub(crate) fn register(registry: &mut Registry, pools: &[&DescriptorPool]) -> Self {
        let calls = Family::default();
        let seconds =
            Family::<MethodLabel, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        let under_way = Family::<MethodLabel, Gauge>::default();
        registry.register(
            "grpc_calls",
            "gRPC calls that have ended, by method and code",
            calls.clone(),
        );
        registry.register(
            "grpc_call_seconds",
            "Time until the answer was complete; of a stream, until it began",
            seconds.clone(),
        );
        registry.register(
            "grpc_calls_under_way",
            "gRPC calls that have not ended",
            under_way.clone(),
        );
        let method = |name: &str, is_stream| {
            let label = MethodLabel {
                method: name.to_owned(),
            };
            Arc::new(Method {
                name: name.to_owned(),
                is_stream,
                calls: calls.clone(),
                by_code: [const { OnceLock::new() }; CODES],
                seconds: seconds.get_or_create_owned(&label),
                under_way: under_way.get_or_create_owned(&label),
            })
        };
        let known = pools.iter().flat_map(|pool| pool.services());
        let known: Vec<MethodDescriptor> = known
            .flat_map(|service| service.methods().collect::<Vec<_>>())
            .collect();
        let methods = known.iter().map(|known| {
            let name = known.full_name();
            let (service, short) = name.rsplit_once('.').unwrap_or(("", name));
            let is_stream = known.is_server_streaming();
            (
                format!("/{service}/{short}"),
                method(&format!("{service}/{short}"), is_stream),
            )
        });
        Self {
            methods: Arc::new(methods.collect()),
            other: method(OTHER, false),
        }
    }

    /// A call has come, to this path.
    pub(crate) fn begin(&self, path: &str) -> Meter {
        let method = Arc::clone(self.methods.get(path).unwrap_or(&self.other));
        method.under_way.inc();
        Meter {
            method,
            began: Some(Instant::now()),
            code: None,
        }
    }
}

impl Method {
    fn count(&self, code: Code) {
        let made = self.by_code[code as usize].get_or_init(|| {
            self.calls.get_or_create_owned(&CallLabels {
                method: self.name.clone(),
                code: code_name(code),
            })
        });
        made.inc();
    }
}

/// Measures one call. Dropping it counts the call, as cancelled where no end was seen.
#[derive(Debug)]
pub(crate) struct Meter {
    method: Arc<Method>,
    began: Option<Instant>,
    code: Option<Code>,
}

impl Meter {
    /// Whether the answer is a stream.
    pub(crate) fn is_stream(&self) -> bool {
        self.method.is_stream
    }

    /// The answer has begun; a status is in its head where it ended at once.
    pub(crate) fn watching(mut self, status: Option<Code>) -> Self {
        self.code = status;
        if self.method.is_stream {
            self.observe();
        }
        self
    }

    /// The answer has ended.
    pub(crate) fn ended(&mut self, code: Code) {
        self.code = Some(code);
    }

    fn observe(&mut self) {
        if let Some(began) = self.began.take() {
            self.method.seconds.observe(began.elapsed().as_secs_f64());
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.observe();
        self.method.under_way.dec();
        self.method.count(self.code.unwrap_or(Code::Cancelled));
    }
}
