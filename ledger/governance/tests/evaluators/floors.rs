//! What the statutes leave no charter (rules.md §4): each floor at its number, and one step beneath it.

use std::collections::BTreeMap;

use governance::{
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Charter, CharterError, DecisionRule, EffectKind,
        PetitionBeside, QuorumBase, StandingMeeting, Threshold,
    },
    clocks::{ClockError, Clocks},
    ids::BodyId,
    presets::{
        BelowLaw, Preset, by_representatives, by_voters, charters::council, important_matter,
    },
    rule::RuleError,
};

use crate::support::{at_least, body, kind_of, more_than, preset};

use Preset::{
    CharterAmendment, CommitteeElectionByRepresentatives, CommitteeElectionByVoters,
    CommitteeRecallByRepresentatives, CommitteeRecallByVoters, CommitteeResolution,
    CouncilOrdinary, OwnersCommitteeElection, OwnersCommitteeRecall, OwnersOrdinary, OwnersSpecial,
    RepresentativesMeeting, ResidentsMeeting,
};

/// The presets whose numbers are a statute's.
const STATUTORY: [Preset; 9] = [
    OwnersOrdinary,
    OwnersSpecial,
    ResidentsMeeting,
    RepresentativesMeeting,
    CommitteeElectionByVoters,
    CommitteeElectionByRepresentatives,
    CommitteeRecallByVoters,
    CommitteeRecallByRepresentatives,
    OwnersCommitteeRecall,
];

type Change = fn(&mut DecisionRule);

fn checked(of: Preset, change: impl FnOnce(&mut DecisionRule)) -> Result<(), RuleError> {
    let mut rule = preset(of);
    change(&mut rule);
    rule.validate(&BTreeMap::from([(body("assembly"), kind_of(of))]))
}

#[track_caller]
fn lawful(of: Preset, change: impl FnOnce(&mut DecisionRule)) {
    assert_eq!(checked(of, change), Ok(()), "{}", of.code());
}

/// What the law is said to ask for, as the preset, and as a rule that says nothing of the law.
#[track_caller]
fn below(of: Preset, field: &str, change: Change) -> BelowLaw {
    let said = |result: Result<(), RuleError>| match result {
        Err(RuleError::BelowLaw(below)) => *below,
        other => panic!("{}, {field}: {other:?}", of.code()),
    };
    let error = said(checked(of, change));
    assert_eq!(error.field, field, "{}: {error}", of.code());
    let (code, law) = ("民法典第278条", "城市居民委员会组织法（2025年修订）第");
    assert!(
        error.citation.contains(code) || error.citation.contains(law),
        "{error}"
    );
    let nameless = said(checked(of, |rule| {
        rule.preset.clear();
        // Which of the owners' matters a rule is for, it says itself.
        if of != OwnersSpecial {
            "章程 (the charter)".clone_into(&mut rule.citation);
        }
        change(rule);
    }));
    assert_eq!(nameless.field, field, "{}: {nameless}", of.code());
    assert_eq!(nameless.asked, error.asked, "{}", of.code());
    error
}

#[test]
fn every_preset_of_a_statute_reaches_its_own_floor() {
    for of in Preset::ALL {
        lawful(of, |_| {});
    }
}

