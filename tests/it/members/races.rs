//! Several at the same moment.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_in, sign_up, unique};
use serde_json::json;

use super::{accept, accept_with_account, changing::change, invite, levels, new_member, own_id, try_invite};
use crate::direct::Direct;
use crate::ids::organization_of;
use crate::steps::mutate;

/// How often what may go wrong is tried.
const ROUNDS: usize = 5;

/// The code of the user error or of the top-level error; empty when it was done.
fn code(answer: &Answer, mutation: &str) -> String {
    let refused = answer.error_codes().first().map(|code| (*code).to_owned());
    refused.unwrap_or_else(|| answer.user_error_codes(mutation).concat())
}

async fn count(t: &TestServer, admin: &SignedIn, sql: &str) -> Result<i64> {
    let mut database = Direct::superuser(t).await?;
    let here = database.uuid(organization_of(&admin.organization_id));
    Ok(database.number(format!("{sql} AND org_id = {here}")).await?)
}

pub async fn parallel_acceptances_have_one_winner(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    for round in 1..=ROUNDS {
        let (email, password) = (format!("{}@example.com", unique("twin")), unique("correct horse"));
        let invited = invite(&admin, &email, "READ").await;
        let anonymous = async || code(&accept_with_account(t, &invited.token, &password).await, "acceptInvitation");
        let (one, two, three) = tokio::join!(anonymous(), anonymous(), anonymous());
        let mut codes = [one, two, three];
        codes.sort();
        let late = ["NOT_FOUND", "WRONG_STATE"];
        assert!(codes[0].is_empty() && codes[1..].iter().all(|code| late.contains(&code.as_str())), "{codes:?}");
        sign_in(t, &email, &password).await;
        let members = count(t, &admin, &format!("SELECT count(*) FROM member WHERE email = '{email}'")).await?;
        assert_eq!(members, 1, "round {round}");

        let person = sign_up(t, "Contoso").await;
        let invited = invite(&admin, &person.email, "READ").await;
        let signed_in = async || code(&accept(&person.client, &invited.token).await, "acceptInvitation");
        let (one, two, three) = tokio::join!(signed_in(), signed_in(), signed_in());
        let mut codes = [one, two, three];
        codes.sort();
        assert_eq!(codes, ["", "NOT_FOUND", "NOT_FOUND"]);
        let joined = "SELECT count(*) FROM audit_event WHERE action = 'member.join'";
        assert_eq!(count(t, &admin, joined).await?, 2 * round as i64);
    }
    Ok(())
}

/// Two admins, each of whom makes the other a reader.
pub async fn parallel_demotions_leave_an_admin(t: &TestServer) {
    for _ in 0..ROUNDS {
        let admin = sign_up(t, "Northwind").await;
        let (other, other_id) = new_member(t, &admin, "ADMIN").await;
        let id = own_id(&admin).await;
        let (one, two) = tokio::join!(change(&admin.client, &other_id, "READ"), change(&other.client, &id, "READ"));
        let mut codes = [code(&one, "changeMemberLevel"), code(&two, "changeMemberLevel")];
        codes.sort();
        assert_eq!(codes, ["", "FORBIDDEN"], "{one}\n{two}");
        assert_eq!(levels(&admin).await, ["ADMIN", "READ"]);
    }
}

/// Two admins who leave, or of whom one leaves while the other is removed or demoted.
pub async fn parallel_departures_leave_an_admin(t: &TestServer) {
    for round in 0..ROUNDS {
        let admin = sign_up(t, "Northwind").await;
        let (other, other_id) = new_member(t, &admin, "ADMIN").await;
        let leave = async |person: &SignedIn| {
            let input = json!({ "organizationId": admin.organization_id });
            code(&mutate(&person.client, "leaveOrganization", input, "").await, "leaveOrganization")
        };
        let remove = async || match round % 3 {
            0 => leave(&other).await,
            1 => code(&mutate(&admin.client, "removeMember", json!({ "id": other_id }), "").await, "removeMember"),
            _ => code(&change(&admin.client, &other_id, "WRITE").await, "changeMemberLevel"),
        };
        let (one, two) = tokio::join!(leave(&admin), remove());
        let refused = ["FORBIDDEN", "NOT_FOUND", "WRONG_STATE"];
        let mut codes = [one, two];
        codes.sort();
        assert!(codes[0].is_empty() && refused.contains(&codes[1].as_str()), "{codes:?}");
        let all = count(t, &admin, "SELECT count(*) FROM member WHERE level = 'ADMIN' AND ended_at IS NULL").await;
        assert_eq!(all.expect("a count"), 1, "round {round}");
    }
}

pub async fn parallel_invitations_have_one_winner(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    for _ in 0..ROUNDS {
        let email = format!("{}@example.com", unique("twin"));
        let again = async || code(&try_invite(&admin, json!({ "email": email })).await, "inviteMember");
        let (one, two, three) = tokio::join!(again(), again(), again());
        let mut codes = [one, two, three];
        codes.sort();
        assert_eq!(codes, ["", "TAKEN", "TAKEN"]);
    }
    let open = count(t, &admin, "SELECT count(*) FROM invitation WHERE ended_at IS NULL").await?;
    assert_eq!(open, ROUNDS as i64);
    Ok(())
}
