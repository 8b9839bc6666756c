//! What opening the program puts in order before anything else: interrupted exchanges of keys, and views that are behind
//! the journal or do not belong to it.

use std::collections::BTreeMap;

use super::error::WorkflowError;
use super::evenhand::{OpenError, OpenReport};
use super::fact::key_version;
use super::project::ViewProjector;
use crate::journal::Journal;
use crate::store::Store;
use crate::vault::Vault;

/// Records replayed at a time.
const REPLAY_BATCH: usize = 256;

/// Finishes or undoes an exchange of keys that was interrupted, by the version that the journal names last for each
/// organisation: the views know it up to where they reflect, the records after that say the rest. Answers whether
/// those records erase anybody: views of before cannot follow them, because what they would take out of the tallies
/// opens no more.
pub(super) fn settle_keys(
    vault: &Vault,
    journal: &Journal,
    store: &dyn Store,
) -> Result<bool, OpenError> {
    let mut versions = BTreeMap::new();
    let mut erased = false;
    let reflected = store.reflected()?;
    for organisation in store.organisations()? {
        versions.insert(organisation.id, organisation.key_version);
    }
    for record in journal.replay(reflected)? {
        let record = record?;
        erased |= record.kind.as_str() == "candidate_erased";
        if let Some(version) = key_version(&record) {
            versions.insert(record.organisation, version);
        }
    }
    // An organisation that only the key file knows is left alone: its data may lie in another folder.
    for (organisation, version) in versions {
        vault.settle(&organisation, version)?;
    }
    Ok(erased)
}

/// Throws the views away when they cannot belong to this journal, and says why.
pub(super) fn views_to_throw_away(
    journal: &Journal,
    store: &dyn Store,
) -> Result<Option<String>, OpenError> {
    let unusable = match (store.reflected(), store.organisations()) {
        (Err(error), _) | (_, Err(error)) => error.to_string(),
        (Ok(reflected), Ok(_)) if reflected.unwrap_or(0) > journal.last_sequence() => {
            "the views are ahead of the journal".to_owned()
        }
        _ => return Ok(None),
    };
    store.clear()?;
    Ok(Some(unusable))
}

/// Brings the views up to date; from nothing when they do not decode.
pub(super) fn catch_up(
    journal: &Journal,
    projector: &ViewProjector,
    report: &mut OpenReport,
) -> Result<(), OpenError> {
    match replay(journal, projector, projector.store.reflected()?) {
        Ok(replayed) => {
            report.replayed = replayed;
            return Ok(());
        }
        // Damaged views are thrown away; a damaged journal or a wrong key stops the program.
        Err(OpenError::Views(
            error @ (WorkflowError::Store(_)
            | WorkflowError::UnknownVacancy
            | WorkflowError::UnknownApplication
            | WorkflowError::UnknownOrganisation),
        )) => {
            report.rebuilt = Some(error.to_string());
        }
        Err(error) => return Err(error),
    }
    projector.store.clear()?;
    report.replayed = replay(journal, projector, None)?;
    Ok(())
}

/// Applies every record after `after` to the views; learns the organisations' keys on the way.
fn replay(
    journal: &Journal,
    projector: &ViewProjector,
    after: Option<u64>,
) -> Result<u64, OpenError> {
    for organisation in projector.store.organisations()? {
        projector.codec.learn(&organisation.id, organisation.key);
    }
    let mut batch = Vec::with_capacity(REPLAY_BATCH);
    let mut replayed = 0;
    for record in journal.replay(after)? {
        batch.push(record?);
        replayed += 1;
        if batch.len() == REPLAY_BATCH {
            projector.apply(&batch)?;
            batch.clear();
        }
    }
    projector.apply(&batch)?;
    Ok(replayed)
}
