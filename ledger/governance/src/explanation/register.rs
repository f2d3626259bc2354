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
    let [begun, begun_zh] = written_out(from);
    if let Some(until) = until {
        let [over, over_zh] = written_out(until);
        let [bars, bars_zh] = barred(sanction);
        said(
            format!(
                "On the register from {begun} to {over}: {sanction}, resting on {basis}. Until then {bars}."
            ),
            format!("{name}（依据：{rests_on}），登记期自{begun_zh}至{over_zh}，其间{bars_zh}。"),
        )
    } else {
        said(
            format!("On {begun}: {sanction}, resting on {basis}; the office ended."),
            format!("{name}（依据：{rests_on}），自{begun_zh}起，职务终止。"),
        )
    }
}

/// What its holder does not get while it stands (rules.md §5).
const fn barred(sanction: Sanction) -> [&'static str; 2] {
    match sanction {
        Sanction::Demerit | Sanction::MajorDemerit => [
            "no merit award and no appointment to a further office, though anybody may stand for the residents' committee (组织法 16, 18)",
            "不得评优，不得被任命新的职务，但不影响参选居民委员会（组织法第16条、第18条）",
        ],
        Sanction::Warning | Sanction::Replacement | Sanction::Recall => {
            ["no merit award", "不得评优"]
        }
    }
}

/// A day as people write it, in English and in Chinese.
fn written_out(date: Date) -> [String; 2] {
    let (year, month, day) = date.civil();
    let name = match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    };
    [
        format!("{day} {name} {year}"),
        format!("{year}年{month}月{day}日"),
    ]
}
