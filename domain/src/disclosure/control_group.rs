use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What tells that two organizations belong to one owner (rule E4), as the operator verified it. Empty values say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// The number of the legal entity in its register.
    pub legal_entity: Option<String>,
    /// The number of the legal entity at the head of its group.
    pub legal_group: Option<String>,
    /// The domain that it registered with.
    pub registrant_domain: Option<String>,
    /// A token of the card or account that pays for it.
    pub payment_instrument: Option<String>,
    /// Who owns it in the end.
    pub beneficial_owner: Option<String>,
}

impl Attributes {
    /// The values in their normal form, each with the kind that it may be compared within.
    fn marks(&self) -> impl Iterator<Item = (u8, String)> + '_ {
        let given = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        // An entity that is the head of another one's group belongs to that group.
        let marks = [
            (0, compact(&given(&self.legal_entity))),
            (0, compact(&given(&self.legal_group))),
            (1, domain_name(&given(&self.registrant_domain))),
            (2, compact(&given(&self.payment_instrument))),
            (3, compact(&given(&self.beneficial_owner))),
        ];
        marks.into_iter().filter(|(_, value)| !value.is_empty())
    }
}

/// Letters and digits alone, in lower case: `DE 123-456` is `de123456`.
fn compact(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn domain_name(text: &str) -> String {
    let name = text.trim().trim_matches('.').to_lowercase();
    name.strip_prefix("www.").map_or(name.clone(), str::to_owned)
}

/// The control group of each organization, named by the smallest identifier in it, in the order of the input.
///
/// Two organizations belong together if any attribute of both is equal in its normal form and not empty, or if each
/// belongs together with a third. The legal entity of one and the legal group of another count as the same attribute.
#[must_use]
pub fn control_groups<Id: Copy + Ord>(organizations: &[(Id, Attributes)]) -> Vec<(Id, Id)> {
    let mut sets = Sets::new(organizations.len());
    let mut firsts: BTreeMap<(u8, String), usize> = BTreeMap::new();
    let mut by_id: BTreeMap<Id, usize> = BTreeMap::new();
    for (position, (id, attributes)) in organizations.iter().enumerate() {
        if let Some(first) = by_id.insert(*id, position) {
            sets.join(first, position);
        }
        for mark in attributes.marks() {
            match firsts.entry(mark) {
                Entry::Vacant(entry) => {
                    entry.insert(position);
                }
                Entry::Occupied(entry) => sets.join(*entry.get(), position),
            }
        }
    }
    let mut smallest: BTreeMap<usize, Id> = BTreeMap::new();
    for (position, (id, _)) in organizations.iter().enumerate() {
        let least = smallest.entry(sets.root(position)).or_insert(*id);
        *least = (*least).min(*id);
    }
    let group = |(position, (id, _)): (usize, &(Id, Attributes))| {
        (*id, smallest.get(&sets.root(position)).copied().unwrap_or(*id))
    };
    organizations.iter().enumerate().map(group).collect()
}

/// Disjoint sets of positions (union-find with path halving).
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut position: usize) -> usize {
        while self.0[position] != position {
            self.0[position] = self.0[self.0[position]];
            position = self.0[position];
        }
        position
    }

    /// The smaller root stays, so that the order of joining does not matter.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn any_equal_attribute_joins_and_so_does_a_third() {
        let none = Attributes::default;
        let organizations = [
            (7, Attributes { legal_entity: some("DE 123-456"), ..none() }),
            (3, Attributes { legal_group: some("de123456"), registrant_domain: some("WWW.Example.com."), ..none() }),
            (5, Attributes { registrant_domain: some("example.com"), payment_instrument: some("tok_1"), ..none() }),
            (9, Attributes { payment_instrument: some("tok_1"), ..none() }),
            (1, Attributes { beneficial_owner: some("tok_1"), ..none() }),
            (2, none()),
            (4, Attributes { legal_entity: some(" - "), beneficial_owner: some(""), ..none() }),
        ];
        let groups = control_groups(&organizations);
        assert_eq!(groups, [(7, 3), (3, 3), (5, 3), (9, 3), (1, 1), (2, 2), (4, 4)]);
    }

    #[test]
    fn a_holding_with_fifty_subsidiaries_is_one_group() {
        let subsidiary = |id| (id, Attributes { legal_group: some("GB 99"), ..Attributes::default() });
        let organizations: Vec<_> = (10..60).map(subsidiary).collect();
        assert!(control_groups(&organizations).iter().all(|(_, group)| *group == 10));
    }
}
