//! Reports that were given out before, and whether a count of a new one may stand beside theirs: nobody may subtract
//! reports from each other and be left with a few people. It holds counts that were hidden too, so it is as
//! confidential as the tallies; it decides nothing about a single report.
//!
//! Each report covers some vacancies, each with some people, at the time. Cut all vacancies, and the people of each,
//! along the borders of all reports in which a count was shown: the *pieces* that lie in exactly the same reports
//! form a part. Whatever sums and differences of reports can isolate is made of whole parts. So a count may be shown
//! when every part is empty or has at least the minimum of people. Overlapping periods, unions of periods, filters,
//! and outcomes recorded late are all the same case.

mod stored;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The reports of a scope so far, oldest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(into = "stored::Stored", try_from = "stored::Stored")]
pub struct Releases {
    /// The vacancies that any report covered.
    strata: Vec<String>,
    releases: Vec<Release>,
}

/// One report that was given out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Release {
    /// The vacancies that it covered, by their places in the list, in order.
    covers: Arc<Vec<u32>>,
    columns: Vec<Column>,
}

/// The same count of all groups of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: ColumnName,
    groups: Vec<Group>,
}

/// Vacancies, by their places in the list and in order, and their people; none where there are none.
type Counts = Vec<(u32, u64)>;

/// Which count of which table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ColumnName {
    /// The table: a characteristic, with its grouping.
    pub table: String,
    /// `entered`, `passed` or `turned_down`.
    pub what: String,
    /// The stage of the decision, or the whole journey.
    pub stage: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    id: String,
    shown: bool,
    /// Equal counts of the same group are the same in memory, so that many reports need little.
    counts: Arc<Counts>,
}

/// One count of a new report, vacancy by vacancy in the order of the audit.
pub struct NewCount<'a> {
    /// The group.
    pub id: &'a str,
    /// People of each vacancy.
    pub counts: Vec<u64>,
}

/// The earlier reports, laid out for the vacancies of a new one.
pub struct Earlier<'a> {
    by_column: HashMap<&'a ColumnName, Vec<&'a Column>>,
    /// For each vacancy of the new report, its place in the list of the earlier ones.
    places: Vec<Option<u32>>,
    /// For each vacancy that the earlier ones cover, its place in the new one.
    new_places: Vec<Option<usize>>,
    minimum: u64,
}

impl Releases {
    /// How many reports there were.
    pub fn len(&self) -> usize {
        self.releases.len()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
    }

