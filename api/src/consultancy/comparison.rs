//! Clients next to the library. Each client is read in a scope of its own; only here are they set side by side.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_graphql::ID;
use domain::{
    comparison::{ClientFigures, client_figures},
    ids::OrganizationId,
    library::CanonicalTask,
    roles::is_canonical_key,
    score::{Score, score},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use store::{
    Store, StoreError,
    access::{Actor, Area, Denied, Read, TenantScope, Via},
    consultancy::anonymous_position,
    library::{LibraryFilter, LibraryOrder, LibraryOrderField, LibraryRole},
    page::{Direction, PageRequest},
    roles::RoleConfiguration,
};

use super::comparison_types::{
    ClientComparison, ClientComparisonCell, ClientComparisonColumn, ClientComparisonInput, ClientComparisonRow,
};
use crate::{
    graphql::{
        context::RequestContext,
        error::ApiError,
        id::organization_id,
        user_error::{Outcome, UserError, UserErrorCode},
    },
    library::CanonicalRole,
    organizations::Organization,
    roles::{StageShare, refuse_text, tidy},
};

/// Most clients of one comparison.
const CLIENTS_MAXIMUM: usize = 50;
/// Most canonical roles of one comparison.
const ROWS_MAXIMUM: usize = 50;
/// Most roles of one client that are read.
const ROLES_MAXIMUM: usize = 1_000;
/// Clients that are read at the same time.
const READ_AT_ONCE: usize = 4;

type Scope = TenantScope<Read>;
/// A canonical role with its score.
type Row = (Arc<LibraryRole>, Option<Score>);

pub(super) async fn compare_clients(
    request: &RequestContext,
    input: ClientComparisonInput,
) -> Result<ClientComparison, ApiError> {
    request.library_reader()?;
    let rows = match canonical_roles(request, &input).await? {
        Ok(roles) => roles.into_iter().map(with_score).collect::<Vec<Row>>(),
        Err(errors) => return Ok(ClientComparison::failed(errors)),
    };
    let actor = request.actor()?;
    let mut clients = match chosen_clients(actor, input.client_ids.as_deref())? {
        Ok(clients) => clients,
        Err(errors) => return Ok(ClientComparison::failed(errors)),
    };
    if input.is_anonymized {
        clients.sort_by_cached_key(|client| anonymous_position(actor.id(), client.organization()));
    }
    let labels: Vec<String> = clients
        .iter()
        .enumerate()
        .map(|(position, client)| match input.is_anonymized {
            true => anonymous_label(position),
            false => client.entry().organization_name.clone(),
        })
        .collect();
    let mut reading = Vec::with_capacity(clients.len());
    for client in &clients {
        reading.push(column(request.store(), client, &rows));
    }
    let columns: Vec<_> = stream::iter(reading).buffered(READ_AT_ONCE).try_collect().await?;
    let Some(columns) = columns.into_iter().collect::<Option<Vec<_>>>() else {
        return Ok(ClientComparison::failed(vec![too_many_roles(&input)]));
    };
    let rows = table(rows, columns, &labels);
    Ok(ClientComparison::new(heads(request, &clients, labels, input.is_anonymized)?, rows))
}

/// The canonical roles, by key or of a family.
async fn canonical_roles(request: &RequestContext, input: &ClientComparisonInput) -> Outcome<Vec<Arc<LibraryRole>>> {
    match (&input.canonical_role_keys, &input.family) {
        (Some(keys), None) => by_keys(request, keys).await,
        (None, Some(family)) => of_family(request, family).await,
        _ => {
            let message = "give exactly one of canonicalRoleKeys and family";
            Ok(Err(vec![UserError::at("canonicalRoleKeys", UserErrorCode::Malformed, message)]))
        }
    }
}

async fn by_keys(request: &RequestContext, keys: &[String]) -> Outcome<Vec<Arc<LibraryRole>>> {
    let field = "canonicalRoleKeys";
    if keys.is_empty() || keys.len() > ROWS_MAXIMUM {
        let code = if keys.is_empty() { UserErrorCode::TooFew } else { UserErrorCode::TooMany };
        let message = format!("{field} has {} entries; give 1 to {ROWS_MAXIMUM}", keys.len());
        return Ok(Err(vec![UserError::at(field, code, message)]));
    }
    let known = request.library().load_many(keys.iter().filter(|key| is_canonical_key(key)).cloned()).await?;
    let mut seen = HashSet::new();
    let (mut roles, mut errors) = (Vec::new(), Vec::new());
    for (position, key) in keys.iter().enumerate() {
        match known.get(key) {
            Some(role) if seen.insert(key) => roles.push(Arc::clone(role)),
            Some(_) => {}
            None => errors.push(UserError::not_found(&format!("{field}.{position}"))),
        }
    }
    Ok(if errors.is_empty() { Ok(roles) } else { Err(errors) })
}

async fn of_family(request: &RequestContext, family: &str) -> Outcome<Vec<Arc<LibraryRole>>> {
    refuse_text(family)?;
    let filter = LibraryFilter { family: Some(family.to_owned()), ..LibraryFilter::default() };
    let order = LibraryOrder { field: LibraryOrderField::Title, direction: Direction::Ascending };
    let page = PageRequest { limit: ROWS_MAXIMUM as u64, is_backward: false, after: None, before: None };
    let page = request.store().library().page(&filter, order, &page).await?;
    if page.has_more {
        let message =
            format!("the family has more than {ROWS_MAXIMUM} canonical roles; name some by canonicalRoleKeys");
        return Ok(Err(vec![UserError::at("family", UserErrorCode::TooMany, message)]));
    }
    Ok(Ok(page.items.into_iter().map(|(_, role)| role).collect()))
}

fn with_score(role: Arc<LibraryRole>) -> Row {
    let tasks: Vec<_> = role.role.tasks.iter().map(CanonicalTask::to_task).collect();
    (role, score(&tasks))
}

/// The clients that are asked for, as far as they let the caller in: in the order asked for, otherwise by name.
fn chosen_clients(actor: &Actor, ids: Option<&[ID]>) -> Outcome<Vec<Scope>> {
    let entries = actor.entries().filter(|entry| matches!(entry.via, Via::Grant { .. }));
    let mut clients: Vec<_> =
        entries.map(|entry| (entry.organization_name.to_lowercase(), entry.organization)).collect();
    clients.sort();
    let clients: Vec<OrganizationId> = clients.into_iter().map(|(_, client)| client).collect();
    let chosen = match ids {
        None => clients,
        Some(ids) if ids.len() > CLIENTS_MAXIMUM => ids.iter().map(organization_id).collect::<Result<_, _>>()?,
        Some(ids) => {
            let mut seen = HashSet::new();
            let ids = ids.iter().map(organization_id).collect::<Result<Vec<_>, _>>()?;
            ids.into_iter().filter(|id| clients.contains(id) && seen.insert(*id)).collect()
        }
    };
    if chosen.len() > CLIENTS_MAXIMUM {
        let message = format!("these are {} clients; choose at most {CLIENTS_MAXIMUM} by clientIds", chosen.len());
        return Ok(Err(vec![UserError::at("clientIds", UserErrorCode::TooMany, message)]));
    }
    let mut scopes = Vec::with_capacity(chosen.len());
    for client in chosen {
        match actor.scope::<Read>(client, Area::Roles) {
            Ok(scope) => scopes.push(scope),
            Err(Denied::Hidden) => {}
            Err(denied) => return Err(ApiError::insufficient(denied)),
        }
    }
    Ok(Ok(scopes))
}

/// The figures of one client for each row; `None` if it has more roles than are read.
async fn column(store: &Store, client: &Scope, rows: &[Row]) -> Result<Option<Vec<Option<ClientFigures>>>, StoreError> {
    let keys: Vec<&str> = rows.iter().map(|(role, _)| role.role.key.as_str()).collect();
    if keys.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let roles = store.read(client).await?.roles().linked_to(&keys, ROLES_MAXIMUM as u64 + 1).await?;
    if roles.len() > ROLES_MAXIMUM {
        return Ok(None);
    }
    let mut by_key: HashMap<&str, Vec<&RoleConfiguration>> = HashMap::new();
    for role in &roles {
        by_key.entry(role.definition.canonical_role.as_deref().unwrap_or_default()).or_default().push(role);
    }
    let figures = |(role, library): &Row| {
        let own = by_key.get(role.role.key.as_str())?;
        client_figures(own.iter().map(|role| &role.definition), library.as_ref())
    };
    Ok(Some(rows.iter().map(figures).collect()))
}

fn too_many_roles(input: &ClientComparisonInput) -> UserError {
    let field = if input.family.is_some() { "family" } else { "canonicalRoleKeys" };
    let message =
        format!("a client has more than {ROLES_MAXIMUM} roles of these canonical roles; ask for fewer of them");
    UserError::at(field, UserErrorCode::TooMany, message)
}

fn table(rows: Vec<Row>, columns: Vec<Vec<Option<ClientFigures>>>, labels: &[String]) -> Vec<ClientComparisonRow> {
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let row = |(role, library): Row| {
        let figures = columns.iter_mut().map(|column| column.next().flatten());
        let cells = labels.iter().zip(figures);
        let cells = cells.map(|(label, figures)| figures.map(|figures| ClientComparisonCell::new(label, figures)));
        ClientComparisonRow {
            canonical_role: CanonicalRole(role),
            library_score: library.as_ref().map(|score| tidy(score.value)),
            library_stage_mix: library
                .map_or_else(Vec::new, |score| score.stage_mix)
                .into_iter()
                .map(StageShare)
                .collect(),
            cells: cells.collect(),
        }
    };
    rows.into_iter().map(row).collect()
}

fn heads(
    request: &RequestContext,
    clients: &[Scope],
    labels: Vec<String>,
    is_anonymized: bool,
) -> Result<Vec<ClientComparisonColumn>, ApiError> {
    let mut heads = Vec::with_capacity(clients.len());
    for (client, label) in clients.iter().zip(labels) {
        let tenant = if is_anonymized { None } else { request.tenant(client.organization())? };
        heads.push(ClientComparisonColumn { label, organization: tenant.map(Organization::new) });
    }
    Ok(heads)
}

/// Client A to Client Z, then Client AA.
fn anonymous_label(position: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = position + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    format!("Client {}", letters.iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_on_after_z() {
        let labels: Vec<String> = [0, 1, 25, 26, 27, 51, 52, 701, 702].into_iter().map(anonymous_label).collect();
        let letters: Vec<&str> = labels.iter().filter_map(|label| label.strip_prefix("Client ")).collect();
        assert_eq!(letters, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}
