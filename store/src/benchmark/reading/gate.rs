//! Whether the viewer may see a version (rule V1): enough contributors are left without those that he can see anyway.
//!
//! What he can see are the organizations of which he is or was a member, those that lent access to him or to these
//! organizations as firms, and what his colleagues in these organizations could enter; all of it also when it ended in the
//! last 24 months. An API key sees what its organization sees.

use std::collections::HashMap;

use chrono::{DateTime, Months, Utc};
use domain::{disclosure::Policy, ids::OrganizationId};
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use super::BenchmarkReader;
use crate::{
    StoreError,
    access::{Actor, Area, Caller},
    database::Door,
};

/// `$1` is the user, `$2` the organization of an API key, `$3` the instant before which nothing counts any more. What is
/// not given is the nil UUID, which names nothing. A grant to a person counts once it was accepted.
const VISIBLE: &str = "
WITH own AS (
    SELECT m.org_id FROM member m WHERE m.user_id = $1 AND (m.ended_at IS NULL OR m.ended_at > $3)
    UNION SELECT o.org_id FROM organization o WHERE o.org_id = $2
), person AS (
    SELECT m.user_id FROM member m JOIN own o ON o.org_id = m.org_id WHERE m.ended_at IS NULL OR m.ended_at > $3
    UNION SELECT u.id FROM user_account u WHERE u.id = $1
), membership AS (
    SELECT m.org_id, m.id FROM member m JOIN person p ON p.user_id = m.user_id
    WHERE m.ended_at IS NULL OR m.ended_at > $3
), visible AS (
    SELECT o.org_id FROM own o
    UNION SELECT m.org_id FROM membership m
    UNION SELECT g.org_id FROM consultant_grant g JOIN person p ON p.user_id = g.user_id
        WHERE coalesce(g.ended_at, g.expires_at) > $3
    UNION SELECT g.org_id FROM consultant_grant g JOIN own o ON o.org_id = g.firm_id
        WHERE coalesce(g.ended_at, g.expires_at) > $3
    UNION SELECT g.org_id FROM membership m
        JOIN firm_assignment a ON a.org_id = m.org_id AND a.member_id = m.id AND (a.ended_at IS NULL OR a.ended_at > $3)
        JOIN consultant_grant g ON g.org_id = a.client_org_id AND g.firm_id = a.org_id
        WHERE coalesce(g.ended_at, g.expires_at) > $3
), mine AS (
    SELECT m.org_id FROM member m WHERE m.user_id = $1 AND m.ended_at IS NULL
    UNION SELECT o.org_id FROM organization o WHERE o.org_id = $2
)";

/// The versions `$4` and the organizations `$5` that the viewer can enter come as lists of UUIDs in JSON. There is always
/// a row, also without a version, that says whether one of these organizations is verified.
const ON_POSTGRES: &str = "
, seen AS (SELECT array_agg(org_id) AS organizations FROM visible)
, ours AS (SELECT array_agg(org_id) AS organizations FROM mine)
SELECT x.is_verified, w.id, builder.shows(w.id, seen.organizations) AS is_shown,
    builder.includes(w.id, ours.organizations) AS is_included
FROM (SELECT EXISTS (SELECT FROM organization_verification f WHERE f.ended_at IS NULL AND f.org_id IN
    (SELECT CAST(e.value AS uuid) FROM jsonb_array_elements_text(CAST($5 AS jsonb)) AS e(value))) AS is_verified) x
CROSS JOIN seen CROSS JOIN ours
LEFT JOIN (SELECT CAST(v.value AS uuid) AS id FROM jsonb_array_elements_text(CAST($4 AS jsonb)) AS v(value)) w ON true";

/// The same as the functions `builder.shows` and `builder.includes`, which SQLite cannot have.
const ON_SQLITE: &str = "
SELECT x.is_verified, w.id,
    coalesce((SELECT v.contributors - (
        SELECT count(DISTINCT c.group_hash) FROM visible s
        CROSS JOIN builder.tenant_group t ON t.release_number = v.release_number AND t.tenant_id = s.org_id
        CROSS JOIN builder.contribution c ON c.release_number = t.release_number AND c.role_number = v.role_number
            AND c.group_hash = t.group_hash AND NOT c.is_waiting AND {contains}
    ) >= v.needs_independent FROM builder.draft_version v WHERE v.id = w.id), 0) AS is_shown,
    EXISTS (SELECT 1 FROM builder.draft_version v CROSS JOIN mine s
        CROSS JOIN builder.tenant_group t ON t.release_number = v.release_number AND t.tenant_id = s.org_id
        CROSS JOIN builder.contribution c ON c.release_number = t.release_number AND c.role_number = v.role_number
            AND c.group_hash = t.group_hash AND NOT c.is_waiting AND {contains}
        WHERE v.id = w.id) AS is_included
