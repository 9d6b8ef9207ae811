use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::{
    disclosure::{
        Attributes, Axis, Candidate, Industry, OrganizationContribution, PeerGroup, Policy, control_groups, eligibility,
    },
    roles::{RoleDefinition, RoleLimits},
};
use sea_orm::ConnectionTrait;

use super::{
    plan::Standing,
    roles::{PublishedRole, roles_of},
    spec::Calendar,
    *,
};
use crate::{
    RequestOrigin, Store, StoreOptions,
    audit::Checkpoint,
    clock::{SystemClock, SystemIds},
    identity::{SignUp, ThrottleLimits},
    library::NoProgress,
    operator::Operator,
};

const SEED: u64 = 1;

fn spec(organizations: usize) -> WorldSpec {
    WorldSpec { seed: SEED, organizations, last: "2026-Q2".parse().unwrap() }
}

/// A migrated file, and its directory.
struct Place {
    directory: tempfile::TempDir,
    url: DatabaseUrl,
}

impl Place {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(directory.path().join("rolemark.sqlite"));
        crate::migrate(&url, &SystemClock).await.unwrap();
        Self { directory, url }
    }

    fn options(&self) -> StoreOptions {
        StoreOptions {
            database_url: self.url.clone(),
            auth_database_url: self.url.clone(),
            connections: 2,
            acquire_timeout: std::time::Duration::from_secs(5),
            statement_timeout: std::time::Duration::from_secs(5),
            benchmark_file: self.directory.path().join("benchmark.sqlite"),
            signing_key_file: self.directory.path().join("key.pem"),
            issuer: "test".into(),
            audience: "test".into(),
            concurrent_password_hashes: 1,
            throttle: ThrottleLimits::default(),
            is_sign_up_open: true,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
        }
    }

    async fn sign_up(&self) -> Store {
        let store = Store::open(self.options()).await.unwrap();
        let input = SignUp {
            email: "ada@northwind.example".into(),
            password: "a password for the whole world".into(),
            name: "Ada".into(),
            organization_name: "Northwind".into(),
        };
        store.sign_up(input, &Arc::new(RequestOrigin::default()), |id| id.0.to_string()).await.unwrap();
        store
    }

    async fn prepare(&self, spec: WorldSpec) -> World {
        let options = WorldOptions {
            database_url: &self.url,
            spec,
            password_of: "ada@northwind.example",
            audit_name: |id| id.0.to_string(),
            now: midnight(domain::disclosure::Day { year: 2026, month: 11, day: 22 }),
        };
        prepare_world(options, &NoProgress).await.unwrap()
    }

    async fn number(&self, sql: &str) -> i64 {
        let connection = open(&self.url).await.unwrap();
        let rows = query(&connection, sql, []).await.unwrap();
        connection.close().await.unwrap();
        rows[0].try_get_by_index(0).unwrap()
    }
}

async fn shipped() -> Vec<CanonicalRole> {
    let place = Place::new().await;
    let connection = open(&place.url).await.unwrap();
    library(&connection).await.unwrap()
}

/// What was published last before the values of a quarter are taken.
fn definitions(roles: &[PublishedRole], calendar: &Calendar, quarter: usize) -> Vec<RoleDefinition> {
    let as_of = calendar.snapshot(quarter) - chrono::Duration::days(30);
    let current = |role: &PublishedRole| {
        role.versions.iter().rev().find(|version| version.at <= as_of).map(|version| version.definition.clone())
    };
    roles.iter().filter_map(current).collect()
}

/// How many control groups each cell of a quarter has, by the rules E1 to E4.
fn cells(spec: &WorldSpec, library: &[CanonicalRole], quarter: usize) -> HashMap<(String, PeerGroup), usize> {
    let (policy, calendar, organizations) = (Policy::default(), Calendar::of(spec), plan(spec));
    let axes: Vec<Axis> = library.iter().map(|role| Axis::of_role(role, &policy)).collect();
    let holdings: Vec<(Uuid, Attributes)> = organizations
        .iter()
        .map(|planned| {
            let legal_group = planned.holding.map(|holding| holding.to_string());
            (planned.id, Attributes { legal_group, ..Attributes::default() })
        })
        .collect();
    let groups: HashMap<Uuid, Uuid> = control_groups(&holdings).into_iter().collect();
    let mut members: BTreeMap<(String, PeerGroup), HashSet<Uuid>> = BTreeMap::new();
    for planned in &organizations {
        let roles = roles_of(spec, &calendar, library, planned);
        let definitions = definitions(&roles, &calendar, quarter);
        let given = OrganizationContribution::of(&definitions, &axes, &policy);
        let candidate = Candidate {
            has_joined: planned.standing != Standing::NotTaking
                && planned.leaves.is_none_or(|(when, _)| when > quarter)
                && planned.joined_at <= calendar.snapshot(quarter),
            age_days: (calendar.snapshot(quarter) - planned.created_at).num_days(),
            is_verified: planned.standing != Standing::NotVerified,
            headcount: given.total_heads,
            qualified_roles: given.qualified_roles,
            is_closed: false,
            has_segment: true,
        };
        if !eligibility(&policy, &candidate).is_empty() {
            continue;
        }
        for row in given.rows {
            for peer_group in PeerGroup::of_atom(planned.segment.atom()) {
                let cell = members.entry((row.axis.clone(), peer_group)).or_default();
                cell.insert(groups[&planned.id]);
            }
        }
    }
    members.into_iter().map(|(cell, groups)| (cell, groups.len())).collect()
}

