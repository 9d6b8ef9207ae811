use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::loosened::Loosened;
use super::release::Quarter;

/// The layout of [`Manifest`].
pub const MANIFEST_FORMAT: u32 = 1;

/// What a release is made of and how it was checked: the document that is signed and approved. Operators read it; it holds
/// counts over the whole release, and nothing about a single cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Manifest {
    /// The layout of this document, [`MANIFEST_FORMAT`].
    pub format: u32,
    /// The release.
    pub release: Quarter,
    /// Its number: 1 for the first that was built.
    pub number: u32,
    /// The instant of the snapshot, in RFC 3339.
    pub snapshot_at: String,
    /// The version of the policy.
    pub policy_version: u32,
    /// SHA-256 of the policy's JSON text, in hexadecimal.
    pub policy_hash: String,
    /// The numbers that protect less than the normative policy; a release with any is marked.
    pub loosened: Vec<Loosened>,
    /// The revision of the code that built it.
    pub code_revision: String,
    /// Whether the organizations are made up.
    pub is_synthetic: bool,
    /// How many axes.
    pub axes: u64,
    /// How many control groups contributed to any axis.
    pub contributors: u64,
    /// How many cells were computed anew, carried forward, share another's figures, or were withheld, by reason.
    pub cells: BTreeMap<String, u64>,
    /// What the new versions spend on a contributor, by band of the count.
    pub budget: Vec<Budget>,
    /// The results of the reconstruction audit.
    pub audit: Vec<AuditResult>,
    /// The root of the hash tree over all cells, in hexadecimal.
    pub merkle_root: String,
}

/// The budget of the versions of one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Budget {
    /// The least count of the band.
    pub from: u32,
    /// How many new versions.
    pub versions: u64,
    /// The greatest mu that one statistic of one of them spends ([`super::Policy::mu`]).
    pub mu: f64,
    /// The greatest mu of mean and second moment together ([`super::Policy::mu_with_second_moment`]).
    pub mu_with_second_moment: f64,
}

/// What the reconstruction audit found for all axes under one assumption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuditResult {
    /// What the attacker was taken to know: `passive`, or `largest partner`.
    pub attacker: String,
    /// The least R of any contributor.
    pub worst: f64,
    /// Share of the contributors with R below 0.5.
    pub share_below_half: f64,
    /// Share of the contributors with R below the usual one, 0.9.
    pub share_below_usual: f64,
    /// Cells that were withheld so that the audit passes.
    pub withheld: u64,
    /// Whether it passed.
    pub has_passed: bool,
}

impl Manifest {
    /// The document as JSON: without spaces, its fields in one order, so that equal manifests have equal texts.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A hash tree over a sequence of leaves, as of RFC 6962, section 2.1. It takes leaves one by one and keeps one hash for
/// each level.
pub struct MerkleTree<H> {
    sha256: H,
    /// Complete subtrees with their number of leaves, the larger ones first.
    subtrees: Vec<(u64, [u8; 32])>,
}

impl<H: Fn(&[u8]) -> [u8; 32]> MerkleTree<H> {
    /// A tree without leaves, and the SHA-256 to make it with.
    pub const fn new(sha256: H) -> Self {
        Self { sha256, subtrees: Vec::new() }
    }

    /// Adds a leaf behind the others.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut tree = (1, (self.sha256)(&[&[0], leaf].concat()));
        while let Some((size, left)) = self.subtrees.pop_if(|(size, _)| *size == tree.0) {
            tree = (size * 2, self.node(&left, &tree.1));
        }
        self.subtrees.push(tree);
    }

    /// The root over the leaves so far; the hash of nothing if there are none.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        let joined = self.subtrees.iter().rev().map(|(_, hash)| *hash).reduce(|right, left| self.node(&left, &right));
        joined.unwrap_or_else(|| (self.sha256)(&[]))
    }

    /// A leaf starts with 0 and a node with 1, so that no leaf can pass for a node.
    fn node(&self, left: &[u8], right: &[u8]) -> [u8; 32] {
        (self.sha256)(&[&[1], left, right].concat())
    }
}

/// The root of the hash tree over all leaves, in their order.
pub fn merkle_root<'a>(leaves: impl Iterator<Item = &'a [u8]>, sha256: impl Fn(&[u8]) -> [u8; 32]) -> [u8; 32] {
    let mut tree = MerkleTree::new(sha256);
    leaves.for_each(|leaf| tree.push(leaf));
    tree.root()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not a hash: it keeps short inputs apart so that the shape of the tree can be seen.
    fn toy(bytes: &[u8]) -> [u8; 32] {
        let mut state = [0_u8; 32];
        let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
        for (position, byte) in bytes.iter().enumerate() {
            sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(7);
            state[position % 32] ^= (sum >> 16) as u8;
        }
        for (place, byte) in sum.to_le_bytes().into_iter().enumerate() {
            state[place] ^= byte;
        }
        state
    }

    fn recursive(leaves: &[&[u8]]) -> [u8; 32] {
        match leaves {
            [] => toy(&[]),
            [leaf] => toy(&[&[0], *leaf].concat()),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                toy(&[&[1][..], &recursive(left), &recursive(right)].concat())
            }
        }
    }

    #[test]
    fn the_tree_is_the_one_of_the_standard() {
        let texts: Vec<String> = (0..40).map(|number| format!("leaf {number}")).collect();
        for count in 0..texts.len() {
            let leaves: Vec<&[u8]> = texts.iter().take(count).map(|text| text.as_bytes()).collect();
            assert_eq!(merkle_root(leaves.iter().copied(), toy), recursive(&leaves), "{count}");
        }
    }

    #[test]
    fn every_leaf_and_their_order_count() {
        let root = |leaves: &[&[u8]]| merkle_root(leaves.iter().copied(), toy);
        assert_ne!(root(&[b"a", b"b"]), root(&[b"b", b"a"]));
        assert_ne!(root(&[b"a"]), root(&[b"a", b"a"]));
    }
}
