//! People, offices and erasable texts, as the views answer for them.

use governance::{
    action::{Content, Payload, PeopleAction, StatementKind},
    ids::{Digest, Millis},
    testing::{Deed, by},
};
use proto::v1::{self, get_person_request::By, moment::AsOf};
use tonic::Code;

use crate::{
    bad_input::named,
    support::{Town, ledger, public_key},
};

/// Salt and digest of a text.
fn content(text: &str, salt: [u8; 32]) -> (Digest, v1::ContentUpload) {
    let digest = Digest(tlog::signing::content_digest(&salt, text.as_bytes()).0);
    let upload = v1::ContentUpload {
        salt: salt.to_vec(),
        bytes: text.as_bytes().to_vec(),
    };
    (digest, upload)
}

/// Removes a content's file, as an operator who must erase it would have it removed.
fn erase(town: &Town, digest: Digest) {
    let contents = town.dir().join("ledgers/test/content");
    let name = digest.to_string();
    let mut places = vec![contents];
    while let Some(place) = places.pop() {
        for entry in std::fs::read_dir(place).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                places.push(entry.path());
            } else if entry.file_name().to_string_lossy().contains(&name) {
                return std::fs::remove_file(entry.path()).unwrap();
            }
        }
    }
    panic!("content {name} is not stored");
}

#[tokio::test]
async fn a_statement_is_shown_until_it_is_erased() {
    let mut town = Town::founded().await;
    town.does(by("chair").chair().tables("motion", "assembly", "simple"))
        .await;
    let text = "同意，屋顶漏水了。";
    let (digest, upload) = content(text, [3; 32]);
    let length = u32::try_from(text.len()).unwrap();
    let statement = by("chair")
        .chair()
        .states("motion", StatementKind::Deliberation)
        .with(move |action| named(action, digest, length));
    let mut request = town.request(statement);
    request.contents.push(upload);
    let receipt = town.records(request).await;
    town.views_see(receipt.index).await;
    let request = v1::GetMotionRequest {
        ledger: ledger(),
        motion: "motion".to_owned(),
        ..v1::GetMotionRequest::default()
    };
    let mut query = town.client.query();
    let answer = query
        .get_motion(request.clone())
        .await
        .unwrap()
        .into_inner();
    let item = answer.history.last().expect("the statement");
    assert_eq!((item.content.as_str(), item.content_erased), (text, false));
    erase(&town, digest);
    let answer = query.get_motion(request).await.unwrap().into_inner();
    let item = answer.history.last().expect("the statement");
    assert_eq!((item.content.as_str(), item.content_erased), ("", true));
    drop(query);
    town.stop().await;
}

/// Four texts of 256 KiB are a whole mebibyte: the fifth has no room.
#[tokio::test]
async fn texts_of_an_answer_are_bounded() {
    let mut town = Town::founded().await;
    town.does(by("chair").chair().tables("motion", "assembly", "simple"))
        .await;
    let text = "x".repeat(262_144);
    for n in 0..5 {
        let (digest, upload) = content(&text, [n; 32]);
        let statement = by("chair")
            .chair()
            .states("motion", StatementKind::Deliberation)
            .with(move |action| named(action, digest, 262_144));
        let mut request = town.request(statement);
        request.contents.push(upload);
        town.records(request).await;
    }
    town.views_catch_up().await;
    let request = v1::GetMotionRequest {
        ledger: ledger(),
        motion: "motion".to_owned(),
        ..v1::GetMotionRequest::default()
    };
    let answer = town
        .client
        .query()
        .get_motion(request)
        .await
        .unwrap()
        .into_inner();
    let shown: Vec<_> = answer.history[1..]
        .iter()
        .map(|item| (item.content.len(), item.content_left_out))
        .collect();
    let full = (262_144, false);
    assert_eq!(shown, [full, full, full, full, (0, true)]);
    town.stop().await;
}

/// Somebody new with a published name.
fn enrols_named(digest: Digest, length: u32) -> Deed {
    by("registrar")
        .clerk()
        .enrols("newcomer")
        .with(move |action| {
            if let Payload::People(PeopleAction::PersonEnrolled(enrolled)) = &mut action.payload {
                enrolled.name = Some(Content {
                    digest,
                    length,
                    media_type: "text/plain; charset=utf-8".to_owned(),
                });
            }
        })
}

