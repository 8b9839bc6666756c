//! How earlier reports are written down: names once, equal counts once, and a count that follows another of the same group
//! by its differences only, so that one more report costs what is new in it. Decides nothing.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Column, ColumnName, Counts, Group, Release, Releases};

/// How many earlier counts of the same group are tried as the one to differ from.
const BASES: usize = 6;

/// Reports as they are written.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    strata: Vec<String>,
    /// Lists of vacancies, each by the steps from one place to the next.
    covers: Vec<Vec<u32>>,
    names: Vec<ColumnName>,
    ids: Vec<String>,
    /// Each: the count that it follows, from 1, or 0; the list of vacancies that it is restricted to; then steps from one
    /// place to the next, each with the people there.
    counts: Vec<Vec<u64>>,
    reports: Vec<StoredReport>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredReport {
    covers: u32,
    /// Each: its name; then for each group its id and whether it is shown, as one number, and its count.
    columns: Vec<Vec<u32>>,
}

/// Numbers things in the order in which they come.
struct Numbered<T> {
    known: HashMap<T, u32>,
    list: Vec<T>,
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn new() -> Self {
        Self { known: HashMap::new(), list: Vec::new() }
    }

    fn number(&mut self, thing: &T) -> u32 {
        if let Some(number) = self.known.get(thing) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.known.insert(thing.clone(), number);
        self.list.push(thing.clone());
        number
    }
}

impl From<Releases> for Stored {
    fn from(releases: Releases) -> Self {
        let (mut covers, mut names, mut ids) = (Numbered::new(), Numbered::new(), Numbered::new());
        let mut written = Written::default();
        let mut reports = Vec::new();
        for release in &releases.releases {
            let number = covers.number(&release.covers);
            let mut covered = vec![false; releases.strata.len()];
            for place in release.covers.iter() {
                if let Some(covered) = covered.get_mut(*place as usize) {
                    *covered = true;
                }
            }
            let mut columns = Vec::new();
            for column in &release.columns {
                let name = names.number(&column.name);
                let mut line = vec![name];
                for group in &column.groups {
                    let id = ids.number(&group.id);
                    let count = written.number(&group.counts, (name, id), number, &covered);
                    line.extend([id * 2 + u32::from(group.shown), count]);
                }
                columns.push(line);
            }
            reports.push(StoredReport { covers: number, columns });
        }
        let covers = covers.list.iter();
        Self {
            covers: covers.map(|places| steps(places.iter().copied())).collect(),
            strata: releases.strata,
            names: names.list,
            ids: ids.list,
            counts: written.lines,
            reports,
        }
    }
}

/// A line of counts, by its number.
type Line = (u32, Arc<Counts>);

/// Counts that are written already.
#[derive(Default)]
struct Written {
    /// By where they are in memory: equal ones of a group are one there.
    known: HashMap<*const Counts, u32>,
    /// Those of each group of each column, oldest first.
    of_group: HashMap<(u32, u32), Vec<Line>>,
    lines: Vec<Vec<u64>>,
}

impl Written {
    fn number(
        &mut self,
        counts: &Arc<Counts>,
        group: (u32, u32),
        covers: u32,
        covered: &[bool],
    ) -> u32 {
        if let Some(known) = self.known.get(&Arc::as_ptr(counts)) {
            return *known;
        }
        let number = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let earlier = self.of_group.entry(group).or_default();
        let mut best = (0, differences(&Counts::new(), counts, covered));
        for (base, known) in earlier.iter().rev().take(BASES) {
            let found = differences(known, counts, covered);
            if found.len() < best.1.len() {
                best = (base + 1, found);
            }
        }
        let (base, differences) = best;
        let places = steps(differences.iter().map(|(place, _)| *place));
        let pairs = places.into_iter().zip(&differences);
        let pairs = pairs.flat_map(|(step, (_, people))| [u64::from(step), *people]);
        self.lines.push([u64::from(base), u64::from(covers)].into_iter().chain(pairs).collect());
        earlier.push((number, Arc::clone(counts)));
        self.known.insert(Arc::as_ptr(counts), number);
        number
    }
}

