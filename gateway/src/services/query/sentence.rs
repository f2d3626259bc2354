//! An entry in one English sentence, from the kinds, ids and numbers a view keeps of it.

use governance::{
    action::{AppealOutcome, Choice, Outcome, Stance},
    calendar::Date,
    ids::{BodyId, PersonId},
};
use projector::{Gist, Summary};

/// What happened, without who did it and when: the fields beside say that.
pub(crate) fn sentence(summary: &Summary) -> String {
    let what = words(&summary.kind);
    let subject = summary.subject.id();
    match gist(&summary.gist) {
        detail if detail.is_empty() => format!("{what}: {subject}"),
        detail => format!("{what}: {subject}, {detail}"),
    }
}

/// `voting_opened` → `Voting opened`.
fn words(kind: &str) -> String {
    let spaced = kind.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// How an objection against a roll was ruled on.
const fn ruling(upheld: bool) -> &'static str {
    if upheld { "upheld" } else { "rejected" }
}

/// What the audit of a head came to.
const fn audit(irregular: bool) -> &'static str {
    if irregular {
        "not everything is in order"
    } else {
        "nothing found amiss"
    }
}

fn gist(gist: &Gist) -> String {
    match gist {
        Gist::Nothing => String::new(),
        Gist::Title(title) => format!("\"{title}\""),
        Gist::Keys(keys) => format!("with {}", counted(*keys, "key", "keys")),
        Gist::Key(key) => format!("key {key}"),
        Gist::Body { kind, name } => format!("\"{name}\" ({})", spaced(&format!("{kind:?}"))),
        Gist::Right { role, right, over } => {
            let role = role.as_ref().map(|role| format!(" for its {role}"));
            let over = over
                .as_ref()
                .map_or("everything".to_owned(), ToString::to_string);
            format!("right to {right} over {over}{}", role.unwrap_or_default())
        }
        Gist::Seat { person, body, role } => format!("{person} as {role} of {body}"),
        Gist::SeatEnded(cause) => format!("by {}", spaced(&format!("{cause:?}"))),
        Gist::RollPart { body, part, lines } => {
            let lines = counted(*lines, "line", "lines");
            format!("part {part} (from 0) of the roll of {body}, {lines}")
        }
        Gist::Roll {
            body,
            as_of,
            members,
            total_area,
        } => {
            let members = counted(*members, "voter", "voters");
            let area = square_metres(*total_area);
            format!("the roll of {body} as of {as_of}, {members}{area}")
        }
        Gist::RollRuling(upheld, reason) => format!("{}: {reason}", ruling(*upheld)),
        Gist::HeadAudited(irregular, auditor) => format!("by {auditor}: {}", audit(*irregular)),
        Gist::Meeting { body, .. } => format!("of {body}"),
        Gist::Urgent(reason) => format!("at short notice: {reason}"),
        Gist::Present { present, guests } => attendance(*present, *guests),
        Gist::Statement(kind) => spaced(&format!("{kind:?}")),
        Gist::Expert(expert) => format!("expert {expert}"),
        Gist::Invited(bodies) => {
            let bodies: Vec<&str> = bodies.iter().map(BodyId::as_str).collect();
            bodies.join(", ")
        }
        Gist::Period {
            first_day,
            last_day,
        } => format!("from {first_day} to {last_day}"),
        Gist::Corrected { entry, says } => format!("entry {entry}: \"{says}\""),
        Gist::Opinion { interested: true } => "declaring an interest".to_owned(),
        Gist::Opinion { interested: false } => "without an interest".to_owned(),
        Gist::Opened { roll, .. } => format!("by roll {roll}"),
        Gist::Ballot {
            on_behalf_of,
            choice,
        } => ballot(on_behalf_of.as_ref(), choice.as_ref()),
        Gist::Openings(ballots) => counted(*ballots, "ballot", "ballots"),
        Gist::Proxy(holder) => format!("to {holder}"),
        Gist::Papers { batch, voters } => {
            let voters = counted(*voters, "voter", "voters");
            format!("batch {batch} (from 0), {voters}")
        }
        Gist::RollCall { lines, minuted } => {
            let lines = counted(*lines, "voter", "voters");
            match minuted {
                Some((title, held_on)) => format!("\"{title}\", held on {held_on}, {lines}"),
                None => lines,
            }
        }
        Gist::Execution(progress) => progress.to_string(),
        Gist::Filed(day, reference) => filed(*day, reference),
        Gist::Kin(kin) => format!("near kin of {kin}"),
        Gist::Candidate(candidate) => format!("candidate {candidate}"),
        Gist::Severity(severity) => severity.to_string(),
        Gist::Sanction(sanction) => sanction.to_string(),
        Gist::Appeal(outcome) => appeal(*outcome),
        Gist::Signatures(signatures) => counted(*signatures, "signature", "signatures"),
        Gist::Overturned(by) => format!("by {}", spaced(&format!("{by:?}"))),
        Gist::Outcome(outcome) => came_to(*outcome).to_owned(),
        Gist::Year(year) => format!("on {year}"),
        Gist::Assessed { year, officers } => {
            let officers = counted(*officers, "officer", "officers");
            format!("{officers} for {year}")
        }
        Gist::Issue {
            kind,
            category,
            body,
        } => format!(
            "{} on {category}, with {body}",
            spaced(&format!("{kind:?}"))
        ),
        Gist::Referred(body) => format!("to {body}"),
        Gist::Step(step) => format!("to {}", spaced(&format!("{step:?}"))),
        Gist::Score(score) => format!("{score} of 5"),
    }
}

