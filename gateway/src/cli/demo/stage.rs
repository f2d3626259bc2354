//! How the demonstration acts: a ledger, a clock that is moved by hand, everybody's keys, and a voice.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use ed25519_dalek::SigningKey;
use governance::{
    RequiredSigner,
    action::{
        Action, Actor, Ballot, Capacity, Choice, Content, DeliberationAction, MeasureTally,
        MotionDecided, Outcome, Payload,
    },
    calendar::{Date, UtcOffsets},
    charter::{Comparison, MeasureKind, Threshold},
    commitment,
    ids::{ActionId, Digest, Leaf, LedgerId, Millis, MotionId, PersonId, PublicKey},
    required_signers,
};
use ledger::{
    ContentUpload, Ledger, ManualClock, Submission, SubmitError, Submitted, keys,
    keys::{generate_key, public_key},
};

use super::{
    DemoError,
    cast::Officer,
    kit::{content, id, random},
};

/// Entries read at a time; the whole story has some two hundred.
const ENTRIES_A_READ: usize = 1_000;

/// How long an action of the demonstration stays valid.
const VALIDITY_MS: u64 = 10 * 60_000;

/// Who acts, for whom.
#[derive(Clone)]
pub(super) struct Player {
    person: PersonId,
    capacity: Option<Capacity>,
    called: String,
}

impl Player {
    /// An officer, in the office.
    pub(super) fn officer(officer: &Officer) -> Self {
        Self {
            person: id(officer.person),
            capacity: Some(Capacity {
                body: id(officer.body),
                office: Some(id(officer.office)),
            }),
            called: format!("{} {}", officer.zh, officer.en),
        }
    }

    /// Somebody who acts for nobody else.
    pub(super) fn oneself(person: &str) -> Self {
        Self {
            person: id(person),
            capacity: None,
            called: person.to_owned(),
        }
    }

    /// A voter of a body.
    pub(super) fn voter(person: &str, body: &str) -> Self {
        Self {
            person: id(person),
            capacity: Some(Capacity {
                body: id(body),
                office: None,
            }),
            called: person.to_owned(),
        }
    }
}

/// Everything the script needs.
pub(super) struct Stage {
    pub(super) ledger: Arc<Ledger>,
    clock: ManualClock,
    ledger_id: LedgerId,
    genesis: Leaf,
    offsets: UtcOffsets,
    keys: BTreeMap<PersonId, SigningKey>,
    /// Keys on their way to a person.
    new_keys: BTreeMap<PublicKey, SigningKey>,
    uploads: Vec<ContentUpload>,
    /// Where contents are kept: a disk may lose one.
    contents: PathBuf,
    /// Where the ledger's own keys are kept.
    own_keys: PathBuf,
    /// The commitment of the ballot that was sealed last, and its nonce.
    cast: Option<(Digest, [u8; 32])>,
    /// What each motion is called, and its options.
    titles: BTreeMap<MotionId, (String, Vec<String>)>,
}

/// What a vote came to, in words.
pub(super) struct Verdict {
    pub(super) index: u64,
    title: String,
    options: Vec<String>,
    decided: MotionDecided,
}

impl Verdict {
    /// Reads it out: the outcome, then each measure with what it needed.
    pub(super) fn read_out(&self) {
        let outcome = match self.decided.outcome {
            Outcome::Adopted => "通过 Adopted",
            Outcome::Rejected => "未通过 Not adopted",
            Outcome::NoQuorum => "参与不足 Too few took part",
            Outcome::PartlyFilled => "部分当选 Some seats filled",
        };
        println!("  ⚖ {:>7}  {outcome}: {}", self.index, self.title);
        for measure in &self.decided.measures {
            let line = if self.options.is_empty() {
                in_a_line(measure)
            } else {
                taken_part(measure)
            };
            println!("             {line}");
        }
        for (option, label) in self.decided.options.iter().zip(&self.options) {
            let chosen = if option.chosen {
                "  当选 elected"
            } else {
                ""
            };
            println!("             {:>3}  {label}{chosen}", option.heads);
        }
        println!("             by {}", self.decided.citation);
    }
}