/// Where counts are other than a base of which only what is covered is taken; nobody is zero.
fn differences(base: &Counts, counts: &Counts, covered: &[bool]) -> Counts {
    let is_covered = |place: u32| covered.get(place as usize).copied().unwrap_or(false);
    let mut base = base.iter().filter(|(place, _)| is_covered(*place)).peekable();
    let mut found = Counts::new();
    for (place, people) in counts {
        while let Some((gone, _)) = base.next_if(|(other, _)| other < place) {
            found.push((*gone, 0));
        }
        match base.next_if(|(other, _)| other == place) {
            Some((_, same)) if same == people => {}
            _ => found.push((*place, *people)),
        }
    }
    found.extend(base.map(|(gone, _)| (*gone, 0)));
    found
}

/// Places in order as steps from one to the next; the first one from the place before all.
fn steps(places: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut next = 0;
    let step = |place: u32| {
        let step = place.wrapping_sub(next);
        next = place.wrapping_add(1);
        step
    };
    places.into_iter().map(step).collect()
}

/// The places that steps lead to.
fn places(steps: impl IntoIterator<Item = u32>) -> Result<Vec<u32>, &'static str> {
    let mut next = 0_u32;
    let mut place = |step: u32| {
        let place = next.checked_add(step).ok_or("a place is too large")?;
        next = place.checked_add(1).ok_or("a place is too large")?;
        Ok(place)
    };
    steps.into_iter().map(&mut place).collect()
}

impl TryFrom<Stored> for Releases {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, &'static str> {
        let mut covers: Vec<Arc<Vec<u32>>> = Vec::new();
        for steps in stored.covers {
            covers.push(Arc::new(places(steps)?));
        }
        let mut counts: Vec<Arc<Counts>> = Vec::new();
        for line in &stored.counts {
            let found = read(line, &counts, &covers)?;
            if found.last().is_some_and(|(place, _)| *place as usize >= stored.strata.len()) {
                return Err("a vacancy is missing");
            }
            counts.push(Arc::new(found));
        }
        let mut releases = Vec::new();
        for report in stored.reports {
            let known =
                covers.get(report.covers as usize).ok_or("a list of vacancies is missing")?;
            let column = |line: &Vec<u32>| column(line, &stored.names, &stored.ids, &counts);
            let columns = report.columns.iter().map(column).collect::<Result<_, _>>()?;
            releases.push(Release { covers: Arc::clone(known), columns });
        }
        Ok(Self { strata: stored.strata, releases })
    }
}

/// One line of counts, made from the one that it follows.
fn read(
    line: &[u64],
    earlier: &[Arc<Counts>],
    covers: &[Arc<Vec<u32>>],
) -> Result<Counts, &'static str> {
    let [base, covered, pairs @ ..] = line else { return Err("a count is cut off") };
    let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut counts = Counts::new();
    if let Some(base) = base.checked_sub(1) {
        let base = earlier.get(at(base)).ok_or("a count follows one that is not there")?;
        let covered = covers.get(at(*covered)).ok_or("a list of vacancies is missing")?;
        let is_covered = |place: &u32| covered.binary_search(place).is_ok();
        counts.extend(base.iter().filter(|(place, _)| is_covered(place)));
    }
    let step = |pair: &[u64]| pair.first().and_then(|step| u32::try_from(*step).ok());
    let (pairs, rest) = pairs.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("a count is cut off");
    }
    if pairs.is_empty() {
        return Ok(counts);
    }
    let steps = pairs.iter().map(|pair| step(pair).ok_or("a place is too large"));
    let places = places(steps.collect::<Result<Vec<u32>, _>>()?)?;
    let mut changed = Counts::with_capacity(counts.len() + places.len());
    let mut before = counts.into_iter().peekable();
    for (place, [_, people]) in places.into_iter().zip(pairs) {
        while let Some(kept) = before.next_if(|(other, _)| *other < place) {
            changed.push(kept);
        }
        before.next_if(|(other, _)| *other == place);
        if *people > 0 {
            changed.push((place, *people));
        }
    }
    changed.extend(before);
    Ok(changed)
}

