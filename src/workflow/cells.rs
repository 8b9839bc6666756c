//! The cells that one application counts in: its categories, opened for a moment, by the stages of its journey.

use super::error::WorkflowError;
use crate::domain::{
    CategoryId, CharacteristicId, StageId, StageSet, TallyCounts, TallyKey, Vacancy, contributions,
};
use crate::store::ApplicationView;
use crate::vault::{KeyHolder, Vault, VaultError};

/// The cells that one application counts in. `None` when its categories cannot be opened any more.
pub(super) fn cells_of(
    vault: &Vault,
    view: &ApplicationView,
    vacancy: &Vacancy,
    stages: &StageSet,
) -> Result<Option<Vec<(TallyKey, TallyCounts)>>, WorkflowError> {
    let application = &view.application;
    if view.sealed_categories.is_empty() {
        return Ok(None);
    }
    let opened = vault.open_categories(
        &application.organisation,
        &KeyHolder::Candidate(application.candidate.clone()),
        &view.key,
        application.candidate.as_str(),
        &view.sealed_categories,
    );
    let categories = match opened {
        Ok(categories) => categories,
        Err(VaultError::KeyDestroyed) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let journey: Vec<(StageId, TallyCounts)> = contributions(application, vacancy, stages);
    let cell =
        |characteristic: &CharacteristicId, category: &CategoryId, stage: &StageId| TallyKey {
            vacancy: application.vacancy.clone(),
            characteristic: characteristic.clone(),
            category: category.clone(),
            stage: stage.clone(),
        };
    Ok(Some(
        categories
            .iter()
            .flat_map(|(characteristic, category)| {
                journey
                    .iter()
                    .map(move |(stage, counts)| (cell(characteristic, category, stage), *counts))
            })
            .collect(),
    ))
}
