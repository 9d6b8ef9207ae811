//! What an attack came to: asserted, and written down for the report.

use std::path::PathBuf;

use rolemark_tests::TestServer;

/// How many trials: few with all tests, all of them with `ROLEMARK_DISCLOSURE=full`.
pub(super) fn trials(short: usize, full: usize) -> usize {
    let is_full = std::env::var_os("ROLEMARK_DISCLOSURE").is_some_and(|value| value == "full");
    if is_full { full } else { short }
}

/// One line of the report.
pub(super) struct Finding {
    pub(super) number: &'static str,
    pub(super) attack: &'static str,
    pub(super) tried: String,
    pub(super) condition: &'static str,
    pub(super) measured: String,
}

impl Finding {
    /// Writes the line into the directory that `ROLEMARK_DISCLOSURE_FIGURES` names, if it names one, and then fails the
    /// case unless the attack failed.
    pub(super) fn judge(self, server: &TestServer, has_passed: bool) {
        let Self { number, attack, tried, condition, measured } = self;
        let layer = server.backend().to_string();
        println!("{number} {layer} {attack}: {tried}: {measured}");
        if let Some(directory) = std::env::var_os("ROLEMARK_DISCLOSURE_FIGURES") {
            let line = serde_json::json!({
                "number": number, "layer": layer, "attack": attack, "tried": tried,
                "condition": condition, "measured": measured, "hasPassed": has_passed,
            });
            let name: String =
                attack.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
            let path = PathBuf::from(directory).join(format!("{number}-{layer}-{name}.json"));
            std::fs::write(path, line.to_string()).expect("the line is written");
        }
        assert!(has_passed, "{number} {attack}: {measured}; has to be: {condition}");
    }
}
