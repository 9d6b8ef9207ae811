//! From a role's sums to its cells: the rules decide, noise is added, and all 129 cells are written.

use std::collections::{BTreeMap, HashMap};

use domain::disclosure::{
    Decision, Draws, PeerGroup, Policy, ReleasedCell, RoleDecisions, Shape, decide, release_figures,
};
use uuid::Uuid;

use super::{
    damaged,
    noise::{self, NoisyCell},
    refused,
    role::Role,
    situation::{Earlier, digest_text, situation},
    steps::Steps,
    totals::{AtomTotals, Basis, Seen, count_seen, stored_seen},
};
use crate::{
    benchmark::builder::{
        BenchmarkKey, Builder, BuilderError, Cell, Column, DraftRelease, Transaction, execute, insert, rows as query,
    },
    library::Progress,
};

const CHANGED: &str = "SELECT DISTINCT role_number FROM contribution_change WHERE release_number = $1";
/// What has changed is in the sums and the differences now.
const CONSUME: &str = "DELETE FROM contribution_change WHERE release_number = $1 AND role_number = $2";
const FORGET_CELLS: &str = "DELETE FROM draft_cell WHERE release_number = $1 AND role_number = $2";
const FORGET_VERSIONS: &str = "DELETE FROM draft_version WHERE release_number = $1 AND role_number = $2";
const IS_DONE: &str = "UPDATE axis SET is_totalled = $3, is_done = $3 WHERE release_number = $1 AND role_number = $2";
const FIGURES: &str = "SELECT figures FROM draft_version WHERE id = $1";
const COUNTS: &str = "
SELECT CASE WHEN c.version_id IS NULL THEN c.reason WHEN v.release_number < c.release_number THEN 'CARRIED'
            WHEN v.peer_group <> c.peer_group THEN 'SAME_AS_COARSER' ELSE 'FRESH' END AS what,
    CAST(count(*) AS bigint) AS cells
FROM draft_cell c LEFT JOIN draft_version v ON v.id = c.version_id
WHERE c.release_number = $1 GROUP BY 1 ORDER BY 1";

const CELL_COLUMNS: [Column; 6] = [
    Column::Integer("release_number"),
    Column::Integer("role_number"),
    Column::Integer("peer_group"),
    Column::Uuid("version_id"),
    Column::Integer("contributors"),
    Column::Text("reason"),
];
const VERSION_COLUMNS: [Column; 9] = [
    Column::Uuid("id"),
    Column::Integer("release_number"),
    Column::Integer("role_number"),
    Column::Text("role_key"),
    Column::Integer("peer_group"),
    Column::Integer("contributors"),
    Column::Text("digest"),
    Column::Integer("needs_independent"),
    Column::Text("figures"),
];

/// The reason of a cell whose figures could be carried, but belong to releases that were retracted.
const RETRACTED: &str = "RETRACTED";

/// A role being built.
pub(super) struct Work<'a> {
    pub(super) release: &'a DraftRelease,
    pub(super) policy: &'a Policy,
    pub(super) role: &'a Role,
    pub(super) key: &'a BenchmarkKey,
    pub(super) steps: &'a Steps,
}

/// What was decided on a role, and from what.
pub(super) struct Decided {
    pub(super) decisions: RoleDecisions,
    pub(super) totals: AtomTotals,
    /// Cells that would have shown figures of a retracted release.
    retracted: Vec<PeerGroup>,
}

impl Builder {
    /// Computes the cells of all roles that are not done or have changed; how many roles there are, and how many were
    /// computed.
    pub(super) async fn build_cells(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        steps: &Steps,
        progress: &dyn Progress,
    ) -> Result<(u64, u64), BuilderError> {
        let roles = self.roles(release.number).await?;
        let mut changed = std::collections::HashSet::new();
        for row in self.rows(CHANGED, [release.number.into()]).await? {
            changed.insert(row.try_get::<i32>("", "role_number")?);
        }
        progress.start("Computing cells", Some(roles.len() as u64));
        let mut computed = 0;
        for role in &roles {
            let work = Work { release, policy, role, key: self.key(), steps };
            computed += u64::from(self.build_role(&work, changed.contains(&role.number)).await?);
            progress.advance(1);
        }
        progress.finish();
        Ok((roles.len() as u64, computed))
    }

