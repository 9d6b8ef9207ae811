//! What kind of organization it is.

use rolemark_tests::{Result, TestServer};
use serde_json::{Value, json};

use super::{Contributor, details, segment};
use crate::commands::run;
use crate::direct::Direct;
use crate::lifecycle::access::days_from_now;
use crate::steps::{assert_faults, merged};

const DECLARE: &str = "declareOrganizationSegment";

pub async fn unverified_segments_are_corrected(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let declared = contributor.change(DECLARE, segment("FINANCE")).await["segment"].clone();
    assert_eq!((&declared["industry"], &declared["isVerified"]), (&json!("FINANCE"), &json!(false)), "{declared}");
    assert_eq!(declared["canChangeAt"], Value::Null, "what nobody has verified can be corrected");
    let more = merged(segment("INFORMATION"), json!({ "sizeBand": "FROM_500_TO_1999", "region": "LATIN_AMERICA" }));
    let corrected = contributor.change(DECLARE, more.clone()).await["segment"].clone();
    for field in ["industry", "sizeBand", "region"] {
        assert_eq!(corrected[field], more[field]);
    }
    let answer = contributor.try_change(&contributor.admin.client, DECLARE, more).await;
    assert_faults(&answer, DECLARE, &[("WRONG_STATE", "")]);
    // The first one was ended, not overwritten.
    let mut database = Direct::superuser(t).await?;
    let org = database.uuid(contributor.uuid());
    let ended = format!(
        "SELECT count(*) FROM organization_segment
         WHERE org_id = {org} AND industry = 'FINANCE' AND ended_at IS NOT NULL"
    );
    assert_eq!(database.number(ended).await?, 1);
    let log = contributor.log(2).await;
    assert_eq!(log[0]["action"], "benchmark.declareSegment");
    let changes = details(&log[0])["changes"]["segment"].clone();
    assert_eq!(
        (&changes["before"]["industry"], &changes["after"]["industry"]),
        (&json!("FINANCE"), &json!("INFORMATION"))
    );
    assert_eq!(details(&log[1])["changes"]["segment"]["before"], Value::Null);
    Ok(())
}

pub async fn verified_segments_change_once_in_a_year(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    contributor.change(DECLARE, segment("FINANCE")).await;
    let verify = ["org", "verify", &contributor.admin.organization_id, "--legal-entity", "LEI:1"];
    run(t, &verify).await?.done();
    let verified = contributor.part("segment { declaredAt isVerified canChangeAt }").await["segment"].clone();
    assert_eq!(verified["isVerified"], true);
    let instant = |value: &Value| value.as_str().and_then(|text| text.parse::<chrono::DateTime<chrono::Utc>>().ok());
    let declared_at = instant(&verified["declaredAt"]).expect("an instant");
    assert_eq!(instant(&verified["canChangeAt"]), Some(declared_at + chrono::Duration::days(365)));
    let answer = contributor.try_change(&contributor.admin.client, DECLARE, segment("MINING")).await;
    assert_faults(&answer, DECLARE, &[("WRONG_STATE", "")]);
    let message = answer.text_at("declareOrganizationSegment.userErrors.0.message");
    let from = (declared_at + chrono::Duration::days(365)).format("%Y-%m-%d").to_string();
    assert!(message.contains(&from), "{message} does not say {from}");
    declared_days_ago(t, &contributor, 364).await?;
    let answer = contributor.try_change(&contributor.admin.client, DECLARE, segment("MINING")).await;
    assert_faults(&answer, DECLARE, &[("WRONG_STATE", "")]);
    declared_days_ago(t, &contributor, 366).await?;
    let changed = contributor.change(DECLARE, segment("MINING")).await["segment"].clone();
    assert_eq!((&changed["industry"], &changed["isVerified"]), (&json!("MINING"), &json!(false)));
    // Nobody has verified it yet: it can be corrected.
    contributor.change(DECLARE, segment("UTILITIES")).await;
    // And once it is verified, the time begins anew.
    run(t, &verify).await?.done();
    let answer = contributor.try_change(&contributor.admin.client, DECLARE, segment("FINANCE")).await;
    assert_faults(&answer, DECLARE, &[("WRONG_STATE", "")]);
    Ok(())
}

async fn declared_days_ago(t: &TestServer, contributor: &Contributor, days: i32) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let (org, then) = (database.uuid(contributor.uuid()), days_from_now(&database, -days));
    let sql = format!("UPDATE organization_segment SET declared_at = {then} WHERE org_id = {org} AND ended_at IS NULL");
    assert_eq!(database.execute(sql).await?, 1);
    Ok(())
}

pub async fn bad_segments_are_refused(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    for bad in [
        json!({ "industry": "ASTROLOGY" }),
        json!({ "industry": "finance" }),
        json!({ "sizeBand": "FROM_1_TO_19" }),
        json!({ "region": "ATLANTIS" }),
        json!({ "region": null }),
    ] {
        let input = merged(segment("FINANCE"), bad);
        let answer = contributor.try_change(&contributor.admin.client, DECLARE, input).await;
        assert_eq!(answer.error_code(), "GRAPHQL_VALIDATION_FAILED", "{answer}");
    }
    assert_eq!(contributor.part("segment { industry }").await["segment"], Value::Null);
    Ok(())
}
