//! What a roll's publication says of its parts, computed from the parts on the ledger.

use std::collections::BTreeSet;

use governance::{
    action::{BodiesAction, Payload, RollLine},
    roll,
};
use proto::v1;
use tlog::Entry;

use super::{
    connection::{Session, Told as _, failure_of},
    failure::Failure,
};

/// Fills in parts, members, area and digest of a roll that says none of them.
pub(crate) async fn fill(
    session: &Session,
    published: &mut v1::RollPublished,
) -> Result<(), Failure> {
    if !published.digest.is_empty() {
        return Ok(());
    }
    let (parts, lines) = parts_of(session, &published.roll).await?;
    if parts == 0 {
        let what = format!("roll {} has no parts on the ledger yet", published.roll);
        return Err(Failure::finding(what).next("Submit its lines as roll_part actions first."));
    }
    let voters: BTreeSet<_> = lines.iter().map(|line| &line.voter).collect();
    let area = lines
        .iter()
        .fold(0_u64, |sum, line| sum.saturating_add(line.area));
    published.parts = parts;
    published.members = u32::try_from(voters.len()).unwrap_or(u32::MAX);
    published.total_area = area;
    published.digest = roll::digest(&lines).0.to_vec();
    Ok(())
}

async fn parts_of(session: &Session, roll: &str) -> Result<(u32, Vec<RollLine>), Failure> {
    let request = v1::ListEntriesRequest {
        ledger: session.ledger(),
        start: 0,
        count: 0,
    };
    let mut stream = session.server.audit().list_entries(request).await.told()?;
    let (mut parts, mut lines) = (0, Vec::new());
    while let Some(page) = stream
        .message()
        .await
        .map_err(|status| failure_of(&status))?
    {
        for bytes in &page.entries {
            if let Some(part) = lines_of(bytes, roll) {
                parts += 1;
                lines.extend(part);
            }
        }
    }
    Ok((parts, lines))
}

/// The lines of an entry that is a part of this roll.
fn lines_of(entry: &[u8], roll: &str) -> Option<Vec<RollLine>> {
    let entry = Entry::decode(entry).ok()?;
    match proto::decode_action(&entry.action).ok()?.payload {
        Payload::Bodies(BodiesAction::RollPart(part)) if part.roll.as_str() == roll => {
            Some(part.lines)
        }
        _ => None,
    }
}
