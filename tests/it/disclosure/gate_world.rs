//! One release with the noise of production: the world of the attacks on counts, coalitions and access.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rolemark_tests::{Backend, Client, Result, SignedIn, TestServer, join, sign_up};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::office::{Office, Quarter, quarters, root};
use super::plan::{BANKS, Plan, SOFTWARE};
use crate::direct::Direct;
use crate::ids::{organization_of, random_uuid};

/// Roles 0 to 10 have as many contributors.
pub(super) const TEN: usize = 10;
pub(super) const NINE_OWNERS: usize = 11;
pub(super) const TEN_OWNERS: usize = 12;
/// Twelve contributors, five of whom let a firm in after the publication.
pub(super) const LATER_CLIENTS: usize = 13;
pub(super) const FIVE_OF_TWELVE: usize = 14;
pub(super) const TWO_CONSULTANTS: usize = 15;
pub(super) const FIVE_OF_THIRTEEN: usize = 16;
pub(super) const SYBILS: usize = 17;
pub(super) const NEW_ONES: usize = 18;
pub(super) const PERSONS: usize = 19;
/// Everybody of the pool.
pub(super) const MANY: usize = 20;
pub(super) const MANY_TOO: usize = 21;

/// A published release, and people who read it.
pub(super) struct World {
    pub(super) office: Office,
    pub(super) plan: Plan,
    /// The admin of a contributor.
    pub(super) insider: SignedIn,
    /// The admin of a firm with five clients in [`FIVE_OF_TWELVE`], one of the two consultants, and his colleague.
    pub(super) partners: Vec<SignedIn>,
    /// Verified, and without any part in it.
    pub(super) reader: SignedIn,
    /// Of the pool, by their places: the contributors of [`MANY`].
    pub(super) pool: Vec<usize>,
    /// The roots of the cells: of a build that was killed and resumed, and of one from the start.
    pub(super) roots: [String; 2],
    /// How often the builder was killed.
    pub(super) kills: usize,
}

impl World {
    pub(super) fn server(&self) -> &TestServer {
        &self.office.server
    }

    /// The key of a role.
    pub(super) fn key(&self, role: usize) -> &str {
        self.plan.key(role)
    }

    pub(super) async fn direct(&self) -> Result<Direct> {
        self.office.direct().await
    }

    /// Everybody who attacks with credentials.
    pub(super) fn attackers(&self) -> Vec<(&'static str, &Client)> {
        let names = ["firm", "consultant", "colleague"];
        let partners = names.into_iter().zip(self.partners.iter().map(|partner| &partner.client));
        [("reader", &self.reader.client), ("insider", &self.insider.client)].into_iter().chain(partners).collect()
    }

    /// How many groups count for a role, as the builder knows.
    pub(super) async fn counted(&self, role: usize) -> Result<i64> {
        let sql = format!(
            "SELECT count(*) FROM builder.contribution c JOIN builder.axis a ON a.release_number = c.release_number
                 AND a.role_number = c.role_number WHERE a.role_key = '{}' AND NOT c.is_waiting",
            self.key(role)
        );
        Ok(self.direct().await?.number(sql).await?)
    }
}

/// The world of a backend; made by the first case that asks for it.
pub(super) async fn world(t: &TestServer) -> Result<&'static World> {
    static WORLDS: [OnceCell<World>; 2] = [OnceCell::const_new(), OnceCell::const_new()];
    WORLDS[usize::from(t.backend() == Backend::Postgres)].get_or_try_init(|| make(t.backend())).await
}

