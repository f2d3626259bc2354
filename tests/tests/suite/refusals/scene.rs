//! A council with a voter on its roll, a motion on the table, and a key that was revoked.

use ed25519_dalek::SigningKey;
use gateway::client::Client;
use prost::Message as _;
use proto::v1::{self, action::Payload, choice::Choice};
use system_tests::community::Community;
use system_tests::officer::{Officer, enrolment, signed};

use crate::rolls::roll;

/// Who is there, and what happened so far.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) clerk: Officer,
    pub(crate) teller: Officer,
    /// An action that is recorded.
    first: v1::Action,
}

/// A key for tests.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

impl Scene {
    pub(crate) async fn set(community: &Community, client: &Client) -> Scene {
        let of = |name| {
            let key = community.key(name);
            async move { Officer::of(client, community.ledger(), &key).await }
        };
        let (clerk, teller) = (of("clerk").await, of("teller").await);
        let first = clerk.action(enrolment("first"));
        let scene = Scene {
            clerk,
            teller,
            first,
        };
        for request in scene.beginning() {
            let answer = client.record().submit(request).await;
            answer.expect("the scene can be set");
        }
        scene
    }

    fn beginning(&self) -> Vec<v1::SubmitRequest> {
        let clerk = &self.clerk;
        let with_key = |person: &str, key: &SigningKey| {
            let enrolled = v1::PersonEnrolled {
                person: person.to_owned(),
                keys: vec![key.verifying_key().to_bytes().to_vec()],
                name: None,
            };
            let action = clerk.action(Payload::PersonEnrolled(enrolled));
            signed(&action, &[clerk.key(), key])
        };
        let revoked = v1::KeyRevoked {
            person: "leaver".to_owned(),
            key: key(2).verifying_key().to_bytes().to_vec(),
        };
        let mut all = vec![
            signed(&self.first, &[clerk.key()]),
            with_key("voter", &key(1)),
            with_key("leaver", &key(2)),
            clerk.signed(Payload::KeyRevoked(revoked)),
            clerk.signed(tabled("shed", "council-ordinary", "A shed for bicycles")),
        ];
        all.extend(roll(&["voter", "leaver"]).map(|payload| clerk.signed(payload)));
        all
    }

    /// The clerk's signature over whatever becomes of an action's bytes.
    pub(crate) fn signed_bytes(
        &self,
        payload: Payload,
        change: &dyn Fn(&mut Vec<u8>),
    ) -> v1::SubmitRequest {
        let mut action = self.clerk.action(payload).encode_to_vec();
        change(&mut action);
        let signature = tlog::signing::sign_action(self.clerk.key(), &action);
        v1::SubmitRequest {
            action,
            signatures: vec![v1::Signature {
                key: signature.key.to_vec(),
                signature: signature.signature.to_vec(),
            }],
            contents: Vec::new(),
            ..v1::SubmitRequest::default()
        }
    }

    /// A signed action of exactly one byte more than an action may have.
    pub(crate) fn too_long(&self) -> v1::SubmitRequest {
        self.signed_bytes(enrolment("x"), &|bytes| bytes.resize(60_001, 0))
    }

    /// Something a person does for themself, with a key that is no longer good.
    pub(crate) fn by_revoked_key(&self) -> v1::SubmitRequest {
        self.ballot("shed", "leaver", &key(2))
    }

    /// An action with the id of one that is recorded, and other bytes.
    pub(crate) fn replayed(&self) -> v1::SubmitRequest {
        let mut action = self.first.clone();
        action.not_after_ms += 1;
        signed(&action, &[self.clerk.key()])
    }

    /// A voter's ballot on a motion, as if its vote were open.
    pub(crate) fn ballot(&self, motion: &str, voter: &str, key: &SigningKey) -> v1::SubmitRequest {
        let choice = Choice::Stance(v1::Stance::For.into());
        let mut action = self.clerk.action(Payload::BallotCast(v1::BallotCast {
            motion: motion.to_owned(),
            voting_opened: vec![7; 32],
            choice: Some(v1::Choice {
                choice: Some(choice),
            }),
            ..v1::BallotCast::default()
        }));
        voter.clone_into(&mut action.actor);
        action.capacity = Some(v1::Capacity {
            body: "council".to_owned(),
            office: String::new(),
        });
        signed(&action, &[key])
    }
}

/// A motion put to the council under a rule.
pub(crate) fn tabled(motion: &str, rule: &str, title: &str) -> Payload {
    let text = v1::MotionText {
        title: title.to_owned(),
        paragraphs: Vec::new(),
    };
    Payload::MotionTabled(v1::MotionTabled {
        motion: motion.to_owned(),
        body: "council".to_owned(),
        rule: rule.to_owned(),
        text: Some(text),
        ..v1::MotionTabled::default()
    })
}