/// How many took part, of how many, and whether they are enough.
fn taken_part(measure: &MeasureTally) -> String {
    let (name, unit) = match measure.kind {
        MeasureKind::Heads => ("人数 heads", ""),
        MeasureKind::Area => ("面积 area ", " m²"),
    };
    format!(
        "{name}  {} of {}{unit} took part ({}) {}",
        amount(measure, measure.quorum_counted),
        amount(measure, measure.eligible),
        needed(measure.quorum),
        mark(measure.quorum_met),
    )
}

fn in_a_line(measure: &MeasureTally) -> String {
    let unit = match measure.kind {
        MeasureKind::Heads => "",
        MeasureKind::Area => " m²",
    };
    format!(
        "{}   {} of {}{unit} for it ({}) {}",
        taken_part(measure),
        amount(measure, measure.in_favour),
        amount(measure, measure.approval_whole),
        needed(measure.approval),
        mark(measure.approval_met),
    )
}

fn amount(measure: &MeasureTally, n: u64) -> String {
    match measure.kind {
        MeasureKind::Heads => n.to_string(),
        MeasureKind::Area => format!("{}.{:02}", n / 100, n % 100),
    }
}

const fn mark(met: bool) -> &'static str {
    if met { "✓" } else { "✗" }
}

fn needed(threshold: Threshold) -> String {
    let (n, d) = (
        threshold.fraction.numerator(),
        threshold.fraction.denominator(),
    );
    match threshold.comparison {
        Comparison::AtLeast => format!("at least {n}/{d}"),
        Comparison::MoreThan => format!("more than {n}/{d}"),
    }
}

/// How long the ledger may take to write down what is due; it takes milliseconds.
const DERIVED_WITHIN: Duration = Duration::from_secs(30);

impl Stage {
    /// A stage for a founded ledger.
    pub(super) fn new(
        ledger: Arc<Ledger>,
        clock: ManualClock,
        keys: BTreeMap<PersonId, SigningKey>,
        dir: &Path,
    ) -> Self {
        let info = ledger.info();
        let files = dir.join("ledgers").join(info.ledger.as_str());
        Self {
            ledger_id: info.ledger.clone(),
            genesis: info.genesis,
            offsets: info.utc_offsets.clone(),
            ledger,
            clock,
            keys,
            new_keys: BTreeMap::new(),
            uploads: Vec::new(),
            contents: files.join("content"),
            own_keys: files.join("keys"),
            cast: None,
            titles: BTreeMap::new(),
        }
    }

    /// A motion's title and options, for the day it is decided.
    pub(super) fn entitle(&mut self, motion: &str, title: &str, options: Vec<String>) {
        self.titles.insert(id(motion), (title.to_owned(), options));
    }

    /// Waits until the ledger has written down what a vote came to.
    pub(super) async fn verdict(&self, motion: &str) -> Result<Verdict, DemoError> {
        self.verdict_after(motion, 0).await
    }

    /// The same of a vote that was tallied again after an entry.
    pub(super) async fn verdict_after(
        &self,
        motion: &str,
        entry: u64,
    ) -> Result<Verdict, DemoError> {
        let motion: MotionId = id(motion);
        let found = tokio::time::timeout(DERIVED_WITHIN, self.find_decision(&motion, entry));
        match found.await {
            Ok(verdict) => verdict,
            Err(_) => Err(DemoError::NeverDecided { motion }),
        }
    }

    async fn find_decision(&self, motion: &MotionId, after: u64) -> Result<Verdict, DemoError> {
        let found = self.find(motion, |index, act| match act {
            DeliberationAction::MotionDecided(decided)
                if decided.motion == *motion && index > after =>
            {
                let (title, options) = self.titles.get(motion).cloned().unwrap_or_default();
                Some(Verdict {
                    index,
                    title,
                    options,
                    decided: decided.clone(),
                })
            }
            _ => None,
        });
        found.await
    }

    /// Waits until the ledger has recorded the openings that it kept of a vote that is over.
    pub(super) async fn ballots_opened(&self, motion: &str) -> Result<(), DemoError> {
        let motion: MotionId = id(motion);
        let found = self.find(&motion, |_, act| match act {
            DeliberationAction::BallotsOpened(opened) if opened.motion == motion => Some(()),
            _ => None,
        });
        match tokio::time::timeout(DERIVED_WITHIN, found).await {
            Ok(opened) => opened,
            Err(_) => Err(DemoError::NeverDecided { motion }),
        }
    }

