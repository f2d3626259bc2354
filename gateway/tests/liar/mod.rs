//! A server in front of another that passes everything on, and lies in some answers.

use std::{convert::Infallible, thread};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use http_body_util::BodyExt as _;
use prost::Message;
use proto::v1;
use tokio::{net::TcpListener, sync::oneshot};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{service::Routes, transport::Channel};
use tower::ServiceExt as _;

/// What becomes of an answer to a path; none: it is passed on as it is.
pub(crate) type Lie = fn(&str, &[u8]) -> Option<Vec<u8>>;

/// A running liar; it ends with its test.
pub(crate) struct Liar {
    pub(crate) url: String,
    _stop: oneshot::Sender<()>,
}

#[derive(Clone)]
struct Behind {
    server: Channel,
    lie: Lie,
}

impl Liar {
    /// In front of the server at this address.
    pub(crate) fn before(url: &str, lie: Lie) -> Liar {
        let (stop, stopped) = oneshot::channel();
        let (ready, listening) = std::sync::mpsc::channel();
        let url = url.to_owned();
        thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let channel = Channel::from_shared(url).expect("an address");
                let server = channel.connect_lazy();
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("a port");
                ready.send(address).expect("the test waits");
                let router = Router::new().fallback(pass_on);
                let router = router.with_state(Behind { server, lie });
                let serving = tonic::transport::Server::builder()
                    .add_routes(Routes::from(router))
                    .serve_with_incoming(TcpListenerStream::new(listener));
                tokio::select! {
                    ended = serving => ended.expect("it serves"),
                    _ = stopped => {}
                }
            });
        });
        let address = listening.recv().expect("it listens");
        Liar {
            url: format!("http://{address}"),
            _stop: stop,
        }
    }
}

async fn pass_on(State(behind): State<Behind>, request: Request) -> Result<Response, Infallible> {
    let path = request.uri().path().to_owned();
    let mut request = request.map(tonic::body::Body::new);
    // So that answers can be read here.
    request.headers_mut().remove("grpc-accept-encoding");
    let answer = behind.server.oneshot(request).await.expect("it answers");
    let (head, body) = answer.into_parts();
    if !path.starts_with("/governance.v1.QueryService/") {
        return Ok(Response::from_parts(head, Body::new(body)));
    }
    let collected = body.collect().await.expect("an answer");
    let trailers = collected.trailers().cloned();
    let bytes = collected.to_bytes();
    // A frame: not compressed, the length, the message.
    let lie = bytes
        .get(5..)
        .and_then(|message| (behind.lie)(&path, message));
    let bytes = lie.map_or_else(|| bytes.to_vec(), |message| frame(&message));
    let body = http_body_util::Full::from(bytes).with_trailers(async move { trailers.map(Ok) });
    Ok(Response::from_parts(head, Body::new(body)))
}

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("short").to_be_bytes();
    [&[0], &length[..], message].concat()
}

/// Changes an answer of this type to this method.
fn changed<M: Message + Default>(
    path: &str,
    method: &str,
    answer: &[u8],
    change: impl FnOnce(&mut M),
) -> Option<Vec<u8>> {
    if !path.ends_with(method) {
        return None;
    }
    let mut answer = M::decode(answer).expect("an answer");
    change(&mut answer);
    Some(answer.encode_to_vec())
}

/// The first decision came out the other way.
pub(crate) fn another_outcome(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListDecisions",
        answer,
        |a: &mut v1::ListDecisionsResponse| {
            let result = a.decisions[0].result.as_mut().expect("a result");
            result.outcome = v1::Outcome::Rejected.into();
        },
    )
}

/// Nothing was decided.
pub(crate) fn no_decisions(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListDecisions",
        answer,
        |a: &mut v1::ListDecisionsResponse| {
            a.decisions.clear();
        },
    )
}

/// The first office is somebody else's.
pub(crate) fn another_officer(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListOfficeholders",
        answer,
        |a: &mut v1::ListOfficeholdersResponse| {
            "mallory".clone_into(&mut a.officeholders[0].person);
        },
    )
}

/// There is an item on the power list that nobody decided.
pub(crate) fn a_power_more(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListPowers",
        answer,
        |a: &mut v1::ListPowersResponse| {
            a.items.push(v1::PowerItem {
                item: "everything".to_owned(),
                ..v1::PowerItem::default()
            });
        },
    )
}

/// There is a case that nobody opened.
pub(crate) fn a_case_more(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListSanctions",
        answer,
        |a: &mut v1::ListSanctionsResponse| {
            a.cases.push(v1::SanctionCase {
                case: "invented".to_owned(),
                ..v1::SanctionCase::default()
            });
        },
    )
}

/// The first motion is still open.
pub(crate) fn another_standing(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListMotions",
        answer,
        |a: &mut v1::ListMotionsResponse| {
            a.motions[0].status = v1::MotionStatus::Open.into();
        },
    )
}

/// Nothing was ever tabled.
pub(crate) fn no_motions(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(
        path,
        "/ListMotions",
        answer,
        |a: &mut v1::ListMotionsResponse| {
            a.motions.clear();
        },
    )
}

/// The last voter on the roll is somebody else.
pub(crate) fn another_voter(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(path, "/GetRoll", answer, |a: &mut v1::GetRollResponse| {
        let last = a.lines.last_mut().expect("a line");
        "mallory".clone_into(&mut last.voter);
    })
}

/// The roll has a member fewer than lines.
pub(crate) fn a_member_less(path: &str, answer: &[u8]) -> Option<Vec<u8>> {
    changed(path, "/GetRoll", answer, |a: &mut v1::GetRollResponse| {
        a.members -= 1;
    })
}
