//! A small community that acts on a real ledger, in memory or in files.

#![allow(dead_code, reason = "each test file uses the part it needs")]

pub(crate) mod keys;
pub(crate) mod neighbourhood;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use governance::action::{
    Action, Actor, Ballot, BallotCast, BodiesAction, BodyEstablished, Capacity, Choice, Content,
    DeliberationAction, Grant, LedgerFounded, MotionTabled, MotionText, OfficeAssumed,
    OfficeObtained, Payload, PeopleAction, PersonEnrolled, RollLine, RollPart, RollPublished,
    Stance, StatementKind,
};
use governance::calendar::UtcOffsets;
use governance::charter::{
    BallotVisibility, BodyKind, Charter, DecisionRule, OverlapPolicy, Right,
};
use governance::clocks::Clocks;
use governance::ids::{ActionId, Digest, Leaf, Millis, PersonId, PublicKey};
use governance::presets::Preset;
use governance::{RequiredSigner, commitment, required_signers};
use ledger::checkpoints::CheckpointStore as _;
use ledger::checkpoints::memory::MemoryCheckpoints;
use ledger::config::Limits;
use ledger::content::memory::MemoryContents;
use ledger::disk::Disk;
use ledger::snapshot::Snapshots;
use ledger::store::LogStore as _;
use ledger::store::memory::MemoryDisk;
use ledger::{
    Clock as _, ContentUpload, Founding, Halt, Ledger, LedgerKeys, LedgerParts, ManualClock,
    Receipt, Submission, SubmitError, Submitted,
};
use tlog::signing::{content_digest, sign_action};
use tlog::{Block, Checkpoint, Entry, Frontier, Hash, leaf_hash};

pub(crate) const LEDGER: &str = "xinyuanli";

/// 2026-03-02 00:00 in UTC+8.
pub(crate) const FOUNDED_AT: Millis = Millis(1_772_380_800_000);

/// Long enough for a slow machine, and never waited out by a test that passes.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// Everybody with a key, the founder first.
pub(crate) const PEOPLE: [&str; 5] = ["registrar", "chair", "anna", "bao", "chen"];

/// The ledger's own keys: those it is founded with, and those that come after.
pub(crate) const LEDGER_KEYS: [&str; 4] = [
    "the record",
    "the checkpoint",
    "the next record",
    "the next checkpoint",
];

pub(crate) fn id<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&tlog::sha256(format!("key of {name}").as_bytes()).0)
}

pub(crate) fn public(name: &str) -> PublicKey {
    PublicKey(key(name).verifying_key().to_bytes())
}

pub(crate) fn ledger_keys() -> LedgerKeys {
    LedgerKeys::new(key("the record"), key("the checkpoint"))
}

/// Waits for something that must come.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    let result = tokio::time::timeout(DEADLINE, future).await;
    result.expect("what is waited for comes")
}

