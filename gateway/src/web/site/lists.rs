//! What lists have in common: rows of decisions and motions, choices, the way to the next page.

use governance::action::Outcome;
use maud::{Markup, html};
use projector::views::{
    bodies::BodyRow,
    decisions::DecisionRow,
    motions::{MotionRow, MotionStatus},
};

use super::{desk::Desk, layout::said, names::Names, reader::Reader, show, terms};
use crate::status::Problem;

/// Rows of a list on one page: what fits three screens of a phone.
pub(super) const ROWS: usize = 20;

/// An outcome with its sign.
pub(super) fn badge(reader: &Reader, outcome: Outcome) -> Markup {
    let class = format!("badge {}", terms::outcome_code(outcome));
    html! {
        span class=(class) {
            span aria-hidden="true" { (terms::outcome_sign(outcome)) " " }
            (terms::outcome(reader.lang, outcome))
        }
    }
}

/// What came of a decision: first that it stands no longer, where it was overturned since.
pub(super) fn decided(reader: &Reader, row: &DecisionRow) -> Markup {
    html! {
        @if row.overturned.is_some() {
            span class="badge rejected" {
                span aria-hidden="true" { "✗ " }
                (reader.lang.status_overturned())
            }
            " "
        }
        (badge(reader, row.result.outcome))
    }
}

/// A decision in a list.
pub(super) fn decision(desk: &Desk, names: &Names, row: &DecisionRow) -> Markup {
    let reader = &desk.reader;
    html! {
        li.card {
            (decided(reader, row))
            a.block href=(desk.link(&format!("/decisions/{}", row.motion))) {
                (said(reader.lang, &row.title))
            }
            p.quiet {
                (said(reader.lang, names.of_body(&row.body))) " · "
                time datetime=(row.held_on) { (show::day(reader.lang, row.held_on)) }
            }
        }
    }
}

/// A motion in a list, with how many have voted.
pub(super) fn motion(desk: &Desk, names: &Names, row: &MotionRow, received: u64) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    html! {
        li.card {
            @match row.outcome {
                Some(_) if row.status == MotionStatus::Overturned => {
                    span class="badge rejected" {
                        span aria-hidden="true" { "✗ " } (terms::status(lang, row.status))
                    }
                }
                Some(outcome) => (badge(reader, outcome)),
                None => span.badge { (stands(desk, row)) },
            }
            a.block href=(desk.link(&format!("/motions/{}", row.motion))) {
                (said(lang, &row.title))
            }
            p.quiet { (said(lang, names.of_body(&row.body))) }
            @if row.status == MotionStatus::Open && let Some(vote) = row.vote {
                p { (lang.closes(desk.times.deadline(vote.closes_at))) }
                p { (lang.received(show::number(received))) }
            }
        }
    }
}

/// Where a motion stands now: a hidden vote that is over is not decided before its ballots are opened.
pub(super) fn stands(desk: &Desk, row: &MotionRow) -> &'static str {
    let lang = desk.reader.lang;
    if is_counting(desk, row) {
        lang.counting()
    } else {
        terms::status(lang, row.status)
    }
}

/// Whether the time to vote is over, and nothing is decided yet.
pub(super) fn is_counting(desk: &Desk, row: &MotionRow) -> bool {
    let closes_at = row.vote.map(|vote| vote.closes_at);
    row.status == MotionStatus::Open && closes_at.is_some_and(|at| at <= desk.books.now())
}

/// A choice among things, the first being all of them.
pub(super) fn select<'a>(
    reader: &Reader,
    name: &str,
    label: &str,
    options: impl Iterator<Item = (&'a str, &'a str)>,
) -> Markup {
    let chosen = reader.parameter(name);
    html! {
        label {
            span { (label) }
            select name=(name) {
                option value="" { (reader.lang.everything()) }
                @for (value, words) in options {
                    option value=(value) selected[value == chosen] { (words) }
                }
            }
        }
    }
}

/// A day.
pub(super) fn day(reader: &Reader, name: &str, label: &str) -> Markup {
    html! {
        label {
            span { (label) }
            input type="date" name=(name) value=(reader.parameter(name));
        }
    }
}

/// A year.
pub(super) fn year(reader: &Reader, name: &str, label: &str) -> Markup {
    html! {
        label {
            span { (label) }
            input type="number" inputmode="numeric" min="1900" max="9999" name=(name)
                value=(reader.parameter(name));
        }
    }
}

/// A word.
pub(super) fn text(reader: &Reader, name: &str, label: &str) -> Markup {
    html! {
        label {
            span { (label) }
            input type="text" maxlength="64" name=(name) value=(reader.parameter(name));
        }
    }
}

/// What a box says that is ticked.
pub(super) const YES: &str = "yes";

/// A box to tick.
pub(super) fn tick(reader: &Reader, name: &str, label: &str) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name=(name) value=(YES) checked[reader.parameter(name) == YES];
            span { (label) }
        }
    }
}

/// Which of these an address names by its code; `None` where it names none.
pub(super) fn chosen<T: Copy>(
    reader: &Reader,
    name: &str,
    all: &[T],
    code: fn(T) -> &'static str,
) -> Result<Option<T>, Problem> {
    let asked = reader.parameter(name);
    if asked.is_empty() {
        return Ok(None);
    }
    let found = all.iter().copied().find(|one| code(*one) == asked);
    found.map(Some).ok_or_else(|| {
        let codes: Vec<_> = all.iter().map(|one| code(*one)).collect();
        Problem::field_invalid(name, format!("not one of {}", codes.join(", ")))
    })
}

/// A form that asks the same page again, with the visitor's wishes.
pub(super) fn form(reader: &Reader, fields: &Markup) -> Markup {
    form_with(reader, fields, reader.lang.filter())
}

/// The same with another word on its button.
pub(super) fn form_with(reader: &Reader, fields: &Markup, does: &str) -> Markup {
    html! {
        form.filter method="get" action=(reader.path()) {
            @for (name, value) in reader.kept() {
                input type="hidden" name=(name) value=(value);
            }
            (fields)
            button type="submit" { (does) }
        }
    }
}

/// Bodies as a choice.
pub(super) fn body_select(reader: &Reader, bodies: &[BodyRow]) -> Markup {
    let options = bodies
        .iter()
        .map(|row| (row.body.as_str(), row.name.as_str()));
    select(reader, "body", reader.lang.body(), options)
}

/// The way on, and back to the beginning.
pub(super) fn pager(reader: &Reader, next: Option<&str>) -> Markup {
    let lang = reader.lang;
    let later = !reader.parameter("page").is_empty();
    html! {
        @if later || next.is_some() {
            nav.pager aria-label=(lang.next_page()) {
                @if later { a.button href=(reader.here_with("page", "")) { (lang.first_page()) } }
                @if let Some(next) = next {
                    a.button rel="next" href=(reader.here_with("page", next)) { (lang.next_page()) }
                }
            }
        }
    }
}
