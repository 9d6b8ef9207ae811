//! Who calls.

use rolemark_tests::{Client, Result, SignedIn, TestServer, join, sign_in, sign_up, unique};
use serde_json::json;

use crate::consultancy::{self, Grant};
use crate::direct::{Direct, NOTICED};
use crate::ids::Parts;
use crate::keys;
use crate::steps::{mutate, organization};
use crate::tenant::{Tenant, text};

/// A column of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    Anonymous,
    Stranger,
    Reader,
    Writer,
    Admin,
    Expired,
    Key,
    FullKey,
    Consultant,
    ConsultantWriter,
    ConsultantOfFamily,
    ConsultantExpired,
}

/// In the order of the columns.
pub(super) const COLUMNS: [Caller; 12] = [
    Caller::Anonymous,
    Caller::Stranger,
    Caller::Reader,
    Caller::Writer,
    Caller::Admin,
    Caller::Expired,
    Caller::Key,
    Caller::FullKey,
    Caller::Consultant,
    Caller::ConsultantWriter,
    Caller::ConsultantOfFamily,
    Caller::ConsultantExpired,
];

impl Caller {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Stranger => "stranger",
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Admin => "admin",
            Self::Expired => "expired",
            Self::Key => "key",
            Self::FullKey => "fullkey",
            Self::Consultant => "consultant",
            Self::ConsultantWriter => "consult-writer",
            Self::ConsultantOfFamily => "consult-family",
            Self::ConsultantExpired => "consult-expired",
        }
    }
}

/// An organization, and somebody of every kind.
pub(super) struct World {
    pub(super) tenant: Tenant,
    anonymous: Client,
    stranger: SignedIn,
    reader: SignedIn,
    writer: SignedIn,
    admin: SignedIn,
    expired: SignedIn,
    key: Client,
    full_key: Client,
    /// Consultants by grants to themselves: READ, WRITE, WRITE for the family of the organization's roles, and one whose
    /// grant has come to the end of its time.
    consultants: [SignedIn; 4],
    /// Somebody who lends access to each of them, and whom the organization's own firm has for a client.
    lender: SignedIn,
}

impl World {
    pub(super) async fn create(t: &TestServer) -> Result<Self> {
        let tenant = Tenant::create(t).await;
        let world = Self {
            anonymous: t.anonymous(),
            stranger: sign_up(t, "Stranger").await,
            reader: sign_up(t, "Reader's own").await,
            writer: sign_up(t, "Writer's own").await,
            admin: sign_in(t, &tenant.email, &tenant.password).await,
            expired: sign_up(t, "Expired").await,
            key: keys::new_key(&tenant, t, "BI tool", &["READ_ROLES", "READ_BENCHMARK", "READ_SCENARIOS"]).await,
            full_key: keys::new_key(&tenant, t, "Everything", &keys::SCOPES).await,
            consultants: [
                sign_up(t, "Consultant's own").await,
                sign_up(t, "Consultant writer's own").await,
                sign_up(t, "Consultant of a family's own").await,
                sign_up(t, "Expired consultant's own").await,
            ],
            lender: sign_up(t, "Lender").await,
            tenant,
        };
        let mut database = Direct::superuser(t).await?;
        world.lend_access(&mut database).await?;
        crate::benchmark::publish_empty_release(&mut database).await?;
        // The expired one is an admin, so that nothing but the session's end is in the way.
        for (person, level) in [(&world.reader, "READ"), (&world.writer, "WRITE"), (&world.expired, "ADMIN")] {
            join(&world.tenant.admin, world.tenant.get("organization"), person, level).await;
        }
        let ended = format!(
            "UPDATE session SET expires_at = created_at
             WHERE user_id = (SELECT id FROM user_account WHERE email = '{}')",
            world.expired.email
        );
        assert_eq!(Direct::superuser(t).await?.execute(ended).await?, 1);
        // The server may rely for a second on what it knew of the session.
        tokio::time::sleep(NOTICED).await;
        Ok(world)
    }

    /// The organization's admin, as a case of consultants has a client.
    pub(super) fn client_admin(&self) -> SignedIn {
        SignedIn { organization_id: self.tenant.get("organization").to_owned(), ..self.admin.clone() }
    }

