//! Making one role.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{EVERYTHING, full_role};
use crate::steps::{
    assert_done, assert_faults, assert_same, change, counts, create, merged, mutate, node, role, try_change, try_create,
};

pub async fn created_role_has_every_field(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let made = create(&admin, full_role()).await;
    assert_eq!(made.revision, 1);
    assert_same(&role(&admin.client, &made.id, EVERYTHING).await, &full_role());
}

pub async fn created_role_has_defaults(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let input = json!({ "title": "  Analyst  ", "tasks": [{ "title": "Café & CI/CD reviews" }] });
    let made = create(&admin, input).await;
    let selection = format!(
        "{EVERYTHING} status revision hasUnpublishedChanges archivedAt publishedVersion {{ id }} score {{ value }}
        canonicalRole {{ key }} comparison {{ methodVersion }} organization {{ id name }}
        viewerPermissions {{ canEdit }} versions {{ totalCount nodes {{ id }} }}"
    );
    let expected = json!({
        "externalId": null, "title": "Analyst", "family": null, "level": null, "summary": null, "headcount": 1.0,
        "coordinationShare": null, "currentAiAdoption": null, "technologyStack": [], "canonicalRoleKey": null,
        "tasks": [{ "key": "cafe-ci-cd-reviews", "title": "Café & CI/CD reviews", "description": null,
            "rationale": null, "stage": null, "timeShare": null, "consequence": 0.4, "canonicalTaskKey": null }],
        "skills": [], "careerPathways": [], "status": "DRAFT", "revision": 1, "hasUnpublishedChanges": true,
        "archivedAt": null, "publishedVersion": null, "score": null, "canonicalRole": null, "comparison": null,
        "organization": { "id": admin.organization_id, "name": "Northwind" },
        "viewerPermissions": { "canEdit": true }, "versions": { "totalCount": 0, "nodes": [] },
    });
    assert_eq!(role(&admin.client, &made.id, &selection).await, expected);
}

const FROM_CANONICAL: &str = "createRoleConfigurationFromCanonicalRole";

pub async fn role_is_made_from_a_canonical_role(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let input = json!({
        "organizationId": admin.organization_id, "canonicalRoleKey": "rolemark:backend-engineer",
        "externalId": "HR-7", "level": "Staff", "headcount": 4.5, "title": " Backend crew ",
    });
    let answer = mutate(&admin.client, FROM_CANONICAL, input, "roleConfiguration { id }").await;
    assert_done(&answer, FROM_CANONICAL);
    let id = answer.text_at(&format!("{FROM_CANONICAL}.roleConfiguration.id"));
    let shared = "family summary coordinationShare technologyStack
        tasks { title description rationale stage timeShare consequence isStageDerived quadrant }
        skills { name trend priority automationRisk proficiency canonicalSkillKey }
        careerPathways { target monthsFrom monthsTo description skills }
        score { value low high isEquallyShared }";
    let made = role(&admin.client, id, shared).await;
    let document = format!("{{ canonicalRole(key: \"rolemark:backend-engineer\") {{ {shared} }} }}");
    let canonical = admin.client.query(&document).await;
    assert_eq!(&made, canonical.at("canonicalRole"), "the role has all that the canonical role has");
    assert_eq!(made["tasks"].as_array().map(Vec::len), Some(10));

    let own = role(
        &admin.client,
        id,
        "title level headcount externalId canonicalRoleKey canonicalRole { id title }
        status revision tasks { key canonicalTaskKey }",
    )
    .await;
    let links: Vec<_> = own["tasks"].as_array().into_iter().flatten().collect();
    assert!(links.iter().all(|t| t["canonicalTaskKey"] == format!("rolemark:{}", t["key"].as_str().unwrap_or("-"))));
    let expected = json!({
        "title": "Backend crew", "level": "Staff", "headcount": 4.5, "externalId": "HR-7", "revision": 1,
        "canonicalRoleKey": "rolemark:backend-engineer", "status": "DRAFT",
    });
    assert_eq!(merged(own.clone(), expected), own);
    let canonical_id = own["canonicalRole"]["id"].as_str().unwrap_or_default();
    assert_eq!(node(&admin.client, canonical_id, "CanonicalRole", "title").await["title"], "Backend Engineer");
}

pub async fn role_is_not_made_from_an_unknown_canonical_role(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let before = counts(&admin).await;
    for key in ["rolemark:no-such-role", "nonsense", "", "ROLEMARK:backend-engineer"] {
        let input = json!({ "organizationId": admin.organization_id, "canonicalRoleKey": key });
        let answer = mutate(&admin.client, FROM_CANONICAL, input, "roleConfiguration { id }").await;
        assert_faults(&answer, FROM_CANONICAL, &[("NOT_FOUND", "input.canonicalRoleKey")]);
    }
    let unknown = json!({ "title": "A", "canonicalRoleKey": "rolemark:no-such-role" });
    let answer = try_create(&admin, unknown).await;
    assert_faults(&answer, "createRoleConfiguration", &[("NOT_FOUND", "input.role.canonicalRoleKey")]);
    assert_eq!(counts(&admin).await, before);
}

pub async fn external_id_is_unique_within_the_organization(t: &TestServer) {
    let (admin, neighbour) = (sign_up(t, "Northwind").await, sign_up(t, "Southwind").await);
    let of = |external_id: Value| json!({ "title": "A", "externalId": external_id });
    let first = create(&admin, of(json!("HR-1"))).await;
    create(&neighbour, of(json!("HR-1"))).await;
    let before = counts(&admin).await;
    let answer = try_create(&admin, of(json!("HR-1"))).await;
    assert_faults(&answer, "createRoleConfiguration", &[("TAKEN", "input.role.externalId")]);
    assert_eq!(counts(&admin).await, before);
    create(&admin, of(json!(null))).await;
    create(&admin, of(json!(null))).await;

    let second = create(&admin, of(json!("hr-1"))).await;
    let update = "updateRoleConfiguration";
    let answer = try_change(&admin.client, update, &second, json!({ "externalId": "HR-1", "title": "B" })).await;
    assert_faults(&answer, update, &[("TAKEN", "input.externalId")]);
    assert_eq!(
        role(&admin.client, &second.id, "externalId title revision").await,
        json!({ "externalId": "hr-1", "title": "A", "revision": 1 })
    );
    change(&admin.client, update, &first, json!({ "externalId": null })).await;
    let second = change(&admin.client, update, &second, json!({ "externalId": "HR-1" })).await;
    change(&admin.client, update, &second, json!({ "externalId": "HR-1" })).await;
    assert_eq!(role(&admin.client, &first.id, "externalId").await["externalId"], Value::Null);
}
