//! How many calls at once, and how many a second from one address.

use std::{
    net::{IpAddr, Ipv6Addr},
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

use crate::{server::connections::Peer, status::Problem};

/// After which time a node that is full is worth asking again: most calls take a block's time.
const FULL_RETRY: Duration = Duration::from_millis(200);

/// After how many new calls addresses that have been silent are forgotten, so that the table holds no more
/// than called lately.
const FORGET_EVERY: usize = 4_096;

/// Who may come in.
#[derive(Debug)]
pub(super) struct Admission {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    rates: Option<Rates>,
}

/// A place among the calls under way, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    is_stream: bool,
    _permit: OwnedSemaphorePermit,
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
            rates: Rates::new(serving),
        }
    }

    /// A place for a call, unless there is none, or its address calls too often.
    pub(super) fn admit(&self, request: &Request, is_stream: bool) -> Result<Place, Problem> {
        if let Some(rates) = &self.rates {
            let peer = request.extensions().get::<Peer>();
            peer.map_or(Ok(()), |peer| rates.check(peer.address.ip()))?;
        }
        let places = if is_stream {
            &self.streams
        } else {
            &self.calls
        };
        let permit = Arc::clone(places).try_acquire_owned();
        permit
            .map(|permit| Place {
                is_stream,
                _permit: permit,
            })
            .map_err(|_| Problem::too_many_calls(is_stream, FULL_RETRY))
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
        let address = address.to_canonical();
        if address.is_loopback() {
            return Ok(());
        }
        let checked = self.checked.fetch_add(1, Ordering::Relaxed);
        if checked % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter
            .check_key(&network(address))
            .map_err(|until| Problem::too_fast(until.wait_time_from(self.clock.now())))
    }
}

/// Who counts as one caller: an IPv4 address, or the IPv6 network that one household or office is given
/// (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
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
