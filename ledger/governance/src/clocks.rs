//! The charter's clocks: by when what must be done.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{calendar::Date, rule::DAYS_MAX};

/// By when what must be done. Days are whole: that of the event is not counted, and the last ends at
/// 24:00 (民法典 201).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// The last day for the report on the year before.
    pub report_due: MonthDay,
    /// For accepting or refusing an issue.
    pub issue_acceptance_days: u32,
    /// For answering one that was accepted.
    pub issue_answer_days: u32,
    /// What the one extension adds.
    pub issue_extension_days: u32,
    /// For asking for a review of an answer, and for answering that.
    pub issue_review_days: u32,
    /// For the audit of a residents' committee's head whose office ended (组织法 38, which names no days).
    pub head_audit_days: u32,
}

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthDay {
    /// From 1.
    pub month: u32,
    /// From 1; 29 February is no day of every year.
    pub day: u32,
}

/// A text that is no day of a year.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a day of the year: MM-DD")]
pub struct InvalidMonthDay(pub String);

impl FromStr for MonthDay {
    type Err = InvalidMonthDay;

    fn from_str(text: &str) -> Result<Self, InvalidMonthDay> {
        let invalid = || InvalidMonthDay(text.chars().take(40).collect());
        // In a leap year, so that it can say which day is none of every year.
        let date: Date = format!("2000-{text}").parse().map_err(|_| invalid())?;
        let (_, month, day) = date.civil();
        Ok(Self { month, day })
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// A clock that cannot run so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// There is no such day every year.
    #[error("there is no {day} in every year")]
    MonthDay {
        /// As given.
        day: MonthDay,
    },
    /// Nothing could be done in time, or never would have to be.
    #[error("{field} lies between 1 and {DAYS_MAX} days, it is not {found}")]
    Days {
        /// Which.
        field: &'static str,
        /// As given.
        found: u32,
    },
    /// Whoever raises an issue waits for longer than the law lets them, or has less time.
    #[error("{field} is {found} days, and the law asks for {asked}{} ({ISSUES_LAW})", if *exactly { "" } else { " or fewer" })]
    BelowLaw {
        /// Which.
        field: &'static str,
        /// As given.
        found: u32,
        /// By law.
        asked: u32,
        /// Whether fewer are not right either.
        exactly: bool,
    },
}

/// Where the days of issues are from.
pub(crate) const ISSUES_LAW: &str = "信访工作条例（2022年）第22–23条、第34–35条";

impl ClockError {
    /// The field that is wrong.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::MonthDay { .. } => "report_due",
            Self::Days { field, .. } | Self::BelowLaw { field, .. } => field,
        }
    }
}

impl Clocks {
    /// 31 January for reports; for issues the days of the 信访工作条例 (2022): 15 to accept (22, 23), 60 to
    /// answer and 30 more once (34), 30 for the review (35); for the head's audit 90, of the project's choice, since
    /// the law (组织法 38) leaves it open.
    pub const DEFAULT: Self = Self {
        report_due: MonthDay { month: 1, day: 31 },
        issue_acceptance_days: 15,
        issue_answer_days: 60,
        issue_extension_days: 30,
        issue_review_days: 30,
        head_audit_days: 90,
    };

    /// Whether these can run.
    pub fn validate(&self) -> Result<(), ClockError> {
        // A year that is no leap year.
        if self.report_due.in_year(2_001).is_none() {
            return Err(ClockError::MonthDay {
                day: self.report_due,
            });
        }
        for (field, found) in [
            ("issue_acceptance_days", self.issue_acceptance_days),
            ("issue_answer_days", self.issue_answer_days),
            ("issue_extension_days", self.issue_extension_days),
            ("issue_review_days", self.issue_review_days),
            ("head_audit_days", self.head_audit_days),
        ] {
            if !(1..=DAYS_MAX).contains(&found) {
                return Err(ClockError::Days { field, found });
            }
        }
        Ok(())
    }

    /// Whether these keep to the law where residents raise issues: nobody waits for longer than by
    /// [`Clocks::DEFAULT`]. A review is asked for in as many days as it is answered in, so there neither fewer nor
    /// more will do.
    pub(crate) fn check_law(&self) -> Result<(), ClockError> {
        let law = Self::DEFAULT;
        for (field, found, asked, exactly) in [
            (
                "issue_acceptance_days",
                self.issue_acceptance_days,
                law.issue_acceptance_days,
                false,
            ),
            (
                "issue_answer_days",
                self.issue_answer_days,
                law.issue_answer_days,
                false,
            ),
            (
                "issue_extension_days",
                self.issue_extension_days,
                law.issue_extension_days,
                false,
            ),
            (
                "issue_review_days",
                self.issue_review_days,
                law.issue_review_days,
                true,
            ),
        ] {
            if found > asked || (exactly && found < asked) {
                return Err(ClockError::BelowLaw {
                    field,
                    found,
                    asked,
                    exactly,
                });
            }
        }
        Ok(())
    }
}

impl MonthDay {
    /// That day of a year, if it has it.
    pub fn in_year(self, year: u32) -> Option<Date> {
        Date::of(i32::try_from(year).ok()?, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_rules() {
        assert_eq!(Clocks::DEFAULT.validate(), Ok(()));
        let due = Clocks::DEFAULT.report_due.in_year(2027);
        assert_eq!(
            due.map(|day| day.to_string()).as_deref(),
            Some("2027-01-31")
        );
    }

    #[test]
    fn a_clock_has_days_within_bounds_and_a_day_of_every_year() {
        let with = |issue_answer_days| Clocks {
            issue_answer_days,
            ..Clocks::DEFAULT
        };
        assert_eq!(with(1).validate(), Ok(()));
        assert_eq!(with(DAYS_MAX).validate(), Ok(()));
        for found in [0, DAYS_MAX + 1] {
            let clocks = Clocks {
                head_audit_days: found,
                ..Clocks::DEFAULT
            };
            assert_eq!(clocks.validate().unwrap_err().field(), "head_audit_days");
            let field = "issue_answer_days";
            let error = with(found).validate().unwrap_err();
            assert_eq!(error, ClockError::Days { field, found });
            assert_eq!(error.field(), field);
        }
        let on = |month, day| Clocks {
            report_due: MonthDay { month, day },
            ..Clocks::DEFAULT
        };
        assert_eq!(on(2, 28).validate(), Ok(()));
        for wrong in [
            on(2, 29),
            on(4, 31),
            on(0, 1),
            on(13, 1),
            on(1, 0),
            on(1, 99),
        ] {
            assert_eq!(wrong.validate().unwrap_err().field(), "report_due");
        }
    }
}
