//! A council's roll, as its registrar records it.

use governance::ids::PersonId;
use proto::v1::{self, action::Payload};

/// A roll of these voters, in one part, and its publication.
pub(crate) fn roll(voters: &[&str]) -> [Payload; 2] {
    let domain = voters.iter().map(|voter| governance::action::RollLine {
        voter: PersonId::new(voter).expect("a person's id"),
        area: 0,
        unit: None,
        co_owners: Vec::new(),
    });
    let digest = governance::roll::digest(&domain.collect::<Vec<_>>());
    let lines = voters.iter().map(|voter| v1::RollLine {
        voter: (*voter).to_owned(),
        ..v1::RollLine::default()
    });
    let part = v1::RollPart {
        roll: "roll-1".to_owned(),
        body: "council".to_owned(),
        part: 0,
        lines: lines.collect(),
    };
    let published = v1::RollPublished {
        roll: "roll-1".to_owned(),
        body: "council".to_owned(),
        as_of: "2024-01-01".to_owned(),
        parts: 1,
        members: u32::try_from(voters.len()).expect("a short roll"),
        total_area: 0,
        digest: digest.0.to_vec(),
    };
    [Payload::RollPart(part), Payload::RollPublished(published)]
}
