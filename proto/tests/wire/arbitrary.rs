//! Any action within its bounds.

mod affairs;
mod discipline;
mod effects;

use governance::{
    action::{
        Action, Actor, AssessmentLine, Attestor, Ballot, BallotCast, BallotOpening, BallotsOpened,
        Basis, BodiesAction, BodyEstablished, Capacity, Choice, Content, Contest, ContestOption,
        Correction, DecisionFiled, DecisionImplemented, DeliberationAction, ElectedElsewhere,
        Execution, Grant, IssueAction, IssueKind, IssueRaised, IssueStep, LedgerFounded,
        MeasureTally, MeetingConvened, MeetingsAction, Minuted, MotionDecided, MotionTabled,
        MotionText, OfficeAssumed, OfficeEndCause, OfficeObtained, OpeningSubmitted, OptionTally,
        Outcome, PaperBallots, PaperTotal, Payload, PeopleAction, PersonEnrolled, RecordCorrected,
        ReportAction, ReportAssessed, RollCall, RollCallMark, RollLine, RollObjected,
        RollObjectionRuled, RollPart, RollPublished, Stance, StatementKind,
    },
    calendar::{Date, UtcOffset, UtcOffsets},
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Charter, Comparison, DecisionRule, EffectKind,
        Fraction, Measure, MeasureKind, OverlapPolicy, PetitionBeside, Prerequisites, QuorumBase,
        Right, StandingMeeting, Threshold,
    },
    clocks::{Clocks, MonthDay},
    filing::Filing,
    ids::{ActionId, Digest, InvalidId, Leaf, Millis, PublicKey},
    sanction::Discipline,
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
    strategy::Union,
};

fn id<T>() -> BoxedStrategy<T>
where
    T: std::str::FromStr<Err = InvalidId> + std::fmt::Debug + 'static,
{
    "[a-z0-9][a-z0-9-]{0,39}"
        .prop_map(|text| text.parse().expect("an id"))
        .boxed()
}

/// Text of several scripts that is NFC: no combining mark follows what it could combine with.
fn text() -> BoxedStrategy<String> {
    "[a-zA-Z0-9 ,.é（）〔〕一-龥Ж한عא👩]{1,40}".boxed()
}

fn optional_text() -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), text()].boxed()
}

fn millis() -> BoxedStrategy<Millis> {
    any::<u64>().prop_map(Millis).boxed()
}

fn date() -> BoxedStrategy<Date> {
    any::<i16>()
        .prop_map(|n| Date::from_days(i32::from(n)))
        .boxed()
}

fn key() -> BoxedStrategy<PublicKey> {
    any::<[u8; 32]>().prop_map(PublicKey).boxed()
}

fn leaf() -> BoxedStrategy<Leaf> {
    any::<[u8; 32]>().prop_map(Leaf).boxed()
}

prop_compose! {
    fn capacity()(body in id(), office in option::of(id())) -> Capacity {
        Capacity { body, office }
    }
}

prop_compose! {
    fn attestor()(person in id(), capacity in capacity()) -> Attestor {
        Attestor { person, capacity }
    }
}

prop_compose! {
    fn content()(
        digest in any::<[u8; 32]>(),
        length in 0..=262_144_u32,
        media_type in "[a-z]{1,9}/[a-z0-9.+-]{0,9}x(; [a-z]{1,9}=[a-zA-Z0-9-]{1,9})?",
    ) -> Content {
        let media_type = media_type.replace("/.", "/x").replace("/+", "/x").replace("/-", "/x");
        Content { digest: Digest(digest), length, media_type }
    }
}

prop_compose! {
    fn threshold()(
        (numerator, denominator) in (1..=u32::MAX).prop_flat_map(|d| (0..=d, Just(d))),
        comparison in select(vec![Comparison::AtLeast, Comparison::MoreThan]),
    ) -> Threshold {
        let fraction = Fraction::new(numerator, denominator).expect("a part of a whole");
        Threshold { fraction, comparison }
    }
}

fn body_kind() -> BoxedStrategy<BodyKind> {
    select(vec![
        BodyKind::ResidentsCommittee,
        BodyKind::Grid,
        BodyKind::Council,
    ])
    .boxed()
}

