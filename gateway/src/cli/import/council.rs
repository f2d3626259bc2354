//! `govledger import council`: from two files to recorded roll calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use governance::{
    action::{
        BodiesAction, Content, DeliberationAction, Minuted, MotionText, OfficeAssumed,
        OfficeObtained, Payload, PeopleAction, PersonEnrolled, RollCall, RollLine, RollPart,
        RollPublished,
    },
    ids::{Digest, MotionId, OfficeId, PersonId, RoleId, RollId},
    roll,
};
use indicatif::ProgressBar;
use proto::v1;

use super::{
    super::{
        connection::Session, contents::Contents, failure::Failure, keyfile::KeyFile, output,
        signing,
    },
    CouncilArgs, compare,
    files::{self, FileMotion, Files},
    membership::{self, Sitting, Term},
    officers::Officers,
    recorded::Recorded,
    skips::{Reason, Skips},
    stream::{self, Outcome},
    summary::{Counts, Summary},
};

pub(super) async fn run(args: &CouncilArgs) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut skips = Skips::default();
    let files = files::read(&args.dir, &mut skips)?;
    let keys = (KeyFile::read(&args.key)?, KeyFile::read(&args.attest_key)?);
    let session = args.ledger.open_views().await?;
    let officers = Officers::find(&session, args, keys).await?;
    let mut recorded = Recorded::default();
    recorded.catch_up(&session).await?;
    let summary = Summary {
        ledger: session.ledger(),
        items_read: files.items_read,
        votes_read: files.votes_read,
        skips,
        ..Summary::default()
    };
    let mut import = Import {
        session,
        officers,
        recorded,
        summary,
    };
    let worked = import.work(&files).await;
    worked.map_err(|failure| {
        let next = failure.advice().map(|advice| format!("{advice} "));
        let again = "What was recorded stays; the same command goes on from there.";
        failure.next(format!("{}{again}", next.unwrap_or_default()))
    })?;
    import.summary.elapsed = begun.elapsed();
    import.summary.tell(args.json)
}

/// An import under way.
struct Import {
    session: Session,
    officers: Officers,
    recorded: Recorded,
    summary: Summary,
}

impl Import {
    async fn work(&mut self, files: &Files) -> Result<(), Failure> {
        let terms = membership::terms(&files.motions);
        let sittings = membership::sittings(&files.motions, &terms);
        self.enrol(files, &terms).await?;
        self.seat(&terms).await?;
        for sitting in &sittings {
            self.publish(sitting).await?;
        }
        self.record(&files.motions, &sittings).await?;
        self.compare(&files.motions).await
    }

    /// Enrols members who are not enrolled yet.
    async fn enrol(
        &mut self,
        files: &Files,
        terms: &BTreeMap<PersonId, Term>,
    ) -> Result<(), Failure> {
        let mut counts = Counts::default();
        let mut requests = Vec::new();
        for (member, name) in &files.members {
            if !terms.contains_key(member) {
                // Known from fragments alone: on no roll, so nothing of theirs can be recorded.
                continue;
            }
            if self.recorded.people.contains(member) {
                counts.there += 1;
                continue;
            }
            let mut contents = Contents::default();
            let name = content_of(contents.text(name)?)?;
            let enrolled = PeopleAction::PersonEnrolled(PersonEnrolled {
                person: member.clone(),
                keys: Vec::new(),
                name: Some(name),
            });
            requests.push(self.signed(Payload::People(enrolled), contents.uploads)?);
        }
        counts.recorded = self.all_of(requests).await?;
        self.summary.members = counts;
        Ok(())
    }

    /// Gives members their office.
    async fn seat(&mut self, terms: &BTreeMap<PersonId, Term>) -> Result<(), Failure> {
        let mut counts = Counts::default();
        let mut requests = Vec::new();
        for (member, term) in terms {
            let office = office_of(member)?;
            if self.recorded.offices.contains(&office) {
                counts.there += 1;
                continue;
            }
            let assumed = BodiesAction::OfficeAssumed(OfficeAssumed {
                office,
                body: self.officers.body.clone(),
                person: member.clone(),
                role: role()?,
                term_from: term.from,
                term_to: term.to,
                obtained: OfficeObtained::Elected,
                decision: None,
                succeeds: None,
                woman: false,
                overlap_disclosed: false,
                elsewhere: None,
            });
            requests.push(self.signed(Payload::Bodies(assumed), Vec::new())?);
        }
        counts.recorded = self.all_of(requests).await?;
        self.summary.offices = counts;
        Ok(())
    }

