//! A community with a vote that stays open, and everybody's keys.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use ed25519_dalek::SigningKey;
use governance::{
    action::{
        Action, Actor, Ballot, BallotCast, BodiesAction, BodyEstablished, Capacity, Choice,
        DeliberationAction, Grant, LedgerFounded, MotionTabled, MotionText, OfficeAssumed,
        OfficeObtained, Payload, PeopleAction, PersonEnrolled, RollLine, RollPart, RollPublished,
        Stance,
    },
    calendar::UtcOffsets,
    charter::{BodyKind, Charter, DecisionRule, OverlapPolicy, Right},
    clocks::Clocks,
    ids::{ActionId, Leaf, Millis, MotionId, PublicKey},
    presets::Preset,
    roll,
};
use ledger::{Clock, Config, Founding, LedgerKeys};
use proto::v1;
use tlog::signing::sign_action;

use crate::{AnyError, load};

/// The ledger's id.
pub(crate) const LEDGER: &str = "benchmark";

/// How long an action may be recorded, and the one vote of a load stays open: longer than any run.
pub(crate) const VALID_MS: u64 = Millis::HOUR;

pub(crate) struct Community {
    clock: Arc<dyn Clock>,
    genesis: Leaf,
    /// The vote that is open: its motion, and the entry that opened it.
    vote: (MotionId, Leaf),
    voters: Vec<Voter>,
    made: AtomicU64,
}

struct Voter {
    id: String,
    key: SigningKey,
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&tlog::sha256(format!("key of {name}").as_bytes()).0)
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

impl Community {
    /// Founds the ledger in the configuration's data directory. Everything is done by this clock.
    pub(crate) async fn found(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, AnyError> {
        let keys = LedgerKeys::new(key("the record"), key("the checkpoint"));
        let mut community = Self {
            clock,
            genesis: Leaf::ZERO,
            vote: (id("none"), Leaf::ZERO),
            voters: Vec::new(),
            made: AtomicU64::new(0),
        };
        let founded = Payload::Founding(Box::new(founding(&keys)));
        let action = community.action("registrar", None, founded);
        let action = proto::encode_action(&action);
        let signers = [key("registrar"), key("chair")];
        let founding = Founding {
            signatures: signers.map(|key| sign_action(&key, &action)).to_vec(),
            action,
            contents: Vec::new(),
            keys,
        };
        let founded = ledger::found(config, founding, community.clock.now()).await?;
        community.genesis = founded.genesis;
        Ok(community)
    }

    /// Enrols so many voters and publishes their roll.
    pub(crate) async fn enrol(&mut self, url: &str, voters: usize) -> Result<(), AnyError> {
        self.voters = (0..voters).map(voter).collect();
        let enrolled = self.voters.iter().map(|voter| self.enrols(voter));
        load::streams(url, 1, enrolled.collect()).await?;
        for payload in self.roll() {
            load::submit(url, self.by_officer("registrar", payload)).await?;
        }
        Ok(())
    }

    /// Tables a motion and opens the vote on it, for so long.
    pub(crate) async fn open(
        &mut self,
        url: &str,
        motion: &str,
        window_ms: u64,
    ) -> Result<(), AnyError> {
        let motion: MotionId = id(motion);
        for payload in self.vote_on(&motion, window_ms) {
            let payload = Payload::Deliberation(payload);
            let opened = load::submit(url, self.by_officer("chair", payload)).await?;
            self.vote = (motion.clone(), opened);
        }
        Ok(())
    }

    /// So many ballots, everybody voting in turn, signed on all cores.
    pub(crate) fn ballots(&self, count: usize) -> Vec<v1::SubmitRequest> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let places: Vec<usize> = (0..count).collect();
        let share = |places: &[usize]| -> Vec<_> {
            let ballots = places.iter().map(|place| self.ballot(*place));
            ballots.collect()
        };
        thread::scope(|scope| {
            let shares = places.chunks(count.div_ceil(cores).max(1));
            let signing: Vec<_> = shares
                .map(|some| scope.spawn(move || share(some)))
                .collect();
            let signed = signing.into_iter();
            signed
                .flat_map(|share| share.join().expect("signs"))
                .collect()
        })
    }

    fn ballot(&self, place: usize) -> v1::SubmitRequest {
        let voter = &self.voters[place % self.voters.len()];
        let stances = [Stance::For, Stance::Against, Stance::Abstain];
        let ballot = BallotCast {
            motion: self.vote.0.clone(),
            voting_opened: self.vote.1,
            on_behalf_of: None,
            ballot: Ballot::Open(Choice::Stance(stances[place % stances.len()])),
        };
        let member = Capacity {
            body: id("assembly"),
            office: None,
        };
        let payload = Payload::Deliberation(DeliberationAction::BallotCast(ballot));
        signed(
            &self.action(&voter.id, Some(member), payload),
            &[&voter.key],
        )
    }

    fn enrols(&self, voter: &Voter) -> v1::SubmitRequest {
        let enrolled = PersonEnrolled {
            person: id(&voter.id),
            keys: vec![public(&voter.key)],
            name: None,
        };
        let payload = Payload::People(PeopleAction::PersonEnrolled(enrolled));
        let action = self.action("registrar", Some(office("registrar")), payload);
        signed(&action, &[&key("registrar"), &voter.key])
    }

