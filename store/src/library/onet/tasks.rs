//! The task statements.

use std::collections::{BTreeMap, HashSet};

use domain::{
    library::{CanonicalTask, canonical_key},
    roles::RoleLimits,
};

use super::{
    SOURCE,
    labels::Labels,
    table::{checked_code, for_each_row, task_number, unexpected},
    version::day_of_month,
};
use crate::library::import::FileFault;

/// A task statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TaskStatement {
    pub(super) number: String,
    pub(super) text: String,
}

/// The statements of each occupation, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct TaskStatements {
    pub(super) by_occupation: BTreeMap<String, Vec<TaskStatement>>,
    /// The first day of the latest month in which a statement was looked at, as `YYYY-MM-DD`.
    pub(super) newest_date: Option<String>,
}

impl TaskStatements {
    pub(super) fn read(text: &str) -> Result<Self, FileFault> {
        let mut tasks = Self::default();
        let mut seen = HashSet::new();
        for_each_row(text, ["O*NET-SOC Code", "Task ID", "Task", "Date"], |line, [code, number, statement, date]| {
            let (code, number) = (checked_code(line, code)?, task_number(line, number)?);
            if statement.is_empty() {
                return Err(unexpected(line, "task", statement));
            }
            if !seen.insert((code, number)) {
                return Err(FileFault::on_line(line, format!("the task {number} of {code} occurs twice")));
            }
            let task = TaskStatement { number: number.to_owned(), text: statement.to_owned() };
            tasks.by_occupation.entry(code.to_owned()).or_default().push(task);
            tasks.newest_date = tasks.newest_date.take().max(day_of_month(date));
            Ok(())
        })?;
        if tasks.by_occupation.is_empty() {
            return Err(FileFault::whole("holds no task"));
        }
        Ok(tasks)
    }

    pub(super) fn count(&self) -> usize {
        self.by_occupation.values().map(Vec::len).sum()
    }
}

impl TaskStatement {
    /// The canonical task, with the stage that its automation label stands for if it has one.
    pub(super) fn into_canonical(self, occupation: &str, labels: Option<&Labels>) -> CanonicalTask {
        let label = labels.and_then(|labels| labels.automation(occupation, &self.number));
        let (title, description) = title_and_description(self.text);
        CanonicalTask {
            key: canonical_key(SOURCE, &self.number),
            title,
            description,
            rationale: label.map(|label| {
                format!("Derived from the automation label {label} that GPT-4 gave the task in \"GPTs are GPTs\" (Eloundou et al. 2023).")
            }),
            stage: label.map(domain::stage::AutomationLabel::stage),
            stage_is_derived: label.is_some(),
            ..CanonicalTask::default()
        }
    }
}

/// A statement as a title; one that is too long for a title is cut between words and kept whole as the description.
fn title_and_description(statement: String) -> (String, Option<String>) {
    let maximum = RoleLimits::default().name_length;
    let Some((end, _)) = statement.char_indices().nth(maximum) else { return (statement, None) };
    let last = statement[..end].char_indices().next_back().map_or(0, |(position, _)| position);
    let fitting = &statement[..last];
    let cut = fitting.rfind(' ').map_or(fitting, |space| &fitting[..space]);
    let title = format!("{}…", cut.trim_end_matches([',', ';', ' ']));
    (title, Some(statement))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "O*NET-SOC Code\tTitle\tTask ID\tTask\tTask Type\tDate\n";

    #[test]
    fn statements_are_grouped_by_occupation() {
        let text = format!(
            "{HEADER}11-1011.00\tA\t12\tLead \"people\".\tCore\t08/2023\n11-1011.00\tA\t13\tPlan.\t\t02/2024\n\
             15-1252.00\tB\t14\tCode.\tCore\t11/2019\n"
        );
        let tasks = TaskStatements::read(&text).unwrap();
        assert_eq!(tasks.count(), 3);
        assert_eq!(tasks.by_occupation["11-1011.00"][0].text, "Lead \"people\".");
        assert_eq!(tasks.newest_date.as_deref(), Some("2024-02-01"));
    }

    #[test]
    fn wrong_rows_are_refused() {
        let error = |rows: &str| TaskStatements::read(&format!("{HEADER}{rows}")).unwrap_err().within("f").to_string();
        let row = "11-1011.00\tA\t12\tLead.\tCore\t08/2023\n";
        assert_eq!(error(&row.repeat(2)), "f, line 3: the task 12 of 11-1011.00 occurs twice");
        assert_eq!(error(&row.replace("12\t", "x\t")), "f, line 2: unexpected task ID \"x\"");
        assert_eq!(error(&row.replace("Lead.", "")), "f, line 2: unexpected task \"\"");
        assert_eq!(error(""), "f: holds no task");
    }

    #[test]
    fn long_statements_are_cut_between_words() {
        let (title, description) = title_and_description("Short.".into());
        assert_eq!((title.as_str(), description), ("Short.", None));
        let exact = "x".repeat(200);
        assert_eq!(title_and_description(exact.clone()), (exact, None));
        let long = "word, ".repeat(40);
        let (title, description) = title_and_description(long.clone());
        assert!(title.ends_with("word…") && title.chars().count() <= 200, "{title}");
        assert_eq!(description, Some(long));
        let unbroken = "é".repeat(250);
        assert_eq!(title_and_description(unbroken).0.chars().count(), 200);
    }
}
