//! Contributions, made by SQL: every organization is a control group of its own and contributes to every role.
//!
//! Their rows are written organization by organization, as a snapshot writes them.

use rolemark_tests::{Backend, Result};

use super::options::Options;
use super::site::Site;

/// Partners, each with the same number of organizations.
const PARTNERS: u32 = 200;
const SEEN_BY_PARTNER: u32 = 40;

/// Columns of a contribution that hold values.
const VALUES: &str = "score, ratio, mix_human, mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills";

/// Puts contributions into the draft with this number, as a snapshot would.
pub(crate) async fn contributions(site: &Site, options: &Options, organizations: u32, release: u32) -> Result<()> {
    let mut direct = site.superuser().await?;
    for role in 1..=options.roles {
        direct.run(&axis(options, release, role)).await?;
    }
    direct.run(&rows(site.backend, options, organizations, release)).await?;
    direct.run(&partners(site.backend, organizations, release)).await?;
    settled(site, release).await
}

/// The same contributions in the next release, but for one in twenty organizations with other values.
pub(crate) async fn next_release(site: &Site, options: &Options, release: u32) -> Result<()> {
    let mut direct = site.superuser().await?;
    for role in 1..=options.roles {
        direct.run(&axis(options, release, role)).await?;
    }
    direct
        .run(&format!(
            "INSERT INTO builder.contribution (release_number, role_number, group_hash, atom, admitted, is_exempt,
                 is_waiting, {VALUES}, value_hash, digest_1, digest_2, digest_3)
             SELECT {release}, role_number, group_hash, atom, admitted, is_exempt, is_waiting, {VALUES},
                 value_hash + CASE WHEN value_hash / 1000 % 20 = 0 THEN 1 ELSE 0 END, digest_1, digest_2,
                 digest_3 + CASE WHEN value_hash / 1000 % 20 = 0 THEN 1 ELSE 0 END
             FROM builder.contribution WHERE release_number = {release} - 1"
        ))
        .await?;
    direct
        .run(&format!(
            "INSERT INTO builder.partner_group (release_number, partner_number, group_hash)
             SELECT {release}, partner_number, group_hash FROM builder.partner_group
             WHERE release_number = {release} - 1"
        ))
        .await?;
    settled(site, release).await
}

/// Changes the score of one organization in a hundred, as the update of a snapshot would; how many rows.
pub(crate) async fn one_percent(site: &Site, release: u32) -> Result<u64> {
    let mut direct = site.superuser().await?;
    let chosen = format!("release_number = {release} AND value_hash / 1000 % 100 = 7");
    let change = |sign: i32| {
        format!(
            "INSERT INTO builder.contribution_change (sign, release_number, role_number, group_hash, atom, {VALUES}, value_hash,
                 digest_1, digest_2, digest_3)
             SELECT {sign}, release_number, role_number, group_hash, atom, {VALUES}, value_hash, digest_1, digest_2, digest_3
             FROM builder.contribution WHERE {chosen}"
        )
    };
    let changed = direct.run(&change(-1)).await?;
    direct
        .run(&format!(
            "UPDATE builder.contribution SET score = 100000 - score, value_hash = value_hash + 2, digest_2 = digest_2 + 1
             WHERE {chosen}"
        ))
        .await?;
    direct.run(&change(1)).await?;
    settled(site, release).await?;
    Ok(changed)
}

/// The next build goes on after the snapshot.
async fn settled(site: &Site, release: u32) -> Result<()> {
    let mut direct = site.superuser().await?;
    let step = format!("UPDATE builder.draft_release SET step = 'CELLS' WHERE number = {release}");
    direct.run(&step).await?;
    if site.backend == Backend::Postgres {
        direct.run("VACUUM ANALYZE builder.contribution").await?;
    }
    Ok(())
}

fn axis(options: &Options, release: u32, role: u32) -> String {
    let keys = |what: &str, number: u32| {
        let keys: Vec<String> = (1..=number).map(|key| format!("\"bench:role-{role}-{what}-{key}\"")).collect();
        format!("[{}]", keys.join(","))
    };
    let (tasks, skills) = (keys("task", options.tasks), keys("skill", options.skills));
    format!(
        "INSERT INTO builder.axis (release_number, role_number, role_key, kind, tasks, skills, score_centre, ratio_centre,
             is_totalled, is_done)
         VALUES ({release}, {role}, 'bench:role-{role}', 'ROLE', '{tasks}', '{skills}', 50000, -5000, false, false)"
    )
}

