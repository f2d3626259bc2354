//! The values of a charter in words, in English and in Chinese.

use std::fmt::Display;

use crate::{
    action::Sanction,
    calendar::Lasting,
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, EffectKind, OverlapPolicy, QuorumBase,
        StandingMeeting, Threshold,
    },
    explanation::Explanation,
    ids::BodyId,
    rejection::{body_kind_zh, in_chinese},
};

/// What reads the same in both languages.
pub(crate) fn same(value: impl Display) -> Explanation {
    let english = value.to_string();
    Explanation {
        chinese: english.clone(),
        english,
    }
}

/// What has words of its own in each.
pub(crate) trait Worded {
    fn worded(&self) -> Explanation;
}

/// Several of them.
pub(crate) fn listed<T: Worded>(items: &[T]) -> Explanation {
    let words: Vec<Explanation> = items.iter().map(Worded::worded).collect();
    let joined = |of: fn(&Explanation) -> &str, between: &str| {
        words.iter().map(of).collect::<Vec<_>>().join(between)
    };
    Explanation {
        english: joined(|said| &said.english, ", "),
        chinese: joined(|said| &said.chinese, "、"),
    }
}

/// What has other words in each.
pub(crate) fn said(english: &str, chinese: &str) -> Explanation {
    Explanation {
        english: english.to_owned(),
        chinese: chinese.to_owned(),
    }
}

/// What refusals say in both languages already.
macro_rules! spoken {
    ($($type:ty)+) => {
        $(impl Worded for $type {
            fn worded(&self) -> Explanation {
                Explanation {
                    english: self.to_string(),
                    chinese: in_chinese(self).trim().to_owned(),
                }
            }
        })+
    };
}

spoken! { EffectKind Lasting Sanction Threshold }

impl Worded for BodyId {
    fn worded(&self) -> Explanation {
        same(self)
    }
}

impl Worded for BodyKind {
    fn worded(&self) -> Explanation {
        let english = match self {
            Self::ResidentsCommittee => "residents' committee",
            Self::ResidentsMeeting => "residents' meeting",
            Self::RepresentativesMeeting => "residents' representatives' meeting",
            Self::SupervisionCommittee => "supervision committee",
            Self::PartyOrganisation => "party organisation",
            Self::CompoundPartyBranch => "compound party branch",
            Self::OwnersCommittee => "owners' committee",
            Self::OwnersAssembly => "owners' assembly",
            Self::PropertyCompany => "property company",
            Self::AdministrativeOrgan => "administrative organ",
            Self::SocialOrganisation => "social organisation",
            Self::Grid => "grid",
            Self::ExpertPanel => "expert panel",
            Self::ElectionCommittee => "election committee",
            Self::ResidentsGroup => "residents' group",
            Self::StreetOffice => "street office",
            Self::Council => "council",
        };
        said(english, body_kind_zh(*self))
    }
}

impl Worded for StandingMeeting {
    fn worded(&self) -> Explanation {
        let (body, months) = (&self.body, self.every_months);
        Explanation {
            english: format!("{body} every {months} months"),
            chinese: format!("{body} 每 {months} 个月一次"),
        }
    }
}

impl Worded for bool {
    fn worded(&self) -> Explanation {
        if *self {
            said("yes", "是")
        } else {
            said("no", "否")
        }
    }
}

impl Worded for OverlapPolicy {
    fn worded(&self) -> Explanation {
        match self {
            Self::Forbid => said("forbidden", "禁止"),
            Self::DiscloseAndRecuse => said("disclosed, with recusal", "公开并回避"),
            Self::Allow => said("allowed", "允许"),
        }
    }
}

impl Worded for QuorumBase {
    fn worded(&self) -> Explanation {
        match self {
            Self::Participating => said("those who take part", "参与表决者"),
            Self::Attending => said("those who attend", "出席者"),
        }
    }
}

impl Worded for ApprovalBase {
    fn worded(&self) -> Explanation {
        match self {
            Self::Eligible => said("all who may vote", "全体有表决权者"),
            Self::Participating => said("those who take part", "参与表决者"),
            Self::Attending => said("those who attend", "出席者"),
            Self::ForAndAgainst => said("votes for and against", "赞成与反对之和"),
        }
    }
}

impl Worded for BallotVisibility {
    fn worded(&self) -> Explanation {
        match self {
            Self::Open => said("open, by name", "公开记名"),
            Self::HiddenUntilClose => said("hidden until the close", "截止前不公开"),
            Self::Secret => said("secret, on paper", "无记名（纸质票）"),
        }
    }
}