    async fn lend_access(&self, database: &mut Direct) -> Result<()> {
        let admin = self.client_admin();
        let [reader, writer, of_family, expired] = &self.consultants;
        let write = json!({ "accessLevel": "WRITE" });
        consultancy::lend(&admin, reader, json!({})).await;
        consultancy::lend(&admin, writer, write.clone()).await;
        let families = json!({ "accessLevel": "WRITE", "families": [self.tenant.get("family")] });
        consultancy::lend(&admin, of_family, families).await;
        let grant = consultancy::lend(&admin, expired, write).await;
        let id = database.uuid(Parts::of(&grant.id).object.unwrap_or_default());
        let sql = format!("UPDATE consultant_grant SET expires_at = granted_at WHERE id = {id}");
        assert_eq!(database.execute(sql).await?, 1);
        consultancy::let_in(&self.lender, &admin, json!({})).await;
        Ok(())
    }

    /// A grant from somebody else to the caller, who has accepted it or not yet.
    pub(super) async fn grant_to(&self, caller: Caller, is_accepted: bool) -> Grant {
        let nobody = json!({ "email": format!("{}@example.com", unique("nobody")) });
        let Some(person) = self.person(caller) else { return consultancy::grant(&self.lender, nobody).await };
        // At most one grant of an organization is open for each person, so the last one goes.
        let list = "consultantGrants(first: 100, filter: { state: [PENDING, ACTIVE] }) { nodes { id email } }";
        let answer = organization(&self.lender, list).await;
        let open = answer.at("organization.consultantGrants.nodes").as_array().cloned().unwrap_or_default();
        for grant in open.iter().filter(|grant| grant["email"] == person.email.as_str()) {
            let id = grant["id"].as_str().unwrap_or_default().to_owned();
            consultancy::revoke(&self.lender, &Grant { id, token: None }).await;
        }
        match is_accepted && caller != Caller::Expired {
            true => consultancy::lend(&self.lender, person, json!({})).await,
            false => consultancy::grant(&self.lender, json!({ "email": person.email })).await,
        }
    }

    /// Somebody who has let the organization in as a firm.
    pub(super) fn lender(&self) -> &SignedIn {
        &self.lender
    }

    fn person(&self, caller: Caller) -> Option<&SignedIn> {
        match caller {
            Caller::Anonymous | Caller::Key | Caller::FullKey => None,
            Caller::Stranger => Some(&self.stranger),
            Caller::Reader => Some(&self.reader),
            Caller::Writer => Some(&self.writer),
            Caller::Admin => Some(&self.admin),
            Caller::Expired => Some(&self.expired),
            Caller::Consultant => Some(&self.consultants[0]),
            Caller::ConsultantWriter => Some(&self.consultants[1]),
            Caller::ConsultantOfFamily => Some(&self.consultants[2]),
            Caller::ConsultantExpired => Some(&self.consultants[3]),
        }
    }

    pub(super) fn client(&self, caller: Caller) -> Client {
        let program = match caller {
            Caller::Key => &self.key,
            Caller::FullKey => &self.full_key,
            _ => &self.anonymous,
        };
        self.person(caller).map_or_else(|| program.clone(), |person| person.client.clone())
    }

    /// Somebody in the place of the caller whose sessions and password may change, as they are about the person only.
    pub(super) async fn passing_person(&self, t: &TestServer, caller: Caller) -> SignedIn {
        match caller {
            Caller::Anonymous => SignedIn { client: self.anonymous.clone(), ..sign_up(t, "Passing").await },
            Caller::Expired => self.expired.clone(),
            Caller::Key | Caller::FullKey => SignedIn { client: self.client(caller), ..sign_up(t, "Passing").await },
            _ => sign_up(t, "Passing").await,
        }
    }

    /// Somebody of the caller's kind whose membership may end.
    pub(super) async fn passing_member(&self, t: &TestServer, caller: Caller) -> Client {
        let level = match caller {
            Caller::Reader => "READ",
            Caller::Writer => "WRITE",
            Caller::Admin => "ADMIN",
            _ => return self.client(caller),
        };
        let person = sign_up(t, "Passing").await;
        join(&self.tenant.admin, self.tenant.get("organization"), &person, level).await;
        person.client
    }

    /// Makes one more member, with READ; its identifier.
    pub(super) async fn new_member(&self, t: &TestServer) -> String {
        let invited = self.tenant.new_invitation(&format!("{}@example.com", unique("member"))).await;
        let input = json!({ "token": invited.token, "name": "Member", "password": unique("correct horse") });
        let answer = mutate(&t.anonymous(), "acceptInvitation", input, "member { id }").await;
        text(&answer.payload("acceptInvitation")["member"]["id"]).to_owned()
    }

    /// The caller with a session of its own, which may end.
    pub(super) async fn passing_client(&self, t: &TestServer, caller: Caller) -> Client {
        match self.person(caller) {
            Some(person) if caller != Caller::Expired => sign_in(t, &person.email, &person.password).await.client,
            _ => self.client(caller),
        }
    }
}
