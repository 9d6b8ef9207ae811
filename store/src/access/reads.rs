//! What a consultant reads, noted while it is read, so that the client finds it in its audit log.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use domain::ids::{ConsultantGrantId, OrganizationId};
use uuid::Uuid;

use super::{Entry, Via};

/// Most identifiers of a kind that are named; beyond that there is a count.
const NAMED: usize = 100;

/// Objects of one kind that were read.
#[derive(Clone, Debug, Default)]
pub struct ReadObjects {
    /// Up to 100 of them.
    pub ids: BTreeSet<Uuid>,
    /// How many there were, one that was read twice counted twice.
    pub count: usize,
}

/// What was read of one organization, by kind of object, and by what right.
#[derive(Debug)]
pub(crate) struct ReadsOfOrganization {
    pub(crate) entry: Arc<Entry>,
    pub(crate) objects: BTreeMap<&'static str, ReadObjects>,
}

/// What one request has read, by organization and by the grant that let it in.
#[derive(Debug, Default)]
pub(crate) struct Reads(Mutex<BTreeMap<(OrganizationId, Option<ConsultantGrantId>), ReadsOfOrganization>>);

impl Reads {
    /// Notes that objects of a kind were read; also that there were none.
    pub(crate) fn note(&self, entry: &Arc<Entry>, object_type: &'static str, ids: impl IntoIterator<Item = Uuid>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let grant = match entry.via {
            Via::Grant { grant, .. } => Some(grant),
            Via::Membership(_) | Via::ApiKey | Via::Operator => None,
        };
        let of_organization = all
            .entry((entry.organization, grant))
            .or_insert_with(|| ReadsOfOrganization { entry: Arc::clone(entry), objects: BTreeMap::new() });
        let objects = of_organization.objects.entry(object_type).or_default();
        for id in ids {
            objects.count += 1;
            if objects.ids.len() < NAMED {
                objects.ids.insert(id);
            }
        }
    }

    /// Takes what was noted.
    pub(crate) fn take(&self) -> Vec<ReadsOfOrganization> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }
}
