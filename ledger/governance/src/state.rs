//! What the log amounts to: as much of it as the rules need, and no texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    affairs::Affair,
    agenda::Agenda,
    amendment::Version,
    authority::GrantKey,
    bodies::Body,
    calendar::{Date, UtcOffsets},
    case::Case,
    charter::{Charter, DecisionRule},
    decide::CLOCK_SKEW_MS_MAX,
    family::Subject,
    ids::{
        ActionId, AffairId, BodyId, CaseId, IssueId, Leaf, LedgerId, MeetingId, Millis, MotionId,
        OfficeId, PersonId, PowerId, PublicKey, RollId, RuleId,
    },
    issue::Issue,
    meeting::Meeting,
    motion::Motion,
    office::Office,
    own_keys::OwnKeys,
    people::{KeyRecord, Person},
    power::Power,
    rejection::Rejection,
    report::Reports,
    roll::Roll,
    rolls::RollRecord,
    standing::Period,
};

/// The state of a ledger after some number of entries.
///
/// Equal logs give equal states and equal serialised bytes: every collection is ordered. What is large
/// and never changes (rules, published rolls) is shared between copies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub(crate) ledger: LedgerId,
    pub(crate) genesis: Leaf,
    pub(crate) name: String,
    pub(crate) origin: String,
    pub(crate) own_keys: OwnKeys,
    pub(crate) rules_version: u32,
    pub(crate) demo: bool,
    /// The one in force.
    pub(crate) charter: Arc<Charter>,
    /// All that ever were, in their order.
    pub(crate) charters: Vec<Version>,
    pub(crate) utc_offsets: UtcOffsets,

    pub(crate) size: u64,
    pub(crate) last_leaf: Leaf,
    pub(crate) last_recorded_at: Millis,
    /// Ids that could still be replayed, with the entries that took them. `UUIDv7`s sort by time, so
    /// the first is the oldest.
    pub(crate) replayable: BTreeMap<ActionId, u64>,
    /// Ids made up to this moment may be taken without being remembered.
    pub(crate) forgotten_until: Millis,
    /// What time will bring.
    pub(crate) agenda: Agenda,

    pub(crate) people: BTreeMap<PersonId, Person>,
    pub(crate) keys: BTreeMap<PublicKey, KeyRecord>,
    pub(crate) bodies: BTreeMap<BodyId, Body>,
    pub(crate) grants: BTreeSet<GrantKey>,
    pub(crate) offices: BTreeMap<OfficeId, Office>,
    pub(crate) rolls: BTreeMap<RollId, RollRecord>,
    pub(crate) meetings: BTreeMap<MeetingId, Meeting>,
    pub(crate) motions: BTreeMap<MotionId, Motion>,
    /// Votes with hidden ballots that are not all opened, by their close.
    pub(crate) to_open: BTreeSet<(Millis, MotionId)>,
    /// The power list. Shared between copies: it changes by decision alone.
    pub(crate) powers: Arc<BTreeMap<PowerId, Power>>,
    pub(crate) reports: Reports,
    /// The period in which each body with standing meetings is to meet next.
    pub(crate) standing: BTreeMap<BodyId, Period>,
    pub(crate) issues: BTreeMap<IssueId, Issue>,
    /// Near kin, each of two under the other. Shared between copies: it changes seldom.
    pub(crate) kin: Arc<BTreeMap<PersonId, BTreeSet<PersonId>>>,
    pub(crate) cases: BTreeMap<CaseId, Case>,
    /// Consultations, tasks, imported records, disclosures.
    pub(crate) affairs: BTreeMap<AffairId, Affair>,
}

impl State {
    /// Which ledger.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// Leaf hash of its first entry.
    pub fn genesis(&self) -> Leaf {
        self.genesis
    }

    /// The community's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The checkpoint's origin and key name.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The ledger's own keys, those in force and those before them.
    pub fn own_keys(&self) -> &OwnKeys {
        &self.own_keys
    }

    /// Signs the next derived entry, and nothing else.
    pub fn record_key(&self) -> PublicKey {
        *self.own_keys.record.in_force()
    }

    /// Signs the checkpoint of as many entries as there are, and nothing else.
    pub fn checkpoint_key(&self) -> PublicKey {
        *self.own_keys.checkpoint.in_force()
    }

    /// Which rules the ledger is kept under.
    pub fn rules_version(&self) -> u32 {
        self.rules_version
    }

    /// Whether it is a demonstration.
    pub fn demo(&self) -> bool {
        self.demo
    }

    /// The charter in force.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// Local time.
    pub fn utc_offsets(&self) -> &UtcOffsets {
        &self.utc_offsets
    }

    /// Entries applied.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Leaf hash of the last of them.
    pub fn last_leaf(&self) -> Leaf {
        self.last_leaf
    }

    /// When the last of them was recorded.
    pub fn last_recorded_at(&self) -> Millis {
        self.last_recorded_at
    }

    /// The entry that took an action id, as long as the action could be replayed.
    pub fn recorded_action(&self, id: &ActionId) -> Option<u64> {
        self.replayable.get(id).copied()
    }

    /// A motion, if there is one of that id.
    pub fn motion(&self, motion: &MotionId) -> Option<&Motion> {
        self.motions.get(motion)
    }

    /// A published roll.
    pub fn roll(&self, roll: &RollId) -> Option<&Arc<Roll>> {
        self.rolls.get(roll).and_then(RollRecord::published)
    }