async fn make(backend: Backend) -> Result<World> {
    let mut office = Office::new(backend).await?;
    let quarter = quarters(1)[0];
    let mut direct = office.direct().await?;
    let mut plan = Plan::new(&mut direct).await?;
    let server = Arc::clone(&office.server);
    let insider = sign_up(&server, "Insider").await;
    let partners = [
        sign_up(&server, "A firm").await,
        sign_up(&server, "Two consultants").await,
        sign_up(&server, "Colleague").await,
    ];
    let pool = contributors(&mut plan, &insider);
    let clients = clients(&mut plan);
    sybils(&mut plan, &pool, quarter.snapshot());
    plan.write(&mut direct).await?;
    let since = direct.instant(plan.since);
    let own = direct.uuid(organization_of(&insider.organization_id));
    direct.execute(format!("UPDATE organization SET created_at = {since} WHERE org_id = {own}")).await?;
    let_in(&mut direct, &plan, &clients, &partners).await?;
    let (kills, roots) = build_twice(&mut office, quarter).await?;
    office.publish(quarter).await?;
    let reader = sign_up(&server, "Reader").await;
    let mut direct = office.direct().await?;
    for person in [&reader, &partners[0], &partners[1], &partners[2]] {
        verify(&mut direct, person).await?;
    }
    Ok(World { office, plan, insider, partners: partners.into(), reader, pool, roots, kills })
}

/// The pool, and who of it runs what.
fn contributors(plan: &mut Plan, insider: &SignedIn) -> Vec<usize> {
    let pool = [plan.add(24, SOFTWARE), plan.add(16, BANKS)].concat();
    plan.organizations[pool[0]].id = organization_of(&insider.organization_id);
    plan.organizations[pool[0]].is_there = true;
    for count in 0..=TEN {
        plan.run_all(&pool[1..=count], count);
    }
    plan.run_all(&pool[24..36], LATER_CLIENTS);
    for (place, organization) in pool[..12].iter().enumerate() {
        plan.run(*organization, PERSONS, 40.0).heads = if place < 6 { 1.0 } else { 2.0 };
    }
    plan.run_all(&pool, MANY);
    plan.run_all(&pool, MANY_TOO);
    // One owner with four of twelve tenants, and one with three.
    for (role, of_one_owner) in [(NINE_OWNERS, 4), (TEN_OWNERS, 3)] {
        let tenants = plan.add(12, SOFTWARE);
        for tenant in &tenants[..of_one_owner] {
            plan.organizations[*tenant].legal_group = Some(format!("holding {role}"));
        }
        plan.run_all(&tenants, role);
    }
    pool
}

/// The contributors of the roles in which partners have clients.
fn clients(plan: &mut Plan) -> [Vec<Uuid>; 3] {
    [(FIVE_OF_TWELVE, 12), (TWO_CONSULTANTS, 13), (FIVE_OF_THIRTEEN, 13)].map(|(role, count)| {
        let tenants = plan.add(count, SOFTWARE);
        plan.run_all(&tenants, role);
        tenants.iter().map(|tenant| plan.organizations[*tenant].id).collect()
    })
}

/// Fifty tenants that must not count, and nine that were verified all at once.
fn sybils(plan: &mut Plan, pool: &[usize], snapshot: DateTime<Utc>) {
    let old = &pool[4..16];
    plan.organizations[old[0]].payment_instrument = Some("card-4711".to_owned());
    plan.organizations[old[1]].registrant_domain = Some("sybil.example".to_owned());
    plan.run_all(old, SYBILS);
    plan.run_all(old, NEW_ONES);
    let fifty = plan.add(50, SOFTWARE);
    for (place, sybil) in fifty.iter().enumerate() {
        let organization = &mut plan.organizations[*sybil];
        match place {
            0..15 => organization.is_unverified = true,
            15..30 => organization.created_at = snapshot - chrono::Duration::days(60),
            30..40 => organization.payment_instrument = Some("Card 4711".to_owned()),
            _ => organization.registrant_domain = Some("www.Sybil.example".to_owned()),
        }
    }
    plan.run_all(&fifty, SYBILS);
    let nine = plan.add(9, SOFTWARE);
    for new in &nine {
        plan.organizations[*new].is_by_contract = false;
    }
    plan.run_all(&nine, NEW_ONES);
}

