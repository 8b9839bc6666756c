//! One comparison: a group against its comparator at one stretch of the journey, vacancy by vacancy. Measures effect,
//! evidence and what could have been seen; it neither judges nor hides anything.

use super::conditional_test;
use super::evidence::{self, Streamed};
use super::journey::Outcome;
use super::mantel_haenszel;
use super::numeric::Probability;
use super::rates::Interval;
use super::table::ratio_is_below;
use super::{Table, homogeneity, power, ratio};

/// The levels that a comparison is computed at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// Confidence of intervals.
    pub confidence: f64,
    /// Level of the test.
    pub significance: f64,
    /// Power behind the smallest detectable ratio.
    pub power: f64,
    /// The margin, as a fraction.
    pub margin: (u64, u64),
}

/// What one comparison measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Everybody over all vacancies.
    pub pooled: Table,
    /// Vacancies in which both groups had people and some but not all were selected.
    pub informative: usize,
    /// Vacancies in which both groups had people.
    pub shared: usize,
    /// Mantel-Haenszel rate ratio; infinite when only the focal group has anybody selected.
    pub ratio: Option<f64>,
    /// Its score interval.
    pub ratio_interval: Option<Interval>,
    /// The ratio of the pooled rates.
    pub pooled_ratio: Option<f64>,
    /// Its score interval.
    pub pooled_interval: Option<Interval>,
    /// Exact conditional mid-p over vacancies.
    pub mid_p: Option<Probability>,
    /// The same without the mid-p correction.
    pub p: Option<Probability>,
    /// Whether both come from the exact distribution, not its large-sample form.
    pub is_exact: bool,
    /// Selections that the focal group would have had at the rate of everybody in its vacancies, less those it had.
    pub shortfall: f64,
    /// Tarone's test that one odds ratio serves all vacancies.
    pub heterogeneity_p: Option<f64>,
    /// The smallest ratio that would usually be found.
    pub detectable: Option<f64>,
    /// Whether the pooled ratio is below the margin, in whole numbers.
    pub below_margin: Option<bool>,
    /// What the undeclared could change.
    pub undeclared: Undeclared,
    /// The evidence, vacancy after vacancy.
    pub streamed: Option<Streamed>,
}

/// What the undeclared could change, over every way to allocate them to the two groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Undeclared {
    /// How many there are in the vacancies compared.
    pub people: u64,
    /// Smallest and largest Mantel-Haenszel ratio.
    pub ratio_range: (Option<f64>, Option<f64>),
    /// Whether the difference keeps its direction and passes the test at the allocation that is kindest to it; known
    /// only where the difference passes the test among those who declared.
    pub survives: Option<bool>,
}

impl Measured {
    /// Only how many people there are.
    pub fn counted(focal: &[Outcome], comparator: &[Outcome]) -> Self {
        let tables = tables(focal, comparator);
        Self {
            pooled: pooled(&tables),
            informative: tables.iter().filter(|table| table.is_informative()).count(),
            shared: tables.iter().filter(|table| table.has_both_groups()).count(),
            ratio: None,
            ratio_interval: None,
            pooled_ratio: None,
            pooled_interval: None,
            mid_p: None,
            p: None,
            is_exact: true,
            shortfall: 0.0,
            heterogeneity_p: None,
            detectable: None,
            below_margin: None,
            undeclared: Undeclared { people: 0, ratio_range: (None, None), survives: None },
            streamed: None,
        }
    }

    /// The same comparison seen from the other side, whose lists these are. Tests and evidence say the same of both
    /// sides, score limits turn into each other; ratios are formed anew, and so is what could have been seen, which
    /// differs.
    #[must_use]
    pub fn mirrored(&self, focal: &[Outcome], comparator: &[Outcome], levels: &Levels) -> Self {
        let tables = tables(focal, comparator);
        let shared: Vec<Table> = tables.iter().filter(|t| t.has_both_groups()).copied().collect();
        let pooled = pooled(&tables);
        let turned = |interval: Option<Interval>| interval.map(turned);
        let (smallest, largest) = self.undeclared.ratio_range;
        let over = |ratio: Option<f64>| ratio.map(|ratio| 1.0 / ratio);
        let ratio = mantel_haenszel::rate_ratio_of(&shared);
        Self {
            pooled,
            ratio,
            ratio_interval: turned(self.ratio_interval).filter(|_| ratio.is_some()),
            pooled_ratio: pooled_ratio(&pooled),
            pooled_interval: turned(self.pooled_interval),
            shortfall: 0.0 - self.shortfall,
            detectable: power::smallest_detectable_ratio(
                &shared,
                levels.significance,
                levels.power,
            ),
            below_margin: ratio_is_below(&pooled, levels.margin.0, levels.margin.1),
            undeclared: Undeclared {
                ratio_range: (over(largest), over(smallest)),
                ..self.undeclared.clone()
            },
            streamed: self.streamed.map(|s| Streamed { odds_ratio: turned(s.odds_ratio), ..s }),
            ..*self
        }
    }
}

