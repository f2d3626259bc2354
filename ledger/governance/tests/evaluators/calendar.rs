//! Days, offsets and "N days".

use governance::{
    calendar::{Date, InvalidOffsets, Lasting, UtcOffset, UtcOffsets},
    ids::Millis,
};

const HOUR: u64 = Millis::HOUR;
const DAY: u64 = Millis::DAY;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The moment a UTC day begins.
fn utc(text: &str) -> Millis {
    Millis(u64::try_from(date(text).days()).unwrap() * DAY)
}

/// Month lengths by the book, not by the algorithm under test.
fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[test]
fn every_day_of_the_calendar_reads_back() {
    let mut number = date("1900-01-01").days();
    for year in 1900..=2999 {
        for month in 1..=12 {
            for day in 1..=days_in_month(year, month) {
                let of_number = Date::from_days(number);
                assert_eq!(of_number.civil(), (year, month, day));
                assert_eq!(of_number.days(), number);
                let text = format!("{year:04}-{month:02}-{day:02}");
                assert_eq!(of_number.to_string(), text);
                assert_eq!(text.parse(), Ok(of_number));
                number += 1;
            }
        }
    }
    assert_eq!(number - 1, date("2999-12-31").days());
}

#[test]
fn known_days() {
    for (text, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("1900-01-01", -25_567),
        ("2000-03-01", 11_017),
        ("2021-01-01", 18_628),
        ("2026-01-01", 20_454),
    ] {
        assert_eq!(date(text).days(), days, "{text}");
    }
}

#[test]
fn leap_days_exist_in_leap_years_only() {
    for good in ["2000-02-29", "2024-02-29", "2400-02-29"] {
        assert!(good.parse::<Date>().is_ok(), "{good}");
    }
    for bad in ["1900-02-29", "2023-02-29", "2100-02-29", "2024-02-30"] {
        assert!(bad.parse::<Date>().is_err(), "{bad}");
    }
    assert_eq!(date("2024-02-28").plus_days(1), date("2024-02-29"));
    assert_eq!(date("2023-02-28").plus_days(1), date("2023-03-01"));
}

#[test]
fn what_is_no_date() {
    for bad in [
        "",
        "2024-1-01",
        "2024-01-1",
        "2024/01/01",
        "20240101",
        "2024-00-10",
        "2024-13-01",
        "2024-01-00",
        "2024-01-32",
        "2024-04-31",
        "1899-12-31",
        "3000-01-01",
        "+024-01-01",
        "2024-01-01 ",
        "２024-01-01",
        "-024-01-01",
    ] {
        assert!(bad.parse::<Date>().is_err(), "{bad}");
    }
}

#[test]
fn days_stop_at_the_ends_of_the_calendar() {
    assert_eq!(date("2999-12-31").plus_days(1), date("2999-12-31"));
    assert_eq!(date("2026-01-01").plus_days(u32::MAX), date("2999-12-31"));
    assert_eq!(Date::from_days(i32::MIN), date("1900-01-01"));
    assert_eq!(Date::from_days(i32::MAX), date("2999-12-31"));
}

#[test]
fn days_end_at_the_communitys_midnight() {
    let china = UtcOffsets::fixed(480).unwrap();
    let end = Millis(utc("2026-03-10").0 + 16 * HOUR);
    assert_eq!(china.end_of(date("2026-03-10")), end);
    assert_eq!(china.date_of(Millis(end.0 - 1)), date("2026-03-10"));
    assert_eq!(china.date_of(end), date("2026-03-11"));
    let west = UtcOffsets::fixed(-300).unwrap();
    assert_eq!(
        west.end_of(date("2026-03-10")),
        Millis(utc("2026-03-11").0 + 5 * HOUR)
    );
    assert_eq!(west.date_of(Millis(0)), date("1969-12-31"));
}

#[test]
fn n_days_exclude_the_events_day_and_end_at_24_00_of_the_nth() {
    let china = UtcOffsets::fixed(480).unwrap();
    let first_of_march = Millis(utc("2026-03-01").0 - 8 * HOUR);
    let end = china.end_of(date("2026-03-11"));
    assert_eq!(
        china.after_days(first_of_march, 10),
        end,
        "an event at 00:00"
    );
    let last = Millis(first_of_march.0 + DAY - 1);
    assert_eq!(
        china.after_days(last, 10),
        end,
        "an event in the day's last millisecond"
    );
    let next = Millis(first_of_march.0 + DAY);
    assert_eq!(china.after_days(next, 10), china.end_of(date("2026-03-12")));
    assert_eq!(china.after_days(last, 0), china.end_of(date("2026-03-01")));
}

/// Central Europe in 2026: UTC+1, from 29 March 01:00 UTC to 25 October 01:00 UTC UTC+2.
fn central_europe() -> UtcOffsets {
    let at = |from, minutes| UtcOffset { from, minutes };
    UtcOffsets::new(vec![
        at(Millis(0), 60),
        at(Millis(utc("2026-03-29").0 + HOUR), 120),
        at(Millis(utc("2026-10-25").0 + HOUR), 60),
    ])
    .unwrap()
}

