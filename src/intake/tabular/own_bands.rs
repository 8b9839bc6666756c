//! Bands that a table has of its own: ages by tens, or "50 and over", where the rules have other bands. Decides under
//! which bands the table's people stand; reads no row.

use std::collections::HashMap;

use crate::domain::{CategoryId, CharacteristicId};
use crate::rulebook::Characteristics;

/// The band that a label states, to stand as a category until all labels of the table are known. `None` where it states
/// none, or says that somebody did not answer.
pub(super) fn stated(
    known: &Characteristics,
    of: &CharacteristicId,
    label: &str,
) -> Option<CategoryId> {
    let band = known.get(of)?.band_stated(label)?;
    let is_answer = known.known_category(of, label).is_none_or(|found| known.declared(&found));
    is_answer.then_some(band)
}

/// Where the stated bands of a column stand in the end, for those that stand elsewhere than under their own name.
///
/// Bands that all lie within bands of the rules stand under these. Otherwise the table's own are kept, if no two of them
/// overlap; a year in which one ends and the next begins is no overlap, since people read such bands as if it were none.
/// Bands that overlap cannot be compared: each stands under the rules' band that holds it, or is `unmapped`.
pub(super) fn settled(
    known: &Characteristics,
    of: &CharacteristicId,
    categories: &[CategoryId],
) -> HashMap<CategoryId, CategoryId> {
    let Some(characteristic) = known.get(of) else { return HashMap::new() };
    let is_own = |category: &&CategoryId| known.declared(category) && !characteristic.has(category);
    let ruled = |category: &CategoryId| {
        let label = category.as_str().replace('_', " ");
        (category.clone(), known.resolve(of, &label))
    };
    let own: Vec<&CategoryId> = categories
        .iter()
        .filter(is_own)
        .filter(|category| characteristic.band(category).is_some())
        .collect();
    let by_rules: HashMap<CategoryId, CategoryId> = own.into_iter().map(ruled).collect();
    let all_fit = by_rules.values().all(|category| known.declared(category));
    let mut bands: Vec<(u32, u32)> =
        categories.iter().filter_map(|category| characteristic.band(category)).collect();
    bands.sort_unstable();
    bands.dedup();
    let is_apart = bands.windows(2).all(|pair| match pair {
        [(_, end), (start, _)] => start >= end,
        _ => true,
    });
    if !all_fit && is_apart { HashMap::new() } else { by_rules }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;

    /// Under which bands labels of ages stand.
    fn bands(labels: &[&str]) -> Vec<String> {
        let rules = Rulebook::built_in().unwrap();
        let known = rules.characteristics();
        let age = "age_band".parse().unwrap();
        let first =
            |label: &&str| stated(known, &age, label).unwrap_or_else(|| known.resolve(&age, label));
        let met: Vec<CategoryId> = labels.iter().map(first).collect();
        let settled = settled(known, &age, &met);
        met.iter().map(|band| settled.get(band).unwrap_or(band).to_string()).collect()
    }

    #[test]
    fn bands_that_lie_within_those_of_the_rules_stand_under_these() {
        assert_eq!(
            bands(&["16-24", "25-29", "30-34", "37", "65+", "Prefer not to say"]),
            ["under_25", "25_to_34", "25_to_34", "35_to_44", "65_and_over", "prefer_not_to_say"]
        );
    }

    #[test]
    fn other_bands_are_kept_as_the_table_has_them_where_they_do_not_overlap() {
        assert_eq!(
            bands(&["Under 20", "20 - 29 years", "30 to 39", "40\u{2013}49", "60+", ""]),
            ["under_20", "20_to_29", "30_to_39", "40_to_49", "60_and_over", "not_asked"]
        );
        // Only one differs from the rules' bands, and a year in which one ends and the next begins.
        assert_eq!(
            bands(&["16-24", "25-34", "35-44", "45-54", "55 and over"]),
            ["16_to_24", "25_to_34", "35_to_44", "45_to_54", "55_and_over"]
        );
        assert_eq!(
            bands(&["18-25", "25-40", "40-55", "over 55"]),
            ["18_to_25", "25_to_40", "40_to_55", "55_and_over"]
        );
    }

    #[test]
    fn bands_that_overlap_stand_under_the_rules_or_are_unmapped() {
        assert_eq!(
            bands(&["25-34", "28-33", "20-40", "52"]),
            ["25_to_34", "25_to_34", "unmapped", "45_to_54"]
        );
    }
}
