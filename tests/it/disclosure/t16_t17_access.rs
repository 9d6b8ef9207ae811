//! T16, T17: those who can see several contributors anyway.

use chrono::{Duration, Months, Utc};
use rolemark_tests::{Result, TestServer, join, sign_up};

use super::finding::Finding;
use super::gate_world::{FIVE_OF_THIRTEEN, FIVE_OF_TWELVE, LATER_CLIENTS, TWO_CONSULTANTS, Whom, lend, verify, world};
use super::reading::{ALL, is_shown};
use crate::direct::NOTICED;
use crate::ids::organization_of;

/// The banks that contribute to [`LATER_CLIENTS`]: all levels of theirs.
const BANKS: [&str; 4] = [
    ALL,
    "{ industry: FINANCE }",
    "{ industryBySize: { industry: FINANCE, sizeBand: FROM_500_TO_1999 } }",
    "{ region: NORTH_AMERICA }",
];

pub(crate) async fn t16_clients_after_the_publication(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let server = world.server();
    let role = world.key(LATER_CLIENTS);
    let clients: Vec<_> = world.pool[24..29].iter().map(|place| world.plan.organizations[*place].id).collect();
    let (consultant, firm, former) =
        (sign_up(server, "Consultant").await, sign_up(server, "Firm").await, sign_up(server, "Former firm").await);
    let (colleague, unrelated) = (sign_up(server, "Colleague").await, sign_up(server, "Unrelated").await);
    join(&firm.client, &firm.organization_id, &colleague, "READ").await;
    let mut direct = world.direct().await?;
    for person in [&consultant, &firm, &former, &colleague, &unrelated] {
        verify(&mut direct, person).await?;
    }
    let before = is_shown(&consultant.client, role, ALL).await;
    let (now, later) = (Utc::now() - Duration::minutes(1), Utc::now() + Duration::days(30));
    let ended = Utc::now() - Months::new(23);
    for client in clients {
        lend(&mut direct, client, Whom::Person(&consultant.email), (now, later)).await?;
        lend(&mut direct, client, Whom::Firm(organization_of(&firm.organization_id)), (now, later)).await?;
        let time = (ended - Duration::days(90), ended);
        lend(&mut direct, client, Whom::Firm(organization_of(&former.organization_id)), time).await?;
    }
    tokio::time::sleep(NOTICED).await;
    let mut shown = Vec::new();
    for person in [&consultant, &firm, &colleague, &former] {
        let mut levels = 0;
        for level in BANKS {
            levels += usize::from(is_shown(&person.client, role, level).await);
        }
        shown.push(levels);
    }
    let control = is_shown(&unrelated.client, role, BANKS[1]).await && is_shown(&unrelated.client, role, ALL).await;
    Finding {
        number: "T16",
        attack: "five of twelve clients after the publication",
        tried: "consultant, firm, his colleague, a firm whose access ended 23 months ago; 4 levels".to_owned(),
        condition: "withheld for all of them; shown before, and to an unrelated tenant",
        measured: format!("levels shown {shown:?}; before {before}; unrelated {control}"),
    }
    .judge(server, shown == [0; 4] && before && control);
    Ok(())
}

pub(crate) async fn t17_partners_at_the_snapshot(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let mut shown = Vec::new();
    for role in [FIVE_OF_TWELVE, TWO_CONSULTANTS] {
        let mut times = 0;
        for (_, client) in world.attackers() {
            for level in super::reading::LEVELS {
                times += usize::from(is_shown(client, world.key(role), level).await);
            }
        }
        shown.push(times);
    }
    let control = is_shown(&world.reader.client, world.key(FIVE_OF_THIRTEEN), ALL).await;
    let sql = "SELECT count(*) FROM builder.draft_cell WHERE reason = 'COALITION'";
    let reasons = world.direct().await?.number(sql).await?;
    Finding {
        number: "T17",
        attack: "partners at the snapshot",
        tried: "a firm with 5 clients of 12; two consultants of one firm with 3 and 3 of 13; 4 levels, 5 attackers"
            .to_owned(),
        condition: "withheld for everyone; 5 of 13 shown",
        measured: format!("times shown {shown:?}; 5 of 13 shown: {control}; {reasons} cells withheld as coalitions"),
    }
    .judge(world.server(), shown == [0, 0] && control && reasons >= 2);
    Ok(())
}
