//! How many calls at once, and how many a second from one address.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::extract::Request;
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DefaultKeyedStateStore,
};
use ledger::config::Serving;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    server::{
        connections::Peer,
        shares::{Share, Shares, caller},
    },
    status::Problem,
};

/// After which time a node that is full is worth asking again: most calls take a block's time.
const FULL_RETRY: Duration = Duration::from_millis(200);

/// Questions about the node's health at once: each balancer and orchestrator watches or asks once, and there are a
/// handful of them.
const HEALTH_MAX: usize = 64;

/// What the paths of those questions begin with.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// After how many new calls addresses that have been silent are forgotten, so that the table holds no more
/// than called lately.
const FORGET_EVERY: usize = 4_096;

/// Who may come in.
#[derive(Debug)]
pub(super) struct Admission {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    /// Whoever takes all the others must not make the node look as if it had failed.
    health: Arc<Semaphore>,
    shares: Shares,
    rates: Option<Rates>,
}

/// A place among the calls under way, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    is_stream: bool,
    _permit: OwnedSemaphorePermit,
    _share: Option<Share>,
}

impl Place {
    /// Whether the place is kept until the answer has ended, and not only until it has begun.
    pub(super) fn is_kept(&self) -> bool {
        self.is_stream
    }
}

impl Admission {
    pub(super) fn new(serving: &Serving) -> Self {
        Self {
            calls: Arc::new(Semaphore::new(serving.calls_max)),
            streams: Arc::new(Semaphore::new(serving.streams_max)),
            health: Arc::new(Semaphore::new(HEALTH_MAX)),
            shares: Shares::new(serving.streams_per_address_max),
            rates: Rates::new(serving),
        }
    }

    /// A place for a call, unless there is none, or its address calls too often or has too many streams.
    pub(super) fn admit(&self, request: &Request, is_stream: bool) -> Result<Place, Problem> {
        let address = request.extensions().get::<Peer>();
        let address = address.map(|peer| peer.address.ip());
        if let (Some(rates), Some(address)) = (&self.rates, address) {
            rates.check(address)?;
        }
        let share = if is_stream {
            address.map(|address| self.share(address)).transpose()?
        } else {
            None
        };
        let permit = Arc::clone(self.places(request, is_stream)).try_acquire_owned();
        permit
            .map(|permit| Place {
                is_stream,
                _permit: permit,
                _share: share,
            })
            .map_err(|_| Problem::too_many_calls(is_stream, FULL_RETRY))
    }

    fn places(&self, request: &Request, is_stream: bool) -> &Arc<Semaphore> {
        if request.uri().path().starts_with(HEALTH) {
            &self.health
        } else if is_stream {
            &self.streams
        } else {
            &self.calls
        }
    }

    fn share(&self, address: IpAddr) -> Result<Share, Problem> {
        let share = self.shares.take(address);
        share.ok_or_else(|| Problem::too_many_streams(FULL_RETRY))
    }
}

type Limiter = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>;

/// A token bucket an address.
#[derive(Debug)]
struct Rates {
    limiter: Limiter,
    clock: DefaultClock,
    checked: AtomicUsize,
}

impl Rates {
    /// `None` where any number of calls is welcome.
    fn new(serving: &Serving) -> Option<Self> {
        let rate = NonZeroU32::new(serving.calls_per_second_max)?;
        let burst = NonZeroU32::new(serving.calls_burst_max).unwrap_or(rate);
        Some(Self {
            limiter: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
            clock: DefaultClock::default(),
            checked: AtomicUsize::new(0),
        })
    }

