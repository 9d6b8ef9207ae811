use domain::combination::{AssumptionOverrides, Assumptions, CombinationRole, combine};
use domain::violations::ViolationCode;

use crate::fixtures::{assert_close, backend, devops};

/// What is wrong with a combination of the Backend and the DevOps Engineer after a change.
fn violations(change: impl Fn(&mut Vec<CombinationRole>, &mut Assumptions)) -> Vec<(String, ViolationCode)> {
    let mut roles = vec![backend(0.2), devops()];
    let mut assumptions = Assumptions::base();
    change(&mut roles, &mut assumptions);
    let violations = combine(&roles, &assumptions).unwrap_err();
    violations.into_iter().map(|violation| (violation.path.join("."), violation.code)).collect()
}

#[test]
fn overrides_take_the_place_of_base_values() {
    let overrides = AssumptionOverrides { adoption: Some(0.9), ramp_months: Some(3), ..Default::default() };
    let assumptions = overrides.apply().unwrap();
    let outcome = combine(&[backend(0.2), devops()], &assumptions).unwrap();
    assert_close(outcome.gain, 0.4019, 5e-5, "G with high adoption");
    assert_eq!(outcome.transition.len(), 4);
    let wrong =
        AssumptionOverrides { adoption: Some(0.95), breadth: Some(f64::NAN), ramp_months: Some(0), ..overrides };
    let violations = wrong.apply().unwrap_err();
    let paths: Vec<String> = violations.iter().map(|violation| violation.path.join(".")).collect();
    assert_eq!(paths, ["assumptions.adoption", "assumptions.breadth", "assumptions.rampMonths"]);
}

#[test]
fn what_cannot_be_combined_is_refused() {
    use ViolationCode::{DuplicateKey, OutOfRange, Required, SharesDoNotAddUp, TooFew, TooMany};
    let one = |path: &str, code| vec![(path.to_owned(), code)];
    assert_eq!(violations(|roles, _| roles.truncate(1)), one("roles", TooFew));
    assert_eq!(violations(|roles, _| roles.resize(11, devops())), one("roles", TooMany));
    assert_eq!(violations(|roles, _| roles[1].current_adoption = 0.8), one("assumptions.adoption", OutOfRange));
    assert_eq!(violations(|roles, _| roles[1].headcount = 0.0), one("roles.1.headcount", OutOfRange));
    assert_eq!(violations(|roles, _| roles[0].headcount = f64::NAN), one("roles.0.headcount", OutOfRange));
    let too_much = violations(|roles, _| roles[0].coordination_share = 0.81);
    assert_eq!(too_much, one("roles.0.coordinationShare", OutOfRange));
    let twice = violations(|roles, _| roles[1].tasks[3] = roles[1].tasks[0].clone());
    assert_eq!(twice, one("roles.1.tasks.3.key", DuplicateKey));
    assert_eq!(violations(|roles, _| roles[0].tasks.clear()), one("roles.0.tasks", Required));
    let partial = violations(|roles, _| roles[0].tasks[0].time_share = Some(0.1));
    assert_eq!(partial, one("roles.0.tasks", Required));
    let all = violations(|roles, _| roles[0].tasks.iter_mut().for_each(|task| task.time_share = Some(0.0998)));
    assert_eq!(all, one("roles.0.tasks", SharesDoNotAddUp));
    assert_eq!(violations(|_, assumptions| assumptions.breadth = 0.3), one("assumptions.breadth", OutOfRange));
}
