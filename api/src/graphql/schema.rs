//! The schema: what it is made of, and its text.

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions, Schema};

use super::node::NodeQueries;
use crate::{
    benchmark::{BenchmarkQueries, ContributingMutations},
    consultancy::{ConsultancyMutations, ConsultancyQueries},
    identity::{IdentityMutations, PasswordMutations, SessionMutations},
    keys::KeyMutations,
    library::LibraryQueries,
    organizations::{LifecycleMutations, OrganizationMutations},
    roles::RoleMutations,
    scenarios::{ScenarioMutations, ScenarioQueries},
};

/// Everything that can be read
#[derive(Default, MergedObject)]
pub(crate) struct Query(NodeQueries, LibraryQueries, BenchmarkQueries, ScenarioQueries, ConsultancyQueries);

/// Everything that can be changed
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    IdentityMutations,
    SessionMutations,
    PasswordMutations,
    OrganizationMutations,
    LifecycleMutations,
    ConsultancyMutations,
    KeyMutations,
    RoleMutations,
    ScenarioMutations,
    ContributingMutations,
);

pub(crate) type RolemarkSchema = Schema<Query, Mutation, EmptySubscription>;

/// The executable schema. Limits are not the engine's but the guard's, which stands in front of it.
pub(crate) fn build_schema() -> RolemarkSchema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription).disable_suggestions().finish()
}

/// The schema as text, sorted, as `schema.graphql` has it.
#[must_use]
pub fn schema_sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    let sdl = build_schema().sdl_with_options(options);
    format!("{}\n", sdl.trim_end())
}