    /// Publishes the roll of a sitting, in parts, going on where an earlier import stopped.
    async fn publish(&mut self, sitting: &Sitting) -> Result<(), Failure> {
        let id = self.roll_of(sitting)?;
        let lines: Vec<RollLine> = sitting.members.iter().map(line_of).collect();
        let digest = roll::digest(&lines);
        if let Some(published) = self.recorded.rolls.get(&id) {
            self.summary.rolls.there += 1;
            return same_roll(&id, *published, digest);
        }
        let body = self.officers.body.clone();
        let mut parts = 0;
        for lines in lines.chunks(roll::LINES_PER_PART_MAX) {
            let part = BodiesAction::RollPart(RollPart {
                roll: id.clone(),
                body: body.clone(),
                part: parts,
                lines: lines.to_vec(),
            });
            parts += 1;
            if parts > self.recorded.parts.get(&id).copied().unwrap_or(0) {
                let request = self.signed(Payload::Bodies(part), Vec::new())?;
                self.all_of(vec![request]).await?;
            }
        }
        let published = BodiesAction::RollPublished(RollPublished {
            roll: id,
            body,
            as_of: sitting.as_of,
            parts,
            members: u32::try_from(sitting.members.len()).unwrap_or(u32::MAX),
            total_area: 0,
            digest,
        });
        let request = self.signed(Payload::Bodies(published), Vec::new())?;
        self.summary.rolls.recorded += self.all_of(vec![request]).await?;
        Ok(())
    }

    fn roll_of(&self, sitting: &Sitting) -> Result<RollId, Failure> {
        let id = format!("{}-{}", self.officers.body, sitting.as_of);
        RollId::new(&id).map_err(|error| {
            Failure::usage(format!("a roll cannot be called {id}: {error}"))
                .next("Use a body with a shorter id.")
        })
    }

    /// Records every motion that is not recorded yet.
    async fn record(
        &mut self,
        motions: &[FileMotion],
        sittings: &[Sitting],
    ) -> Result<(), Failure> {
        let mut missing = Vec::new();
        for motion in motions {
            match self.recorded.calls.get(&motion.id) {
                None => missing.push(motion),
                Some(call)
                    if call.votes == motion.votes && call.held_on == Some(motion.held_on) =>
                {
                    self.summary.calls.there += 1;
                }
                Some(_) => {
                    let skips = &mut self.summary.skips;
                    skips.add(Reason::RecordedDifferently, &motion.item);
                }
            }
        }
        let bar = output::progress(missing.len().try_into().unwrap_or(u64::MAX), "roll calls");
        let recorded = self.record_missing(&missing, sittings, &bar).await;
        bar.finish_and_clear();
        recorded
    }

    async fn record_missing(
        &mut self,
        missing: &[&FileMotion],
        sittings: &[Sitting],
        bar: &ProgressBar,
    ) -> Result<(), Failure> {
        let mut results: Vec<(usize, Outcome)> = Vec::new();
        let mut left = missing.iter();
        let next = || match left.next() {
            None => Ok(None),
            Some(motion) => self.roll_call(motion, sittings).map(Some),
        };
        let answered = |number, outcome| {
            bar.inc(1);
            results.push((number, outcome));
            Ok(())
        };
        let ended = stream::submit_all(&self.session, next, answered).await;
        for (number, outcome) in results {
            let Some(motion) = missing.get(number) else {
                continue;
            };
            match outcome {
                Outcome::Recorded => self.summary.calls.recorded += 1,
                Outcome::Refused(failure) => {
                    refusal_of_one(&mut self.summary.skips, failure, &motion.item)?;
                }
            }
        }
        ended
    }

    fn roll_call(
        &self,
        motion: &FileMotion,
        sittings: &[Sitting],
    ) -> Result<v1::SubmitRequest, Failure> {
        let none = || Failure::finding(format!("nobody sat on {}", motion.held_on));
        let sitting = membership::sitting_on(sittings, motion.held_on).ok_or_else(none)?;
        let lines = motion
            .votes
            .iter()
            .map(|(voter, mark)| (voter.clone(), *mark));
        let call = DeliberationAction::RollCallRecorded(RollCall {
            motion: motion.id.clone(),
            second: self.officers.second.clone(),
            roll: self.roll_of(sitting)?,
            lines: lines.collect(),
            minuted: Some(Minuted {
                held_on: motion.held_on,
                body: self.officers.body.clone(),
                rule: self.officers.rule.clone(),
                text: MotionText {
                    title: motion.title.clone(),
                    paragraphs: motion.paragraphs.clone(),
                },
                source: motion.item.clone(),
                source_outcome: motion.final_action.clone(),
            }),
        });
        self.signed(Payload::Deliberation(call), Vec::new())
    }