    /// Computes a role in one transaction; whether there was anything to do.
    async fn build_role(&self, work: &Work<'_>, has_changes: bool) -> Result<bool, BuilderError> {
        let (release, role) = (work.release.number, work.role);
        let transaction = self.begin().await?;
        let basis = match (role.is_totalled, has_changes) {
            (false, _) => Basis::Anew,
            (true, true) => Basis::Changed,
            (true, false) => Basis::Stored,
        };
        let (sees_changed, seen) = work.steps.of("partners", count_seen(&transaction, release, role)).await?;
        if basis == Basis::Stored && role.is_done && !sees_changed {
            return Ok(false);
        }
        let totals = AtomTotals::on(&transaction, basis, release, role, work.policy);
        let (totals, basis) = work.steps.of("sums", totals).await?;
        let decided = work.decide(&transaction, basis, totals, &seen).await?;
        work.write(&transaction, &decided).await?;
        execute(&transaction, CONSUME, [release.into(), role.number.into()]).await?;
        execute(&transaction, IS_DONE, [release.into(), role.number.into(), true.into()]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// How many cells of a release are fresh, carried, the same as others, or withheld, by reason.
    pub(super) async fn counts_by_reason(&self, release: i32) -> Result<BTreeMap<String, u64>, BuilderError> {
        let mut counts = BTreeMap::new();
        for row in self.rows(COUNTS, [release.into()]).await? {
            let cells: i64 = row.try_get("", "cells")?;
            counts.insert(row.try_get("", "what")?, cells.unsigned_abs());
        }
        Ok(counts)
    }
}

impl Work<'_> {
    /// Decides again on what is stored.
    pub(super) async fn decide_again(&self, transaction: &Transaction) -> Result<Decided, BuilderError> {
        let totals = AtomTotals::stored(transaction, self.release.number, self.role).await?;
        let seen = stored_seen(transaction, self.release.number, self.role).await?;
        self.decide(transaction, Basis::Stored, totals, &seen).await
    }

    async fn decide(
        &self,
        transaction: &Transaction,
        basis: Basis,
        totals: AtomTotals,
        seen: &[Seen],
    ) -> Result<Decided, BuilderError> {
        let number = self.release.number;
        let earlier = Earlier::load(transaction, number, self.role, self.policy).await?;
        let situation = situation(transaction, basis, number, self.role, &totals, seen, &earlier);
        let situation = self.steps.of("differences", situation).await?;
        let mut decisions = self.steps.of("rules", async { decide(self.policy, &situation) }).await;
        let mut retracted = Vec::new();
        loop {
            let not_shown = decisions.iter().find(
                |(_, decision)| matches!(decision, Decision::Carry(version) if !earlier.showable.contains(version)),
            );
            let Some((group, _)) = not_shown else { break };
            decisions.withhold(group);
            retracted.push(group);
        }
        Ok(Decided { decisions, totals, retracted })
    }

    /// Writes the versions and all cells of the role, in the place of those that were there.
    pub(super) async fn write(&self, transaction: &Transaction, decided: &Decided) -> Result<(), BuilderError> {
        for sql in [FORGET_CELLS, FORGET_VERSIONS] {
            execute(transaction, sql, [self.release.number.into(), self.role.number.into()]).await?;
        }
        let versions = self.write_versions(transaction, decided).await?;
        let mut cells = Vec::with_capacity(PeerGroup::ALL_129.len());
        for (group, decision) in decided.decisions.iter() {
            let (version, reason) = match decision {
                Decision::Fresh => (versions.get(&group).copied(), None),
                Decision::SameAs(coarser) => (self.shown(decided, coarser, &versions), None),
                Decision::Carry(version) => (Some(version), None),
                Decision::Withheld(_) if decided.retracted.contains(&group) => (None, Some(RETRACTED)),
                Decision::Withheld(reason) => (None, Some(reason.as_str())),
            };
            if version.is_none() && reason.is_none() {
                return Err(damaged("a cell has neither figures nor a reason"));
            }
            cells.push(self.cell(decided, group, version, reason));
        }
        let written = insert(transaction, "draft_cell", CELL_COLUMNS, cells.into_iter(), "");
        self.steps.of("writing", written).await?;
        Ok(())
    }

    /// The version that a coarser cell with the same contributors shows.
    fn shown(&self, decided: &Decided, group: PeerGroup, versions: &HashMap<PeerGroup, Uuid>) -> Option<Uuid> {
        match decided.decisions.decision(group) {
            Decision::Carry(version) => Some(version),
            _ => versions.get(&group).copied(),
        }
    }

    fn cell(
        &self,
        decided: &Decided,
        group: PeerGroup,
        version: Option<Uuid>,
        reason: Option<&'static str>,
    ) -> [Cell<'static>; 6] {
        let number = Cell::Integer;
        [
            number(self.release.number.into()),
            number(self.role.number.into()),
            number(group.index() as i64),
            version.map_or(Cell::Null, Cell::Uuid),
            number(decided.decisions.contributors(group).into()),
            reason.map_or(Cell::Null, Cell::Text),
        ]
    }

    /// Computes and writes the new versions; their identifiers by peer group.
    async fn write_versions(
        &self,
        transaction: &Transaction,
        decided: &Decided,
    ) -> Result<HashMap<PeerGroup, Uuid>, BuilderError> {
        let decisions = &decided.decisions;
        let fresh = decisions.iter().filter(|(_, decision)| *decision == Decision::Fresh);
        let cells: Vec<NoisyCell> = fresh
            .map(|(group, _)| NoisyCell {
                group,
                contributors: decisions.contributors(group),
                digest: digest_text(decisions.digest(group)),
            })
            .collect();
        let draws = noise::draws(transaction, self.release.number, self.role, self.policy, &cells);
        let draws = self.steps.of("noise", draws).await?;
        let mut shape = self.carried_shape(transaction, decisions).await?;
        let (mut versions, mut ids) = (Vec::with_capacity(cells.len()), HashMap::new());
        // The cell of all contributors comes first: its shape is that of the smaller ones.
        for (cell, draws) in cells.iter().zip(draws) {
            let released = async { self.figures(decided, cell, shape.as_ref(), &draws) };
            let released = self.steps.of("figures", released).await?;
            if cell.group == PeerGroup::All {
                shape = released.shape().copied();
            }
            let id = self.version_id(cell);
            ids.insert(cell.group, id);
            versions.push((cell, id, released.to_json()));
        }
        let rows = versions.iter().map(|(cell, id, figures)| self.version(cell, *id, figures));
        self.steps.of("writing", insert(transaction, "draft_version", VERSION_COLUMNS, rows, "")).await?;
        Ok(ids)
    }

    fn figures(
        &self,
        decided: &Decided,
        cell: &NoisyCell,
        shape: Option<&Shape>,
        draws: &Draws,
    ) -> Result<ReleasedCell, BuilderError> {
        let (axis, centre) = (&self.role.axis, self.role.centre);
        let totals = decided.totals.of(cell.group, self.role)?;
        let released = release_figures(self.policy, axis, centre, shape, &totals, draws);
        released.map_err(|error| refused(format!("{} in {}: {error}", axis.key, cell.group)))
    }

    fn version<'b>(&'b self, cell: &'b NoisyCell, id: Uuid, figures: &'b str) -> [Cell<'b>; 9] {
        let number = Cell::Integer;
        [
            Cell::Uuid(id),
            number(self.release.number.into()),
            number(self.role.number.into()),
            Cell::Text(&self.role.axis.key),
            number(cell.group.index() as i64),
            number(cell.contributors.into()),
            Cell::Text(&cell.digest),
            number(self.policy.k_independent.into()),
            Cell::Text(figures),
        ]
    }

    /// The shape of the figures that the cell of all contributors shows again.
    async fn carried_shape(
        &self,
        transaction: &Transaction,
        decisions: &RoleDecisions,
    ) -> Result<Option<Shape>, BuilderError> {
        let Decision::Carry(version) = decisions.decision(PeerGroup::All) else { return Ok(None) };
        let rows = query(transaction, FIGURES, [version.into()]).await?;
        let text: String = rows.first().ok_or_else(|| damaged("a version is missing"))?.try_get("", "figures")?;
        let cell = ReleasedCell::from_published_json(&text).map_err(|_| damaged("figures cannot be read"))?;
        Ok(cell.shape().copied())
    }

    /// Names a version, the same whenever it is built from the same contributors. Keyed: the name says nothing about them.
    fn version_id(&self, cell: &NoisyCell) -> Uuid {
        let key = &self.role.axis.key;
        let content = format!("{}\n{key}\n{}\n{}", self.release.key, cell.group, cell.digest);
        let hash = self.key.hash("version", content.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}
