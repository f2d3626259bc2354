//! People and their keys: one lost, one exchanged, one given up, and somebody who moves away.

use governance::action::PeopleAction;

use super::{
    DemoError,
    cast::{CLERK, MOVES_AWAY},
    kit::id,
    props::attestor,
    stage::{Player, Stage},
};

/// A lost phone: two officers bind a new key, and the old one is refused.
pub(super) async fn lose_a_phone(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        10,
        10,
        "手机丢失 owner-09 has lost the phone with the key on it",
    );
    let clerk = Player::officer(&CLERK);
    let new_key = stage.new_key()?;
    let replaced = PeopleAction::KeyReplaced {
        person: id("owner-09"),
        second: attestor(),
        new_key,
    };
    let says = "binds a new key to owner-09; a second officer signs too";
    stage.act(&clerk, replaced, says).await?;
    let revoked = PeopleAction::KeyAdded {
        key: stage.new_key()?,
    };
    let finder = Player::oneself("owner-09");
    let says = "(whoever found the phone) tries to add a key with the old one";
    stage.refused(&finder, revoked, says).await?;
    stage.give_key("owner-09", new_key);
    Ok(())
}

/// Keys come and go, each by who has it; and the ledger's own record key, by the clerk.
pub(super) async fn exchange_keys(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        6,
        9,
        "密钥与居民变动 Keys are added, exchanged and given up; somebody moves away",
    );
    let owner = Player::oneself("owner-02");
    let tablet = stage.new_key()?;
    let added = PeopleAction::KeyAdded { key: tablet };
    stage.act(&owner, added, "adds a tablet's key").await?;
    let (old_key, new_key) = (stage.key_of_person("owner-11"), stage.new_key()?);
    let rotated = PeopleAction::KeyRotated { old_key, new_key };
    let says = "has a new phone, and exchanges the key";
    stage
        .act(&Player::oneself("owner-11"), rotated, says)
        .await?;
    stage.give_key("owner-11", new_key);
    stage.minutes(2 * 24 * 60);
    let revoked = PeopleAction::KeyRevoked {
        person: id("owner-02"),
        key: tablet,
    };
    let says = "gives the tablet away, and revokes its key";
    stage.act(&owner, revoked, says).await?;
    let clerk = Player::officer(&CLERK);
    let departed = PeopleAction::PersonDeparted {
        person: id(MOVES_AWAY),
    };
    let says = format!("records that {MOVES_AWAY} has moved away");
    stage.act(&clerk, departed, &says).await?;
    let (old_key, new_key) = stage.new_record_key()?;
    let rotated = PeopleAction::LedgerKeyRotated { old_key, new_key };
    let says = "exchanges the key with which the ledger signs what time brings, as every year";
    stage.act(&clerk, rotated, says).await?;
    Ok(())
}