#[tokio::test]
async fn six_hundred_organizations_are_enough_for_every_level() {
    let library = shipped().await;
    let spec = spec(600);
    for quarter in [0, QUARTERS - 1] {
        let cells = cells(&spec, &library, quarter);
        let filled = |is_level: fn(&PeerGroup) -> bool| {
            cells.iter().filter(|((_, peer_group), groups)| is_level(peer_group) && **groups >= 10).count()
        };
        let all = filled(|peer_group| matches!(peer_group, PeerGroup::All));
        let industry = filled(|peer_group| matches!(peer_group, PeerGroup::Industry(_)));
        let industry_size = filled(|peer_group| matches!(peer_group, PeerGroup::IndustrySize(..)));
        let region = filled(|peer_group| matches!(peer_group, PeerGroup::Region(_)));
        println!("quarter {quarter}: all {all}, industry {industry}, industry x size {industry_size}, region {region}");
        assert!(all >= 43 && industry >= 120 && industry_size >= 40 && region >= 100);
        let biggest = ("rolemark:backend-engineer".to_owned(), PeerGroup::Industry(Industry::Information));
        assert!(cells[&biggest] >= 30, "{}", cells[&biggest]);
    }
}

#[tokio::test]
async fn roles_are_valid_and_change_step_by_step() {
    let library = shipped().await;
    let spec = spec(60);
    let (calendar, limits) = (Calendar::of(&spec), RoleLimits::default());
    let (mut roles_seen, mut versions, mut small, mut own_words) = (0, 0, 0, 0);
    for planned in plan(&spec) {
        let roles = roles_of(&spec, &calendar, &library, &planned);
        let linked = roles.iter().filter(|role| role.versions[0].definition.canonical_role.is_some()).count();
        assert!((10..=30).contains(&linked), "{linked}");
        let heads: f64 = roles.iter().map(|role| role.versions[0].definition.headcount).sum();
        assert!(heads >= planned.heads as f64 && heads <= planned.heads as f64 + 30.0);
        for role in roles {
            roles_seen += 1;
            versions += role.versions.len();
            for pair in role.versions.windows(2) {
                assert!(pair[0].at < pair[1].at && pair[0].definition != pair[1].definition);
            }
            for version in role.versions {
                version.definition.validate(&limits).unwrap();
                small += usize::from(version.definition.headcount < 3.0);
                own_words += version.definition.tasks.iter().filter(|task| task.canonical_task.is_none()).count();
            }
        }
    }
    assert!(versions > roles_seen * 5 / 4 && versions < roles_seen * 4, "{versions} of {roles_seen}");
    assert!(small > 20 && own_words > 100, "{small} {own_words}");
}

#[tokio::test]
async fn maturity_grows() {
    let library = shipped().await;
    let spec = spec(100);
    let calendar = Calendar::of(&spec);
    let mut means = [0.0, 0.0];
    for (mean, quarter) in means.iter_mut().zip([0, QUARTERS - 1]) {
        let mut scores = Vec::new();
        for planned in plan(&spec).iter().filter(|planned| planned.from == 0 && planned.leaves.is_none()) {
            let roles = roles_of(&spec, &calendar, &library, planned);
            let definitions = definitions(&roles, &calendar, quarter);
            scores.extend(definitions.iter().filter_map(|role| domain::score::score_value(&role.tasks)));
        }
        *mean = scores.iter().sum::<f64>() / scores.len() as f64;
    }
    println!("mean score {:.1} -> {:.1}", means[0], means[1]);
    assert!(means[1] > means[0] + 2.0 && means[0] > 20.0 && means[1] < 80.0, "{means:?}");
}

#[test]
fn the_same_seed_gives_the_same_world_and_another_gives_another() {
    assert_eq!(plan(&spec(80)), plan(&spec(80)));
    assert_ne!(plan(&spec(80)), plan(&WorldSpec { seed: 2, ..spec(80) }));
    let grants = |seed| {
        let spec = WorldSpec { seed, ..spec(300) };
        let access = partners(&spec, &plan(&spec)).access;
        access.into_values().flat_map(|access| access.grants).collect::<Vec<_>>()
    };
    assert_eq!(grants(1), grants(1));
    assert_ne!(grants(1), grants(2));
}

