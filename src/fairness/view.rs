//! A characteristic as the audit looks at it: its categories, or broader groups of them, as lists of counts by
//! vacancy. Adds counts up; it compares nothing.

use super::counts::{CategoryCounts, CharacteristicCounts, Counts};
use super::journey::{Chains, Outcome, Stretch, outcomes};
use super::levels::number;
use crate::domain::{CategoryId, NOT_ASKED, PREFER_NOT_TO_SAY, UNMAPPED};
use crate::rulebook::{Characteristic, Characteristics, Group, Grouping};

/// A group of a view.
pub struct Member<'a> {
    /// Its identifier.
    pub id: CategoryId,
    /// What people read.
    pub label: String,
    /// The categories in it.
    pub categories: Vec<&'a CategoryCounts>,
}

/// A characteristic in detail, or grouped.
pub struct ViewCounts<'a> {
    /// The counts.
    pub characteristic: &'a CharacteristicCounts,
    /// What people read.
    pub label: String,
    /// The grouping, when this is one.
    pub grouping: Option<String>,
    /// Groups that are compared.
    pub members: Vec<Member<'a>>,
    /// The member that the rules name as reference.
    pub reference: Option<usize>,
    strata: usize,
}

/// The categories of people without an answer, kept apart.
pub const UNDECLARED: [&str; 3] = [PREFER_NOT_TO_SAY, NOT_ASKED, UNMAPPED];

impl<'a> ViewCounts<'a> {
    /// Every category that somebody declared, in the order of the rules.
    pub fn detailed(
        counts: &'a Counts,
        of: &'a CharacteristicCounts,
        rules: &Characteristics,
    ) -> Self {
        let known = rules.get(&of.id);
        let mut members: Vec<Member<'a>> =
            declared(of).map(|category| single(counts, of, rules, category)).collect();
        members.sort_by_key(|member| place(known, &member.id));
        Self {
            characteristic: of,
            label: label(counts, known, of),
            grouping: None,
            reference: known.and_then(|known| reference_of(known, &members)),
            members,
            strata: counts.strata().len(),
        }
    }

    /// The groups of a grouping. Categories that it does not place stand as groups of their own.
    pub fn grouped(
        counts: &'a Counts,
        of: &'a CharacteristicCounts,
        rules: &Characteristics,
        grouping: &Grouping,
    ) -> Self {
        let known = rules.get(&of.id);
        let name = known.map_or_else(|| of.id.as_str(), |known| known.label.as_str());
        let broad = grouping.groups.iter().map(|group| Member {
            id: group.id.clone(),
            label: group.label.clone(),
            categories: declared(of).filter(|c| is_in(group, known, &c.id)).collect(),
        });
        let mut members: Vec<Member<'a>> =
            broad.filter(|member| !member.categories.is_empty()).collect();
        let is_placed =
            |id: &CategoryId| grouping.groups.iter().any(|group| is_in(group, known, id));
        let left = declared(of).filter(|category| !is_placed(&category.id));
        members.extend(left.map(|category| single(counts, of, rules, category)));
        let reference = grouping.reference.as_ref();
        Self {
            characteristic: of,
            label: format!("{name}: {}", grouping.label),
            grouping: Some(grouping.id.clone()),
            reference: reference.and_then(|id| members.iter().position(|m| m.id == *id)),
            members,
            strata: counts.strata().len(),
        }
    }

    /// Whether every group holds one category, and no category is left out.
    pub fn only_renames(&self, detailed: &Self) -> bool {
        self.members.len() == detailed.members.len()
            && self.members.iter().all(|member| member.categories.len() == 1)
    }

    /// Whether every category stands for the whole of its group, or is the group under the same name.
    pub fn has_broad_categories(&self, known: &Characteristic) -> bool {
        let is_broad = |category: &&CategoryCounts| {
            known.categories.iter().any(|rule| rule.id == category.id && rule.is_broad)
        };
        self.members.iter().all(|member| {
            member.categories.iter().all(|category| category.id == member.id || is_broad(category))
        })
    }

    /// Everybody's outcomes over a stretch.
    pub fn over(&self, stretch: Stretch, chains: &Chains) -> Outcomes {
        let of = |category: &CategoryCounts| outcomes(category, stretch, chains, self.strata);
        let members: Vec<Vec<Outcome>> = self
            .members
            .iter()
            .map(|member| self.sum(member.categories.iter().map(|category| of(category))))
            .collect();
        let declared = self.sum(members.iter().cloned());
        let undeclared: Vec<Vec<Outcome>> = UNDECLARED
            .iter()
            .map(|kind| {
                let categories = self.characteristic.categories().iter();
                self.sum(categories.filter(|category| category.id.as_str() == *kind).map(of))
            })
            .collect();
        let undeclared_kinds = std::array::from_fn(|kind| {
            undeclared.get(kind).map_or(0, |outcomes| total(outcomes).entered)
        });
        Outcomes {
            members,
            declared,
            undeclared: self.sum(undeclared.into_iter()),
            undeclared_kinds,
        }
    }