#[test]
fn a_quorum_is_no_lower_than_the_laws() {
    for of in [
        OwnersOrdinary,
        OwnersSpecial,
        RepresentativesMeeting,
        OwnersCommitteeRecall,
    ] {
        below(of, "measures.quorum", |r| {
            r.measures[0].quorum = at_least(1_999_999, 3_000_000);
        });
        lawful(of, |r| r.measures[0].quorum = at_least(4, 6));
        lawful(of, |r| r.measures[0].quorum = more_than(2, 3));
    }
    for of in [
        ResidentsMeeting,
        CommitteeElectionByVoters,
        CommitteeRecallByVoters,
    ] {
        let error = below(of, "measures.quorum", |r| {
            r.measures[0].quorum = at_least(1, 2);
        });
        assert_eq!(error.asked.english, "more than 1/2");
        assert_eq!(error.asked.chinese, "超过 1/2");
        lawful(of, |r| r.measures[0].quorum = at_least(51, 100));
    }
    for of in [
        CommitteeElectionByRepresentatives,
        CommitteeRecallByRepresentatives,
    ] {
        below(of, "measures.quorum", |r| {
            r.measures[0].quorum = at_least(2, 3);
        });
        lawful(of, |r| r.measures[0].quorum = more_than(2, 3));
    }
    below(OwnersOrdinary, "measures.quorum", |r| {
        r.measures[1].quorum = more_than(1_999_999, 3_000_000);
    });
}

#[test]
fn an_approval_is_no_lower_than_the_laws() {
    for of in STATUTORY.into_iter().filter(|of| *of != OwnersSpecial) {
        below(of, "measures.approval", |r| {
            r.measures[0].approval = at_least(1, 2);
        });
        lawful(of, |r| r.measures[0].approval = more_than(1, 2));
        lawful(of, |r| r.measures[0].approval = at_least(3, 4));
    }
    for measure in [0, 1] {
        lawful(OwnersSpecial, |r| {
            r.measures[measure].approval = at_least(3, 4);
        });
    }
    below(OwnersSpecial, "measures.approval", |r| {
        r.measures[0].approval = more_than(749_999, 1_000_000);
    });
    let error = below(OwnersSpecial, "measures.approval", |r| {
        r.measures[1].approval = at_least(1, 100);
    });
    assert_eq!(
        error.to_string(),
        "measures.approval is at least 1/100, and the law asks for at least 3/4 \
         (民法典第278条第一款第（六）至（八）项，第二款)"
    );
}

#[test]
fn owners_decide_by_heads_and_by_area() {
    for of in [OwnersOrdinary, OwnersSpecial, OwnersCommitteeRecall] {
        below(of, "measures", |r| r.measures.truncate(1));
    }
}

#[test]
fn the_fractions_are_of_what_the_law_counts() {
    for of in STATUTORY {
        let in_a_meeting = matches!(of, ResidentsMeeting | RepresentativesMeeting);
        lawful(of, |r| r.approval_base = ApprovalBase::Eligible);
        lawful(of, |r| r.quorum_base = QuorumBase::Participating);
        below(of, "approval_base", |r| {
            r.approval_base = ApprovalBase::ForAndAgainst;
        });
        if in_a_meeting {
            below(of, "approval_base", |r| {
                r.approval_base = ApprovalBase::Participating;
            });
        } else {
            lawful(of, |r| r.approval_base = ApprovalBase::Participating);
        }
        below(of, "recused_leave_denominator", |r| {
            r.recused_leave_denominator = true;
        });
    }
    for of in [CommitteeElectionByVoters, CommitteeRecallByRepresentatives] {
        below(of, "quorum_base", |r| r.quorum_base = QuorumBase::Attending);
        below(of, "approval_base", |r| {
            r.approval_base = ApprovalBase::Attending;
        });
    }
}

#[test]
fn article_26_a_residents_meeting_has_ten_days_notice() {
    for of in [ResidentsMeeting, CharterAmendment] {
        below(of, "notice_days_min", |r| r.notice_days_min = 9);
        lawful(of, |r| r.notice_days_min = 11);
    }
}

#[test]
fn articles_14_to_20_a_roll_is_posted_for_twenty_days() {
    for of in [
        CommitteeElectionByVoters,
        CommitteeElectionByRepresentatives,
        CommitteeRecallByVoters,
        CommitteeRecallByRepresentatives,
    ] {
        below(of, "roll_posted_days_min", |r| r.roll_posted_days_min = 19);
        lawful(of, |r| r.roll_posted_days_min = 21);
    }
}

