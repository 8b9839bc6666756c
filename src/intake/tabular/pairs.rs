//! Two characteristics joined in a table of counts, `sex-ethnic_group`, and their combined groups, `female-asian_indian`.
//! Reads names; it counts nothing.

use super::counts::{Group, Named};
use super::{Mapping, shortened};
use crate::domain::{CategoryId, CharacteristicId};
use crate::rulebook::Characteristics;

/// The longest identifier of a category.
const LONGEST: usize = 64;
/// How much of a longer one is kept before the places of its two categories in the rules.
const KEPT: usize = 52;

/// Two characteristics, in the order in which the table writes them.
pub(super) struct Pair {
    first: CharacteristicId,
    second: CharacteristicId,
    /// Whether the policy, or whoever asked for their combined groups, names them the other way round.
    is_turned: bool,
}

impl Pair {
    /// The two characteristics that a name joins; `None` where the rules do not know both.
    pub(super) fn of(name: &str, mapping: &Mapping, known: &Characteristics) -> Option<Self> {
        let (first, second) = divisions(name).find_map(|(first, second)| {
            known.of_column(first).zip(known.of_column(second)).filter(|(one, two)| one != two)
        })?;
        let wants = |one: &CharacteristicId, two: &CharacteristicId| {
            mapping.intersections().iter().any(|(first, second)| first == one && second == two)
        };
        let is_turned = wants(second, first) && !wants(first, second);
        Some(Self { first: first.clone(), second: second.clone(), is_turned })
    }

    /// The pair as a characteristic.
    ///
    /// # Errors
    /// What is wrong, where the two names are too long for one.
    pub(super) fn named(&self, known: &Characteristics) -> Result<Named, String> {
        let (one, two) = self.turned((&self.first, &self.second));
        let label = |id: &CharacteristicId| {
            known.get(id).map_or_else(|| id.to_string(), |found| found.label.clone())
        };
        let id = format!("{one}-{two}").parse();
        let id = id.map_err(|_| "joins two names that are too long for one".to_owned())?;
        Ok(Named { id, label: Some(joined_label(&label(one), &label(two))), is_known: true })
    }

    /// A combined group. Who did not say one of the two did not say the pair.
    ///
    /// # Errors
    /// What to do, where the rules do not know both of its categories.
    pub(super) fn group(
        &self,
        label: &str,
        mapping: &Mapping,
        known: &Characteristics,
    ) -> Result<Group, String> {
        let of = |characteristic: &CharacteristicId, label: &str| {
            let mapped = mapping.category(characteristic, label);
            mapped.or_else(|| known.known_category(characteristic, label))
        };
        let whole = of(&self.first, label).filter(|category| !known.declared(category));
        if let Some(id) = whole {
            return Ok(Group { id, label: None, unknown_label: None });
        }
        let both = |(one, two): (&str, &str)| of(&self.first, one).zip(of(&self.second, two));
        let found = divisions(label).find_map(both);
        let (one, two) = found.ok_or_else(|| {
            format!(
                "'{}' is not a category of {} and one of {} joined by '-', as in female-asian_indian",
                shortened(label.trim()),
                self.first,
                self.second
            )
        })?;
        if let Some(id) = [&one, &two].into_iter().find(|category| !known.declared(category)) {
            return Ok(Group { id: id.clone(), label: None, unknown_label: None });
        }
        let ((first, one), (second, two)) = self.turned(((&self.first, one), (&self.second, two)));
        let label = format!("{}, {}", known.label(first, &one), known.label(second, &two));
        let place = |of: &CharacteristicId, category: &CategoryId| {
            let categories = known.get(of).map_or(&[][..], |found| found.categories.as_slice());
            categories.iter().position(|found| found.id == *category).unwrap_or(categories.len())
        };
        let mut name = format!("{one}-{two}");
        if name.len() > LONGEST {
            // The places keep cut names apart.
            name.truncate(KEPT);
            name = format!("{name}-{}-{}", place(first, &one), place(second, &two));
        }
        let id = name.parse().map_err(|_| "cannot be joined; name two categories".to_owned())?;
        Ok(Group { id, label: Some(label), unknown_label: None })
    }

    fn turned<T>(&self, (one, two): (T, T)) -> (T, T) {
        if self.is_turned { (two, one) } else { (one, two) }
    }
}

/// Every way to divide a name in two, at a hyphen or a comma.
fn divisions(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let places = name.char_indices().filter(|(_, c)| matches!(c, '-' | ','));
    places.filter_map(|(place, _)| Some((name.get(..place)?.trim(), name.get(place + 1..)?.trim())))
}

fn joined_label(one: &str, two: &str) -> String {
    format!("{one} and {}", two.to_lowercase())
}