fn founded() -> LedgerFounded {
    let keys = ledger_keys();
    let right = |role: &str, right| Grant {
        body: id("committee"),
        role: Some(id(role)),
        right,
        over: None,
        decision: None,
    };
    let office = |person: &str| OfficeAssumed {
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
    let body = |body: &str, kind| BodyEstablished {
        body: id(body),
        kind,
        name: format!("{body} (测试)"),
    };
    let person = |name: &str| PersonEnrolled {
        person: id(name),
        keys: vec![public(name)],
        name: None,
    };
    LedgerFounded {
        name: "馨苑里 (test)".to_owned(),
        origin: "records.example.org/xinyuanli".to_owned(),
        record_key: keys.record_key(),
        checkpoint_key: keys.checkpoint_key(),
        utc_offsets: UtcOffsets::fixed(8 * 60).expect("an offset"),
        rules_version: 1,
        charter: Charter {
            version: 1,
            title: "章程 (charter)".to_owned(),
            rules: vec![simple_rule(), hidden_rule()],
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
            right("chair", Right::Deliberate),
        ],
        people: PEOPLE.map(person).to_vec(),
        offices: vec![office("registrar"), office("chair")],
        demo: false,
    }
}

/// Heads; more than half take part, more than half of those agree; any window up to 60 days.
fn simple_rule() -> DecisionRule {
    DecisionRule {
        preset: String::new(),
        voting_window_ms_min: 0,
        voting_window_ms_max: 60 * Millis::DAY,
        ..Preset::CommitteeResolution.rule(id("simple"), id("assembly"))
    }
}

/// The same, with ballots hidden until the close.
fn hidden_rule() -> DecisionRule {
    DecisionRule {
        id: id("hidden"),
        visibility: BallotVisibility::HiddenUntilClose,
        ..simple_rule()
    }
}

/// A founding, ready to be signed by the ledger's own keys.
pub(crate) fn founding(ledger: &str) -> Founding {
    let action = Action {
        ledger: id(ledger),
        genesis: Leaf::ZERO,
        id: ActionId::v7(FOUNDED_AT, [7; 10]),
        actor: Actor::Person {
            person: id("registrar"),
            capacity: None,
        },
        client_time: FOUNDED_AT,
        not_after: FOUNDED_AT.plus(Millis::HOUR),
        basis: None,
        expected_leaf: None,
        payload: Payload::Founding(Box::new(founded())),
    };
    let action = proto::encode_action(&action);
    Founding {
        signatures: PEOPLE.map(|name| sign_action(&key(name), &action)).to_vec(),
        action,
        contents: Vec::new(),
        keys: ledger_keys(),
    }
}

/// The founding entry as [`ledger::found`] writes it.
pub(crate) fn founding_entry(ledger: &str) -> Vec<u8> {
    let founding = founding(ledger);
    let own = [key("the record"), key("the checkpoint")];
    let own = own.map(|key| sign_action(&key, &founding.action));
    let (founder, others) = founding.signatures.split_at(1);
    let entry = Entry {
        ledger: ledger.to_owned(),
        index: 0,
        recorded_at: FOUNDED_AT.0,
        previous: Hash::ZERO,
        signatures: [founder, &own, others].concat(),
        action: founding.action,
    };
    entry.encode().expect("fits")
}

/// Signs a checkpoint over these entries.
pub(crate) fn checkpoint_over<'a>(
    entries: impl IntoIterator<Item = &'a Vec<u8>>,
) -> tlog::SignedCheckpoint {
    let mut frontier = Frontier::new();
    frontier.extend(entries.into_iter().map(|bytes| leaf_hash(bytes)));
    let checkpoint = Checkpoint {
        origin: founded().origin,
        size: frontier.size(),
        root: frontier.root(),
    };
    ledger_keys().sign_checkpoint(&checkpoint).expect("signs")
}

/// People who act on one ledger.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub(crate) ledger: String,
    pub(crate) genesis: Leaf,
    pub(crate) clock: ManualClock,
    counter: Arc<AtomicU64>,
}

impl People {
    pub(crate) fn of(ledger: &str, clock: &ManualClock) -> People {
        People {
            ledger: ledger.to_owned(),
            genesis: Leaf(leaf_hash(&founding_entry(ledger)).0),
            clock: clock.clone(),
            counter: Arc::default(),
        }
    }

