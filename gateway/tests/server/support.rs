//! A community behind a server, with a clock that tests move.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Command,
    sync::Arc,
    time::Duration,
};

use ed25519_dalek::SigningKey;
use gateway::{
    client::{Client, ServerRefusal},
    server::{ServeError, Server},
    services::Sources,
};
use governance::{
    RequiredSigner,
    action::{
        Action, AffairsAction, BodiesAction, Content, DeliberationAction, DisciplineAction,
        IssueAction, LedgerFounded, Payload, PeopleAction, ReportAction,
    },
    ids::{Digest, Leaf, LedgerId, Millis, MotionId, PublicKey},
    required_signers,
    testing::{Deed, FOUNDED_AT, World, community},
};
use ledger::{Clock as _, Config, Founding, LedgerKeys, ManualClock, found};
use proto::v1;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};
use tonic::Response;

/// The ledger's id, as the governance crate's tests have it.
pub(crate) const LEDGER: &str = "test";

/// The same, for a request.
pub(crate) fn ledger() -> String {
    LEDGER.to_owned()
}

/// How long a condition may take to come true: far longer than it ever does.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// The key of that name.
pub(crate) fn signing_key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&tlog::sha256(format!("key of {name}").as_bytes()).0)
}

/// Its public half.
pub(crate) fn public_key(name: &str) -> PublicKey {
    PublicKey(signing_key(name).verifying_key().to_bytes())
}

/// The community of the governance crate's tests, with keys that can sign.
fn founding() -> LedgerFounded {
    let mut founding = community();
    founding.record_key = public_key("record");
    founding.checkpoint_key = public_key("checkpoint");
    for person in &mut founding.people {
        for key in &mut person.keys {
            *key = public_key(person.person.as_str());
        }
    }
    founding
}

/// A server, a client, and the world's clock.
pub(crate) struct Town {
    pub(crate) client: Client,
    pub(crate) clock: ManualClock,
    pub(crate) sources: Sources,
    pub(crate) genesis: Leaf,
    pub(crate) address: SocketAddr,
    /// Makes actions; its own log stays at the founding.
    world: World,
    openings: BTreeMap<MotionId, Leaf>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), ServeError>>,
    dir: TempDir,
}

impl Town {
    /// A community that was founded a second ago.
    pub(crate) async fn founded() -> Self {
        Self::founded_with(|_| {}).await
    }

