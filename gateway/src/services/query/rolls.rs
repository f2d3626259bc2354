//! A body's roll: who may vote, with what weight.

use governance::{
    action::RollLine,
    calendar::Date,
    ids::{BodyId, RollId},
};
use projector::{
    QueryError, View,
    views::rolls::{ObjectionRow, RollRow},
};
use proto::v1;

use super::ask::{Books, field, optional_field};
use crate::status::Problem;

/// Parts of a roll, of up to 1,000 lines each, in a page: at some 60 bytes a line, 0.6 MB.
const PARTS_MAX: u32 = 10;

/// Where a page of lines begins: the roll it began with, so that one published meanwhile does not mix in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    roll: RollId,
    part: u32,
}

impl Token {
    fn read(text: &str) -> Result<Option<Self>, Problem> {
        if text.is_empty() {
            return Ok(None);
        }
        let parsed = text.split_once('.').and_then(|(roll, part)| {
            let roll = RollId::new(roll).ok()?;
            let part = part.parse().ok()?;
            Some(Self { roll, part })
        });
        parsed.map(Some).ok_or_else(Problem::page_token)
    }

    fn text(&self) -> String {
        format!("{}.{}", self.roll, self.part)
    }
}

/// A roll, lines of it, and where they go on.
struct Found {
    roll: RollRow,
    lines: Vec<RollLine>,
    objections: Vec<ObjectionRow>,
    next: Option<Token>,
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetRollRequest,
) -> Result<v1::GetRollResponse, Problem> {
    let body: BodyId = field("body", &request.body)?;
    let day: Option<Date> = optional_field("as_of", &request.as_of)?;
    let token = Token::read(&request.page_token)?;
    let goes_on = token.is_some();
    let with_lines = request.with_lines || goes_on;
    let told = books
        .ask(move |view| {
            let roll = match &token {
                Some(token) => view.roll(&token.roll)?.filter(|roll| roll.body == body),
                None => view.roll_as_of(&body, day)?,
            };
            let from = token.map_or(0, |token| token.part);
            let found = roll.map(|roll| find(view, roll, with_lines.then_some(from)));
            found.transpose()
        })
        .await?;
    let found = told.value.ok_or_else(|| {
        if goes_on {
            Problem::page_token()
        } else {
            Problem::no_such_roll(books.id(), &request.body, &request.as_of)
        }
    })?;
    Ok(v1::GetRollResponse {
        position: Some(told.position),
        ..response(&found)
    })
}

fn response(found: &Found) -> v1::GetRollResponse {
    v1::GetRollResponse {
        roll: found.roll.roll.to_string(),
        body: found.roll.body.to_string(),
        as_of: found.roll.as_of.to_string(),
        members: found.roll.members,
        total_area: found.roll.total_area,
        lines: found.lines.iter().map(v1::RollLine::from).collect(),
        position: None,
        next_page_token: found.next.as_ref().map(Token::text).unwrap_or_default(),
        objections: found.objections.iter().map(objection).collect(),
    }
}

fn objection(row: &ObjectionRow) -> v1::RollObjection {
    let ruled = row.ruled.as_ref();
    v1::RollObjection {
        person: row.about.to_string(),
        index: row.index,
        due_at_ms: row.due_at.0,
        ruled_index: ruled.map_or(0, |ruled| ruled.index),
        upheld: ruled.is_some_and(|ruled| ruled.upheld),
        reason: ruled.map_or_else(String::new, |ruled| ruled.reason.clone()),
        content: row.content.0.to_vec(),
    }
}

/// A body's roll of a day with every line in one page: what an auditor's own views say.
pub(crate) fn whole(
    view: &View<'_>,
    body: &BodyId,
    day: Date,
) -> Result<Option<v1::GetRollResponse>, QueryError> {
    let Some(roll) = view.roll_as_of(body, Some(day))? else {
        return Ok(None);
    };
    let mut found = find(view, roll, Some(0))?;
    while let Some(next) = found.next.take() {
        let more = find(view, found.roll, Some(next.part))?;
        found.roll = more.roll;
        found.lines.extend(more.lines);
        found.next = more.next;
    }
    Ok(Some(response(&found)))
}

fn find(view: &View<'_>, roll: RollRow, from: Option<u32>) -> Result<Found, QueryError> {
    let mut lines = Vec::new();
    let mut next = None;
    if let Some(from) = from {
        let end = from.saturating_add(PARTS_MAX).min(roll.parts);
        for part in from..end {
            lines.extend(view.roll_part(&roll.roll, part)?.unwrap_or_default());
        }
        next = (end < roll.parts).then(|| Token {
            roll: roll.roll.clone(),
            part: end,
        });
    }
    // Whom they are about stands in the lines too, which are for whoever audits (rules.md §7).
    let objections = match from {
        Some(0) => view.roll_objections(&roll.roll)?,
        _ => Vec::new(),
    };
    Ok(Found {
        roll,
        lines,
        objections,
        next,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_and_nothing_else_is_one() {
        let token = Token {
            roll: RollId::new("owners-2026").unwrap(),
            part: 10,
        };
        assert_eq!(Token::read(&token.text()), Ok(Some(token)));
        assert_eq!(Token::read(""), Ok(None));
        for wrong in [
            "owners-2026",
            "owners-2026.",
            ".3",
            "Owners.3",
            "owners.-1",
            "a.4294967296",
        ] {
            let problem = Token::read(wrong).unwrap_err();
            assert_eq!(problem.reason(), "PAGE_TOKEN_INVALID", "{wrong}");
        }
    }
}
