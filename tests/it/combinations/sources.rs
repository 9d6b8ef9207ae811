//! What goes into a combination: drafts, versions and canonical roles, together.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DEVOPS, canonical, figures};
use crate::steps::{assert_close, change, create_from, publish};

const UPDATE: &str = "updateRoleConfiguration";

pub async fn own_and_canonical_roles_are_mixed(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let own = create_from(&admin, BACKEND).await;
    let version = publish(&admin.client, &own).await;
    let pure = figures(&admin.client, json!({ "roles": canonical(&[BACKEND, DEVOPS]) })).await;
    for source in [json!({ "roleConfigurationId": own.id }), json!({ "roleVersionId": version })] {
        let roles = json!([source, { "canonicalRoleKey": DEVOPS }]);
        let input = json!({ "organizationId": admin.organization_id, "roles": roles });
        let mixed = figures(&admin.client, input).await;
        for field in ["gain", "gainFromAi", "gainFromMerging", "skillSimilarity", "fteFreed"] {
            assert_close(&mixed[field], pure[field].as_f64().unwrap_or_default(), 1e-9);
        }
    }
}

pub async fn drafts_and_versions_differ(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let own = create_from(&admin, BACKEND).await;
    let version = publish(&admin.client, &own).await;
    change(&admin.client, UPDATE, &own, json!({ "headcount": 7, "title": "Drafted" })).await;
    let with = async |source: Value| {
        let roles = json!([source, { "canonicalRoleKey": DEVOPS }]);
        figures(&admin.client, json!({ "organizationId": admin.organization_id, "roles": roles })).await
    };
    let (of_draft, of_version) =
        (with(json!({ "roleConfigurationId": own.id })).await, with(json!({ "roleVersionId": version })).await);
    assert_eq!((&of_draft["roles"][0]["title"], &of_draft["roles"][0]["headcount"]), (&json!("Drafted"), &json!(7.0)));
    assert_eq!(of_version["roles"][0]["title"], "Backend Engineer");
    assert_eq!(of_version["waterfall"]["startingFte"], 2.0);
    assert_eq!(of_draft["waterfall"]["startingFte"], 8.0);
}

/// The client's figure, then the organization's, then the library's suggestion, then the method's.
pub async fn own_figures_come_first(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let own = create_from(&admin, BACKEND).await;
    let share = async |first: Value, second: &str| {
        let roles = json!([first, { "canonicalRoleKey": second }]);
        let outcome = figures(&admin.client, json!({ "organizationId": admin.organization_id, "roles": roles })).await;
        let role = &outcome["roles"][0];
        (role["coordinationShare"].as_f64().unwrap_or_default(), role["isCoordinationShareAssumed"] == true)
    };
    let data = "rolemark:data-engineer";
    let own =
        change(&admin.client, UPDATE, &own, json!({ "coordinationShare": 0.33, "currentAiAdoption": 0.25 })).await;
    let draft = json!({ "roleConfigurationId": own.id });
    assert_eq!(share(draft.clone(), data).await, (0.33, false));
    let given = json!({ "roleConfigurationId": own.id, "coordinationShare": 0.44 });
    assert_eq!(share(given, data).await, (0.44, false));
    assert_eq!(
        share(json!({ "canonicalRoleKey": BACKEND }), data).await,
        (0.15, false),
        "the combination of the library"
    );
    change(&admin.client, UPDATE, &own, json!({ "coordinationShare": null })).await;
    assert_eq!(share(draft.clone(), data).await, (0.15, false), "the role is linked, so the suggestion fits");
    assert!(share(draft, "rolemark:payroll-specialist").await.1, "nobody has suggested this");
}

/// The same role as two teams run it: all of its work is duplicate, all of its skills are shared.
pub async fn a_role_may_come_twice(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let outcome = figures(&admin.client, json!({ "roles": canonical(&[BACKEND, BACKEND]) })).await;
    assert_eq!(outcome["skillSimilarity"], 1.0);
    assert_eq!(outcome["breadthFactor"], 1.0);
    assert_eq!(outcome["waterfall"]["breadthCost"], 0.0);
    // d (sum h - max h) of ten groups of two equal tasks.
    let task_fte = 2.0 - outcome["coordinationFte"].as_f64().unwrap_or_default();
    assert_close(&outcome["waterfall"]["duplicatesRemoved"], 0.5 * task_fte / 2.0, 1e-9);
}
