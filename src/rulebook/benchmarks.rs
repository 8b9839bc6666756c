//! `rules/benchmarks/*.toml`: population shares to compare applicants with, with source and date. Data only.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Characteristics, RuleError, RuleFile, RuleFiles};
use crate::domain::{CategoryId, CharacteristicId};

/// How far shares of one characteristic may be from adding up to 1, for rounding in the source.
const ROUNDING: f64 = 0.01;

/// Population shares from one source.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(rename = "share")]
    pub shares: Vec<BenchmarkShares>,
}

/// Shares of one characteristic, in detail or grouped.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkShares {
    /// The characteristic.
    pub characteristic: CharacteristicId,
    /// The grouping, when the shares are of broader groups.
    pub grouping: Option<String>,
    /// The share of each category or group.
    pub of: BTreeMap<CategoryId, f64>,
}

impl Benchmark {
    /// Reads a file like those of `rules/benchmarks`, e.g. an organisation's own workforce, and checks that its categories
    /// exist and its shares add up.
    ///
    /// # Errors
    /// What is wrong, and in which line where the file cannot be read.
    pub fn read(file: &RuleFile<'_>, characteristics: &Characteristics) -> Result<Self, RuleError> {
        let benchmark: Self = file.parse()?;
        for shares in &benchmark.shares {
            let refuse = |text: String| RuleError::in_file(file.path, text);
            let id = &shares.characteristic;
            let known = characteristics
                .get(id)
                .ok_or_else(|| refuse(format!("there is no characteristic '{id}'")))?;
            let exists = |category: &CategoryId| match &shares.grouping {
                Some(name) => known
                    .grouping(name)
                    .is_some_and(|grouping| grouping.groups.iter().any(|g| g.id == *category)),
                None => known.categories.iter().any(|c| c.id == *category),
            };
            if let Some(unknown) = shares.of.keys().find(|category| !exists(category)) {
                return Err(refuse(format!("'{id}' has no category or group '{unknown}'")));
            }
            let sum: f64 = shares.of.values().sum();
            let possible = shares.of.values().all(|share| *share > 0.0 && *share < 1.0);
            if !possible || (sum - 1.0).abs() > ROUNDING {
                let text = format!("the shares of '{id}' add up to {sum:.3}");
                return Err(refuse(text).hint("shares lie between 0 and 1 and add up to 1"));
            }
        }
        Ok(benchmark)
    }
}

/// Reads every benchmark of the rules.
pub(super) fn load(
    files: &RuleFiles,
    characteristics: &Characteristics,
) -> Result<Vec<Benchmark>, RuleError> {
    let files = files.within("benchmarks", "toml");
    files.into_iter().map(|file| Benchmark::read(&file, characteristics)).collect()
}
