//! Skills and technologies of occupations.

use std::collections::{BTreeMap, HashMap};

use domain::{
    library::canonical_key,
    roles::{Skill, Trend, normalized_key},
};

use super::{
    SOURCE,
    table::{checked_code, for_each_row, unexpected},
};
use crate::library::import::FileFault;

/// A skill of less importance (1 to 5) is left out: 3 is "important".
const IMPORTANCE_MINIMUM: f64 = 3.0;
/// The ranges of O*NET's scales IM and LV.
const IMPORTANCE_RANGE: (f64, f64) = (1.0, 5.0);
const LEVEL_RANGE: (f64, f64) = (0.0, 7.0);
/// The most technologies of one occupation; some have hundreds.
const TECHNOLOGIES_MAXIMUM: usize = 20;

#[derive(Default)]
struct Figures<'a> {
    name: &'a str,
    importance: Option<f64>,
    level: Option<f64>,
}

const SKILL_COLUMNS: [&str; 7] =
    ["O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value", "Recommend Suppress", "Not Relevant"];

/// The important skills of each occupation, the most important first. O*NET says nothing about trends, so they are stable;
/// figures that it recommends not to use are not used.
pub(super) fn read_skills(text: &str) -> Result<HashMap<String, Vec<Skill>>, FileFault> {
    let mut occupations: HashMap<&str, BTreeMap<&str, Figures<'_>>> = HashMap::new();
    for_each_row(text, SKILL_COLUMNS, |line, [code, element, name, scale, value, suppress, not_relevant]| {
        let code = checked_code(line, code)?;
        let range = match scale {
            "IM" => IMPORTANCE_RANGE,
            "LV" => LEVEL_RANGE,
            _ => return Err(unexpected(line, "Scale ID", scale)),
        };
        let number = value.parse::<f64>().ok().filter(|number| (range.0..=range.1).contains(number));
        let number = number.ok_or_else(|| unexpected(line, "Data Value", value))?;
        let figures = occupations.entry(code).or_default().entry(element).or_default();
        figures.name = name;
        let used = (suppress != "Y" && not_relevant != "Y").then_some(number);
        let slot = if scale == "IM" { &mut figures.importance } else { &mut figures.level };
        *slot = used;
        Ok(())
    })?;
    Ok(occupations.into_iter().map(|(code, figures)| (code.to_owned(), skills(figures))).collect())
}

