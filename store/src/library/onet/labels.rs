//! The task labels of "GPTs are GPTs" (Eloundou et al. 2023) and the exposure of occupations that follows from them.

use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    str::FromStr,
};

use domain::{
    exposure::{Exposure, ExposureLabel, TaskType, occupation_exposure},
    stage::AutomationLabel,
};

use super::table::{checked_code, decoded, for_each_row, task_number, unexpected};
use crate::library::import::{FileFault, ImportError};

/// What a label file is called in errors when it has no name.
const UNNAMED: &str = "full_labelset.tsv";

/// The exposure of an occupation, once by the labels of GPT-4 and once by those of people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OccupationExposure {
    /// By the labels that GPT-4 gave.
    pub gpt4: Exposure,
    /// By the labels that people gave.
    pub human: Exposure,
}

/// What is taken from a label file.
#[derive(Debug)]
pub(super) struct Labels {
    /// For each occupation its labelled tasks, by number.
    automation: HashMap<String, HashMap<String, Option<AutomationLabel>>>,
    /// The exposure of each occupation of the label file.
    pub(super) exposures: BTreeMap<String, OccupationExposure>,
}

/// The exposure of every occupation of a label file, plain or gzipped: alpha, beta and gamma as the mean over its tasks,
/// weighted 2 for tasks that the label file itself calls "Core" and 1 for others. This gives the published table of
/// occupations exactly.
///
/// # Errors
/// [`ImportError::File`] for a file that is not such a table, with the line.
pub fn occupation_exposures(mut labels: impl Read) -> Result<BTreeMap<String, OccupationExposure>, ImportError> {
    let mut content = Vec::new();
    labels.read_to_end(&mut content).map_err(|error| ImportError::unreadable(UNNAMED, &error))?;
    let read = decoded(&content).and_then(|text| Labels::read(&text));
    Ok(read.map_err(|fault| fault.within(UNNAMED))?.exposures)
}

/// The labels of one occupation, each with the type of its task.
#[derive(Default)]
struct TaskLabels {
    gpt4: Vec<(TaskType, ExposureLabel)>,
    human: Vec<(TaskType, ExposureLabel)>,
}

const COLUMNS: [&str; 6] =
    ["O*NET-SOC Code", "Task ID", "Task Type", "human_exposure_agg", "gpt4_exposure", "gpt4_automation"];

impl Labels {
    pub(super) fn read(text: &str) -> Result<Self, FileFault> {
        let mut automation: HashMap<String, HashMap<String, Option<AutomationLabel>>> = HashMap::new();
        let mut occupations: BTreeMap<String, TaskLabels> = BTreeMap::new();
        for_each_row(text, COLUMNS, |line, [code, number, task_type, human, gpt4, label]| {
            let (code, number) = (checked_code(line, code)?, task_number(line, number)?);
            let label = if label.is_empty() { None } else { Some(parsed(line, "gpt4_automation", label)?) };
            let task_type = checked_type(line, task_type)?;
            let labels = occupations.entry(code.to_owned()).or_default();
            labels.gpt4.push((task_type, parsed(line, "gpt4_exposure", gpt4)?));
            labels.human.push((task_type, parsed(line, "human_exposure_agg", human)?));
            if automation.entry(code.to_owned()).or_default().insert(number.to_owned(), label).is_some() {
                return Err(FileFault::on_line(line, format!("the task {number} of {code} occurs twice")));
            }
            Ok(())
        })?;
        if occupations.is_empty() {
            return Err(FileFault::whole("holds no label"));
        }
        let exposures = occupations.into_iter().filter_map(|(code, labels)| Some((code, labels.exposure()?)));
        Ok(Self { automation, exposures: exposures.collect() })
    }

    /// The automation label of a task in an occupation.
    pub(super) fn automation(&self, occupation: &str, task: &str) -> Option<AutomationLabel> {
        *self.automation.get(occupation)?.get(task)?
    }
}

impl TaskLabels {
    fn exposure(&self) -> Option<OccupationExposure> {
        Some(OccupationExposure { gpt4: occupation_exposure(&self.gpt4)?, human: occupation_exposure(&self.human)? })
    }
}

fn parsed<T: FromStr>(line: u64, column: &str, value: &str) -> Result<T, FileFault> {
    value.parse().map_err(|_| unexpected(line, column, value))
}

/// An empty type is that of tasks which O*NET had not rated yet; they weigh as much as supplemental ones.
fn checked_type(line: u64, value: &str) -> Result<TaskType, FileFault> {
    match value {
        "Core" | "Supplemental" | "" | "n/a" | "nan" => Ok(TaskType::from_column(value)),
        _ => Err(unexpected(line, "Task Type", value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "\tO*NET-SOC Code\tTask ID\tTask\tTask Type\tTitle\thuman_exposure_agg\tgpt4_exposure\tgpt4_automation\n";

    fn row(number: u32, task_type: &str, human: &str, gpt4: &str, label: &str) -> String {
        format!("0\t39-5093.00\t{number}.0\tSay \"hello.\t{task_type}\tShampooers\t{human}\t{gpt4}\t{label}\n")
    }

    #[test]
    fn core_tasks_weigh_twice() {
        let rows = [
            row(1, "Core", "E0", "E0", "T0"),
            row(2, "Core", "E0", "E0", "T1"),
            row(3, "Core", "E0", "E0", ""),
            row(4, "Supplemental", "E2", "E1", "T4"),
        ];
        let text = format!("{HEADER}{}", rows.concat());
        let labels = Labels::read(&text).unwrap();
        let exposure = labels.exposures["39-5093.00"];
        for value in [exposure.gpt4.alpha, exposure.gpt4.beta, exposure.gpt4.gamma, exposure.human.gamma] {
            assert!((value - 1.0 / 7.0).abs() < 1e-12);
        }
        assert!((exposure.human.beta - 0.5 / 7.0).abs() < 1e-12 && exposure.human.alpha == 0.0);
        assert_eq!(labels.automation("39-5093.00", "4"), Some(AutomationLabel::T4));
        assert_eq!(labels.automation("39-5093.00", "3"), None);
        assert_eq!(labels.automation("39-5093.00", "9"), None);
        let zipped = super::super::table::tests::gzipped(&text);
        assert_eq!(occupation_exposures(zipped.as_slice()).unwrap(), labels.exposures);
    }

    #[test]
    fn wrong_rows_are_refused() {
        let error = |rows: &str| occupation_exposures(format!("{HEADER}{rows}").as_bytes()).unwrap_err().to_string();
        let unexpected = |rows: &str| error(rows).replace("full_labelset.tsv, ", "");
        assert_eq!(unexpected(&row(1, "Core", "E3", "E0", "T0")), "line 2: unexpected human_exposure_agg \"E3\"");
        assert_eq!(unexpected(&row(1, "Core", "E0", "", "T0")), "line 2: unexpected gpt4_exposure \"\"");
        assert_eq!(unexpected(&row(1, "Core", "E0", "E0", "T5")), "line 2: unexpected gpt4_automation \"T5\"");
        assert_eq!(unexpected(&row(1, "core", "E0", "E0", "T0")), "line 2: unexpected Task Type \"core\"");
        let twice = row(1, "Core", "E0", "E0", "T0").repeat(2);
        assert_eq!(unexpected(&twice), "line 3: the task 1 of 39-5093.00 occurs twice");
        assert_eq!(error(""), "full_labelset.tsv: holds no label");
    }
}
