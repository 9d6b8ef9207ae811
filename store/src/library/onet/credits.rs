//! The words of credit that must travel with what was imported.

const ONET_CREDIT: &str = "by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA). Used under \
    the CC BY 4.0 license. O*NET(R) is a trademark of USDOL/ETA. Rolemark has modified this information: it selects \
    skills, technologies and titles, shortens long task titles, rescales skill levels, and derives stages, scores and \
    exposure from other sources. USDOL/ETA has not approved, endorsed, or tested these modifications.";

const OBSERVED_CREDIT: &str = "Observed exposure: Anthropic Economic Index, by Anthropic, used under CC BY. Cite \
    arXiv:2503.04761 and the note on labor market impacts (Massenkoff and McCrory, March 2026).";

const LABELS_CREDIT: &str = "Automation labels and exposure: \"GPTs are GPTs\" (Eloundou, Manning, Mishkin and Rock \
    2023), github.com/openai/GPTs-are-GPTs, under the MIT License:";

const MIT_LICENSE: &str = "MIT License\n\nCopyright (c) 2024 OpenAI\n\nPermission is hereby granted, free of charge, to \
    any person obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the \
    Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, \
    distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished \
    to do so, subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be \
    included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT \
    WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS \
    FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY \
    CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN \
    CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.";

/// Where the values of the exposure measures come from.
pub(super) const GPT4_SOURCE: &str = "GPTs are GPTs (Eloundou et al. 2023), labels given by GPT-4";
pub(super) const HUMAN_SOURCE: &str = "GPTs are GPTs (Eloundou et al. 2023), labels given by people";
pub(super) const OBSERVED_SOURCE: &str = "Anthropic Economic Index, labor market impacts (March 2026)";

/// What the import has used.
pub(super) struct Credits<'a> {
    pub(super) version: &'a str,
    pub(super) has_labels: bool,
    pub(super) has_observed: bool,
}

impl Credits<'_> {
    /// The title of the edition.
    pub(super) fn title(&self) -> String {
        if self.is_versioned() { format!("O*NET {}", self.version) } else { "O*NET".to_owned() }
    }

    /// The licences, in short.
    pub(super) fn license(&self) -> String {
        let mut license = "CC BY 4.0 (O*NET)".to_owned();
        if self.has_labels {
            license.push_str(", MIT (task labels)");
        }
        if self.has_observed {
            license.push_str(", CC BY (observed exposure)");
        }
        license
    }

    /// The credit of the edition, with the licence text where that must be kept.
    pub(super) fn of_edition(&self) -> String {
        let mut parts = vec![self.of_onet()];
        if self.has_observed {
            parts.push(OBSERVED_CREDIT.to_owned());
        }
        if self.has_labels {
            parts.push(format!("{LABELS_CREDIT}\n\n{MIT_LICENSE}"));
        }
        parts.join("\n\n")
    }

    /// The credit of a role, without licence texts: those stand in the edition.
    pub(super) fn of_role(&self) -> String {
        let mut parts = vec![self.of_onet()];
        if self.has_labels {
            parts.push("Automation labels and exposure: \"GPTs are GPTs\" (Eloundou et al. 2023), MIT License, (c) 2024 OpenAI.".into());
        }
        if self.has_observed {
            parts.push("Observed exposure: Anthropic Economic Index, CC BY, Anthropic (arXiv:2503.04761).".into());
        }
        parts.join(" ")
    }

    fn of_onet(&self) -> String {
        let version = if self.is_versioned() { format!(" {}", self.version) } else { String::new() };
        format!("This product includes information from the O*NET{version} Database {ONET_CREDIT}")
    }

    fn is_versioned(&self) -> bool {
        self.version.starts_with(|c: char| c.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_is_given_to_what_was_used() {
        let all = Credits { version: "29.3", has_labels: true, has_observed: true };
        let text = all.of_edition();
        assert!(
            text.starts_with("This product includes information from the O*NET 29.3 Database by the U.S. Department")
        );
        for words in ["CC BY 4.0", "has modified", "Copyright (c) 2024 OpenAI", "AS IS", "arXiv:2503.04761"] {
            assert!(text.contains(words), "{words}");
        }
        assert!(text.chars().count() <= 4_000);
        let only = Credits { version: "unversioned", has_labels: false, has_observed: false };
        assert!(only.of_edition().starts_with("This product includes information from the O*NET Database by"));
        assert!(!only.of_edition().contains("OpenAI") && !only.of_role().contains("Anthropic"));
        assert_eq!(only.license(), "CC BY 4.0 (O*NET)");
    }
}
