//! Public affairs on one page: what residents are asked, which meetings there are, what is on display, what the
//! authorities above ask for, what was taken over from elsewhere. Each has a list of its own.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::AffairId;
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        consultations::{ConsultationFilter, ConsultationRow, ConsultationStatus},
        disclosures::{DisclosureFilter, DisclosureRow},
        meetings::{MeetingFilter, MeetingRow},
        tasks::{TaskFilter, TaskRow},
    },
};

use super::{
    consultations,
    desk::Desk,
    disclosures,
    imports::{self, Import},
    layout::{self, Page, Section},
    meetings,
    names::Names,
    reader::Reader,
    tasks,
};
use crate::{services::Sources, status::Problem};

/// Of each kind on the page.
const LATEST: usize = 3;

/// Letters of a text that stands for a title.
const HEADLINE_LEN_MAX: usize = 100;

/// What ends a sentence, or a translation after one.
const ENDS: [char; 6] = ['。', '？', '！', '?', ')', '）'];

/// A text as a title: of a long one its first sentences, as many as fit, or its beginning.
pub(super) fn headline(text: &str) -> String {
    let Some((most, _)) = text.char_indices().nth(HEADLINE_LEN_MAX) else {
        return text.to_owned();
    };
    let beginning = &text[..most];
    match beginning.rfind(ENDS) {
        Some(end) => {
            let ending = beginning[end..].chars().next().map_or(0, char::len_utf8);
            beginning[..end + ending].to_owned()
        }
        None => format!("{beginning}…"),
    }
}

/// Where an affair has its page, and what it is called.
pub(super) fn find(view: &View<'_>, id: &AffairId) -> Result<Option<(String, String)>, QueryError> {
    Ok(if let Some(row) = view.consultation(id)? {
        Some((format!("/consultations/{id}"), headline(&row.question)))
    } else if let Some(row) = view.task(id)? {
        Some((format!("/tasks/{id}"), row.title))
    } else if let Some(row) = view.disclosure(id)? {
        Some((format!("/disclosures/{id}"), row.title))
    } else if let Some(row) = view.import(id)? {
        Some((format!("/imports/{id}"), headline(&row.summary)))
    } else {
        None
    })
}

/// What the page shows.
struct Found {
    asked: Vec<ConsultationRow>,
    meetings: Vec<MeetingRow>,
    hanging: Vec<DisclosureRow>,
    tasks: Vec<TaskRow>,
    imports: Vec<Import>,
    names: Names,
}

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger).await)
}

async fn show(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let now = desk.books.now();
    let today = desk.times.date_of(now);
    let told = desk
        .books
        .ask(move |view| {
            let latest = PageRequest::new(LATEST, "");
            let open = ConsultationFilter {
                status: Some(ConsultationStatus::Open),
                ..ConsultationFilter::default()
            };
            let hanging = DisclosureFilter {
                hanging_on: Some(today),
                ..DisclosureFilter::default()
            };
            let imported = view.imports(None, &latest)?.rows.into_iter();
            let imported = imported.map(|row| Import::of(view, row));
            let mut found = Found {
                asked: view.consultations(&open, now, &latest)?.rows,
                meetings: view.meetings(&MeetingFilter::default(), &latest)?.rows,
                hanging: view.disclosures(&hanging, &latest)?.rows,
                tasks: view.tasks(&TaskFilter::default(), &latest)?.rows,
                imports: imported.collect::<Result<_, _>>()?,
                names: Names::default(),
            };
            let names = &mut found.names;
            for body in found
                .asked
                .iter()
                .map(|row| &row.body)
                .chain(found.meetings.iter().map(|row| &row.body))
                .chain(found.hanging.iter().map(|row| &row.body))
                .chain(found.imports.iter().map(Import::body))
                .chain(found.tasks.iter().map(|row| &row.body))
                .chain(
                    found
                        .tasks
                        .iter()
                        .filter_map(|row| row.assigned_by.as_ref()),
                )
            {
                names.body(view, body)?;
            }
            Ok(found)
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let lang = reader.lang;
    let page = desk.page(Section::Affairs, lang.affairs());
    Ok(page
        .described(lang.affairs_intro())
        .standing_on(standing)
        .showing(hub(&desk, &told.value)))
}

fn hub(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let names = &found.names;
    let asked = found.asked.iter();
    let meetings = found.meetings.iter();
    let hanging = found.hanging.iter();
    let tasks = found.tasks.iter();
    let imports = found.imports.iter();
    html! {
        h1 { (lang.affairs()) }
        p.lead { (lang.affairs_intro()) }
        (part(
            desk,
            ("/consultations", lang.consultations()),
            &asked.map(|row| consultations::card(desk, names, row)).collect::<Vec<_>>(),
            lang.no_consultation_open(),
        ))
        (part(
            desk,
            ("/meetings", lang.meetings()),
            &meetings.map(|row| meetings::card(desk, names, row)).collect::<Vec<_>>(),
            lang.meetings_none(),
        ))
        (part(
            desk,
            ("/disclosures", lang.disclosures()),
            &hanging.map(|row| disclosures::card(desk, names, row)).collect::<Vec<_>>(),
            lang.disclosures_hanging_none(),
        ))
        (part(
            desk,
            ("/tasks", lang.tasks()),
            &tasks.map(|row| tasks::card(desk, names, row)).collect::<Vec<_>>(),
            lang.tasks_none(),
        ))
        (part(
            desk,
            ("/imports", lang.imports()),
            &imports.map(|row| imports::card(desk, names, row)).collect::<Vec<_>>(),
            lang.imports_none(),
        ))
    }
}

/// The latest of a kind, and the way to all of them.
fn part(desk: &Desk, (within, title): (&str, &str), cards: &[Markup], none: &str) -> Markup {
    let lang = desk.reader.lang;
    let id = within.trim_start_matches('/');
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (title) }
            @if cards.is_empty() { p { (none) } }
            ul.cards { @for card in cards { (card) } }
            p { a.button href=(desk.link(within)) { (lang.see_all_of(title)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_short_and_ends_with_a_sentence() {
        let long = |letters| "长".repeat(letters);
        assert_eq!(headline(&long(100)), long(100));
        assert_eq!(headline(&long(101)), format!("{}…", long(100)));
        let two = format!("换不换？(Yes or no?) {}", long(100));
        assert_eq!(headline(&two), "换不换？(Yes or no?)");
        assert_eq!(headline(""), "");
    }
}
