//! The organizations in the database: made through the API, or signed in to when they are there already.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rolemark_tests::{Error, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::http::{Connection, shown};
use super::random::Random;
use super::texts::{ROLES, STAGES, TASKS, role, task_key};

/// Connections to fill by: two for the processors, and two for what waits for the disk.
const CONNECTIONS: usize = 4;
/// Access tokens last 15 minutes.
const RENEW_AFTER: Duration = Duration::from_secs(4 * 60);
pub(crate) const PASSWORD: &str = "a password for measuring";

/// An organization and the session of its admin.
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) access_token: String,
    refresh_token: String,
    pub(crate) roles: Vec<Role>,
    /// The cursor before its second page, as JSON.
    pub(crate) second_page: String,
}

/// A role as the database has it.
pub(crate) struct Role {
    pub(crate) id: String,
    pub(crate) is_linked: bool,
    pub(crate) revision: i32,
    /// Positions in [`STAGES`], by task.
    pub(crate) stages: [usize; TASKS],
    /// Whether an update is under way.
    pub(crate) is_busy: bool,
}

/// All organizations.
pub(crate) struct Population {
    pub(crate) organizations: Vec<Organization>,
    signed_in_at: Instant,
}

impl Population {
    /// Fills an empty database.
    pub(crate) async fn fill(server: SocketAddr, number: usize) -> Result<Self> {
        Self::gather(server, number, "filling", async |connection: &mut Connection, position: usize| {
            let session = sign_up(connection, position).await?;
            create_roles(connection, &session, position).await?;
            survey(connection, session, position).await
        })
        .await
    }

    /// Signs in to what is in the database.
    pub(crate) async fn enter(server: SocketAddr, number: usize) -> Result<Self> {
        Self::gather(server, number, "signing in", async |connection: &mut Connection, position: usize| {
            let input = json!({ "email": email(position), "password": PASSWORD });
            let document = include_str!("documents/sign_in.graphql");
            let session = session(call(connection, None, document, json!({ "input": input })).await?, "signIn")?;
            survey(connection, session, position).await
        })
        .await
    }

    async fn gather<F>(server: SocketAddr, number: usize, doing: &'static str, one: F) -> Result<Self>
    where
        F: AsyncFn(&mut Connection, usize) -> Result<Organization> + Copy + 'static,
    {
        let (signed_in_at, next) = (Instant::now(), Rc::new(Cell::new(0)));
        let mut workers = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let next = Rc::clone(&next);
            workers.spawn_local(async move {
                let mut connection = Connection::open(server).await?;
                let mut made = Vec::new();
                while next.get() < number {
                    let position = next.replace(next.get() + 1);
                    tell(doing, position, number);
                    made.push(one(&mut connection, position).await?);
                }
                Ok::<_, Error>(made)
            });
        }
        let mut organizations = Vec::with_capacity(number);
        while let Some(made) = workers.join_next().await {
            organizations.extend(made??);
        }
        eprintln!("  {doing}: {number} organizations in {:.1} s", signed_in_at.elapsed().as_secs_f64());
        Ok(Self { organizations, signed_in_at })
    }

    /// Renews the sessions if their tokens get old.
    pub(crate) async fn stay_signed_in(&mut self, server: SocketAddr) -> Result<()> {
        if self.signed_in_at.elapsed() < RENEW_AFTER {
            return Ok(());
        }
        self.signed_in_at = Instant::now();
        let mut connection = Connection::open(server).await?;
        let document = include_str!("documents/refresh.graphql");
        for organization in &mut self.organizations {
            let variables = json!({ "input": { "refreshToken": organization.refresh_token } });
            let session = session(call(&mut connection, None, document, variables).await?, "refreshSession")?;
            (organization.access_token, organization.refresh_token) = (session.access, session.refresh);
        }
        Ok(())
    }
}

struct Session {
    access: String,
    refresh: String,
}

