//! Characteristics (ethnic group, sex, ...) and their categories. The lists live in `rules/characteristics`;
//! this file only knows that "prefer not to say", "not asked" and "unmapped" are categories too.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{IdError, slug_id};

slug_id!(
    /// A protected characteristic or another attribute that outcomes are compared by, e.g. `ethnic_group`.
    CharacteristicId,
    "characteristic"
);
slug_id!(
    /// One value of a characteristic, e.g. `white_british`.
    CategoryId,
    "category"
);

/// The category of a person who was asked and chose not to answer.
pub const PREFER_NOT_TO_SAY: &str = "prefer_not_to_say";
/// The category of a person who was never asked, or whose answer never arrived.
pub const NOT_ASKED: &str = "not_asked";
/// The category of an answer that no rule maps: counted and listed, never dropped.
pub const UNMAPPED: &str = "unmapped";

/// What one person declared, after mapping. It names characteristics of a person, so it is not serialisable
/// and its `Debug` shows only how many answers there are; sealing it is the vault's work.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DeclaredCategories(BTreeMap<CharacteristicId, CategoryId>);

impl DeclaredCategories {
    /// Nothing declared.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an answer, replacing an earlier one to the same characteristic.
    pub fn declare(&mut self, characteristic: CharacteristicId, category: CategoryId) {
        self.0.insert(characteristic, category);
    }

    /// The answer to one characteristic.
    pub fn category(&self, characteristic: &CharacteristicId) -> Option<&CategoryId> {
        self.0.get(characteristic)
    }

    /// Every answer, in the order of the characteristics' identifiers.
    pub fn iter(&self) -> impl Iterator<Item = (&CharacteristicId, &CategoryId)> {
        self.0.iter()
    }

    /// How many characteristics have an answer.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(CharacteristicId, CategoryId)> for DeclaredCategories {
    fn from_iter<T: IntoIterator<Item = (CharacteristicId, CategoryId)>>(answers: T) -> Self {
        Self(answers.into_iter().collect())
    }
}

impl fmt::Debug for DeclaredCategories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeclaredCategories({} answers)", self.0.len())
    }
}
