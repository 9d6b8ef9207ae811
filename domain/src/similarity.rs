//! How alike two short texts are, such as task titles: for proposals that a person confirms, never for silent matches.

use std::cmp::Ordering;

use crate::roles::normalized_key;

/// Words that say nothing about the work.
const STOP_WORDS: [&str; 30] = [
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of",
    "on", "or", "other", "such", "that", "the", "their", "to", "using", "via", "with", "within",
];
/// The words of a text beyond these are not looked at, so that a long text costs no more than a long title.
const WORDS_MAXIMUM: usize = 24;
/// Words at least this alike count as the same word with a slip of the pen, or in another form.
const WORD_SIMILARITY_MINIMUM: f64 = 0.88;
/// Words shorter than this, in characters, are alike only when they are equal.
const FUZZY_LENGTH_MINIMUM: usize = 4;

/// A text made ready for comparison, for callers that compare each text many times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The stems of its words, sorted, each once.
    words: Vec<String>,
}

/// How alike two texts are, 0 (nothing in common) to 1 (the same words).
///
/// Words are lower-cased, freed of accents, stripped of stop words and of common English endings. The measure is the
/// coefficient of Dice over the words: `2 * common / (words of a + words of b)`, where a pair of words that are not equal
/// counts by its Jaro-Winkler similarity if that is at least 0.88. The order of words does not matter, nor that of the texts.
/// A text without words is like nothing.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    Prepared::new(a).similarity(&Prepared::new(b))
}

impl Prepared {
    /// Makes a text ready.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let key = normalized_key(text);
        let all = || key.split('-').filter(|word| !word.is_empty());
        let mut words: Vec<String> = all().filter(|word| !STOP_WORDS.contains(word)).map(stem).collect();
        if words.is_empty() {
            words = all().map(str::to_owned).collect();
        }
        words.truncate(WORDS_MAXIMUM);
        words.sort_unstable();
        words.dedup();
        Self { words }
    }

    /// How alike the two texts are, as [`similarity`] has it.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f64 {
        let count = self.words.len() + other.words.len();
        if count == 0 {
            return 0.0;
        }
        let (common, mine, theirs) = split_common(&self.words, &other.words);
        let common = common as f64 + similar_words(&mine, &theirs);
        (2.0 * common / count as f64).min(1.0)
    }
}

/// How many words two sorted lists share, and the words of each that the other does not have.
fn split_common<'a>(mine: &'a [String], theirs: &'a [String]) -> (usize, Vec<&'a str>, Vec<&'a str>) {
    let is_fuzzy = |word: &&str| word.chars().nth(FUZZY_LENGTH_MINIMUM - 1).is_some();
    let without = |words: &'a [String], others: &[String]| -> Vec<&'a str> {
        words.iter().filter(|word| others.binary_search(word).is_err()).map(String::as_str).filter(is_fuzzy).collect()
    };
    let common = mine.iter().filter(|word| theirs.binary_search(word).is_ok()).count();
    (common, without(mine, theirs), without(theirs, mine))
}

/// The summed similarity of words that are almost the same, each word used once, the most similar pairs first.
fn similar_words(mine: &[&str], theirs: &[&str]) -> f64 {
    let mut pairs = Vec::new();
    for a in mine {
        for b in theirs {
            // The library's measure depends on the order in rare cases; ours must not.
            let (first, second) = if a < b { (*a, *b) } else { (*b, *a) };
            let value = strsim::jaro_winkler(first, second);
            if value >= WORD_SIMILARITY_MINIMUM {
                pairs.push((value, first, second));
            }
        }
    }
    pairs.sort_unstable_by(most_similar_first);
    let mut used: Vec<&str> = Vec::new();
    let mut sum = 0.0;
    for (value, first, second) in pairs {
        // No word is on both sides, so that one list serves for both.
        if !used.contains(&first) && !used.contains(&second) {
            used.extend([first, second]);
            sum += value;
        }
    }
    sum
}

fn most_similar_first(a: &(f64, &str, &str), b: &(f64, &str, &str)) -> Ordering {
    b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
}

/// A word without its common English endings; words of other scripts stay as they are.
fn stem(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let singular = singular(word);
    let endings = ["ation", "ment", "ing", "ed"];
    let stripped = endings.iter().find_map(|ending| strip(&singular, ending)).unwrap_or(&singular);
    strip(stripped, "e").unwrap_or(stripped).to_owned()
}

fn singular(word: &str) -> String {
    if let Some(base) = strip(word, "ies") {
        return format!("{base}y");
    }
    let is_plural = !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    let base = if is_plural { strip(word, "s") } else { None };
    base.unwrap_or(word).to_owned()
}

/// The word without an ending, if enough of it is left to tell words apart.
fn strip<'a>(word: &'a str, ending: &str) -> Option<&'a str> {
    word.strip_suffix(ending).filter(|base| base.len() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_work_in_other_words_is_alike() {
        for (a, b) in [
            ("Incident response", "Respond to production incidents"),
            ("API endpoint implementation", "Implementing API endpoints"),
            ("Database schema design", "Design of data base schemas"),
            ("Performance optimization", "Optimize performance"),
            ("Third-party integrations", "Integrate third party services"),
            ("Scalability planning", "Scalabilty planing"),
        ] {
            assert!(similarity(a, b) >= 0.5, "{a} / {b}: {}", similarity(a, b));
        }
    }

    #[test]
    fn other_work_is_not_alike() {
        for (a, b) in [
            ("Incident response", "System architecture design"),
            ("Database queries", "Security implementation"),
            ("Data governance", "Cloud architecture"),
            ("API design", "App launch"),
        ] {
            assert!(similarity(a, b) < 0.5, "{a} / {b}: {}", similarity(a, b));
        }
    }

    #[test]
    fn the_ends_of_the_scale() {
        assert_eq!(similarity("Incident response", "the response: INCIDENTS"), 1.0);
        assert_eq!(similarity("the", "The"), 1.0);
        assert_eq!(similarity("", ""), 0.0);
        assert_eq!(similarity("!?", "incident"), 0.0);
        assert_eq!(similarity("データ分析", "データ分析"), 1.0);
    }
}