    /// An action by a person in a capacity, now.
    pub(crate) fn action(
        &self,
        person: &str,
        capacity: Option<Capacity>,
        payload: Payload,
    ) -> Action {
        let now = self.clock.now();
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&count.to_be_bytes());
        Action {
            ledger: id(&self.ledger),
            genesis: self.genesis,
            id: ActionId::v7(now, random),
            actor: Actor::Person {
                person: id(person),
                capacity,
            },
            client_time: now,
            not_after: now.plus(Millis::HOUR),
            basis: None,
            expected_leaf: None,
            payload,
        }
    }

    /// The action, signed by everybody it calls for.
    pub(crate) fn signed(action: &Action) -> Submission {
        let bytes = proto::encode_action(action);
        let signers = required_signers(action);
        let signatures = signers.iter().map(|signer| match signer {
            RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => {
                sign_action(&key(person.as_str()), &bytes)
            }
            RequiredSigner::Key(public_key) => {
                let known: BTreeMap<PublicKey, SigningKey> = PEOPLE
                    .iter()
                    .chain(&LEDGER_KEYS)
                    .map(|name| (public(name), key(name)))
                    .collect();
                sign_action(&known[public_key], &bytes)
            }
            RequiredSigner::RecordKey => sign_action(&key("the record"), &bytes),
        });
        Submission {
            signatures: signatures.collect(),
            action: bytes,
            contents: Vec::new(),
        }
    }

    fn by_officer(&self, person: &str, payload: Payload) -> Submission {
        let capacity = Capacity {
            body: id("committee"),
            office: Some(id(person)),
        };
        Self::signed(&self.action(person, Some(capacity), payload))
    }

    fn by_owner(&self, person: &str, payload: Payload) -> Submission {
        let capacity = Capacity {
            body: id("assembly"),
            office: None,
        };
        Self::signed(&self.action(person, Some(capacity), payload))
    }

    /// The registrar enrols somebody without a key: the simplest lawful act.
    pub(crate) fn enrols(&self, person: &str) -> Submission {
        let enrolled = PersonEnrolled {
            person: id(person),
            keys: Vec::new(),
            name: None,
        };
        let payload = Payload::People(PeopleAction::PersonEnrolled(enrolled));
        self.by_officer("registrar", payload)
    }

    /// The registrar exchanges one of the ledger's own keys.
    pub(crate) fn rotates(&self, old: &str, new: &str) -> Submission {
        let rotated = PeopleAction::LedgerKeyRotated {
            old_key: public(old),
            new_key: public(new),
        };
        self.by_officer("registrar", Payload::People(rotated))
    }

    /// The registrar enrols somebody whose name is published as content.
    pub(crate) fn enrols_named(&self, person: &str, name: &str) -> Submission {
        let (content, upload) = content(name);
        let mut submission = self.enrols_naming(person, content);
        submission.contents.push(upload);
        submission
    }

    /// The registrar enrols somebody whose name is a content that is not sent along.
    pub(crate) fn enrols_naming(&self, person: &str, content: Content) -> Submission {
        let enrolled = PersonEnrolled {
            person: id(person),
            keys: Vec::new(),
            name: Some(content),
        };
        let payload = Payload::People(PeopleAction::PersonEnrolled(enrolled));
        self.by_officer("registrar", payload)
    }

    /// An act nobody may do: anna has no right to enrol.
    pub(crate) fn enrols_unlawfully(&self, person: &str) -> Submission {
        let enrolled = PersonEnrolled {
            person: id(person),
            keys: Vec::new(),
            name: None,
        };
        let payload = Payload::People(PeopleAction::PersonEnrolled(enrolled));
        self.by_owner("anna", payload)
    }

    /// The assembly's roll of these voters, in one part, and its publication.
    pub(crate) fn publishes_roll(&self, voters: &[&str]) -> [Submission; 2] {
        let line = |voter: &&str| RollLine {
            voter: id(voter),
            area: 100,
            unit: None,
            co_owners: Vec::new(),
        };
        let lines: Vec<RollLine> = voters.iter().map(line).collect();
        let published = RollPublished {
            roll: id("roll"),
            body: id("assembly"),
            as_of: id("2026-03-01"),
            parts: 1,
            members: u32::try_from(voters.len()).expect("few"),
            total_area: 100 * voters.len() as u64,
            digest: governance::roll::digest(&lines),
        };
        let part = RollPart {
            roll: id("roll"),
            body: id("assembly"),
            part: 0,
            lines,
        };
        [
            self.by_officer("registrar", Payload::Bodies(BodiesAction::RollPart(part))),
            self.by_officer(
                "registrar",
                Payload::Bodies(BodiesAction::RollPublished(published)),
            ),
        ]
    }

    fn deliberates(&self, action: DeliberationAction) -> Submission {
        self.by_officer("chair", Payload::Deliberation(action))
    }

    pub(crate) fn tables(&self, motion: &str) -> Submission {
        self.tables_under(motion, "simple")
    }

    pub(crate) fn tables_hidden(&self, motion: &str) -> Submission {
        self.tables_under(motion, "hidden")
    }

    fn tables_under(&self, motion: &str, rule: &str) -> Submission {
        self.deliberates(DeliberationAction::MotionTabled(MotionTabled {
            motion: id(motion),
            body: id("assembly"),
            rule: id(rule),
            text: MotionText {
                title: format!("更换路灯 ({motion})"),
                paragraphs: vec!["Replace the lamps.".to_owned()],
            },
            contest: None,
            meeting: None,
            source: String::new(),
            run_off_of: None,
            consultation: None,
            matter: None,
            effects: Vec::new(),
        }))
    }

    pub(crate) fn states(&self, motion: &str, text: &str) -> Submission {
        let (content, upload) = content(text);
        let mut submission = self.deliberates(DeliberationAction::StatementMade {
            motion: id(motion),
            kind: StatementKind::Deliberation,
            content,
        });
        submission.contents.push(upload);
        submission
    }

    pub(crate) fn opens(&self, motion: &str, window_ms: u64) -> Submission {
        self.deliberates(DeliberationAction::VotingOpened {
            motion: id(motion),
            roll: id("roll"),
            closes_at: self.clock.now().plus(window_ms),
        })
    }

    pub(crate) fn closes(&self, motion: &str) -> Submission {
        self.deliberates(DeliberationAction::VotingClosed { motion: id(motion) })
    }

    pub(crate) fn votes(
        &self,
        voter: &str,
        motion: &str,
        opened: Leaf,
        stance: Stance,
    ) -> Submission {
        let ballot = BallotCast {
            motion: id(motion),
            voting_opened: opened,
            on_behalf_of: None,
            ballot: Ballot::Open(Choice::Stance(stance)),
        };
        let payload = Payload::Deliberation(DeliberationAction::BallotCast(ballot));
        self.by_owner(voter, payload)
    }
}

