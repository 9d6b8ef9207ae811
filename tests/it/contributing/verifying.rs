//! Verification by the operator.

use rolemark_tests::{Result, TestServer};
use serde_json::{Value, json};

use super::{Contributor, details, segment};
use crate::commands::run;
use crate::direct::Direct;

const STANDING: &str = "verification { isVerified verifiedAt } segment { industry sizeBand region isVerified }";

pub async fn verifying_needs_a_segment(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let id = contributor.admin.organization_id.as_str();
    let verify = ["organization", "verify", id, "--legal-entity", "LEI:529900T8BM49AURSDO55"];
    let said = run(t, &verify).await?.failed();
    assert!(said.contains("declared no segment") && said.contains("--industry"), "{said}");
    assert_eq!(contributor.part(STANDING).await["verification"]["isVerified"], false);
    let given = ["--industry", "INFORMATION", "--size", "FROM_20_TO_99", "--region", "NORTH_AMERICA"];
    let said = run(t, &[&verify[..], &given].concat()).await?;
    assert!(said.done().contains("INFORMATION, FROM_20_TO_99, NORTH_AMERICA"), "{}", said.out);
    let part = contributor.part(STANDING).await;
    assert_eq!((&part["verification"]["isVerified"], &part["segment"]["isVerified"]), (&json!(true), &json!(true)));
    assert_eq!(part["segment"]["industry"], "INFORMATION");
    for (more, code) in [
        (&["--industry", "INFORMATION"][..], 2),
        (&["--industry", "ASTROLOGY", "--size", "FROM_20_TO_99", "--region", "NORTH_AMERICA"], 2),
        (&["--legal-group", "--"], 2),
        (&["--domain", " "], 2),
    ] {
        assert_eq!(run(t, &[&verify[..], more].concat()).await?.code, Some(code), "{more:?}");
    }
    for unknown in ["nobody of this name", "0"] {
        let said = run(t, &["org", "verify", unknown, "--legal-entity", "LEI:1"]).await?.failed();
        assert!(said.contains("none of the"), "{said}");
    }
    Ok(())
}

pub async fn verification_is_ended_and_never_overwritten(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    contributor.change("declareOrganizationSegment", segment("FINANCE")).await;
    let id = contributor.admin.organization_id.as_str();
    let said = run(t, &["org", "unverify", id]).await?.failed();
    assert!(said.contains("not verified"), "{said}");
    run(t, &["org", "verify", id, "--legal-entity", "LEI:1", "--owner", "Somebody", "--contract"]).await?.done();
    run(t, &["org", "verify", id, "--legal-entity", "LEI:2", "--legal-group", "LEI:3"]).await?.done();
    let mut database = Direct::superuser(t).await?;
    let org = database.uuid(contributor.uuid());
    let entities = format!(
        "SELECT legal_entity || CASE WHEN ended_at IS NULL THEN '' ELSE ' ended' END FROM organization_verification
         WHERE org_id = {org} ORDER BY 1"
    );
    assert_eq!(database.texts(entities.clone()).await?, ["LEI:1 ended", "LEI:2"]);
    let segments = format!("SELECT industry FROM organization_segment WHERE org_id = {org}");
    assert_eq!(database.texts(segments).await?, ["FINANCE"], "the declared segment was verified as it stood");
    run(t, &["org", "unverify", id]).await?.done();
    assert_eq!(database.texts(entities).await?, ["LEI:1 ended", "LEI:2 ended"]);
    let part = contributor.part(STANDING).await;
    assert_eq!(part["verification"], json!({ "isVerified": false, "verifiedAt": null }));
    assert_eq!(part["segment"]["isVerified"], true, "the limit on its changes stays");
    let log = contributor.log(3).await;
    let actions: Vec<&str> = log.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(actions, ["organization.unverify", "organization.verify", "organization.verify"]);
    let of = |entry: &Value| details(entry)["changes"]["verification"].clone();
    let (ended, second, first) = (of(&log[0]), of(&log[1]), of(&log[2]));
    assert_eq!((&first["before"], &first["after"]["legalEntity"]), (&Value::Null, &json!("LEI:1")));
    assert_eq!(
        (&first["after"]["beneficialOwner"], &first["after"]["isByContract"]),
        (&json!("Somebody"), &json!(true))
    );
    assert_eq!((&second["before"], &second["after"]["legalGroup"]), (&first["after"], &json!("LEI:3")));
    assert_eq!((&ended["before"], &ended["after"]), (&second["after"], &Value::Null));
    Ok(())
}

pub async fn organizations_are_listed_as_they_stand(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let id = contributor.admin.organization_id.clone();
    let name = format!("{} organization", contributor.mark);
    let line = async || -> Result<String> {
        let list = run(t, &["org", "list"]).await?;
        Ok(list.done().lines().find(|line| line.starts_with(&id)).unwrap_or_default().to_owned())
    };
    assert!(line().await?.ends_with(&format!("  open  {name}")));
    contributor.change("joinBenchmark", json!({})).await;
    assert!(line().await?.ends_with(&format!("  open  participating  {name}")));
    contributor.change("declareOrganizationSegment", segment("FINANCE")).await;
    let said = run(t, &["org", "verify", &name, "--legal-entity", "LEI:1"]).await?;
    assert!(said.done().contains("It takes part"), "{}", said.out);
    assert!(line().await?.ends_with(&format!("  open  verified  participating  {name}")));
    Ok(())
}
