//! Releases as the schema has them.

use std::{str::FromStr, sync::Arc};

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::disclosure::Quarter;
use serde_json::Value;
use store::benchmark::reading::{Approval, PublishedRelease, Retraction};

use crate::graphql::{context::ContextExt, error::ApiError, id::GlobalId};

/// What became of a release
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum BenchmarkReleaseState {
    /// Its figures can be read
    Published,
    /// It was taken back as a whole; its figures are not shown any more
    Retracted,
}

#[derive(Clone)]
pub(crate) struct BenchmarkRelease(pub(super) Arc<PublishedRelease>);

impl BenchmarkRelease {
    /// The release with this key, if it was published and the caller may read the library.
    pub(crate) async fn load(ctx: &Context<'_>, key: &str) -> Result<Option<Self>, ApiError> {
        ctx.request().library_reader()?;
        Ok(ctx.request().benchmark().known_release(checked(key)?).await?.map(Self))
    }
}

/// Refuses a key that no release can have.
pub(super) fn checked(key: &str) -> Result<&str, ApiError> {
    match Quarter::from_str(key) {
        Ok(_) => Ok(key),
        Err(_) => Err(ApiError::BadUserInput("A release is named by its quarter, such as 2026-Q3.".to_owned())),
    }
}

/// Why the figures of a release are not shown, and what to read instead.
pub(super) fn retracted(key: &str, retraction: &Retraction, newest: Option<&PublishedRelease>) -> ApiError {
    let day = retraction.at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let way_out = match newest {
        Some(newest) => format!("leave release out to read {}, or choose one of benchmarkReleases", newest.key),
        None => "there is no other release yet".to_owned(),
    };
    ApiError::BadUserInput(format!("The release {key} was retracted on {day}: {way_out}."))
}

/// An immutable set of benchmark figures as of the end of a quarter
#[Object]
impl BenchmarkRelease {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        GlobalId::BenchmarkRelease(self.0.key.to_string()).encode()
    }

    /// Key, the quarter, such as 2026-Q3
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What became of it
    async fn state(&self) -> BenchmarkReleaseState {
        match self.0.retraction {
            None => BenchmarkReleaseState::Published,
            Some(_) => BenchmarkReleaseState::Retracted,
        }
    }

    /// The instant as of which the contributions were read
    async fn snapshot_at(&self) -> DateTime<Utc> {
        self.0.snapshot_at
    }

    /// When it was published
    async fn published_at(&self) -> DateTime<Utc> {
        self.0.published_at
    }

    /// The rules that it was made by
    async fn policy(&self) -> BenchmarkPolicy {
        BenchmarkPolicy(Arc::clone(&self.0))
    }

    /// Whether a number of the policy is laxer than the normative one
    async fn is_loosened(&self) -> bool {
        self.0.is_loosened
    }

    /// Whether it was made from a synthetic world, so that its figures say nothing about real organizations
    async fn is_synthetic(&self) -> bool {
        self.0.is_synthetic
    }

    /// Revision of the program that made it
    async fn code_revision(&self) -> &str {
        &self.0.code_revision
    }

    /// Root of the Merkle tree over its cells, in hexadecimal digits
    async fn merkle_root(&self) -> &str {
        &self.0.merkle_root
    }

    /// The manifest, as the text that was signed
    async fn manifest(&self) -> &str {
        &self.0.manifest
    }

    /// Signature of the manifest, Ed25519 in Base64
    async fn signature(&self) -> &str {
        &self.0.signature
    }

    /// The public key that verifies the signature, in Base64
    async fn public_key(&self) -> &str {
        &self.0.public_key
    }

    /// The people who approved it
    async fn approvals(&self) -> Vec<BenchmarkApproval> {
        self.0.approvals.iter().cloned().map(Into::into).collect()
    }

    /// When and why it was taken back; null while it stands
    async fn retraction(&self) -> Option<BenchmarkRetraction> {
        self.0.retraction.clone().map(|Retraction { at, reason }| BenchmarkRetraction { retracted_at: at, reason })
    }
}

/// A person's signature under the manifest of a release
#[derive(SimpleObject)]
pub(crate) struct BenchmarkApproval {
    /// Who approved it
    approver: String,
    /// The person's public key, in Base64
    public_key: String,
    /// The person's signature, Ed25519 in Base64
    signature: String,
    /// When it was approved
    approved_at: DateTime<Utc>,
}

impl From<Approval> for BenchmarkApproval {
    fn from(approval: Approval) -> Self {
        let Approval { approver, public_key, signature, approved_at, .. } = approval;
        Self { approver, public_key, signature, approved_at }
    }
}

/// The end of a release
#[derive(SimpleObject)]
pub(crate) struct BenchmarkRetraction {
    /// When it was taken back
    retracted_at: DateTime<Utc>,
    /// Why it was taken back
    reason: String,
}

pub(crate) struct BenchmarkPolicy(Arc<PublishedRelease>);

/// The rules of disclosure control that a release was made by
#[Object]
impl BenchmarkPolicy {
    /// Version of the policy
    async fn version(&self) -> i32 {
        self.0.policy_version
    }

    /// SHA-256 of the document, in hexadecimal digits
    async fn hash(&self) -> &str {
        &self.0.policy_hash
    }

    /// The whole policy as JSON: the text that was hashed
    async fn document(&self) -> &str {
        &self.0.policy_text
    }

    /// Every number of the policy by its name; of a list, each with its place, such as bands.0
    async fn numbers(&self) -> Vec<BenchmarkPolicyNumber> {
        let mut numbers = Vec::new();
        if let Ok(document) = serde_json::from_str(&self.0.policy_text) {
            collect("", &document, &mut numbers);
        }
        numbers
    }
}

/// A number of a policy
#[derive(SimpleObject)]
pub(crate) struct BenchmarkPolicyNumber {
    /// Its name, such as kMin
    name: String,
    /// Its value
    value: f64,
}

fn collect(path: &str, value: &Value, numbers: &mut Vec<BenchmarkPolicyNumber>) {
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(&below(name), value, numbers)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, value)| collect(&below(&place.to_string()), value, numbers));
        }
        Value::Number(number) => {
            let value = number.as_f64().unwrap_or_default();
            numbers.push(BenchmarkPolicyNumber { name: path.to_owned(), value });
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