fn measure_kind() -> BoxedStrategy<MeasureKind> {
    select(vec![MeasureKind::Heads, MeasureKind::Area]).boxed()
}

prop_compose! {
    fn measure()(
        kind in measure_kind(),
        quorum in threshold(),
        approval in threshold(),
    ) -> Measure {
        Measure { kind, quorum, approval }
    }
}

prop_compose! {
    fn prerequisites()(
        statements_from in vec(body_kind(), 0..4),
        expert_opinions_min in any::<u32>(),
        (party_discussion, consultation) in any::<(bool, bool)>(),
        participants in vec(id(), 0..3),
        participant_days_min in any::<u32>(),
    ) -> Prerequisites {
        Prerequisites {
            statements_from, expert_opinions_min, party_discussion, consultation, participants,
            participant_days_min,
        }
    }
}

prop_compose! {
    fn rule()(
        (id, body) in (id(), id()),
        (preset, title, citation) in (optional_text(), text(), optional_text()),
        measures in vec(measure(), 0..=2),
        quorum_base in select(vec![QuorumBase::Participating, QuorumBase::Attending]),
        approval_base in select(vec![ApprovalBase::Eligible, ApprovalBase::ForAndAgainst]),
        days in any::<[u32; 4]>(),
        window in any::<[u64; 2]>(),
        flags in any::<[bool; 2]>(),
        visibility in select(vec![BallotVisibility::Open, BallotVisibility::Secret]),
        prerequisites in prop_oneof![Just(Prerequisites::default()), prerequisites()],
        (petition, run_off) in (option::of(threshold()), option::of(threshold())),
        (beside, tabled_by) in (option::of((id(), threshold())), vec(id(), 0..3)),
        filing in option::of((id(), any::<u32>())),
        (law_in_force_from, effects) in (date(), subsequence(EffectKind::ALL.to_vec(), 0..=7)),
    ) -> DecisionRule {
        DecisionRule {
            id, preset, title, body, measures, quorum_base, approval_base,
            notice_days_min: days[0],
            deliberation_days_min: days[1],
            voting_window_ms_min: window[0],
            voting_window_ms_max: window[1],
            visibility,
            proxies_per_holder_max: days[2],
            recused_leave_denominator: flags[0],
            prerequisites, petition,
            more_candidates_than_seats: flags[1],
            run_off,
            roll_posted_days_min: days[3],
            law_in_force_from, citation, effects,
            nominators_min: days[2],
            petition_beside: beside.map(|(body, threshold)| PetitionBeside { body, threshold }),
            tabled_by,
            filing: filing.map(|(with, days)| Filing { with, days }),
        }
    }
}

prop_compose! {
    fn clocks()(
        (month, day) in (1..=12_u32, 1..=28_u32),
        days in any::<[u32; 5]>(),
    ) -> Clocks {
        Clocks {
            report_due: MonthDay { month, day },
            issue_acceptance_days: days[0],
            issue_answer_days: days[1],
            issue_extension_days: days[2],
            issue_review_days: days[3],
            head_audit_days: days[4],
        }
    }
}

prop_compose! {
    fn charter()(
        version in any::<u32>(),
        title in text(),
        rules in vec(rule(), 0..3),
        overlap in select(vec![OverlapPolicy::Forbid, OverlapPolicy::Allow]),
        action_validity_ms_max in any::<u64>(),
        clocks in clocks(),
        reporting in vec(id(), 0..3),
        standing in vec((id(), any::<u32>(), optional_text()), 0..3),
        days in any::<[u32; 3]>(),
    ) -> Charter {
        let standing_meetings = standing.into_iter().map(|(body, every_months, citation)| {
            StandingMeeting { body, every_months, citation }
        });
        let standing_meetings = standing_meetings.collect();
        let discipline = Discipline {
            defence_days: days[0],
            appeal_days: days[1],
            appeal_decision_days: days[2],
            ..Discipline::default()
        };
        Charter {
            version, title, rules, overlap, action_validity_ms_max, discipline, clocks, reporting,
            standing_meetings,
        }
    }
}

