//! One action of every payload kind, with every optional field given somewhere.

mod affairs;
mod discipline;
mod effects;

use governance::{
    action::{
        Action, Actor, AssessmentLine, Attestor, Ballot, BallotCast, BallotOpening, BallotsOpened,
        Basis, BodiesAction, BodyEstablished, Capacity, Choice, Content, Contest, ContestOption,
        Correction, DecisionFiled, DecisionImplemented, DeliberationAction, EffectsOutcome,
        ElectedElsewhere, Execution, Grant, HandoverCompleted, HeadAudited, IssueAction, IssueKind,
        IssueRaised, IssueStep, LedgerFounded, MeasureTally, MeetingConvened, MeetingsAction,
        Minuted, MotionDecided, MotionTabled, MotionText, OfficeAssumed, OfficeEndCause,
        OfficeObtained, OpeningSubmitted, OptionTally, Outcome, PaperBallots, PaperTotal, Payload,
        PeopleAction, PersonEnrolled, RecordCorrected, ReportAction, ReportAssessed, RollCall,
        RollCallMark, RollLine, RollObjected, RollObjectionRuled, RollPart, RollPublished,
        Sanction, Stance, StatementKind,
    },
    calendar::{UtcOffset, UtcOffsets},
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

/// 2026-03-01 12:00 UTC.
const NOON: Millis = Millis(1_772_366_400_000);

pub(crate) fn id<T: std::str::FromStr<Err = InvalidId>>(text: &str) -> T {
    text.parse().expect("samples use good ids")
}

fn date(text: &str) -> governance::calendar::Date {
    text.parse().expect("samples use good dates")
}

fn key(n: u8) -> PublicKey {
    PublicKey([n; 32])
}

fn content(n: u8) -> Content {
    Content {
        digest: Digest([n; 32]),
        length: 262_144,
        media_type: "text/plain; charset=utf-8".to_owned(),
    }
}

fn capacity(body: &str, office: Option<&str>) -> Capacity {
    Capacity {
        body: id(body),
        office: office.map(id),
    }
}

fn attestor() -> Attestor {
    Attestor {
        person: id("zhang"),
        capacity: capacity("supervision-committee", Some("supervisor-1")),
    }
}

fn threshold(numerator: u32, denominator: u32, comparison: Comparison) -> Threshold {
    Threshold {
        fraction: Fraction::new(numerator, denominator).expect("a part of a whole"),
        comparison,
    }
}

/// A person's action with this payload; all optional common fields given.
pub(crate) fn by_person(n: u8, payload: Payload) -> Action {
    Action {
        ledger: id("xinyuanli"),
        genesis: Leaf([0xA0; 32]),
        id: ActionId::v7(NOON, [n; 10]),
        actor: Actor::Person {
            person: id("wang"),
            capacity: Some(capacity("residents-committee", Some("head"))),
        },
        client_time: NOON,
        not_after: NOON.plus(Millis::DAY),
        basis: Some(Basis {
            power_item: Some(id("convene-meetings")),
            citation: "城市居民委员会组织法 26".to_owned(),
        }),
        expected_leaf: Some(Leaf([0xE0; 32])),
        payload,
    }
}

/// One action of every kind, in the order of their field numbers.
pub(crate) fn all() -> Vec<Action> {
    let mut actions = released();
    actions.extend(reports());
    actions.extend(issues());
    actions.push(by_person(131, Payload::Deliberation(filed())));
    actions.push(by_person(130, Payload::Deliberation(implemented())));
    actions.extend(openings());
    actions.extend(objections());
    actions
}

fn objections() -> [Action; 3] {
    let roll = || id("owners-2026");
    let objected = BodiesAction::RollObjected(RollObjected {
        roll: roll(),
        person: id("zhang"),
        content: content(15),
    });
    let ruled = BodiesAction::RollObjectionRuled(RollObjectionRuled {
        roll: roll(),
        objection: 1,
        upheld: true,
        reason: "户籍已迁出 moved away".to_owned(),
    });
    let read = BodiesAction::RollObjectionRead {
        roll: roll(),
        objection: 1,
        content: Digest([15; 32]),
    };
    [
        by_person(152, Payload::Bodies(objected)),
        by_person(153, Payload::Bodies(ruled)),
        by_person(154, Payload::Bodies(read)),
    ]
}

/// A derived action with this payload.
fn by_ledger(payload: Payload) -> Action {
    let due = NOON.plus(7 * Millis::DAY);
    Action {
        id: ActionId::v8([0xD0; 16]),
        actor: Actor::Ledger,
        client_time: due,
        not_after: due,
        basis: None,
        expected_leaf: None,
        ..by_person(0, payload)
    }
}

fn reports() -> Vec<Action> {
    let body = || id("residents-committee");
    let year = 2026;
    let acts = [
        ReportAction::ReportFiled {
            body: body(),
            year,
            content: content(31),
        },
        ReportAction::ReportQuestioned {
            body: body(),
            year,
            content: content(32),
        },
        ReportAction::ReportAnswered {
            body: body(),
            year,
            question: 1,
            content: content(33),
        },
        ReportAction::ReportAssessed(ReportAssessed {
            body: body(),
            year,
            second: attestor(),
            lines: vec![AssessmentLine {
                office: id("head"),
                competent: 40,
                basically_competent: 12,
                incompetent: 3,
            }],
        }),
    ];
    let acts = (100..).zip(acts).map(|(n, act)| by_person(n, act.into()));
    let overdue = ReportAction::ReportOverdue { body: body(), year };
    acts.chain([by_ledger(overdue.into())]).collect()
}

fn openings() -> [Action; 2] {
    let opening = |voter: &str, n: u8, choice: Choice| BallotOpening {
        voter: id(voter),
        nonce: [n; 32],
        choice,
    };
    let opened = DeliberationAction::BallotsOpened(BallotsOpened {
        motion: id("m-2026-1"),
        part: 1,
        openings: vec![
            opening("li", 51, Choice::Stance(Stance::Against)),
            opening("zhao", 52, Choice::Options(vec![0, 63])),
        ],
    });
    let submitted = DeliberationAction::OpeningSubmitted(OpeningSubmitted {
        motion: id("m-2026-1"),
        on_behalf_of: Some(id("li")),
        nonce: [53; 32],
        choice: Choice::Stance(Stance::For),
    });
    [by_ledger(opened.into()), by_person(131, submitted.into())]
}

fn implemented() -> DeliberationAction {
    DeliberationAction::DecisionImplemented(DecisionImplemented {
        motion: id("m-2026-1"),
        progress: Execution::UnderWay,
        note: "已完成招标".to_owned(),
        due: Some(date("2026-12-31")),
    })
}

fn filed() -> DeliberationAction {
    DeliberationAction::DecisionFiled(DecisionFiled {
        motion: id("m-2026-1"),
        filed_on: date("2026-06-03"),
        reference: "新街备〔2026〕7 号".to_owned(),
    })
}

fn issues() -> Vec<Action> {
    let issue = || id("lift-3");
    let reason = || "属业主委员会职责".to_owned();
    let acts = [
        IssueAction::IssueRaised(IssueRaised {
            issue: issue(),
            kind: IssueKind::Report,
            category: "物业维修".to_owned(),
            summary: "3号楼电梯 Lift of building 3".to_owned(),
            content: content(41),
            body: id("residents-committee"),
            concerns: Some(id("owners-committee")),
            accused: vec![id("zhao"), id("li")],
        }),
        IssueAction::IssueAccepted { issue: issue() },
        IssueAction::IssueRefused {
            issue: issue(),
            reason: reason(),
        },
        IssueAction::IssueReferred {
            issue: issue(),
            body: id("street-office"),
            reason: reason(),
        },
        IssueAction::IssueAssigned {
            issue: issue(),
            handler: id("wang"),
        },
        IssueAction::IssueExtended {
            issue: issue(),
            reason: reason(),
        },
        IssueAction::IssueAnswered {
            issue: issue(),
            summary: "已修复".to_owned(),
            content: Some(content(42)),
        },
        IssueAction::IssueReopened {
            issue: issue(),
            content: content(43),
        },
        IssueAction::IssueClosed { issue: issue() },
        IssueAction::SatisfactionRated {
            issue: issue(),
            score: 5,
        },
        IssueAction::IssueRead {
            issue: issue(),
            content: Digest([41; 32]),
        },
    ];
    let acts = (110..).zip(acts).map(|(n, act)| by_person(n, act.into()));
    let overdue = IssueAction::IssueOverdue {
        issue: issue(),
        step: IssueStep::Review,
    };
    acts.chain([by_ledger(overdue.into())]).collect()
}

/// The founding, people, bodies, meetings, motions and votes.
fn released() -> Vec<Action> {
    let payloads = people()
        .into_iter()
        .map(Payload::People)
        .chain(bodies().into_iter().map(Payload::Bodies))
        .chain(meetings().into_iter().map(Payload::Meetings))
        .chain(motions().into_iter().map(Payload::Deliberation))
        .chain(votes().into_iter().map(Payload::Deliberation))
        .chain([effects::overturned()].map(Payload::Deliberation))
        .chain([effects::nominated()].map(Payload::Deliberation))
        .chain([effects::exercised()].map(Payload::Power))
        .chain(discipline::all().into_iter().map(Payload::Discipline))
        .chain(affairs::all().into_iter().map(Payload::Affairs));
    let mut actions = vec![founding()];
    actions.extend(
        (1..)
            .zip(payloads)
            .map(|(n, payload)| by_person(n, payload)),
    );
    actions.push(decided());
    let rotated = PeopleAction::LedgerKeyRotated {
        old_key: key(1),
        new_key: key(9),
    };
    actions.push(by_person(150, rotated.into()));
    let audited = BodiesAction::HeadAudited(HeadAudited {
        office: id("head-2"),
        auditor: "街道办事处委托的会计师事务所".to_owned(),
        irregular: true,
        second: attestor(),
        report: content(15),
    });
    actions.push(by_person(151, audited.into()));
    let derived = [
        Payload::Bodies(BodiesAction::TermEnded {
            office: id("head-1"),
        }),
        Payload::Bodies(BodiesAction::HandoverOverdue {
            office: id("head-1"),
        }),
        discipline::expired(),
        Payload::Bodies(BodiesAction::RemovalVoided {
            office: id("head-1"),
            restored: true,
        }),
        Payload::Bodies(BodiesAction::HeadAuditOverdue {
            office: id("head-1"),
        }),
        Payload::Meetings(MeetingsAction::MeetingMissed {
            body: id("representatives-meeting"),
            first_day: date("2026-01-01"),
            last_day: date("2026-06-30"),
            citation: "城市居民委员会组织法 28".to_owned(),
        }),
    ];
    actions.extend(derived.map(by_ledger));
    actions.extend(later());
    actions
}

/// What came after those above, so that their numbers stay.
fn later() -> Vec<Action> {
    let invited = DeliberationAction::ParticipantsInvited {
        motion: id("m-2026-1"),
        bodies: vec![id("supervision-committee"), id("owners-committee")],
    };
    let corrected = RecordCorrected {
        entry: 57,
        reason: "与会议录音不符 the recording says otherwise".to_owned(),
        second: attestor(),
        correction: Correction::RollCall {
            motion: id("m-2026-1"),
            lines: vec![
                (id("zhao"), RollCallMark::For),
                (id("li"), RollCallMark::Away),
            ],
        },
    };
    let payloads = [
        Payload::Deliberation(invited),
        Payload::Correction(corrected),
    ];
    let payloads = (150..).zip(payloads);
    payloads.map(|(n, payload)| by_person(n, payload)).collect()
}

/// The sample of this kind.
pub(crate) fn of_kind(kind: &str) -> Action {
    all()
        .into_iter()
        .find(|action| proto::payload_kind(action) == kind)
        .expect("every kind has a sample")
}

fn founding() -> Action {
    let founded = LedgerFounded {
        name: "新园里社区 Xinyuanli".to_owned(),
        origin: "records.example.org/xinyuanli".to_owned(),
        record_key: key(1),
        checkpoint_key: key(2),
        utc_offsets: UtcOffsets::new(vec![
            UtcOffset {
                from: Millis(0),
                minutes: 480,
            },
            UtcOffset {
                from: NOON,
                minutes: -210,
            },
        ])
        .expect("rising offsets"),
        rules_version: 1,
        charter: charter(),
        bodies: vec![established()],
        rights: vec![grant()],
        people: vec![
            enrolled(),
            PersonEnrolled {
                person: id("li"),
                keys: Vec::new(),
                name: None,
            },
        ],
        offices: vec![assumed()],
        demo: true,
    };
    Action {
        genesis: Leaf::ZERO,
        actor: Actor::Person {
            person: id("wang"),
            capacity: None,
        },
        basis: None,
        expected_leaf: None,
        ..by_person(0, Payload::Founding(Box::new(founded)))
    }
}

fn charter() -> Charter {
    Charter {
        version: 1,
        title: "新园里章程".to_owned(),
        rules: vec![owners_rule(), meeting_rule()],
        overlap: OverlapPolicy::Forbid,
        action_validity_ms_max: Millis::DAY,
        clocks: Clocks {
            report_due: MonthDay { month: 1, day: 31 },
            issue_acceptance_days: 15,
            issue_answer_days: 60,
            issue_extension_days: 30,
            issue_review_days: 28,
            head_audit_days: 45,
        },
        reporting: vec![id("residents-committee"), id("owners-committee")],
        discipline: Discipline {
            defence_days: 7,
            appeal_days: 20,
            appeal_decision_days: 25,
            matrix: [
                Sanction::Warning,
                Sanction::Warning,
                Sanction::Demerit,
                Sanction::Replacement,
            ],
        },
        standing_meetings: vec![StandingMeeting {
            body: id("representatives-meeting"),
            every_months: 6,
            citation: "城市居民委员会组织法 28".to_owned(),
        }],
    }
}

fn owners_rule() -> DecisionRule {
    let measure = |kind| Measure {
        kind,
        quorum: threshold(2, 3, Comparison::AtLeast),
        approval: threshold(1, 2, Comparison::MoreThan),
    };
    DecisionRule {
        id: id("owners-ordinary"),
        preset: "owners-ordinary".to_owned(),
        title: "业主共同决定（一般事项）".to_owned(),
        body: id("owners-assembly"),
        measures: vec![measure(MeasureKind::Heads), measure(MeasureKind::Area)],
        quorum_base: QuorumBase::Participating,
        approval_base: ApprovalBase::Participating,
        notice_days_min: 15,
        deliberation_days_min: 7,
        voting_window_ms_min: Millis::DAY,
        voting_window_ms_max: 60 * Millis::DAY,
        visibility: BallotVisibility::Open,
        proxies_per_holder_max: 3,
        recused_leave_denominator: true,
        prerequisites: Prerequisites {
            statements_from: vec![BodyKind::PartyOrganisation, BodyKind::Council],
            expert_opinions_min: 2,
            party_discussion: true,
            consultation: true,
            participants: vec![id("owners-committee"), id("supervision-committee")],
            participant_days_min: 3,
        },
        petition: Some(threshold(1, 5, Comparison::AtLeast)),
        more_candidates_than_seats: true,
        run_off: Some(threshold(1, 3, Comparison::AtLeast)),
        roll_posted_days_min: 20,
        law_in_force_from: date("2021-01-01"),
        citation: "民法典 278".to_owned(),
        effects: EffectKind::ALL.to_vec(),
        nominators_min: 10,
        petition_beside: Some(PetitionBeside {
            body: id("representatives-meeting"),
            threshold: threshold(1, 3, Comparison::AtLeast),
        }),
        tabled_by: vec![id("residents-committee"), id("supervision-committee")],
        filing: Some(Filing {
            with: id("street-office"),
            days: 30,
        }),
    }
}

/// As little as a rule can say.
fn meeting_rule() -> DecisionRule {
    DecisionRule {
        id: id("council-ordinary"),
        preset: String::new(),
        title: "Council".to_owned(),
        body: id("council"),
        measures: Vec::new(),
        quorum_base: QuorumBase::Attending,
        approval_base: ApprovalBase::ForAndAgainst,
        notice_days_min: 0,
        deliberation_days_min: 0,
        voting_window_ms_min: 0,
        voting_window_ms_max: 0,
        visibility: BallotVisibility::Secret,
        proxies_per_holder_max: 0,
        recused_leave_denominator: false,
        prerequisites: Prerequisites::default(),
        petition: None,
        more_candidates_than_seats: false,
        run_off: None,
        roll_posted_days_min: 0,
        law_in_force_from: date("2026-01-01"),
        citation: String::new(),
        effects: Vec::new(),
        nominators_min: 0,
        petition_beside: None,
        tabled_by: Vec::new(),
        filing: None,
    }
}

fn enrolled() -> PersonEnrolled {
    PersonEnrolled {
        person: id("wang"),
        keys: vec![key(3), key(4)],
        name: Some(content(5)),
    }
}

fn people() -> Vec<PeopleAction> {
    vec![
        PeopleAction::PersonEnrolled(enrolled()),
        PeopleAction::KeyAdded { key: key(6) },
        PeopleAction::KeyRotated {
            old_key: key(6),
            new_key: key(7),
        },
        PeopleAction::KeyReplaced {
            person: id("li"),
            second: attestor(),
            new_key: key(8),
        },
        PeopleAction::KeyRevoked {
            person: id("li"),
            key: key(8),
        },
        PeopleAction::PersonDeparted { person: id("li") },
        PeopleAction::KinDeclared {
            person: id("li"),
            kin: id("zhao"),
        },
    ]
}

fn established() -> BodyEstablished {
    BodyEstablished {
        body: id("residents-committee"),
        kind: BodyKind::ResidentsCommittee,
        name: "新园里社区居民委员会".to_owned(),
    }
}

fn grant() -> Grant {
    Grant {
        body: id("residents-committee"),
        role: Some(id("clerk")),
        right: Right::Register,
        over: Some(id("owners-assembly")),
        decision: Some(id("m-2026-1")),
    }
}

fn assumed() -> OfficeAssumed {
    OfficeAssumed {
        office: id("head"),
        body: id("residents-committee"),
        person: id("wang"),
        role: id("head"),
        term_from: date("2026-01-01"),
        term_to: Some(date("2030-12-31")),
        obtained: OfficeObtained::Elected,
        decision: Some(id("m-2025-9")),
        succeeds: Some(id("head-1")),
        woman: true,
        overlap_disclosed: true,
        elsewhere: Some(ElectedElsewhere {
            second: attestor(),
            source: "Notice 3 of 2025".to_owned(),
            held_on: date("2025-12-20"),
        }),
    }
}

fn bodies() -> Vec<BodiesAction> {
    vec![
        BodiesAction::BodyEstablished(established()),
        BodiesAction::RightGranted(grant()),
        BodiesAction::RightWithdrawn(grant()),
        BodiesAction::OfficeAssumed(assumed()),
        BodiesAction::OfficeEnded {
            office: id("head"),
            cause: OfficeEndCause::TwoIncompetent,
            decision: Some(id("m-2026-2")),
        },
        BodiesAction::RollPart(RollPart {
            roll: id("owners-2026"),
            body: id("owners-assembly"),
            part: 1,
            lines: vec![
                RollLine {
                    voter: id("wang"),
                    area: 8_912,
                    unit: Some(id("3-1-502")),
                    co_owners: vec![id("li"), id("zhao")],
                },
                RollLine {
                    voter: id("zhang"),
                    area: 0,
                    unit: None,
                    co_owners: Vec::new(),
                },
            ],
        }),
        BodiesAction::RollPublished(RollPublished {
            roll: id("owners-2026"),
            body: id("owners-assembly"),
            as_of: date("2026-02-28"),
            parts: 2,
            members: 1_204,
            total_area: 10_732_048,
            digest: Digest([9; 32]),
        }),
        BodiesAction::ResignationFiled {
            office: id("head-2"),
        },
        BodiesAction::HandoverCompleted(HandoverCompleted {
            office: id("head-2"),
            second: attestor(),
            record: Some(content(14)),
        }),
    ]
}

fn meetings() -> Vec<MeetingsAction> {
    vec![
        MeetingsAction::MeetingConvened(MeetingConvened {
            meeting: id("meeting-1"),
            body: id("representatives-meeting"),
            rule: id("representatives-meeting"),
            starts_at: NOON.plus(10 * Millis::DAY),
            place: "社区活动室".to_owned(),
            petitioners: vec![id("li"), id("zhao")],
        }),
        MeetingsAction::MeetingNoticed {
            meeting: id("meeting-1"),
            urgent_reason: Some("防汛".to_owned()),
        },
        MeetingsAction::AttendanceRecorded {
            meeting: id("meeting-1"),
            roll: id("representatives-2026"),
            present: vec![id("li"), id("zhao")],
            guests: vec![id("street-guest")],
        },
        MeetingsAction::MeetingClosed {
            meeting: id("meeting-1"),
        },
    ]
}

fn text() -> MotionText {
    MotionText {
        title: "更换物业服务企业 Change of the property company".to_owned(),
        paragraphs: vec!["一、解聘。".to_owned(), "二、选聘。".to_owned()],
    }
}

fn contest() -> Contest {
    Contest {
        options: vec![
            ContestOption {
                label: "李某".to_owned(),
                candidate: Some(id("li")),
            },
            ContestOption {
                label: "None of them".to_owned(),
                candidate: None,
            },
        ],
        seats: 1,
        position: "member".to_owned(),
    }
}

fn motions() -> Vec<DeliberationAction> {
    use DeliberationAction as D;
    let motion = || id("m-2026-1");
    vec![
        D::MotionTabled(MotionTabled {
            motion: motion(),
            body: id("owners-assembly"),
            rule: id("owners-ordinary"),
            text: text(),
            contest: Some(contest()),
            meeting: Some(id("meeting-1")),
            source: "agenda/17".to_owned(),
            run_off_of: Some(id("m-2026-0")),
            consultation: Some(id("consultation-1")),
            effects: effects::all(),
            matter: Some(id("lifts")),
        }),
        D::MotionAmended {
            motion: motion(),
            text: text(),
            contest: Some(contest()),
            effects: effects::all(),
        },
        D::MotionWithdrawn { motion: motion() },
        D::StatementMade {
            motion: motion(),
            kind: StatementKind::Supervision,
            content: content(10),
        },
        D::ExpertInvited {
            motion: motion(),
            expert: id("chen"),
        },
        D::ExpertOpinionFiled {
            motion: motion(),
            content: content(11),
            interested: true,
        },
        D::InterestDeclared { motion: motion() },
        D::VotingOpened {
            motion: motion(),
            roll: id("owners-2026"),
            closes_at: NOON.plus(7 * Millis::DAY),
        },
    ]
}

fn votes() -> Vec<DeliberationAction> {
    use DeliberationAction as D;
    let motion = || id("m-2026-1");
    vec![
        D::BallotCast(BallotCast {
            motion: motion(),
            voting_opened: Leaf([0xB0; 32]),
            on_behalf_of: Some(id("li")),
            ballot: Ballot::Open(Choice::Options(vec![0, 2, 63])),
        }),
        D::ProxyGranted {
            motion: motion(),
            voting_opened: Leaf([0xB0; 32]),
            holder: id("zhao"),
        },
        D::ProxyRevoked { motion: motion() },
        D::PaperBallotsRecorded(paper()),
        D::RollCallRecorded(roll_call()),
        D::VotingClosed { motion: motion() },
    ]
}

fn paper() -> PaperBallots {
    let total = |choice, heads, area| PaperTotal {
        choice,
        heads,
        area,
    };
    PaperBallots {
        motion: id("m-2026-1"),
        batch: 1,
        second: attestor(),
        voters: vec![id("li"), id("zhao"), id("qian"), id("sun")],
        totals: vec![
            total(Choice::Stance(Stance::For), 2, 17_000),
            total(Choice::Stance(Stance::Abstain), 1, 9_050),
        ],
        spoiled: (1, 6_001),
    }
}

fn roll_call() -> RollCall {
    use RollCallMark as M;
    RollCall {
        motion: id("m-2024-7"),
        second: attestor(),
        roll: id("council-2024"),
        lines: vec![
            (id("a"), M::For),
            (id("b"), M::Against),
            (id("c"), M::Abstain),
            (id("d"), M::Absent),
            (id("e"), M::Away),
            (id("f"), M::NotVoting),
        ],
        minuted: Some(Minuted {
            held_on: date("2024-02-29"),
            body: id("council"),
            rule: id("council-ordinary"),
            text: text(),
            source: "2024-02-29/12".to_owned(),
            source_outcome: "DEFERRED".to_owned(),
        }),
    }
}

fn decided() -> Action {
    let measure = |kind| MeasureTally {
        kind,
        eligible: 1_204,
        attending: 10,
        participating: 900,
        in_favour: 460,
        against: 400,
        abstaining: 40,
        quorum_counted: 900,
        quorum: threshold(2, 3, Comparison::AtLeast),
        quorum_met: true,
        approval_whole: 900,
        approval: threshold(1, 2, Comparison::MoreThan),
        approval_met: true,
    };
    let payload = Payload::Deliberation(DeliberationAction::MotionDecided(MotionDecided {
        motion: id("m-2026-1"),
        outcome: Outcome::PartlyFilled,
        measures: vec![measure(MeasureKind::Heads), measure(MeasureKind::Area)],
        options: vec![OptionTally {
            option: 1,
            heads: 460,
            area: 41_000,
            chosen: true,
        }],
        rule: id("owners-ordinary"),
        charter_version: 1,
        roll: id("owners-2026"),
        citation: "民法典 278".to_owned(),
        effects: Some(EffectsOutcome::Refused {
            effect: 1,
            code: "POWER_NOT_IN_FORCE".to_owned(),
        }),
        unopened: 7,
    }));
    by_ledger(payload)
}