/// What a verdict rests on, and nothing else, of one table; with the undeclared also what they could change. Where looks are many, its decisions are read as one block.
pub fn measure_one(
    table: &Table,
    undeclared: Option<&Outcome>,
    looks_many: bool,
    levels: &Levels,
) -> Measured {
    let outcome = |entered, progressed| [Outcome { entered, progressed }];
    let mut measured = Measured::counted(
        &outcome(table.total_1, table.selected_1),
        &outcome(table.total_2, table.selected_2),
    );
    let tables = [*table];
    let shared = if table.has_both_groups() { &tables[..] } else { &[] };
    let exact = conditional_test::test(shared);
    let ratio = mantel_haenszel::rate_ratio_of(shared);
    let passes = exact.is_some_and(|e| e.mid_two_sided.p <= levels.significance);
    measured.ratio = ratio;
    measured.ratio_interval = ratio.and_then(|_| ratio::stratified(shared, levels.confidence));
    measured.mid_p = exact.map(|exact| exact.mid_two_sided);
    measured.shortfall = table.shortfall().unwrap_or(0.0);
    if let Some(undeclared) = undeclared {
        let ratio = ratio.filter(|_| passes);
        measured.undeclared = undeclared_effect(&tables, &[*undeclared], ratio, levels);
    }
    if looks_many {
        measured.streamed = evidence::read_stream(vec![table], levels.significance);
    }
    measured
}

/// An interval of a ratio as one of its reciprocal; 0 and infinity turn into each other.
fn turned((low, high): Interval) -> Interval {
    (1.0 / high, 1.0 / low)
}

/// Measures a comparison. The three lists have one entry for each vacancy; `order` says in which order the evidence of
/// which vacancies is read, where it is wanted.
pub fn measure(
    focal: &[Outcome],
    comparator: &[Outcome],
    undeclared: &[Outcome],
    order: Option<&[usize]>,
    levels: &Levels,
) -> Measured {
    let tables = tables(focal, comparator);
    let pooled = pooled(&tables);
    let shared: Vec<Table> = tables.iter().filter(|t| t.has_both_groups()).copied().collect();
    let informative: Vec<&Table> = shared.iter().filter(|t| t.is_informative()).collect();
    let exact = conditional_test::test(&shared);
    let ratio = mantel_haenszel::rate_ratio_of(&shared);
    let (excess, _) = mantel_haenszel::excess_and_variance(&informative);
    let passes = exact.is_some_and(|e| e.mid_two_sided.p <= levels.significance);
    let single = shared.len() == 1 && tables.len() == 1;
    let ratio_interval = ratio.and_then(|_| ratio::stratified(&shared, levels.confidence));
    let streamed = order.and_then(|order| {
        let nothing = Table::default();
        let blocks = order.iter().map(|place| tables.get(*place).unwrap_or(&nothing));
        evidence::read_stream(blocks.collect::<Vec<_>>(), levels.significance)
    });
    Measured {
        pooled,
        streamed,
        informative: informative.len(),
        shared: shared.len(),
        ratio,
        ratio_interval,
        pooled_ratio: pooled_ratio(&pooled),
        pooled_interval: if single {
            ratio_interval
        } else {
            ratio::miettinen_nurminen(&pooled, levels.confidence)
        },
        mid_p: exact.map(|exact| exact.mid_two_sided),
        p: exact.map(|exact| exact.two_sided),
        is_exact: exact.is_none_or(|exact| exact.is_exact),
        shortfall: -excess,
        heterogeneity_p: homogeneity::test(&shared).map(|test| test.tarone.p.p),
        detectable: power::smallest_detectable_ratio(&shared, levels.significance, levels.power),
        below_margin: ratio_is_below(&pooled, levels.margin.0, levels.margin.1),
        undeclared: undeclared_effect(&tables, undeclared, ratio.filter(|_| passes), levels),
    }
}

fn tables(focal: &[Outcome], comparator: &[Outcome]) -> Vec<Table> {
    let table = |(one, two): (&Outcome, &Outcome)| Table {
        selected_1: one.progressed,
        total_1: one.entered,
        selected_2: two.progressed,
        total_2: two.entered,
    };
    focal.iter().zip(comparator).map(table).collect()
}

fn pooled(tables: &[Table]) -> Table {
    tables.iter().fold(Table::default(), |sum, table| sum.plus(table))
}

fn pooled_ratio(pooled: &Table) -> Option<f64> {
    mantel_haenszel::rate_ratio_of(std::slice::from_ref(pooled))
}