fn utc_offsets() -> BoxedStrategy<UtcOffsets> {
    let minutes = -840..=840_i32;
    (minutes.clone(), option::of((1..u64::MAX, minutes)))
        .prop_map(|(first, second)| {
            let offset = |from, minutes| UtcOffset {
                from: Millis(from),
                minutes,
            };
            let second = second.map(|(from, minutes)| offset(from, minutes));
            let list = std::iter::once(offset(0, first)).chain(second).collect();
            UtcOffsets::new(list).expect("rising offsets")
        })
        .boxed()
}

prop_compose! {
    fn founding()(
        name in text(),
        origin in "[a-z0-9][a-z0-9.:-]{0,20}(/[a-z0-9_~]{1,9})?",
        (record_key, checkpoint_key) in (key(), key()),
        utc_offsets in utc_offsets(),
        rules_version in any::<u32>(),
        charter in charter(),
        bodies in vec(established(), 0..3),
        rights in vec(grant(), 0..3),
        people in vec(enrolled(), 0..3),
        offices in vec(assumed(), 0..3),
        demo in any::<bool>(),
    ) -> LedgerFounded {
        LedgerFounded {
            name, origin, record_key, checkpoint_key, utc_offsets, rules_version, charter, bodies,
            rights, people, offices, demo,
        }
    }
}

prop_compose! {
    fn enrolled()(
        person in id(),
        keys in vec(key(), 0..=5),
        name in option::of(content()),
    ) -> PersonEnrolled {
        PersonEnrolled { person, keys, name }
    }
}

fn people() -> BoxedStrategy<PeopleAction> {
    use PeopleAction as P;
    prop_oneof![
        enrolled().prop_map(P::PersonEnrolled),
        key().prop_map(|key| P::KeyAdded { key }),
        (key(), key()).prop_map(|(old_key, new_key)| P::KeyRotated { old_key, new_key }),
        (key(), key()).prop_map(|(old_key, new_key)| P::LedgerKeyRotated { old_key, new_key }),
        (id(), attestor(), key()).prop_map(|(person, second, new_key)| P::KeyReplaced {
            person,
            second,
            new_key
        }),
        (id(), key()).prop_map(|(person, key)| P::KeyRevoked { person, key }),
        id().prop_map(|person| P::PersonDeparted { person }),
    ]
    .boxed()
}

prop_compose! {
    fn established()(body in id(), kind in body_kind(), name in text()) -> BodyEstablished {
        BodyEstablished { body, kind, name }
    }
}

prop_compose! {
    fn grant()(
        body in id(),
        role in option::of(id()),
        right in select(vec![Right::Deliberate, Right::Register, Right::Report]),
        over in option::of(id()),
        decision in option::of(id()),
    ) -> Grant {
        Grant { body, role, right, over, decision }
    }
}

prop_compose! {
    fn assumed()(
        (office, body, person, role) in (id(), id(), id(), id()),
        term_from in date(),
        term_to in option::of(date()),
        obtained in select(vec![OfficeObtained::Elected, OfficeObtained::Founding]),
        decision in option::of(id()),
        (succeeds, flags) in (option::of(id()), any::<(bool, bool)>()),
        elsewhere in option::of((attestor(), text(), date())),
    ) -> OfficeAssumed {
        OfficeAssumed {
            office, body, person, role, term_from, term_to, obtained, decision, succeeds,
            woman: flags.0,
            overlap_disclosed: flags.1,
            elsewhere: elsewhere.map(|(second, source, held_on)| {
                ElectedElsewhere { second, source, held_on }
            }),
        }
    }
}

prop_compose! {
    fn roll_line()(
        voter in id(),
        area in any::<u64>(),
        unit in option::of(id()),
        co_owners in vec(id(), 0..3),
    ) -> RollLine {
        RollLine { voter, area, unit, co_owners }
    }
}

prop_compose! {
    fn published()(
        (roll, body) in (id(), id()),
        as_of in date(),
        (parts, members, total_area) in any::<(u32, u32, u64)>(),
        digest in any::<[u8; 32]>(),
    ) -> RollPublished {
        RollPublished { roll, body, as_of, parts, members, total_area, digest: Digest(digest) }
    }
}