    /// The roll of a body that holds on a day: of those published as of that day or earlier, the one
    /// as of the latest day, and of those the one published last.
    pub fn roll_in_force(&self, body: &BodyId, day: Date) -> Option<&Arc<Roll>> {
        let rolls = &self.bodies.get(body)?.rolls;
        let (_, newest) = rolls.range(..=(day, u64::MAX)).next_back()?;
        self.roll(newest)
    }

    /// A rule of the charter in force.
    pub(crate) fn rule(&self, id: &RuleId) -> Result<&DecisionRule, Rejection> {
        self.charter.known_rule(id)
    }

    /// A rule of the charter in force, by which this body decides.
    pub(crate) fn rule_of(&self, id: &RuleId, body: &BodyId) -> Result<&DecisionRule, Rejection> {
        self.charter.rule_of(id, body)
    }

    pub(crate) fn body(&self, body: &BodyId) -> Result<&Body, Rejection> {
        let found = self.bodies.get(body);
        found.ok_or_else(|| Rejection::BodyUnknown { body: body.clone() })
    }

    /// The body that something is of; `None`: of none, or it is not there yet.
    pub(crate) fn body_of<'a>(&'a self, subject: Subject<'a>) -> Option<&'a BodyId> {
        match subject {
            Subject::Ledger
            | Subject::Actor
            | Subject::Person(_)
            | Subject::Roll(_)
            | Subject::Power(_)
            | Subject::Case(_) => None,
            Subject::Affair(affair) => self.affairs.get(affair).map(|affair| &affair.body),
            Subject::Body(body) | Subject::Report(body, _) => Some(body),
            Subject::Issue(issue) => self.issues.get(issue).map(Issue::body),
            Subject::Office(office) => self.offices.get(office).map(|office| &office.body),
            Subject::Meeting(meeting) => self.meetings.get(meeting).map(|meeting| &meeting.body),
            Subject::Motion(motion) => self.motions.get(motion).map(|motion| &motion.body),
        }
    }

    /// The leaf of the latest entry about something.
    pub(crate) fn latest(&self, subject: Subject<'_>, actor: Option<&PersonId>) -> Option<Leaf> {
        match subject {
            Subject::Ledger => Some(self.genesis),
            Subject::Actor => self.people.get(actor?).map(|person| person.latest),
            Subject::Person(person) => self.people.get(person).map(|person| person.latest),
            Subject::Body(body) => self.bodies.get(body).map(|body| body.latest),
            Subject::Office(office) => self.offices.get(office).map(|office| office.latest),
            Subject::Roll(roll) => self.rolls.get(roll).map(|roll| roll.latest),
            Subject::Meeting(meeting) => self.meetings.get(meeting).map(|meeting| meeting.latest),
            Subject::Motion(motion) => self.motions.get(motion).map(|motion| motion.latest),
            Subject::Power(power) => self.powers.get(power).map(|power| power.latest),
            Subject::Report(body, year) => self.reports.latest(body, year),
            Subject::Issue(issue) => self.issues.get(issue).map(|issue| issue.latest),
            Subject::Case(case) => self.cases.get(case).map(|case| case.latest),
            Subject::Affair(affair) => self.affairs.get(affair).map(|affair| affair.latest),
        }
    }

    /// Notes the entry as the latest about something.
    pub(crate) fn touch(&mut self, subject: Subject<'_>, actor: Option<&PersonId>, leaf: Leaf) {
        let latest = match subject {
            Subject::Ledger => None,
            Subject::Actor => actor
                .and_then(|actor| self.people.get_mut(actor))
                .map(|person| &mut person.latest),
            Subject::Person(person) => self.people.get_mut(person).map(|p| &mut p.latest),
            Subject::Body(body) => self.bodies.get_mut(body).map(|b| &mut b.latest),
            Subject::Office(office) => self.offices.get_mut(office).map(|o| &mut o.latest),
            Subject::Roll(roll) => self.rolls.get_mut(roll).map(|r| &mut r.latest),
            Subject::Meeting(meeting) => self.meetings.get_mut(meeting).map(|m| &mut m.latest),
            Subject::Motion(motion) => self.motions.get_mut(motion).map(|m| &mut m.latest),
            Subject::Power(power) => {
                let powers = Arc::make_mut(&mut self.powers);
                powers.get_mut(power).map(|p| &mut p.latest)
            }
            Subject::Report(body, year) => self.reports.latest_mut(body, year),
            Subject::Issue(issue) => self.issues.get_mut(issue).map(|i| &mut i.latest),
            Subject::Case(case) => self.cases.get_mut(case).map(|c| &mut c.latest),
            Subject::Affair(affair) => self.affairs.get_mut(affair).map(|a| &mut a.latest),
        };
        if let Some(latest) = latest {
            *latest = leaf;
        }
    }

    /// Remembers an id as long as its action could come again, and forgets those that no longer can:
    /// an id is made within two minutes of the client time, and the action is valid no longer than
    /// the charter allows.
    pub(crate) fn remember(&mut self, id: ActionId, index: u64, recorded_at: Millis) {
        self.replayable.insert(id, index);
        let replayable_ms = self
            .charter
            .action_validity_ms_max
            .saturating_add(CLOCK_SKEW_MS_MAX);
        while let Some(oldest) = self.replayable.first_entry() {
            if oldest.key().unix_ms().plus(replayable_ms) >= recorded_at {
                break;
            }
            let (id, _) = oldest.remove_entry();
            self.forgotten_until = self.forgotten_until.max(id.unix_ms());
        }
    }
}
