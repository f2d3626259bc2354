//! Deadlines of open votes and of reports, and meetings, as a calendar (RFC 5545).

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use governance::ids::Millis;
use projector::{
    PageRequest, QueryError, View,
    views::{
        meetings::MeetingRow,
        motions::{MotionFilter, MotionRow, MotionStatus},
        reports::ReportDue,
    },
};

use super::{api, desk::Desk, lang::Lang, names::Names, reader::Reader};
use crate::{services::Sources, status::Problem};

/// Votes, and meetings, in a calendar; hardly any community has more at once.
const VOTES_MAX: usize = 200;
const MEETINGS_MAX: usize = 200;

/// For how long a meeting stays in a calendar after it began.
const PAST: u64 = 30 * Millis::DAY;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    match calendar(&reader, &sources, &ledger).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "no-cache"),
                (header::VARY, "accept-language"),
            ];
            (headers, text).into_response()
        }
        Err(problem) => api::refused(&problem),
    }
}

/// Something that happens at a moment.
struct Event {
    uid: String,
    at: Millis,
    what: String,
    place: String,
    href: String,
}

/// What a calendar is made of.
struct Found {
    votes: Vec<MotionRow>,
    meetings: Vec<MeetingRow>,
    due: Vec<ReportDue>,
    names: Names,
}

fn find(view: &View<'_>, now: Millis) -> Result<Found, QueryError> {
    let open = MotionFilter {
        status: Some(MotionStatus::Open),
        ..MotionFilter::default()
    };
    let since = Millis(now.0.saturating_sub(PAST));
    let meetings = view.meetings_from(since, &PageRequest::new(MEETINGS_MAX, ""))?;
    let due = view.reports_due()?;
    let mut names = Names::default();
    let bodies = meetings.rows.iter().map(|row| &row.body);
    for body in bodies.chain(due.iter().map(|due| &due.body)) {
        names.body(view, body)?;
    }
    Ok(Found {
        votes: view.motions(&open, &PageRequest::new(VOTES_MAX, ""))?.rows,
        meetings: meetings.rows,
        due,
        names,
    })
}

async fn calendar(reader: &Reader, sources: &Sources, ledger: &str) -> Result<String, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let now = desk.books.now();
    let told = desk.books.ask(move |view| find(view, now)).await?;
    let events = events(&desk, &told.value);
    Ok(write(&desk.info.name, told.recorded_at, &events))
}

fn events(desk: &Desk, found: &Found) -> Vec<Event> {
    let (lang, origin) = (desk.reader.lang, &desk.info.origin);
    let address = |within: &str| desk.reader.absolute(&desk.link(within));
    let votes = found.votes.iter().filter_map(|row| {
        Some(Event {
            uid: format!("vote-{}@{origin}", row.motion),
            at: row.vote?.closes_at,
            what: ends(lang, &row.title),
            place: String::new(),
            href: address(&format!("/motions/{}", row.motion)),
        })
    });
    let meetings = found.meetings.iter().map(|row| Event {
        uid: format!("meeting-{}@{origin}", row.meeting),
        at: row.starts_at,
        what: lang.meeting_of(found.names.of_body(&row.body)),
        place: row.place.clone(),
        href: address(&format!("/meetings/{}", row.meeting)),
    });
    let due = found.due.iter().map(|due| Event {
        uid: format!("report-{}-{}@{origin}", due.body, due.year),
        at: due.due_at,
        what: format!(
            "{} · {}",
            found.names.of_body(&due.body),
            lang.report_of(due.year)
        ),
        place: String::new(),
        href: address("/reports"),
    });
    votes.chain(meetings).chain(due).collect()
}

fn ends(lang: Lang, title: &str) -> String {
    match lang {
        Lang::Zh => format!("表决截止：{title}"),
        Lang::En => format!("Voting closes: {title}"),
    }
}

fn write(name: &str, now: Millis, events: &[Event]) -> String {
    let mut lines = Lines(String::new());
    lines.put("BEGIN:VCALENDAR");
    lines.put("VERSION:2.0");
    lines.put("PRODID:-//govledger//calendar//EN");
    lines.put(&format!("X-WR-CALNAME:{}", escaped(name)));
    for event in events {
        lines.put("BEGIN:VEVENT");
        lines.put(&format!("UID:{}", event.uid));
        lines.put(&format!("DTSTAMP:{}", utc(now)));
        lines.put(&format!("DTSTART:{}", utc(event.at)));
        lines.put(&format!("SUMMARY:{}", escaped(&event.what)));
        if !event.place.is_empty() {
            lines.put(&format!("LOCATION:{}", escaped(&event.place)));
        }
        lines.put(&format!("URL:{}", event.href));
        lines.put("END:VEVENT");
    }
    lines.put("END:VCALENDAR");
    lines.0
}

/// Lines of at most 75 bytes; a longer one goes on after a break and a space (RFC 5545 §3.1).
struct Lines(String);

impl Lines {
    fn put(&mut self, line: &str) {
        let mut used = 0;
        for letter in line.chars() {
            if used + letter.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                used = 1;
            }
            used += letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// `20260731T160000Z`.
fn utc(at: Millis) -> String {
    let seconds = at.0 / 1_000;
    let days = i32::try_from(seconds / 86_400).unwrap_or(i32::MAX);
    let (year, month, day) = governance::calendar::Date::from_days(days).civil();
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_keeps_its_lines_short_and_its_texts_harmless() {
        let event = Event {
            uid: "vote-a@example.org/a".to_owned(),
            at: Millis(1_785_513_600_000),
            what: format!("停车, 绿地; \\ BEGIN:VEVENT\r\n{}", "停".repeat(60)),
            place: "活动室, 二楼".to_owned(),
            href: "http://h/a".to_owned(),
        };
        let text = write("社区", Millis(0), &[event]);
        assert!(text.contains("LOCATION:活动室\\, 二楼\r\n"), "{text}");
        assert!(text.contains("DTSTART:20260731T160000Z\r\n"), "{text}");
        assert!(text.contains("停车\\, 绿地\\; \\\\ BEGIN"), "{text}");
        assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), 1);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    }
}
