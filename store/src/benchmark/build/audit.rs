//! The reconstruction gate (rule C8): what can be found out about single contributors, and withholding until it is little.

use domain::disclosure::{
    AuditResult, Decision, PeerGroup, Policy, Reconstruction, ReleaseState, RoleDecisions, reconstruct,
};

use super::{
    cells::Work,
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

/// What one attacker can find out in one role, or in all.
#[derive(Clone, Copy)]
struct Tally {
    worst: f64,
    contributors: u64,
    below_half: f64,
    below_usual: f64,
}

impl Tally {
    fn of(found: &Reconstruction) -> Self {
        let contributors = found.contributors as f64;
        Self {
            worst: found.worst,
            contributors: found.contributors,
            below_half: found.share_below_half * contributors,
            below_usual: found.share_below_090 * contributors,
        }
    }

    fn sum<'a>(tallies: impl Iterator<Item = &'a Self>) -> Self {
        let nothing = Self { worst: 1.0, contributors: 0, below_half: 0.0, below_usual: 0.0 };
        tallies.fold(nothing, |sum, tally| Self {
            worst: sum.worst.min(tally.worst),
            contributors: sum.contributors + tally.contributors,
            below_half: sum.below_half + tally.below_half,
            below_usual: sum.below_usual + tally.below_usual,
        })
    }

    /// Whether nearly every contributor keeps the usual share of its uncertainty.
    fn is_usual(&self, policy: &Policy) -> bool {
        self.below_usual <= (1.0 - policy.audit_usual_share) * self.contributors as f64 + 1e-6
    }

    fn result(&self, attacker: &str, withheld: u64, policy: &Policy) -> AuditResult {
        // Six digits: a share is no place for the noise of floating point.
        let share = |count: f64| (count / self.contributors.max(1) as f64 * 1e6).round() / 1e6;
        AuditResult {
            attacker: attacker.to_owned(),
            worst: (self.worst * 1e6).round() / 1e6,
            share_below_half: share(self.below_half),
            share_below_usual: share(self.below_usual),
            withheld,
            has_passed: self.worst >= policy.audit_worst && self.is_usual(policy),
        }
    }
}

/// Until when cells of a role are withheld.
#[derive(Clone, Copy)]
enum Aim {
    /// Everybody keeps the share that everybody must keep.
    Everybody,
    /// In the release, of which these are the other roles, nearly everybody keeps the usual share as well.
    NearlyEverybody { others: [Tally; 2], pass: Pass },
}

/// What may be withheld for the usual share. A pass begins when the one before it was not enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// What helps somebody, and is not the cell of all contributors: it is the one that everybody reads.
    Parts,
    /// What helps somebody: old figures may tell as much as a new one.
    Useful,
    /// Everything.
    Anything,
}

impl Pass {
    const ALL: [Self; 3] = [Self::Parts, Self::Useful, Self::Anything];
}

impl Aim {
    /// Whether there is something to mend for an attacker, where he found this in the role.
    fn is_missed(self, attacker: usize, found: &Reconstruction, policy: &Policy) -> bool {
        match self {
            Self::Everybody => found.worst < policy.audit_worst,
            Self::NearlyEverybody { others, .. } => {
                found.worst < policy.audit_worst
                    || !Tally::sum([&others[attacker], &Tally::of(found)].into_iter()).is_usual(policy)
            }
        }
    }

    /// Whether a contributor who keeps this share is one to mend for.
    fn concerns(self, r: f64, policy: &Policy) -> bool {
        matches!(self, Self::NearlyEverybody { .. }) || r < policy.audit_worst
    }

