//! Published figures, and whether the viewer may see them.
//!
//! Releases and cells never change once they are published, so they are kept in memory; the list of releases for two
//! seconds, so that a retraction is seen within that time. Whether a viewer may see a version is asked each time, for all
//! versions of a request in one statement, and also when nothing is published: what is withheld costs what is shown costs.

mod cache;
mod cells;
mod gate;
mod log;
mod releases;
mod segment;

use std::{collections::HashMap, sync::Arc};

use domain::disclosure::{PeerGroup, ReleasedCell};
use uuid::Uuid;

use crate::{Store, StoreError, access::Actor};

pub(crate) use cache::BenchmarkCache;
pub use releases::{Approval, PublishedRelease, Retraction};

/// A cell of a release: a role (or a combination) and a peer group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CellKey {
    /// Key of the release, such as `2026-Q3`.
    pub release: Arc<str>,
    /// Key of the canonical role, or of the library's combination.
    pub role: Arc<str>,
    /// The peer group.
    pub peer_group: PeerGroup,
}

/// The published figures of a cell.
#[derive(Debug)]
pub struct PublishedVersion {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Key of the release that it was computed for; an earlier one where it was carried forward.
    pub as_of: String,
    /// The figures.
    pub cell: ReleasedCell,
}

/// What a reader asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// The cell.
    pub cell: CellKey,
    /// Whether the nearest coarser peer group will do.
    pub falls_back: bool,
}

impl Wanted {
    /// Where to look, in order.
    fn candidates(&self) -> Vec<CellKey> {
        let mut groups = vec![self.cell.peer_group];
        if self.falls_back {
            groups.extend(self.cell.peer_group.fallbacks());
        }
        groups.into_iter().map(|peer_group| CellKey { peer_group, ..self.cell.clone() }).collect()
    }
}

/// What a reader gets.
#[derive(Clone, Debug)]
pub enum Reading {
    /// Only viewers of verified organizations see more than all contributors together.
    NotVerified,
    /// Nothing is shown, for whatever reason.
    Withheld,
    /// Figures.
    Shown(ShownVersion),
}

/// Figures that the viewer may see.
#[derive(Clone, Debug)]
pub struct ShownVersion {
    /// The peer group that they are of: the wanted one, or the first coarser one that may be shown.
    pub peer_group: PeerGroup,
    /// The figures.
    pub version: Arc<PublishedVersion>,
    /// Whether an organization of the viewer's own is among the contributors.
    pub includes_viewer: bool,
}

/// The benchmark's published figures. Cheap to make.
#[derive(Clone, Copy)]
pub struct BenchmarkReader<'a> {
    store: &'a Store,
}

impl Store {
    /// The benchmark's published figures.
    pub fn benchmark(&self) -> BenchmarkReader<'_> {
        BenchmarkReader { store: self }
    }
}

impl BenchmarkReader<'_> {
    /// What the caller gets for each of the cells that are wanted: one statement for the cells that are not in memory,
    /// whether they are published or not, and one for the gate. What was read stands in the log.
    ///
    /// The release of each must be published and not retracted ([`Self::releases`]).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(&self, actor: &Actor, wanted: &[Wanted]) -> Result<HashMap<Wanted, Reading>, StoreError> {
        let cells = self.cells(wanted.iter().flat_map(Wanted::candidates)).await?;
        let versions: Vec<Uuid> = cells.values().flatten().map(|version| version.id).collect();
        let gate = self.ask_gate(actor, &versions).await?;
        let answer = |wanted: &Wanted| {
            if wanted.cell.peer_group != PeerGroup::All && !gate.is_verified {
                return Reading::NotVerified;
            }
            let shown = wanted.candidates().into_iter().find_map(|key| {
                let version = cells.get(&key)?.as_ref()?;
                let includes_viewer = gate.shown(version.id)?;
                let (peer_group, version) = (key.peer_group, Arc::clone(version));
                Some(ShownVersion { peer_group, version, includes_viewer })
            });
            shown.map_or(Reading::Withheld, Reading::Shown)
        };
        let readings = wanted.iter().map(|wanted| (wanted.clone(), answer(wanted))).collect();
        log::note(actor, &readings, &cells);
        Ok(readings)
    }
}
