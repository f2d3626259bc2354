//! The charter and the rules change, as the last of all: what comes after is another version's affair.

use governance::{
    action::{Effect, OverturnedBy},
    ids::{ActionId, Millis},
    presets::by_representatives,
    testing::{Deed, charter_amended},
};

use super::{DAY, chair, corrections, powers::adopts, registrar};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    let before = scribe.now();
    amended(scribe);
    forgotten(scribe, before);
    corrections::missed(scribe);
    adopted(scribe);
}

fn tables(motion: &str, effects: Vec<Effect>) -> Deed {
    chair()
        .tables(motion, "assembly", "simple")
        .with_effects(effects)
}

/// Actions may be valid for longer, and one rule names who tables.
fn amended(scribe: &mut Scribe) {
    let mut charter = scribe.world().state().charter().clone();
    let forgets = charter_amended(&charter, |charter| charter.version = 2);
    scribe.fails("CHARTER_INVALID", tables("charter", vec![forgets]));
    // The ledger has a representatives' meeting by now, whose petition counts beside the residents'.
    for rule in &mut charter.rules {
        if rule.body.as_str() == "residents" && rule.petition.is_some() {
            *rule = by_representatives(rule.clone(), &super::id("representatives"));
        }
    }
    let amends = |version: u32| {
        vec![charter_amended(&charter, |charter| {
            charter.version = version;
            charter.action_validity_ms_max = 7 * DAY;
            charter.standing_meetings = vec![corrections::standing()];
            let mut rules = charter.rules.iter_mut();
            let hidden = rules.find(|rule| rule.id.as_str() == "hidden");
            hidden.expect("it is there").tabled_by = vec![super::id("supervision")];
        })]
    };
    scribe.fails("CHARTER_VERSION", tables("charter", amends(1)));
    scribe.does(tables("charter", amends(2)));
    adopts(scribe, "charter");
    let undone = [("charter_amended", "2")];
    scribe.does(registrar().overturns("charter", OverturnedBy::Court, &undone));
    scribe.later(2 * DAY);
    scribe.does(tables("charter-again", amends(3)));
    adopts(scribe, "charter-again");
    let hidden = chair().tables("others", "assembly", "hidden");
    scribe.fails("TABLED_BY_OTHERS", hidden);
}

/// Made while ids were remembered for a day, and tried two days later.
fn forgotten(scribe: &mut Scribe, made_at: Millis) {
    let withdraws = chair().withdraws("never").with(move |action| {
        action.client_time = made_at;
        action.id = ActionId::v7(made_at, [9; 10]);
        action.not_after = made_at.plus(7 * DAY);
    });
    scribe.fails("ACTION_ID_FORGOTTEN", withdraws);
}

fn adopted(scribe: &mut Scribe) {
    let version = |version| vec![Effect::RulesVersionAdopted { version }];
    scribe.fails("RULES_VERSION_STEP", tables("rules", version(3)));
    scribe.does(tables("rules", version(2)));
    adopts(scribe, "rules");
}
