//! A role as one organization runs it: the draft, and what is filtered and ordered by.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_configuration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub status: String,
    pub revision: i32,
    pub published_number: Option<i32>,
    pub published_revision: Option<i32>,
    pub title: String,
    pub title_key: String,
    pub family: Option<String>,
    pub family_key: Option<String>,
    pub level: Option<String>,
    pub headcount: f64,
    pub canonical_role: Option<String>,
    pub score: Option<f64>,
    pub human_tasks: i32,
    pub at_risk_tasks: i32,
    pub ai_assisted_tasks: i32,
    pub automated_tasks: i32,
    pub definition: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