fn bodies() -> BoxedStrategy<BodiesAction> {
    use BodiesAction as B;
    let causes = select(vec![OfficeEndCause::Term, OfficeEndCause::Departure]);
    let part = (id(), id(), any::<u32>(), vec(roll_line(), 0..20));
    prop_oneof![
        established().prop_map(B::BodyEstablished),
        grant().prop_map(B::RightGranted),
        grant().prop_map(B::RightWithdrawn),
        assumed().prop_map(B::OfficeAssumed),
        (id(), causes, option::of(id())).prop_map(|(office, cause, decision)| B::OfficeEnded {
            office,
            cause,
            decision
        }),
        part.prop_map(|(roll, body, part, lines)| B::RollPart(RollPart {
            roll,
            body,
            part,
            lines
        })),
        published().prop_map(B::RollPublished),
        (id(), id(), content()).prop_map(|(roll, person, content)| {
            B::RollObjected(RollObjected {
                roll,
                person,
                content,
            })
        }),
        (id(), any::<u32>(), any::<[u8; 32]>()).prop_map(|(roll, objection, content)| {
            B::RollObjectionRead {
                roll,
                objection,
                content: Digest(content),
            }
        }),
        (id(), any::<u32>(), any::<bool>(), text()).prop_map(
            |(roll, objection, upheld, reason)| B::RollObjectionRuled(RollObjectionRuled {
                roll,
                objection,
                upheld,
                reason
            })
        ),
    ]
    .boxed()
}

prop_compose! {
    fn convened()(
        (meeting, body, rule) in (id(), id(), id()),
        starts_at in millis(),
        place in optional_text(),
        petitioners in vec(id(), 0..5),
    ) -> MeetingConvened {
        MeetingConvened { meeting, body, rule, starts_at, place, petitioners }
    }
}

prop_compose! {
    fn corrected()(
        entry in any::<u64>(),
        reason in text(),
        second in attestor(),
        note in option::of(text()),
        motion in id(),
        lines in vec((id(), select(vec![RollCallMark::For, RollCallMark::Away])), 0..5),
    ) -> RecordCorrected {
        let correction = note.map_or(Correction::RollCall { motion, lines }, Correction::Note);
        RecordCorrected { entry, reason, second, correction }
    }
}

fn meetings() -> BoxedStrategy<MeetingsAction> {
    use MeetingsAction as M;
    prop_oneof![
        convened().prop_map(M::MeetingConvened),
        (id(), option::of(text())).prop_map(|(meeting, urgent_reason)| M::MeetingNoticed {
            meeting,
            urgent_reason
        }),
        (id(), id(), vec(id(), 0..20), vec(id(), 0..3)).prop_map(
            |(meeting, roll, present, guests)| M::AttendanceRecorded {
                meeting,
                roll,
                present,
                guests,
            }
        ),
        id().prop_map(|meeting| M::MeetingClosed { meeting }),
    ]
    .boxed()
}

prop_compose! {
    fn motion_text()(title in text(), paragraphs in vec(text(), 0..4)) -> MotionText {
        MotionText { title, paragraphs }
    }
}

prop_compose! {
    fn contest()(
        options in vec((text(), option::of(id())), 0..5),
        seats in any::<u32>(),
        position in optional_text(),
    ) -> Contest {
        let option = |(label, candidate)| ContestOption { label, candidate };
        Contest { options: options.into_iter().map(option).collect(), seats, position }
    }
}

prop_compose! {
    fn tabled()(
        (motion, body, rule) in (id(), id(), id()),
        text in motion_text(),
        contest in option::of(contest()),
        meeting in option::of(id()),
        (source, run_off_of, consultation, matter) in
            (optional_text(), option::of(id()), option::of(id()), option::of(id())),
        effects in effects::several(),
    ) -> MotionTabled {
        MotionTabled {
            motion, body, rule, text, contest, meeting, source, run_off_of, effects, consultation,
            matter,
        }
    }
}

prop_compose! {
    fn implemented()(
        motion in id(),
        progress in select(vec![Execution::Planned, Execution::UnderWay, Execution::Done]),
        note in text(),
        due in option::of(date()),
    ) -> DecisionImplemented {
        DecisionImplemented { motion, progress, note, due }
    }
}

prop_compose! {
    fn filed()(motion in id(), filed_on in date(), reference in optional_text()) -> DecisionFiled {
        DecisionFiled { motion, filed_on, reference }
    }
}

