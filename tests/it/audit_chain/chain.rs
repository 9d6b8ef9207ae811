//! The chain as an auditor would recompute it, from the tables alone:
//!
//! - `hash(n) = SHA-256(hash(n-1) || n as 8 bytes || content)`, and `hash(0)` is 32 zero bytes
//! - content and payload digest are SHA-256 over fields, each with its length in 8 bytes in front
//! - numbers are big-endian, instants are microseconds since 1970

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use rolemark_tests::Result;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::direct::Direct;
use crate::on_either;

/// An entry as its rows have it.
pub(crate) struct Link {
    id: Uuid,
    pub(crate) seq: i64,
    occurred_at: DateTime<Utc>,
    actor: Option<Uuid>,
    actor_kind: String,
    pub(crate) action: String,
    object_type: String,
    pub(super) object_id: Option<String>,
    pub(super) request_id: String,
    payload_digest: Vec<u8>,
    pub(crate) hash: Vec<u8>,
    /// How the digests are made: 2 covers grant, firm and address too.
    format: i32,
    grant: Option<Uuid>,
    firm: Option<Uuid>,
    /// Salt, text and address; none once erased.
    pub(crate) payload: Option<(Vec<u8>, String, Option<String>)>,
}

/// All of an organization.
pub(crate) struct Chain {
    organization: Uuid,
    pub(crate) links: Vec<Link>,
    head: (i64, Vec<u8>),
}

type Event = (
    (Uuid, i64, DateTime<Utc>, Option<Uuid>, String, String),
    (String, Option<String>, String, Vec<u8>, Vec<u8>, Option<Vec<u8>>, Option<String>),
    (i32, Option<Uuid>, Option<Uuid>, Option<String>),
);

/// The columns of an entry, wherever they come from.
macro_rules! events {
    ($raw:expr, $sql:expr) => {{
        use sqlx::Row;
        let rows = sqlx::query($sql).fetch_all($raw).await?;
        let mut events: Vec<Event> = Vec::with_capacity(rows.len());
        for row in rows {
            events.push((
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?, row.try_get(5)?),
                (
                    row.try_get(6)?,
                    row.try_get(7)?,
                    row.try_get(8)?,
                    row.try_get(9)?,
                    row.try_get(10)?,
                    row.try_get(11)?,
                    row.try_get(12)?,
                ),
                (row.try_get(13)?, row.try_get(14)?, row.try_get(15)?, row.try_get(16)?),
            ));
        }
        events
    }};
}

impl Chain {
    pub(crate) async fn read(database: &mut Direct, organization: Uuid) -> Result<Self> {
        let literal = database.uuid(organization);
        let events = AssertSqlSafe(format!(
            "SELECT e.id, e.seq, e.occurred_at, e.actor_id, e.actor_kind, e.action, e.object_type, e.object_id,
                e.request_id, e.payload_digest, e.hash, p.salt, p.payload, e.format, e.grant_id, e.firm_id, p.address
             FROM audit_event e LEFT JOIN audit_payload p ON p.org_id = e.org_id AND p.event_id = e.id
             WHERE e.org_id = {literal} ORDER BY e.seq"
        ));
        let events: Vec<Event> = on_either!(database, |raw| events!(raw, events));
        let head = AssertSqlSafe(format!("SELECT seq, hash FROM audit_head WHERE org_id = {literal}"));
        let head = on_either!(database, |raw| sqlx::query_as(head).fetch_one(raw).await)?;
        Ok(Self { organization, links: events.into_iter().map(Link::of).collect(), head })
    }

