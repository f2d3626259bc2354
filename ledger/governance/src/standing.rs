//! Standing meetings 常态化议事协调: a charter may ask a body to meet at least once in every so many months, as the
//! law asks the representatives' meeting to do every half year (城市居民委员会组织法 2025, 28).
//!
//! Periods are those of the calendar: a quarter begins on the first of January, April, July or October. A body is
//! first asked for a meeting in the first whole period after the charter that asks for it came into force, and one
//! that is expected already keeps its period. A meeting is held once it has begun and somebody is recorded as
//! present; a period that ends without one is missed, which the ledger derives and records.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    action::MeetingsAction,
    agenda::Due,
    calendar::Date,
    charter::StandingMeeting,
    ids::{BodyId, Millis},
    state::State,
};

/// Months of the periods there are: those into which a year can be parted.
pub const EVERY_MONTHS: [u32; 6] = [1, 2, 3, 4, 6, 12];

/// Days within which a body is to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Period {
    first_day: Date,
    last_day: Date,
}

impl Period {
    /// The period of so many months in which a day lies; `None` at the end of the calendar.
    fn of(day: Date, months: u32) -> Option<Self> {
        let (year, month, _) = day.civil();
        let months = months.max(1);
        let first_month = (month - 1) / months * months + 1;
        let first_day = Date::of(year, first_month, 1)?;
        let next = first_day.plus_months(months);
        Some(Self {
            first_day,
            last_day: Date::from_days(next.days() - 1),
        })
        .filter(|period| period.last_day >= day)
    }

    fn has(self, day: Date) -> bool {
        self.first_day <= day && day <= self.last_day
    }
}

impl State {
    /// The bodies that are to meet by the charter in force are expected to; others no longer.
    pub(crate) fn expect_meetings(&mut self, now: Millis) {
        let asked: BTreeSet<BodyId> = self
            .charter
            .standing_meetings
            .iter()
            .map(|standing| standing.body.clone())
            .collect();
        let gone = self.standing.keys().filter(|body| !asked.contains(*body));
        for body in gone.cloned().collect::<Vec<_>>() {
            self.standing.remove(&body);
            self.agenda.cancel(&Due::MeetingMissed(body));
        }
        let today = self.utc_offsets.date_of(now);
        for body in asked {
            if !self.standing.contains_key(&body) {
                let months = self.charter.standing_meeting(&body).map(|s| s.every_months);
                let running = months.and_then(|months| Period::of(today, months));
                // Nobody is to meet in a period of which a part was over before they were asked to.
                let from = running.map(|period| {
                    if period.first_day == today {
                        today
                    } else {
                        period.last_day.plus_days(1)
                    }
                });
                self.expect_meeting(&body, from);
            }
        }
    }

    /// A body is to meet in the period in which this day lies.
    fn expect_meeting(&mut self, body: &BodyId, from: Option<Date>) {
        let months = self.charter.standing_meeting(body).map(|s| s.every_months);
        let period = from
            .zip(months)
            .and_then(|(from, months)| Period::of(from, months));
        let Some(period) = period else {
            self.standing.remove(body);
            self.agenda.cancel(&Due::MeetingMissed(body.clone()));
            return;
        };
        self.standing.insert(body.clone(), period);
        let over = self.utc_offsets.end_of(period.last_day);
        self.agenda.plan(Due::MeetingMissed(body.clone()), over);
    }

    /// The last day on which a body is to have met, where its charter asks for standing meetings.
    pub fn meets_by(&self, body: &BodyId) -> Option<Date> {
        self.standing.get(body).map(|period| period.last_day)
    }
}

/// A body met on this day: the next meeting is due in the period after.
pub(crate) fn held(state: &mut State, body: &BodyId, on: Date) {
    let expected = state.standing.get(body).copied();
    if let Some(period) = expected.filter(|period| period.has(on)) {
        state.expect_meeting(body, Some(period.last_day.plus_days(1)));
    }
}

/// A period is over.
pub(crate) fn missed(state: &mut State, body: &BodyId, last_day: Date) {
    state.expect_meeting(body, Some(last_day.plus_days(1)));
}

/// What a period without a meeting says.
pub(crate) fn derived(state: &State, body: &BodyId) -> Option<MeetingsAction> {
    let period = state.standing.get(body)?;
    let asked: Option<&StandingMeeting> = state.charter.standing_meeting(body);
    Some(MeetingsAction::MeetingMissed {
        body: body.clone(),
        first_day: period.first_day,
        last_day: period.last_day,
        citation: asked
            .map(|asked| asked.citation.clone())
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(day: &str, months: u32) -> (String, String) {
        let day: Date = day.parse().expect("a day");
        let period = Period::of(day, months).expect("a period");
        (period.first_day.to_string(), period.last_day.to_string())
    }

    fn days(first: &str, last: &str) -> (String, String) {
        (first.to_owned(), last.to_owned())
    }

    #[test]
    fn periods_are_those_of_the_calendar() {
        assert_eq!(period("2026-03-31", 3), days("2026-01-01", "2026-03-31"));
        assert_eq!(period("2026-04-01", 3), days("2026-04-01", "2026-06-30"));
        assert_eq!(period("2026-12-31", 6), days("2026-07-01", "2026-12-31"));
        assert_eq!(period("2028-02-29", 1), days("2028-02-01", "2028-02-29"));
        assert_eq!(period("2026-08-15", 12), days("2026-01-01", "2026-12-31"));
        assert_eq!(period("2026-08-15", 4), days("2026-05-01", "2026-08-31"));
    }
}
