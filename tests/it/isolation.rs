//! No organization learns anything of another, and none changes anything there.

mod concurrency;
mod coverage;
mod database;
mod mutations;
mod probe;
mod queries;
mod strangers;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::{Answer, Result, TestServer};
use serde_json::Value;

use self::{
    probe::Probe,
    strangers::{Unknown, unknown},
};
use crate::{direct::Direct, ids::organization_of, tenant::Tenant};

pub use concurrency::interleaved_requests_never_mix;
pub use coverage::every_argument_that_names_something_is_probed;
pub use database::{references_across_organizations_are_refused, serving_role_reaches_one_organization};

/// Somebody who has an organization and spies upon another.
pub(crate) struct Spy {
    target: Tenant,
    pub(crate) own: Tenant,
    unknown: Vec<Unknown>,
    before: Vec<String>,
}

impl Spy {
    pub(crate) async fn new(t: &TestServer) -> Result<Self> {
        let (target, own) = (Tenant::create(t).await, Tenant::create(t).await);
        let unknown = unknown(&target, &own);
        let before = Direct::superuser(t).await?.dump(target.uuid()).await?;
        let marked = before.iter().filter(|line| line.contains(&target.mark)).count();
        assert!(marked > 8, "the marks are in {marked} rows only: this case shows nothing");
        Ok(Self { target, own, unknown, before })
    }

    /// Asks with the target's values, and with those of nobody: the answers are the same, byte for byte. What does not
    /// hold is added to `faults`.
    async fn compare(&mut self, probe: &Probe, faults: &mut Vec<String>) {
        let seen = self.ask(probe, &self.target.values.clone()).await;
        self.look_for_marks(probe, &seen, faults);
        if seen.status == 400 {
            faults.push(format!("{}\n    is refused itself: {seen}", probe.name()));
        }
        let told = seen.text().replace(&self.target.mark, "MARK");
        for index in 0..self.unknown.len() {
            let answer = self.ask(probe, &self.unknown[index].values.clone()).await;
            let unknown = &self.unknown[index];
            let other = answer.text().replace(&unknown.mark, "MARK");
            if (seen.status, &told) != (answer.status, &other) {
                faults.push(format!("{}\n    theirs: {seen}\n    {}: {answer}", probe.name(), unknown.name));
            }
        }
    }

    /// Asks everything that names something, to read and to change; what does not hold. For a spy that may do little in its
    /// own organization: what it may not do there is told by another answer, so values of its own are not compared with.
    pub(crate) async fn ask_everything(&mut self) -> Vec<String> {
        let mut faults = Vec::new();
        self.unknown.truncate(2);
        for probe in queries::probes().into_iter().chain(mutations::probes()) {
            self.compare(&probe, &mut faults).await;
        }
        faults
    }

    /// Asks what names nothing: all of one's own is there, and nothing of the other.
    async fn look_around(&mut self, faults: &mut Vec<String>) {
        for probe in queries::all_that_is_ones_own() {
            let answer = self.ask(&probe, &self.target.values.clone()).await;
            let is_own = answer.text().contains(&self.own.mark);
            if !is_own || !answer.body["errors"].is_null() {
                faults.push(format!("{}\n    shows nothing: {answer}", probe.name()));
            }
            self.look_for_marks(&probe, &answer, faults);
        }
    }

    async fn ask(&mut self, probe: &Probe, values: &crate::tenant::Values) -> Answer {
        let mut own = self.own.values.clone();
        if probe.needs_a_fresh_role() {
            own.insert("fresh", self.own.new_role().await);
        }
        probe.ask(&self.own.admin, values, &own).await
    }

    /// The mark may come back only where the spy sent it; that it then says nothing is what `compare` shows.
    fn look_for_marks(&self, probe: &Probe, answer: &Answer, faults: &mut Vec<String>) {
        let mark = self.target.mark.as_str();
        let sent = probe.variables(&self.target.values, &self.own.values_with_placeholder()).to_string();
        let is_told = answer.text().to_lowercase().contains(mark) && !sent.contains(mark);
        let is_hidden = decoded(&answer.body).iter().any(|text| text.to_lowercase().contains(mark));
        let headers = format!("{:?}", answer.headers).to_lowercase();
        if is_told || is_hidden || headers.contains(mark) {
            faults.push(format!("{}\n    told a secret: {answer}", probe.name()));
        }
    }