    /// The earlier reports, for a new one over these vacancies.
    pub fn beside(&self, strata: &[String], minimum: u64) -> Earlier<'_> {
        let known: HashMap<&str, u32> =
            self.strata.iter().zip(0..).map(|(name, place)| (name.as_str(), place)).collect();
        let mut by_column: HashMap<&ColumnName, Vec<&Column>> = HashMap::new();
        for column in self.releases.iter().flat_map(|release| &release.columns) {
            by_column.entry(&column.name).or_default().push(column);
        }
        let places: Vec<Option<u32>> =
            strata.iter().map(|name| known.get(name.as_str()).copied()).collect();
        let mut new_places = vec![None; self.strata.len()];
        for (new, place) in places.iter().enumerate() {
            let place = place.and_then(|place| new_places.get_mut(place as usize));
            place.into_iter().for_each(|known| *known = Some(new));
        }
        Earlier { by_column, places, new_places, minimum }
    }

    /// Adds a report over these vacancies and answers whether it said anything new. What an earlier one said is not kept
    /// twice, so asking for the same report in another form, or for two in turn, adds nothing.
    pub fn add(&mut self, mut release: Release, strata: &[String]) -> bool {
        let known: HashMap<String, u32> = self.strata.iter().cloned().zip(0..).collect();
        let mut places = Vec::with_capacity(strata.len());
        for name in strata {
            places.push(known.get(name).copied().unwrap_or_else(|| {
                self.strata.push(name.clone());
                u32::try_from(self.strata.len() - 1).unwrap_or(u32::MAX)
            }));
        }
        let mut covers = places.clone();
        covers.sort_unstable();
        release.covers = Arc::new(covers);
        let mut kept: HashMap<&ColumnName, Vec<&Column>> = HashMap::new();
        for column in self.releases.iter().flat_map(|kept| &kept.columns) {
            kept.entry(&column.name).or_default().push(column);
        }
        for column in &mut release.columns {
            let kept = kept.get(&column.name).map_or(&[][..], Vec::as_slice);
            for (number, group) in column.groups.iter_mut().enumerate() {
                let moved = group.counts.iter().map(|(place, people)| {
                    (places.get(*place as usize).copied().unwrap_or(u32::MAX), *people)
                });
                // Most reports list the groups of a table, and the vacancies, in the same order.
                let same =
                    |kept: &&Column| kept.groups.get(number).is_some_and(|k| k.id == group.id);
                let earlier = || {
                    let kept = kept.iter().rev().filter(|kept| same(kept));
                    kept.filter_map(|kept| kept.groups.get(number)).map(|kept| &kept.counts)
                };
                let repeated = earlier().find(|kept| {
                    kept.len() == group.counts.len() && moved.clone().eq(kept.iter().copied())
                });
                group.counts = repeated.map(Arc::clone).unwrap_or_else(|| {
                    let mut counts: Counts = moved.collect();
                    counts.sort_unstable();
                    let equal = earlier().find(|kept| ***kept == counts).map(Arc::clone);
                    equal.unwrap_or_else(|| Arc::new(counts))
                });
            }
        }
        release.columns.retain(|column| {
            let kept = kept.get(&column.name).map_or(&[][..], Vec::as_slice);
            !kept.contains(&column)
        });
        let is_new = !release.columns.is_empty();
        if is_new {
            self.releases.push(release);
        }
        is_new
    }
}