#[test]
fn organizations_come_and_go_and_belong_together() {
    let organizations = plan(&spec(600));
    let count = |is_so: &dyn Fn(&&Planned) -> bool| organizations.iter().filter(is_so).count();
    assert!((430..500).contains(&count(&|planned| planned.from == 0)));
    assert!((80..170).contains(&count(&|planned| planned.leaves.is_some())));
    assert_eq!(count(&|planned| planned.holding == Some(0)), 50);
    for standing in [Standing::NotVerified, Standing::TooYoung, Standing::NotTaking] {
        assert!((4..40).contains(&count(&|planned| planned.standing == standing)), "{standing:?}");
    }
    let names: HashSet<&str> = organizations.iter().map(|planned| planned.name.as_str()).collect();
    assert_eq!(names.len(), 600);
    assert!(names.iter().all(|name| name.ends_with("(synthetic)")));
}

#[test]
fn firms_have_two_to_twelve_clients_and_consultants_some() {
    let spec = spec(600);
    let organizations = plan(&spec);
    let made = partners(&spec, &organizations);
    assert_eq!(made.firms, 12);
    let grants: Vec<_> = made.access.values().flat_map(|access| &access.grants).collect();
    let mut clients: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for grant in &grants {
        let grantee = grant.firm_id.or(grant.user_id).unwrap();
        assert!(clients.entry(grantee).or_default().insert(grant.org_id), "one grant for a client");
        assert_ne!(grant.firm_id, Some(grant.org_id));
        assert!(grant.ended_at.is_none_or(|ended| ended <= grant.expires_at && ended > grant.granted_at));
    }
    assert_eq!(clients.len(), 12 + 10);
    assert!(clients.values().all(|clients| (2..=12).contains(&clients.len())));
    let ended = grants.iter().filter(|grant| grant.ended_at.is_some()).count();
    assert!(ended * 4 > grants.len() && ended * 4 < grants.len() * 3, "{ended} of {}", grants.len());
}

#[tokio::test]
async fn a_world_is_written_once_and_its_audit_chains_verify() {
    let place = Place::new().await;
    let store = place.sign_up().await;
    let started = std::time::Instant::now();
    let world = place.prepare(spec(40)).await;
    println!("40 organizations in {:?}", started.elapsed());
    assert_eq!((world.added, world.spec), (40, spec(40)));
    // Another seed does not make another world on top.
    let again = place.prepare(WorldSpec { seed: 9, ..spec(70) }).await;
    assert_eq!((again.added, again.spec), (0, spec(40)));
    let operator = Operator::open(place.options()).await.unwrap();
    let organizations = operator.organizations().await.unwrap();
    assert_eq!(organizations.len(), 41);
    for summary in organizations {
        let scope = operator.enter(summary).unwrap();
        let none: Option<&Checkpoint> = None;
        let report = operator.store().verify_chain(&scope, none, &NoProgress).await.unwrap();
        assert_eq!((report.fault, report.entries), (None, 1));
    }
    let email = "admin-1@synthetic.example";
    store.sign_in(email, "a password for the whole world", &Arc::new(RequestOrigin::default())).await.unwrap();
}

#[tokio::test]
async fn a_world_that_was_interrupted_is_completed() {
    let place = Place::new().await;
    place.sign_up().await;
    place.prepare(spec(30)).await;
    let connection = open(&place.url).await.unwrap();
    connection.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
    for table in [
        "firm_assignment",
        "consultant_grant",
        "role_version",
        "role_configuration",
        "benchmark_participation",
        "organization_segment",
        "organization_verification",
        "member",
        "audit_payload",
        "audit_event",
        "audit_head",
        "organization",
    ] {
        let sql = format!(
            "DELETE FROM {table} WHERE org_id = (SELECT max(org_id) FROM organization WHERE name LIKE '%(synthetic)')"
        );
        connection.execute_unprepared(&sql).await.unwrap();
    }
    connection.close().await.unwrap();
    assert_eq!(place.prepare(spec(30)).await.added, 1);
    assert_eq!(place.number("SELECT count(*) FROM organization").await, 31);
}

#[tokio::test]
async fn who_left_takes_part_no_longer() {
    let place = Place::new().await;
    place.sign_up().await;
    let spec = spec(100);
    place.prepare(spec).await;
    let live = "SELECT count(*) FROM benchmark_participation WHERE left_at IS NULL";
    let before = place.number(live).await;
    let leavers = |quarter| {
        let is_gone = |planned: &Planned| planned.leaves.is_some_and(|(when, _)| when <= quarter);
        let takes_part = |planned: &&Planned| planned.standing != Standing::NotTaking;
        plan(&spec).iter().filter(takes_part).filter(|planned| is_gone(planned)).count()
    };
    let (mut gone, last) = (0, QUARTERS - 1);
    for quarter in 0..=last {
        gone += enter_quarter(&place.url, &spec, quarter).await.unwrap();
        assert_eq!(gone, leavers(quarter));
        assert_eq!(place.number(live).await, before - gone as i64);
    }
    assert!(gone > 10, "{gone}");
    assert_eq!(enter_quarter(&place.url, &spec, last).await.unwrap(), 0);
}

#[tokio::test]
async fn postgresql_is_refused() {
    let url: DatabaseUrl = "postgres://owner@localhost/rolemark".parse().unwrap();
    assert!(matches!(enter_quarter(&url, &spec(1), 0).await, Err(WorldError::Postgres)));
}