    pub(crate) async fn assert_unchanged(&self, t: &TestServer) -> Result<()> {
        let after = Direct::superuser(t).await?.dump(self.target.uuid()).await?;
        let changed: Vec<&String> = after.iter().filter(|line| !self.before.contains(line)).collect();
        assert_eq!(self.before.len(), after.len(), "rows of the other organization came or went: {changed:#?}");
        assert!(changed.is_empty(), "rows of the other organization changed: {changed:#?}");
        Ok(())
    }
}

/// All texts of an answer that hold something in base64, such as cursors.
fn decoded(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok();
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).into_iter().collect()
        }
        Value::Array(items) => items.iter().flat_map(decoded).collect(),
        Value::Object(entries) => entries.values().flat_map(decoded).collect(),
        _ => Vec::new(),
    }
}

#[track_caller]
fn assert_no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

/// Every field that takes an identifier, a key, a cursor, a filter or a text, with those of another organization.
pub async fn nothing_of_others_is_told(t: &TestServer) -> Result<()> {
    let mut spy = Spy::new(t).await?;
    let mut faults = Vec::new();
    for probe in queries::probes() {
        spy.compare(&probe, &mut faults).await;
    }
    spy.look_around(&mut faults).await;
    assert_no_faults(&faults);
    own_values_give_another_answer(&mut spy, queries::probes()).await;
    spy.assert_unchanged(t).await
}

pub async fn nothing_of_others_is_changed(t: &TestServer) -> Result<()> {
    let mut spy = Spy::new(t).await?;
    let mut faults = Vec::new();
    for probe in mutations::probes().into_iter().chain(mutations::taking_the_same_names()) {
        spy.compare(&probe, &mut faults).await;
    }
    spy.assert_unchanged(t).await?;
    assert_no_faults(&faults);
    own_values_give_another_answer(&mut spy, mutations::probes()).await;
    spy.assert_unchanged(t).await
}

/// Without this, a probe that is never right would pass for one that is hidden from.
async fn own_values_give_another_answer(spy: &mut Spy, probes: Vec<Probe>) {
    let (own, nobody) = (spy.own.values.clone(), spy.unknown[0].values.clone());
    let mut blunt = Vec::new();
    for probe in probes.iter().filter(|probe| probe.own_differ) {
        let hidden = spy.ask(probe, &nobody).await;
        let shown = spy.ask(probe, &own).await;
        if shown.bytes == hidden.bytes {
            blunt.push(format!("{}: {shown}", probe.name()));
        }
    }
    assert!(blunt.is_empty(), "these probes give the same answer for one's own values:\n  {}", blunt.join("\n  "));
}

/// A consultant-like person, member of both: may see both, and still cannot join them.
pub async fn a_member_of_both_cannot_mix_them(t: &TestServer) -> Result<()> {
    let (one, two) = (Tenant::create(t).await, Tenant::create(t).await);
    let mut database = Direct::superuser(t).await?;
    database.add_member(organization_of(one.get("organization")), &two.email, "ADMIN").await?;
    let both = rolemark_tests::sign_in(t, &two.email, &two.password).await.client;
    let before = database.dump(one.uuid()).await?;
    let answer = both.graphql("query($id: ID!) { node(id: $id) { id } }", one_role(&one)).await;
    assert_eq!(answer.text_at("node.id"), one.get("role"), "a member sees the role");
    for probe in mutations::probes().iter().filter(|probe| probe.mixes()) {
        let answer = probe.ask(&both, &one.values, &two.values).await;
        let codes = answer.user_error_codes("createScenario");
        assert!(codes.contains(&"NOT_FOUND"), "{}: {answer}", probe.name());
    }
    for probe in queries::probes().iter().filter(|probe| probe.mixes()) {
        let answer = probe.ask(&both, &one.values, &two.values).await;
        let field = answer.data().as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
        let is_refused = field.is_null() || field["userErrors"][0]["code"] == "NOT_FOUND";
        assert!(is_refused, "{}: {answer}", probe.name());
    }
    assert_eq!(before, database.dump(one.uuid()).await?, "the first organization has changed");
    Ok(())
}

fn one_role(tenant: &Tenant) -> Value {
    serde_json::json!({ "id": tenant.get("role") })
}
