//! The observed exposure of the Anthropic Economic Index, by SOC code. A comma-separated file, quoted as usual.

use std::collections::BTreeMap;

use super::table::unexpected;
use crate::library::import::FileFault;

/// The observed exposure of each SOC code of six digits, such as `15-1252`; each 0 to 1.
#[derive(Debug)]
pub(super) struct ObservedExposures(BTreeMap<String, f64>);

impl ObservedExposures {
    pub(super) fn read(text: &str) -> Result<Self, FileFault> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(fault)?.clone();
        let column = |name: &str| {
            let position = header.iter().position(|column| column.trim() == name);
            position.ok_or_else(|| FileFault::on_line(1, format!("there is no column \"{name}\"")))
        };
        let (code_column, value_column) = (column("occ_code")?, column("observed_exposure")?);
        let mut exposures = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(fault)?;
            let line = record.position().map_or(1, csv::Position::line);
            let cell = |position: usize| record.get(position).unwrap_or_default().trim();
            let code = checked_code(line, cell(code_column))?;
            let value = checked_value(line, cell(value_column))?;
            if exposures.insert(code.to_owned(), value).is_some() {
                return Err(FileFault::on_line(line, format!("the occupation {code} occurs twice")));
            }
        }
        if exposures.is_empty() {
            return Err(FileFault::whole("holds no occupation"));
        }
        Ok(Self(exposures))
    }

    /// The figure of an O*NET-SOC code: that of the SOC code that it refines.
    pub(super) fn of_occupation(&self, code: &str) -> Option<f64> {
        self.0.get(code.get(..7)?).copied()
    }
}

fn checked_code(line: u64, code: &str) -> Result<&str, FileFault> {
    let is_code = code.len() == 7 && super::table::checked_code(line, &format!("{code}.00")).is_ok();
    if is_code { Ok(code) } else { Err(unexpected(line, "occ_code", code)) }
}

fn checked_value(line: u64, text: &str) -> Result<f64, FileFault> {
    let value = text.parse::<f64>().ok().filter(|value| (0.0..=1.0).contains(value));
    value.ok_or_else(|| unexpected(line, "observed_exposure", text))
}

fn fault(error: csv::Error) -> FileFault {
    let line = error.position().map(csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns where the header has {expected_len}")
        }
        _ => error.to_string(),
    };
    FileFault { line, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "occ_code,title,observed_exposure\n";

    #[test]
    fn occupations_have_the_figure_of_their_soc_code() {
        let text =
            format!("{HEADER}11-1011,Chief Executives,0.0333\n53-7121,\"Tank Car, Truck, and Ship Loaders\",0.0\n");
        let observed = ObservedExposures::read(&text).unwrap();
        assert_eq!(observed.of_occupation("11-1011.03"), Some(0.0333));
        assert_eq!(observed.of_occupation("53-7121.00"), Some(0.0));
        assert_eq!(observed.of_occupation("15-1252.00"), None);
        assert_eq!(observed.of_occupation("15"), None);
    }

    #[test]
    fn wrong_rows_are_refused() {
        let error = |text: &str| ObservedExposures::read(text).unwrap_err().within("f").to_string();
        let row = "11-1011,Chief Executives,0.0333\n";
        assert_eq!(error("occ_code,title\n"), "f, line 1: there is no column \"observed_exposure\"");
        assert_eq!(error(&format!("{HEADER}{row}11-1021,A\n")), "f, line 3: 2 columns where the header has 3");
        assert_eq!(error(&format!("{HEADER}11-1011,A,1.5\n")), "f, line 2: unexpected observed_exposure \"1.5\"");
        assert_eq!(error(&format!("{HEADER}11-1011,A,NaN\n")), "f, line 2: unexpected observed_exposure \"NaN\"");
        assert_eq!(error(&format!("{HEADER}11101,A,0.5\n")), "f, line 2: unexpected occ_code \"11101\"");
        assert_eq!(error(&format!("{HEADER}{row}{row}")), "f, line 3: the occupation 11-1011 occurs twice");
        assert_eq!(error(HEADER), "f: holds no occupation");
    }
}
