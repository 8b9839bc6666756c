//! Fisher's exact test of one table, and its mid-p forms. Margins are fixed: a panel picks k of n.

use serde::Serialize;

use super::Table;
use super::hypergeometric::Hypergeometric;
use super::numeric::Probability;

/// The exact conditional p-values of one table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fisher {
    /// P(X <= a): as few or fewer selected in group 1.
    pub less: Probability,
    /// P(X >= a).
    pub greater: Probability,
    /// The sum over tables as or less likely than the observed one.
    pub two_sided: Probability,
    /// `less` with half the weight on the observed table.
    pub mid_less: Probability,
    /// `greater` with half the weight on the observed table.
    pub mid_greater: Probability,
    /// `two_sided` less half the probability of the tables tied with the observed one.
    pub mid_two_sided: Probability,
    /// Twice the smaller one-sided mid-p, at most 1.
    pub mid_central: Probability,
}

/// Fisher's exact test (Fisher 1935; two-sided by likelihood, as Irwin 1935; mid-p, Lancaster 1961).
///
/// Sums run outwards from the observed table and stop when terms no longer count, so a table of ten million people
/// costs a few thousand terms. When everybody or nobody is selected the only possible table has probability 1.
pub fn test(table: &Table) -> Fisher {
    let distribution = Hypergeometric::of(table);
    let a = table.selected_1;
    let less = distribution.at_most(a, 1.0);
    let greater = distribution.at_least(a, 1.0);
    let mid_less = distribution.at_most(a, 0.5);
    let mid_greater = distribution.at_least(a, 0.5);
    let two_sided = two_sided(&distribution, a);
    Fisher {
        less,
        greater,
        two_sided,
        mid_less,
        mid_greater,
        mid_two_sided: two_sided.less_part(distribution.ties(a).times(0.5)),
        mid_central: mid_less.min(mid_greater).times(2.0),
    }
}

fn two_sided(distribution: &Hypergeometric, a: u64) -> Probability {
    let Some((low, high)) = distribution.as_or_less_likely(a) else { return Probability::ONE };
    let below = low.map_or(Probability::ZERO, |x| distribution.at_most(x, 1.0));
    let above = high.map_or(Probability::ZERO, |x| distribution.at_least(x, 1.0));
    below.or(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lady_tasting_tea() {
        let table = Table::new((3, 4), (1, 4)).unwrap();
        let fisher = test(&table);
        assert!((fisher.greater.p - 17.0 / 70.0).abs() < 1e-15);
        assert!((fisher.two_sided.p - 34.0 / 70.0).abs() < 1e-15);
    }
}
