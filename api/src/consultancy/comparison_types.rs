//! The comparison of clients as the schema has it.

use async_graphql::{ID, InputObject, SimpleObject};
use domain::{comparison::ClientFigures, method::METHOD_VERSION};

use crate::{
    graphql::user_error::UserError,
    library::CanonicalRole,
    organizations::Organization,
    roles::{StageShare, tidy},
};

/// Input of clientComparison
#[derive(InputObject)]
pub(crate) struct ClientComparisonInput {
    /// Global identifiers of the clients, at most 50; all clients of the caller when left out. An organization that is
    /// no client of the caller, or is none any more, is left out of the answer, whatever the reason
    pub(super) client_ids: Option<Vec<ID>>,
    /// Keys of 1 to 50 canonical roles; give this or family
    pub(super) canonical_role_keys: Option<Vec<String>>,
    /// Job family of the library: all of its canonical roles, if they are at most 50, by title; give this or canonicalRoleKeys
    pub(super) family: Option<String>,
    /// Whether the clients are to be called Client A, Client B and so on, in an order that tells nothing about them, so
    /// that the answer can be shown to others. The same clients have the same names each time that the caller asks
    #[graphql(default = false)]
    pub(super) is_anonymized: bool,
}

/// Clients next to the Platform Roles Library: a row for each canonical role, a column for each client
#[derive(SimpleObject)]
pub(crate) struct ClientComparison {
    /// The columns, in the order asked for, otherwise by name; empty when there are errors
    pub(super) clients: Vec<ClientComparisonColumn>,
    /// The rows, in the order asked for, otherwise by title; empty when there are errors
    pub(super) rows: Vec<ClientComparisonRow>,
    /// Version of the method that made the figures
    pub(super) method_version: u32,
    /// What is wrong with the input
    pub(super) user_errors: Vec<UserError>,
}

impl ClientComparison {
    pub(super) fn new(clients: Vec<ClientComparisonColumn>, rows: Vec<ClientComparisonRow>) -> Self {
        Self { clients, rows, method_version: METHOD_VERSION, user_errors: Vec::new() }
    }

    pub(super) fn failed(user_errors: Vec<UserError>) -> Self {
        Self { user_errors, ..Self::new(Vec::new(), Vec::new()) }
    }
}

/// A client of a comparison
#[derive(SimpleObject)]
pub(crate) struct ClientComparisonColumn {
    /// What the client is called here: the name of the organization or, anonymized, Client A and so on
    pub(super) label: String,
    /// The organization; null when the comparison is anonymized
    pub(super) organization: Option<Organization>,
}

/// A canonical role of a comparison
#[derive(SimpleObject)]
pub(crate) struct ClientComparisonRow {
    /// The canonical role
    pub(super) canonical_role: CanonicalRole,
    /// Its AI impact score, 0 to 100; null when no task has a stage
    pub(super) library_score: Option<f64>,
    /// How its tasks and their time are spread over the four stages; empty without a score
    pub(super) library_stage_mix: Vec<StageShare>,
    /// A cell for each client, in the order of the columns; null for a client without a role that is linked to the canonical
    /// role and that the caller may see
    pub(super) cells: Vec<Option<ClientComparisonCell>>,
}

/// The roles of one client that are linked to one canonical role, taken together: each counts by its headcount
#[derive(SimpleObject)]
pub(crate) struct ClientComparisonCell {
    /// What the client is called here
    label: String,
    /// Number of the roles
    role_count: usize,
    /// Number of the roles that have a score; the others count in roleCount and in headcount only
    scored_role_count: usize,
    /// Full-time equivalents in the roles
    headcount: f64,
    /// Mean of the AI impact scores, weighted by headcount, 0 to 100; null when no role has one
    score: Option<f64>,
    /// Number of tasks in each stage, and mean of the shares of time, weighted by headcount; empty without a score
    stage_mix: Vec<StageShare>,
    /// Score minus the library's score, in points from -100 to 100; null when one of them is missing
    score_distance: Option<f64>,
    /// Total variation distance to the library's stage mix, the share of time that would have to move to another stage: 0
    /// (the same) to 1 (nothing in common); null when one of the mixes is missing
    stage_mix_distance: Option<f64>,
}

impl ClientComparisonCell {
    pub(super) fn new(label: &str, figures: ClientFigures) -> Self {
        Self {
            label: label.to_owned(),
            role_count: figures.role_count,
            scored_role_count: figures.scored_role_count,
            headcount: tidy(figures.headcount),
            score: figures.score.map(tidy),
            stage_mix: figures.stage_mix.into_iter().map(StageShare).collect(),
            score_distance: figures.score_distance.map(tidy),
            stage_mix_distance: figures.stage_mix_distance.map(tidy),
        }
    }
}
