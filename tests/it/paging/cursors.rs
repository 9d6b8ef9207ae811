//! What is refused: sizes out of range, and cursors of something else.

use rolemark_tests::{Answer, TestServer};

use super::{LISTS, Page, page, seven_of_everything};

#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{what}: {answer}");
    assert!(answer.body["data"]["organization"]["list"].is_null(), "{what}: {answer}");
}

pub async fn sizes_out_of_range_are_refused(t: &TestServer) {
    let admin = seven_of_everything(t).await;
    for list in LISTS {
        for arguments in ["first: 101", "first: -1", "last: 101", "last: -1", "first: 2, last: 2"] {
            assert_refused(&page(&admin, list, arguments).await, &format!("{list} {arguments}"));
        }
    }
    for list in ["members", "auditEvents", "scenarios"] {
        assert_refused(&page(&admin, list, "first: 101").await, list);
    }
    let other = [
        "viewer { organizations(first: 101) { nodes { id } } }",
        "canonicalRoles(first: 101) { nodes { key } }",
        "canonicalRoles(first: 1, last: 1) { nodes { key } }",
    ];
    for query in other {
        let answer = admin.client.query(&format!("{{ {query} }}")).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{query}: {answer}");
    }
}

pub async fn cursors_of_other_lists_are_refused(t: &TestServer) {
    let (admin, neighbour) = (seven_of_everything(t).await, seven_of_everything(t).await);
    let mut cursors = Vec::new();
    for list in LISTS {
        cursors.push(Page::of(&page(&admin, list, "").await).cursors[2].clone());
    }
    for (index, cursor) in cursors.iter().enumerate() {
        for (other, list) in LISTS.iter().enumerate() {
            for side in ["after", "before"] {
                let answer = page(&admin, list, &format!("{side}: \"{cursor}\"")).await;
                match other == index {
                    true => assert!(!Page::of(&answer).ids.is_empty(), "{list}: {answer}"),
                    false => assert_refused(&answer, &format!("{list} with a cursor of {}", LISTS[index])),
                }
            }
        }
        let answer = page(&neighbour, LISTS[index], &format!("after: \"{cursor}\"")).await;
        assert_refused(&answer, &format!("{} of another organization", LISTS[index]));
    }
    let filtered = "roleConfigurations filter: { titleContains: \"Role\" }";
    assert_refused(&page(&admin, filtered, &format!("after: \"{}\"", cursors[0])).await, filtered);
    let answer =
        admin.client.query(&format!("{{ canonicalRoles(after: \"{}\") {{ nodes {{ key }} }} }}", cursors[0])).await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
}

pub async fn foreign_bytes_are_no_cursors(t: &TestServer) {
    let admin = seven_of_everything(t).await;
    let right = Page::of(&page(&admin, LISTS[0], "").await).cursors[2].clone();
    let cut = &right[..right.len() / 2];
    let long = "A".repeat(10_000);
    for cursor in ["x", "null", "W10", "nul\\u0000", "' OR 1=1 --", "Y3Vyc29yOjE=", cut, &long, &admin.organization_id]
    {
        for side in ["after", "before"] {
            let answer = page(&admin, LISTS[0], &format!("{side}: \"{cursor}\"")).await;
            assert_refused(&answer, cursor);
        }
    }
    assert_eq!(Page::of(&page(&admin, LISTS[0], "after: \"\"").await).ids.len(), 7, "an empty cursor is none");
}
