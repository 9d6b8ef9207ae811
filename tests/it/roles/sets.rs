//! Making several roles: all of them, or none.

use rolemark_tests::{Answer, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{EVERYTHING, full_role};
use crate::steps::{assert_faults, assert_same, counts, create, create_all, merged, mutate, role};

const CREATE: &str = "createRoleConfigurations";

async fn try_create_all(admin: &SignedIn, roles: Value) -> Answer {
    let input = json!({ "organizationId": admin.organization_id, "roles": roles });
    mutate(&admin.client, CREATE, input, "roleConfigurations { id title }").await
}

pub async fn set_of_roles_is_made_at_once(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let other = merged(full_role(), json!({ "externalId": "HR-2", "title": "Second" }));
    let made = create_all(&admin, vec![json!({ "title": "Z" }), other.clone(), json!({ "title": "A" })]).await;
    assert_eq!(made.len(), 3);
    assert_eq!(role(&admin.client, &made[0].id, "title").await["title"], "Z", "the order is that of the input");
    assert_same(&role(&admin.client, &made[1].id, EVERYTHING).await, &other);
    assert_eq!(role(&admin.client, &made[2].id, "title").await["title"], "A");
    assert_eq!(counts(&admin).await[0], 3);

    let many: Vec<Value> = (0..100).map(|number| json!({ "title": format!("Role {number}") })).collect();
    assert_eq!(create_all(&admin, many).await.len(), 100);
    assert_eq!(counts(&admin).await[0], 103);
}

pub async fn set_with_a_fault_makes_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    create(&admin, json!({ "title": "There already", "externalId": "HR-1" })).await;
    let before = counts(&admin).await;
    let good = json!({ "title": "Good" });
    let too_many: Vec<Value> = (0..101).map(|_| good.clone()).collect();
    let cases = [
        (json!([good, { "title": "" }, good]), vec![("REQUIRED", "input.roles.1.title")]),
        (
            json!([good, { "title": "B", "tasks": [{ "title": "a" }, { "title": "b", "consequence": 2 }] }]),
            vec![("OUT_OF_RANGE", "input.roles.1.tasks.1.consequence")],
        ),
        (
            json!([{ "title": "A", "headcount": 0 }, good, { "title": "C", "canonicalRoleKey": "rolemark:none" }]),
            vec![("OUT_OF_RANGE", "input.roles.0.headcount"), ("NOT_FOUND", "input.roles.2.canonicalRoleKey")],
        ),
        (json!([good, { "title": "B", "externalId": "HR-1" }]), vec![("TAKEN", "input.roles.1.externalId")]),
        (
            json!([{ "title": "A", "externalId": "HR-9" }, { "title": "B", "externalId": "HR-9" }]),
            vec![("TAKEN", "input.roles.1.externalId")],
        ),
        (json!([]), vec![("TOO_FEW", "input.roles")]),
        (json!(too_many), vec![("TOO_MANY", "input.roles")]),
    ];
    for (roles, faults) in cases {
        assert_faults(&try_create_all(&admin, roles).await, CREATE, &faults);
        assert_eq!(counts(&admin).await, before, "something was made for {faults:?}");
    }
}
