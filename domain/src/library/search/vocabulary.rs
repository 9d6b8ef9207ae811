//! The words of an index, and how words with a slip of the pen are found among them.

use std::ops::Range;

use super::Texts;

/// Shorter words must be spelled right, in characters.
const FUZZY_LENGTH_MINIMUM: usize = 4;
/// Words of this length or longer may have two slips, in characters.
const TWO_SLIPS_LENGTH: usize = 8;
/// What a slip costs of the quality of a match, divided by the length of the word.
const SLIP_COST: f32 = 1.2;
/// What another first letter costs on top: people rarely get that one wrong.
const FIRST_LETTER_COST: f32 = 0.1;

/// The words, sorted, each once.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Texts,
    /// For each word, which letters it has: what tells most words apart without looking at them.
    letters: Vec<u32>,
}

impl Vocabulary {
    /// A vocabulary of sorted words.
    pub(super) fn new<'a>(sorted: impl Iterator<Item = &'a str>) -> Self {
        let mut vocabulary = Self::default();
        for word in sorted {
            vocabulary.words.push(word);
            vocabulary.letters.push(letters_of(word));
        }
        vocabulary.words.shrink();
        vocabulary.letters.shrink_to_fit();
        vocabulary
    }

    pub(super) fn get(&self, position: usize) -> &str {
        self.words.get(position)
    }

    pub(super) fn find(&self, word: &str) -> Option<usize> {
        self.words.find(word)
    }

    /// The words that begin with a prefix.
    pub(super) fn with_prefix(&self, prefix: &str) -> Range<usize> {
        let start = self.words.lower_bound(prefix);
        let count = (start..self.words.len()).take_while(|&word| self.get(word).starts_with(prefix)).count();
        start..start + count
    }

    /// The words that differ from `word` by a slip of the pen (a letter missing, added, wrong, or two swapped), each with
    /// the quality of the match, below 1: one slip in 4 to 7 letters, two in longer words.
    pub(super) fn alike<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, f32)> + 'a {
        let length = word.chars().count();
        let slips = slips_allowed(length);
        let letters = letters_of(word);
        // One slip changes at most two letters of the set.
        let may_fit = move |other: &u32| (other ^ letters).count_ones() as usize <= 2 * slips;
        let candidates = self.letters.iter().enumerate().filter(move |(_, other)| slips > 0 && may_fit(other));
        candidates.filter_map(move |(position, _)| {
            let other = self.get(position);
            let distance =
                (length.abs_diff(other.chars().count()) <= slips).then(|| strsim::osa_distance(word, other))?;
            ((1..=slips).contains(&distance)).then(|| (position, quality(word, other, distance, length)))
        })
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.words.memory_bytes() + 4 * self.letters.capacity()
    }
}

const fn slips_allowed(length: usize) -> usize {
    if length < FUZZY_LENGTH_MINIMUM {
        0
    } else if length < TWO_SLIPS_LENGTH {
        1
    } else {
        2
    }
}

fn quality(word: &str, other: &str, distance: usize, length: usize) -> f32 {
    let first_letter = if word.chars().next() == other.chars().next() { 0.0 } else { FIRST_LETTER_COST };
    1.0 - SLIP_COST * distance as f32 / length as f32 - first_letter
}

/// The set of letters of a word: a bit each for a to z, one for digits, and five shared by everything else.
fn letters_of(word: &str) -> u32 {
    word.chars().fold(0, |set, character| {
        set | match character {
            'a'..='z' => 1 << (character as u32 - 'a' as u32),
            '0'..='9' => 1 << 26,
            other => 1 << (27 + other as u32 % 5),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(word: &str) -> Vec<&'static str> {
        const WORDS: [&str; 8] = ["api", "backend", "bank", "data", "developer", "engineer", "rank", "software"];
        let vocabulary = Vocabulary::new(WORDS.into_iter());
        vocabulary.alike(word).map(|(position, _)| WORDS[position]).collect()
    }

    #[test]
    fn slips_are_forgiven_by_length() {
        assert_eq!(alike("bakend"), ["backend"]);
        assert_eq!(alike("enginer"), ["engineer"]);
        assert_eq!(alike("devloper"), ["developer"]);
        assert_eq!(alike("devolper"), ["developer"]);
        assert_eq!(alike("softwear"), ["software"]);
        assert_eq!(alike("dtaa"), ["data"]);
        assert_eq!(alike("bnak"), ["bank"]);
        for far in ["apo", "dat", "bcknd", "engnr", "zzzzzzzz", ""] {
            assert!(alike(far).is_empty(), "{far}");
        }
    }

    #[test]
    fn another_first_letter_counts_less() {
        let vocabulary = Vocabulary::new(["bank", "rank"].into_iter());
        let found: Vec<_> = vocabulary.alike("bonk").collect();
        assert_eq!(found.len(), 1);
        let found: Vec<_> = vocabulary.alike("tank").map(|(_, quality)| quality).collect();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|&quality| quality < 0.65));
    }

    #[test]
    fn prefixes_are_a_range() {
        let vocabulary = Vocabulary::new(["bank", "banker", "base", "data"].into_iter());
        assert_eq!(vocabulary.with_prefix("ban"), 0..2);
        assert_eq!(vocabulary.with_prefix("ba"), 0..3);
        assert!(vocabulary.with_prefix("x").is_empty());
    }
}
