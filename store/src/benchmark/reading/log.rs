//! Who read what of the benchmark, in the log: each read is one line, whether something was shown or not.
//!
//! The cause of a withheld figure is in it too: the log is the operator's, the answer never tells.

use std::collections::{BTreeSet, HashMap};

use super::{CellKey, Reading, Wanted, cache::Cell};
use crate::access::{Actor, Caller};

/// Writes the line of a read, before its answer leaves. It holds identifiers and keys of the library, and nothing that a
/// tenant has written.
pub(super) fn note(actor: &Actor, readings: &HashMap<Wanted, Reading>, cells: &HashMap<CellKey, Cell>) {
    // In order, for the log is searched and compared; what several cells fall back on is there once.
    let (mut shown, mut withheld) = (BTreeSet::new(), BTreeSet::new());
    for (wanted, reading) in readings {
        let cell = name(&wanted.cell);
        match reading {
            Reading::Shown(figures) => {
                let served = CellKey { peer_group: figures.peer_group, ..wanted.cell.clone() };
                shown.insert(format!("{}={}", name(&served), figures.version.id.hyphenated()))
            }
            Reading::NotVerified => withheld.insert(format!("{cell}=NOT_VERIFIED")),
            Reading::Withheld => withheld.insert(format!("{cell}={}", cause(wanted, cells))),
        };
    }
    let listed = |cells: BTreeSet<String>| cells.into_iter().collect::<Vec<_>>().join(" ");
    let (user, api_key) = match actor.caller() {
        Caller::User { id, .. } => (Some(id.0), None),
        Caller::ApiKey { id, .. } => (None, Some(id.0)),
        Caller::Operator => (None, None),
    };
    let origin = actor.origin();
    tracing::info!(
        target: "rolemark::benchmark",
        event = "benchmark.read",
        user = user.map(tracing::field::display),
        api_key = api_key.map(tracing::field::display),
        address = origin.address.map(tracing::field::display),
        request_id = origin.request_id,
        shown = listed(shown),
        withheld = listed(withheld),
        "benchmark"
    );
}

/// `2026-Q3/rolemark:backend-engineer/industry/INFORMATION`.
fn name(cell: &CellKey) -> String {
    format!("{}/{}/{}", cell.release, cell.role, cell.peer_group)
}

/// `VIEWER` where figures are published and this viewer could work somebody's out of them (rule V1); `RELEASE` where there
/// are none, for a reason that `rolemark benchmark show` tells.
fn cause(wanted: &Wanted, cells: &HashMap<CellKey, Cell>) -> &'static str {
    let is_published = wanted.candidates().iter().any(|key| cells.get(key).is_some_and(Option::is_some));
    if is_published { "VIEWER" } else { "RELEASE" }
}
