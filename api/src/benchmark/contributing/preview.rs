//! What the next release would get, what is left out of it, and what stands against it.

use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::disclosure::{Ineligible, LeftOut, Policy};
use store::benchmark::contributing::{LeftOutOfNext, NextContribution, WhyLeftOut};

use super::contribution::BenchmarkContribution;
use crate::{
    graphql::{error::ApiError, tenant::Tenant},
    roles::RoleConfiguration,
};

/// Why an organization would not contribute to the next release
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Ineligible")]
pub(crate) enum BenchmarkObstacleCode {
    /// No admin of it has joined
    NotJoined,
    /// It is closed
    Closed,
    /// It was made too short a time before the snapshot
    TooYoung,
    /// The operator has not verified who is behind it, or its segment
    NotVerified,
    /// It has declared no segment
    NoSegment,
    /// Its published roles have too few heads
    TooSmall,
    /// It has too few roles with enough canonical tasks
    TooFewRoles,
}

/// Something that stands against a contribution to the next release
#[derive(SimpleObject)]
pub(crate) struct BenchmarkObstacle {
    /// What it is, for a program
    code: BenchmarkObstacleCode,
    /// What it is and the way out, for a person to read
    message: String,
}

/// Why a published role is not in the next contribution
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum LeftOutReason {
    /// It is linked to no canonical role
    NotLinked,
    /// No current edition has the canonical role that it is linked to
    NotBenchmarked,
    /// No task of it has a stage and takes time, or it has no heads
    NotScoreable,
    /// Too few tasks with a stage are linked to canonical tasks
    TooFewTasks,
    /// Too few heads: it would describe a person
    TooFewHeads,
    /// It was first published too shortly before the snapshot; it goes to the release after
    PublishedTooLate,
}

#[derive(Clone)]
pub(crate) struct BenchmarkPreview {
    pub(super) tenant: Tenant,
    pub(super) next: Arc<NextContribution>,
}

/// What the next release of the benchmark would get of an organization, made anew from its published roles by the rules
/// and functions that build the release. Drafts and archived roles are never in it
#[Object]
impl BenchmarkPreview {
    /// The release that it would go to, such as 2026-Q3: that of the current quarter
    async fn release_key(&self) -> &str {
        &self.next.release_key
    }

    /// The instant that the release is made from: it gets something of those who take part then
    async fn snapshot_at(&self) -> DateTime<Utc> {
        self.next.snapshot_at
    }

    /// What is published after this instant is too late for the release, which takes what was published before
    async fn values_as_of(&self) -> DateTime<Utc> {
        self.next.values_as_of
    }

    /// What would be sent, if nothing stands against it and nothing is published until then
    async fn contribution(&self) -> BenchmarkContribution {
        BenchmarkContribution(self.next.contribution.clone())
    }

    /// Published roles that are not in it
    async fn left_out(&self) -> Vec<LeftOutRole> {
        let role = |left_out: &LeftOutOfNext| LeftOutRole { tenant: self.tenant.clone(), left_out: left_out.clone() };
        self.next.left_out.iter().map(role).collect()
    }
}

pub(crate) struct LeftOutRole {
    tenant: Tenant,
    left_out: LeftOutOfNext,
}

/// A published role that is not in the next contribution
#[Object]
impl LeftOutRole {
    /// The role
    async fn role_configuration(&self) -> Option<Result<RoleConfiguration, ApiError>> {
        RoleConfiguration::load(self.tenant.clone(), self.left_out.role).await.transpose()
    }

    /// Title of the role as it was published
    async fn title(&self) -> &str {
        &self.left_out.title
    }

    /// Why, for a program
    async fn reason(&self) -> LeftOutReason {
        match self.left_out.why {
            WhyLeftOut::Rule(LeftOut::NotLinked) => LeftOutReason::NotLinked,
            WhyLeftOut::Rule(LeftOut::NotBenchmarked) => LeftOutReason::NotBenchmarked,
            WhyLeftOut::Rule(LeftOut::NotScoreable) => LeftOutReason::NotScoreable,
            WhyLeftOut::Rule(LeftOut::TooFewTasks) => LeftOutReason::TooFewTasks,
            WhyLeftOut::Rule(LeftOut::TooFewHeads) => LeftOutReason::TooFewHeads,
            WhyLeftOut::TooYoung => LeftOutReason::PublishedTooLate,
        }
    }

    /// Why and the way out, for a person to read
    async fn message(&self) -> String {
        let Policy { role_tasks, role_headcount, value_age_days, .. } = Policy::default();
        match self.left_out.why {
            WhyLeftOut::Rule(LeftOut::NotLinked) => "Link the role to a canonical role and publish it.".to_owned(),
            WhyLeftOut::Rule(LeftOut::NotBenchmarked) => {
                "No current edition has the canonical role that it is linked to; link it to another one.".to_owned()
            }
            WhyLeftOut::Rule(LeftOut::NotScoreable) => {
                "No task has a stage and takes time, or the role has no heads; add them and publish the role."
                    .to_owned()
            }
            WhyLeftOut::Rule(LeftOut::TooFewTasks) => format!(
                "Fewer than {role_tasks} canonical tasks are linked to tasks with a stage; link more of them and publish the role."
            ),
            WhyLeftOut::Rule(LeftOut::TooFewHeads) => {
                format!(
                    "Fewer than {role_headcount} heads work in it; it would describe a person, so it is never sent."
                )
            }
            WhyLeftOut::TooYoung => format!(
                "It was first published less than {value_age_days} days before the snapshot; it goes to the release after."
            ),
        }
    }
}

/// What stands against a contribution, in words.
pub(super) fn obstacles(next: &NextContribution, made_at: DateTime<Utc>) -> Vec<BenchmarkObstacle> {
    let obstacle =
        |why: &Ineligible| BenchmarkObstacle { code: (*why).into(), message: explained(*why, next, made_at) };
    next.obstacles.iter().map(obstacle).collect()
}

fn explained(why: Ineligible, next: &NextContribution, made_at: DateTime<Utc>) -> String {
    let policy = Policy::default();
    let snapshot = next.snapshot_at.format("%Y-%m-%d");
    match why {
        Ineligible::NotJoined => "An admin of the organization has to join: see joinBenchmark.".to_owned(),
        Ineligible::Closed => "The organization is closed.".to_owned(),
        Ineligible::TooYoung => format!(
            "The organization was made on {}, less than {} days before the snapshot of {snapshot}; wait for a later release.",
            made_at.format("%Y-%m-%d"),
            policy.organization_age_days
        ),
        Ineligible::NotVerified => {
            "The operator of this server has to verify the organization and its segment; ask for it.".to_owned()
        }
        Ineligible::NoSegment => {
            "An admin of the organization has to declare its segment: see declareOrganizationSegment.".to_owned()
        }
        Ineligible::TooSmall => {
            format!("The published roles have {} heads; it takes {}.", next.total_heads, policy.organization_headcount)
        }
        Ineligible::TooFewRoles => format!(
            "{} canonical role(s) have {} canonical tasks with a stage; it takes {} such roles.",
            next.qualified_roles, policy.role_tasks, policy.organization_roles
        ),
    }
}
