//! What would be sent, what is left out, and what stands against it.

use std::collections::BTreeMap;

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::{Contributor, KEYS, segment};
use crate::commands::run;
use crate::consultancy::consultant;
use crate::direct::{Direct, NOTICED};
use crate::ids::Parts;
use crate::steps::{assert_close, change, create, node, organization, publish, role, texts};

const PREVIEW: &str = "preview { releaseKey snapshotAt valuesAsOf
    contribution { segment { industry sizeBand region } combinations { combinationKey title isRun }
        roles { canonicalRoleKey title headcount aiImpactScore stageMix { stage timeShare }
            tasks { canonicalTaskKey stage } skills missingSkills headcountRatio } } }";
const LEFT_OUT: &str = "preview { contribution { roles { canonicalRoleKey headcount } }
    leftOut { title reason message roleConfiguration { id } } }";

pub async fn preview_is_what_the_roles_say(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    contributor.change("declareOrganizationSegment", segment("FINANCE")).await;
    let preview = contributor.part(PREVIEW).await["preview"].clone();
    let sent = &preview["contribution"];
    assert_eq!(sent["segment"], segment("FINANCE"));
    let roles = sent["roles"].as_array().cloned().unwrap_or_default();
    assert_eq!(texts(&sent["roles"], "canonicalRoleKey"), KEYS, "in the order of their keys");
    for (given, own) in roles.iter().zip(&contributor.roles) {
        let selection = "score { value stageMix { stage timeShare } } tasks { canonicalTaskKey stage } skills { canonicalSkillKey }";
        let own = role(&contributor.admin.client, &own.id, selection).await;
        assert_eq!(given["headcount"], json!(10.0));
        assert_close(&given["headcountRatio"], 0.25, 1e-3);
        assert_close(&given["aiImpactScore"], own["score"]["value"].as_f64().unwrap_or_default(), 0.0005);
        for (given, own) in [0, 1, 2, 3].map(|place| (&given["stageMix"][place], &own["score"]["stageMix"][place])) {
            assert_eq!(given["stage"], own["stage"]);
            assert_close(&given["timeShare"], own["timeShare"].as_f64().unwrap_or_default(), 1e-6);
        }
        assert_eq!(given["tasks"], own["tasks"], "every canonical task was linked, in the canonical order");
        let held = texts(&own["skills"], "canonicalSkillKey");
        assert_eq!(given["skills"], json!(held));
        assert_eq!(given["missingSkills"], json!([]));
    }
    let combinations = texts(&sent["combinations"], "combinationKey");
    assert!(combinations.contains(&"rolemark:platform-engineer".to_owned()), "{combinations:?}");
    let is_run = |combination: &Value| combination["isRun"] == true;
    assert!(!sent["combinations"].as_array().is_some_and(|all| all.iter().any(is_run)), "no role combines two");
    let (cut, snapshot) = (preview["valuesAsOf"].as_str(), preview["snapshotAt"].as_str());
    assert!(cut < snapshot && preview["releaseKey"].as_str().is_some_and(|key| key.contains("-Q")), "{preview}");
    // The same again, whether it takes part or not.
    contributor.change("joinBenchmark", json!({})).await;
    assert_eq!(contributor.part(PREVIEW).await["preview"], preview);
    Ok(())
}

pub async fn preview_holds_no_words_of_the_organization(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let preview = contributor.part(PREVIEW).await.to_string();
    assert!(preview.contains(KEYS[0]), "this case shows nothing: {preview}");
    assert!(!preview.contains(&contributor.mark), "{preview}");
    // Links to keys that no edition has are words of its own too.
    let words = json!({ "tasks": (0..6).map(|place| json!({ "title": format!("Task {place}"), "stage": "HUMAN",
        "canonicalTaskKey": format!("canary:{}-{place}", contributor.mark) })).collect::<Vec<_>>(),
        "skills": [{ "name": "A skill", "trend": "STABLE", "priority": "LOW", "canonicalSkillKey": format!("canary:{}", contributor.mark) }] });
    let mut input = contributor.role_like(KEYS[0], words).await;
    input["externalId"] = Value::Null;
    publish(&contributor.admin.client, &create(&contributor.admin, input).await).await;
    contributor.grow_old(t).await?;
    let preview = contributor.part(PREVIEW).await.to_string();
    assert!(!preview.contains(&contributor.mark), "{preview}");
    Ok(())
}

