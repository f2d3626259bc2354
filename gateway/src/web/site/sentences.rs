//! An entry in a line: what was done, to what, and the detail that matters.

use governance::ids::Millis;
use maud::{Markup, html};
use projector::{Gist, Subject, Summary};

use super::{affairs, desk::Desk, layout::said, names::Names, show, terms};

/// An entry as a row of the list of all.
pub(super) fn row(
    desk: &Desk,
    names: &Names,
    index: u64,
    recorded_at: Millis,
    summary: &Summary,
) -> Markup {
    let lang = desk.reader.lang;
    let mut detail = detail(desk, names, &summary.gist);
    if says_twice(desk, names, summary) {
        detail.clear();
    }
    let what = html! {
        div { (about(desk, names, summary)) }
        @if !detail.is_empty() { div { (said(lang, &detail)) } }
    };
    entry(desk, names, (index, recorded_at), summary, &what)
}

/// Whether the detail of a line is the title of what it is about.
fn says_twice(desk: &Desk, names: &Names, summary: &Summary) -> bool {
    let Gist::Title(said) = &summary.gist else {
        return false;
    };
    match (&summary.subject, names.of_thing(&summary.subject)) {
        (Subject::Motion(motion), _) => said == names.of_motion(motion),
        (_, Some(thing)) => affairs::headline(said) == thing.called(desk.reader.lang, names),
        _ => false,
    }
}

/// An entry as a row of the history of one motion, which need not say of which.
pub(super) fn row_of_motion(
    desk: &Desk,
    names: &Names,
    index: u64,
    recorded_at: Millis,
    summary: &Summary,
) -> Markup {
    let detail = match &summary.gist {
        Gist::Title(_) if summary.kind == "motion_tabled" => String::new(),
        gist => detail(desk, names, gist),
    };
    let what = html! {
        @if !detail.is_empty() { div { (said(desk.reader.lang, &detail)) } }
    };
    entry(desk, names, (index, recorded_at), summary, &what)
}

/// When, what, and who did it; the way to the entry itself.
fn entry(
    desk: &Desk,
    names: &Names,
    (index, recorded_at): (u64, Millis),
    summary: &Summary,
    what: &Markup,
) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.entry {
            div.when { (desk.times.time(recorded_at)) }
            div.what {
                a.block href=(desk.link(&format!("/entries/{index}"))) {
                    strong { (terms::kind(lang, &summary.kind)) }
                    " " span.quiet { (lang.entry_number(show::number(index))) }
                }
                (what)
                @if let Some(actor) = actor(names, summary) {
                    div.quiet { (lang.recorded_by()) ": " (said(lang, actor)) }
                }
            }
        }
    }
}

/// Who did it, where a page may say so.
pub(super) fn actor<'a>(names: &'a Names, summary: &'a Summary) -> Option<&'a str> {
    // Who raises an issue is nobody's business but its handler's; who votes and who answers, but their own.
    let own = matches!(
        summary.kind.as_str(),
        "ballot_cast" | "opening_submitted" | "consultation_answered"
    );
    if own || matches!(summary.subject, Subject::Issue(_)) {
        return None;
    }
    summary.actor.as_ref().map(|actor| names.of_person(actor))
}

/// What it is about, as a link where there is a page of it.
pub(super) fn about(desk: &Desk, names: &Names, summary: &Summary) -> Markup {
    let lang = desk.reader.lang;
    let link = |within: String, name: &str| {
        html! { a href=(desk.link(&within)) { (said(lang, name)) } }
    };
    match &summary.subject {
        Subject::Ledger(_) => html! {},
        Subject::Motion(id) => link(format!("/motions/{id}"), names.of_motion(id)),
        Subject::Body(id) => link(format!("/bodies/{id}"), names.of_body(id)),
        Subject::Person(id) => said(lang, names.of_person(id)),
        subject => {
            let Some(thing) = names.of_thing(subject) else {
                return html! { (subject.id()) };
            };
            let called = thing.called(lang, names);
            match &thing.within {
                Some(within) => link(within.clone(), &called),
                None => said(lang, &called),
            }
        }
    }
}

