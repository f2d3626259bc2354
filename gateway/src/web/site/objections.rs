//! What was said against a body's rolls (组织法 14–19): by when it is ruled on, and how it was.
//!
//! What it says is for who made it and who rules on it. Whom an objection is about and who made it stand in no page, as the lines of a roll do not.

use maud::{Markup, html};
use projector::views::rolls::{ObjectionRow, RollRow};

use super::{desk::Desk, layout::said, show};

/// The objections against a body's rolls, the newest roll first, those against each in the order of the log.
pub(super) fn of_rolls(desk: &Desk, rolls: &[(RollRow, Vec<ObjectionRow>)]) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if !rolls.is_empty() {
            h2 #objections { (lang.roll_objections()) }
            p { (lang.roll_objections_intro()) }
            @for (roll, objections) in rolls {
                h3 { (lang.roll_as_of(show::day(lang, roll.as_of))) }
                ul.cards {
                    @for (number, row) in (1_u64..).zip(objections) { (card(desk, number, row)) }
                }
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
