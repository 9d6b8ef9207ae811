//! Finding roles of the library by what people type: titles, other titles and the text of tasks.
//!
//! The index is a value built once per edition and never changed. Words are found exactly, in another form
//! ("reconciliation" for "reconcile"), with a slip of the pen ("enginer"), or from their beginning when they come last,
//! as while typing.
//!
//! **Score**, 0 to 1, the same for indexes of different editions, so that their hits can be merged:
//! `(base + span * precision) * coverage` of the field with the best match. *Coverage* is the part of the query that was
//! found, *precision* the part of the shown text that the query covers, both weighted by the rarity of the words
//! (`ln(1 + roles / roles with the word)`). An exact title is 1, the beginning of a title 0.90 to 0.95; then come
//! titles, other titles and tasks, in that order as long as the whole query was found.

mod builder;
mod ranking;
mod vocabulary;
mod words;

use self::builder::Builder;
use self::vocabulary::Vocabulary;
use crate::text_enum::text_enum;

text_enum! {
    /// Where a search found its words.
    MatchedField {
        /// In the title.
        Title = "TITLE",
        /// In one of the other titles.
        AlternateTitle = "ALTERNATE_TITLE",
        /// In a task.
        Task = "TASK",
    }
}

/// A role as the search sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchDocument {
    /// The key of the role.
    pub key: String,
    /// What the role is called.
    pub title: String,
    /// Other names of the role.
    pub alternate_titles: Vec<String>,
    /// The tasks.
    pub tasks: Vec<SearchText>,
}

/// The text of a task as the search sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchText {
    /// What a hit shows; searched.
    pub shown: String,
    /// What is searched as well, such as a description.
    pub also: Option<String>,
}

/// A role that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchHit {
    /// The key of the role.
    pub key: String,
    /// What the role is called.
    pub title: String,
    /// How good the match is, 0 to 1; comparable across indexes.
    pub score: f64,
    /// Where the best match is.
    pub matched: MatchedField,
    /// The text of the best match.
    pub matched_text: String,
}

/// An index over roles. Texts are kept once, in one piece, and everything else as numbers: an edition of 923 occupations
/// with 44,000 other titles and 19,000 tasks takes about 7 MB.
#[derive(Debug)]
pub struct SearchIndex {
    /// The keys of the roles.
    keys: Texts,
    /// For each role, where its entries begin: its title, its other titles, its tasks.
    first_entries: Vec<u32>,
    /// For each role, where its tasks begin among the entries.
    first_tasks: Vec<u32>,
    /// What each entry shows.
    texts: Texts,
    /// For each entry, its role.
    entry_documents: Vec<u32>,
    /// For each entry, the summed rarity of the words that it shows.
    entry_weights: Vec<f32>,
    /// The words as they were written.
    words: Vocabulary,
    /// For each word, its stem.
    word_stems: Vec<u32>,
    /// The stems of the words, sorted.
    stems: Texts,
    /// For each stem, its rarity.
    stem_weights: Vec<f32>,
    /// For each stem, in how many roles it occurs.
    stem_documents: Vec<u32>,
    /// For each stem, where its entries begin in `postings`; one more at the end.
    posting_starts: Vec<u32>,
    /// The entries of each stem, in order.
    postings: Vec<Posting>,
}

/// An entry that a stem occurs in; the highest bit says whether only in what the entry does not show.
#[derive(Clone, Copy, Debug, Default)]
struct Posting(u32);

impl Posting {
    const HIDDEN: u32 = 1 << 31;

    const fn new(entry: u32, is_hidden: bool) -> Self {
        Self(if is_hidden { entry | Self::HIDDEN } else { entry })
    }

    const fn entry(self) -> usize {
        (self.0 & !Self::HIDDEN) as usize
    }

    const fn is_hidden(self) -> bool {
        self.0 & Self::HIDDEN != 0
    }
}

impl SearchIndex {
    /// Builds the index.
    #[must_use]
    pub fn build(documents: impl Iterator<Item = SearchDocument>) -> Self {
        let mut builder = Builder::default();
        for document in documents {
            builder.add(&document);
        }
        builder.finish()
    }

    /// The roles that fit a query best, each once, the best first, at most `limit`. Of a long query only the first words
    /// count. A query without words, or whose words are not there, finds nothing.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize) -> Vec<SearchHit> {
        ranking::search(self, query, limit)
    }

    /// How many roles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no roles.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much memory the index takes, in bytes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let numbers = [
            &self.first_entries,
            &self.first_tasks,
            &self.entry_documents,
            &self.word_stems,
            &self.stem_documents,
            &self.posting_starts,
        ];
        let texts = self.keys.memory_bytes() + self.texts.memory_bytes() + self.stems.memory_bytes();
        let others = self.entry_weights.capacity() + self.stem_weights.capacity() + self.postings.capacity();
        let numbers: usize = numbers.iter().map(|list| list.capacity()).sum();
        // Everything but the texts is a number of 4 bytes.
        size_of::<Self>() + texts + self.words.memory_bytes() + 4 * (others + numbers)
    }

    /// Where an entry is from.
    fn field(&self, entry: usize) -> MatchedField {
        let document = self.entry_documents[entry] as usize;
        if entry == self.first_entries[document] as usize {
            MatchedField::Title
        } else if entry < self.first_tasks[document] as usize {
            MatchedField::AlternateTitle
        } else {
            MatchedField::Task
        }
    }

    fn title(&self, document: usize) -> &str {
        self.texts.get(self.first_entries[document] as usize)
    }

    /// The entries of a stem, in order.
    fn entries_of(&self, stem: usize) -> &[Posting] {
        &self.postings[self.posting_starts[stem] as usize..self.posting_starts[stem + 1] as usize]
    }
}

/// Many texts in one piece of memory.
#[derive(Debug, Default)]
struct Texts {
    all: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(number(self.all.len()));
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, position: usize) -> &str {
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.all[start..self.ends[position] as usize]
    }

    /// The first position whose text is not less than `text`, if the texts are sorted.
    fn lower_bound(&self, text: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle) < text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The position of a text, if the texts are sorted.
    fn find(&self, text: &str) -> Option<usize> {
        let position = self.lower_bound(text);
        (position < self.len() && self.get(position) == text).then_some(position)
    }

    fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    fn memory_bytes(&self) -> usize {
        self.all.capacity() + 4 * self.ends.capacity()
    }
}

/// A position as it is kept. An index of more than 4 billion characters is beyond this program.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
