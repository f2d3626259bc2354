//! Pages of answers: a token is good for the question that it came from, and for no other (<https://google.aip.dev/158>).
//!
//! What a view gives to go on by says where the next page begins, and a client that changed a filter or the moment would
//! go on from there in another list without noticing. So a token goes out with a digest of the whole question, and comes
//! back in with the same one. The size of a page may change, and what only says how long to wait.

use prost::{Message, Name};
use proto::v1::{self, Moment};
use tonic::Response;

use crate::status::Problem;

/// Bytes of the digest in a token, two characters each: enough that no two questions of one client have the same by
/// accident. It keeps nobody out, as there is nothing that a token lets in.
const DIGEST_LEN: usize = 8;

/// A question whose answer comes in pages.
pub(super) trait Paged: Message + Name + Clone {
    /// Where the page begins; empty: the first.
    fn token(&mut self) -> &mut String;

    /// Takes away what may differ from one page to the next.
    fn free(&mut self);
}

/// An answer that is a page.
pub(super) trait Pages {
    /// Where the next one begins; empty: there is none.
    fn next_token(&mut self) -> &mut String;
}

/// The question that a page answers.
pub(super) struct Bound(String);

impl Bound {
    /// A question as the views understand it: with the token that they gave. Refuses one of another question.
    pub(super) fn open<Q: Paged>(mut request: Q) -> Result<(Q, Self), Problem> {
        let bound = Self::of(&request);
        let token = request.token();
        if !token.is_empty() {
            let own = token
                .strip_prefix(&bound.0)
                .ok_or_else(Problem::page_token)?;
            *token = own.to_owned();
        }
        Ok((request, bound))
    }

    /// The answer as it goes out.
    pub(super) fn seal<A: Pages>(&self, mut answer: A) -> Response<A> {
        let next = answer.next_token();
        if !next.is_empty() {
            next.insert_str(0, &self.0);
        }
        Response::new(answer)
    }

    fn of<Q: Paged>(request: &Q) -> Self {
        let mut question = request.clone();
        question.token().clear();
        question.free();
        let mut bytes = Q::full_name().into_bytes();
        bytes.push(0);
        bytes.extend(question.encode_to_vec());
        let mut text = hex::encode(&tlog::sha256(&bytes).0[..DIGEST_LEN]);
        text.push('-');
        Self(text)
    }
}

/// A moment without the freshness that is asked of it; the newest is the same said or not.
fn timeless(moment: &mut Option<Moment>) {
    if let Some(said) = moment {
        said.min_index = 0;
    }
    moment.take_if(|said| *said == Moment::default());
}

/// Questions and their answers, and the fields that may differ from one page to the next.
macro_rules! paged {
    ($( $question:ident => $answer:ident, $( size $size:ident )? $( moment $moment:ident )?; )+) => {$(
        impl Paged for v1::$question {
            fn token(&mut self) -> &mut String {
                &mut self.page_token
            }

            fn free(&mut self) {
                $( self.$size = 0; )?
                $( timeless(&mut self.$moment); )?
            }
        }

        impl Pages for v1::$answer {
            fn next_token(&mut self) -> &mut String {
                &mut self.next_page_token
            }
        }
    )+};
}

paged! {
    ListLedgersRequest => ListLedgersResponse, size page_size;
    ListDecisionsRequest => ListDecisionsResponse, size page_size moment moment;
    GetDecisionRequest => GetDecisionResponse, size page_size moment moment;
    ListMeetingsRequest => ListMeetingsResponse, size page_size moment moment;
    ListMotionsRequest => ListMotionsResponse, size page_size moment moment;
    GetMotionRequest => GetMotionResponse, size page_size moment moment;
    ListOfficeholdersRequest => ListOfficeholdersResponse, size page_size moment moment;
    GetTimelineRequest => GetTimelineResponse, size page_size moment moment;
    GetRollRequest => GetRollResponse, moment moment;
    ListReportsRequest => ListReportsResponse, size page_size moment moment;
    ListIssuesRequest => ListIssuesResponse, size page_size moment moment;
    ListPowersRequest => ListPowersResponse, size page_size moment moment;
    DiffPowersRequest => DiffPowersResponse, size page_size moment moment;
    GetPowerRequest => GetPowerResponse, size page_size moment moment;
    ListSanctionsRequest => ListSanctionsResponse, size page_size moment moment;
    ListPersonVotesRequest => ListPersonVotesResponse, size page_size moment moment;
    ListPersonActsRequest => ListPersonActsResponse, size page_size moment moment;
    ListBodiesRequest => ListBodiesResponse, size page_size moment moment;
    GetBodyRequest => GetBodyResponse, size page_size moment moment;
    ListProxiesRequest => ListProxiesResponse, size page_size moment moment;
    ListOverdueRequest => ListOverdueResponse, size page_size moment moment;
    ListConsultationsRequest => ListConsultationsResponse, size page_size moment moment;
    ListTasksRequest => ListTasksResponse, size page_size moment moment;
    ListDisclosuresRequest => ListDisclosuresResponse, size page_size moment moment;
    ListImportsRequest => ListImportsResponse, size page_size moment moment;
    SearchRequest => SearchResponse, size page_size;
}

