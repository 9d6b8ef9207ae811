//! Words and their stems.

use std::borrow::Cow;

use crate::roles::normalized_key;

/// Words that say nothing about the work. "s" is what is left of a genitive.
const STOP_WORDS: [&str; 31] = [
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its",
    "of", "on", "or", "other", "s", "such", "that", "the", "their", "to", "using", "via", "with", "within",
];
/// Endings of words of the same family. The longer ones come first.
const ENDINGS: [&str; 11] = ["iation", "iating", "iated", "iate", "ation", "ating", "ated", "ment", "ate", "ing", "ed"];
/// What must be left of a word without its ending, in bytes, so that words stay apart.
const BASE_MINIMUM: usize = 4;

/// Calls `each` with every word of a text, in its normal form ([`normalized_key`]).
pub(super) fn for_each_word(text: &str, mut each: impl FnMut(&str)) {
    normal_form(text).split('-').filter(|word| !word.is_empty()).for_each(&mut each);
}

pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// The normal form of a text. Plain English needs no Unicode tables, which makes an index several times faster to build.
pub(super) fn normal_form(text: &str) -> String {
    if !text.is_ascii() || text.contains(['+', '#']) {
        return normalized_key(text);
    }
    let mut key = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            key.push(char::from(byte.to_ascii_lowercase()));
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    let end = key.trim_end_matches('-').len();
    key.truncate(end);
    key
}

/// A word without its common English ending; words of other scripts stay as they are.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    if !word.is_ascii() {
        return Cow::Borrowed(word);
    }
    if let Some(base) = strip(word, "ies") {
        return Cow::Owned(format!("{base}y"));
    }
    let is_plural = !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    let word = if is_plural { word.strip_suffix('s').filter(|base| base.len() >= 3).unwrap_or(word) } else { word };
    let base = ENDINGS.iter().find_map(|ending| strip(word, ending)).unwrap_or(word);
    Cow::Borrowed(strip(base, "e").unwrap_or(base))
}

fn strip<'a>(word: &'a str, ending: &str) -> Option<&'a str> {
    word.strip_suffix(ending).filter(|base| base.len() >= BASE_MINIMUM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_english_gets_the_same_normal_form() {
        for text in ["", " - ", "Backend Engineer", "R&D (or I.T.) Manager's -- aide/", "A--b", "3D Artist 2", "\tx\n"]
        {
            assert_eq!(normal_form(text), normalized_key(text), "{text}");
        }
        assert_eq!(normal_form("C++ Café"), "cplusplus-cafe");
    }

    #[test]
    fn words_of_a_family_share_a_stem() {
        for family in [
            vec!["developer", "developers"],
            vec!["reconcile", "reconciles", "reconciled", "reconciling", "reconciliation", "reconciliations"],
            vec!["engineer", "engineers", "engineering"],
            vec!["policy", "policies"],
            vec!["negotiate", "negotiation", "negotiating"],
            vec!["analyst", "analysts"],
            vec!["データ"],
        ] {
            for word in &family {
                assert_eq!(stem(word), stem(family[0]), "{word}");
            }
        }
        assert_ne!(stem("manager"), stem("management"));
        assert_eq!(stem("business"), "business");
        assert_eq!(stem("bed"), "bed");
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && !is_stop_word("engineer"));
    }
}
