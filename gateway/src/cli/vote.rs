//! `govledger vote`: one ballot on one motion.

use std::path::PathBuf;

use clap::Args;
use governance::{
    action::{Actor, Ballot, BallotCast, Capacity, Choice, DeliberationAction, Payload, Stance},
    ids::{BodyId, Leaf, MotionId, PersonId},
};
use proto::v1::{self, MotionStatus};

use super::{
    connection::{LedgerArgs, Session, Told as _},
    failure::Failure,
    keyfile::KeyFile,
    opening::KeptOpening,
    query::called,
    send,
    signing::{self, Signer},
    whoami::whoami,
};

/// Vote on a motion
///
/// A ballot cast again replaces the one before, until the vote closes.
#[derive(Args)]
pub(crate) struct VoteArgs {
    /// The motion's id
    motion: MotionId,
    /// for, against or abstain; in a contest the numbers of the chosen options from 1, e.g. 1,3
    choice: String,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Your private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Vote for a person whose proxy you hold
    #[arg(long = "for", value_name = "PERSON")]
    on_behalf_of: Option<PersonId>,
    /// Where ballots are hidden until the close: where to keep what opens yours
    #[arg(long, value_name = "FILE")]
    opening: Option<PathBuf>,
    /// Ask what the ledger would answer, and record nothing
    #[arg(long)]
    preview: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &VoteArgs) -> Result<(), Failure> {
    let key = KeyFile::read(&args.key)?;
    let session = args.ledger.open_views().await?;
    let me = whoami(&session, &key).await?;
    let (motion, contest) = open_motion(&session, &args.motion).await?;
    let choice = parse(&args.choice, contest.as_ref())?;
    let voting_opened = opening(&motion)?;
    let voter = args.on_behalf_of.as_ref().unwrap_or(&me.person);
    let (ballot, kept) = ballot(&session, &motion, args, voter, choice)?;
    let payload = DeliberationAction::BallotCast(BallotCast {
        motion: args.motion.clone(),
        voting_opened,
        on_behalf_of: args.on_behalf_of.clone(),
        ballot,
    });
    let body = BodyId::new(&motion.body)
        .map_err(|error| Failure::finding(format!("the server names a body wrongly: {error}")))?;
    let actor = Actor::Person {
        person: me.person.clone(),
        capacity: Some(Capacity { body, office: None }),
    };
    let action = signing::action(&session, actor, Payload::Deliberation(payload))?;
    let signer = Signer {
        person: Some(me.person),
        key,
    };
    let uploads = kept.iter().map(|(kept, _)| v1::ContentUpload {
        salt: kept.opening.nonce.to_vec(),
        bytes: kept.opening.choice.to_bytes(),
    });
    let request = signing::signed(&action, &[signer], uploads.collect())?;
    if args.preview {
        return send::preview(&session, &request, args.json).await;
    }
    if let Some((kept, path)) = &kept {
        // A ballot that is refused leaves no file behind.
        send::would_be_recorded(&session, &request).await?;
        // Before the ballot is on its way: without it, nobody but the ledger could open it.
        kept.write(path)?;
        eprintln!(
            "Your ballot is hidden until the close. What opens it is kept in {}; the ledger opens it by itself, \
             and should it not: govledger open {}",
            path.display(),
            path.display()
        );
    }
    let answer = send::submit(&session, &request).await?;
    send::report(&session, &action, &answer, args.json)
}

/// What the ballot puts on the log, and what opens it with where that is kept, if it is hidden.
fn ballot(
    session: &Session,
    motion: &v1::Motion,
    args: &VoteArgs,
    voter: &PersonId,
    choice: Choice,
) -> Result<(Ballot, Option<(KeptOpening, PathBuf)>), Failure> {
    if motion.visibility() != v1::BallotVisibility::HiddenUntilClose {
        return Ok((Ballot::Open(choice), None));
    }
    let kept = KeptOpening::new(args.motion.clone(), voter.clone(), choice)?;
    let genesis: Result<[u8; 32], _> = session.about.genesis.as_slice().try_into();
    let genesis = genesis.map_err(|_| Failure::finding("the server names no first entry"))?;
    let commitment = kept.commitment(Leaf(genesis), opening(motion)?);
    let path = args.opening.clone();
    let path = path.unwrap_or_else(|| kept.default_path(commitment));
    Ok((Ballot::Hidden(commitment), Some((kept, path))))
}