fn motions() -> BoxedStrategy<DeliberationAction> {
    use DeliberationAction as D;
    let kind = select(vec![
        StatementKind::Deliberation,
        StatementKind::Supervision,
    ]);
    prop_oneof![
        tabled().prop_map(D::MotionTabled),
        (
            id(),
            motion_text(),
            option::of(contest()),
            effects::several()
        )
            .prop_map(|(motion, text, contest, effects)| {
                D::MotionAmended {
                    motion,
                    text,
                    contest,
                    effects,
                }
            }),
        effects::overturned().prop_map(D::DecisionOverturned),
        implemented().prop_map(D::DecisionImplemented),
        filed().prop_map(D::DecisionFiled),
        id().prop_map(|motion| D::MotionWithdrawn { motion }),
        (id(), kind, content()).prop_map(|(motion, kind, content)| D::StatementMade {
            motion,
            kind,
            content
        }),
        (id(), id()).prop_map(|(motion, expert)| D::ExpertInvited { motion, expert }),
        (id(), content(), any::<bool>()).prop_map(|(motion, content, interested)| {
            D::ExpertOpinionFiled {
                motion,
                content,
                interested,
            }
        }),
        id().prop_map(|motion| D::InterestDeclared { motion }),
        (id(), id(), millis()).prop_map(|(motion, roll, closes_at)| D::VotingOpened {
            motion,
            roll,
            closes_at
        }),
    ]
    .boxed()
}

fn choice() -> BoxedStrategy<Choice> {
    let stance = select(vec![Stance::For, Stance::Against, Stance::Abstain]);
    let positions = subsequence((0..300).collect::<Vec<u32>>(), 0..=64);
    prop_oneof![
        stance.prop_map(Choice::Stance),
        positions.prop_map(Choice::Options)
    ]
    .boxed()
}

prop_compose! {
    fn ballot()(
        motion in id(),
        voting_opened in leaf(),
        on_behalf_of in option::of(id()),
        ballot in prop_oneof![
            choice().prop_map(Ballot::Open),
            any::<[u8; 32]>().prop_map(|commitment| Ballot::Hidden(Digest(commitment))),
        ],
    ) -> BallotCast {
        BallotCast { motion, voting_opened, on_behalf_of, ballot }
    }
}

prop_compose! {
    fn opening()(voter in id(), nonce in any::<[u8; 32]>(), choice in choice()) -> BallotOpening {
        BallotOpening { voter, nonce, choice }
    }
}

fn submitted() -> BoxedStrategy<DeliberationAction> {
    (id(), option::of(id()), any::<[u8; 32]>(), choice())
        .prop_map(|(motion, on_behalf_of, nonce, choice)| {
            DeliberationAction::OpeningSubmitted(OpeningSubmitted {
                motion,
                on_behalf_of,
                nonce,
                choice,
            })
        })
        .boxed()
}

prop_compose! {
    fn paper()(
        motion in id(),
        batch in any::<u32>(),
        second in attestor(),
        voters in vec(id(), 0..9),
        totals in vec((choice(), any::<u32>(), any::<u64>()), 0..4),
        spoiled in prop_oneof![Just((0, 0)), any::<(u32, u64)>()],
    ) -> PaperBallots {
        let total = |(choice, heads, area)| PaperTotal { choice, heads, area };
        let totals = totals.into_iter().map(total).collect();
        PaperBallots { motion, batch, second, voters, totals, spoiled }
    }
}

prop_compose! {
    fn minuted()(
        held_on in date(),
        (body, rule) in (id(), id()),
        text in motion_text(),
        (source, source_outcome) in (optional_text(), optional_text()),
    ) -> Minuted {
        Minuted { held_on, body, rule, text, source, source_outcome }
    }
}

prop_compose! {
    fn roll_call()(
        (motion, roll) in (id(), id()),
        second in attestor(),
        lines in vec((id(), select(vec![RollCallMark::For, RollCallMark::NotVoting])), 0..20),
        minuted in option::of(minuted()),
    ) -> RollCall {
        RollCall { motion, second, roll, lines, minuted }
    }
}