    /// Whether a cell stays withheld, by what was found before and afterwards.
    fn accepts(self, before: &[Reconstruction; 2], after: &[Reconstruction; 2], policy: &Policy) -> bool {
        let below = |found: &[Reconstruction; 2]| found.iter().map(|found| Tally::of(found).below_usual).sum::<f64>();
        match self {
            Self::NearlyEverybody { pass: Pass::Parts | Pass::Useful, .. } => {
                before.iter().any(|found| found.worst < policy.audit_worst) || below(after) < below(before) - 0.5
            }
            _ => true,
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
        let roles = self.roles(record.release.number).await?;
        let work = |role| Work { release: &record.release, policy: &policy, role, key: self.key(), steps: &steps };
        progress.start("Auditing", Some(roles.len() as u64));
        let mut found = Vec::with_capacity(roles.len());
        for role in &roles {
            found.push((role, self.audit_role(&work(role), Aim::Everybody).await?));
            progress.advance(1);
        }
        progress.finish();
        // That nearly every contributor keeps the usual share is asked of the release; the roles with most others come
        // first, and no more is withheld than it takes.
        found.sort_by(|(_, a), (_, b)| most_below(b).total_cmp(&most_below(a)));
        for (pass, place) in Pass::ALL.into_iter().flat_map(|pass| (0..roles.len()).map(move |place| (pass, place))) {
            if totals(found.iter()).iter().all(|tally| tally.is_usual(&policy)) {
                break;
            }
            let others = found.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, found)| found);
            let aim = Aim::NearlyEverybody { others: totals(others), pass };
            found[place].1 = self.audit_role(&work(found[place].0), aim).await?;
        }
        let withheld = self.counts_by_reason(record.release.number).await?.get("AUDIT").copied().unwrap_or_default();
        let results: Vec<AuditResult> = ATTACKERS
            .iter()
            .zip(totals(found.iter()))
            .map(|((attacker, _), tally)| tally.result(attacker, withheld, &policy))
            .collect();
        self.seal(&record, &policy, results.clone()).await?;
        Ok(AuditSummary { record: self.release(key).await?, results })
    }

    async fn audit_role(&self, work: &Work<'_>, aim: Aim) -> Result<[Tally; 2], BuilderError> {
        let transaction = self.begin().await?;
        let (number, role) = (work.release.number, work.role);
        let membership = Membership::load(&transaction, number, role, work.policy).await?;
        let as_it_is = attack(work.policy, &membership, &membership.shown);
        let stands = |found: [Reconstruction; 2]| Ok(found.map(|found| Tally::of(&found)));
        if to_withhold(&as_it_is, (work.policy, aim), &membership, (&membership.shown, &[]), number).is_none() {
            return stands(as_it_is);
        }
        // Cells that were withheld for this role before are decided on again too.
        let mut decided = work.decide_again(&transaction).await?;
        let mut shown = shown_after(&membership, &decided.decisions, number);
        let mut found = attack(work.policy, &membership, &shown);
        let (mut futile, mut is_changed) = (Vec::new(), false);
        while let Some(group) = to_withhold(&found, (work.policy, aim), &membership, (&shown, &futile), number) {
            let mut decisions = decided.decisions.clone();
            decisions.withhold(group);
            let shown_then = shown_after(&membership, &decisions, number);
            let found_then = attack(work.policy, &membership, &shown_then);
            if aim.accepts(&found, &found_then, work.policy) {
                (decided.decisions, shown, found, is_changed) = (decisions, shown_then, found_then, true);
            } else {
                futile.push(group);
            }
        }
        // Of what was withheld before, something may be shown again that this pass may not withhold.
        let is_worse =
            found.iter().zip(&as_it_is).any(|(now, then)| now.worst < then.worst.min(work.policy.audit_worst));
        if !is_changed || is_worse {
            return stands(as_it_is);
        }
        work.write(&transaction, &decided).await?;
        transaction.commit().await?;
        stands(found)
    }
}

/// What each attacker can find out in all roles.
fn totals<'a, T: 'a>(found: impl Iterator<Item = &'a (T, [Tally; 2])> + Clone) -> [Tally; 2] {
    [0, 1].map(|attacker| Tally::sum(found.clone().map(|(_, tallies)| &tallies[attacker])))
}

/// How many contributors of a role are below the usual share, for the attacker who knows most.
fn most_below(tallies: &[Tally; 2]) -> f64 {
    tallies.iter().map(|tally| tally.below_usual).fold(0.0, f64::max)
}

fn attack(policy: &Policy, membership: &Membership, shown: &[Shown]) -> [Reconstruction; 2] {
    ATTACKERS.map(|(_, knows_partner)| {
        let (versions, patterns) = membership.question(policy, shown, knows_partner);
        reconstruct(policy, &versions, &patterns)
    })
}

/// The smallest new cell with a contributor that keeps too little of its uncertainty, but those that it is futile to
/// withhold. What only old figures tell cannot be taken back.
fn to_withhold(
    found: &[Reconstruction; 2],
    (policy, aim): (&Policy, Aim),
    membership: &Membership,
    (shown, futile): (&[Shown], &[PeerGroup]),
    release: i32,
) -> Option<PeerGroup> {
    let spares_all = matches!(aim, Aim::NearlyEverybody { pass: Pass::Parts, .. });
    let is_new = |version: &&Shown| {
        let is_spared = spares_all && version.group == PeerGroup::All;
        version.release == release && !is_spared && !futile.contains(&version.group)
    };
    let order = |version: &&Shown| (version.contributors, std::cmp::Reverse(version.group.depth()), version.group);
    for (attacker, found) in found.iter().enumerate() {
        if !aim.is_missed(attacker, found, policy) {
            continue;
        }
        let (_, patterns) = membership.question(policy, shown, ATTACKERS[attacker].1);
        let failing = found.failing.iter().filter(|failing| aim.concerns(failing.r, policy));
        let failing = failing.filter_map(|failing| patterns.get(failing.pattern));
        let versions = failing.flat_map(|pattern| pattern.versions.iter().map(|place| usize::from(*place)));
        let smallest = versions.filter_map(|place| shown.get(place)).filter(is_new).min_by_key(order);
        if let Some(smallest) = smallest {
            return Some(smallest.group);
        }
    }
    None
}

/// The versions that are shown after some were withheld.
fn shown_after(membership: &Membership, decisions: &RoleDecisions, release: i32) -> Vec<Shown> {
    let mut shown: Vec<Shown> = membership.shown.iter().filter(|version| version.release < release).copied().collect();
    let fresh = decisions.iter().filter(|(_, decision)| *decision == Decision::Fresh);
    shown.extend(fresh.map(|(group, _)| Shown { release, group, contributors: decisions.contributors(group) }));
    shown
}
