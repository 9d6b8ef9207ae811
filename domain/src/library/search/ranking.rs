//! Finding and ranking.

use std::collections::HashMap;

use super::{MatchedField, SearchHit, SearchIndex, words};

/// Words of a query beyond these are not looked at.
const QUERY_WORDS_MAXIMUM: usize = 12;
/// An entry that covers less of the query than this is no match.
const COVERAGE_MINIMUM: f32 = 0.5;
/// Of several words one alone is no match if it was found with a slip, that is below this quality: mere chance.
const SURE_QUALITY: f32 = 0.85;
/// A word in as many roles as this is spelled right, so that words that look like it are not tried.
const COMMON_FROM_ROLES: u32 = 3;
/// The last word of a query may be the beginning of a word from this length on, in characters.
const PREFIX_LENGTH_MINIMUM: usize = 2;
/// The quality of a beginning: this much, and the rest by how much of the word is there.
const PREFIX_QUALITY: f32 = 0.6;

const EXACT_TITLE: f32 = 1.0;
/// The same words in another form or order.
const SAME_TITLE: f32 = 0.98;
/// The query is the beginning of the title: the score is this and up to `TITLE_PREFIX_SPAN` more.
const TITLE_PREFIX: f32 = 0.90;
const TITLE_PREFIX_SPAN: f32 = 0.05;
const SAME_ALTERNATE_TITLE: f32 = 0.79;

/// What a full match in a field is worth at least, and how much more if nothing else stands there.
const fn base_and_span(field: MatchedField) -> (f32, f32) {
    match field {
        MatchedField::Title => (0.80, 0.08),
        MatchedField::AlternateTitle => (0.68, 0.10),
        MatchedField::Task => (0.48, 0.06),
    }
}

/// A word of the query: what it may stand for, and how much it weighs.
struct QueryWord {
    /// Stems, each with the quality of the match, at most 1; the best first.
    stems: Vec<(u32, f32)>,
    weight: f32,
}

/// How much of the query, and of its own text, an entry covers.
#[derive(Clone, Copy, Default)]
struct Found {
    of_query: f32,
    of_text: f32,
    /// The number of the last query word that was counted, from 1, so that none counts twice.
    last_word: u32,
    /// How many query words were counted.
    words: u32,
    /// The best quality of a match.
    quality: f32,
}

pub(super) fn search(index: &SearchIndex, query: &str, limit: usize) -> Vec<SearchHit> {
    let normal = words::normal_form(query);
    let words = query_words(index, &normal);
    let total: f32 = words.iter().map(|word| word.weight).sum();
    if total <= 0.0 || limit == 0 {
        return Vec::new();
    }
    let best = best_entries(index, &words, total, &normal);
    let mut ranked: Vec<(f32, u32, usize)> =
        best.into_iter().map(|(document, (score, entry))| (score, document, entry)).collect();
    let title = |document: u32| index.title(document as usize);
    let key = |document: u32| index.keys.get(document as usize);
    ranked
        .sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (title(a.1), key(a.1)).cmp(&(title(b.1), key(b.1)))));
    ranked.truncate(limit);
    ranked.into_iter().map(|(score, document, entry)| hit(index, score, document, entry)).collect()
}

fn hit(index: &SearchIndex, score: f32, document: u32, entry: usize) -> SearchHit {
    SearchHit {
        key: index.keys.get(document as usize).to_owned(),
        title: index.title(document as usize).to_owned(),
        score: f64::from(score),
        matched: index.field(entry),
        matched_text: index.texts.get(entry).to_owned(),
    }
}

/// The words of a query in normal form, without stop words unless there is nothing else, each once.
fn query_words(index: &SearchIndex, normal: &str) -> Vec<QueryWord> {
    let all = || normal.split('-').filter(|word| !word.is_empty());
    let mut texts: Vec<&str> = all().filter(|word| !words::is_stop_word(word)).collect();
    if texts.is_empty() {
        texts = all().collect();
    }
    let mut seen = Vec::new();
    texts.retain(|word| {
        let stem = words::stem(word);
        let is_new = !seen.contains(&stem);
        seen.push(stem);
        is_new
    });
    texts.truncate(QUERY_WORDS_MAXIMUM);
    let last = texts.len().saturating_sub(1);
    texts.iter().enumerate().map(|(position, word)| query_word(index, word, position == last)).collect()
}

fn query_word(index: &SearchIndex, word: &str, is_last: bool) -> QueryWord {
    let mut stems: Vec<(u32, f32)> = candidates(index, word, is_last).into_iter().collect();
    let roles = |stem: u32| index.stem_documents[stem as usize];
    // Among equally good ones the more common word is the more likely one; the number makes the order total.
    stems.sort_unstable_by(|a, b| {
        b.1.total_cmp(&a.1).then_with(|| roles(b.0).cmp(&roles(a.0))).then_with(|| a.0.cmp(&b.0))
    });
    // A word that is nowhere weighs as much as the rarest one.
    let unknown = (index.len() as f32).ln_1p();
    let weight = stems.first().map_or(unknown, |(stem, _)| index.stem_weights[*stem as usize]);
    QueryWord { stems, weight }
}

