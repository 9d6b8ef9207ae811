//! How many organizations run a combined role already.

use std::collections::BTreeSet;

use async_graphql::{Context, MergedObject, Object};
use domain::{
    disclosure::{COMBINED, PeerGroup},
    library::LibraryCombination,
};

use super::cell::{CellFacts, Read};
use crate::{
    graphql::{context::ContextExt, error::ApiError},
    roles::tidy,
};

/// What share of a peer group runs a combined role already. Contributors are organizations that contribute one of its roles
#[derive(MergedObject)]
pub(crate) struct RoleCombinationBenchmark(CellFacts, CombinationFigures);

struct CombinationFigures(Read);

impl RoleCombinationBenchmark {
    /// The benchmark of a combination of the library; `None` without such a release.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        combination: &str,
        peer_group: PeerGroup,
        release: Option<&str>,
    ) -> Result<Option<Self>, ApiError> {
        let read = Read::load(ctx, combination, peer_group, release).await?;
        Ok(read.map(|read| Self(CellFacts(read.clone()), CombinationFigures(read))))
    }
}

/// The library's combination of exactly these canonical roles, if there is one.
pub(crate) async fn combination_of(
    ctx: &Context<'_>,
    roles: &BTreeSet<String>,
) -> Result<Option<LibraryCombination>, ApiError> {
    let is_of_roles = |combination: &&LibraryCombination| {
        combination.roles.len() == roles.len() && combination.roles.iter().all(|role| roles.contains(role))
    };
    Ok(ctx.request().benchmark().combinations().await?.iter().find(is_of_roles).cloned())
}

/// What the benchmark of a combination alone says
#[Object]
impl CombinationFigures {
    /// Key of the library's combination
    async fn combination_key(&self) -> &str {
        &self.0.wanted.role
    }

    /// Share of the contributors that have a role which does the work of each of the combined roles, above 0 and below 1
    async fn share(&self) -> Option<f64> {
        self.figure().map(|(share, _)| tidy(share))
    }

    /// Half of the width of the 95 % interval of the share
    async fn margin_of_error(&self) -> Option<f64> {
        self.figure().map(|(_, margin)| tidy(margin))
    }
}

impl CombinationFigures {
    fn figure(&self) -> Option<(f64, f64)> {
        let skill = self.0.cell()?.skills().iter().find(|skill| skill.key == COMBINED)?;
        Some((skill.share, skill.margin_of_error))
    }
}
