//! A role of an organization next to a canonical role: scores, stages, tasks and skills side by side.

mod alignment;
mod compare;
mod outcome;
mod skills;

pub use alignment::PROPOSAL_THRESHOLD;
pub use compare::compare;
pub use outcome::{
    AlignmentBasis, Comparison, SkillComparison, SkillProposal, StageShareDifference, TaskAlignment, TaskProposal,
    TaskReference, UnmatchedTask,
};
