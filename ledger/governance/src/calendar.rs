//! Days and local time without a time-zone database.
//!
//! The charter's ledger lists its UTC offsets with the moments they hold from. "N days" excludes the
//! day of the event and ends at 24:00 of the Nth (民法典 201).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{bounds::UTC_OFFSETS_MAX, ids::Millis};

/// A day of the proleptic Gregorian calendar, from 1900-01-01 to 2999-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date(i32);

/// A text that is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date: YYYY-MM-DD from 1900-01-01 to 2999-12-31")]
pub struct InvalidDate(pub String);

const YEAR_MIN: i32 = 1900;
const YEAR_MAX: i32 = 2999;

impl Date {
    /// The day with this number since 1970-01-01, within the calendar's bounds.
    pub fn from_days(days: i32) -> Self {
        Self(days.clamp(
            days_from_civil(YEAR_MIN, 1, 1),
            days_from_civil(YEAR_MAX, 12, 31),
        ))
    }

    /// This day, if the calendar has it.
    pub fn of(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(YEAR_MIN..=YEAR_MAX).contains(&year) || !(1..=12).contains(&month) || day > 31 {
            return None;
        }
        let date = Self(days_from_civil(year, month, day));
        (date.civil() == (year, month, day)).then_some(date)
    }

    /// The year.
    pub fn year(self) -> u32 {
        self.civil().0.cast_unsigned()
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// Year, month from 1, day from 1.
    pub fn civil(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }

    /// The day `n` days later.
    pub fn plus_days(self, n: u32) -> Self {
        Self::from_days(self.0.saturating_add(i32::try_from(n).unwrap_or(i32::MAX)))
    }

    /// The same day `n` months later; where that month has no such day, its last (民法典 202).
    pub fn plus_months(self, n: u32) -> Self {
        let (year, month, day) = self.civil();
        let months = (month - 1).saturating_add(n);
        let year = year.saturating_add(i32::try_from(months / 12).unwrap_or(i32::MAX));
        let year = year.min(YEAR_MAX);
        let month = months % 12 + 1;
        let (next_year, next_month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        let last = days_from_civil(next_year, next_month, 1) - 1;
        Self::from_days(days_from_civil(year, month, day).min(last))
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let invalid = || InvalidDate(text.chars().take(40).collect());
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, b)| {
                if matches!(at, 4 | 7) {
                    b == b'-'
                } else {
                    b.is_ascii_digit()
                }
            });
        if !shaped {
            return Err(invalid());
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
        let (year, month, day) = (number(0..4).cast_signed(), number(5..7), number(8..10));
        Self::of(year, month, day).ok_or_else(invalid)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Days since 1970-01-01 of a civil date (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month.cast_signed() + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day.cast_signed() - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month.cast_unsigned(), day.cast_unsigned())
}

const MINUTE_MS: u64 = 60_000;

/// How long something takes, in ms; said in days, hours, minutes and seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lasting(pub u64);

impl fmt::Display for Lasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0;
        let whole = [
            (ms / Millis::DAY, "day"),
            (ms % Millis::DAY / Millis::HOUR, "hour"),
            (ms % Millis::HOUR / MINUTE_MS, "minute"),
        ];
        let mut parts = Vec::new();
        for (n, unit) in whole.into_iter().filter(|(n, _)| *n > 0) {
            let plural = if n == 1 { "" } else { "s" };
            parts.push(format!("{n} {unit}{plural}"));
        }
        match (ms % MINUTE_MS / 1_000, ms % 1_000) {
            (0, 0) if !parts.is_empty() => {}
            (seconds, 0) => parts.push(format!("{seconds} s")),
            (seconds, ms) => parts.push(format!("{seconds}.{ms:03} s")),
        }
        f.write_str(&parts.join(" "))
    }
}

/// A community's local time: UTC offsets and the moments they hold from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UtcOffsets(Vec<UtcOffset>);

/// From `from` on, local time is UTC plus `minutes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UtcOffset {
    /// First moment.
    pub from: Millis,
    /// East is positive; within ±14 hours.
    pub minutes: i32,
}

/// A list of offsets that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "UTC offsets: 1 to {UTC_OFFSETS_MAX}, the first from 0 ms, each later than the one before, within ±840 minutes"
)]
pub struct InvalidOffsets;

/// The widest offset in use on earth, in minutes.
const OFFSET_MINUTES_MAX: i32 = 14 * 60;

impl UtcOffsets {
    /// Checks and takes a list.
    pub fn new(list: Vec<UtcOffset>) -> Result<Self, InvalidOffsets> {
        let first = list.first().is_some_and(|o| o.from == Millis(0));
        let rising = list.is_sorted_by(|a, b| a.from < b.from);
        let narrow = list.iter().all(|o| o.minutes.abs() <= OFFSET_MINUTES_MAX);
        if first && rising && narrow && list.len() <= UTC_OFFSETS_MAX {
            Ok(Self(list))
        } else {
            Err(InvalidOffsets)
        }
    }

    /// One offset for all time.
    pub fn fixed(minutes: i32) -> Result<Self, InvalidOffsets> {
        Self::new(vec![UtcOffset {
            from: Millis(0),
            minutes,
        }])
    }

    /// The list.
    pub fn as_slice(&self) -> &[UtcOffset] {
        &self.0
    }

    fn ms_at(&self, at: Millis) -> i64 {
        let next = self.0.partition_point(|o| o.from <= at);
        i64::from(self.0[next.saturating_sub(1)].minutes) * 60_000
    }

    /// The local day of a moment.
    pub fn date_of(&self, at: Millis) -> Date {
        let local = i64::try_from(at.0)
            .unwrap_or(i64::MAX)
            .saturating_add(self.ms_at(at));
        let days = local.div_euclid(i64::try_from(Millis::DAY).unwrap_or(i64::MAX));
        Date::from_days(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// The first moment after a local day: its 24:00. Where clocks go back over midnight, the day ends
    /// when it is over for good; where they go forward over it, when they do.
    pub fn end_of(&self, day: Date) -> Millis {
        let midnight = (i64::from(day.days()) + 1) * 86_400_000;
        let mut until = Millis(u64::MAX);
        // The last offset under which it is still that day, or an earlier one, for a moment.
        for offset in self.0.iter().rev() {
            let midnight_utc = midnight - i64::from(offset.minutes) * 60_000;
            let midnight_utc = Millis(u64::try_from(midnight_utc).unwrap_or(0));
            if offset.from < midnight_utc {
                return midnight_utc.min(until);
            }
            until = offset.from;
        }
        Millis(0)
    }

    /// When `n` days after an event are over: the event's day excluded, 24:00 of the Nth.
    pub fn after_days(&self, event: Millis, n: u32) -> Millis {
        self.end_of(self.date_of(event).plus_days(n))
    }
}
