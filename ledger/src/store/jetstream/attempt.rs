//! What to do after each answer, or none, to the publication of a block: decided here, done elsewhere.
//!
//! A block is published as the message after sequence *n*, and NATS takes it only as that. So it may
//! be published any number of times: it is in the stream once, at *n* + 1, or not at all. An answer
//! that does not come says nothing; it is asked for again until it is definite:
//!
//! | what is heard | what it means | next |
//! |---|---|---|
//! | acknowledged at *n* + 1 | it is stored | wait for the own tail |
//! | acknowledged elsewhere | this is not the stream it was | give up; open anew |
//! | wrong last sequence (10071, 10164) | a message stands at *n* + 1: ours, or another's | read it |
//! | refused for another reason | nothing, if an earlier attempt may still arrive | publish again |
//! | | not stored, if there was none | failed |
//! | silence, a lost connection, a server in trouble | nothing | publish again |
//! | *n* + 1 holds our block | it is stored | wait for the own tail |
//! | *n* + 1 holds another message | ours will never be there | conflict |
//! | *n* + 1 is not found, the stream ends at *n* | it is on its way, or lost | publish again |
//! | *n* + 1 is not found, the stream ends before *n* | the stream was rolled back | give up; open anew |
//!
//! "Not found" never means failed.

/// JetStream's codes for a message whose expected last sequence is not the stream's: the first names
/// the stream's, the second hides it.
const WRONG_LAST_SEQUENCE: [u64; 2] = [10_071, 10_164];

/// What came back from publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Stored as the message with this sequence number.
    Stored { sequence: u64 },
    /// The server says no.
    Refused {
        /// The kind of error, like an HTTP status: from 500 on the fault is the server's.
        status: u64,
        /// JetStream's error code.
        code: u64,
        /// What the server says.
        description: String,
    },
    /// None that says anything: none at all, or the connection was lost.
    None { reason: String },
}

/// What stands at a sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The block that was published.
    Ours,
    /// Another message.
    Another,
    /// Nothing, in a stream that ends with this message.
    Nothing { last_sequence: u64 },
    /// No answer.
    Unanswered,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Publish the very same again.
    Publish { because: String },
    /// Look what stands at this sequence number.
    Look { sequence: u64 },
    /// It is stored: wait until the own tail has delivered it as this message.
    Await { sequence: u64 },
    /// Another message has the place, and will keep it.
    Conflict,
    /// It was not and will not be stored.
    Failed { code: u64, description: String },
    /// The stream is not the one that was followed.
    Strange(Strange),
}

/// How a stream is not the one that was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Strange {
    #[error("a message was stored as number {found} that could only be stored as {expected}")]
    Elsewhere { expected: u64, found: u64 },
    #[error("the stream ends with message {found}, but message {expected} was read from it")]
    RolledBack { expected: u64, found: u64 },
}

/// The attempt to have a block stored as the message after `last_sequence`.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    last_sequence: u64,
    /// Whether a publication may still arrive, or have arrived, without our having heard of it.
    uncertain: bool,
}

impl Attempt {
    pub(super) fn after(last_sequence: u64) -> Attempt {
        Attempt {
            last_sequence,
            uncertain: false,
        }
    }

    /// The message it can only be stored as.
    pub(super) fn sequence(&self) -> u64 {
        self.last_sequence + 1
    }

    /// What to do after an answer to publishing.
    pub(super) fn answered(&mut self, answer: Answer) -> Step {
        let sequence = self.sequence();
        match answer {
            Answer::Stored { sequence: found } if found == sequence => Step::Await { sequence },
            Answer::Stored { sequence: found } => Step::Strange(Strange::Elsewhere {
                expected: sequence,
                found,
            }),
            Answer::Refused { code, .. } if WRONG_LAST_SEQUENCE.contains(&code) => {
                Step::Look { sequence }
            }
            Answer::Refused {
                status,
                code,
                description,
            } if status < 500 && !self.uncertain => Step::Failed { code, description },
            Answer::Refused { description, .. } => self.again(description),
            Answer::None { reason } => self.again(reason),
        }
    }

    /// What to do after looking at [`Attempt::sequence`].
    pub(super) fn found(&mut self, found: Found) -> Step {
        let (sequence, expected) = (self.sequence(), self.last_sequence);
        match found {
            Found::Ours => Step::Await { sequence },
            Found::Another => Step::Conflict,
            Found::Nothing { last_sequence } if last_sequence < expected => {
                Step::Strange(Strange::RolledBack {
                    expected,
                    found: last_sequence,
                })
            }
            Found::Nothing { .. } => {
                self.again("its place in the stream is not there yet".to_owned())
            }
            Found::Unanswered => Step::Look { sequence },
        }
    }

