//! The power list as of any moment, what changed on it, and what was done under an item.

use governance::testing::{FOR, amended, by, listed, power_terms};
use proto::v1::{self, PowerStatus, diff_powers_request::From as Since, moment::AsOf};
use tonic::Code;

use crate::support::{Town, ledger};

const MINUTE: u64 = 60_000;

/// The owners adopt a motion with this effect; the index of the decision.
async fn adopts(town: &mut Town, motion: &str, effect: governance::action::Effect) -> u64 {
    let chair = || by("chair").chair();
    let tabled = chair().tables(motion, "committee", "committee-plain");
    town.does(tabled.with_effects(vec![effect])).await;
    town.does(chair().opens(motion, "roll", 5 * MINUTE)).await;
    for voter in ["anna", "bao"] {
        town.does(by(voter).member("committee").votes(motion, FOR))
            .await;
    }
    let voted = town.size().await;
    town.clock.advance(10 * MINUTE);
    // The decision is what time brings.
    town.size_reaches(voted + 1).await - 1
}

fn at(index: u64) -> v1::Moment {
    v1::Moment {
        min_index: 0,
        as_of: Some(AsOf::AtIndex(index)),
    }
}

fn knowing(min_index: u64) -> v1::Moment {
    v1::Moment {
        min_index,
        as_of: None,
    }
}

async fn items(town: &Town, moment: v1::Moment, body: &str) -> Vec<v1::PowerItem> {
    let request = v1::ListPowersRequest {
        ledger: ledger(),
        body: body.to_owned(),
        status: PowerStatus::InForce.into(),
        moment: Some(moment),
        ..v1::ListPowersRequest::default()
    };
    let answer = town.client.query().list_powers(request).await;
    let answer = answer.expect("an answer").into_inner();
    town.assert_stands(answer.position.as_ref()).await;
    answer.items
}

fn title(item: &v1::PowerItem) -> &str {
    &item.terms.as_ref().expect("terms").title
}

