//! Histories made by hand: entries as a log would have them, without signatures and rules.

use governance::{
    action::{
        Action, Actor, Attestor, Ballot, BallotCast, BodiesAction, BodyEstablished, Capacity,
        Choice, Content, DeliberationAction, LedgerFounded, MeasureTally, Minuted, MotionDecided,
        MotionTabled, MotionText, OfficeAssumed, OfficeEndCause, OfficeObtained, Outcome, Payload,
        PeopleAction, PersonEnrolled, RollCall, RollCallMark, RollLine, RollPart, RollPublished,
        Stance, StatementKind,
    },
    calendar::{Date, UtcOffsets},
    charter::{
        BodyKind, Charter, Comparison, DecisionRule, Fraction, MeasureKind, OverlapPolicy,
        Threshold,
    },
    clocks::Clocks,
    ids::{
        ActionId, BodyId, Digest, Leaf, LedgerId, Millis, MotionId, OfficeId, PersonId, PublicKey,
        RoleId, RollId, RuleId,
    },
};
use projector::{LedgerViews, Logged, OwnedEntry, Pair, SourceEntry, ViewStore};

/// 2026-01-05 00:00 in Shanghai.
pub(crate) const START: Millis = Millis(1_767_542_400_000);

pub(crate) fn ledger() -> LedgerId {
    LedgerId::new("xinyuanli").unwrap()
}

pub(crate) fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub(crate) fn body(id: &str) -> BodyId {
    BodyId::new(id).unwrap()
}

pub(crate) fn office(id: &str) -> OfficeId {
    OfficeId::new(id).unwrap()
}

pub(crate) fn motion(id: &str) -> MotionId {
    MotionId::new(id).unwrap()
}

pub(crate) fn roll(id: &str) -> RollId {
    RollId::new(id).unwrap()
}

