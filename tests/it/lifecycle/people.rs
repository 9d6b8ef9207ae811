//! Somebody of every kind in one organization.

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{ALL_SCOPES, api_key, consultant};
use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;
use crate::steps::{create, mutate};

pub(super) struct People {
    pub(super) admin: SignedIn,
    pub(super) reader: SignedIn,
    pub(super) writer: SignedIn,
    pub(super) consultant: SignedIn,
    pub(super) stranger: SignedIn,
    /// With every scope there is.
    pub(super) key: Client,
    /// A role of the organization.
    pub(super) role: String,
}

impl People {
    pub(super) async fn gather(t: &TestServer, name: &str) -> Result<Self> {
        let admin = sign_up(t, name).await;
        let organization = organization_of(&admin.organization_id);
        let people = Self {
            reader: sign_up(t, "Reader's own").await,
            writer: sign_up(t, "Writer's own").await,
            consultant: sign_up(t, "Consultant's own").await,
            stranger: sign_up(t, "Stranger's own").await,
            key: api_key(t, organization, ALL_SCOPES).await?,
            role: create(&admin, json!({ "title": "A role" })).await.id,
            admin,
        };
        let mut database = Direct::superuser(t).await?;
        database.add_member(organization, &people.reader.email, "READ").await?;
        database.add_member(organization, &people.writer.email, "WRITE").await?;
        consultant(t, organization, &people.consultant.email).await?;
        tokio::time::sleep(NOTICED).await;
        Ok(people)
    }

    pub(super) fn organization(&self) -> &str {
        &self.admin.organization_id
    }

    pub(super) fn uuid(&self) -> Uuid {
        organization_of(self.organization())
    }

    /// Everybody who may see the organization but its admin, by a word.
    pub(super) fn others(&self) -> [(&'static str, &Client); 4] {
        [
            ("reader", &self.reader.client),
            ("writer", &self.writer.client),
            ("consultant", &self.consultant.client),
            ("key", &self.key),
        ]
    }

    /// Runs one of the three mutations on the organization.
    pub(super) async fn change(&self, client: &Client, mutation: &str, more: Value) -> Answer {
        let input = crate::steps::merged(json!({ "organizationId": self.organization() }), more);
        mutate(client, mutation, input, SELECTION).await
    }

    /// Runs any mutation that takes an organization.
    pub(super) async fn change_with(&self, client: &Client, mutation: &str, more: Value) -> Answer {
        let input = crate::steps::merged(json!({ "organizationId": self.organization() }), more);
        mutate(client, mutation, input, "").await
    }

    /// Closes the organization as its admin.
    pub(super) async fn close(&self, name: &str) -> Answer {
        self.change(&self.admin.client, "closeOrganization", json!({ "name": name })).await
    }

    pub(super) async fn restore(&self) -> Answer {
        self.change(&self.admin.client, "restoreOrganization", json!({})).await
    }

    /// What somebody sees of the organization; null if it is hidden.
    pub(super) async fn seen_by(&self, client: &Client) -> Value {
        let document = "query($id: ID!) { organization(id: $id) { id name closedAt } }";
        client.graphql(document, json!({ "id": self.organization() })).await.data()["organization"].clone()
    }
}

const SELECTION: &str = "organization { id name closedAt erasedAfter
    viewerPermissions { accessLevel canEdit canReadAuditLog canAdminister canExport } }";

pub async fn only_admins_rename_close_and_restore(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    let before = Direct::superuser(t).await?.dump(people.uuid()).await?;
    for (mutation, more) in [
        ("renameOrganization", json!({ "name": "Southwind" })),
        ("closeOrganization", json!({ "name": "Northwind", "reason": "A whim" })),
        ("restoreOrganization", json!({})),
    ] {
        for (who, client) in people.others() {
            let answer = people.change(client, mutation, more.clone()).await;
            assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation} by {who}: {answer}");
        }
        let answer = people.change(&people.stranger.client, mutation, more.clone()).await;
        assert_eq!(answer.user_error_codes(mutation), ["NOT_FOUND"], "{mutation} by a stranger: {answer}");
        let answer = people.change(&t.anonymous(), mutation, more).await;
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{answer}");
    }
    let unnoted =
        |lines: Vec<String>| lines.into_iter().filter(|line| !line.starts_with("api_key:")).collect::<Vec<_>>();
    let after = Direct::superuser(t).await?.dump(people.uuid()).await?;
    assert_eq!(unnoted(before), unnoted(after), "something has changed");
    Ok(())
}
