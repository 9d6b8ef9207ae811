//! A person's signature under the manifest of a release.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark_approval")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub release_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub approver: String,
    pub public_key: String,
    pub signature: String,
    pub approved_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