/// The stems that a word of a query may stand for, each with the quality of the match.
fn candidates(index: &SearchIndex, word: &str, is_last: bool) -> HashMap<u32, f32> {
    let mut qualities: HashMap<u32, f32> = HashMap::new();
    let mut add = |stem: u32, quality: f32| {
        let best = qualities.entry(stem).or_insert(quality);
        *best = best.max(quality);
    };
    let exact = index.words.find(word).map(|word| index.word_stems[word]);
    let exact = exact.or_else(|| index.stems.find(&words::stem(word)).map(super::number));
    if let Some(stem) = exact {
        add(stem, 1.0);
    }
    if is_last && word.chars().nth(PREFIX_LENGTH_MINIMUM - 1).is_some() {
        for longer in index.words.with_prefix(word) {
            let part = word.len() as f32 / index.words.get(longer).len() as f32;
            add(index.word_stems[longer], PREFIX_QUALITY + (1.0 - PREFIX_QUALITY) * part);
        }
    }
    if exact.is_none_or(|stem| index.stem_documents[stem as usize] < COMMON_FROM_ROLES) {
        for (other, quality) in index.words.alike(word) {
            add(index.word_stems[other], quality);
        }
    }
    qualities
}

/// The best entry of each role that matches, with its score.
fn best_entries(index: &SearchIndex, words: &[QueryWord], total: f32, normal: &str) -> HashMap<u32, (f32, usize)> {
    let mut best: HashMap<u32, (f32, usize)> = HashMap::new();
    for (entry, found) in found_entries(index, words) {
        let coverage = found.of_query / total;
        let is_chance = words.len() > 1 && found.words == 1 && found.quality < SURE_QUALITY;
        if coverage < COVERAGE_MINIMUM || is_chance {
            continue;
        }
        let shown = index.entry_weights[entry];
        let precision = if shown > 0.0 { (found.of_text / shown).min(1.0) } else { 0.0 };
        let score = score(index, entry, coverage, precision, normal);
        let document = index.entry_documents[entry];
        let current = best.entry(document).or_insert((score, entry));
        // Of equally good entries the first one: titles come before tasks.
        if score > current.0 || (score == current.0 && entry < current.1) {
            *current = (score, entry);
        }
    }
    best
}

/// Every entry with a word of the query.
fn found_entries(index: &SearchIndex, words: &[QueryWord]) -> impl Iterator<Item = (usize, Found)> {
    let mut found = vec![Found::default(); index.texts.len()];
    let mut touched = Vec::new();
    for (word, word_number) in words.iter().zip(1..) {
        for &(stem, quality) in &word.stems {
            for posting in index.entries_of(stem as usize) {
                let slot = &mut found[posting.entry()];
                if slot.last_word == 0 {
                    touched.push(posting.entry());
                }
                // The best match comes first.
                if slot.last_word != word_number {
                    slot.last_word = word_number;
                    slot.words += 1;
                    slot.quality = slot.quality.max(quality);
                    slot.of_query += word.weight * quality;
                    if !posting.is_hidden() {
                        slot.of_text += index.stem_weights[stem as usize];
                    }
                }
            }
        }
    }
    touched.into_iter().map(move |entry| (entry, found[entry]))
}

fn score(index: &SearchIndex, entry: usize, coverage: f32, precision: f32, normal: &str) -> f32 {
    let field = index.field(entry);
    let (base, span) = base_and_span(field);
    let by_words = (base + span * precision) * coverage;
    let has_same_words = coverage > 0.999 && precision > 0.999;
    match field {
        MatchedField::Title => {
            let same = if has_same_words { SAME_TITLE } else { 0.0 };
            by_words.max(same).max(title_score(index.texts.get(entry), normal))
        }
        MatchedField::AlternateTitle if has_same_words => SAME_ALTERNATE_TITLE,
        MatchedField::AlternateTitle | MatchedField::Task => by_words,
    }
}

/// The score of a title that is the query, or begins with it; else 0.
fn title_score(title: &str, normal: &str) -> f32 {
    let title = words::normal_form(title);
    if title == normal {
        EXACT_TITLE
    } else if normal.len() >= PREFIX_LENGTH_MINIMUM && title.starts_with(normal) {
        TITLE_PREFIX + TITLE_PREFIX_SPAN * normal.len() as f32 / title.len() as f32
    } else {
        0.0
    }
}