/// Everybody undeclared at the two extremes: all who were selected in the focal group and all others in the
/// comparator, and the reverse. Every other allocation lies between them.
fn undeclared_effect(
    tables: &[Table],
    undeclared: &[Outcome],
    significant_ratio: Option<f64>,
    levels: &Levels,
) -> Undeclared {
    let people = undeclared.iter().map(|outcome| outcome.entered).sum();
    let with = |allocate: fn(&Table, &Outcome) -> Table| -> Vec<Table> {
        tables.iter().zip(undeclared).map(|(table, outcome)| allocate(table, outcome)).collect()
    };
    let lifted = with(|t, o| Table {
        selected_1: t.selected_1 + o.progressed,
        total_1: t.total_1 + o.progressed,
        total_2: t.total_2 + (o.entered - o.progressed),
        ..*t
    });
    let lowered = with(|t, o| Table {
        total_1: t.total_1 + (o.entered - o.progressed),
        selected_2: t.selected_2 + o.progressed,
        total_2: t.total_2 + o.progressed,
        ..*t
    });
    let (smallest, largest) =
        (mantel_haenszel::rate_ratio_of(&lowered), mantel_haenszel::rate_ratio_of(&lifted));
    let survives = significant_ratio.map(|ratio| {
        let (kindest, keeps) = if ratio < 1.0 {
            (&lifted, largest.is_some_and(|r| r < 1.0))
        } else {
            (&lowered, smallest.is_some_and(|r| r > 1.0))
        };
        keeps
            && conditional_test::test(kindest)
                .is_some_and(|exact| exact.mid_two_sided.p <= levels.significance)
    });
    Undeclared { people, ratio_range: (smallest, largest), survives }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: Levels =
        Levels { confidence: 0.95, significance: 0.05, power: 0.8, margin: (4, 5) };

    fn outcomes(list: &[(u64, u64)]) -> Vec<Outcome> {
        list.iter()
            .map(|(progressed, entered)| Outcome { entered: *entered, progressed: *progressed })
            .collect()
    }

    fn close(a: Option<f64>, b: Option<f64>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => a == b || (a - b).abs() <= 1e-12 * b.abs(),
            (a, b) => a == b,
        }
    }

    #[test]
    fn the_other_side_of_a_comparison_is_what_measuring_it_says() {
        for (one, two, undeclared) in [
            ([(3, 9), (5, 20), (2, 8)], [(9, 15), (12, 20), (0, 3)], [(1, 2), (0, 4), (3, 3)]),
            ([(0, 9), (0, 20), (0, 8)], [(9, 15), (12, 20), (1, 3)], [(0, 0), (0, 0), (0, 0)]),
            ([(0, 0), (7, 20), (0, 8)], [(9, 15), (7, 20), (3, 3)], [(0, 5), (5, 5), (0, 0)]),
        ] {
            let (one, two, none) = (outcomes(&one), outcomes(&two), outcomes(&undeclared));
            let order = [0, 1, 2];
            let measured = measure(&one, &two, &none, Some(&order), &LEVELS);
            let turned = measured.mirrored(&two, &one, &LEVELS);
            let anew = measure(&two, &one, &none, Some(&order), &LEVELS);
            let ends = |interval: Option<Interval>| [interval.map(|i| i.0), interval.map(|i| i.1)];
            let numbers = |m: &Measured| {
                let mut all = vec![
                    m.ratio,
                    m.pooled_ratio,
                    m.mid_p.map(|p| p.p),
                    m.p.map(|p| p.ln_p),
                    Some(m.shortfall),
                    m.heterogeneity_p,
                    m.detectable,
                    m.undeclared.ratio_range.0,
                    m.undeclared.ratio_range.1,
                    m.streamed.map(|s| s.ln_e),
                    m.streamed.map(|s| s.anytime_p.p),
                ];
                all.extend(ends(m.ratio_interval));
                all.extend(ends(m.pooled_interval));
                all
            };
            for (got, expected) in numbers(&turned).into_iter().zip(numbers(&anew)) {
                assert!(close(got, expected), "{got:?} {expected:?} {turned:?} {anew:?}");
            }
            assert_eq!((turned.pooled, turned.informative), (anew.pooled, anew.informative));
            assert_eq!(turned.undeclared.survives, anew.undeclared.survives);
            assert_eq!(turned.below_margin, anew.below_margin);
            let odds = |m: &Measured| ends(m.streamed.and_then(|s| s.odds_ratio));
            for (got, expected) in odds(&turned).into_iter().zip(odds(&anew)) {
                // Its ends are found to four digits.
                let (got, expected) = (got.unwrap(), expected.unwrap());
                assert!(got == expected || (got / expected).ln().abs() < 2e-4);
            }
        }
    }
}
