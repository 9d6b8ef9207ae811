//! Lists of roles: filtered, ordered, in pages.

use std::sync::Arc;

use entity::{
    canonical_role::{Column, Entity},
    library_edition,
};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};

use super::{LibraryReader, LibraryRole, roles::current_roles};
use crate::{
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
};

/// Where roles without a score stand in an order by score: below all others.
const NO_SCORE: f64 = -1.0;

/// Which roles are wanted. All that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LibraryFilter {
    /// Of this source, such as `onet`.
    pub source: Option<String>,
    /// Of this job family exactly.
    pub family: Option<String>,
    /// With this text in the title; the case of English letters does not matter.
    pub title_contains: Option<String>,
    /// With this occupation code exactly, such as `15-1252.00`.
    pub occupation_code: Option<String>,
}

/// What roles are ordered by; the key decides between equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LibraryOrderField {
    /// Title, byte by byte.
    Title,
    /// AI impact score; roles without one count as below 0.
    Score,
}

/// An order of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LibraryOrder {
    /// What by.
    pub field: LibraryOrderField,
    /// Which way.
    pub direction: Direction,
}

impl LibraryReader<'_> {
    /// A page of the roles of the current editions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        filter: &LibraryFilter,
        order: LibraryOrder,
        request: &PageRequest,
    ) -> Result<Page<Arc<LibraryRole>>, StoreError> {
        let id = Expr::col((Entity, Column::Key));
        let by = match order.field {
            LibraryOrderField::Title => Expr::col((Entity, Column::Title)),
            LibraryOrderField::Score => Expr::col((Entity, Column::Score)).if_null(NO_SCORE),
        };
        let query = filtered(filter).columns([Column::Key, Column::Title, Column::Score]);
        let query = paged(query, &by, &id, order.direction, request);
        let rows = self.rows(query.build(self.backend())).await?;
        let positions: Result<Vec<_>, StoreError> =
            rows.iter().map(|row| Ok((position(row, order.field)?, ()))).collect();
        self.with_roles(Page::from_rows(positions?, request)).await
    }

    /// The same page with its roles. One that went with its edition a moment ago is left out.
    async fn with_roles(&self, page: Page<()>) -> Result<Page<Arc<LibraryRole>>, StoreError> {
        let keys: Vec<&str> = page.items.iter().filter_map(|(position, ())| key_of(position)).collect();
        let roles = self.roles(&keys).await?;
        let with_role = |(position, ()): (Position, ())| {
            let role = Arc::clone(roles.get(key_of(&position)?)?);
            Some((position, role))
        };
        Ok(Page { items: page.items.into_iter().filter_map(with_role).collect(), has_more: page.has_more })
    }

    /// How many roles of the current editions there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &LibraryFilter) -> Result<u64, StoreError> {
        let query = filtered(filter).column_as(Column::Key.count(), "number");
        let rows = self.rows(query.build(self.backend())).await?;
        let number = rows.first().map(|row| row.try_get::<i64>("", "number")).transpose()?;
        Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
    }

    /// The job families of the current editions, of one source or of all, in alphabetical order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn families(&self, source: Option<&str>) -> Result<Vec<String>, StoreError> {
        let filter = LibraryFilter { source: source.map(str::to_owned), ..LibraryFilter::default() };
        let query = filtered(&filter).column(Column::Family).distinct().order_by_asc(Column::Family);
        let rows = self.rows(query.build(self.backend())).await?;
        rows.iter().map(|row| Ok(row.try_get::<String>("", "family")?)).collect()
    }
}

fn filtered(filter: &LibraryFilter) -> Select<Entity> {
    current_roles()
        .apply_if(filter.source.as_ref(), |query, source| query.filter(library_edition::Column::Source.eq(source)))
        .apply_if(filter.family.as_ref(), |query, family| query.filter(Column::Family.eq(family)))
        .apply_if(filter.occupation_code.as_ref(), |query, code| query.filter(Column::OccupationCode.eq(code)))
        .apply_if(filter.title_contains.as_ref(), |query, text| query.filter(title_contains(text)))
}

/// Both databases lower only English letters of such a column, so the text is lowered the same way.
fn title_contains(text: &str) -> SimpleExpr {
    let escaped = text.to_ascii_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let title = Expr::expr(Func::lower(Expr::col((Entity, Column::Title))));
    title.like(LikeExpr::new(format!("%{escaped}%")).escape('!'))
}

fn position(row: &QueryResult, field: LibraryOrderField) -> Result<Position, StoreError> {
    let value = match field {
        LibraryOrderField::Title => CursorValue::Text(row.try_get("", "title")?),
        LibraryOrderField::Score => CursorValue::Number(row.try_get::<Option<f64>>("", "score")?.unwrap_or(NO_SCORE)),
    };
    Ok(Position { value, id: RowId::Key(row.try_get("", "key")?) })
}

fn key_of(position: &Position) -> Option<&str> {
    match &position.id {
        RowId::Key(key) => Some(key),
        RowId::Uuid(_) => None,
    }
}
