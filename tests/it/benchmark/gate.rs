//! Who may see what is published: not those who can see so much of it that the rest could be worked out.

use chrono::{DateTime, Duration, Months, Utc};
use rolemark_tests::{Backend, Client, Result, SignedIn, TestServer, join, sign_up};

use super::world::{ALL, INDUSTRY, World, contributor, is_shown, read};

/// A verified firm, and so many clients that let it in.
pub(super) async fn firm_with_clients(world: &mut World, number: usize) -> Result<(SignedIn, Vec<SignedIn>)> {
    firm_until(world, number, Utc::now() + Duration::days(30)).await
}

async fn firm_until(world: &mut World, number: usize, until: DateTime<Utc>) -> Result<(SignedIn, Vec<SignedIn>)> {
    let firm = world.verified("A firm").await?;
    let mut clients = Vec::with_capacity(number);
    for _ in 0..number {
        let client = sign_up(&world.server, "A client").await;
        world.lend(&client, &firm, until).await?;
        clients.push(client);
    }
    Ok((firm, clients))
}

/// Publishes cells of twelve contributors, five of which are clients of a firm; the firm and the clients.
pub(super) async fn five_of_twelve(t: &TestServer, until: DateTime<Utc>) -> Result<(World, SignedIn, Vec<SignedIn>)> {
    let mut world = World::new(t).await?;
    let (firm, clients) = firm_until(&mut world, 5, until).await?;
    let mut contributors = World::strangers(7);
    contributors.extend(clients.iter().map(contributor));
    world.publish_all_levels(&contributors).await?;
    Ok((world, firm, clients))
}

pub async fn a_viewer_of_too_many_contributors_sees_nothing(t: &TestServer) -> Result<()> {
    let (mut world, firm, clients) = five_of_twelve(t, Utc::now() + Duration::days(30)).await?;
    assert!(!is_shown(&firm.client, ALL).await, "twelve without five are seven");
    assert!(!is_shown(&firm.client, INDUSTRY).await);
    let unrelated = world.verified("Unrelated").await?;
    assert!(is_shown(&unrelated.client, ALL).await);
    assert!(is_shown(&unrelated.client, INDUSTRY).await);
    assert!(is_shown(&clients[0].client, ALL).await, "a client sees itself only");
    // Four of twelve leave eight.
    let other = world.verified("Another firm").await?;
    for client in &clients[..4] {
        world.lend(client, &other, Utc::now() + Duration::days(1)).await?;
    }
    assert!(is_shown(&other.client, ALL).await);
    world.server.stop().await;
    Ok(())
}

/// Grants to a person count for the person's colleagues too, and those to colleagues for the person.
pub async fn a_colleague_sees_no_more(t: &TestServer) -> Result<()> {
    let (mut world, firm, clients) = five_of_twelve(t, Utc::now() + Duration::days(30)).await?;
    let colleague = sign_up(&world.server, "A colleague").await;
    assert!(is_shown(&colleague.client, ALL).await, "not a colleague yet");
    join(&firm.client, &firm.organization_id, &colleague, "READ").await;
    tokio::time::sleep(crate::direct::NOTICED).await;
    assert!(!is_shown(&colleague.client, ALL).await);
    // What two colleagues are members of or were granted themselves adds up.
    let (one, two) = (world.verified("One").await?, sign_up(&world.server, "Two").await);
    join(&one.client, &one.organization_id, &two, "READ").await;
    assert!(is_shown(&one.client, ALL).await);
    for (number, client) in clients.iter().enumerate() {
        let person = if number < 3 { &one } else { &two };
        if number == 0 {
            join(&client.client, &client.organization_id, person, "READ").await;
        } else {
            crate::consultancy::lend(client, person, serde_json::json!({})).await;
        }
    }
    tokio::time::sleep(crate::direct::NOTICED).await;
    assert!(!is_shown(&one.client, ALL).await, "three of its own and two of its colleague");
    assert!(!is_shown(&two.client, ALL).await);
    world.server.stop().await;
    Ok(())
}

pub async fn access_counts_for_24_months(t: &TestServer) -> Result<()> {
    let months_ago = |months| Utc::now() - Months::new(months);
    let (mut world, firm, clients) = five_of_twelve(t, months_ago(23)).await?;
    assert!(!is_shown(&firm.client, ALL).await, "23 months after the grants ended");
    let later = world.verified("Another firm").await?;
    for client in &clients {
        world.lend(client, &later, months_ago(25)).await?;
    }
    assert!(is_shown(&later.client, ALL).await, "25 months after the grants ended");
    world.server.stop().await;
    Ok(())
}

pub async fn a_key_sees_what_its_organization_sees(t: &TestServer) -> Result<()> {
    let (mut world, firm, _) = five_of_twelve(t, Utc::now() + Duration::days(30)).await?;
    let unrelated = world.verified("Unrelated").await?;
    for (owner, expected) in [(&firm, false), (&unrelated, true)] {
        let key = world.direct.add_api_key(owner, &["READ_BENCHMARK"], &[]).await?;
        let program: Client = world.server.anonymous().with_token(&key);
        assert_eq!(is_shown(&program, ALL).await, expected);
        assert_eq!(is_shown(&program, INDUSTRY).await, expected);
    }
    world.server.stop().await;
    Ok(())
}

pub async fn you_are_included(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    let (member, other) = (world.verified("Northwind").await?, world.verified("Fabrikam").await?);
    let contributors = [World::strangers(11), vec![contributor(&member)]].concat();
    world.publish_all_levels(&contributors).await?;
    for group in [ALL, INDUSTRY] {
        let (mine, theirs) = (read(&member.client, group).await, read(&other.client, group).await);
        assert_eq!((&mine["includesYou"], &theirs["includesYou"]), (&true.into(), &false.into()));
        assert_eq!(mine["aiImpactScore"], theirs["aiImpactScore"], "the same numbers for everybody");
    }
    let key = world.direct.add_api_key(&member, &["READ_BENCHMARK"], &[]).await?;
    assert_eq!(read(&world.server.anonymous().with_token(&key), ALL).await["includesYou"], true);
    world.server.stop().await;
    Ok(())
}

/// Without the builder's tables nobody can tell who may see what, so nobody sees anything.
pub async fn without_the_builder_nothing_is_shown(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let reader = world.verified("Northwind").await?;
    let file = world.server.directory().join("benchmark.sqlite");
    let aside = file.with_extension("aside");
    match world.server.backend() {
        Backend::Sqlite => std::fs::rename(&file, &aside)?,
        Backend::Postgres => {
            world.direct.execute("REVOKE USAGE ON SCHEMA builder FROM rolemark_auth").await?;
        }
    }
    for group in [ALL, INDUSTRY] {
        let cell = read(&reader.client, group).await;
        assert_eq!((&cell["withheld"], &cell["aiImpactScore"]), (&"WITHHELD".into(), &serde_json::Value::Null));
    }
    match world.server.backend() {
        Backend::Sqlite => std::fs::rename(&aside, &file)?,
        Backend::Postgres => {
            world.direct.execute("GRANT USAGE ON SCHEMA builder TO rolemark_auth").await?;
        }
    }
    assert!(is_shown(&reader.client, ALL).await, "the gate is asked again");
    world.server.stop().await;
    Ok(())
}