fn column(
    line: &[u32],
    names: &[ColumnName],
    ids: &[String],
    counts: &[Arc<Counts>],
) -> Result<Column, &'static str> {
    let [name, groups @ ..] = line else { return Err("a column is cut off") };
    let name = names.get(*name as usize).ok_or("a name is missing")?.clone();
    let (pairs, rest) = groups.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("a column is cut off");
    }
    let group = |[id, count]: &[u32; 2]| {
        Ok(Group {
            id: ids.get(*id as usize / 2).ok_or("a group is missing")?.clone(),
            shown: id % 2 == 1,
            counts: Arc::clone(counts.get(*count as usize).ok_or("a count is missing")?),
        })
    };
    let groups = pairs.iter().map(group).collect::<Result<_, &'static str>>()?;
    Ok(Column { name, groups })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::NewCount;
    use super::*;

    /// Reports over some of twelve vacancies, each with three groups of two columns.
    fn releases(reports: &[Vec<(usize, [u64; 6])>]) -> Releases {
        let mut releases = Releases::default();
        for report in reports {
            let strata: Vec<String> =
                report.iter().map(|(vacancy, _)| format!("V{vacancy}")).collect();
            let mut release = Release::default();
            for (stage, start) in [("received", 0), ("shortlisted", 3)] {
                let name =
                    ColumnName { table: "sex".into(), what: "entered".into(), stage: stage.into() };
                let counts: Vec<NewCount<'_>> = ["a", "b", "c"]
                    .iter()
                    .enumerate()
                    .map(|(group, id)| NewCount {
                        id,
                        counts: report.iter().map(|(_, all)| all[start + group]).collect(),
                    })
                    .collect();
                let groups: Vec<_> =
                    counts.iter().map(|count| (count, count.counts.len() % 2 == 0)).collect();
                release.note(name, &groups);
            }
            releases.add(release, &strata);
        }
        releases
    }

    proptest! {
        #[test]
        fn reports_are_read_as_they_were_written(
            reports in prop::collection::vec(
                prop::collection::btree_map(0_usize..12, prop::array::uniform6(0_u64..4), 1..12),
                0..6,
            ),
        ) {
            let reports: Vec<Vec<_>> = reports.into_iter().map(|r| r.into_iter().collect()).collect();
            let releases = releases(&reports);
            let text = serde_json::to_string(&releases).unwrap();
            let read: Releases = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read, releases);
        }
    }

    #[test]
    fn one_more_decision_is_written_as_one_more_decision() {
        let report = |more: u64| -> Vec<(usize, [u64; 6])> {
            (0..500)
                .map(|v| (v, [20, 20, if v == 250 { 20 + more } else { 20 }, 9, 9, 9]))
                .collect()
        };
        let length = |reports: &[Vec<(usize, [u64; 6])>]| {
            serde_json::to_string(&releases(reports)).unwrap().len()
        };
        let once = length(&[report(0)]);
        assert!(length(&[report(0), report(0)]) == once);
        assert!(length(&[report(0), report(1)]) < once + 100);
        let some: Vec<_> = report(1).into_iter().step_by(2).collect();
        assert!(length(&[report(0), report(1), some]) < once + 1_000);
    }

    #[test]
    fn what_is_not_whole_is_refused_and_never_read_as_something_else() {
        let text = serde_json::to_string(&releases(&[vec![(0, [1; 6]), (2, [2; 6])]])).unwrap();
        let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (pointer, value) in [
            ("/counts/0", serde_json::json!([0])),
            ("/counts/0", serde_json::json!([0, 0, 1])),
            ("/counts/0", serde_json::json!([9, 0, 0, 1])),
            ("/counts/0/2", serde_json::json!(u64::MAX)),
            ("/reports/0/covers", serde_json::json!(7)),
            ("/reports/0/columns/0", serde_json::json!([])),
            ("/reports/0/columns/0/0", serde_json::json!(7)),
            ("/reports/0/columns/0/1", serde_json::json!(70)),
            ("/reports/0/columns/0/2", serde_json::json!(70)),
        ] {
            let mut broken = whole.clone();
            *broken.pointer_mut(pointer).unwrap() = value;
            assert!(serde_json::from_value::<Releases>(broken).is_err(), "{pointer}");
        }
    }
}
