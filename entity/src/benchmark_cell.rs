//! Which version a release shows in a cell; a cell without a row is withheld.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark_cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub release_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub peer_group: String,
    pub version_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