#[cfg(test)]
mod tests {
    use prost_reflect::DescriptorPool;
    use proto::v1::moment::AsOf;

    use super::*;

    fn question() -> v1::ListDecisionsRequest {
        v1::ListDecisionsRequest {
            ledger: "xinyuanli".to_owned(),
            body: "committee".to_owned(),
            ..v1::ListDecisionsRequest::default()
        }
    }

    /// The token of the second page of a question.
    fn token(question: v1::ListDecisionsRequest) -> String {
        let (_, bound) = Bound::open(question).expect("the first page");
        let answer = v1::ListDecisionsResponse {
            next_page_token: "00ff".to_owned(),
            ..v1::ListDecisionsResponse::default()
        };
        bound.seal(answer).into_inner().next_page_token
    }

    fn opened(question: v1::ListDecisionsRequest) -> Result<String, Problem> {
        let token = token(self::question());
        let page_token = token.clone();
        Bound::open(v1::ListDecisionsRequest {
            page_token,
            ..question
        })
        .map(|(opened, _)| opened.page_token)
    }

    #[test]
    fn a_token_comes_back_as_the_view_gave_it_and_none_stays_none() {
        assert_eq!(opened(question()), Ok("00ff".to_owned()));
        let (_, bound) = Bound::open(question()).expect("the first page");
        let last = bound.seal(v1::ListDecisionsResponse::default());
        assert_eq!(last.get_ref().next_page_token, "");
    }

    #[test]
    fn the_size_of_a_page_and_how_long_is_waited_may_change() {
        let newest = |min_index| {
            let as_of = None;
            Some(Moment { min_index, as_of })
        };
        for page_size in [1, 1_000] {
            for moment in [None, newest(0), newest(7)] {
                let question = v1::ListDecisionsRequest {
                    page_size,
                    moment,
                    ..question()
                };
                assert_eq!(opened(question), Ok("00ff".to_owned()));
            }
        }
    }

    #[test]
    fn any_other_field_makes_it_another_question() {
        type Change = fn(&mut v1::ListDecisionsRequest);
        let changes: [Change; 8] = [
            |q| q.ledger.push('2'),
            |q| q.body.clear(),
            |q| q.outcome = 1,
            |q| q.held_from = "2026-01-01".to_owned(),
            |q| q.held_to = "2026-12-31".to_owned(),
            |q| q.power = "roads".to_owned(),
            |q| q.matter = "roads".to_owned(),
            |q| {
                q.moment = Some(Moment {
                    min_index: 0,
                    as_of: Some(AsOf::AtIndex(0)),
                });
            },
        ];
        for change in changes {
            let mut question = question();
            change(&mut question);
            let refused = opened(question.clone()).expect_err("another question");
            assert_eq!(refused.reason(), "PAGE_TOKEN_INVALID", "{question:?}");
            assert_eq!(refused.field(), Some("page_token"));
        }
        // The same fields of another list.
        let other = v1::ListMotionsRequest {
            ledger: "xinyuanli".to_owned(),
            body: "committee".to_owned(),
            page_token: token(question()),
            ..v1::ListMotionsRequest::default()
        };
        assert!(Bound::open(other).is_err());
    }

    /// Every question of the schema that has a token is bound: what is read where is no matter of memory.
    #[test]
    fn every_question_with_a_token_is_bound() {
        let pool = DescriptorPool::decode(proto::DESCRIPTORS).expect("our own");
        let paged = pool.all_messages().filter(|message| {
            message.name().ends_with("Request") && message.get_field_by_name("page_token").is_some()
        });
        let source = include_str!("paging.rs");
        let services = include_str!("../query.rs");
        let mut count = 0;
        for message in paged {
            count += 1;
            let name = message.name();
            let line = source
                .lines()
                .find(|line| line.contains(&format!("    {name} => ")));
            let line = line.unwrap_or_else(|| panic!("{name} is not bound"));
            for (field, told) in [("page_size", "size page_size"), ("moment", "moment moment")] {
                let has = message.get_field_by_name(field).is_some();
                assert_eq!(line.contains(told), has, "{name} {field}");
            }
        }
        assert_eq!(services.matches("Bound::open(").count(), count);
        assert_eq!(services.matches("bound.seal(").count(), count);
    }
}