pub(crate) fn rule() -> RuleId {
    RuleId::new("ordinary").unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn key(n: u8) -> PublicKey {
    PublicKey([n; 32])
}

pub(crate) fn stance(stance: Stance) -> Choice {
    Choice::Stance(stance)
}

pub(crate) fn content(n: u8) -> Content {
    Content {
        digest: Digest([n; 32]),
        length: u32::from(n),
        media_type: "text/plain; charset=utf-8".to_owned(),
    }
}

/// A log that grows.
#[derive(Clone, Default)]
pub(crate) struct History {
    pub(crate) entries: Vec<OwnedEntry>,
    /// Distinguishes logs whose entries say the same.
    pub(crate) salt: u8,
    now: u64,
}

impl History {
    /// A log with its founding entry.
    pub(crate) fn founded() -> Self {
        Self::salted(0)
    }

    pub(crate) fn salted(salt: u8) -> Self {
        Self::of(salt, founding())
    }

    /// With these rules in its charter.
    pub(crate) fn with_rules(rules: Vec<DecisionRule>) -> Self {
        let mut founding = founding();
        founding.charter.rules = rules;
        Self::of(0, founding)
    }

    fn of(salt: u8, founding: LedgerFounded) -> Self {
        let mut history = Self {
            entries: Vec::new(),
            salt,
            now: START.0,
        };
        history.by_person("head", Payload::Founding(Box::new(founding)));
        history
    }

    /// Lets this much time pass before the next entry.
    pub(crate) fn later(&mut self, ms: u64) -> &mut Self {
        self.now += ms;
        self
    }

    pub(crate) fn now(&self) -> Millis {
        Millis(self.now)
    }

    pub(crate) fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(crate) fn leaf(&self, index: u64) -> Leaf {
        let mut leaf = [self.salt; 32];
        leaf[..8].copy_from_slice(&index.to_be_bytes());
        leaf[8] = 1;
        Leaf(leaf)
    }

    pub(crate) fn action_id(index: u64) -> ActionId {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&index.to_be_bytes());
        ActionId::v7(START, random)
    }

    /// Appends an act of a person and returns its index.
    pub(crate) fn by_person(&mut self, id: &str, payload: Payload) -> u64 {
        let actor = Actor::Person {
            person: person(id),
            capacity: None,
        };
        self.push(actor, payload)
    }

    /// Appends what time brought and returns its index.
    pub(crate) fn by_time(&mut self, payload: Payload) -> u64 {
        self.push(Actor::Ledger, payload)
    }

    fn push(&mut self, actor: Actor, payload: Payload) -> u64 {
        let index = self.size();
        let at = self.now();
        self.entries.push(OwnedEntry {
            index,
            leaf: self.leaf(index),
            recorded_at: at,
            action: Action {
                ledger: ledger(),
                genesis: self.leaf(0),
                id: Self::action_id(index),
                actor,
                client_time: at,
                not_after: at,
                basis: None,
                expected_leaf: None,
                payload,
            },
        });
        self.now += 1;
        index
    }

    pub(crate) fn people(&mut self, by: &str, act: PeopleAction) -> u64 {
        self.by_person(by, Payload::People(act))
    }

    pub(crate) fn enrol(&mut self, id: &str, keys: &[PublicKey]) -> u64 {
        let enrolled = PersonEnrolled {
            person: person(id),
            keys: keys.to_vec(),
            name: None,
        };
        self.people("clerk", PeopleAction::PersonEnrolled(enrolled))
    }

    pub(crate) fn bodies(&mut self, act: BodiesAction) -> u64 {
        self.by_person("clerk", Payload::Bodies(act))
    }

    pub(crate) fn assume(&mut self, id: &str, holder: &str, from: &str, to: Option<&str>) -> u64 {
        self.bodies(BodiesAction::OfficeAssumed(seat(id, holder, from, to)))
    }

    pub(crate) fn end_office(&mut self, id: &str, cause: OfficeEndCause) -> u64 {
        self.bodies(BodiesAction::OfficeEnded {
            office: office(id),
            cause,
            decision: None,
        })
    }

    pub(crate) fn publish_roll(&mut self, id: &str, of: &str, as_of: &str, voters: &[&str]) -> u64 {
        let lines: Vec<RollLine> = voters.iter().map(|voter| line(voter)).collect();
        let members = u32::try_from(lines.len()).unwrap();
        self.bodies(BodiesAction::RollPart(RollPart {
            roll: roll(id),
            body: body(of),
            part: 0,
            lines,
        }));
        self.bodies(BodiesAction::RollPublished(RollPublished {
            roll: roll(id),
            body: body(of),
            as_of: day(as_of),
            parts: 1,
            members,
            total_area: u64::from(members) * 9_000,
            digest: Digest([7; 32]),
        }))
    }

    pub(crate) fn deliberate(&mut self, by: &str, act: DeliberationAction) -> u64 {
        self.by_person(by, Payload::Deliberation(act))
    }

    pub(crate) fn table(&mut self, id: &str, of: &str) -> u64 {
        let tabled = MotionTabled {
            motion: motion(id),
            body: body(of),
            rule: rule(),
            text: text(id),
            contest: None,
            meeting: None,
            source: String::new(),
            run_off_of: None,
            consultation: None,
            matter: None,
            effects: Vec::new(),
        };
        self.deliberate("head", DeliberationAction::MotionTabled(tabled))
    }

    pub(crate) fn open(&mut self, id: &str, closes_at: Millis) -> u64 {
        let opened = DeliberationAction::VotingOpened {
            motion: motion(id),
            roll: roll("roll-1"),
            closes_at,
        };
        self.deliberate("head", opened)
    }

    pub(crate) fn vote(&mut self, id: &str, voter: &str, choice: Stance) -> u64 {
        self.vote_for(id, voter, None, choice)
    }

    pub(crate) fn vote_for(&mut self, id: &str, by: &str, of: Option<&str>, choice: Stance) -> u64 {
        let ballot = BallotCast {
            motion: motion(id),
            voting_opened: Leaf([9; 32]),
            on_behalf_of: of.map(person),
            ballot: Ballot::Open(stance(choice)),
        };
        self.deliberate(by, DeliberationAction::BallotCast(ballot))
    }

    pub(crate) fn state(&mut self, id: &str, by: &str, n: u8) -> u64 {
        let made = DeliberationAction::StatementMade {
            motion: motion(id),
            kind: StatementKind::Suggestion,
            content: content(n),
        };
        self.deliberate(by, made)
    }

    pub(crate) fn decide(&mut self, id: &str, outcome: Outcome) -> u64 {
        let decided = DeliberationAction::MotionDecided(result(id, outcome));
        self.by_time(Payload::Deliberation(decided))
    }

    /// A motion from minutes, with its decision.
    pub(crate) fn minute(&mut self, id: &str, of: &str, held_on: &str, outcome: Outcome) -> u64 {
        let call = RollCall {
            motion: motion(id),
            second: attestor(),
            roll: roll("roll-1"),
            lines: vec![
                (person("a"), RollCallMark::For),
                (person("b"), RollCallMark::Absent),
            ],
            minuted: Some(Minuted {
                held_on: day(held_on),
                body: body(of),
                rule: rule(),
                text: text(id),
                source: format!("source-{id}"),
                source_outcome: "carried".to_owned(),
            }),
        };
        self.deliberate("clerk", DeliberationAction::RollCallRecorded(call));
        self.decide(id, outcome)
    }
}

fn founding() -> LedgerFounded {
    let body = |id: &str, kind, name: &str| BodyEstablished {
        body: body(id),
        kind,
        name: name.to_owned(),
    };
    let enrolled = |id: &str, n| PersonEnrolled {
        person: person(id),
        keys: vec![key(n)],
        name: (id == "head").then(|| content(200)),
    };
    LedgerFounded {
        name: "欣苑里".to_owned(),
        origin: "records.example.org/xinyuanli".to_owned(),
        record_key: key(250),
        checkpoint_key: key(251),
        utc_offsets: UtcOffsets::fixed(480).unwrap(),
        rules_version: 1,
        charter: Charter {
            version: 1,
            title: "章程".to_owned(),
            rules: Vec::new(),
            overlap: OverlapPolicy::Forbid,
            action_validity_ms_max: Millis::DAY,
            clocks: Clocks::DEFAULT,
            reporting: Vec::new(),
            discipline: governance::sanction::Discipline::default(),
            standing_meetings: Vec::new(),
        },
        bodies: vec![
            body("committee", BodyKind::ResidentsCommittee, "居民委员会"),
            body("assembly", BodyKind::OwnersAssembly, "业主大会"),
        ],
        rights: Vec::new(),
        people: vec![enrolled("head", 1), enrolled("clerk", 2)],
        offices: vec![seat("office-clerk", "clerk", "2026-01-05", None)],
        demo: false,
    }
}

