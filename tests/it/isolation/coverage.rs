//! Which arguments name something, by the schema: a new one without a probe fails.

use std::collections::BTreeSet;

use rolemark_tests::Result;

use super::{mutations, probe::Probe, queries};
use crate::sdl::{Leaf, Sdl};

/// Arguments that look as if they named something of others, and why they need no probe.
const REVIEWED: [(&str, &str); 7] = [
    ("Mutation.endAllSessions.input.clientMutationId", "comes back in the answer and goes nowhere else"),
    ("Mutation.endOtherSessions.input.clientMutationId", "comes back in the answer and goes nowhere else"),
    ("Mutation.resetPassword.input.token", "a secret that is proof by itself; see the cases of identity"),
    ("Mutation.grantConsultantAccess.input.firmId", "not looked up: see consultancy::firms_are_not_looked_up"),
    ("Mutation.refreshSession.input.refreshToken", "a secret that is proof by itself; see the cases of tokens"),
    ("Mutation.signOut.input.clientMutationId", "comes back in the answer and goes nowhere else"),
    ("Mutation.signUp.input.email", "says that the address has an account, as every sign-up of its kind does"),
];

/// In a query every identifier and text looks for something; in a mutation the texts that are no names are contents.
fn names_something(object: &str, leaf: &Leaf) -> bool {
    match leaf.kind.as_str() {
        "ID" => true,
        "String" if object == "Mutation" => {
            ["id", "key", "token", "email"].iter().any(|end| leaf.name().to_lowercase().ends_with(end))
        }
        "String" => true,
        _ => false,
    }
}

pub async fn every_argument_that_names_something_is_probed() -> Result<()> {
    let sdl = Sdl::read()?;
    let wanted: BTreeSet<String> = sdl
        .objects()
        .into_iter()
        .flat_map(|object| sdl.leaves(object).into_iter().filter(move |leaf| names_something(object, leaf)))
        .map(|leaf| leaf.path)
        .collect();
    let probes = [queries::probes(), mutations::probes(), mutations::taking_the_same_names()];
    let mut covered: BTreeSet<String> = probes.iter().flatten().flat_map(covers).collect();
    covered.extend(REVIEWED.iter().map(|(path, _)| (*path).to_owned()));
    let list = |paths: Vec<&String>| paths.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n  ");
    let missing: Vec<&String> = wanted.difference(&covered).collect();
    assert!(
        missing.is_empty(),
        "arguments that name something, without a probe in tests/it/isolation (queries.rs, mutations.rs):\n  {}",
        list(missing)
    );
    let obsolete: Vec<&String> = covered.difference(&wanted).collect();
    assert!(obsolete.is_empty(), "probes of arguments that schema.graphql does not have:\n  {}", list(obsolete));
    Ok(())
}

fn covers(probe: &Probe) -> Vec<String> {
    probe.covers.clone()
}
