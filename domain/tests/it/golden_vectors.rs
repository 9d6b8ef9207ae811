//! The figures that the design fixes, read from the shared data where it is present.

use std::path::PathBuf;

use domain::combination::{Assumptions, CombinationRole, CombinationTask, combine};
use domain::exposure::{ExposureLabel, TaskType, occupation_exposure};
use domain::method::Parameter;
use domain::score::score;
use domain::stage::Stage;
use serde_json::Value;

use crate::fixtures::{assert_close, tasks_of};

/// A file of the shared data; where it is absent, says that the test of this name is skipped.
pub fn shared_data(file: &str, test: &str) -> Option<String> {
    let set = std::env::var_os("ROLEMARK_SHARED_DATA").map(PathBuf::from);
    let path = set.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")).join(file);
    let content = std::fs::read_to_string(&path);
    if let Err(error) = &content {
        println!("skipped: {test}: {}: {error}", path.display());
    }
    content.ok()
}

fn golden(test: &str) -> Option<Value> {
    shared_data("golden_vectors.json", test).map(|text| serde_json::from_str(&text).unwrap())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn scores() {
    let Some(golden) = golden("golden_vectors::scores") else { return };
    for stage in Stage::ALL {
        let table = |name: &str| number(&golden["score"][name][stage.as_str()]);
        assert_eq!([stage.weight(), stage.low(), stage.high()], [table("weights"), table("low"), table("high")]);
    }
    for case in list(&golden["score"]["cases"]) {
        let count = |stage: Stage| (stage, case["counts"][stage.as_str()].as_u64().unwrap_or(0) as usize);
        let score = score(&tasks_of(&Stage::ALL.map(count))).unwrap();
        for (name, actual) in [("score", score.value), ("low", score.low), ("high", score.high)] {
            assert_close(actual, number(&case[name]), 1e-6, text(&case["name"]));
        }
    }
}

#[test]
fn parameters() {
    let Some(golden) = golden("golden_vectors::parameters") else { return };
    for parameter in Parameter::ALL {
        let row = parameter.definition();
        let name = parameter.as_str().to_lowercase();
        let base = golden["combination"]["base"][&name].as_f64().unwrap_or(0.0);
        let range_name = if parameter == Parameter::CoordinationShare { format!("{name}_shift") } else { name };
        let range = &golden["combination"]["ranges"][&range_name];
        assert_eq!([row.low, row.base, row.high], [number(&range[0]), base, number(&range[1])], "{parameter}");
    }
}

#[test]
fn combinations() {
    let Some(golden) = golden("golden_vectors::combinations") else { return };
    for case in list(&golden["combination"]["cases"]) {
        let roles: Vec<CombinationRole> = list(&case["roles"]).iter().map(role).collect();
        let outcome = combine(&roles, &Assumptions::base()).unwrap();
        let actual = serde_json::to_value(&outcome).unwrap();
        for (expected, field) in FIELDS {
            let sign = if expected == "breadth" { -1.0 } else { 1.0 };
            assert_close(
                sign * number(actual.pointer(field).unwrap()),
                number(&case["expected"][expected]),
                1e-6,
                expected,
            );
        }
        assert_close(outcome.interval.lower, number(&case["interval"][0]), 5e-5, "lower");
        assert_close(outcome.interval.upper, number(&case["interval"][1]), 5e-5, "upper");
        for bar in &outcome.tornado {
            let expected = &case["tornado"][bar.parameter.as_str().to_lowercase()];
            assert_close(bar.gain_at_low, number(&expected[0]), 5e-5, bar.parameter.as_str());
            assert_close(bar.gain_at_high, number(&expected[1]), 5e-5, bar.parameter.as_str());
        }
        assert_close(100.0 * outcome.gain, number(&case["published_pct"]), 0.5, "published");
    }
}

const FIELDS: [(&str, &str); 15] = [
    ("H0", "/h0"),
    ("C", "/coordination_hours"),
    ("H_ai", "/h_ai"),
    ("H1", "/h1"),
    ("J", "/jaccard"),
    ("B", "/breadth_factor"),
    ("dedup", "/waterfall/duplicates_removed"),
    ("coordination", "/waterfall/coordination_removed"),
    ("ai", "/waterfall/ai_saved"),
    ("breadth", "/waterfall/breadth_cost"),
    ("G", "/gain"),
    ("G_ai", "/gain_from_ai"),
    ("G_merge", "/gain_from_merging"),
    ("fte_freed", "/fte_freed"),
    ("hours_saved", "/hours_saved_share"),
];

fn role(value: &Value) -> CombinationRole {
    let task = |task: &Value| {
        let stage = text(&task["stage"]).parse().unwrap();
        CombinationTask::new(text(&task["key"]), stage, task["time_share"].as_f64())
    };
    CombinationRole {
        name: "Role".to_owned(),
        headcount: number(&value["headcount"]),
        coordination_share: number(&value["coordination_share"]),
        coordination_share_is_assumed: false,
        current_adoption: 0.0,
        tasks: list(&value["tasks"]).iter().map(task).collect(),
        skills: list(&value["skills"]).iter().map(|name| text(name).into()).collect(),
        unscored_tasks: 0,
    }
}

#[test]
fn exposure_by_hand() {
    let Some(golden) = golden("golden_vectors::exposure_by_hand") else { return };
    for case in list(&golden["exposure_hand_checks"]) {
        for (column, rater) in [(1, "gpt4"), (2, "human")] {
            let task = |task: &Value| {
                let label: ExposureLabel = text(&task[column]).parse().unwrap();
                (TaskType::from_column(text(&task[0])), label)
            };
            let tasks: Vec<_> = list(&case["tasks"]).iter().map(task).collect();
            let exposure = serde_json::to_value(occupation_exposure(&tasks).unwrap()).unwrap();
            for measure in ["alpha", "beta", "gamma"] {
                assert_close(number(&exposure[measure]), number(&case[rater][measure]), 1e-9, measure);
            }
        }
    }
}