/// What else there is to say. Never who voted what: a page of a vote says that, where it may be said.
pub(super) fn detail(desk: &Desk, names: &Names, gist: &Gist) -> String {
    let lang = desk.reader.lang;
    match gist {
        Gist::Openings(ballots) => lang.detail_openings(*ballots),
        Gist::Nothing | Gist::Ballot { .. } | Gist::Key(_) | Gist::Proxy(_) => String::new(),
        Gist::Title(title) => title.clone(),
        Gist::Keys(keys) => lang.detail_keys(keys),
        Gist::Body { kind, name } => format!("{name} · {}", terms::body_kind(lang, *kind)),
        Gist::Right { right, over, .. } => {
            let over = over.as_ref().map_or_else(
                || lang.over_all().to_owned(),
                |body| lang.over(names.of_body(body)),
            );
            lang.detail_right(terms::right(lang, *right), over)
        }
        Gist::Seat { person, body, role } => lang.detail_seat(
            names.of_person(person),
            terms::role(lang, role),
            names.of_body(body),
        ),
        Gist::SeatEnded(cause) => terms::end_cause(lang, *cause).to_owned(),
        Gist::RollPart { part, lines, .. } => {
            lang.detail_roll_part(u64::from(*part) + 1, show::number(u64::from(*lines)))
        }
        Gist::Roll {
            body,
            as_of,
            members,
            total_area,
        } => {
            let body = names.of_body(body);
            let counts = roll_counts(desk, *members, *total_area, show::day(lang, *as_of));
            format!("{body} · {counts}")
        }
        Gist::RollRuling(true, reason) => lang.detail_objection_upheld(reason),
        Gist::RollRuling(false, reason) => lang.detail_objection_rejected(reason),
        Gist::HeadAudited(true, auditor) => lang.audit_irregular(auditor),
        Gist::HeadAudited(false, auditor) => lang.audit_regular(auditor),
        Gist::Meeting { body, starts_at } => {
            lang.detail_meeting(names.of_body(body), desk.times.moment(*starts_at))
        }
        Gist::Urgent(reason) => lang.detail_urgent(reason),
        Gist::Present { present, guests: 0 } => lang.detail_present(present),
        Gist::Present { present, guests } => lang.detail_present_and_guests(present, guests),
        Gist::Statement(kind) => terms::statement(lang, *kind).to_owned(),
        Gist::Expert(expert) => lang.detail_expert(names.of_person(expert)),
        Gist::Invited(bodies) => {
            let bodies: Vec<&str> = bodies.iter().map(|body| names.of_body(body)).collect();
            bodies.join(lang.list_separator())
        }
        Gist::Period {
            first_day,
            last_day,
        } => lang.detail_period(show::day(lang, *first_day), show::day(lang, *last_day)),
        Gist::Corrected { entry, says } => lang.detail_corrected(show::number(*entry), says),
        Gist::Opinion { interested: true } => lang.interest_declared().to_owned(),
        Gist::Opinion { interested: false } => lang.no_interest().to_owned(),
        Gist::Opened { closes_at, .. } => lang.detail_opened(desk.times.deadline(*closes_at)),
        Gist::Papers { voters, .. } => lang.detail_papers(voters),
        Gist::RollCall { lines, minuted } => match minuted {
            Some((title, day)) => lang.detail_roll_call_minuted(title, show::day(lang, *day)),
            None => lang.detail_roll_call(lines),
        },
        Gist::Execution(progress) => terms::progress(lang, *progress).to_owned(),
        Gist::Filed(day, reference) if reference.is_empty() => {
            lang.detail_filed(show::day(lang, *day))
        }
        Gist::Filed(day, reference) => lang.detail_filed_as(show::day(lang, *day), reference),
        Gist::Kin(kin) => lang.detail_kin(names.of_person(kin)),
        Gist::Candidate(candidate) => lang.detail_candidate(names.of_person(candidate)),
        Gist::Severity(severity) => terms::severity(lang, *severity).to_owned(),
        Gist::Sanction(sanction) => terms::sanction(lang, *sanction).to_owned(),
        Gist::Appeal(outcome) => terms::appeal(lang, *outcome),
        Gist::Signatures(signatures) => lang.detail_signatures(signatures),
        Gist::Overturned(by) => terms::overturned(lang, *by).to_owned(),
        Gist::Outcome(outcome) => terms::outcome(lang, *outcome).to_owned(),
        Gist::Year(year) | Gist::Assessed { year, .. } => lang.detail_year(year),
        Gist::Issue {
            kind,
            category,
            body,
        } => {
            let (kind, body) = (terms::issue_kind(lang, *kind), names.of_body(body));
            format!("{kind} · {category} · {body}")
        }
        Gist::Referred(body) => names.of_body(body).to_owned(),
        Gist::Step(step) => terms::issue_step(lang, *step).to_owned(),
        Gist::Score(score) => lang.detail_score(score),
    }
}

/// Heads, and area where there is one; never names.
pub(super) fn roll_counts(desk: &Desk, members: u32, area: u64, day: String) -> String {
    let lang = desk.reader.lang;
    let members = show::number(u64::from(members));
    match area {
        0 => lang.roll_counts(members, day),
        area => lang.roll_counts_area(members, show::area(lang, area), day),
    }
}
