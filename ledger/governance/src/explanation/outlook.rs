//! How an open vote stands, in a sentence with its numbers.

use super::{Explanation, chinese, effects::said, english, square_metres};
use crate::{charter::MeasureKind, outlook::Outlook};

/// Says how the vote stands by each measure, who has not voted, and whether it can still pass.
pub fn explain_outlook(outlook: &Outlook) -> Explanation {
    let measures = &outlook.so_far.measures;
    let contest = !outlook.so_far.options.is_empty();
    let stands = measures.iter().map(|m| english::measure(m, contest));
    let stands = stands.collect::<Vec<_>>().join("; ");
    let stands_zh = measures.iter().map(|m| chinese::measure(m, contest));
    let stands_zh = stands_zh.collect::<Vec<_>>().join("；");
    let by_area = measures.iter().any(|m| m.kind == MeasureKind::Area);
    let (mut out, mut out_zh) = (
        format!("{} heads have not voted", outlook.still_out.heads),
        format!("尚有 {} 人未表决", outlook.still_out.heads),
    );
    if by_area {
        let area = square_metres(outlook.still_out.area);
        out = format!("{out} ({area})");
        out_zh = format!("{out_zh}（{area}）");
    }
    let (verdict, verdict_zh) = match (outlook.must_pass(), outlook.can_pass()) {
        (true, _) => (
            "it passes whatever they do",
            "无论其余表决权人如何表决，均可通过",
        ),
        (false, true) => ("it can still pass", "仍有可能通过"),
        (false, false) => ("it cannot pass any more", "已不可能通过"),
    };
    let law = &outlook.citation;
    said(
        format!("As the ballots stand: {stands}; {out}; {verdict} ({law})."),
        format!("按目前的表决票：{stands_zh}；{out_zh}；{verdict_zh}（{law}）。"),
    )
}