    /// Reads on until the ledger has recorded what is looked for of a motion.
    async fn find<T>(
        &self,
        motion: &MotionId,
        wanted: impl Fn(u64, &DeliberationAction) -> Option<T>,
    ) -> Result<T, DemoError> {
        let mut size = self.ledger.durable_size();
        let mut next = 0;
        loop {
            let entries = self.ledger.entries(next, ENTRIES_A_READ).await?;
            let found = entries
                .iter()
                .find_map(|entry| match &entry.action.payload {
                    Payload::Deliberation(act) => wanted(entry.index, act),
                    _ => None,
                });
            if let Some(found) = found {
                return Ok(found);
            }
            next += entries.len() as u64;
            if entries.is_empty() && size.changed().await.is_err() {
                return Err(DemoError::NeverDecided {
                    motion: motion.clone(),
                });
            }
        }
    }

    /// Everybody's keys, to be kept for whoever tries the demonstration.
    pub(super) fn keys(&self) -> &BTreeMap<PersonId, SigningKey> {
        &self.keys
    }

    /// A new key, known to the stage until somebody takes it.
    pub(super) fn new_key(&mut self) -> Result<PublicKey, DemoError> {
        let key = generate_key()?;
        let public = public_key(&key);
        self.new_keys.insert(public, key);
        Ok(public)
    }

    /// The key that a person signs with.
    pub(super) fn key_of_person(&self, person: &str) -> PublicKey {
        let key = self.keys.get(&id::<PersonId>(person));
        public_key(key.expect("the script names people it gave keys"))
    }

    /// The ledger's record key in force, and one to take its place, which the node holds from now on.
    pub(super) fn new_record_key(&mut self) -> Result<(PublicKey, PublicKey), DemoError> {
        let old = keys::load_key(&self.own_keys.join("record.pem"))?;
        let new = generate_key()?;
        keys::write_key(&self.own_keys.join("record-2.pem"), &new)?;
        let both = [old, new].map(|key| {
            let public = public_key(&key);
            self.new_keys.insert(public, key);
            public
        });
        Ok(both.into())
    }

    /// A person takes a key made before.
    pub(super) fn give_key(&mut self, person: &str, key: PublicKey) {
        if let Some(key) = self.new_keys.remove(&key) {
            self.keys.insert(id(person), key);
        }
    }

    /// Erasable text, to go with the next action.
    pub(super) fn content(&mut self, text: &str) -> Result<Content, DemoError> {
        let (content, upload) = content(text)?;
        self.uploads.push(upload);
        Ok(content)
    }

    /// A hidden ballot: its commitment, and what opens it, to go with the next action.
    pub(super) fn sealed(
        &mut self,
        voting_opened: Leaf,
        voter: &PersonId,
        choice: &Choice,
    ) -> Result<Ballot, DemoError> {
        let mut nonce = [0; 32];
        getrandom::fill(&mut nonce).map_err(DemoError::Randomness)?;
        let bytes = choice.to_bytes();
        let made = commitment(self.genesis, voting_opened, voter, &nonce, &bytes);
        self.uploads.push(ContentUpload { salt: nonce, bytes });
        self.cast = Some((made, nonce));
        Ok(Ballot::Hidden(made))
    }

    /// A disk loses what opens the ballot that was sealed last; the voter has kept the nonce.
    pub(super) fn lose_last_opening(&self) -> Result<[u8; 32], DemoError> {
        let (made, nonce) = self.cast.expect("a ballot was sealed before");
        let name = hex::encode(made.0);
        let file = self.contents.join(&name[..2]).join(&name);
        fs::remove_file(&file).map_err(|source| DemoError::File { path: file, source })?;
        Ok(nonce)
    }

    /// The moment it is on the stage.
    pub(super) fn now(&self) -> Millis {
        use ledger::Clock as _;
        self.clock.now()
    }

    /// The local day it is on the stage.
    pub(super) fn today(&self) -> Date {
        self.offsets.date_of(self.now())
    }

    /// A local time `days` after today.
    pub(super) fn at(&self, days: u32, hour: u64, minute: u64) -> Millis {
        let day = self.today().plus_days(days);
        let midnight = self.offsets.end_of(Date::from_days(day.days() - 1));
        midnight.plus(hour * Millis::HOUR + minute * 60_000)
    }