fn email(position: usize) -> String {
    format!("admin-{position}@example.com")
}

fn tell(doing: &str, position: usize, number: usize) {
    let step = (number / 10).max(1);
    if position > 0 && position.is_multiple_of(step) {
        eprintln!("  {doing}: {position} of {number} organizations");
    }
}

async fn sign_up(connection: &mut Connection, position: usize) -> Result<Session> {
    let input = json!({
        "email": email(position),
        "password": PASSWORD,
        "name": format!("Admin {position}"),
        "organizationName": format!("Organization {position:04}"),
    });
    let document = include_str!("documents/sign_up.graphql");
    session(call(connection, None, document, json!({ "input": input })).await?, "signUp")
}

fn session(mut data: Value, field: &str) -> Result<Session> {
    let errors = data[field]["userErrors"].to_string();
    match data[field]["session"].take() {
        Value::Object(session) => {
            Ok(Session { access: text(&session["accessToken"]), refresh: text(&session["refreshToken"]) })
        }
        _ => Err(format!("{field} gave no session: {errors}").into()),
    }
}

async fn create_roles(connection: &mut Connection, session: &Session, position: usize) -> Result<()> {
    let viewer =
        call(connection, Some(&session.access), "{ viewer { organizations { nodes { id } } } }", json!({})).await?;
    let mut random = Random::new(position as u64 + 1);
    let roles: Vec<Value> = (0..ROLES).map(|position| role(position, &mut random)).collect();
    let input = json!({ "organizationId": viewer["viewer"]["organizations"]["nodes"][0]["id"], "roles": roles });
    let document = include_str!("documents/create.graphql");
    let data = call(connection, Some(&session.access), document, json!({ "input": input })).await?;
    match data["createRoleConfigurations"]["roleConfigurations"].as_array() {
        Some(created) if created.len() == ROLES => Ok(()),
        _ => Err(format!("the roles were not made: {data}").into()),
    }
}

/// What the organization holds, as the server says.
async fn survey(connection: &mut Connection, session: Session, position: usize) -> Result<Organization> {
    let data = call(connection, Some(&session.access), include_str!("documents/survey.graphql"), json!({})).await?;
    let organization = &data["viewer"]["organizations"]["nodes"][0];
    let roles = organization["roleConfigurations"]["nodes"].as_array().ok_or("no roles")?;
    let roles = roles.iter().map(surveyed).collect::<Result<Vec<_>>>()?;
    if roles.len() != ROLES {
        return Err(format!("an organization has {} roles instead of {ROLES}", roles.len()).into());
    }
    Ok(Organization {
        id: text(&organization["id"]),
        email: email(position),
        access_token: session.access,
        refresh_token: session.refresh,
        roles,
        second_page: organization["firstPage"]["pageInfo"]["endCursor"].to_string(),
    })
}

fn surveyed(role: &Value) -> Result<Role> {
    let is_linked = !role["canonicalRoleKey"].is_null();
    let revision = role["revision"].as_i64().ok_or("a role without a revision")?.try_into()?;
    let mut stages = [0; TASKS];
    for (position, stage) in stages.iter_mut().enumerate() {
        let task = &role["tasks"][position];
        let known = STAGES.iter().position(|stage| task["stage"] == *stage);
        *stage = known.filter(|_| task["key"] == task_key(is_linked, position)).ok_or("a role has other tasks")?;
    }
    Ok(Role { id: text(&role["id"]), is_linked, revision, stages, is_busy: false })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A request outside the measurement; its data.
async fn call(connection: &mut Connection, token: Option<&str>, query: &str, variables: Value) -> Result<Value> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let answer = connection.post(token, body.as_bytes()).await?;
    let mut value: Value = serde_json::from_slice(answer)?;
    match &value["errors"] {
        Value::Null => Ok(value["data"].take()),
        _ => Err(format!("the server answered with errors: {}", shown(answer)).into()),
    }
}