pub async fn roles_that_are_left_out_say_why(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let few = json!([{ "title": "One", "stage": "HUMAN", "canonicalTaskKey": "rolemark:x" }]);
    let mut wanted = BTreeMap::new();
    for (title, key, more, reason) in [
        ("Unlinked", KEYS[0], json!({ "canonicalRoleKey": null }), "NOT_LINKED"),
        ("Elsewhere", KEYS[0], json!({}), "NOT_BENCHMARKED"),
        ("Without stages", KEYS[0], json!({ "tasks": [{ "title": "One" }] }), "NOT_SCOREABLE"),
        ("Hardly linked", KEYS[0], json!({ "tasks": few }), "TOO_FEW_TASKS"),
        ("Two people", "rolemark:accountant", json!({ "headcount": 2 }), "TOO_FEW_HEADS"),
    ] {
        let mut input = contributor.role_like(key, more).await;
        (input["title"], input["externalId"]) = (json!(title), Value::Null);
        let role = create(&contributor.admin, input).await;
        publish(&contributor.admin.client, &role).await;
        wanted.insert(title.to_owned(), (reason.to_owned(), role.id));
    }
    // An edition without a role that the last one had.
    let mut database = Direct::superuser(t).await?;
    let gone = Parts::of(&wanted["Elsewhere"].1).object.map(|id| database.uuid(id)).unwrap_or_default();
    let forgotten = format!(
        "UPDATE role_version SET definition = replace(definition, '\"{}\"', '\"rolemark:gone\"') WHERE role_id = {gone}",
        KEYS[0]
    );
    assert_eq!(database.execute(forgotten).await?, 1);
    // Nobody sees drafts.
    create(&contributor.admin, json!({ "title": "A draft", "canonicalRoleKey": KEYS[0] })).await;
    contributor.grow_old(t).await?;
    let preview = contributor.part(LEFT_OUT).await["preview"].clone();
    let left_out = preview["leftOut"].as_array().cloned().unwrap_or_default();
    let found: BTreeMap<_, _> = left_out
        .iter()
        .map(|role| {
            let text = |field: &str| role[field].as_str().unwrap_or_default().to_owned();
            assert!(!text("message").is_empty());
            let id = role["roleConfiguration"]["id"].as_str().unwrap_or_default().to_owned();
            (text("title"), (text("reason"), id))
        })
        .collect();
    assert_eq!(found, wanted);
    assert_eq!(texts(&preview["contribution"]["roles"], "canonicalRoleKey"), KEYS);
    Ok(())
}

pub async fn archived_roles_are_not_sent(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let client = &contributor.admin.client;
    let revision = role(client, &contributor.roles[3].id, "revision").await["revision"].as_i64().unwrap_or_default();
    let last = crate::steps::Role { id: contributor.roles[3].id.clone(), revision };
    change(client, "archiveRoleConfiguration", &last, json!({})).await;
    let preview = contributor.part(LEFT_OUT).await["preview"].clone();
    assert_eq!(texts(&preview["contribution"]["roles"], "canonicalRoleKey"), KEYS[..3]);
    assert_eq!(preview["leftOut"], json!([]));
    Ok(())
}

pub async fn configurations_of_a_role_are_one(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    // Each has too few heads for itself.
    let key = "rolemark:accountant";
    for _ in 0..2 {
        let mut input = contributor.role_like(key, json!({ "headcount": 2 })).await;
        input["externalId"] = Value::Null;
        publish(&contributor.admin.client, &create(&contributor.admin, input).await).await;
    }
    contributor.grow_old(t).await?;
    let preview = contributor.part(LEFT_OUT).await["preview"].clone();
    assert_eq!(preview["contribution"]["roles"][0], json!({ "canonicalRoleKey": key, "headcount": 4.0 }));
    Ok(())
}