    fn again(&mut self, because: String) -> Step {
        self.uncertain = true;
        Step::Publish { because }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt::after(4)
    }

    fn uncertain() -> Attempt {
        let mut attempt = attempt();
        assert!(matches!(attempt.answered(silence()), Step::Publish { .. }));
        attempt
    }

    fn silence() -> Answer {
        let reason = "timed out".to_owned();
        Answer::None { reason }
    }

    fn refused(status: u64, code: u64) -> Answer {
        Answer::Refused {
            status,
            code,
            description: "no".to_owned(),
        }
    }

    #[test]
    fn an_acknowledgement_in_the_one_possible_place_waits_for_the_own_tail() {
        for mut attempt in [attempt(), uncertain()] {
            let step = attempt.answered(Answer::Stored { sequence: 5 });
            assert_eq!(step, Step::Await { sequence: 5 });
        }
    }

    #[test]
    fn an_acknowledgement_elsewhere_is_of_another_stream() {
        for found in [0, 1, 4, 6] {
            let step = attempt().answered(Answer::Stored { sequence: found });
            let expected = 5;
            assert_eq!(step, Step::Strange(Strange::Elsewhere { expected, found }));
        }
    }

    #[test]
    fn a_wrong_last_sequence_by_either_code_is_looked_at() {
        for code in [10_071, 10_164] {
            for mut attempt in [attempt(), uncertain()] {
                assert_eq!(
                    attempt.answered(refused(400, code)),
                    Step::Look { sequence: 5 }
                );
            }
        }
    }

    #[test]
    fn a_refusal_is_final_only_if_nothing_is_on_its_way() {
        let too_long = || refused(400, 10_054);
        let step = attempt().answered(too_long());
        let description = "no".to_owned();
        let code = 10_054;
        assert_eq!(step, Step::Failed { code, description });
        assert!(matches!(
            uncertain().answered(too_long()),
            Step::Publish { .. }
        ));
    }

    #[test]
    fn a_server_in_trouble_says_nothing_about_the_block() {
        for status in [500, 503] {
            let mut attempt = attempt();
            let step = attempt.answered(refused(status, 10_077));
            assert!(matches!(step, Step::Publish { .. }), "{step:?}");
            // What it may have stored is not forgotten.
            let step = attempt.answered(refused(400, 10_054));
            assert!(matches!(step, Step::Publish { .. }), "{step:?}");
        }
        let step = attempt().answered(refused(499, 10_054));
        assert!(matches!(step, Step::Failed { .. }), "{step:?}");
    }

    #[test]
    fn silence_is_answered_by_publishing_the_same_again_however_often() {
        let mut attempt = attempt();
        for _ in 0..100 {
            assert!(matches!(attempt.answered(silence()), Step::Publish { .. }));
        }
        let step = attempt.answered(Answer::Stored { sequence: 5 });
        assert_eq!(step, Step::Await { sequence: 5 });
    }

    #[test]
    fn what_stands_in_its_place_decides() {
        for mut attempt in [attempt(), uncertain()] {
            assert_eq!(attempt.found(Found::Ours), Step::Await { sequence: 5 });
            assert_eq!(attempt.found(Found::Another), Step::Conflict);
        }
    }

    #[test]
    fn not_found_never_means_failed() {
        let mut attempt = attempt();
        for last_sequence in [4, 5, 6] {
            let step = attempt.found(Found::Nothing { last_sequence });
            assert!(matches!(step, Step::Publish { .. }), "{step:?}");
        }
        // And a refusal after it is no proof either.
        let step = attempt.answered(refused(400, 10_054));
        assert!(matches!(step, Step::Publish { .. }), "{step:?}");
    }

    #[test]
    fn a_stream_shorter_than_what_was_read_from_it_was_rolled_back() {
        for found in [0, 3] {
            let step = attempt().found(Found::Nothing {
                last_sequence: found,
            });
            let expected = 4;
            assert_eq!(step, Step::Strange(Strange::RolledBack { expected, found }));
        }
    }

    #[test]
    fn a_look_without_an_answer_is_taken_again() {
        let step = attempt().found(Found::Unanswered);
        assert_eq!(step, Step::Look { sequence: 5 });
    }
}
