//! Which published tables give each other's counts away: a characteristic and its groupings, and two characteristics
//! and their combined groups. Says what adds up to what; `suppress` decides what is hidden.

use std::collections::BTreeMap;

use super::suppress::{self, Hidden, Point};

/// One table as it will be published.
pub struct Published<'a> {
    /// The characteristic; combined groups bear both names, `sex-ethnic_group`.
    pub characteristic: &'a str,
    /// Whether its groups are broader than the categories.
    pub is_grouped: bool,
    /// Its groups.
    pub members: Vec<PublishedGroup<'a>>,
}

/// One group of a published table.
pub struct PublishedGroup<'a> {
    /// Its identifier; combined groups bear both names, `female-asian_indian`.
    pub id: &'a str,
    /// The categories in it.
    pub categories: Vec<&'a str>,
    /// Its counts along the journey.
    pub points: Vec<Point>,
}

/// Decides for each table what is hidden. Tables that can be combined are protected together.
pub fn decide(tables: &[Published<'_>], minimum: u64) -> Vec<Hidden> {
    let families = families(tables);
    let mut result: Vec<Hidden> = tables.iter().map(|_| Hidden::none(0, 0)).collect();
    let mut names: Vec<usize> = families.clone();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let family: Vec<usize> = (0..tables.len()).filter(|t| families[*t] == name).collect();
        let layout = Layout::of(tables, &family);
        let hidden = suppress::decide(&layout.rows, &layout.sums, &layout.parts, minimum);
        for (table, start) in &layout.starts {
            result[*table] = hidden.rows(*start, tables[*table].members.len());
        }
    }
    result
}

/// For each table the first table of its family: the same characteristic, or one that a combination joins it to.
fn families(tables: &[Published<'_>]) -> Vec<usize> {
    let mut family: Vec<usize> = (0..tables.len()).collect();
    let related = |a: &str, b: &str| {
        let part = |whole: &str, part: &str| {
            whole.split_once('-').is_some_and(|(one, two)| one == part || two == part)
        };
        a == b || part(a, b) || part(b, a)
    };
    // Merging until nothing changes; there are few tables.
    loop {
        let before = family.clone();
        for one in 0..tables.len() {
            for two in 0..tables.len() {
                if related(tables[one].characteristic, tables[two].characteristic) {
                    let least = family[one].min(family[two]);
                    family[one] = least;
                    family[two] = least;
                }
            }
        }
        if family == before {
            return family;
        }
    }
}

/// The groups of a family as one list, with what adds up to what.
struct Layout {
    rows: Vec<Vec<Point>>,
    sums: Vec<Vec<usize>>,
    parts: Vec<Vec<usize>>,
    starts: BTreeMap<usize, usize>,
}

impl Layout {
    fn of(tables: &[Published<'_>], family: &[usize]) -> Self {
        let mut layout =
            Self { rows: Vec::new(), sums: Vec::new(), parts: Vec::new(), starts: BTreeMap::new() };
        for table in family {
            let start = layout.rows.len();
            layout.starts.insert(*table, start);
            layout.rows.extend(tables[*table].members.iter().map(|group| group.points.clone()));
            layout.sums.push((start..layout.rows.len()).collect());
        }
        layout.parts = vec![Vec::new(); layout.rows.len()];
        for whole in family {
            for details in family.iter().filter(|details| *details != whole) {
                for (place, group) in tables[*whole].members.iter().enumerate() {
                    let found = details_of(&tables[*whole], group, &tables[*details]);
                    if found.is_empty() {
                        continue;
                    }
                    let start = layout.starts[details];
                    let found: Vec<usize> = found.into_iter().map(|i| start + i).collect();
                    layout.sums.push(found.clone());
                    layout.parts[layout.starts[whole] + place].extend(found);
                }
            }
        }
        layout
    }
}

/// The groups of another table that make up a group: the categories of a broader group, or its combinations.
fn details_of(
    whole: &Published<'_>,
    group: &PublishedGroup<'_>,
    details: &Published<'_>,
) -> Vec<usize> {
    let is_detail = |detail: &PublishedGroup<'_>| {
        if details.characteristic == whole.characteristic {
            return whole.is_grouped
                && !details.is_grouped
                && group.categories.contains(&detail.id);
        }
        let (Some((one, two)), Some((first, second))) =
            (details.characteristic.split_once('-'), detail.id.split_once('-'))
        else {
            return false;
        };
        (one == whole.characteristic && group.categories.contains(&first))
            || (two == whole.characteristic && group.categories.contains(&second))
    };
    let found = details.members.iter().enumerate().filter(|(_, detail)| is_detail(detail));
    found.map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table<'a>(characteristic: &'a str, groups: &[(&'a str, u64)]) -> Published<'a> {
        let members = groups.iter().map(|(id, entered)| PublishedGroup {
            id,
            categories: vec![id],
            points: vec![Point { entered: *entered, ..Point::default() }],
        });
        Published { characteristic, is_grouped: false, members: members.collect() }
    }

    #[test]
    fn combined_groups_do_not_give_back_what_either_table_hides() {
        // Four Sikh women: with the totals of women and of Sikhs shown, one more cell of each row and column goes.
        let tables = [
            table("sex", &[("female", 94), ("male", 90)]),
            table("religion", &[("sikh", 44), ("hindu", 140)]),
            table(
                "sex-religion",
                &[("female-sikh", 4), ("female-hindu", 90), ("male-sikh", 40), ("male-hindu", 50)],
            ),
            table("age_band", &[("under_25", 100), ("25_to_34", 84)]),
        ];
        let hidden = decide(&tables, 10);
        assert!((0..4).all(|group| hidden[2].is_hidden(group, 0)));
        assert!((0..2).all(|group| !hidden[0].is_hidden(group, 0)));
        assert!((0..2).all(|group| !hidden[3].is_hidden(group, 0)));
    }
}
