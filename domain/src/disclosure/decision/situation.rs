use uuid::Uuid;

use crate::disclosure::axis::AxisKind;
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::segment::Atom;
use crate::disclosure::totals::Digest;

/// The contributors of a role in one atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtomCount {
    /// Where they are. Several entries for one atom add up.
    pub atom: Atom,
    /// How many control groups.
    pub contributors: u32,
    /// Which ones.
    pub digest: Digest,
}

/// How many of the contributors in an atom a partner can see, or could in the last 24 months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerCount {
    /// A number for the partner: a consultancy, a reseller, any set of users with grants on two or more organizations.
    pub partner: u32,
    /// Where they are.
    pub atom: Atom,
    /// How many control groups.
    pub groups: u32,
}

/// Control groups that differ between this release and an earlier one in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number of the earlier release.
    pub earlier: u32,
    /// Where they were then; nothing if they did not contribute to the role.
    pub from: Option<Atom>,
    /// Where they are now; nothing if they do not contribute to the role.
    pub to: Option<Atom>,
    /// Whether any of their values changed.
    pub value_changed: bool,
    /// How many control groups.
    pub groups: u32,
}

/// A version that was published in one of the last 8 releases, and one peer group that showed it. A version that several
/// peer groups showed has an entry for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierVersion {
    /// Names the version.
    pub id: Uuid,
    /// The peer group for which it was computed.
    pub peer_group: PeerGroup,
    /// The peer group that showed it: the same one, or one that had the same contributors.
    pub shown_by: PeerGroup,
    /// The number of the release for which it was computed.
    pub release: u32,
    /// Its contributors. It may depend on their values too, but on nothing else, so that equal contributions of the same
    /// groups in two releases have equal digests.
    pub digest: Digest,
}

/// Everything about a role that decides which of its cells are published. The order of the lists does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSituation {
    /// The number of the release.
    pub release: u32,
    /// What is published: a combination needs more contributors than a role.
    pub kind: AxisKind,
    /// The contributors, by atom. Those who wait (rule E6) are not among them.
    pub atoms: Vec<AtomCount>,
    /// What partners can see.
    pub partners: Vec<PartnerCount>,
    /// What changed against each release for which a version of `earlier` was computed. A control group that is not listed is
    /// where it was, with the same values.
    pub differences: Vec<Difference>,
    /// The versions of the role that were published before.
    pub earlier: Vec<EarlierVersion>,
}