    /// Moves the clock to a local time `days` after today, and opens a scene.
    pub(super) fn scene(&mut self, days: u32, hour: u64, title: &str) {
        self.clock.advance_to(self.at(days, hour, 0));
        println!("\n{}  {title}", self.today());
    }

    /// Lets time pass within a scene.
    pub(super) fn minutes(&mut self, minutes: u64) {
        self.clock.advance(minutes * 60_000);
    }

    /// Moves the clock to a moment.
    pub(super) fn until(&mut self, moment: Millis) {
        self.clock.advance_to(moment);
    }

    /// Says something that is not an entry.
    pub(super) fn say(&self, text: &str) {
        println!("            {}  {text}", self.time());
    }

    /// An act that is meant to be recorded, and told.
    pub(super) async fn act(
        &mut self,
        player: &Player,
        payload: impl Into<Payload>,
        says: &str,
    ) -> Result<Submitted, DemoError> {
        let submitted = self.act_quietly(player, payload, says).await?;
        let index = submitted.receipt.index;
        println!("  ✓ {index:>7}  {}  {} {says}", self.time(), player.called);
        Ok(submitted)
    }

    /// One of many alike, which [`Stage::tell`] tells together.
    pub(super) async fn act_quietly(
        &mut self,
        player: &Player,
        payload: impl Into<Payload>,
        says: &str,
    ) -> Result<Submitted, DemoError> {
        let submitted = self.submit(player, payload.into()).await;
        submitted.map_err(|error| DemoError::Refused {
            who: player.called.clone(),
            what: says.to_owned(),
            error: Box::new(error),
        })
    }

    /// Tells of entries that were recorded quietly, up to and including `last`.
    pub(super) fn tell(&self, count: usize, last: u64, says: &str) {
        let first = (last + 1).saturating_sub(count as u64);
        let numbers = match count {
            1 => format!("{last:>7}"),
            _ => format!("{:>7}", format!("{first}–{last}")),
        };
        println!("  ✓ {numbers}  {}  {says}", self.time());
    }

    /// An act that the rules are meant to refuse.
    pub(super) async fn refused(
        &mut self,
        player: &Player,
        payload: impl Into<Payload>,
        says: &str,
    ) -> Result<(), DemoError> {
        match self.submit(player, payload.into()).await {
            Err(SubmitError::Rejected(why)) => {
                println!("  ✗ {:>7}  {}  {} {says}", "", self.time(), player.called);
                println!("                    refused, {}: {why}", why.code());
                println!("                    {}", why.remedy());
                Ok(())
            }
            Err(error) => Err(DemoError::Refused {
                who: player.called.clone(),
                what: says.to_owned(),
                error: Box::new(error),
            }),
            Ok(_) => Err(DemoError::NotRefused {
                who: player.called.clone(),
                what: says.to_owned(),
            }),
        }
    }

    async fn submit(
        &mut self,
        player: &Player,
        payload: Payload,
    ) -> Result<Submitted, SubmitError> {
        let action = Action {
            ledger: self.ledger_id.clone(),
            genesis: self.genesis,
            id: ActionId::v7(self.now(), random()),
            actor: Actor::Person {
                person: player.person.clone(),
                capacity: player.capacity.clone(),
            },
            client_time: self.now(),
            not_after: self.now().plus(VALIDITY_MS),
            basis: None,
            expected_leaf: None,
            payload,
        };
        let bytes = proto::encode_action(&action);
        let signatures = required_signers(&action)
            .iter()
            .map(|signer| tlog::signing::sign_action(self.key_of(signer), &bytes))
            .collect();
        let contents = std::mem::take(&mut self.uploads);
        self.ledger
            .submit(Submission {
                action: bytes,
                signatures,
                contents,
            })
            .await
    }

    fn key_of(&self, signer: &RequiredSigner) -> &SigningKey {
        let key = match signer {
            RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => {
                self.keys.get(person)
            }
            RequiredSigner::Key(key) => self
                .new_keys
                .get(key)
                .or_else(|| self.keys.values().find(|held| public_key(held) == *key)),
            RequiredSigner::RecordKey => None,
        };
        key.expect("the script signs only with keys it made")
    }

    fn time(&self) -> String {
        let midnight = self
            .offsets
            .end_of(Date::from_days(self.today().days() - 1));
        let minutes = self.now().since(midnight) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}
