//! A role that a scenario was made from, as it was at that moment.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scenario_source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub scenario_id: Uuid,
    pub position: i32,
    pub role_id: Option<Uuid>,
    pub version_number: Option<i32>,
    pub role_revision: Option<i32>,
    pub canonical_role: Option<String>,
    pub edition_digest: Option<String>,
    pub snapshot: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
