//! `rules/benchmarks/*.toml`: population shares to compare applicants with, with source and date. Data only.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Characteristics, RuleError, RuleFile, RuleFiles};
use crate::domain::{CategoryId, CharacteristicId};

/// How far shares of one characteristic may be from adding up to 1, for rounding in the source.
const ROUNDING: f64 = 0.01;

/// Population shares from one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// Its identifier, e.g. `england_and_wales_2021`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Where the shares come from.
    pub source: String,
    /// The day or year they are of.
    pub date: String,
    /// Shares by characteristic.
    pub shares: Vec<BenchmarkShares>,
}

/// Shares of one characteristic, in detail or grouped.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkShares {
    /// The characteristic.
    pub characteristic: CharacteristicId,
    /// The grouping, when the shares are of broader groups.
    pub grouping: Option<String>,
    /// The share of each category or group.
    pub of: BTreeMap<CategoryId, f64>,
}

/// A benchmark as it stands in a file, with the places of what can be wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    title: String,
    source: String,
    date: Spanned<String>,
    #[serde(rename = "share")]
    shares: Vec<WrittenShares>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenShares {
    characteristic: Spanned<CharacteristicId>,
    grouping: Option<Spanned<String>>,
    of: BTreeMap<CategoryId, Spanned<f64>>,
}

impl Benchmark {
    /// Reads a file like those of `rules/benchmarks`, e.g. an organisation's own workforce, and checks that its categories
    /// exist, each characteristic stands there once, and its shares lie between 0 and 1 and add up to 1.
    ///
    /// # Errors
    /// What is wrong, in which line, and what would be right.
    pub fn read(file: &RuleFile<'_>, characteristics: &Characteristics) -> Result<Self, RuleError> {
        let Written { id, title, source, date, shares } = file.parse()?;
        if !names_a_year(date.get_ref()) {
            let text = format!("the date '{}' names no year", date.get_ref());
            let hint = "write the day or year that the shares are of, e.g. 2026-03-31 or 2026";
            return Err(file.wrong_at(date.span().start, text).hint(hint));
        }
        let mut known: Vec<BenchmarkShares> = Vec::new();
        for written in &shares {
            let place = written.characteristic.span().start;
            let read = written.check(file, characteristics)?;
            let is_same = |other: &BenchmarkShares| {
                other.characteristic == read.characteristic && other.grouping == read.grouping
            };
            if known.iter().any(is_same) {
                let text = format!("the shares of '{}' stand there twice", read.characteristic);
                return Err(file.wrong_at(place, text).hint("leave one [[share]] of the two out"));
            }
            known.push(read);
        }
        Ok(Self { id, title, source, date: date.into_inner(), shares: known })
    }
}

impl WrittenShares {
    fn check(
        &self,
        file: &RuleFile<'_>,
        characteristics: &Characteristics,
    ) -> Result<BenchmarkShares, RuleError> {
        let (id, place) = (self.characteristic.get_ref(), self.characteristic.span().start);
        let known = characteristics.get(id).ok_or_else(|| {
            let names = characteristics.list().iter().map(|known| known.id.as_str());
            let hint = format!("the characteristics are {}", listed(names));
            file.wrong_at(place, format!("there is no characteristic '{id}'")).hint(hint)
        })?;
        let names: Vec<&str> = match &self.grouping {
            None => known.categories.iter().map(|category| category.id.as_str()).collect(),
            Some(name) => {
                let found = known.grouping(name.get_ref()).ok_or_else(|| {
                    let names: Vec<&str> = known.groupings.iter().map(|g| g.id.as_str()).collect();
                    let hint = match names.as_slice() {
                        [] => "it has none; leave the line out".to_owned(),
                        names => format!("its groupings are {}", listed(names.iter().copied())),
                    };
                    let text = format!("'{id}' has no grouping '{}'", name.get_ref());
                    file.wrong_at(name.span().start, text).hint(hint)
                })?;
                found.groups.iter().map(|group| group.id.as_str()).collect()
            }
        };
        for (category, share) in &self.of {
            let wrong = |text: String| file.wrong_at(share.span().start, text);
            if !names.contains(&category.as_str()) {
                let hint = format!("they are {}", listed(names.iter().copied()));
                let text = format!("'{id}' has no category or group '{category}' here");
                return Err(wrong(text).hint(hint));
            }
            if !(*share.get_ref() > 0.0 && *share.get_ref() < 1.0) {
                let text = format!("the share of '{category}' is {}", share.get_ref());
                return Err(wrong(text).hint("a share lies between 0 and 1: write 0.25 for 25 %"));
            }
        }
        let sum: f64 = self.of.values().map(Spanned::get_ref).sum();
        if (sum - 1.0).abs() > ROUNDING {
            let text = format!("the shares of '{id}' add up to {sum:.3}");
            let hint = "they add up to 1; give every group its share";
            return Err(file.wrong_at(place, text).hint(hint));
        }
        Ok(BenchmarkShares {
            characteristic: id.clone(),
            grouping: self.grouping.as_ref().map(|name| name.get_ref().clone()),
            of: self.of.iter().map(|(id, share)| (id.clone(), *share.get_ref())).collect(),
        })
    }
}

/// Whether a date says at least which year: four digits together.
fn names_a_year(date: &str) -> bool {
    date.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() == 4)
}

fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Reads every benchmark of the rules.
pub(super) fn load(
    files: &RuleFiles,
    characteristics: &Characteristics,
) -> Result<Vec<Benchmark>, RuleError> {
    let files = files.within("benchmarks", "toml");
    files.into_iter().map(|file| Benchmark::read(&file, characteristics)).collect()
}
