//! The reconstruction gate (rule C8): what can be found out about single contributors, and withholding until it is little.

use domain::disclosure::{AuditResult, Decision, PeerGroup, Policy, Reconstruction, ReleaseState, reconstruct};

use super::{
    cells::{Decided, Work},
    patterns::{Membership, Shown},
    record::{ReleaseRecord, Step},
    refused,
    steps::Steps,
};
use crate::{
    benchmark::builder::{Builder, BuilderError},
    library::Progress,
};

/// What the audit found.
#[derive(Clone, Debug)]
pub struct AuditSummary {
    /// The release, audited now.
    pub record: ReleaseRecord,
    /// What two attackers can find out: one who knows nobody's values, and the largest partner.
    pub results: Vec<AuditResult>,
}

/// The attackers, and whether they know the values of the partner's organizations.
const ATTACKERS: [(&str, bool); 2] = [("passive", false), ("largest partner", true)];

/// Adds up what was found over the roles.
#[derive(Clone, Copy)]
struct Tally {
    worst: f64,
    contributors: u64,
    below_half: f64,
    below_usual: f64,
    has_passed: bool,
}

impl Tally {
    const NOTHING: Self = Self { worst: 1.0, contributors: 0, below_half: 0.0, below_usual: 0.0, has_passed: true };

    fn add(&mut self, found: &Reconstruction) {
        self.worst = self.worst.min(found.worst);
        self.contributors += found.contributors;
        self.below_half += found.share_below_half * found.contributors as f64;
        self.below_usual += found.share_below_090 * found.contributors as f64;
        self.has_passed &= found.has_passed();
    }

    fn result(&self, attacker: &str, withheld: u64) -> AuditResult {
        // Six digits: a share is no place for the noise of floating point.
        let share = |count: f64| (count / self.contributors.max(1) as f64 * 1e6).round() / 1e6;
        AuditResult {
            attacker: attacker.to_owned(),
            worst: (self.worst * 1e6).round() / 1e6,
            share_below_half: share(self.below_half),
            share_below_usual: share(self.below_usual),
            withheld,
            has_passed: self.has_passed,
        }
    }
}

impl Builder {
    /// Audits a complete draft: withholds what could give a contributor away, and makes and signs the manifest. The release
    /// does not change any more then.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] unless there is such a release, a draft and complete; see [`BuilderError`].
    pub async fn audit(&self, key: &str, progress: &dyn Progress) -> Result<AuditSummary, BuilderError> {
        self.refuse_jumped_clock(&self.releases().await?)?;
        let record = self.release(key).await?;
        record.expect(ReleaseState::Draft, "its audit has passed, approve it")?;
        if record.step != Step::Done {
            return Err(refused(format!(
                "the release {key} is not complete: run `rolemark benchmark build {key}` again"
            )));
        }
        let policy = record.policy()?;
        let steps = Steps::default();
        let mut tallies = ATTACKERS.map(|_| Tally::NOTHING);
        let roles = self.roles(record.release.number).await?;
        progress.start("Auditing", Some(roles.len() as u64));
        for role in &roles {
            let work = Work { release: &record.release, policy: &policy, role, key: self.key(), steps: &steps };
            for (tally, found) in tallies.iter_mut().zip(self.audit_role(&work).await?) {
                tally.add(&found);
            }
            progress.advance(1);
        }
        progress.finish();
        let withheld = self.counts_by_reason(record.release.number).await?.get("AUDIT").copied().unwrap_or_default();
        let results: Vec<AuditResult> =
            ATTACKERS.iter().zip(tallies).map(|((attacker, _), tally)| tally.result(attacker, withheld)).collect();
        self.seal(&record, &policy, results.clone()).await?;
        Ok(AuditSummary { record: self.release(key).await?, results })
    }

    async fn audit_role(&self, work: &Work<'_>) -> Result<[Reconstruction; 2], BuilderError> {
        let transaction = self.begin().await?;
        let (number, role) = (work.release.number, work.role);
        let membership = Membership::load(&transaction, number, role, work.policy).await?;
        let mut found = attack(work.policy, &membership, &membership.shown);
        let mut decided: Option<Decided> = None;
        let mut shown = membership.shown.clone();
        while let Some(group) = to_withhold(&found, work.policy, &membership, &shown, number) {
            let mut again = match decided.take() {
                Some(decided) => decided,
                None => work.decide_again(&transaction).await?,
            };
            again.decisions.withhold(group);
            shown = shown_after(&membership, &again, number);
            found = attack(work.policy, &membership, &shown);
            decided = Some(again);
        }
        if let Some(decided) = decided {
            work.write(&transaction, &decided).await?;
            transaction.commit().await?;
        }
        Ok(found)
    }
}

fn attack(policy: &Policy, membership: &Membership, shown: &[Shown]) -> [Reconstruction; 2] {
    ATTACKERS.map(|(_, knows_partner)| {
        let (versions, patterns) = membership.question(policy, shown, knows_partner);
        reconstruct(policy, &versions, &patterns)
    })
}

/// The smallest new cell with a contributor that keeps too little of his uncertainty; if only old figures are to blame, the
/// smallest new one at all, for it may help to find him out.
fn to_withhold(
    found: &[Reconstruction; 2],
    policy: &Policy,
    membership: &Membership,
    shown: &[Shown],
    release: i32,
) -> Option<PeerGroup> {
    let is_new = |version: &&Shown| version.release == release;
    let order = |version: &&Shown| (version.contributors, std::cmp::Reverse(version.group.depth()), version.group);
    for ((_, knows_partner), found) in ATTACKERS.iter().zip(found) {
        if found.has_passed() {
            continue;
        }
        let (_, patterns) = membership.question(policy, shown, *knows_partner);
        let failing = found.failing.iter().filter_map(|failing| patterns.get(failing.pattern));
        let versions = failing.flat_map(|pattern| pattern.versions.iter().map(|place| usize::from(*place)));
        let smallest = versions.filter_map(|place| shown.get(place)).filter(is_new).min_by_key(order);
        let smallest = smallest.or_else(|| shown.iter().filter(is_new).min_by_key(order));
        if let Some(smallest) = smallest {
            return Some(smallest.group);
        }
    }
    None
}

/// The versions that are shown after some were withheld.
fn shown_after(membership: &Membership, decided: &Decided, release: i32) -> Vec<Shown> {
    let mut shown: Vec<Shown> = membership.shown.iter().filter(|version| version.release < release).copied().collect();
    let fresh = decided.decisions.iter().filter(|(_, decision)| *decision == Decision::Fresh);
    shown.extend(fresh.map(|(group, _)| Shown { release, group, contributors: decided.decisions.contributors(group) }));
    shown
}
