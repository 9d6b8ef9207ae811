//! Walking through lists.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::{ENTRIES, LISTS, Page, page, seven_of_everything};
use crate::steps::{create, create_all, organization, titles};

pub async fn every_list_is_walked_forward(t: &TestServer) {
    let admin = seven_of_everything(t).await;
    for list in LISTS {
        let whole = Page::of(&page(&admin, list, "first: 100").await);
        assert_eq!(whole.ids.len(), ENTRIES, "{list}");
        assert_eq!(
            (&whole.info["hasNextPage"], &whole.info["hasPreviousPage"]),
            (&json!(false), &json!(false)),
            "{list}"
        );
        let (mut met, mut after) = (Vec::new(), String::new());
        loop {
            let found = Page::of(&page(&admin, list, &format!("first: 2, after: \"{after}\"")).await);
            assert_eq!(found.info["hasPreviousPage"], json!(!after.is_empty()), "{list}");
            met.extend(found.ids);
            let has_next = found.info["hasNextPage"] == true;
            assert_eq!(has_next, met.len() < ENTRIES, "{list}");
            if !has_next {
                break;
            }
            after = found.cursors.last().cloned().unwrap_or_default();
        }
        assert_eq!(met, whole.ids, "{list}: every entry once, in its order");
    }
}

pub async fn every_list_is_walked_backward(t: &TestServer) {
    let admin = seven_of_everything(t).await;
    for list in LISTS {
        let whole = Page::of(&page(&admin, list, "").await);
        let (mut met, mut before) = (Vec::new(), String::new());
        loop {
            let found = Page::of(&page(&admin, list, &format!("last: 2, before: \"{before}\"")).await);
            assert_eq!(found.info["hasNextPage"], json!(!before.is_empty()), "{list}");
            met = [found.ids, met].concat();
            let has_previous = found.info["hasPreviousPage"] == true;
            assert_eq!(has_previous, met.len() < ENTRIES, "{list}");
            if !has_previous {
                break;
            }
            before = found.cursors.first().cloned().unwrap_or_default();
        }
        assert_eq!(met, whole.ids, "{list}: every entry once, in its order");
    }
}

pub async fn last_and_before_meet(t: &TestServer) {
    let admin = seven_of_everything(t).await;
    for list in LISTS {
        let whole = Page::of(&page(&admin, list, "").await);
        let (second, sixth) = (&whole.cursors[1], &whole.cursors[5]);
        for (arguments, expected) in [
            ("last: 3".to_owned(), &whole.ids[4..]),
            ("last: 100".to_owned(), &whole.ids[..]),
            (format!("last: 3, before: \"{sixth}\""), &whole.ids[2..5]),
            (format!("first: 3, before: \"{sixth}\""), &whole.ids[..3]),
            (format!("first: 100, before: \"{sixth}\""), &whole.ids[..5]),
            (format!("last: 100, after: \"{second}\""), &whole.ids[2..]),
            (format!("first: 100, after: \"{second}\", before: \"{sixth}\""), &whole.ids[2..5]),
            (format!("last: 2, after: \"{second}\", before: \"{sixth}\""), &whole.ids[3..5]),
            (format!("first: 5, after: \"{sixth}\", before: \"{second}\""), &[]),
            (format!("after: \"{}\"", whole.cursors[6]), &[]),
        ] {
            assert_eq!(Page::of(&page(&admin, list, &arguments).await).ids, expected, "{list} {arguments}");
        }
    }
}

pub async fn nothing_is_asked_for(t: &TestServer) {
    let admin = seven_of_everything(t).await;
    for list in LISTS {
        for arguments in ["first: 0", "last: 0"] {
            let found = Page::of(&page(&admin, list, arguments).await);
            assert!(found.ids.is_empty(), "{list} {arguments}");
            let expected = if arguments.starts_with("first") { "hasNextPage" } else { "hasPreviousPage" };
            assert_eq!(found.info[expected], true, "{list} {arguments}: there is more");
        }
    }
    let empty = sign_up(t, "Southwind").await;
    let answer = organization(
        &empty,
        "roleConfigurations { totalCount nodes { id } edges { cursor } pageInfo {
        hasNextPage hasPreviousPage startCursor endCursor } }",
    )
    .await;
    let expected = json!({ "totalCount": 0, "nodes": [], "edges": [], "pageInfo": {
        "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null } });
    assert_eq!(answer.at("organization.roleConfigurations"), &expected);
}

/// Forty roles of the same title, score and headcount, made in the same moment: only the identifier orders them.
pub async fn equal_keys_are_walked_once(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let same: Vec<Value> = (0..40).map(|_| json!({ "title": "Same" })).collect();
    let mut made: Vec<_> = create_all(&admin, same).await.into_iter().map(|role| role.id).collect();
    made.sort();
    for field in ["TITLE", "SCORE", "UPDATED_AT", "CREATED_AT", "HEADCOUNT"] {
        for direction in ["ASC", "DESC"] {
            let (mut met, mut after) = (Vec::new(), String::new());
            loop {
                let arguments =
                    format!("orderBy: {{ field: {field}, direction: {direction} }}, first: 7, after: \"{after}\"");
                let answer = organization(
                    &admin,
                    &format!(
                        "roleConfigurations({arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }}"
                    ),
                )
                .await;
                met.extend(crate::steps::texts(answer.at("organization.roleConfigurations.nodes"), "id"));
                if answer.at("organization.roleConfigurations.pageInfo.hasNextPage") == false {
                    break;
                }
                after = answer.text_at("organization.roleConfigurations.pageInfo.endCursor").to_owned();
            }
            met.sort();
            assert_eq!(met, made, "{field} {direction}");
        }
    }
}

/// A page begins after the last row of the one before, not after so many rows.
pub async fn roles_made_meanwhile_do_not_disturb(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    create_all(&admin, ["b", "d", "f"].map(|title| json!({ "title": title })).to_vec()).await;
    let list = "roleConfigurations(first: 2) { pageInfo { endCursor } }";
    let answer = organization(&admin, list).await;
    let after = answer.text_at("organization.roleConfigurations.pageInfo.endCursor").to_owned();
    create(&admin, json!({ "title": "a" })).await;
    create(&admin, json!({ "title": "e" })).await;
    assert_eq!(titles(&admin, &format!("after: \"{after}\"")).await, ["e", "f"]);
    Ok(())
}
