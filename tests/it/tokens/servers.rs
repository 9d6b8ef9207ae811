//! Two servers over the same database and the same keys.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rolemark::Server;
use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_up};
use serde_json::Value;
use tokio::sync::Barrier;

use super::commands::rotate;
use super::forge::server_with_directory;
use super::rotation::{assert_known, key_of, refresh};
use super::{OPEN, assert_unauthenticated};
use crate::direct::NOTICED;

/// How many people work at the same time.
const PEOPLE: usize = 4;

/// A second server beside one.
async fn beside(server: &TestServer, directory: &Path) -> Result<Server> {
    let started = Server::start(server.database().config(directory.to_owned())).await;
    Ok(started.map_err(|error| error.to_string())?)
}

/// A token of a new key is good at a server that has not noticed the rotation by itself yet.
pub async fn servers_share_their_keys(t: &TestServer) -> Result<()> {
    let (first, directory) = server_with_directory(t.backend()).await?;
    let second = beside(&first, &directory).await?;
    let (here, there) = (first.anonymous(), Client::anonymous(&second.url()));
    let mut person = sign_up(&first, "Shared").await;
    let mut tokens = vec![person.token.clone()];
    for arguments in [&[][..], &["--force"]] {
        tokio::time::sleep(NOTICED).await;
        // The second one looks at the files now, and then not for a second; the first one has to when it is asked.
        for token in &tokens {
            assert_known(&there.with_token(token)).await;
        }
        rotate(&directory, arguments).await?;
        tokens.push(refresh(&here, &mut person).await);
        let [.., before, new] = &tokens[..] else { return Err("two tokens".into()) };
        assert_ne!(key_of(new), key_of(before), "{arguments:?}: the first server has noticed");
        for client in [&there, &here] {
            assert_known(&client.with_token(new)).await;
        }
        if arguments.is_empty() {
            assert_known(&here.with_token(before)).await;
            assert_known(&there.with_token(before)).await;
        }
    }
    for client in [&here, &there] {
        for token in &tokens[..2] {
            assert_unauthenticated("a dropped key", &client.with_token(token).query(OPEN).await);
        }
    }
    second.stop().await;
    first.stop().await;
    Ok(())
}

/// Refreshes for as long as it is told to, uses each token at both servers, and the first one again and again.
async fn go_on(
    mut person: SignedIn,
    servers: [Client; 2],
    under_way: Arc<Barrier>,
    is_over: Arc<AtomicBool>,
) -> Vec<Value> {
    let mut keys = vec![key_of(&person.token)];
    while !is_over.load(Ordering::Relaxed) {
        let [issuer, other] = if keys.len() % 2 == 0 { [&servers[0], &servers[1]] } else { [&servers[1], &servers[0]] };
        let token = refresh(issuer, &mut person).await;
        for client in [other, issuer] {
            assert_known(&client.with_token(&token)).await;
            assert_known(&client.with_token(&person.token)).await;
        }
        keys.push(key_of(&token));
        if keys.len() == 3 {
            under_way.wait().await;
        }
    }
    keys
}

pub async fn parallel_requests_do_not_notice_a_rotation(t: &TestServer) -> Result<()> {
    let (first, directory) = server_with_directory(t.backend()).await?;
    let second = beside(&first, &directory).await?;
    let (under_way, is_over) = (Arc::new(Barrier::new(PEOPLE + 1)), Arc::new(AtomicBool::new(false)));
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(sign_up(&first, "Parallel").await);
    }
    let old = key_of(&people[0].token);
    let servers = [first.anonymous(), Client::anonymous(&second.url())];
    let start = |person| tokio::spawn(go_on(person, servers.clone(), Arc::clone(&under_way), Arc::clone(&is_over)));
    let running: Vec<_> = people.into_iter().map(start).collect();
    under_way.wait().await;
    rotate(&directory, &[]).await?;
    tokio::time::sleep(2 * NOTICED).await;
    is_over.store(true, Ordering::Relaxed);
    for person in running {
        let keys = person.await?;
        let turn = keys.iter().position(|key| *key != old).ok_or("the rotation was not noticed")?;
        assert!(turn >= 3 && keys[turn..].iter().all(|key| *key == keys[turn]), "{turn}: {keys:?}");
    }
    second.stop().await;
    first.stop().await;
    Ok(())
}
