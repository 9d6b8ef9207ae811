use domain::exposure::ExposureLabel::{E0, E1, E2};
use domain::exposure::TaskType::{Core, Supplemental};
use domain::exposure::{Exposure, ExposureLabel, TaskType, occupation_exposure};

use crate::fixtures::assert_close;
use crate::golden_vectors::shared_data;

#[track_caller]
fn assert_exposure(exposure: Option<Exposure>, expected: [f64; 3]) {
    let exposure = exposure.unwrap();
    for (actual, expected) in [exposure.alpha, exposure.beta, exposure.gamma].into_iter().zip(expected) {
        assert_close(actual, expected, 1e-12, "exposure");
    }
}

#[test]
fn shampooers_by_hand() {
    let gpt4 = [(Core, E0), (Core, E0), (Core, E0), (Supplemental, E1)];
    assert_exposure(occupation_exposure(&gpt4), [1.0 / 7.0; 3]);
    let human = [(Core, E0), (Core, E0), (Core, E0), (Supplemental, E2)];
    assert_exposure(occupation_exposure(&human), [0.0, 0.5 / 7.0, 1.0 / 7.0]);
}

#[test]
fn cargo_supervisors_by_hand() {
    let gpt4 = [(Core, E2), (Core, E0), (Core, E0), (Core, E2), (Supplemental, E1), (Supplemental, E0)];
    assert_exposure(occupation_exposure(&gpt4), [0.1, 0.3, 0.5]);
    assert_exposure(occupation_exposure(&gpt4.map(|(task_type, _)| (task_type, E0))), [0.0; 3]);
}

#[test]
fn no_task_no_exposure() {
    assert_eq!(occupation_exposure(&[]), None);
    assert_eq!(TaskType::from_column(""), TaskType::Unspecified);
    assert_eq!(TaskType::from_column("Core"), Core);
}

#[test]
fn the_published_table_of_computer_occupations_comes_out() {
    let name = "exposure::the_published_table_of_computer_occupations_comes_out";
    let labels = shared_data("derived_reference_tasks_soc15.tsv", name);
    let Some((labels, table)) = labels.zip(shared_data("eloundou_occ_level_soc15.csv", name)) else { return };
    let mut compared = 0;
    for line in table.lines().skip(1) {
        let (code, rest) = line.split_once(',').unwrap();
        let figures: Vec<f64> = rest.rsplitn(7, ',').take(6).map(|text| text.parse().unwrap()).collect();
        for (column, from_the_end) in [(6, [5, 4, 3]), (7, [2, 1, 0])] {
            let tasks: Vec<_> = labels.lines().skip(1).filter_map(|row| labelled(row, code, column)).collect();
            let expected = from_the_end.map(|position| figures[position]);
            assert_exposure(occupation_exposure(&tasks), expected);
            compared += 3;
        }
    }
    assert_eq!(compared, 216);
}

fn labelled(row: &str, code: &str, column: usize) -> Option<(TaskType, ExposureLabel)> {
    let fields: Vec<&str> = row.split('\t').collect();
    (fields[0] == code).then(|| (TaskType::from_column(fields[3]), fields[column].parse().unwrap()))
}