/// A number that looks like chance, from the organization `g`, the role `r` and another one.
fn chance(salt: u32, below: u32) -> String {
    format!("((g * 7919 + r * 104729 + g % 97 * (r % 89 + 3) * 31 + {salt} * (g % 1009 + r) * 57) % {below})")
}

fn rows(backend: Backend, options: &Options, organizations: u32, release: u32) -> String {
    let letters = |number: u32, alphabet: &str| {
        let length = alphabet.len() as u32;
        let letter = |place: u32| format!("substr('{alphabet}', CAST(1 + {} AS integer), 1)", chance(place, length));
        let letters: Vec<String> = (1..=number).map(letter).collect();
        if letters.is_empty() { "''".to_owned() } else { letters.join(" || ") }
    };
    let (tasks, skills) = (letters(options.tasks, "HRAU-"), letters(options.skills, "01"));
    let (score, ratio) = (chance(201, 100_001), chance(202, 4_000));
    let roles = options.roles;
    format!(
        "{with} INSERT INTO builder.contribution (release_number, role_number, group_hash, atom, admitted, is_exempt,
             is_waiting, {VALUES}, value_hash, digest_1, digest_2, digest_3)
         SELECT {release}, r, {hash}, g * 37 % 800, 1, true, false, {score}, -7000 + {ratio}, 250000, 250000, 250000, 250000,
             {tasks}, {skills}, g * 1000 + r, g * 1000003 % 1099511627776 + r, g * 7000003 % 1099511627776 + r,
             g * 13000027 % 1099511627776 + r
         FROM {organizations} CROSS JOIN {roles}",
        with = match backend {
            Backend::Postgres => String::new(),
            Backend::Sqlite => format!(
                "WITH RECURSIVE g(g) AS (VALUES (1) UNION ALL SELECT g + 1 FROM g WHERE g < {organizations}),
                 r(r) AS (VALUES (1) UNION ALL SELECT r + 1 FROM r WHERE r < {roles})"
            ),
        },
        hash = hash(backend),
        organizations = match backend {
            Backend::Postgres => format!("(SELECT generate_series(1, {organizations})::bigint AS g) s"),
            Backend::Sqlite => "g".to_owned(),
        },
        roles = match backend {
            Backend::Postgres => format!("(SELECT generate_series(1, {roles})::bigint AS r) t"),
            Backend::Sqlite => "r".to_owned(),
        },
    )
}

/// 16 bytes that name an organization, in ascending order: so a snapshot writes them.
fn hash(backend: Backend) -> &'static str {
    match backend {
        Backend::Postgres => "int8send(g) || substring(sha256(int8send(g)) FROM 1 FOR 8)",
        Backend::Sqlite => "CAST(printf('%016d', g) AS blob)",
    }
}

fn partners(backend: Backend, organizations: u32, release: u32) -> String {
    let step = (organizations / SEEN_BY_PARTNER).max(1);
    let of = format!("1 + (p * 13 + i * {step}) % {organizations}");
    let select = |source: &str| {
        format!(
            "INSERT INTO builder.partner_group (release_number, partner_number, group_hash)
             SELECT DISTINCT {release}, p, {} FROM (SELECT p, {of} AS g FROM {source}) q",
            hash(backend)
        )
    };
    match backend {
        Backend::Postgres => select(&format!(
            "(SELECT generate_series(1, {PARTNERS})::bigint AS p) a CROSS JOIN
             (SELECT generate_series(1, {SEEN_BY_PARTNER})::bigint AS i) b"
        )),
        Backend::Sqlite => format!(
            "WITH RECURSIVE a(p) AS (VALUES (1) UNION ALL SELECT p + 1 FROM a WHERE p < {PARTNERS}),
             b(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM b WHERE i < {SEEN_BY_PARTNER}) {}",
            select("a CROSS JOIN b")
        ),
    }
}
