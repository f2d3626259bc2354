//! People as the ledger knows them: keys, and offices held now.

use governance::ids::{PersonId, PublicKey};
use projector::views::people::PersonRow;
use proto::v1::{self, get_person_request::By};

use super::{
    ask::{Books, field},
    contents::Texts,
    offices,
};
use crate::status::Problem;

/// By what a person is looked for.
enum Who {
    Id(PersonId),
    Key(PublicKey),
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetPersonRequest,
) -> Result<v1::GetPersonResponse, Problem> {
    let (who, words) = who(request.by)?;
    let (moment, clock) = (books.moment, books.now());
    let told = books
        .ask(move |view| {
            let person = match &who {
                Who::Id(person) => view.person(person)?,
                Who::Key(key) => view.person_of_key(*key)?,
            };
            let with_seats = |person: PersonRow| {
                let now = moment.now_in(view, clock);
                let seats = offices::held_by(view, &person, now)?;
                Ok((person, seats))
            };
            person.map(with_seats).transpose()
        })
        .await?;
    let (person, seats) = told
        .value
        .ok_or_else(|| Problem::no_such_person(books.id(), &words))?;
    Ok(v1::GetPersonResponse {
        person: person.person.to_string(),
        name: Texts::new(&books.ledger).name(person.name.as_ref()).await?,
        keys: keys(&person),
        departed: person.departed_index.is_some(),
        offices: offices::officeholders(books, &seats).await?,
        position: Some(told.position),
    })
}

fn who(by: Option<By>) -> Result<(Who, String), Problem> {
    match by {
        None => Err(Problem::field_invalid("by", "give a person's id or a key")),
        Some(By::Person(text)) => {
            let person: PersonId = field("person", &text)?;
            Ok((Who::Id(person), format!("the id {text}")))
        }
        Some(By::Key(bytes)) => {
            let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| {
                let found = bytes.len();
                Problem::field_invalid("key", format!("{found} bytes, and must be 32"))
            })?;
            let key = PublicKey(key);
            Ok((Who::Key(key), format!("the key {key}")))
        }
    }
}

fn keys(person: &PersonRow) -> Vec<v1::PersonKey> {
    let key = |row: &projector::views::people::KeyRow| v1::PersonKey {
        key: row.key.0.to_vec(),
        from_index: row.from_index,
        // No key can be revoked by the founding entry, so 0 is free to say "in force".
        revoked_index: row.revoked_index.unwrap_or(0),
    };
    person.keys.iter().map(key).collect()
}
