//! A published release of the benchmark.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark_release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub number: i32,
    pub snapshot_at: DateTimeUtc,
    pub published_at: DateTimeUtc,
    pub state: String,
    pub retracted_at: Option<DateTimeUtc>,
    pub retraction: Option<String>,
    pub policy_version: i32,
    pub policy: String,
    pub policy_hash: String,
    pub is_loosened: bool,
    pub is_synthetic: bool,
    pub code_revision: String,
    pub merkle_root: String,
    pub manifest: String,
    pub signature: String,
    pub public_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
