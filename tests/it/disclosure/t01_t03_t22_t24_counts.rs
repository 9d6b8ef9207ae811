//! T01, T03, T22, T24: who counts, and that fewer than ten are nobody.

use std::collections::BTreeSet;

use rolemark_tests::{Result, TestServer};

use super::finding::Finding;
use super::gate_world::{NEW_ONES, NINE_OWNERS, PERSONS, SYBILS, TEN, TEN_OWNERS, world};
use super::reading::{ALL, LEVELS, ask, cell, is_shown};

pub(crate) async fn t01_small_counts(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let (mut withheld, mut asked, mut distinct) = (0, 0, 0);
    for (_, client) in world.attackers() {
        for level in LEVELS {
            let mut bodies = BTreeSet::new();
            for role in 0..TEN {
                let answer = ask(client, world.key(role), level).await;
                withheld += usize::from(answer.at("roleBenchmark.withheld") == "WITHHELD");
                asked += 1;
                bodies.insert((answer.status, answer.header("content-length").to_owned(), answer.bytes));
            }
            distinct = distinct.max(bodies.len());
        }
    }
    let ten = is_shown(&world.reader.client, world.key(TEN), ALL).await;
    let counts: Vec<i64> = {
        let mut counts = Vec::new();
        for role in 0..=TEN {
            counts.push(world.counted(role).await?);
        }
        counts
    };
    Finding {
        number: "T01",
        attack: "small counts",
        tried: format!("roles with {counts:?} contributors, 4 levels, 5 attackers: {asked} questions for 0 to 9"),
        condition: "all withheld; the bodies of 0 to 9 identical byte for byte; ten shown",
        measured: format!(
            "{withheld} withheld, {distinct} distinct body for each level and attacker; ten shown: {ten}"
        ),
    }
    .judge(world.server(), withheld == asked && distinct == 1 && ten && counts == (0..=10).collect::<Vec<_>>());
    Ok(())
}

pub(crate) async fn t03_one_owner_with_many_tenants(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let (nine, ten) = (world.key(NINE_OWNERS), world.key(TEN_OWNERS));
    let mut shown = 0;
    for (_, client) in world.attackers() {
        for level in LEVELS {
            shown += usize::from(is_shown(client, nine, level).await);
        }
    }
    let control = is_shown(&world.reader.client, ten, ALL).await;
    let counts = (world.counted(NINE_OWNERS).await?, world.counted(TEN_OWNERS).await?);
    Finding {
        number: "T03",
        attack: "one owner, many tenants",
        tried: "12 tenants of 9 owners, 12 tenants of 10 owners; 4 levels, 5 attackers".to_owned(),
        condition: "nine owners withheld, ten shown",
        measured: format!("{shown} times shown for nine; ten shown: {control}; owners counted {counts:?}"),
    }
    .judge(world.server(), shown == 0 && control && counts == (9, 10));
    Ok(())
}

pub(crate) async fn t22_sybils_do_not_count(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let (with_fifty, with_nine) = (world.counted(SYBILS).await?, world.counted(NEW_ONES).await?);
    let sql = format!(
        "SELECT count(*) FROM builder.contribution c JOIN builder.axis a ON a.release_number = c.release_number
             AND a.role_number = c.role_number WHERE a.role_key = '{}' AND NOT c.is_waiting AND NOT c.is_exempt",
        world.key(NEW_ONES)
    );
    let new = world.direct().await?.number(sql).await?;
    let shown = cell(&world.reader.client, world.key(SYBILS), ALL).await;
    let band = shown["contributors"]["from"].clone();
    Finding {
        number: "T22",
        attack: "Sybil tenants",
        tried: "12 old groups and 50 tenants: 15 unverified, 15 of 60 days, 10 of one card, 10 of one domain; 12 old \
                groups and 9 verified all at once"
            .to_owned(),
        condition: "n stays 12; at most a third of the counted groups is new",
        measured: format!("n = {with_fifty}, shown as {band} or more; {new} of {with_nine} are new"),
    }
    .judge(world.server(), with_fifty == 12 && band == 10 && 3 * new <= with_nine && new > 0);
    Ok(())
}

pub(crate) async fn t24_persons_are_not_sent(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let rows = world.counted(PERSONS).await?;
    let mut direct = world.direct().await?;
    let axes =
        direct.number(format!("SELECT count(*) FROM builder.axis WHERE role_key = '{}'", world.key(PERSONS))).await?;
    let rows_of_tenants = direct.number("SELECT count(*) FROM builder.tenant_contribution").await?;
    let shown = is_shown(&world.reader.client, world.key(PERSONS), ALL).await;
    Finding {
        number: "T24",
        attack: "roles of one or two persons",
        tried: "12 tenants with one or two heads in a role; all filler roles of the world have one".to_owned(),
        condition: "0 rows in the snapshot",
        measured: format!("{rows} rows of {axes} axes, {rows_of_tenants} rows of tenants left; shown: {shown}"),
    }
    .judge(world.server(), rows == 0 && rows_of_tenants == 0 && !shown);
    Ok(())
}
