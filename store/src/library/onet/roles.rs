//! From the tables to canonical roles.

use std::collections::{BTreeMap, HashMap};

use domain::{
    exposure::{ExposureMeasure, ExposureName},
    library::{CanonicalRole, canonical_key},
    roles::{RoleLimits, Skill},
};

use super::{
    SOURCE,
    credits::{GPT4_SOURCE, HUMAN_SOURCE, OBSERVED_SOURCE},
    files::{Kind, OnetFiles},
    labels::Labels,
    observed::ObservedExposures,
    occupations::{self, Occupation},
    skills,
    table::text_of,
    tasks::TaskStatements,
    titles::OtherTitles,
};
use crate::library::import::{FileFault, ImportError, Progress};

/// What the files hold.
pub(super) struct Material {
    occupations: BTreeMap<String, Occupation>,
    pub(super) tasks: TaskStatements,
    titles: OtherTitles,
    skills: HashMap<String, Vec<Skill>>,
    technologies: HashMap<String, Vec<String>>,
    labels: Option<Labels>,
    observed: Option<ObservedExposures>,
}

impl Material {
    /// Reads all files.
    pub(super) fn read(files: &OnetFiles, progress: &dyn Progress) -> Result<Self, ImportError> {
        let mut titles = OtherTitles::default();
        let occupations = read(files, Kind::Occupations, progress, occupations::read)?.unwrap_or_default();
        let tasks = read(files, Kind::Tasks, progress, TaskStatements::read)?.unwrap_or_default();
        refuse_strangers(files, &occupations, &tasks)?;
        read(files, Kind::ReportedTitles, progress, |text| titles.add(text, "Reported Job Title"))?;
        read(files, Kind::AlternateTitles, progress, |text| titles.add(text, "Alternate Title"))?;
        Ok(Self {
            occupations,
            tasks,
            titles,
            skills: read(files, Kind::Skills, progress, skills::read_skills)?.unwrap_or_default(),
            technologies: read(files, Kind::TechnologySkills, progress, skills::read_technologies)?.unwrap_or_default(),
            labels: read(files, Kind::Labels, progress, Labels::read)?,
            observed: read(files, Kind::ObservedExposure, progress, ObservedExposures::read)?,
        })
    }

    /// What a person should know about the content.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(labels) = &self.labels {
            let unlabelled = |(code, tasks): (&String, &Vec<super::tasks::TaskStatement>)| {
                tasks.iter().filter(|task| labels.automation(code, &task.number).is_none()).count()
            };
            let unlabelled: usize = self.tasks.by_occupation.iter().map(unlabelled).sum();
            if unlabelled > 0 {
                let all = self.tasks.count();
                notes.push(format!("{unlabelled} of {all} tasks have no automation label: they have no stage"));
            }
            let strangers = labels.exposures.keys().filter(|code| !self.occupations.contains_key(*code)).count();
            if strangers > 0 {
                notes.push(format!("{strangers} labelled occupations are not among these of O*NET"));
            }
        }
        notes
    }

    /// The roles: every occupation that has a task or an exposure. The others are residual ("All Other") or military.
    pub(super) fn into_roles(mut self, credit: &str) -> Vec<CanonicalRole> {
        let occupations = std::mem::take(&mut self.occupations);
        let roles = occupations.into_iter().filter_map(|(code, occupation)| self.role(code, occupation, credit));
        roles.collect()
    }

    fn role(&mut self, code: String, occupation: Occupation, credit: &str) -> Option<CanonicalRole> {
        let is_labelled = self.labels.as_ref().is_some_and(|labels| labels.exposures.contains_key(&code));
        let tasks = self.tasks.by_occupation.remove(&code).unwrap_or_default();
        if tasks.is_empty() && !is_labelled {
            return None;
        }
        let exposure = self.exposure(&code);
        let labels = self.labels.as_ref();
        let longest = RoleLimits::default().name_length;
        Some(CanonicalRole {
            key: canonical_key(SOURCE, &code),
            alternate_titles: self.titles.take(&code, &occupation.title, longest),
            title: occupation.title,
            family: occupation.family.to_owned(),
            summary: occupation.description,
            technology_stack: self.technologies.remove(&code).unwrap_or_default(),
            tasks: tasks.into_iter().map(|task| task.into_canonical(&code, labels)).collect(),
            skills: self.skills.remove(&code).unwrap_or_default(),
            exposure,
            attribution: Some(credit.to_owned()),
            occupation_code: Some(code),
            ..CanonicalRole::default()
        })
    }

    fn exposure(&self, code: &str) -> Vec<ExposureMeasure> {
        let measure = |name, value, source: &str| ExposureMeasure { name, value, source: source.to_owned() };
        let mut measures = Vec::new();
        if let Some(exposure) = self.labels.as_ref().and_then(|labels| labels.exposures.get(code)) {
            measures.extend([
                measure(ExposureName::Gpt4Alpha, exposure.gpt4.alpha, GPT4_SOURCE),
                measure(ExposureName::Gpt4Beta, exposure.gpt4.beta, GPT4_SOURCE),
                measure(ExposureName::Gpt4Gamma, exposure.gpt4.gamma, GPT4_SOURCE),
                measure(ExposureName::HumanAlpha, exposure.human.alpha, HUMAN_SOURCE),
                measure(ExposureName::HumanBeta, exposure.human.beta, HUMAN_SOURCE),
                measure(ExposureName::HumanGamma, exposure.human.gamma, HUMAN_SOURCE),
            ]);
        }
        let observed = self.observed.as_ref().and_then(|observed| observed.of_occupation(code));
        measures.extend(observed.map(|value| measure(ExposureName::ObservedExposure, value, OBSERVED_SOURCE)));
        measures
    }
}

/// Reads the file of a kind if it is there.
fn read<T>(
    files: &OnetFiles,
    kind: Kind,
    progress: &dyn Progress,
    parse: impl FnOnce(&str) -> Result<T, FileFault>,
) -> Result<Option<T>, ImportError> {
    let Some(file) = files.found.get(&kind) else { return Ok(None) };
    let text = text_of(file)?;
    let parsed = parse(&text).map_err(|fault| fault.within(&file.name))?;
    progress.advance(1);
    Ok(Some(parsed))
}

/// Tasks of an occupation that is not there would be lost without a word.
fn refuse_strangers(
    files: &OnetFiles,
    occupations: &BTreeMap<String, Occupation>,
    tasks: &TaskStatements,
) -> Result<(), ImportError> {
    let Some(stranger) = tasks.by_occupation.keys().find(|code| !occupations.contains_key(*code)) else {
        return Ok(());
    };
    let name = files.found.get(&Kind::Tasks).map_or("", |file| file.name.as_str());
    let reason = format!("has tasks of the occupation {stranger}, which the file of occupations has not");
    Err(FileFault::whole(reason).within(name))
}
