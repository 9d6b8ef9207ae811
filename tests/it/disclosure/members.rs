//! What only the builder knows: who is in which version, and what each cell shows.

use std::collections::{BTreeMap, BTreeSet};

use rolemark_tests::Result;

use crate::direct::Direct;

/// A role in a release.
type RoleOfRelease = (i64, String);
/// Control groups with their atoms, and the hashes of their values.
type Groups = BTreeMap<String, (i64, String)>;

/// A computed version.
pub(super) struct Version {
    pub(super) role: String,
    pub(super) peer_group: i64,
    /// Its groups with the hashes of their values.
    pub(super) members: BTreeMap<String, String>,
    /// How many contributors the builder says it has.
    pub(super) contributors: i64,
}

impl Version {
    /// How many groups are in one of both only, or say something else.
    pub(super) fn apart(&self, other: &Self) -> usize {
        let names: BTreeSet<&String> = self.members.keys().chain(other.members.keys()).collect();
        names.into_iter().filter(|name| self.members.get(*name) != other.members.get(*name)).count()
    }
}

/// All releases of a world.
pub(super) struct Book {
    groups: BTreeMap<RoleOfRelease, Groups>,
    pub(super) versions: BTreeMap<String, Version>,
    /// The version that each cell shows.
    pub(super) shown: BTreeMap<RoleOfRelease, BTreeMap<i64, String>>,
}

/// Whether a peer group holds an atom, by their numbers.
pub(super) const fn holds(peer_group: i64, atom: i64) -> bool {
    match peer_group {
        0 => true,
        1..=20 => atom / 40 == peer_group - 1,
        21..=120 => atom / 8 == peer_group - 21,
        _ => atom % 8 == peer_group - 121,
    }
}

impl Book {
    /// How many contributors a cell has.
    pub(super) fn count(&self, role: &RoleOfRelease, peer_group: i64) -> usize {
        let groups = self.groups.get(role).into_iter().flat_map(BTreeMap::values);
        groups.filter(|(atom, _)| holds(peer_group, *atom)).count()
    }

    fn members(&self, role: &RoleOfRelease, peer_group: i64) -> BTreeMap<String, String> {
        let groups = self.groups.get(role).into_iter().flatten();
        let inside = groups.filter(|(_, (atom, _))| holds(peer_group, *atom));
        inside.map(|(name, (_, hash))| (name.clone(), hash.clone())).collect()
    }
}

/// Reads the builder's tables.
pub(super) async fn book(direct: &mut Direct) -> Result<Book> {
    let (hash, id) = match direct {
        Direct::Sqlite(_) => ("hex(c.group_hash)", "hex({})"),
        Direct::Postgres(_) => ("encode(c.group_hash, 'hex')", "CAST({} AS text)"),
    };
    let mut book = Book { groups: BTreeMap::new(), versions: BTreeMap::new(), shown: BTreeMap::new() };
    let sql = format!(
        "SELECT CAST(c.release_number AS text) || ' ' || a.role_key || ' ' || {hash} || ' ' || CAST(c.atom AS text)
             || ' ' || CAST(c.value_hash AS text)
         FROM builder.contribution c JOIN builder.axis a ON a.release_number = c.release_number
             AND a.role_number = c.role_number WHERE NOT c.is_waiting"
    );
    for line in direct.texts(sql).await? {
        let [release, role, group, atom, value] = fields(&line);
        let groups = book.groups.entry((number(release), role.to_owned())).or_default();
        groups.insert(group.to_owned(), (number(atom), value.to_owned()));
    }
    let sql = format!(
        "SELECT {} || ' ' || CAST(release_number AS text) || ' ' || role_key || ' ' || CAST(peer_group AS text) || ' '
             || CAST(contributors AS text) FROM builder.draft_version",
        id.replace("{}", "id")
    );
    for line in direct.texts(sql).await? {
        let [id, release, role, peer_group, contributors] = fields(&line);
        let (release, peer_group) = (number(release), number(peer_group));
        let members = book.members(&(release, role.to_owned()), peer_group);
        let contributors = number(contributors);
        let version = Version { role: role.to_owned(), peer_group, members, contributors };
        book.versions.insert(id.to_owned(), version);
    }
    let sql = format!(
        "SELECT CAST(c.release_number AS text) || ' ' || a.role_key || ' ' || CAST(c.peer_group AS text) || ' ' || {} || ' -'
         FROM builder.draft_cell c JOIN builder.axis a ON a.release_number = c.release_number
             AND a.role_number = c.role_number WHERE c.version_id IS NOT NULL",
        id.replace("{}", "c.version_id")
    );
    for line in direct.texts(sql).await? {
        let [release, role, peer_group, id, _] = fields(&line);
        let cells = book.shown.entry((number(release), role.to_owned())).or_default();
        cells.insert(number(peer_group), id.to_owned());
    }
    Ok(book)
}

fn fields(line: &str) -> [&str; 5] {
    let mut parts = line.split(' ');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}
