//! The power list of two days side by side: what came, what went, and what says something else.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{calendar::Date, ids::Millis};
use maud::{Markup, html};
use projector::{
    PageRequest,
    views::{
        offices::AsOf,
        powers::{PowerDifference, PowerStanding},
    },
};

use super::{
    desk::Desk,
    lang::Lang,
    layout::{self, Beside, Page, Section, said},
    lists,
    names::Names,
    powers,
    reader::Reader,
    show, tables, terms,
};
use crate::{
    services::{Sources, query::optional_field},
    status::Problem,
};

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, compare(&reader, &sources, &ledger).await)
}

/// The two days: a year ago and today, where the address names none.
fn days(desk: &Desk) -> Result<(Date, Date), Problem> {
    let reader = &desk.reader;
    let today = desk.times.date_of(desk.books.now());
    let to: Option<Date> = optional_field("to", reader.parameter("to"))?;
    let to = to.unwrap_or(today);
    let from: Option<Date> = optional_field("from", reader.parameter("from"))?;
    let founded = desk.times.date_of(desk.info.founded_at);
    let year_ago = Date::from_days(to.days().saturating_sub(365));
    Ok((from.unwrap_or(year_ago.max(founded)), to))
}

async fn compare(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let (from, to) = days(&desk)?;
    let last = |day| Millis(desk.times.end_of(day).0.saturating_sub(1));
    let (first, second) = (last(from), last(to));
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask_intervals(move |view| {
            let page = view.power_differences(AsOf::Time(first), AsOf::Time(second), &page)?;
            let mut names = Names::default();
            for row in &page.rows {
                for standing in row.before.iter().chain(&row.after) {
                    powers::names_of(view, &mut names, standing)?;
                }
            }
            Ok((page, names))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (page, names) = told.value;
    let lang = reader.lang;
    let fields = html! {
        label {
            span { (lang.first_day()) }
            input type="date" name="from" value=(from);
        }
        label {
            span { (lang.second_day()) }
            input type="date" name="to" value=(to);
        }
    };
    let main = html! {
        h1 { (lang.power_changes()) }
        p.lead { (lang.between_days(show::day(lang, from), show::day(lang, to))) }
        (lists::form_with(reader, &fields, lang.compare()))
        @if page.rows.is_empty() { p { (lang.power_changes_none()) } }
        ul.cards {
            @for row in &page.rows { (difference(&desk, &names, row)) }
        }
        (lists::pager(reader, page.next.as_deref()))
        p { a.button href=(desk.link("/powers")) { (lang.all_powers()) } }
    };
    let page = desk.page(Section::Powers, lang.power_changes());
    Ok(page
        .described(lang.power_changes())
        .beside(vec![data(&desk, first, second)])
        .standing_on(standing)
        .showing(main))
}

/// The same comparison as data.
fn data(desk: &Desk, first: Millis, second: Millis) -> Beside {
    let (from, to) = (first.0.to_string(), second.0.to_string());
    let moments = [("from_time_ms", &*from), ("moment.at_time_ms", &*to)];
    let href = desk.link_with("/power-changes.json", &moments);
    tables::file("application/json", href, desk.reader.lang.json())
}

/// How an item changed.
fn difference(desk: &Desk, names: &Names, row: &PowerDifference) -> Markup {
    let lang = desk.reader.lang;
    let (before, after) = (row.before.as_ref(), row.after.as_ref());
    let Some(item) = after.or(before) else {
        return html! {};
    };
    html! {
        li.card {
            span.badge {
                (match (before, after) {
                    (None, _) => lang.came(),
                    (_, None) => lang.went(),
                    _ => lang.says_otherwise(),
                })
            }
            a.block href=(desk.link(&format!("/powers/{}", item.item))) { (said(lang, &item.terms.title)) }
            @match (before, after) {
                (Some(before), Some(after)) => (changed(lang, names, before, after)),
                _ => {
                p { (said(lang, &powers::holder(lang, names, &item.exercised_by))) }
                p.quiet { (powers::days(lang, item.terms.effective_from, item.terms.effective_to)) }
                }
            }
        }
    }
}

/// What an item said, and what it says.
fn changed(lang: Lang, names: &Names, before: &PowerStanding, after: &PowerStanding) -> Markup {
    html! {
        dl {
            @for (what, was, is) in fields(lang, names, before, after) {
                dt { (what) }
                dd { span.quiet { (lang.before()) } ": " (said(lang, &was)) }
                dd { strong { (lang.after()) } ": " (said(lang, &is)) }
            }
        }
    }
}

/// A field of an item, before and after.
type Field = (&'static str, String, String);

/// What differs, field by field.
fn fields(lang: Lang, names: &Names, before: &PowerStanding, after: &PowerStanding) -> Vec<Field> {
    type Say = fn(Lang, &Names, &PowerStanding) -> String;
    let all: [(&'static str, Say); 8] = [
        (lang.title(), |_, _, item| item.terms.title.clone()),
        (lang.state(), |lang, _, item| {
            terms::power_status(lang, item.status).to_owned()
        }),
        (lang.exercised_by(), |lang, names, item| {
            powers::holder(lang, names, &item.exercised_by)
        }),
        (lang.power_over(), |lang, names, item| {
            let over = item.terms.over.as_ref();
            over.map_or(lang.any_body(), |body| names.of_body(body))
                .to_owned()
        }),
        (lang.matters(), |lang, _, item| {
            powers::matters(lang, &item.terms)
        }),
        (lang.in_force(), |lang, _, item| {
            powers::days(lang, item.terms.effective_from, item.terms.effective_to)
        }),
        (lang.legal_basis(), |_, _, item| {
            item.terms.legal_basis.clone()
        }),
        (lang.procedure(), |_, _, item| item.terms.procedure.clone()),
    ];
    let told = all.into_iter().map(|(what, say)| {
        let (was, is) = (say(lang, names, before), say(lang, names, after));
        (what, was, is)
    });
    told.filter(|(_, was, is)| was != is).collect()
}
