//! Building an index.

use std::collections::HashMap;

use super::{Posting, SearchDocument, SearchIndex, Texts, Vocabulary, number, words};

/// What has been collected of the documents so far.
#[derive(Default)]
pub(super) struct Builder {
    keys: Texts,
    first_entries: Vec<u32>,
    first_tasks: Vec<u32>,
    texts: Texts,
    entry_documents: Vec<u32>,
    /// Words as written, each with its stem.
    words: HashMap<String, u32>,
    stems: HashMap<String, u32>,
    /// A stem and an entry that it occurs in; the entries come in order.
    occurrences: Vec<(u32, Posting)>,
    /// The stems of the entry at hand; whether each is not in what the entry shows.
    at_hand: Vec<(u32, bool)>,
}

impl Builder {
    pub(super) fn add(&mut self, document: &SearchDocument) {
        self.keys.push(&document.key);
        self.first_entries.push(number(self.texts.len()));
        self.add_entry(&document.title, None);
        for title in &document.alternate_titles {
            self.add_entry(title, None);
        }
        self.first_tasks.push(number(self.texts.len()));
        for task in &document.tasks {
            self.add_entry(&task.shown, task.also.as_deref());
        }
    }

    fn add_entry(&mut self, shown: &str, also: Option<&str>) {
        let entry = number(self.texts.len());
        self.texts.push(shown);
        self.entry_documents.push(number(self.keys.len() - 1));
        let mut stems = std::mem::take(&mut self.at_hand);
        for (text, is_hidden) in [(Some(shown), false), (also, true)] {
            words::for_each_word(text.unwrap_or_default(), |word| {
                if !words::is_stop_word(word) {
                    stems.push((self.stem_of(word), is_hidden));
                }
            });
        }
        stems.sort_unstable();
        // What is shown comes first and stays.
        stems.dedup_by_key(|(stem, _)| *stem);
        self.occurrences.extend(stems.drain(..).map(|(stem, is_hidden)| (stem, Posting::new(entry, is_hidden))));
        self.at_hand = stems;
    }

    /// The stem of a word, as a number; both are taken into the vocabulary.
    fn stem_of(&mut self, word: &str) -> u32 {
        if let Some(stem) = self.words.get(word) {
            return *stem;
        }
        let text = words::stem(word);
        let next = number(self.stems.len());
        let stem = match self.stems.get(text.as_ref()) {
            Some(stem) => *stem,
            None => *self.stems.entry(text.into_owned()).or_insert(next),
        };
        self.words.insert(word.to_owned(), stem);
        stem
    }

    pub(super) fn finish(mut self) -> SearchIndex {
        let (stems, new_numbers) = sorted(&self.stems);
        for (stem, _) in &mut self.occurrences {
            *stem = new_numbers[*stem as usize];
        }
        let (posting_starts, postings) = postings(&self.occurrences, stems.len());
        let stem_documents = document_counts(&posting_starts, &postings, &self.entry_documents);
        let roles = self.keys.len() as f32;
        let stem_weights: Vec<f32> = stem_documents.iter().map(|&count| (roles / count as f32).ln_1p()).collect();
        let mut entry_weights = vec![0.0; self.texts.len()];
        for (stem, posting) in self.occurrences.iter().filter(|(_, posting)| !posting.is_hidden()) {
            entry_weights[posting.entry()] += stem_weights[*stem as usize];
        }
        let (words, word_stems) = vocabulary(&self.words, &new_numbers);
        self.keys.shrink();
        self.texts.shrink();
        for list in [&mut self.first_entries, &mut self.first_tasks, &mut self.entry_documents] {
            list.shrink_to_fit();
        }
        SearchIndex {
            keys: self.keys,
            first_entries: self.first_entries,
            first_tasks: self.first_tasks,
            texts: self.texts,
            entry_documents: self.entry_documents,
            entry_weights,
            words,
            word_stems,
            stems,
            stem_weights,
            stem_documents,
            posting_starts,
            postings,
        }
    }
}

/// The stems in alphabetical order, and for each former number the new one.
fn sorted(stems: &HashMap<String, u32>) -> (Texts, Vec<u32>) {
    let mut order: Vec<(&str, u32)> = stems.iter().map(|(text, stem)| (text.as_str(), *stem)).collect();
    order.sort_unstable();
    let mut texts = Texts::default();
    let mut new_numbers = vec![0; order.len()];
    for (position, (text, stem)) in order.into_iter().enumerate() {
        texts.push(text);
        new_numbers[stem as usize] = number(position);
    }
    texts.shrink();
    (texts, new_numbers)
}

/// The words in alphabetical order, each with its stem.
fn vocabulary(words: &HashMap<String, u32>, new_numbers: &[u32]) -> (Vocabulary, Vec<u32>) {
    let mut order: Vec<(&str, u32)> = words.iter().map(|(word, stem)| (word.as_str(), *stem)).collect();
    order.sort_unstable();
    let stems = order.iter().map(|(_, stem)| new_numbers[*stem as usize]).collect();
    (Vocabulary::new(order.into_iter().map(|(word, _)| word)), stems)
}

/// The entries sorted by stem, and where those of each stem begin.
fn postings(occurrences: &[(u32, Posting)], stems: usize) -> (Vec<u32>, Vec<Posting>) {
    let mut starts = vec![0_u32; stems + 1];
    for &(stem, _) in occurrences {
        starts[stem as usize + 1] += 1;
    }
    for stem in 0..stems {
        starts[stem + 1] += starts[stem];
    }
    let mut next = starts.clone();
    let mut postings = vec![Posting::default(); occurrences.len()];
    for &(stem, posting) in occurrences {
        let place = &mut next[stem as usize];
        postings[*place as usize] = posting;
        *place += 1;
    }
    (starts, postings)
}

/// In how many documents each stem occurs.
fn document_counts(starts: &[u32], postings: &[Posting], entry_documents: &[u32]) -> Vec<u32> {
    let count = |range: &[u32]| {
        let entries = &postings[range[0] as usize..range[1] as usize];
        let documents = || entries.iter().map(|posting| entry_documents[posting.entry()]);
        // The entries are in order, so that those of one document stand together.
        number(documents().zip(documents().skip(1)).filter(|(one, next)| one != next).count() + 1)
    };
    starts.windows(2).map(count).collect()
}
