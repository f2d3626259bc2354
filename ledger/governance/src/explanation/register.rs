//! A sanction on the register in a sentence. It names nobody.

use super::{Explanation, effects::said};
use crate::{
    action::{Sanction, SanctionBasis},
    calendar::Date,
    rejection::{basis_zh, sanction_zh},
};

/// Says which sanction it is, on what it rests, and from which day to which it stands on the register.
pub fn explain_sanction(
    sanction: Sanction,
    basis: SanctionBasis,
    from: Date,
    until: Option<Date>,
) -> Explanation {
    let name = sanction_zh(sanction);
    let rests_on = basis_zh(basis);
    match until {
        Some(until) => said(
            format!("On the register from {from} to {until}: {sanction}, resting on {basis}."),
            format!("{name}（依据：{rests_on}），登记期自 {from} 至 {until}。"),
        ),
        None => said(
            format!("On {from}: {sanction}, resting on {basis}; the office ended."),
            format!("{name}（依据：{rests_on}），自 {from} 起，职务终止。"),
        ),
    }
}