impl People {
    /// A hidden ballot, with what opens it; a voter's ballots have nonces of different numbers.
    pub(crate) fn votes_hidden(
        &self,
        voter: &str,
        motion: &str,
        opened: Leaf,
        number: u8,
        stance: Stance,
    ) -> Submission {
        let nonce = tlog::sha256(format!("nonce {number} of {voter}").as_bytes()).0;
        let bytes = Choice::Stance(stance).to_bytes();
        let sealed = commitment(self.genesis, opened, &id(voter), &nonce, &bytes);
        let ballot = BallotCast {
            motion: id(motion),
            voting_opened: opened,
            on_behalf_of: None,
            ballot: Ballot::Hidden(sealed),
        };
        let payload = Payload::Deliberation(DeliberationAction::BallotCast(ballot));
        let mut submission = self.by_owner(voter, payload);
        submission
            .contents
            .push(ContentUpload { salt: nonce, bytes });
        submission
    }
}

/// A text as the log names it, and as it is sent.
pub(crate) fn content(text: &str) -> (Content, ContentUpload) {
    let salt = tlog::sha256(text.as_bytes()).0;
    let bytes = text.as_bytes().to_vec();
    let content = Content {
        digest: Digest(content_digest(&salt, &bytes).0),
        length: u32::try_from(bytes.len()).expect("short"),
        media_type: "text/plain; charset=utf-8".to_owned(),
    };
    (content, ContentUpload { salt, bytes })
}

/// What a ledger is kept on, in memory, but for what can be lost.
pub(crate) struct Memory {
    pub(crate) log: MemoryDisk,
    pub(crate) checkpoints: MemoryCheckpoints,
    pub(crate) contents: MemoryContents,
    pub(crate) clock: ManualClock,
    pub(crate) people: People,
    pub(crate) scratch: tempfile::TempDir,
    pub(crate) limits: Limits,
}

impl Memory {
    /// A founded ledger.
    pub(crate) async fn founded() -> Memory {
        let clock = ManualClock::at(FOUNDED_AT);
        let memory = Memory {
            log: MemoryDisk::create(),
            checkpoints: MemoryCheckpoints::new(),
            contents: MemoryContents::new(),
            people: People::of(LEDGER, &clock),
            clock,
            scratch: tempfile::tempdir().expect("a directory"),
            limits: Limits::default(),
        };
        let entry = founding_entry(LEDGER);
        let checkpoint = checkpoint_over([&entry]);
        let block = Block {
            first_index: 0,
            entries: vec![entry],
        };
        let (store, _) = memory.log.open(0).expect("opens");
        store.append(&block).await.expect("appends");
        let persisted = memory.checkpoints.persist(&Arc::new(checkpoint)).await;
        persisted.expect("persists");
        memory
    }

