//! Areas of an organization, and what somebody may do in each.

use std::sync::Arc;

use super::Level;

/// A part of what an organization has, for which rights are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Role configurations and their versions.
    Roles,
    /// Saved combinations.
    Scenarios,
    /// The Platform Roles Library and its benchmark.
    Benchmark,
    /// Members and invitations.
    Members,
    /// Consultant grants, a firm's assignments and API keys.
    Access,
    /// The audit log: only [`Level::Admin`] means something here.
    Audit,
    /// The organization itself: its name, its end.
    Organization,
    /// Adding roles, without the right to change those that are there.
    Import,
    /// Taking all of the organization's data out: only [`Level::Admin`] means something here.
    Export,
}

const AREAS: usize = Area::Export as usize + 1;

/// What an API key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyScope {
    /// Read role configurations and their versions.
    ReadRoles,
    /// Read the Platform Roles Library and its benchmark.
    ReadBenchmark,
    /// Read scenarios.
    ReadScenarios,
    /// Read the audit log.
    ReadAudit,
    /// Read, add, change and publish role configurations.
    WriteRoles,
    /// Add role configurations.
    Import,
    /// Export all data of the organization.
    Export,
}

impl KeyScope {
    /// All scopes.
    pub const ALL: [Self; 7] = [
        Self::ReadRoles,
        Self::ReadBenchmark,
        Self::ReadScenarios,
        Self::ReadAudit,
        Self::WriteRoles,
        Self::Import,
        Self::Export,
    ];

    /// The scope's name in the database, in the schema and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadRoles => "READ_ROLES",
            Self::ReadBenchmark => "READ_BENCHMARK",
            Self::ReadScenarios => "READ_SCENARIOS",
            Self::ReadAudit => "READ_AUDIT",
            Self::WriteRoles => "WRITE_ROLES",
            Self::Import => "IMPORT",
            Self::Export => "EXPORT",
        }
    }

    /// The scope with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    fn gives(self) -> &'static [(Area, Level)] {
        match self {
            Self::ReadRoles => &[(Area::Roles, Level::Read)],
            Self::ReadBenchmark => &[(Area::Benchmark, Level::Read)],
            Self::ReadScenarios => &[(Area::Scenarios, Level::Read)],
            Self::ReadAudit => &[(Area::Audit, Level::Admin)],
            Self::WriteRoles => &[(Area::Roles, Level::Write), (Area::Import, Level::Write)],
            Self::Import => &[(Area::Import, Level::Write)],
            Self::Export => &[(Area::Export, Level::Admin)],
        }
    }
}

/// What somebody may do in one organization: a level for each area, perhaps limited to families of roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    levels: [Option<Level>; AREAS],
    families: Option<Arc<[String]>>,
}

impl Rights {
    const NONE: Self = Self { levels: [None; AREAS], families: None };

    fn with(mut self, area: Area, level: Level) -> Self {
        let held = &mut self.levels[area as usize];
        *held = (*held).max(Some(level));
        self
    }

    /// Of a member.
    pub(crate) fn of_member(level: Level) -> Self {
        if level == Level::Admin {
            return Self { levels: [Some(Level::Admin); AREAS], families: None };
        }
        let rights = Self::NONE
            .with(Area::Roles, level)
            .with(Area::Scenarios, level)
            .with(Area::Benchmark, Level::Read)
            .with(Area::Members, Level::Read)
            .with(Area::Organization, Level::Read);
        if level == Level::Write { rights.with(Area::Import, Level::Write) } else { rights }
    }

    /// Of a member, whatever the level, to end the own membership and what it has given.
    pub(crate) fn of_leaving() -> Self {
        Self::NONE
            .with(Area::Members, Level::Write)
            .with(Area::Access, Level::Write)
            .with(Area::Organization, Level::Read)
    }

    /// Of an admin of an organization that was closed: to bring it back, or to take its data along.
    pub(crate) fn of_closed() -> Self {
        Self::NONE.with(Area::Organization, Level::Admin).with(Area::Export, Level::Admin)
    }

    /// Of a consultant. Families in lower case; with them, nothing but the roles of these families is to be seen.
    pub(crate) fn of_grant(level: Level, families: Option<Vec<String>>) -> Self {
        let level = level.min(Level::Write);
        let mut rights = Self::NONE.with(Area::Roles, level).with(Area::Benchmark, Level::Read);
        if level == Level::Write {
            rights = rights.with(Area::Import, Level::Write);
        }
        match families {
            Some(families) => Self { families: Some(families.into()), ..rights },
            None => rights.with(Area::Scenarios, level),
        }
    }

    /// Of an API key.
    pub(crate) fn of_key(scopes: &[KeyScope]) -> Self {
        let given = scopes.iter().flat_map(|scope| scope.gives());
        given.fold(Self::NONE, |rights, (area, level)| rights.with(*area, *level))
    }

    /// What both allow: an API key of a firm, in the organization of a client.
    pub(crate) fn within(&self, other: &Self) -> Self {
        let mut levels = self.levels;
        for (level, most) in levels.iter_mut().zip(other.levels) {
            *level = (*level).min(most);
        }
        let families = self.families.clone().or_else(|| other.families.clone());
        Self { levels, families }
    }

    /// The level in an area; `None` when nothing of it may be seen.
    pub fn level(&self, area: Area) -> Option<Level> {
        self.levels[area as usize]
    }

    /// The highest level in any area.
    pub fn highest(&self) -> Option<Level> {
        self.levels.iter().copied().max().flatten()
    }

    /// The families of roles that may be seen, in lower case; `None` for all.
    pub fn families(&self) -> Option<&[String]> {
        self.families.as_deref()
    }

    /// Whether a role of this family may be seen and, with the level for it, be changed.
    pub fn allows_family(&self, family: Option<&str>) -> bool {
        let Some(families) = &self.families else { return true };
        family.is_some_and(|family| families.contains(&family.to_lowercase()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.highest().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_grant_sees_roles_of_its_families_only() {
        let rights = Rights::of_grant(Level::Write, Some(vec!["engineering".into()]));
        assert_eq!(rights.level(Area::Roles), Some(Level::Write));
        for area in [Area::Scenarios, Area::Members, Area::Audit, Area::Access, Area::Organization, Area::Export] {
            assert_eq!(rights.level(area), None, "{area:?}");
        }
        assert!(rights.allows_family(Some("Engineering")));
        assert!(!rights.allows_family(Some("Sales")));
        assert!(!rights.allows_family(None));
    }

    #[test]
    fn a_grant_never_administers() {
        let rights = Rights::of_grant(Level::Admin, None);
        assert_eq!(rights.highest(), Some(Level::Write));
        assert_eq!(rights.level(Area::Members), None);
    }

    #[test]
    fn a_key_within_a_grant_has_what_both_allow() {
        let key = Rights::of_key(&[KeyScope::WriteRoles, KeyScope::ReadAudit, KeyScope::ReadScenarios]);
        let grant = Rights::of_grant(Level::Read, Some(vec!["engineering".into()]));
        let both = key.within(&grant);
        assert_eq!(both.level(Area::Roles), Some(Level::Read));
        assert_eq!(both.level(Area::Audit), None);
        assert_eq!(both.level(Area::Scenarios), None);
        assert_eq!(both.families(), Some(&["engineering".to_owned()][..]));
    }

    #[test]
    fn every_scope_has_its_name() {
        for scope in KeyScope::ALL {
            assert_eq!(KeyScope::from_name(scope.as_str()), Some(scope));
        }
        assert_eq!(KeyScope::from_name("ALL"), None);
    }
}