impl Release {
    /// Notes the counts of one column: each group, and whether it is shown.
    pub fn note(&mut self, name: ColumnName, groups: &[(&NewCount<'_>, bool)]) {
        let groups = groups
            .iter()
            .map(|(count, shown)| Group {
                id: count.id.to_owned(),
                shown: *shown,
                counts: Arc::new(of_anybody(&count.counts)),
            })
            .collect();
        self.columns.push(Column { name, groups });
    }
}

/// Vacancies where there is anybody. Each is written and then kept or not, which costs less than asking first.
fn of_anybody(counts: &[u64]) -> Counts {
    let of_anybody: usize = counts.iter().map(|people| usize::from(*people > 0)).sum();
    // The last place takes what is not kept.
    let mut kept = vec![(0, 0); of_anybody + 1];
    let mut length = 0;
    for (place, people) in (0_u32..).zip(counts) {
        if let Some(next) = kept.get_mut(length) {
            *next = (place, *people);
        }
        length += usize::from(*people > 0);
    }
    kept.truncate(length);
    kept
}

impl Earlier<'_> {
    /// Whether showing a count would leave a few people when reports are subtracted.
    pub fn bars(&self, name: &ColumnName, count: &NewCount<'_>) -> bool {
        let columns = self.by_column.get(name).into_iter().flatten();
        let mut shown: Vec<&Counts> = Vec::new();
        for column in columns {
            let group = column.groups.iter().find(|group| group.id == count.id);
            let Some(group) = group.filter(|group| group.shown) else { continue };
            // What says the same as another report tells no part of it from the rest.
            let same =
                |known: &&Counts| std::ptr::eq(*known, &*group.counts) || **known == *group.counts;
            if !shown.iter().any(same) {
                shown.push(&group.counts);
            }
        }
        self.leaves_few(&shown, &count.counts)
    }

    /// The same for the sum of groups that are hidden together, which the total and the shown groups give away. It is
    /// known of an earlier report too when every other group was shown there.
    pub fn bars_together(
        &self,
        name: &ColumnName,
        hidden: &[&NewCount<'_>],
        shown: &[&NewCount<'_>],
    ) -> bool {
        let columns = self.by_column.get(name).into_iter().flatten();
        let mut known: Vec<Counts> = columns
            .filter_map(|column| {
                let is_shown = |group: &&Group| shown.iter().any(|count| count.id == group.id);
                if column.groups.iter().filter(is_shown).any(|group| !group.shown) {
                    return None;
                }
                let mut sum: BTreeMap<u32, u64> = BTreeMap::new();
                let together = column.groups.iter().filter(|group| !is_shown(group));
                for (place, people) in together.flat_map(|group| group.counts.iter()) {
                    *sum.entry(*place).or_default() += people;
                }
                Some(sum.into_iter().collect())
            })
            .collect();
        known.sort_unstable();
        known.dedup();
        let vacancies = self.places.len();
        let sum = (0..vacancies)
            .map(|place| hidden.iter().filter_map(|count| count.counts.get(place)).sum())
            .collect::<Vec<u64>>();
        self.leaves_few(&known.iter().collect::<Vec<_>>(), &sum)
    }

    /// Whether a new count says vacancy by vacancy what an earlier one said.
    fn repeats(&self, earlier: &Counts, new: &[u64]) -> bool {
        let here = |place: u32| {
            let place = self.new_places.get(place as usize).copied().flatten();
            place.and_then(|place| new.get(place)).copied()
        };
        let of_anybody: usize = new.iter().map(|people| usize::from(*people > 0)).sum();
        of_anybody == earlier.len()
            && earlier.iter().all(|(place, people)| here(*place) == Some(*people))
    }

    /// Whether a part of the people of these reports and a new one is neither empty nor large enough.
    fn leaves_few(&self, earlier: &[&Counts], new: &[u64]) -> bool {
        if earlier.is_empty() {
            return false;
        }
        // The same report again is one part.
        if let [only] = earlier
            && self.repeats(only, new)
        {
            return (1..self.minimum).contains(&new.iter().sum());
        }
        let reports = earlier.len() + 1;
        // A row a vacancy that any of the earlier ones covers, a column a report.
        let mut rows: Vec<Option<usize>> = vec![None; self.new_places.len()];
        let mut people_of: Vec<u64> = Vec::new();
        for (report, counts) in earlier.iter().enumerate() {
            for (place, people) in counts.iter() {
                let Some(known) = rows.get_mut(*place as usize) else { continue };
                let row = *known.get_or_insert_with(|| {
                    people_of.resize(people_of.len() + reports, 0);
                    people_of.len() / reports - 1
                });
                if let Some(value) = people_of.get_mut(row * reports + report) {
                    *value = *people;
                }
            }
        }
        // People of vacancies that no earlier report covered are a part of their own.
        let mut fresh = 0;
        for (place, people) in self.places.iter().zip(new) {
            let row = place.and_then(|place| rows.get(place as usize).copied().flatten());
            match row.and_then(|row| people_of.get_mut(row * reports + reports - 1)) {
                Some(value) => *value = *people,
                None => fresh += people,
            }
        }
        let mut parts = Parts::default();
        let (mut steps, mut covering): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
        for values in people_of.chunks(reports) {
            // From one number to the next larger one, the same reports cover the same further people.
            steps.clear();
            steps.extend(values.iter().copied().filter(|value| *value > 0));
            steps.sort_unstable();
            steps.dedup();
            let mut below = 0;
            for step in &steps {
                note_reports_with(values, *step, &mut covering);
                parts.add(&covering, step - below);
                below = *step;
            }
        }
        let mut alone = vec![0; reports - 1];
        alone.push(1);
        note_reports_with(&alone, 1, &mut covering);
        parts.add(&covering, fresh);
        parts.people().into_iter().any(|people| (1..self.minimum).contains(&people))
    }
}

/// How many people each part has, by the reports that cover it, a bit each.
#[derive(Default)]
struct Parts {
    /// The part that was added to last: vacancy after vacancy mostly adds to the same one.
    last: Vec<u64>,
    last_people: u64,
    others: HashMap<Vec<u64>, u64>,
}

impl Parts {
    fn add(&mut self, covering: &[u64], people: u64) {
        if self.last != covering {
            let before = std::mem::replace(&mut self.last, covering.to_vec());
            *self.others.entry(before).or_default() += self.last_people;
            self.last_people = 0;
        }
        self.last_people += people;
    }

    fn people(mut self) -> Vec<u64> {
        *self.others.entry(self.last).or_default() += self.last_people;
        self.others.into_values().collect()
    }
}

/// Notes the reports that cover at least so many people of a vacancy, a bit each.
fn note_reports_with(values: &[u64], step: u64, bits: &mut Vec<u64>) {
    bits.clear();
    bits.resize(values.len().div_ceil(64), 0);
    for (report, value) in values.iter().enumerate() {
        if let (true, Some(word)) = (*value >= step, bits.get_mut(report / 64)) {
            *word |= 1 << (report % 64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> ColumnName {
        ColumnName { table: "sex".into(), what: "entered".into(), stage: "received".into() }
    }

    fn strata(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Whether a count over vacancies may follow earlier ones that were shown.
    fn barred(earlier: &[&[(&str, u64)]], new: &[(&str, u64)]) -> bool {
        let mut releases = Releases::default();
        let split = |counts: &[(&str, u64)]| {
            let names: Vec<&str> = counts.iter().map(|(name, _)| *name).collect();
            (strata(&names), counts.iter().map(|(_, people)| *people).collect::<Vec<_>>())
        };
        for counts in earlier {
            let (names, counts) = split(counts);
            let mut release = Release::default();
            release.note(name(), &[(&NewCount { id: "female", counts }, true)]);
            releases.add(release, &names);
        }
        let (names, counts) = split(new);
        releases.beside(&names, 10).bars(&name(), &NewCount { id: "female", counts })
    }

    #[test]
    fn a_count_may_stand_beside_earlier_ones_only_when_no_difference_is_small() {
        let a = ("a", 40);
        for (earlier, new, expected) in [
            // A few more in a new vacancy, many more, the same again.
            (vec![vec![a]], vec![a, ("b", 3)], true),
            (vec![vec![a]], vec![a, ("b", 30)], false),
            (vec![vec![a]], vec![a], false),
            // Outcomes that came late, few and many.
            (vec![vec![a]], vec![("a", 44)], true),
            (vec![vec![a]], vec![("a", 60)], false),
            // Fewer vacancies than before.
            (vec![vec![a, ("b", 7)]], vec![a], true),
            // Two periods and then all of them with a little more.
            (vec![vec![a], vec![("b", 50)]], vec![a, ("b", 50), ("c", 4)], true),
            (vec![vec![a], vec![("b", 50)]], vec![a, ("b", 50), ("c", 14)], false),
            // Up and down again: the first and the last differ by one.
            (vec![vec![("a", 100)], vec![("a", 80)]], vec![("a", 101)], true),
            // Other vacancies altogether.
            (vec![vec![a]], vec![("z", 43)], false),
            // Several small vacancies that are only ever seen together.
            (vec![vec![a]], vec![a, ("b", 4), ("c", 4), ("d", 4)], false),
            (vec![vec![a], vec![a, ("b", 4), ("c", 8)]], vec![a, ("b", 4), ("d", 30)], true),
        ] {
            let earlier: Vec<&[(&str, u64)]> = earlier.iter().map(Vec::as_slice).collect();
            assert_eq!(barred(&earlier, &new), expected, "{earlier:?} then {new:?}");
        }
    }

    #[test]
    fn groups_hidden_together_may_not_be_told_apart_from_an_earlier_report_by_their_sum() {
        let mut releases = Releases::default();
        let mut release = Release::default();
        let count = |id, people| NewCount { id, counts: vec![people] };
        let groups = [count("a", 20), count("b", 30), count("c", 90)];
        release.note(name(), &groups.each_ref().map(|group| (group, true)));
        releases.add(release, &strata(&["one"]));
        let names = strata(&["one"]);
        let earlier = releases.beside(&names, 10);
        let (c, b) = (count("c", 90), count("b", 30));
        assert!(earlier.bars_together(&name(), &[&count("a", 24), &b], &[&c]));
        assert!(!earlier.bars_together(&name(), &[&count("a", 34), &b], &[&c]));
    }
}
