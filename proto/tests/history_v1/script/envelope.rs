//! Place, id, time, replay, expectation, basis.

use governance::{
    action::Basis,
    ids::{ActionId, Millis},
    testing::{FOUNDED_AT, World, community, leaf},
};

use super::{DAY, MINUTE, chair, id, registrar};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    let enrols = || registrar().enrols("gao");
    scribe.fails("WRONG_LEDGER", enrols().with(|a| a.ledger = id("other")));
    scribe.fails("WRONG_GENESIS", enrols().with(|a| a.genesis = leaf(1)));
    scribe.fails_as_signed("ALREADY_FOUNDED", &World::founding(community()));
    // 2 minutes between id and client time, or client time and clock, are allowed; 1 ms more is not.
    scribe.fails(
        "ACTION_ID_TIME",
        enrols().with(|a| a.id = ActionId::v7(a.client_time.plus(120_001), [9; 10])),
    );
    scribe.fails(
        "CLIENT_TIME_AHEAD",
        enrols().with(|a| {
            a.client_time = a.client_time.plus(120_001);
            a.id = ActionId::v7(a.client_time, [9; 10]);
        }),
    );
    scribe.does(enrols().with(|a| {
        a.client_time = a.client_time.plus(120_000);
        a.not_after = a.client_time.plus(DAY);
        a.id = ActionId::v7(a.client_time.plus(120_000), [9; 10]);
    }));
    scribe.fails(
        "VALIDITY_TOO_LONG",
        registrar()
            .enrols("hu")
            .with(|a| a.not_after = a.client_time.plus(DAY + 1)),
    );
    let late = scribe.signed(registrar().enrols("hu"));
    let in_time = scribe.now().plus(Millis::HOUR);
    scribe.at(in_time.plus(1));
    scribe.fails_as_signed("EXPIRED", &late);
    scribe.fails(
        "POWER_NOT_LISTED",
        registrar().enrols("hu").with(|a| {
            a.basis = Some(Basis {
                power_item: Some(id("item")),
                citation: String::new(),
            });
        }),
    );
    scribe.does(registrar().enrols("hu").with(|a| {
        a.basis = Some(Basis {
            power_item: None,
            citation: "城市居民委员会组织法第3条".to_owned(),
        });
    }));
    scribe.fails(
        "ACTION_ID_REUSED",
        registrar().enrols("ivo").with(|a| {
            a.id = ActionId::v7(FOUNDED_AT, [0; 10]);
            a.client_time = FOUNDED_AT.plus(120_000);
            a.not_after = a.client_time.plus(DAY);
        }),
    );
    scribe.at(Millis(scribe.now().0 - MINUTE));
    scribe.fails("TIME_WENT_BACK", registrar().enrols("ivo"));
    scribe.later(MINUTE);
    scribe.does(chair().tables("sign", "assembly", "simple"));
    let tabled = scribe.world().last_leaf();
    scribe.does(
        chair()
            .amends("sign", None)
            .with(move |a| a.expected_leaf = Some(tabled)),
    );
    scribe.fails(
        "STALE_EXPECTATION",
        chair()
            .withdraws("sign")
            .with(move |a| a.expected_leaf = Some(tabled)),
    );
    scribe.does(chair().withdraws("sign"));
    scribe.fails("MOTION_NOT_TABLED", chair().amends("sign", None));
}
