//! Joining and leaving.

use rolemark_tests::{Result, TestServer, join, sign_up};
use serde_json::{Value, json};

use super::{Contributor, PART, details, segment};
use crate::consultancy::consultant;
use crate::direct::{Direct, NOTICED};
use crate::steps::{assert_faults, mutate, node};

pub async fn admins_join_and_leave(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let before = contributor.part(PART).await;
    assert_eq!((&before["isParticipating"], &before["history"]), (&json!(false), &json!([])), "{before}");
    assert_eq!(
        (&before["joinedAt"], &before["joinedBy"], &before["segment"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let email = contributor.admin.email.as_str();
    let joined = contributor.change("joinBenchmark", json!({})).await;
    assert_eq!((&joined["isParticipating"], &joined["joinedBy"]["email"]), (&json!(true), &json!(email)), "{joined}");
    assert_eq!(joined, contributor.part(PART).await);
    let left = contributor.change("leaveBenchmark", json!({})).await;
    assert_eq!((&left["isParticipating"], &left["joinedAt"]), (&json!(false), &Value::Null), "{left}");
    let again = contributor.change("joinBenchmark", json!({})).await;
    let history = again["history"].as_array().cloned().unwrap_or_default();
    assert_eq!(history.len(), 2, "{again}");
    assert_eq!((&history[0]["joinedAt"], &history[0]["leftAt"]), (&again["joinedAt"], &Value::Null));
    // What ended stays as it was.
    assert_eq!(history[1]["joinedAt"], joined["joinedAt"]);
    assert!(history[1]["leftAt"].as_str() >= joined["joinedAt"].as_str(), "{again}");
    assert_eq!(history[1]["leftBy"]["email"], email);
    let log = contributor.log(3).await;
    let actions: Vec<&str> = log.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(actions, ["benchmark.join", "benchmark.leave", "benchmark.join"]);
    let change = |before: bool| json!({ "changes": { "isParticipating": { "before": before, "after": !before } } });
    assert_eq!((details(&log[1]), details(&log[2])), (change(true), change(false)));
    assert!(log.iter().all(|entry| entry["objectId"] == contributor.admin.organization_id.as_str()), "{log:?}");
    Ok(())
}

pub async fn leaving_twice_is_refused(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let admin = &contributor.admin.client;
    let refused = [("WRONG_STATE", "input.organizationId")];
    let answer = contributor.try_change(admin, "leaveBenchmark", json!({})).await;
    assert_faults(&answer, "leaveBenchmark", &refused);
    contributor.change("joinBenchmark", json!({})).await;
    let answer = contributor.try_change(admin, "joinBenchmark", json!({})).await;
    assert_faults(&answer, "joinBenchmark", &refused);
    contributor.change("leaveBenchmark", json!({})).await;
    let answer = contributor.try_change(admin, "leaveBenchmark", json!({})).await;
    assert_faults(&answer, "leaveBenchmark", &refused);
    assert_eq!(contributor.part("history { joinedAt }").await["history"].as_array().map(Vec::len), Some(1));
    assert_eq!(contributor.log(3).await[2]["action"], "roleConfiguration.publish", "refusals leave no entry");
    Ok(())
}

pub async fn two_admins_join_once(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let admin = &contributor.admin.client;
    let join = || contributor.try_change(admin, "joinBenchmark", json!({}));
    let (one, two, three, four) = tokio::join!(join(), join(), join(), join());
    let answers = [one, two, three, four];
    let done = answers.iter().filter(|answer| answer.at("joinBenchmark.benchmarkParticipation").is_object()).count();
    assert_eq!(done, 1);
    for answer in answers.iter().filter(|answer| answer.at("joinBenchmark.benchmarkParticipation").is_null()) {
        assert_faults(answer, "joinBenchmark", &[("WRONG_STATE", "input.organizationId")]);
    }
    Ok(())
}

pub async fn nobody_but_admins_takes_part(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let (admin, organization) = (&contributor.admin.client, contributor.admin.organization_id.as_str());
    let (reader, writer) = (sign_up(t, "Reader's own").await, sign_up(t, "Writer's own").await);
    join(admin, organization, &reader, "READ").await;
    join(admin, organization, &writer, "WRITE").await;
    let consultant = consultant(t, &contributor.admin, json!({ "accessLevel": "WRITE" })).await;
    let mut database = Direct::superuser(t).await?;
    let scopes = ["READ_ROLES", "READ_BENCHMARK", "READ_SCENARIOS", "READ_AUDIT", "WRITE_ROLES", "IMPORT", "EXPORT"];
    let key = t.anonymous().with_token(&database.add_api_key(&contributor.admin, &scopes, &[]).await?);
    tokio::time::sleep(NOTICED).await;
    let before = database.dump(contributor.uuid()).await?;
    for client in [&reader.client, &writer.client, &consultant.client, &key] {
        for (mutation, more) in changes() {
            let answer = contributor.try_change(client, mutation, more).await;
            assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}: {answer}");
        }
        // They see it all the same.
        let part =
            node(client, organization, "Organization", "benchmarkParticipation { isParticipating viewerCanManage }");
        let expected = json!({ "isParticipating": false, "viewerCanManage": false });
        assert_eq!(part.await["benchmarkParticipation"], expected);
    }
    let stranger = sign_up(t, "Stranger").await;
    for (mutation, more) in changes() {
        let answer = contributor.try_change(&stranger.client, mutation, more.clone()).await;
        assert_faults(&answer, mutation, &[("NOT_FOUND", "input.organizationId")]);
        let answer = contributor.try_change(&t.anonymous(), mutation, more).await;
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{answer}");
    }
    // What consultants read is recorded, and keys note their use; nothing of the benchmark has changed.
    let of_benchmark = |lines: Vec<String>| {
        let tables = ["benchmark_", "organization_segment", "organization_verification"];
        lines.into_iter().filter(|line| tables.iter().any(|table| line.starts_with(table))).collect::<Vec<_>>()
    };
    assert_eq!(of_benchmark(database.dump(contributor.uuid()).await?), of_benchmark(before));
    Ok(())
}

/// Each mutation, and what it takes besides the organization.
fn changes() -> [(&'static str, Value); 3] {
    [("joinBenchmark", json!({})), ("leaveBenchmark", json!({})), ("declareOrganizationSegment", segment("FINANCE"))]
}

pub async fn a_closed_organization_does_not_join(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let admin = &contributor.admin.client;
    let name = format!("{} organization", contributor.mark);
    let input = json!({ "organizationId": contributor.admin.organization_id, "name": name });
    let answer = mutate(admin, "closeOrganization", input, "organization { closedAt }").await;
    assert!(answer.payload("closeOrganization").is_object(), "{answer}");
    tokio::time::sleep(NOTICED).await;
    for (mutation, more) in changes() {
        let answer = contributor.try_change(admin, mutation, more).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    }
    Ok(())
}
