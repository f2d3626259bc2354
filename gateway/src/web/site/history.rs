//! What happened to a motion, and what was said on it: the texts are fetched anew for every answer, so what was
//! erased is gone.

use maud::{Markup, html};
use projector::{Gist, views::history::HistoryRow};

use super::{desk::Desk, layout::said, names::Names, sentences, terms};
use crate::{
    services::query::{Text, Texts},
    status::Problem,
};

/// An entry and the text beside it.
pub(super) struct Item {
    pub(super) row: HistoryRow,
    pub(super) text: Option<Text>,
}

/// Fetches the texts of a history.
pub(super) async fn fetch(desk: &Desk, rows: Vec<HistoryRow>) -> Result<Vec<Item>, Problem> {
    let mut texts = Texts::new(&desk.books.ledger);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let text = match &row.content {
            Some(content) => Some(texts.fetch(content).await?),
            None => None,
        };
        items.push(Item { row, text });
    }
    Ok(items)
}

/// Statements and opinions.
pub(super) fn heard(desk: &Desk, names: &Names, items: &[Item]) -> Markup {
    let lang = desk.reader.lang;
    let heard = items
        .iter()
        .filter_map(|item| Some((item, item.text.as_ref()?)));
    let heard: Vec<_> = heard.collect();
    html! {
        @if heard.is_empty() { p { (lang.nobody_heard()) } }
        @for (item, text) in heard { (statement(desk, names, item, text)) }
    }
}

fn statement(desk: &Desk, names: &Names, item: &Item, text: &Text) -> Markup {
    let lang = desk.reader.lang;
    let summary = &item.row.summary;
    let kind = match &summary.gist {
        Gist::Statement(kind) => terms::statement(lang, *kind),
        Gist::Opinion { .. } => lang.expert_opinion(),
        _ => terms::kind(lang, &summary.kind),
    };
    html! {
        figure.statement {
            figcaption {
                strong { (kind) }
                @if let Some(actor) = sentences::actor(names, summary) { " · " (said(lang, actor)) }
                @if let Gist::Opinion { interested } = &summary.gist {
                    " · " (if *interested { lang.interest_declared() } else { lang.no_interest() })
                }
                br;
                a href=(desk.link(&format!("/entries/{}", item.row.index))) {
                    (desk.times.time(item.row.recorded_at))
                }
            }
            (content(desk, item.row.index, text))
        }
    }
}

/// A text, or why there is none.
pub(super) fn content(desk: &Desk, index: u64, text: &Text) -> Markup {
    let lang = desk.reader.lang;
    match text {
        Text::There(words) => html! { blockquote data-entry=(index) { (said(lang, words)) } },
        Text::Erased => html! { p.erased { (lang.text_erased()) } },
        Text::LeftOut => html! { p { (lang.text_left_out()) } },
    }
}

/// Every entry about the motion but the ballots.
pub(super) fn list(desk: &Desk, names: &Names, items: &[Item]) -> Markup {
    html! {
        ol.entries {
            @for item in items {
                (sentences::row_of_motion(desk, names, item.row.index, item.row.recorded_at, &item.row.summary))
            }
        }
    }
}