    pub(crate) fn parts(&self) -> LedgerParts {
        LedgerParts {
            id: id(LEDGER),
            log: Arc::new(self.log.clone()),
            checkpoints: Arc::new(self.checkpoints.clone()),
            contents: Arc::new(self.contents.clone()),
            signer: Arc::new(ledger_keys()),
            snapshots: Snapshots::open(Disk::system(), self.snapshots()).expect("opens"),
            disk: Disk::system(),
            tiles: self.scratch.path().join("tiles"),
            peers: None,
            published: self.scratch.path().join("published.note"),
        }
    }

    pub(crate) fn snapshots(&self) -> PathBuf {
        self.scratch.path().join("snapshots")
    }

    pub(crate) async fn open(&self) -> Result<Arc<Ledger>, Halt> {
        let clock = Arc::new(self.clock.clone());
        let opened = Ledger::open(self.parts(), clock, self.limits).await;
        opened.map(Arc::new)
    }

    /// Every entry persisted, whatever was reported.
    pub(crate) fn entries(&self) -> Vec<Vec<u8>> {
        let blocks = self.log.blocks().into_iter();
        blocks.flat_map(|block| block.entries).collect()
    }
}

/// Submits and expects a receipt that proves the entry.
pub(crate) async fn recorded(ledger: &Ledger, submission: Submission) -> Submitted {
    let submitted = within(ledger.submit(submission)).await.expect("recorded");
    verify(ledger, &submitted.receipt);
    submitted
}

/// Submits and expects a no. Returns its code.
pub(crate) async fn refused(ledger: &Ledger, submission: Submission) -> &'static str {
    let error: SubmitError = within(ledger.submit(submission))
        .await
        .expect_err("refused");
    error.code()
}

/// The receipt's checkpoint is the ledger's, and the proof leads to it.
pub(crate) fn verify(ledger: &Ledger, receipt: &Receipt) {
    let bytes = receipt.checkpoint.to_bytes();
    let signed = ledger.checkpoint_keys().open(&bytes).expect("signed");
    let checkpoint = signed.checkpoint();
    tlog::verify_inclusion(
        &Hash(receipt.leaf.0),
        receipt.index,
        checkpoint.size,
        &receipt.inclusion_proof,
        &checkpoint.root,
    )
    .expect("proven");
}

/// Waits until so many entries are durable.
pub(crate) async fn durable(ledger: &Ledger, size: u64) {
    let mut durable = ledger.durable_size();
    let reached = within(durable.wait_for(|durable| *durable >= size)).await;
    assert_eq!(*reached.expect("the ledger lives"), size);
}

pub(crate) fn person(name: &str) -> PersonId {
    id(name)
}

/// The entry another writer would make of a submission after these entries.
pub(crate) fn entry_after(entries: &[Vec<u8>], submission: &Submission, at: Millis) -> Vec<u8> {
    let entry = Entry {
        ledger: LEDGER.to_owned(),
        index: entries.len() as u64,
        recorded_at: at.0,
        previous: entries.last().map_or(Hash::ZERO, |last| leaf_hash(last)),
        signatures: submission.signatures.clone(),
        action: submission.action.clone(),
    };
    entry.encode().expect("fits")
}

/// The block of these entries from `first_index` on.
pub(crate) fn block(first_index: u64, entries: &[Vec<u8>]) -> Block {
    Block {
        first_index,
        entries: entries.to_vec(),
    }
}

/// Submits in a task of its own.
pub(crate) fn spawn_submit(
    ledger: &Arc<Ledger>,
    submission: Submission,
) -> tokio::task::JoinHandle<Result<Submitted, SubmitError>> {
    let ledger = Arc::clone(ledger);
    tokio::spawn(async move { ledger.submit(submission).await })
}
