use std::collections::HashMap;

use super::outcome::{AlignmentBasis, TaskAlignment, TaskReference};
use crate::library::{CanonicalTask, code_of, source_of};
use crate::roles::{Task, normalized_key};
use crate::similarity::Prepared;
use crate::stage::Stage;

/// Titles less alike than this are not proposed as the same work.
pub const PROPOSAL_THRESHOLD: f64 = 0.5;

/// An own and a canonical task that stand side by side, by their positions.
struct Pair {
    own: usize,
    canonical: usize,
    basis: AlignmentBasis,
    confidence: f64,
}

/// All tasks of both sides: in the order of the canonical tasks, then the own tasks that none of them goes with.
pub(super) fn align(own: &[Task], canonical: &[CanonicalTask]) -> Vec<TaskAlignment> {
    let mut pairs = linked_pairs(own, canonical);
    add_same_keys(own, canonical, &mut pairs);
    add_proposals(own, canonical, &mut pairs);
    pairs.sort_by_key(|pair| (pair.canonical, pair.own));
    let mut alignments = Vec::with_capacity(own.len() + canonical.len());
    for (position, task) in canonical.iter().enumerate() {
        let of_task = pairs.iter().filter(|pair| pair.canonical == position);
        let before = alignments.len();
        alignments.extend(of_task.filter_map(|pair| Some(aligned(own.get(pair.own)?, task, pair))));
        if alignments.len() == before {
            alignments.push(alone(None, Some(canonical_reference(task))));
        }
    }
    let is_alone = |position: usize| !pairs.iter().any(|pair| pair.own == position);
    let own_alone = own.iter().enumerate().filter(|(position, _)| is_alone(*position));
    alignments.extend(own_alone.map(|(_, task)| alone(Some(own_reference(task)), None)));
    alignments
}

/// Own tasks with their canonical tasks; several may be linked to the same one.
fn linked_pairs(own: &[Task], canonical: &[CanonicalTask]) -> Vec<Pair> {
    let positions: HashMap<&str, usize> =
        canonical.iter().enumerate().map(|(position, task)| (task.key.as_str(), position)).collect();
    let linked = |(position, task): (usize, &Task)| {
        let canonical = *positions.get(task.canonical_task.as_deref()?)?;
        Some(Pair { own: position, canonical, basis: AlignmentBasis::Linked, confidence: 1.0 })
    };
    own.iter().enumerate().filter_map(linked).collect()
}

/// Own tasks whose key is the code of a canonical task that no own task is linked to.
fn add_same_keys(own: &[Task], canonical: &[CanonicalTask], pairs: &mut Vec<Pair>) {
    let (free_own, free_canonical) = free_positions(own, canonical, pairs);
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for position in free_own {
        if let Some(task) = own.get(position) {
            by_key.entry(task.effective_key()).or_insert(position);
        }
    }
    for canonical_position in free_canonical {
        let code = canonical.get(canonical_position).map(|task| normalized_key(code_of(&task.key)));
        if let Some(own) = code.and_then(|code| by_key.remove(&code)) {
            pairs.push(Pair { own, canonical: canonical_position, basis: AlignmentBasis::SameKey, confidence: 1.0 });
        }
    }
}

/// The rest by their titles, the most alike first and each task once; of equals the first.
fn add_proposals(own: &[Task], canonical: &[CanonicalTask], pairs: &mut Vec<Pair>) {
    let (free_own, free_canonical) = free_positions(own, canonical, pairs);
    let own_titles = prepared(&free_own, |position| Some(&own.get(position)?.title));
    let canonical_titles = prepared(&free_canonical, |position| Some(&canonical.get(position)?.title));
    let mut candidates = Vec::new();
    for (canonical, canonical_title) in &canonical_titles {
        for (own, own_title) in &own_titles {
            let confidence = own_title.similarity(canonical_title);
            if confidence >= PROPOSAL_THRESHOLD {
                let basis = AlignmentBasis::Proposed;
                candidates.push(Pair { own: *own, canonical: *canonical, basis, confidence });
            }
        }
    }
    // Stable, so that of equals the first in the order of the lists wins.
    candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    for candidate in candidates {
        let is_taken = |pair: &Pair| pair.own == candidate.own || pair.canonical == candidate.canonical;
        if !pairs.iter().any(is_taken) {
            pairs.push(candidate);
        }
    }
}

/// Titles by the positions of their tasks, made ready for many comparisons.
fn prepared<'a>(positions: &[usize], title: impl Fn(usize) -> Option<&'a String>) -> Vec<(usize, Prepared)> {
    let prepare = |&position: &usize| Some((position, Prepared::new(title(position)?)));
    positions.iter().filter_map(prepare).collect()
}

/// The own and the canonical tasks that are in no pair yet. An own task that is linked to another task of the same source
/// is that task, and free for nothing else.
fn free_positions(own: &[Task], canonical: &[CanonicalTask], pairs: &[Pair]) -> (Vec<usize>, Vec<usize>) {
    let source = canonical.first().map_or("", |task| source_of(&task.key));
    let is_linked_elsewhere = |task: &Task| task.canonical_task.as_deref().is_some_and(|key| source_of(key) == source);
    let is_own_free = |(position, task): &(usize, &Task)| {
        !is_linked_elsewhere(task) && !pairs.iter().any(|pair| pair.own == *position)
    };
    let free_own = own.iter().enumerate().filter(is_own_free).map(|(position, _)| position).collect();
    let is_canonical_free = |position: &usize| !pairs.iter().any(|pair| pair.canonical == *position);
    (free_own, (0..canonical.len()).filter(is_canonical_free).collect())
}

fn aligned(own: &Task, canonical: &CanonicalTask, pair: &Pair) -> TaskAlignment {
    let weights = own.stage.map(Stage::weight).zip(canonical.stage.map(Stage::weight));
    TaskAlignment {
        own_task: Some(own_reference(own)),
        canonical_task: Some(canonical_reference(canonical)),
        basis: pair.basis,
        confidence: Some(pair.confidence),
        stage_difference: weights.map(|(own, canonical)| own - canonical),
    }
}

const fn alone(own_task: Option<TaskReference>, canonical_task: Option<TaskReference>) -> TaskAlignment {
    TaskAlignment {
        own_task,
        canonical_task,
        basis: AlignmentBasis::Unmatched,
        confidence: None,
        stage_difference: None,
    }
}

fn own_reference(task: &Task) -> TaskReference {
    TaskReference { key: task.effective_key(), title: task.title.clone(), stage: task.stage }
}

fn canonical_reference(task: &CanonicalTask) -> TaskReference {
    TaskReference { key: task.key.clone(), title: task.title.clone(), stage: task.stage }
}