fn votes() -> BoxedStrategy<DeliberationAction> {
    use DeliberationAction as D;
    prop_oneof![
        ballot().prop_map(D::BallotCast),
        submitted(),
        (id(), leaf(), id()).prop_map(|(motion, voting_opened, holder)| D::ProxyGranted {
            motion,
            voting_opened,
            holder
        }),
        id().prop_map(|motion| D::ProxyRevoked { motion }),
        paper().prop_map(D::PaperBallotsRecorded),
        roll_call().prop_map(D::RollCallRecorded),
        id().prop_map(|motion| D::VotingClosed { motion }),
    ]
    .boxed()
}

prop_compose! {
    fn tally()(
        kind in measure_kind(),
        n in any::<[u64; 8]>(),
        (quorum, approval) in (threshold(), threshold()),
        (quorum_met, approval_met) in any::<(bool, bool)>(),
    ) -> MeasureTally {
        MeasureTally {
            kind,
            eligible: n[0],
            attending: n[1],
            participating: n[2],
            in_favour: n[3],
            against: n[4],
            abstaining: n[5],
            quorum_counted: n[6],
            quorum,
            quorum_met,
            approval_whole: n[7],
            approval,
            approval_met,
        }
    }
}

prop_compose! {
    fn decided()(
        (motion, rule, roll) in (id(), id(), id()),
        outcome in select(vec![Outcome::Adopted, Outcome::NoQuorum]),
        measures in vec(tally(), 0..=2),
        options in vec(any::<(u32, u64, u64, bool)>(), 0..4),
        charter_version in any::<u32>(),
        citation in optional_text(),
        (effects, unopened) in (option::of(effects::outcome()), any::<u64>()),
    ) -> MotionDecided {
        let option = |(option, heads, area, chosen)| OptionTally { option, heads, area, chosen };
        let options = options.into_iter().map(option).collect();
        MotionDecided {
            motion, outcome, measures, options, rule, charter_version, roll, citation, effects,
            unopened,
        }
    }
}

fn by_person() -> BoxedStrategy<(Actor, Payload)> {
    let payload = Union::new([
        founding()
            .prop_map(|x| Payload::Founding(Box::new(x)))
            .boxed(),
        people().prop_map(Payload::People).boxed(),
        bodies().prop_map(Payload::Bodies).boxed(),
        meetings().prop_map(Payload::Meetings).boxed(),
        motions().prop_map(Payload::Deliberation).boxed(),
        votes().prop_map(Payload::Deliberation).boxed(),
        effects::exercised().prop_map(Payload::Power).boxed(),
        reports().prop_map(Payload::Reports).boxed(),
        issues().prop_map(Payload::Issues).boxed(),
        effects::nominated().prop_map(Payload::Deliberation).boxed(),
        discipline::discipline()
            .prop_map(Payload::Discipline)
            .boxed(),
        discipline::offices().prop_map(Payload::Bodies).boxed(),
        affairs::affairs().prop_map(Payload::Affairs).boxed(),
        corrected().prop_map(Payload::Correction).boxed(),
        (id(), vec(id(), 0..4))
            .prop_map(|(motion, bodies)| {
                Payload::Deliberation(DeliberationAction::ParticipantsInvited { motion, bodies })
            })
            .boxed(),
    ]);
    let actor = (id(), option::of(capacity()))
        .prop_map(|(person, capacity)| Actor::Person { person, capacity });
    (actor, payload).boxed()
}

fn by_ledger() -> BoxedStrategy<(Actor, Payload)> {
    let step = select(vec![
        IssueStep::Accept,
        IssueStep::Answer,
        IssueStep::Review,
    ]);
    prop_oneof![
        decided().prop_map(|x| Payload::Deliberation(DeliberationAction::MotionDecided(x))),
        (id(), any::<u32>(), vec(opening(), 0..4)).prop_map(|(motion, part, openings)| {
            let opened = BallotsOpened {
                motion,
                part,
                openings,
            };
            DeliberationAction::BallotsOpened(opened).into()
        }),
        (id(), any::<u32>()).prop_map(|(body, year)| {
            Payload::Reports(ReportAction::ReportOverdue { body, year })
        }),
        (id(), step).prop_map(|(issue, step)| {
            Payload::Issues(IssueAction::IssueOverdue { issue, step })
        }),
        (id(), any::<bool>()).prop_map(|(office, restored)| {
            Payload::Bodies(BodiesAction::RemovalVoided { office, restored })
        }),
        (id(), date(), date(), text()).prop_map(|(body, first_day, last_day, citation)| {
            Payload::Meetings(MeetingsAction::MeetingMissed {
                body,
                first_day,
                last_day,
                citation,
            })
        }),
    ]
    .prop_map(|payload| (Actor::Ledger, payload))
    .boxed()
}

