//! By when a client wants its answer (`grpc-timeout` of the gRPC protocol over HTTP/2).

use std::time::Duration;

use tokio::time::Instant;
use tonic::codegen::http::HeaderMap;

use crate::status::Problem;

/// The header that carries the time a client gives.
const HEADER: &str = "grpc-timeout";

/// Most digits of a timeout (gRPC over HTTP/2, `TimeoutValue`).
const DIGITS_MAX: usize = 8;

/// By when the client wants the whole answer; it may have said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadline {
    began: Instant,
    asked: Option<Duration>,
}

impl Deadline {
    /// The deadline of a request that came at that moment. What cannot be read is no deadline.
    pub(super) fn of(headers: &HeaderMap, began: Instant) -> Self {
        let asked = headers.get(HEADER).and_then(|value| read(value.as_bytes()));
        Self { began, asked }
    }

    /// When the client gives up.
    pub(super) fn end(&self) -> Option<Instant> {
        // Further away than the clock goes is as good as none.
        self.asked.and_then(|asked| self.began.checked_add(asked))
    }

    /// When the answer must have begun, if the server gives it `patience`.
    pub(super) fn until(&self, patience: Duration) -> Instant {
        let ours = self.began + patience;
        self.end().map_or(ours, |end| end.min(ours))
    }

    /// Why there was no answer by then.
    pub(super) fn passed(&self, patience: Duration) -> Problem {
        match self.asked {
            Some(asked) if asked <= patience => Problem::deadline_exceeded(asked),
            _ => Problem::answer_too_late(patience),
        }
    }
}

fn read(value: &[u8]) -> Option<Duration> {
    let (unit, digits) = value.split_last()?;
    let fits = (1..=DIGITS_MAX).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| fits)?;
    let count: u64 = digits.parse().ok()?;
    let duration = match unit {
        b'H' => Duration::from_secs(count * 60 * 60),
        b'M' => Duration::from_secs(count * 60),
        b'S' => Duration::from_secs(count),
        b'm' => Duration::from_millis(count),
        b'u' => Duration::from_micros(count),
        b'n' => Duration::from_nanos(count),
        _ => return None,
    };
    Some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_read_and_nothing_else() {
        let known = [
            ("1H", 3_600_000_000_000_u64),
            ("2M", 120_000_000_000),
            ("3S", 3_000_000_000),
            ("99999999m", 99_999_999_000_000),
            ("5u", 5_000),
            ("0n", 0),
        ];
        for (text, nanoseconds) in known {
            let read = read(text.as_bytes());
            assert_eq!(read, Some(Duration::from_nanos(nanoseconds)), "{text}");
        }
        for wrong in [
            "",
            "S",
            "5",
            "5s",
            "-5S",
            "+5S",
            "5.0S",
            "123456789m",
            "5 S",
        ] {
            assert_eq!(read(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn the_earlier_of_two_deadlines_holds() {
        let began = Instant::now();
        let patience = Duration::from_secs(30);
        let deadline = |asked| Deadline { began, asked };
        let sooner = deadline(Some(Duration::from_secs(1)));
        assert_eq!(sooner.until(patience), began + Duration::from_secs(1));
        assert_eq!(sooner.passed(patience).reason(), "DEADLINE_EXCEEDED");
        let later = deadline(Some(Duration::from_secs(60)));
        assert_eq!(later.until(patience), began + patience);
        assert_eq!(later.passed(patience).reason(), "ANSWER_TOO_LATE");
        assert_eq!(deadline(None).until(patience), began + patience);
        assert_eq!(deadline(None).end(), None);
        assert_eq!(deadline(Some(Duration::MAX)).end(), None);
    }
}