#[test]
fn articles_14_to_20_residents_elect_and_recall_in_secret_with_no_more_proxies_than_three() {
    for of in [CommitteeElectionByVoters, CommitteeRecallByVoters] {
        below(of, "proxies_per_holder_max", |r| {
            r.proxies_per_holder_max = 4;
        });
        lawful(of, |r| r.proxies_per_holder_max = 3);
    }
    for of in [
        CommitteeElectionByRepresentatives,
        CommitteeRecallByRepresentatives,
    ] {
        below(of, "proxies_per_holder_max", |r| {
            r.proxies_per_holder_max = 1;
        });
    }
    for of in STATUTORY {
        if matches!(
            of,
            CommitteeElectionByVoters | CommitteeElectionByRepresentatives
        ) || matches!(
            of,
            CommitteeRecallByVoters | CommitteeRecallByRepresentatives
        ) {
            below(of, "visibility", |r| r.visibility = BallotVisibility::Open);
            below(of, "visibility", |r| {
                r.visibility = BallotVisibility::HiddenUntilClose;
            });
        } else {
            // The law leaves it.
            lawful(of, |r| r.visibility = BallotVisibility::Open);
            lawful(of, |r| r.proxies_per_holder_max = 20);
        }
    }
}

#[test]
fn articles_14_to_19_ten_voters_nominate_and_a_run_off_takes_a_third() {
    for of in [
        CommitteeElectionByVoters,
        CommitteeElectionByRepresentatives,
    ] {
        for nominators in [9, 11, 0] {
            let error = checked(of, |r| r.nominators_min = nominators).unwrap_err();
            assert_eq!(error.field(), "nominators_min");
        }
        below(of, "nominators_min", |r| r.nominators_min = 9);
        below(of, "run_off", |r| r.run_off = Some(at_least(333, 1_000)));
        lawful(of, |r| r.run_off = None);
        lawful(of, |r| r.run_off = Some(more_than(1, 3)));
        // A rule that names the election is one.
        let error = checked(of, |r| r.more_candidates_than_seats = false).unwrap_err();
        assert!(matches!(error, RuleError::BelowLaw(_)), "{error}");
    }
    // Owners have no easier second ballot.
    below(OwnersOrdinary, "run_off", |r| {
        r.run_off = Some(at_least(1, 2));
    });
    lawful(OwnersOrdinary, |r| r.run_off = Some(more_than(1, 2)));
}

#[test]
fn no_petition_takes_more_than_the_laws() {
    let tenth: &[Preset] = &[ResidentsMeeting, CommitteeRecallByVoters, CharterAmendment];
    for of in tenth.iter().copied() {
        below(of, "petition", |r| r.petition = None);
        below(of, "petition", |r| r.petition = Some(more_than(1, 10)));
        below(of, "petition", |r| r.petition = Some(at_least(1, 1)));
        lawful(of, |r| r.petition = Some(at_least(1, 11)));
    }
    for of in [RepresentativesMeeting, OwnersCommitteeRecall] {
        below(of, "petition", |r| r.petition = Some(more_than(1, 5)));
        lawful(of, |r| r.petition = Some(more_than(1, 6)));
    }
    let third = CommitteeRecallByRepresentatives;
    below(third, "petition", |r| r.petition = Some(at_least(34, 100)));
    lawful(third, |r| r.petition = Some(at_least(33, 100)));
    let error = below(third, "petition", |r| r.petition = None);
    assert_eq!(
        error.to_string(),
        "petition is missing, and the law asks for at least 1/3 or fewer \
         (城市居民委员会组织法（2025年修订）第20条)"
    );
}

fn both() -> BTreeMap<BodyId, BodyKind> {
    BTreeMap::from([
        (body("residents"), BodyKind::ResidentsMeeting),
        (body("representatives"), BodyKind::RepresentativesMeeting),
        (body("council"), BodyKind::Council),
    ])
}

