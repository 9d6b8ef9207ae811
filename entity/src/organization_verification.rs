//! The operator's word on who is behind an organization; ended, never overwritten.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_verification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub legal_entity: String,
    pub legal_group: Option<String>,
    pub registrant_domain: Option<String>,
    pub payment_instrument: Option<String>,
    pub beneficial_owner: Option<String>,
    pub is_by_contract: bool,
    pub verified_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
