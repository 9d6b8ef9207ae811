//! A canonical role of an edition; `definition` holds it whole as JSON.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "canonical_role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub title: String,
    pub family: String,
    pub occupation_code: Option<String>,
    pub score: Option<f64>,
    pub task_count: i32,
    pub definition: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