pub async fn obstacles_say_what_is_missing(t: &TestServer) -> Result<()> {
    let young = sign_up(t, "Young").await;
    let answer = organization(&young, "benchmarkParticipation { obstacles { code message } }").await;
    let codes = texts(answer.at("organization.benchmarkParticipation.obstacles"), "code");
    // Whoever signs up on the first day of a quarter is old enough at its end, but for the shortest one.
    let codes: Vec<&str> = codes.iter().map(String::as_str).filter(|code| *code != "TOO_YOUNG").collect();
    assert_eq!(codes, ["NOT_JOINED", "NOT_VERIFIED", "NO_SEGMENT", "TOO_SMALL", "TOO_FEW_ROLES"]);
    let contributor = Contributor::create(t).await?;
    let codes = async || texts(&contributor.part("obstacles { code message }").await["obstacles"], "code");
    assert_eq!(codes().await, ["NOT_JOINED", "NOT_VERIFIED", "NO_SEGMENT"]);
    contributor.change("joinBenchmark", json!({})).await;
    assert_eq!(codes().await, ["NOT_VERIFIED", "NO_SEGMENT"]);
    contributor.change("declareOrganizationSegment", segment("FINANCE")).await;
    assert_eq!(codes().await, ["NOT_VERIFIED"]);
    run(t, &["org", "verify", &contributor.admin.organization_id, "--legal-entity", "LEI:1"]).await?.done();
    assert!(codes().await.is_empty());
    let mut database = Direct::superuser(t).await?;
    let (org, now) = (database.uuid(contributor.uuid()), crate::lifecycle::access::days_from_now(&database, 0));
    database.execute(format!("UPDATE organization SET created_at = {now} WHERE org_id = {org}")).await?;
    tokio::time::sleep(NOTICED).await;
    assert!(["", "TOO_YOUNG"].contains(&codes().await.join(" ").as_str()));
    Ok(())
}

pub async fn limited_consultants_see_no_participation(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let families = json!({ "families": [format!("{} family", contributor.mark)] });
    let limited = consultant(t, &contributor.admin, families).await;
    let id = contributor.admin.organization_id.as_str();
    let selection = "benchmarkParticipation { isParticipating preview { releaseKey } }";
    assert_eq!(node(&limited.client, id, "Organization", selection).await, json!({ "benchmarkParticipation": null }));
    // Whoever may not read roles does not see what is sent of them.
    let mut database = Direct::superuser(t).await?;
    let key = t.anonymous().with_token(&database.add_api_key(&contributor.admin, &["READ_BENCHMARK"], &[]).await?);
    tokio::time::sleep(NOTICED).await;
    let part = node(&key, id, "Organization", "benchmarkParticipation { isParticipating verification { isVerified } }");
    assert_eq!(part.await["benchmarkParticipation"]["isParticipating"], false);
    for field in ["preview { releaseKey }", "obstacles { code }", "receipts { nodes { id } }"] {
        let document =
            format!("query($id: ID!) {{ organization(id: $id) {{ benchmarkParticipation {{ {field} }} }} }}");
        let answer = key.graphql(&document, json!({ "id": id })).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    }
    let key = t.anonymous().with_token(&database.add_api_key(&contributor.admin, &["READ_ROLES"], &[]).await?);
    let document = "query($id: ID!) { organization(id: $id) { benchmarkParticipation { isParticipating } } }";
    let answer = key.graphql(document, json!({ "id": id })).await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    assert_eq!(Parts::of(id).organization, contributor.uuid());
    Ok(())
}

/// Another connection has to be bound to the organization first.
const BINDS: u64 = 2;

/// However often it is asked for, and however many roles there are.
pub async fn previews_cost_the_same_however_many(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let contributor = Contributor::create(&server).await?;
    let field = format!("benchmarkParticipation {{ {PREVIEW} }}");
    let many: String = (0..5).map(|number| format!("alias{number}: {field} ")).collect();
    // The least of several, because who is asking is looked up again every second.
    let cost = async |selection: &str| {
        let mut least = u64::MAX;
        for _ in 0..4 {
            let before = server.statements().await;
            organization(&contributor.admin, selection).await;
            least = least.min(server.statements().await - before);
        }
        least
    };
    let (one, five) = (cost(&field).await, cost(&many).await);
    assert!(five <= one + BINDS, "{five} statements for five, {one} for one");
    server.stop().await;
    Ok(())
}