#[tokio::test]
async fn the_power_list_is_told_as_of_any_moment_compared_and_item_by_item() {
    let mut town = Town::founded().await;
    let voters = [("anna", 10_000), ("bao", 10_000)];
    let roll = by("registrar")
        .clerk()
        .publishes_roll("roll", "committee", &voters);
    town.do_all(roll).await;

    let terms = power_terms("committee", Some("chair"));
    let first = adopts(&mut town, "first", listed("snow", terms.clone())).await;
    let done = town
        .does(by("chair").chair().exercises("snow", None))
        .await
        .index;
    let mut renamed = terms.clone();
    renamed.title = "扫雪 (clearing snow)".to_owned();
    let second = adopts(&mut town, "second", amended("snow", renamed.clone())).await;

    assert_eq!(items(&town, at(first - 1), "").await, []);
    let then = items(&town, at(second - 1), "committee").await;
    assert_eq!(then.len(), 1);
    assert_eq!(
        (title(&then[0]), then[0].changed_index),
        (terms.title.as_str(), first)
    );
    let now = items(&town, knowing(second), "committee").await;
    assert_eq!(
        (title(&now[0]), now[0].changed_index),
        (renamed.title.as_str(), second)
    );
    assert_eq!(items(&town, knowing(second), "assembly").await, []);

    let mut query = town.client.query();
    let diff = |from, to| v1::DiffPowersRequest {
        ledger: ledger(),
        from,
        moment: Some(to),
        ..v1::DiffPowersRequest::default()
    };
    for (from, to, before, after) in [
        (first - 1, at(first), None, Some(&terms.title)),
        (
            first,
            knowing(second),
            Some(&terms.title),
            Some(&renamed.title),
        ),
    ] {
        let answer = query
            .diff_powers(diff(Some(Since::FromIndex(from)), to))
            .await;
        let differences = answer.expect("an answer").into_inner().differences;
        assert_eq!(differences.len(), 1);
        let found = |item: &Option<v1::PowerItem>| item.as_ref().map(|item| title(item).to_owned());
        assert_eq!(found(&differences[0].before).as_ref(), before);
        assert_eq!(found(&differences[0].after).as_ref(), after);
    }
    let same = query
        .diff_powers(diff(Some(Since::FromIndex(first)), at(second - 1)))
        .await;
    assert_eq!(same.unwrap().into_inner().differences, []);
    let refusal = Town::asked(query.diff_powers(diff(None, knowing(second))))
        .await
        .unwrap_err();
    assert_eq!(refusal.code, Code::InvalidArgument);

    let one = |item: &str, moment| v1::GetPowerRequest {
        ledger: ledger(),
        item: item.to_owned(),
        moment: Some(moment),
        ..v1::GetPowerRequest::default()
    };
    let whole = query
        .get_power(one("snow", knowing(second)))
        .await
        .unwrap()
        .into_inner();
    let made: Vec<u64> = whole.history.iter().map(|made| made.index).collect();
    assert_eq!(made, [first, second]);
    let acts: Vec<(u64, &str)> = whole
        .acts
        .iter()
        .map(|act| (act.index, act.person.as_str()))
        .collect();
    assert_eq!(acts, [(done, "chair")]);
    let then = query
        .get_power(one("snow", at(first)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (then.history.len(), then.acts.len()),
        (1, 0),
        "nothing later is told"
    );
    let refusal = Town::asked(query.get_power(one("rain", knowing(second))))
        .await
        .unwrap_err();
    assert_eq!(refusal.code, Code::NotFound);
    drop(query);
    town.stop().await;
}

#[tokio::test]
async fn the_power_list_is_filtered_and_paged_and_told_on_the_command_line() {
    let mut town = Town::founded().await;
    let voters = [("anna", 10_000), ("bao", 10_000)];
    let roll = by("registrar")
        .clerk()
        .publishes_roll("roll", "committee", &voters);
    town.do_all(roll).await;
    let terms = |body: &str, matter: &str| {
        let mut terms = power_terms(body, None);
        terms.matters = vec![matter.parse().unwrap()];
        terms.over = Some("committee".parse().unwrap());
        terms
    };
    for (item, body, matter) in [
        ("gate", "committee", "security"),
        ("roof", "street-office", "repairs"),
        ("snow", "committee", "cleaning"),
    ] {
        adopts(&mut town, item, listed(item, terms(body, matter))).await;
    }
    let revoked = governance::action::Effect::Power(governance::action::PowerChange::Revoked {
        item: "gate".parse().unwrap(),
    });
    let last = adopts(&mut town, "revoke", revoked).await;

    let all = v1::ListPowersRequest {
        ledger: ledger(),
        moment: Some(knowing(last)),
        ..v1::ListPowersRequest::default()
    };
    let ids = async |request: v1::ListPowersRequest| -> Vec<String> {
        let answer = town.client.query().list_powers(request).await;
        let items = answer.expect("an answer").into_inner().items;
        items.into_iter().map(|item| item.item).collect()
    };
    assert_eq!(ids(all.clone()).await, ["gate", "roof", "snow"]);
    let status = |status: PowerStatus| v1::ListPowersRequest {
        status: status.into(),
        ..all.clone()
    };
    assert_eq!(ids(status(PowerStatus::Revoked)).await, ["gate"]);
    assert_eq!(ids(status(PowerStatus::InForce)).await, ["roof", "snow"]);
    assert_eq!(ids(status(PowerStatus::Over)).await, [""; 0]);
    let of = v1::ListPowersRequest {
        body: "committee".to_owned(),
        matter: "cleaning".to_owned(),
        ..all.clone()
    };
    assert_eq!(ids(of).await, ["snow"]);
    let mut page = v1::ListPowersRequest {
        page_size: 2,
        ..all.clone()
    };
    let first = town.client.query().list_powers(page.clone()).await;
    let first = first.unwrap().into_inner();
    assert_eq!(first.items.len(), 2);
    page.page_token = first.next_page_token;
    assert_eq!(ids(page.clone()).await, ["snow"]);
    page.page_token = "nonsense".to_owned();
    let refusal = Town::asked(town.client.query().list_powers(page)).await;
    assert_eq!(refusal.unwrap_err().reason, "PAGE_TOKEN_INVALID");

    let told = town.tells("query powers --status in-force").await;
    assert!(told.contains("snow") && !told.contains("gate"), "{told}");
    let told = town.tells("query power gate").await;
    assert!(told.contains("revoked"), "{told}");
    let told = town.tells("query power-changes --from 2026-03-01").await;
    assert!(
        told.contains("not on the list") && told.contains("roof"),
        "{told}"
    );
    let chinese = town.cli("zh_CN.UTF-8", "query power gate").await.out;
    assert!(chinese.contains("移出权力清单"), "{chinese}");
    let refused = town.cli("C", "query power rain").await;
    assert!(refused.err.contains("NO_SUCH_POWER"), "{refused:?}");
    town.stop().await;
}
