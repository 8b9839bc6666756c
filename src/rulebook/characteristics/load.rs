//! Reads and checks the files of `rules/characteristics`. Shapes of files only; what a label means is decided by the
//! parent.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use super::headers::{Question, Trimmings};
use super::{Category, Characteristic, Characteristics, Group, Grouping, folded, reserved};
use crate::domain::{CategoryId, CharacteristicId, NOT_ASKED, PREFER_NOT_TO_SAY};
use crate::rulebook::{RuleError, RuleFile, RuleFiles};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CharacteristicFile {
    id: CharacteristicId,
    label: String,
    /// Names that columns and fields bear in exports.
    columns: Vec<String>,
    reference: Option<CategoryId>,
    #[serde(default)]
    ordered: bool,
    #[serde(rename = "category")]
    categories: Vec<CategoryRow>,
    #[serde(default, rename = "grouping")]
    groupings: Vec<GroupingRow>,
    /// Words that exports put before the category: "Asian or Asian British - Indian".
    #[serde(default, rename = "prefix")]
    prefixes: Vec<PrefixRow>,
    /// Whole questions of forms as names of columns, and what yes and no mean to them.
    #[serde(default, rename = "question")]
    questions: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRow {
    id: CategoryId,
    label: String,
    #[serde(default)]
    aliases: Vec<String>,
    band: Option<(u32, u32)>,
    #[serde(default)]
    is_broad: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupingRow {
    id: String,
    label: String,
    reference: Option<CategoryId>,
    #[serde(rename = "group")]
    groups: Vec<GroupRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    id: CategoryId,
    label: String,
    members: BTreeSet<CategoryId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrefixRow {
    words: Vec<String>,
    members: BTreeSet<CategoryId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UndeclaredFile {
    prefer_not_to_say: Vec<String>,
    not_asked: Vec<String>,
}

/// The file with the answers that say nothing, shared by all characteristics.
const UNDECLARED: &str = "undeclared";
/// The file with the words that exports put around the names of columns.
const HEADERS: &str = "headers";

/// Reads every characteristic of a rule set.
pub(in crate::rulebook) fn load(files: &RuleFiles) -> Result<Characteristics, RuleError> {
    let mut all = Characteristics::default();
    for file in files.within("characteristics", "toml") {
        if file.stem() == UNDECLARED {
            let parsed: UndeclaredFile = file.parse()?;
            for (category, labels) in
                [(PREFER_NOT_TO_SAY, &parsed.prefer_not_to_say), (NOT_ASKED, &parsed.not_asked)]
            {
                let id = reserved(category);
                let own = std::iter::once(category);
                for label in own.chain(labels.iter().map(String::as_str)) {
                    all.undeclared.insert(folded(label), id.clone());
                }
            }
            continue;
        }
        if file.stem() == HEADERS {
            all.headers.trim_with(file.parse::<Trimmings>()?);
            continue;
        }
        let mut parsed: CharacteristicFile = file.parse()?;
        let questions = std::mem::take(&mut parsed.questions);
        for question in &questions {
            let categories: Vec<&CategoryId> =
                parsed.categories.iter().map(|row| &row.id).collect();
            let problem = question.problem(&categories);
            problem.map_or(Ok(()), |text| Err(RuleError::in_file(file.path, text)))?;
        }
        let index = all.list.len();
        let own = [parsed.id.to_string(), parsed.label.clone()];
        for name in own.iter().chain(&parsed.columns) {
            if let Some(earlier) = all.headers.names.insert(folded(name), index)
                && earlier != index
            {
                let text = format!("the column name '{name}' already belongs to another file");
                return Err(RuleError::in_file(file.path, text));
            }
        }
        all.headers.ask(index, questions);
        all.list.push(checked(parsed, &file)?);
    }
    Ok(all)
}

fn checked(parsed: CharacteristicFile, file: &RuleFile<'_>) -> Result<Characteristic, RuleError> {
    let refuse = |text: String| RuleError::in_file(file.path, text);
    let known: BTreeSet<&CategoryId> = parsed.categories.iter().map(|row| &row.id).collect();
    if known.len() < parsed.categories.len() {
        return Err(refuse("a category is named twice".to_owned()));
    }
    let groups = parsed.groupings.iter().flat_map(|grouping| &grouping.groups);
    let named =
        groups.map(|group| &group.members).chain(parsed.prefixes.iter().map(|p| &p.members));
    for id in named.flatten().chain(&parsed.reference) {
        if !known.contains(id) {
            return Err(refuse(format!("'{id}' is not a category of this file")));
        }
    }
    for grouping in &parsed.groupings {
        let mut seen = BTreeSet::new();
        for member in grouping.groups.iter().flat_map(|group| &group.members) {
            if !seen.insert(member) {
                let text = format!("'{member}' is in two groups of grouping '{}'", grouping.id);
                return Err(refuse(text).hint("a grouping is a partition: one group each"));
            }
        }
    }
    let mut labels = HashMap::new();
    for row in &parsed.categories {
        let own = [row.id.as_str(), row.label.as_str()];
        for label in own.into_iter().chain(row.aliases.iter().map(String::as_str)) {
            if let Some(other) = labels.insert(folded(label), row.id.clone())
                && other != row.id
            {
                return Err(refuse(format!("'{label}' names both '{other}' and '{}'", row.id)));
            }
        }
    }
    let prefixes = parsed.prefixes.into_iter();
    let mut prefixes: Vec<(String, BTreeSet<CategoryId>)> = prefixes
        .flat_map(|row| row.words.into_iter().map(move |w| (folded(&w), row.members.clone())))
        .collect();
    // The longest prefix is tried first: "asian or asian british" before "asian".
    prefixes.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    Ok(Characteristic {
        id: parsed.id,
        label: parsed.label,
        categories: parsed
            .categories
            .into_iter()
            .map(|row| Category {
                id: row.id,
                label: row.label,
                band: row.band,
                is_broad: row.is_broad,
            })
            .collect(),
        reference: parsed.reference,
        groupings: parsed.groupings.into_iter().map(grouping).collect(),
        ordered: parsed.ordered,
        labels,
        prefixes,
    })
}

fn grouping(row: GroupingRow) -> Grouping {
    let groups = row.groups.into_iter();
    Grouping {
        id: row.id,
        label: row.label,
        reference: row.reference,
        groups: groups
            .map(|group| Group { id: group.id, label: group.label, members: group.members })
            .collect(),
    }
}
