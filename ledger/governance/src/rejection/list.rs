//! The table itself: every reason the law gives for a no, a file a family.
//!
//! A file holds its part of the table in a macro of its name, which hands that part on; put together, in
//! the order below, they are one enum and one table.

mod affairs;
mod authority;
mod bodies;
mod bounds;
mod discipline;
mod effects;
mod envelope;
mod founding;
mod issues;
mod meetings;
mod motions;
mod offices;
mod people;
mod reports;
mod rolls;
mod votes;

use crate::{
    action::{Execution, Severity},
    authority::{Over, RequiredSigner},
    calendar::{Date, Lasting},
    charter::{CharterError, EffectKind, Right, Threshold},
    ids::{
        ActionId, AffairId, BodyId, CaseId, Digest, IssueId, Leaf, LedgerId, MatterId, MeetingId,
        Millis, MotionId, OfficeId, PersonId, PowerId, PublicKey, RoleId, RollId, RuleId,
    },
    issue::IssueStage,
    motion::Status,
    roll::RollError,
};

use super::{
    AssessmentUnfit, Bodies, CaseStep, Cited, Hint, Incapacity, Latest, Missing, Names, Nearest,
    NoRunOff, Overreach, Recusal, Rights, Unfit, Unsanctionable, rejections,
};

use affairs::affairs;
use authority::authority;
use bodies::bodies;
use bounds::bounds;
use discipline::discipline;
use effects::effects;
use envelope::envelope;
use founding::founding;
use issues::issues;
use meetings::meetings;
use motions::motions;
use offices::offices;
use people::people;
use reports::reports;
use rolls::rolls;
use votes::votes;

/// Puts the parts of the table together.
macro_rules! put_together {
    ([] { $($before:tt)* } { $($last:tt)* }) => {
        rejections! { $($before)* $($last)* }
    };
    ([$next:ident $($rest:ident)*] { $($before:tt)* } { $($last:tt)* }) => {
        $next! { put_together [$($rest)*] { $($before)* $($last)* } }
    };
}

put_together! {
    [
        envelope effects discipline offices authority bounds founding people
        bodies rolls meetings motions votes reports issues affairs
    ] {} {}
}
