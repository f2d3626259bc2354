//! Whether a decision is filed, in a sentence.

use super::{Explanation, effects::said};
use crate::calendar::Date;

/// Says that a decision is to be filed with a body, or was: on which day, under which number (may be empty).
/// `citation`: the law of its rule.
pub fn explain_filing(
    with: &str,
    last_day: Date,
    filed: Option<(Date, &str)>,
    citation: &str,
) -> Explanation {
    match filed {
        None => said(
            format!("To be filed with {with} by {last_day}; not recorded yet ({citation})."),
            format!("应在 {last_day} 当日或之前报{with}备案，尚未登记（{citation}）。"),
        ),
        Some((day, "")) => said(
            format!("Filed with {with} on {day} ({citation})."),
            format!("已于 {day} 报{with}备案（{citation}）。"),
        ),
        Some((day, reference)) => said(
            format!("Filed with {with} on {day}, number {reference} ({citation})."),
            format!("已于 {day} 报{with}备案，备案号 {reference}（{citation}）。"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_by_when_or_when_and_under_which_number() {
        let day = "2026-06-03".parse().unwrap();
        let told = |filed| explain_filing("street-office", day, filed, "组织法 31");
        let outstanding = told(None);
        assert_eq!(
            outstanding.english,
            "To be filed with street-office by 2026-06-03; not recorded yet (组织法 31)."
        );
        assert!(outstanding.chinese.contains("应在 2026-06-03 当日或之前报"));
        assert!(
            told(Some((day, "")))
                .english
                .ends_with("on 2026-06-03 (组织法 31).")
        );
        let filed = told(Some((day, "7")));
        assert!(filed.english.contains("number 7"));
        assert!(filed.chinese.contains("备案号 7"));
    }
}