#[test]
fn articles_20_and_26_the_other_bodys_petition_counts_where_the_ledger_has_it() {
    let (residents, representatives) = (body("residents"), body("representatives"));
    let rule = |of: Preset, of_body: &BodyId| of.rule("rule".parse().unwrap(), of_body.clone());
    let of_residents = [ResidentsMeeting, CommitteeRecallByVoters, CharterAmendment]
        .map(|of| by_representatives(rule(of, &residents), &representatives));
    let of_representatives = rule(CommitteeRecallByRepresentatives, &representatives);
    let cases = of_residents
        .map(|rule| (rule, (1, 3), &representatives))
        .into_iter()
        .chain([(
            by_voters(of_representatives, &residents),
            (1, 10),
            &residents,
        )]);
    for (lawful, (n, d), other) in cases {
        assert_eq!(lawful.validate(&both()), Ok(()));
        let beside = |body: &BodyId, threshold: Threshold| {
            let mut rule = lawful.clone();
            rule.petition_beside = Some(PetitionBeside {
                body: body.clone(),
                threshold,
            });
            rule.validate(&both()).map_err(|error| error.field())
        };
        let harder = "petition_beside.threshold";
        assert_eq!(beside(other, at_least(n, d)), Ok(()));
        assert_eq!(beside(other, at_least(n, d + 1)), Ok(()));
        assert_eq!(beside(other, more_than(n, d)), Err(harder));
        let another = beside(&body("council"), at_least(n, d));
        assert_eq!(another, Err("petition_beside"));
        let without = DecisionRule {
            petition_beside: None,
            ..lawful.clone()
        };
        let error = without.validate(&both()).unwrap_err();
        assert_eq!(error.field(), "petition_beside", "{error}");
        assert!(error.chinese().contains("法律要求"), "{}", error.chinese());
    }
}

#[test]
fn what_a_rule_is_for_binds_it_whatever_it_says_it_is() {
    // A recall among other effects asks for what a recall asks for, and for what a meeting does.
    below(ResidentsMeeting, "quorum_base", |r| {
        r.effects.push(EffectKind::Recall);
    });
    below(CommitteeRecallByVoters, "approval_base", |r| {
        r.effects.push(EffectKind::PowerList);
    });
    below(OwnersOrdinary, "petition", |r| {
        r.effects.push(EffectKind::Recall);
    });
    // One that elects, what an election does.
    below(ResidentsMeeting, "quorum_base", |r| {
        r.more_candidates_than_seats = true;
    });
    // And a rule that names a statute's preset reaches it, whoever decides by it.
    let council = BTreeMap::from([(body("assembly"), BodyKind::Council)]);
    for of in [ResidentsMeeting, RepresentativesMeeting] {
        let mut rule = preset(of);
        assert_eq!(rule.validate(&council), Ok(()));
        rule.measures[0].approval = at_least(1, 100);
        assert!(matches!(
            rule.validate(&council),
            Err(RuleError::BelowLaw(_))
        ));
        rule.preset.clear();
        assert_eq!(rule.validate(&council), Ok(()), "a council's own choice");
    }
}

#[test]
fn charter_defaults_and_councils_elsewhere_have_no_floor() {
    for of in [CommitteeResolution, CouncilOrdinary] {
        lawful(of, |r| {
            r.measures[0].quorum = at_least(0, 1);
            r.measures[0].approval = at_least(1, 100);
            r.approval_base = ApprovalBase::ForAndAgainst;
            r.recused_leave_denominator = true;
        });
    }
    // Secrecy and a choice of candidates are this project's choice where owners elect; the fractions are the law's.
    lawful(OwnersCommitteeElection, |r| {
        r.visibility = BallotVisibility::HiddenUntilClose;
        r.more_candidates_than_seats = false;
    });
    below(OwnersCommitteeElection, "measures.approval", |r| {
        r.measures[1].approval = at_least(1, 2);
    });
    below(OwnersCommitteeElection, "run_off", |r| {
        r.run_off = Some(at_least(1, 3));
    });
    // Two thirds for an amendment are this project's choice; half is the law's.
    lawful(CharterAmendment, |r| {
        r.measures[0].approval = more_than(1, 2);
    });
    below(CharterAmendment, "measures.approval", |r| {
        r.measures[0].approval = at_least(1, 2);
    });
}

