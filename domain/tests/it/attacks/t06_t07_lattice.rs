//! T06, T07: subtracting cells of one release from each other.

use std::collections::BTreeSet;

use domain::disclosure::{Industry, PeerGroup, Policy, Region, SizeBand};

use super::bits::Bits;
use super::finding::{Finding, trials};
use super::history::History;
use super::population::{Churn, world};

/// Roles that few and many run, in quiet and in restless worlds.
fn histories() -> Vec<History> {
    let policy = Policy::default();
    let sizes = [15, 40, 80, 150, 300, 600];
    let worlds = trials(18, 600);
    let history = |number: usize| {
        let mut bits = Bits::new(6_000 + number as u64);
        let share = [0.0, 0.01, 0.04, 0.1][number % 4];
        let churn = Churn { join: share, leave: share, change: share / 2.0, hop: share / 8.0 };
        History::of(&policy, world(sizes[number % 6], 8, churn, &mut bits))
    };
    (0..worlds).map(history).collect()
}

/// The published cells below a parent that have no published cell between.
fn descendants(parent: PeerGroup, is_shown: &dyn Fn(PeerGroup) -> bool) -> Vec<Vec<PeerGroup>> {
    let sizes = |industry| {
        let all = SizeBand::ALL.into_iter().map(move |size| PeerGroup::IndustrySize(industry, size));
        all.filter(|group| is_shown(*group)).collect::<Vec<_>>()
    };
    match parent {
        PeerGroup::All => {
            let below = |industry| {
                let group = PeerGroup::Industry(industry);
                if is_shown(group) { vec![group] } else { sizes(industry) }
            };
            let regions = Region::ALL.into_iter().map(PeerGroup::Region).filter(|group| is_shown(*group));
            vec![Industry::ALL.into_iter().flat_map(below).collect(), regions.collect()]
        }
        PeerGroup::Industry(industry) => vec![sizes(industry)],
        _ => Vec::new(),
    }
}

/// What a parent has beside its published descendants, for every parent of every release: by who is in the cells when the
/// release is made, and by whose figures are shown, where all of these are of one age, and where they are not.
#[derive(Default)]
struct Remainders {
    looked_at: usize,
    by_membership: usize,
    of_one_age: usize,
    of_one_age_looked_at: usize,
    of_mixed_ages: usize,
}

fn remainders(history: &History, found: &mut Remainders) {
    for release in 1..=history.releases.len() as u32 {
        let is_shown = |group| history.shown.contains_key(&(release, group));
        let now = &history.releases[release as usize - 1];
        let count = |group: PeerGroup| now.values().filter(|member| group.contains(member.atom)).count();
        for parent in PeerGroup::ALL_129.into_iter().filter(|group| is_shown(*group)) {
            for children in descendants(parent, &is_shown).into_iter().filter(|list| !list.is_empty()) {
                found.looked_at += 1;
                let beside = count(parent) - children.iter().map(|child| count(*child)).sum::<usize>();
                found.by_membership += usize::from((1..10).contains(&beside));
                let versions: Vec<_> =
                    children.iter().map(|child| &history.versions[history.shown[&(release, *child)]]).collect();
                let whole = &history.versions[history.shown[&(release, parent)]];
                let is_of_one_age = versions.iter().all(|version| version.release == whole.release);
                let mut rest: BTreeSet<_> = whole.members.iter().collect();
                for member in versions.iter().flat_map(|version| version.members.iter()) {
                    if !rest.remove(&member) {
                        rest.insert(member);
                    }
                }
                let ids: BTreeSet<_> = rest.into_iter().map(|(id, _)| id).collect();
                let is_few = usize::from((1..10).contains(&ids.len()));
                found.of_one_age_looked_at += usize::from(is_of_one_age);
                if is_of_one_age { found.of_one_age += is_few } else { found.of_mixed_ages += is_few }
            }
        }
    }
}

#[test]
fn t06_no_parent_less_its_children_is_a_few() {
    let histories = histories();
    let mut found = Remainders::default();
    histories.iter().for_each(|history| remainders(history, &mut found));
    let Remainders { looked_at, by_membership, of_one_age, of_one_age_looked_at, of_mixed_ages } = found;
    Finding {
        number: "T06",
        attack: "a parent less its published children",
        tried: format!("{} roles x 8 releases, {looked_at} parents with children", histories.len()),
        condition: "0 remainders of 1 to 9, by membership, and by the sets whose figures are shown where these are of one release",
        measured: format!(
            "{by_membership} by membership; {of_one_age} of {of_one_age_looked_at} among figures of one release; where figures of \
             several releases are subtracted, {of_mixed_ages} sets of 1 to 9 groups are left over, hidden by the noise of all of \
             them (T21)"
        ),
    }
    .judge(by_membership == 0 && of_one_age == 0 && looked_at > 500);
}

#[test]
fn t07_no_two_cells_are_nearly_the_same() {
    let histories = histories();
    let (mut pairs, mut near, mut unequal) = (0, 0, 0);
    for history in &histories {
        for release in 1..=history.releases.len() as u32 {
            let range = (release, PeerGroup::ALL_129[0])..(release + 1, PeerGroup::ALL_129[0]);
            let shown: Vec<usize> = history.shown.range(range).map(|(_, version)| *version).collect();
            for (place, a) in shown.iter().enumerate() {
                for b in &shown[place + 1..] {
                    let apart = history.versions[*a].apart(&history.versions[*b]);
                    pairs += 1;
                    near += usize::from((1..5).contains(&apart));
                    unequal += usize::from(apart == 0 && a != b);
                }
            }
        }
    }
    Finding {
        number: "T07",
        attack: "near duplicates across the trees",
        tried: format!("{} roles x 8 releases, {pairs} pairs of shown cells, no noise", histories.len()),
        condition: "0 pairs that differ by 1 to 4; equal sets show equal numbers",
        measured: format!("{near} near pairs; {unequal} equal sets with figures of their own"),
    }
    .judge(near == 0 && unequal == 0 && pairs > 500);
}