    fn check(&self, address: IpAddr) -> Result<(), Problem> {
        let Some(caller) = caller(address) else {
            return Ok(());
        };
        let checked = self.checked.fetch_add(1, Ordering::Relaxed);
        if checked % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter
            .check_key(&caller)
            .map_err(|until| Problem::too_fast(until.wait_time_from(self.clock.now())))
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    fn admission(change: impl FnOnce(&mut Serving)) -> Admission {
        let mut serving = Serving::default();
        change(&mut serving);
        Admission::new(&serving)
    }

    fn from(address: &str) -> Request {
        let mut request = Request::default();
        let address = SocketAddr::new(address.parse().unwrap(), 50_000);
        request.extensions_mut().insert(Peer { address });
        request
    }

    fn reason(admitted: &Result<Place, Problem>) -> &str {
        admitted.as_ref().expect_err("refused").reason()
    }

    #[test]
    fn an_address_has_its_burst_and_no_other_address_pays_for_it() {
        let admission = admission(|serving| {
            serving.calls_per_second_max = 1;
            serving.calls_burst_max = 2;
        });
        let calls = |address| admission.admit(&from(address), false);
        assert!(calls("192.0.2.1").is_ok());
        assert!(calls("192.0.2.1").is_ok());
        assert_eq!(reason(&calls("192.0.2.1")), "TOO_FAST");
        assert_eq!(reason(&calls("::ffff:192.0.2.1")), "TOO_FAST");
        assert!(calls("192.0.2.2").is_ok());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_and_the_machine_itself_as_none() {
        let admission = admission(|serving| {
            serving.calls_per_second_max = 1;
            serving.calls_burst_max = 1;
        });
        let calls = |address| admission.admit(&from(address), false);
        assert!(calls("2001:db8::1").is_ok());
        assert_eq!(reason(&calls("2001:db8::2")), "TOO_FAST");
        assert!(calls("2001:db8:0:1::1").is_ok());
        for _ in 0..100 {
            assert!(calls("127.0.0.1").is_ok() && calls("::1").is_ok());
        }
    }

    #[test]
    fn without_a_rate_there_is_no_bound() {
        let admission = admission(|serving| serving.calls_per_second_max = 0);
        for _ in 0..10_000 {
            assert!(admission.admit(&from("192.0.2.1"), false).is_ok());
        }
    }

    #[test]
    fn an_address_has_its_share_of_streams_and_calls_all_the_same() {
        let admission = admission(|serving| serving.streams_per_address_max = 1);
        let admit = |address, is_stream| admission.admit(&from(address), is_stream);
        let first = admit("192.0.2.1", true).expect("its share");
        assert_eq!(reason(&admit("192.0.2.1", true)), "TOO_MANY_STREAMS");
        assert!(admit("192.0.2.1", false).is_ok());
        assert!(admit("192.0.2.2", true).is_ok());
        drop(first);
        assert!(admit("192.0.2.1", true).is_ok());
    }

    #[test]
    fn health_is_asked_for_beside_all_others_and_has_a_bound_of_its_own() {
        let admission = admission(|serving| {
            serving.calls_max = 1;
            serving.streams_max = 1;
        });
        let _taken = [false, true].map(|is_stream| {
            let admitted = admission.admit(&from("127.0.0.1"), is_stream);
            admitted.expect("a place")
        });
        let mut health = from("127.0.0.1");
        *health.uri_mut() = "/grpc.health.v1.Health/Watch".parse().unwrap();
        let watching: Vec<_> = (0..HEALTH_MAX)
            .map(|_| admission.admit(&health, true).expect("a place"))
            .collect();
        assert_eq!(reason(&admission.admit(&health, true)), "TOO_MANY_CALLS");
        drop(watching);
        assert!(admission.admit(&health, false).is_ok());
    }

    #[test]
    fn places_are_bounded_given_back_and_of_two_kinds() {
        let admission = admission(|serving| {
            serving.calls_max = 1;
            serving.streams_max = 1;
        });
        let admit = |is_stream| admission.admit(&from("127.0.0.1"), is_stream);
        let call = admit(false).expect("a place");
        assert_eq!(reason(&admit(false)), "TOO_MANY_CALLS");
        let stream = admit(true).expect("a place of another kind");
        assert_eq!(reason(&admit(true)), "TOO_MANY_CALLS");
        assert!(stream.is_kept() && !call.is_kept());
        drop(call);
        assert!(admit(false).is_ok());
    }
}
