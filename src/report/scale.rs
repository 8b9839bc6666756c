//! The axis on which every chart of ratios is drawn: logarithmic, wide enough for what is usually seen. Places values;
//! draws nothing.

use crate::fairness::{Finding, Verdict};

/// The lowest ratio on the axis; what lies beyond is drawn with an arrow.
pub const LOWEST: f64 = 0.2;
/// The highest ratio on the axis.
pub const HIGHEST: f64 = 5.0;
/// Where the axis is labelled.
pub const TICKS: [f64; 7] = [0.2, 0.4, 0.6, 0.8, 1.0, 2.0, 5.0];

/// What a line of the axis stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// No difference.
    One,
    /// Four fifths.
    Margin,
    /// Any other tick.
    Grid,
}

/// Where a ratio lies, from 0 at the lowest to 1 at the highest; what is beyond stands at the end.
pub fn share(ratio: f64) -> f64 {
    let share = (ratio / LOWEST).ln() / (HIGHEST / LOWEST).ln();
    share.clamp(0.0, 1.0)
}

/// From which ratio up to 1 a chart shades what could not have been seen. Nothing is shaded where nothing was assessed, and
/// where the counts are hidden but the verdict shows that a difference was seen or excluded: what a report then knows of
/// the group would not go with its verdict.
pub fn unseen_from(finding: &Finding) -> Option<f64> {
    match finding.verdict {
        Verdict::NotAssessed => None,
        Verdict::Gap | Verdict::RuledOut if finding.hidden => None,
        _ => Some(finding.detectable_ratio.unwrap_or(LOWEST)),
    }
}

/// What the line at a tick stands for.
pub fn line(tick: f64) -> Line {
    if tick == 1.0 {
        Line::One
    } else if tick == 0.8 {
        Line::Margin
    } else {
        Line::Grid
    }
}

#[cfg(test)]
mod tests {
    use super::{HIGHEST, LOWEST, share};

    #[test]
    fn one_stands_in_the_middle_and_nothing_outside_the_axis() {
        assert!((share(1.0) - 0.5).abs() < 1e-12);
        assert_eq!((share(LOWEST), share(HIGHEST), share(0.0), share(1e9)), (0.0, 1.0, 0.0, 1.0));
    }
}
