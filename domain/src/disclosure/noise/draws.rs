use super::GRID;
use super::statistic::{Statistic, statistics};
use crate::disclosure::axis::Axis;
use crate::disclosure::policy::Policy;

/// The two draws on one statistic of one cell, in steps of 1/1000 unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Draw {
    /// The one that all roles of the peer group share in a release ([`Statistic::common_noise`]).
    pub common: i64,
    /// The cell's own ([`Statistic::own_noise`]).
    pub own: i64,
}

impl Draw {
    /// Both together, in units.
    #[must_use]
    pub fn units(self) -> f64 {
        (self.common + self.own) as f64 / f64::from(GRID)
    }
}

/// The draws on all statistics of one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draws(Vec<(Statistic, Draw)>);

impl Draws {
    /// Takes a draw for each statistic that a cell with so many contributors publishes, in their order.
    ///
    /// # Errors
    /// The first error of `draw`.
    pub fn for_cell<E>(
        policy: &Policy,
        axis: &Axis,
        contributors: u32,
        mut draw: impl FnMut(Statistic) -> Result<Draw, E>,
    ) -> Result<Self, E> {
        let list = statistics(policy, axis, contributors).into_iter();
        list.map(|statistic| Ok((statistic, draw(statistic)?))).collect::<Result<_, E>>().map(Self)
    }

    /// The draw on a statistic, if there is one.
    #[must_use]
    pub fn get(&self, statistic: Statistic) -> Option<Draw> {
        let place = self.0.binary_search_by_key(&statistic, |(key, _)| *key).ok()?;
        self.0.get(place).map(|(_, draw)| *draw)
    }
}