fn skills(figures: BTreeMap<&str, Figures<'_>>) -> Vec<Skill> {
    let mut important: Vec<(f64, &str, Figures<'_>)> = figures
        .into_iter()
        .filter_map(|(element, figures)| Some((figures.importance?, element, figures)))
        .filter(|(importance, _, _)| *importance >= IMPORTANCE_MINIMUM)
        .collect();
    important.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let skill = |(_, element, figures): (f64, &str, Figures<'_>)| Skill {
        proficiency: figures.level.map(proficiency),
        // The element of O*NET's content model stays the same when its name is reworded.
        canonical_skill: Some(canonical_key(SOURCE, &element.to_lowercase())),
        ..Skill::new(figures.name, Trend::Stable)
    };
    important.into_iter().map(skill).collect()
}

/// O*NET's level, 0 to 7, on the scale from 1 (aware) to 5 (expert), rounded.
fn proficiency(level: f64) -> u8 {
    // 0 to 7 becomes 1 to 5, which fits.
    (1.0 + level * 4.0 / LEVEL_RANGE.1).round().clamp(1.0, 5.0) as u8
}

const TECHNOLOGY_COLUMNS: [&str; 4] = ["O*NET-SOC Code", "Example", "Hot Technology", "In Demand"];

/// The technologies of each occupation: those in demand first, then hot ones, then others, as the file has them.
pub(super) fn read_technologies(text: &str) -> Result<HashMap<String, Vec<String>>, FileFault> {
    let mut occupations: HashMap<&str, Vec<(bool, bool, &str)>> = HashMap::new();
    for_each_row(text, TECHNOLOGY_COLUMNS, |line, [code, example, hot, in_demand]| {
        let code = checked_code(line, code)?;
        let flags = (is_yes(line, "In Demand", in_demand)?, is_yes(line, "Hot Technology", hot)?);
        occupations.entry(code).or_default().push((flags.0, flags.1, example));
        Ok(())
    })?;
    Ok(occupations.into_iter().map(|(code, technologies)| (code.to_owned(), best(technologies))).collect())
}

fn best(mut technologies: Vec<(bool, bool, &str)>) -> Vec<String> {
    technologies.sort_by_key(|(in_demand, hot, _)| (!in_demand, !hot));
    let mut best: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for (_, _, name) in technologies {
        let key = normalized_key(name);
        if best.len() < TECHNOLOGIES_MAXIMUM && !key.is_empty() && !seen.contains(&key) {
            seen.push(key);
            best.push(name.to_owned());
        }
    }
    best
}

fn is_yes(line: u64, column: &str, value: &str) -> Result<bool, FileFault> {
    match value {
        "Y" => Ok(true),
        "N" | "" | "n/a" => Ok(false),
        _ => Err(unexpected(line, column, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKILL_HEADER: &str =
        "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tRecommend Suppress\tNot Relevant\n";

    #[test]
    fn important_skills_come_in_order() {
        let text = format!(
            "{SKILL_HEADER}11-1011.00\t2.A.1.a\tReading\tIM\t4.12\tN\t\n11-1011.00\t2.A.1.a\tReading\tLV\t4.62\tN\tN\n\
             11-1011.00\t2.A.1.b\tListening\tIM\t4.5\tN\t\n11-1011.00\t2.A.1.b\tListening\tLV\t0\tY\tN\n\
             11-1011.00\t2.A.1.c\tWriting\tIM\t2.99\tN\t\n11-1011.00\t2.A.1.d\tSpeaking\tIM\t4.0\tY\t\n"
        );
        let skills = &read_skills(&text).unwrap()["11-1011.00"];
        let shown: Vec<_> = skills.iter().map(|skill| (skill.name.as_str(), skill.proficiency)).collect();
        assert_eq!(shown, [("Listening", None), ("Reading", Some(4))]);
        assert_eq!(skills[1].canonical_skill.as_deref(), Some("onet:2.a.1.a"));
        assert_eq!([0.0, 1.7, 3.5, 7.0].map(proficiency), [1, 2, 3, 5]);
    }

    #[test]
    fn technologies_in_demand_come_first_and_once() {
        let mut text = "O*NET-SOC Code\tExample\tHot Technology\tIn Demand\n".to_owned();
        for (name, hot, in_demand) in
            [("Old", "N", "N"), ("Hot", "Y", "N"), ("C#", "Y", "Y"), ("C", "Y", "Y"), ("c#", "N", "N")]
        {
            text.push_str(&format!("15-1252.00\t{name}\t{hot}\t{in_demand}\n"));
        }
        for number in 0..30 {
            text.push_str(&format!("15-1252.00\tTool {number}\tN\tN\n"));
        }
        let technologies = &read_technologies(&text).unwrap()["15-1252.00"];
        assert_eq!(technologies.len(), 20);
        assert_eq!(technologies[..5], ["C#", "C", "Hot", "Old", "Tool 0"]);
    }

    #[test]
    fn wrong_rows_are_refused() {
        let skill = |row: &str| read_skills(&format!("{SKILL_HEADER}{row}\n")).unwrap_err().within("f").to_string();
        assert_eq!(skill("11-1011.00\t2.A\tR\tXX\t1\tN\tN"), "f, line 2: unexpected Scale ID \"XX\"");
        assert_eq!(skill("11-1011.00\t2.A\tR\tIM\t5.1\tN\tN"), "f, line 2: unexpected Data Value \"5.1\"");
        let text = "O*NET-SOC Code\tExample\tHot Technology\tIn Demand\n15-1252.00\tC\tmaybe\tN\n";
        let error = read_technologies(text).unwrap_err().within("f").to_string();
        assert_eq!(error, "f, line 2: unexpected Hot Technology \"maybe\"");
    }
}
