//! Who calls.

use rolemark_tests::{Client, Result, SignedIn, TestServer, join, sign_in, sign_up, unique};
use serde_json::json;

use crate::direct::{Direct, NOTICED};
use crate::keys;
use crate::steps::mutate;
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
}

/// In the order of the columns.
pub(super) const COLUMNS: [Caller; 8] = [
    Caller::Anonymous,
    Caller::Stranger,
    Caller::Reader,
    Caller::Writer,
    Caller::Admin,
    Caller::Expired,
    Caller::Key,
    Caller::FullKey,
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
            tenant,
        };
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

    fn person(&self, caller: Caller) -> Option<&SignedIn> {
        match caller {
            Caller::Anonymous | Caller::Key | Caller::FullKey => None,
            Caller::Stranger => Some(&self.stranger),
            Caller::Reader => Some(&self.reader),
            Caller::Writer => Some(&self.writer),
            Caller::Admin => Some(&self.admin),
            Caller::Expired => Some(&self.expired),
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