#[test]
fn days_are_shorter_and_longer_when_the_offset_changes() {
    let offsets = central_europe();
    let end = |day: &str| offsets.end_of(date(day)).0;
    assert_eq!(end("2026-03-28") - end("2026-03-27"), DAY);
    assert_eq!(end("2026-03-29") - end("2026-03-28"), 23 * HOUR);
    assert_eq!(end("2026-10-25") - end("2026-10-24"), 25 * HOUR);
    assert_eq!(end("2026-10-26") - end("2026-10-25"), DAY);
}

#[test]
fn the_end_of_every_day_is_where_the_next_one_begins() {
    let offsets = central_europe();
    for number in date("2026-01-01").days()..date("2027-01-01").days() {
        let day = Date::from_days(number);
        let end = offsets.end_of(day);
        assert_eq!(offsets.date_of(Millis(end.0 - 1)), day);
        assert_eq!(offsets.date_of(end), day.plus_days(1));
    }
}

/// Offsets before and after one change.
fn changing(at: Millis, before: i32, after: i32) -> UtcOffsets {
    let from = |from, minutes| UtcOffset { from, minutes };
    UtcOffsets::new(vec![from(Millis(0), before), from(at, after)]).unwrap()
}

#[test]
fn a_change_between_midnight_here_and_in_greenwich_does_not_move_the_day_before() {
    let change = Millis(utc("2026-06-10").0 + 20 * HOUR);
    let offsets = changing(change, 480, 540);
    let end = Millis(utc("2026-06-10").0 + 16 * HOUR);
    assert_eq!(offsets.end_of(date("2026-06-10")), end);
    assert_eq!(
        offsets.end_of(date("2026-06-11")),
        Millis(end.0 + 23 * HOUR)
    );
}

#[test]
fn a_day_ends_when_clocks_go_forward_over_its_midnight() {
    let change = Millis(utc("2026-11-01").0 + 3 * HOUR);
    let offsets = changing(change, -180, -120);
    assert_eq!(offsets.end_of(date("2026-10-31")), change);
    assert_eq!(offsets.date_of(Millis(change.0 - 1)), date("2026-10-31"));
    assert_eq!(offsets.date_of(change), date("2026-11-01"));
}

#[test]
fn a_day_ends_once_when_clocks_go_back_over_its_midnight() {
    // At 00:30 of the 22nd back to 23:30 of the 21st.
    let change = Millis(utc("2026-02-22").0 + 2 * HOUR + HOUR / 2);
    let offsets = changing(change, -120, -180);
    let end = Millis(utc("2026-02-22").0 + 3 * HOUR);
    assert_eq!(offsets.end_of(date("2026-02-21")), end);
    assert_eq!(offsets.date_of(Millis(end.0 - 1)), date("2026-02-21"));
    assert_eq!(offsets.date_of(end), date("2026-02-22"));
}

#[test]
fn days_before_1970_ended_before_the_first_moment() {
    let china = UtcOffsets::fixed(480).unwrap();
    assert_eq!(china.end_of(date("1969-12-31")), Millis(0));
    assert_eq!(china.end_of(date("1970-01-01")), Millis(16 * HOUR));
}

#[test]
fn an_offset_holds_from_its_first_millisecond() {
    let offsets = UtcOffsets::new(vec![
        UtcOffset {
            from: Millis(0),
            minutes: 0,
        },
        UtcOffset {
            from: Millis(23 * HOUR),
            minutes: 60,
        },
    ])
    .unwrap();
    assert_eq!(offsets.date_of(Millis(23 * HOUR - 1)), date("1970-01-01"));
    assert_eq!(offsets.date_of(Millis(23 * HOUR)), date("1970-01-02"));
}

#[test]
fn lists_of_offsets_begin_at_zero_rise_and_are_bounded() {
    let list = |offsets: &[(u64, i32)]| {
        let offsets = offsets.iter();
        UtcOffsets::new(
            offsets
                .map(|(from, minutes)| UtcOffset {
                    from: Millis(*from),
                    minutes: *minutes,
                })
                .collect(),
        )
    };
    assert!(list(&[(0, 840), (1, -840)]).is_ok());
    for bad in [
        &[][..],
        &[(1, 0)],
        &[(0, 0), (0, 60)],
        &[(0, 0), (5, 0), (4, 0)],
        &[(0, 841)],
        &[(0, -841)],
    ] {
        assert_eq!(list(bad), Err(InvalidOffsets), "{bad:?}");
    }
    let many = |n: u64| -> Vec<(u64, i32)> { (0..n).map(|at| (at, 0)).collect() };
    assert!(list(&many(200)).is_ok());
    assert_eq!(list(&many(201)), Err(InvalidOffsets));
}

#[test]
fn durations_are_said_in_days_hours_minutes_and_seconds() {
    let said = |ms: u64| Lasting(ms).to_string();
    assert_eq!(said(0), "0 s");
    assert_eq!(said(1), "0.001 s");
    assert_eq!(said(1_000), "1 s");
    assert_eq!(said(60_000), "1 minute");
    assert_eq!(said(HOUR), "1 hour");
    assert_eq!(said(DAY), "1 day");
    assert_eq!(said(7 * DAY), "7 days");
    assert_eq!(said(7 * DAY - 1), "6 days 23 hours 59 minutes 59.999 s");
    assert_eq!(
        said(2 * DAY + 2 * HOUR + 120_000 + 5),
        "2 days 2 hours 2 minutes 0.005 s"
    );
}