pub(crate) fn seat(id: &str, holder: &str, from: &str, to: Option<&str>) -> OfficeAssumed {
    OfficeAssumed {
        office: office(id),
        body: body("committee"),
        person: person(holder),
        role: RoleId::new("member").unwrap(),
        term_from: day(from),
        term_to: to.map(day),
        obtained: OfficeObtained::Elected,
        decision: None,
        succeeds: None,
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    }
}

pub(crate) fn line(voter: &str) -> RollLine {
    RollLine {
        voter: person(voter),
        area: 9_000,
        unit: None,
        co_owners: Vec::new(),
    }
}

pub(crate) fn attestor() -> Attestor {
    Attestor {
        person: person("head"),
        capacity: Capacity {
            body: body("committee"),
            office: None,
        },
    }
}

pub(crate) fn text(id: &str) -> MotionText {
    MotionText {
        title: format!("关于 {id}"),
        paragraphs: vec!["第一条".to_owned(), "第二条".to_owned()],
    }
}

pub(crate) fn result(id: &str, outcome: Outcome) -> MotionDecided {
    let half = Threshold {
        fraction: Fraction::new(1, 2).unwrap(),
        comparison: Comparison::MoreThan,
    };
    MotionDecided {
        motion: motion(id),
        outcome,
        measures: vec![MeasureTally {
            kind: MeasureKind::Heads,
            eligible: 3,
            attending: 3,
            participating: 2,
            in_favour: 2,
            against: 0,
            abstaining: 0,
            quorum_counted: 2,
            quorum: half,
            quorum_met: true,
            approval_whole: 2,
            approval: half,
            approval_met: true,
        }],
        options: Vec::new(),
        rule: rule(),
        charter_version: 1,
        roll: roll("roll-1"),
        citation: "组织法 27".to_owned(),
        effects: None,
        unopened: 0,
    }
}

/// A year in short: something of every family.
pub(crate) fn year() -> History {
    let mut log = History::founded();
    log.enrol("a", &[key(10)]);
    log.enrol("b", &[key(11), key(12)]);
    log.enrol("c", &[]);
    log.people("a", PeopleAction::KeyAdded { key: key(13) });
    log.assume("office-a", "a", "2026-01-05", Some("2031-01-04"));
    log.assume("office-b", "b", "2026-01-05", None);
    log.publish_roll("roll-1", "assembly", "2026-01-05", &["a", "b", "c"]);
    for n in 0..12 {
        let id = format!("motion-{n}");
        log.table(&id, if n % 3 == 0 { "committee" } else { "assembly" });
        log.state(&id, "a", n);
        let closes_at = log.now().plus(Millis::DAY);
        log.open(&id, closes_at);
        for voter in ["a", "b", "c", "a"] {
            log.vote(&id, voter, Stance::For);
        }
        log.later(Millis::DAY);
        log.decide(&id, Outcome::Adopted);
    }
    log.minute("minuted", "assembly", "2024-03-07", Outcome::Rejected);
    log.people(
        "clerk",
        PeopleAction::PersonDeparted {
            person: person("b"),
        },
    );
    crate::affairs::added_to(&mut log);
    log.end_office("office-a", OfficeEndCause::Resignation);
    log
}

/// Applies a log in blocks of this many entries.
pub(crate) fn apply(views: &LedgerViews, log: &[OwnedEntry], block: usize) {
    for chunk in log.chunks(block) {
        let logged: Vec<Logged<'_>> = chunk.iter().map(SourceEntry::logged).collect();
        views.apply(&logged).unwrap();
    }
}

/// Views of a log in a directory that lives as long as they do.
pub(crate) struct Built {
    pub(crate) views: LedgerViews,
    _store: ViewStore,
    _dir: tempfile::TempDir,
}

pub(crate) fn built(log: &History) -> Built {
    built_in_blocks(&log.entries, 1_000)
}

pub(crate) fn built_in_blocks(log: &[OwnedEntry], block: usize) -> Built {
    let dir = tempfile::tempdir().unwrap();
    let store = ViewStore::open(dir.path()).unwrap();
    let views = LedgerViews::open(&store, &ledger()).unwrap();
    apply(&views, log, block);
    Built {
        views,
        _store: store,
        _dir: dir,
    }
}

/// What the views of these entries are, to the byte.
pub(crate) fn dump_of(log: &[OwnedEntry]) -> Vec<Pair> {
    built_in_blocks(log, 1_000).views.dump().unwrap()
}