    /// Holds the ledger's tallies against the file's votes and its outcomes against `passed`.
    async fn compare(&mut self, motions: &[FileMotion]) -> Result<(), Failure> {
        self.recorded.catch_up(&self.session).await?;
        let calls = &self.recorded.calls;
        let ours = |motion: &&FileMotion| {
            calls
                .get(&motion.id)
                .is_some_and(|call| call.votes == motion.votes)
        };
        let ours: Vec<&FileMotion> = motions.iter().filter(ours).collect();
        let ids: BTreeSet<MotionId> = ours.iter().map(|motion| motion.id.clone()).collect();
        self.recorded.until_decided(&self.session, &ids).await?;
        for motion in ours {
            match self.recorded.decisions.get(&motion.id) {
                Some(decided) => compare::compare(&mut self.summary, motion, decided),
                None => self.summary.undecided += 1,
            }
        }
        Ok(())
    }

    fn signed(
        &self,
        payload: Payload,
        contents: Vec<v1::ContentUpload>,
    ) -> Result<v1::SubmitRequest, Failure> {
        let action = signing::action(&self.session, self.officers.actor.clone(), payload)?;
        signing::signed(&action, &self.officers.signers, contents)
    }

    /// Submits what everything after rests on: the first refusal ends the import. How many there were.
    async fn all_of(&self, requests: Vec<v1::SubmitRequest>) -> Result<u64, Failure> {
        let mut recorded = 0;
        let mut left = requests.into_iter();
        let answered = |_, outcome| match outcome {
            Outcome::Recorded => {
                recorded += 1;
                Ok(())
            }
            Outcome::Refused(failure) => Err(failure),
        };
        stream::submit_all(&self.session, || Ok(left.next()), answered).await?;
        Ok(recorded)
    }
}

/// A refusal by a rule is that motion's; anything else ends the import.
fn refusal_of_one(skips: &mut Skips, failure: Failure, item: &str) -> Result<(), Failure> {
    match failure.reason() {
        Some(code) if failure.exit() == super::super::failure::Exit::Finding => {
            skips.refused(code, failure.what(), item);
            Ok(())
        }
        _ => Err(failure),
    }
}

fn same_roll(id: &RollId, published: Digest, ours: Digest) -> Result<(), Failure> {
    if published == ours {
        return Ok(());
    }
    Err(
        Failure::finding(format!("roll {id} is on the ledger with other members"))
            .because("The files now tell otherwise who sat on that day.")
            .next("Look at it with `govledger query roll`, and import into a ledger of its own."),
    )
}

fn line_of(member: &PersonId) -> RollLine {
    RollLine {
        voter: member.clone(),
        area: 0,
        unit: None,
        co_owners: Vec::new(),
    }
}

/// `member-ada-lovelace`, or the person's own id where that would be too long.
fn office_of(member: &PersonId) -> Result<OfficeId, Failure> {
    let long = format!("member-{member}");
    let id = OfficeId::new(&long).or_else(|_| OfficeId::new(member.as_str()));
    id.map_err(|error| Failure::usage(format!("{member} cannot name an office: {error}")))
}

fn role() -> Result<RoleId, Failure> {
    RoleId::new("member").map_err(|error| Failure::usage(error.to_string()))
}

fn content_of(content: v1::Content) -> Result<Content, Failure> {
    let digest: Result<[u8; 32], _> = content.digest.as_slice().try_into();
    Ok(Content {
        digest: Digest(digest.map_err(|_| Failure::usage("a digest has 32 bytes"))?),
        length: content.length,
        media_type: content.media_type,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_by_a_rule_is_a_skip_and_a_lost_server_is_not() {
        let mut skips = Skips::default();
        let refused = v1::Refused {
            code: tonic::Code::FailedPrecondition.into(),
            message: "14 are missing".to_owned(),
            reason: "ROLL_CALL_INCOMPLETE".to_owned(),
            metadata: vec![],
            ..v1::Refused::default()
        };
        refusal_of_one(&mut skips, Failure::of_refusal(refused.into()), "item-1").unwrap();
        let (reason, skipped) = skips.iter().next().unwrap();
        assert_eq!(reason.code(), "ROLL_CALL_INCOMPLETE");
        assert_eq!(skipped.said.as_deref(), Some("14 are missing"));
        let lost = Failure::unavailable("gone");
        assert!(refusal_of_one(&mut skips, lost, "item-2").is_err());
    }
}
