//! The whole way: an action submitted to a real ledger in files comes out of its views.

use std::{path::Path, sync::Arc, time::Duration};

use ed25519_dalek::SigningKey;
use governance::{
    action::{Action, Actor, Capacity, Payload, PeopleAction, PersonEnrolled},
    ids::{ActionId, BodyId, Leaf, LedgerId, Millis, OfficeId, PersonId, PublicKey},
    testing::{FOUNDED_AT, community},
};
use ledger::{Clock as _, Config, Founding, LedgerKeys, ManualClock, Node, Submission, found};
use projector::Projector;
use tlog::signing::sign_action;

const PATIENCE: Duration = Duration::from_secs(30);

fn key(name: &str) -> SigningKey {
    let mut seed = [0; 32];
    seed[..name.len()].copy_from_slice(name.as_bytes());
    SigningKey::from_bytes(&seed)
}

fn public(name: &str) -> PublicKey {
    PublicKey(key(name).verifying_key().to_bytes())
}

fn ledger_id() -> LedgerId {
    LedgerId::new("test").unwrap()
}

fn action(genesis: Leaf, at: Millis, capacity: Option<Capacity>, payload: Payload) -> Action {
    Action {
        ledger: ledger_id(),
        genesis,
        id: ActionId::v7(at, [1; 10]),
        actor: Actor::Person {
            person: PersonId::new("registrar").unwrap(),
            capacity,
        },
        client_time: at,
        not_after: at.plus(Millis::HOUR),
        basis: None,
        expected_leaf: None,
        payload,
    }
}

/// Governance's community with keys that can really sign.
fn founding() -> Founding {
    let mut founded = community();
    founded.record_key = public("record");
    founded.checkpoint_key = public("checkpoint");
    let mut signers = Vec::new();
    for person in &mut founded.people {
        if !person.keys.is_empty() {
            person.keys = vec![public(person.person.as_str())];
            signers.push(key(person.person.as_str()));
        }
    }
    let payload = Payload::Founding(Box::new(founded));
    let bytes = proto::encode_action(&action(Leaf::ZERO, FOUNDED_AT, None, payload));
    Founding {
        signatures: signers.iter().map(|key| sign_action(key, &bytes)).collect(),
        action: bytes,
        contents: Vec::new(),
        keys: LedgerKeys::new(key("record"), key("checkpoint")),
    }
}

fn enrolment(genesis: Leaf, at: Millis) -> Submission {
    let enrolled = PersonEnrolled {
        person: PersonId::new("newcomer").unwrap(),
        keys: Vec::new(),
        name: None,
    };
    let clerk = Capacity {
        body: BodyId::new("committee").unwrap(),
        office: Some(OfficeId::new("clerk").unwrap()),
    };
    let payload = Payload::People(PeopleAction::PersonEnrolled(enrolled));
    let bytes = proto::encode_action(&action(genesis, at, Some(clerk), payload));
    Submission {
        signatures: vec![sign_action(&key("registrar"), &bytes)],
        action: bytes,
        contents: Vec::new(),
    }
}

fn config(home: &Path) -> Config {
    Config {
        data_dir: home.join("data"),
        ..Config::default()
    }
}

#[tokio::test]
async fn what_is_submitted_is_seen_and_still_there_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let config = config(home.path());
    let views_dir = config.data_dir.join("views");
    let founded = found(&config, founding(), FOUNDED_AT).await.unwrap();
    let clock = ManualClock::at(FOUNDED_AT.plus(Millis::HOUR));

    let node = Node::open(&config, Arc::new(clock.clone())).await.unwrap();
    let projector = Projector::open(&views_dir, &node).unwrap();
    let ledger = node.ledger(&ledger_id()).unwrap();
    let submitted = ledger.submit(enrolment(founded.genesis, clock.now()));
    let receipt = submitted.await.unwrap().receipt;
    let views = Arc::clone(projector.views(&ledger_id()).unwrap());
    let position = views.wait_for(receipt.index, PATIENCE).await.unwrap();
    assert_eq!(
        (position.index, position.leaf),
        (receipt.index, receipt.leaf)
    );
    let newcomer = PersonId::new("newcomer").unwrap();
    let row = views.read(|view| view.person(&newcomer)).unwrap().value;
    assert_eq!(row.unwrap().enrolled_index, receipt.index);
    let before = views.dump().unwrap();
    projector.shutdown().await.unwrap();
    drop((projector, views, ledger));
    node.shutdown().await;
    drop(node);

    let node = Node::open(&config, Arc::new(clock)).await.unwrap();
    let projector = Projector::open(&views_dir, &node).unwrap();
    let views = projector.views(&ledger_id()).unwrap();
    views.wait_for(receipt.index, PATIENCE).await.unwrap();
    assert_eq!(views.dump().unwrap(), before);
    projector.shutdown().await.unwrap();
    node.shutdown().await;
}
