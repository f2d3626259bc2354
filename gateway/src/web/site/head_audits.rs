//! The audits of those who were head of a residents' committee (组织法 38), on the pages of the body and the office.

use maud::{Markup, html};
use projector::views::offices::{HeadAuditRow, OfficeRow};

use super::{desk::Desk, layout::said, names::Names, offices, terms};

/// Those who were head, and how far the audit on each has come.
pub(super) fn of_body(desk: &Desk, names: &Names, rows: &[OfficeRow]) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if !rows.is_empty() {
            h2 { (lang.head_audits()) }
            p { (lang.head_audits_intro()) }
            ul.cards {
                @for row in rows {
                    li.card {
                        a.block href=(desk.link(&format!("/offices/{}", row.office))) {
                            (said(lang, terms::role(lang, &row.role))) " · "
                            (offices::holder(desk, names, row))
                        }
                        p.quiet { (offices::term(desk, row)) }
                        @if let Some(audit) = &row.audit { p { (standing(desk, audit)) } }
                    }
                }
            }
        }
    }
}

/// How far an audit has come: what it came to, or by when it is due.
pub(super) fn standing(desk: &Desk, audit: &HeadAuditRow) -> Markup {
    let lang = desk.reader.lang;
    let due = desk.times.deadline(audit.due_at);
    let Some(recorded) = &audit.recorded else {
        return if desk.books.now() < audit.due_at {
            html! { (lang.due_by(due)) }
        } else {
            html! { strong { (lang.duty_kind_head_audit()) } " · " (lang.was_due(due)) }
        };
    };
    let found = if recorded.irregular {
        lang.audit_irregular(&recorded.auditor)
    } else {
        lang.audit_regular(&recorded.auditor)
    };
    html! {
        (said(lang, &found)) " · "
        a href=(desk.link(&format!("/entries/{}", recorded.index))) { (desk.times.time(recorded.at)) }
        @if audit.overdue.is_some() { " · " (lang.was_due(due)) }
    }
}
