//! An edition of the Platform Roles Library.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "library_edition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub source: String,
    pub title: String,
    pub published_on: String,
    pub license: String,
    pub attribution: String,
    pub digest: String,
    pub role_count: i32,
    pub task_count: i32,
    pub is_current: bool,
    pub imported_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
