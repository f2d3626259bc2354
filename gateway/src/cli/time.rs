//! Moments as people read them: in the ledger's local time.

use governance::{calendar::Date, ids::Millis};
use proto::v1;

/// The local time of one ledger.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocalTime {
    /// From which moment, in ms, and how far east of UTC, in minutes.
    offsets: Vec<(u64, i32)>,
}

impl LocalTime {
    /// As the ledger lists its offsets; without any: UTC.
    pub(crate) fn new(offsets: &[v1::UtcOffset]) -> Self {
        let offsets = offsets.iter().map(|o| (o.from_ms, o.minutes)).collect();
        Self { offsets }
    }

    /// The offset of a moment, in minutes.
    fn minutes_at(&self, ms: u64) -> i32 {
        let from = self.offsets.partition_point(|(from, _)| *from <= ms);
        let last = from.checked_sub(1).and_then(|at| self.offsets.get(at));
        last.map_or(0, |(_, minutes)| *minutes)
    }

    /// `2026-11-24 11:52:07 +08:00`.
    pub(crate) fn show(&self, ms: u64) -> String {
        let minutes = self.minutes_at(ms);
        let seconds = i64::try_from(ms / 1_000).unwrap_or(i64::MAX);
        let local = seconds.saturating_add(i64::from(minutes) * 60);
        let day = i32::try_from(local.div_euclid(86_400)).unwrap_or(i32::MAX);
        let of_day = local.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        let day = Date::from_days(day);
        format!(
            "{day} {hour:02}:{minute:02}:{second:02} {}",
            offset(minutes)
        )
    }
}

/// `+08:00`.
pub(crate) fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes east of UTC from `+08:00`, `-06:00` or `Z`.
pub(crate) fn parse_offset(text: &str) -> Result<i32, String> {
    let wrong = || format!("\"{text}\" is not an offset from UTC such as +08:00 or -06:00");
    if text == "Z" {
        return Ok(0);
    }
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(wrong()),
    };
    let two = |digits: &str| {
        let good = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        good.then(|| digits.parse::<i32>().unwrap_or(0))
    };
    let parts = rest
        .split_once(':')
        .and_then(|(h, m)| Some((two(h)?, two(m)?)));
    match parts {
        Some((hours, minutes)) if minutes < 60 && hours * 60 + minutes <= 14 * 60 => {
            Ok(sign * (hours * 60 + minutes))
        }
        _ => Err(wrong()),
    }
}

/// This machine's clock.
pub(crate) fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let ms = since.map_or(0, |elapsed| elapsed.as_millis());
    Millis(u64::try_from(ms).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(list: &[(u64, i32)]) -> LocalTime {
        let wire = |(from_ms, minutes): &(u64, i32)| v1::UtcOffset {
            from_ms: *from_ms,
            minutes: *minutes,
        };
        LocalTime::new(&list.iter().map(wire).collect::<Vec<_>>())
    }

    #[test]
    fn a_moment_is_shown_in_local_time() {
        let moment = 1_704_844_799_000; // 2024-01-09T23:59:59Z
        assert_eq!(offsets(&[]).show(moment), "2024-01-09 23:59:59 +00:00");
        assert_eq!(
            offsets(&[(0, 480)]).show(moment),
            "2024-01-10 07:59:59 +08:00"
        );
        let dallas = offsets(&[(0, -300), (moment, -360)]);
        assert_eq!(dallas.show(moment - 1), "2024-01-09 18:59:58 -05:00");
        assert_eq!(dallas.show(moment), "2024-01-09 17:59:59 -06:00");
    }

    #[test]
    fn an_offset_has_one_spelling() {
        assert_eq!(parse_offset("+08:00"), Ok(480));
        assert_eq!(parse_offset("-06:30"), Ok(-390));
        assert_eq!(parse_offset("+14:00"), Ok(840));
        assert_eq!(parse_offset("Z"), Ok(0));
        for wrong in [
            "", "8", "+8:00", "+08:60", "+14:01", "08:00", "+08", "+0a:00", "é8:00",
        ] {
            assert!(parse_offset(wrong).is_err(), "{wrong}");
        }
        assert_eq!(offset(-390), "-06:30");
    }
}
