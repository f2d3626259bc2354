//! What one address may have of something that all share.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many each address has, and how many it may. The machine itself may have any number.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    /// 0: any number.
    most: usize,
    held: Arc<Mutex<Held>>,
}

/// Only addresses that have one are in it, so it is no larger than what is shared.
type Held = HashMap<IpAddr, usize>;

/// One of an address's, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share(Option<(IpAddr, Arc<Mutex<Held>>)>);

impl Shares {
    /// Of which an address may have so many at once; 0: any number.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            held: Arc::default(),
        }
    }

    /// One more for this address, unless it has all it may have.
    pub(super) fn take(&self, address: IpAddr) -> Option<Share> {
        let Some(caller) = caller(address).filter(|_| self.most > 0) else {
            return Some(Share(None));
        };
        let mut held = lock(&self.held);
        let count = held.entry(caller).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share(Some((caller, Arc::clone(&self.held)))))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some((caller, held)) = &self.0 else {
            return;
        };
        let mut held = lock(held);
        if let Some(count) = held.get_mut(caller) {
            *count -= 1;
            if *count == 0 {
                held.remove(caller);
            }
        }
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who counts as one caller: an IPv4 address, or the IPv6 network that one household or office is given
/// (RFC 6177); nobody where it is the machine itself.
pub(super) fn caller(address: IpAddr) -> Option<IpAddr> {
    let address = match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        other => other,
    };
    (!address.is_loopback()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_has_its_share_until_it_gives_one_back_and_takes_nobody_elses() {
        let shares = Shares::new(2);
        let one = shares.take(address("192.0.2.1")).expect("the first");
        let two = shares
            .take(address("::ffff:192.0.2.1"))
            .expect("the second");
        assert!(shares.take(address("192.0.2.1")).is_none());
        assert!(shares.take(address("192.0.2.2")).is_some());
        drop(one);
        let again = shares.take(address("192.0.2.1"));
        assert!(again.is_some() && shares.take(address("192.0.2.1")).is_none());
        drop((two, again));
        assert!(lock(&shares.held).is_empty(), "who has none is forgotten");
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let shares = Shares::new(1);
        let _held = shares.take(address("2001:db8::1")).expect("the first");
        assert!(shares.take(address("2001:db8::2")).is_none());
        assert!(shares.take(address("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn the_machine_itself_and_who_is_not_bounded_may_have_any_number() {
        let (one, any) = (Shares::new(1), Shares::new(0));
        let held: Vec<Option<Share>> = (0..1_000)
            .flat_map(|_| {
                [
                    one.take(address("127.0.0.1")),
                    one.take(address("::1")),
                    any.take(address("192.0.2.1")),
                ]
            })
            .collect();
        assert!(held.iter().all(Option::is_some));
    }
}