    fn sum(&self, lists: impl Iterator<Item = Vec<Outcome>>) -> Vec<Outcome> {
        let mut sum: Option<Vec<Outcome>> = None;
        for list in lists {
            match &mut sum {
                None => sum = Some(list),
                Some(sum) => {
                    for (into, found) in sum.iter_mut().zip(list) {
                        *into = into.plus(found);
                    }
                }
            }
        }
        sum.unwrap_or_else(|| vec![Outcome::default(); self.strata])
    }
}

/// The outcomes of everybody in a view over one stretch, one for each vacancy.
#[derive(Debug, Clone)]
pub struct Outcomes {
    /// Of each group.
    pub members: Vec<Vec<Outcome>>,
    /// Of all groups together.
    pub declared: Vec<Outcome>,
    /// Of people without an answer.
    pub undeclared: Vec<Outcome>,
    /// How many of them entered, for each of [`UNDECLARED`].
    pub undeclared_kinds: [u64; 3],
}

impl Outcomes {
    /// Of nobody.
    pub const NONE: Self = Self {
        members: Vec::new(),
        declared: Vec::new(),
        undeclared: Vec::new(),
        undeclared_kinds: [0; 3],
    };

    /// Of one group.
    pub fn member(&self, index: usize) -> &[Outcome] {
        self.members.get(index).map_or(&[], Vec::as_slice)
    }

    /// Of all groups but one.
    pub fn others(&self, index: usize) -> Vec<Outcome> {
        let Some(member) = self.members.get(index) else { return self.declared.clone() };
        let without = |(all, own): (&Outcome, &Outcome)| Outcome {
            entered: all.entered - own.entered,
            progressed: all.progressed - own.progressed,
        };
        self.declared.iter().zip(member).map(without).collect()
    }
}

/// Everybody of a list of outcomes.
pub fn total(outcomes: &[Outcome]) -> Outcome {
    outcomes.iter().fold(Outcome::default(), |sum, outcome| sum.plus(*outcome))
}

fn declared(of: &CharacteristicCounts) -> impl Iterator<Item = &CategoryCounts> {
    of.categories().iter().filter(|category| !UNDECLARED.contains(&category.id.as_str()))
}

/// A category as a group of its own.
fn single<'a>(
    counts: &Counts,
    of: &CharacteristicCounts,
    rules: &Characteristics,
    category: &'a CategoryCounts,
) -> Member<'a> {
    let own = counts.label(&of.id, Some(&category.id));
    Member {
        id: category.id.clone(),
        label: own.map_or_else(|| rules.label(&of.id, &category.id), str::to_owned),
        categories: vec![category],
    }
}

fn label(counts: &Counts, known: Option<&Characteristic>, of: &CharacteristicCounts) -> String {
    match (counts.label(&of.id, None), known) {
        (Some(label), _) => label.to_owned(),
        (None, Some(known)) => known.label.clone(),
        (None, None) => of.id.as_str().replace(['_', '-'], " "),
    }
}

/// Categories of the rules come in their order; others after them, by the number at their end and by name ("Grade 4"
/// before "Grade 10"). Bands come in the order of their numbers,
/// those that only the table has among them.
fn place(known: Option<&Characteristic>, id: &CategoryId) -> (usize, Option<u64>, String) {
    let place = known.and_then(|known| match known.band(id) {
        Some((from, _)) => usize::try_from(from).ok(),
        None => known.categories.iter().position(|c| c.id == *id),
    });
    let number = place.is_none().then(|| number(id.as_str())).flatten();
    (place.unwrap_or(usize::MAX), number, id.to_string())
}

/// The member that the rules name as reference; where the table has bands of its own, the one that has most of the
/// reference's in it, and the first of several.
fn reference_of(known: &Characteristic, members: &[Member<'_>]) -> Option<usize> {
    let reference = known.reference.as_ref()?;
    if let Some(place) = members.iter().position(|member| member.id == *reference) {
        return Some(place);
    }
    let (first, last) = known.band(reference)?;
    let shared = |member: &Member<'_>| {
        let (from, to) = known.band(&member.id)?;
        (last.min(to) + 1).checked_sub(first.max(from)).filter(|years| *years > 0)
    };
    let sharing = members.iter().enumerate().rev().filter_map(|(i, m)| Some((i, shared(m)?)));
    sharing.max_by_key(|(_, years)| *years).map(|(place, _)| place)
}

/// Whether a group of a grouping holds a category: names it, or holds all of the numbers of a band that only the table
/// has.
fn is_in(group: &Group, known: Option<&Characteristic>, id: &CategoryId) -> bool {
    let holds_band = || {
        let known = known.filter(|known| !known.has(id))?;
        let (from, to) = known.band(id)?;
        let bands: Vec<(u32, u32)> = group.members.iter().filter_map(|id| known.band(id)).collect();
        let first = bands.iter().map(|(first, _)| *first).min()?;
        let last = bands.iter().map(|(_, last)| *last).max()?;
        Some(first <= from && to <= last)
    };
    group.members.contains(id) || holds_band().unwrap_or(false)
}