/// The motion and its options. Whether it may be voted on, the ledger decides; only what cannot even
/// be signed is refused here.
async fn open_motion(
    session: &Session,
    id: &MotionId,
) -> Result<(v1::Motion, Option<v1::Contest>), Failure> {
    let request = v1::GetMotionRequest {
        ledger: session.ledger(),
        motion: id.to_string(),
        page_size: 1,
        page_token: String::new(),
        moment: None,
    };
    let answer = session.server.query().get_motion(request).await.told()?;
    let motion = answer
        .motion
        .ok_or_else(|| Failure::finding(format!("the server says nothing of motion {id}")))?;
    Ok((motion, answer.contest))
}

fn opening(motion: &v1::Motion) -> Result<Leaf, Failure> {
    let leaf: Result<[u8; 32], _> = motion.voting_opened.as_slice().try_into();
    leaf.map(Leaf).map_err(|_| {
        let id = &motion.motion;
        let stands = match motion.status() {
            MotionStatus::Tabled => "is tabled; its vote has not been opened",
            MotionStatus::Withdrawn => "was withdrawn",
            MotionStatus::Decided => "is decided",
            MotionStatus::Overturned => "was decided, and overturned since",
            MotionStatus::Open | MotionStatus::Closed | MotionStatus::Unspecified => {
                "has no opened vote"
            }
        };
        Failure::finding(format!("motion {id} cannot be voted on: it {stands}"))
            .next(format!("See where it stands: govledger query motion {id}"))
    })
}

/// A choice as it is typed; options count from 1 here and from 0 on the log.
fn parse(text: &str, contest: Option<&v1::Contest>) -> Result<Choice, Failure> {
    let Some(contest) = contest else {
        return match text {
            "for" => Ok(Choice::Stance(Stance::For)),
            "against" => Ok(Choice::Stance(Stance::Against)),
            "abstain" => Ok(Choice::Stance(Stance::Abstain)),
            _ => Err(
                Failure::usage(format!("\"{text}\" is no vote on this motion"))
                    .next("Vote for, against or abstain."),
            ),
        };
    };
    if text == "abstain" {
        return Ok(Choice::Options(Vec::new()));
    }
    let number = |part: &str| {
        let number = part.trim().parse::<usize>().ok()?;
        let known = (1..=contest.options.len()).contains(&number);
        known.then(|| u32::try_from(number - 1).unwrap_or(u32::MAX))
    };
    let chosen: Option<Vec<u32>> = text.split(',').map(number).collect();
    let mut chosen = chosen.ok_or_else(|| {
        Failure::usage(format!("\"{text}\" does not choose among the options"))
            .next(listed(contest))
    })?;
    chosen.sort_unstable();
    chosen.dedup();
    Ok(Choice::Options(chosen))
}

fn listed(contest: &v1::Contest) -> String {
    let options = contest.options.iter().enumerate();
    let options = options.map(|(at, option)| format!("{} {}", at + 1, called(option)));
    let options: Vec<String> = options.collect();
    let seats = contest.seats;
    format!(
        "Choose up to {seats} of: {}; or abstain.",
        options.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contest() -> v1::Contest {
        let option = |label: &str| v1::ContestOption {
            label: label.to_owned(),
            candidate: String::new(),
        };
        v1::Contest {
            options: ["甲", "乙", "丙"].map(option).to_vec(),
            seats: 2,
            position: "committee member".to_owned(),
        }
    }

    #[test]
    fn a_stance_is_one_of_three_words() {
        assert_eq!(parse("for", None), Ok(Choice::Stance(Stance::For)));
        assert_eq!(parse("against", None), Ok(Choice::Stance(Stance::Against)));
        assert_eq!(parse("abstain", None), Ok(Choice::Stance(Stance::Abstain)));
        assert!(parse("yes", None).is_err() && parse("1", None).is_err());
    }

    #[test]
    fn options_count_from_one() {
        let contest = contest();
        let parsed = |text: &str| parse(text, Some(&contest));
        assert_eq!(parsed("3,1"), Ok(Choice::Options(vec![0, 2])));
        assert_eq!(parsed("2, 2"), Ok(Choice::Options(vec![1])));
        assert_eq!(parsed("abstain"), Ok(Choice::Options(vec![])));
        for wrong in ["0", "4", "for", "", "1,", "-1"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_choice_is_told_the_options() {
        let failure = parse("for", Some(&contest())).unwrap_err();
        assert!(
            failure
                .text()
                .contains("Choose up to 2 of: 1 甲, 2 乙, 3 丙; or abstain.")
        );
    }
}
