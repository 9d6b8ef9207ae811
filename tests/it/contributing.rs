//! An organization's part in the benchmark: joining, leaving, its segment, the preview of what it sends.

mod joining;
mod preview;
mod receipts;
mod segments;
mod verifying;

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up, unique};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::direct::Direct;
use crate::ids::organization_of;
use crate::lifecycle::access::days_from_now;
use crate::steps::{Role, create, merged, mutate, organization, publish};

pub use joining::{
    a_closed_organization_does_not_join, admins_join_and_leave, leaving_twice_is_refused, nobody_but_admins_takes_part,
    two_admins_join_once,
};
pub use preview::{
    archived_roles_are_not_sent, configurations_of_a_role_are_one, limited_consultants_see_no_participation,
    obstacles_say_what_is_missing, preview_holds_no_words_of_the_organization, preview_is_what_the_roles_say,
    previews_cost_the_same_however_many, roles_that_are_left_out_say_why,
};
pub use receipts::receipts_are_read_back;
pub use segments::{
    bad_segments_are_refused, unverified_segments_are_corrected, verified_segments_change_once_in_a_year,
};
pub use verifying::{
    organizations_are_listed_as_they_stand, verification_is_ended_and_never_overwritten, verifying_needs_a_segment,
};

/// Canonical roles; the library suggests to combine the first two.
pub(crate) const KEYS: [&str; 4] =
    ["rolemark:backend-engineer", "rolemark:devops-engineer", "rolemark:product-manager", "rolemark:recruiter"];

/// A segment as an input has it.
pub(crate) fn segment(industry: &str) -> Value {
    json!({ "industry": industry, "sizeBand": "FROM_20_TO_99", "region": "WESTERN_EUROPE" })
}

/// An organization whose roles are enough for the benchmark.
pub(crate) struct Contributor {
    pub(crate) admin: SignedIn,
    /// In every text of its roles.
    pub(crate) mark: String,
    /// In the order of [`KEYS`], each with 10 heads.
    pub(crate) roles: Vec<Role>,
}

impl Contributor {
    /// Signs up, publishes a role for each canonical role, and lets some time have passed since.
    pub(crate) async fn create(t: &TestServer) -> Result<Self> {
        let mark = unique("cnry").replace('_', "");
        let admin = sign_up(t, &format!("{mark} organization")).await;
        let mut contributor = Self { admin, mark, roles: Vec::new() };
        for key in KEYS {
            let role = create(&contributor.admin, contributor.role_like(key, json!({})).await).await;
            publish(&contributor.admin.client, &role).await;
            contributor.roles.push(role);
        }
        contributor.grow_old(t).await?;
        Ok(contributor)
    }

    pub(crate) fn uuid(&self) -> Uuid {
        organization_of(&self.admin.organization_id)
    }

    /// A role with the tasks and skills of a canonical role, linked to them, and its own word in every text.
    pub(crate) async fn role_like(&self, key: &str, more: Value) -> Value {
        let document = "query($key: String!) { canonicalRole(key: $key) {
            tasks { key stage } skills { canonicalSkillKey } } }";
        let answer = self.admin.client.graphql(document, json!({ "key": key })).await;
        let marked = |text: &str| format!("{} {text}", self.mark);
        let tasks = answer.at("canonicalRole.tasks").as_array().cloned().unwrap_or_default();
        let tasks = tasks.iter().enumerate().map(|(place, task)| {
            json!({ "key": format!("{}-{place}", self.mark), "title": marked(&format!("task {place}")),
                "stage": task["stage"], "canonicalTaskKey": task["key"] })
        });
        let skills = answer.at("canonicalRole.skills").as_array().cloned().unwrap_or_default();
        let skills = skills.iter().enumerate().map(|(place, skill)| {
            json!({ "name": marked(&format!("skill {place}")), "canonicalSkillKey": skill["canonicalSkillKey"],
                "trend": "STABLE", "priority": "MEDIUM" })
        });
        let role = json!({
            "title": marked(key), "family": marked("family"), "summary": marked("summary"), "level": marked("level"),
            "technologyStack": [marked("technology")], "externalId": format!("{}-{key}", self.mark), "headcount": 10,
            "canonicalRoleKey": key, "tasks": tasks.collect::<Vec<_>>(), "skills": skills.collect::<Vec<_>>(),
        });
        merged(role, more)
    }

    /// Lets half a year have passed since the organization was made, and since its roles were published: whatever the day
    /// is, they are in time for the next release.
    pub(crate) async fn grow_old(&self, t: &TestServer) -> Result<()> {
        let mut database = Direct::superuser(t).await?;
        let (org, then) = (database.uuid(self.uuid()), days_from_now(&database, -180));
        let made = format!("UPDATE organization SET created_at = {then} WHERE org_id = {org}");
        assert_eq!(database.execute(made).await?, 1);
        database.execute(format!("UPDATE role_version SET published_at = {then} WHERE org_id = {org}")).await?;
        tokio::time::sleep(crate::direct::NOTICED).await;
        Ok(())
    }

    /// Tries to change the organization's part in the benchmark.
    pub(crate) async fn try_change(&self, client: &Client, mutation: &str, more: Value) -> Answer {
        let input = merged(json!({ "organizationId": self.admin.organization_id }), more);
        mutate(client, mutation, input, &format!("benchmarkParticipation {{ {PART} }}")).await
    }

    /// Changes it, as the admin; the part as it is then.
    pub(crate) async fn change(&self, mutation: &str, more: Value) -> Value {
        let answer = self.try_change(&self.admin.client, mutation, more).await;
        answer.payload(mutation)["benchmarkParticipation"].clone()
    }

    /// Fields of the organization's part, as the admin sees them.
    pub(crate) async fn part(&self, selection: &str) -> Value {
        let answer = organization(&self.admin, &format!("benchmarkParticipation {{ {selection} }}")).await;
        assert!(answer.body["errors"].is_null(), "{answer}");
        answer.at("organization.benchmarkParticipation").clone()
    }

    /// The latest entries of the audit log: action, object and details.
    async fn log(&self, entries: usize) -> Vec<Value> {
        let selection =
            format!("auditEvents(first: {entries}) {{ nodes {{ action objectType objectId details actorName }} }}");
        let answer = organization(&self.admin, &selection).await;
        answer.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default()
    }
}

/// Everything about a part that does not change from request to request.
const PART: &str =
    "isParticipating joinedAt joinedBy { email } history { joinedAt joinedBy { email } leftAt leftBy { email } }
    segment { industry sizeBand region declaredAt isVerified canChangeAt } verification { isVerified verifiedAt }
    viewerCanManage";

/// The details of an entry, which are a document.
fn details(entry: &Value) -> Value {
    match &entry["details"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    }
}
