use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest `source` of a canonical key, in characters.
const SOURCE_LENGTH_MAXIMUM: usize = 40;
/// The longest `code` of a canonical key, in characters.
const CODE_LENGTH_MAXIMUM: usize = 200;
/// How many signs behind a word are looked at.
const SIGNS_MAXIMUM: usize = 8;

/// The normal form of a text as a key: lower-case words joined by single hyphens.
///
/// Accents of Latin letters are dropped (`Café` is `cafe`); letters and digits of other scripts stay, so that a title in
/// any language has a usable key. A `+` or `#` at the end of a word is spelled out, so that C, C++ and C# stay apart.
/// Empty when the text holds neither letter nor digit. Applied twice it changes nothing.
#[must_use]
pub fn normalized_key(text: &str) -> String {
    let folded = folded(text);
    let mut builder = KeyBuilder::default();
    for (position, &character) in folded.iter().enumerate() {
        if character.is_ascii_alphanumeric() {
            builder.add_letter(character);
        } else if is_combining_mark(character) {
            builder.add_mark(character);
        } else if character.is_alphanumeric() {
            builder.add_letter(character);
        } else if let Some(word) = spelled_out(character)
            && builder.is_within_word()
            && ends_word(&folded, position)
        {
            word.chars().for_each(|letter| builder.add_letter(letter));
        } else {
            builder.end_word();
        }
    }
    if builder.key.is_ascii() { builder.key } else { builder.key.nfc().collect() }
}

/// The characters in lower case, taken apart into letters and marks.
fn folded(text: &str) -> Vec<char> {
    if text.is_ascii() {
        // The same, without the tables.
        return text.chars().map(|character| character.to_ascii_lowercase()).collect();
    }
    text.nfkd().flat_map(char::to_lowercase).nfkd().collect()
}

/// A sign that tells apart names which would otherwise share a key, as a word.
const fn spelled_out(character: char) -> Option<&'static str> {
    match character {
        '+' => Some("plus"),
        '#' => Some("sharp"),
        _ => None,
    }
}

/// Whether the run of signs at `position` has no letter behind it: `C++ 17` and `C++17` do, `CI+CD` does not.
fn ends_word(folded: &[char], position: usize) -> bool {
    // A look ahead without an end would make a long run of signs cost the square of its length.
    let ahead = folded.iter().skip(position).take(SIGNS_MAXIMUM);
    let behind = ahead.copied().find(|&character| spelled_out(character).is_none());
    behind.is_none_or(|character| !character.is_alphabetic())
}

#[derive(Default)]
struct KeyBuilder {
    key: String,
    /// The letter that a mark would belong to; none at the start and after a hyphen.
    base: Option<char>,
}

impl KeyBuilder {
    const fn is_within_word(&self) -> bool {
        self.base.is_some()
    }

    fn add_letter(&mut self, letter: char) {
        if self.base.is_none() && !self.key.is_empty() {
            self.key.push('-');
        }
        self.key.push(letter);
        self.base = Some(letter);
    }

    /// Outside of Latin a mark can make another letter (か and が), so there it stays.
    fn add_mark(&mut self, mark: char) {
        if self.base.is_some_and(|base| !base.is_ascii()) {
            self.key.push(mark);
        }
    }

    const fn end_word(&mut self) {
        self.base = None;
    }
}

/// Whether a text has the form of a canonical key, `source:code`.
///
/// The source is 1 to 40 lower-case ASCII letters, digits and hyphens; the code is 1 to 200 lower-case letters and digits
/// (of any script, as [`normalized_key`] makes them) and any of `-._/`. Both begin with a letter or digit.
#[must_use]
pub fn is_canonical_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|(source, code)| is_source(source) && is_code(code))
}

/// Whether a text may stand before the colon of a canonical key.
pub(crate) fn is_source(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    is_within(text, SOURCE_LENGTH_MAXIMUM) && !text.starts_with('-') && text.chars().all(is_allowed)
}

/// Whether a text may stand after the colon of a canonical key.
pub(crate) fn is_code(text: &str) -> bool {
    let is_letter = |c: char| (c.is_alphanumeric() || is_combining_mark(c)) && !c.is_uppercase();
    is_within(text, CODE_LENGTH_MAXIMUM)
        && text.starts_with(|c: char| c.is_alphanumeric())
        && text.chars().all(|c| is_letter(c) || matches!(c, '-' | '.' | '_' | '/'))
}

fn is_within(text: &str, maximum: usize) -> bool {
    !text.is_empty() && text.chars().nth(maximum).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_slugs() {
        for (text, key) in [
            ("Incident response", "incident-response"),
            ("  CI/CD -- pipelines! ", "ci-cd-pipelines"),
            ("Café Ångström", "cafe-angstrom"),
            ("ﬁnance ２０２６", "finance-2026"),
            ("", ""),
            ("…!?", ""),
            ("İstanbul", "istanbul"),
        ] {
            assert_eq!(normalized_key(text), key, "{text}");
        }
    }

    #[test]
    fn other_scripts_keep_their_letters() {
        for (text, key) in [
            ("データ 分析", "データ-分析"),
            ("バックエンド", "バックエンド"),
            ("Разработчик Й", "разработчик-й"),
            ("ΜΗΧΑΝΙΚΌΣ", "μηχανικόσ"),
            ("백엔드 개발자", "백엔드-개발자"),
            ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ] {
            assert_eq!(normalized_key(text), key, "{text}");
        }
    }

    #[test]
    fn languages_with_signs_stay_apart() {
        for (text, key) in [
            ("C", "c"),
            ("C++", "cplusplus"),
            ("C++17", "cplusplus17"),
            ("C#", "csharp"),
            ("CI+CD", "ci-cd"),
            ("Python + Go", "python-go"),
            ("issue #3", "issue-3"),
            ("#1", "1"),
        ] {
            assert_eq!(normalized_key(text), key, "{text}");
        }
    }

    #[test]
    fn canonical_keys_have_a_source_and_a_code() {
        for key in
            ["rolemark:backend-engineer", "onet:15-1252.00", "onet:15-1252.00/8823", "esco:a1_b", "x:データ-分析"]
        {
            assert!(is_canonical_key(key), "{key}");
        }
        for key in
            ["", ":", "rolemark:", ":code", "rolemark", "Rolemark:a", "rolemark:A", "rolemark:a b", "a:b:c", "a:-b"]
        {
            assert!(!is_canonical_key(key), "{key}");
        }
    }
}