FROM (SELECT EXISTS (SELECT 1 FROM organization_verification f WHERE f.ended_at IS NULL AND f.org_id IN
    (SELECT unhex(j.value) FROM json_each($5) j)) AS is_verified) x
LEFT JOIN (SELECT unhex(j.value) AS id FROM json_each($4) j) w ON true";
/// Whether the peer group of a version contains the atom of a contribution.
const CONTAINS_ON_SQLITE: &str = "
            CASE WHEN v.peer_group = 0 THEN true
                 WHEN v.peer_group <= 20 THEN c.atom / 40 = v.peer_group - 1
                 WHEN v.peer_group <= 120 THEN c.atom / 8 = v.peer_group - 21
                 ELSE c.atom % 8 = v.peer_group - 121 END";

/// What is known without the builder: `$1` as `$5` above.
const VERIFIED_ON_POSTGRES: &str = "
SELECT EXISTS (SELECT FROM organization_verification f WHERE f.ended_at IS NULL AND f.org_id IN
    (SELECT CAST(e.value AS uuid) FROM jsonb_array_elements_text(CAST($1 AS jsonb)) AS e(value))) AS is_verified";
const VERIFIED_ON_SQLITE: &str = "
SELECT EXISTS (SELECT 1 FROM organization_verification f WHERE f.ended_at IS NULL AND f.org_id IN
    (SELECT unhex(j.value) FROM json_each($1) j)) AS is_verified";

/// The gate's answer for one viewer.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Whether an organization that the viewer can enter is verified.
    pub(super) is_verified: bool,
    /// Versions that may be shown, and whether the viewer's own organization is among their contributors.
    shown: HashMap<Uuid, bool>,
}

impl Gate {
    /// Whether the version includes the viewer's own organization; `None` if it may not be shown.
    pub(super) fn shown(&self, version: Uuid) -> Option<bool> {
        self.shown.get(&version).copied()
    }
}

/// Who asks, as the statement has it.
struct Viewer {
    user: Uuid,
    organization: Uuid,
    since: DateTime<Utc>,
    /// Organizations that can be entered, as a list in JSON.
    entered: String,
}

impl Viewer {
    fn of(actor: &Actor) -> Result<Self, StoreError> {
        let (user, organization) = match actor.caller() {
            Caller::User { id, .. } => (id.0, Uuid::nil()),
            Caller::ApiKey { organization: OrganizationId(organization), .. } => (Uuid::nil(), *organization),
            Caller::Operator => (Uuid::nil(), Uuid::nil()),
        };
        let memory = Months::new(Policy::default().memory_months);
        let since = actor.at().checked_sub_months(memory).unwrap_or(DateTime::UNIX_EPOCH);
        let entered = actor.entries().filter(|entry| entry.rights.level(Area::Benchmark).is_some());
        let entered = json_list(entered.map(|entry| entry.organization.0))?;
        Ok(Self { user, organization, since, entered })
    }
}

/// The digits only: so SQLite finds its bytes in them, and PostgreSQL reads them too.
fn json_list(ids: impl Iterator<Item = Uuid>) -> Result<String, StoreError> {
    let digits: Vec<String> = ids.map(|id| id.simple().to_string()).collect();
    Ok(serde_json::to_string(&digits)?)
}

impl BenchmarkReader<'_> {
    /// Asks for all versions in one statement, also for none. Where the builder's tables cannot be asked, nothing is shown.
    pub(super) async fn ask_gate(&self, actor: &Actor, versions: &[Uuid]) -> Result<Gate, StoreError> {
        let viewer = Viewer::of(actor)?;
        let is_postgres = self.store.database().backend() == DbBackend::Postgres;
        let question = if is_postgres { ON_POSTGRES } else { ON_SQLITE };
        let sql = format!("{VISIBLE}{}", question.replace("{contains}", CONTAINS_ON_SQLITE));
        let values: [Value; 5] = [
            viewer.user.into(),
            viewer.organization.into(),
            viewer.since.into(),
            json_list(versions.iter().copied())?.into(),
            viewer.entered.clone().into(),
        ];
        match self.store.ask(Door::Gate, &sql, values).await {
            Ok(rows) => answered(&rows),
            Err(StoreError::Internal(error)) => {
                tracing::warn!(error = %error, "the benchmark's gate does not answer: nothing is shown");
                let sql = if is_postgres { VERIFIED_ON_POSTGRES } else { VERIFIED_ON_SQLITE };
                answered(&self.store.ask_auth(sql, [viewer.entered.into()]).await?)
            }
            Err(error) => Err(error),
        }
    }
}

fn answered(rows: &[QueryResult]) -> Result<Gate, StoreError> {
    let mut gate = Gate::default();
    for row in rows {
        gate.is_verified = row.try_get("", "is_verified")?;
        let Ok(Some(version)) = row.try_get::<Option<Uuid>>("", "id") else { continue };
        if row.try_get("", "is_shown")? {
            gate.shown.insert(version, row.try_get("", "is_included")?);
        }
    }
    Ok(gate)
}
