//! Numbers, days and moments as people read them.

use governance::{
    calendar::{Date, UtcOffsets},
    charter::{Comparison, MeasureKind, Threshold},
    ids::Millis,
};
use maud::{Markup, html};

use super::lang::Lang;

/// `1234567` → `1,234,567`.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many 0.01 m².
pub(super) fn area(lang: Lang, hundredths: u64) -> String {
    let metres = bare(MeasureKind::Area, hundredths);
    match lang {
        Lang::Zh => format!("{metres} 平方米"),
        Lang::En => format!("{metres} m²"),
    }
}

/// A number of a measure, without its unit.
pub(super) fn bare(kind: MeasureKind, n: u64) -> String {
    match kind {
        MeasureKind::Heads => number(n),
        MeasureKind::Area => format!("{}.{:02}", number(n / 100), n % 100),
    }
}

/// A number of a measure, with its unit.
pub(super) fn amount(lang: Lang, kind: MeasureKind, n: u64) -> String {
    match (kind, lang) {
        (MeasureKind::Area, _) => area(lang, n),
        (MeasureKind::Heads, Lang::Zh) => format!("{} 人", number(n)),
        (MeasureKind::Heads, Lang::En) if n == 1 => "1 person".to_owned(),
        (MeasureKind::Heads, Lang::En) => format!("{} people", number(n)),
    }
}

/// `超过 1/2` is said 过半数.
pub(super) fn threshold(lang: Lang, threshold: Threshold) -> String {
    let (n, d) = (
        threshold.fraction.numerator(),
        threshold.fraction.denominator(),
    );
    match (lang, threshold.comparison) {
        (Lang::Zh, Comparison::MoreThan) if (n, d) == (1, 2) => "过半数".to_owned(),
        (Lang::Zh, Comparison::MoreThan) => format!("超过 {n}/{d}"),
        (Lang::Zh, Comparison::AtLeast) => format!("{n}/{d} 以上"),
        (Lang::En, Comparison::MoreThan) if (n, d) == (1, 2) => "more than half".to_owned(),
        (Lang::En, Comparison::MoreThan) => format!("more than {n}/{d}"),
        (Lang::En, Comparison::AtLeast) => format!("at least {n}/{d}"),
    }
}

/// The months, for English.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day in words.
pub(super) fn day(lang: Lang, date: Date) -> String {
    let (year, month, day) = date.civil();
    match lang {
        Lang::Zh => format!("{year}年{month}月{day}日"),
        Lang::En => {
            let at = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
            format!("{day} {} {year}", MONTHS[at.min(11)])
        }
    }
}

/// Words that begin a line: in English with a capital letter.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// How long something lasts: whole days, else hours, else minutes.
pub(super) fn lasting(lang: Lang, ms: u64) -> String {
    let (n, zh, one, many) = if ms.is_multiple_of(Millis::DAY) {
        (ms / Millis::DAY, "天", "day", "days")
    } else if ms.is_multiple_of(Millis::HOUR) {
        (ms / Millis::HOUR, "小时", "hour", "hours")
    } else {
        (ms.div_ceil(60_000), "分钟", "minute", "minutes")
    };
    match lang {
        Lang::Zh => format!("{} {zh}", number(n)),
        Lang::En if n == 1 => format!("1 {one}"),
        Lang::En => format!("{} {many}", number(n)),
    }
}

/// A community's local time, told in a language.
#[derive(Clone, Debug)]
pub(super) struct Times {
    lang: Lang,
    offsets: UtcOffsets,
}

impl Times {
    pub(super) fn new(lang: Lang, offsets: UtcOffsets) -> Self {
        Self { lang, offsets }
    }

    /// The local day of a moment.
    pub(super) fn date_of(&self, at: Millis) -> Date {
        self.offsets.date_of(at)
    }

    /// The local day that ended with a moment, or in which it lies.
    pub(super) fn last_day(&self, at: Millis) -> Date {
        self.date_of(Millis(at.0.saturating_sub(1)))
    }

    /// The first moment after a local day.
    pub(super) fn end_of(&self, day: Date) -> Millis {
        self.offsets.end_of(day)
    }

