//! A role of an organization next to a canonical role: scores, stages, tasks and skills side by side; and the roles of a
//! consultant's clients next to the library.

mod alignment;
mod clients;
mod compare;
mod outcome;
mod skills;

pub use alignment::PROPOSAL_THRESHOLD;
pub use clients::{ClientFigures, client_figures};
pub use compare::compare;
pub use outcome::{
    AlignmentBasis, Comparison, SkillComparison, SkillProposal, StageShareDifference, TaskAlignment, TaskProposal,
    TaskReference, UnmatchedTask,
};
