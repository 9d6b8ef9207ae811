//! Combinations that cannot be.

use rolemark_tests::{TestServer, sign_up};
use serde_json::json;

use super::{BACKEND, DEVOPS, canonical, simulate};
use crate::steps::{assert_faults, create, publish};

const SIMULATE: &str = "simulateRoleCombination";

pub async fn one_or_eleven_roles_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for (count, code) in [(0, "TOO_FEW"), (1, "TOO_FEW"), (11, "TOO_MANY"), (51, "TOO_MANY"), (200, "TOO_MANY")] {
        let roles = canonical(&vec![BACKEND; count]);
        let answer = simulate(&admin.client, json!({ "roles": roles }), "gain").await;
        assert_faults(&answer, SIMULATE, &[(code, "input.roles")]);
    }
    let roles = canonical(&[BACKEND; 10]);
    let answer = simulate(&admin.client, json!({ "roles": roles }), "gain").await;
    assert!(answer.at("simulateRoleCombination.outcome.gain").is_number(), "ten are allowed: {answer}");
}

pub async fn sources_are_named_exactly(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, json!({ "title": "Own", "tasks": [{ "title": "A", "stage": "HUMAN" }] })).await;
    let version = publish(&admin.client, &at).await;
    let first = json!({ "canonicalRoleKey": BACKEND });
    for second in [
        json!({}),
        json!({ "headcount": 1 }),
        json!({ "canonicalRoleKey": DEVOPS, "roleConfigurationId": at.id }),
        json!({ "roleVersionId": version, "roleConfigurationId": at.id }),
        json!({ "roleVersionId": version, "canonicalRoleKey": DEVOPS, "roleConfigurationId": at.id }),
    ] {
        let input = json!({ "organizationId": admin.organization_id, "roles": [first, second] });
        let answer = simulate(&admin.client, input, "gain").await;
        assert_faults(&answer, SIMULATE, &[("MALFORMED", "input.roles.1")]);
    }
    let bad_ids = ["", "nope", admin.organization_id.as_str()];
    for id in bad_ids.into_iter().chain([version.as_str()]) {
        let input = json!({ "organizationId": admin.organization_id, "roles": [first, { "roleConfigurationId": id }] });
        let answer = simulate(&admin.client, input, "gain").await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{id}: {answer}");
    }
    let empty = create(&admin, json!({ "title": "No stage", "tasks": [{ "title": "A" }] })).await;
    let input =
        json!({ "organizationId": admin.organization_id, "roles": [first, { "roleConfigurationId": empty.id }] });
    let answer = simulate(&admin.client, input, "gain").await;
    assert_eq!(answer.user_error_codes(SIMULATE), ["REQUIRED"], "a role without a stage gives nothing to combine");
}

pub async fn unknown_roles_are_not_found(t: &TestServer) {
    let (admin, neighbour) = (sign_up(t, "Northwind").await, sign_up(t, "Southwind").await);
    let foreign =
        create(&neighbour, json!({ "title": "Foreign", "tasks": [{ "title": "A", "stage": "HUMAN" }] })).await;
    let foreign_version = publish(&neighbour.client, &foreign).await;
    let of = |second: serde_json::Value| json!({ "organizationId": admin.organization_id, "roles": [{ "canonicalRoleKey": BACKEND }, second] });
    for (second, path) in [
        (json!({ "canonicalRoleKey": "rolemark:no-such-role" }), "input.roles.1.canonicalRoleKey"),
        (json!({ "canonicalRoleKey": "nonsense" }), "input.roles.1.canonicalRoleKey"),
        (json!({ "roleConfigurationId": foreign.id }), "input.roles.1.roleConfigurationId"),
        (json!({ "roleVersionId": foreign_version }), "input.roles.1.roleVersionId"),
    ] {
        let answer = simulate(&admin.client, of(second), "gain").await;
        assert_faults(&answer, SIMULATE, &[("NOT_FOUND", path)]);
    }
    let roles = json!([{ "canonicalRoleKey": BACKEND }, { "roleConfigurationId": foreign.id }]);
    let answer = simulate(&admin.client, json!({ "roles": roles }), "gain").await;
    assert_faults(&answer, SIMULATE, &[("NOT_FOUND", "input.roles.1.roleConfigurationId")]);
    let input = json!({ "organizationId": neighbour.organization_id, "roles": roles });
    let answer = simulate(&admin.client, input, "gain").await;
    assert_faults(&answer, SIMULATE, &[("NOT_FOUND", "input.organizationId")]);
    let answer = simulate(&t.anonymous(), json!({ "roles": canonical(&[BACKEND, DEVOPS]) }), "gain").await;
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"), "{answer}");
}