/// Lets partners in before the snapshot: a firm, two consultants of another one, and a third firm.
async fn let_in(direct: &mut Direct, plan: &Plan, clients: &[Vec<Uuid>; 3], partners: &[SignedIn; 3]) -> Result<()> {
    let [firm, consultant, colleague] = partners;
    join(&consultant.client, &consultant.organization_id, colleague, "READ").await;
    let since = direct.instant(plan.since);
    let at_home = direct.uuid(organization_of(&consultant.organization_id));
    direct.execute(format!("UPDATE member SET joined_at = {since} WHERE org_id = {at_home}")).await?;
    let firm = organization_of(&firm.organization_id);
    for (clients, whom) in [
        (&clients[0][..5], Whom::Firm(firm)),
        (&clients[1][..3], Whom::Person(&consultant.email)),
        (&clients[1][3..6], Whom::Person(&colleague.email)),
        (&clients[2][..5], Whom::Firm(random_uuid())),
    ] {
        for client in clients {
            lend(direct, *client, whom, (plan.since, Utc::now() + chrono::Duration::days(30))).await?;
        }
    }
    Ok(())
}

/// Who is let in.
#[derive(Clone, Copy)]
pub(super) enum Whom<'a> {
    Firm(Uuid),
    /// A user by the e-mail address.
    Person(&'a str),
}

/// Lends access to a client for a time.
pub(super) async fn lend(
    direct: &mut Direct,
    client: Uuid,
    whom: Whom<'_>,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let (client, id) = (direct.uuid(client), direct.uuid(random_uuid()));
    let (from, until) = (direct.instant(from), direct.instant(until));
    let (columns, values) = match whom {
        Whom::Firm(firm) => ("firm_id", direct.uuid(firm)),
        Whom::Person(email) => {
            let user = format!("(SELECT id FROM user_account WHERE email = '{email}')");
            ("email, user_id, accepted_at", format!("'{email}', {user}, {from}"))
        }
    };
    let sql = format!(
        "INSERT INTO consultant_grant (org_id, id, name, level, reason, granted_by, granted_at, expires_at, {columns})
         VALUES ({client}, {id}, 'A partner', 'READ', 'A project', {id}, {from}, {until}, {values})"
    );
    direct.execute(sql).await?;
    Ok(())
}

/// Verifies an organization that takes no part.
pub(super) async fn verify(direct: &mut Direct, person: &SignedIn) -> Result<()> {
    let organization = direct.uuid(organization_of(&person.organization_id));
    let (id, now) = (direct.uuid(random_uuid()), direct.instant(Utc::now()));
    let sql = format!(
        "INSERT INTO organization_verification (org_id, id, legal_entity, is_by_contract, verified_at)
         VALUES ({organization}, {id}, '{}', false, {now})",
        person.email
    );
    direct.execute(sql).await?;
    Ok(())
}

/// Builds with kills in between, and once more from the contributions on; the numbers of kills, and the roots.
async fn build_twice(office: &mut Office, quarter: Quarter) -> Result<(usize, [String; 2])> {
    let key = quarter.key();
    let mut kills = 0;
    for wait in [150, 400, 800, 1_300] {
        kills += usize::from(office.build_and_kill(quarter, Duration::from_millis(wait)).await?);
    }
    office.run(&["build", &key]).await?;
    let resumed = root(&office.run(&["audit", &key]).await?).to_owned();
    let mut direct = office.direct().await?;
    for sql in [
        "UPDATE builder.draft_release SET state = 'DRAFT', step = 'CELLS', built_at = NULL, audited_at = NULL,
             merkle_root = NULL, manifest = NULL, signature = NULL",
        "UPDATE builder.axis SET is_totalled = false, is_done = false",
        "DELETE FROM builder.atom_total",
        "DELETE FROM builder.draft_cell",
        "DELETE FROM builder.draft_version",
    ] {
        direct.execute(sql).await?;
    }
    drop(direct);
    office.run(&["build", &key]).await?;
    let again = root(&office.run(&["audit", &key]).await?).to_owned();
    Ok((kills, [resumed, again]))
}