    /// The same, with this change to the server's configuration.
    pub(crate) async fn founded_with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let signed = World::founding(founding());
        let keys = LedgerKeys::new(signing_key("record"), signing_key("checkpoint"));
        let action = proto::encode_action(&signed.action);
        let own = [public_key("record"), public_key("checkpoint")];
        let signers = signers(&signed.action);
        let people = signers.iter().filter(|key| {
            let key = PublicKey(key.verifying_key().to_bytes());
            !own.contains(&key)
        });
        let founding = Founding {
            signatures: people
                .map(|key| tlog::signing::sign_action(key, &action))
                .collect(),
            action,
            contents: Vec::new(),
            keys,
        };
        let founded = found(&config(dir.path()), founding, FOUNDED_AT)
            .await
            .expect("the founding is lawful");
        let mut config = config(dir.path());
        change(&mut config);
        Self::open(dir, &config, FOUNDED_AT.plus(1_000), founded.genesis).await
    }

    async fn open(dir: TempDir, config: &Config, now: Millis, genesis: Leaf) -> Self {
        let clock = ManualClock::at(now);
        let server = Server::open(config, Arc::new(clock.clone()))
            .await
            .expect("the server starts");
        let (sources, address) = (server.sources().clone(), server.address());
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async {
            // A test that is over stops its server too.
            let _ = stopped.await;
        }));
        let client = Client::connect(&format!("http://{address}"))
            .await
            .expect("the server answers");
        Self {
            client,
            clock,
            sources,
            genesis,
            address,
            world: World::founded(founding_in_the_world()),
            openings: BTreeMap::new(),
            stop,
            running,
            dir,
        }
    }

    /// Stops the server, and gives what is left.
    pub(crate) async fn stop(self) -> (TempDir, Millis, Leaf) {
        let now = self.clock.now();
        drop(self.client);
        drop(self.sources);
        let _ = self.stop.send(());
        let ended = tokio::time::timeout(DEADLINE, self.running);
        let ended = ended.await.expect("the server ends in time");
        ended.expect("no panic").expect("no error");
        (self.dir, now, self.genesis)
    }

    /// Stops the server, and starts another over the same directory.
    pub(crate) async fn restarted(self) -> Self {
        self.restarted_after(|_| {}).await
    }

    /// The same, after something was done to the directory.
    pub(crate) async fn restarted_after(self, change: impl FnOnce(&Path)) -> Self {
        let openings = self.openings.clone();
        let world = self.world.clone();
        let (dir, now, genesis) = self.stop().await;
        change(dir.path());
        let config = config(dir.path());
        let again = Self::open(dir, &config, now, genesis).await;
        Self {
            world,
            openings,
            ..again
        }
    }

    /// Where everything is kept.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The action of a deed, made now.
    pub(crate) fn action(&mut self, deed: Deed) -> Action {
        self.world = self.world.clone().at(self.clock.now());
        let fake = self.world.state().genesis();
        let mut action = self.world.signed(deed).action;
        if action.genesis == fake {
            action.genesis = self.genesis;
        }
        match &mut action.payload {
            Payload::People(PeopleAction::PersonEnrolled(enrolled)) => {
                for key in &mut enrolled.keys {
                    *key = public_key(enrolled.person.as_str());
                }
            }
            Payload::Deliberation(DeliberationAction::BallotCast(ballot)) => {
                let opened = self.openings.get(&ballot.motion);
                ballot.voting_opened = opened.copied().unwrap_or(Leaf::ZERO);
            }
            Payload::Deliberation(DeliberationAction::ProxyGranted {
                motion,
                voting_opened,
                ..
            }) => *voting_opened = self.openings.get(motion).copied().unwrap_or(Leaf::ZERO),
            _ => {}
        }
        action
    }

    /// A deed, made and signed now.
    pub(crate) fn request(&mut self, deed: Deed) -> v1::SubmitRequest {
        signed(&self.action(deed))
    }

    /// This is done, and a second passes.
    pub(crate) async fn does(&mut self, deed: Deed) -> v1::Receipt {
        let action = self.action(deed);
        let receipt = self.records(signed(&action)).await;
        if let Payload::Deliberation(DeliberationAction::VotingOpened { motion, .. }) =
            action.payload
        {
            let leaf = receipt.leaf.as_slice().try_into().expect("a hash");
            self.openings.insert(motion, Leaf(leaf));
        }
        receipt
    }

    /// This is done with a text beside it, and a second passes.
    pub(crate) async fn writes(&mut self, deed: Deed, text: &str) -> v1::Receipt {
        let mut action = self.action(deed);
        let content = content_in(&mut action.payload).expect("it has a content");
        *content = content_of(text);
        let mut request = signed(&action);
        request.contents.push(v1::ContentUpload {
            salt: SALT.to_vec(),
            bytes: text.as_bytes().to_vec(),
        });
        self.records(request).await
    }

    /// This is recorded, and a second passes.
    pub(crate) async fn records(&mut self, request: v1::SubmitRequest) -> v1::Receipt {
        let response = self.submit(request).await.expect("it is admitted");
        assert!(!response.already_recorded);
        self.clock.advance(1_000);
        response.receipt.expect("a receipt")
    }

    /// All of these are done.
    pub(crate) async fn do_all(&mut self, deeds: impl IntoIterator<Item = Deed>) {
        for deed in deeds {
            self.does(deed).await;
        }
    }

    pub(crate) async fn submit(
        &self,
        request: v1::SubmitRequest,
    ) -> Result<v1::SubmitResponse, ServerRefusal> {
        let answer = self.client.record().submit(request).await;
        answer
            .map(Response::into_inner)
            .map_err(|status| ServerRefusal::from(&status))
    }

    /// This is refused, and nothing is stored.
    pub(crate) async fn refuses(&self, request: v1::SubmitRequest) -> ServerRefusal {
        let before = self.size().await;
        let refusal = self.submit(request).await.expect_err("it is refused");
        assert_eq!(self.size().await, before, "nothing is stored");
        refusal
    }

    /// What the clock says.
    pub(crate) fn clock_now(&self) -> Millis {
        self.clock.now()
    }

    /// How many entries the log has.
    pub(crate) async fn size(&self) -> u64 {
        self.checkpoint().await.size
    }

    /// The newest checkpoint, its signature checked.
    pub(crate) async fn checkpoint(&self) -> tlog::Checkpoint {
        let request = v1::GetCheckpointRequest {
            ledger: LEDGER.to_owned(),
        };
        let answer = self.client.audit().get_checkpoint(request).await;
        let answer = answer.expect("an answer").into_inner();
        opened(&answer.checkpoint)
    }

    /// Waits until the views have seen all that the log has.
    pub(crate) async fn views_catch_up(&self) {
        let newest = self.size().await - 1;
        self.views_see(newest).await;
    }

    /// Waits until the views have seen an entry.
    pub(crate) async fn views_see(&self, index: u64) {
        let ledger = LedgerId::new(LEDGER).expect("an id");
        let views = self.sources.projector.views(&ledger).expect("views");
        let seen = views.wait_for(index, DEADLINE).await;
        seen.expect("the views come to it");
    }

    /// Waits until the log has so many entries: what time brings, the ledger records by itself.
    pub(crate) async fn size_reaches(&self, size: u64) -> u64 {
        let id = LedgerId::new(LEDGER).unwrap();
        let mut durable = self.sources.node.ledger(&id).unwrap().durable_size();
        let reached = durable.wait_for(|now| *now >= size);
        let reached = tokio::time::timeout(DEADLINE, reached).await;
        *reached.expect("in time").expect("open")
    }

    /// The position is an entry of the log, and its checkpoint contains it.
    pub(crate) async fn assert_stands(&self, position: Option<&v1::Position>) {
        let position = position.expect("a position");
        let checkpoint = opened(&position.checkpoint);
        let request = v1::GetInclusionProofRequest {
            ledger: ledger(),
            index: position.index,
            size: checkpoint.size,
        };
        let proof = self.client.audit().get_inclusion_proof(request).await;
        let proof = proof.expect("proven").into_inner();
        let leaf = hash(&position.leaf);
        let path = hashes(&proof.proof);
        tlog::verify_inclusion(
            &leaf,
            position.index,
            checkpoint.size,
            &path,
            &checkpoint.root,
        )
        .expect("the position is in the checkpoint's tree");
    }

    /// What `govledger` prints when it is asked this of the town's server, in a language (`C` or `zh_CN.UTF-8`).
    pub(crate) async fn cli(&self, language: &str, line: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_govledger"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GOVLEDGER_")) {
            command.env_remove(name);
        }
        command
            .env("LC_ALL", language)
            .env("GOVLEDGER_SERVER", format!("http://{}", self.address))
            .args(line.split_whitespace());
        let ran = tokio::task::spawn_blocking(move || command.output()).await;
        let output = ran.expect("no panic").expect("the binary runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran {
            code: output.status.code().expect("it ended by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The same, when all goes well.
    pub(crate) async fn tells(&self, line: &str) -> String {
        let ran = self.cli("C", line).await;
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        ran.out
    }

    /// Asks for a list or a thing, as the client does.
    pub(crate) async fn asked<T>(
        answer: impl Future<Output = Result<Response<T>, tonic::Status>>,
    ) -> Result<T, ServerRefusal> {
        let answer = answer.await.map(Response::into_inner);
        answer.map_err(|status| ServerRefusal::from(&status))
    }
}

/// The salt of every content of these tests.
const SALT: [u8; 32] = [5; 32];

/// A text as actions name it.
pub(crate) fn content_of(text: &str) -> Content {
    Content {
        digest: Digest(tlog::signing::content_digest(&SALT, text.as_bytes()).0),
        length: u32::try_from(text.len()).expect("a short text"),
        media_type: "text/plain; charset=utf-8".to_owned(),
    }
}

/// The content of an action that always has one.
fn content_in(payload: &mut Payload) -> Option<&mut Content> {
    match payload {
        Payload::Discipline(act) => match act {
            DisciplineAction::CaseOpened(opened) => Some(&mut opened.content),
            DisciplineAction::RecallPetitioned(petitioned) => Some(&mut petitioned.content),
            DisciplineAction::NoticeServed { content, .. }
            | DisciplineAction::DefenceFiled { content, .. }
            | DisciplineAction::FindingMade { content, .. }
            | DisciplineAction::AppealFiled { content, .. }
            | DisciplineAction::AppealDecided { content, .. } => Some(content),
            _ => None,
        },
        Payload::Reports(
            ReportAction::ReportFiled { content, .. }
            | ReportAction::ReportQuestioned { content, .. }
            | ReportAction::ReportAnswered { content, .. },
        )
        | Payload::Deliberation(DeliberationAction::StatementMade { content, .. })
        | Payload::Affairs(AffairsAction::ConsultationAnswered { content, .. }) => Some(content),
        Payload::Issues(IssueAction::IssueRaised(raised)) => Some(&mut raised.content),
        Payload::Bodies(BodiesAction::HeadAudited(audited)) => Some(&mut audited.report),
        Payload::Bodies(BodiesAction::RollObjected(objected)) => Some(&mut objected.content),
        _ => None,
    }
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The founding that [`World`] plays with: only its ids matter.
fn founding_in_the_world() -> LedgerFounded {
    community()
}

pub(crate) fn config(dir: &Path) -> Config {
    Config {
        data_dir: dir.to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        ..Config::default()
    }
}

/// The keys an action calls for.
fn signers(action: &Action) -> Vec<SigningKey> {
    let named = [
        "record",
        "checkpoint",
        "registrar",
        "chair",
        "teller-1",
        "teller-2",
        "secretary",
        "supervisor",
        "supervisor-2",
        "inspector",
        "anna",
        "bao",
        "chen",
        "dina",
        "emil",
        "fang",
        "newcomer",
        "spare",
    ];
    let of = |who| match who {
        RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => {
            signing_key(person.as_str())
        }
        RequiredSigner::Key(key) => {
            let name = named.iter().find(|name| public_key(name) == key);
            signing_key(name.expect("a key of a known name"))
        }
        RequiredSigner::RecordKey => signing_key("record"),
    };
    required_signers(action).into_iter().map(of).collect()
}

/// An action signed as it must be.
pub(crate) fn signed(action: &Action) -> v1::SubmitRequest {
    signed_by(action, &signers(action))
}

/// An action signed by these keys.
pub(crate) fn signed_by(action: &Action, keys: &[SigningKey]) -> v1::SubmitRequest {
    bytes_signed_by(proto::encode_action(action), keys)
}

/// Bytes signed by these keys.
pub(crate) fn bytes_signed_by(action: Vec<u8>, keys: &[SigningKey]) -> v1::SubmitRequest {
    let signatures = keys.iter().map(|key| {
        let signature = tlog::signing::sign_action(key, &action);
        v1::Signature {
            key: signature.key.to_vec(),
            signature: signature.signature.to_vec(),
        }
    });
    v1::SubmitRequest {
        signatures: signatures.collect(),
        action,
        contents: Vec::new(),
        ..v1::SubmitRequest::default()
    }
}

/// A hash from the wire.
pub(crate) fn hash(bytes: &[u8]) -> tlog::Hash {
    tlog::Hash(bytes.try_into().expect("32 bytes"))
}

/// Hashes from the wire.
pub(crate) fn hashes(proof: &[Vec<u8>]) -> Vec<tlog::Hash> {
    proof.iter().map(|bytes| hash(bytes)).collect()
}

/// A checkpoint, its signature checked.
pub(crate) fn opened(note: &[u8]) -> tlog::Checkpoint {
    let key = tlog::VerifierKey::new(
        "records.example.org/test",
        tlog::SignatureKind::Ed25519,
        &public_key("checkpoint").0,
    );
    let opened = tlog::SignedCheckpoint::open(note, &key.expect("a key"));
    opened.expect("signed by the ledger").checkpoint().clone()
}
