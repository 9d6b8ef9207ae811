//! What an attack came to: asserted, and written down for the report.

use std::path::PathBuf;

/// How many worlds or trials: few with all tests, all of them with `ROLEMARK_DISCLOSURE=full`.
pub fn trials(short: usize, full: usize) -> usize {
    let is_full = std::env::var_os("ROLEMARK_DISCLOSURE").is_some_and(|value| value == "full");
    if is_full { full } else { short }
}

/// One line of the report.
pub struct Finding {
    /// Number of the attack, `T05`.
    pub number: &'static str,
    /// The attack in a few words; names the line together with the number.
    pub attack: &'static str,
    /// What was tried, how often.
    pub tried: String,
    /// What has to hold.
    pub condition: &'static str,
    /// What was measured.
    pub measured: String,
}

impl Finding {
    /// Writes the line into the directory that `ROLEMARK_DISCLOSURE_FIGURES` names, if it names one, and then fails the
    /// test unless the attack failed.
    pub fn judge(self, has_passed: bool) {
        let Self { number, attack, tried, condition, measured } = self;
        println!("{number} {attack}: {tried}: {measured} (has to be: {condition})");
        if let Some(directory) = std::env::var_os("ROLEMARK_DISCLOSURE_FIGURES") {
            let line = serde_json::json!({
                "number": number, "layer": "simulation", "attack": attack, "tried": tried,
                "condition": condition, "measured": measured, "hasPassed": has_passed,
            });
            let name: String =
                attack.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
            let path = PathBuf::from(directory).join(format!("{number}-simulation-{name}.json"));
            std::fs::write(path, line.to_string()).unwrap();
        }
        assert!(has_passed, "{number} {attack}: {measured}; has to be: {condition}");
    }
}