    /// The roll of all voters, in one part.
    fn roll(&self) -> [Payload; 2] {
        let line = |voter: &Voter| RollLine {
            voter: id(&voter.id),
            area: 0,
            unit: None,
            co_owners: Vec::new(),
        };
        let lines: Vec<RollLine> = self.voters.iter().map(line).collect();
        let published = RollPublished {
            roll: id("roll"),
            body: id("assembly"),
            as_of: id("2026-01-01"),
            parts: 1,
            members: u32::try_from(lines.len()).expect("one part"),
            total_area: 0,
            digest: roll::digest(&lines),
        };
        let part = RollPart {
            roll: id("roll"),
            body: id("assembly"),
            part: 0,
            lines,
        };
        [
            Payload::Bodies(BodiesAction::RollPart(part)),
            Payload::Bodies(BodiesAction::RollPublished(published)),
        ]
    }

    /// What the chair does before a vote, in order.
    fn vote_on(&self, motion: &MotionId, window_ms: u64) -> [DeliberationAction; 2] {
        let tabled = MotionTabled {
            motion: motion.clone(),
            body: id("assembly"),
            rule: id("simple"),
            text: MotionText {
                title: "更换路灯 (new street lamps)".to_owned(),
                paragraphs: Vec::new(),
            },
            contest: None,
            meeting: None,
            source: String::new(),
            run_off_of: None,
            consultation: None,
            matter: None,
            effects: Vec::new(),
        };
        let opened = DeliberationAction::VotingOpened {
            motion: motion.clone(),
            roll: id("roll"),
            closes_at: self.clock.now().plus(window_ms),
        };
        [DeliberationAction::MotionTabled(tabled), opened]
    }

    fn by_officer(&self, person: &str, payload: Payload) -> v1::SubmitRequest {
        let action = self.action(person, Some(office(person)), payload);
        signed(&action, &[&key(person)])
    }

    fn action(&self, person: &str, capacity: Option<Capacity>, payload: Payload) -> Action {
        let now = self.clock.now();
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.made.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        Action {
            ledger: id(LEDGER),
            genesis: self.genesis,
            id: ActionId::v7(now, random),
            actor: Actor::Person {
                person: id(person),
                capacity,
            },
            client_time: now,
            not_after: now.plus(VALID_MS),
            basis: None,
            expected_leaf: None,
            payload,
        }
    }
}

fn voter(place: usize) -> Voter {
    let id = format!("voter-{place}");
    let key = key(&id);
    Voter { id, key }
}

/// Officers are called like their offices.
fn office(person: &str) -> Capacity {
    Capacity {
        body: id("committee"),
        office: Some(id(person)),
    }
}

fn signed(action: &Action, keys: &[&SigningKey]) -> v1::SubmitRequest {
    let action = proto::encode_action(action);
    let signature = |key: &&SigningKey| {
        let signature = sign_action(key, &action);
        v1::Signature {
            key: signature.key.to_vec(),
            signature: signature.signature.to_vec(),
        }
    };
    v1::SubmitRequest {
        signatures: keys.iter().map(signature).collect(),
        action,
        contents: Vec::new(),
        ..v1::SubmitRequest::default()
    }
}

fn founding(keys: &LedgerKeys) -> LedgerFounded {
    let body = |body: &str, kind| BodyEstablished {
        body: id(body),
        kind,
        name: body.to_owned(),
    };
    let right = |role: &str, right| Grant {
        body: id("committee"),
        role: Some(id(role)),
        right,
        over: None,
        decision: None,
    };
    let officer = |person: &str| OfficeAssumed {
        office: id(person),
        body: id("committee"),
        person: id(person),
        role: id(person),
        term_from: id("2026-01-01"),
        term_to: None,
        obtained: OfficeObtained::Founding,
        decision: None,
        succeeds: None,
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    };
    let person = |name: &str| PersonEnrolled {
        person: id(name),
        keys: vec![public(&key(name))],
        name: None,
    };
    LedgerFounded {
        name: "基准 (benchmark)".to_owned(),
        origin: "records.example.org/benchmark".to_owned(),
        record_key: keys.record_key(),
        checkpoint_key: keys.checkpoint_key(),
        utc_offsets: UtcOffsets::fixed(8 * 60).expect("an offset"),
        rules_version: 1,
        charter: Charter {
            version: 1,
            title: "章程 (charter)".to_owned(),
            rules: vec![simple_rule()],
            overlap: OverlapPolicy::Forbid,
            action_validity_ms_max: Millis::DAY,
            clocks: Clocks::DEFAULT,
            reporting: Vec::new(),
            discipline: governance::sanction::Discipline::default(),
            standing_meetings: Vec::new(),
        },
        bodies: vec![
            body("committee", BodyKind::ResidentsCommittee),
            body("assembly", BodyKind::Council),
        ],
        rights: vec![
            right("registrar", Right::Register),
            right("chair", Right::Convene),
            right("chair", Right::Table),
        ],
        people: vec![person("registrar"), person("chair")],
        offices: vec![officer("registrar"), officer("chair")],
        demo: true,
    }
}

/// Heads, and any window.
fn simple_rule() -> DecisionRule {
    DecisionRule {
        preset: String::new(),
        voting_window_ms_min: 0,
        voting_window_ms_max: Millis::DAY,
        ..Preset::CommitteeResolution.rule(id("simple"), id("assembly"))
    }
}