fn attendance(present: u32, guests: u32) -> String {
    match guests {
        0 => format!("{present} present"),
        guests => format!(
            "{present} present, and {}",
            counted(guests, "guest", "guests")
        ),
    }
}

fn ballot(on_behalf_of: Option<&PersonId>, choice: Option<&Choice>) -> String {
    let said = choice.map_or_else(|| "hidden".to_owned(), choice_words);
    match on_behalf_of {
        Some(voter) => format!("{said} on behalf of {voter}"),
        None => said,
    }
}

fn filed(day: Date, reference: &str) -> String {
    match reference {
        "" => format!("on {day}"),
        reference => format!("on {day}, number {reference}"),
    }
}

fn appeal(outcome: AppealOutcome) -> String {
    match outcome {
        AppealOutcome::Upheld => "the sanction is upheld".to_owned(),
        AppealOutcome::Reduced(to) => format!("reduced to {to}"),
        AppealOutcome::Annulled => "annulled".to_owned(),
    }
}

const fn came_to(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Adopted => "adopted",
        Outcome::Rejected => "rejected",
        Outcome::NoQuorum => "no quorum",
        Outcome::PartlyFilled => "seats partly filled",
    }
}

fn choice_words(choice: &Choice) -> String {
    match choice {
        Choice::Stance(Stance::For) => "for".to_owned(),
        Choice::Stance(Stance::Against) => "against".to_owned(),
        Choice::Stance(Stance::Abstain) => "abstaining".to_owned(),
        Choice::Options(none) if none.is_empty() => "abstaining".to_owned(),
        Choice::Options(options) => {
            let numbers: Vec<String> = options.iter().map(ToString::to_string).collect();
            format!("options {} (from 0)", numbers.join(", "))
        }
    }
}

/// `TwoIncompetent` → `two incompetent`.
fn spaced(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

fn counted(n: u32, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Nothing where only heads count.
fn square_metres(hundredths: u64) -> String {
    match hundredths {
        0 => String::new(),
        area => format!(", {}.{:02} m²", area / 100, area % 100),
    }
}

#[cfg(test)]
mod tests {
    use governance::{
        action::OfficeEndCause,
        ids::{MotionId, OfficeId, RollId},
    };
    use projector::Subject;

    use super::*;

    fn told(kind: &str, subject: Subject, gist: Gist) -> String {
        sentence(&Summary {
            kind: kind.to_owned(),
            actor: None,
            subject,
            gist,
        })
    }

    #[test]
    fn sentences_read_like_sentences() {
        let motion = || Subject::Motion(MotionId::new("roof").unwrap());
        let ballot = Gist::Ballot {
            on_behalf_of: Some(PersonId::new("li-4").unwrap()),
            choice: Some(Choice::Stance(Stance::Abstain)),
        };
        assert_eq!(
            told("ballot_cast", motion(), ballot),
            "Ballot cast: roof, abstaining on behalf of li-4"
        );
        assert_eq!(
            told("voting_closed", motion(), Gist::Nothing),
            "Voting closed: roof"
        );
        let office = Subject::Office(OfficeId::new("head-1").unwrap());
        let ended = Gist::SeatEnded(OfficeEndCause::TwoIncompetent);
        assert_eq!(
            told("office_ended", office, ended),
            "Office ended: head-1, by two incompetent"
        );
        let roll = Subject::Roll(RollId::new("owners-2026").unwrap());
        let gist = Gist::Roll {
            body: BodyId::new("owners").unwrap(),
            as_of: "2026-01-05".parse().unwrap(),
            members: 1,
            total_area: 12_305,
        };
        assert_eq!(
            told("roll_published", roll, gist),
            "Roll published: owners-2026, the roll of owners as of 2026-01-05, 1 voter, 123.05 m²"
        );
    }
}