    fn minutes_at(&self, at: Millis) -> i32 {
        let offsets = self.offsets.as_slice();
        let next = offsets.partition_point(|offset| offset.from <= at);
        let found = offsets.get(next.saturating_sub(1));
        found.map_or(0, |offset| offset.minutes)
    }

    /// Hour and minute of the local day.
    fn clock(&self, at: Millis) -> (u32, u32) {
        let minutes = i64::try_from(at.0 / 60_000).unwrap_or(i64::MAX);
        let of_day = (minutes + i64::from(self.minutes_at(at))).rem_euclid(24 * 60);
        let of_day = u32::try_from(of_day).unwrap_or(0);
        (of_day / 60, of_day % 60)
    }

    /// A moment in words.
    pub(super) fn moment(&self, at: Millis) -> String {
        let (hour, minute) = self.clock(at);
        let day = day(self.lang, self.date_of(at));
        match self.lang {
            Lang::Zh => format!("{day} {hour:02}:{minute:02}"),
            Lang::En => format!("{day}, {hour:02}:{minute:02}"),
        }
    }

    /// The last moment that is not too late, in words: a window that ends at 24:00 is said to end then.
    pub(super) fn deadline(&self, at: Millis) -> String {
        if self.clock(at) != (0, 0) {
            return self.moment(at);
        }
        let last = Millis(at.0.saturating_sub(1));
        let day = day(self.lang, self.date_of(last));
        match self.lang {
            Lang::Zh => format!("{day} 24:00"),
            Lang::En => format!("{day}, 24:00"),
        }
    }

    /// A moment with the machine's form beside it (RFC 3339).
    pub(super) fn time(&self, at: Millis) -> Markup {
        html! { time datetime=(self.rfc3339(at)) { (self.moment(at)) } }
    }

    /// A moment as machines read it, in local time (RFC 3339).
    pub(super) fn rfc3339(&self, at: Millis) -> String {
        let (hour, minute) = self.clock(at);
        let second = at.0 / 1_000 % 60;
        let minutes = self.minutes_at(at);
        let sign = if minutes < 0 { '-' } else { '+' };
        let (east_h, east_m) = (minutes.abs() / 60, minutes.abs() % 60);
        let day = self.date_of(at);
        format!("{day}T{hour:02}:{minute:02}:{second:02}{sign}{east_h:02}:{east_m:02}")
    }
}

#[cfg(test)]
mod tests {
    use governance::charter::Fraction;

    use super::*;

    #[test]
    fn numbers_and_thresholds_are_told_in_both_languages() {
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(number(999), "999");
        assert_eq!(area(Lang::Zh, 215_150), "2,151.50 平方米");
        assert_eq!(amount(Lang::En, MeasureKind::Heads, 1), "1 person");
        let half = Threshold {
            fraction: Fraction::new(1, 2).unwrap(),
            comparison: Comparison::MoreThan,
        };
        assert_eq!(threshold(Lang::Zh, half), "过半数");
        assert_eq!(threshold(Lang::En, half), "more than half");
        assert_eq!(lasting(Lang::En, 2 * Millis::HOUR), "2 hours");
        assert_eq!(
            [capital("request"), capital("诉求"), capital("")],
            ["Request", "诉求", ""]
        );
        assert_eq!(lasting(Lang::Zh, 14 * Millis::DAY), "14 天");
    }

    #[test]
    fn moments_are_told_in_local_time() {
        let china = UtcOffsets::fixed(480).unwrap();
        // 2026-07-31T16:00:00Z: midnight in China.
        let midnight = Millis(1_785_513_600_000);
        let zh = Times::new(Lang::Zh, china.clone());
        let en = Times::new(Lang::En, china);
        assert_eq!(zh.moment(midnight), "2026年8月1日 00:00");
        assert_eq!(zh.deadline(midnight), "2026年7月31日 24:00");
        assert_eq!(en.deadline(midnight.plus(60_000)), "1 August 2026, 00:01");
        assert_eq!(en.rfc3339(midnight), "2026-08-01T00:00:00+08:00");
        let west = Times::new(Lang::En, UtcOffsets::fixed(-330).unwrap());
        assert_eq!(west.rfc3339(midnight), "2026-07-31T10:30:00-05:30");
    }
}
