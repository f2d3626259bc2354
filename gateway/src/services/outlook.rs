//! How an open vote stands, on the wire.

use governance::{explanation::explain_outlook, outlook::Outlook};
use proto::v1;

pub(super) fn outlook(outlook: &Outlook) -> v1::VoteOutlook {
    let explained = explain_outlook(outlook);
    v1::VoteOutlook {
        motion: outlook.motion.to_string(),
        closes_at_ms: outlook.closes_at.0,
        can_pass: outlook.can_pass(),
        must_pass: outlook.must_pass(),
        so_far: v1::Outcome::from(outlook.so_far.outcome).into(),
        at_best: v1::Outcome::from(outlook.at_best).into(),
        at_worst: v1::Outcome::from(outlook.at_worst).into(),
        measures: outlook.so_far.measures.iter().map(Into::into).collect(),
        heads_out: outlook.still_out.heads,
        area_out: outlook.still_out.area,
        explanation: explained.english,
        explanation_zh: explained.chinese,
    }
}