#[test]
fn articles_30_and_32_an_important_matter_is_discussed_and_those_affected_are_heard() {
    let base = preset(ResidentsMeeting);
    let kinds = BTreeMap::from([(body("assembly"), BodyKind::ResidentsMeeting)]);
    let important = important_matter(&base, "important".parse().unwrap(), &[], 0);
    assert_eq!(important.validate(&kinds), Ok(()));
    let refused = |change: &dyn Fn(&mut DecisionRule)| {
        // As the preset, and as a rule that cites the article.
        for preset in [important.preset.clone(), String::new()] {
            let mut rule = important.clone();
            rule.preset = preset;
            change(&mut rule);
            let error = rule.validate(&kinds).unwrap_err();
            assert!(error.to_string().contains("第30条"), "{error}");
            assert!(error.field().starts_with("prerequisites."), "{error}");
        }
    };
    refused(&|rule| rule.prerequisites.party_discussion = false);
    refused(&|rule| rule.prerequisites.consultation = false);
    let mut heard = important.clone();
    heard.prerequisites.consultation = false;
    heard.prerequisites.statements_from = vec![BodyKind::ResidentsGroup];
    assert_eq!(heard.validate(&kinds), Ok(()));
}

/// A council's charter, in a ledger that has a residents' committee or none.
fn with_clocks(clocks: Clocks, committee: bool) -> Result<(), CharterError> {
    let mut kinds = both();
    if committee {
        kinds.insert(body("committee"), BodyKind::ResidentsCommittee);
    }
    let charter = Charter {
        clocks,
        ..council("Standing orders", &body("council")).unwrap()
    };
    charter.validate(&kinds)
}

#[test]
fn nobody_waits_longer_for_an_issue_than_the_law_lets_them() {
    type Set = fn(&mut Clocks, u32);
    let days: [(&str, u32, Set); 4] = [
        ("issue_acceptance_days", 15, |c, n| {
            c.issue_acceptance_days = n;
        }),
        ("issue_answer_days", 60, |c, n| c.issue_answer_days = n),
        ("issue_extension_days", 30, |c, n| {
            c.issue_extension_days = n;
        }),
        ("issue_review_days", 30, |c, n| c.issue_review_days = n),
    ];
    for (field, law, set) in days {
        let with = |days, committee| {
            let mut clocks = Clocks::DEFAULT;
            set(&mut clocks, days);
            with_clocks(clocks, committee)
        };
        assert_eq!(with(law, true), Ok(()));
        let error = with(law + 1, true).unwrap_err();
        assert_eq!(error.field(), field);
        assert!(matches!(
            error,
            CharterError::Clock(ClockError::BelowLaw { .. })
        ));
        assert!(
            error.chinese().contains("信访工作条例"),
            "{}",
            error.chinese()
        );
        // Elsewhere a charter chooses.
        assert_eq!(with(law + 1, false), Ok(()));
        // A review is asked for in those days too.
        assert_eq!(with(law - 1, true).is_ok(), field != "issue_review_days");
    }
}

#[test]
fn article_28_representatives_meet_in_every_half_year() {
    let every = |months, of: &str| {
        let mut charter = council("Standing orders", &body("council")).unwrap();
        charter.standing_meetings.push(StandingMeeting {
            body: body(of),
            every_months: months,
            citation: "组织法 28".to_owned(),
        });
        charter.validate(&both())
    };
    assert_eq!(every(6, "representatives"), Ok(()));
    let error = every(12, "representatives").unwrap_err();
    assert!(error.chinese().contains("第28条"), "{}", error.chinese());
    assert_eq!(every(12, "council"), Ok(()));
}
