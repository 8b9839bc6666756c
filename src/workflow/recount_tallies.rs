//! Counts everything again from the journal, beside the tallies that were kept outcome by outcome, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::project::ViewProjector;
use crate::domain::{TallyCounts, TallyKey};
use crate::store::{MemoryStore, Store};

/// What a recount found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// Journal records that were read.
    pub records: u64,
    /// Cells that were compared.
    pub cells: usize,
    /// Cells that differ; a rebuild of the views mends them.
    pub different: usize,
}

/// Replays the journal into views of its own and compares their tallies with the ones in use. Call it while nothing
/// is being received, or what arrives meanwhile counts as a difference.
///
/// # Errors
/// A record that cannot be read, or a view that cannot be.
pub fn recount_tallies(app: &Evenhand) -> Result<Recount, WorkflowError> {
    let fresh: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let projector = ViewProjector {
        codec: Arc::clone(&app.codec),
        vault: Arc::clone(&app.vault),
        store: Arc::clone(&fresh),
        stages: app.rules.recruitment().clone(),
        work: Arc::default(),
    };
    let mut records = 0;
    for record in app.journal.replay(None)? {
        projector.apply(&[record?])?;
        records += 1;
    }
    let (mut cells, mut different) = (0, 0);
    for organisation in app.store.organisations()? {
        let of = |store: &dyn Store| -> Result<BTreeMap<TallyKey, TallyCounts>, WorkflowError> {
            Ok(store.tallies(&organisation.id, None)?.into_iter().collect())
        };
        let (kept, counted) = (of(app.store.as_ref())?, of(fresh.as_ref())?);
        let keys: BTreeSet<&TallyKey> = kept.keys().chain(counted.keys()).collect();
        cells += keys.len();
        different += keys.into_iter().filter(|key| kept.get(key) != counted.get(key)).count();
    }
    Ok(Recount { records, cells, different })
}
