//! T06 to T11 through the real program without noise: subtracting cells and releases from each other.

use std::collections::BTreeSet;

use rolemark_tests::{Result, TestServer};
use serde_json::Value;

use super::exact_world::{ONE_AT_A_TIME, TOGGLED, World, world};
use super::finding::Finding;
use super::reading::{ALL, cell_of};

/// The published cells below a parent that have no published cell between, in both trees.
fn descendants(parent: i64, is_shown: impl Fn(i64) -> bool) -> Vec<Vec<i64>> {
    let sizes = |industry: i64| (21 + 5 * (industry - 1)..26 + 5 * (industry - 1)).filter(|group| is_shown(*group));
    match parent {
        0 => {
            let below = |industry: i64| if is_shown(industry) { vec![industry] } else { sizes(industry).collect() };
            vec![(1..=20).flat_map(below).collect(), (121..=128).filter(|group| is_shown(*group)).collect()]
        }
        1..=20 => vec![sizes(parent).collect()],
        _ => Vec::new(),
    }
}

pub(crate) async fn t06_parents_less_children(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let (mut looked_at, mut few) = (0, 0);
    for (role, cells) in &world.book.shown {
        for parent in cells.keys() {
            for children in descendants(*parent, |group| cells.contains_key(&group)) {
                let inside: usize = children.iter().map(|child| world.book.count(role, *child)).sum();
                let beside = world.book.count(role, *parent) - inside;
                looked_at += usize::from(!children.is_empty());
                few += usize::from(!children.is_empty() && (1..10).contains(&beside));
            }
        }
    }
    Finding {
        number: "T06",
        attack: "parents less children, through the program",
        tried: format!("{} roles of 4 releases, {looked_at} parents with children", world.book.shown.len()),
        condition: "0 remainders of 1 to 9",
        measured: format!("{few} remainders"),
    }
    .judge(world.server(), few == 0 && looked_at > 20);
    Ok(())
}

pub(crate) async fn t07_near_duplicates(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let book = &world.book;
    let (mut pairs, mut near, mut unequal) = (0, 0, 0);
    for cells in book.shown.values() {
        let versions: Vec<&String> = cells.values().collect();
        for (place, a) in versions.iter().enumerate() {
            for b in &versions[place + 1..] {
                let apart = book.versions[*a].apart(&book.versions[*b]);
                pairs += 1;
                near += usize::from((1..5).contains(&apart));
                unequal += usize::from(apart == 0 && a != b);
            }
        }
    }
    let miscounted =
        book.versions.values().filter(|version| version.members.len() as i64 != version.contributors).count();
    Finding {
        number: "T07",
        attack: "near duplicates, through the program",
        tried: format!("{pairs} pairs of cells shown in one release"),
        condition: "0 pairs differ by 1 to 4; equal sets show one version; every version has the members it says",
        measured: format!("{near} near, {unequal} equal sets with two versions, {miscounted} miscounted"),
    }
    .judge(world.server(), near == 0 && unequal == 0 && miscounted == 0 && pairs > 50);
    Ok(())
}

/// What a reader is told of a role in each release, without the release itself.
async fn told(world: &World, role: usize) -> Vec<Value> {
    let mut told = Vec::new();
    for release in world.releases() {
        let mut cell = cell_of(&world.reader.client, world.key(role), ALL, &release).await;
        cell["release"] = Value::Null;
        told.push(cell);
    }
    told
}

pub(crate) async fn t08_t10_one_at_a_time(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let versions: Vec<_> = world.book.versions.values().collect();
    let (mut pairs, mut near) = (0, 0);
    for (place, a) in versions.iter().enumerate() {
        for b in versions[place + 1..].iter().filter(|b| b.role == a.role) {
            pairs += 1;
            near += usize::from((1..5).contains(&a.apart(b)));
        }
    }
    let told = told(world, ONE_AT_A_TIME).await;
    let distinct: BTreeSet<String> = told.iter().map(Value::to_string).collect();
    let releases: Vec<usize> =
        (1..=4).map(|release| world.book.count(&(release, world.key(ONE_AT_A_TIME).to_owned()), 0)).collect();
    let is_shown = told.iter().all(|cell| cell["withheld"].is_null());
    for number in ["T08", "T09", "T10"] {
        Finding {
            number,
            attack: "one joiner, one leaver, one change, through the program",
            tried: format!("4 releases of {releases:?} contributors, no noise; {pairs} pairs of versions of all roles"),
            condition: "0 pairs differ by 1 to 4; the reader is told the same four times",
            measured: format!("{near} pairs; {} distinct answers", distinct.len()),
        }
        .judge(
            world.server(),
            near == 0 && distinct.len() == 1 && is_shown && releases[0] + 1 == releases[1] && pairs > 50,
        );
    }
    Ok(())
}

pub(crate) async fn t09_withdrawal(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let [first, last] = world.values_left;
    Finding {
        number: "T09",
        attack: "what is left of those who left, and of values after their time",
        tried: "one leaver before the third of four releases; the retention job 31 days after the first was published"
            .to_owned(),
        condition: "0 rows of the tenant in later snapshots; values gone",
        measured: format!(
            "{} rows; {first} rows with values in the first release, {last} in the last",
            world.rows_of_leaver
        ),
    }
    .judge(world.server(), world.rows_of_leaver == 0 && first == 0 && last > 0);
    Ok(())
}

pub(crate) async fn t11_forced_refreshes(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let told = told(world, TOGGLED).await;
    let ages: BTreeSet<String> = told.iter().map(|cell| cell["asOf"].to_string()).collect();
    let versions = world.book.versions.values().filter(|version| version.role == world.key(TOGGLED));
    let versions = versions.filter(|version| version.peer_group == 0).count();
    let mut most = 0;
    for version in world.book.versions.values().filter(|version| version.contributors < 50) {
        let same =
            |other: &&super::members::Version| other.role == version.role && other.peer_group == version.peer_group;
        most = most.max(world.book.versions.values().filter(same).count());
    }
    Finding {
        number: "T11",
        attack: "forced refreshes, through the program",
        tried: "fourteen contributors, four of which change their values before each of 4 releases; all cells below 50"
            .to_owned(),
        condition: "at most 2 versions in 4 releases",
        measured: format!("{versions} version(s) of it, told as {ages:?}; at most {most} of any cell below 50"),
    }
    .judge(world.server(), versions <= 2 && versions > 0 && ages.len() == versions && most <= 2);
    Ok(())
}