#[tokio::test]
async fn people_by_id_and_by_key_with_their_names_and_offices() {
    let mut town = Town::founded().await;
    let (digest, upload) = content("王芳", [8; 32]);
    let mut request = town.request(enrols_named(digest, 6));
    request.contents.push(upload);
    let enrolled = town.records(request).await;
    let seated = town
        .does(
            by("registrar")
                .clerk()
                .seats("seat", "committee", "newcomer"),
        )
        .await;
    town.views_see(seated.index).await;
    let mut query = town.client.query();
    let by_id = v1::GetPersonRequest {
        ledger: ledger(),
        by: Some(By::Person("newcomer".to_owned())),
        moment: None,
    };
    let by_key = v1::GetPersonRequest {
        ledger: ledger(),
        by: Some(By::Key(public_key("newcomer").0.to_vec())),
        moment: None,
    };
    let person = query.get_person(by_id.clone()).await.unwrap().into_inner();
    assert_eq!(query.get_person(by_key).await.unwrap().into_inner(), person);
    assert_eq!((person.name.as_str(), person.departed), ("王芳", false));
    assert_eq!(person.keys.len(), 1);
    assert_eq!(
        (person.keys[0].from_index, person.keys[0].revoked_index),
        (enrolled.index, 0)
    );
    assert_eq!(person.offices.len(), 1);
    assert_eq!(
        (
            person.offices[0].office.as_str(),
            person.offices[0].name.as_str()
        ),
        ("seat", "王芳")
    );
    town.assert_stands(person.position.as_ref()).await;

    erase(&town, digest);
    let person = query.get_person(by_id).await.unwrap().into_inner();
    assert_eq!(
        (person.name.as_str(), person.offices[0].name.as_str()),
        ("", "")
    );

    let nobody = v1::GetPersonRequest {
        ledger: ledger(),
        by: Some(By::Key(vec![7; 32])),
        moment: None,
    };
    let refusal = Town::asked(query.get_person(nobody)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_PERSON")
    );
    drop(query);
    town.stop().await;
}

#[tokio::test]
async fn officeholders_now_and_then() {
    let mut town = Town::founded().await;
    let before = ledger::Clock::now(&town.clock).0;
    town.clock.advance(Millis::DAY);
    let seated = town
        .does(
            by("registrar")
                .clerk()
                .seats("seat", "owners-committee", "anna"),
        )
        .await;
    town.views_see(seated.index).await;
    let request = |as_of| v1::ListOfficeholdersRequest {
        ledger: ledger(),
        body: "owners-committee".to_owned(),
        moment: Some(v1::Moment {
            as_of,
            ..v1::Moment::default()
        }),
        ..v1::ListOfficeholdersRequest::default()
    };
    let mut query = town.client.query();
    let now = query
        .list_officeholders(request(None))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(now.officeholders.len(), 1);
    assert_eq!(now.officeholders[0].person, "anna");
    assert_eq!(now.officeholders[0].obtained(), v1::OfficeObtained::Elected);
    town.assert_stands(now.position.as_ref()).await;
    let at_founding = query
        .list_officeholders(request(Some(AsOf::AtIndex(0))))
        .await
        .unwrap();
    assert_eq!(at_founding.into_inner().officeholders, Vec::new());
    // The term began on the founding's day and was recorded later: as is known now, it was held then.
    let then = query
        .list_officeholders(request(Some(AsOf::AtTimeMs(before))))
        .await
        .unwrap();
    assert_eq!(then.into_inner().officeholders.len(), 1);
    let beyond = request(Some(AsOf::AtIndex(seated.index + 1)));
    let refusal = Town::asked(query.list_officeholders(beyond))
        .await
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::OutOfRange, "BEYOND_POSITION")
    );

    let everywhere = v1::ListOfficeholdersRequest {
        body: String::new(),
        page_size: 5,
        ..request(None)
    };
    let first = query
        .list_officeholders(everywhere.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.officeholders.len(), 5);
    let rest = v1::ListOfficeholdersRequest {
        page_token: first.next_page_token,
        ..everywhere
    };
    let rest = query.list_officeholders(rest).await.unwrap().into_inner();
    assert_eq!(
        (rest.officeholders.len(), rest.next_page_token.as_str()),
        (4, "")
    );
    drop(query);
    town.stop().await;
}
