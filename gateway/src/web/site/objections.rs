//! What was said against a body's roll (组织法 14–19): by when it is ruled on, and how it was.
//!
//! Whom an objection is about and who made it stand in no page, as the lines of a roll do not.

use maud::{Markup, html};
use projector::views::rolls::ObjectionRow;

use super::{desk::Desk, layout::said};

/// The objections against the roll that a body's page tells of, in the order of the log.
pub(super) fn of_roll(desk: &Desk, objections: &[ObjectionRow]) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if !objections.is_empty() {
            h2 #objections { (lang.roll_objections()) }
            p { (lang.roll_objections_intro()) }
            ul.cards {
                @for (number, row) in (1_u64..).zip(objections) { (card(desk, number, row)) }
            }
        }
    }
}

fn card(desk: &Desk, number: u64, row: &ObjectionRow) -> Markup {
    let lang = desk.reader.lang;
    let due = desk.times.deadline(row.due_at);
    html! {
        li.card {
            a.block href=(desk.link(&format!("/entries/{}", row.index))) {
                (lang.duty_roll_ruling(number))
            }
            @match &row.ruled {
                Some(ruled) => {
                    @let says = if ruled.upheld {
                        lang.detail_objection_upheld(&ruled.reason)
                    } else {
                        lang.detail_objection_rejected(&ruled.reason)
                    };
                    p { (said(lang, &says)) }
                    p.quiet {
                        a href=(desk.link(&format!("/entries/{}", ruled.index))) {
                            (lang.did_roll_objection_ruled())
                        }
                    }
                }
                None if desk.books.now() < row.due_at => p { (lang.due_by(due)) },
                None => p { strong { (lang.duty_kind_roll_ruling()) } " · " (lang.was_due(due)) },
            }
        }
    }
}
