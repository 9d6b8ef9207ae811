//! How alike two short texts are, such as task titles: for proposals that a person confirms, never for silent matches.

use crate::roles::normalized_key;

/// Words that say nothing about the work.
const STOP_WORDS: [&str; 30] = [
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its",
    "of", "on", "or", "other", "such", "that", "the", "their", "to", "using", "via", "with", "within",
];
/// How the stems of words begin that say what is done, to whatever it may be: half as telling as what it is done to.
const ACTIVITIES: [&str; 40] = [
    "administ",
    "analy",
    "build",
    "check",
    "coordin",
    "creat",
    "design",
    "develop",
    "document",
    "draft",
    "evalu",
    "facilit",
    "forecast",
    "handl",
    "implement",
    "improv",
    "maint",
    "manag",
    "monitor",
    "negoti",
    "optimi",
    "perform",
    "plan",
    "prepar",
    "process",
    "provid",
    "report",
    "research",
    "resol",
    "respon",
    "review",
    "schedul",
    "strateg",
    "support",
    "test",
    "track",
    "train",
    "triag",
    "updat",
    "writ",
];
/// What a word of an activity counts, where another counts 1.
const ACTIVITY_WEIGHT: f64 = 0.5;
/// The words of a text beyond these are not looked at, so that a long text costs no more than a long title.
const WORDS_MAXIMUM: usize = 24;
/// Words at least this alike count as the same word with a slip of the pen, or in another form.
const WORD_SIMILARITY_MINIMUM: f64 = 0.88;
/// Words shorter than this, in characters, are alike only when they are equal.
const FUZZY_LENGTH_MINIMUM: u32 = 4;
/// What the measure of Jaro must be at least for that of Jaro-Winkler to be enough: a common beginning adds at most 0.4 of
/// what is missing to 1. A hair less, for rounding.
const WORD_JARO_MINIMUM: f64 = (WORD_SIMILARITY_MINIMUM - 0.4) / 0.6 - 1e-9;

/// A text made ready for comparison, for callers that compare each text many times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The stems of its words, in order, each once.
    words: Vec<Word>,
}

/// A stem with what tells at a glance that it cannot be like another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    text: String,
    length: u32,
    /// A bit for each character that occurs; characters may share a bit.
    characters: u64,
    is_activity: bool,
}

/// How alike two texts are, 0 (nothing in common) to 1 (the same words).
///
/// Words are lower-cased, freed of accents, stripped of stop words and of common English endings. The measure is the
/// coefficient of Dice over the words: `2 * common / (words of a + words of b)`, where a word of an activity (design,
/// planning) counts half, and a pair of words that are not equal by its Jaro-Winkler similarity if that is at least 0.88.
/// The order of words does not matter, nor that of the texts. A text without words is like nothing.
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
        let mut stems: Vec<String> = all().filter(|word| !STOP_WORDS.contains(word)).map(stem).collect();
        if stems.is_empty() {
            stems = all().map(str::to_owned).collect();
        }
        stems.truncate(WORDS_MAXIMUM);
        stems.sort_unstable();
        stems.dedup();
        Self { words: stems.into_iter().map(Word::new).collect() }
    }

    /// How alike the two texts are, as [`similarity`] has it.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f64 {
        let weight = |prepared: &Self| prepared.words.iter().map(Word::weight).sum::<f64>();
        let total = weight(self) + weight(other);
        let (common, mine, theirs) = split_common(&self.words, &other.words);
        let common = common + similar_words(&mine, &theirs);
        if total > 0.0 { (2.0 * common / total).min(1.0) } else { 0.0 }
    }
}

impl Word {
    fn new(text: String) -> Self {
        let bit = |character: char| 1_u64 << (u32::from(character) % u64::BITS);
        let (mut length, mut characters) = (0, 0);
        for character in text.chars() {
            length += 1;
            characters |= bit(character);
        }
        let is_activity = ACTIVITIES.iter().any(|beginning| text.starts_with(beginning));
        Self { text, length, characters, is_activity }
    }

    const fn weight(&self) -> f64 {
        if self.is_activity { ACTIVITY_WEIGHT } else { 1.0 }
    }

    /// The similarity to another word, if it is enough to count.
    fn similarity(&self, other: &Self) -> Option<f64> {
        // The library's measure depends on the order in rare cases; ours must not.
        let (first, second) = if self < other { (self, other) } else { (other, self) };
        let can_be_similar = first.jaro_maximum(second) >= WORD_JARO_MINIMUM;
        let similarity = can_be_similar.then(|| strsim::jaro_winkler(&first.text, &second.text));
        similarity.filter(|value| *value >= WORD_SIMILARITY_MINIMUM)
    }

    /// No more than this can the measure of Jaro be: each kind of character that only one word has leaves one unmatched.
    fn jaro_maximum(&self, other: &Self) -> f64 {
        let matching =
            |word: &Self, to: &Self| word.length.saturating_sub((word.characters & !to.characters).count_ones());
        let matched = f64::from(matching(self, other).min(matching(other, self)));
        (matched / f64::from(self.length) + matched / f64::from(other.length) + 1.0) / 3.0
    }
}

/// The weight of the words that two sorted lists share, and the words of each that the other does not have.
fn split_common<'a>(mine: &'a [Word], theirs: &'a [Word]) -> (f64, Vec<&'a Word>, Vec<&'a Word>) {
    let without = |words: &'a [Word], others: &[Word]| -> Vec<&'a Word> {
        let missing = words.iter().filter(|word| others.binary_search(word).is_err());
        missing.filter(|word| word.length >= FUZZY_LENGTH_MINIMUM).collect()
    };
    let common = mine.iter().filter(|word| theirs.binary_search(word).is_ok()).map(Word::weight).sum();
    (common, without(mine, theirs), without(theirs, mine))
}

/// The weight of words that are almost the same, each used once, the most similar pairs first.
fn similar_words(mine: &[&Word], theirs: &[&Word]) -> f64 {
    let mut pairs = Vec::new();
    for a in mine {
        for b in theirs {
            if let Some(value) = a.similarity(b) {
                let (first, second) = if a < b { (*a, *b) } else { (*b, *a) };
                pairs.push((value, first, second));
            }
        }
    }
    // Ties are broken by the words themselves, so that the order of the texts does not matter.
    pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut used: Vec<&Word> = Vec::new();
    let mut sum = 0.0;
    for (value, first, second) in pairs {
        // No word is on both sides, so that one list serves for both.
        if !used.contains(&first) && !used.contains(&second) {
            used.extend([first, second]);
            sum += value * first.weight().midpoint(second.weight());
        }
    }
    sum
}

/// A word without its common English endings; words of other scripts stay as they are.
fn stem(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let singular = singular(word);
    let endings = ["ation", "ment", "ing", "ed"];
    let stripped = endings.iter().find_map(|ending| strip(&singular, ending)).map(without_double);
    let base = stripped.unwrap_or(&singular);
    strip(base, "e").unwrap_or(base).to_owned()
}

/// `plann` is `plan`; `bill` and `process` stay.
fn without_double(base: &str) -> &str {
    let is_doubled = |letter: &char| base.ends_with(&[*letter; 2].iter().collect::<String>());
    let last = base.chars().last().filter(|letter| !"lsz".contains(*letter)).filter(is_doubled);
    last.and_then(|letter| base.strip_suffix(letter)).unwrap_or(base)
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
            ("Renewal management", "Patch management"),
            ("Organization design", "Network design"),
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