    /// Makes every hash what it would be if the entries had been made as they are now.
    pub(crate) async fn rewrite(&self, database: &mut Direct) -> Result<()> {
        let mut hash = vec![0_u8; 32];
        let org = database.uuid(self.organization);
        for link in &self.links {
            hash = link.next_hash(self.organization, &hash);
            let literal = database.bytes(&hash);
            let sql = format!("UPDATE audit_event SET hash = {literal} WHERE org_id = {org} AND seq = {}", link.seq);
            assert_eq!(database.execute(sql).await?, 1);
        }
        let literal = database.bytes(&hash);
        database.execute(format!("UPDATE audit_head SET hash = {literal} WHERE org_id = {org}")).await?;
        Ok(())
    }

    /// What is wrong first, if anything is.
    pub(crate) fn verify(&self) -> Result<()> {
        let mut hash = vec![0_u8; 32];
        for (expected, link) in (1..).zip(&self.links) {
            if link.seq != expected {
                return Err(format!("gap: entry {expected} is {}", link.seq).into());
            }
            if link.payload_digest_now().is_some_and(|digest| digest != link.payload_digest) {
                return Err(format!("entry {expected}: payload differs from its digest").into());
            }
            hash = link.next_hash(self.organization, &hash);
            if hash != link.hash {
                return Err(format!("entry {expected}: hash is not {}", hexadecimal(&hash)).into());
            }
        }
        let seq = i64::try_from(self.links.len())?;
        if self.head != (seq, hash) {
            return Err(format!("head: {} is not the last entry, {seq}", self.head.0).into());
        }
        Ok(())
    }
}

impl Link {
    fn of((first, second, third): Event) -> Self {
        let (id, seq, occurred_at, actor, actor_kind, action) = first;
        let (object_type, object_id, request_id, payload_digest, hash, salt, payload) = second;
        let (format, grant, firm, address) = third;
        let payload = salt.zip(payload).map(|(salt, payload)| (salt, payload, address));
        Self {
            id,
            seq,
            occurred_at,
            actor,
            actor_kind,
            action,
            object_type,
            object_id,
            request_id,
            payload_digest,
            hash,
            format,
            grant,
            firm,
            payload,
        }
    }

    /// The digest of the payload as it is now; none once erased.
    fn payload_digest_now(&self) -> Option<Vec<u8>> {
        let (salt, payload, address) = self.payload.as_ref()?;
        let address = address.as_deref().unwrap_or_default();
        Some(match self.format {
            1 => digest_of_fields(&[salt, payload.as_bytes()]),
            _ => digest_of_fields(&[salt, payload.as_bytes(), address.as_bytes()]),
        })
    }

    fn next_hash(&self, organization: Uuid, previous: &[u8]) -> Vec<u8> {
        let actor = self.actor.map(|actor| actor.as_bytes().to_vec()).unwrap_or_default();
        let grant = self.grant.map(|grant| grant.as_bytes().to_vec()).unwrap_or_default();
        let firm = self.firm.map(|firm| firm.as_bytes().to_vec()).unwrap_or_default();
        let occurred_at = self.occurred_at.timestamp_micros().to_be_bytes();
        let mut fields: Vec<&[u8]> = vec![
            organization.as_bytes(),
            self.id.as_bytes(),
            &occurred_at,
            self.actor_kind.as_bytes(),
            &actor,
            self.action.as_bytes(),
            self.object_type.as_bytes(),
            self.object_id.as_deref().unwrap_or_default().as_bytes(),
            self.request_id.as_bytes(),
            &self.payload_digest,
        ];
        if self.format > 1 {
            fields.extend([grant.as_slice(), firm.as_slice()]);
        }
        let content = digest_of_fields(&fields);
        sha256(&[previous, &self.seq.to_be_bytes(), &content])
    }
}

fn digest_of_fields(fields: &[&[u8]]) -> Vec<u8> {
    let lengths: Vec<[u8; 8]> = fields.iter().map(|field| (field.len() as u64).to_be_bytes()).collect();
    let parts: Vec<&[u8]> = lengths.iter().zip(fields).flat_map(|(length, field)| [length.as_slice(), field]).collect();
    sha256(&parts)
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}

/// As the API tells hashes.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