fn reports() -> BoxedStrategy<ReportAction> {
    use ReportAction as R;
    let report = || (id(), any::<u32>(), content());
    let line = (id(), any::<[u32; 3]>()).prop_map(|(office, marks)| AssessmentLine {
        office,
        competent: marks[0],
        basically_competent: marks[1],
        incompetent: marks[2],
    });
    prop_oneof![
        report().prop_map(|(body, year, content)| R::ReportFiled {
            body,
            year,
            content
        }),
        report().prop_map(|(body, year, content)| R::ReportQuestioned {
            body,
            year,
            content
        }),
        (report(), any::<u32>()).prop_map(|((body, year, content), question)| {
            R::ReportAnswered {
                body,
                year,
                question,
                content,
            }
        }),
        (id(), any::<u32>(), attestor(), vec(line, 0..5)).prop_map(
            |(body, year, second, lines)| R::ReportAssessed(ReportAssessed {
                body,
                year,
                second,
                lines
            })
        ),
    ]
    .boxed()
}

prop_compose! {
    fn raised()(
        issue in id(),
        kind in select(vec![IssueKind::Request, IssueKind::Complaint, IssueKind::Report]),
        (category, summary) in (text(), optional_text()),
        content in content(),
        (body, concerns) in (id(), option::of(id())),
        accused in vec(id(), 0..4),
    ) -> IssueRaised {
        IssueRaised { issue, kind, category, summary, content, body, concerns, accused }
    }
}

fn issues() -> BoxedStrategy<IssueAction> {
    use IssueAction as I;
    prop_oneof![
        raised().prop_map(I::IssueRaised),
        id().prop_map(|issue| I::IssueAccepted { issue }),
        (id(), text()).prop_map(|(issue, reason)| I::IssueRefused { issue, reason }),
        (id(), id(), text()).prop_map(|(issue, body, reason)| I::IssueReferred {
            issue,
            body,
            reason
        }),
        (id(), id()).prop_map(|(issue, handler)| I::IssueAssigned { issue, handler }),
        (id(), text()).prop_map(|(issue, reason)| I::IssueExtended { issue, reason }),
        (id(), text(), option::of(content())).prop_map(|(issue, summary, content)| {
            I::IssueAnswered {
                issue,
                summary,
                content,
            }
        }),
        (id(), content()).prop_map(|(issue, content)| I::IssueReopened { issue, content }),
        id().prop_map(|issue| I::IssueClosed { issue }),
        (id(), any::<u32>()).prop_map(|(issue, score)| I::SatisfactionRated { issue, score }),
        (id(), any::<[u8; 32]>()).prop_map(|(issue, content)| I::IssueRead {
            issue,
            content: Digest(content)
        }),
    ]
    .boxed()
}

prop_compose! {
    fn basis()(power_item in option::of(id()), citation in text()) -> Basis {
        Basis { power_item, citation }
    }
}

prop_compose! {
    /// Any action that the wire accepts.
    pub(crate) fn action()(
        (actor, payload) in prop_oneof![9 => by_person(), 1 => by_ledger()],
        ledger in id(),
        genesis in leaf(),
        id in any::<[u8; 16]>(),
        (client_time, not_after) in (millis(), millis()),
        basis in option::of(basis()),
        expected_leaf in option::of(leaf()),
    ) -> Action {
        let id = match &actor {
            Actor::Ledger => ActionId::v8(id),
            Actor::Person { .. } => {
                let random = id[6..].try_into().expect("10 of 16 bytes");
                ActionId::v7(Millis(u64::from(id[0])), random)
            }
        };
        Action {
            ledger, genesis, id, actor, client_time, not_after, basis, expected_leaf, payload,
        }
    }
}
