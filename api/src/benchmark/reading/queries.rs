//! Root fields of the benchmark.

use async_graphql::{Context, Object};
use domain::roles::is_canonical_key;

use super::{
    BenchmarkRelease, RoleBenchmark,
    segment::{BenchmarkSegmentInput, peer_group},
};
use crate::{
    graphql::{
        context::{ContextExt, RequestContext},
        error::ApiError,
    },
    library::CanonicalRole,
};

/// Root fields of the benchmark.
#[derive(Default)]
pub(crate) struct BenchmarkQueries;

#[Object]
impl BenchmarkQueries {
    /// The benchmark of a canonical role; null when there is no such role or release
    async fn role_benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Key of the canonical role, such as rolemark:backend-engineer")] role: String,
        #[graphql(desc = "Organizations to compare with; all contributors when left out")] segment: Option<
            BenchmarkSegmentInput,
        >,
        #[graphql(desc = "Key of the release, such as 2026-Q3; the newest when left out")] release: Option<String>,
    ) -> Option<Result<RoleBenchmark, ApiError>> {
        benchmark(ctx, &role, segment, release.as_deref()).await.transpose()
    }

    /// The published releases of the benchmark, the newest first; retracted ones among them
    async fn benchmark_releases(&self, ctx: &Context<'_>) -> Option<Result<Vec<BenchmarkRelease>, ApiError>> {
        Some(releases(ctx.request()).await)
    }

    /// The release of the benchmark with this key; null when there is none that was published
    async fn benchmark_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Key, such as 2026-Q3")] key: String,
    ) -> Option<Result<BenchmarkRelease, ApiError>> {
        BenchmarkRelease::load(ctx, &key).await.transpose()
    }
}

async fn benchmark(
    ctx: &Context<'_>,
    role: &str,
    segment: Option<BenchmarkSegmentInput>,
    release: Option<&str>,
) -> Result<Option<RoleBenchmark>, ApiError> {
    ctx.request().library_reader()?;
    if !is_canonical_key(role) {
        let message = "role is a source and a code, such as rolemark:backend-engineer.";
        return Err(ApiError::BadUserInput(message.to_owned()));
    }
    let peer_group = peer_group(segment)?;
    if CanonicalRole::load(ctx, role).await?.is_none() {
        return Ok(None);
    }
    RoleBenchmark::load(ctx, role, peer_group, release).await
}

async fn releases(request: &RequestContext) -> Result<Vec<BenchmarkRelease>, ApiError> {
    request.library_reader()?;
    Ok(request.benchmark().releases().await?.iter().cloned().map(BenchmarkRelease).collect())
}
